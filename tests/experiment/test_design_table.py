"""Claims about an experiment whose combinations stand in a table."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from tests.experiment.small import called, contents, data, done, written

import ketensim as ks
from ketensim.experiment.result import ExperimentResult
from ketensim.experiment.specification import Experiment
from ketensim.experiment.verify import verification_of
from ketensim.foundation.errors import InputError
from ketensim.views.refusals import error_message

CSV = "room,A.frame,capacity\n0.2,0.8,1\n0.9,0.1,1.1\n0.5,0.5,0.9\n"
ROWS = [{"room": 0.2, "A.frame": 0.8}, {"room": 0.9, "A.frame": 0.1}]


def tabled(folder: Path, text: str = CSV, name: str = "rows.csv", **changes: Any) -> Path:
    """An experiment of a table beside it."""
    path = written(folder, **{"levers": None, "design": {"table": name}, "runs": 4, **changes})
    (folder / name).write_text(text, "utf-8")
    return path


def test_a_table_as_csv_in_either_form_as_parquet_and_as_a_frame_gives_the_same_bytes(tmp_path: Path) -> None:
    path = tabled(tmp_path)
    done(path, tmp_path / "csv")
    whole = contents(tmp_path / "csv")
    table = pd.read_csv(tmp_path / "rows.csv")
    ks.run_experiment(Experiment.load(path), tmp_path / "frame", table=table)
    assert contents(tmp_path / "frame") == whole
    table.to_csv(tmp_path / "rows.csv", sep=";", decimal=",", index=False, encoding="utf-8-sig")
    done(path, tmp_path / "dutch")
    assert contents(tmp_path / "dutch") == whole
    table.to_parquet(tmp_path / "rows.parquet")
    done(written(tmp_path, levers=None, design={"table": "rows.parquet"}, runs=4), tmp_path / "parquet")
    assert contents(tmp_path / "parquet") == whole


def test_the_rows_of_a_table_are_the_runs_of_the_same_rows_in_a_list(tmp_path: Path) -> None:
    levers = {name: {"from": 0.0, "to": 1.0} for name in ROWS[0]}
    listed = done(written(tmp_path, "listed", levers=levers, design={"kind": "list", "rows": ROWS}), tmp_path / "list")
    frame = ks.run_experiment(Experiment.load(written(tmp_path)), tmp_path / "table", table=pd.DataFrame(ROWS))
    assert listed.result is not None
    assert frame.runs.equals(listed.result.runs)
    assert list(frame.points["key"]) == list(listed.result.points["key"])


def test_another_table_is_another_experiment_and_the_stored_one_carries_its_own(tmp_path: Path) -> None:
    path = tabled(tmp_path)
    out = tmp_path / "out"
    done(path, out)
    (tmp_path / "rows.csv").write_text(CSV.replace("0.9,0.1", "0.8,0.1"))
    with pytest.raises(InputError) as caught:
        done(path, out)
    assert caught.value.problems[0].key == "error.other_experiment"
    (tmp_path / "rows.csv").unlink()  # the result needs nothing outside its folder
    assert verification_of(ExperimentResult.load(out), 12).good
    assert "design.csv" in json.loads((out / "manifest.json").read_text())["files_sha256"]
    text = (out / "design.csv").read_text()
    (out / "design.csv").write_text(text.replace("0.9", "0.8"))
    assert "design.csv" in ExperimentResult.load(out).changed_files()


def test_more_rows_compute_only_what_is_new(tmp_path: Path) -> None:
    path = tabled(tmp_path)
    done(path, tmp_path / "out")
    (tmp_path / "rows.csv").write_text(CSV + "0.3,0.3,1\n")
    report = done(path, tmp_path / "out", replace=True)
    assert (report.computed, report.present) == (4, 12)


def test_worlds_may_stand_in_a_table_of_their_own(tmp_path: Path) -> None:
    (tmp_path / "worlds.csv").write_text("capacity\n0.9\n1.1\n")
    path = tabled(tmp_path, "room,frame\n0.2,0.8\n0.9,0.1\n", worlds={"table": "worlds.csv"}, runs=2)
    report = done(path, tmp_path / "out")
    assert report.result is not None
    assert report.result.points.groupby("choice")["world"].nunique().tolist() == [2, 2]
    assert (tmp_path / "out" / "worlds.csv").is_file()


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("room,frme\n.2,.3\n", ("frme", "Did you mean frame?")),
        ("room,frame\n.2,.1\n.3,\n", ("Row 2", "nothing", "column frame", "from 0 to 1")),
        ("room\n.2\n1.5\n", ("Row 2", "1.5", "column room", "from 0 to 1")),
        ("room,frame\n.2,high\n", ("Row 1", "high", "column frame")),
        ("room\n", ("no column names or no rows",)),
        ("", ("no column names or no rows",)),
        ("room,room\n.1,.2\n", ("room occurs twice",)),
        ("room,frame\n.1,.2\n.1\n", ("Row 2", "1 cell instead of 2")),
        ("C.room\n.1\n", ("There is no organisation C", "A, B")),
    ],
)
def test_what_is_wrong_in_a_table_is_told_with_row_and_column(
    tmp_path: Path, text: str, parts: tuple[str, ...]
) -> None:
    path = tabled(tmp_path, text)
    with pytest.raises(InputError) as caught:
        done(path, tmp_path / "out")
    message = error_message(caught.value, "en")
    assert str(path) in message
    for part in parts:
        assert part in message, message
    assert len(caught.value.problems) == 1
    assert error_message(caught.value, "nl") != message
    assert not (tmp_path / "out" / "runs.parquet").exists()


@pytest.mark.parametrize("cell", [None, float("nan"), True, "x", pd.NA])
def test_a_frame_with_a_cell_that_is_no_number_is_refused(cell: object) -> None:
    table = pd.DataFrame({"room": pd.Series([0.2, cell], dtype=object)})
    with pytest.raises(InputError) as caught:
        Experiment.from_dict(data(scenario="reference")).with_table(table)
    assert "Row 2" in error_message(caught.value, "en")


def test_factors_that_stand_in_the_file_too_have_to_be_those_of_the_table(tmp_path: Path) -> None:
    ends = {"from": 0, "to": 1}
    for levers, told in (
        ({"room": ends, "A.frame": ends, "trust_in_persons": ends}, "no column trust_in_persons"),
        ({"room": {"from": 0, "to": 0.5}, "A.frame": ends}, "0.9 is outside"),
    ):
        with pytest.raises(InputError) as caught:
            Experiment.load(tabled(tmp_path, levers=levers))
        assert told in error_message(caught.value, "en")


def test_the_command_refuses_a_table_that_is_not_there_and_runs_one_that_is(tmp_path: Path) -> None:
    path = tabled(tmp_path)
    good = called("experiment", path, "--out", tmp_path / "out")
    assert good.returncode == 0, good.stderr
    assert called("export", tmp_path / "out").returncode == 0
    (tmp_path / "rows.csv").unlink()
    bad = called("experiment", path, "--out", tmp_path / "other")
    assert bad.returncode == 2
    assert "rows.csv" in bad.stderr
    assert "Traceback" not in bad.stderr
