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
@given(base=share, parts=st.tuples(third, third, third))
def test_every_reason_adds_to_the_weight_and_no_reason_takes_it_away(base, parts):
    weight = calm_weight(base, *parts)
    assert is_share(weight) and at_most(base, weight)
    assert calm_weight(base, 0.0, 0.0, 0.0) == base
    for place in range(3):
        fewer = [0.0 if number == place else part for number, part in enumerate(parts)]
        assert at_most(calm_weight(base, *fewer), weight)


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
@given(calm=share, bite=share, coupling=share, damping=share)
def test_coupling_does_nothing_in_calm_times(calm, bite, coupling, damping):
    assert weight_under_pressure(calm, 0.0, bite, coupling, damping) == calm


@about(weight_under_pressure)
@given(calm=share, tense=share, bite=share, couplings=lower_and_higher, damping=share)
def test_coupling_dampens_the_fall_under_pressure(calm, tense, bite, couplings, damping):
    less, more = (weight_under_pressure(calm, tense, bite, coupling, damping) for coupling in couplings)
    assert at_most(less, more)
    assert between(less, 0.0, calm) and between(more, 0.0, calm)


@about(weight_inherited)
@given(weight=share, base=share, couplings=lower_and_higher, inheritance=share)
def test_who_takes_over_a_coupled_chain_starts_nearer_to_the_weight_of_the_predecessor(
    weight, base, couplings, inheritance
):
    less, more = (weight_inherited(weight, base, coupling, inheritance) for coupling in couplings)
    assert between(less, base, weight) and between(more, base, weight)
    assert at_most(abs(more - weight), abs(less - weight))
    assert weight_inherited(weight, base, 0.0, inheritance) == base


@about(own_course_chance)
@given(weights=lower_and_higher, distances=lower_and_higher, most=share)
def test_an_organisation_follows_its_own_course_less_with_weight_and_more_with_distance(weights, distances, most):
    heavy, light = (own_course_chance(weight, distances[1], most) for weight in reversed(weights))
    near = own_course_chance(weights[0], distances[0], most)
    assert at_most(heavy, light) and at_most(near, light) and between(light, 0.0, most)


@about(own_course_chance)
@given(value=share, most=share)
def test_who_gives_the_objective_full_weight_or_shares_it_has_no_own_course(value, most):
    assert own_course_chance(1.0, value, most) == 0.0
    assert own_course_chance(value, 0.0, most) == 0.0
