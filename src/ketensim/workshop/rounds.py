"""The rounds of a workshop as a pure state machine: no clock, no files, no luck of its own.

``apply(room, event)`` gives the next room or raises ``Refused``; replaying a log gives the same room. A team may revise
its choice until the deadline or until it presses *final*; after that only the facilitator can reopen or edit it.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from ketensim.foundation.errors import InputError, Problem
from ketensim.workshop.events import Event
from ketensim.workshop.room import Choice, Room, Seat, Team


class Refused(InputError):
    """An event that the room does not take; the room stays as it was.

    Parameters
    ----------
    key : entry of the catalogue, ``workshop.refused.…``
    facts : what the sentence needs
    """

    def __init__(self, key: str, **facts: Any) -> None:
        self.key = f"workshop.refused.{key}"
        self.facts = facts
        super().__init__([Problem(self.key, "", facts)])


def apply(room: Room, event: Event) -> Room:
    """The room after an event.

    Raises
    ------
    Refused : the room does not take it, and is as it was
    """
    raise NotImplementedError


def replay(events: Iterable[Event]) -> Room:
    """The room of a log; its first event is ``Opened``."""
    raise NotImplementedError


def teams(room: Room) -> tuple[Team, ...]:
    """Every organisation of every table."""
    raise NotImplementedError


def seats_of(room: Room, team: Team) -> tuple[Seat, ...]:
    """Active seats that decide for a team."""
    raise NotImplementedError


def waiting_for(room: Room) -> tuple[Team, ...]:
    """Teams with somebody in them that have not chosen finally in this round (empty outside the decide phase)."""
    raise NotImplementedError


def not_predicted(room: Room) -> tuple[Seat, ...]:
    """Active seats without a prediction in this round (empty outside the predict phase)."""
    raise NotImplementedError


def choice_of(room: Room, team: Team, number: int | None = None) -> Choice:
    """What a team has chosen in a round; before it has, what it chose in the last one (or the defaults)."""
    raise NotImplementedError


def seconds_left(room: Room, now: float) -> float | None:
    """Seconds until the deadline, at least 0 and standing still in a pause; None without a deadline."""
    raise NotImplementedError
