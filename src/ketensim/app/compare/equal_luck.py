"""Several settings computed on equal luck: the same runs of each, more and more of them, until somebody stops it.

Of every run only the summary and goal realisation by week are kept, so that a thousand runs of four settings are a few
megabytes.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ketensim.app.background import BURN_INS, Listener
from ketensim.app.curves import GOAL
from ketensim.app.setting import Setting, scenario_of
from ketensim.run.executors import Progress
from ketensim.run.growing import GrowingEnsemble
from ketensim.run.replications import Keep

FIRST_RUNS: Final = 40
RUNS: Final = (200, 1000)  # to choose from
PIECE: Final = 10  # runs between two looks at whether it should stop


@dataclass(frozen=True, eq=False)
class Side:
    """Runs of a setting.

    Attributes
    ----------
    summary : array [run, outcome]
    goal : array [run, week]; goal realisation by week of arrival
    """

    summary: NDArray[np.float64]
    goal: NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class SideBySide:
    """Settings beside one another with the same runs of each."""

    settings: tuple[Setting, ...]
    sides: tuple[Side, ...]

    @property
    def runs(self) -> int:
        """Number of runs of each."""
        return len(self.sides[0].summary)


def ensemble_of(setting: Setting) -> GrowingEnsemble:
    """The runs of a setting."""
    return GrowingEnsemble(scenario_of(setting), setting.seed, keep=Keep(weekly=(GOAL,)), states=BURN_INS)


def side_of(ensemble: GrowingEnsemble, runs: int) -> Side:
    """The first runs of a setting."""
    kept = ensemble.replications
    return Side(kept.summary[:runs], kept.weekly[:runs, :, 0])


class KeptRuns:
    """The runs that one visitor has; a setting that stays in view is not computed again."""

    def __init__(self) -> None:
        self._ensembles: dict[Setting, GrowingEnsemble] = {}
        self._one_at_a_time = threading.Lock()

    def compute(self, settings: Sequence[Setting], runs: int, listener: Listener) -> None:
        """Show the first runs of all soon and then all of them.

        Parameters
        ----------
        settings : of one chain, with one seed
        runs : wanted number of each
        listener : gets what there is as a ``SideBySide``, and the share that is done after every few runs

        Raises
        ------
        StoppedError : nobody waits for it any more; what was computed stays
        """
        with self._one_at_a_time:
            known = self._ensembles
            self._ensembles = {setting: known.get(setting) or ensemble_of(setting) for setting in settings}
            for wanted in sorted({min(FIRST_RUNS, runs), runs}):
                for ensemble in self._ensembles.values():
                    ensemble.grow(max(wanted, ensemble.runs), self._in_shares(listener.progress, runs), PIECE)
                least = min(ensemble.runs for ensemble in self._ensembles.values())
                sides = tuple(side_of(ensemble, least) for ensemble in self._ensembles.values())
                listener.show(SideBySide(tuple(settings), sides))
            listener.progress(1.0)

    def _in_shares(self, progress: Callable[[float], None], runs: int) -> Progress:
        """What one ensemble computes as a share of all that is wanted."""
        there = sum(min(ensemble.runs, runs) for ensemble in self._ensembles.values())
        return lambda done, _: progress((there + done) / (runs * len(self._ensembles)))
