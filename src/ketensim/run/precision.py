"""How many runs are enough: run on until the mean is known to within a wanted half-width."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from numbers import Real
from os import PathLike
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from ketensim.foundation.errors import InputError, Problem, check_whole
from ketensim.foundation.luck import MOST_RUNS
from ketensim.foundation.outcome_table import OUTCOME_NAMES
from ketensim.run.engine import summaries
from ketensim.run.estimate import Estimate, student_quantile
from ketensim.run.executors import Progress
from ketensim.run.results import position
from ketensim.scenario import files
from ketensim.scenario.schema import Scenario

if TYPE_CHECKING:
    import pandas as pd

LEAST: Final = 30  # runs before the rule may stop: a spread from fewer is too uncertain itself
STAY: Final = 5  # further runs during which the half-width has to stay below the wanted one [HoadRobinsonDavies2010]
SMALLEST: Final = 1e-6
MARGIN: Final = 1.1  # on the number expected, so that one more round is rarely needed
GROWTH: Final = 4  # a round is at most so many times all runs before it
Values = NDArray[np.float64]


@dataclass(frozen=True)
class Advice:
    """How many runs a wanted precision takes.

    Attributes
    ----------
    runs : smallest number of runs, counted from the first, for which the rule holds
    outcome : what was made precise
    estimate : mean over those runs with its 95 % interval (Student's t), in the outcome's unit; of the paired difference
        when two scenarios are compared
    """

    runs: int
    outcome: str
    estimate: Estimate


def half_widths(values: Values) -> Values:
    """Half of the 95 % interval of the mean after each further run.

    Parameters
    ----------
    values : one number per run, not-a-number where a run has none (it then adds nothing)

    Returns
    -------
    array [run]; infinite as long as fewer than two values are known

    Examples
    --------
    >>> half_widths(np.array([1.0, 3.0, 2.0])).round(3).tolist()
    [inf, 12.706, 2.484]
    """
    known = ~np.isnan(values)
    number = np.cumsum(known)
    centred = np.where(known, values - np.mean(values[known]) if known.any() else 0.0, 0.0)
    total, squares = np.cumsum(centred), np.cumsum(centred**2)
    enough = np.maximum(number, 2)
    spread = np.maximum(squares - total**2 / enough, 0.0) / (enough - 1)
    half = student_quantile(enough - 1) * np.sqrt(spread / enough)
    return np.where(number > 1, half, np.inf)


def enough(values: Values, precision: float) -> int | None:
    """Smallest number of runs after which the half-width is small enough and stays so; None when there is none yet."""
    small = half_widths(values) <= precision
    for runs in range(LEAST, len(values) - STAY + 1):
        if small[runs - 1 : runs + STAY].all():
            return runs
    return None


def runs_needed(
    scenario: Scenario | str | PathLike[str],
    precision: float,
    *,
    against: Scenario | str | PathLike[str] | None = None,
    outcome: str = "goal_realisation",
    seed: int = 1,
    most: int = 100_000,
    parameters: str | pd.DataFrame | None = None,
    progress: Progress | None = None,
) -> Advice:
    """How many runs give the mean of an outcome with a wanted precision.

    The rule: at least 30 runs, and the half-width of the 95 % interval of the mean is at most ``precision`` after that
    number of runs and after each of the five runs that follow [HoadRobinsonDavies2010]_. It looks at the runs one by
    one, in their order, so the advice depends on scenario and seed only.

    Parameters
    ----------
    scenario : a Scenario, or the name or path of one
    precision : wanted half-width, in the unit of the outcome (0.01 = one percentage point for a share)
    against : another scenario; then the paired difference on equal luck is what has to be precise
    outcome : name of an outcome
    seed, parameters : as for ``simulate``
    most : runs to stop at, 30 to 10,000,000
    progress : called with (runs done, runs expected)

    Raises
    ------
    InputError : unknown outcome or scenario, a number out of range, an outcome of which the first runs have no value, or
        not precise enough after ``most`` runs
    """
    most = _check(precision, most)
    column = position(outcome, list(OUTCOME_NAMES), "error.unknown_outcome")
    chains = [files.chain_of(chain) for chain in (scenario, against) if chain is not None]

    def drawn(first: int, number: int, progress: Progress | None) -> Values:
        runs = [summaries(chain, first, number, seed, parameters=parameters, progress=progress) for chain in chains]
        return runs[0][:, column] - runs[1][:, column] if len(runs) > 1 else runs[0][:, column]

    values = _until(drawn, precision, most, progress)
    runs = enough(values, precision)
    if runs is None:
        facts = {"given": precision, "runs": most, "reached": float(half_widths(values)[-1])}
        raise InputError([Problem("error.not_precise", "precision", facts)])
    mean, half = float(np.nanmean(values[:runs])), float(half_widths(values)[runs - 1])
    return Advice(runs, outcome, Estimate(mean, mean - half, mean + half, int((~np.isnan(values[:runs])).sum())))


def _until(
    drawn: Callable[[int, int, Progress | None], Values], precision: float, most: int, progress: Progress | None
) -> Values:
    """Runs in growing rounds until the rule holds or ``most`` is reached."""
    values: Values = np.zeros(0)
    wanted = LEAST + STAY
    while len(values) < most and enough(values, precision) is None:
        wanted = min(most, max(wanted, len(values) + STAY))
        values = np.append(values, drawn(len(values), wanted - len(values), _shifted(progress, len(values), wanted)))
        if np.isnan(values).all():  # no number of runs makes precise what none of them measures
            raise InputError(
                [Problem("error.nothing_measured", "precision", {"given": precision, "runs": len(values)})]
            )
        ratio = float(half_widths(values)[-1]) / precision
        expected = len(values) * ratio**2 * MARGIN if math.isfinite(ratio) else math.inf
        wanted = int(min(expected, GROWTH * len(values))) + STAY
    return values


def _shifted(progress: Progress | None, done: int, wanted: int) -> Progress | None:
    return None if progress is None else lambda some, _: progress(done + some, wanted)


def _check(precision: Any, most: Any) -> int:
    if isinstance(precision, bool) or not isinstance(precision, Real) or not float(precision) >= SMALLEST:
        facts = {"given": str(precision), "lower": SMALLEST}
        raise InputError([Problem("error.precision", "precision", facts)])
    return check_whole("most", most, LEAST + STAY, MOST_RUNS)
