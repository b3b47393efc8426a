"""A small experiment in a folder of its own, and running it as people do: as a process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

from tests.conftest import small as chain

from ketensim.experiment.runner import Report, run_shard
from ketensim.experiment.specification import Experiment

TABLES = ("points.parquet", "runs.parquet", "weekly.parquet", "experiment.yaml", "manifest.json")
TEXT = {"nl": "x", "en": "x"}


def data(**changes: Any) -> dict[str, Any]:
    """An experiment of 3 x 2 points with 30 runs each."""
    found: dict[str, Any] = {
        "title": TEXT,
        "question": TEXT,
        "scenario": "small.yaml",
        "levers": {"frame": [0.1, 0.5, 0.9], "room": [0.2, 0.8]},
        "runs": 30,
    }
    return {name: value for name, value in (found | changes).items() if value is not None}


def written(folder: Path, name: str = "trial", **changes: Any) -> Path:
    """The experiment as a file, with its chain beside it."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "small.yaml").write_text(json.dumps(chain(), indent=1))
    path = folder / f"{name}.yaml"
    path.write_text(json.dumps(data(**changes), indent=1))
    return path


def done(path: Path, out: Path, **settings: Any) -> Report:
    """The experiment run in this process."""
    return run_shard(Experiment.load(path), out, **settings)


def command(*words: object) -> list[str]:
    return [sys.executable, "-m", "ketensim.cli", *(str(word) for word in words), "--lang", "en"]


def called(*words: object, **settings: Any) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(*words), check=False, capture_output=True, text=True, timeout=170, env=dict(os.environ), **settings
    )


def contents(folder: Path) -> dict[str, bytes]:
    """The bytes of every file of a result."""
    return {name: (folder / name).read_bytes() for name in TABLES}
