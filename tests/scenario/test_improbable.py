"""What is improbable in a scenario is found, with a number that would be probable; what is usual is left alone."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from tests.scenario.strategies import SMALL, TEXT, Data, scenarios

import ketensim as ks
from ketensim.foundation.errors import Problem
from ketensim.foundation.outcome_table import ORGANISATION_OUTCOME_NAMES
from ketensim.scenario import files, timing
from ketensim.scenario.plausibility import doubts
from ketensim.scenario.workload import vacant_share, workload
from ketensim.texts import catalogue, languages
from ketensim.views.refusals import problem_message

Change = Callable[[Data], Any]
EVENT = {"type": "arrival_wave", "size": 0.5, "label": TEXT}
FIGURE = {"id": "a", "label": TEXT, "value": 0.5, "unit": "share", "outcome": "goal_realisation", "source": "report"}
FIGURE |= {"used_for": "held_back"}
MAY_BE_MEANT = {"terms_beyond_norm", "norm_too_short", "short_burn_in", "too_much_staff", "election_outside"}
MAY_BE_MEANT |= {"event_before", "event_cut_off", "indicator_before", "indicator_after", "indicator_partly_outside"}


def quiet() -> Data:
    """A chain with nothing improbable in it."""
    data = copy.deepcopy(SMALL) | {"weeks": 104, "burn_in": 52}
    data["organisations"][0]["fte"], data["organisations"][1]["fte"] = 3, 2.4
    data["principals"][0]["elections"] = [12]
    return data


def doubts_after(change: Change) -> dict[tuple[str, str], Problem]:
    data = quiet()
    change(data)
    found = doubts(files.from_dict(data))
    return {(problem.key.removeprefix("improbable."), problem.path): problem for problem in found}


def first(block: str, number: int = 0, **values: Any) -> Change:
    return lambda data: data[block][number].update(values)


def test_a_usual_chain_raises_no_doubt() -> None:
    assert doubts_after(lambda data: None) == {}


def hardly_reached(data: Data) -> None:
    data["case_types"][1]["entry"] = "Desk"
    data["links"][1]["share"] = 0.01


def doubt(key: str, path: str, change: Change, **facts: Any) -> Any:
    return pytest.param(key, path, change, facts, id=key)


@pytest.mark.parametrize(
    ("key", "path", "change", "facts"),
    [
        doubt("too_little_staff", "organisations[0].fte", first("organisations", fte=1.5), given=1.5),
        doubt("too_much_staff", "organisations[0].fte", first("organisations", fte=40), given=40),
        doubt("visit_too_large", "organisations[0].fte", first("organisations", hours_per_case=200), visit=200),
        doubt(
            "hiring_too_slow",
            "organisations[1].hiring_weeks",
            first("organisations", 1, turnover=0.52, hiring_weeks=50),
            weeks=11,
        ),
        doubt("hardly_reached", "organisations[1]", hardly_reached, organisation="Team"),
        doubt("too_few_places", "organisations[1].places", first("organisations", 1, places=5), needed=10),
        doubt(
            "nothing_goes_there", "links[0].share", first("links", share=0), source="Team", target="Desk"
        ),
        doubt("share_near_nothing", "links[0].share", first("links", share=0.003), perhaps=0.3, cases=333),
        doubt("share_near_all", "links[1].share.plain", first("links", 1, share={"plain": 0.998, "hard": 0.9}), cases=500),
        doubt("never_arrives", "case_types[1].arrivals", first("case_types", 1, arrivals=0), case_type="hard"),
        doubt("most_are_urgent", "case_types", first("case_types", urgent=0.9)),
        doubt("norm_too_short", "case_types[1].norm", first("case_types", 1, norm=1), weeks=2),
        doubt("terms_beyond_norm", "case_types[0].norm", first("case_types", norm=4), case_type="plain"),
        doubt("run_within_norm", "weeks", lambda d: d.update(weeks=13), norm=13, needed=65),
        doubt("short_burn_in", "burn_in", lambda d: d.update(burn_in=4), norm=13),
        doubt("election_outside", "principals[0].elections[0]", first("principals", elections=[140]), week=140),
        doubt("event_before", "events[0]", lambda d: d.update(events=[EVENT | {"week": -20, "weeks": 5}]), last=-16),
        doubt("event_cut_off", "events[0].weeks", lambda d: d.update(events=[EVENT | {"week": 100, "weeks": 9}]), inside=4),
        doubt(
            "indicator_before", "indicators[0]", lambda d: d.update(indicators=[FIGURE | {"until": "2023-01-01"}])
        ),
        doubt(
            "indicator_after",
            "indicators[0]",
            lambda d: d.update(indicators=[FIGURE | {"since": "2026-01-05", "until": "2026-02-01"}]),
            needed=109,
        ),
        doubt(
            "indicator_partly_outside",
            "indicators[0]",
            lambda d: d.update(indicators=[FIGURE | {"since": "2025-07-01", "until": "2026-06-30"}]),
            inside=26,
        ),
        doubt("percentage", "indicators[0].value", lambda d: d.update(indicators=[FIGURE | {"value": 38}]), perhaps=0.38),
    ],
)  # fmt: skip
def test_what_is_improbable_is_told_with_a_number_that_would_be_probable(
    key: str, path: str, change: Change, facts: dict[str, Any]
) -> None:
    found = doubts_after(change)
    assert (key, path) in found
    assert {name: found[key, path].facts[name] for name in facts} == facts


def test_every_rule_has_a_sentence_in_both_languages_and_a_test_here() -> None:
    elsewhere = {"decimal_comma", "switch_after"}  # in the text of a file, and among parameters: tests/test_faults.py
    tried = elsewhere | {mark.values[0] for mark in test_what_is_improbable_is_told_with_a_number_that_would_be_probable.pytestmark[0].args[1]}  # fmt: skip
    for language in languages():
        assert set(catalogue(language)["improbable"]) == tried


def test_the_staff_that_is_advised_is_enough() -> None:
    found = doubts_after(first("organisations", fte=1.5))["too_little_staff", "organisations[0].fte"]
    again = doubts_after(first("organisations", fte=found.facts["needed"]))
    assert ("too_little_staff", "organisations[0].fte") not in again


def test_a_number_that_the_file_explains_carries_its_note() -> None:
    found = doubts_after(first("organisations", fte={"value": 1.5, "note": {"nl": "bewust", "en": "on purpose"}}))
    assert found["too_little_staff", "organisations[0].fte"].facts["note"].en == "on purpose"


@pytest.mark.parametrize("name", files.names())
def test_a_chain_of_ours_has_staff_for_its_work_and_places_for_its_stays(name: str) -> None:
    """Where it has not, the file says so; norms that pinch and history before the first week may be meant."""
    left = [problem for problem in doubts(files.load(name)) if "note" not in problem.facts]
    assert {problem.key.removeprefix("improbable.") for problem in left} <= MAY_BE_MEANT


@given(scenarios())
@settings(max_examples=60, deadline=None)
def test_no_valid_scenario_breaks_the_rules_and_every_doubt_can_be_told(data: Data) -> None:
    for problem in doubts(files.from_dict(data)):
        for language in languages():
            assert problem_message(problem, language)
        assert all(np.isfinite(value) for value in problem.facts.values() if isinstance(value, float))


# --- exact answers -------------------------------------------------------------------------------------------------
def in_a_row(stay: int = 0) -> Any:
    data = quiet()
    data["links"] = [{"from": "Desk", "to": "Team", "share": 0.5}]
    data["organisations"][1]["stay"] = stay
    return files.from_dict(data)


def test_a_case_that_never_waits_closes_in_its_first_week_and_one_that_goes_on_a_week_later() -> None:
    chain = in_a_row()
    steps = timing.quickest(chain)
    assert timing.closed_within(chain, 0, steps, 0) == 0.5
    assert timing.closed_within(chain, 0, steps, 1) == 1.0


def test_a_stay_adds_its_weeks() -> None:
    chain = in_a_row(stay=4)
    steps = timing.quickest(chain)
    assert timing.closed_within(chain, 0, steps, 4) == 0.5
    assert timing.weeks_for(chain, 0, steps, 1.0) == 5


def test_posts_stand_empty_as_long_as_leaving_and_hiring_say() -> None:
    """As many come as leave: staff x rate = (posts - staff) / weeks."""
    organisation = files.load("reference").organisations[0]
    vacant, rate = vacant_share(organisation), organisation.turnover.value / 52
    assert (1 - vacant) * rate == pytest.approx(vacant / organisation.hiring_weeks.value)


@pytest.mark.jit
@pytest.mark.parametrize("name", ["reference", "jeugdbescherming"])
def test_the_expected_work_is_what_a_run_shows_in_its_calm_first_half_year(name: str) -> None:
    scenario = ks.load(name).with_events().with_weeks(26)
    results = ks.simulate(scenario, runs=40, weekly=True)
    assert results.organisation_values is not None

    def mean(use: str) -> Any:
        values = results.organisation_values[..., ORGANISATION_OUTCOME_NAMES.index(use)]
        return np.nanmean(values, axis=(0, 1))

    done, expected = mean("hours_case_work") + mean("hours_rework"), workload(scenario)
    assert expected.needed == pytest.approx(done, rel=0.15)
    assert expected.available == pytest.approx(done + mean("hours_idle"), rel=0.15)
