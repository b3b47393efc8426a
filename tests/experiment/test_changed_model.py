"""Claims about experiments with code of their own: found beside the file, kept with the result, never mixed with others."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from tests.conftest import refused
from tests.experiment.small import called, done, written

import ketensim as ks
from ketensim.experiment.verify import verification_of

CODE = """
PART = 0.5

def fewer(most, frame, trust, trust_part):
    return PART * most * (1.0 - frame)

def calm(seen, aim):
    aim.room = PART

def stuck(state):
    return state.chain[0].urgency
"""
CHANGED = {
    "extend": {"rules": {"mismatch_chance": "code/mine.py:fewer"}, "outcomes": {"stuck_cases": "code/mine.py:stuck"}},
    "policies": ["none", {"id": "calm", "own": "code/mine.py:calm"}],
    "levers": {"frame": [0.2, 0.8]},
    "weeks": 9,
    "runs": 2,
}


@pytest.fixture(autouse=True)
def _plain_python(monkeypatch: pytest.MonkeyPatch) -> None:
    """A few short runs: machine code of two changed models would take a minute to make, the bits are the same."""
    monkeypatch.setenv("KETENSIM_NO_JIT", "1")


def with_code(folder: Path, name: str = "trial", **changes: Any) -> Path:
    (folder / "code").mkdir(parents=True, exist_ok=True)
    (folder / "code" / "mine.py").write_text(CODE)
    return written(folder, name, **CHANGED | changes)


def test_an_experiment_runs_rules_a_policy_and_outcomes_from_a_file_beside_it(tmp_path: Path) -> None:
    report = done(with_code(tmp_path), tmp_path / "out", workers=1)
    shipped = done(written(tmp_path, "shipped", levers={"frame": [0.2, 0.8]}, runs=2, weeks=9), tmp_path / "other")
    assert (report.computed, report.present, report.failed) == (8, 0, 0)
    assert (shipped.computed, shipped.present) == (4, 0)  # nothing of the store is taken for a run of another model
    result, other = report.result, shipped.result
    assert result is not None
    assert other is not None
    assert {"stuck_cases"} == set(result.runs.columns) - set(other.runs.columns)
    assert other.changed == []
    stamps = [facts["stamp"] for facts in result.changed]
    assert len(set(stamps)) == 2
    assert {"rules.mismatch_chance", "policy"} <= set(result.changed[1])
    assert "code/mine.py" in result.manifest["files_sha256"]
    # the folder needs nothing else
    (tmp_path / "code" / "mine.py").unlink()
    assert verification_of(ks.ExperimentResult.load(tmp_path / "out"), sample=4).good


def test_a_rule_in_force_goes_into_an_experiment_and_its_result_says_so(tmp_path: Path) -> None:
    path = written(tmp_path, levers=None, policies=["none"], weeks=9, runs=1)
    with ks.rules(mismatch_chance=never):
        result = done(path, tmp_path / "out", workers=1).result
        assert result is not None
        assert verification_of(result, sample=1).good
    with refused("other_extension"):
        verification_of(result, sample=1)


def never(most: float, frame: float, trust: float, trust_part: float) -> float:
    return 0.0


def test_code_that_is_not_there_or_does_not_fit_is_told_with_its_place(tmp_path: Path) -> None:
    path = with_code(tmp_path, extend={"rules": {"mismatch_chance": "code/mine.py:nobody"}})
    answer = called("experiment", path, "--out", tmp_path / "out")
    assert answer.returncode == 2
    assert "extend.rules.mismatch_chance" in answer.stderr
    for place, key in (
        ("../mine.py:fewer", "own_place"),
        ("code/none.py:fewer", "file_missing"),
        ("code", "own_place"),
    ):
        with refused(key):
            ks.run_experiment(ks.Experiment.load(with_code(tmp_path, extend={"event": place})), tmp_path / "out")
