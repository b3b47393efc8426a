"""Who is asking: the facilitator's and a participant's cookie, and the code that carries a seat to another device.

The cookie and the code of a seat follow from two random values that the room keeps and no page ever shows, so nothing
more has to be stored for them, a restart changes nothing, and the cookie of one room says nothing about another. That a
request comes from a page of ours at all is for the door to see (``door/guard.py``).
"""

from __future__ import annotations

import hashlib
import hmac
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from ketensim.door.addresses import counted_as
from ketensim.workshop.game.room import ALPHABET, Room, Seat

KEY: Final = "ketensim_key"  # of the whole server
FACILITATOR: Final = "ketensim_facilitator"  # of one room
SEAT: Final = "ketensim_seat"
LONGEST_COOKIE: Final = 200  # characters; ours are shorter
SECONDS_PER_DAY: Final = 86_400
COOKIE_DAYS: Final = 30
REJOIN_LENGTH: Final = 5
LONGEST_CODE: Final = 20  # characters of a code as somebody types it, with blanks and dashes


def cookie(request: Request, name: str) -> str:
    """The value of a cookie, empty when it is missing or longer than any of ours."""
    value = request.cookies.get(name, "")
    return value if len(value) <= LONGEST_COOKIE else ""


def set_cookie(request: Request, response: Response, name: str, value: str, path: str, days: int = COOKIE_DAYS) -> None:
    """Give the browser a cookie that scripts cannot read; only over TLS when that is how the page was asked for.

    The seat's cookie goes along when a link in a message is followed (Lax), so that a participant who opens the
    invitation once more sits in the same seat; the facilitator's only from pages of ours (Strict).
    """
    response.set_cookie(
        name,
        value,
        max_age=days * SECONDS_PER_DAY,
        path=path,
        secure=request.url.scheme == "https",
        httponly=True,
        samesite="lax" if name == SEAT else "strict",
    )


def same_text(one: str, other: str) -> bool:
    """Whether two texts are equal, in a time that does not tell where they differ."""
    return hmac.compare_digest(one.encode(), other.encode("utf-8", "surrogatepass"))


def client_address(request: Request) -> str:
    """What a request is counted under: the address it comes from; behind a trusted proxy uvicorn has already put the right
    one here.
    """
    return counted_as(request.client.host) if request.client is not None else ""


# --- a seat --------------------------------------------------------------------------------------------------------
def pass_of(room: Room, seat: Seat) -> str:
    """The value of the cookie of a seat."""
    return f"{seat.id}.{_proof(room, seat, 'pass').hex()}"


def seat_of_pass(room: Room, value: str) -> Seat | None:
    """The seat that a cookie belongs to; None when it is of no seat, or of one that was taken out of the room."""
    seat = room.seats.get(value.partition(".")[0])
    if seat is None or not (seat.active or seat.waiting) or not same_text(pass_of(room, seat), value):
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
    owner = None
    for seat in room.seats.values():  # looks at all of them, so that the time does not tell which
        if same_text(rejoin_code(room, seat), wanted) and seat.active:
            owner = seat
    return owner


def plain_code(typed: str) -> str:
    """A code as it is kept, from what somebody typed.

    Examples
    --------
    >>> plain_code(" k7q-2 ")
    'K7Q2'
    """
    return "".join(sign for sign in typed[:LONGEST_CODE].upper() if sign.isalnum())


def _proof(room: Room, seat: Seat, purpose: str) -> bytes:
    said = f"{purpose} {room.code} {seat.id} {seat.token_hash}".encode()
    return hmac.new(room.secret_hash.encode(), said, hashlib.sha256).digest()
