"""Stopping a run early on a condition: what is looked at, and what is then left of the run.

A run that is stopped after a week is, to the bit, the same run over that many weeks. It is computed some weeks at a time,
because a call per week would cost more than the week; when the condition was met on the way, the last stretch is computed
again up to that week, from a copy of the state.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ketensim.chain.outcomes import summarise
from ketensim.foundation.compiled import Replaced, compiled
from ketensim.foundation.outcome_table import OUTCOMES, Notebook
from ketensim.foundation.state import Chain, State

STRETCH: Final = 8  # weeks that are computed at a time
KNOWN_AT_ONCE: Final = tuple(row.name for row in OUTCOMES if row.summary != "cohorts")
"""outcomes that a week itself has; those of cohorts follow when their norm has passed"""


class Stopping(NamedTuple):
    """When a run stops.

    Attributes
    ----------
    column : number of the outcome that is looked at
    limit : in its unit
    above : whether it has to be above the limit; otherwise below
    weeks : for how many weeks in a row
    """

    column: int
    limit: float
    above: bool
    weeks: int

    def end(self, weekly: NDArray[np.float64]) -> int | None:
        """After how many reported weeks a run stops; None = it goes on.

        Parameters
        ----------
        weekly : array [week, outcome]; a week without a value does not count

        Examples
        --------
        >>> Stopping(0, 5.0, True, 2).end(np.array([[6.0], [1.0], [7.0], [8.0], [9.0]]))
        4
        """
        values = weekly[:, self.column]
        met = values > self.limit if self.above else values < self.limit
        row = 0
        for week, here in enumerate(met.tolist(), 1):
            row = row + 1 if here else 0
            if row == self.weeks:
                return week
        return None


def stretches(weeks: int) -> Iterator[int]:
    """Ends of the stretches of so many reported weeks; the last week is one of its own, because it sums the run up.

    Examples
    --------
    >>> list(stretches(10)), list(stretches(1))
    ([0, 8, 9, 10], [0, 1])
    """
    yield from range(0, weeks - 1, STRETCH)
    yield weeks - 1
    yield weeks


def sum_up_stopped(chain: Chain, state: State, notebook: Notebook, end: int, replaced: Replaced) -> None:
    """Sum up a run that stopped after some reported weeks, and leave the weeks after them without a value.

    Parameters
    ----------
    state : at the end of the last week
    end : reported weeks that were run
    replaced : what is different from the shipped model
    """
    world = chain.world.copy()
    last = int(world[0].burn_in) + end
    for grid in (
        notebook.weekly_grid,
        notebook.organisation_grid,
        notebook.case_type_grid,
        notebook.own_grid,
        notebook.own_organisation_grid,
    ):
        grid[end:] = np.nan
    world.weeks = last
    compiled(summarise, replaced)(chain.replaced(world=world), state, notebook)
