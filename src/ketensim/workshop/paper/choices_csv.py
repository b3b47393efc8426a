"""Choices and outcomes as CSV, for whoever wants to go on calculating. No names, no seats: teams and tables only."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from typing import Any, Final

from ketensim.foundation.rows import HOURS
from ketensim.run.ledger import LEDGER
from ketensim.workshop.game.agreements import ties_of
from ketensim.workshop.game.choices import predictions_of, team_choice
from ketensim.workshop.game.decisions import DECISIONS
from ketensim.workshop.game.room import Room
from ketensim.workshop.game.seating import teams
from ketensim.workshop.runs.round_results import RoundResult
from ketensim.workshop.runs.table_half import mean_of_known

DIGITS: Final = 6


def decisions_csv(room: Room) -> str:
    """One row per round, table and organisation: who chose, and the step of each decision. Counted from 1."""
    rows = []
    for number in range(room.ran):
        for team in teams(room):
            choice = team_choice(room, team, number)
            steps = [DECISIONS[name].steps[choice.steps[name]] for name in DECISIONS]
            changed = [f"{name}:{DECISIONS[name].steps[step]}" for name, step in choice.changed.items()]
            rows.append([number + 1, team.table + 1, team.organisation, str(choice.by), *steps, *(changed or [""])])
    return _written(["round", "table", "organisation", "by", *DECISIONS, "changed_halfway"], rows)


def agreements_csv(room: Room, results: Sequence[RoundResult]) -> str:
    """One row per round, table and relation of which something was agreed: the terms, who broke them, and trust."""
    rows = []
    for result in results:
        for table in result.tables:
            trust = {(tie.one, tie.other): tie for tie in table.ties}
            for tie, agreement in ties_of(room, table.table, result.round).items():
                if agreement.terms is not None:
                    ends, (frame, time) = trust[tie.one, tie.other], agreement.terms
                    terms = [DECISIONS["steering"].steps[frame], DECISIONS["hours_together"].steps[time]]
                    where = [result.round + 1, table.table + 1, tie.one, tie.other]
                    rows.append([*where, *terms, agreement.broken_by, ends.before, ends.after])
    head = ["round", "table", "one", "other", "steering", "hours_together", "broken_by", "trust_before", "trust_after"]
    return _written(head, rows)


def outcomes_csv(room: Room, results: Sequence[RoundResult]) -> str:
    """One row per round and table: both scores, what became of 100 cases, what was predicted and seen, interventions, hours.
    Shares, euros, and cases of every 100.
    """
    rows = []
    for result in results:
        for table in result.tables:
            predicted = predictions_of(room, result.round, table.table)
            seen, there = mean_of_known(table.sight.seen), mean_of_known(table.sight.there)
            goal = (table.goal_round.mean, table.goal_round.low, table.goal_round.high)
            cost = (table.cost.mean, table.cost.low, table.cost.high, table.waiting_before, table.waiting)
            lost = [table.lost[name] for name in LEDGER]
            expected = mean_of_known([share / 100 for share in predicted])
            often = (table.interventions, table.incidents)
            hours = [table.hours[use] for use in HOURS]
            rows.append(
                [
                    *(result.round + 1, table.table + 1, *goal, *cost, *lost),
                    *(len(predicted), expected, seen, there, *often, *hours),
                ]
            )
    head = [
        "round",
        "table",
        "goal_realisation",
        "goal_p10",
        "goal_p90",
        "costs_per_realised",
        "costs_p10",
        "costs_p90",
    ]
    head += ["waiting_before", "waiting", *(f"of_100_{name}" for name in LEDGER)]
    head += ["predictions", "predicted", "seen", "there", "interventions", "incidents"]
    return _written([*head, *HOURS], rows)


def _written(head: Sequence[str], rows: Sequence[Sequence[Any]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(head)
    writer.writerows([[round(cell, DIGITS) if isinstance(cell, float) else cell for cell in row] for row in rows])
    return text.getvalue()
