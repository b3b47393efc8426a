"""How long a newcomer waits: the first ``ketensim run`` with an empty cache, the second, and ``import ketensim``."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time


def seconds(command: list[str], folder: str) -> float:
    # as a newcomer has it: Python keeps the bytecode of what it imported, also where a developer switched that off
    environment = {**os.environ, "NUMBA_CACHE_DIR": folder, "PYTHONDONTWRITEBYTECODE": ""}
    start = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True, env=environment, cwd=folder)
    return time.perf_counter() - start


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        run = [sys.executable, "-m", "ketensim.cli", "run", "jeugdbescherming", "--out", folder]
        print(f"first run: {seconds(run, folder):.1f} s")
        print(f"second run: {min(seconds(run, folder) for _ in range(3)):.1f} s")
        script = "import time; t = time.perf_counter(); import ketensim; print(time.perf_counter() - t)"
        print(f"import ketensim: {float(subprocess.check_output([sys.executable, '-c', script])):.3f} s")


if __name__ == "__main__":
    main()
