"""Claims about the guard: what it refuses, of http and of websockets, and what every answer carries."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.types import Message
from starlette.websockets import WebSocket
from tests.conftest import awaited

from ketensim.door.guard import CLOSED_AS_REFUSED, HEADERS, HEARSAY, Entrance, Guard
from ketensim.texts import languages, t

MOST = 1_000
OURS = "http://ketensim.example"
POLICY = {"Content-Security-Policy": "default-src 'none'", "Cache-Control": "no-store"}


async def _echo(request: Request) -> PlainTextResponse:
    return PlainTextResponse(str(len(await request.body())))


async def _kept(_: Request) -> PlainTextResponse:
    return PlainTextResponse("style", headers={"Cache-Control": "max-age=9"})


async def _headers(request: Request) -> JSONResponse:
    return JSONResponse(dict(request.headers))


async def _socket(websocket: WebSocket) -> None:
    await websocket.accept()
    await websocket.send_text("in")


ENTRANCE = Entrance(MOST, POLICY, names=("ketensim.example",), shut=("/shut",))
APP = Starlette(
    routes=[
        Route("/", _echo, methods=["GET", "POST", "DELETE"]),
        Route("/kept", _kept),
        Route("/headers", _headers),
        Route("/shut", _kept),
        WebSocketRoute("/ws", _socket),
    ],
    middleware=[Middleware(Guard, entrance=ENTRANCE)],
)


def ask(path: str = "/", method: str = "GET", base: str = OURS, **more: Any) -> httpx.Response:
    """What a server with the guard answers."""

    async def asked() -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(APP), base_url=base) as client:
            return await client.request(method, path, **more)

    return awaited(asked())


def handshake(headers: dict[str, str], *, answers: bool = True) -> list[Message]:
    """What a browser that opens a websocket is sent; ``answers``: the server can answer a handshake."""
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "websocket.connect"}

    async def send(message: Message) -> None:
        sent.append(message)

    named = [(name.encode(), value.encode()) for name, value in ({"host": "ketensim.example"} | headers).items()]
    scope = {"type": "websocket", "path": "/ws", "scheme": "ws", "query_string": b"", "headers": named}
    scope["extensions"] = {"websocket.http.response": {}} if answers else {}
    awaited(APP(scope, receive, send))
    return sent


# --- names ---
@pytest.mark.parametrize(
    "host",
    [
        "ketensim.example",
        "ketensim.example:8765",
        "KETENSIM.example",
        "localhost:1",
        "127.0.0.1",
        "[::1]:8765",
        "192.168.1.20:8765",
    ],
)
def test_a_name_of_ours_and_any_bare_address_are_let_in(host: str):
    assert ask("/", headers={"host": host}).status_code == 200


@pytest.mark.parametrize(
    "host",
    ["evil.example", "ketensim.example.evil.example", "localhost.evil.example", "", "[::1", "127.0.0.1.evil.example"],
)
@pytest.mark.parametrize("own", [{}, {"origin": "http://evil.example"}])
def test_a_foreign_name_is_refused_whatever_it_says_of_its_origin(host: str, own: dict[str, str]):
    assert ask("/", headers={"host": host, **own}).status_code == 421


# --- where a request comes from ---
@pytest.mark.parametrize("method", ["POST", "DELETE"])
@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"origin": "null"},
        {"origin": "http://evil.example"},
        {"origin": "https://ketensim.example"},
        {"origin": f"{OURS}:81"},
        {"origin": f"{OURS}.evil.example"},
        {"origin": OURS, "sec-fetch-site": "cross-site"},
        {"origin": OURS, "sec-fetch-site": "same-site"},
        {"origin": OURS, "sec-fetch-site": "anything"},
        {"sec-fetch-site": "same-origin"},
    ],
)
def test_a_page_elsewhere_changes_nothing(method: str, headers: dict[str, str]):
    assert ask("/", method, headers=headers).status_code == 403


@pytest.mark.parametrize("site", [{}, {"sec-fetch-site": "same-origin"}, {"sec-fetch-site": "none"}])
def test_a_page_of_ours_may_change_something(site: dict[str, str]):
    assert ask("/", "POST", content=b"four", headers={"origin": OURS, **site}).text == "4"


@pytest.mark.parametrize("site", ["cross-site", "same-site", "same-origin", "none"])
def test_anybody_may_follow_a_link_to_us(site: str):
    headers = {"sec-fetch-site": site, "sec-fetch-mode": "navigate", "sec-fetch-dest": "document"}
    assert ask("/", headers=headers).status_code == 200


@pytest.mark.parametrize("destination", ["image", "script", "iframe", "empty"])
def test_a_page_elsewhere_lets_no_browser_work_for_it(destination: str):
    foreign = {"sec-fetch-site": "cross-site", "sec-fetch-dest": destination}
    assert ask("/", headers=foreign).status_code == 403
    assert ask("/", headers=foreign | {"sec-fetch-site": "same-origin"}).status_code == 200


@pytest.mark.parametrize(("destination", "status"), [("iframe", 200), ("image", 403), ("script", 403), ("empty", 403)])
def test_where_somebody_may_frame_us_a_page_elsewhere_gets_a_frame_and_nothing_else(destination: str, status: int):
    framed = Guard(
        Starlette(routes=[Route("/", _echo)]), Entrance(MOST, POLICY, framed_by=("https://intranet.example",))
    )

    async def asked() -> httpx.Response:
        headers = {"host": "localhost", "sec-fetch-site": "cross-site", "sec-fetch-dest": destination}
        async with httpx.AsyncClient(transport=httpx.ASGITransport(framed), base_url=OURS) as client:
            return await client.get("/", headers=headers)

    answer = awaited(asked())
    assert answer.status_code == status
    assert "X-Frame-Options" not in answer.headers


def test_reading_with_a_foreign_origin_is_refused_and_with_ours_it_is_not():
    assert ask("/", headers={"origin": "http://evil.example"}).status_code == 403
    assert ask("/", headers={"origin": OURS}).status_code == 200


def test_behind_a_proxy_with_tls_the_origin_is_the_one_in_the_bar():
    secure = "https://ketensim.example"
    assert ask("/", "POST", secure, headers={"origin": secure}).status_code == 200
    assert ask("/", "POST", secure, headers={"origin": OURS}).status_code == 403


def test_what_others_say_of_themselves_is_not_passed_on():
    hearsay = {name.decode(): "evil" for name in HEARSAY}
    assert ask("/headers", headers=hearsay | {"x-mine": "kept"}).json()["x-mine"] == "kept"
    assert not set(hearsay) & set(ask("/headers", headers=hearsay).json())


# --- websockets ---
def test_a_page_of_ours_opens_a_websocket():
    assert [message["type"] for message in handshake({"origin": OURS})] == ["websocket.accept", "websocket.send"]


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 403),
        ({"origin": "http://evil.example"}, 403),
        ({"origin": "http://evil.example", "host": "evil.example"}, 421),
    ],
)
def test_nobody_else_opens_a_websocket(headers: dict[str, str], status: int):
    first, *_ = handshake(headers)
    assert first["type"] == "websocket.http.response.start" and first["status"] == status
    assert (b"x-frame-options", b"DENY") in first["headers"]
    assert handshake(headers, answers=False) == [{"type": "websocket.close", "code": CLOSED_AS_REFUSED}]


# --- sizes and paths ---
def test_a_body_that_is_too_large_is_refused_whether_it_says_so_or_not():
    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(11):
            yield b"x" * 100

    from_us = {"origin": OURS}
    assert ask("/", "POST", content=b"x" * MOST, headers=from_us).text == str(MOST)
    assert ask("/", "POST", content=b"x" * (MOST + 1), headers=from_us).status_code == 413
    assert ask("/", "POST", content=pieces(), headers=from_us).status_code == 413
    assert ask("/", "POST", headers={**from_us, "content-length": "-1"}).status_code == 413


@pytest.mark.parametrize("path", ["/shut", "/shut/", "/shut/below", "/shut?question"])
def test_what_is_shut_is_not_there(path: str):
    assert ask(path).status_code == 404


def test_who_hangs_up_halfway_causes_no_error():
    async def receive() -> Message:
        return {"type": "http.disconnect"}

    async def send(message: Message) -> None:
        raise AssertionError(message)

    headers = [(b"host", b"localhost"), (b"origin", b"http://localhost"), (b"content-length", b"9")]
    scope = {"type": "http", "method": "POST", "path": "/", "scheme": "http", "query_string": b"", "headers": headers}
    awaited(APP(scope, receive, send))


# --- words ---
@pytest.mark.parametrize(
    ("asks", "speaks"),
    [({}, "nl"), ({"accept-language": "de,en-GB;q=0.8"}, "en"), ({"accept-language": "nl-NL"}, "nl")],
)
def test_every_refusal_is_in_the_language_of_who_is_refused_and_says_what_is_allowed(asks: dict[str, str], speaks: str):
    def refused(key: str, **facts: object) -> str:
        return t(f"door.{key}", speaks, **facts)

    async def pieces() -> AsyncIterator[bytes]:
        for _ in range(11):
            yield b"x" * 100

    assert ask(headers={"host": "evil.example", **asks}).text == refused("unknown_host", given="evil.example")
    assert ask("/shut", headers=asks).text == refused("not_found")
    assert ask("/", "POST", headers=asks).text == refused("foreign")
    too_large = refused("too_large", most=1)
    assert ask("/", "POST", content=b"x" * (MOST + 1), headers={"origin": OURS, **asks}).text == too_large
    assert ask("/", "POST", content=pieces(), headers={"origin": OURS, **asks}).text == too_large
    script = ask("/", "POST", json={}, headers=asks)
    assert script.json() == {"problem": refused("foreign")}, "a script shows it to who tapped"
    other = next(language for language in languages() if language != speaks)
    assert ask(f"/shut?lang={other}", headers=asks).text == t("door.not_found", other), "the link counts first"


# --- headers ---
@pytest.mark.parametrize(
    ("path", "host"), [("/", "localhost"), ("/nowhere", "localhost"), ("/shut", "localhost"), ("/", "evil.example")]
)
def test_every_answer_has_the_headers_also_a_refusal(path: str, host: str):
    answer = ask(path, headers={"host": host})
    for name, value in (HEADERS | POLICY).items():
        assert answer.headers[name] == value


def test_what_a_page_says_itself_counts():
    assert ask("/kept").headers["cache-control"] == "max-age=9"
