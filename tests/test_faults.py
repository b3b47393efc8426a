"""Claims about input that once failed: each is an example of a kind (a file that is read back, a text, a date, a folder)."""

from __future__ import annotations

import copy
import datetime
import os
import pickle
import subprocess
import sys
import unicodedata
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.conftest import scenario_of, small
from tests.experiment.small import data, done, written

import ketensim as ks
from ketensim.cli import experiment_runs, main
from ketensim.experiment.specification import Experiment, experiment_doubts, experiment_names
from ketensim.foundation.errors import InputError
from ketensim.foundation.luck import LARGEST_SEED
from ketensim.scenario import files
from ketensim.scenario.files import read_with_doubts
from ketensim.scenario.yaml_text import values_and_lines
from ketensim.views.refusals import error_message
from ketensim.views.report.conclusions import conclusion_on_difference

LOOK_LIKE_OTHERS = (
    "45E04",
    "1e3",
    ".5e3",
    "-1E-3",
    "010",
    "0x1F",
    "1_000",
    "12:30",
    "no",
    "On",
    "~",
    "null",
    "2024-01-01",
    ".inf",
)


@pytest.mark.parametrize("text", LOOK_LIKE_OTHERS)
def test_a_text_that_looks_like_something_else_is_read_back_as_that_text(text: str) -> None:
    """Under the words of YAML 1.2, with which we read, and of YAML 1.1, with which others do; as a key as well."""
    import yaml

    written_text = files.dump_data({"label": text, text: [text, 1e3, 0.5, datetime.date(2024, 1, 1), True]})
    expected = {"label": text, text: [text, 1e3, 0.5, datetime.date(2024, 1, 1), True]}
    assert values_and_lines(written_text)[0] == expected
    assert yaml.safe_load(written_text) == expected


def test_a_chain_with_a_name_like_a_number_survives_being_written() -> None:
    data = small()
    data["organisations"][0]["label"] = {"nl": "1e3", "en": "010"}
    chain = files.from_dict(data)
    assert files.read(files.dump(chain)) == chain


def test_letters_typed_as_two_signs_are_the_letters_that_they_look_like() -> None:
    """macOS types é as e and an accent: names, references and settings mean the same organisation."""
    apart = unicodedata.normalize("NFD", "Coördinatie")
    text = files.dump_data(small()).replace("id: A", f"id: {apart}").replace(": A\n", f": {apart}\n")
    chain = files.read(unicodedata.normalize("NFC", text))
    assert "Coördinatie" in [part.id for part in chain.organisations]
    assert files._decoded(text.encode(), "x") == unicodedata.normalize("NFC", text)


@pytest.mark.parametrize("sign", ["\x07", "\x0b", "\x00", "\x1f"])
def test_a_text_with_a_sign_that_no_table_can_hold_is_refused_when_it_is_read(sign: str) -> None:
    data = small()
    data["title"] = {"nl": f"Keten{sign}", "en": "Chain"}
    with pytest.raises(InputError) as caught:
        files.from_dict(data)
    assert caught.value.problems[0].key == "error.control_character"
    assert caught.value.problems[0].path == "title.nl"


@pytest.mark.parametrize("start", ["9999-12-27", "0001-01-03"])
def test_a_chain_that_leaves_the_calendar_is_refused(start: str) -> None:
    with pytest.raises(InputError) as caught:
        files.from_dict(small() | {"start": datetime.date.fromisoformat(start)})
    assert [problem.key for problem in caught.value.problems] == ["error.outside_calendar"]


def test_a_comma_without_a_space_in_a_list_is_told_as_it_was_understood(tmp_path: Path) -> None:
    path = tmp_path / "chain.yaml"
    event = '{type: arrival_wave, week: 4, weeks: 2, size: 0.3, then: [0,1, 0,2], label: {nl: "a, [1, 2]", en: b}}'
    path.write_text(files.dump_data(small()) + f"events:\n  - {event}\n", "utf-8")
    doubts = [doubt for doubt in read_with_doubts(path)[1] if doubt.key == "improbable.decimal_comma"]
    assert [(doubt.path, doubt.facts["understood"]) for doubt in doubts] == [("events[0].then", ["0", "1", "0", "2"])]


def test_a_policy_that_lets_go_after_the_end_is_a_doubt(tmp_path: Path) -> None:
    path = tmp_path / "chain.yaml"
    for week, expected in ((500, 1), (3, 0)):
        path.write_text(files.dump_data(small() | {"parameters": {"policy_switch_week": week}}), "utf-8")
        found = [doubt for doubt in read_with_doubts(path)[1] if doubt.key == "improbable.switch_after"]
        assert len(found) == expected


@pytest.mark.parametrize(("week", "weeks", "expected"), [(300, 10, 2), (9, 10, 0)])
def test_an_experiment_in_which_a_policy_never_lets_go_is_a_doubt(
    tmp_path: Path, week: int, weeks: int, expected: int
) -> None:
    late = {"id": "late", "policy": "firm_then_let_go", "parameters": {"policy_switch_week": week}}
    path = written(tmp_path, weeks=weeks, policies=[late], levers={"policy_switch_week": [1, week]})
    found = experiment_doubts(Experiment.load(path))
    places = ["policies[0].parameters.policy_switch_week", "levers.policy_switch_week"]
    assert [(doubt.key, doubt.path) for doubt in found] == [("improbable.switch_after", p) for p in places][:expected]


def test_a_scenario_does_not_change_and_can_be_copied_and_pickled() -> None:
    chain = scenario_of(small()).with_levers(always=True, room=0.4)
    with pytest.raises(TypeError):
        chain.levers["room"] = 5
    with pytest.raises(TypeError):
        chain.levers.update(room=5)
    assert copy.deepcopy(chain) == chain == pickle.loads(pickle.dumps(chain))
    assert chain.with_levers(always=True, room=0.5).lever("room") == 0.5


def test_the_largest_seed_is_a_seed_and_the_next_is_none() -> None:
    assert Experiment.from_dict(data(seed=LARGEST_SEED)).seed == LARGEST_SEED
    with pytest.raises(InputError):
        Experiment.from_dict(data(seed=LARGEST_SEED + 1))


def test_a_path_is_taken_where_a_name_is_and_what_means_nothing_is_refused_in_words(tmp_path: Path) -> None:
    path = tmp_path / "chain.yaml"
    path.write_text(files.dump_data(small()), "utf-8")
    assert ks.simulate(path, runs=2).number_of_runs == 2
    assert ks.compare(path, path, runs=2).a.number_of_runs == 2
    for wrong in (3, None, [path]):
        with pytest.raises(InputError):
            ks.simulate(wrong, runs=2)  # type: ignore[arg-type]
    with pytest.raises(InputError):
        ks.simulate(path, runs=2, workers=-1)


def test_a_precision_of_what_no_run_measures_is_refused_after_the_first_runs(tmp_path: Path) -> None:
    chain = scenario_of(small()).with_weeks(1)
    with pytest.raises(InputError) as caught:
        ks.runs_needed(chain, 0.01, outcome="goal_realisation")
    assert caught.value.problems[0].key == "error.nothing_measured"
    assert caught.value.problems[0].facts["runs"] < 100


# --- experiments ----------------------------------------------------------------------------------------------------
def test_the_result_of_another_experiment_is_not_replaced_without_being_asked(tmp_path: Path) -> None:
    """More runs of the same are no other experiment."""
    first = written(tmp_path, runs=3)
    done(first, tmp_path / "out")
    before = (tmp_path / "out" / "runs.parquet").read_bytes()
    other = written(tmp_path / "other", runs=3, levers={"frame": [0.3, 0.6]})
    with pytest.raises(InputError) as caught:
        done(other, tmp_path / "out", store=tmp_path / "runs")
    assert caught.value.problems[0].key == "error.other_experiment"
    assert (tmp_path / "out" / "runs.parquet").read_bytes() == before
    done(written(tmp_path, runs=4), tmp_path / "out")
    done(other, tmp_path / "out", store=tmp_path / "runs", replace=True)
    assert (tmp_path / "out" / "runs.parquet").read_bytes() != before


def test_a_folder_that_cannot_be_one_is_told_before_anything_is_computed(tmp_path: Path) -> None:
    (tmp_path / "out").write_text("a file")
    with pytest.raises(InputError) as caught:
        done(written(tmp_path, runs=3), tmp_path / "out")
    assert [problem.key for problem in caught.value.problems] == ["error.out_unwritable"]
    assert not list((tmp_path / "runs").glob("*")), "nothing was computed"


def test_a_scenario_given_as_an_experiment_is_called_that_and_the_reverse(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = written(tmp_path)
    assert main(["experiment", str(tmp_path / "small.yaml"), "--lang", "en"]) == 2
    assert "This is a scenario" in capsys.readouterr().err
    assert main(["run", str(path), "--lang", "en"]) == 2
    told = capsys.readouterr().err
    assert "This is an experiment" in told and len(told.splitlines()) == 1


def test_measured_figures_are_called_that_and_what_is_none_is_not_read_as_such(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    figures = tmp_path / "figures.yaml"
    figures.write_text("indicators:\n  - {id: open, outcome: open, value: 10, tolerance: 5}\n")
    path = written(tmp_path)
    for words in (["run", str(figures)], ["check", str(figures)], ["experiment", str(figures)]):
        assert main([*words, "--lang", "en"]) == 2
        assert capsys.readouterr().err.endswith(
            "This file holds measured figures. Lay it beside a chain with ketensim match CHAIN FILE.\n"
        )
    for other in (path, tmp_path / "small.yaml"):
        assert main(["match", "reference", str(other), "--lang", "en"]) == 2
        told = capsys.readouterr().err
        assert "This is a scenario or an experiment." in told and len(told.splitlines()) == 1


def test_what_one_makes_shows_itself_in_one_line(tmp_path: Path) -> None:
    path = written(tmp_path, runs=3)
    result = done(path, tmp_path / "out").result
    for thing in (files.load("reference"), Experiment.load(path), result, ks.simulate("reference", 1, weeks=1)):
        for shown in (repr(thing), str(thing)):
            assert shown.startswith(f"{type(thing).__name__}(") and len(shown) < 200 and "\n" not in shown


def test_every_shipped_experiment_is_found_by_its_name_and_travels_in_the_wheel() -> None:
    import tomllib

    root = Path(__file__).resolve().parents[1]
    inside = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["tool"]["hatch"]["build"]["targets"]["wheel"]
    names = experiment_names()
    assert "choices_or_circumstances" in names and "steering_or_letting_go" in names
    for name in names:
        assert Experiment.load(name).name == name
        assert inside["force-include"][f"experiments/{name}.yaml"] == f"ketensim/_experiments/{name}.yaml"
    with pytest.raises(InputError) as caught:
        Experiment.load("steering_or_leting_go")
    assert caught.value.problems[0].facts["nearest"] == "steering_or_letting_go"


def test_the_size_of_an_experiment_is_told_without_computing_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = written(tmp_path)
    assert main(["experiment", str(path), "--check", "--lang", "en", "--out", str(tmp_path / "out")]) == 0
    assert "6 combinations of 30 runs each: 180 runs." in capsys.readouterr().out
    assert not (tmp_path / "out").exists() and not (tmp_path / "runs").exists()


@pytest.mark.parametrize(("long", "lines"), [(0.0, 2), (1e9, 0)])
def test_planning_that_takes_long_is_heard_of_before_a_tenth_is_done(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, long: float, lines: int
) -> None:
    monkeypatch.setattr(experiment_runs, "LONG", long)
    with experiment_runs.rate_bar("Planning", "en", key="cli.experiment.planned") as move:
        move(1, 1000)
        move(2, 1000)
    assert len(capsys.readouterr().err.splitlines()) == lines


@pytest.mark.parametrize("address", ["s3://bucket/runs", "gs://bucket", "abfs://here@there/x", "memory://x"])
def test_object_storage_is_refused_in_words_and_no_folder_of_that_name_is_made(
    address: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the store promises rests on a file that is there as a whole or not at all."""
    path = written(tmp_path, runs=3)
    monkeypatch.chdir(tmp_path)
    before = sorted(tmp_path.iterdir())
    for settings in ({"out": address, "store": "runs"}, {"out": "out", "store": address}):
        with pytest.raises(InputError) as caught:
            done(path, settings["out"], store=settings["store"])
        assert caught.value.problems[0].key == "error.not_a_folder"
    assert sorted(tmp_path.iterdir()) in (before, sorted([*before, tmp_path / "out"]))


def test_a_scheduler_that_is_lost_on_the_way_is_told() -> None:
    """Dask cancels what it had; nobody here cancels what is waited for."""
    from concurrent.futures import Executor, Future

    from ketensim.run.executors import Workers, results

    class Lost(Executor):
        def submit(self, *_: object, **__: object) -> Future[object]:
            future: Future[object] = Future()
            future.cancel()
            future.set_running_or_notify_cancel()
            return future

    with pytest.raises(InputError) as caught:
        list(results(Workers(Lost(), 2, None), print, iter([[1], [2]])))
    assert caught.value.problems[0].key == "error.executor_broken"


# --- where output goes ----------------------------------------------------------------------------------------------
@pytest.mark.skipif(not Path("/dev/full").exists(), reason="a device of Linux")
@pytest.mark.parametrize("words", [("scenarios",), ("schema",), ("--help",)])
def test_output_that_cannot_be_written_is_told_in_one_line(words: tuple[str, ...]) -> None:
    with open("/dev/full", "w") as full:
        command = [sys.executable, "-m", "ketensim.cli", *words, "--lang", "en"]
        ended = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert ended.returncode == 2
    assert ended.stderr.splitlines() == ["The output cannot be written (the disk is full)."]


@pytest.mark.parametrize("words", [("scenarios",), ("schema",), ("--version",), ("--help",)])
def test_a_reader_that_leaves_early_is_no_failure(words: tuple[str, ...]) -> None:
    """As in ``ketensim scenarios | head -1``."""
    reading, writing = os.pipe()
    os.close(reading)
    command = [sys.executable, "-m", "ketensim.cli", *words]
    ended = subprocess.run(command, stdout=writing, stderr=subprocess.PIPE, text=True, check=False)
    os.close(writing)
    assert (ended.returncode, ended.stderr) == (0, "")


def test_a_shell_that_asks_gets_the_commands_that_begin_like_that() -> None:
    asked = {"_KETENSIM_COMPLETE": "complete_bash", "COMP_WORDS": "ketensim ex", "COMP_CWORD": "1"}
    command = [sys.executable, "-m", "ketensim.cli"]
    ended = subprocess.run(command, env=os.environ | asked, capture_output=True, text=True, check=False)
    assert ended.stdout.split() == ["explain", "experiment", "export"]


@pytest.mark.parametrize("kind", [np.int64, np.uint8, np.int32])
def test_a_whole_number_of_numpy_is_a_whole_number_wherever_one_is_asked(kind: type) -> None:
    """Seeds, runs, weeks and workers come out of arrays and tables of others."""
    chain = ks.load("reference").with_weeks(kind(20))
    assert chain.weeks == 20
    model, plain = ks.ChainModel(chain, rng=kind(3)), ks.ChainModel(chain, seed=3)
    for _ in range(2):
        model.step()
        plain.step()
    assert model.weekly.equals(plain.weekly)
    found = ks.simulate(chain, kind(2), kind(1), workers=kind(2))
    assert np.array_equal(found.summary, ks.simulate(chain, 2, 1).summary, equal_nan=True)
    made = Experiment.from_dict(data(scenario="reference", runs=kind(2), seed=kind(4), weeks=kind(20)))
    assert (made.runs, made.seed, made.weeks) == (2, 4, 20)
    assert Experiment.from_dict(values_and_lines(made.dump())[0]) == made


@pytest.mark.parametrize("given", [True, 1.5, -1, "3", 2**63])
def test_what_is_no_seed_is_refused_in_words(given: object) -> None:
    with pytest.raises(InputError, match="rng") as caught:
        ks.ChainModel("reference", rng=given)
    assert str(LARGEST_SEED) in error_message(caught.value, "en").replace(",", "")


@pytest.mark.parametrize("settings", [{"workers": 0}, {"workers": 1.5}, {"shard": (3, 2)}, {"shard": (0, 2)}])
def test_workers_and_parts_that_cannot_be_are_refused_before_anything_is_done(
    tmp_path: Path, settings: dict[str, Any]
) -> None:
    with pytest.raises(InputError, match=next(iter(settings))):
        ks.run_experiment(Experiment.load(written(tmp_path)), tmp_path / "out", **settings)
    assert not (tmp_path / "out").exists()


def test_the_doors_of_python_take_a_path_and_refuse_what_means_nothing(tmp_path: Path) -> None:
    path = written(tmp_path, runs=1)
    assert ks.run_experiment(str(path), tmp_path / "out").folder == tmp_path / "out"
    assert ks.run_experiment(path, tmp_path / "out").folder == tmp_path / "out"
    for wrong in (
        lambda: ks.run_experiment(3),
        lambda: ks.Experiment.load(3),
        lambda: ks.ExperimentResult.load(4),
        lambda: ks.simulate("reference", runs=1, parameters=3),
        lambda: ks.ChainModel("reference", rng=2, seed=1),
    ):
        with pytest.raises(ks.InputError):
            wrong()
    assert ks.ChainModel(scenario_of(small()), rng=2, seed=2).luck_seed == 2


def test_a_report_of_few_known_runs_says_so_and_has_no_interval_of_dashes(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    table = {"outcome": ["goal_realisation"], **{name: [0.0] for name in ("a", "b", "difference", "b_higher")}}
    for difference, key in ((0.0, "one_pair"), (float("nan"), "no_pair")):
        unknown = {"low": [float("nan")], "high": [float("nan")], "difference": [difference]}
        assert conclusion_on_difference(table | unknown, "x").key == f"report.compare.{key}"
    assert main(["run", "reference", "--runs", "3", "--weeks", "1", "--lang", "en", "--out", str(tmp_path / "r")]) == 0
    assert "depends little on luck" not in capsys.readouterr().out
