"""The debriefing: what people's choices brought, against other choices on the same luck. Facts only; words come later.

Of many moves those that mattered most are found with some runs and measured with others, so that what was picked because
luck favoured it does not look larger than it is. Nothing but people's choices is ever changed in another course.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from ketensim.run.estimate import Estimate
from ketensim.workshop.game.decisions import DECISIONS
from ketensim.workshop.game.plans import open_somewhere
from ketensim.workshop.game.room import Room
from ketensim.workshop.runs.replay import Move, Replay, Scores, anything_agreed, moves
from ketensim.workshop.runs.round_results import RoundResult
from ketensim.workshop.talk.questions import Question, questions

COUNTED: Final = 60  # runs of a counterfactual: on equal luck few are enough, and the interval says so
SCREENED: Final = 20  # other runs, in which the moves are weighed before the largest are measured
MEASURED: Final = 2  # moves per table and score that are measured
MOST_MOVES: Final = 40  # per table that are weighed; of more, those of the first rounds
MOST: Final = {name: len(decision.steps) - 1 for name, decision in DECISIONS.items()}
LETTING_GO: Final[Mapping[str, int]] = {"room": MOST["room"], "after_incident": MOST["after_incident"]}
FIRM: Final[Mapping[str, int]] = {"steering": MOST["steering"], "room": 0, "after_incident": 0}
STYLES: Final[Mapping[str, tuple[Mapping[str, int], Mapping[str, int]]]] = {
    # what people would have chosen in the first half of the rounds, and in the second
    "let_go_at_once": (LETTING_GO, LETTING_GO),
    "hold_firm": (FIRM, FIRM),
    "firm_then_let_go": (FIRM, LETTING_GO),
}
KINDS: Final[Mapping[str, tuple[str, ...]]] = {
    "hard": ("steering", "room", "information", "after_incident"),  # what is laid down
    "informal": ("hours_together", "learning", "hiring"),  # how people know and treat each other
}


@dataclass(frozen=True, slots=True)
class WeighedMove:
    """A move and what it brought: the course that was played minus the one without it, on equal luck."""

    move: Move
    effect: Scores


@dataclass(frozen=True, slots=True)
class TableDebrief:
    """What one table brought about over the whole workshop; every difference is about people's choices only.

    Attributes
    ----------
    scores : of all cases that came in during the rounds, with the middle 80 per cent of the runs
    against : this table minus the mean of the others; None with one table
    against_styles : style (and ``none``: nobody chose or agreed on anything) -> this table minus the same people in that style
    decisions : decision -> what all moves of it brought together
    kinds : ``hard`` and ``informal`` -> the same of the decisions of a kind (see KINDS)
    agreed : what the agreements between teams brought together; None when there were none
    let_go_from : per round: all room and free hands from that round on, where people decided it, minus what was played
    moves : the moves that mattered most for either score, the largest effect on goal realisation first
    """

    table: int
    scores: Scores
    against: Scores | None
    against_styles: dict[str, Scores]
    decisions: dict[str, Scores]
    kinds: dict[str, Scores]
    agreed: Scores | None
    let_go_from: tuple[Scores, ...]
    moves: tuple[WeighedMove, ...]


@dataclass(frozen=True, slots=True)
class Debrief:
    """The debriefing of a workshop.

    Attributes
    ----------
    runs : number of runs behind the levels; other courses have ``COUNTED``
    """

    runs: int
    tables: tuple[TableDebrief, ...]
    questions: tuple[Question, ...]


def debriefing(room: Room, results: Sequence[RoundResult]) -> Debrief:
    """Everything for the debriefing of a room whose rounds have been run. Takes some seconds.

    Parameters
    ----------
    results : of the rounds, in order
    """
    whole, part = Replay(room), Replay(room, runs=min(COUNTED, room.plan.runs), rounds=True)
    tables = range(room.plan.tables)
    levels = [whole.played(table) for table in tables]
    people = np.array([whole.of_people(table) for table in tables])
    found = tuple(_table(room, table, part, levels[table], people) for table in tables)
    return Debrief(whole.runs, found, questions(room, results, found))


def _table(room: Room, table: int, part: Replay, level: np.ndarray, people: np.ndarray) -> TableDebrief:
    part.played(table)  # first, so that the others go on from it
    open_now = open_somewhere(room.plan, room.ran)
    others = None if len(people) < 2 else np.delete(people, table, axis=0).mean(axis=0)
    kinds = {kind: tuple(name for name in names if name in open_now) for kind, names in KINDS.items()}
    agreed = anything_agreed(room, table)
    return TableDebrief(
        table=table,
        scores=Scores.of_levels(level),
        against=None if others is None else Scores.between(others, people[table]),
        against_styles={"none": part.without_decisions(table, open_now, relations=True)}
        | {name: part.against_style(table, *style) for name, style in STYLES.items()},
        decisions={name: part.without_decisions(table, (name,)) for name in open_now},
        kinds={kind: part.without_decisions(table, names) for kind, names in kinds.items() if names},
        agreed=part.without_decisions(table, (), relations=True) if agreed else None,
        let_go_from=tuple(part.with_steps(table, number, LETTING_GO) for number in range(room.ran)),
        moves=weighed_moves(room, table, part),
    )


def weighed_moves(room: Room, table: int, measure: Replay) -> tuple[WeighedMove, ...]:
    """The moves of a table that mattered most for either score: picked with some runs, measured with others."""
    screen = Replay(room, runs=min(SCREENED, room.plan.runs), first=room.plan.runs, rounds=True)
    weighed = [(move, screen.without(move)) for move in moves(room, table)[:MOST_MOVES]]
    picked: list[Move] = []
    for score in ("goal", "cost"):
        ranked = sorted(weighed, key=lambda pair: -effect_size(getattr(pair[1], score)))
        picked += [move for move, _ in ranked[:MEASURED] if move not in picked]
    found = (WeighedMove(move, measure.without(move)) for move in picked)
    return tuple(sorted(found, key=lambda one: -effect_size(one.effect.goal)))


def effect_size(effect: Estimate) -> float:
    """How large a difference is, whatever its sign; 0 when it is not known."""
    return 0.0 if math.isnan(effect.mean) else abs(effect.mean)
