"""An ensemble that grows: some runs at once, more when there is time, the same runs as ``simulate`` gives in one go.

For whoever shows results while they are being computed: the first runs can be seen before the last are there, and the
runs so far are not computed again.
"""

from __future__ import annotations

import os
from concurrent.futures import Executor
from dataclasses import replace

from ketensim.foundation.errors import check_whole
from ketensim.foundation.luck import LARGEST_SEED, MOST_RUNS
from ketensim.run.engine import computed, cut, results_of
from ketensim.run.executors import Progress
from ketensim.run.kept_states import KeptStates
from ketensim.run.replications import EVERYTHING, Ensemble, Keep, Replications, together
from ketensim.run.results import Results
from ketensim.scenario.schema import Scenario


class GrowingEnsemble:
    """Runs 0, 1, 2 ... of a scenario, as many as have been asked for so far.

    Parameters
    ----------
    scenario : what is run
    seed : whole number, 0 to 2**63 - 1
    workers : number of threads; the number of processors when None
    keep : what is kept of the runs; silent = everything
    states : where the burn-in is kept, for variants that have it in common

    Raises
    ------
    InputError : seed out of range
    """

    def __init__(
        self,
        scenario: Scenario,
        seed: int = 1,
        workers: int | None = None,
        *,
        keep: Keep = EVERYTHING,
        states: KeptStates | None = None,
    ) -> None:
        seed = check_whole("seed", seed, 0, LARGEST_SEED)
        self.scenario = scenario
        self.keep = keep
        self.ensemble = Ensemble.of(scenario, seed).kept_in(states)
        self.runs = 0
        self._workers = workers or os.cpu_count() or 1
        self._pieces: list[Replications] = []

    def grow(
        self,
        runs: int,
        progress: Progress | None = None,
        piece: int | None = None,
        executor: Executor | None = None,
    ) -> None:
        """Compute further runs until there are so many; nothing when there are.

        Parameters
        ----------
        runs : wanted number of runs in all
        progress : called with (further runs done, further runs in all); what it raises stops the growing, and the
            runs that were there before are kept
        piece : runs between two calls of ``progress`` on one thread; when None, each thread has one piece
        executor : where pieces go instead of own threads
        """
        runs = check_whole("runs", runs, 1, MOST_RUNS)
        if (more := runs - self.runs) > 0:
            todo = cut(self.runs, more, piece or -(-more // self._workers))
            self._pieces += computed(
                self.ensemble, self.keep, todo, workers=self._workers, executor=executor, progress=progress
            )
            self.runs = runs

    @property
    def replications(self) -> Replications:
        """What is kept of the runs so far."""
        return together(self._pieces)

    @property
    def results(self) -> Results:
        """The runs so far; equal to the bit to ``simulate`` with so many runs."""
        return results_of(self.scenario, self.ensemble, self.replications)

    @property
    def chain_results(self) -> Results:
        """The same without what is kept of organisations and case types, whose copying takes longer than a picture may."""
        light = [
            replace(part, organisations=part.organisations[:0], case_types=part.case_types[:0]) for part in self._pieces
        ]
        return results_of(self.scenario, self.ensemble, together(light))
