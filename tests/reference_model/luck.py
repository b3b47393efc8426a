"""Appendix A and the shapes that come back: luck, samplers, and small functions."""

from __future__ import annotations

import math

WORD = 2**32
START = WORD - 1  # the moment before the run

PURPOSE_ARRIVALS, PURPOSE_TRAITS, PURPOSE_STEP, PURPOSE_VISIT = 1, 2, 3, 4
PURPOSE_PEOPLE, PURPOSE_MANAGER, PURPOSE_STAFF, PURPOSE_CHOICE = 5, 6, 7, 8


def exp(x: float) -> float:
    return math.exp(min(700.0, max(-700.0, x)))


def either(a: float, b: float) -> float:
    return 1 - (1 - a) * (1 - b)


def lift(x: float, floor: float) -> float:
    return floor + (1 - floor) * x


def towards(x: float, y: float, n: float) -> float:
    return x + (y - x) / n


def logistic(x: float) -> float:
    return 1 / (1 + exp(-x))


def chance(rate: float) -> float:
    return 1 - exp(-rate)


def soften(effect: float, most: float, binding: float) -> float:
    return effect * (1 - most * binding)


def kept(half_life: float) -> float:
    return exp(-math.log(2) / half_life)


# --- words and numbers ---------------------------------------------------------------------------------------------
def philox(key: tuple[int, int], counter: tuple[int, int, int, int]) -> tuple[int, int, int, int]:
    """The four words of a block: ten rounds of Philox4x32."""
    k0, k1 = key
    c0, c1, c2, c3 = counter
    for _ in range(10):
        p, q = 0xD2511F53 * c0, 0xCD9E8D57 * c2
        c0, c1, c2, c3 = q // WORD ^ c1 ^ k0, q % WORD, p // WORD ^ c3 ^ k1, p % WORD
        k0, k1 = (k0 + 0x9E3779B9) % WORD, (k1 + 0xBB67AE85) % WORD
    return c0, c1, c2, c3


def numbers(seed: int, replication: int, purpose: int, entity: int, moment: int) -> tuple[float, float, float, float]:
    """The four numbers of a block, each in (0, 1)."""
    a, b, c, d = philox((seed % WORD, seed // WORD), (moment, entity, replication, purpose))
    return (a + 0.5) / WORD, (b + 0.5) / WORD, (c + 0.5) / WORD, (d + 0.5) / WORD


# --- samplers ------------------------------------------------------------------------------------------------------
P_A = (
    -39.69683028665376,
    220.9460984245205,
    -275.9285104469687,
    138.3577518672690,
    -30.66479806614716,
    2.506628277459239,
)
P_B = (-54.47609879822406, 161.5858368580409, -155.6989798598866, 66.80131188771972, -13.28068155288572, 1.0)
P_C = (
    -0.007784894002430293,
    -0.3223964580411365,
    -2.400758277161838,
    -2.549732539343734,
    4.374664141464968,
    2.938163982698783,
)
P_D = (0.007784695709041462, 0.3224671290700398, 2.445134137142996, 3.754408661907416, 1.0)


def _polynomial(coefficients: tuple[float, ...], x: float) -> float:
    value = 0.0
    for coefficient in coefficients:
        value = value * x + coefficient
    return value


def _tail(q: float) -> float:
    return _polynomial(P_C, q) / _polynomial(P_D, q)


def normal(u: float) -> float:
    """The standard normal number with probability u below it (Acklam)."""
    if u < 0.02425:
        return _tail(math.sqrt(-2 * math.log(u)))
    if u > 0.97575:
        return -_tail(math.sqrt(-2 * math.log(1 - u)))
    q = u - 0.5
    r = q * q
    return q * _polynomial(P_A, r) / _polynomial(P_B, r)


def poisson(u: float, mean: float) -> int:
    if mean > 500:
        return max(0, int(mean + math.sqrt(mean) * normal(u) + 0.5))
    probability = cumulative = exp(-mean)
    n = 0
    while u > cumulative and n < 2000:
        n += 1
        probability *= mean / n
        cumulative += probability
    return n


def binomial(u: float, n: int, p: float) -> int:
    if p <= 0 or n <= 0:
        return 0
    if p >= 1:
        return n
    first = n * math.log(1 - p)
    if first < -600:
        return min(n, max(0, int(n * p + math.sqrt(n * p * (1 - p)) * normal(u) + 0.5)))
    probability = cumulative = exp(first)
    k = 0
    while u > cumulative and k < n:
        probability *= p / (1 - p) * (n - k) / (k + 1)
        k += 1
        cumulative += probability
    return k


def geometric(u: float, mean: float) -> int:
    return 1 + int(-math.log(1 - u) * mean)
