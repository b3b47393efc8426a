"""Claims about plans: what stands ready can be played, and what is wrong in one's own is said with its place."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.workshop.small import TEXT, plan

from ketensim.foundation.errors import InputError
from ketensim.scenario import files
from ketensim.texts import languages, t
from ketensim.workshop.game.decisions import DECISIONS, starting_steps
from ketensim.workshop.game.plans import (
    HALF_YEAR,
    LONGEST_SEEN,
    READY,
    YEAR,
    WorkshopPlan,
    longest_norm_of,
    neighbour_ties,
    open_in,
    read_plan,
    ready_plan,
    scenario_from_text,
    starting_chain,
)

INCIDENT = {"type": "incident", "week": 3, "size": 0.5, "label": TEXT}


def problems(**parts) -> list[tuple[str, str]]:
    with pytest.raises(InputError) as caught:
        starting_chain(plan(**parts))
    for problem in caught.value.problems:
        for language in languages():
            assert t(problem.key, language, **problem.facts)
    return [(problem.key, problem.path) for problem in caught.value.problems]


@pytest.mark.parametrize("name", READY)
def test_a_workshop_that_stands_ready_takes_the_time_of_its_name_and_fits_its_chain(name):
    found = ready_plan(name)
    assert found.minutes == int(name.removeprefix("minutes_"))
    assert 2 <= len(found.rounds) <= 6
    scenario = starting_chain(found)
    assert (found.weeks, found.stretches) == (YEAR, (HALF_YEAR, HALF_YEAR)), (
        "a round is a year with a moment in its middle"
    )
    assert scenario.weeks == YEAR * len(found.rounds) + longest_norm_of(scenario)
    assert longest_norm_of(scenario) <= LONGEST_SEEN, "most of what a round changes can be seen in it"
    assert all(1 <= len(open_in(found, number)) <= 3 for number in range(len(found.rounds))), "one question a screen"


def test_every_decision_is_open_somewhere_in_the_long_workshop_and_the_incident_comes_with_its_question():
    opened = {name for part in ready_plan("minutes_120").rounds for name in part.open}
    assert opened == set(DECISIONS)
    for name in READY:
        found = ready_plan(name)
        events = [n for n, part in enumerate(found.rounds) for event in part.events if event.type == "incident"]
        asked = [n for n, part in enumerate(found.rounds) if "after_incident" in part.open]
        assert events and min(asked) <= min(events) + 1


def test_a_plan_reads_what_it_wrote():
    for name in READY:
        assert WorkshopPlan.from_dict(ready_plan(name).as_dict()) == ready_plan(name)


@pytest.mark.parametrize("name", files.names())
def test_every_chain_of_ketensim_can_be_played(name):
    scenario = starting_chain(plan(chain=name))
    assert not scenario.calendar and scenario.policy == "none"
    assert scenario_from_text(files.dump(scenario)) == scenario
    start = starting_steps(scenario)
    assert set(start) == {part.id for part in scenario.organisations}
    for steps in start.values():
        assert all(0 <= step < len(DECISIONS[name].steps) for name, step in steps.items())


def test_events_of_a_round_fall_in_that_round():
    one = {"open": ["room"]}
    scenario = starting_chain(plan(rounds=[one, {**one, "events": [INCIDENT]}, one]))
    assert [scenario.week_of(event) for event in scenario.events] == [YEAR + 3]


def test_half_a_year_is_a_round_by_choice():
    half = plan(weeks=HALF_YEAR)
    assert half.stretches == (13, 13) and starting_chain(half).weeks < starting_chain(plan()).weeks
    assert plan(weeks=HALF_YEAR, moment=False).stretches == (HALF_YEAR,)


def test_the_neighbours_of_a_chain_are_who_hand_over_or_consult():
    scenario = starting_chain(plan())
    ties = neighbour_ties(files.dump(scenario))
    assert {frozenset(tie) for tie in ties} == {frozenset((link.source, link.target)) for link in scenario.links}
    assert len(set(ties)) == len(ties)


def test_own_events_of_a_chain_can_be_left_out():
    rounds = [{"open": ["room"]}] * 6
    assert starting_chain(plan(chain="jeugdbescherming", rounds=rounds)).events
    assert not starting_chain(plan(chain="jeugdbescherming", rounds=rounds, own_events=False)).events


@pytest.mark.parametrize(
    ("parts", "found"),
    [
        ({"rounds": [{"open": ["room"]}]}, ("error.out_of_range", "rounds")),
        ({"rounds": [{"open": ["room"]}] * 7}, ("error.out_of_range", "rounds")),
        ({"rounds": [{"open": ["rom"]}] * 3}, ("error.not_one_of", "rounds[0].open[0]")),
        ({"weeks": 39}, ("error.not_one_of", "weeks")),
        ({"tables": 0}, ("error.out_of_range", "tables")),
        ({"bots": ["king"]}, ("error.not_one_of", "bots[0]")),
        ({"team": 3}, ("error.unknown_key", "team")),
        ({"chain": "nergens"}, ("error.unknown_scenario", "")),
        (
            {"rounds": [{"open": ["room"], "events": [{**INCIDENT, "week": 52}]}, *[{"open": ["room"]}] * 2]},
            ("error.out_of_range", "rounds[0].events[0].week"),
        ),
        (
            {
                "rounds": [
                    *[{"open": ["room"]}] * 2,
                    {"open": ["room"], "events": [{**INCIDENT, "organisation": "Jugde"}]},
                ]
            },
            ("error.unknown_organisation", "rounds[2].events[0].organisation"),
        ),
    ],
)
def test_what_is_wrong_in_a_plan_is_said_with_its_place(parts, found):
    assert found in problems(**parts)


def test_a_plan_from_a_file_says_the_line():
    text = (
        "title: {nl: x, en: x}\nsummary: {nl: x, en: x}\ntables: 99\nrounds:\n  - open: [room]\n"
        + "  - open: [room]\n" * 2
    )
    with pytest.raises(InputError) as caught:
        read_plan(text, "mine.yaml")
    [problem] = caught.value.problems
    assert (problem.path, problem.facts["line"], caught.value.file) == ("tables", 3, "mine.yaml")


def test_an_unknown_name_of_a_ready_workshop_gives_the_nearest():
    with pytest.raises(InputError) as caught:
        ready_plan("minutes_61")
    assert caught.value.problems[0].facts["nearest"] == "minutes_60"


def test_a_chain_in_which_something_was_decided_begins_where_that_put_it(tmp_path: Path) -> None:
    path = tmp_path / "decided.yaml"
    path.write_text(files.dump(files.load("reference").with_levers(room=0.9).with_levers(60, room=0.1)), "utf-8")
    scenario = starting_chain(ready_plan("minutes_20").with_changes(chain=str(path)))
    name = scenario.organisations[0].id
    assert (scenario.lever_at("room", 0, name), scenario.lever_at("room", 70, name)) == (0.9, 0.9)
    assert starting_steps(scenario)[name]["room"] == len(DECISIONS["room"].steps) - 1
