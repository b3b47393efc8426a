"""Which inputs decide an outcome: Morris' screening and Sobol's indices (SALib), with the noise of luck set apart.

A mean over a few runs holds luck as well as the effect of the inputs. Both methods are applied to the means, and what
luck alone would have given is said beside them: the noise floor of an elementary effect, and the share of the variance
between points that is luck, by which the variance-based indices are corrected.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from ketensim.experiment.design import LEVELS, morris_points, sobol_points, unit_problem
from ketensim.run.extras import needed

if TYPE_CHECKING:
    import pandas as pd

__all__ = ["morris_indices", "morris_points", "noise_share", "sobol_indices", "sobol_points", "variance_of_mean"]
CONFIDENCE: Final = 0.95
RESAMPLES: Final = 200
Values = NDArray[np.float64]


def morris_indices(names: Sequence[str], points: Values, outcome: Values, seed: int = 0) -> pd.DataFrame:
    """Elementary effects of every input over its whole range.

    Parameters
    ----------
    names, points : as given to and made by ``morris_points``
    outcome : array [point, run]; one or more runs per point

    Returns
    -------
    DataFrame, strongest first: input; mu (mean elementary effect over the range, in the outcome's unit), mu_star (mean
    of its size), sigma (spread: interaction or bend), low and high (95 % interval of mu_star), noise (the mu_star that
    luck alone gives; not-a-number with one run per point)
    """
    import pandas as pd

    with needed("SALib", "morris"):
        from SALib.analyze import morris

    indices = morris.analyze(
        unit_problem(names), points, outcome.mean(axis=1), num_resamples=RESAMPLES, num_levels=LEVELS, seed=seed
    )
    star, half = np.asarray(indices["mu_star"]), np.asarray(indices["mu_star_conf"])
    table = pd.DataFrame(
        {
            "input": list(names),
            "mu": np.asarray(indices["mu"]),
            "mu_star": star,
            "sigma": np.asarray(indices["sigma"]),
            "low": np.maximum(star - half, 0.0),
            "high": star + half,
            "noise": _effect_of_luck(outcome),
        }
    )
    return table.sort_values("mu_star", ascending=False, ignore_index=True)


def _effect_of_luck(outcome: Values) -> float:
    """Mean size of an elementary effect between two points that differ in luck only (normal noise of the means)."""
    step = LEVELS / (2.0 * (LEVELS - 1.0))  # an elementary effect is a difference over this step
    deviation = np.sqrt(2.0 * variance_of_mean(outcome))
    return float(deviation * np.sqrt(2.0 / np.pi) / step)


def sobol_indices(names: Sequence[str], outcome: Values, seed: int = 0) -> pd.DataFrame:
    """Shares of the variance of an outcome, luck taken out.

    Parameters
    ----------
    names : of the inputs, as given to ``sobol_points``
    outcome : array [point, run], points as made by ``sobol_points``; luck independent between points

    Returns
    -------
    DataFrame, strongest first: input; first (share of the variance through the input alone) and total (with all its
    interactions), with first_low, first_high, total_low, total_high (95 %); noise (the same for every row: share of the
    variance between the means that was luck, by which the indices are corrected; 0 with one run per point)
    """
    import pandas as pd

    with needed("SALib", "sobol"):
        from SALib.analyze import sobol

    means = outcome.mean(axis=1)
    indices = sobol.analyze(
        unit_problem(names), means, calc_second_order=False, num_resamples=RESAMPLES, conf_level=CONFIDENCE, seed=seed
    )
    noise = noise_share(outcome)
    scale = 1.0 / (1.0 - noise) if noise < 1.0 else np.nan
    first, total = np.asarray(indices["S1"]), np.asarray(indices["ST"])
    first_half, total_half = np.asarray(indices["S1_conf"]), np.asarray(indices["ST_conf"])
    total = total - noise  # luck of its own at every point is in the total effect of every input
    table = pd.DataFrame(
        {
            "input": list(names),
            "first": first * scale,
            "first_low": (first - first_half) * scale,
            "first_high": (first + first_half) * scale,
            "total": total * scale,
            "total_low": (total - total_half) * scale,
            "total_high": (total + total_half) * scale,
            "noise": noise,
        }
    )
    return table.sort_values("total", ascending=False, ignore_index=True)


def variance_of_mean(outcome: Values) -> float:
    """Variance that luck leaves in the mean of a point's runs; not-a-number with one run per point."""
    runs = outcome.shape[1]
    return float(outcome.var(axis=1, ddof=1).mean() / runs) if runs > 1 else float("nan")


def noise_share(outcome: Values) -> float:
    """Share of the variance between the points' means that is luck, in [0, 1]; 0 with one run per point."""
    between = float(outcome.mean(axis=1).var(ddof=1))
    noise = variance_of_mean(outcome)
    return 0.0 if np.isnan(noise) or between <= 0.0 else min(1.0, noise / between)
