"""What can happen in a workshop: one small record each, with its time and whatever luck it needs.

The log of a room is a list of these; replaying it gives the same room. A participant's entry carries the id of the
seat; who may send it, is for the web to find out (a cookie, the facilitator's secret).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Final


@dataclass(frozen=True, kw_only=True)
class LogEntry:
    """Anything that happens.

    Attributes
    ----------
    at : seconds since 1970 (UTC)
    """

    at: float


@dataclass(frozen=True, kw_only=True)
class RoomOpened(LogEntry):
    """The facilitator opens a room: always the first entry of a log."""

    code: str
    secret_hash: str
    language: str
    plan: Mapping[str, Any]
    scenario: str
    start: Mapping[str, Mapping[str, int]]
    delete_at: float


# --- of participants -----------------------------------------------------------------------------------------------
@dataclass(frozen=True, kw_only=True)
class SeatTaken(LogEntry):
    """Somebody joins; what is not wished for (None) is given by the room.

    Attributes
    ----------
    token_hash : random and shown nowhere; what proves that a browser has the seat follows from it
    """

    seat: str
    token_hash: str
    nickname: str = ""
    table: int | None = None
    role: str | None = None
    organisation: str | None = None


@dataclass(frozen=True, kw_only=True)
class SeatEntry(LogEntry):
    """Something that one participant does, or that is done with one seat."""

    seat: str


@dataclass(frozen=True, kw_only=True)
class NicknameSet(SeatEntry):
    """A participant, or the facilitator for one, changes a nickname; empty = none."""

    nickname: str


@dataclass(frozen=True, kw_only=True)
class PredictionMade(SeatEntry):
    """Expected goal realisation of this round at the own table, in per cent, 0 to 100."""

    share: float


@dataclass(frozen=True, kw_only=True)
class ChoiceMade(SeatEntry):
    """A team member chooses for the own team; a mirror's choice is advice. Not named = as it was."""

    steps: Mapping[str, int] = field(default_factory=dict)
    final: bool = False


@dataclass(frozen=True, kw_only=True)
class StepChanged(SeatEntry):
    """A team member changes the one thing that may be changed in the middle of a round; the step as it was = nothing."""

    decision: str
    step: int


@dataclass(frozen=True, kw_only=True)
class RelationEntry(SeatEntry):
    """Something between the own organisation and a partner at the same table."""

    partner: str


@dataclass(frozen=True, kw_only=True)
class AgreementProposed(RelationEntry):
    """A team proposes terms for a relation, or other terms than the partner has proposed or than hold now."""

    frame: int
    time: int


@dataclass(frozen=True, kw_only=True)
class AgreementAnswered(RelationEntry):
    """A team accepts or refuses what the partner proposes; refusing what it proposed itself takes that back."""

    accepted: bool


@dataclass(frozen=True, kw_only=True)
class AgreementHeld(RelationEntry):
    """A team ends an agreement while it decides, breaks it in the middle of a round, or thinks better of breaking it."""

    held: bool


@dataclass(frozen=True, kw_only=True)
class TableNamed(SeatEntry):
    """Somebody at a table says what it is called; empty = by its number."""

    name: str


# --- of the facilitator --------------------------------------------------------------------------------------------
@dataclass(frozen=True, kw_only=True)
class PhaseEntry(LogEntry):
    """To another phase.

    Attributes
    ----------
    phase, round : where the facilitator saw the room; a second press of the same button is refused; None = anywhere
    """

    phase: str | None = None
    round: int | None = None


@dataclass(frozen=True, kw_only=True)
class PhaseAdvanced(PhaseEntry):
    """On to the next phase, also without those who have not answered."""


@dataclass(frozen=True, kw_only=True)
class PhaseReversed(PhaseEntry):
    """Back one phase."""


@dataclass(frozen=True, kw_only=True)
class ClockPaused(LogEntry):
    """The clock stops, nothing is taken."""


@dataclass(frozen=True, kw_only=True)
class ClockResumed(LogEntry):
    """The clock runs again; the time of the pause is added to the deadline."""


@dataclass(frozen=True, kw_only=True)
class TimeAdded(LogEntry):
    """More time, counted from now when the time was up."""

    seconds: float


@dataclass(frozen=True, kw_only=True)
class MessageSet(LogEntry):
    """A message on every screen; empty = take it away."""

    message: str


@dataclass(frozen=True, kw_only=True)
class SeatRemoved(SeatEntry):
    """The facilitator takes a seat out of the room; its cookie and its code do not work any more."""


@dataclass(frozen=True, kw_only=True)
class SeatsRemoved(LogEntry):
    """The facilitator takes several seats out of the room at once."""

    seats: Sequence[str]


@dataclass(frozen=True, kw_only=True)
class SeatAdmitted(SeatEntry):
    """The facilitator lets in who waits at the door."""


@dataclass(frozen=True, kw_only=True)
class DoorSet(LogEntry):
    """The facilitator opens the door, asks who comes in, or closes it (``room.Door``)."""

    door: str


@dataclass(frozen=True, kw_only=True)
class CalmSet(LogEntry):
    """The facilitator wants screens without stars, countdowns and applause, or with them."""

    calm: bool


@dataclass(frozen=True, kw_only=True)
class TimePassed(LogEntry):
    """Nothing but time: what waited for some seconds to pass becomes so."""


@dataclass(frozen=True, kw_only=True)
class SeatMoved(SeatEntry):
    """The facilitator gives a seat another table or role."""

    table: int
    role: str
    organisation: str = ""


@dataclass(frozen=True, kw_only=True)
class TeamEntry(LogEntry):
    """Something that the facilitator does with the choice of a team in the current round."""

    table: int
    organisation: str


@dataclass(frozen=True, kw_only=True)
class ChoiceCorrected(TeamEntry):
    """The facilitator sets the choice of a team (decide or run)."""

    steps: Mapping[str, int]


@dataclass(frozen=True, kw_only=True)
class ChoiceReopened(TeamEntry):
    """A team that had pressed *final* may choose again."""


@dataclass(frozen=True, kw_only=True)
class RoomClosed(LogEntry):
    """The workshop is over."""


KINDS: Final[Mapping[str, type[LogEntry]]] = {
    # names under which entries are on disks; they stay as they were, so that a room of before opens
    "Opened": RoomOpened,
    "Joined": SeatTaken,
    "Named": NicknameSet,
    "Predicted": PredictionMade,
    "Chose": ChoiceMade,
    "WentOn": PhaseAdvanced,
    "WentBack": PhaseReversed,
    "Paused": ClockPaused,
    "Resumed": ClockResumed,
    "Extended": TimeAdded,
    "Told": MessageSet,
    "Removed": SeatRemoved,
    "Moved": SeatMoved,
    "Edited": ChoiceCorrected,
    "Reopened": ChoiceReopened,
    "Closed": RoomClosed,
    "Changed": StepChanged,
    "Proposed": AgreementProposed,
    "Answered": AgreementAnswered,
    "Held": AgreementHeld,
    "TableNamed": TableNamed,
    "RemovedAll": SeatsRemoved,
    "Admitted": SeatAdmitted,
    "Door": DoorSet,
    "Calm": CalmSet,
    "Passed": TimePassed,
}
KIND_OF: Final = {entry: kind for kind, entry in KINDS.items()}


def entry_as_json(entry: LogEntry) -> dict[str, Any]:
    """An entry as plain values, with its kind."""
    return {"kind": KIND_OF[type(entry)], **asdict(entry)}


def entry_from_json(data: Mapping[str, Any]) -> LogEntry:
    """The entry that ``entry_as_json`` wrote."""
    values = dict(data)
    return KINDS[values.pop("kind")](**values)
