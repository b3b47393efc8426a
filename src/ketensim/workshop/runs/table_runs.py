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
from ketensim.workshop.game.choices import table_steps
from ketensim.workshop.game.decisions import DecisionSteps, calendar_changes
from ketensim.workshop.game.plans import WEEKS_PER_ROUND, scenario_from_text
from ketensim.workshop.game.room import Room
from ketensim.workshop.runs.half_years import burn_in, half_years
from ketensim.workshop.runs.round_results import RoundResult, goal_of_runs, table_result

TeamSteps = Mapping[str, DecisionSteps]
Choices = list[list[dict[str, DecisionSteps]]]  # [table][round] organisation -> steps


def with_choices(scenario: Scenario, start: TeamSteps, rounds: Sequence[TeamSteps]) -> Scenario:
    """The chain with what the teams of one table chose, round after round.

    Parameters
    ----------
    scenario : the chain as all tables start
    start : organisation -> steps before the first round
    rounds : organisation -> steps in each round
    """
    calendar: list[dict[str, Any]] = []
    for number, (before, now) in enumerate(zip([start, *rounds], rounds, strict=False)):
        calendar += calendar_changes(scenario, WEEKS_PER_ROUND * number, before, now)
    return scenario.with_changes(*calendar) if calendar else scenario


def steps_until(room: Room, table: int, number: int) -> list[dict[str, DecisionSteps]]:
    """What the teams of a table chose in the rounds up to and including one."""
    return [table_steps(room, table, earlier) for earlier in range(number + 1)]


class RoomRuns:
    """What was computed for one room.

    Parameters
    ----------
    room : any state of the room
    states : where the runs of all rooms stand
    """

    def __init__(self, room: Room, states: KeptStates) -> None:
        self.scenario = scenario_from_text(room.scenario)
        self.start = room.start
        self._plan = room.plan
        self._states = states
        self._results: dict[int, tuple[Choices, RoundResult]] = {}
        self._known: tuple[object, dict[int, Choices]] = (None, {})

    def run_burn_in(self) -> None:
        """Do so while people come in, so that the first round does not wait for it."""
        burn_in(self.scenario, self._plan, self._states)

    def compute(self, room: Room) -> bool:
        """Compute what has been run and is not known; returns whether there was anything. Takes seconds."""
        todo = [number for number in range(room.ran) if self.result(room, number) is None]
        for number in todo:
            self._compute(room, number)
        return bool(todo)

    def result(self, room: Room, number: int) -> RoundResult | None:
        """What came out of a round with the choices that the room now holds."""
        if not 0 <= number < room.ran or number not in self._results:
            return None
        choices, result = self._results[number]
        return result if choices == self.choices_until(room, number) else None

    def choices_until(self, room: Room, number: int) -> Choices:
        """What every table chose up to and including a round; put together once, because every screen asks for it."""
        choices, known = self._known
        if choices is not room.choices:
            known = {}
            self._known = (room.choices, known)
        if number not in known:
            known[number] = [steps_until(room, table, number) for table in range(room.plan.tables)]
        return known[number]

    def _compute(self, room: Room, number: int) -> None:
        choices = self.choices_until(room, number)
        chains = [with_choices(self.scenario, self.start, rounds) for rounds in choices]
        runs = half_years(chains, self._plan, WEEKS_PER_ROUND * number, self._states)
        before = self._results[number - 1][1].tables if number else (None,) * len(runs)
        goals = np.array([goal_of_runs(half_year) for half_year in runs])
        tables = tuple(
            table_result(half_year, list(self.start), table, before[table], goals)
            for table, half_year in enumerate(runs)
        )
        self._results[number] = (choices, RoundResult(number, WEEKS_PER_ROUND * number, tables))
