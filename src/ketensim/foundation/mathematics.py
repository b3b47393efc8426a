"""Portable mathematics: exp, log and a few shapes made of IEEE operations only.

The C library's ``exp`` and ``log`` differ in the last bit between machines (with and without fused multiply-add), and
numba's from numpy's. Made of additions, multiplications and divisions in a fixed order, these give the same bits in
plain Python, in machine code, and on every processor; they inline as well. Error: below 1e-14 relative on the range
used.
"""

from __future__ import annotations

from ketensim.foundation.compiled import inlined, rule

LN2_HIGH = 6.93147180369123816490e-01
LN2_LOW = 1.90821492927058770002e-10
LN2 = 0.6931471805599453
SQRT_HALF = 0.7071067811865476
TWICE_SQRT_HALF = 1.4142135623730951
LOG2_E = 1.4426950408889634
EXP_LARGEST = 700.0
WEEKS_PER_YEAR = 52


@rule
def exponential(x: float) -> float:
    """Exponential of x, for x clipped to [-700, 700]; relative error below 1e-14.

    Examples
    --------
    >>> abs(exponential(1.0) - 2.718281828459045) < 1e-14
    True
    """
    x = min(x, EXP_LARGEST)
    x = max(x, -EXP_LARGEST)
    half = 0.5 if x >= 0.0 else -0.5
    power = int(x * LOG2_E + half)
    rest = (x - power * LN2_HIGH) - power * LN2_LOW
    # Horner's form of the series, coefficients 1/14! to 1/0!
    total = 1.1470745597729725e-11
    total = total * rest + 1.6059043836821613e-10
    total = total * rest + 2.08767569878681e-09
    total = total * rest + 2.505210838544172e-08
    total = total * rest + 2.755731922398589e-07
    total = total * rest + 2.7557319223985893e-06
    total = total * rest + 2.48015873015873e-05
    total = total * rest + 0.0001984126984126984
    total = total * rest + 0.001388888888888889
    total = total * rest + 0.008333333333333333
    total = total * rest + 0.041666666666666664
    total = total * rest + 0.16666666666666666
    total = total * rest + 0.5
    total = total * rest + 1.0
    total = total * rest + 1.0
    return scaled(total, power)


@rule
def scaled(value: float, power: int) -> float:
    """Value times 2 to the power (exact while the result is a normal number).

    Examples
    --------
    >>> scaled(1.5, -3)
    0.1875
    """
    factor = 2.0
    if power < 0:
        factor = 0.5
        power = -power
    while power > 0:
        if power & 1:
            value = value * factor
        factor = factor * factor
        power >>= 1
    return value


@rule
def logarithm(x: float) -> float:
    """Natural logarithm of a positive x; relative error below 1e-14. Not defined for x <= 0 (gives -700).

    Examples
    --------
    >>> abs(logarithm(10.0) - 2.302585092994046) < 1e-14
    True
    """
    if x <= 0.0:
        return -EXP_LARGEST
    power = 0.0
    while x > TWICE_SQRT_HALF:
        x = x * 0.5
        power += 1.0
    while x < SQRT_HALF:
        x = x * 2.0
        power -= 1.0
    return _logarithm_near_one(x) + power * LN2


@rule
@inlined
def logarithm_of_share(x: float) -> float:
    """Natural logarithm of x in [2**-33, 1]: the bits of ``logarithm``, without loops, so that many go at once.

    Examples
    --------
    >>> all(logarithm_of_share(x) == logarithm(x) for x in (2.0**-33, 1e-5, 0.1, 0.7, 0.71, 1.0))
    True
    """
    power = 0.0
    power, x = (power - 32.0, x * 4294967296.0) if x * 4294967296.0 < TWICE_SQRT_HALF else (power, x)
    power, x = (power - 16.0, x * 65536.0) if x * 65536.0 < TWICE_SQRT_HALF else (power, x)
    power, x = (power - 8.0, x * 256.0) if x * 256.0 < TWICE_SQRT_HALF else (power, x)
    power, x = (power - 4.0, x * 16.0) if x * 16.0 < TWICE_SQRT_HALF else (power, x)
    power, x = (power - 2.0, x * 4.0) if x * 4.0 < TWICE_SQRT_HALF else (power, x)
    power, x = (power - 1.0, x * 2.0) if x * 2.0 < TWICE_SQRT_HALF else (power, x)
    return _logarithm_near_one(x) + power * LN2


@rule
@inlined
def _logarithm_near_one(x: float) -> float:
    ratio = (x - 1.0) / (x + 1.0)
    square = ratio * ratio
    # Horner's form of the series of the inverse hyperbolic tangent, coefficients 1/19, 1/17 ... 1
    total = 0.05263157894736842
    total = total * square + 0.058823529411764705
    total = total * square + 0.06666666666666667
    total = total * square + 0.07692307692307693
    total = total * square + 0.09090909090909091
    total = total * square + 0.1111111111111111
    total = total * square + 0.14285714285714285
    total = total * square + 0.2
    total = total * square + 0.3333333333333333
    total = total * square + 1.0
    return 2.0 * ratio * total


@rule
def logistic(x: float) -> float:
    """1 / (1 + e**-x): a logit turned into a share in [0, 1].

    Examples
    --------
    >>> logistic(0.0)
    0.5
    """
    return 1.0 / (1.0 + exponential(-x))


@rule
def chance(rate: float) -> float:
    """Probability that something with this hazard (per week) happens within the week, a share in [0, 1].

    Examples
    --------
    >>> chance(0.0)
    0.0
    """
    return 1.0 - exponential(-rate)


@rule
def kept_after_week(half_life: float) -> float:
    """Share of a stock left after one week, given its half-life in weeks.

    Examples
    --------
    >>> abs(kept_after_week(1.0) - 0.5) < 1e-15
    True
    """
    return exponential(-LN2 / half_life)


@rule
def either(first: float, second: float) -> float:
    """Two shares that add up without passing 1: 1 - (1 - a)(1 - b), commutative.

    Examples
    --------
    >>> either(0.5, 0.5)
    0.75
    """
    return 1.0 - (1.0 - first) * (1.0 - second)


@rule
def towards(level: float, target: float, time: float) -> float:
    """A level after one week on its way to a target, with a time constant in weeks of at least 1.

    Examples
    --------
    >>> towards(0.0, 1.0, 4.0)
    0.25
    """
    return level + (target - level) / time


@rule
def lifted(share: float, floor: float) -> float:
    """A share that starts at a floor instead of at 0: floor + (1 - floor) x share, still at most 1.

    Examples
    --------
    >>> lifted(0.5, 0.5)
    0.75
    """
    return floor + (1.0 - floor) * share


@rule
def rounded(number: float) -> int:
    """The nearest whole number of a number of at least 0; halves go up.

    Examples
    --------
    >>> rounded(2.4), rounded(2.5)
    (2, 3)
    """
    return int(number + 0.5)
