"""One chain under many sets of parameters: the outcomes of some runs per set."""

from __future__ import annotations

import os
from concurrent.futures import ThreadPoolExecutor, as_completed
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from ketensim.run.engine import Progress, check_whole, summaries
from ketensim.scenario.schema import Scenario

if TYPE_CHECKING:
    import pandas as pd

MOST: int = 100_000  # runs per set


def outcomes_of_sets(
    scenario: Scenario,
    sets: pd.DataFrame,
    runs: int,
    seed: int = 1,
    *,
    equal_luck: bool = True,
    workers: int | None = None,
    progress: Progress | None = None,
) -> NDArray[np.float64]:
    """Summaries of the runs of every set.

    Parameters
    ----------
    scenario : the chain; what a set says goes before the scenario's own numbers
    sets : one row per set, one column per parameter
    runs : runs per set, 1 to 100,000
    seed : as for ``simulate``
    equal_luck : every set meets the same luck (differences between sets are sharper), or luck of its own (the noise of
        the means is independent, which the correction of variance-based indices needs)
    workers, progress : as for ``simulate``; progress counts sets

    Returns
    -------
    array [set, run, outcome], outcomes in the order of ``OUTCOMES``

    Raises
    ------
    InputError : unknown parameter, value out of range, runs out of range
    """
    check_whole("runs", runs, 1, MOST)
    chains = [scenario.with_parameters(**{str(name): float(value) for name, value in row.items()})
              for row in sets.to_dict("records")]  # fmt: skip

    def one(place: int) -> tuple[int, NDArray[np.float64]]:
        return place, summaries(chains[place], 0 if equal_luck else place * runs, runs, seed, workers=1)

    found: dict[int, NDArray[np.float64]] = {}
    with ThreadPoolExecutor(workers or os.cpu_count() or 1) as pool:
        for future in as_completed([pool.submit(one, place) for place in range(len(chains))]):
            place, values = future.result()
            found[place] = values
            if progress is not None:
                progress(len(found), len(chains))
    return np.stack([found[place] for place in range(len(chains))])
