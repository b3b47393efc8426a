"""Many runs of one table, half a year at a time, going on where they stopped.

The runs are those of ``run.simulate``: same week, same luck, same bits (a test compares them). What differs is that the
state of every run is kept between rounds, so that a round costs its own weeks only, and that each week's beliefs of the
administrators are read from some runs: no outcome holds them.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ketensim.chain.week import advance
from ketensim.foundation.compiled import compiled, mark_ready
from ketensim.foundation.outcome_table import ORGANISATION_OUTCOMES, OUTCOMES, new_notebook
from ketensim.foundation.state import State, new_state
from ketensim.run.engine import run_weeks
from ketensim.scenario import build
from ketensim.scenario.schema import Scenario
from ketensim.workshop.game.plans import WEEKS, longest_norm

SLOTS: Final = 1024  # open cases to begin with; the table grows by itself
WATCHED: Final = 40  # runs in which beliefs are read
PIECE: Final = 25  # runs that a thread takes at once
Values = NDArray[np.float64]


@dataclass(frozen=True)
class HalfYear:
    """What the runs of one table left in one half-year.

    Attributes
    ----------
    weekly : [run, week, outcome]
    organisations : [run, week, organisation, outcome]
    cohort : [run, week, 2] cases whose longest norm passed in that week: how many had come in together, how many of
        them were realised
    belief : [watched run, week, organisation] what the administrators thought of the chain's results
    """

    weekly: Values
    organisations: Values
    cohort: Values
    belief: Values


class Runs:
    """The runs of one table: a state each, standing at the beginning of a half-year.

    Parameters
    ----------
    number : how many runs
    seed : their luck
    """

    def __init__(self, number: int, seed: int) -> None:
        self.number = number
        self.seed = seed
        self.week = 0
        self.states: list[State | None] = [None] * number

    def forget(self) -> None:
        """Drop the states: the next half-year is computed from the burn-in on, with the same bits."""
        self.week, self.states = 0, [None] * self.number

    def piece(self, scenario: Scenario, week: int, first: int, number: int) -> HalfYear:
        """Half a year of some consecutive runs, whose states then stand at its end.

        Parameters
        ----------
        week : reported week in which the half-year begins; that of the states when there are any
        first, number : which runs
        """
        chain, parameters = build.build(scenario), build.parameters(scenario)
        organisations, burn_in = len(scenario.organisations), scenario.burn_in
        notebook = new_notebook(
            scenario.weeks, organisations, len(scenario.case_types), organisation_rows=True, bands=False
        )
        rows = np.asarray(notebook.organisation_weekly).view("f8").reshape(scenario.weeks, organisations, -1)
        due = burn_in + week - longest_norm(scenario) + np.arange(WEEKS)  # arrivals whose norm passes, per week
        found = empty(number, organisations, max(0, min(number, WATCHED - first)))
        for place in range(number):
            run, begin = first + place, burn_in + week
            state = self.states[run]
            if state is None:
                state, begin = new_state(chain, SLOTS), 0
            for stop in stops(burn_in + week, begin, run < WATCHED):
                world = (chain, state, notebook, parameters)
                state = run_weeks(compiled(advance), world, (self.seed, run), begin, stop)
                begin = stop
                if run < WATCHED and stop > burn_in + week:
                    found.belief[place, stop - burn_in - week - 1] = state.organisation["belief_mean"]
            self.states[run] = state
            found.weekly[place] = notebook.weekly_grid[week : week + WEEKS]
            found.organisations[place] = rows[week : week + WEEKS]
            found.cohort[place] = np.where(due[:, None] >= 0, state.cohort[:, np.maximum(0, due), :2].sum(axis=0), 0)
        mark_ready(advance)
        return found

    def burn_in(self, scenario: Scenario, first: int, number: int) -> None:
        """Bring some consecutive runs to their first reported week, which no choice has touched yet."""
        chain, parameters = build.build(scenario), build.parameters(scenario)
        notebook = new_notebook(
            scenario.weeks, len(scenario.organisations), len(scenario.case_types), organisation_rows=True, bands=False
        )
        for run in range(first, first + number):
            world = (chain, new_state(chain, SLOTS), notebook, parameters)
            self.states[run] = run_weeks(compiled(advance), world, (self.seed, run), 0, scenario.burn_in)
        mark_ready(advance)


def stops(start: int, begin: int, watched: bool) -> list[int]:
    """Weeks (since the start of the burn-in) at which a run is halted: each week of a watched half-year, else its end.

    Examples
    --------
    >>> stops(52, 0, False), stops(52, 0, True)[:3]
    ([78], [52, 53, 54])
    """
    if not watched:
        return [start + WEEKS]
    return [*([start] if begin < start else []), *range(start + 1, start + WEEKS + 1)]


def empty(runs: int, organisations: int, watched: int) -> HalfYear:
    """Room for what some runs leave."""
    return HalfYear(
        np.empty((runs, WEEKS, len(OUTCOMES))),
        np.empty((runs, WEEKS, organisations, len(ORGANISATION_OUTCOMES))),
        np.empty((runs, WEEKS, 2)),
        np.empty((watched, WEEKS, organisations)),
    )


def half_years(tables: Iterable[tuple[Runs, Scenario]], week: int, workers: int | None = None) -> list[HalfYear]:
    """The same half-year of several tables on all processors.

    Parameters
    ----------
    tables : the runs of each table, and its scenario with the choices up to this half-year
    week : reported week in which the half-year begins
    workers : threads; silent = as many as there are processors
    """
    given = list(tables)
    for runs, _ in given:
        if runs.week != week:
            runs.forget()
            runs.week = week
    try:
        with ThreadPoolExecutor(workers or os.cpu_count() or 1) as pool:
            pieces = [
                [pool.submit(runs.piece, scenario, week, *part) for part in parts(runs.number)]
                for runs, scenario in given
            ]
            found = [together([piece.result() for piece in row]) for row in pieces]
    except BaseException:
        for runs, _ in given:
            runs.forget()  # some have gone on and others not
        raise
    for runs, _ in given:
        runs.week = week + WEEKS
    return found


def burn_in(tables: Iterable[tuple[Runs, Scenario]], workers: int | None = None) -> None:
    """Run the burn-in of several tables, so that their first round costs no more than the others."""
    with ThreadPoolExecutor(workers or os.cpu_count() or 1) as pool:
        done = [pool.submit(runs.burn_in, scenario, *part) for runs, scenario in tables for part in parts(runs.number)]
        for piece in done:
            piece.result()


def parts(number: int) -> list[tuple[int, int]]:
    """Runs in pieces: first and number of each.

    Examples
    --------
    >>> parts(60)
    [(0, 25), (25, 25), (50, 10)]
    """
    return [(first, min(PIECE, number - first)) for first in range(0, number, PIECE)]


def together(pieces: list[HalfYear]) -> HalfYear:
    """Consecutive runs put one after another."""
    names = ("weekly", "organisations", "cohort", "belief")
    return HalfYear(*(np.concatenate([getattr(piece, name) for piece in pieces]) for name in names))
