"""The course of a workshop: from the choices of all teams to one scenario per table, and to results on equal luck.

A table's scenario holds the choices up to a part of a round as its calendar. Choices of later parts are not in it, so that
the past is the same to the bit whatever is chosen later.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from ketensim.run.kept_states import KeptStates
from ketensim.run.replications import Replications
from ketensim.scenario.schema import Scenario
from ketensim.workshop.game.agreements import relations_in
from ketensim.workshop.game.choices import table_steps, team_choice
from ketensim.workshop.game.decisions import DecisionSteps, calendar_changes, relation_changes
from ketensim.workshop.game.plans import WorkshopPlan, neighbour_ties, scenario_from_text
from ketensim.workshop.game.room import By, Room, Team, Terms
from ketensim.workshop.runs.round_results import RoundResult, TableRun, middle_run, table_results
from ketensim.workshop.runs.stretches import burn_in, run_stretch, stretch_of
from ketensim.workshop.runs.table_half import ChainPlaces, TableHalf, half_of

TeamSteps = Mapping[str, DecisionSteps]


@dataclass(frozen=True, slots=True)
class PartChoices:
    """What holds at a table in a part of a round.

    Attributes
    ----------
    steps : organisation -> steps
    relations : (one, other) -> what the two agreed on; None = it was broken
    """

    steps: dict[str, dict[str, int]]
    relations: dict[tuple[str, str], Terms | None] = field(default_factory=dict)


Course = list[PartChoices]  # of one table, part after part


def with_choices(scenario: Scenario, plan: WorkshopPlan, start: TeamSteps, course: Sequence[PartChoices]) -> Scenario:
    """The chain with what the teams of one table chose, part after part.

    Parameters
    ----------
    scenario : the chain as all tables start
    start : organisation -> steps before the first round
    course : from the first part on
    """
    calendar: list[dict[str, Any]] = []
    before: TeamSteps = start
    between: dict[tuple[str, str], dict[str, float]] = {}
    for part, now in enumerate(course):
        week = stretch_of(plan, part).week
        calendar += calendar_changes(scenario, week, before, now.steps)
        calendar += relation_changes(scenario, week, now.steps, now.relations, between)
        before = now.steps
    return scenario.with_changes(*calendar) if calendar else scenario


def course_until(room: Room, table: int, part: int, *, people: bool = False) -> Course:
    """What the teams of a table chose up to and including a part.

    Parameters
    ----------
    people : without what stand-ins chose
    """
    parts = len(room.plan.stretches)
    course: Course = []
    for number, place in (divmod(earlier, parts) for earlier in range(part + 1)):
        later = place > 0
        steps = {name: dict(chosen) for name, chosen in table_steps(room, table, number, later=later).items()}
        if people:
            _stand_still(room, table, number, steps, course)
        course.append(PartChoices(steps, relations_in(room, table, number, later=later)))
    return course


def _stand_still(room: Room, table: int, number: int, steps: dict[str, dict[str, int]], course: Course) -> None:
    """Organisations without people stay where people left them."""
    for name in steps:
        if team_choice(room, Team(table, name), number).by == By.BOT:
            steps[name] = dict(course[-1].steps[name] if course else room.start[name])


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
        self.places = ChainPlaces.of(self.scenario, neighbour_ties(room.scenario))
        self._plan = room.plan
        self._states = states
        self._left: set[str] = set()
        self._halves: dict[int, tuple[list[Course], list[TableHalf], list[TableHalf]]] = {}
        self._results: dict[int, tuple[list[Course], RoundResult]] = {}
        self._known: tuple[object, dict[tuple[int, bool], list[Course]]] = (None, {})

    def run_burn_in(self) -> None:
        """Do so while people come in, so that the first round does not wait for it."""
        burn_in(self.scenario, self._plan, self._states)

    def let_go(self) -> None:
        """Keep no runs of this room where they stood; what rooms have in common, the burn-in, stays."""
        for past in self._left:
            self._states.forget(past, range(self._plan.runs))
        self._left.clear()

    def compute(self, room: Room) -> bool:
        """Compute what has been run and is not known; returns whether there was anything. Takes seconds."""
        todo = [part for part in range(room.halves) if not self._is_known(room, part)]
        for part in todo:
            self._compute(room, part)
        return bool(todo)

    def lacks(self, room: Room) -> bool:
        """Whether something that has been run is not known."""
        return any(not self._is_known(room, part) for part in range(room.halves))

    def halves(self, room: Room, part: int) -> list[TableHalf] | None:
        """What is known of a part at each table, with the choices that the room now holds."""
        if not 0 <= part < room.halves or part not in self._halves:
            return None
        courses, halves, _ = self._halves[part]
        return halves if courses == self.courses_until(room, part) else None

    def result(self, room: Room, number: int) -> RoundResult | None:
        """What came out of a round with the choices that the room now holds."""
        if not 0 <= number < room.ran or number not in self._results:
            return None
        courses, result = self._results[number]
        return result if courses == self.courses_until(room, self._last_part(number)) else None

    def shown(self, room: Room) -> int:
        """The run that the projector shows; 0 as long as none has been run."""
        first = self.halves(room, 0)
        return middle_run(first) if first else 0

    def courses_until(self, room: Room, part: int, *, people: bool = False) -> list[Course]:
        """What every table chose up to and including a part; put together once, because every screen asks for it."""
        marks = (room.choices, room.agreements)
        before, known = self._known
        if before is None or any(one is not two for one, two in zip(before, marks, strict=True)):  # type: ignore[call-overload]
            known = {}
            self._known = (marks, known)
        if (part, people) not in known:
            tables = range(room.plan.tables)
            known[part, people] = [course_until(room, table, part, people=people) for table in tables]
        return known[part, people]

    def _last_part(self, number: int) -> int:
        return len(self._plan.stretches) * (number + 1) - 1

    def _is_known(self, room: Room, part: int) -> bool:
        if self.halves(room, part) is None:
            return False
        number, place = divmod(part, len(self._plan.stretches))
        return place < len(self._plan.stretches) - 1 or self.result(room, number) is not None

    def _compute(self, room: Room, part: int) -> None:
        """Run a part of all tables, and once more where only people choose when stand-ins changed something."""
        courses, people = (self.courses_until(room, part, people=only) for only in (False, True))
        tables = range(room.plan.tables)
        apart = [table for table in tables if courses[table] != people[table]]
        wanted = [*courses, *(people[table] for table in apart)]
        chains = [with_choices(self.scenario, self._plan, self.start, course) for course in wanted]
        runs = run_stretch(chains, self._plan, stretch_of(self._plan, part), self._states, left=self._left)
        found = [half_of(run, self.places) for run in runs]
        of_people = [found[len(courses) + apart.index(table)] if table in apart else found[table] for table in tables]
        self._halves[part] = (courses, found[: len(courses)], of_people)
        number, place = divmod(part, len(self._plan.stretches))
        if place == len(self._plan.stretches) - 1:
            self._results[number] = (courses, self._round(room, number, runs, apart))

    def _round(self, room: Room, number: int, runs: list[Replications], apart: list[int]) -> RoundResult:
        """The result of a round whose last part has just been run."""
        last = self._last_part(number)
        parts = range(last - len(self._plan.stretches) + 1, last + 1)
        tables = range(room.plan.tables)
        played = [
            TableRun(tuple(self._halves[part][1][table] for part in parts), runs[table].cohorts) for table in tables
        ]
        people = [
            TableRun(
                tuple(self._halves[part][2][table] for part in parts), runs[len(played) + apart.index(table)].cohorts
            )
            if table in apart
            else played[table]
            for table in tables
        ]
        before = self._results[number - 1][1].tables if number else (None,) * len(played)
        found = table_results(played, people, self.places, before, self.shown(room))
        return RoundResult(number, self._plan.weeks * number, found)
