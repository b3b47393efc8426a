"""Results of a round as the screens draw them: rounded, summed into few kinds of hours, nothing about persons."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import numpy as np

from ketensim.foundation.outcome_table import HOUR_GROUPS
from ketensim.run.estimate import Estimate
from ketensim.workshop.game.choices import predictions_of
from ketensim.workshop.game.room import Room
from ketensim.workshop.runs.round_results import OrganisationResult, TableResult
from ketensim.workshop.runs.table_half import TableHalf, mean_of_known
from ketensim.workshop.web.stream import Facts

SHORT_DIGITS: Final = 4
HISTOGRAM_BINS: Final = 20  # of predictions: five percentage points wide
ENDS: Final = ("mean", "low", "high")


def table_scores(table: TableResult) -> Facts:
    """The two scores of a table: goal realisation in per cent, and euros per case that was done right and in time; each against
    the mean of the other tables, as far as people's choices made it.
    """
    goal = {name: per_cent(getattr(table.goal_round, name)) for name in ENDS}
    cost = {name: whole(getattr(table.cost, name)) for name in ENDS}
    return {
        "table": table.table,
        "goal": goal | {"against": _against(table.against, 100)},
        "cost": cost | {"against": _against(table.cost_against, 1)},
        "waiting_before": whole(table.waiting_before),
        "waiting": whole(table.waiting),
    }


def _against(difference: Estimate | None, factor: float) -> Facts | None:
    if difference is None or difference.mean != difference.mean:
        return None
    return {"mean": round(factor * difference.mean, 1), "sure": difference.sure}


def hours_facts(shares: Mapping[str, float]) -> Facts:
    """Where the hours went, in the kinds that the reports show too."""
    return {use: short_number(sum(shares.get(name, 0.0) for name in names)) for use, names in HOUR_GROUPS.items()}


def weeks_facts(table: TableResult) -> Facts:
    """The band of goal realisation over the weeks."""
    return {name: short_numbers(getattr(table.goal, name)) for name in ("low", "middle", "high")}


def table_facts(table: TableResult) -> Facts:
    """Everything the projector draws of one table after a round."""
    return table_scores(table) | {
        "hours": hours_facts(table.hours),
        "lost": {name: round(cases, 1) for name, cases in table.lost.items()},
        "sight": {"seen": short_numbers(table.sight.seen), "there": short_numbers(table.sight.there)},
        "interventions": round(float(table.interventions), 1),
        "incidents": round(float(table.incidents), 1),
        "organisations": [organisation_facts_of(part) | {"id": part.id} for part in table.organisations],
    }


def film_facts(halves: Sequence[TableHalf], names: Sequence[str], shown: int) -> Facts:
    """The weeks of a table as far as they have been run: queues are means; interventions those of the run that is shown."""
    waiting = np.concatenate([half.waiting for half in halves])
    return {
        "organisations": list(names),
        "waiting": [short_numbers(week) for week in waiting],
        "intervened": np.concatenate([half.intervened[shown] for half in halves]).tolist(),
    }


def own_film_facts(halves: Sequence[TableHalf], place: int) -> Facts:
    """The weeks of one organisation as far as they have been run."""
    waiting = np.concatenate([half.waiting[:, place] for half in halves])
    return {
        "waiting": short_numbers(waiting),
        "interventions": round(float(sum(half.interventions[place] for half in halves)), 1),
        "returned": whole(float(sum(half.returned[place] for half in halves))),
    }


def organisation_facts_of(own: OrganisationResult) -> Facts:
    """One organisation's story of a round."""
    return {
        "waiting_before": whole(own.waiting[0]),
        "waiting": whole(own.waiting[-1]),
        "returned": whole(own.returned),
        "returned_by": own.returned_by,
        "interventions": round(float(own.interventions), 1),
        "trust_before": short_number(own.trust_before),
        "trust": short_number(own.trust),
    }


def organisation_result_facts(table: TableResult, organisation: str) -> Facts | None:
    """What a team sees of its own organisation."""
    own = next((part for part in table.organisations if part.id == organisation), None)
    return None if own is None else organisation_facts_of(own) | {"hours": hours_facts(own.hours)}


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


def nearest_prediction(room: Room, result: TableResult, number: int) -> float | None:
    """The prediction at a table that came nearest to what came out, in per cent; None when nobody predicted."""
    goal = 100 * result.goal_round.mean
    made = predictions_of(room, number, result.table)
    return min(made, key=lambda share: abs(share - goal), default=None) if goal == goal else None


def per_cent(share: float, digits: int = 1) -> float | None:
    """A share as a percentage, or a difference in percentage points; None when there is none."""
    return None if share != share else round(100 * share, digits)


def whole(value: float) -> int | None:
    """A number of cases or euros without decimals; None when there is none."""
    return None if value != value else round(value)


def short_number(value: Any) -> float | None:
    """A number short enough to send, None when there is none."""
    return None if value is None or value != value else round(float(value), SHORT_DIGITS)


def short_numbers(values: Iterable[Any]) -> list[float | None]:
    """Numbers short enough to send."""
    return [short_number(value) for value in values]
