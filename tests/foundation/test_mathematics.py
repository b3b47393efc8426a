"""Portable mathematics against the C library."""

from __future__ import annotations

import math

from hypothesis import given
from hypothesis.strategies import floats

from ketensim.foundation import mathematics as m


@given(floats(-690, 690))
def test_the_exponential_is_right_to_fourteen_digits(x):
    assert math.isclose(m.exponential(x), math.exp(x), rel_tol=1e-13)


@given(floats(1e-300, 1e300))
def test_the_logarithm_is_right_to_thirteen_digits(x):
    assert math.isclose(m.logarithm(x), math.log(x), rel_tol=1e-13, abs_tol=1e-13)


@given(floats(-800, 800), floats(-800, 800))
def test_the_logistic_stays_in_range_and_rises(x, y):
    assert 0.0 <= m.logistic(x) <= 1.0
    assert (m.logistic(min(x, y))) <= m.logistic(max(x, y))


@given(floats(0, 1), floats(0, 1))
def test_two_shares_together_stay_a_share_and_commute(a, b):
    assert max(a, b) - 1e-12 <= m.either(a, b) <= 1.0
    assert math.isclose(m.either(a, b), m.either(b, a), abs_tol=1e-12)
