"""Whether what a lever does depends on the circumstances or on the way to steer: effects compared on equal luck."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ketensim.run.estimate import Estimate

if TYPE_CHECKING:
    import pandas as pd

Values = NDArray[np.float64]
Mask = NDArray[np.bool_]
POLICY = "policy"
COLUMNS = ("factor", "given", "here", "there", "effect_here", "effect_there", "difference", "low", "high")


def dependence(
    points: pd.DataFrame, outcomes: Values, factors: Sequence[str], given: Sequence[str], policies: Sequence[str]
) -> pd.DataFrame:
    """What a factor does between its lowest and its highest level, under two values of what is given.

    Parameters
    ----------
    points : one row per point of a full grid, with columns for factors, given and ``policy``
    outcomes : array [point, replication], in the order of ``points``
    factors, given : names of columns; lowest and highest value of what is given are compared
    policies : the first is compared with each other one

    Returns
    -------
    DataFrame: factor, given (a column, or ``policy``), here and there (its two values), effect_here and effect_there,
    difference (there minus here), low, high (95 %, Student's t over the replications)
    """
    import pandas as pd

    known = outcomes[:, ~np.isnan(outcomes).any(axis=0)]
    rows = []
    for factor in factors:
        for name, here, there in pairs(points, given, policies):
            first, second = (
                effect_where(points, known, factor, (points[name] == at).to_numpy()) for at in (here, there)
            )
            change = Estimate.of_mean(second - first)
            means = float(first.mean()), float(second.mean())
            rows.append((factor, name, str(here), str(there), *means, change.mean, change.low, change.high))
    return pd.DataFrame(rows, columns=list(COLUMNS))


def pairs(
    points: pd.DataFrame, given: Sequence[str], policies: Sequence[str]
) -> Iterator[tuple[str, float, float] | tuple[str, str, str]]:
    """What is compared: a column and two values in it."""
    for name in given:
        yield name, float(points[name].min()), float(points[name].max())
    for policy in policies[1:]:
        yield POLICY, policies[0], policy


def effect_where(points: pd.DataFrame, outcomes: Values, factor: str, where: Mask) -> Values:
    """Mean at the highest minus mean at the lowest level of a factor inside each replication, over some of the points.

    Examples
    --------
    >>> import pandas as pd
    >>> points = pd.DataFrame({"room": [0.0, 1.0, 0.0, 1.0]})
    >>> outcomes = np.array([[1.0, 2.0], [4.0, 6.0], [0.0, 0.0], [9.0, 9.0]])
    >>> effect_where(points, outcomes, "room", np.array([True, True, False, False])).tolist()
    [3.0, 4.0]
    """
    values = points[factor].to_numpy(dtype=float)
    high, low = where & (values == values.max()), where & (values == values.min())
    effect: Values = outcomes[high].mean(axis=0) - outcomes[low].mean(axis=0)
    return effect
