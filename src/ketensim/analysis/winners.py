"""Which of some ways to steer does best in which circumstances, and how sure that is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from ketensim.run.estimate import Estimate

if TYPE_CHECKING:
    import pandas as pd

NOBODY: Final = -1  # instead of the number of an alternative
Values = NDArray[np.float64]


def winners(outcomes: Values) -> pd.DataFrame:
    """The best alternative in each situation, with its lead over the next best on equal luck, in runs that all have a value of.

    Parameters
    ----------
    outcomes : array [alternative, situation, replication], higher is better; at least two alternatives, each with a value in
        every situation

    Returns
    -------
    DataFrame, one row per situation: best (number of the alternative; NOBODY where the two best are equal), lead, low, high
    (95 %; the two were chosen by the same runs, so that where alternatives are equal the interval misses 0 more often than
    one in twenty times), sure

    Examples
    --------
    >>> outcomes = np.array([[[0.2, 0.2], [0.5, 0.3]], [[0.1, 0.0], [0.6, 0.7]]])
    >>> winners(outcomes)[["best", "lead"]].round(2).to_numpy().tolist()
    [[0.0, 0.15], [1.0, 0.25]]
    """
    import pandas as pd

    rows = []
    known = ~np.isnan(outcomes).any(axis=0)
    number = known.sum(axis=1)
    totals = np.where(known, outcomes, 0.0).sum(axis=2)
    means = np.divide(totals, number, out=np.full_like(totals, np.nan), where=number > 0)
    for situation in range(outcomes.shape[1]):
        best, second = np.argsort(-means[:, situation], kind="stable")[:2]
        lead = Estimate.of_mean(outcomes[best, situation] - outcomes[second, situation])
        rows.append((int(best) if lead.mean > 0.0 else NOBODY, lead.mean, lead.low, lead.high, bool(lead.low > 0.0)))
    return pd.DataFrame(rows, columns=["best", "lead", "low", "high", "sure"])


def shares_of(table: pd.DataFrame, names: list[str]) -> pd.DataFrame:
    """In which share of the situations each alternative wins, and surely wins.

    Parameters
    ----------
    table : as ``winners`` gives it, with names in the column ``best``
    names : of all alternatives

    Returns
    -------
    DataFrame, the most frequent winner first: policy, wins, sure_wins
    """
    import pandas as pd

    rows = [
        (name, float((table["best"] == name).mean()), float(((table["best"] == name) & table["sure"]).mean()))
        for name in names
    ]
    return (
        pd.DataFrame(rows, columns=["policy", "wins", "sure_wins"])
        .sort_values("wins", ascending=False, kind="stable")
        .reset_index(drop=True)
    )
