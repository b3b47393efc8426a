"""Condition 6, trust: claims about its rules."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from tests.claims import about, at_most, between, equal, is_share, lower_and_higher, share

from ketensim.conditions.trust import (
    asymmetry,
    check_intensity,
    familiarity_after_week,
    haggling,
    promise_kept,
    trust_after_contact,
    trust_after_experience,
    trust_together,
)

ratio = st.floats(1, 10)
loss = st.floats(0, 10)
weekly = st.floats(0, 0.5)
vigilance = st.floats(0, 0.99)
weeks = st.floats(1, 500)


# --- persons and agreements ----------------------------------------------------------------------------------------
@about(trust_together)
@given(persons=share, agreements=share, part=share)
def test_a_hand_over_meets_trust_between_that_in_persons_and_that_in_agreements(persons, agreements, part):
    assert between(trust_together(persons, agreements, part), persons, agreements)
    assert trust_together(persons, agreements, 1.0) == persons
    assert trust_together(persons, agreements, 0.0) == agreements


@about(asymmetry)
@given(ratio=ratio, shield=share, agreements=lower_and_higher)
def test_trusted_agreements_soften_the_asymmetry_and_never_turn_it_round(ratio, shield, agreements):
    sharp, soft = (asymmetry(ratio, shield, trust) for trust in agreements)
    assert at_most(soft, sharp) and between(soft, 1.0, ratio)
    assert equal(asymmetry(ratio, shield, 0.0), ratio)


# --- experience ----------------------------------------------------------------------------------------------------
@about(trust_after_experience)
@given(trust=share, gain=share, loss=loss)
def test_kept_promises_build_trust_and_broken_ones_take_it(trust, gain, loss):
    assert is_share(trust_after_experience(trust, gain, loss))
    assert at_most(trust, trust_after_experience(trust, gain, 0.0))
    assert at_most(trust_after_experience(trust, 0.0, loss), trust)
    assert trust_after_experience(trust, 0.0, 0.0) == trust


@about(trust_after_experience)
@given(trusts=lower_and_higher, gain=share, loss=loss)
def test_the_same_week_never_makes_the_less_trusted_the_more_trusted(trusts, gain, loss):
    assert at_most(*(trust_after_experience(trust, gain, loss) for trust in trusts))


@about(trust_after_experience)
@given(trust=st.floats(0.5, 1), gain=st.floats(0.001, 0.2), ratio=st.floats(3, 10))
def test_one_kept_promise_does_not_repair_one_broken(trust, gain, ratio):
    """Trust of a half and more is lost faster than it is won [Slovic1993]."""
    broken = trust_after_experience(trust, 0.0, ratio * gain)
    assert trust_after_experience(broken, gain, 0.0) < trust


# --- contact -------------------------------------------------------------------------------------------------------
@about(trust_after_contact)
@given(trust=share, contact=share, gain=weekly, fading=weekly, stranger=share)
def test_trust_stays_a_share_whatever_the_contact(trust, contact, gain, fading, stranger):
    assert is_share(trust_after_contact(trust, contact, gain, fading, stranger))


@about(trust_after_contact)
@given(trust=share, gain=weekly, fading=weekly, stranger=share)
def test_without_contact_partners_become_strangers_and_with_full_contact_they_do_not(trust, gain, fading, stranger):
    assert between(trust_after_contact(trust, 0.0, gain, fading, stranger), trust, stranger)
    assert at_most(trust, trust_after_contact(trust, 1.0, gain, fading, stranger))
    assert equal(trust_after_contact(stranger, 0.0, gain, fading, stranger), stranger)


@about(trust_after_contact)
@given(trusts=lower_and_higher, contacts=lower_and_higher, gain=weekly, fading=weekly)
def test_who_is_trusted_more_than_a_stranger_gains_by_every_contact(trusts, contacts, gain, fading):
    stranger, trust = trusts
    assert at_most(*(trust_after_contact(trust, contact, gain, fading, stranger) for contact in contacts))


# --- promises and checks -------------------------------------------------------------------------------------------
@about(promise_kept)
@given(beliefs=lower_and_higher, promise=share)
def test_a_promise_counts_as_kept_once_results_are_believed_to_reach_it(beliefs, promise):
    low, high = (promise_kept(belief, promise) for belief in beliefs)
    assert at_most(low, high) and is_share(low) and is_share(high)
    assert promise_kept(promise, promise) == 1.0


@about(promise_kept)
@given(belief=share, promises=lower_and_higher)
def test_who_promises_more_keeps_no_more_of_it(belief, promises):
    modest, bold = (promise_kept(belief, promise) for promise in promises)
    assert at_most(bold, modest)


@about(check_intensity)
@given(trusts=lower_and_higher, most=share, vigilance=vigilance)
def test_checks_fall_as_trust_rises_and_end_only_with_blind_trust(trusts, most, vigilance):
    often, seldom = (check_intensity(trust, most, vigilance) for trust in trusts)
    assert at_most(seldom, often) and between(often, 0.0, most)
    assert check_intensity(0.0, most, vigilance) == most and check_intensity(1.0, most, vigilance) == 0.0


@about(check_intensity)
@given(trust=share, most=share, vigilances=st.tuples(vigilance, vigilance).map(sorted))
def test_vigilance_keeps_checks_in_place_at_ordinary_trust(trust, most, vigilances):
    little, much = (check_intensity(trust, most, vigilance) for vigilance in vigilances)
    assert at_most(little, much) and at_most(most * (1.0 - trust), much)


@about(haggling)
@given(effort=share, trusts=lower_and_higher)
def test_partners_who_trust_each_other_haggle_less_and_with_full_trust_not_at_all(effort, trusts):
    much, little = (haggling(effort, trust) for trust in trusts)
    assert at_most(little, much) and between(little, 0.0, effort)
    assert haggling(effort, 0.0) == effort and haggling(effort, 1.0) == 0.0


# --- knowing each other's way of working ---------------------------------------------------------------------------
@about(familiarity_after_week)
@given(familiarity=share, gone=lower_and_higher, met=lower_and_higher, time=weeks)
def test_partners_know_each_other_better_the_more_is_handed_over_and_less_as_people_leave(familiarity, gone, met, time):
    little = familiarity_after_week(familiarity, gone[1], met[0], time)
    assert is_share(little)
    assert at_most(little, familiarity_after_week(familiarity, gone[0], met[0], time))
    assert at_most(little, familiarity_after_week(familiarity, gone[1], met[1], time))


@about(familiarity_after_week)
@given(familiarity=share, met=share, time=weeks)
def test_familiarity_moves_to_what_is_handed_over_and_where_everybody_left_it_begins_again(familiarity, met, time):
    assert between(familiarity_after_week(familiarity, 0.0, met, time), familiarity, met)
    assert equal(familiarity_after_week(met, 0.0, met, time), met)
    assert equal(familiarity_after_week(familiarity, 0.0, met, 1.0), met)
    assert equal(familiarity_after_week(familiarity, 1.0, met, time), met / time)


@about(familiarity_after_week)
@given(met=share, gone=st.floats(0, 0.5), time=weeks)
def test_under_turnover_familiarity_comes_to_rest_below_what_is_handed_over(met, gone, time):
    rest = met / time / (1.0 - (1.0 - gone) * (1.0 - 1.0 / time))
    assert equal(familiarity_after_week(rest, gone, met, time), rest)
    assert at_most(rest, met)
