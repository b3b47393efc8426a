"""The rounds of a workshop as a pure state machine: no clock, no files, no luck of its own.

``apply(room, event)`` gives the next room or raises ``Refused``; replaying a log gives the same room. A team may revise
its choice until the deadline or until it presses *final*; after that only the facilitator can reopen or edit it. Time
never goes back: an event earlier than the last one counts as of the same moment.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from typing import Any, Final

from ketensim.workshop.game import log_entries as e
from ketensim.workshop.game.choices import all_final, checked_steps, choice_of, reopened, with_choice
from ketensim.workshop.game.plans import Plan
from ketensim.workshop.game.room import (
    MESSAGE_LENGTH,
    NICKNAME_LENGTH,
    By,
    Phase,
    Refused,
    Role,
    Room,
    Seat,
    Team,
    short_text,
)
from ketensim.workshop.game.seating import active_seats, place_for, seats_of, teams

__all__ = [
    "Refused",
    "apply",
    "choice_of",
    "not_predicted",
    "replay",
    "seats_of",
    "seconds_left",
    "teams",
    "waiting_for",
]

MOST_EXTRA: Final = 3600.0  # seconds that are added at once
TAKEN_BACK: Final = {Phase.DECIDE: Phase.PREDICT, Phase.RUN: Phase.DECIDE, Phase.REVEAL: Phase.RUN}
NEXT: Final = {
    Phase.LOBBY: Phase.PREDICT,
    Phase.PREDICT: Phase.DECIDE,
    Phase.DECIDE: Phase.RUN,
    Phase.RUN: Phase.REVEAL,
    Phase.DEBRIEF: Phase.CLOSED,
}


def apply(room: Room, event: e.Event) -> Room:
    """The room after an event.

    Raises
    ------
    Refused : the room does not take it, and is as it was
    """
    if room.phase == Phase.CLOSED:
        raise Refused("closed")
    if type(event) not in HANDLERS:
        raise Refused("unknown_event")
    if not _number(event.at):
        raise Refused("out_of_range")
    event = replace(event, at=max(room.at, event.at))
    return replace(HANDLERS[type(event)](room, event), at=event.at, version=room.version + 1)


def opened(event: e.Opened) -> Room:
    """The room at the beginning of a log."""
    return Room(
        code=event.code,
        secret_hash=event.secret_hash,
        language=event.language,
        plan=Plan.from_dict(event.plan),
        scenario=event.scenario,
        start=event.start,
        created=event.at,
        delete_at=event.delete_at,
        at=event.at,
    )


def replay(events: Iterable[e.Event]) -> Room:
    """The room of a log; its first event is ``Opened``."""
    log = iter(events)
    first = next(log)
    assert isinstance(first, e.Opened)
    room = opened(first)
    for event in log:
        room = apply(room, event)
    return room


# --- what screens ask ----------------------------------------------------------------------------------------------
def waiting_for(room: Room) -> tuple[Team, ...]:
    """Teams with somebody in them that have not chosen finally in this round; empty outside the decide phase."""
    if room.phase != Phase.DECIDE:
        return ()
    return tuple(team for team in teams(room) if seats_of(room, team) and not choice_of(room, team).final)


def not_predicted(room: Room) -> tuple[Seat, ...]:
    """Active seats without a prediction in this round; empty outside the predict phase."""
    if room.phase != Phase.PREDICT:
        return ()
    return tuple(seat for seat in active_seats(room) if (room.round, seat.id) not in room.predictions)


def seconds_left(room: Room, now: float) -> float | None:
    """Seconds until the deadline, at least 0 and standing still in a pause; None without a deadline."""
    if room.deadline is None:
        return None
    return max(0.0, room.deadline - (now if room.paused is None else room.paused))


# --- participants --------------------------------------------------------------------------------------------------
def _joined(room: Room, event: e.Joined) -> Room:
    if event.seat in room.seats or any(seat.token_hash == event.token_hash for seat in room.seats.values()):
        raise Refused("already_here")
    nickname = short_text(event.nickname, NICKNAME_LENGTH, "nickname")
    place = place_for(room, event.table, event.role, event.organisation)
    seat = Seat(event.seat, event.token_hash, nickname, *place, active=True, joined=event.at)
    return replace(room, seats={**room.seats, seat.id: seat})


def _named(room: Room, event: e.Named) -> Room:
    return _with_seat(room, _seat(room, event), nickname=short_text(event.nickname, NICKNAME_LENGTH, "nickname"))


def _predicted(room: Room, event: e.Predicted) -> Room:
    seat = _seat(room, event)
    _taken(room, event, Phase.PREDICT)
    if not _number(event.share) or not 0 <= event.share <= 100:
        raise Refused("out_of_range")
    return replace(room, predictions={**room.predictions, (room.round, seat.id): float(event.share)})


def _chose(room: Room, event: e.Chose) -> Room:
    seat = _seat(room, event)
    _taken(room, event, Phase.DECIDE)
    if seat.role == Role.OBSERVER:
        raise Refused("no_team")
    steps = checked_steps(room, event.steps)
    if seat.role == Role.MIRROR:
        before = room.advice.get((room.round, seat.id), {})
        return replace(room, advice={**room.advice, (room.round, seat.id): {**before, **steps}})
    if choice_of(room, seat.team).final:
        raise Refused("final")
    return with_choice(room, seat.team, steps, By.TEAM, event.final is True, event.at)


# --- the facilitator -----------------------------------------------------------------------------------------------
def _went_on(room: Room, event: e.WentOn) -> Room:
    _running(room)
    _as_seen(room, event)
    if room.phase == Phase.REVEAL:
        last = room.round + 1 == len(room.plan.rounds)
        return _entered(room, Phase.DEBRIEF if last else Phase.PREDICT, room.round + (not last), event.at)
    if room.phase == Phase.DECIDE:
        room = all_final(room, event.at)
    return _entered(room, NEXT[room.phase], room.round, event.at)


def _went_back(room: Room, event: e.WentBack) -> Room:
    _running(room)
    _as_seen(room, event)
    if room.phase == Phase.LOBBY:
        raise Refused("nothing_before")
    if room.phase == Phase.DEBRIEF:
        return _entered(room, Phase.REVEAL, room.round, event.at)
    if room.phase == Phase.PREDICT:
        first = room.round == 0
        return _entered(room, Phase.LOBBY if first else Phase.REVEAL, max(0, room.round - 1), event.at)
    if room.phase in (Phase.DECIDE, Phase.RUN):
        room = reopened(room)
    return _entered(room, TAKEN_BACK[room.phase], room.round, event.at)


def _paused(room: Room, event: e.Paused) -> Room:
    _running(room)
    return replace(room, paused=event.at)


def _resumed(room: Room, event: e.Resumed) -> Room:
    if room.paused is None:
        raise Refused("not_paused")
    deadline = None if room.deadline is None else room.deadline + (event.at - room.paused)
    return replace(room, paused=None, deadline=deadline)


def _extended(room: Room, event: e.Extended) -> Room:
    if not _number(event.seconds) or not 0 < event.seconds <= MOST_EXTRA:
        raise Refused("out_of_range")
    if room.deadline is None:
        raise Refused("no_timer")
    now = event.at if room.paused is None else room.paused
    return replace(room, deadline=max(room.deadline, now) + event.seconds)


def _told(room: Room, event: e.Told) -> Room:
    return replace(room, message=short_text(event.message, MESSAGE_LENGTH, "message"))


def _removed(room: Room, event: e.Removed) -> Room:
    return _with_seat(room, _seat(room, event), active=False)


def _moved(room: Room, event: e.Moved) -> Room:
    seat = _seat(room, event)
    without = {name: other for name, other in room.seats.items() if name != seat.id}
    table, role, organisation = place_for(
        replace(room, seats=without), event.table, event.role, event.organisation or None
    )
    return _with_seat(room, seat, table=table, role=role, organisation=organisation)


def _edited(room: Room, event: e.Edited) -> Room:
    if room.phase not in (Phase.DECIDE, Phase.RUN):
        raise Refused("not_now")
    return with_choice(room, _team(room, event), checked_steps(room, event.steps), By.FACILITATOR, True, event.at)


def _reopened(room: Room, event: e.Reopened) -> Room:
    if room.phase != Phase.DECIDE:
        raise Refused("not_now")
    team = _team(room, event)
    before = choice_of(room, team)
    return with_choice(room, team, {}, before.by, False, before.at) if before.final else room


# --- what they share -----------------------------------------------------------------------------------------------
def _entered(room: Room, phase: Phase, number: int, at: float) -> Room:
    """The room at the beginning of a phase, with its time."""
    part = room.plan.rounds[number]
    minutes: Mapping[Phase, float] = {
        Phase.PREDICT: part.minutes_predict,
        Phase.DECIDE: part.minutes_decide,
        Phase.RUN: part.minutes_run,
        Phase.REVEAL: part.minutes_reveal,
        Phase.DEBRIEF: room.plan.minutes_debrief,
    }
    deadline = at + 60 * minutes[phase] if phase in minutes else None
    ran = number + 1 if phase == Phase.RUN else room.ran
    return replace(room, phase=phase, round=number, ran=ran, deadline=deadline, paused=None)


def _number(given: Any) -> bool:
    return isinstance(given, int | float) and not isinstance(given, bool) and math.isfinite(given)


def _running(room: Room) -> None:
    if room.paused is not None:
        raise Refused("paused")


def _as_seen(room: Room, event: e.Turned) -> None:
    """Refuse a second press of the same button: the room is no longer where the facilitator saw it."""
    if event.phase not in (None, room.phase) or event.round not in (None, room.round):
        raise Refused("moved_on")


def _taken(room: Room, event: e.Event, phase: Phase) -> None:
    """Refuse what comes in another phase, in a pause, or after the deadline."""
    if room.phase != phase:
        raise Refused("not_now")
    _running(room)
    if room.deadline is not None and event.at > room.deadline:
        raise Refused("too_late")


def _seat(room: Room, event: e.OfSeat) -> Seat:
    seat = room.seats.get(event.seat)
    if seat is None or not seat.active:
        raise Refused("no_such_seat")
    return seat


def _team(room: Room, event: e.Edited | e.Reopened) -> Team:
    team = Team(event.table, event.organisation)
    if team not in teams(room):
        raise Refused("no_such_team")
    return team


def _with_seat(room: Room, seat: Seat, **parts: Any) -> Room:
    return replace(room, seats={**room.seats, seat.id: replace(seat, **parts)})


HANDLERS: Final[Mapping[type[e.Event], Callable[[Room, Any], Room]]] = {
    e.Joined: _joined,
    e.Named: _named,
    e.Predicted: _predicted,
    e.Chose: _chose,
    e.WentOn: _went_on,
    e.WentBack: _went_back,
    e.Paused: _paused,
    e.Resumed: _resumed,
    e.Extended: _extended,
    e.Told: _told,
    e.Removed: _removed,
    e.Moved: _moved,
    e.Edited: _edited,
    e.Reopened: _reopened,
    e.Closed: lambda room, event: _entered(room, Phase.CLOSED, room.round, event.at),
}
