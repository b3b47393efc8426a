"""Claims about hours per visit in the chain scan: asked of a chain from a list, and the posts go along."""

from __future__ import annotations

import pytest
from tests.conftest import organisation, small

from ketensim.app.own import asked_hours, scan
from ketensim.app.own.scan import ScanAnswers
from ketensim.app.setting import Setting, scenario_of
from ketensim.scenario.files import dump, from_dict
from ketensim.scenario.schema import Scenario
from ketensim.scenario.workload import workload


@pytest.fixture
def listed() -> Scenario:
    """A chain as a list of cases makes it: hours are assumed, figures to compare with come from the list."""
    assumed = {"value": 8, "note": {"nl": "Aanname.", "en": "Assumption."}}
    figure = {
        "id": "arrived 1", "label": {"nl": "Instroom", "en": "Arrivals"}, "unit": "cases/week", "outcome": "arrived",
        "value": 10.0, "source": "log", "certainty": "high", "tolerance": 1.0, "used_for": "calibration",
    }  # fmt: skip
    return from_dict(
        small(
            organisations=[organisation(name, fte=12.0, hours_per_case=assumed) for name in ("A", "B")],
            indicators=[figure],
            sources={"log": {"text": "Lijst", "tag": "L"}},
        )
    )


def applied(chain: Scenario, answers: ScanAnswers) -> Scenario:
    return scenario_of(scan.applied(Setting().with_own(dump(chain)), answers))


def test_hours_are_asked_only_of_a_chain_from_a_list(listed: Scenario) -> None:
    assert asked_hours.hours_now(listed) == {"A": 8.0, "B": 8.0}
    assert asked_hours.hours_now(scenario_of(Setting())) == {}


def test_posts_go_along_so_that_everybody_stays_as_busy_as_in_the_list(listed: Scenario) -> None:
    found = applied(listed, ScanAnswers().worked("A", 4.0))
    first, second = found.organisations
    assert (first.hours_per_case.of("plain").value, first.fte.value) == (4.0, 6.0)
    assert (second.hours_per_case.of("plain").value, second.fte.value) == (8.0, 12.0)
    before, after = workload(listed), workload(found)
    assert after.needed[0] / after.available[0] == pytest.approx(before.needed[0] / before.available[0], rel=0.01)
    assert asked_hours.posts_with(listed, "A", 4.0) == 6.0


def test_the_file_says_at_each_number_that_it_was_asked(listed: Scenario) -> None:
    found = applied(listed, ScanAnswers({"clear": 3}).worked("A", 4.0).trusted("A", "persons", 1))
    hours = found.organisations[0].hours_per_case.of("plain")
    assert (hours.source, hours.certainty, hours.note.nl) == ("asked", "medium", "Gevraagd in de ketenscan.")
    assert found.organisations[1].hours_per_case.of("plain").source is None
    assert "asked" in found.sources
    assert found.levers["frame"].reason is not None and found.levers["frame"].reason.en == "Asked in the chain scan."
    assert found.parameters["trust_persons_start"].note is not None


def test_asking_again_starts_from_what_was_asked_before(listed: Scenario) -> None:
    answers = ScanAnswers().worked("A", 4.0)
    once = applied(listed, answers)
    assert applied(once, answers).organisations[0].fte.value == once.organisations[0].fte.value
    assert applied(once, answers.worked("A", 8.0)).organisations[0].fte.value == 12.0


def test_hours_that_are_taken_back_or_of_another_chain_change_nothing(listed: Scenario) -> None:
    assert ScanAnswers().worked("A", 4.0).worked("A", None) == ScanAnswers()
    plain = Setting()
    found = scenario_of(scan.applied(plain, ScanAnswers().worked(scenario_of(plain).organisations[0].id, 4.0)))
    assert [part.hours_per_case for part in found.organisations] == [
        part.hours_per_case for part in scenario_of(plain).organisations
    ]


@pytest.mark.parametrize("hours", [0, -1, 2001, "4", None, True, float("nan")])
def test_hours_that_cannot_be_are_refused_and_not_recalled(hours: object) -> None:
    assert not asked_hours.hours_that_can_be(hours)
    assert ScanAnswers.recalled([["A", "hours", hours]]) == ScanAnswers()


def test_hours_that_a_browser_kept_come_back() -> None:
    answers = ScanAnswers({"clear": 2}).worked("A", 4.5)
    assert ScanAnswers.recalled(answers.kept) == answers
