"""A page that follows its room: snapshots come down in an event stream or when asked for, actions go up by POST."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from ketensim.workshop.game.room import Refused, Room
from ketensim.workshop.web.clock import now
from ketensim.workshop.web.identity import client_address
from ketensim.workshop.web.input import BadRequest, json_of, refused
from ketensim.workshop.web.rendering import page_language
from ketensim.workshop.web.site import Site, room_code, site_of
from ketensim.workshop.web.stream import Facts, Snapshot, event_stream


@dataclass(frozen=True)
class Viewer:
    """A browser that may follow a room.

    Attributes
    ----------
    code : of the room
    name : under which it reads along: the id of a seat, ``stream.CONTROL`` or ``stream.SCREEN``
    language : in which it is answered
    snapshot : what it shows now; None when the room or the seat is gone
    """

    code: str
    name: str
    language: str
    snapshot: Snapshot


def viewer_of_leader(request: Request, name: str, facts: Callable[[Site, Room, str], Facts]) -> Viewer | None:
    """The browser of who leads a room; None for who does not.

    Parameters
    ----------
    name : ``stream.CONTROL`` or ``stream.SCREEN``
    facts : what its page shows of a room in a language
    """
    site, code = site_of(request), room_code(request)
    room = site.room(code)
    if room is None or not site.facilitates(request, code):
        return None
    language = page_language(request, room.language)

    def snapshot() -> Facts | None:
        now = site.room(code)
        return None if now is None else facts(site, now, language)

    return Viewer(code, name, language, snapshot)


Find = Callable[[Request], Viewer | None]
Act = Callable[[Site, Viewer, dict[str, Any]], Awaitable[None]]


def followed(path: str, find: Find, act: Act | None = None) -> list[Route]:
    """The addresses by which a page follows its room.

    Parameters
    ----------
    path : of the page's room, e.g. ``/m/{code}``
    find : who is asking; None = nobody who may follow it
    act : does what was sent, or raises Refused or BadRequest; silent = nothing can be sent
    """

    async def stream(request: Request) -> Response:
        site, viewer = site_of(request), find(request)
        if viewer is None:
            return Response(status_code=HTTPStatus.NO_CONTENT)  # an EventSource stops; the page then asks for the state
        reader = site.readers.open(viewer.code, viewer.name, client_address(request))
        if reader is None:
            return Response("too many streams", HTTPStatus.SERVICE_UNAVAILABLE, media_type="text/plain")
        site.see(viewer.code, viewer.name)
        return event_stream(site.readers, viewer.code, reader, viewer.snapshot)

    async def state(request: Request) -> Response:
        site, viewer = site_of(request), find(request)
        if viewer is None:
            return JSONResponse({}, HTTPStatus.GONE)
        site.see(viewer.code, viewer.name)
        return JSONResponse(_dated(site, viewer.snapshot() or {}))

    async def action(request: Request) -> Response:
        site, viewer = site_of(request), find(request)
        if viewer is None:
            return JSONResponse({}, HTTPStatus.GONE)
        try:
            site.slow_down(viewer.code, viewer.name)
            assert act is not None
            data = await json_of(request)
            async with site.sent_by(viewer.code, viewer.name).once(data) as is_new:
                if is_new:
                    await act(site, viewer, data)
        except (Refused, BadRequest) as error:
            return refused(error, viewer.language)
        snapshot = viewer.snapshot()
        return JSONResponse({"deleted": True} if snapshot is None else {"snapshot": _dated(site, snapshot)})

    routes = [Route(f"{path}/stream", stream, methods=["GET"]), Route(f"{path}/state", state, methods=["GET"])]
    return routes if act is None else [*routes, Route(f"{path}/act", action, methods=["POST"])]


def _dated(site: Site, facts: Facts) -> Facts:
    """A snapshot with its time and its place in the order of all snapshots: a page never goes back to an older one."""
    return {"now": now()} | site.readers.stamp() | facts
