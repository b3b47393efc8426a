"""Two scenarios on equal luck: paired differences, with how sure they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from os import PathLike
from typing import TYPE_CHECKING

import numpy as np

from ketensim.foundation.errors import InputError, Problem
from ketensim.foundation.outcome_table import MORE, NEITHER, OUTCOME_NAMES, OUTCOME_OF
from ketensim.foundation.shown import Plotted
from ketensim.run.engine import simulate
from ketensim.run.estimate import CANNOT_BE_TOLD, HIGHER, Estimate
from ketensim.run.executors import Progress
from ketensim.run.results import Results, exact_band
from ketensim.scenario import files
from ketensim.scenario.schema import Scenario

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Comparison(Plotted):
    """Two ensembles, run by run on the same luck.

    Attributes
    ----------
    a, b : Results of both
    """

    a: Results
    b: Results

    @property
    def table(self) -> pd.DataFrame:
        """Per outcome: outcome, a, b (means over the runs), difference (b - a), low, high (95 % interval of the mean
        paired difference, Student's t), b_higher (share of the runs in which b is higher), judged (of b: ``better``,
        ``worse``, ``other`` when neither direction is welcome, ``same``, or ``cannot_be_told``).
        """
        table = paired_differences(self.a.summary, self.b.summary, OUTCOME_NAMES)
        spans = zip(table["difference"], table["low"], table["high"], strict=True)
        table["judged"] = [judged(name, Estimate(*span, 0)) for name, span in zip(table["outcome"], spans, strict=True)]
        return table

    def weekly(self, outcome: str) -> pd.DataFrame:
        """Band over the runs of the weekly difference b - a; columns as ``Results.band``."""
        names = list(OUTCOME_NAMES)
        if outcome not in names:
            self.a.band(outcome)  # raises the error with the nearest name
        column = names.index(outcome)
        first, second = self.a._kept(self.a.weekly_values), self.b._kept(self.b.weekly_values)
        import pandas as pd

        return pd.DataFrame(exact_band(second[:, :, column] - first[:, :, column]))


@dataclass(frozen=True, slots=True)
class PairedDifference:
    """How two sides differ on equal luck; runs without a value in either count in their own mean only.

    Attributes
    ----------
    a, b : means over the runs
    difference : b - a, with the 95 % interval of its mean
    b_higher, a_higher : shares of the runs in which one of them is higher
    """

    a: float
    b: float
    difference: Estimate
    b_higher: float
    a_higher: float


def judged(outcome: str, difference: Estimate) -> str:
    """What a difference in an outcome is worth, by the direction that the table of outcomes gives it.

    Returns
    -------
    ``better`` or ``worse``; ``other`` when it differs for certain and neither more nor less is welcome; ``same`` when no
    run differs; ``cannot_be_told``

    Examples
    --------
    >>> judged("loss_late", Estimate(-0.1, -0.2, -0.05, 9)), judged("arrived", Estimate(2.0, 1.0, 3.0, 9))
    ('better', 'other')
    """
    if difference.nought:
        return "same"
    verdict, direction = difference.verdict(), OUTCOME_OF[outcome].direction
    if verdict == CANNOT_BE_TOLD:
        return verdict
    if direction == NEITHER:
        return "other"
    return "better" if (verdict == HIGHER) == (direction == MORE) else "worse"


def paired_difference(a: np.ndarray, b: np.ndarray) -> PairedDifference:
    """How two sides differ, from one number per run of each."""
    difference = b - a
    known = difference[~np.isnan(difference)]
    higher, lower = ((float(np.mean(side > 0)) if len(known) else np.nan) for side in (known, -known))
    return PairedDifference(known_mean(a), known_mean(b), Estimate.of_mean(known), higher, lower)


def paired_differences(a: np.ndarray, b: np.ndarray, names: Sequence[str]) -> pd.DataFrame:
    """The same per column, as a table."""
    import pandas as pd

    pairs = [paired_difference(a[:, column], b[:, column]) for column in range(len(names))]
    rows = [
        (name, pair.a, pair.b, pair.difference.mean, pair.difference.low, pair.difference.high, pair.b_higher)
        for name, pair in zip(names, pairs, strict=True)
    ]
    return pd.DataFrame(rows, columns=["outcome", "a", "b", "difference", "low", "high", "b_higher"])


def known_mean(values: np.ndarray) -> float:
    """Mean of the values that are known; not-a-number when none is."""
    known = values[~np.isnan(values)]
    return float(known.mean()) if len(known) else float("nan")


def compare(
    a: Scenario | str | PathLike[str],
    b: Scenario | str | PathLike[str],
    runs: int = 200,
    seed: int = 1,
    *,
    weeks: int | None = None,
    progress: Progress | None = None,
    parameters: str | pd.DataFrame | None = None,
) -> Comparison:
    """Run two scenarios on equal luck and take the differences run by run.

    Parameters
    ----------
    a, b : scenarios, names or paths; they must have the same number of weeks
    runs, seed, weeks, progress, parameters : as for ``simulate``; both use the same parameters in the same run

    Raises
    ------
    InputError : as ``simulate``; or the two have different numbers of weeks
    """
    first, second = files.chain_of(a), files.chain_of(b)
    if weeks is None and first.weeks != second.weeks:
        facts = {"given": second.weeks, "allowed": first.weeks}
        raise InputError([Problem("error.weeks_differ", "weeks", facts)])

    def half(offset: int) -> Progress | None:
        return None if progress is None else lambda done, _: progress(offset + done, 2 * runs)

    return Comparison(
        simulate(first, runs, seed, weeks=weeks, progress=half(0), parameters=parameters),
        simulate(second, runs, seed, weeks=weeks, progress=half(runs), parameters=parameters),
    )
