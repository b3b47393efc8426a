"""Claims about the command line, tried as a real process."""

from __future__ import annotations

import csv
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from ketensim.cli import main
from ketensim.cli.output import Folder
from ketensim.cli.typed import whole_number
from ketensim.foundation.errors import InputError, Problem
from ketensim.foundation.parameters import POLICIES
from ketensim.views.refusals import problem_message

Refused = Callable[..., str]
FILES = {"report.html", "weekly.csv", "runs.csv", "organisations.csv", "case_types.csv", "scenario.yaml"}
SMALL = ("--runs", "4", "--weeks", "70")
COMMAND = (sys.executable, "-m", "ketensim.cli")


def environment(locale: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("LC_", "LANG"))}
    return kept | {"LANG": locale, "PYTHONIOENCODING": "utf-8"}


def ketensim(*words: str, locale: str = "nl_NL.UTF-8", folder: Path | None = None) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*COMMAND, *words],
        check=False,
        env=environment(locale),
        cwd=folder,
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=180,
    )


@pytest.fixture
def refused(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Refused:
    """What is said on stderr when input is refused; in this process, because it is much quicker."""

    def call(*words: str, language: str = "nl") -> str:
        monkeypatch.setenv("LC_ALL", language)
        assert main(words) == 2
        told = capsys.readouterr()
        assert told.out == ""
        return told.err.strip()

    return call


# --- language ------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("locale", "words", "expected"),
    [
        ("nl_NL.UTF-8", ("--help",), "Gebruik: "),
        ("en_GB.UTF-8", ("--help",), "Usage: "),
        ("C", ("--help",), "Gebruik: "),
        ("de_DE.UTF-8", ("run", "--help"), "Gebruik: "),
        ("nl_NL.UTF-8", ("--lang", "en", "run", "--help"), "Usage: "),
        ("en_GB.UTF-8", ("run", "--help", "--lang=nl"), "Gebruik: "),
    ],
)
def test_help_speaks_the_language_of_option_then_system_then_dutch(
    locale: str, words: tuple[str, ...], expected: str
) -> None:
    ended = ketensim(*words, locale=locale)
    assert ended.returncode == 0
    assert ended.stdout.startswith(expected)


def test_help_names_every_option_and_the_steering_policies() -> None:
    told = " ".join(ketensim("run", "--help", locale="en_GB.UTF-8").stdout.split())
    for option in (
        "--runs",
        "--seed",
        "--weeks",
        "--set",
        "--at",
        "--always",
        "--policy",
        "--one-roof",
        "--against",
        "--out",
        "--lang",
        "--help",
    ):
        assert option in told
    assert all(policy in told for policy in POLICIES)
    assert "without it 200" in told


def test_an_unknown_language_is_refused(refused: Refused) -> None:
    assert "nl, en" in refused("run", "reference", "--lang", "de")


def test_the_version_is_told() -> None:
    assert ketensim("--version").stdout.startswith("ketensim 0.")


# --- bad input -----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("words", "parts"),
    [
        (("--set", "rooom=1"), ("--set rooom=1", "Bedoelde u room?")),
        (("--set", "room=2"), ("--set room=2", "van 0 tot en met 1")),
        (("--set", "room"), ("KNOP=WAARDE",)),
        (("--set", "week=1"), ("--set week=1", "ambition_coupling")),
        (("--set", "Nergens.room=0.5"), ("Nergens", "Intake")),
        (("--at", "room=0.5"), ("WEEK:",)),
        (("--at", "9999:room=0.5"), ("9999", "207")),
        (("--at", "2019-13-01:room=0.5"), ("2018-03-21",)),
        (("--runs", "0"), ("--runs", "1 of hoger")),
        (("--runs", "veel"), ("--runs", "veel")),
        (("--seed", "-1"), ("--seed", "0 of hoger")),
        (("--weeks", "0"), ("--weeks", "1 tot en met 2000")),
        (("--policy", "let_goo"), ("--policy", "let_go_when_trusted")),
        (("--always",), ("--always", "--set")),
        (("--always", "--at", "3:room=0.5"), ("--always", "altijd geweest", "week")),
        (("--against", "baseline"), ("--against", "--set")),
        (("--against", "nergens"), ("nergens", "reference")),
        (("--rnus", "3"), ("--rnus", "--runs")),
        (("--runs",), ("--runs", "waarde")),
        (("nog", "iets"), ("nog iets",)),
    ],
)
def test_a_wrong_option_is_told_with_what_is_allowed(
    words: tuple[str, ...], parts: tuple[str, ...], refused: Refused, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    told = refused("run", "reference", *words)
    assert all(part in told for part in parts), told
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("words", [("run", "reference", "--set", "room=2"), ("check", "nergens.yaml"), ("rung",)])
def test_bad_input_ends_the_process_with_2_and_one_line_without_a_traceback(
    words: tuple[str, ...], tmp_path: Path
) -> None:
    ended = ketensim(*words, folder=tmp_path)
    assert ended.returncode == 2
    assert ended.stdout == ""
    assert len(ended.stderr.strip().splitlines()) == 1


def test_an_unknown_command_is_told_with_the_nearest(refused: Refused) -> None:
    assert "Did you mean run?" in refused("rung", "x", language="en")


def test_a_missing_argument_is_named(refused: Refused) -> None:
    assert "SCENARIO" in refused("run")
    assert "ORGANISATIE" in refused("explain", "reference", "--week", "3")


def test_an_unknown_scenario_is_told_with_the_nearest(refused: Refused) -> None:
    assert "Bedoelde u reference?" in refused("run", "referense")


def test_a_wrong_file_is_told_with_file_path_line_and_what_is_allowed(refused: Refused, tmp_path: Path) -> None:
    text = ketensim("check", "reference").stdout
    assert "6 organisaties" in text
    file = tmp_path / "mijn.yaml"
    file.write_text("title: {nl: a, en: b}\nweekz: 3\n", "utf-8")
    told = refused("check", str(file))
    assert str(file) in told
    assert "weekz (regel 2)" in told
    assert "Bedoelde u weeks?" in told


@pytest.mark.parametrize("content", [b"", b"title: [\n", b"\xff\xfe\x00", b"- 1\n- 2\n", b"a: &x 1\nb: *x\n"])
def test_a_file_that_is_no_scenario_is_told_in_a_line_or_more(content: bytes, refused: Refused, tmp_path: Path) -> None:
    file = tmp_path / "kapot.yaml"
    file.write_bytes(content)
    assert refused("check", str(file)).startswith(str(file))


def test_a_folder_that_cannot_be_written_to_is_told_before_anything_is_computed(
    refused: Refused, tmp_path: Path
) -> None:
    (tmp_path / "bestand").write_text("", "utf-8")
    started = time.monotonic()
    told = refused("run", "reference", "--runs", "1000000", "--out", str(tmp_path / "bestand" / "map"))
    assert "--out" in told
    assert time.monotonic() - started < 20


def test_an_organisation_that_is_not_in_the_chain_is_told(refused: Refused) -> None:
    assert "Intake" in refused("explain", "reference", "--week", "3", "--organisation", "Nergens")


def test_many_allowed_names_are_cut_short() -> None:
    problem = Problem(
        "error.not_one_of", "x", {"given": "q", "allowed": tuple(f"name{number}" for number in range(99))}
    )
    assert "name9," in problem_message(problem, "en")
    assert "name98" not in problem_message(problem, "en")


@pytest.mark.parametrize("text", ["1.5", "", "0", "11", "１０a"])
def test_a_number_of_runs_is_whole_and_in_range(text: str) -> None:
    with pytest.raises(InputError):
        whole_number("--runs", text, 1, 10)


# --- results -------------------------------------------------------------------------------------------------------
@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, subprocess.CompletedProcess[str]]:
    folder = tmp_path_factory.mktemp("ran")
    options = ("--set", "room=0.9", "--at", "20:Intake.frame=0.2", "--against", "baseline")
    return folder, ketensim("run", "reference", *SMALL, *options, folder=folder)


def test_a_run_writes_report_and_tables_where_it_says(ran: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    folder, ended = ran
    assert ended.returncode == 0, ended.stderr
    assert {file.name for file in (folder / "results" / "reference").iterdir()} == FILES
    assert "results/reference/report.html" in ended.stdout.replace("\\", "/")
    assert ended.stderr == ""


def test_a_run_shows_a_summary_in_words_and_numbers(ran: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    _, ended = ran
    told = " ".join(ended.stdout.split())
    for word in (
        "Van elke 100 zaken",
        "Doelrealisatie",
        "Deze keten",
        "95% zekerheid",
        "Intake",
    ):  # the id: what one types in --set
        assert word in told


def test_the_tables_hold_every_week_and_every_run(ran: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    folder = ran[0] / "results" / "reference"
    weekly = list(csv.DictReader((folder / "weekly.csv").read_text("utf-8").splitlines()))
    waiting = [row for row in weekly if row["outcome"] == "waiting"]
    assert [int(row["week"]) for row in waiting] == list(range(70))
    assert all(float(row["p10"]) <= float(row["p50"]) <= float(row["p90"]) for row in waiting)
    assert [row["mean"] for row in weekly if row["outcome"] == "goal_realisation"][-1] == ""
    runs = list(csv.DictReader((folder / "runs.csv").read_text("utf-8").splitlines()))
    assert [row["run"] for row in runs] == ["0", "1", "2", "3"]
    assert all(0 <= float(row["goal_realisation"]) <= 1 for row in runs)


def test_the_report_tells_the_command_and_what_was_set_differently(
    ran: tuple[Path, subprocess.CompletedProcess[str]],
) -> None:
    text = (ran[0] / "results" / "reference" / "report.html").read_text("utf-8")
    assert "ketensim run reference --runs 4 --seed 1 --weeks 70 --against baseline --set room=0.9" in text
    assert "Ruimte: 50% werd 90%" in text


def test_the_written_scenario_gives_the_same_numbers_again(ran: tuple[Path, subprocess.CompletedProcess[str]]) -> None:
    folder = ran[0] / "results" / "reference"
    ended = ketensim("run", str(folder / "scenario.yaml"), *SMALL, "--out", str(ran[0] / "again"), locale="en_GB.UTF-8")
    assert ended.returncode == 0, ended.stderr
    assert "Goal realisation" in ended.stdout
    assert (ran[0] / "again" / "runs.csv").read_bytes() == (folder / "runs.csv").read_bytes()


def test_a_week_is_explained_in_sentences() -> None:
    ended = ketensim("explain", "reference", "--week", "3", "--organisation", "Intake", "--seed", "2")
    assert ended.returncode == 0, ended.stderr
    title, *reasons = ended.stdout.strip().splitlines()
    assert "week 3" in title
    assert reasons
    assert all(reason.startswith("- ") and reason.endswith(".") for reason in reasons)


def test_the_schema_is_json_for_editors() -> None:
    schema = json.loads(ketensim("schema").stdout)
    assert "organisations" in schema["properties"]


def test_the_chains_are_listed() -> None:
    told = ketensim("scenarios").stdout
    assert "reference" in told
    assert "jeugdbescherming" in told


@pytest.mark.skipif(os.name == "nt", reason="SIGINT cannot be sent to one process on Windows")
def test_an_interrupted_run_ends_with_130_and_leaves_earlier_results_alone(tmp_path: Path) -> None:
    (tmp_path / "report.html").write_text("eerder", "utf-8")
    words = ("run", "reference", "--runs", "1000000", "--out", str(tmp_path))
    process = subprocess.Popen(
        [*COMMAND, *words], env=environment("nl_NL.UTF-8"), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    try:
        time.sleep(8)
        process.send_signal(signal.SIGINT)
        _, told = process.communicate(timeout=60)
    finally:
        process.kill()
    assert process.returncode in (130, -signal.SIGINT)  # to a shell both are 130; CPython chooses at exit
    assert "Afgebroken" in told
    assert "Traceback" not in told
    assert [file.name for file in tmp_path.iterdir()] == ["report.html"]
    assert (tmp_path / "report.html").read_text("utf-8") == "eerder"


def test_results_are_replaced_together_or_not_at_all(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("oud", "utf-8")
    with pytest.raises(InputError), Folder(tmp_path, ("a", "b")) as folder:
        folder.write({"a": "nieuw", "weg/b": "nieuw"})  # the second cannot be written
    assert (tmp_path / "a").read_text("utf-8") == "oud"
    assert [file.name for file in tmp_path.iterdir()] == ["a"]


def test_a_folder_that_was_made_for_a_failing_run_is_taken_away(tmp_path: Path) -> None:
    with pytest.raises(RuntimeError), Folder(tmp_path / "x" / "y", ("a",)):
        raise RuntimeError
    assert not list(tmp_path.iterdir())


def test_a_set_lever_is_decided_in_week_0_and_with_always_it_has_been_so_since_the_burn_in() -> None:
    from ketensim.cli.typed import Changes, changed_chain
    from ketensim.scenario.files import load

    before, settings = load("reference"), ("room=0.9", "Intake.frame=0.1")
    decided = changed_chain(before, Changes(settings))
    always = changed_chain(before, Changes(settings, later=("52:room=0.3",), always=True))
    assert [decided.lever_at("room", week) for week in (-1, 0)] == [before.lever("room"), 0.9]
    assert [always.lever_at("room", week) for week in (-1, 0, 52)] == [0.9, 0.9, 0.3]
    assert always.lever("frame", "Intake") == 0.1


def test_a_chain_is_put_under_one_roof_before_anything_is_set(tmp_path: Path) -> None:
    words = ("run", "reference", "--one-roof", "--set", "room=0.9", "--against", "baseline", *SMALL)
    ended = ketensim(*words, "--out", str(tmp_path / "out"), locale="en_GB.UTF-8")
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout.startswith("An ordinary chain, under one roof: 4 runs")
    text = (tmp_path / "out" / "report.html").read_text("utf-8")
    assert "Everything under one roof: one council" in text
    assert "--set room=0.9 --one-roof" in text


def test_capacity_and_the_share_of_hard_cases_can_be_set_like_levers(tmp_path: Path) -> None:
    from ketensim.cli.typed import Changes, changed_chain
    from ketensim.scenario.files import load

    scenario = changed_chain(load("reference"), Changes(settings=("capacity=1.1", "non_standard=0,5")))
    assert (scenario.context.capacity, scenario.context.non_standard) == (1.1, 0.5)


# --- how many runs ---------------------------------------------------------------------------------------------------
def test_a_wanted_precision_decides_the_number_of_runs(tmp_path: Path) -> None:
    """The command says how many, simulates as many, and gives the command that does it again."""
    out = tmp_path / "out"
    words = ("run", "reference", "--precision", "0,02", "--weeks", "70", "--out", str(out), "--lang", "nl")
    ended = ketensim(*words)
    assert ended.returncode == 0, ended.stderr
    runs = int(ended.stdout.split()[0])
    assert f"{runs} simulaties volstaan" in ended.stdout
    with (out / "runs.csv").open(encoding="utf-8") as opened:
        assert len(list(csv.reader(opened))) == runs + 1
    assert f"--runs {runs} " in (out / "report.html").read_text("utf-8")


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("--precision", "0"), "--precision: De gewenste nauwkeurigheid moet tussen"),
        (("--precision", "ruim"), "gegeven: ruim"),
        (("--precision", "0.01", "--runs", "20"), "Geef --runs of --precision, niet allebei"),
        (("--parameters", "likely"), "--parameters: Voor de parameters bestaat alleen accepted; gegeven: likely."),
    ],
)
def test_a_precision_that_cannot_be_is_refused(words: tuple[str, ...], expected: str, refused: Refused) -> None:
    """One message, with the option and what was given."""
    assert expected in refused("run", "reference", *words)
