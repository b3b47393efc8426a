"""What came out of a round, as plain values for the screens: counted from runs, without a word or a colour.

Goal realisation of a round is about the cases whose term ended in that half-year (the longest norm of the chain after
their arrival): of those that had come in together, the share that was done right and in time. It is known when the
round ends and no later choice changes it. *Seen* is what administrators believe about the chain's results (state
``belief_mean``, mean of their beliefs in the first runs); *there* is the goal realisation of the same weeks and runs.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ketensim.foundation.outcome_table import EIGHT_OF_TEN, ORGANISATION_OUTCOME_NAMES, OUTCOME_NAMES
from ketensim.foundation.rows import HOURS
from ketensim.run.comparison import paired_difference
from ketensim.run.estimate import Estimate
from ketensim.run.replications import Replications
from ketensim.run.results import exact_band

Values = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class WeeklyBand:
    """A band over the runs, per week since the first round: eight of ten lie between low and high; None = no value."""

    low: list[float | None]
    middle: list[float | None]
    high: list[float | None]
    mean: list[float | None]


@dataclass(frozen=True, slots=True)
class Sight:
    """What administrators saw against what was there, per week of the round; shares, means over the watched runs.

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
    interventions : by its administrator, number in the half-year
    trust : of the organisation in its partners at the end, a share
    returned : cases that came back to it or that it sent back, in the half-year
    """

    id: str
    waiting: list[float]
    hours: dict[str, float]
    interventions: float
    trust: float
    returned: float


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
    goal : goal realisation since the first round
    goal_round : goal realisation of this round, a share, with the middle 80 per cent of the runs
    against : difference of goal_round with the mean of all tables on equal luck, with its 95 % interval; None with one table
    hours : use -> share of all hours of the half-year
    interventions, incidents : number in the half-year, mean over the runs
    """

    table: int
    goal: WeeklyBand
    goal_round: Estimate
    against: Estimate | None
    hours: dict[str, float]
    sight: Sight
    interventions: float
    incidents: float
    organisations: tuple[OrganisationResult, ...]
    shown: ShownRun


@dataclass(frozen=True, slots=True)
class RoundResult:
    """What all tables brought about in a round; weeks count from the first week of the first round."""

    round: int
    first_week: int
    tables: tuple[TableResult, ...]


def mean_of_known(values: Iterable[float | None]) -> float | None:
    """Mean of what is known; None when nothing is."""
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None


# --- from runs to results ------------------------------------------------------------------------------------------
def goal_of_runs(half_year: Replications) -> Values:
    """Goal realisation of the round in each run, [run]; not-a-number where no case reached its term."""
    arrived, realised = half_year.cohorts.sum(axis=1).T
    return np.asarray(np.divide(realised, arrived, out=np.full(len(arrived), np.nan), where=arrived > 0))


def goal_of_weeks(half_year: Replications) -> Values:
    """Goal realisation of the cases whose term ended in each week, [run, week]."""
    arrived, realised = half_year.cohorts[..., 0], half_year.cohorts[..., 1]
    return np.asarray(np.divide(realised, arrived, out=np.full(arrived.shape, np.nan), where=arrived > 0))


def table_result(
    half_year: Replications, names: Sequence[str], table: int, before: TableResult | None, all_goals: Values
) -> TableResult:
    """The result of one table.

    Parameters
    ----------
    half_year : of this table
    names : ids of the organisations
    before : of the round before, whose band goes on
    all_goals : [table, run] goal realisation of the round at every table
    """
    goals = goal_of_weeks(half_year)
    own = all_goals[table]
    return TableResult(
        table=table,
        goal=weekly_band(goals, before.goal if before else None),
        goal_round=Estimate.of_middle(own),
        against=paired_difference(all_goals.mean(axis=0), own).difference if len(all_goals) > 1 else None,
        hours=shares_of_hours(half_year.weekly, OUTCOME_NAMES),
        sight=sight_of(half_year, goals, names),
        interventions=mean_total(half_year.weekly, OUTCOME_NAMES, "interventions"),
        incidents=mean_total(half_year.weekly, OUTCOME_NAMES, "incidents"),
        organisations=tuple(
            organisation_result(half_year.organisations[:, :, place], name) for place, name in enumerate(names)
        ),
        shown=shown_run(half_year, before.shown.run if before else median_run(all_goals)),
    )


def weekly_band(values: Values, before: WeeklyBand | None) -> WeeklyBand:
    """The band of a round, [run, week], after the bands of the rounds before."""
    band = exact_band(values)
    low, middle, high, mean = (known_or_none(band[name]) for name in (*EIGHT_OF_TEN, "mean"))
    if before is None:
        return WeeklyBand(low, middle, high, mean)
    return WeeklyBand(before.low + low, before.middle + middle, before.high + high, before.mean + mean)


def known_or_none(values: Values) -> list[float | None]:
    """Plain numbers, None for not-a-number."""
    return [None if math.isnan(value) else float(value) for value in values]


def shares_of_hours(values: Values, names: Sequence[str]) -> dict[str, float]:
    """Use -> share of all hours."""
    sums = {use: float(values[..., names.index(use)].sum()) for use in HOURS}
    all_hours = sum(sums.values())
    return {use: part / all_hours if all_hours > 0 else 0.0 for use, part in sums.items()}


def mean_total(values: Values, names: Sequence[str], outcome: str) -> float:
    """Sum over the weeks, mean over the runs, of an array [run, week, outcome]."""
    return float(values[..., names.index(outcome)].sum(axis=1).mean())


def organisation_result(values: Values, name: str) -> OrganisationResult:
    """One organisation, from an array [run, week, outcome]."""
    names = ORGANISATION_OUTCOME_NAMES
    return OrganisationResult(
        id=name,
        waiting=[float(part) for part in values[..., names.index("waiting")].mean(axis=0)],
        hours=shares_of_hours(values, names),
        interventions=mean_total(values, names, "intervention"),
        trust=float(values[:, -1, names.index("trust")].mean()),
        returned=mean_total(values, names, "returned"),
    )


def sight_of(half_year: Replications, goals: Values, names: Sequence[str]) -> Sight:
    """What was seen against what was there, in the watched runs."""
    there = exact_band(goals[: len(half_year.beliefs)])["mean"]
    by_name = half_year.beliefs.mean(axis=0)
    known = ~np.isnan(there)
    off = np.abs((by_name - there[:, None])[known]).mean(axis=0) if known.any() else np.zeros(len(names))
    return Sight(known_or_none(by_name.mean(axis=1)), known_or_none(there), names[int(off.argmax())])


def median_run(all_goals: Values) -> int:
    """The run whose goal realisation, mean over the tables, is nearest to the median."""
    goals = all_goals.mean(axis=0)
    known = goals[~np.isnan(goals)]
    return int(np.argmin(np.nan_to_num(np.abs(goals - np.median(known)), nan=np.inf))) if len(known) else 0


def shown_run(half_year: Replications, run: int) -> ShownRun:
    """A run week by week."""
    interventions = half_year.organisations[run][..., ORGANISATION_OUTCOME_NAMES.index("intervention")]
    return ShownRun(run, (interventions > 0).tolist())
