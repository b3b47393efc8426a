"""Claims about experiments that keep outcomes of every run and week, and about runs that stop on a condition."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow.parquet as pq
import pytest
from tests.experiment.small import called, contents, data, done, written

import ketensim as ks
from ketensim.experiment.kept_tables import KEPT_ORGANISATIONS, KEPT_WEEKS
from ketensim.experiment.result import ExperimentResult
from ketensim.experiment.specification import Experiment
from ketensim.experiment.verify import verification_of
from ketensim.foundation.errors import InputError

KEEP = {"chain": ["open", "trust_persons"], "organisations": ["waiting", "discretion"]}
OWN = "def queue(state):\n    return float(state.chain[0].open)\n\n\ndef staff(state, i):\n    return state.organisation[i].staff\n"
WEEKS = 26


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("kept")
    done(written(folder, keep=KEEP), folder / "out", workers=2)
    return folder


def test_what_is_kept_is_what_simulate_gives(kept: Path) -> None:
    result = ExperimentResult.load(kept / "out")
    weeks, parts = pd.concat(result.kept_weeks()), pd.concat(result.kept_organisations())
    point = result.points.iloc[3]
    chain = ks.load(kept / "small.yaml").with_levers(frame=point["frame"], room=point["room"])
    same = ks.simulate(chain, 30, 1)
    here = weeks[weeks["point"] == 3]
    assert list(here.columns) == ["point", "replication", "week", *KEEP["chain"]]
    for name in KEEP["chain"]:
        assert here[name].to_numpy().tobytes() == same.weekly[name].to_numpy().tobytes()
    there = parts[parts["point"] == 3].sort_values(["replication", "week", "organisation"])
    expected = same.organisations.sort_values(["run", "week", "organisation"])
    assert there["organisation"].tolist() == expected["organisation"].tolist()
    for name in KEEP["organisations"]:
        assert there[name].to_numpy().tobytes() == expected[name].to_numpy().tobytes()


def test_what_is_kept_changes_no_run_and_no_other_table(kept: Path, tmp_path: Path) -> None:
    done(written(tmp_path), tmp_path / "plain")
    for name in ("runs.parquet", "weekly.parquet"):
        assert (kept / "out" / name).read_bytes() == (tmp_path / "plain" / name).read_bytes()
    assert not (tmp_path / "plain" / KEPT_WEEKS).exists()


def test_workers_pieces_and_going_on_change_no_byte_of_what_is_kept(
    kept: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = written(tmp_path, keep=KEEP)

    def stop(ready: int, _: int) -> None:
        if ready >= 60:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        done(path, tmp_path / "out", workers=1, progress=stop)
    monkeypatch.setattr("ketensim.experiment.runner.CHUNK", (100, 100))
    report = done(path, tmp_path / "out")
    assert report.present >= 40
    assert contents(tmp_path / "out").keys() == contents(kept / "out").keys()
    for name in (KEPT_WEEKS, KEPT_ORGANISATIONS, "runs.parquet"):
        assert (tmp_path / "out" / name).read_bytes() == (kept / "out" / name).read_bytes()


def test_a_cell_that_was_changed_is_found_by_its_stamp_and_by_computing_again(kept: Path, tmp_path: Path) -> None:
    done(written(tmp_path, keep=KEEP, runs=2), tmp_path / "out")
    result = ExperimentResult.load(tmp_path / "out")
    assert verification_of(result, 12).good
    table = pq.read_table(tmp_path / "out" / KEPT_ORGANISATIONS).to_pandas()
    table.loc[0, "waiting"] += 1.0
    table.to_parquet(tmp_path / "out" / KEPT_ORGANISATIONS)
    found = verification_of(ExperimentResult.load(tmp_path / "out"), 12)
    assert found.changed == (KEPT_ORGANISATIONS,)
    assert found.different == ((0, 0),)


def test_what_is_kept_can_be_read_in_portions_by_name_and_what_is_not_is_told(kept: Path, tmp_path: Path) -> None:
    result = ExperimentResult.load(kept / "out")
    portions = list(result.kept_weeks(["open"]))
    assert sum(len(part) for part in portions) == 6 * 30 * WEEKS
    assert list(portions[0].columns) == ["point", "replication", "week", "open"]
    with pytest.raises(InputError, match="goal"):
        result.kept_weeks(["goal_realisation"])
    with pytest.raises(InputError):
        done(written(tmp_path, runs=2), tmp_path / "plain").result.kept_weeks()


def test_the_command_says_the_size_before_and_the_names_after(tmp_path: Path) -> None:
    path = written(tmp_path, keep=KEEP, runs=2, stop="open > 1000000")
    sized = called("experiment", path, "--check")
    assert "open, trust_persons, waiting, discretion" in sized.stdout
    assert f"{6 * 2 * WEEKS * (2 + 2 * 2) * 8 / 1e6:.3g} MB".replace(".0 ", " ") in sized.stdout, sized.stdout
    ran = called("experiment", path, "--out", tmp_path / "out")
    assert ran.returncode == 0, ran.stderr
    assert "trust_persons" in ran.stderr
    analysed = called("analyse", tmp_path / "out")
    assert analysed.returncode == 0, analysed.stderr
    assert KEPT_ORGANISATIONS in analysed.stdout
    assert "No run stopped early" in analysed.stdout
    exported = called("export", tmp_path / "out")
    assert exported.returncode == 0, exported.stderr
    rows = pd.read_csv(tmp_path / "out" / "export" / "kept_organisations.csv")
    assert len(rows) == 6 * 2 * WEEKS * 2
    assert "kept_weeks.parquet" in (tmp_path / "out" / "export" / "description.md").read_text()


def test_outcomes_of_ones_own_are_reported_kept_and_wanted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KETENSIM_NO_JIT", "1")  # same bits; machine code of a changed model takes half a minute
    extend = {"outcomes": {"queue": "own.py:queue"}, "organisation_outcomes": {"people": "own.py:staff"}}
    path = written(
        tmp_path,
        extend=extend,
        outcomes=["queue", "goal_realisation", "people"],
        keep={"chain": ["queue", "open"], "organisations": ["people"]},
        wanted={"queue": "less"},
        runs=4,
    )
    (tmp_path / "own.py").write_text(OWN)
    result = done(path, tmp_path / "out").result
    assert result is not None
    weeks = pd.concat(result.kept_weeks())
    means = weeks.groupby(["point", "replication"])["queue"].mean().to_numpy()
    assert np.allclose(means, result.runs["queue"])
    assert (pd.concat(result.kept_organisations())["people"] > 0).all()
    analysed = called("analyse", tmp_path / "out")
    assert analysed.returncode == 0, analysed.stderr
    assert "queue" in (tmp_path / "out" / "analysis" / "outcomes.csv").read_text()
    assert called("export", tmp_path / "out").returncode == 0
    assert called("verify", tmp_path / "out", "--runs", 3).returncode == 0


def test_outcomes_in_force_may_be_named_and_the_result_is_read_without_them(tmp_path: Path) -> None:
    space: dict[str, object] = {}
    exec(compile(OWN, "own", "exec"), space)
    with pytest.raises(InputError):
        Experiment.from_dict(data(scenario="reference", outcomes=["queue"]))
    (tmp_path / "own.py").write_text(OWN)
    written(tmp_path)
    with ks.extend(outcomes={"queue": space["queue"]}):  # type: ignore[dict-item]
        experiment = Experiment.load(written(tmp_path, outcomes=["queue"], runs=2))
        ks.run_experiment(experiment, tmp_path / "out")
    assert ExperimentResult.load(tmp_path / "out").experiment.outcomes == ("queue",)
    assert called("analyse", tmp_path / "out").returncode == 0


def test_a_run_that_stopped_says_when_and_its_weeks_after_that_are_empty(tmp_path: Path) -> None:
    plain = done(written(tmp_path, keep=["open"]), tmp_path / "plain").result
    assert plain is not None
    limit = float(pd.concat(plain.kept_weeks())["open"].quantile(0.97))
    path = written(
        tmp_path, keep=["open"], stop={"outcome": "open", "above": limit}, outcomes=["goal_realisation", "stopped"]
    )
    result = done(path, tmp_path / "out").result
    assert result is not None
    runs, weeks = result.runs, pd.concat(result.kept_weeks())
    assert 0 < runs["stopped"].sum() < len(runs)
    assert (runs.loc[runs["stopped"] == 0, "weeks_run"] == WEEKS).all()
    known = weeks["open"].notna().groupby([weeks["point"], weeks["replication"]]).sum()
    assert known.tolist() == runs["weeks_run"].tolist()
    went_on = runs["stopped"] == 0
    assert runs.loc[went_on, "closed"].equals(plain.runs.loc[went_on, "closed"])
    assert verification_of(result, 20).good
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text())
    assert manifest["files_sha256"][KEPT_WEEKS]
    analysed = called("analyse", tmp_path / "out")
    assert "stopped early" in analysed.stdout, analysed.stderr
    assert called("analyse", tmp_path / "out", "--lang", "nl").returncode == 0
