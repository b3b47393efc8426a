"""The participant's page: one page whose script draws what the newest snapshot says, and what it may send."""

from __future__ import annotations

import time
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from ketensim.views.drawing.markup import element
from ketensim.workshop.game import log_entries, rounds
from ketensim.workshop.game.room import NICKNAME_LENGTH, Phase, Role, Room, Seat
from ketensim.workshop.game.rounds import Refused
from ketensim.workshop.web import identity, stream
from ketensim.workshop.web.answers import BadRequest, json_of, number_in, refused, see, steps_in, text_in, whole_in
from ketensim.workshop.web.join import passes
from ketensim.workshop.web.phone import phone_snapshot
from ketensim.workshop.web.shell import language_of, noscript, page
from ketensim.workshop.web.site import Site, site_of

GONE = 410
BUSY = 503
TEXTS = ("room.phone", "room.shared", "workshop.decision", "report.bar")


async def phone_page(request: Request) -> Response:
    """The page of a seat; who has none is asked whether to join."""
    site = site_of(request)
    code = passes.plain_code(request.path_params["code"])
    room = site.room(code)
    seat = site.seat(request, room) if room is not None else None
    if room is None or seat is None:
        return see(f"/m/{code}")
    language = language_of(request, room.language)
    return page(
        room.plan.title.in_language(language),
        language,
        element("main", id="page"),
        element("p", id="said", class_="hidden", role="status", aria_live="polite"),
        noscript(language),
        styles=("phone.css",),
        script="phone.js",
        texts=TEXTS,
        data={"base": f"/m/{room.code}", "query": f"?lang={language}", "nickname_length": NICKNAME_LENGTH},
    )


async def phone_stream(request: Request) -> Response:
    """Snapshots, as they come."""
    found = _who(request)
    if found is None:
        return Response(status_code=204)  # tells an EventSource to stop; the page then asks for the state
    site, room, seat = found
    reader = site.readers.open(room.code, seat.id, identity.address(request))
    if reader is None:
        return Response("too many streams", BUSY, media_type="text/plain")
    site.see(room.code, seat.id)
    language = language_of(request, room.language)
    return stream.events(site.readers, room.code, reader, lambda: _snapshot(site, room.code, seat.id, language))


async def phone_state(request: Request) -> Response:
    """The same snapshot, asked for."""
    found = _who(request)
    if found is None:
        return JSONResponse({}, GONE)
    site, room, seat = found
    site.see(room.code, seat.id)
    language = language_of(request, room.language)
    return JSONResponse({"now": time.time()} | phone_snapshot.for_phone(site, room, seat, language))


async def phone_act(request: Request) -> Response:
    """Something that a participant does; what is not for this seat, this round or this moment is refused."""
    found = _who(request)
    if found is None:
        return JSONResponse({}, GONE)
    site, room, seat = found
    language = language_of(request, room.language)
    try:
        if not identity.token_fits(passes.pass_of(room, seat), request.headers.get(identity.TOKEN_HEADER)):
            raise BadRequest("stale", 403)
        bucket = site.actions.of(f"{room.code} {seat.id}")
        if bucket.full:
            raise BadRequest("too_many", 429, seconds=bucket.wait)
        bucket.add()
        event = _event(room, seat, await json_of(request))
        if event is not None:
            room = await site.act(room.code, event)
    except (Refused, BadRequest) as error:
        return refused(error, language)
    seat = room.seats[seat.id]
    return JSONResponse({"snapshot": {"now": time.time()} | phone_snapshot.for_phone(site, room, seat, language)})


def _event(room: Room, seat: Seat, data: dict[str, Any]) -> log_entries.Event | None:
    """What was sent, as an event of this very seat; None when it has happened already (a repeated sending)."""
    now = time.time()
    match data.get("do"):
        case "name":
            return log_entries.Named(at=now, seat=seat.id, nickname=text_in(data, "nickname"))
        case "predict":
            _this_round(room, data, Phase.PREDICT)
            return log_entries.Predicted(at=now, seat=seat.id, share=number_in(data, "share"))
        case "choose":
            _this_round(room, data, Phase.DECIDE)
            steps, final = steps_in(data, "steps"), data.get("final") is True
            if final and seat.role is Role.TEAM and _is_final_already(room, seat, steps):
                return None
            return log_entries.Chose(at=now, seat=seat.id, steps=steps, final=final)
    raise BadRequest


def _is_final_already(room: Room, seat: Seat, steps: dict[str, int]) -> bool:
    own = rounds.choice_of(room, seat.team)
    return own.final and {**own.steps, **steps} == dict(own.steps)


def _this_round(room: Room, data: dict[str, Any], phase: Phase) -> None:
    """Refuse what a sleeping phone sends for a round that is over."""
    if whole_in(data, "round") != room.round or room.phase is not phase:
        raise BadRequest("other_round", 409)


def _who(request: Request) -> tuple[Site, Room, Seat] | None:
    site = site_of(request)
    room = site.room(passes.plain_code(request.path_params["code"]))
    seat = site.seat(request, room) if room is not None else None
    return None if room is None or seat is None else (site, room, seat)


def _snapshot(site: Site, code: str, seat_id: str, language: str) -> dict[str, Any] | None:
    room = site.room(code)
    seat = room.seats.get(seat_id) if room is not None else None
    if room is None or seat is None or not seat.active:
        return None
    return phone_snapshot.for_phone(site, room, seat, language)
