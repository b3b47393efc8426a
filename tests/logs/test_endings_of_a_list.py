"""Claims about outcomes of a list that people call wrong or withdrawn. Oracle: lists of which we know how cases ended."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from tests.conftest import small

import ketensim as ks
from ketensim.cli import main
from ketensim.foundation.errors import InputError
from ketensim.logs import log_capacity
from ketensim.logs.endings import RIGHT, UNSAID, WITHDRAWN, WRONG, endings_of, endings_said
from ketensim.logs.event_log import EventLog
from ketensim.logs.imported_chain import imported_chain, with_endings
from ketensim.logs.log_weeks import weeks_of_log
from ketensim.logs.simulated_logs import simulated_log
from ketensim.scenario.files import from_dict
from ketensim.texts import t
from ketensim.views.imported.log_words import quality_sentences, said

OUTCOMES = ("verleend", "vernietigd", "ingetrokken", "")  # by turns


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """A year of cases of ten weeks; every second one too late for its deadline."""
    lines = []
    for number in range(400):
        day = np.datetime64("2023-01-02") + np.timedelta64(number % 364, "D")
        end, due = day + np.timedelta64(70, "D"), day + np.timedelta64(98 if number % 8 < 4 else 35, "D")
        lines.append(f"Z{number};Loket;{day};{end};{OUTCOMES[number % 4]};{due}")
    place = tmp_path / "zaken.csv"
    place.write_text("zaak;organisatie;van;tot;uitkomst;deadline\n" + "\n".join(lines) + "\n", "utf-8")
    return place


@pytest.fixture
def log(file: Path) -> EventLog:
    return ks.read_log(file, wrong=["vernietigd"], withdrawn=["ingetrokken"])


def test_nothing_is_guessed_where_nobody_says_which_outcome_was_right(file: Path) -> None:
    log = ks.read_log(file)
    assert "ending" not in log.cases and set(endings_of(log.cases)) == {UNSAID}
    assert any("een lijst zegt niet welke goed was" in sentence for sentence in quality_sentences(log, "nl"))
    assert all(one.outcome != "goal_realisation_closed" for one in imported_figures(log))


def imported_figures(log: EventLog) -> list[object]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(log_capacity, "POINTS", (3, 3))
        return list(imported_chain(log, said).chain.indicators)


def test_what_is_not_called_wrong_or_withdrawn_was_right_and_what_is_not_said_stays_unsaid(log: EventLog) -> None:
    codes = endings_of(log.cases)
    assert [int((codes == code).sum()) for code in (RIGHT, WRONG, WITHDRAWN, UNSAID)] == [100, 100, 100, 100]
    assert any("100 zaken gingen goed, 100 gingen fout" in sentence for sentence in quality_sentences(log, "nl"))
    assert any("100 cases went right" in sentence for sentence in quality_sentences(log, "en"))


def test_right_and_in_time_is_a_share_of_what_was_right_or_wrong(log: EventLog) -> None:
    """Of right and wrong cases half were right, and of those half in time: a quarter."""
    weeks = weeks_of_log(log)
    share = weeks.closed_right(np.array([1.0]))
    assert np.nanmean(share) == pytest.approx(0.25, abs=0.03)
    assert weeks.withdrawn().sum() == pytest.approx(100 * weeks.weeks / 52, rel=0.15)


@pytest.mark.jit
def test_what_people_say_is_laid_beside_the_simulation_and_does_not_change_the_chain(file: Path, log: EventLog) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(log_capacity, "POINTS", (3, 3))
        plain = imported_chain(ks.read_log(file), said)
    later = with_endings(plain, log, said)
    figures = {one.outcome: one for one in later.chain.indicators}
    assert figures["goal_realisation_closed"].unit == "share" and figures["goal_realisation_closed"].tolerance == 0.05
    assert figures["dropped"].value == pytest.approx(100 / 52, rel=0.2)
    assert later.chain.model_copy(update={"indicators": ()}) == plain.chain.model_copy(update={"indicators": ()})
    assert with_endings(later, ks.read_log(file), said).chain == plain.chain


def test_an_outcome_that_is_not_there_or_given_twice_is_refused(file: Path) -> None:
    for wrong, withdrawn, key in (
        (["vernietigt"], [], "no_such_outcome"),
        (["vernietigd"], ["vernietigd"], "outcome_twice"),
    ):
        with pytest.raises(InputError) as refused:
            ks.read_log(file, wrong=wrong, withdrawn=withdrawn)
        (problem,) = refused.value.problems
        assert problem.key == f"log.error.{key}" and "vernietig" in t(problem.key, "nl", **problem.facts)


def test_a_list_without_outcomes_cannot_be_judged(file: Path) -> None:
    log = ks.read_log(file)
    with pytest.raises(InputError) as refused:
        endings_said(log.cases.drop(columns="outcome"), ["vernietigd"], [])
    assert refused.value.problems[0].key == "log.error.no_outcomes"


@pytest.mark.jit
def test_on_the_command_line_a_wrong_outcome_becomes_a_figure_to_compare_with(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log_capacity, "POINTS", (3, 3))
    list_of_cases, out = tmp_path / "zaken.csv", tmp_path / "keten.yaml"
    simulated_log(from_dict(small(weeks=60)), seed=4).to_csv(list_of_cases, index=False)
    assert main(["import", str(list_of_cases), "--out", str(out), "--wrong", "closed", "--lang", "nl"]) == 0
    assert "zoals u de uitkomsten leest" in " ".join(capsys.readouterr().out.split())
    assert "goal_realisation_closed" in {one.outcome for one in ks.load(str(out)).indicators}
    assert main(["import", str(list_of_cases), "--out", str(out), "--wrong", "closd", "--lang", "nl"]) == 2
    told = " ".join(capsys.readouterr().err.split())
    assert "er is geen uitkomst closd; er zijn: closed" in told.casefold()
