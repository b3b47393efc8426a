"""Several settings computed on equal luck: the same runs of each, more and more of them, until somebody stops it.

Of every run only the summary and goal realisation by week are kept, so that a thousand runs of four settings are a few
megabytes.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ketensim.app.background import BURN_INS
from ketensim.app.setting import Setting, scenario_of
from ketensim.foundation.outcome_table import OUTCOME_NAMES
from ketensim.run.executors import Progress, StoppedError, until
from ketensim.run.growing import GrowingEnsemble
from ketensim.run.replications import Keep

GOAL: Final = OUTCOME_NAMES.index("goal_realisation")
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
    found = ensemble.replications
    return Side(found.summary[:runs], found.weekly[:runs, :, 0])


class Pool:
    """The runs that one visitor has; a setting that stays in view is not computed again."""

    def __init__(self) -> None:
        self._ensembles: dict[Setting, GrowingEnsemble] = {}
        self._one_at_a_time = threading.Lock()

    def compute(
        self,
        settings: Sequence[Setting],
        runs: int,
        stop: threading.Event,
        progress: Callable[[float], None],
        show: Callable[[SideBySide], None],
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
        with suppress(StoppedError), self._one_at_a_time:
            known = self._ensembles
            self._ensembles = {setting: known.get(setting) or ensemble_of(setting) for setting in settings}
            for wanted in sorted({min(FIRST_RUNS, runs), runs}):
                for ensemble in self._ensembles.values():
                    ensemble.grow(max(wanted, ensemble.runs), until(stop, self._in_shares(progress, runs)), PIECE)
                least = min(ensemble.runs for ensemble in self._ensembles.values())
                sides = tuple(side_of(ensemble, least) for ensemble in self._ensembles.values())
                show(SideBySide(tuple(settings), sides))

    def _in_shares(self, progress: Callable[[float], None], runs: int) -> Progress:
        """What one ensemble computes as a share of all that is wanted."""
        there = sum(min(ensemble.runs, runs) for ensemble in self._ensembles.values())
        return lambda done, _: progress((there + done) / (runs * len(self._ensembles)))
