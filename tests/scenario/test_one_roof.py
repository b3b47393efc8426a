"""Claims about a programme under one roof: the same work and people, and nothing lost where work is passed on."""

from __future__ import annotations

import numpy as np
import pytest
from tests.conftest import organisation, scenario_of, small

import ketensim as ks
from ketensim.foundation.parameters import BY_NAME
from ketensim.scenario import build, files, flow
from ketensim.scenario.one_roof import UNDER_ONE_ROOF, is_under_one_roof, one_roof
from ketensim.scenario.workload import workload

CHAINS = ("asiel", "jeugdbescherming", "ouderenzorg", "reference", "schuldhulp", "strafrecht")


def two_desks() -> ks.Scenario:
    """Three quarters of the staff at A, with levers of its own, under a council with an election; B is a judge."""
    council = {"id": "C", "label": {"nl": "C", "en": "C"}, "elections": [10]}
    a = organisation("A", fte=9, principal="C", levers={"room": 0.8}, ambition={"x": 1.0, "y": 0.0})
    b = organisation("B", fte=3, independence=1.0, ambition={"x": -1.0, "y": 0.4})
    links = [{"from": "A", "to": "B", "share": 0.6, "levers": {"frame": 0.9}}]
    calendar = [
        {"week": 5, "organisation": "A", "partner": "B", "levers": {"frame": 0.2}},
        {"week": 6, "organisation": "B", "levers": {"frame": 0.7}},
    ]
    return scenario_of(
        small(principals=[council], organisations=[a, b], links=links, calendar=calendar, levers={"room": 0.4})
    )


@pytest.mark.parametrize("name", CHAINS)
def test_hours_arrivals_routes_and_work_per_case_are_those_of_the_chain(name: str) -> None:
    chain = files.load(name)
    programme = one_roof(chain)
    before, after = build.build(chain), build.build(programme)
    for field in ("staff", "hours_per_head", "own_work", "turnover", "absence", "places", "cost"):
        np.testing.assert_array_equal(after.profile[field], before.profile[field], field)
    np.testing.assert_array_equal(after.case_type, before.case_type)
    np.testing.assert_array_equal(after.route, before.route)
    work = [flow.expected_visits(one) * build.build(one).task.hours for one in (chain, programme)]
    np.testing.assert_array_equal(*work)
    assert (workload(programme).needed <= workload(chain).needed).all(), "less comes back, and nothing is handed over"


def test_there_is_one_council_one_ambition_and_nobody_is_independent() -> None:
    programme = one_roof(two_desks())
    built = build.build(programme)
    assert {part.principal for part in programme.organisations} == {"C"}
    assert (built.election[0] == built.election[1]).all() and built.election.any()
    assert (built.profile.instructable == 1).all()
    assert set(built.profile.ambition_x) == {0.5} == {float(built.world[0].objective_x)}
    assert list(built.profile.ambition_y) == pytest.approx([0.1, 0.1])


def test_there_is_one_way_of_steering_and_nothing_that_two_agreed_for_themselves() -> None:
    programme = one_roof(two_desks())
    assert [programme.lever("room", name) for name in ("A", "B", None)] == pytest.approx(3 * [0.75 * 0.8 + 0.25 * 0.4])
    assert not any(link.levers for link in programme.links)
    assert [change.partner for change in programme.calendar] == [None]
    assert programme.lever_at("frame", 6, "B") == 0.7


def test_nothing_is_refused_sent_back_or_lost_where_work_is_passed_on_and_nobody_follows_a_course_of_its_own() -> None:
    chain = scenario_of(
        small(weeks=60, organisations=[organisation("A"), organisation("B", ambition={"x": -2, "y": 1})])
    )
    apart, together = (ks.simulate(one, runs=10, seed=2) for one in (chain, one_roof(chain)))
    assert (together.weekly["arrived"] == apart.weekly["arrived"]).all(), "the same cases come"
    assert (apart.organisations[["returned", "lost_at_handover", "own_way"]].sum() > 0).all()
    never = ["refused", "returned", "lost_at_handover", "own_way"]
    assert (together.organisations[never] == 0).all(axis=None)
    assert (together.losses[["handover", "own_course"]] == 0).all(axis=None)
    assert (together.organisations["trust"] == 1).all()
    assert (together.weekly[["hours_trust", "hours_rework"]] == 0).all(axis=None)
    assert together.organisations["handed_over"].sum() > 0, "work does go from one department to the next"


@pytest.mark.parametrize("chain", [two_desks(), *(files.load(name) for name in CHAINS)])
def test_a_programme_under_one_roof_stays_as_it_is(chain: ks.Scenario) -> None:
    programme = one_roof(chain)
    assert is_under_one_roof(programme) and not is_under_one_roof(chain)
    assert one_roof(programme) == programme == files.read(files.dump(programme))


def test_what_is_set_lies_in_the_range_of_every_parameter() -> None:
    assert all(BY_NAME[name].lower <= value <= BY_NAME[name].upper for name, value in UNDER_ONE_ROOF.items())
