"""Everything a scenario file holds, put together from its parts, and what is known about the real chain."""

from __future__ import annotations

from typing import Annotated, Final

from pydantic import Field, Strict

from ketensim.foundation.mathematics import WEEKS_PER_YEAR
from ketensim.foundation.parameters import NO_POLICY, PARAMETERS, POLICIES
from ketensim.scenario.fields import MOST_WEEKS, Day, FromTable, Name
from ketensim.scenario.numbers import Figure, OneOf, Part, Quantity, Share, Text, Within
from ketensim.scenario.parts import (
    CaseType,
    Change,
    Event,
    Levers,
    Link,
    Organisation,
    Place,
    Principal,
    assumed,
)

Overrides = Annotated[dict[str, Quantity], FromTable(PARAMETERS, "error.unknown_parameter")]
TAGS: Final = ("L", "M:h", "M:m", "M:l", "D")
USES: Final = ("calibration", "held_back")


class Context(Part):
    """The circumstances that are no lever: they are given to the chain."""

    capacity: Annotated[float, Within(0.1, 3, "ratio")] = 1.0
    """hours available, as a multiple of what the organisations have"""
    non_standard: Annotated[float, Within(0, 1, "share")] | None = None
    """share of non-standard cases in every case type; silent = each case type its own"""


class Source(Part):
    """Where numbers come from."""

    text: Annotated[str, Field(min_length=1, max_length=1000)]
    """title, place and year, enough to find it"""
    tag: Annotated[str, OneOf(TAGS)]
    """L = seen; M:h, M:m, M:l = from memory with high, medium or low confidence; D = derived from other figures"""


class Indicator(Figure):
    """A published figure to compare the simulation with."""

    id: Name
    label: Text
    unit: Annotated[str, Field(min_length=1, max_length=100)]
    outcome: str | None = None
    """name of the outcome to compare with; silent = nothing in the model corresponds to it"""
    organisation: str | None = None
    """silent = the whole chain"""
    case_type: str | None = None
    """instead of an organisation; silent = all case types"""
    per: str | None = None
    """outcome to divide by"""
    scale: Annotated[float, Within(1e-6, 1e6, "ratio")] = 1.0
    """published figure = scale x simulated"""
    since: Day | None = None
    until: Day | None = None
    """period to compare over; silent = the whole run"""
    tolerance: Annotated[float, Within(0, 1e9, "number")] | None = None
    """difference that still counts as alike, in the indicator's unit"""
    used_for: Annotated[str, OneOf(USES)]
    """calibration = the scenario was set with it; held_back = only looked at afterwards"""


class Handled(Part):
    """What a chain handles, in the word that its people use: a child, a household, a report."""

    one: Text
    """one of them, without an article"""
    many: Text
    """several of them"""


class Content(Part):
    """Everything a scenario file holds. ``Scenario`` adds the checks and the ways to vary it."""

    title: Text
    summary: Text
    look_at: Text
    """what to look at"""
    try_: Text = Field(alias="try")
    """what to try"""
    handles: Handled | None = None
    """what a case is called in this chain; silent = a case"""
    start: Day
    """date of week 0, the first reported week"""
    weeks: Annotated[int, Within(1, MOST_WEEKS, "weeks", whole=True)] = 208
    """reported weeks"""
    burn_in: Annotated[int, Within(0, MOST_WEEKS, "weeks", whole=True)] = WEEKS_PER_YEAR
    """weeks before week 0, simulated and not reported"""
    promise: Share = assumed(0.8)
    """goal realisation that councils were promised"""
    objective: Place | None = None
    """the chain objective at the start; silent = the middle of the ambitions"""
    context: Context = Context()
    policy: Annotated[str, OneOf(POLICIES)] = NO_POLICY
    levers: Levers = Field(default={})
    parameters: Overrides = Field(default={})
    """numbers of the model that differ in this chain"""
    principals: Annotated[tuple[Principal, ...], Strict(False)] = ()
    organisations: Annotated[tuple[Organisation, ...], Strict(False)]
    case_types: Annotated[tuple[CaseType, ...], Strict(False)]
    links: Annotated[tuple[Link, ...], Strict(False)] = ()
    calendar: Annotated[tuple[Change, ...], Strict(False)] = ()
    """lever changes"""
    events: Annotated[tuple[Event, ...], Strict(False)] = ()
    indicators: Annotated[tuple[Indicator, ...], Strict(False)] = ()
    sources: dict[str, Source] = Field(default={})
    note: Text | None = None
    """how the numbers without a source were chosen; holds for every number without a nearer note"""
