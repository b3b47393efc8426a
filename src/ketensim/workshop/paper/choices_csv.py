"""Choices and outcomes as CSV, for whoever wants to go on calculating. No names, no seats: teams and tables only."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Any, Final

from ketensim.foundation.rows import HOURS
from ketensim.workshop.game.choices import predictions_of, team_choice
from ketensim.workshop.game.decisions import DECISIONS
from ketensim.workshop.game.room import Room
from ketensim.workshop.game.seating import teams
from ketensim.workshop.runs.round_results import RoundResult, mean_of_known

DIGITS: Final = 6


def decisions_csv(room: Room) -> str:
    """One row per round, table and organisation: who chose, and the step of each decision. Counted from 1."""
    rows = []
    for number in range(room.ran):
        for team in teams(room):
            choice = team_choice(room, team, number)
            steps = [DECISIONS[name].steps[choice.steps[name]] for name in DECISIONS]
            rows.append([number + 1, team.table + 1, team.organisation, str(choice.by), *steps])
    return _written(["round", "table", "organisation", "by", *DECISIONS], rows)


def outcomes_csv(room: Room, results: Sequence[RoundResult]) -> str:
    """One row per round and table: goal realisation, what was predicted and seen, interventions, hours. Shares."""
    rows = []
    for result in results:
        for table in result.tables:
            predicted = predictions_of(room, result.round, table.table)
            seen, there = mean_of_known(table.sight.seen), mean_of_known(table.sight.there)
            goal = (table.goal_round.mean, table.goal_round.low, table.goal_round.high)
            expected = mean_of_known([share / 100 for share in predicted])
            often = (table.interventions, table.incidents)
            hours = [table.hours[use] for use in HOURS]
            rows.append(
                [result.round + 1, table.table + 1, *goal, len(predicted), expected, seen, there, *often, *hours]
            )
    head = ["round", "table", "goal_realisation", "goal_p10", "goal_p90", "predictions", "predicted", "seen", "there"]
    return _written([*head, "interventions", "incidents", *HOURS], rows)


def _written(head: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(head)
    writer.writerows([[round(cell, DIGITS) if isinstance(cell, float) else cell for cell in row] for row in rows])
    return text.getvalue()
