"""Many variants of a chain, e.g. one per set of parameters: the outcomes of some runs of each."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from ketensim.foundation.errors import check_whole
from ketensim.run.executors import Progress, in_order
from ketensim.run.replications import Ensemble, Keep, replicate
from ketensim.scenario.schema import Scenario

if TYPE_CHECKING:
    import pandas as pd

MOST: Final = 100_000  # runs per variant


def outcomes_of_sets(
    scenario: Scenario,
    sets: pd.DataFrame,
    runs: int,
    seed: int = 1,
    *,
    equal_luck: bool = True,
    progress: Progress | None = None,
) -> NDArray[np.float64]:
    """Summaries of the runs of a chain under every set of parameters.

    Parameters
    ----------
    scenario : the chain; what a set says goes before the scenario's own numbers
    sets : one row per set, one column per parameter
    runs, seed, equal_luck, progress : as for ``outcomes_of``

    Returns
    -------
    array [set, run, outcome], outcomes in the order of ``OUTCOMES``

    Raises
    ------
    InputError : unknown parameter, value out of range, runs out of range
    """
    rows = sets.to_dict("records")
    chains = [scenario.with_parameters(**{str(name): float(value) for name, value in row.items()}) for row in rows]
    return outcomes_of(chains, runs, seed, equal_luck=equal_luck, progress=progress)


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
    runs : runs per variant, 1 to 100,000
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
    runs = check_whole("runs", runs, 1, MOST)

    def of_variant(chain: Scenario, first: int) -> NDArray[np.float64]:
        return replicate(Ensemble.of(chain, seed), Keep(), first, runs).summary

    todo = [(chain, 0 if equal_luck else place * runs) for place, chain in enumerate(chains)]
    return np.stack(in_order(of_variant, todo, workers, progress))
