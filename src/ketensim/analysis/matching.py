"""Which sets of parameters cannot be ruled out: history matching on the published figures of a chain.

A set is ruled out when what it simulates lies further from a published figure than the uncertainty about that figure,
about the model and about luck can explain [VernonGoldsteinBower2010]_. What is left is no fit and no posterior: it is what
is not ruled out. The cut-off of three deviations is that of [Pukelsheim1994]_: 95 % of any distribution with one peak lies
within them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from ketensim.analysis.resemblance import simulated, weekly_series
from ketensim.run.accepted import RUNS_PER_SET
from ketensim.run.engine import simulate
from ketensim.run.executors import Progress
from ketensim.scenario.schema import Scenario

if TYPE_CHECKING:
    import pandas as pd

CUTOFF: Final = 3.0  # deviations
WITHIN: Final = 2.0  # deviations that a scenario's tolerance stands for
BATCH: Final = 100  # sets whose weekly values are in memory at once
CALIBRATION: Final = "calibration"
Values = NDArray[np.float64]


@dataclass(frozen=True)
class Figures:
    """Published figures of a chain beside what sets of parameters give.

    Attributes
    ----------
    names : ids of the indicators
    published, tolerance : array [figure], in the unit of each indicator
    used_for : calibration or held_back, per figure
    values : array [set, run, figure]; not-a-number where a run has none
    """

    names: tuple[str, ...]
    published: Values
    tolerance: Values
    used_for: tuple[str, ...]
    values: Values

    def implausibility(self) -> Values:
        r"""Array [set, figure]: :math:`|\bar y - z| / \sqrt{(\tau / 2)^2 + s^2 / n}`.

        The tolerance :math:`\tau` of the scenario holds what is uncertain about the published figure and what the model
        leaves out; :math:`s^2 / n` is the luck left in the mean of a set's runs. A set that gives no value is ruled out.
        """
        mean = self.values.mean(axis=1)
        runs = self.values.shape[1]
        luck = np.nanmean(self.values.var(axis=1, ddof=1), axis=0) / runs if runs > 1 else 0.0
        deviations = np.abs(mean - self.published) / np.sqrt((self.tolerance / WITHIN) ** 2 + luck)
        return np.where(np.isnan(deviations), np.inf, deviations)


def not_ruled_out(implausibility: Values, cutoff: float = CUTOFF) -> NDArray[np.bool_]:
    """Which sets are kept: their worst figure lies within the cut-off.

    Parameters
    ----------
    implausibility : array [set, figure]
    cutoff : deviations

    Examples
    --------
    >>> not_ruled_out(np.array([[1.0, 2.9], [4.0, 0.2]])).tolist()
    [True, False]
    """
    return np.asarray((implausibility <= cutoff).all(axis=1))


def figures_of_sets(
    scenario: Scenario, sets: pd.DataFrame, seed: int = 1, *, progress: Progress | None = None
) -> Figures:
    """Simulate a chain under every set (two runs each), and lay the results beside its published figures.

    Parameters
    ----------
    scenario : a chain with indicators; those without an outcome or a tolerance are left out
    sets : one row per set, one column per parameter; a number that the scenario itself gives stays what it is
    seed : of the luck, the same for all sets of a batch
    progress : called with (sets done, sets in all)

    Raises
    ------
    InputError : as ``simulate``
    """
    asked = [part for part in scenario.indicators if part.outcome is not None and part.tolerance is not None]
    batches = []
    for first in range(0, len(sets), BATCH):
        batch = sets.iloc[first : first + BATCH]
        results = simulate(scenario, RUNS_PER_SET * len(batch), seed, weekly=True, parameters=batch)
        columns = [simulated(scenario, part, lambda *names: weekly_series(results, *names)) for part in asked]  # noqa: B023
        batches.append(np.stack([values for values in columns if values is not None], axis=-1))
        if progress is not None:
            progress(min(first + BATCH, len(sets)), len(sets))
    return Figures(
        tuple(part.id for part in asked),
        np.array([part.value for part in asked]),
        np.array([float(part.tolerance or 0.0) for part in asked]),
        tuple(part.used_for for part in asked),
        np.concatenate(batches).reshape(len(sets), RUNS_PER_SET, len(asked)),
    )
