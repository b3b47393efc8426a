"""What is good of an outcome: which direction is welcome, and from where on it is good enough.

The direction is that of the experiment, else that of the table of outcomes; an outcome of which neither more nor less is
welcome has none, and of it nothing can be called better, best or good. A threshold that the experiment does not give is
made up from its own points, which whoever tells of it has to say.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ketensim.experiment.specification import Experiment
from ketensim.foundation.outcome_table import LESS, MORE, NEITHER, OUTCOME_OF

BEST: Final = 0.75  # without a criterion, good is what the best quarter of the points reaches
Values = NDArray[np.float64]


@dataclass(frozen=True)
class Criterion:
    """What is good of an outcome.

    Attributes
    ----------
    direction : MORE, LESS or NEITHER
    threshold : what is good enough, in the outcome's unit; not-a-number where there is no direction or nothing is known
    made_up : whether the threshold is the best quarter of the points, because the experiment gives none
    """

    direction: int
    threshold: float
    made_up: bool

    @property
    def sign(self) -> float:
        """What an outcome is multiplied by, so that more of it is welcome; 0 where there is no direction."""
        return float(self.direction)

    def good(self, means: Values) -> NDArray[np.bool_]:
        """Whether means are good enough; one that is not known is not."""
        good: NDArray[np.bool_] = self.direction * means >= self.direction * self.threshold
        return good if self.direction != NEITHER else np.zeros(len(means), dtype=bool)


def direction_of(experiment: Experiment, outcome: str) -> int:
    """Which direction of an outcome is welcome: MORE, LESS or NEITHER."""
    wish = experiment.wanted.get(outcome)
    if wish is None:
        return OUTCOME_OF[outcome].direction if outcome in OUTCOME_OF else NEITHER  # nobody said of one's own outcomes
    return LESS if wish.at_most is not None or wish.better == "less" else MORE


def criterion_of(experiment: Experiment, outcome: str, means: Callable[[], Values]) -> Criterion:
    """What is good of an outcome of an experiment.

    Parameters
    ----------
    means : gives the mean of the outcome per point, for a threshold that the experiment does not give
    """
    direction, wish = direction_of(experiment, outcome), experiment.wanted.get(outcome)
    limits = () if wish is None else (wish.at_least, wish.at_most)
    given = next((limit for limit in limits if limit is not None), None)
    if given is not None:
        return Criterion(direction, float(given), made_up=False)
    if direction == NEITHER:
        return Criterion(direction, float("nan"), made_up=False)
    known = (found := means())[~np.isnan(found)]
    share = BEST if direction == MORE else 1.0 - BEST
    return Criterion(direction, float(np.quantile(known, share)) if len(known) else float("nan"), made_up=True)
