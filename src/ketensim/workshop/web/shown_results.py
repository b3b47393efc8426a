"""Results of a round as the screens draw them: rounded, summed into few kinds of hours, nothing about persons."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from ketensim.foundation.outcome_table import HOUR_GROUPS
from ketensim.workshop.game.room import Room
from ketensim.workshop.game.seating import active_seats
from ketensim.workshop.runs.round_results import OneRun, RoundResult, Series, TableResult

DIGITS: Final = 4
BINS: Final = 20  # of a histogram of predictions: five percentage points wide
Facts = dict[str, Any]


def of_table(result: RoundResult, table: int) -> TableResult | None:
    """What happened at a table."""
    return next((found for found in result.tables if found.table == table), None)


def goal(found: TableResult) -> Facts:
    """The outcome of a round, in per cent; against the mean of all tables in percentage points."""
    part, against = found.goal_round, found.against
    return {
        "mean": per_cent(part.mean),
        "low": per_cent(part.low),
        "high": per_cent(part.high),
        "against": None if against is None else per_cent(against.mean),
        "against_low": None if against is None else per_cent(against.low),
        "against_high": None if against is None else per_cent(against.high),
    }


def hours(shares: Mapping[str, float]) -> Facts:
    """Where the hours went, in the kinds that the reports show too."""
    return {use: rounded(sum(shares.get(name, 0.0) for name in names)) for use, names in HOUR_GROUPS.items()}


def for_screen(found: TableResult) -> Facts:
    """Everything the projector draws of one table."""
    return {
        "table": found.table,
        "goal": goal(found),
        "weeks": series(found.goal),
        "trust": rounded(_last(found.trust.mean)),
        "hours": hours(found.hours),
        "sight": {
            "week": list(found.sight.week),
            "seen": rounded_all(found.sight.seen),
            "there": rounded_all(found.sight.there),
            "most_mistaken": found.sight.most_mistaken,
        },
        "interventions": round(float(found.interventions), 1),
        "incidents": round(float(found.incidents), 1),
        "organisations": [
            {"id": one.id, "waiting": rounded(_last(one.waiting)), "hours": hours(one.hours)}
            for one in found.organisations
        ],
        # queues are means, as on the phones; interventions are those of the run that is shown
        "run": one_run(found.one_run) | {"waiting": _queues(found)},
    }


def _queues(found: TableResult) -> list[list[float | None]]:
    """Waiting cases [week][organisation], in the order of the run that is shown."""
    of = {one.id: one.waiting for one in found.organisations}
    return [rounded_all(week) for week in zip(*(of[name] for name in found.one_run.organisations), strict=True)]


def of_organisation(found: TableResult, organisation: str) -> Facts | None:
    """What a team sees of its own organisation."""
    own = next((one for one in found.organisations if one.id == organisation), None)
    if own is None:
        return None
    return {
        "waiting_before": rounded(own.waiting[0]) if own.waiting else None,
        "waiting": rounded(_last(own.waiting)),
        "returned": rounded(own.returned),
        "hours": hours(own.hours),
        "interventions": round(float(own.interventions), 1),
        "trust": rounded(own.trust),
    }


def series(found: Series) -> Facts:
    """A band over the weeks."""
    return {
        "week": list(found.week),
        "low": rounded_all(found.p10),
        "middle": rounded_all(found.p50),
        "high": rounded_all(found.p90),
    }


def one_run(run: OneRun) -> Facts:
    """The one run that is shown week by week."""
    return {
        "week": list(run.week),
        "organisations": list(run.organisations),
        "waiting": [rounded_all(week) for week in run.waiting],
        "intervened": [[bool(one) for one in week] for week in run.intervened],
        "goal": rounded_all(run.goal),
        "incidents": [int(one) for one in run.incidents],
    }


def histogram(room: Room, table: int, number: int) -> list[int]:
    """How many at a table expected how much, in bins of five percentage points: nobody can be recognised by name."""
    counts = [0] * BINS
    for seat in active_seats(room):
        share = room.predictions.get((number, seat.id))
        if seat.table == table and share is not None:
            counts[min(BINS - 1, int(share * BINS / 100))] += 1
    return counts


def mean_prediction(room: Room, table: int, number: int) -> float | None:
    """What a table expected on average, in per cent."""
    found = [
        room.predictions[number, seat.id]
        for seat in active_seats(room)
        if seat.table == table and (number, seat.id) in room.predictions
    ]
    return round(sum(found) / len(found), 1) if found else None


def per_cent(share: float) -> float | None:
    """A share as a percentage with one digit, None when there is none."""
    return None if share != share else round(100 * share, 1)


def points(difference: float) -> float | None:
    """A difference of shares in percentage points with two digits, None when there is none."""
    return None if difference != difference else round(100 * difference, 2)


def rounded(value: Any) -> float | None:
    """A number short enough to send, None when there is none."""
    if value is None or value != value:
        return None
    return round(float(value), DIGITS)


def rounded_all(values: Iterable[Any]) -> list[float | None]:
    """Numbers short enough to send."""
    return [rounded(value) for value in values]


def mean_of(values: Iterable[Any]) -> float | None:
    """Mean of the numbers that are known."""
    known = [value for value in values if value is not None and value == value]
    return rounded(sum(known) / len(known)) if known else None


def _last(values: Sequence[Any]) -> Any:
    return next((value for value in reversed(values) if value is not None and value == value), None)
