"""Who sits where: teams first, then those who advise one, then those who watch. Pure.

Nobody is turned away for coming late or being one too many. Without a wish the next to come gets the organisation that
has nobody yet, at the first table that has one, so that few people make one whole chain; then teams get a second phone,
a third, up to ``team_size``; then every organisation gets advisers in turn (or, without mirrors, everybody observes).
"""

from __future__ import annotations

from collections import Counter
from typing import Final

from ketensim.workshop.game.room import Refused, Role, Room, Seat, Team

MOST_SEATS: Final = 400


def teams(room: Room) -> tuple[Team, ...]:
    """Every organisation of every table."""
    return tuple(Team(table, name) for table in range(room.plan.tables) for name in room.start)


def waiting_seats(room: Room) -> tuple[Seat, ...]:
    """Who waits at the door."""
    return tuple(seat for seat in room.seats.values() if seat.waiting)


def active_seats(room: Room) -> tuple[Seat, ...]:
    """Everybody who is in: not removed, and not waiting at the door."""
    return tuple(seat for seat in room.seats.values() if seat.active)


def seats_of(room: Room, team: Team, role: Role = Role.TEAM) -> tuple[Seat, ...]:
    """Active seats that decide for a team, or advise it."""
    return tuple(seat for seat in active_seats(room) if seat.role == role and seat.team == team)


def place_for(room: Room, table: int | None, role: str | None, organisation: str | None) -> tuple[int, Role, str]:
    """Where somebody with these wishes sits: table, role, organisation.

    Parameters
    ----------
    table, role, organisation : wishes; None = whatever is next

    Raises
    ------
    Refused : no such table, role or organisation; a full team; a full room
    """
    if len(active_seats(room)) >= MOST_SEATS:
        raise Refused("room_full", allowed=MOST_SEATS)
    kind = _checked(room, table, role, organisation)
    if kind == Role.OBSERVER:
        return _emptiest_table(room) if table is None else table, Role.OBSERVER, ""
    fitting = [
        team for team in teams(room) if table in (None, team.table) and organisation in (None, "", team.organisation)
    ]
    if kind in (None, Role.TEAM):
        if (team := _next(room, fitting, Role.TEAM)) is not None:
            return team.table, Role.TEAM, team.organisation
        if kind == Role.TEAM:
            raise Refused("team_full", allowed=room.plan.team_size)
    if kind == Role.MIRROR or room.plan.mirrors or organisation:
        team = _next(room, fitting, Role.MIRROR)
        assert team is not None  # there is no end to advice
        return team.table, Role.MIRROR, team.organisation
    return _emptiest_table(room) if table is None else table, Role.OBSERVER, ""


def _checked(room: Room, table: int | None, role: str | None, organisation: str | None) -> Role | None:
    if table is not None and not (type(table) is int and 0 <= table < room.plan.tables):
        raise Refused("no_such_table", allowed=room.plan.tables)
    if organisation and not (isinstance(organisation, str) and organisation in room.start):
        raise Refused("no_such_organisation", allowed=tuple(room.start))
    if role is None:
        return None
    if role not in tuple(Role):
        raise Refused("no_such_role")
    return Role(role)


def _next(room: Room, fitting: list[Team], role: Role) -> Team | None:
    """The team with the fewest people in this role, at the first table that has one; None when all teams are full."""
    seats = [seat for seat in active_seats(room) if seat.role == role]
    of_team = Counter(seat.team for seat in seats)
    free = [team for team in fitting if role != Role.TEAM or of_team[team] < room.plan.team_size]
    return min(free, key=lambda team: (of_team[team], team.table), default=None)


def _emptiest_table(room: Room) -> int:
    number = Counter(seat.table for seat in active_seats(room))
    return min(range(room.plan.tables), key=lambda table: (number[table], table))
