"""What a scenario may look like, and the ways to vary one."""

from __future__ import annotations

import copy
import datetime
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError
from tests.scenario.strategies import SMALL, TEXT

from ketensim.foundation.errors import InputError, Problem
from ketensim.foundation.parameters import LEVERS, PARAMETERS, POLICIES
from ketensim.scenario import files
from ketensim.scenario.provenance import provenance
from ketensim.scenario.schema import Scenario

QUICK = settings(deadline=None, max_examples=40)
NUMPY_LEVERS: dict[str, Any] = {"room": np.float32(0.5), "frame": np.int64(1)}
EVENT = {"type": "incident", "week": 3, "size": 0.5, "label": TEXT}


@pytest.fixture
def small() -> Scenario:
    return files.from_dict(SMALL)


def changed(**parts: Any) -> dict[str, Any]:
    return {**copy.deepcopy(SMALL), **parts}


def with_organisation(**parts: Any) -> dict[str, Any]:
    data = copy.deepcopy(SMALL)
    data["organisations"][0] |= parts
    return data


def problem_of(action: Any) -> Problem:
    with pytest.raises(InputError) as caught:
        action()
    assert len(caught.value.problems) == 1, caught.value
    return caught.value.problems[0]


# --- numbers and their provenance ---
def test_a_bare_number_is_an_assumption(small: Scenario) -> None:
    fte = small.organisations[0].fte
    assert (fte.value, fte.certainty, fte.source) == (4.0, "assumption", None)
    assert float(fte) == 4.0


def test_a_number_can_say_where_it_comes_from() -> None:
    told = {"value": 3, "source": "report", "certainty": "high", "note": TEXT}
    scenario = files.from_dict(with_organisation(fte=told))
    row = next(row for row in provenance(scenario) if row.path == "organisations[0].fte")
    assert (row.value, row.source, row.certainty) == (3.0, "report", "high")
    assert row.note is not None
    assert row.note.en == "text"


def test_a_number_without_a_note_takes_the_note_of_the_block_it_stands_in() -> None:
    scenario = files.from_dict(with_organisation(note={"nl": "dichtbij", "en": "near"}) | {"note": TEXT})
    notes = {row.path: row.note.en for row in provenance(scenario) if row.note is not None}
    assert notes["organisations[0].hours_per_case"] == "near"
    assert notes["organisations[1].hours_per_case.hard"] == "text"


def test_a_number_with_a_source_does_not_say_that_no_figure_was_found() -> None:
    sourced = {"value": 4, "source": "report", "certainty": "high"}
    data = with_organisation(
        note={"nl": "dichtbij", "en": "near"}, fte=sourced, turnover={**sourced, "note": TEXT, "value": 0.1}
    )
    data |= {"note": {"nl": "geen cijfer gevonden", "en": "no figure found"}}
    data |= {"sources": {"report": {"text": "a report", "tag": "L"}}}
    notes = {row.path: row.note for row in provenance(files.from_dict(data))}
    assert notes["organisations[0].fte"] is None
    assert notes["organisations[0].turnover"] is not None
    assert notes["organisations[0].own_work"] is not None


def test_every_number_of_the_shipped_scenarios_has_a_source_or_says_why() -> None:
    for name in files.names():
        for row in provenance(files.load(name)):
            assert row.source is not None or row.note is not None, (name, row.path)
            assert row.source is not None or row.certainty == "assumption", (name, row.path)


@pytest.mark.parametrize("given", ["0.3", True, None, [1], {"valu": 3}, float("nan"), float("inf"), 10**400, -1, 2001])
def test_a_number_that_is_none_or_out_of_range_is_refused(given: Any) -> None:
    with pytest.raises(InputError) as caught:
        files.from_dict(with_organisation(fte=given))
    assert caught.value.problems[0].path.startswith("organisations[0].fte")


def test_a_number_out_of_range_tells_what_is_allowed() -> None:
    problem = problem_of(lambda: files.from_dict(with_organisation(independence=1.5)))
    assert problem.key == "error.out_of_range"
    assert problem.facts == {"given": "1.5", "unit": "share", "lower": 0, "upper": 1}


def test_weeks_are_whole() -> None:
    assert problem_of(lambda: files.from_dict(changed(weeks=2.5))).key == "error.not_whole"
    assert files.from_dict(changed(weeks=20.0)).weeks == 20


# --- shape ---
def test_an_unknown_key_is_refused_with_the_nearest_known_one() -> None:
    data = with_organisation(turnovr=0.1)
    problem = problem_of(lambda: files.from_dict(data))
    assert (problem.key, problem.path) == ("error.unknown_key", "organisations[0].turnovr")
    assert problem.facts["nearest"] == "turnover"


def test_a_misspelt_required_key_is_one_mistake_not_two() -> None:
    data = copy.deepcopy(SMALL)
    data["organisations"][0]["fet"] = data["organisations"][0].pop("fte")
    assert problem_of(lambda: files.from_dict(data)).facts["nearest"] == "fte"


def test_all_mistakes_of_shape_are_told_at_once() -> None:
    with pytest.raises(InputError) as caught:
        files.from_dict(with_organisation(fte="4", drift=2) | {"policy": "let_goo", "colour": "red"})
    paths = {problem.path for problem in caught.value.problems}
    assert paths == {"organisations[0].fte", "organisations[0].drift", "policy", "colour"}


def test_a_scenario_cannot_be_changed_in_place(small: Scenario) -> None:
    with pytest.raises(ValidationError):
        small.weeks = 5


def test_a_text_needs_both_languages() -> None:
    assert problem_of(lambda: files.from_dict(changed(title={"nl": "alleen"}))).path == "title.en"


def test_a_parameter_is_checked_by_the_table() -> None:
    row = next(row for row in PARAMETERS if row.name == "trust_gain")
    problem = problem_of(lambda: files.from_dict(changed(parameters={"trust_gain": row.upper + 1})))
    assert problem.path == "parameters.trust_gain"
    assert problem.facts["upper"] == row.upper


def test_an_event_needs_a_week_or_a_date_and_not_both() -> None:
    silent = {key: value for key, value in EVENT.items() if key != "week"}
    assert problem_of(lambda: files.from_dict(changed(events=[silent]))).key == "error.week_or_date"
    both = EVENT | {"date": "2024-02-02"}
    assert problem_of(lambda: files.from_dict(changed(events=[both]))).key == "error.week_or_date"


def test_only_a_wave_of_arrivals_may_be_larger_than_one() -> None:
    assert files.from_dict(changed(events=[EVENT | {"type": "arrival_wave", "size": 2}])).events[0].size.value == 2
    assert problem_of(lambda: files.from_dict(changed(events=[EVENT | {"size": 2}]))).path == "events[0].size"


def test_only_arrivals_and_hours_can_become_more_as_well_as_less() -> None:
    """A trough is a wave below zero and extra hours are a loss below zero; nothing is less than nothing."""
    for kind in ("arrival_wave", "capacity_loss"):
        trough = EVENT | {"type": kind, "size": -0.5, "then": [0.2, -1]}
        assert files.from_dict(changed(events=[trough])).events[0].sizes == (-0.5, 0.2, -1.0)
        assert (
            problem_of(lambda trough=trough: files.from_dict(changed(events=[trough | {"size": -1.1}]))).facts["lower"]
            == -1
        )
    assert problem_of(lambda: files.from_dict(changed(events=[EVENT | {"size": -0.1}]))).path == "events[0].size"


def test_every_size_of_a_series_is_checked_and_only_waves_and_hours_have_one() -> None:
    loss = EVENT | {"type": "capacity_loss", "then": [0.5, 1.5]}
    assert problem_of(lambda: files.from_dict(changed(events=[loss]))).path == "events[0].then[1]"
    cut = EVENT | {"type": "financial_cut", "then": [0.5]}
    problem = problem_of(lambda: files.from_dict(changed(events=[cut])))
    assert (problem.key, problem.path) == ("error.event_field", "events[0].then")


def test_an_event_says_only_what_it_can_mean() -> None:
    """A wave of arrivals comes over the chain, an incident happens to an organisation and not to a case type."""
    wave = EVENT | {"type": "arrival_wave", "organisation": "Desk"}
    assert problem_of(lambda: files.from_dict(changed(events=[wave]))).path == "events[0].organisation"
    incident = EVENT | {"case_type": "plain"}
    assert problem_of(lambda: files.from_dict(changed(events=[incident]))).path == "events[0].case_type"


def test_a_date_counts_in_weeks_from_the_start(small: Scenario) -> None:
    assert small.week_of_date(small.start) == 0
    assert small.week_of_date(small.start + datetime.timedelta(days=13)) == 1
    assert small.week_of_date(small.start - datetime.timedelta(days=1)) == -1
    assert small.date_of(2) == small.start + datetime.timedelta(days=14)


# --- varying a scenario ---
def test_a_lever_of_an_organisation_goes_before_that_of_the_chain(small: Scenario) -> None:
    """Whether it has always been so, whichever was said first, or is decided now."""
    own = {"organisation": "Team", "room": 0.2}
    for varied in (
        small.with_levers(always=True, room=0.9).with_levers(always=True, **own),
        small.with_levers(always=True, **own).with_levers(always=True, room=0.9),
    ):
        assert (varied.lever("room", "Desk"), varied.lever("room", "Team"), varied.lever("room")) == (0.9, 0.2, 0.9)
    decided = small.with_levers(always=True, **own).with_levers(room=0.9)
    assert [decided.lever_at("room", 0, name) for name in ("Desk", "Team")] == [0.9, 0.2]
    assert small.lever("room") == next(row.default for row in LEVERS if row.name == "room")


def test_a_lever_from_a_week_on_is_a_change_in_the_calendar(small: Scenario) -> None:
    change = small.with_levers(week=5, organisation=["Desk", "Team"], room=0.9).calendar[-1]
    assert (change.week, change.organisation, change.levers["room"].value) == (5, ("Desk", "Team"), 0.9)


def test_a_lever_without_a_week_is_decided_in_week_0_and_the_chain_before_it_is_as_it_was(small: Scenario) -> None:
    decided = small.with_levers(room=0.9)
    assert decided.lever("room") == small.lever("room") == decided.lever_at("room", -1)
    assert decided.lever_at("room", 0) == decided.lever_at("room", 5) == 0.9
    always = small.with_levers(always=True, room=0.9)
    assert always.lever("room") == 0.9
    assert always.calendar == small.calendar


def test_what_has_always_been_so_has_no_moment(small: Scenario) -> None:
    assert problem_of(lambda: small.with_levers(0, always=True, room=0.9)).key == "error.always_at_a_moment"
    between = ("Desk", "Team")
    assert (
        problem_of(lambda: small.with_levers(between=between, always=True, frame=0.9)).key == "error.always_at_a_moment"
    )


def test_two_partners_can_agree_on_frame_and_trust_and_on_nothing_else(small: Scenario) -> None:
    agreed = small.with_levers(week=3, between=("Desk", "Team"), frame=0.9).calendar[-1]
    assert (agreed.week, agreed.organisation, agreed.partner) == (3, ("Desk",), "Team")
    problem = problem_of(lambda: small.with_levers(between=("Desk", "Team"), room=0.9))
    assert (problem.key, problem.facts["given"]) == ("error.not_of_a_relation", "room")


@pytest.mark.parametrize("between", [("Desk",), ("Desk", "Team", "Desk"), "DT", 3])
def test_a_relation_is_one_of_two_organisations(small: Scenario, between: Any) -> None:
    assert problem_of(lambda: small.with_levers(between=between, frame=0.9)).key == "error.between_two"


def test_a_relation_does_not_go_together_with_an_organisation_and_needs_a_link(small: Scenario) -> None:
    pair = ("Desk", "Team")
    assert (
        problem_of(lambda: small.with_levers(organisation="Desk", between=pair, frame=0.9)).key == "error.between_two"
    )
    problem = problem_of(lambda: small.with_levers(between=("Desk", "Desk"), frame=0.9))
    assert (problem.key, problem.facts["allowed"]) == ("error.no_relation", ("Team",))


@pytest.mark.parametrize("value", [True, np.True_, float("nan"), float("inf"), "0.5", None, -0.1, 1.1])
def test_a_lever_value_is_a_number_between_nought_and_one(small: Scenario, value: Any) -> None:
    assert problem_of(lambda: small.with_levers(room=value)).path == "room"


def test_numbers_of_numpy_are_numbers(small: Scenario) -> None:
    assert small.with_levers(**NUMPY_LEVERS).lever_at("frame") == 1.0


def test_an_unknown_lever_is_refused_with_the_nearest(small: Scenario) -> None:
    problem = problem_of(lambda: small.with_levers(organisation="Desk", rom=0.5))
    assert (problem.key, problem.path, problem.facts["nearest"]) == ("error.unknown_lever", "Desk.rom", "room")


def test_an_unknown_organisation_is_refused_with_the_nearest(small: Scenario) -> None:
    problem = problem_of(lambda: small.with_levers(organisation="Dekk", room=0.5))
    assert (problem.key, problem.facts["nearest"]) == ("error.unknown_organisation", "Desk")


def test_a_week_outside_the_run_is_refused(small: Scenario) -> None:
    problem = problem_of(lambda: small.with_levers(week=20, room=0.5))
    assert (problem.key, problem.path) == ("error.outside_run", "week")
    assert (problem.facts["lower"], problem.facts["upper"]) == (-10, 19)


def test_a_policy_comes_with_its_parameters(small: Scenario) -> None:
    varied = small.with_policy("let_go_when_trusted", trust=0.7)
    assert (varied.policy, varied.parameter("policy_trust")) == ("let_go_when_trusted", 0.7)
    assert problem_of(lambda: small.with_policy("let_goo")).facts["allowed"] == POLICIES


def test_context_keeps_what_is_not_named(small: Scenario) -> None:
    varied = small.with_context(capacity=0.9).with_context(non_standard=0.6)
    assert (varied.context.capacity, varied.context.non_standard) == (0.9, 0.6)


def test_events_replace_those_of_the_scenario(small: Scenario) -> None:
    varied = small.with_events(EVENT)
    assert len(varied.with_events(*varied.events, EVENT | {"week": 4}).events) == 2
    assert varied.with_events().events == ()


def test_a_shorter_run_leaves_out_what_begins_after_its_end(small: Scenario) -> None:
    varied = small.with_events(EVENT).with_levers(week=15, room=0.5)
    short = varied.with_weeks(10)
    assert (short.weeks, len(short.events), len(short.calendar)) == (10, 1, 0)


def test_varying_leaves_the_original_as_it_was(small: Scenario) -> None:
    before = files.dump(small)
    small.with_levers(room=0.1).with_levers(organisation="Desk", frame=1).with_parameters(trust_gain=0.1).with_weeks(5)
    assert files.dump(small) == before


@QUICK
@given(values=st.dictionaries(st.sampled_from([row.name for row in LEVERS]), st.floats(0, 1)))
def test_any_lever_values_in_range_are_taken_as_they_are(values: dict[str, Any]) -> None:
    varied = files.from_dict(SMALL).with_levers(**values)
    assert {name: varied.lever_at(name) for name in values} == values
    always = files.from_dict(SMALL).with_levers(always=True, **values)
    assert {name: always.lever(name) for name in values} == values
