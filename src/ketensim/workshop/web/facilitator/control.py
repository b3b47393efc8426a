"""The facilitator's page of a room and the projector's, and everything that the facilitator may do."""

from __future__ import annotations

import time
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ketensim.views.drawing.markup import element
from ketensim.workshop.game import log_entries
from ketensim.workshop.game.room import MESSAGE_LENGTH, NICKNAME_LENGTH, Room
from ketensim.workshop.game.rounds import Refused
from ketensim.workshop.web import debriefing, identity, stream
from ketensim.workshop.web.answers import (
    BadRequest,
    first,
    form_of,
    json_of,
    number_in,
    refused,
    see,
    steps_in,
    text_in,
    whole_in,
)
from ketensim.workshop.web.facilitator.control_snapshot import for_control
from ketensim.workshop.web.facilitator.page import door
from ketensim.workshop.web.join import passes
from ketensim.workshop.web.projector import slides
from ketensim.workshop.web.projector.screen_snapshot import for_screen
from ketensim.workshop.web.shell import language_of, noscript, page, words
from ketensim.workshop.web.site import Site, site_of
from ketensim.workshop.web.stream import CONTROL, SCREEN

GONE = 410
BUSY = 503
TEXTS = ("room.control", "room.shared", "room.script", "workshop.decision", "report.bar")
SCREEN_TEXTS = ("room.screen", "room.shared", "workshop.decision", "report.bar")


async def control_page(request: Request) -> Response:
    """The page from which a room is led; who cannot show the secret stands at the door."""
    site, code = site_of(request), _code(request)
    room, cookie = site.room(code), site.facilitates(request, code)
    if room is None or not cookie:
        return door(request, f"/room/{code}/key", language_of(request, site.settings.language))
    language = language_of(request, room.language)
    data = {
        "base": f"/room/{code}",
        "query": f"?lang={language}",
        "message_length": MESSAGE_LENGTH,
        "nickname_length": NICKNAME_LENGTH,
    }
    return page(
        words(language)("control.title", code=code), language,
        element("main", id="page"), element("p", id="said", class_="hidden", role="status", aria_live="polite"),
        noscript(language), styles=("control.css",), script="control.js", texts=TEXTS, data=data,
    )  # fmt: skip


async def room_key_given(request: Request) -> Response:
    """Somebody shows the secret of a room, or of the whole server."""
    site, code, form = site_of(request), _code(request), await form_of(request)
    language, from_where = language_of(request, site.settings.language), identity.address(request)
    wait = await site.guesses.seconds_to_wait(from_where)
    action = f"/room/{code}/key"
    if wait:
        return door(request, action, language, words(language)("problem.too_many", seconds=wait), 429)
    given = first(form, "key").strip()
    answer = see(f"/room/{code}")
    if identity.same(given, site.key):
        identity.set_cookie(request, answer, identity.KEY, given, path="/", days=identity.FACILITATOR_DAYS)
        return answer
    if site.room(code) is None or not site.rooms.is_facilitator(code, given):
        site.guesses.wrong(from_where)
        return door(request, action, language, words(language)("key.wrong"), 403)
    path = f"/room/{code}"
    identity.set_cookie(request, answer, identity.FACILITATOR, given, path=path, days=identity.FACILITATOR_DAYS)
    return answer


async def screen_page(request: Request) -> Response:
    """The projector's page."""
    site, code = site_of(request), _code(request)
    room = site.room(code)
    if room is None or not site.facilitates(request, code):
        return door(request, f"/room/{code}/key", language_of(request, site.settings.language))
    language = language_of(request, room.language)
    return page(
        words(language)("screen.title", code=code), language, element("main", id="page"), noscript(language),
        styles=("screen.css",), script="screen.js", texts=SCREEN_TEXTS, bright=True,
        data={"base": f"/room/{code}/screen", "qr": f"/room/{code}/qr.svg", "query": f"?lang={language}"},
    )  # fmt: skip


async def only_screen(request: Request) -> Response:
    """``/scherm``: the projector of the newest room that this browser may lead."""
    site = site_of(request)
    rooms = [room for room in map(site.room, site.rooms.codes()) if room and site.facilitates(request, room.code)]
    if not rooms:
        return see("/")
    return see(f"/room/{max(rooms, key=lambda room: room.created).code}/screen")


async def control_stream(request: Request) -> Response:
    """Snapshots for the facilitator."""
    return _stream(request, CONTROL)


async def screen_stream(request: Request) -> Response:
    """Snapshots for the projector."""
    return _stream(request, SCREEN)


async def control_state(request: Request) -> Response:
    """The facilitator's snapshot, asked for."""
    return _state(request, CONTROL)


async def screen_state(request: Request) -> Response:
    """The projector's snapshot, asked for."""
    return _state(request, SCREEN)


async def control_act(request: Request) -> Response:
    """Something that the facilitator does."""
    site, code = site_of(request), _code(request)
    room, cookie = site.room(code), site.facilitates(request, code)
    if room is None or not cookie:
        return JSONResponse({}, GONE)
    language = language_of(request, room.language)
    try:
        if not identity.token_fits(cookie, request.headers.get(identity.TOKEN_HEADER)):
            raise BadRequest("stale", 403)
        await _do(site, room, await json_of(request))
    except (Refused, BadRequest) as error:
        return refused(error, language)
    found = _snapshot(site, code, language, CONTROL, cookie)
    return JSONResponse({"snapshot": {"now": time.time()} | found} if found is not None else {"deleted": True})


async def _do(site: Site, room: Room, data: dict[str, Any]) -> None:
    if data.get("do") == "slide":
        wish = text_in(data, "slide")
        if wish not in slides.possible(site, room):
            raise BadRequest
        site.slides[room.code] = wish
        site.readers.wake(room.code, {CONTROL, SCREEN})
    elif data.get("do") == "replay":
        _replay(site, room, data)
    elif data.get("do") == "delete":
        if passes.plain_code(text_in(data, "code")) != room.code:
            raise BadRequest("other_code", 409)
        await site.delete(room.code)
    else:
        after = await site.act(room.code, _event(data))
        if data.get("do") == "on" and after.message:  # what was said in a phase is not true any more in the next
            await site.act(room.code, log_entries.Told(at=time.time(), message=""))


def _replay(site: Site, room: Room, data: dict[str, Any]) -> None:
    table, number, other = whole_in(data, "table"), whole_in(data, "round"), text_in(data, "other")
    organisation = text_in(data, "organisation")
    known = 0 <= table < room.plan.tables and 0 <= number < room.ran and other in debriefing.OTHERS
    if not known or (organisation and organisation not in room.start):
        raise BadRequest
    site.replays.begin(room, table, number, organisation, other)
    site.slides[room.code] = "what_if"  # the room sees it as soon as it is there
    site.readers.wake(room.code, {SCREEN})


def _event(data: dict[str, Any]) -> log_entries.Event:
    now = time.time()
    match data.get("do"):
        case "on":
            return log_entries.WentOn(at=now, phase=text_in(data, "phase"), round=whole_in(data, "round"))
        case "back":
            return log_entries.WentBack(at=now, phase=text_in(data, "phase"), round=whole_in(data, "round"))
        case "pause":
            return log_entries.Paused(at=now)
        case "resume":
            return log_entries.Resumed(at=now)
        case "extend":
            return log_entries.Extended(at=now, seconds=number_in(data, "seconds"))
        case "tell":
            return log_entries.Told(at=now, message=text_in(data, "message"))
        case "remove":
            return log_entries.Removed(at=now, seat=text_in(data, "seat"))
        case "rename":
            return log_entries.Named(at=now, seat=text_in(data, "seat"), nickname=text_in(data, "nickname"))
        case "move":
            seat, organisation = text_in(data, "seat"), text_in(data, "organisation")
            table, role = whole_in(data, "table"), text_in(data, "role")
            return log_entries.Moved(at=now, seat=seat, table=table, role=role, organisation=organisation)
        case "edit":
            table, organisation = whole_in(data, "table"), text_in(data, "organisation")
            return log_entries.Edited(at=now, table=table, organisation=organisation, steps=steps_in(data, "steps"))
        case "reopen":
            return log_entries.Reopened(
                at=now, table=whole_in(data, "table"), organisation=text_in(data, "organisation")
            )
        case "close":
            return log_entries.Closed(at=now)
    raise BadRequest


def _stream(request: Request, audience: str) -> Response:
    site, code = site_of(request), _code(request)
    room, cookie = site.room(code), site.facilitates(request, code)
    if room is None or not cookie:
        return Response(status_code=204)
    reader = site.readers.open(code, audience, identity.address(request))
    if reader is None:
        return Response("too many streams", BUSY, media_type="text/plain")
    site.see(code, audience)
    language = language_of(request, room.language)
    return stream.events(site.readers, code, reader, lambda: _snapshot(site, code, language, audience, cookie))


def _state(request: Request, audience: str) -> Response:
    site, code = site_of(request), _code(request)
    room, cookie = site.room(code), site.facilitates(request, code)
    if room is None or not cookie:
        return JSONResponse({}, GONE)
    site.see(code, audience)
    found = _snapshot(site, code, language_of(request, room.language), audience, cookie)
    return JSONResponse({"now": time.time()} | (found or {}))


def _snapshot(site: Site, code: str, language: str, audience: str, cookie: str) -> dict[str, Any] | None:
    room = site.room(code)
    if room is None:
        return None
    if audience == SCREEN:
        return for_screen(site, room, language)
    return for_control(site, room, language, identity.token_of(cookie))


def _code(request: Request) -> str:
    return passes.plain_code(request.path_params["code"])
