"""The same workshop with other choices, on the same luck: what the debriefing compares.

There are two scores, over all cases that came in during the rounds (the chain runs on after the last round until the term of
the last of them has passed): goal realisation, and euros per case that was done right and in time. Differences are taken
run by run; a difference between equal choices is exactly 0. Only people's choices are ever changed in another course.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ketensim.foundation.outcome_table import OUTCOME_NAMES
from ketensim.run.comparison import paired_difference
from ketensim.run.engine import summaries_of
from ketensim.run.estimate import Estimate
from ketensim.run.kept_states import KeptStates
from ketensim.run.replications import Ensemble
from ketensim.scenario.schema import Scenario
from ketensim.workshop.game.agreements import relations_in
from ketensim.workshop.game.choices import changeable_until, team_choice
from ketensim.workshop.game.plans import open_in, scenario_from_text
from ketensim.workshop.game.room import By, Room, Team
from ketensim.workshop.runs.stretches import stretch_of
from ketensim.workshop.runs.table_runs import Course, course_until, with_choices

Values = NDArray[np.float64]
SCORED: Final = [OUTCOME_NAMES.index(name) for name in ("goal_realisation", "costs_per_realised")]


@dataclass(frozen=True, slots=True)
class Scores:
    """Goal realisation (a share) and euros per realised case: levels, or differences."""

    goal: Estimate
    cost: Estimate

    @classmethod
    def of_levels(cls, values: Values) -> Scores:
        """Means over the runs with the middle 80 per cent, from an array [run, score]."""
        return cls(*(Estimate.of_middle(values[:, place]) for place in range(2)))

    @classmethod
    def between(cls, before: Values, after: Values) -> Scores:
        """Paired differences ``after - before`` with their 95 % intervals."""
        return cls(*(paired_difference(before[:, place], after[:, place]).difference for place in range(2)))


@dataclass(frozen=True, slots=True)
class Move:
    """A team that chose another step than before.

    Attributes
    ----------
    table, organisation, round, decision : who, when, what
    before, after : numbers of the steps
    by : who made the choice
    late : whether it was made in the middle of the round
    """

    table: int
    organisation: str
    round: int
    decision: str
    before: int
    after: int
    by: str
    late: bool = False


class Replay:
    """A finished workshop that can be played again.

    Parameters
    ----------
    room : whose rounds have been run (``room.ran`` of them)
    first, runs : which runs are used; those of the rounds begin at 0
    rounds : whether the course that was played is kept at every part, for courses that leave it there; else only where the
        burn-in ends
    """

    def __init__(self, room: Room, runs: int | None = None, first: int = 0, *, rounds: bool = False) -> None:
        self.room = room
        self.scenario = scenario_from_text(room.scenario)
        self.first, self.runs = first, runs or room.plan.runs
        self.parts = len(room.plan.stretches) * room.ran
        self._known: dict[str, Values] = {}
        self._states = KeptStates()
        self._pauses = [stretch_of(room.plan, part).week for part in range(max(1, self.parts if rounds else 1))]

    def scores(self, scenario: Scenario, *, played: bool = False) -> Values:
        """Both scores over all rounds in each run, [run, score]; what was run before is not run again."""
        course = repr((scenario.policy, scenario.calendar))  # all else is the same
        if course not in self._known:
            ensemble = Ensemble.of(scenario, self.room.plan.seed).kept_in(self._states, self._pauses, keeps=played)
            self._known[course] = summaries_of(ensemble, self.first, self.runs)[:, SCORED]
        return self._known[course]

    def played(self, table: int) -> Values:
        """The same of what a table really chose."""
        return self.scores(self.chain_of(table), played=True)

    def of_people(self, table: int) -> Values:
        """The same when organisations without people had stayed as people left them."""
        course = course_until(self.room, table, self.parts - 1, people=True)
        return self.scores(with_choices(self.scenario, self.room.plan, self.room.start, course))

    def chain_of(self, table: int, change: Callable[[Course], None] | None = None) -> Scenario:
        """The chain with the choices of a table, after something has been changed in them.

        Parameters
        ----------
        change : gets the course of the table, and changes it in place
        """
        course = course_until(self.room, table, self.parts - 1)
        if change is not None:
            change(course)
        return with_choices(self.scenario, self.room.plan, self.room.start, course)

    def with_steps(self, table: int, number: int, steps: Mapping[str, int], organisation: str | None = None) -> Scores:
        """What would have come of it if these steps had been chosen from a round on; the rest as it was chosen.

        Parameters
        ----------
        number : of the round, from 0
        steps : decision -> step; of a decision that had not been open by then, nothing is changed
        organisation : whose choice; None = that of every organisation that people played

        Returns
        -------
        the other course minus the one that was played
        """
        who = people_at(self.room, table) if organisation is None else (organisation,)
        chosen = [steps if earlier >= number else {} for earlier in range(self.room.ran)]
        return self.against_played(table, self.chain_of(table, lambda course: self._choose(course, who, chosen)))

    def against_style(self, table: int, early: Mapping[str, int], late: Mapping[str, int]) -> Scores:
        """What was played minus the same people choosing some steps in the first half of the rounds and others after that."""
        who, ran = people_at(self.room, table), self.room.ran
        chosen = [early if 2 * number < ran else late for number in range(ran)]
        other = self.chain_of(table, lambda course: self._choose(course, who, chosen))
        return Scores.between(self.scores(other), self.played(table))

    def _choose(self, course: Course, who: Sequence[str], chosen: Sequence[Mapping[str, int]]) -> None:
        """Let some organisations choose steps, one mapping per round."""
        for place, part in enumerate(course):
            number = place // len(self.room.plan.stretches)
            asked = changeable_until(self.room, number)
            for name in who:
                part.steps[name] |= {decision: step for decision, step in chosen[number].items() if decision in asked}

    def without(self, move: Move) -> Scores:
        """What a move brought: the course that was played minus the one in which the team had stood still.

        The step stays where it was until the team moved this decision again.
        """
        begun = len(self.room.plan.stretches) * move.round + move.late

        def change(course: Course) -> None:
            for part in course[begun:]:
                if part.steps[move.organisation][move.decision] != move.after:
                    break
                part.steps[move.organisation][move.decision] = move.before

        return Scores.between(self.scores(self.chain_of(move.table, change)), self.played(move.table))

    def without_decisions(self, table: int, decisions: tuple[str, ...], *, relations: bool = False) -> Scores:
        """What all moves of some decisions by people brought together: played minus nobody ever moving them.

        Parameters
        ----------
        relations : whether what teams agreed on with each other is taken away as well
        """
        who = people_at(self.room, table)

        def change(course: Course) -> None:
            for part in course:
                if relations:
                    part.relations.clear()
                for name in who:
                    part.steps[name] |= {decision: self.room.start[name][decision] for decision in decisions}

        return Scores.between(self.scores(self.chain_of(table, change)), self.played(table))

    def against_played(self, table: int, other: Scenario) -> Scores:
        """The other course minus the one that was played."""
        return Scores.between(self.played(table), self.scores(other))


def people_at(room: Room, table: int) -> tuple[str, ...]:
    """The organisations of a table that people played in some round."""
    return tuple(
        name
        for name in room.start
        if any(team_choice(room, Team(table, name), number).by != By.BOT for number in range(room.ran))
    )


def anything_agreed(room: Room, table: int) -> bool:
    """Whether teams of a table agreed on anything with each other."""
    return any(relations_in(room, table, number) for number in range(room.ran))


def moves(room: Room, table: int) -> list[Move]:
    """Every step that people at a table moved, in order."""
    made: list[Move] = []
    before = {name: dict(steps) for name, steps in room.start.items()}
    parts = len(room.plan.stretches)
    course = course_until(room, table, parts * room.ran - 1) if room.ran else []
    for place, part in enumerate(course):
        number, late = place // parts, place % parts > 0
        for name, steps in part.steps.items():
            by = team_choice(room, Team(table, name), number).by
            if by != By.BOT:
                asked = changeable_until(room, number) if late else open_in(room.plan, number)
                made += [
                    Move(table, name, number, decision, before[name][decision], steps[decision], str(by), late)
                    for decision in asked
                    if steps[decision] != before[name][decision]
                ]
        before = part.steps
    return made
