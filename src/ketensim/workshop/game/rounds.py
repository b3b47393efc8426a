"""The rounds of a workshop as a pure state machine: no clock, no files, no luck of its own.

``room_after(room, entry)`` gives the next room or raises ``Refused``; replaying a log gives the same room. A team may revise
its choice until the deadline or until it is ready; after that only the facilitator can reopen or edit it, and in the
middle of the round the team can change one thing. Time never goes back: an entry earlier than the last one counts as of
the same moment.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import reduce
from typing import Any, Final

from ketensim.workshop.game import agreements, at_the_door
from ketensim.workshop.game import log_entries as e
from ketensim.workshop.game.choices import (
    all_final,
    checked_steps,
    ready_in_time,
    team_choice,
    with_change,
    with_changes_reopened,
    with_choice,
    with_choices_reopened,
    with_wish_to_be_ready,
)
from ketensim.workshop.game.plans import HALF_YEAR, WorkshopPlan
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
    Terms,
    short_text,
)
from ketensim.workshop.game.seating import active_seats, place_for, seats_of, teams

MOST_EXTRA: Final = 3600.0  # seconds that are added at once
HALVES: Final = (Phase.RUN, Phase.MOMENT, Phase.SECOND)
EDITED_IN: Final = (Phase.DECIDE, *HALVES)


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
    if room.phase == Phase.DECIDE and room.paused is None:
        room = ready_in_time(room, entry.at)
    return replace(HANDLERS[type(entry)](room, entry), at=entry.at, version=room.version + 1)


def room_at_start(entry: e.RoomOpened) -> Room:
    """The room at the beginning of a log."""
    return Room(
        code=entry.code,
        secret_hash=entry.secret_hash,
        language=entry.language,
        plan=WorkshopPlan.from_dict(_plan_of_before(entry.plan)),
        scenario=entry.scenario,
        start=entry.start,
        created=entry.at,
        delete_at=entry.delete_at,
        at=entry.at,
    )


def _plan_of_before(plan: Mapping[str, Any]) -> Mapping[str, Any]:
    """A plan from the time when a round was half a year in one go is still played as that."""
    return plan if "weeks" in plan else {**plan, "weeks": HALF_YEAR, "moment": False, "agreements": False}


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
    if entry.final is True:
        return with_wish_to_be_ready(room, seat, steps, entry.at)
    return with_choice(room, seat.team, steps, By.TEAM, False, entry.at)


def _step_changed(room: Room, entry: e.StepChanged) -> Room:
    seat = _active_seat(room, entry)
    _refuse_outside(room, entry, Phase.MOMENT)
    if seat.role != Role.TEAM:
        raise Refused("no_team")
    return with_change(room, seat.team, entry.decision, entry.step)


def _agreement_proposed(room: Room, entry: e.AgreementProposed) -> Room:
    seat = _at_the_table(room, entry, Phase.DECIDE)
    return agreements.proposed(room, seat, entry.partner, Terms(entry.frame, entry.time))


def _agreement_answered(room: Room, entry: e.AgreementAnswered) -> Room:
    seat = _at_the_table(room, entry, Phase.DECIDE)
    return agreements.answered(room, seat, entry.partner, accepted=entry.accepted is True)


def _agreement_held(room: Room, entry: e.AgreementHeld) -> Room:
    if room.phase == Phase.MOMENT:
        return agreements.held(room, _at_the_table(room, entry, Phase.MOMENT), entry.partner, kept=entry.held is True)
    seat = _at_the_table(room, entry, Phase.DECIDE)
    return room if entry.held is True else agreements.ended(room, seat, entry.partner)


def _table_named(room: Room, entry: e.TableNamed) -> Room:
    seat = _active_seat(room, entry)
    names = {**room.table_names, seat.table: short_text(entry.name, NICKNAME_LENGTH, "nickname")}
    return replace(room, table_names={table: name for table, name in names.items() if name})


# --- the facilitator -----------------------------------------------------------------------------------------------
def _phase_advanced(room: Room, entry: e.PhaseAdvanced) -> Room:
    _refuse_in_pause(room)
    _refuse_second_press(room, entry)
    if room.phase == Phase.REVEAL:
        last = room.round + 1 == len(room.plan.rounds)
        return _at_phase(room, Phase.DEBRIEF if last else Phase.PREDICT, room.round + (not last), entry.at)
    if room.phase == Phase.DECIDE:
        room = agreements.without_open_offers(all_final(room, entry.at))
    order = order_of(room.plan)
    return _at_phase(room, order[order.index(room.phase) + 1], room.round, entry.at)


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
        room = with_choices_reopened(agreements.unbroken(room))
    if room.phase == Phase.MOMENT:
        room = with_changes_reopened(agreements.unbroken(room))
    order = order_of(room.plan)
    return _at_phase(room, order[order.index(room.phase) - 1], room.round, entry.at)


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


def _seat_moved(room: Room, entry: e.SeatMoved) -> Room:
    seat = _active_seat(room, entry)
    without = {name: other for name, other in room.seats.items() if name != seat.id}
    table, role, organisation = place_for(
        replace(room, seats=without), entry.table, entry.role, entry.organisation or None
    )
    return _with_seat(room, seat, table=table, role=role, organisation=organisation)


def _choice_corrected(room: Room, entry: e.ChoiceCorrected) -> Room:
    if room.phase not in EDITED_IN:
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
        Phase.RUN: part.minutes_run / len(room.plan.stretches),
        Phase.MOMENT: part.minutes_moment,
        Phase.SECOND: part.minutes_run / len(room.plan.stretches),
        Phase.REVEAL: part.minutes_reveal,
        Phase.DEBRIEF: room.plan.minutes_debrief,
    }
    deadline = at + 60 * minutes[phase] if phase in minutes else None
    parts = len(room.plan.stretches)
    done = {Phase.RUN: parts * number + 1, Phase.MOMENT: parts * number + 1, Phase.SECOND: parts * number + 2}
    halves = parts * number if phase in (Phase.PREDICT, Phase.DECIDE) else done.get(phase, room.halves)
    return replace(room, phase=phase, round=number, ran=halves // parts, halves=halves, deadline=deadline, paused=None)


def order_of(plan: WorkshopPlan) -> tuple[Phase, ...]:
    """The phases of a workshop with one round; each round goes from the prediction to the reveal."""
    halves = HALVES if plan.moment else (Phase.RUN,)
    round_ = (Phase.PREDICT, Phase.DECIDE, *halves, Phase.REVEAL)
    return (Phase.LOBBY, *round_, Phase.DEBRIEF, Phase.CLOSED)


def _is_number(given: Any) -> bool:
    if isinstance(given, bool) or not isinstance(given, int | float):
        return False
    return isinstance(given, int) or math.isfinite(given)


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


def _at_the_table(room: Room, entry: e.RelationEntry, phase: Phase) -> Seat:
    """Who deals with a partner, when that can be done now."""
    seat = _active_seat(room, entry)
    if not room.plan.agreements:
        raise Refused("not_now")
    _refuse_outside(room, entry, phase)
    return seat


def _team_of(room: Room, entry: e.TeamEntry) -> Team:
    team = Team(entry.table, entry.organisation)
    if team not in teams(room):
        raise Refused("no_such_team")
    return team


def _with_seat(room: Room, seat: Seat, **parts: Any) -> Room:
    return at_the_door.with_seat(room, replace(seat, **parts))


HANDLERS: Final[Mapping[type[e.LogEntry], Callable[[Room, Any], Room]]] = {
    e.SeatTaken: at_the_door.came_in,
    e.NicknameSet: _nickname_set,
    e.PredictionMade: _prediction_made,
    e.ChoiceMade: _choice_made,
    e.PhaseAdvanced: _phase_advanced,
    e.PhaseReversed: _phase_reversed,
    e.ClockPaused: _clock_paused,
    e.ClockResumed: _clock_resumed,
    e.TimeAdded: _time_added,
    e.MessageSet: _message_set,
    e.SeatRemoved: at_the_door.seat_removed,
    e.SeatMoved: _seat_moved,
    e.ChoiceCorrected: _choice_corrected,
    e.ChoiceReopened: _choice_reopened,
    e.StepChanged: _step_changed,
    e.AgreementProposed: _agreement_proposed,
    e.AgreementAnswered: _agreement_answered,
    e.AgreementHeld: _agreement_held,
    e.TableNamed: _table_named,
    e.SeatsRemoved: at_the_door.seats_removed,
    e.SeatAdmitted: at_the_door.seat_admitted,
    e.DoorSet: at_the_door.door_set,
    e.CalmSet: lambda room, entry: replace(room, calm=entry.calm is True),
    e.TimePassed: lambda room, _: room,
    e.RoomClosed: lambda room, entry: _at_phase(room, Phase.CLOSED, room.round, entry.at),
}
