"""What came out of a round, as plain values for the screens: counted from runs, without a word or a colour.

Everything belongs to the round. Goal realisation and the losses are about the cases that came in during it: they are
followed until the longest norm of the chain has passed for the last of them, as it goes on with nothing changed any
more. Costs, queues, returns, interventions and trust are those of its weeks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ketensim.foundation.outcome_table import EIGHT_OF_TEN
from ketensim.foundation.rows import HOURS
from ketensim.run.comparison import paired_difference
from ketensim.run.estimate import Estimate
from ketensim.run.ledger import HUNDRED, LEDGER
from ketensim.run.results import exact_band
from ketensim.workshop.runs.table_half import ChainPlaces, TableHalf, known_or_none, share_per

Values = NDArray[np.float64]
ARRIVED, REALISED = 0, 1  # columns of a cohort
LOSSES_COUNTED: Final = tuple(
    name for name in LEDGER if name not in ("realised", "open")
)  # the columns after those two


@dataclass(frozen=True, slots=True)
class WeeklyBand:
    """A band over the runs, per week since the first round: eight of ten lie between low and high; None = no value."""

    low: list[float | None]
    middle: list[float | None]
    high: list[float | None]
    mean: list[float | None]


@dataclass(frozen=True, slots=True)
class Sight:
    """What administrators saw against what was there, per week of the round (``table_half``).

    Attributes
    ----------
    most_mistaken : the organisation whose administrator was furthest off, over the round
    """

    seen: list[float | None]
    there: list[float | None]
    most_mistaken: str


@dataclass(frozen=True, slots=True)
class OrganisationResult:
    """One organisation in a round, means over the runs.

    Attributes
    ----------
    waiting : cases, per week of the round
    hours : use -> share of its hours
    interventions : by its administrator, number in the round
    trust_before, trust : of the organisation in its partners at the beginning and the end, a share
    returned : cases that came back to it in the round
    returned_by : the partner that sent most of them back; empty = nobody did
    """

    id: str
    waiting: list[float]
    hours: dict[str, float]
    interventions: float
    trust_before: float
    trust: float
    returned: float
    returned_by: str


@dataclass(frozen=True, slots=True)
class TieResult:
    """Trust between two organisations at the beginning and the end of a round, in persons and agreements together."""

    one: str
    other: str
    before: float
    after: float


@dataclass(frozen=True, slots=True)
class ShownRun:
    """One run for the projector: the same for all tables and rounds, so with the same citizens.

    Attributes
    ----------
    intervened : [week of the round][organisation] whether its administrator intervened
    """

    run: int
    intervened: list[list[bool]]


@dataclass(frozen=True, slots=True)
class TableResult:
    """What one table brought about in a round.

    Attributes
    ----------
    goal : goal realisation by week in which cases came in, since the first round
    goal_round : goal realisation of the round, a share, with the middle 80 per cent of the runs
    lost : what became of every 100 cases that came in: ``realised`` and the losses, names of ``run.ledger.LEDGER``
    cost : euros per case that was done right and in time, in the weeks of the round, with the middle 80 per cent
    waiting_before, waiting : cases that wait in the chain in the first and the last week
    against, cost_against : differences of goal_round and cost with the mean of the other tables on equal luck, with their
        95 % intervals, as far as people's choices made them; None with one table
    stood_in : what stand-ins with a character brought to goal_round; None when there are none that moved
    hours : use -> share of all hours of the round
    interventions, incidents : number in the round, mean over the runs
    """

    table: int
    goal: WeeklyBand
    goal_round: Estimate
    lost: dict[str, float]
    cost: Estimate
    waiting_before: float
    waiting: float
    against: Estimate | None
    cost_against: Estimate | None
    stood_in: Estimate | None
    hours: dict[str, float]
    sight: Sight
    interventions: float
    incidents: float
    organisations: tuple[OrganisationResult, ...]
    ties: tuple[TieResult, ...]
    shown: ShownRun


@dataclass(frozen=True, slots=True)
class RoundResult:
    """What all tables brought about in a round; weeks count from the first week of the first round."""

    round: int
    first_week: int
    tables: tuple[TableResult, ...]


@dataclass(frozen=True, eq=False, slots=True)
class TableRun:
    """What is known of a round at one table: its parts, and what became of the cases.

    Attributes
    ----------
    halves : of the round, in order
    cohorts : array [run, week of arrival, column of a cohort]
    """

    halves: tuple[TableHalf, ...]
    cohorts: Values

    @property
    def goals(self) -> Values:
        """Goal realisation of the round in each run, [run]; not-a-number where no case came in."""
        sums = self.cohorts.sum(axis=1)
        return share_per(sums[:, REALISED], sums[:, ARRIVED])

    @property
    def costs(self) -> Values:
        """Euros per realised case in each run, [run]; not-a-number where none was realised."""
        costs, realised = (
            np.sum([getattr(half, name) for half in self.halves], axis=0) for name in ("costs", "realised")
        )
        return share_per(costs, realised)


# --- from runs to results ------------------------------------------------------------------------------------------
def table_results(
    played: Sequence[TableRun],
    people: Sequence[TableRun],
    places: ChainPlaces,
    before: Sequence[TableResult | None],
    shown: int,
) -> tuple[TableResult, ...]:
    """The results of all tables.

    Parameters
    ----------
    played : what was run
    people : the same when only people had chosen; the very same object at a table whose stand-ins changed nothing
    places : of organisations and relations
    before : results of the round before, whose bands go on
    shown : run that the projector shows
    """
    goals, costs = (np.array([getattr(run, name) for run in people]) for name in ("goals", "costs"))
    return tuple(
        _table_result(
            table,
            run,
            places,
            before[table],
            (against(goals, table), against(costs, table)),
            None if people[table] is run else paired_difference(people[table].goals, run.goals).difference,
            shown,
        )
        for table, run in enumerate(played)
    )


def against(values: Values, table: int) -> Estimate | None:
    """A table minus the mean of the others, per run, from an array [table, run]; None with one table."""
    if len(values) < 2:
        return None
    return paired_difference(np.delete(values, table, axis=0).mean(axis=0), values[table]).difference


def _table_result(
    table: int,
    run: TableRun,
    places: ChainPlaces,
    before: TableResult | None,
    differences: tuple[Estimate | None, Estimate | None],
    stood_in: Estimate | None,
    shown: int,
) -> TableResult:
    halves, first, last = run.halves, run.halves[0], run.halves[-1]
    hours = np.sum([half.hours for half in halves], axis=0)
    off = np.sum([half.off for half in halves], axis=0)
    ends = zip(places.ties, first.ties_first, last.ties_last, strict=True)
    by_week = share_per(run.cohorts[..., REALISED], run.cohorts[..., ARRIVED])
    seen, there = (np.concatenate([getattr(half, name) for half in halves]) for name in ("seen", "there"))
    return TableResult(
        table=table,
        goal=weekly_band(by_week, before.goal if before else None),
        goal_round=Estimate.of_middle(run.goals),
        lost=lost_of(run.cohorts),
        cost=Estimate.of_middle(run.costs),
        waiting_before=float(first.waiting[0].sum()),
        waiting=float(last.waiting[-1].sum()),
        against=differences[0],
        cost_against=differences[1],
        stood_in=stood_in,
        hours=shares_of_hours(hours.sum(axis=0)),
        sight=Sight(known_or_none(seen), known_or_none(there), places.organisations[int(off.argmax())]),
        interventions=float(sum(half.interventions.sum() for half in halves)),
        incidents=float(sum(half.incidents for half in halves)),
        organisations=tuple(_organisation(halves, places, place) for place in range(len(places.organisations))),
        ties=tuple(TieResult(*tie, float(one), float(two)) for tie, one, two in ends),
        shown=ShownRun(shown, np.concatenate([half.intervened[shown] for half in halves]).tolist()),
    )


def lost_of(cohorts: Values) -> dict[str, float]:
    """What became of every 100 cases that came in, from an array [run, week of arrival, column of a cohort]."""
    sums = cohorts.sum(axis=1)
    arrived = sums[:, ARRIVED]
    found = {"realised": sums[:, REALISED]} | {
        name: sums[:, REALISED + 1 + place] for place, name in enumerate(LOSSES_COUNTED)
    }
    found["open"] = arrived - sum(found.values())
    return {name: HUNDRED * float(np.nanmean(share_per(values, arrived))) for name, values in found.items()}


def weekly_band(values: Values, before: WeeklyBand | None) -> WeeklyBand:
    """The band of a round, [run, week], after the bands of the rounds before."""
    band = exact_band(values)
    low, middle, high, mean = (known_or_none(band[name]) for name in (*EIGHT_OF_TEN, "mean"))
    if before is None:
        return WeeklyBand(low, middle, high, mean)
    return WeeklyBand(before.low + low, before.middle + middle, before.high + high, before.mean + mean)


def shares_of_hours(sums: Values) -> dict[str, float]:
    """Use -> share of all hours, from hours in the order of HOURS."""
    total = float(sums.sum())
    return {use: float(part) / total if total > 0 else 0.0 for use, part in zip(HOURS, sums, strict=True)}


def _organisation(halves: Sequence[TableHalf], places: ChainPlaces, place: int) -> OrganisationResult:
    name = places.organisations[place]
    sent_back = np.sum([half.sent_back for half in halves], axis=0)
    by = {target: float(sent_back[link]) for link, (source, target) in enumerate(places.links) if source == name}
    most = max(by, key=lambda partner: by[partner], default="")
    return OrganisationResult(
        id=name,
        waiting=[float(week) for half in halves for week in half.waiting[:, place]],
        hours=shares_of_hours(np.sum([half.hours[place] for half in halves], axis=0)),
        interventions=float(sum(half.interventions[place] for half in halves)),
        trust_before=float(halves[0].trust_first[place]),
        trust=float(halves[-1].trust_last[place]),
        returned=float(sum(half.returned[place] for half in halves)),
        returned_by=most if by and by[most] > 0 else "",
    )


def middle_run(first: Sequence[TableHalf]) -> int:
    """The run whose queues after the first part of the workshop, mean over the tables, are nearest to the median."""
    waited = np.mean([half.waited for half in first], axis=0)
    return int(np.argmin(np.abs(waited - np.median(waited))))
