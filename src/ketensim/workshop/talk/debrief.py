"""The debriefing: what the choices brought, against other choices on the same luck. Facts only; words come later.

Of many moves the one that mattered most is found with some runs and measured with others, so that what was picked
because luck favoured it does not look larger than it is.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from ketensim.run.comparison import paired_difference
from ketensim.run.estimate import Estimate
from ketensim.workshop.game.decisions import DECISIONS
from ketensim.workshop.game.room import Room
from ketensim.workshop.runs.replay import POLICIES, Move, Replay, moves
from ketensim.workshop.runs.round_results import RoundResult
from ketensim.workshop.talk.questions import Question, questions

COUNTED: Final = 60  # runs of a counterfactual: on equal luck few are enough, and the interval says so
SCREENED: Final = 20  # other runs, in which the moves are weighed before the largest are measured
MEASURED: Final = 3  # moves per table that are measured
MOST_MOVES: Final = 40  # per table that are weighed; of more, those of the first rounds


@dataclass(frozen=True, slots=True)
class Weighed:
    """A move and what it brought: the course that was played minus the one without it, on equal luck."""

    move: Move
    effect: Estimate


@dataclass(frozen=True, slots=True)
class TableDebrief:
    """What one table brought about over the whole workshop.

    Attributes
    ----------
    goal : goal realisation of all cases that came in during the rounds
    against_tables : difference with the mean of all tables; None with one table
    against_policies : policy (and ``none``: nobody chose anything) -> this table minus the policy
    decisions : decision -> what all moves of it brought together
    let_go_from : per round: all room and free hands from that round on, minus what was played
    moves : the moves that mattered most, the largest effect first
    number_of_moves : how many there were
    """

    table: int
    goal: Estimate
    against_tables: Estimate | None
    against_policies: dict[str, Estimate]
    decisions: dict[str, Estimate]
    let_go_from: tuple[Estimate, ...]
    moves: tuple[Weighed, ...]
    number_of_moves: int


@dataclass(frozen=True, slots=True)
class Debrief:
    """The debriefing of a workshop.

    Attributes
    ----------
    policies : policy -> goal realisation on the same luck; ``none`` = nobody chose anything
    runs : number of runs behind the levels; counterfactuals have ``COUNTED``
    """

    rounds: int
    runs: int
    policies: dict[str, Estimate]
    tables: tuple[TableDebrief, ...]
    questions: tuple[Question, ...]


def study(room: Room, results: Sequence[RoundResult]) -> Debrief:
    """Everything for the debriefing of a room whose rounds have been run. Takes some seconds.

    Parameters
    ----------
    results : of the rounds, in order
    """
    whole, part = Replay(room), Replay(room, runs=min(COUNTED, room.plan.runs), rounds=True)
    everybody = np.mean([whole.played(table) for table in range(room.plan.tables)], axis=0)
    steered = {name: whole.goals(whole.under_policy(name)) for name in ("none", *POLICIES)}
    tables = []
    for table in range(room.plan.tables):
        own = whole.played(table)
        tables.append(
            TableDebrief(
                table=table,
                goal=Estimate.of_middle(own),
                against_tables=paired_difference(everybody, own).difference if room.plan.tables > 1 else None,
                against_policies={name: paired_difference(goals, own).difference for name, goals in steered.items()},
                decisions={name: part.without_decision(table, name) for name in opened(room)},
                let_go_from=tuple(part.with_steps(table, one, letting_go(room)) for one in range(room.ran)),
                moves=weigh(room, table, part),
                number_of_moves=len(moves(room, table)),
            )
        )
    policies = {name: Estimate.of_middle(goals) for name, goals in steered.items()}
    return Debrief(room.ran, whole.runs, policies, tuple(tables), questions(room, results, policies, tables))


def weigh(room: Room, table: int, measure: Replay) -> tuple[Weighed, ...]:
    """The moves of a table that mattered most: picked with some runs, measured with others."""
    made = moves(room, table)[:MOST_MOVES]
    screen = Replay(room, runs=min(SCREENED, room.plan.runs), first=room.plan.runs, rounds=True)
    largest = sorted(made, key=lambda move: -abs(_known(screen.without(move).mean)))[:MEASURED]
    found = [(move, measure.without(move)) for move in largest]
    return tuple(Weighed(move, effect) for move, effect in sorted(found, key=lambda one: -abs(_known(one[1].mean))))


def opened(room: Room) -> tuple[str, ...]:
    """Decisions that were open in some round that was run."""
    return tuple(name for name in DECISIONS if any(name in part.open for part in room.plan.rounds[: room.ran]))


def letting_go(room: Room) -> dict[str, int]:
    """What letting go means where it was open: all room, and administrators who hold back."""
    return {name: len(DECISIONS[name].steps) - 1 for name in ("room", "after_incident") if name in opened(room)}


def _known(value: float) -> float:
    return 0.0 if math.isnan(value) else value
