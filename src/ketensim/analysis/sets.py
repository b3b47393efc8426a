"""Many variants of a chain, e.g. one per set of parameters: the outcomes of some runs of each."""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from ketensim.run.engine import Progress, check_whole, summaries
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
    check_whole("runs", runs, 1, MOST)
    found: list[NDArray[np.float64] | None] = [None] * len(chains)

    def one(place: int) -> None:
        first = 0 if equal_luck else place * runs
        found[place] = summaries(chains[place], first, runs, seed, workers=1)

    with ThreadPoolExecutor(workers or os.cpu_count() or 1) as pool:
        for done, future in enumerate(as_completed([pool.submit(one, place) for place in range(len(chains))]), 1):
            future.result()
            if progress is not None:
                progress(done, len(chains))
    return np.stack([values for values in found if values is not None])
