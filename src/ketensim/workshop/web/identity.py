"""Who is asking: cookies of a facilitator, of a seat and of a visitor, and the token that proves a page is ours."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

KEY: Final = "ketensim_key"  # of the whole server
FACILITATOR: Final = "ketensim_facilitator"  # of one room
SEAT: Final = "ketensim_seat"
VISITOR: Final = "ketensim_visitor"
TOKEN_HEADER: Final = "x-ketensim-token"
TOKEN_FIELD: Final = "token"
LONGEST_COOKIE: Final = 200  # characters; ours are shorter
DAY: Final = 86_400  # seconds
SEAT_DAYS: Final = 30
FACILITATOR_DAYS: Final = 30


def cookie(request: Request, name: str) -> str:
    """The value of a cookie, empty when it is missing or longer than any of ours."""
    value = request.cookies.get(name, "")
    return value if len(value) <= LONGEST_COOKIE else ""


def token_of(value: str) -> str:
    """The token that belongs to a cookie.

    It follows from the cookie in one direction only, so a page that shows the token does not give the cookie away, and
    it is the same after a restart of the server. A page elsewhere knows neither.
    """
    return hashlib.sha256(f"ketensim page of {value}".encode()).hexdigest()[:32]


def token_fits(value: str, token: object) -> bool:
    """Whether a token belongs to a cookie."""
    return bool(value) and isinstance(token, str) and same(token_of(value), token)


def same(one: str, other: str) -> bool:
    """Whether two texts are equal, in a time that does not tell where they differ."""
    return hmac.compare_digest(one.encode(), other.encode("utf-8", "surrogatepass"))


def new_visitor() -> str:
    """A name for a browser that has no seat yet; nothing is kept of it."""
    return secrets.token_urlsafe(18)


def set_cookie(request: Request, response: Response, name: str, value: str, *, path: str, days: int | None) -> None:
    """Give the browser a cookie that scripts cannot read; only over TLS when that is how the page was asked for.

    The seat's cookie goes along when a link in a message is followed (Lax), so that a participant who opens the
    invitation once more sits in the same seat; the facilitator's only from pages of ours (Strict).
    """
    response.set_cookie(
        name,
        value,
        max_age=None if days is None else days * DAY,
        path=path,
        secure=request.url.scheme == "https",
        httponly=True,
        samesite="strict" if name in (KEY, FACILITATOR) else "lax",
    )


def address(request: Request) -> str:
    """The address that a request comes from; behind a trusted proxy uvicorn has already put the right one here."""
    return request.client.host if request.client is not None else ""
