"""An ensemble that grows: some runs at once, more when there is time, the same runs as ``simulate`` gives in one go.

For whoever shows results while they are being computed: the first runs can be seen before the last are there, and the
runs so far are not computed again.
"""

from __future__ import annotations

import os
from dataclasses import replace
from functools import partial

from ketensim.foundation.errors import check_whole
from ketensim.foundation.luck import LARGEST_SEED, MOST_RUNS
from ketensim.run.accepted import parameter_sets
from ketensim.run.chunks import Chunk
from ketensim.run.engine import Progress, assembled, computed, run_chunk
from ketensim.run.results import Results
from ketensim.scenario import build
from ketensim.scenario.schema import Scenario


class GrowingEnsemble:
    """Runs 0, 1, 2 ... of a scenario, as many as have been asked for so far.

    Parameters
    ----------
    scenario : what is run
    seed : whole number, 0 to 2**63 - 1
    workers : number of threads; the number of processors when None
    organisations : the weeks of each organisation are kept of so many first runs, or a few more (they are most of the
        memory); of all when None

    Raises
    ------
    InputError : seed out of range
    """

    def __init__(
        self, scenario: Scenario, seed: int = 1, workers: int | None = None, organisations: int | None = None
    ) -> None:
        check_whole("seed", seed, 0, LARGEST_SEED)
        self.scenario = scenario
        self.seed = seed
        self._organisations = MOST_RUNS if organisations is None else organisations
        self._workers = workers or os.cpu_count() or 1
        self._job = partial(run_chunk, build.build(scenario), parameter_sets(scenario, None), seed, True, None)
        self._chunks: list[Chunk] = []
        self.runs = 0

    def grow(self, runs: int, progress: Progress | None = None, piece: int | None = None) -> None:
        """Compute further runs until there are so many; nothing when there are.

        Parameters
        ----------
        runs : wanted number of runs in all
        progress : called with (further runs done, further runs in all); what it raises stops the growing, and the
            runs that were there before are kept
        piece : runs between two calls of ``progress`` on one thread; when None, each thread has one piece
        """
        check_whole("runs", runs, 1, MOST_RUNS)
        more = runs - self.runs
        if more <= 0:
            return
        size = piece or -(-more // self._workers)
        pieces = [(first, min(size, runs - first)) for first in range(self.runs, runs, size)]
        found = computed(self._job, pieces, self._workers, None, progress, more)
        self._chunks += [self._slim(chunk) for chunk in found]
        self.runs = runs

    @property
    def results(self) -> Results:
        """The runs so far; equal to the bit to ``simulate`` with so many runs."""
        return assembled(self.scenario, self.seed, self._chunks, None, None)

    def _slim(self, chunk: Chunk) -> Chunk:
        return chunk if chunk.first < self._organisations else replace(chunk, organisations=None)
