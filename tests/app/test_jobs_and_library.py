"""Claims about experiments in the browser: the same numbers as the command line, and nothing but results is given away."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import httpx
import pytest
from openpyxl import load_workbook
from starlette.applications import Starlette
from tests.conftest import awaited, small
from tests.experiment.small import called

from ketensim.app.experiments import jobs, library
from ketensim.app.experiments.jobs import PRESENT, ChosenExperiment, Job, JobState
from ketensim.app.experiments.page import recalled, state_in_words
from ketensim.app.setting import Setting
from ketensim.experiment.points import ExperimentPlan
from ketensim.foundation.errors import InputError, Problem
from ketensim.foundation.parameters import LEVER_NAMES
from ketensim.scenario import files
from ketensim.texts import LANGUAGES

TABLES = ("points.parquet", "runs.parquet", "weekly.parquet", "experiment.yaml")
LONG = 120  # seconds


@pytest.fixture
def results(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "results"
    monkeypatch.setenv(library.VARIABLE, str(folder))
    return folder


def got(path: str) -> httpx.Response:
    """What the server gives at a path."""

    async def asking() -> httpx.Response:
        transport = httpx.ASGITransport(app=Starlette(routes=library.routes))
        async with httpx.AsyncClient(transport=transport, base_url="http://ketensim.test") as client:
            return await client.get(path)

    return awaited(asking())


def order(runs: int = 4, **changes: object) -> ChosenExperiment:
    """The eight levers on a small chain of one's own."""
    return ChosenExperiment(PRESENT, runs, Setting().with_own(files.dump(files.from_dict(small(**changes)))))


def ended(wanted: ChosenExperiment) -> JobState:
    """The last state of an experiment that is left to run."""
    states: list[JobState] = []
    job = Job(wanted, states.append)
    job.wait(LONG)
    return states[-1]


@pytest.mark.jit
def test_the_page_and_the_command_line_give_the_same_tables(results: Path, tmp_path: Path) -> None:
    state = ended(order())
    assert state.phase == "finished", state.problems
    made = results / state.name
    again = tmp_path / "again"
    done = called("experiment", made / "experiment.yaml", "--out", again)
    assert done.returncode == 0, done.stderr
    for name in TABLES:
        assert (made / name).read_bytes() == (again / name).read_bytes(), name


@pytest.mark.jit
def test_an_experiment_that_was_stopped_keeps_what_it_has_and_goes_on_there(results: Path) -> None:
    wanted = order(40)
    states: list[JobState] = []

    def show(state: JobState) -> None:
        states.append(state)
        if state.done:
            job.stop()

    job = Job(wanted, show)
    job.wait(LONG)
    assert states[-1].phase == "stopped"
    assert not (jobs.folder_of(wanted) / "manifest.json").exists()
    state = ended(wanted)
    assert state.phase == "finished"
    assert 0 < state.done < 40 * jobs.size_of_kind(PRESENT)
    assert ended(wanted).done == 0, "everything is there"


@pytest.mark.jit
def test_a_result_is_told_in_sentences_with_bars_and_opens_as_a_report(results: Path) -> None:
    state = ended(order())
    found = library.stored_as(state.name)
    assert found is not None
    card = library.card(found, "nl")
    assert card is not None and card["size"] == "128 combinaties, 512 simulaties"
    told = library.result_summary(found, "nl")
    assert told["sentences"]
    assert len(told["groups"]) == 1 and len(told["groups"][0]["bars"]) == len(LEVER_NAMES)
    effects = library.answers(found).tables["first"].set_index("factor")["effect"]
    assert max(bar["value"] for bar in told["groups"][0]["bars"]) == pytest.approx(effects.max())
    answer = got(f"/resultaat/{state.name}?lang=en")
    assert answer.status_code == 200 and '<html lang="en"' in answer.text
    book = load_workbook(io.BytesIO(got(f"/rekenblad/{state.name}?lang=nl").content))
    assert book.sheetnames == ["Toelichting", "Combinaties", "Uitkomsten", "Per simulatie", "Per week"]
    assert book["Per simulatie"].max_row == 512 + 1 and isinstance(book["Per simulatie"]["C2"].value, float)
    packed = zipfile.ZipFile(io.BytesIO(got(f"/opzet/{state.name}").content))
    assert sorted(packed.namelist()) == ["experiment.yaml", "scenarios/x.yaml"]


@pytest.mark.jit
def test_what_a_visitor_made_is_in_nobodys_list_and_has_a_name_that_cannot_be_guessed(results: Path) -> None:
    one, other = ended(order()), ended(order(weeks=27))
    assert one.name != other.name
    assert library.stored() == []
    assert library.stored_as(f"app/{'0' * 32}") is None


def test_the_list_holds_finished_results_at_any_place_and_nothing_else(results: Path) -> None:
    for name in ("experiments/one", "two", "app/three", "a/b/c/d/e/too_deep"):
        (results / name).mkdir(parents=True)
        (results / name / "manifest.json").write_text("{}")
        (results / name / "experiment.yaml").write_text("{}")
    (results / "unfinished").mkdir()
    (results / "unfinished" / "experiment.yaml").write_text("{}")
    assert {found.name for found in library.stored()} == {"experiments/one", "two"}
    assert all(library.card(found, "nl") is None for found in library.stored()), "what cannot be read is left out"


@pytest.mark.parametrize(
    "name",
    [
        "..",
        "../secret",
        "app/..",
        "app/../../secret",
        "%2e%2e/secret",
        "/etc/passwd",
        "app",
        "",
        "app/" + "g" * 32,
        "two/../two",
    ],
)
def test_no_name_leads_out_of_the_results(results: Path, name: str) -> None:
    for folder in (results / "two", results.parent / "secret"):
        folder.mkdir(parents=True)
        (folder / "manifest.json").write_text("{}")
        (folder / "experiment.yaml").write_text("{}")
    assert library.stored_as(name) is None
    encoded = "".join(f"%{ord(sign):02x}" for sign in name)
    for path in ("resultaat", "opzet", "rekenblad"):
        assert got(f"/{path}/{encoded}").status_code == 404


def test_a_result_that_lost_its_tables_is_told_as_such(results: Path) -> None:
    (results / "two").mkdir(parents=True)
    for name in ("manifest.json", "experiment.yaml"):
        (results / "two" / name).write_text("{}")
    answer = got("/resultaat/two?lang=en")
    assert answer.status_code == 404 and "no finished result" in answer.text


def test_a_folder_that_is_not_there_is_an_empty_list(results: Path) -> None:
    assert library.stored() == []


def test_every_shipped_experiment_of_the_page_is_there_and_small_enough() -> None:
    assert set(jobs.offered_experiments()) == set(jobs.SHIPPED)
    for name in (PRESENT, *jobs.SHIPPED):
        assert jobs.sizes(name), name
        assert max(jobs.sizes(name)) * jobs.size_of_kind(name) <= jobs.MOST_RUNS


@pytest.mark.parametrize("name", ["steering_or_letting_go", "when_to_let_go", "what_urgency_is_worth"])
def test_the_number_of_combinations_is_that_of_the_plan(name: str) -> None:
    experiment = jobs.offered_experiments()[name]
    assert jobs.size_of(experiment) == len(ExperimentPlan(experiment).points)


@pytest.mark.parametrize(
    ("kind", "runs"), [(PRESENT, 3), (PRESENT, 10**6), ("choices_or_circumstances", 4), ("../x", 4)]
)
def test_an_order_that_is_not_offered_is_refused(results: Path, kind: str, runs: int) -> None:
    with pytest.raises(InputError):
        jobs.experiment_of(ChosenExperiment(kind, runs, Setting()))


def test_a_full_server_says_so_and_computes_nothing(results: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jobs, "MOST_BYTES", -1)
    state = ended(order())
    assert state.phase == "failed"
    assert [problem.key for problem in state.problems] == ["lab.full"]


def test_a_folder_that_cannot_be_written_is_told(results: Path) -> None:
    results.write_text("a file and no folder")
    state = ended(order())
    assert state.phase == "failed"
    assert [problem.key for problem in state.problems] == ["error.out_unwritable"]


def test_a_browser_brings_back_names_of_results_and_nothing_else() -> None:
    good = f"{library.OWN}/{'0a' * 16}"
    assert recalled([good, "../x", f"{good}/..", 3, None]) == (good,)
    assert recalled("x") == ()


@pytest.mark.parametrize("language", LANGUAGES)
def test_progress_is_told_with_rate_and_time_left(language: str) -> None:
    assert "40" in state_in_words(JobState("running", 100, 500, 40.0), language)["sentences"][0]
    assert "10 s left" in state_in_words(JobState("running", 100, 500, 40.0), "en")["sentences"][0]
    assert "2 minutes" in state_in_words(JobState("running", 100, 4900, 40.0), "en")["sentences"][0]
    assert state_in_words(JobState("running"), language)["share"] == 0.0
    assert state_in_words(JobState("failed", problems=(Problem("lab.full"),)), language)["sentences"]


def test_who_waits_for_another_experiment_may_stop_waiting(results: Path) -> None:
    states: list[JobState] = []
    with jobs._turn:
        job = Job(order(), states.append)
        job.stop()
        job.wait(LONG)
    assert [state.phase for state in states] == ["waiting", "stopped"]
