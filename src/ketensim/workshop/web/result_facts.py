"""Results of a round as the screens draw them: rounded, summed into few kinds of hours, nothing about persons."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

from ketensim.foundation.outcome_table import HOUR_GROUPS
from ketensim.workshop.game.choices import predictions_of
from ketensim.workshop.game.room import Room
from ketensim.workshop.runs.round_results import TableResult, mean_of_known
from ketensim.workshop.web.stream import Facts

SHORT_DIGITS: Final = 4
HISTOGRAM_BINS: Final = 20  # of predictions: five percentage points wide
ENDS: Final = ("mean", "low", "high")


def goal_facts(table: TableResult) -> Facts:
    """The outcome of a round, in per cent; against the mean of all tables in percentage points."""
    goal = {name: per_cent(getattr(table.goal_round, name)) for name in ENDS}
    return goal | {"against": None if table.against is None else per_cent(table.against.mean)}


def table_goal(table: TableResult) -> Facts:
    """The same, with the table that it is of."""
    return {"table": table.table, "goal": goal_facts(table)}


def hours_facts(shares: Mapping[str, float]) -> Facts:
    """Where the hours went, in the kinds that the reports show too."""
    return {use: short_number(sum(shares.get(name, 0.0) for name in names)) for use, names in HOUR_GROUPS.items()}


def weeks_facts(table: TableResult) -> Facts:
    """The band of goal realisation over the weeks."""
    return {name: short_numbers(getattr(table.goal, name)) for name in ("low", "middle", "high")}


def table_facts(table: TableResult) -> Facts:
    """Everything the projector draws of one table."""
    return table_goal(table) | {
        "weeks": weeks_facts(table),
        "hours": hours_facts(table.hours),
        "sight": {"seen": short_numbers(table.sight.seen), "there": short_numbers(table.sight.there)},
        "interventions": round(float(table.interventions), 1),
        "incidents": round(float(table.incidents), 1),
        "run": _shown_run(table),
    }


def _shown_run(table: TableResult) -> Facts:
    """One run week by week: queues are means, as on the phones; interventions are those of the run that is shown."""
    waiting = zip(*(part.waiting for part in table.organisations), strict=True)
    return {
        "organisations": [part.id for part in table.organisations],
        "waiting": [short_numbers(week) for week in waiting],
        "intervened": table.shown.intervened,
    }


def organisation_result_facts(table: TableResult, organisation: str) -> Facts | None:
    """What a team sees of its own organisation."""
    own = next((part for part in table.organisations if part.id == organisation), None)
    if own is None:
        return None
    return {
        "waiting_before": short_number(own.waiting[0]),
        "waiting": short_number(own.waiting[-1]),
        "returned": short_number(own.returned),
        "hours": hours_facts(own.hours),
        "interventions": round(float(own.interventions), 1),
        "trust": short_number(own.trust),
    }


def histogram(room: Room, table: int, number: int) -> list[int]:
    """How many at a table expected how much, in bins of five percentage points: nobody can be recognised by name."""
    counts = [0] * HISTOGRAM_BINS
    for share in predictions_of(room, number, table):
        counts[min(HISTOGRAM_BINS - 1, int(share * HISTOGRAM_BINS / 100))] += 1
    return counts


def mean_prediction(room: Room, table: int, number: int) -> float | None:
    """What a table expected on average, in per cent."""
    mean = mean_of_known(predictions_of(room, number, table))
    return None if mean is None else round(mean, 1)


def per_cent(share: float, digits: int = 1) -> float | None:
    """A share as a percentage, or a difference in percentage points; None when there is none."""
    return None if share != share else round(100 * share, digits)


def short_number(value: Any) -> float | None:
    """A number short enough to send, None when there is none."""
    return None if value is None or value != value else round(float(value), SHORT_DIGITS)


def short_numbers(values: Iterable[Any]) -> list[float | None]:
    """Numbers short enough to send."""
    return [short_number(value) for value in values]
