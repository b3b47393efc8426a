"""Luck: known answers of the generator, and samplers that are exact inversions."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis.strategies import floats, integers
from scipy import stats
from tests.claims import about

from ketensim.foundation import luck

# known answers of Random123 (kat_vectors, philox4x32 10)
KNOWN = [
    ((0, 0, 0, 0), (0, 0), (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)),
    ((0xFFFFFFFF,) * 4, (0xFFFFFFFF,) * 2, (0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD)),
    (
        (0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344),
        (0xA4093822, 0x299F31D0),
        (0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1),
    ),
]
uniform = floats(1e-9, 1 - 1e-9)


@about(luck.philox)
@pytest.mark.parametrize(("counter", "key", "words"), KNOWN)
def test_the_generator_gives_the_known_answers_of_random123(counter, key, words):
    assert luck.philox(*counter, *key) == words


@about(luck.poisson)
@given(u=uniform, mean=floats(0.01, 400))
def test_a_poisson_number_is_the_inverse_of_its_distribution(u, mean):
    number = luck.poisson(u, mean)
    assert stats.poisson.cdf(number, mean) >= u - 1e-9
    assert number == 0 or stats.poisson.cdf(number - 1, mean) < u + 1e-9


@about(luck.binomial)
@given(u=uniform, trials=integers(0, 200), share=floats(0.0, 1.0))
@example(u=0.0625, trials=109, share=0.99609375)  # the first term underflows, the last does not
def test_a_binomial_number_is_the_inverse_of_its_distribution(u, trials, share):
    number = luck.binomial(u, trials, share)
    assert 0 <= number <= trials
    assert stats.binom.cdf(number, trials, share) >= u - 1e-9
    assert number == 0 or stats.binom.cdf(number - 1, trials, share) < u + 1e-9


@about(luck.normal)
@given(u=uniform)
def test_a_normal_number_is_the_inverse_of_its_distribution(u):
    assert math.isclose(stats.norm.cdf(luck.normal(u)), u, rel_tol=1e-7, abs_tol=1e-8)


@given(low=uniform, high=uniform, mean=floats(0.1, 50))
def test_a_higher_draw_never_means_fewer_arrivals(low, high, mean):
    low, high = min(low, high), max(low, high)
    assert luck.poisson(low, mean) <= luck.poisson(high, mean)


@given(u=uniform, trials=integers(0, 100), low=floats(0, 1), high=floats(0, 1))
def test_a_higher_hazard_on_the_same_draw_never_lets_fewer_leave(u, trials, low, high):
    low, high = min(low, high), max(low, high)
    assert luck.binomial(u, trials, low) <= luck.binomial(u, trials, high)


@about(luck.draw)
def test_draws_of_different_identity_are_uniform_and_uncorrelated():
    draws = np.array([luck.draw(1, r, luck.VISIT, e, 0) for r in range(40) for e in range(100)]).ravel()
    assert stats.kstest(draws, "uniform").pvalue > 1e-4
    assert abs(np.corrcoef(draws[:-1], draws[1:])[0, 1]) < 0.04


def test_seed_zero_is_a_seed_like_any_other():
    assert luck.draw(0, 0, 1, 1, 1) != luck.draw(1, 0, 1, 1, 1)
    assert luck.draw(0, 0, 1, 1, 1) == luck.draw(0, 0, 1, 1, 1)


@about(luck.key_of)
def test_the_high_half_of_a_seed_counts():
    assert luck.draw(5, 0, 1, 1, 1) != luck.draw(5 + (1 << 32), 0, 1, 1, 1)


def test_no_two_purposes_share_a_number():
    purposes = [
        luck.ARRIVALS,
        luck.CASE_TRAITS,
        luck.ROUTE,
        luck.VISIT,
        *(luck.ORGANISATION_WEEK + k for k in range(4)),
    ]
    assert len(set(purposes)) == len(purposes)
    assert max(purposes) < luck.PURPOSES


@about(luck.unit)
@given(integers(0, 2**32 - 1), integers(0, 2**32 - 1))
def test_a_word_becomes_a_number_between_nought_and_one_and_keeps_its_place(one, other):
    assert 0.0 < luck.unit(one) < 1.0
    assert (luck.unit(one) < luck.unit(other)) == (one < other)


@about(luck.geometric)
@given(u=uniform, mean=floats(0.5, 208))
def test_a_waiting_time_is_the_inverse_of_a_constant_hazard(u, mean):
    weeks = luck.geometric(u, mean)
    assert weeks >= 1
    assert -math.expm1(-weeks / mean) >= u - 1e-9
    assert -math.expm1(-(weeks - 1) / mean) <= u + 1e-9
