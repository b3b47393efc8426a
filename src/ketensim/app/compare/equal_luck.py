"""Several settings computed on equal luck: the same runs of each, more and more of them, until somebody stops it.

Of every run only the summary and goal realisation by week are kept, so that a thousand runs of four settings are a few
megabytes.
"""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ketensim.app.background import StoppedError
from ketensim.app.setting import Setting, scenario_of
from ketensim.foundation.outcome_table import OUTCOME_NAMES
from ketensim.run.accepted import parameter_sets
from ketensim.run.chunks import Chunk, weekly_of
from ketensim.run.engine import computed, run_chunk
from ketensim.scenario import build

GOAL: Final = OUTCOME_NAMES.index("goal_realisation")
FIRST_RUNS: Final = 40
RUNS: Final = (200, 1000)  # to choose from
PIECE: Final = 10  # runs between two looks at whether it should stop


class Side:
    """The runs of one setting so far."""

    def __init__(self, setting: Setting) -> None:
        scenario = scenario_of(setting)
        job = partial(run_chunk, build.build(scenario), parameter_sets(scenario, None), setting.seed, True, None)
        self._job = partial(_lean, job)
        self._chunks: list[Chunk] = []
        self.runs = 0

    def grow(self, runs: int, tell: Callable[[int], None]) -> None:
        """Compute further runs until there are so many.

        Parameters
        ----------
        runs : wanted number in all
        tell : gets the number of runs there are, now and then; what it raises stops the growing
        """
        pieces = [(first, min(PIECE, runs - first)) for first in range(self.runs, runs, PIECE)]
        if not pieces:
            return
        workers = os.cpu_count() or 1
        told = partial(_told, tell, self.runs)
        self._chunks += computed(self._job, pieces, workers, None, told, runs - self.runs)
        self.runs = runs

    @property
    def found(self) -> Found:
        """What there is, run by run."""
        chunks = sorted(self._chunks, key=lambda chunk: chunk.first)
        return Found(np.concatenate([chunk.summary for chunk in chunks]), weekly_of(chunks)[:, :, 0])


@dataclass(frozen=True, eq=False)
class Found:
    """Runs of a setting.

    Attributes
    ----------
    summary : array [run, outcome]
    goal : array [run, week]; goal realisation by week of arrival
    """

    summary: NDArray[np.float64]
    goal: NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Shown:
    """Settings beside one another with the same runs of each."""

    settings: tuple[Setting, ...]
    found: tuple[Found, ...]

    @property
    def runs(self) -> int:
        """Number of runs of each."""
        return len(self.found[0].summary)


class Pool:
    """The runs that one visitor has; a setting that stays in view is not computed again."""

    def __init__(self) -> None:
        self._sides: dict[Setting, Side] = {}
        self._one_at_a_time = threading.Lock()

    def compute(
        self,
        settings: Sequence[Setting],
        runs: int,
        stop: threading.Event,
        progress: Callable[[float], None],
        show: Callable[[Shown], None],
    ) -> None:
        """Show the first runs of all soon and then all of them; ends quietly when stopped.

        Parameters
        ----------
        settings : of one chain, with one seed
        runs : wanted number of each
        stop : looked at after every few runs
        progress : gets the share that is done
        show : gets what there is
        """
        try:
            with self._one_at_a_time:
                self._sides = {one: self._sides[one] if one in self._sides else Side(one) for one in settings}
                for wanted in sorted({min(FIRST_RUNS, runs), runs}):
                    for side in self._sides.values():
                        side.grow(max(wanted, side.runs), partial(self._tell, stop, progress, runs, side))
                    least = min(side.runs for side in self._sides.values())
                    found = (side.found for side in self._sides.values())
                    show(Shown(tuple(settings), tuple(Found(one.summary[:least], one.goal[:least]) for one in found)))
        except StoppedError:
            return

    def _tell(self, stop: threading.Event, progress: Callable[[float], None], runs: int, busy: Side, now: int) -> None:
        if stop.is_set():
            raise StoppedError
        done = sum(min(now if side is busy else side.runs, runs) for side in self._sides.values())
        progress(done / (runs * len(self._sides)))


def _lean(job: Callable[[int, int], Chunk], first: int, number: int) -> Chunk:
    """A piece of runs, of which the weeks of goal realisation are kept and nothing else."""
    chunk = job(first, number)
    assert chunk.weekly is not None
    return Chunk(chunk.first, chunk.summary, chunk.weekly[:, :, GOAL : GOAL + 1].copy(), None, None, None)


def _told(tell: Callable[[int], None], before: int, done: int, _: int) -> None:
    tell(before + done)
