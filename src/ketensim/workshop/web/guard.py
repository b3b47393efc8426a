"""What every request passes first and every answer gets last: host, origin, size, and the headers of a strict page.

A foreign name for this server is refused, because a page elsewhere could otherwise reach a laptop in the room under a
name of its own (DNS rebinding); a bare address cannot be taken over like that and is always let in.
"""

from __future__ import annotations

import ipaddress
from typing import Final
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ketensim.workshop.web.settings import LOCAL_NAMES, Settings

CONTENT: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
HEADERS: Final = {
    "Content-Security-Policy": CONTENT,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",  # with no-referrer a browser would send "Origin: null" from our own forms
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Robots-Tag": "noindex, nofollow",
}
READING: Final = ("GET", "HEAD")
TOO_LARGE: Final = 413


class TooLarge(Exception):  # noqa: N818  it is an answer, not an error
    """A body that is longer than allowed, found while it was being read."""


class Guard:
    """ASGI middleware around the pages of the workshop.

    Parameters
    ----------
    app : the pages
    settings : names under which they may be asked, and the largest body
    """

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self.app = app
        self.settings = settings

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse, or pass on with a counted body and headers on the answer."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        refusal = self._refusal(scope)
        started = False

        async def answer(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
                headers.setdefault("Cache-Control", "no-store")
            await send(message)

        if refusal is not None:
            await refusal(scope, receive, answer)
            return
        try:
            await self.app(scope, counted(receive, self.settings.limits.body), answer)
        except TooLarge:
            if started:
                raise
            await PlainTextResponse("too large", TOO_LARGE)(scope, receive, answer)

    def _refusal(self, scope: Scope) -> PlainTextResponse | None:
        headers = Headers(scope=scope)
        host = headers.get("host", "")
        if not known_host(host, self.settings.names):
            return PlainTextResponse("unknown host", 421)
        if scope["method"] in READING:
            return None
        if not same_origin(headers, scope["scheme"], host):
            return PlainTextResponse("foreign origin", 403)
        length = headers.get("content-length", "0")
        if not length.isdigit() or int(length) > self.settings.limits.body:
            return PlainTextResponse("too large", TOO_LARGE)
        return None


def known_host(host: str, names: tuple[str, ...]) -> bool:
    """Whether a Host header names this server: a bare address, this machine, or one of its names.

    Examples
    --------
    >>> known_host("192.168.1.20:8765", ()), known_host("evil.example", ()), known_host("localhost:1", ())
    (True, False, True)
    """
    try:
        name = urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return False
    if name in names or name in {local.strip("[]") for local in LOCAL_NAMES}:
        return True
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def same_origin(headers: Headers, scheme: str, host: str) -> bool:
    """Whether a request that changes something comes from a page of this very server.

    Every browser of the last years sends Origin with a POST; who sends none is no browser and has no page of ours.
    """
    return headers.get("origin", "").lower() == f"{scheme}://{host}".lower()


def counted(receive: Receive, most: int) -> Receive:
    """The same body, but an end to it when it turns out longer than it may be."""
    seen = 0

    async def next_part() -> Message:
        nonlocal seen
        message = await receive()
        if message["type"] == "http.request":
            seen += len(message.get("body", b""))
            if seen > most:
                raise TooLarge
        return message

    return next_part
