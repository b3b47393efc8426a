"""Condition 4, binding capacity: claims about its rules."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from tests.claims import about, at_most, between, equal, is_share, lower_and_higher, share

from ketensim.conditions.binding import (
    binding_at_hiring,
    learning_hours,
    skills_after_week,
    softened,
    steering_at_hiring,
    trust_after_departure,
)

logit = st.floats(-4, 4)
gain = st.floats(0, 5)
weeks = st.floats(1, 500)


# --- hiring --------------------------------------------------------------------------------------------------------


@about(binding_at_hiring)
@given(level=logit, gain=gain, selections=lower_and_higher, deviation=logit)
def test_selection_on_binding_capacity_never_hires_a_less_binding_manager(level, gain, selections, deviation):
    less, more = (binding_at_hiring(level, gain, selection, deviation) for selection in selections)
    assert is_share(less) and is_share(more) and at_most(less, more)


@about(binding_at_hiring)
@given(level=logit, gain=gain, deviation=logit)
def test_without_gain_selection_does_nothing(level, gain, deviation):
    assert binding_at_hiring(level, 0.0, 1.0, deviation) == binding_at_hiring(level, gain, 0.0, deviation)


@about(binding_at_hiring)
@given(level=logit, deviation=logit)
def test_a_person_deviates_as_far_up_as_down(level, deviation):
    up, down = binding_at_hiring(level, 0.0, 0.0, deviation), binding_at_hiring(-level, 0.0, 0.0, -deviation)
    assert equal(up + down, 1.0)


@about(binding_at_hiring)
@given(level=logit, gain=gain, selection=share, deviations=st.tuples(logit, logit).map(sorted))
def test_a_person_above_the_mean_binds_more(level, gain, selection, deviations):
    assert at_most(*(binding_at_hiring(level, gain, selection, deviation) for deviation in deviations))


@about(steering_at_hiring)
@given(level=logit, given_up=gain, selections=lower_and_higher, deviation=logit)
def test_selection_on_binding_capacity_never_hires_a_manager_who_steers_better(level, given_up, selections, deviation):
    """Selecting is a choice, not a present."""
    less, more = (steering_at_hiring(level, given_up, selection, deviation) for selection in selections)
    assert is_share(less) and is_share(more) and at_most(more, less)
    assert steering_at_hiring(level, 0.0, 1.0, deviation) == steering_at_hiring(level, given_up, 0.0, deviation)


@about(steering_at_hiring, binding_at_hiring)
@given(level=logit, given_up=gain, selection=share, deviations=st.tuples(logit, logit).map(sorted))
def test_who_steers_above_the_mean_keeps_that_lead_and_without_selection_both_traits_are_drawn_alike(
    level, given_up, selection, deviations
):
    assert at_most(*(steering_at_hiring(level, given_up, selection, deviation) for deviation in deviations))
    drawn = steering_at_hiring(level, given_up, 0.0, deviations[0])
    assert drawn == binding_at_hiring(level, given_up, 0.0, deviations[0])


# --- what a manager does -------------------------------------------------------------------------------------------
@about(softened)
@given(effect=st.floats(0, 10), most=share, bindings=lower_and_higher)
def test_a_manager_who_binds_softens_what_comes_over_people_and_never_turns_it_round(effect, most, bindings):
    much, little = (softened(effect, most, binding) for binding in bindings)
    assert at_most(little, much) and between(little, 0.0, effect)
    assert softened(effect, most, 0.0) == softened(effect, 0.0, bindings[1]) == effect
    assert softened(effect, 1.0, 1.0) == 0.0


@about(softened)
@given(effect=st.floats(0, 10), most=share, binding=share)
def test_twice_the_effect_softened_is_twice_the_softened_effect(effect, most, binding):
    assert equal(softened(2.0 * effect, most, binding), 2.0 * softened(effect, most, binding))


# --- learning to work in a chain -----------------------------------------------------------------------------------
@about(skills_after_week)
@given(skills=share, stayings=lower_and_higher, learnings=lower_and_higher, time=weeks)
def test_skills_grow_with_what_is_offered_and_leave_with_the_people(skills, stayings, learnings, time):
    little = skills_after_week(skills, stayings[0], learnings[0], time)
    assert is_share(little)
    assert at_most(little, skills_after_week(skills, stayings[1], learnings[0], time))
    assert at_most(little, skills_after_week(skills, stayings[0], learnings[1], time))


@about(skills_after_week)
@given(skills=share, learning=share, times=st.tuples(weeks, weeks).map(sorted))
def test_who_stays_comes_to_what_is_offered_and_slower_where_learning_takes_longer(skills, learning, times):
    quick, slow = (skills_after_week(skills, 1.0, learning, time) for time in times)
    assert between(quick, skills, learning) and between(slow, skills, learning)
    assert at_most(abs(quick - learning), abs(slow - learning))
    assert equal(skills_after_week(learning, 1.0, learning, times[0]), learning)
    assert equal(skills_after_week(skills, 1.0, learning, 1.0), learning)


@about(skills_after_week)
@given(learning=share, staying=st.floats(0.5, 1), time=weeks)
def test_where_people_come_and_go_skills_come_to_rest_below_what_is_offered(learning, staying, time):
    """At rest S = S v + (L - S v) / n: the more turnover, the less is left of the same teaching."""
    rest = learning / time / (1.0 - staying * (1.0 - 1.0 / time))
    assert equal(skills_after_week(rest, staying, learning, time), rest)
    assert at_most(rest, learning)


@about(learning_hours)
@given(lever=share, skills=lower_and_higher, parts=st.tuples(share, share))
def test_learning_costs_most_at_first_and_what_it_takes_to_keep_it_up_once_all_is_learned(lever, skills, parts):
    first, later = (learning_hours(lever, skill, *parts) for skill in skills)
    assert at_most(later, first) and at_most(0.0, later)
    assert equal(learning_hours(lever, lever, *parts), parts[1] * lever)
    assert equal(learning_hours(1.0, 0.0, *parts), sum(parts))


@about(learning_hours)
@given(levers=lower_and_higher, skills=share, parts=st.tuples(share, share))
def test_who_offers_more_pays_more_hours_and_who_offers_nothing_none(levers, skills, parts):
    assert at_most(*(learning_hours(lever, skills, *parts) for lever in levers))
    assert learning_hours(0.0, skills, *parts) == 0.0


# --- leaving -------------------------------------------------------------------------------------------------------
@about(trust_after_departure)
@given(trust=share, stranger=share, carried=lower_and_higher)
def test_what_is_carried_over_keeps_trust_when_a_manager_leaves(trust, stranger, carried):
    less, more = (trust_after_departure(trust, stranger, part) for part in carried)
    assert between(less, trust, stranger) and between(more, trust, stranger)
    assert at_most(abs(more - trust), abs(less - trust))


@about(trust_after_departure)
@given(trust=share, stranger=share)
def test_personal_trust_leaves_with_the_person_where_nothing_is_carried_over(trust, stranger):
    assert trust_after_departure(trust, stranger, 0.0) == stranger
    assert equal(trust_after_departure(trust, stranger, 1.0), trust)


@about(trust_after_departure)
@given(trusts=lower_and_higher, stranger=share, carried=share)
def test_who_was_trusted_more_is_not_trusted_less_after_the_departure(trusts, stranger, carried):
    low, high = (trust_after_departure(trust, stranger, carried) for trust in trusts)
    assert at_most(low, high)
