"""A number over runs, and whether it can be told from nought."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from ketensim.run.comparison import paired_difference
from ketensim.run.estimate import CANNOT_BE_TOLD, HIGHER, LOWER, Estimate, student_quantile

values = st.lists(st.floats(-5, 5), min_size=2, max_size=30).map(np.array)


@given(values)
def test_the_interval_of_a_mean_is_that_of_the_textbook(values: np.ndarray) -> None:
    found = Estimate.of_mean(values)
    if values.std() > 1e-9:
        low, high = stats.t.interval(0.95, len(values) - 1, values.mean(), stats.sem(values))
        assert (found.low, found.high) == pytest.approx((low, high))
    assert found.n == len(values)


def test_the_quantile_is_to_the_bit_that_of_scipy_stats() -> None:
    degrees = np.arange(1, 2000)
    assert np.array_equal(student_quantile(degrees), stats.t.ppf(0.975, degrees))


@given(values, st.integers(0, 5))
def test_runs_without_a_value_change_nothing_but_what_they_are_not_counted_in(values: np.ndarray, holes: int) -> None:
    with_holes = np.concatenate([values, np.full(holes, np.nan)])
    assert Estimate.of_mean(with_holes) == Estimate.of_mean(values)
    assert Estimate.of_middle(with_holes) == Estimate.of_middle(values)


@given(values)
def test_what_is_told_apart_one_way_is_told_apart_the_other_way_when_the_sides_change_places(
    values: np.ndarray,
) -> None:
    opposite = {HIGHER: LOWER, LOWER: HIGHER, CANNOT_BE_TOLD: CANNOT_BE_TOLD}
    assert opposite[Estimate.of_mean(values).verdict()] == Estimate.of_mean(-values).verdict()


def test_a_difference_of_one_run_cannot_be_told() -> None:
    assert Estimate.of_mean(np.array([3.0])).verdict() == CANNOT_BE_TOLD
    assert not Estimate.of_mean(np.array([3.0])).known
    assert Estimate.of_mean(np.array([])).n == 0


def test_equal_sides_differ_by_nought_and_that_is_known() -> None:
    same = paired_difference(np.array([0.2, 0.4, 0.3]), np.array([0.2, 0.4, 0.3])).difference
    assert same.nought and same.known and same.verdict() == CANNOT_BE_TOLD


def test_a_difference_that_is_sure_but_not_worth_a_word_cannot_be_told() -> None:
    small = Estimate(0.004, 0.003, 0.005, 200)
    assert small.verdict() == HIGHER
    assert small.verdict(least=0.005) == CANNOT_BE_TOLD
    assert small.times(100).verdict(least=0.005) == HIGHER


@given(values, st.integers(4, 30))
def test_what_is_known_beside_all_runs_says_nothing_more_about_all_runs(values: np.ndarray, beside: int) -> None:
    other = np.random.default_rng(beside).normal(size=len(values))
    assert Estimate.of_mean_beside(values, other) == Estimate.of_mean(values)


def test_few_runs_say_more_when_of_all_runs_something_is_known_that_moves_along() -> None:
    """Where half the variance is that of what stands beside, the mean of 20 of 200 runs is nearer to that of all."""
    luck = np.random.default_rng(1).normal(size=(2, 300, 200))
    values, beside = luck[0] - luck[1], luck[1]
    plain, helped = (
        np.array([found(one, other).mean - one.mean() for one, other in zip(values, beside, strict=True)])
        for found in (
            lambda one, _: Estimate.of_mean(one[:20]),
            lambda one, other: Estimate.of_mean_beside(one[:20], other),
        )
    )
    assert helped.std() < 0.85 * plain.std()
    assert abs(helped.mean()) < 0.05
