"""What can happen in a workshop: one small record each, with its time and whatever luck it needs.

The log of a room is a list of these; replaying it gives the same room. A participant's event carries the id of the
seat; who may send it, is for the door to find out (a token, the facilitator's secret).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Event:
    """Anything that happens.

    Attributes
    ----------
    at : seconds since 1970 (UTC)
    """

    at: float


@dataclass(frozen=True, kw_only=True)
class Opened(Event):
    """The facilitator opens a room: always the first event of a log."""

    code: str
    secret_hash: str
    language: str
    plan: Mapping[str, Any]
    scenario: str
    start: Mapping[str, Mapping[str, int]]
    delete_at: float


# --- of participants -----------------------------------------------------------------------------------------------
@dataclass(frozen=True, kw_only=True)
class Joined(Event):
    """Somebody takes a seat; what is not wished for (None) is given by the room."""

    seat: str
    token_hash: str
    nickname: str = ""
    table: int | None = None
    role: str | None = None
    organisation: str | None = None


@dataclass(frozen=True, kw_only=True)
class OfSeat(Event):
    """Something that one participant does."""

    seat: str


@dataclass(frozen=True, kw_only=True)
class Named(OfSeat):
    """A participant, or the facilitator for one, changes a nickname; empty = none."""

    nickname: str


@dataclass(frozen=True, kw_only=True)
class Predicted(OfSeat):
    """Expected goal realisation of this round at the own table, in per cent, 0 to 100."""

    share: float


@dataclass(frozen=True, kw_only=True)
class Chose(OfSeat):
    """A team member chooses for the own team; a mirror's choice is advice. Not named = as it was."""

    steps: Mapping[str, int] = field(default_factory=dict)
    final: bool = False


# --- of the facilitator --------------------------------------------------------------------------------------------
@dataclass(frozen=True, kw_only=True)
class Turned(Event):
    """To another phase.

    Attributes
    ----------
    phase, round : where the facilitator saw the room; a second press of the same button is refused; None = anywhere
    """

    phase: str | None = None
    round: int | None = None


@dataclass(frozen=True, kw_only=True)
class WentOn(Turned):
    """On to the next phase, also without those who have not answered."""


@dataclass(frozen=True, kw_only=True)
class WentBack(Turned):
    """Back one phase."""


@dataclass(frozen=True, kw_only=True)
class Paused(Event):
    """The clock stops, nothing is taken."""


@dataclass(frozen=True, kw_only=True)
class Resumed(Event):
    """The clock runs again; the time of the pause is added to the deadline."""


@dataclass(frozen=True, kw_only=True)
class Extended(Event):
    """More time, counted from now when the time was up."""

    seconds: float


@dataclass(frozen=True, kw_only=True)
class Told(Event):
    """A message on every screen; empty = take it away."""

    message: str


@dataclass(frozen=True, kw_only=True)
class Removed(OfSeat):
    """The facilitator takes a seat out of the room; its token does not work any more."""


@dataclass(frozen=True, kw_only=True)
class Moved(OfSeat):
    """The facilitator gives a seat another table or role."""

    table: int
    role: str
    organisation: str = ""


@dataclass(frozen=True, kw_only=True)
class Edited(Event):
    """The facilitator sets the choice of a team in the current round (decide or run)."""

    table: int
    organisation: str
    steps: Mapping[str, int]


@dataclass(frozen=True, kw_only=True)
class Reopened(Event):
    """A team that had pressed *final* may choose again."""

    table: int
    organisation: str


@dataclass(frozen=True, kw_only=True)
class Closed(Event):
    """The workshop is over."""


KINDS = {
    kind.__name__: kind
    for kind in (
        *(Opened, Joined, Named, Predicted, Chose),
        *(WentOn, WentBack, Paused, Resumed, Extended, Told, Removed, Moved, Edited, Reopened, Closed),
    )
}


def as_json(event: Event) -> dict[str, Any]:
    """An event as plain values, with its kind."""
    return {"kind": type(event).__name__, **asdict(event)}


def from_json(data: Mapping[str, Any]) -> Event:
    """The event that ``as_json`` wrote."""
    values = dict(data)
    return KINDS[values.pop("kind")](**values)
