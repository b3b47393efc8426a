"""What to run, what to keep of it, and the one loop over replications: whoever runs many runs calls ``replicate``.

A run is identified by its chain, its parameters, a seed and a replication; nothing else decides its bits. ``executors.py``
hands pieces of consecutive replications to workers; ``engine.py`` and ``growing.py`` put the pieces together.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, fields, replace
from functools import cached_property
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ketensim.chain.week import advance
from ketensim.foundation.compiled import compiled, mark_ready
from ketensim.foundation.errors import InputError
from ketensim.foundation.luck import MOST_RUNS
from ketensim.foundation.outcome_table import (
    CASE_TYPE_OUTCOMES,
    ORGANISATION_OUTCOMES,
    OUTCOMES,
    Notebook,
    new_notebook,
)
from ketensim.foundation.rows import COHORT_COLUMNS
from ketensim.foundation.state import Chain, State, grown, new_state
from ketensim.run.accepted import parameter_sets, set_of
from ketensim.run.extension import Extension, in_force
from ketensim.run.histograms import Bins, Histograms, of_notebook
from ketensim.run.kept_states import KeptState, KeptStates, digest_of
from ketensim.run.stopping import Stopping, stretches, sum_up_stopped
from ketensim.scenario import build
from ketensim.scenario.schema import Scenario

FIRST_SLOTS: Final = (
    1024  # open cases to begin with; the table grows by itself, and a kept state is as large as its table
)
EVERY: Final = tuple(range(len(OUTCOMES)))
Values = NDArray[np.float64]


class BrokenRunError(Exception):
    """A run that could not be computed; its cause is what went wrong."""

    def __init__(self, replication: int) -> None:
        super().__init__(f"replication {replication}")
        self.replication = replication


@dataclass(frozen=True, eq=False)
class Ensemble:
    """What is run.

    Attributes
    ----------
    chain : the chain
    sets : one set of parameters or more, which the replications use in turn
    seed : of their luck
    states : where runs go on from; None = every run starts at its beginning
    pauses : weeks since the start of the burn-in at which runs are kept, and from which they go on
    keeps : whether runs are kept; otherwise they only go on from what others have kept
    extension : what is different from the shipped model; what is in force when the runs are described
    """

    chain: Chain
    sets: np.recarray
    seed: int
    states: KeptStates | None = None
    pauses: tuple[int, ...] = ()
    keeps: bool = True
    extension: Extension = field(default_factory=in_force)

    def __post_init__(self) -> None:
        self.extension.try_on(self.chain, self.sets[:1].view(np.recarray))

    @classmethod
    def of(cls, scenario: Scenario, seed: int, parameters: Any = None) -> Ensemble:
        """The runs of a scenario; ``parameters`` as for ``simulate``."""
        return cls(build.build(scenario), parameter_sets(scenario, parameters), seed)

    def kept_in(self, states: KeptStates | None, weeks: Iterable[int] = (0,), *, keeps: bool = True) -> Ensemble:
        """The same runs, kept at the start of some reported weeks; in week 0 the burn-in is over."""
        pauses = tuple(sorted({self.burn_in + week for week in weeks}))
        return self if states is None else replace(self, states=states, pauses=pauses, keeps=keeps)

    @property
    def burn_in(self) -> int:
        """Weeks before the first reported one."""
        return int(self.chain.world[0].burn_in)

    @cached_property
    def pasts(self) -> dict[int, str]:
        """Pause -> mark of everything that a run meets before it."""
        heading = f"{self.seed}{self.extension.stamp}"
        return {week: digest_of(heading, self.chain, self.sets, week) for week in self.pauses}

    def parameters(self, replication: int) -> np.recarray:
        """The parameters of a run, one row."""
        row = int(set_of(replication, len(self.sets)))
        return self.sets[row : row + 1].view(np.recarray)

    def kept(self, replication: int, latest: int) -> KeptState | None:
        """A run at the last pause at which it is kept, not after a week."""
        if self.states is None:
            return None
        weeks = (week for week in reversed(self.pauses) if week <= latest)
        there = (self.states.find(self.pasts[week], replication) for week in weeks)
        return next((kept for kept in there if kept is not None), None)


@dataclass(frozen=True, eq=False)
class Keep:
    """What is kept of each run beside its summary.

    Attributes
    ----------
    weekly : numbers of the outcomes whose weekly values are kept
    organisations : number of first replications of which the weeks of each organisation and of each case type are kept,
        or a few more
    watched : the same for what no outcome holds: what administrators believe of the chain's results, and what goes on
        between organisations
    cohorts : weeks of arrival, since the start of the burn-in; kept is what had become of their cases when the runs ended
    bins : how values are counted over the runs, if at all
    weeks : first and last reported week (not included) that are kept; runs go no further. None = all
    stopping : when a run stops early; None = never. Only of runs from their start, of which all weeks are kept
    """

    weekly: tuple[int, ...] = ()
    organisations: int = 0
    watched: int = 0
    cohorts: tuple[int, ...] = ()
    bins: Bins | None = None
    weeks: tuple[int, int] | None = None
    stopping: Stopping | None = None

    @property
    def columns(self) -> tuple[int, ...]:
        """Numbers of the outcomes whose weekly values are needed: those that are kept, or counted when they are known."""
        return self.weekly or (() if self.bins is None or self.bins.in_kernel else self.bins.columns)


EVERYTHING: Final = Keep(weekly=EVERY, organisations=MOST_RUNS)


@dataclass(frozen=True, eq=False, slots=True)
class Replications:
    """What consecutive replications gave; what was not asked for is empty.

    Attributes
    ----------
    first : the first of them
    summary : array [run, outcome]; not-a-number when the runs did not go to their end
    weekly : array [run, week, outcome]
    organisations : array [run, week, organisation, outcome]
    case_types : array [run, week, case type, outcome]; kept with the organisations
    beliefs : array [run, week, organisation]
    in_time : array [run, week, 2]; cases closed within their norm, and open cases whose norm passed
    dyads : array [run, week, dyad, 2]; trust in persons, in agreements
    returns : array [run, week, link]; cases that were sent back
    cohorts : array [run, week of arrival, column of ``state.cohort``] of the case types that count; 0 before the runs began
    histograms : of the values over the runs; None when they were not asked for
    own_summary : array [run, outcome of somebody's own]: first those of the chain, then those of organisations as the
        mean over the organisations; the mean of the weeks with a value
    own, own_organisations : arrays [run, week, outcome] and [run, week, organisation, outcome]; kept with ``weekly``
    weeks_run : array [run]; reported weeks until the run stopped or ended
    """

    first: int
    summary: Values
    weekly: Values
    organisations: Values
    case_types: Values
    beliefs: Values
    in_time: Values
    dyads: Values
    returns: Values
    cohorts: Values
    histograms: Histograms | None = None
    own_summary: Values = field(default_factory=lambda: np.empty((0, 0)))
    own: Values = field(default_factory=lambda: np.empty((0, 0, 0)))
    own_organisations: Values = field(default_factory=lambda: np.empty((0, 0, 0, 0)))
    weeks_run: Values = field(default_factory=lambda: np.empty(0))


def replicate(ensemble: Ensemble, keep: Keep, first: int, number: int) -> Replications:
    """Run consecutive replications; this is what a worker does.

    Raises
    ------
    BrokenRunError : from whatever went wrong in a run
    """
    piece = _Piece(ensemble, keep, first, number)
    for place in range(number):
        try:
            piece.run(place)
        except InputError:
            raise
        except Exception as error:
            raise BrokenRunError(first + place) from error
    mark_ready(advance, ensemble.extension.replaced)
    return piece.finished()


class _Piece:
    """Runs one after another in the same state and notebook, and room for what is kept of them."""

    def __init__(self, ensemble: Ensemble, keep: Keep, first: int, number: int) -> None:
        self.ensemble, self.keep = ensemble, keep
        world = ensemble.chain.world[0]
        reported, organisations, types = (
            int(world.weeks) - ensemble.burn_in,
            int(world.organisations),
            int(world.case_types),
        )
        self.begin, self.end = keep.weeks or (0, reported)
        own = len(ensemble.extension.outcomes), len(ensemble.extension.organisation_outcomes)
        weeks, watched = self.end - self.begin, max(0, min(number, keep.watched - first))
        with_rows, in_kernel = first < keep.organisations, keep.bins is not None and keep.bins.in_kernel
        self.kept = Replications(
            first,
            summary=np.full((number, len(OUTCOMES)), np.nan),
            weekly=np.empty((number, weeks, len(keep.columns))),
            organisations=np.empty((number if with_rows else 0, weeks, organisations, len(ORGANISATION_OUTCOMES))),
            case_types=np.empty((number if with_rows else 0, weeks, types, len(CASE_TYPE_OUTCOMES))),
            beliefs=np.empty((watched, weeks, organisations)),
            in_time=np.empty((watched, weeks, 2)),
            dyads=np.empty((watched, weeks, int(world.dyads), 2)),
            returns=np.empty((watched, weeks, int(world.links))),
            cohorts=np.empty((number, len(keep.cohorts), COHORT_COLUMNS)),
            own_summary=np.full((number, sum(own)), np.nan),
            own=np.empty((number, weeks, own[0]) if keep.weekly else (number, 0, own[0])),
            own_organisations=np.empty((number, weeks if keep.weekly else 0, organisations, own[1])),
            weeks_run=np.full(number, float(self.end)),
        )
        self.notebook = new_notebook(
            reported, organisations, types, organisation_rows=with_rows, bands=in_kernel, own=own
        )
        if keep.bins is not None and in_kernel:
            self.notebook.top[:] = keep.bins.top
        self.state = new_state(ensemble.chain, FIRST_SLOTS)
        self.parameters: np.recarray  # of the run at work
        self.columns = slice(None) if keep.columns == EVERY else np.array(keep.columns, dtype=np.int64)
        self.arrival = np.array(keep.cohorts, dtype=np.int64)[:, None]

    def run(self, place: int) -> None:
        """One run to the last week that is wanted, from its start or from where it was kept."""
        # of the run alone, in case an event writes where it may only read
        self.parameters = self.ensemble.parameters(self.kept.first + place).copy()
        if self.keep.stopping is not None:
            self.kept.weeks_run[place] = self._until(self.keep.stopping, self.kept.first + place)
            self._write(place)
            return
        ensemble, replication = self.ensemble, self.kept.first + place
        begin, end, week = ensemble.burn_in + self.begin, ensemble.burn_in + self.end, 0
        watched = place < len(self.kept.beliefs)
        # of the weeks before a kept state only what travels with it is known
        every_week = watched or len(self.kept.organisations) or self.kept.own_summary.size
        latest = begin if every_week else min(end, int(ensemble.chain.world[0].weeks) - 1)
        if (begun := ensemble.kept(replication, latest)) is not None:
            week, self.state = begun.week, begun.state
            self.notebook.weekly_grid[: len(begun.weekly)] = begun.weekly
        pauses = {pause for pause in ensemble.pauses if week < pause <= end and ensemble.keeps}
        watched_weeks = range(max(begin, week + 1), end) if watched else ()
        for stop in sorted({*pauses, *watched_weeks, *((end,) if begun is None or week < end else ())}):
            self._to(replication, week, stop)
            week = stop
            if ensemble.states is not None and stop in pauses:
                weekly = self.notebook.weekly_grid[: max(0, stop - ensemble.burn_in)]
                ensemble.states.keep(ensemble.pasts[stop], replication, stop, self.state, weekly)
            if watched and stop > begin:
                self._watch(place, stop - begin - 1)
        self._write(place)

    def _until(self, stopping: Stopping, replication: int) -> int:
        """One run until it stops or ends; returns how many reported weeks it had."""
        ensemble, weeks, first = self.ensemble, self.end, 0
        for reported in stretches(weeks):
            before = self.state.copied()
            # what had become of earlier cohorts is written into their own weeks
            grids = [(grid, grid.copy()) for grid in (self.notebook.weekly_grid, self.notebook.case_type_grid)]
            self._to(replication, first, ensemble.burn_in + reported)
            end = stopping.end(self.notebook.weekly_grid[:reported])
            if end is not None and end < weeks:
                self.state = before
                for grid, as_it_was in grids:
                    grid[:] = as_it_was
                self._to(replication, first, ensemble.burn_in + end)
                sum_up_stopped(ensemble.chain, self.state, self.notebook, end, ensemble.extension.replaced)
                return end
            first = ensemble.burn_in + reported
        return weeks

    def _to(self, replication: int, first: int, last: int) -> None:
        run = (self.ensemble.chain, self.state, self.notebook, self.parameters)
        step = compiled(advance, self.ensemble.extension.replaced)
        self.state = run_weeks(step, run, (self.ensemble.seed, replication), first, last)

    def _watch(self, place: int, week: int) -> None:
        """What no outcome holds, at the end of a week."""
        kept, state = self.kept, self.state
        # a field of plain records is read in a fifth of the time, and this is done every week
        rows = (state.organisation, state.chain, state.dyad, state.link)
        organisation, chain, dyad, link = (records.view(np.ndarray) for records in rows)
        kept.beliefs[place, week] = organisation["belief_mean"]
        kept.in_time[place, week] = chain["in_time"][0], chain["due"][0]
        kept.dyads[place, week, :, 0] = dyad["trust_persons"]
        kept.dyads[place, week, :, 1] = dyad["trust_agreements"]
        kept.returns[place, week] = link["returned"]

    def _write(self, place: int) -> None:
        """What is kept of the run that has come to its last week."""
        self.ensemble.extension.check(self.state, self.parameters, self.ensemble.parameters(self.kept.first + place))
        kept, notebook, weeks = self.kept, self.notebook, slice(self.begin, self.end)
        if self.end == len(notebook.weekly_grid):
            kept.summary[place] = notebook.summary
            own = np.hstack([notebook.own_grid, notebook.own_organisation_grid.mean(axis=1)])
            kept.own_summary[place] = mean_of_weeks(own)
        kept.weekly[place] = notebook.weekly_grid[weeks, self.columns]
        if self.keep.weekly:
            kept.own[place] = notebook.own_grid[weeks]
            kept.own_organisations[place] = notebook.own_organisation_grid[weeks]
        if len(kept.organisations):
            kept.organisations[place] = notebook.organisation_grid[weeks]
            kept.case_types[place] = notebook.case_type_grid[weeks]
        counts = self.ensemble.chain.case_type["counts"] > 0
        cohorts = self.state.cohort[:, np.maximum(0, self.arrival[:, 0])][counts].sum(axis=0)
        kept.cohorts[place] = np.where(self.arrival >= 0, cohorts, 0)

    def finished(self) -> Replications:
        """What is kept of all runs."""
        bins, kept = self.keep.bins, self.kept
        if bins is None:
            return kept
        if bins.in_kernel:
            return replace(kept, histograms=of_notebook(self.notebook))
        places = [self.keep.columns.index(column) for column in bins.columns]
        counted = bins.counted(kept.weekly[..., places])
        return replace(kept, histograms=counted, weekly=kept.weekly if self.keep.weekly else kept.weekly[..., :0])


def mean_of_weeks(weekly: Values) -> Values:
    """Mean over the weeks with a value, of an array [week, outcome]; not-a-number where there is none.

    Examples
    --------
    >>> mean_of_weeks(np.array([[1.0, np.nan], [2.0, np.nan]])).tolist()
    [1.5, nan]
    """
    known = ~np.isnan(weekly)
    total, number = np.where(known, weekly, 0.0).sum(axis=0), known.sum(axis=0)
    return np.asarray(np.divide(total, number, out=np.full(len(total), np.nan), where=number > 0))


def run_weeks(
    step: Callable[..., int],
    run: tuple[Chain, State, Notebook, np.recarray],
    luck: tuple[int, int],
    first: int,
    last: int,
) -> State:
    """Weeks ``first`` up to ``last`` of a run with a seed and a replication; returns the state, which may have grown.

    ``step`` is ``advance``, compiled or plain.
    """
    chain, state, notebook, parameters = run
    while (first := step(chain, state, notebook, parameters[0], *luck, first, last)) < last:
        state = grown(state)
    return state


def week_by_week(ensemble: Ensemble, replication: int) -> Iterator[tuple[int, State]]:
    """One run, week by week from its start: the week since the start of the burn-in, and the state at its end.

    For who watches a run from outside; the state is the same one every week, or a larger one when it had to grow.
    """
    world, extension = ensemble.chain.world[0], ensemble.extension
    notebook = new_notebook(
        int(world.weeks) - ensemble.burn_in, int(world.organisations), int(world.case_types),
        organisation_rows=False, bands=False, own=(len(extension.outcomes), len(extension.organisation_outcomes)),
    )  # fmt: skip
    state, step = new_state(ensemble.chain, FIRST_SLOTS), compiled(advance, extension.replaced)
    run, luck = ensemble.parameters(replication), (ensemble.seed, replication)
    for week in range(int(world.weeks)):
        state = run_weeks(step, (ensemble.chain, state, notebook, run), luck, week, week + 1)
        yield week, state


def together(parts: Sequence[Replications]) -> Replications:
    """Pieces in the order of the replications; their histograms are added up in those of the first."""
    parts = sorted(parts, key=lambda part: part.first)

    counted = [part.histograms for part in parts if part.histograms is not None]
    for histograms in counted[1:]:
        counted[0].add(histograms)
    names = [part.name for part in fields(Replications) if part.name not in ("first", "histograms")]
    arrays = {name: np.concatenate([getattr(part, name) for part in parts]) for name in names}
    return Replications(parts[0].first, **arrays, histograms=counted[0] if counted else None)
