"""The numbers that the views show, read once from results; nothing here makes a sentence or a picture.

A view asks for a series by the name of its outcome and gets an array. Means over the runs are taken here.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, Protocol

import numpy as np
from numpy.typing import NDArray

from ketensim.foundation.errors import InputError, Problem
from ketensim.foundation.mathematics import WEEKS_PER_YEAR
from ketensim.foundation.outcome_table import BAND, ORGANISATION_OUTCOME_NAMES, OUTCOME_NAMES
from ketensim.foundation.rows import HOURS
from ketensim.run.estimate import Estimate

if TYPE_CHECKING:
    from ketensim.run.results import Results

Series = NDArray[np.float64]
SHORT: Final = 22  # letters of a name beside a line
LAST: Final = 2000  # week that no run reaches


class Columns(Protocol):
    """Anything with columns by name: a DataFrame, a dict of arrays, a record array."""

    def __getitem__(self, name: str, /) -> Any:
        """One column."""


class Reading:
    """Results as the views read them.

    Parameters
    ----------
    results : of one scenario; weeks count from 0, the first reported week
    sample : results of the first of the same runs with their organisations, when the ensemble is too large to keep them
    """

    def __init__(self, results: Results, sample: Results | None = None) -> None:
        self.results = results
        self.sample = sample
        self.scenario = results.scenario
        self.names = tuple(organisation.id for organisation in self.scenario.organisations)
        self.weeks = np.arange(self.scenario.weeks)
        self._bands: dict[str, dict[str, Series]] = {}
        self._means: dict[str, Series] = {}

    @cached_property
    def dates(self) -> tuple[datetime.date, ...]:
        """First day of each reported week."""
        return tuple(self.scenario.date_of(int(week)) for week in self.weeks)

    @property
    def kept(self) -> Results:
        """The results that hold the weeks of organisations: all runs, or the sample."""
        return self.results if self.sample is None else self.sample

    @property
    def run_count(self) -> int:
        """Number of runs."""
        return self.results.number_of_runs

    def band(self, outcome: str) -> dict[str, Series]:
        """Per week the quantiles and the mean over the runs: p10, p25, p50, p75, p90, mean."""
        if outcome not in self._bands:
            table = self.results.band_arrays(outcome)
            self._bands[outcome] = {name: column(table, name) for name in BAND}
        return self._bands[outcome]

    def mean(self, outcome: str) -> Series:
        """Mean over the runs, per week."""
        return self.band(outcome)["mean"]

    def of_runs(self, outcome: str) -> Estimate:
        """The summary of a run (see OUTCOMES), over the runs: mean and the range of the middle 80 %."""
        return Estimate.of_middle(self.results.summary[:, OUTCOME_NAMES.index(outcome)])

    def organisation(self, outcome: str) -> Series:
        """Mean over the runs, [organisation, week]."""
        if outcome not in self._means:
            values = self.kept.organisation_values
            if values is None:
                raise InputError([Problem("error.weekly_not_kept")])
            values = values[..., ORGANISATION_OUTCOME_NAMES.index(outcome)]
            known = ~np.isnan(values)
            number, total = known.sum(axis=0), np.where(known, values, 0.0).sum(axis=0)
            mean = np.divide(total, number, out=np.full(total.shape, np.nan), where=number > 0)
            self._means[outcome] = mean.T
        return self._means[outcome]

    def organisation_mean(self, outcome: str) -> Series:
        """Mean over runs and weeks, [organisation]; a week without a value counts as 0."""
        return np.asarray(np.nanmean(np.nan_to_num(self.organisation(outcome)), axis=1))

    def organisation_by_run(self, outcome: str) -> Series:
        """Mean over the weeks, [run, organisation]; a week without a value counts as 0."""
        source = self.results if self.sample is None else self.sample
        if source.organisation_values is None:
            raise InputError([Problem("error.weekly_not_kept")])
        values = source.organisation_values[..., ORGANISATION_OUTCOME_NAMES.index(outcome)]
        return np.asarray(np.nan_to_num(values).mean(axis=1))

    @cached_property
    def hours(self) -> dict[str, Series]:
        """Mean hours per week by use, in the order in which they are told."""
        return {name: self.mean(name) for name in HOURS}

    def hour_shares(self, first: int = 0, last: int = LAST) -> dict[str, float]:
        """Share of all hours per use, over the weeks from ``first`` up to ``last``."""
        sums = {name: float(np.nansum(hours[first:last])) for name, hours in self.hours.items()}
        total = sum(sums.values())
        return {name: part / total if total > 0 else 0.0 for name, part in sums.items()}

    def label(self, name: str, language: str) -> str:
        """The full name of an organisation."""
        return self.scenario.organisations[self.names.index(name)].label.in_language(language)

    def short_label(self, name: str, language: str) -> str:
        """The full name of an organisation where it fits beside a line, else its short name."""
        label = self.label(name, language)
        return label if len(label) <= SHORT else name


def column(table: Columns, name: str) -> Series:
    """One column as an array of numbers."""
    return np.asarray(table[name], dtype=float)


def mean_of_year(values: Sequence[float] | Series, year: int) -> float:
    """Mean over a year of weeks, the first is 0 and the last that is known -1; not-a-number when nothing is known."""
    series = np.asarray(values, dtype=float)
    known = series[~np.isnan(series)]
    if not len(known):
        return float("nan")
    if year < 0:
        return float(known[-WEEKS_PER_YEAR:].mean())
    part = series[year * WEEKS_PER_YEAR : (year + 1) * WEEKS_PER_YEAR]
    part = part[~np.isnan(part)]
    return float(part.mean()) if len(part) else float("nan")
