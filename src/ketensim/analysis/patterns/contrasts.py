"""What is compared in a pattern: each contrast takes values of runs on equal luck and gives an effect with its interval."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ketensim.analysis.patterns.description import Statement
from ketensim.analysis.patterns.sums import CellName, value_of
from ketensim.run.estimate import CONFIDENCE, Estimate

Values = NDArray[np.float64]
Measured = Mapping[tuple[str, CellName], Values]
DRAWS: Final = 1000  # resamples of the runs
FEWEST_FOR_HUMPS: Final = 4  # runs; with fewer every distribution has one hump
FEWEST_TO_CORRELATE: Final = 4  # runs; with fewer there is no interval
NORMAL: Final = 1.959963984540054  # standard deviations on either side of the middle 95 % of a normal distribution
TAILS: Final = ((1.0 - CONFIDENCE) / 2.0, (1.0 + CONFIDENCE) / 2.0)


def effect_of(statement: Statement, values: Measured) -> Estimate:
    """The effect that a statement is about."""
    if statement.each:
        effects = [Estimate.of_mean(value_of(text, values)) for text in statement.each]
        return sorted(effects, key=lambda effect: inside_by(statement, effect), reverse=True)[statement.least - 1]
    return CONTRASTS[statement.contrast](statement, values)


def inside_by(statement: Statement, effect: Estimate) -> float:
    """By how much the whole interval lies on the claimed side; below 0 it does not."""
    above = -np.inf if statement.above is None else statement.above
    below = np.inf if statement.below is None else statement.below
    margin = min(effect.low - above, below - effect.high)
    return -np.inf if np.isnan(margin) else float(margin)


def comes_out(statement: Statement, effect: Estimate) -> bool:
    """Whether the whole interval lies on the claimed side."""
    return inside_by(statement, effect) > 0.0


def points_there(statement: Statement, effect: Estimate) -> bool:
    """Whether the effect itself lies on the claimed side, for few runs."""
    return inside_by(statement, replace(effect, low=effect.mean, high=effect.mean)) > 0.0


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


def correlation(statement: Statement, values: Measured) -> Estimate:
    """Pearson's correlation over the runs, Fisher's interval; of several pairs their mean, as in a meta-analysis."""
    from scipy import stats

    pairs = [
        np.stack([value_of(one, values), value_of(other, values)])
        for one, other in zip(statement.along, statement.against, strict=True)
    ]
    pairs = [pair[:, ~np.isnan(pair).any(axis=0)] for pair in pairs]
    number = sum(pair.shape[1] for pair in pairs)
    if any(pair.shape[1] < FEWEST_TO_CORRELATE or not pair.std(axis=1).all() for pair in pairs):
        return Estimate(np.nan, np.nan, np.nan, number)
    weights = np.array([pair.shape[1] - 3.0 for pair in pairs])
    mean = float(np.average([np.arctanh(stats.pearsonr(*pair).statistic) for pair in pairs], weights=weights))
    half = NORMAL / float(np.sqrt(weights.sum()))
    return Estimate(float(np.tanh(mean)), float(np.tanh(mean - half)), float(np.tanh(mean + half)), number)


def never_best(statement: Statement, values: Measured) -> Estimate:
    """By how much even the alternative that is hardest to beat is beaten in some state by some other one.

    State and rival are chosen on the even runs and judged on the odd ones, so that choosing does not flatter them.
    """
    names = list(dict.fromkeys(cell[0] for measure, cell in values if measure == statement.measure))
    table: Values = np.array(
        [[values[statement.measure, (name, state)] for state in statement.states] for name in names]
    )
    chosen, judged = table[..., ::2], table[..., 1::2]
    beaten = []
    for place in range(len(names)):
        lead = np.asarray(np.nanmean(chosen - chosen[place], axis=2))  # [rival, state]
        rival, state = divmod(int(np.nanargmax(lead)), lead.shape[1])
        beaten.append(Estimate.of_mean(judged[rival, state] - judged[place, state]))
    return min(beaten, key=lambda effect: inside_by(statement, effect))


CONTRASTS: Final[Mapping[str, Callable[[Statement, Measured], Estimate]]] = {
    "mean": mean,
    "share": share,
    "humps": humps,
    "inner_optimum": inner_optimum,
    "optimum_shift": optimum_shift,
    "correlation": correlation,
    "never_best": never_best,
}
