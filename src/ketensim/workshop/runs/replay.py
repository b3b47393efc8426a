"""The same workshop with other choices, on the same luck: what the debriefing compares.

The measure is goal realisation over all cases that came in during the rounds (the chain runs on after the last round
until the term of the last of them has passed), per run; differences are taken run by run. A difference between equal
choices is exactly 0.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
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
from ketensim.workshop.game.choices import table_steps, team_choice
from ketensim.workshop.game.plans import WEEKS_PER_ROUND, open_in, scenario_from_text
from ketensim.workshop.game.room import By, Room, Team
from ketensim.workshop.runs.table_runs import TeamSteps, steps_until, with_choices

Values = NDArray[np.float64]
GOAL: Final = OUTCOME_NAMES.index("goal_realisation")
POLICIES: Final = ("let_go_at_once", "hold_firm", "firm_then_let_go")


@dataclass(frozen=True, slots=True)
class Move:
    """A team that chose another step than in the round before.

    Attributes
    ----------
    table, organisation, round, decision : who, when, what
    before, after : numbers of the steps
    by : who made the choice
    """

    table: int
    organisation: str
    round: int
    decision: str
    before: int
    after: int
    by: str


class Replay:
    """A finished workshop that can be played again.

    Parameters
    ----------
    room : whose rounds have been run (``room.ran`` of them)
    first, runs : which runs are used; those of the rounds begin at 0
    rounds : whether the course that was played is kept at every round, for courses that leave it there; else only where the
        burn-in ends
    """

    def __init__(self, room: Room, runs: int | None = None, first: int = 0, *, rounds: bool = False) -> None:
        self.room = room
        self.scenario = scenario_from_text(room.scenario)
        self.first, self.runs = first, runs or room.plan.runs
        self._known: dict[str, Values] = {}
        self._states = KeptStates()
        self._pauses = range(0, WEEKS_PER_ROUND * room.ran if rounds else 1, WEEKS_PER_ROUND)

    def goals(self, scenario: Scenario, *, played: bool = False) -> Values:
        """Goal realisation over all rounds in each run, [run]; what was run before is not run again."""
        course = repr((scenario.policy, scenario.calendar))  # all else is the same
        if course not in self._known:
            ensemble = Ensemble.of(scenario, self.room.plan.seed).kept_in(self._states, self._pauses, keeps=played)
            self._known[course] = summaries_of(ensemble, self.first, self.runs)[:, GOAL]
        return self._known[course]

    def played(self, table: int) -> Values:
        """The same of what a table really chose."""
        return self.goals(self.chain_of(table), played=True)

    def chain_of(self, table: int, change: Callable[[list[dict[str, dict[str, int]]]], None] | None = None) -> Scenario:
        """The chain with the choices of a table, after something has been changed in them.

        Parameters
        ----------
        change : gets a list with organisation -> steps per round, and changes it in place
        """
        rounds = [
            {name: dict(steps) for name, steps in part.items()}
            for part in steps_until(self.room, table, self.room.ran - 1)
        ]
        if change is not None:
            change(rounds)
        return with_choices(self.scenario, self.room.start, rounds)

    def with_steps(
        self, table: int, number: int, steps: Mapping[str, int], organisation: str | None = None
    ) -> Estimate:
        """What would have come of it if these steps had been chosen from a round on; the rest as it was chosen.

        Parameters
        ----------
        number : of the round, from 0
        steps : decision -> step
        organisation : whose choice; None = that of every organisation of the table

        Returns
        -------
        the other course minus the one that was played
        """

        def change(rounds: list[dict[str, dict[str, int]]]) -> None:
            for part in rounds[number:]:
                for name in part if organisation is None else (organisation,):
                    part[name] |= steps

        return self.against_played(table, self.chain_of(table, change))

    def without(self, move: Move) -> Estimate:
        """What a move brought: the course that was played minus the one in which the team had stood still.

        The step stays where it was until the team moved this decision again.
        """

        def change(rounds: list[dict[str, dict[str, int]]]) -> None:
            for part in rounds[move.round :]:
                if part[move.organisation][move.decision] != move.after:
                    break
                part[move.organisation][move.decision] = move.before

        played = self.played(move.table)
        return paired_difference(self.goals(self.chain_of(move.table, change)), played).difference

    def without_decision(self, table: int, decision: str) -> Estimate:
        """What all moves of one decision at a table brought together: played minus nobody ever moving it."""

        def change(rounds: list[dict[str, dict[str, int]]]) -> None:
            for part in rounds:
                for name, steps in part.items():
                    steps[decision] = self.room.start[name][decision]

        played = self.played(table)
        return paired_difference(self.goals(self.chain_of(table, change)), played).difference

    def against_played(self, table: int, other: Scenario) -> Estimate:
        """The other course minus the one that was played."""
        return paired_difference(self.played(table), self.goals(other)).difference

    def under_policy(self, name: str) -> Scenario:
        """The chain as it starts under a steering policy, and nothing else chosen; ``none`` = nobody chose anything.

        ``firm_then_let_go`` lets go halfway through the workshop.
        """
        if name == "none":
            return self.scenario
        half = float(WEEKS_PER_ROUND * self.room.ran // 2)
        return self.scenario.with_policy(name, **({"switch_week": half} if name == "firm_then_let_go" else {}))


def moves(room: Room, table: int) -> list[Move]:
    """Every step that a team of a table moved, in order; those of bots and of teams that kept what they had left out.

    When bots played all of it (a rehearsal), theirs.
    """
    people = any(choice.by in (By.TEAM, By.FACILITATOR) for choice in room.choices.values())
    made: list[Move] = []
    before: TeamSteps = room.start
    for number in range(room.ran):
        now = table_steps(room, table, number)
        for name in now:
            by = team_choice(room, Team(table, name), number).by
            if people and by == By.BOT:
                continue
            made += [
                Move(table, name, number, decision, before[name][decision], now[name][decision], str(by))
                for decision in open_in(room.plan, number)
                if now[name][decision] != before[name][decision]
            ]
        before = now
    return made
