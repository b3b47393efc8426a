"""A decision is taken at a moment: before it the chain is the chain as it was, and an agreement of two is theirs alone."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.conftest import Run, organisation, scenario_of, small

from ketensim.foundation.parameters import BY_NAME, LEVER_NAMES
from ketensim.scenario.parts import RELATION_LEVERS
from ketensim.scenario.schema import Scenario

pytestmark = pytest.mark.jit

PACE = BY_NAME["change_pace"].default
ROUNDING = 1e-12


def three(**changes: Any) -> Scenario:
    """Three organisations, A to B to C, and A to C."""
    links = [{"from": "A", "to": "B", "share": 0.5}, {"from": "B", "to": "C", "share": 0.8}]
    links.append({"from": "A", "to": "C", "share": 0.3})
    return scenario_of(small(organisations=[organisation(name) for name in "ABC"], links=links, **changes))


AS_IT_IS = {name: three().lever(name) for name in LEVER_NAMES}


def run_to(scenario: Scenario, reported: int) -> Run:
    """A run at the start of a reported week."""
    return Run(scenario, seed=6).to(scenario.burn_in + reported)


def dyads(run: Run, *pairs: str) -> list[int]:
    """Rows of the pairs, in both directions."""
    places = {frozenset(pair.translate(str.maketrans("ABC", "012"))) for pair in pairs}
    ends = [frozenset((str(dyad.truster), str(dyad.trusted))) for dyad in run.chain.dyad]
    return [row for row, pair in enumerate(ends) if pair in places]


# --- at a moment ---------------------------------------------------------------------------------------------------
@settings(max_examples=12)
@given(lever=st.sampled_from(LEVER_NAMES), value=st.sampled_from([0.0, 0.9, 1.0]), week=st.integers(0, 15))
def test_before_a_decision_the_chain_is_the_chain_as_it_was_to_the_bit(lever: str, value: float, week: int):
    base = three()
    plain, decided = run_to(base, week), run_to(base.with_levers(week, **{lever: value}), week)
    assert plain.bits() == decided.bits()
    end = base.burn_in + base.weeks
    assert plain.to(end).bits() != decided.to(end).bits()


@pytest.mark.parametrize("lever", LEVER_NAMES)
def test_what_has_always_been_so_is_another_burn_in_than_what_is_decided_in_week_0(lever: str):
    base = three()
    value = AS_IT_IS[lever] + 0.4
    decided, always = base.with_levers(**{lever: value}), base.with_levers(always=True, **{lever: value})
    assert run_to(base, 0).bits() == run_to(decided, 0).bits()
    assert run_to(base, 0).bits() != run_to(always, 0).bits()
    assert run_to(decided, 26).bits() != run_to(always, 26).bits()


def test_a_decision_for_where_the_lever_stands_already_changes_nothing():
    base = three()
    same = base.with_levers(**AS_IT_IS)
    one, other = run_to(base, 26), run_to(same, 26)
    np.testing.assert_array_equal(one.notebook.weekly_grid, other.notebook.weekly_grid)


@pytest.mark.parametrize("count", [1, 4])
def test_practices_change_no_faster_than_people_can_take_in_and_hiring_at_once(count: int):
    """All levers of an organisation together move by the pace, however many of them; selection is a rule of hiring."""
    names = ("room", "frame", "shared_urgency", "chain_skills")[:count]
    base = three()
    decided = base.with_levers(binding_selection=0.9, **dict.fromkeys(names, 1.0))
    selection = LEVER_NAMES.index("binding_selection")
    others = [place for place in range(len(LEVER_NAMES)) if place != selection]
    before = run_to(decided, 0).state.lever_grid.copy()
    run = run_to(decided, 0)
    for week in range(1, 5):
        run.to(base.burn_in + week)
        moved = np.abs(run.state.lever_grid - before)[:, others].sum(axis=1)
        np.testing.assert_allclose(moved, min(PACE * week, sum(1.0 - base.lever(name) for name in names)))
        assert (run.state.lever_grid[:, selection] == 0.9).all()


# --- between two ---------------------------------------------------------------------------------------------------
@settings(max_examples=9)
@given(
    lever=st.sampled_from(RELATION_LEVERS), pair=st.sampled_from(["AB", "BC", "AC"]), value=st.sampled_from([0.0, 1.0])
)
def test_what_two_agree_on_acts_on_their_relation_and_on_no_other(lever: str, pair: str, value: float):
    base = three()
    plain, agreed = run_to(base, 0), run_to(base.with_levers(between=(pair[0], pair[1]), **{lever: value}), 0)
    theirs = dyads(agreed, pair)
    others = [row for row in range(len(agreed.chain.dyad)) if row not in theirs]
    assert len(theirs) == 2 and len(others) == 4
    for week in range(1, 9):
        plain.to(base.burn_in + week), agreed.to(base.burn_in + week)
        np.testing.assert_array_equal(plain.state.lever_grid, agreed.state.lever_grid)
        for name in RELATION_LEVERS:
            np.testing.assert_array_equal(plain.state.relation[name][others], agreed.state.relation[name][others])
            if name != lever:
                np.testing.assert_array_equal(plain.state.relation[name][theirs], agreed.state.relation[name][theirs])
        start = base.lever(lever)
        expected = start + np.sign(value - start) * min(PACE * week, abs(value - start))
        np.testing.assert_allclose(agreed.state.relation[lever][theirs], expected, atol=ROUNDING)


def test_it_does_not_matter_which_of_the_two_is_named_first():
    one = run_to(three().with_levers(between=("A", "B"), frame=0.9, trust_in_persons=0.8), 26)
    other = run_to(three().with_levers(between=("B", "A"), frame=0.9, trust_in_persons=0.8), 26)
    assert one.bits() == other.bits()


def test_an_agreement_of_two_makes_their_link_clearer_and_one_that_is_broken_less_clear():
    plain, made, broken = (
        run_to(scenario, 26)
        for scenario in (
            three(),
            three().with_levers(between=("B", "C"), frame=1.0, trust_in_agreements=1.0),
            three().with_levers(between=("B", "C"), frame=0.0, trust_in_agreements=0.0),
        )
    )
    gain, fall = made.state.link.frame - plain.state.link.frame, plain.state.link.frame - broken.state.link.frame
    theirs = [(int(link.source), int(link.target)) for link in plain.chain.link].index((1, 2))
    assert gain[theirs] > 0.05 and fall[theirs] > 0.05
    assert np.argmax(gain) == np.argmax(fall) == theirs


def test_where_all_pairs_agree_on_it_the_chain_moves_as_one_that_decides_it():
    """The relations come to the same place; what each organisation puts in for all its partners does too."""
    base = three()
    whole = run_to(base.with_levers(trust_in_persons=0.9), 12)
    pairs = base
    for pair in ("AB", "BC", "AC"):
        pairs = pairs.with_levers(between=(pair[0], pair[1]), trust_in_persons=0.9)
    by_pair = run_to(pairs, 12)
    np.testing.assert_allclose(by_pair.state.relation.trust_in_persons, whole.state.relation.trust_in_persons)
    np.testing.assert_allclose(by_pair.state.organisation.persons_work, whole.state.organisation.persons_work)


def test_an_agreement_of_the_file_holds_from_the_start_and_a_later_one_takes_its_place():
    links = [{"from": "A", "to": "B", "share": 0.5, "levers": {"frame": 0.9}}, {"from": "B", "to": "C", "share": 0.8}]
    base = scenario_of(small(organisations=[organisation(name) for name in "ABC"], links=links))
    run = run_to(base, 0)
    np.testing.assert_allclose(run.state.relation.frame[dyads(run, "AB")], 0.9)
    np.testing.assert_allclose(run.state.relation.frame[dyads(run, "BC")], base.lever("frame"))
    later = run_to(base.with_levers(2, between=("B", "A"), frame=0.1), 14)
    np.testing.assert_allclose(later.state.relation.frame[dyads(later, "AB")], 0.1)


def test_a_lever_that_one_of_two_does_not_pull_does_not_come_into_their_relation():
    """Without an agreement a relation has what the less willing of the two puts in."""
    run = run_to(three().with_levers(organisation="A", frame=1.0), 20)
    assert run.state.lever.frame.tolist() == [1.0, 0.5, 0.5]
    np.testing.assert_allclose(run.state.relation.frame, 0.5)
