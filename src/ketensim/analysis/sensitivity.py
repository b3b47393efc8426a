"""Which inputs decide an outcome: Morris' screening and Sobol's indices (SALib), with the noise of luck set apart.

A mean over a few runs holds luck as well as the effect of the inputs. Both methods are applied to the means, and what
luck alone would have given is said beside them, per input: from how differently the runs themselves answer to a step of
that input. Where every point met the same luck, an input that does nothing has no noise at all; where every point had
luck of its own, all inputs have the same, and it is taken out of the variance-based indices.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from ketensim.experiment.design import LEVELS, morris_points, sobol_points, unit_problem
from ketensim.foundation.errors import check_whole
from ketensim.foundation.luck import MOST_RUNS
from ketensim.run.executors import Progress, in_order
from ketensim.run.extras import needed
from ketensim.run.replications import Ensemble, Keep, replicate
from ketensim.scenario.schema import Scenario

if TYPE_CHECKING:
    import pandas as pd

__all__ = [
    "morris_indices",
    "morris_points",
    "noise_share",
    "outcomes_of",
    "shares_of_groups",
    "sobol_indices",
    "sobol_points",
    "variance_of_mean",
]
CONFIDENCE: Final = 0.95
RESAMPLES: Final = 200
SEED: Final = 1  # SALib takes 0 for "no seed", and the intervals would differ from call to call
LUCK_ALONE: Final = 0.025  # chance that luck alone makes the means of points differ as much as they do
Values = NDArray[np.float64]


def outcomes_of(
    chains: Sequence[Scenario],
    runs: int,
    seed: int = 1,
    *,
    equal_luck: bool = True,
    workers: int | None = None,
    progress: Progress | None = None,
) -> NDArray[np.float64]:
    """Summaries of the runs of every chain.

    Parameters
    ----------
    chains : variants
    runs : runs per variant
    seed : as for ``simulate``
    equal_luck : every variant meets the same luck (differences between them are sharper), or luck of its own (the noise
        of the means is independent, which the correction of variance-based indices needs)
    workers, progress : as for ``simulate``; progress counts variants

    Returns
    -------
    array [variant, run, outcome], outcomes in the order of ``OUTCOMES``

    Raises
    ------
    InputError : runs out of range
    """
    runs = check_whole("runs", runs, 1, MOST_RUNS)

    def of_variant(chain: Scenario, first: int) -> NDArray[np.float64]:
        return replicate(Ensemble.of(chain, seed), Keep(), first, runs).summary

    todo = [(chain, 0 if equal_luck else place * runs) for place, chain in enumerate(chains)]
    return np.stack(in_order(of_variant, todo, workers, progress))


def morris_indices(
    names: Sequence[str], points: Values, outcome: Values, seed: int = SEED, *, equal_luck: bool = False
) -> pd.DataFrame:
    """Elementary effects of every input over its whole range.

    Parameters
    ----------
    names, points : as given to and made by ``morris_points``
    outcome : array [point, run]; one or more runs per point, not-a-number where a run has no value
    seed : of the intervals, above 0
    equal_luck : whether a run met the same luck at every point

    Returns
    -------
    DataFrame, strongest first: input; mu (mean elementary effect over the range, in the outcome's unit), mu_star (mean
    of its size), sigma (spread: interaction or bend), low and high (95 % interval of mu_star), noise (the mu_star that
    luck alone gives; not-a-number with one run per point), told (whether mu_star can be told from it)
    """
    import pandas as pd

    with needed("SALib", "morris"):
        from SALib.analyze import morris

    means = means_of_known(outcome, equal_luck=equal_luck)
    indices = morris.analyze(unit_problem(names), points, means, num_resamples=RESAMPLES, num_levels=LEVELS, seed=seed)
    star, half = np.asarray(indices["mu_star"]), np.asarray(indices["mu_star_conf"])
    noise = _effect_of_luck(points, outcome)
    table = pd.DataFrame(
        {
            "input": list(names),
            "mu": np.asarray(indices["mu"]),
            "mu_star": star,
            "sigma": np.asarray(indices["sigma"]),
            "low": np.maximum(star - half, 0.0),
            "high": star + half,
            "noise": noise,
            "told": star - half > noise,  # false where the noise is not known
        }
    )
    return table.sort_values("mu_star", ascending=False, ignore_index=True, kind="stable")


def _effect_of_luck(points: Values, outcome: Values) -> Values:
    """Per input the mean size of an elementary effect that is luck only (normal noise of the mean difference)."""
    noise = np.full(points.shape[1], np.nan)
    sizes: list[list[float]] = [[] for _ in noise]
    moves = np.diff(points, axis=0)
    for step in np.flatnonzero((moves != 0.0).sum(axis=1) == 1):  # the others lead from one trajectory to the next
        column = int(np.flatnonzero(moves[step])[0])
        deviation = np.sqrt(variance_of_mean(outcome[step + 1] - outcome[step]))
        sizes[column].append(float(deviation * np.sqrt(2.0 / np.pi) / abs(moves[step, column])))
    for column, found in enumerate(sizes):
        known = [size for size in found if not np.isnan(size)]
        noise[column] = np.mean(known) if known else np.nan
    return noise


def sobol_indices(names: Sequence[str], outcome: Values, seed: int = SEED, *, equal_luck: bool = False) -> pd.DataFrame:
    """Shares of the variance of an outcome; luck is taken out where every point had its own.

    Parameters
    ----------
    names : of the inputs, as given to ``sobol_points``
    outcome : array [point, run], points as made by ``sobol_points``; not-a-number where a run has no value
    seed : of the intervals, above 0
    equal_luck : whether a run met the same luck at every point; the indices are then those of the means as they are

    Returns
    -------
    DataFrame, strongest first: input; first (share of the variance through the input alone) and total (with all its
    interactions), with first_low, first_high, total_low, total_high (95 %); noise (share of the variance between the
    means that is luck: with luck of its own the same for every input, and taken out; with equal luck what luck may have
    added to the total of that input); told (whether the total can be told from luck)
    """
    import pandas as pd

    means = means_of_known(outcome, equal_luck=equal_luck)
    indices = _analysed(names, means, seed)
    first, total = np.asarray(indices["S1"]), np.asarray(indices["ST"])
    first_half, total_half = np.asarray(indices["S1_conf"]), np.asarray(indices["ST_conf"])
    noise, scale = _noise(names, outcome, means, equal_luck=equal_luck)
    taken_out = np.zeros_like(noise) if equal_luck else noise  # luck of its own is in the total effect of every input
    total_low = (total - total_half - taken_out) * scale
    told = total_low > (noise if equal_luck else 0.0)
    table = pd.DataFrame(
        {
            "input": list(names),
            "first": first * scale,
            "first_low": (first - first_half) * scale,
            "first_high": (first + first_half) * scale,
            "total": (total - taken_out) * scale,
            "total_low": total_low,
            "total_high": (total + total_half - taken_out) * scale,
            "noise": noise,
            "told": told & (equal_luck or more_than_luck(outcome)),
        }
    )
    return table.sort_values("total", ascending=False, ignore_index=True, kind="stable")


def shares_of_groups(
    names: Sequence[str],
    outcome: Values,
    groups: Mapping[str, Sequence[str]],
    seed: int = SEED,
    *,
    equal_luck: bool = False,
) -> pd.DataFrame:
    """Share of the variance that comes from the single inputs of each group, with its 95 % interval.

    Parameters
    ----------
    names, outcome, seed, equal_luck : as for ``sobol_indices``
    groups : names of inputs by group

    Returns
    -------
    DataFrame: group, share (sum of the first-order indices), low, high
    """
    import pandas as pd

    means = means_of_known(outcome, equal_luck=equal_luck)
    indices = _analysed(names, means, seed)
    _, scale = _noise(names, outcome, means, equal_luck=equal_luck)
    rows = []
    for group, members in groups.items():
        columns = [place for place, name in enumerate(names) if name in members]
        share = float(np.asarray(indices["S1"])[columns].sum())
        half = 1.96 * float(np.asarray(indices["S1_conf_all"])[:, columns].sum(axis=1).std(ddof=1))
        rows.append((group, share * scale, (share - half) * scale, (share + half) * scale))
    return pd.DataFrame(rows, columns=["group", "share", "low", "high"])


def _analysed(names: Sequence[str], means: Values, seed: int) -> dict[str, Any]:
    """SALib's indices with the resamples behind their intervals; not-a-number where all means are the same."""
    with needed("SALib", "sobol"):
        from SALib.analyze import sobol

    if np.ptp(means) <= 0.0 or np.isnan(means).any():
        unknown = np.full(len(names), np.nan)
        none = dict.fromkeys(("S1", "ST", "S1_conf", "ST_conf"), unknown)
        return none | {"S1_conf_all": np.full((RESAMPLES, len(names)), np.nan)}
    found: dict[str, Any] = sobol.analyze(
        unit_problem(names), means, calc_second_order=False, num_resamples=RESAMPLES, conf_level=CONFIDENCE,
        keep_resamples=True, seed=seed,
    )  # fmt: skip
    return found


def _noise(names: Sequence[str], outcome: Values, means: Values, *, equal_luck: bool) -> tuple[Values, float]:
    """Share of the variance that is luck per input, and what indices are multiplied by when it is taken out."""
    if not equal_luck:
        share = noise_share(outcome)
        return np.full(len(names), share), 1.0 / (1.0 - share) if share < 1.0 else float("nan")
    rows = outcome.reshape(-1, len(names) + 2, outcome.shape[1])  # per base point A, then A with one input of B, then B
    steps = rows[:, 1:-1] - rows[:, :1]
    variance = np.array([np.nanmean(_variances(steps[:, place])) for place in range(len(names))])
    between = float(means.var())
    return variance / 2.0 / between if between > 0.0 else np.full(len(names), np.nan), 1.0


def means_of_known(outcome: Values, *, equal_luck: bool) -> Values:
    """Mean per point over the runs that have a value; with equal luck over those that have one at every point, if any."""
    whole = ~np.isnan(outcome).any(axis=0)
    kept = outcome[:, whole] if equal_luck and whole.any() else outcome
    known = ~np.isnan(kept)
    numbers = known.sum(axis=1)
    sums = np.where(known, kept, 0.0).sum(axis=1)
    means: Values = np.divide(sums, numbers, out=np.full(len(kept), np.nan), where=numbers > 0)
    return means


def more_than_luck(outcome: Values) -> bool:
    """Whether the means of points with luck of their own differ more than luck makes them (F test)."""
    from scipy.stats import f

    points, known = len(outcome), int((~np.isnan(outcome)).sum())
    share = noise_share(outcome)
    if known <= points or not share > 0.0:
        return known > points  # without spread between runs there is no luck; with one run each it is not known
    return bool(f.sf(1.0 / share, points - 1, known - points) < LUCK_ALONE)


def variance_of_mean(outcome: Values) -> float:
    """Variance that luck leaves in the mean of a point's runs; not-a-number with fewer than two runs that have a value.

    Parameters
    ----------
    outcome : array [point, run], or [run] of one point
    """
    variances = _variances(np.atleast_2d(outcome))
    known = variances[~np.isnan(variances)]
    return float(known.mean()) if len(known) else float("nan")


def _variances(outcome: Values) -> Values:
    """Per point the variance of the mean over the runs with a value."""
    known = ~np.isnan(outcome)
    numbers = known.sum(axis=1)
    enough = numbers > 1
    means = np.where(known, outcome, 0.0).sum(axis=1) / np.maximum(numbers, 1)
    squares = (np.where(known, outcome - means[:, None], 0.0) ** 2).sum(axis=1)
    return np.where(enough, squares / np.maximum(numbers - 1, 1) / np.maximum(numbers, 1), np.nan)


def noise_share(outcome: Values) -> float:
    """Share of the variance between the points' means that is luck of their own, in [0, 1]; 0 with one run per point."""
    between = float(means_of_known(outcome, equal_luck=False).var(ddof=1))
    noise = variance_of_mean(outcome)
    return 0.0 if np.isnan(noise) or between <= 0.0 else min(1.0, noise / between)
