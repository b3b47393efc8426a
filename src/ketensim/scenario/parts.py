"""The parts of a scenario file and their shape; what they mean together is checked in ``checks.py``.

Units: time in weeks, hours per case, shares in [0, 1]. Where a file is silent the default here holds, as an assumption.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Any, Final

from pydantic import Field, Strict, model_serializer, model_validator
from pydantic_core import PydanticCustomError

from ketensim.foundation.events import EVENT_NAMES, EVENT_OF, LEAST_SIZE, MOST_SIZE, SAID
from ketensim.foundation.parameters import LEVERS
from ketensim.foundation.rows import RELATION
from ketensim.scenario.fields import (
    MOST_WEEKS,
    Coordinate,
    Day,
    Entry,
    FromTable,
    Moments,
    Name,
    OneOrMore,
    Shift,
    Weeks,
)
from ketensim.scenario.numbers import (
    OneOf,
    Part,
    PerType,
    Quantity,
    Share,
    Text,
    Within,
    as_written,
    number_within,
)
from ketensim.scenario.problems import deeper, refusal

RELATION_LEVERS: Final = RELATION.names or ()
RESERVED: Final = "value"  # in a block of numbers per case type it would read as the number itself


def assumed(value: float) -> Quantity:
    """The number that holds where a file is silent."""
    return Quantity(value=value)


# --- levers and events ---------------------------------------------------------------------------------------------
class Lever(Part):
    """Where one lever stands, and why."""

    value: Annotated[float, Within(0, 1, "lever")]
    """0 = nothing is done about the condition, 1 = taken fully seriously"""
    reason: Text | None = None
    """why it stands there in this chain"""

    @model_serializer
    def _written(self) -> Any:
        """Bare when no reason is given."""
        return (
            as_written(self.value) if self.reason is None else {"value": as_written(self.value), "reason": self.reason}
        )


Levers = Annotated[dict[str, Lever], FromTable(LEVERS, "error.unknown_lever")]


def _of_a_relation(levers: Mapping[str, Lever]) -> None:
    """Refuse levers that are no matter of two organisations."""
    for name in levers:
        if name not in RELATION_LEVERS:
            raise refusal("error.not_of_a_relation", f"levers.{name}", given=name, allowed=RELATION_LEVERS)


class Timed(Part):
    """Something that happens in a week; week 0 is the first reported week, the burn-in is negative."""

    week: Annotated[int, Within(-MOST_WEEKS, MOST_WEEKS, "weeks", whole=True)] | None = None
    """week number, or give `date`"""
    date: Day | None = None
    """date, or give `week`"""

    @model_validator(mode="after")
    def _once(self) -> Timed:
        if (self.week is None) == (self.date is None):
            raise refusal("error.week_or_date")
        return self


class Change(Timed):
    """From a week on, levers stand elsewhere, or administrators hold back more or less than before."""

    organisation: OneOrMore = ()
    """one organisation or a list; silent = all"""
    partner: str | None = None
    """with one organisation: the change holds for the relation of the two; frame and both kinds of trust only"""
    levers: Levers = Field(default={})
    """lever: new value"""
    restraint: Shift | None = None
    """from then on added to the concern that administrators bear before they intervene; 0 = as the person is"""
    reason: Text | None = None
    """why"""

    @model_validator(mode="after")
    def _of_two(self) -> Change:
        """A change for a relation names one organisation beside its partner, and levers that a relation can have."""
        if self.partner is not None:
            if len(self.organisation) != 1:
                raise refusal("error.missing_key", "organisation", given="organisation")
            _of_a_relation(self.levers)
        return self

    @model_validator(mode="after")
    def _something(self) -> Change:
        if not self.levers and self.restraint is None:
            raise refusal("error.missing_key", "levers", given="levers")
        return self


class Event(Timed):
    """Something that happens to the chain."""

    type: Annotated[str, OneOf(EVENT_NAMES)]
    """kind of event"""
    size: Annotated[Quantity, Within(LEAST_SIZE, MOST_SIZE, "share")]
    """incident: urgency it adds; financial_cut: part of the posts that goes; law: part of the clarity of agreements
    that is lost (shares in [0, 1]); capacity_loss: part of the hours away, in [-1, 1], below 0 = extra hours;
    arrival_wave: extra arrivals as a share of the normal, in [-1, 3], below 0 = fewer arrivals"""
    weeks: Weeks = assumed(1)
    """how long it lasts; a financial_cut and a law are spread evenly over these weeks"""
    then: Annotated[tuple[Annotated[float, Within(LEAST_SIZE, MOST_SIZE, "share")], ...], Strict(False)] = ()
    """sizes of the periods that follow, each as long as the first: a published series in one event; for an
    arrival_wave or a capacity_loss"""
    organisation: OneOrMore = ()
    """one organisation or a list; silent = the whole chain; not for an arrival_wave or a law"""
    case_type: OneOrMore = ()
    """one case type or a list, for an arrival_wave; silent = all case types"""
    label: Text
    """what it is called"""
    source: str | None = None
    """key under `sources`: where it says that this happened"""
    note: Text | None = None
    """why these values; holds for every number here without a note of its own"""

    @model_validator(mode="after")
    def _meant(self) -> Event:
        """An event says only what it can mean: waves and laws come over the whole chain, waves may be of some kinds."""
        for field in SAID:
            if getattr(self, field) and field not in EVENT_OF[self.type].says:
                raise refusal("error.event_field", field, given=field, type=self.type)
        return self

    @model_validator(mode="after")
    def _sized(self) -> Event:
        kind = EVENT_OF[self.type]
        named = ("size", self.size.value), *((f"then[{index}]", size) for index, size in enumerate(self.then))
        for path, size in named:
            try:
                number_within(size, kind.lower, kind.upper, "share")
            except PydanticCustomError as error:
                raise deeper(path, error) from None
        return self

    @property
    def sizes(self) -> tuple[float, ...]:
        """Size of each period: the first, and those that follow."""
        return self.size.value, *self.then


# --- numbers per case type -----------------------------------------------------------------------------------------
HOURS: Final = Within(0.1, 2000, "hours")  # of one visit
POSTS: Final = Within(0.1, 2000, "full-time equivalents")


class Shares(PerType[Share]):
    """One share for all case types, or a share per case type."""


class Hours(PerType[Annotated[Quantity, HOURS]]):
    """Hours of one visit for all case types, or per case type."""


class Stays(PerType[Annotated[Quantity, Within(0, 520, "weeks", whole=True)]]):
    """Whole weeks for all case types, or per case type."""


# --- who and what --------------------------------------------------------------------------------------------------
class Place(Part):
    """A point in the space of the chain's policy values."""

    x: Coordinate = assumed(0)
    y: Coordinate = assumed(0)


class Principal(Part):
    """Whom an organisation's administrator answers to: a council, a minister, a board."""

    id: Name
    label: Text
    elections: Moments = ()
    """dates or week numbers; those outside the run are kept and do nothing"""
    tolerance: Shift = assumed(0)
    """added to the concern its administrators bear before they intervene"""
    note: Text | None = None
    """why these values; holds for every number here without a note of its own"""


class Organisation(Part):
    """One organisation of the chain."""

    id: Name
    """short name, as used in commands and results"""
    label: Text
    principal: str | None = None
    """id under `principals`"""
    fte: Annotated[Quantity, POSTS]
    own_work: Annotated[Quantity, Within(0, 0.95, "share")] = assumed(0.25)
    """part of the hours left after reporting and coordination that goes to work outside the chain"""
    independence: Share = assumed(0)
    """1 = its administrator may not intervene in the work (a judge)"""
    drift: Annotated[Quantity, Within(0, 0.2, "share/week")] = assumed(0)
    """pull towards its own work while nobody looks; 0 = steward"""
    turnover: Annotated[Quantity, Within(0, 2, "1/year")] = assumed(0.083)
    """staff leaving in calm times"""
    absence: Annotated[Quantity, Within(0, 0.9, "share")] = assumed(0.067)
    hiring_weeks: Annotated[Quantity, Within(1, 520, "weeks")] = assumed(13)
    """mean weeks until a vacancy is filled"""
    term: Annotated[Quantity, Within(1, 520, "weeks")] = assumed(6)
    """weeks within which partners expect a case to be taken up"""
    places: Annotated[Quantity, Within(1, 100_000, "cases", whole=True)] | None = None
    """cases that can be present at once; silent = no limit"""
    cost: Annotated[Quantity, Within(0, 1000, "euros/hour")] = assumed(75)
    """euros per hour of its professionals, with what comes with them"""
    reporting_politics: Share | None = None
    """part of the hours for information that serves politics only; silent = the parameter of that name"""
    reporting_operation: Share | None = None
    """part of the hours for information that serves the operation; silent = the parameter of that name"""
    ambition: Place = Place()
    """where its principal's ambitions lie"""
    tolerance: Shift = assumed(0)
    """added to the tolerance of its administrators"""
    levers: Levers = Field(default={})
    """levers that stand elsewhere here than in the chain"""
    hours_per_case: Hours = Hours()
    """hours of work on one visit of a standard case"""
    stay: Stays = Stays()
    """weeks a case stays after the work on it, before it moves on; silent = 0"""
    note: Text | None = None
    """why these values; holds for every number here without a note of its own"""


class CaseType(Part):
    """One kind of case."""

    id: Name
    label: Text
    arrivals: Annotated[Quantity, Within(0, 2000, "cases/week")]
    entry: Entry
    """the organisation where it comes in, or shares over organisations"""
    non_standard: Share
    """share of cases that do not fit the standard"""
    urgent: Share = assumed(0.05)
    """share of cases that go before all others"""
    norm: Weeks
    """weeks within which it should be closed"""
    counts: bool = True
    """whether the chain is there for it: headline figures are about the case types that count"""
    drop_after: Weeks = assumed(104)
    """weeks after which an open case leaves without a result"""
    note: Text | None = None
    """why these values; holds for every number here without a note of its own"""

    @model_validator(mode="after")
    def _not_reserved(self) -> CaseType:
        if self.id == RESERVED:
            raise refusal("error.reserved_name", "id", given=self.id)
        return self


class Link(Part):
    """Cases go, or consultation takes place, from one organisation to another."""

    source: str = Field(alias="from")
    target: str = Field(alias="to")
    share: Shares | None = None
    """part of the cases completed at `from` that goes to `to`; what remains of 1 closes there"""
    levers: Levers = Field(default={})
    """frame, trust_in_persons and trust_in_agreements agreed for this relation; silent = as the two organisations do"""
    consultation: bool = False
    """true = they consult each other but no case goes this way"""
    note: Text | None = None
    """why these values; holds for every number here without a note of its own"""

    @model_validator(mode="after")
    def _of_two(self) -> Link:
        _of_a_relation(self.levers)
        return self
