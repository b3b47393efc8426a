"""What is compared in a pattern: each contrast takes values of runs on equal luck and gives an effect with its interval."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ketensim.analysis.patterns.description import CellName, Statement, value_of
from ketensim.run.estimate import CONFIDENCE, Estimate

Values = NDArray[np.float64]
Measured = Mapping[tuple[str, CellName], Values]
DRAWS: Final = 1000  # resamples of the runs
FEWEST_FOR_HUMPS: Final = 4  # runs; with fewer every distribution has one hump
TAILS: Final = ((1.0 - CONFIDENCE) / 2.0, (1.0 + CONFIDENCE) / 2.0)


def effect_of(statement: Statement, values: Measured) -> Estimate:
    """The effect that a statement is about."""
    return CONTRASTS[statement.contrast](statement, values)


def comes_out(statement: Statement, effect: Estimate) -> bool:
    """Whether the whole interval lies on the claimed side."""
    if statement.above is not None:
        return bool(effect.low > statement.above)
    return bool(statement.below is not None and effect.high < statement.below)


def points_there(statement: Statement, effect: Estimate) -> bool:
    """Whether the effect itself lies on the claimed side, for few runs."""
    if statement.above is not None:
        return bool(effect.mean > statement.above)
    return bool(statement.below is not None and effect.mean < statement.below)


def mean(statement: Statement, values: Measured) -> Estimate:
    """Mean over the runs, Student's t."""
    return Estimate.of_mean(value_of(statement.value, values))


def share(statement: Statement, values: Measured) -> Estimate:
    """Share of the runs whose value lies beyond a limit, Wilson's interval."""
    from scipy import stats

    assert statement.beyond is not None
    known = value_of(statement.value, values)
    known = known[~np.isnan(known)]
    hits = int((known > statement.beyond).sum() if statement.beyond > 0 else (known < statement.beyond).sum())
    interval = stats.binomtest(hits, len(known)).proportion_ci(CONFIDENCE, method="wilson")
    return Estimate(hits / len(known), float(interval.low), float(interval.high), len(known))


def humps(statement: Statement, values: Measured) -> Estimate:
    """Hartigans' dip test: the chance of so deep a dip when there is one hump; an interval does not apply."""
    from diptest import diptest

    known = value_of(statement.value, values)
    known = known[~np.isnan(known)]
    chance = float(diptest(known)[1]) if len(known) >= FEWEST_FOR_HUMPS else float("nan")
    return Estimate(chance, chance, chance, len(known))


def inner_optimum(statement: Statement, values: Measured) -> Estimate:
    """How much the best inner point lies above the better of both ends.

    The best point is chosen on the even runs and judged on the odd ones, so that choosing does not flatter it.
    """
    points = np.stack([value_of(text, values) for text in statement.along])
    points = points[:, ~np.isnan(points).any(axis=0)]
    chosen, judged = points[:, ::2], points[:, 1::2]
    if judged.shape[1] == 0:
        judged = chosen
    best = 1 + int(np.argmax(chosen[1:-1].mean(axis=1)))
    end = int(np.argmax([judged[0].mean(), judged[-1].mean()])) * (len(points) - 1)
    return Estimate.of_mean(judged[best] - judged[end])


def optimum_shift(statement: Statement, values: Measured) -> Estimate:
    """How much further the best point lies than in the other circumstances, resampling the runs."""
    at = np.array(statement.at)
    here, there = (np.stack([value_of(text, values) for text in part]) for part in (statement.along, statement.against))
    pick = np.random.default_rng(0).integers(0, here.shape[1], (DRAWS, here.shape[1]))
    drawn = np.array([best_point(at, here[:, row]) - best_point(at, there[:, row]) for row in pick])
    low, high = (float(np.quantile(drawn, tail)) for tail in TAILS)
    return Estimate(best_point(at, here) - best_point(at, there), low, high, here.shape[1])


def best_point(at: Values, points: Values) -> float:
    """Where the mean over the runs is largest."""
    return float(at[int(np.argmax(points.mean(axis=1)))])


CONTRASTS: Final[Mapping[str, Callable[[Statement, Measured], Estimate]]] = {
    "mean": mean,
    "share": share,
    "humps": humps,
    "inner_optimum": inner_optimum,
    "optimum_shift": optimum_shift,
}
