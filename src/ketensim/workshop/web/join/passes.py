"""What proves that a browser has a seat: a pass for its cookie, and a short code to carry it to another device.

Both follow from two random values that the room keeps and no page ever shows, so nothing more has to be stored for
them, a restart changes nothing, and the pass of one room says nothing about another.
"""

from __future__ import annotations

import hashlib
import hmac
from typing import Final

from ketensim.workshop.game.room import ALPHABET, Room, Seat
from ketensim.workshop.web.identity import same

REJOIN_LENGTH: Final = 5
LONGEST_TYPED: Final = 20  # characters of a code as somebody types it, with blanks and dashes


def pass_of(room: Room, seat: Seat) -> str:
    """The value of the cookie of a seat."""
    return f"{seat.id}.{_proof(room, seat, 'pass').hex()}"


def seat_of_pass(room: Room, value: str) -> Seat | None:
    """The seat that a cookie belongs to; None when it is of no seat, or of one that was taken out of the room."""
    seat = room.seats.get(value.partition(".")[0])
    if seat is None or not seat.active or not same(pass_of(room, seat), value):
        return None
    return seat


def rejoin_code(room: Room, seat: Seat) -> str:
    """The short code of a seat; only its own phone and the facilitator see it."""
    number = int.from_bytes(_proof(room, seat, "rejoin"))
    signs = []
    for _ in range(REJOIN_LENGTH):
        number, place = divmod(number, len(ALPHABET))
        signs.append(ALPHABET[place])
    return "".join(signs)


def seat_of_rejoin(room: Room, typed: str) -> Seat | None:
    """The seat with this short code; None when there is none."""
    wanted = plain_code(typed)
    found = None
    for seat in room.seats.values():  # looks at all of them, so that the time does not tell which
        if same(rejoin_code(room, seat), wanted) and seat.active:
            found = seat
    return found


def plain_code(typed: str) -> str:
    """A code as it is kept, from what somebody typed.

    Examples
    --------
    >>> plain_code(" k7q-2 ")
    'K7Q2'
    """
    return "".join(sign for sign in typed[:LONGEST_TYPED].upper() if sign.isalnum())


def _proof(room: Room, seat: Seat, purpose: str) -> bytes:
    said = f"{purpose} {room.code} {seat.id} {seat.token_hash}".encode()
    return hmac.new(room.secret_hash.encode(), said, hashlib.sha256).digest()
