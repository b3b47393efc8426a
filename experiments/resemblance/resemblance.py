"""Published figures of the real chains beside what their simulations give.

    uv run python experiments/resemblance/resemblance.py            all chains that have published figures
    uv run python experiments/resemblance/resemblance.py asiel      one or more chains

Every chain is simulated as its file describes it; what its published figures are compared with is kept beside this file.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import ketensim as ks
from ketensim.analysis.resemblance import to_record

HERE = Path(__file__).resolve().parent
RUNS = 200
SEED = 1


def chains() -> list[str]:
    """The chains that have published figures."""
    return [name for name in ks.scenarios() if ks.load(name).indicators]


def results_of(name: str) -> Path:
    """The file in which the results of a chain are kept."""
    return HERE / f"{name}.json"


def kept(name: str) -> dict[str, Any]:
    """What was kept of a chain."""
    record: dict[str, Any] = json.loads(results_of(name).read_text("utf-8"))
    return record


def main(names: Sequence[str]) -> None:
    """Simulate the named chains, or all."""
    for name in names or chains():
        record = to_record(ks.simulate(name, runs=RUNS, seed=SEED, weekly=True))
        results_of(name).write_text(json.dumps(record, indent=1) + "\n", "utf-8")
        print(f"{name}: simulated")


if __name__ == "__main__":
    main(sys.argv[1:])
