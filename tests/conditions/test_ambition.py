"""Condition 1, ambition: claims about its rules."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from tests.claims import about, at_most, between, equal, is_share, lower_and_higher, share

from ketensim.conditions.ambition import (
    calm_weight,
    own_course_chance,
    policy_distance,
    tension,
    weight_carried,
    weight_inherited,
    weight_under_pressure,
)

coordinate = st.floats(-5, 5)
half = st.floats(0.1, 5)
third = st.floats(0, 1 / 3)


# --- distance ------------------------------------------------------------------------------------------------------
@about(policy_distance)
@given(x=coordinate, y=coordinate, half=half)
def test_an_ambition_on_the_objective_lies_at_no_distance(x, y, half):
    assert policy_distance(x, y, x, y, half) == 0.0


@about(policy_distance)
@given(x=coordinate, y=coordinate, there=coordinate, half=half)
def test_distance_is_a_share_and_the_same_from_both_sides(x, y, there, half):
    assert is_share(policy_distance(x, y, there, y, half))
    assert policy_distance(x, y, there, y, half) == policy_distance(there, y, x, y, half)


@about(policy_distance)
@given(x=coordinate, y=coordinate, there=st.tuples(coordinate, coordinate), half=half)
def test_no_value_of_politics_counts_more_than_another(x, y, there, half):
    one = policy_distance(x, y, there[0], there[1], half)
    assert equal(one, policy_distance(y, x, there[1], there[0], half))
    assert equal(one, policy_distance(x, -y, there[0], -there[1], half))
    assert equal(one, policy_distance(x - there[0], y - there[1], 0.0, 0.0, half))


@about(policy_distance)
@given(half=half)
def test_an_ambition_at_the_half_distance_is_halfway(half):
    assert equal(policy_distance(half, 0.0, 0.0, 0.0, half), 0.5)


@about(policy_distance)
@given(steps=st.tuples(st.floats(0, 5), st.floats(0, 5)).map(sorted), y=coordinate, half=half)
def test_an_ambition_further_off_lies_at_a_larger_distance(steps, y, half):
    near, far = (policy_distance(step, y, 0.0, y, half) for step in steps)
    assert at_most(near, far)


# --- weight --------------------------------------------------------------------------------------------------------
@about(calm_weight)
@given(base=share, parts=st.tuples(third, third, third, share, share))
def test_every_reason_adds_to_the_weight_and_no_reason_takes_it_away(base, parts):
    weight = calm_weight(base, *parts)
    assert is_share(weight) and at_most(base, weight)
    assert equal(calm_weight(base, 0.0, 0.0, 0.0, 0.0, 0.0), base)
    for place in range(len(parts)):
        fewer = [0.0 if number == place else part for number, part in enumerate(parts)]
        assert at_most(calm_weight(base, *fewer), weight)


@about(calm_weight)
@given(base=share, part=third)
def test_each_reason_alone_closes_its_part_of_the_weight_that_is_missing(base, part):
    for place in range(5):
        alone = [part if number == place else 0.0 for number in range(5)]
        assert equal(calm_weight(base, *alone), base + part * (1.0 - base))


@about(calm_weight)
@given(base=share, parts=st.tuples(third, third, third, share))
def test_full_trust_or_a_full_translation_on_the_official_level_is_reason_enough(base, parts):
    assert calm_weight(base, *parts, 1.0) == 1.0
    assert calm_weight(base, *parts[:3], 1.0, parts[3]) == 1.0


@about(tension)
@given(pressures=lower_and_higher, half=st.floats(0.05, 1))
def test_it_gets_tenser_as_pressure_rises_and_is_calm_without(pressures, half):
    low, high = (tension(pressure, half) for pressure in pressures)
    assert is_share(low) and is_share(high) and at_most(low, high)
    assert tension(0.0, half) == 0.0
    assert equal(tension(half, half), 0.5)


@about(tension)
@given(pressure=st.floats(0, 0.5), half=st.floats(0.5, 1))
def test_ordinary_pressure_hardly_counts(pressure, half):
    """Below the half the tension is smaller than in proportion: the reflex sets in late."""
    assert at_most(tension(pressure, half), 0.5 * pressure / half)


@about(weight_under_pressure)
@given(calm=share, bite=share, damping=share)
def test_coupling_and_skills_do_nothing_in_calm_times(calm, bite, damping):
    assert weight_under_pressure(calm, 0.0, bite, damping) == calm


@about(weight_under_pressure)
@given(calm=share, tense=share, bite=share, dampings=lower_and_higher)
def test_coupling_and_skills_dampen_the_fall_under_pressure(calm, tense, bite, dampings):
    less, more = (weight_under_pressure(calm, tense, bite, damping) for damping in dampings)
    assert at_most(less, more)
    assert between(less, 0.0, calm) and between(more, 0.0, calm)
    assert weight_under_pressure(calm, tense, bite, 1.0) == calm
    assert equal(weight_under_pressure(calm, 1.0, bite, 0.0), calm * (1.0 - bite))


# --- a change of administrator -------------------------------------------------------------------------------------
@about(weight_carried)
@given(couplings=lower_and_higher, officials=lower_and_higher, parts=st.tuples(share, share))
def test_coupling_and_managers_each_carry_the_objective_over_a_change_of_office(couplings, officials, parts):
    little = weight_carried(couplings[0], parts[0], officials[0], parts[1])
    assert is_share(little)
    assert at_most(little, weight_carried(couplings[1], parts[0], officials[0], parts[1]))
    assert at_most(little, weight_carried(couplings[0], parts[0], officials[1], parts[1]))


@about(weight_carried)
@given(coupling=share, official=share, part=share)
def test_what_lives_only_with_administrators_leaves_with_them_and_each_level_alone_carries_its_part(
    coupling, official, part
):
    assert weight_carried(0.0, part, 0.0, part) == 0.0
    assert equal(weight_carried(coupling, part, 0.0, part), part * coupling)
    assert equal(weight_carried(0.0, part, official, part), part * official)
    assert equal(weight_carried(1.0, part, 1.0, part), part + part * (1.0 - part))  # together more than either alone


@about(weight_inherited)
@given(weight=share, base=share, carried=lower_and_higher)
def test_the_more_is_carried_the_nearer_a_new_administrator_starts_to_the_weight_of_the_predecessor(
    weight, base, carried
):
    less, more = (weight_inherited(weight, base, part) for part in carried)
    assert between(less, base, weight) and between(more, base, weight)
    assert at_most(abs(more - weight), abs(less - weight))
    assert weight_inherited(weight, base, 0.0) == base
    assert equal(weight_inherited(weight, base, 1.0), weight)


# --- the own course ------------------------------------------------------------------------------------------------
@about(own_course_chance)
@given(weights=lower_and_higher, distances=lower_and_higher, most=share, translations=lower_and_higher)
def test_an_organisation_follows_its_own_course_less_with_weight_and_translation_and_more_with_distance(
    weights, distances, most, translations
):
    often = own_course_chance(weights[0], distances[1], most, translations[0])
    assert between(often, 0.0, most)
    assert at_most(own_course_chance(weights[1], distances[1], most, translations[0]), often)
    assert at_most(own_course_chance(weights[0], distances[0], most, translations[0]), often)
    assert at_most(own_course_chance(weights[0], distances[1], most, translations[1]), often)


@about(own_course_chance)
@given(value=share, most=share, translated=share)
def test_full_weight_a_shared_ambition_or_a_full_translation_leave_no_own_course(value, most, translated):
    assert own_course_chance(1.0, value, most, translated) == 0.0
    assert own_course_chance(value, 0.0, most, translated) == 0.0
    assert own_course_chance(value, translated, most, 1.0) == 0.0
    assert own_course_chance(0.0, 1.0, most, 0.0) == most
