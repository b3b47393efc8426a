"""Portable mathematics against the C library."""

from __future__ import annotations

import math

from hypothesis import given
from hypothesis.strategies import floats, integers
from tests.claims import about, at_most, between, equal, is_share, lower_and_higher, share

from ketensim.foundation import mathematics as m


@about(m.exponential)
@given(floats(-690, 690))
def test_the_exponential_is_right_to_fourteen_digits(x):
    assert math.isclose(m.exponential(x), math.exp(x), rel_tol=1e-13)


@about(m.logarithm)
@given(floats(1e-300, 1e300))
def test_the_logarithm_is_right_to_thirteen_digits(x):
    assert math.isclose(m.logarithm(x), math.log(x), rel_tol=1e-13, abs_tol=1e-13)


@about(m.logistic)
@given(floats(-800, 800), floats(-800, 800))
def test_the_logistic_stays_in_range_and_rises(x, y):
    assert 0.0 <= m.logistic(x) <= 1.0
    assert (m.logistic(min(x, y))) <= m.logistic(max(x, y))


@about(m.either)
@given(floats(0, 1), floats(0, 1))
def test_two_shares_together_stay_a_share_and_commute(a, b):
    assert max(a, b) - 1e-12 <= m.either(a, b) <= 1.0
    assert math.isclose(m.either(a, b), m.either(b, a), abs_tol=1e-12)


@about(m.scaled)
@given(floats(-1e100, 1e100), integers(-300, 300))
def test_scaling_by_a_power_of_two_is_exact(value, power):
    assert m.scaled(value, power) == math.ldexp(value, power) or abs(math.ldexp(value, power)) < 1e-300


@about(m.logarithm_of_share)
@given(floats(2.0**-33, 1))
def test_the_logarithm_without_loops_has_the_bits_of_the_one_with_loops(x):
    assert m.logarithm_of_share(x) == m.logarithm(x)


@about(m.chance)
@given(floats(0, 10), floats(0, 10))
def test_two_hazards_together_are_the_chance_of_either(a, b):
    assert is_share(m.chance(a)) and at_most(m.chance(a), m.chance(a + b))
    assert equal(m.chance(a + b), m.either(m.chance(a), m.chance(b)))


@about(m.kept_after_week)
@given(integers(1, 520))
def test_half_is_left_after_a_half_life(weeks):
    assert math.isclose(m.kept_after_week(float(weeks)) ** weeks, 0.5, rel_tol=1e-10)


@about(m.towards)
@given(share, share, floats(1, 208))
def test_a_level_moves_to_its_target_and_never_past_it(level, target, time):
    after = m.towards(level, target, time)
    assert between(after, level, target)
    assert at_most(abs(target - after), abs(target - level))
    assert m.towards(target, target, time) == target
    assert equal(m.towards(level, target, 1.0), target)


@about(m.lifted)
@given(lower_and_higher, share)
def test_a_lifted_share_starts_at_its_floor_and_ends_at_one(shares, floor):
    low, high = (m.lifted(part, floor) for part in shares)
    assert between(low, floor, 1.0) and at_most(low, high)
    assert m.lifted(0.0, floor) == floor and equal(m.lifted(1.0, floor), 1.0)


@about(m.rounded)
@given(floats(0, 1e9))
def test_a_rounded_number_is_the_nearest_whole_one(number):
    assert abs(m.rounded(number) - number) <= 0.5
