"""Which choice holds up whatever the world turns out to be: robustness over uncertainties, by name.

A choice is what one decides (levers, policy), a world is what one cannot decide (uncertainties, events, chain). Every
choice has met every world. Higher outcomes are better; for an outcome of which less is better, give its negative.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ketensim.foundation.errors import InputError, Problem

if TYPE_CHECKING:
    import pandas as pd

Values = NDArray[np.float64]


def in_worlds(points: pd.DataFrame, means: Values) -> tuple[list[int], list[int], Values]:
    """Means as an array [choice, world].

    Parameters
    ----------
    points : design table with the columns ``choice`` and ``world``
    means : mean outcome per point

    Returns
    -------
    the choices, the worlds, and the array in their order

    Raises
    ------
    InputError : a choice that has not met every world
    """
    table = points.assign(mean=means).pivot_table(index="choice", columns="world", values="mean", dropna=False)
    if table.isna().to_numpy().any():
        raise InputError([Problem("error.not_crossed", "", {"given": int(table.isna().to_numpy().sum())})])
    return [int(name) for name in table.index], [int(name) for name in table.columns], table.to_numpy(dtype=float)


def robustness(outcomes: Values, wanted: float) -> pd.DataFrame:
    """Four measures of robustness per choice.

    Parameters
    ----------
    outcomes : array [choice, world], higher is better
    wanted : what is good enough, in the outcome's unit

    Returns
    -------
    DataFrame, one row per choice in the given order: mean, worst (maximin: the outcome in its worst world), regret
    (minimax regret: how much it falls short of the best choice, in the world where it does so most), satisficing (share
    of the worlds in which it is good enough), and best_mean, best_worst, best_regret, best_satisficing (true for the
    choice that each measure prefers; the first of equals)

    Examples
    --------
    >>> robustness(np.array([[0.9, 0.1], [0.5, 0.4]]), 0.4)[["worst", "regret", "satisficing"]].to_numpy().tolist()
    [[0.1, 0.30000000000000004, 0.5], [0.4, 0.4, 1.0]]
    """
    import pandas as pd

    table = pd.DataFrame(
        {
            "mean": outcomes.mean(axis=1),
            "worst": outcomes.min(axis=1),
            "regret": (outcomes.max(axis=0) - outcomes).max(axis=1),
            "satisficing": (outcomes >= wanted).mean(axis=1),
        }
    )
    for name in ("mean", "worst", "satisficing"):
        table[f"best_{name}"] = np.arange(len(table)) == int(table[name].argmax())
    table["best_regret"] = np.arange(len(table)) == int(table["regret"].argmin())
    return table
