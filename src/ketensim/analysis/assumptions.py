"""The model's assumptions and how far each may plausibly be from its default.

No source gives a range for most numbers of the model, so one rule holds for all (assumption): *half to double*. Anything
positive may be half or twice its default; of a share it is the odds that may be half or twice as large, which keeps it
in (0, 1); a number on the logit scale may be ln 2 lower or higher, which is the same. The allowed range of the table
cuts off what lies outside it. Between the two ends every value is as likely on the scale of the rule (log, or logit).
"""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from ketensim.foundation.parameters import PARAMETERS, Parameter
from ketensim.scenario.build import IN_CHAIN

if TYPE_CHECKING:
    import pandas as pd

FACTOR: Final = 2.0
SETTINGS: Final = "policies"  # what a policy does is chosen, not assumed
ASSUMPTIONS: Final[tuple[Parameter, ...]] = tuple(
    row for row in PARAMETERS if row.basis != "figure" and row.condition != SETTINGS and row.name not in IN_CHAIN
)
Values = NDArray[np.float64]


def plausible(row: Parameter) -> tuple[float, float]:
    """The ends of what a parameter may plausibly be, in its own unit.

    Examples
    --------
    >>> [round(end, 3) for end in plausible(Parameter("delay", "τ", "weeks", 1, 208, 26, "work"))]
    [13.0, 52.0]
    >>> low, high = plausible(Parameter("part", "ω", "share", 0, 1, 0.5, "trust"))
    >>> round(low, 3), round(high, 3)
    (0.333, 0.667)
    """
    return plausible_value(row, 0.0), plausible_value(row, 1.0)


def plausible_value(row: Parameter, place: float) -> float:
    """The value at a place in [0, 1] of a parameter's plausible range; without the cut 0.5 is the default."""
    return float(_along(row, np.array([place]))[0])


def sample(first: int, number: int, seed: int) -> Values:
    """Points of the unit cube that fill it evenly, one coordinate per assumption.

    Parameters
    ----------
    first, number : which points of the sequence; the same points come whatever was asked for before
    seed : of the scrambling

    Returns
    -------
    array [set, parameter] in [0, 1], of Sobol's sequence
    """
    from scipy.stats import qmc

    sequence = qmc.Sobol(len(ASSUMPTIONS), seed=seed)
    if first:
        sequence.fast_forward(first)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # a number that is no power of two is balanced a little less well
        return np.asarray(sequence.random(number))


def sets_at(places: Values, rows: tuple[Parameter, ...] = ASSUMPTIONS) -> pd.DataFrame:
    """Sets of parameters at points of the unit cube.

    Parameters
    ----------
    places : array [set, parameter] in [0, 1]
    rows : the parameters, in the order of the columns

    Returns
    -------
    DataFrame, one row per set and one column per parameter, as ``simulate(parameters=...)`` takes it
    """
    import pandas as pd

    return pd.DataFrame({row.name: _along(row, places[:, column]) for column, row in enumerate(rows)})


def neighbours(kept: pd.DataFrame, number: int, fresh: float, luck: np.random.Generator) -> pd.DataFrame:
    """New sets near sets that were kept: each is one of them, part of its assumptions drawn anew.

    Parameters
    ----------
    kept : sets, a column per assumption
    number : how many new sets
    fresh : share in [0, 1]; chance that an assumption is drawn anew over its whole plausible range
    luck : generator

    Returns
    -------
    DataFrame with ``number`` rows and the columns of ``sets_at``
    """
    anew = sets_at(luck.random((number, len(ASSUMPTIONS))))
    start = kept[list(anew)].iloc[luck.integers(0, len(kept), number)].reset_index(drop=True)
    return start.where(luck.random(anew.shape) >= fresh, anew)


def _along(row: Parameter, places: Values) -> Values:
    ends = [_moved(row, sign * np.log(FACTOR)) for sign in (-1.0, 1.0)]
    low, high = (_scaled(row, float(np.clip(end, row.lower, row.upper))) for end in ends)
    return np.clip(_unscaled(row, low + places * (high - low)), row.lower, row.upper)


def _is_logit(row: Parameter) -> bool:
    return row.lower < 0.0


def _is_share(row: Parameter) -> bool:
    return row.lower >= 0.0 and row.upper <= 1.0 and 0.0 < row.default < 1.0


def _scaled(row: Parameter, value: float) -> float:
    if _is_logit(row):
        return value
    return float(np.log(value / (1.0 - value)) if _is_share(row) and value < 1.0 else np.log(value))


def _unscaled(row: Parameter, scaled: Values) -> Values:
    if _is_logit(row):
        return scaled
    return np.asarray(1.0 / (1.0 + np.exp(-scaled)) if _is_share(row) else np.exp(scaled))


def _moved(row: Parameter, step: float) -> float:
    return float(_unscaled(row, np.asarray(_scaled(row, row.default) + step)))
