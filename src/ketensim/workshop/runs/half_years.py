"""A half-year of every table: many runs on equal luck, going on where the round before left them.

The runs are those of ``run.simulate``: same week, same luck, same bits (a test compares them). The state of every run is kept
between rounds, so that a round costs its own weeks only; what has been let go is computed again from the burn-in on.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from ketensim.run.engine import cut
from ketensim.run.executors import in_order
from ketensim.run.kept_states import KeptStates
from ketensim.run.replications import EVERY, Ensemble, Keep, Replications, replicate, together
from ketensim.scenario.schema import Scenario
from ketensim.workshop.game.plans import WEEKS_PER_ROUND, WorkshopPlan, longest_norm_of

WATCHED: Final = 40  # runs in which beliefs are read
PIECE: Final = 25  # runs that a thread takes at once


def half_years(
    tables: Sequence[Scenario], plan: WorkshopPlan, week: int, states: KeptStates, workers: int | None = None
) -> list[Replications]:
    """The same half-year of several tables on all processors.

    Parameters
    ----------
    tables : the scenario of each, with the choices up to this half-year
    plan : says how many runs, and on which luck
    week : reported week in which the half-year begins
    states : where the runs stand
    workers : threads; silent = as many as there are processors

    Returns
    -------
    per table every weekly value, those of the organisations, beliefs in some runs, and as ``cohorts`` the cases whose longest
    norm passed in each of the weeks
    """
    ensembles = [Ensemble.of(table, plan.seed).kept_in(states, (0, week, week + WEEKS_PER_ROUND)) for table in tables]
    pieces = cut(0, plan.runs, PIECE)
    keeps = [kept_of(table, plan.runs, week) for table in tables]
    todo = [(states, week, *table, *piece) for table in zip(ensembles, keeps, strict=True) for piece in pieces]
    parts = iter(in_order(_gone_on, todo, workers))
    return [together([next(parts) for _ in pieces]) for _ in tables]


def kept_of(scenario: Scenario, runs: int, week: int) -> Keep:
    """What is kept of the runs of a half-year."""
    due = scenario.burn_in + week - longest_norm_of(scenario)  # the arrivals whose norm passes in its first week
    weeks, cohorts = (week, week + WEEKS_PER_ROUND), tuple(range(due, due + WEEKS_PER_ROUND))
    return Keep(weekly=EVERY, organisations=runs, beliefs=WATCHED, cohorts=cohorts, weeks=weeks)


def _gone_on(states: KeptStates, week: int, ensemble: Ensemble, keep: Keep, first: int, number: int) -> Replications:
    """Some runs of a table, which leave where they stood; the burn-in stays, for it is the same at all tables."""
    replications = replicate(ensemble, keep, first, number)
    if week:
        states.forget(ensemble.pasts[ensemble.burn_in + week], range(first, first + number))
    return replications


def burn_in(scenario: Scenario, plan: WorkshopPlan, states: KeptStates, workers: int | None = None) -> None:
    """Bring the runs to their first reported week, so that the first round costs no more than the others."""
    ensemble = Ensemble.of(scenario, plan.seed).kept_in(states)
    in_order(replicate, [(ensemble, Keep(weeks=(0, 0)), *piece) for piece in cut(0, plan.runs, PIECE)], workers)
