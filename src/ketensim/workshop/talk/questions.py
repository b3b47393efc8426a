"""Questions for the debriefing, chosen from what happened. A question is a key of the catalogue and its facts.

Each rule looks at the results and either has something to ask, with a strength, or has not. The strongest go first;
the last question is always what people take home.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from ketensim.foundation.outcome_table import LEAKS
from ketensim.run.estimate import Estimate
from ketensim.workshop.game.choices import table_steps
from ketensim.workshop.game.decisions import DECISIONS
from ketensim.workshop.game.room import Room
from ketensim.workshop.runs.round_results import RoundResult

MOST: Final = 6
SURPRISE: Final = 0.08  # smallest difference between prediction and outcome that is worth a question
BLIND: Final = 0.05  # the same between what was seen and what was there
APART: Final = 0.01  # between tables, and with a policy
LEAK: Final = 0.02  # growth of the share of hours that brought no case further
UNEVEN: Final = 2  # steps between the team that gave most and the one that gave least
OFTEN: Final = 0.5  # interventions in a half-year, chain as a whole


@dataclass(frozen=True, slots=True)
class Question:
    """One question: ``workshop.question.KEY`` and its facts; how strongly the results ask for it."""

    key: str
    facts: Mapping[str, Any] = field(default_factory=dict)
    strength: float = 0.0


@dataclass(frozen=True, slots=True)
class Evidence:
    """What the rules look at."""

    room: Room
    results: Sequence[RoundResult]
    policies: Mapping[str, Estimate]
    tables: Sequence[Any]


def questions(
    room: Room, results: Sequence[RoundResult], policies: Mapping[str, Estimate], tables: Sequence[Any]
) -> tuple[Question, ...]:
    """The questions, the strongest first.

    Parameters
    ----------
    results : of the rounds
    policies : policy -> goal realisation over the whole workshop
    tables : ``TableDebrief`` of each table
    """
    evidence = Evidence(room, results, policies, tables)
    asked = sorted((question for rule in RULES for question in rule(evidence)), key=lambda question: -question.strength)
    return (*asked[: MOST - 1], Question("monday"))


def _of_predictions(evidence: Evidence) -> Iterator[Question]:
    """Expected and realised, over all rounds and tables."""
    room = evidence.room
    gaps = [
        share / 100 - evidence.results[number].tables[room.seats[seat].table].goal_round.mean
        for (number, seat), share in room.predictions.items()
        if number < len(evidence.results)
    ]
    gaps = [gap for gap in gaps if not math.isnan(gap)]
    if gaps and abs(mean := sum(gaps) / len(gaps)) >= SURPRISE:
        yield Question("too_hopeful" if mean > 0 else "too_gloomy", {"points": abs(mean)}, abs(mean) / SURPRISE)


def _of_sight(evidence: Evidence) -> Iterator[Question]:
    """The round in which administrators were furthest from what was there."""
    gaps = []
    for result in evidence.results:
        for table in result.tables:
            pairs = [(s, t) for s, t in zip(table.sight.seen, table.sight.there, strict=True) if None not in (s, t)]
            if pairs:
                seen, there = (sum(part) / len(pairs) for part in zip(*pairs, strict=True))
                gaps.append((abs(seen - there), seen, there, result.round, table.sight.most_mistaken))
    if gaps and max(gaps)[0] >= BLIND:
        off, seen, there, number, name = max(gaps)
        key = "saw_better" if seen > there else "saw_worse"
        facts = {"seen": seen, "there": there, "round": number + 1, "organisation": name}
        yield Question(key, facts, off / BLIND)


def _of_energy(evidence: Evidence) -> Iterator[Question]:
    """Hours that brought no case further: more than at the beginning, or fewer."""
    if len(evidence.results) < 2:
        return
    leaks = [
        sum(sum(table.hours[use] for use in LEAKS) for table in result.tables) / len(result.tables)
        for result in (evidence.results[0], evidence.results[-1])
    ]
    if abs(change := leaks[1] - leaks[0]) >= LEAK:
        key = "more_leak" if change > 0 else "less_leak"
        yield Question(key, {"first": leaks[0], "last": leaks[1]}, abs(change) / LEAK)


def _of_interventions(evidence: Evidence) -> Iterator[Question]:
    """The round with the most interventions by administrators."""
    often = [(table.interventions, result.round, table.table) for result in evidence.results for table in result.tables]
    number, place, table = max(often, default=(0.0, 0, 0))
    if number >= OFTEN:
        busiest = max(evidence.results[place].tables[table].organisations, key=lambda part: part.interventions)
        facts = {"number": number, "round": place + 1, "organisation": busiest.id}
        yield Question("intervened", facts, 1 + math.log(number / OFTEN))


def _of_moves(evidence: Evidence) -> Iterator[Question]:
    """The move that mattered most, when it is sure."""
    sure = [(weighed, table.table) for table in evidence.tables for weighed in table.moves if weighed.effect.sure]
    if sure:
        weighed, table = max(sure, key=lambda pair: abs(pair[0].effect.mean))
        move, effect = weighed.move, weighed.effect.mean
        decision = DECISIONS[move.decision]
        facts = {
            "points": abs(effect),
            "table": table + 1,
            "round": move.round + 1,
            "organisation": move.organisation,
            "decision": decision.name,
            "step": f"{decision.name}.step.{decision.steps[move.after]}",
        }
        many = len(evidence.tables) > 1
        helped, hurt = ("move_helped_at_table", "move_hurt_at_table") if many else ("move_helped", "move_hurt")
        yield Question(helped if effect > 0 else hurt, facts, 3.0)


def _of_tables(evidence: Evidence) -> Iterator[Question]:
    """Tables that came out apart; no table is called the worst."""
    if len(evidence.tables) < 2:
        return
    best = max(evidence.tables, key=lambda table: table.goal.mean)
    least = min(table.goal.mean for table in evidence.tables)
    if best.goal.mean - least >= APART:
        yield Question("tables_apart", {"points": best.goal.mean - least}, 2.5)


def _of_policies(evidence: Evidence) -> Iterator[Question]:
    """The table that did best, against the fixed ways to steer."""
    best = max(evidence.tables, key=lambda table: table.goal.mean)
    policies = {name: goal.mean for name, goal in evidence.policies.items() if name != "none"}
    name = max(policies, key=lambda policy: policies[policy])
    apart = best.goal.mean - policies[name]
    if abs(apart) >= APART:
        key = "better_than_rule" if apart > 0 else "rule_was_better"
        yield Question(key, {"points": abs(apart), "policy": name}, 2.0)


def _of_letting_go(evidence: Evidence) -> Iterator[Question]:
    """The round from which letting go would have brought most, or would have cost most."""
    options = [
        (difference, number)
        for table in evidence.tables
        for number, difference in enumerate(table.let_go_from)
        if difference.sure
    ]
    if options:
        difference, number = max(options, key=lambda option: abs(option[0].mean))
        if abs(difference.mean) >= APART:
            key = "letting_go_pays" if difference.mean > 0 else "letting_go_costs"
            yield Question(key, {"points": abs(difference.mean), "round": number + 1}, 2.2)


def _of_uneven(evidence: Evidence) -> Iterator[Question]:
    """Hours for each other: where one gives much and another little, the one who gives least decides."""
    room = evidence.room
    for table in range(room.plan.tables):
        if room.ran:
            given = [steps["hours_together"] for steps in table_steps(room, table, room.ran - 1).values()]
            if max(given) - min(given) > UNEVEN:
                yield Question("uneven_hours", {"table": table + 1}, 1.4)
                return


def _of_learning(evidence: Evidence) -> Iterator[Question]:
    """Learning together costs hours at once and pays later: what all moves of it brought by the end, when that is sure."""
    sure = [table for table in evidence.tables if "learning" in table.decisions and table.decisions["learning"].sure]
    if sure:
        table = max(sure, key=lambda table: abs(table.decisions["learning"].mean))
        effect = table.decisions["learning"].mean
        key = "learning_paid" if effect > 0 else "learning_cost"
        yield Question(key, {"points": abs(effect), "table": table.table + 1}, 1.6)


RULES: Final[Sequence[Callable[[Evidence], Iterator[Question]]]] = (
    _of_predictions,
    _of_sight,
    _of_energy,
    _of_interventions,
    _of_moves,
    _of_tables,
    _of_policies,
    _of_letting_go,
    _of_uneven,
    _of_learning,
)
