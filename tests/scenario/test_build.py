"""The chain that the week runs on says the same as the scenario."""

from __future__ import annotations

import copy
import pickle
from typing import Any

import numpy as np
import pytest
from tests.scenario.strategies import SMALL, TEXT

from ketensim.foundation.events import EVENT_NAMES
from ketensim.foundation.parameters import BY_NAME, LEVER_NAMES, POLICIES
from ketensim.foundation.state import Chain
from ketensim.scenario import build, files
from ketensim.scenario.parts import RELATION_LEVERS

EVENT = {"type": "financial_cut", "week": 3, "weeks": 4, "size": 0.5, "label": TEXT}


def chain_of(**parts: Any) -> Chain:
    return build.build(files.from_dict({**copy.deepcopy(SMALL), **parts}))


def test_weeks_count_from_the_start_of_the_burn_in() -> None:
    chain = chain_of(events=[EVENT], calendar=[{"week": -10, "levers": {"room": 1}}])
    assert (chain.world.weeks[0], chain.world.burn_in[0]) == (30, 10)
    assert chain.event["week"].tolist() == [13]
    assert chain.change["week"].tolist() == [0]


def test_posts_are_whole_people_who_together_have_the_contract_hours() -> None:
    chain = build.build(files.from_dict(SMALL).with_context(capacity=0.5))
    assert chain.profile.staff.tolist() == [4.0, 2.0]
    np.testing.assert_allclose(chain.profile.staff * chain.profile.hours_per_head, [0.5 * 36 * 4, 0.5 * 36 * 2.4])
    np.testing.assert_allclose(chain.profile.staff * chain.profile.fte_per_head, [4, 2.4])


def test_an_organisation_of_less_than_half_a_person_has_one_person() -> None:
    organisations = copy.deepcopy(SMALL["organisations"])
    organisations[0]["fte"] = 0.3
    chain = chain_of(organisations=organisations)
    assert chain.profile.staff[0] == 1.0
    assert chain.profile.hours_per_head[0] == pytest.approx(0.3 * 36)


def test_an_organisation_without_a_limit_has_infinite_places() -> None:
    assert chain_of().profile.places.tolist() == [np.inf, 30.0]


def test_tolerance_is_that_of_the_organisation_and_its_principal_together() -> None:
    np.testing.assert_allclose(chain_of().profile.tolerance, [0.3, 0.0])


def test_an_independent_organisation_cannot_be_instructed() -> None:
    organisations = copy.deepcopy(SMALL["organisations"])
    organisations[1]["independence"] = 1
    assert chain_of(organisations=organisations).profile.instructable.tolist() == [1.0, 0.0]


def test_every_link_knows_the_trust_of_its_receiver_and_of_its_giver() -> None:
    chain = build.build(files.load("jeugdbescherming"))
    for link in chain.link:
        receiver, giver = chain.dyad[link.receiver_dyad], chain.dyad[link.giver_dyad]
        assert (receiver.truster, receiver.trusted) == (link.target, link.source)
        assert (giver.truster, giver.trusted) == (link.source, link.target)


def test_each_pair_that_works_together_has_exactly_two_dyads() -> None:
    chain = build.build(files.load("jeugdbescherming"))
    pairs = {frozenset((int(link.source), int(link.target))) for link in chain.link}
    dyads = [(int(dyad.truster), int(dyad.trusted)) for dyad in chain.dyad]
    assert len(dyads) == len(set(dyads)) == 2 * len(pairs)


def test_links_stand_together_by_source() -> None:
    chain = chain_of()
    assert chain.link.source.tolist() == [0, 1]
    assert chain.first_link.tolist() == [0, 1, 2]
    np.testing.assert_allclose(chain.route, [[0.5, 0.9], [0.1, 0.1]])


def test_a_consultation_link_carries_no_case_and_still_builds_trust() -> None:
    links = [*SMALL["links"][1:], {"from": "Team", "to": "Desk", "consultation": True}]
    chain = chain_of(links=links)
    assert chain.link.consultation.tolist() == [0, 1]
    assert chain.route[1].tolist() == [0.0, 0.0]
    assert len(chain.dyad) == 2


def test_a_chain_of_one_organisation_has_no_links_and_can_be_built() -> None:
    types = [SMALL["case_types"][0]]
    chain = chain_of(organisations=[SMALL["organisations"][0]], case_types=types, links=[])
    assert (len(chain.link), len(chain.dyad), chain.route.shape, chain.first_link.tolist()) == (0, 0, (0, 1), [0, 0])


def test_entry_is_cumulative_and_ends_at_one() -> None:
    np.testing.assert_array_equal(chain_of().entry, [[1.0, 1.0], [0.25, 1.0]])


def test_hours_and_stay_hold_per_organisation_and_case_type() -> None:
    chain = chain_of()
    assert chain.task.hours.tolist() == [[6.0, 6.0], [8.0, 12.0]]
    assert chain.task.stay.tolist() == [[0, 0], [2, 2]]


def test_context_can_replace_the_share_of_non_standard_cases() -> None:
    scenario = files.from_dict(SMALL)
    assert build.build(scenario).case_type.non_standard.tolist() == [0.2, 0.8]
    assert build.build(scenario.with_context(non_standard=0.5)).case_type.non_standard.tolist() == [0.5, 0.5]


def test_levers_of_an_organisation_go_before_those_of_the_chain() -> None:
    scenario = files.from_dict(SMALL).with_levers(always=True, room=0.9)
    chain = build.build(scenario.with_levers(always=True, organisation="Team", room=0.1))
    assert chain.lever_grid[:, LEVER_NAMES.index("room")].tolist() == [0.9, 0.1]
    assert chain.lever_grid[:, LEVER_NAMES.index("frame")].tolist() == [0.5, 0.5]


def test_changes_stand_by_week_and_then_in_the_order_of_the_file() -> None:
    scenario = (
        files.from_dict(SMALL)
        .with_levers(week=5, room=0.1)
        .with_levers(week=2, organisation="Team", frame=0.2)
        .with_levers(week=5, organisation=["Desk", "Team"], room=0.3)
    )
    change = build.build(scenario).change
    rows = list(zip(*(change[name].tolist() for name in ("week", "organisation", "lever", "value")), strict=True))
    room, frame = LEVER_NAMES.index("room"), LEVER_NAMES.index("frame")
    assert rows == [(12, 1, frame, 0.2), (15, -1, room, 0.1), (15, 0, room, 0.3), (15, 1, room, 0.3)]
    assert (change.partner == build.ALL).all()


def test_a_decision_without_a_week_is_a_change_in_the_first_reported_week() -> None:
    base = files.from_dict(SMALL)
    chain, decided = build.build(base), build.build(base.with_levers(room=0.9))
    np.testing.assert_array_equal(decided.lever_grid, chain.lever_grid)
    assert decided.change["week"].tolist() == [10]


def test_an_agreement_of_two_partners_stands_in_both_their_dyads_and_in_no_other() -> None:
    """In the file from the start, in the calendar as one row that names both."""
    links = [SMALL["links"][0] | {"levers": {"trust_in_persons": 0.8}}, *SMALL["links"][1:]]
    grid = chain_of(links=links).relation_grid
    column = RELATION_LEVERS.index("trust_in_persons")
    assert (grid[:, column] == 0.8).all()
    assert np.isnan(np.delete(grid, column, axis=1)).all()
    change = build.build(files.from_dict(SMALL).with_levers(week=4, between=("Team", "Desk"), frame=0.7)).change
    assert [tuple(row) for row in change[["organisation", "partner", "value"]].tolist()] == [(1, 0, 0.7)]


def test_an_event_at_several_organisations_is_one_row_each() -> None:
    chain = chain_of(
        events=[
            EVENT | {"organisation": ["Desk", "Team"]},
            EVENT | {"week": 0, "type": "arrival_wave", "case_type": "hard"},
        ]
    )
    assert chain.event["organisation"].tolist() == [-1, 0, 1]
    assert chain.event["case_type"].tolist() == [1, -1, -1]
    wave, cut = EVENT_NAMES.index("arrival_wave"), EVENT_NAMES.index("financial_cut")
    assert chain.event["kind"].tolist() == [wave, cut, cut]
    assert chain.event["weeks"].tolist() == [4] * 3


def test_a_series_is_one_row_per_period_and_case_type() -> None:
    wave = EVENT | {
        "type": "arrival_wave",
        "week": 2,
        "weeks": 3,
        "size": 0.5,
        "then": [-0.2, 1],
        "case_type": ["hard", "plain"],
    }
    event = chain_of(events=[wave]).event
    assert event["week"].tolist() == [12, 12, 15, 15, 18, 18]
    assert event["case_type"].tolist() == [1, 0] * 3
    assert event["strength"].tolist() == [0.5, 0.5, -0.2, -0.2, 1.0, 1.0]


def test_an_election_comes_near_over_half_a_year_and_passes() -> None:
    """Elections on 20 March 2024 (week 11) and in week 12; the run has 10 weeks of burn-in."""
    chain = chain_of()
    assert np.flatnonzero(chain.election[0]).tolist() == [21, 22]
    near = chain.election_near[0]
    assert near[[21, 22, 23]].tolist() == [1.0, 1.0, 0.0]
    assert near[8] == pytest.approx(0.5)
    assert (np.diff(near[:22]) > 0).all()
    assert not chain.election_near[1].any()


def test_an_election_just_after_the_end_is_already_felt() -> None:
    principals = [{"id": "council", "label": TEXT, "elections": [20]}]
    chain = chain_of(principals=principals)
    assert not chain.election.any()
    assert chain.election_near[0, -1] == pytest.approx(1 - 1 / BY_NAME["election_weeks"].default)


def test_the_objective_is_the_middle_of_the_ambitions_unless_the_file_says_otherwise() -> None:
    organisations = copy.deepcopy(SMALL["organisations"])
    organisations[0]["ambition"] = {"x": 1, "y": -2}
    world = chain_of(organisations=organisations).world[0]
    assert (world.objective_x, world.objective_y) == (0.5, -1.0)
    world = chain_of(objective={"x": 0.2}).world[0]
    assert (world.objective_x, world.objective_y) == (0.2, 0.0)


def test_the_policy_and_the_parameters_come_along() -> None:
    scenario = files.from_dict(SMALL).with_policy("firm_then_let_go", switch_week=8)
    assert build.build(scenario).world.policy[0] == POLICIES.index("firm_then_let_go")
    assert build.parameters(scenario).policy_switch_week[0] == 8


def test_building_twice_gives_the_same_bits() -> None:
    scenario = files.load("reference")
    first, second = build.build(scenario), build.build(scenario)
    one, other = first.arrays(), second.arrays()
    assert all(one[name].tobytes() == other[name].tobytes() for name in Chain.LAYOUT)


def test_a_scenario_can_be_sent_to_another_process() -> None:
    scenario = files.load("jeugdbescherming")
    assert pickle.loads(pickle.dumps(scenario)) == scenario
