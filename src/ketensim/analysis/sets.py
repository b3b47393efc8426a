"""Many variants of a chain, e.g. one per set of parameters: the outcomes of some runs of each."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor, as_completed
from typing import TYPE_CHECKING, Final

import numpy as np
from numpy.typing import NDArray

from ketensim.foundation.errors import check_whole
from ketensim.run.engine import Progress, summaries
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

    def one(place: int) -> NDArray[np.float64]:
        return summaries(chains[place], 0 if equal_luck else place * runs, runs, seed, workers=1)

    return np.stack(in_parallel(one, len(chains), workers, progress))


def in_parallel[Part](
    one: Callable[[int], Part], number: int, workers: int | None = None, progress: Progress | None = None
) -> list[Part]:
    """The results of ``one(0)`` to ``one(number - 1)``, in that order; threads share them out (the week is compiled)."""
    found: dict[int, Part] = {}
    with ThreadPoolExecutor(workers or os.cpu_count() or 1) as pool:
        places = {pool.submit(one, place): place for place in range(number)}
        for done, future in enumerate(as_completed(places), 1):
            found[places[future]] = future.result()
            if progress is not None:
                progress(done, number)
    return [found[place] for place in range(number)]
