"""How often each value occurs over the runs, week by week, in whole numbers: pieces add up in any order to the same bits.

An ensemble that is too large to keep its weekly values counts them in even bins, in the kernel that ran the weeks
(``chain/outcomes.py``). An experiment counts a few outcomes of every point in fewer bins; those of what is no share grow with
the number.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ketensim.foundation.outcome_table import BINS, FIXED_POINT, OUTCOMES, QUANTILES, Notebook
from ketensim.foundation.rows import SLOT

Values = NDArray[np.float64]
Whole = NDArray[np.int64]
Band = dict[str, np.ndarray]
RANGE_MARGIN = 1.5  # top of an even histogram over the largest value in the pilot
IS_SHARE = np.array([np.isfinite(row.upper) for row in OUTCOMES])


@dataclass(frozen=True, eq=False)
class Histograms:
    """Runs counted.

    Attributes
    ----------
    bins : array [week, outcome, bin]; runs per bin
    sums : array [week, outcome, 2]; runs that have a value, and their sum in whole numbers
    """

    bins: Whole
    sums: Whole

    def add(self, other: Histograms) -> None:
        """Count further runs here as well."""
        np.add(self.bins, other.bins, out=self.bins)
        np.add(self.sums, other.sums, out=self.sums)


@dataclass(frozen=True, eq=False)
class Bins:
    """Which outcomes are counted, in how many bins, up to where.

    Attributes
    ----------
    columns : numbers of the outcomes
    top : array [outcome]; end of the range, which begins at 0; what lies beyond it is in the last bin
    number : of bins
    growing : array [outcome]; bins of log(1 + value) instead of even ones
    fixed_point : what 1 is in the sums: of a value, or (``in_kernel``) of a value as a part of the top
    in_kernel : whether the kernel counts while it runs; it knows even bins of all outcomes only
    """

    columns: tuple[int, ...]
    top: Values
    number: int
    growing: NDArray[np.bool_]
    fixed_point: float
    in_kernel: bool = False

    def counted(self, values: Values) -> Histograms:
        """Histograms of runs whose values are known: array [run, week, outcome of ``columns``]."""
        known = ~np.isnan(values)
        values = np.where(known, values, 0.0)
        part = np.where(self.growing, np.log1p(values) / np.log1p(self.top), values / self.top)
        weeks, outcomes = values.shape[1:]
        row = np.arange(weeks * outcomes).reshape(weeks, outcomes) * self.number
        cell = row + np.clip((part * self.number).astype(np.int64), 0, self.number - 1)
        bins = np.bincount(cell[known], minlength=weeks * outcomes * self.number)
        # the kernel cuts off, run by run, where an experiment rounds
        whole = part * self.fixed_point if self.in_kernel else np.rint(values * self.fixed_point)
        sums = np.stack([known.sum(axis=0), whole.astype(np.int64).sum(axis=0)], axis=2)
        return Histograms(bins.reshape(weeks, outcomes, self.number).astype(SLOT), sums)

    def value_at(self, part: Values, outcome: int) -> Values:
        """The value at a part of the range of an outcome, in [0, 1]."""
        top = self.top[outcome]
        return np.asarray(np.expm1(part * np.log1p(top)) if self.growing[outcome] else part * top)

    def band(self, counted: Histograms, outcome: int) -> Band:
        """Week, quantiles (interpolated inside a bin) and mean of an outcome over the runs."""
        bins, (known, sums) = counted.bins[:, outcome], counted.sums[:, outcome].T
        total = known.astype(float)
        cumulative = np.cumsum(bins, axis=1)
        band: Band = {"week": np.arange(len(bins))}
        for name, share in QUANTILES.items():
            wanted = share * total
            place = np.argmax(cumulative >= wanted[:, None], axis=1)
            inside = np.take_along_axis(bins, place[:, None], axis=1)[:, 0]
            before = np.take_along_axis(cumulative, place[:, None], axis=1)[:, 0] - inside
            part = (place + (wanted - before) / np.maximum(inside, 1)) / self.number
            band[name] = np.where(total > 0, self.value_at(part, outcome), np.nan)
        unit = self.top[outcome] if self.in_kernel else 1.0
        with np.errstate(invalid="ignore", divide="ignore"):
            band["mean"] = sums / total / self.fixed_point * unit
        return band


def of_notebook(notebook: Notebook) -> Histograms:
    """What the kernel counted; of its last runs it has only written down where they belong."""
    place = notebook.place[: notebook.uncounted[0]]
    run, week, outcome = np.nonzero(place >= 0)
    np.add.at(notebook.bins, (week, outcome, place[run, week, outcome]), 1)
    notebook.uncounted[0] = 0
    return Histograms(notebook.bins, notebook.sums)


def even_bins(top: Values) -> Bins:
    """The bins of a large ensemble: 500 for every outcome, so that a quantile is off by at most 0.2 % of the range."""
    every = tuple(range(len(OUTCOMES)))
    return Bins(every, top, BINS, np.zeros(len(OUTCOMES), dtype=bool), FIXED_POINT, in_kernel=True)


def tops(weekly: Values) -> Values:
    """Top of each outcome's range from the runs of a pilot [run, week, outcome]: 1 for shares, else the largest and a margin."""
    largest = np.nanmax(np.where(np.isnan(weekly), 0.0, weekly), axis=(0, 1))
    return np.where(IS_SHARE, 1.0, np.maximum(1.0, RANGE_MARGIN * largest))
