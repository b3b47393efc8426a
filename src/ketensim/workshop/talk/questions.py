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
from ketensim.workshop.game.agreements import ties_of
from ketensim.workshop.game.choices import table_steps
from ketensim.workshop.game.decisions import DECISIONS
from ketensim.workshop.game.room import Room
from ketensim.workshop.runs.replay import people_at
from ketensim.workshop.runs.round_results import RoundResult

MOST: Final = 6
SURPRISE: Final = 0.08  # smallest difference between prediction and outcome that is worth a question
BLIND: Final = 0.05  # the same between what was seen and what was there
APART: Final = 0.01  # between tables, and with a policy
LEAK: Final = 0.02  # growth of the share of hours that brought no case further
UNEVEN: Final = 2  # steps between the team that gave most and the one that gave least
OFTEN: Final = 1.0  # interventions in a round, chain as a whole


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
    tables: Sequence[Any]


def questions(room: Room, results: Sequence[RoundResult], tables: Sequence[Any]) -> tuple[Question, ...]:
    """The questions, the strongest first; one about a table names it.

    Parameters
    ----------
    results : of the rounds
    tables : ``TableDebrief`` of each table
    """
    evidence = Evidence(room, results, tables)
    asked = sorted((question for rule in RULES for question in rule(evidence)), key=lambda question: -question.strength)
    return (*asked[: MOST - 1], Question("monday"))


def name_of_table(room: Room, table: int) -> str:
    """The number of a table as people count, and what they call it."""
    name = room.table_names.get(table, "")
    return f"{table + 1} ({name})" if name else str(table + 1)


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
        for found in result.tables:
            pairs = [(s, t) for s, t in zip(found.sight.seen, found.sight.there, strict=True) if None not in (s, t)]
            if pairs:
                seen, there = (sum(part) / len(pairs) for part in zip(*pairs, strict=True))
                gaps.append((abs(seen - there), seen, there, result.round, found.table, found.sight.most_mistaken))
    if gaps and max(gaps)[0] >= BLIND:
        off, seen, there, number, table, name = max(gaps)
        key = "saw_better" if seen > there else "saw_worse"
        where = name_of_table(evidence.room, table)
        facts = {"seen": seen, "there": there, "round": number + 1, "organisation": name, "table": where}
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
        where = name_of_table(evidence.room, table)
        facts = {"number": number, "round": place + 1, "organisation": busiest.id, "table": where}
        yield Question("intervened", facts, 1 + math.log(number / OFTEN))


def _of_moves(evidence: Evidence) -> Iterator[Question]:
    """The move that mattered most for the goal, when it is sure, and what it did to the costs."""
    sure = [(weighed, table.table) for table in evidence.tables for weighed in table.moves if weighed.effect.goal.sure]
    if sure:
        weighed, table = max(sure, key=lambda pair: abs(pair[0].effect.goal.mean))
        move, effect = weighed.move, weighed.effect
        decision = DECISIONS[move.decision]
        facts = {
            "points": abs(effect.goal.mean),
            "euros": effect.cost.mean,
            "table": name_of_table(evidence.room, table),
            "round": move.round + 1,
            "organisation": move.organisation,
            "decision": decision.name,
            "step": f"{decision.name}.step.{decision.steps[move.after]}",
        }
        yield Question("move_helped" if effect.goal.mean > 0 else "move_hurt", facts, 3.0)


def _of_tables(evidence: Evidence) -> Iterator[Question]:
    """Tables whose choices made them come out apart, with the price of it; no table is called the worst."""
    apart = [table for table in evidence.tables if table.against is not None and table.against.goal.sure]
    if apart:
        most = max(apart, key=lambda table: abs(table.against.goal.mean))
        goal, cost = most.against.goal.mean, most.against.cost.mean
        if abs(goal) >= APART:
            facts = {"points": abs(goal), "euros": abs(cost), "table": name_of_table(evidence.room, most.table)}
            pulls = (goal > 0) == (cost > 0)  # better and dearer, or worse and cheaper
            yield Question("tables_pull_apart" if pulls else "tables_apart", facts, 2.5)


def _of_agreements(evidence: Evidence) -> Iterator[Question]:
    """An agreement that was broken when it got tense, with what became of trust; else one that was kept."""
    room, found = evidence.room, []
    for result in evidence.results:
        for table in result.tables:
            trust = {(tie.one, tie.other): tie for tie in table.ties}
            for tie, agreement in ties_of(room, table.table, result.round).items():
                if agreement.terms is not None:
                    ends = trust[tie.one, tie.other]
                    found.append((bool(agreement.broken_by), abs(ends.after - ends.before), tie, agreement, ends))
    if found:
        broken, _, tie, agreement, ends = max(found, key=lambda one: one[:2])
        facts: dict[str, Any] = {"before": ends.before, "after": ends.after, "round": tie.round + 1}
        one = agreement.broken_by or tie.one
        facts |= {"organisation": one, "partner": tie.other if one == tie.one else tie.one}
        facts["table"] = name_of_table(room, tie.table)
        yield Question("agreement_broken" if broken else "agreement_kept", facts, 2.4 if broken else 1.5)


def _of_styles(evidence: Evidence) -> Iterator[Question]:
    """The table that came out best, against the same people choosing one style throughout; not the style that they had."""
    room = evidence.room
    best = max(evidence.tables, key=lambda table: table.scores.goal.mean)
    styles = {
        name: scores.goal
        for name, scores in best.against_styles.items()
        if name != "none" and scores.goal.sure and not in_style(room, best.table, name, range(room.ran))
    }
    if styles:
        name = min(styles, key=lambda style: styles[style].mean)  # the style that would have brought most
        apart = styles[name].mean
        if abs(apart) >= APART:
            key = "better_than_rule" if apart > 0 else "rule_was_better"
            facts = {"points": abs(apart), "policy": name, "table": name_of_table(room, best.table)}
            yield Question(key, facts, 2.0)


def _of_letting_go(evidence: Evidence) -> Iterator[Question]:
    """The round from which letting go would have brought most, or cost most, at a table that did not let go then."""
    options = [
        (difference.goal, number, table.table)
        for table in evidence.tables
        for number, difference in enumerate(table.let_go_from)
        if difference.goal.sure
        and not in_style(evidence.room, table.table, "let_go_at_once", range(number, number + 1))
    ]
    if options:
        difference, number, table = max(options, key=lambda option: abs(option[0].mean))
        if abs(difference.mean) >= APART:
            key = "letting_go_pays" if difference.mean > 0 else "letting_go_costs"
            facts = {"points": abs(difference.mean), "round": number + 1}
            yield Question(key, facts | {"table": name_of_table(evidence.room, table)}, 2.2)


def in_style(room: Room, table: int, style: str, numbers: range) -> bool:
    """Whether at least half of the people at a table steered in a style in most of some rounds: all but firmly or by letting
    go, as room says.
    """
    chosen = [table_steps(room, table, number)[name]["room"] for number in numbers for name in people_at(room, table)]
    middle, half = (len(DECISIONS["room"].steps) - 1) // 2, len(chosen) / 2
    free, firm = sum(step > middle for step in chosen), sum(step < middle for step in chosen)
    return {"let_go_at_once": free >= half, "hold_firm": firm >= half}.get(style, False) and bool(chosen)


def _of_uneven(evidence: Evidence) -> Iterator[Question]:
    """Hours for each other: where one gives much and another little, the one who gives least decides."""
    room = evidence.room
    for table in range(room.plan.tables):
        if room.ran:
            given = [steps["hours_together"] for steps in table_steps(room, table, room.ran - 1).values()]
            if max(given) - min(given) > UNEVEN:
                yield Question("uneven_hours", {"table": name_of_table(room, table)}, 1.4)
                return


def _of_learning(evidence: Evidence) -> Iterator[Question]:
    """Learning together costs hours at once and pays later: what all moves of it brought by the end, when that is sure."""
    effects = [
        (table.decisions["learning"].goal, table.table) for table in evidence.tables if "learning" in table.decisions
    ]
    if sure := [pair for pair in effects if pair[0].sure]:
        effect, table = max(sure, key=lambda pair: abs(pair[0].mean))
        key = "learning_paid" if effect.mean > 0 else "learning_cost"
        yield Question(key, {"points": abs(effect.mean), "table": name_of_table(evidence.room, table)}, 1.6)


RULES: Final[Sequence[Callable[[Evidence], Iterator[Question]]]] = (
    _of_predictions,
    _of_sight,
    _of_energy,
    _of_interventions,
    _of_moves,
    _of_tables,
    _of_agreements,
    _of_styles,
    _of_letting_go,
    _of_uneven,
    _of_learning,
)
