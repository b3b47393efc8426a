"""A number over runs with how sure it is, and the one verdict on whether it can be told from nought.

The only place that knows Student's t.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

CONFIDENCE: Final = 0.95
MIDDLE: Final = (0.1, 0.9)  # quantiles around the middle 80 per cent of the runs
HIGHER, LOWER, CANNOT_BE_TOLD = "higher", "lower", "cannot_be_told"
Values = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Estimate:
    """A number over runs, with a range around it; not-a-number where it is not known.

    Attributes
    ----------
    mean : in the unit of what was estimated
    low, high : ends of its 95 % interval, or of the middle 80 per cent of the runs as ``of_mean`` and ``of_middle`` give them
    n : number of values behind it; 0 when that was not recorded
    """

    mean: float
    low: float
    high: float
    n: int

    @classmethod
    def of_mean(cls, values: Values) -> Estimate:
        """Mean of the known values with its 95 % interval (Student's t), which takes two of them.

        Examples
        --------
        >>> found = Estimate.of_mean(np.array([1.0, 3.0, np.nan]))
        >>> found.mean, round(found.low, 3), round(found.high, 3), found.n
        (2.0, -10.706, 14.706, 2)
        """
        known = values[~np.isnan(values)]
        mean = float(known.mean()) if len(known) else float("nan")
        if len(known) < 2:
            return cls(mean, float("nan"), float("nan"), len(known))
        half = float(student_quantile(len(known) - 1)) * (float(known.std(ddof=1)) / np.sqrt(len(known)))
        return cls(mean, float(mean - half), float(mean + half), len(known))

    @classmethod
    def of_mean_beside(cls, values: Values, beside: Values) -> Estimate:
        """Mean of values of the first runs, when of more runs something is known that moves along with them.

        The regression estimator of two-phase sampling (Cochran, Sampling Techniques, chapter 12): luck that the few runs had
        in what stands beside is taken out. With equally many runs it is ``of_mean``.

        Parameters
        ----------
        values : array [run] of the first runs
        beside : array [run] of at least as many runs

        Examples
        --------
        >>> beside = np.array([0.0, 1.0, 2.0, 3.0, 4.0, 5.0])
        >>> Estimate.of_mean_beside(-2.0 * beside[:4], beside).mean, Estimate.of_mean(-2.0 * beside).mean
        (-5.0, -5.0)
        """
        known = ~np.isnan(values) & ~np.isnan(beside[: len(values)])
        here, first, whole = values[known], beside[: len(values)][known], beside[~np.isnan(beside)]
        if len(here) < 4 or len(whole) <= len(here) or first.std() == 0.0:
            return cls.of_mean(values)
        slope = float(np.cov(here, first)[0, 1] / first.var(ddof=1))
        mean = float(here.mean() + slope * (whole.mean() - first.mean()))
        rest = here - slope * first
        error = rest.var(ddof=2) / len(here) + slope**2 * whole.var(ddof=1) / len(whole)
        half = float(student_quantile(len(here) - 2)) * float(np.sqrt(error))
        return cls(mean, mean - half, mean + half, len(here))

    @classmethod
    def of_middle(cls, values: Values) -> Estimate:
        """Mean of the known values with the range of the middle 80 per cent of them."""
        known = values[~np.isnan(values)]
        if not len(known):
            return cls(float("nan"), float("nan"), float("nan"), 0)
        low, high = np.quantile(known, MIDDLE)
        return cls(float(known.mean()), float(low), float(high), len(known))

    @property
    def half_width(self) -> float:
        """Half of the range."""
        return (self.high - self.low) / 2

    @property
    def known(self) -> bool:
        """Whether it has a mean and both ends."""
        return bool(np.isfinite([self.mean, self.low, self.high]).all())

    @property
    def nought(self) -> bool:
        """Whether it is exactly nought in every run, as a difference between equal settings is."""
        return self.low == 0.0 == self.high

    @property
    def sure(self) -> bool:
        """Whether it can be told from nought."""
        return self.verdict() != CANNOT_BE_TOLD

    def verdict(self, least: float = 0.0) -> str:
        """``higher`` or ``lower`` than nought when the whole range is; else ``cannot_be_told``.

        Parameters
        ----------
        least : a mean that is nearer to nought than this is not worth a word

        Examples
        --------
        >>> Estimate(0.02, 0.01, 0.03, 40).verdict(), Estimate(0.02, 0.01, 0.03, 40).verdict(least=0.05)
        ('higher', 'cannot_be_told')
        """
        if abs(self.mean) < least:
            return CANNOT_BE_TOLD
        return HIGHER if self.low > 0 else LOWER if self.high < 0 else CANNOT_BE_TOLD

    def times(self, factor: float) -> Estimate:
        """The same in a unit that is ``factor`` (above 0) times as small."""
        return Estimate(factor * self.mean, factor * self.low, factor * self.high, self.n)


def means_interval(values: Values) -> tuple[Values, Values]:
    """Ends of the 95 % interval of the mean of each row, over the values that are known; not-a-number with fewer than two.

    Examples
    --------
    >>> low, high = means_interval(np.array([[1.0, 3.0, np.nan], [2.0, np.nan, np.nan]]))
    >>> low.round(3).tolist(), high.round(3).tolist()
    ([-10.706, nan], [14.706, nan])
    """
    known = ~np.isnan(values)
    numbers = known.sum(axis=1)
    means = np.where(known, values, 0.0).sum(axis=1) / np.maximum(numbers, 1)
    squares = (np.where(known, values - means[:, None], 0.0) ** 2).sum(axis=1)
    freedom = np.maximum(numbers - 1, 1)
    half = student_quantile(freedom) * np.sqrt(squares / freedom / np.maximum(numbers, 1))
    half = np.where(numbers > 1, half, np.nan)
    return means - half, means + half


def student_quantile(degrees: int | NDArray[np.int64]) -> Values:
    """How many standard errors the 95 % interval reaches to either side of a mean, by degrees of freedom."""
    from scipy.special import stdtrit  # the same to the bit as scipy.stats, whose import takes a second

    return np.asarray(stdtrit(degrees, 0.5 + CONFIDENCE / 2))
