"""The course of a workshop: from the choices of all teams to one scenario per table, and to results on equal luck.

A table's scenario holds the choices up to a round as its calendar. Choices of later rounds are not in it, so that the
past is the same to the bit whatever is chosen later.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from ketensim.run.kept_states import KeptStates
from ketensim.scenario.schema import Scenario
from ketensim.workshop.game.choices import steps_of
from ketensim.workshop.game.decisions import Steps, changes
from ketensim.workshop.game.plans import WEEKS, scenario_of
from ketensim.workshop.game.room import Room
from ketensim.workshop.runs.half_years import burn_in, half_years
from ketensim.workshop.runs.round_results import RoundResult, goal_of_runs, table_result

OfTeams = Mapping[str, Steps]


def with_choices(scenario: Scenario, start: OfTeams, rounds: Sequence[OfTeams]) -> Scenario:
    """The chain with what the teams of one table chose, round after round.

    Parameters
    ----------
    scenario : the chain as all tables start
    start : organisation -> steps before the first round
    rounds : organisation -> steps in each round
    """
    calendar: list[dict[str, Any]] = []
    for number, (before, now) in enumerate(zip([start, *rounds], rounds, strict=False)):
        calendar += changes(scenario, WEEKS * number, before, now)
    return scenario.with_changes(*calendar) if calendar else scenario


def chosen(room: Room, table: int, number: int) -> list[dict[str, Steps]]:
    """What the teams of a table chose in the rounds up to and including one."""
    return [steps_of(room, table, one) for one in range(number + 1)]


class Course:
    """What was computed for one room.

    Parameters
    ----------
    room : any state of the room
    states : where the runs of all rooms stand
    """

    def __init__(self, room: Room, states: KeptStates) -> None:
        self.scenario = scenario_of(room.scenario)
        self.start = room.start
        self._plan = room.plan
        self._states = states
        self._results: dict[int, tuple[str, RoundResult]] = {}
        self._marks: tuple[object, dict[int, str]] = (None, {})

    def prepare(self) -> None:
        """Run the burn-in while people come in, so that the first round does not wait for it."""
        burn_in(self.scenario, self._plan, self._states)

    def advance(self, room: Room) -> bool:
        """Compute what has been run and is not known; returns whether there was anything. Takes seconds."""
        todo = [number for number in range(room.ran) if self.result(room, number) is None]
        for number in todo:
            self._compute(room, number)
        return bool(todo)

    def result(self, room: Room, number: int) -> RoundResult | None:
        """What came out of a round with the choices that the room now holds."""
        if not 0 <= number < room.ran or number not in self._results:
            return None
        known, found = self._results[number]
        return found if known == self.mark(room, number) else None

    def mark(self, room: Room, number: int) -> str:
        """``mark_of``, worked out once for the choices of a room: every screen asks for it all the time."""
        choices, known = self._marks
        if choices is not room.choices:
            known = {}
            self._marks = (room.choices, known)
        if number not in known:
            known[number] = mark_of(room, number)
        return known[number]

    def _compute(self, room: Room, number: int) -> None:
        names = list(self.start)
        chosen_by = (chosen(room, table, number) for table in range(self._plan.tables))
        tables = [with_choices(self.scenario, self.start, choices) for choices in chosen_by]
        found = half_years(tables, self._plan, WEEKS * number, self._states)
        before = self._results[number - 1][1].tables if number else (None,) * len(found)
        goals = np.array([goal_of_runs(half_year) for half_year in found])
        parts = tuple(
            table_result(half_year, names, table, number, before[table], goals) for table, half_year in enumerate(found)
        )
        self._results[number] = (mark_of(room, number), RoundResult(number, WEEKS * number, WEEKS, parts))


def mark_of_table(room: Room, table: int, number: int) -> str:
    """A text that is equal for equal choices of a table up to and including a round; empty before the first."""
    return "|".join(
        f"{name}:{sorted(steps.items())}" for part in chosen(room, table, number) for name, steps in part.items()
    )


def mark_of(room: Room, number: int) -> str:
    """The same for all tables."""
    return "#".join(mark_of_table(room, table, number) for table in range(room.plan.tables))
