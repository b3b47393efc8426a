"""What every request passes first and every answer gets last: name, path, size, origin, and the headers of a strict page.

**Why a form needs no token.** What a page elsewhere can do to us is let a visitor's browser send something, cookies
included. A browser says where a request comes from, and no script can change what it says: ``Origin`` stands in every
request that changes something and in every websocket handshake (all browsers since 2020), ``Sec-Fetch-Site`` in every
request over TLS or to this machine (all since 2023). A request that changes something must name us in the first and may
not contradict it in the second. Who sends no Origin is no browser, so has no visitor's cookies, and is refused as well.
The second alone would not do: over plain HTTP in a room it is not sent. A token in the page proves no more than that:
it, too, shows only that the page was ours.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from starlette.datastructures import Headers, MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, HTTPConnection
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from ketensim.door.addresses import known_host
from ketensim.texts import LANGUAGES, language_wished, t

HEADERS: Final = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",  # with no-referrer a browser would send "Origin: null" from our own forms
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
HEARSAY: Final = (  # uvicorn has heard whom it may believe; nobody behind the guard should believe the others
    b"forwarded", b"x-forwarded-for", b"x-forwarded-host", b"x-forwarded-port", b"x-forwarded-prefix",
    b"x-forwarded-proto", b"x-script-name", b"script-name",
)  # fmt: skip
READING: Final = ("GET", "HEAD")
SCHEME_OF_PAGE: Final = {"ws": "http", "wss": "https"}  # a websocket comes from a page with this scheme
CLOSED_AS_REFUSED: Final = 4403
LONGEST_NAME: Final = 80  # characters of a foreign name that are said back
KILOBYTE: Final = 1_000


def language_asked(asked: HTTPConnection, otherwise: str = LANGUAGES[0]) -> str:
    """The language that an address asks for with ``?lang=``, else the one that the browser asks for, else the other one."""
    wish = asked.query_params.get("lang", "")
    return wish if wish in LANGUAGES else language_wished(asked.headers.get("accept-language", ""), otherwise)


@dataclass(frozen=True)
class Entrance:
    """What one server lets in, and what it sends along with every answer.

    Attributes
    ----------
    largest_body : bytes of a request
    headers : of every answer, beside those that all our pages have
    names : of this server beside its addresses and ``localhost``, e.g. ``workshop.example.nl``
    shut : paths under which nothing is served
    language : in which a request is refused
    framed_by : origins whose pages may show ours in a frame, e.g. ``https://intranet.example.nl``; none = nobody
    """

    largest_body: int
    headers: Mapping[str, str] = field(default_factory=dict)
    names: tuple[str, ...] = ()
    shut: tuple[str, ...] = ()
    language: Callable[[HTTPConnection], str] = language_asked
    framed_by: tuple[str, ...] = ()


class Guard:
    """ASGI middleware that refuses, or passes on without hearsay, with a counted body and with headers on the answer.

    Parameters
    ----------
    app : what stands behind it
    entrance : what may pass
    """

    def __init__(self, app: ASGIApp, entrance: Entrance) -> None:
        self.app = app
        self.entrance = entrance
        self._headers = {**HEADERS, **entrance.headers}
        if entrance.framed_by:  # the older header cannot name anybody; the policy of the pages does
            del self._headers["X-Frame-Options"]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request or one handshake."""
        if scope["type"] not in ("http", "websocket"):
            await self.app(scope, receive, send)
            return

        async def answer(message: Message) -> None:
            if message["type"].endswith("http.response.start"):
                headers = MutableHeaders(scope=message)
                for name, value in self._headers.items():
                    headers.setdefault(name, value)
            await send(message)

        refusal = self._refusal(scope)
        if refusal is not None:
            await _refuse(refusal, scope, receive, answer)
            return
        scope = {**scope, "headers": [pair for pair in scope["headers"] if pair[0] not in HEARSAY]}
        try:
            await self.app(scope, self._counted(scope, receive), answer)
        except ClientDisconnect:  # who hangs up in the middle of a body is no reason for a traceback
            return

    def _refusal(self, scope: Scope) -> Response | None:
        headers = Headers(scope=scope)
        length = headers.get("content-length", "0")
        if not known_host(headers.get("host", ""), self.entrance.names):
            return self._said(scope, 421, "unknown_host", given=headers.get("host", "")[:LONGEST_NAME])
        if self.entrance.shut and scope["path"].startswith(self.entrance.shut):
            return self._said(scope, 404, "not_found")
        if not length.isdecimal() or int(length) > self.entrance.largest_body:
            return self._said(scope, 413, "too_large", most=self.entrance.largest_body // KILOBYTE)
        if not comes_from_us(scope, headers, framed=bool(self.entrance.framed_by)):
            return self._said(scope, 403, "foreign")
        return None

    def _said(self, scope: Scope, status: int, key: str, **facts: object) -> Response:
        """A refusal in words, for who reads them and for a script that shows them."""
        asked = HTTPConnection(scope)
        words = t(f"door.{key}", self.entrance.language(asked), **facts)
        if asked.headers.get("content-type", "").startswith("application/json"):
            return JSONResponse({"problem": words}, status)
        return PlainTextResponse(words, status)

    def _counted(self, scope: Scope, receive: Receive) -> Receive:
        """The same body, but an end to it when it turns out longer than it may be."""
        length = 0

        async def next_part() -> Message:
            nonlocal length
            message = await receive()
            if message["type"] == "http.request":
                length += len(message.get("body", b""))
                if length > self.entrance.largest_body:
                    language, most = (
                        self.entrance.language(HTTPConnection(scope)),
                        self.entrance.largest_body // KILOBYTE,
                    )
                    raise HTTPException(413, t("door.too_large", language, most=most))
            return message

        return next_part


def comes_from_us(scope: Scope, headers: Headers, *, framed: bool = False) -> bool:
    """Whether a request may come from where it comes from.

    Parameters
    ----------
    scope, headers : of the request
    framed : whether a page of somebody else may ask for one of ours in a frame; a browser shows it only where our policy
        names that page, and from inside the frame all else comes from us

    What changes something, and a websocket, comes from a page of this very server. Reading may be asked by anybody who
    follows a link, but not by a page elsewhere that lets a visitor's browser work for it (a picture, a frame).
    """
    scheme = SCHEME_OF_PAGE.get(scope["scheme"], scope["scheme"])
    origin = headers.get("origin")
    ours = origin is not None and origin.lower() == f"{scheme}://{headers['host']}".lower()
    if scope["type"] == "websocket":  # not every browser says Sec-Fetch-Site of a handshake, or says it right
        return ours
    local = headers.get("sec-fetch-site", "none") in ("same-origin", "none")
    if scope["method"] not in READING:
        return ours and local
    follows_link = headers.get("sec-fetch-dest") in ("document", *(("iframe",) if framed else ()))
    return (ours or origin is None) and (local or follows_link)


async def _refuse(refusal: Response, scope: Scope, receive: Receive, send: Send) -> None:
    """Say no, to a websocket too, where the server can give a handshake an answer."""
    if scope["type"] == "http" or "websocket.http.response" in scope.get("extensions", {}):
        await refusal(scope, receive, send)
    else:
        await receive()
        await send({"type": "websocket.close", "code": CLOSED_AS_REFUSED})
