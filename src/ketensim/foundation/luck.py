"""Luck tied to identity: the only place where random numbers are born.

Every random decision is a pure function of (seed, replication, what for, who, when): Philox4x32-10 [Salmon2011]_ with
the seed as key and identity as counter. The same citizens arrive with the same case, the same manager leaves in the
same week whatever the levers are, in any order and on any number of processors. Samplers invert one uniform number, so
that they are monotone in it: another hazard on the same draw moves the outcome in one direction only.

Integers stay below 2**32 between operations; the one product may wrap in 64 bits, which the masks make harmless.
"""

from __future__ import annotations

import math
from typing import Final

from ketensim.foundation.compiled import inlined, kernel, rule
from ketensim.foundation.mathematics import exponential, logarithm
from ketensim.foundation.state import State

MASK: Final = 0xFFFFFFFF
MULTIPLIER_0: Final = 0xD2511F53
MULTIPLIER_1: Final = 0xCD9E8D57
WEYL_0: Final = 0x9E3779B9
WEYL_1: Final = 0xBB67AE85
TO_UNIT: Final = 1.0 / 4294967296.0
LARGEST_SEED: Final = 2**63 - 1
MOST_RUNS: Final = 10_000_000  # replications of one seed

# what a draw is for: part of the counter, so that no two decisions share a number
ARRIVALS: Final = 1
CASE_TRAITS: Final = 2
ROUTE: Final = 3
VISIT: Final = 4
ORGANISATION_WEEK: Final = 5  # and the three after it: four blocks of four numbers
OWN_EVENT: Final = 250  # an event that somebody added (chain/own.py)
PURPOSES: Final = 256  # a case type's number is stored above the purpose


@rule
@inlined
def philox(c0: int, c1: int, c2: int, c3: int, key_0: int, key_1: int) -> tuple[int, int, int, int]:
    """Four random 32-bit words from a counter of four and a key of two 32-bit words (Philox4x32-10 [Salmon2011]_).

    Examples
    --------
    >>> [hex(word) for word in philox(0, 0, 0, 0, 0, 0)]
    ['0x6627e8d5', '0xe169c58d', '0xbc57ac4c', '0x9b00dbd8']
    """
    for _ in range(10):
        product_0 = MULTIPLIER_0 * c0
        product_1 = MULTIPLIER_1 * c2
        c0, c1, c2, c3 = (
            ((product_1 >> 32) & MASK) ^ c1 ^ key_0,
            product_1 & MASK,
            ((product_0 >> 32) & MASK) ^ c3 ^ key_1,
            product_0 & MASK,
        )
        key_0 = (key_0 + WEYL_0) & MASK
        key_1 = (key_1 + WEYL_1) & MASK
    return c0, c1, c2, c3


@rule
@inlined
def unit(word: int) -> float:
    """A 32-bit word as a number in (0, 1): the middle of its 2**-32 interval.

    Examples
    --------
    >>> unit(0x7FFFFFFF) < 0.5 < unit(0x80000000)
    True
    """
    return (word + 0.5) * TO_UNIT


@rule
@inlined
def key_of(seed: int) -> tuple[int, int]:
    """The two 32-bit words of a seed: the generator's key.

    Examples
    --------
    >>> key_of(2**32 + 7)
    (7, 1)
    """
    return seed & MASK, (seed >> 32) & MASK


@rule
@inlined
def draw(seed: int, replication: int, purpose: int, entity: int, moment: int) -> tuple[float, float, float, float]:
    """Four uniform numbers in (0, 1) for one decision.

    Parameters
    ----------
    seed : whole number, 0 to 2**64 - 1 (as a signed 64-bit pattern in compiled code)
    replication : number of the run, 0 to 2**32 - 1
    purpose : what for, one of the constants above (plus PURPOSES x case type for cases)
    entity : who, 0 to 2**32 - 1
    moment : when, 0 to 2**32 - 1: a week, or the number of the visit

    Examples
    --------
    >>> draw(1, 0, VISIT, 7, 0) == draw(1, 0, VISIT, 7, 0) != draw(1, 0, VISIT, 7, 1)
    True
    """
    key_0, key_1 = key_of(seed)
    w0, w1, w2, w3 = philox(moment, entity, replication, purpose, key_0, key_1)
    return unit(w0), unit(w1), unit(w2), unit(w3)


@rule
def poisson(uniform: float, mean: float) -> int:
    """Number of events of a Poisson distribution by inversion; normal beyond a mean of 500.

    Examples
    --------
    >>> poisson(0.5, 3.0), poisson(0.999, 0.0)
    (3, 0)
    """
    if mean > 500.0:
        return max(0, int(mean + math.sqrt(mean) * normal(uniform) + 0.5))
    probability = exponential(-mean)
    cumulative = probability
    number = 0
    while uniform > cumulative and number < 2000:
        number += 1
        probability = probability * mean / number
        cumulative = cumulative + probability
    return number


@rule
def binomial(uniform: float, trials: int, share: float) -> int:
    """Number of successes in independent trials by inversion; normal where the first and the last term would underflow.

    Where only the first term would, the failures are counted instead.

    Examples
    --------
    >>> binomial(0.5, 10, 0.5), binomial(0.999, 10, 0.0), binomial(0.001, 10, 1.0)
    (5, 0, 10)
    >>> binomial(0.0625, 109, 0.99609375)
    107
    """
    if share <= 0.0 or trials <= 0:
        return 0
    if share >= 1.0:
        return trials
    first = trials * logarithm(1.0 - share)
    of_failures = first < -600.0 and share > 0.5
    if of_failures:
        uniform, share = 1.0 - uniform, 1.0 - share
        first = trials * logarithm(1.0 - share)
    if first < -600.0:
        middle = trials * share + math.sqrt(trials * share * (1.0 - share)) * normal(uniform)
        number = min(trials, max(0, int(middle + 0.5)))
        return trials - number if of_failures else number
    odds = share / (1.0 - share)
    probability = exponential(first)
    cumulative = probability
    number = 0
    while uniform > cumulative and number < trials:
        probability = probability * odds * (trials - number) / (number + 1)
        number += 1
        cumulative = cumulative + probability
    return trials - number if of_failures else number


@rule
def normal(uniform: float) -> float:
    """Standard normal number by inversion (Acklam's rational approximation, relative error below 1.2e-9).

    Examples
    --------
    >>> normal(0.5)
    0.0
    >>> abs(normal(0.975) - 1.959964) < 1e-6
    True
    """
    if uniform < 0.02425:
        return _normal_tail(math.sqrt(-2.0 * logarithm(uniform)))
    if uniform > 0.97575:
        return -_normal_tail(math.sqrt(-2.0 * logarithm(1.0 - uniform)))
    q = uniform - 0.5
    r = q * q
    top = ((((-39.69683028665376 * r + 220.9460984245205) * r - 275.9285104469687) * r + 138.3577518672690) * r
           - 30.66479806614716) * r + 2.506628277459239  # fmt: skip
    low = ((((-54.47609879822406 * r + 161.5858368580409) * r - 155.6989798598866) * r + 66.80131188771972) * r
           - 13.28068155288572) * r + 1.0  # fmt: skip
    return top * q / low


@rule
def _normal_tail(q: float) -> float:
    top = ((((-0.007784894002430293 * q - 0.3223964580411365) * q - 2.400758277161838) * q - 2.549732539343734) * q
           + 4.374664141464968) * q + 2.938163982698783  # fmt: skip
    low = (((0.007784695709041462 * q + 0.3224671290700398) * q + 2.445134137142996) * q + 3.754408661907416) * q + 1.0
    return top / low


@rule
def geometric(uniform: float, mean: float) -> int:
    """Whole number of weeks, at least 1, until something with a constant hazard; its mean is about ``mean``.

    Examples
    --------
    >>> geometric(0.5, 1.0) >= 1
    True
    """
    return 1 + int(-logarithm(1.0 - uniform) * mean)


@kernel
def draw_week(state: State, seed: int, replication: int, week: int) -> None:
    """Fill the table of this week's luck, one row per organisation, and leave it to the rules to read it."""
    for i in range(len(state.organisation)):
        luck = state.luck[i]
        luck.exit, luck.election, luck.ambition_x, luck.ambition_y = draw(seed, replication, ORGANISATION_WEEK, i, week)
        luck.tolerance, luck.manager_leaves, luck.manager_binding, luck.manager_steering = draw(
            seed, replication, ORGANISATION_WEEK + 1, i, week
        )
        luck.staff_leaves, luck.staff_hired, luck.noise, luck.intervene = draw(
            seed, replication, ORGANISATION_WEEK + 2, i, week
        )
        luck.choice, luck.climate, _, _ = draw(seed, replication, ORGANISATION_WEEK + 3, i, week)
