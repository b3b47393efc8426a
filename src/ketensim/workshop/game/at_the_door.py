"""Who comes in, who waits at the door, who is taken out. Pure."""

from __future__ import annotations

from dataclasses import replace
from typing import Final

from ketensim.workshop.game import log_entries as e
from ketensim.workshop.game.room import NICKNAME_LENGTH, Door, Refused, Role, Room, Seat, short_text
from ketensim.workshop.game.seating import place_for, waiting_seats

MOST_WAITING: Final = 60  # people at the door


def came_in(room: Room, entry: e.SeatTaken) -> Room:
    """Somebody comes in, or waits until the facilitator says so."""
    if entry.seat in room.seats or any(seat.token_hash == entry.token_hash for seat in room.seats.values()):
        raise Refused("already_here")
    if room.door == Door.CLOSED:
        raise Refused("door_closed")
    nickname = short_text(entry.nickname, NICKNAME_LENGTH, "nickname")
    wish = (entry.table, entry.role, entry.organisation)
    seat = Seat(entry.seat, entry.token_hash, nickname, *place_for(room, *wish), active=True)
    if room.door == Door.ASK:
        if len(waiting_seats(room)) >= MOST_WAITING:
            raise Refused("door_closed")
        seat = replace(seat, table=0, role=Role.OBSERVER, organisation="", active=False, waiting=True, wish=wish)
    return with_seat(room, seat)


def seat_admitted(room: Room, entry: e.SeatAdmitted) -> Room:
    """Who waited gets the place that was wished for, or another one when that has been taken."""
    seat = room.seats.get(entry.seat)
    if seat is None or not seat.waiting:
        raise Refused("no_such_seat")
    try:
        table, role, organisation = place_for(room, *seat.wish)
    except Refused:
        table, role, organisation = place_for(room, None, None, None)
    there = replace(seat, table=table, role=role, organisation=organisation, active=True, waiting=False)
    return with_seat(room, there)


def seat_removed(room: Room, entry: e.SeatRemoved) -> Room:
    """The facilitator takes somebody out of the room, or away from the door."""
    seat = room.seats.get(entry.seat)
    if seat is None or not (seat.active or seat.waiting):
        raise Refused("no_such_seat")
    return _without(room, seat)


def seats_removed(room: Room, entry: e.SeatsRemoved) -> Room:
    """The same with several; who has gone already does not matter."""
    for name in entry.seats:
        seat = room.seats.get(name)
        if seat is not None and (seat.active or seat.waiting):
            room = _without(room, seat)
    return room


def door_set(room: Room, entry: e.DoorSet) -> Room:
    """The door is opened, asked at, or closed."""
    if entry.door not in tuple(Door):
        raise Refused("out_of_range")
    return replace(room, door=Door(entry.door))


def with_seat(room: Room, seat: Seat) -> Room:
    """The room with a seat as it is now."""
    return replace(room, seats={**room.seats, seat.id: seat})


def _without(room: Room, seat: Seat) -> Room:
    """The room without a seat; what it wanted its team to be ready for, nobody wants any more."""
    choices = {
        turn: replace(choice, wanted_by="") if choice.wanted_by == seat.id else choice
        for turn, choice in room.choices.items()
    }
    return with_seat(replace(room, choices=choices), replace(seat, active=False, waiting=False))
