"""What a condition does on its own and together with another: effects in a two-level design, on equal luck.

Every replication meets the same luck at all points, so an effect is taken inside each replication and its spread over
the replications gives the interval: no variance of luck between points is left in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from ketensim.foundation.errors import InputError, Problem
from ketensim.foundation.outcome_table import MORE, NEITHER
from ketensim.run.comparison import known_mean, paired_difference
from ketensim.run.estimate import CONFIDENCE, Estimate

if TYPE_CHECKING:
    import pandas as pd

DRAWS: Final = 2000  # resamples of the replications for a ranking
SAME: Final = 1e-9  # two columns of signs that differ less are the same column
Values = NDArray[np.float64]


def signs(points: pd.DataFrame, factors: Sequence[str]) -> Values:
    """-1 at the lower and +1 at the higher level of each factor: array [point, factor].

    Raises
    ------
    InputError : a factor with more or fewer than two levels
    """
    sign = np.zeros((len(points), len(factors)))
    for column, name in enumerate(factors):
        values = points[name].to_numpy(dtype=float)
        levels = np.unique(values)
        if len(levels) != 2:
            raise InputError([Problem("error.not_two_levels", name, {"given": len(levels)})])
        sign[:, column] = np.where(values == levels[1], 1.0, -1.0)
    return sign


def effects(points: pd.DataFrame, outcomes: Values, factors: Sequence[str]) -> pd.DataFrame:
    """Main effects and two-factor interactions.

    Parameters
    ----------
    points : one row per point of a two-level design, with a column per factor
    outcomes : array [point, replication], in the order of ``points``
    factors : names of columns

    Returns
    -------
    DataFrame: factor, other (empty for a main effect), effect (difference between high and low in the outcome's unit; for
    an interaction half the difference between the effects of ``factor`` at the high and the low level of ``other``),
    low, high (95 %, Student's t over the replications), alias (names of what this design cannot tell it from)
    """
    import pandas as pd

    sign = signs(points, factors)
    columns: list[tuple[str, str, Values]] = [(name, "", sign[:, place]) for place, name in enumerate(factors)]
    for first, second in combinations(range(len(factors)), 2):
        columns.append((factors[first], factors[second], sign[:, first] * sign[:, second]))
    rows = []
    for factor, other, column in columns:
        effect = Estimate.of_mean(contrasts(column, outcomes))
        alias = [
            _name(*names)
            for *names, against in columns
            if names != [factor, other] and abs(abs(float(column @ against)) - len(column)) < SAME
        ]
        rows.append((factor, other, effect.mean, effect.low, effect.high, ", ".join(alias)))
    return pd.DataFrame(rows, columns=["factor", "other", "effect", "low", "high", "alias"])


def known_everywhere(outcomes: Values) -> NDArray[np.bool_]:
    """Per replication whether it has a value at every point."""
    known: NDArray[np.bool_] = ~np.isnan(outcomes).any(axis=0)
    return known


def contrasts(column: Values, outcomes: Values) -> Values:
    """Mean at +1 minus mean at -1 inside each replication; replications with an unknown value are left out."""
    kept = outcomes[:, known_everywhere(outcomes)]
    difference: Values = kept[column > 0].mean(axis=0) - kept[column < 0].mean(axis=0)
    return difference


def first_of_all(
    points: pd.DataFrame, outcomes: Values, factors: Sequence[str], direction: int = MORE, seed: int = 0
) -> pd.DataFrame:
    """Which condition to start with: main effects in order, with how sure the order is.

    Parameters
    ----------
    points, outcomes, factors : as for ``effects``; at least one replication has a value at every point
    direction : MORE or LESS of the outcome is welcome, or NEITHER: then what moves it most comes first
    seed : of the resampling of replications

    Returns
    -------
    DataFrame, largest gain first: factor, effect (in the outcome's own sign), low, high, first (share of the resamples in
    which it comes first), rank_low, rank_high (the ranks between which it lies in 95 % of them, 1 = first)
    """
    table = effects(points, outcomes, factors)
    table = table[table["other"] == ""].set_index("factor")
    sign = signs(points, factors)
    inside = np.stack([contrasts(sign[:, place], outcomes) for place in range(len(factors))])
    pick = np.random.default_rng(seed).integers(0, inside.shape[1], (DRAWS, inside.shape[1]))
    drawn = inside[:, pick].mean(axis=2)  # [factor, draw]
    ranks = (-gain(drawn, direction)).argsort(axis=0).argsort(axis=0) + 1
    tail = (1.0 - CONFIDENCE) / 2.0
    low, high = (np.quantile(ranks, share, axis=1, method="nearest") for share in (tail, 1.0 - tail))
    table = table.assign(
        first=(ranks == 1).mean(axis=1), rank_low=low.astype(int), rank_high=high.astype(int)
    )  # rows of `table` are in the order of the factors
    table = table.assign(gain=gain(table["effect"].to_numpy(), direction))
    return (
        table.sort_values("gain", ascending=False, kind="stable").drop(columns=["other", "alias", "gain"]).reset_index()
    )


def gain(effect: Values, direction: int) -> Values:
    """What an effect is worth: its own sign where more is welcome, the other where less is, its size where neither is."""
    return np.abs(effect) if direction == NEITHER else direction * effect


def does_most(effects: pd.DataFrame, direction: int) -> pd.Series | None:
    """The main effect that surely helps an outcome most; None when none does.

    Parameters
    ----------
    effects : of one outcome, as ``effects`` gives them
    direction : MORE or LESS is welcome, or NEITHER: then the one that surely moves it most

    Examples
    --------
    >>> import pandas as pd
    >>> rows = [("frame", "", -0.2, -0.3, -0.1), ("room", "", 0.1, 0.05, 0.2), ("frame", "room", 0.5, 0.4, 0.6)]
    >>> table = pd.DataFrame(rows, columns=["factor", "other", "effect", "low", "high"])
    >>> does_most(table, 1)["factor"], does_most(table, -1)["factor"]
    ('room', 'frame')
    """
    main = effects[effects["other"] == ""]
    sure = main[(main["low"] > 0.0) | (main["high"] < 0.0)]
    gains = gain(sure["effect"].to_numpy(dtype=float), direction)
    return None if not (gains > 0.0).any() else sure.iloc[int(gains.argmax())]


def paired(outcomes: Values, baseline: int) -> pd.DataFrame:
    """Every point against one of them, run by run on equal luck.

    Parameters
    ----------
    outcomes : array [point, replication]
    baseline : the point that the others are compared with

    Returns
    -------
    DataFrame, one row per point: mean, difference, low, high (95 %), higher and lower (shares of the runs in which it is)
    """
    import pandas as pd

    rows = []
    for values in outcomes:
        pair = paired_difference(outcomes[baseline], values)
        change = pair.difference
        rows.append((known_mean(values), change.mean, change.low, change.high, pair.b_higher, pair.a_higher))
    return pd.DataFrame(rows, columns=["mean", "difference", "low", "high", "higher", "lower"])


def _name(factor: str, other: str) -> str:
    return f"{factor} × {other}" if other else factor
