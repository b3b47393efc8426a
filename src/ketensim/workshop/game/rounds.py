"""The rounds of a workshop as a pure state machine: no clock, no files, no luck of its own.

``apply(room, entry)`` gives the next room or raises ``Refused``; replaying a log gives the same room. A team may revise
its choice until the deadline or until it presses *final*; after that only the facilitator can reopen or edit it. Time
never goes back: an entry earlier than the last one counts as of the same moment.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import reduce
from typing import Any, Final

from ketensim.workshop.game import log_entries as e
from ketensim.workshop.game.choices import all_final, checked_steps, team_choice, with_choice, with_choices_reopened
from ketensim.workshop.game.plans import WorkshopPlan
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

MOST_EXTRA: Final = 3600.0  # seconds that are added at once
TAKEN_BACK: Final = {Phase.DECIDE: Phase.PREDICT, Phase.RUN: Phase.DECIDE, Phase.REVEAL: Phase.RUN}
NEXT: Final = {
    Phase.LOBBY: Phase.PREDICT,
    Phase.PREDICT: Phase.DECIDE,
    Phase.DECIDE: Phase.RUN,
    Phase.RUN: Phase.REVEAL,
    Phase.DEBRIEF: Phase.CLOSED,
}


def room_after(room: Room, entry: e.LogEntry) -> Room:
    """The room after something has happened in it.

    Raises
    ------
    Refused : the room does not take it, and is as it was
    """
    if room.phase == Phase.CLOSED:
        raise Refused("closed")
    if type(entry) not in HANDLERS:
        raise Refused("unknown_entry")
    if not _is_number(entry.at):
        raise Refused("out_of_range")
    entry = replace(entry, at=max(room.at, entry.at))
    return replace(HANDLERS[type(entry)](room, entry), at=entry.at, version=room.version + 1)


def room_at_start(entry: e.RoomOpened) -> Room:
    """The room at the beginning of a log."""
    return Room(
        code=entry.code,
        secret_hash=entry.secret_hash,
        language=entry.language,
        plan=WorkshopPlan.from_dict(entry.plan),
        scenario=entry.scenario,
        start=entry.start,
        created=entry.at,
        delete_at=entry.delete_at,
        at=entry.at,
    )


def room_from_log(entries: Iterable[e.LogEntry]) -> Room:
    """The room of a log; its first entry is ``RoomOpened``."""
    log = iter(entries)
    first = next(log)
    assert isinstance(first, e.RoomOpened)
    return reduce(room_after, log, room_at_start(first))


# --- what screens ask ----------------------------------------------------------------------------------------------
def waiting_for(room: Room) -> tuple[Team, ...]:
    """Teams with somebody in them that have not chosen finally in this round; empty outside the decide phase."""
    if room.phase != Phase.DECIDE:
        return ()
    return tuple(team for team in teams(room) if seats_of(room, team) and not team_choice(room, team).final)


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
def _seat_taken(room: Room, entry: e.SeatTaken) -> Room:
    if entry.seat in room.seats or any(seat.token_hash == entry.token_hash for seat in room.seats.values()):
        raise Refused("already_here")
    nickname = short_text(entry.nickname, NICKNAME_LENGTH, "nickname")
    place = place_for(room, entry.table, entry.role, entry.organisation)
    seat = Seat(entry.seat, entry.token_hash, nickname, *place, active=True)
    return replace(room, seats={**room.seats, seat.id: seat})


def _nickname_set(room: Room, entry: e.NicknameSet) -> Room:
    return _with_seat(room, _active_seat(room, entry), nickname=short_text(entry.nickname, NICKNAME_LENGTH, "nickname"))


def _prediction_made(room: Room, entry: e.PredictionMade) -> Room:
    seat = _active_seat(room, entry)
    _refuse_outside(room, entry, Phase.PREDICT)
    if not _is_number(entry.share) or not 0 <= entry.share <= 100:
        raise Refused("out_of_range")
    return replace(room, predictions={**room.predictions, (room.round, seat.id): float(entry.share)})


def _choice_made(room: Room, entry: e.ChoiceMade) -> Room:
    seat = _active_seat(room, entry)
    _refuse_outside(room, entry, Phase.DECIDE)
    if seat.role == Role.OBSERVER:
        raise Refused("no_team")
    steps = checked_steps(room, entry.steps)
    if seat.role == Role.MIRROR:
        before = room.advice.get((room.round, seat.id), {})
        return replace(room, advice={**room.advice, (room.round, seat.id): {**before, **steps}})
    if team_choice(room, seat.team).final:
        raise Refused("final")
    return with_choice(room, seat.team, steps, By.TEAM, entry.final is True, entry.at)


# --- the facilitator -----------------------------------------------------------------------------------------------
def _phase_advanced(room: Room, entry: e.PhaseAdvanced) -> Room:
    _refuse_in_pause(room)
    _refuse_second_press(room, entry)
    if room.phase == Phase.REVEAL:
        last = room.round + 1 == len(room.plan.rounds)
        return _at_phase(room, Phase.DEBRIEF if last else Phase.PREDICT, room.round + (not last), entry.at)
    if room.phase == Phase.DECIDE:
        room = all_final(room, entry.at)
    return _at_phase(room, NEXT[room.phase], room.round, entry.at)


def _phase_reversed(room: Room, entry: e.PhaseReversed) -> Room:
    _refuse_in_pause(room)
    _refuse_second_press(room, entry)
    if room.phase == Phase.LOBBY:
        raise Refused("nothing_before")
    if room.phase == Phase.DEBRIEF:
        return _at_phase(room, Phase.REVEAL, room.round, entry.at)
    if room.phase == Phase.PREDICT:
        first = room.round == 0
        return _at_phase(room, Phase.LOBBY if first else Phase.REVEAL, max(0, room.round - 1), entry.at)
    if room.phase in (Phase.DECIDE, Phase.RUN):
        room = with_choices_reopened(room)
    return _at_phase(room, TAKEN_BACK[room.phase], room.round, entry.at)


def _clock_paused(room: Room, entry: e.ClockPaused) -> Room:
    _refuse_in_pause(room)
    return replace(room, paused=entry.at)


def _clock_resumed(room: Room, entry: e.ClockResumed) -> Room:
    if room.paused is None:
        raise Refused("not_paused")
    deadline = None if room.deadline is None else room.deadline + (entry.at - room.paused)
    return replace(room, paused=None, deadline=deadline)


def _time_added(room: Room, entry: e.TimeAdded) -> Room:
    if not _is_number(entry.seconds) or not 0 < entry.seconds <= MOST_EXTRA:
        raise Refused("out_of_range")
    if room.deadline is None:
        raise Refused("no_timer")
    now = entry.at if room.paused is None else room.paused
    return replace(room, deadline=max(room.deadline, now) + entry.seconds)


def _message_set(room: Room, entry: e.MessageSet) -> Room:
    return replace(room, message=short_text(entry.message, MESSAGE_LENGTH, "message"))


def _seat_removed(room: Room, entry: e.SeatRemoved) -> Room:
    return _with_seat(room, _active_seat(room, entry), active=False)


def _seat_moved(room: Room, entry: e.SeatMoved) -> Room:
    seat = _active_seat(room, entry)
    without = {name: other for name, other in room.seats.items() if name != seat.id}
    table, role, organisation = place_for(
        replace(room, seats=without), entry.table, entry.role, entry.organisation or None
    )
    return _with_seat(room, seat, table=table, role=role, organisation=organisation)


def _choice_corrected(room: Room, entry: e.ChoiceCorrected) -> Room:
    if room.phase not in (Phase.DECIDE, Phase.RUN):
        raise Refused("not_now")
    return with_choice(room, _team_of(room, entry), checked_steps(room, entry.steps), By.FACILITATOR, True, entry.at)


def _choice_reopened(room: Room, entry: e.ChoiceReopened) -> Room:
    if room.phase != Phase.DECIDE:
        raise Refused("not_now")
    team = _team_of(room, entry)
    before = team_choice(room, team)
    return with_choice(room, team, {}, before.by, False, before.at) if before.final else room


# --- what they share -----------------------------------------------------------------------------------------------
def _at_phase(room: Room, phase: Phase, number: int, at: float) -> Room:
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


def _is_number(given: Any) -> bool:
    return isinstance(given, int | float) and not isinstance(given, bool) and math.isfinite(given)


def _refuse_in_pause(room: Room) -> None:
    if room.paused is not None:
        raise Refused("paused")


def _refuse_second_press(room: Room, entry: e.PhaseEntry) -> None:
    """Refuse a second press of the same button: the room is no longer where the facilitator saw it."""
    if entry.phase not in (None, room.phase) or entry.round not in (None, room.round):
        raise Refused("moved_on")


def _refuse_outside(room: Room, entry: e.LogEntry, phase: Phase) -> None:
    """Refuse what comes in another phase, in a pause, or after the deadline."""
    if room.phase != phase:
        raise Refused("not_now")
    _refuse_in_pause(room)
    if room.deadline is not None and entry.at > room.deadline:
        raise Refused("too_late")


def _active_seat(room: Room, entry: e.SeatEntry) -> Seat:
    seat = room.seats.get(entry.seat)
    if seat is None or not seat.active:
        raise Refused("no_such_seat")
    return seat


def _team_of(room: Room, entry: e.TeamEntry) -> Team:
    team = Team(entry.table, entry.organisation)
    if team not in teams(room):
        raise Refused("no_such_team")
    return team


def _with_seat(room: Room, seat: Seat, **parts: Any) -> Room:
    return replace(room, seats={**room.seats, seat.id: replace(seat, **parts)})


HANDLERS: Final[Mapping[type[e.LogEntry], Callable[[Room, Any], Room]]] = {
    e.SeatTaken: _seat_taken,
    e.NicknameSet: _nickname_set,
    e.PredictionMade: _prediction_made,
    e.ChoiceMade: _choice_made,
    e.PhaseAdvanced: _phase_advanced,
    e.PhaseReversed: _phase_reversed,
    e.ClockPaused: _clock_paused,
    e.ClockResumed: _clock_resumed,
    e.TimeAdded: _time_added,
    e.MessageSet: _message_set,
    e.SeatRemoved: _seat_removed,
    e.SeatMoved: _seat_moved,
    e.ChoiceCorrected: _choice_corrected,
    e.ChoiceReopened: _choice_reopened,
    e.RoomClosed: lambda room, entry: _at_phase(room, Phase.CLOSED, room.round, entry.at),
}
