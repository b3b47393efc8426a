"""What a workshop plays: the chain, the rounds, what may be decided in each, and how long everything takes.

A plan is a small file, like a scenario; three stand ready (20, 60 and 120 minutes).
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from importlib import resources
from typing import Annotated, Any, Final, Self

from pydantic import Field, Strict, model_validator

from ketensim.foundation.errors import InputError, Problem
from ketensim.foundation.mathematics import WEEKS_PER_YEAR
from ketensim.foundation.parameters import NO_POLICY
from ketensim.scenario import files
from ketensim.scenario.numbers import OneOf, Part, Text, Within
from ketensim.scenario.parts import Event
from ketensim.scenario.problems import excerpt, nearest, read_model, refusal
from ketensim.scenario.schema import Scenario
from ketensim.workshop.game.decisions import DECISIONS

YEAR, HALF_YEAR = WEEKS_PER_YEAR, WEEKS_PER_YEAR // 2  # weeks that a round may have
FEWEST_ROUNDS, MOST_ROUNDS = 2, 6
LONGEST_SEEN: Final = 26  # weeks; where a term is longer, much of what a round does shows in a later one only
MOST_TABLES: Final = 12
MOST_IN_TEAM: Final = 10
MOST_RUNS: Final = 1000
READY: Final = ("minutes_5", "minutes_20", "minutes_60", "minutes_120")
USUAL: Final = "minutes_60"  # the workshop of the guide
CHARACTERS: Final = ("firm", "letting_go", "cautious", "copying")
Minutes = Annotated[float, Within(0.25, 120, "minutes")]


class PlannedRound(Part):
    """A year, or half of one."""

    open: Annotated[tuple[Annotated[str, OneOf(tuple(DECISIONS))], ...], Strict(False)] = Field(min_length=1)
    """decisions that teams may take in this round"""
    events: Annotated[tuple[Event, ...], Strict(False)] = ()
    """what happens; `week` counts from 0, the first week of the round"""
    minutes_predict: Minutes = 1
    minutes_decide: Minutes = 5
    minutes_run: Minutes = 1
    """of both halves together"""
    minutes_moment: Minutes = 0.75
    """of the moment in the middle"""
    minutes_reveal: Minutes = 3

    @property
    def minutes(self) -> float:
        """How long the round takes."""
        moving = self.minutes_run + self.minutes_moment
        return self.minutes_predict + self.minutes_decide + moving + self.minutes_reveal


class WorkshopPlan(Part):
    """A workshop as it is prepared.

    Raises
    ------
    InputError
        from ``from_dict``, ``read_plan`` and ``with_changes``: everything that is wrong, with its place
    """

    title: Text
    summary: Text
    """for whom it is and what it is about, for the facilitator"""
    chain: Annotated[str, Field(min_length=1, max_length=500)] = "reference"
    """name of a scenario, or path of a file"""
    weeks: Annotated[int, Within(HALF_YEAR, YEAR, "weeks", whole=True)] = YEAR
    """of a round: a year, or half of one"""
    moment: Annotated[bool, Strict()] = True
    """whether a round stops in the middle, where teams may change one thing, and keep their agreements or break them"""
    agreements: Annotated[bool, Strict()] = True
    """whether teams can agree on something with a neighbour, for the relation of the two"""
    own_events: Annotated[bool, Strict()] = True
    """whether what happens in the scenario also happens here"""
    tables: Annotated[int, Within(1, MOST_TABLES, "number", whole=True)] = 1
    """tables that play the same chain side by side"""
    team_size: Annotated[int, Within(1, MOST_IN_TEAM, "number", whole=True)] = 2
    """phones that decide together for one organisation"""
    mirrors: Annotated[bool, Strict()] = True
    """whether those who come when all teams are full advise an organisation; false = all of them observe"""
    bots: Annotated[tuple[Annotated[str, OneOf(CHARACTERS)], ...], Strict(False)] = ()
    """who stands in for organisations without people, in turn, the same one at every table; silent = they stay as they were"""
    runs: Annotated[int, Within(20, MOST_RUNS, "number", whole=True)] = 200
    """runs per table and round"""
    seed: Annotated[int, Within(0, 2**53, "number", whole=True)] = 1
    """the same luck for all tables; the same seed gives the same citizens at every workshop"""
    minutes_lobby: Minutes = 5
    minutes_debrief: Minutes = 15
    rounds: Annotated[tuple[PlannedRound, ...], Strict(False)]

    @model_validator(mode="after")
    def _number_of_rounds(self) -> WorkshopPlan:
        if not FEWEST_ROUNDS <= len(self.rounds) <= MOST_ROUNDS:
            facts = {"given": len(self.rounds), "lower": FEWEST_ROUNDS, "upper": MOST_ROUNDS, "unit": "number"}
            raise refusal("error.out_of_range", "rounds", **facts)
        return self

    @model_validator(mode="after")
    def _events_inside_their_round(self) -> WorkshopPlan:
        if self.weeks not in (HALF_YEAR, YEAR):
            raise refusal("error.not_one_of", "weeks", given=str(self.weeks), allowed=(str(HALF_YEAR), str(YEAR)))
        for number, part in enumerate(self.rounds):
            for place, event in enumerate(part.events):
                if event.week is None or not 0 <= event.week < self.weeks:
                    facts = {"given": excerpt(event.week), "lower": 0, "upper": self.weeks - 1, "unit": "weeks"}
                    raise refusal("error.out_of_range", f"rounds[{number}].events[{place}].week", **facts)
        return self

    @property
    def stretches(self) -> tuple[int, ...]:
        """Weeks of the parts of a round: two halves with a moment between them, or all of it."""
        half = self.weeks // 2
        return (half, self.weeks - half) if self.moment else (self.weeks,)

    @property
    def minutes(self) -> float:
        """How long the workshop takes."""
        return self.minutes_lobby + sum(part.minutes for part in self.rounds) + self.minutes_debrief

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> WorkshopPlan:
        """A plan from a mapping with the keys of a file."""
        return read_model(cls, data)

    def as_dict(self) -> dict[str, Any]:
        """The mapping that ``from_dict`` reads."""
        return self.model_dump(mode="json", by_alias=True)

    def with_changes(self, **parts: Any) -> Self:
        """The same plan with other parts, e.g. ``chain=`` or ``tables=``."""
        return type(self).from_dict({**self.as_dict(), **parts})  # type: ignore[return-value]


def read_plan(text: str, file: str | None = None) -> WorkshopPlan:
    """A plan from YAML text; problems get their line."""
    return files.read_as(WorkshopPlan.from_dict, text, file)


def ready_plan(name: str) -> WorkshopPlan:
    """A workshop that stands ready: one of ``READY``."""
    if name not in READY:
        raise InputError(
            [Problem("error.not_one_of", "", {"given": excerpt(name), "allowed": READY, **nearest(name, READY)})]
        )
    return read_plan(
        resources.files("ketensim.workshop.game").joinpath("ready", f"{name}.yaml").read_text("utf-8"), name
    )


def open_in(plan: WorkshopPlan, number: int) -> tuple[str, ...]:
    """The decisions that are open in a round, in the order of the table of decisions."""
    return tuple(name for name in DECISIONS if name in plan.rounds[number].open)


def open_somewhere(plan: WorkshopPlan, rounds: int | None = None) -> tuple[str, ...]:
    """The decisions that are open in some of the first so many rounds; silent = in some round."""
    return tuple(name for name in DECISIONS if any(name in part.open for part in plan.rounds[:rounds]))


def starting_chain(plan: WorkshopPlan) -> Scenario:
    """The chain that all tables start from: over all rounds, without a policy, and without what its calendar decides later
    than its first week; what was decided by then is where teams begin.

    The run goes on for as long as the longest norm after the last round, so that every case of the rounds is known.

    Raises
    ------
    InputError
        an unknown or wrong scenario, or an event that does not fit it (with its place in the plan)
    """
    scenario = files.load(plan.chain).with_policy(NO_POLICY)
    decided = tuple(change for change in scenario.calendar if scenario.week_of(change) <= 0)
    scenario = scenario.model_copy(update={"calendar": decided})
    scenario = scenario.with_weeks(plan.weeks * len(plan.rounds) + longest_norm_of(scenario))
    events = list(scenario.events) if plan.own_events else []
    problems: list[Problem] = []
    for number, part in enumerate(plan.rounds):
        for place, event in enumerate(part.events):
            moved = event.model_copy(update={"week": plan.weeks * number + (event.week or 0)})
            try:
                scenario.with_events(moved)
            except InputError as error:
                where = f"rounds[{number}].events[{place}]"
                problems += [
                    Problem(wrong.key, wrong.path.replace("events[0]", where, 1), wrong.facts)
                    for wrong in error.problems
                ]
            events.append(moved)
    if problems:
        raise InputError(problems)
    return scenario.with_events(*events)


def longest_norm_of(scenario: Scenario) -> int:
    """Weeks after which the result of a week's arrivals is known."""
    return max(int(kind.norm.value) for kind in scenario.case_types)


@lru_cache(maxsize=16)
def scenario_from_text(text: str) -> Scenario:
    """A scenario from the text that a room keeps of it."""
    return files.read(text)


@lru_cache(maxsize=16)
def neighbour_ties(text: str) -> tuple[tuple[str, str], ...]:
    """The relations of a chain from the text that a room keeps of it: two organisations that hand over or consult, in the
    order of the chain.
    """
    scenario = scenario_from_text(text)
    order = [part.id for part in scenario.organisations]
    ties = {tuple(sorted((link.source, link.target), key=order.index)) for link in scenario.links}
    return tuple(
        sorted(((one, other) for one, other in ties if one != other), key=lambda tie: [*map(order.index, tie)])
    )
