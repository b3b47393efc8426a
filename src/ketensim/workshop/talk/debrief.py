"""The debriefing: what the choices brought, against other choices on the same luck. Facts only; words come later.

Of many moves the one that mattered most is found with some runs and measured with others, so that what was picked
because luck favoured it does not look larger than it is.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from ketensim.run.comparison import paired_difference
from ketensim.run.estimate import Estimate
from ketensim.workshop.game.decisions import DECISIONS
from ketensim.workshop.game.plans import open_somewhere
from ketensim.workshop.game.room import Room
from ketensim.workshop.runs.replay import POLICIES, Move, Replay, moves
from ketensim.workshop.runs.round_results import RoundResult
from ketensim.workshop.talk.questions import Question, questions

COUNTED: Final = 60  # runs of a counterfactual: on equal luck few are enough, and the interval says so
SCREENED: Final = 20  # other runs, in which the moves are weighed before the largest are measured
MEASURED: Final = 3  # moves per table that are measured
MOST_MOVES: Final = 40  # per table that are weighed; of more, those of the first rounds


@dataclass(frozen=True, slots=True)
class WeighedMove:
    """A move and what it brought: the course that was played minus the one without it, on equal luck."""

    move: Move
    effect: Estimate


@dataclass(frozen=True, slots=True)
class TableDebrief:
    """What one table brought about over the whole workshop.

    Attributes
    ----------
    goal : goal realisation of all cases that came in during the rounds
    against_policies : policy (and ``none``: nobody chose anything) -> this table minus the policy
    decisions : decision -> what all moves of it brought together
    let_go_from : per round: all room and free hands from that round on, minus what was played
    moves : the moves that mattered most, the largest effect first
    """

    table: int
    goal: Estimate
    against_policies: dict[str, Estimate]
    decisions: dict[str, Estimate]
    let_go_from: tuple[Estimate, ...]
    moves: tuple[WeighedMove, ...]


@dataclass(frozen=True, slots=True)
class Debrief:
    """The debriefing of a workshop.

    Attributes
    ----------
    policies : policy -> goal realisation on the same luck; ``none`` = nobody chose anything
    runs : number of runs behind the levels; counterfactuals have ``COUNTED``
    """

    runs: int
    policies: dict[str, Estimate]
    tables: tuple[TableDebrief, ...]
    questions: tuple[Question, ...]


def debriefing(room: Room, results: Sequence[RoundResult]) -> Debrief:
    """Everything for the debriefing of a room whose rounds have been run. Takes some seconds.

    Parameters
    ----------
    results : of the rounds, in order
    """
    whole, part = Replay(room), Replay(room, runs=min(COUNTED, room.plan.runs), rounds=True)
    played = [whole.played(table) for table in range(room.plan.tables)]  # first, so that the others go on from it
    steered = {name: whole.goals(whole.under_policy(name)) for name in ("none", *POLICIES)}
    tables = tuple(
        TableDebrief(
            table=table,
            goal=Estimate.of_middle(own),
            against_policies={name: paired_difference(goals, own).difference for name, goals in steered.items()},
            decisions={name: part.without_decision(table, name) for name in open_somewhere(room.plan, room.ran)},
            let_go_from=tuple(part.with_steps(table, number, letting_go_steps(room)) for number in range(room.ran)),
            moves=weighed_moves(room, table, part),
        )
        for table, own in enumerate(played)
    )
    policies = {name: Estimate.of_middle(goals) for name, goals in steered.items()}
    return Debrief(whole.runs, policies, tables, questions(room, results, policies, tables))


def weighed_moves(room: Room, table: int, measure: Replay) -> tuple[WeighedMove, ...]:
    """The moves of a table that mattered most: picked with some runs, measured with others."""
    screen = Replay(room, runs=min(SCREENED, room.plan.runs), first=room.plan.runs, rounds=True)
    largest = sorted(moves(room, table)[:MOST_MOVES], key=lambda move: -_size(screen.without(move)))[:MEASURED]
    return tuple(sorted((WeighedMove(move, measure.without(move)) for move in largest), key=lambda m: -_size(m.effect)))


def letting_go_steps(room: Room) -> dict[str, int]:
    """What letting go means where it was open: all room, and administrators who hold back."""
    played = open_somewhere(room.plan, room.ran)
    return {name: len(DECISIONS[name].steps) - 1 for name in ("room", "after_incident") if name in played}


def _size(effect: Estimate) -> float:
    return 0.0 if math.isnan(effect.mean) else abs(effect.mean)
