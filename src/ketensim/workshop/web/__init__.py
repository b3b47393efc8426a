"""The workshop's web side: one Starlette application with the pages of participants, facilitator and projector.

All pages are plain HTML with small script and style files of our own, the facilitator's too: a Solara session is lost
when the server stops, and nobody in the room may fall out then, the facilitator least of all. State goes down as one
snapshot per audience (an event stream, polling where that is blocked), actions come up by POST; a page draws what the
newest snapshot says, so that a reload, a sleeping phone or a restarted server all come right by themselves.
"""

from __future__ import annotations

import functools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from http import HTTPStatus
from typing import Final

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from ketensim.door.guard import Entrance, Guard, language_asked
from ketensim.texts import t
from ketensim.workshop.keep.rooms import Rooms
from ketensim.workshop.web import rendering
from ketensim.workshop.web.facilitator import control, documents
from ketensim.workshop.web.facilitator import page as start
from ketensim.workshop.web.input import BadRequest, NotHere, problem_sentence
from ketensim.workshop.web.join import page as join
from ketensim.workshop.web.phone import page as phone
from ketensim.workshop.web.projector import page as projector
from ketensim.workshop.web.settings import Limits, Settings
from ketensim.workshop.web.site import Site
from ketensim.workshop.web.viewer import followed

__all__ = ["Limits", "Settings", "application"]

GET: Final = ["GET"]
POST: Final = ["POST"]
LARGEST_BODY: Final = 16_384  # bytes of a form or an action
HEADERS: Final = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    "X-Robots-Tag": "noindex, nofollow",
    "Cache-Control": "no-store",
}


def application(rooms: Rooms, settings: Settings, secret: str) -> Starlette:
    """The pages of the workshop.

    Parameters
    ----------
    rooms : every room of this server
    settings : where it is served, and limits
    secret : the facilitator's key of this server

    Returns
    -------
    application that needs its lifespan; who mounts it enters ``app.state.site.running()`` instead
    """
    site = Site(rooms, settings, secret)

    @asynccontextmanager
    async def life(_: Starlette) -> AsyncIterator[None]:
        async with site.running():
            yield

    language = functools.partial(language_asked, otherwise=settings.language)
    entrance = Entrance(LARGEST_BODY, HEADERS, settings.names, language=language)
    app = Starlette(
        routes=addresses(),
        middleware=[Middleware(Guard, entrance=entrance)],
        exception_handlers={
            BadRequest: not_understood,
            NotHere: not_here,
            HTTPException: not_served,
            Exception: gone_wrong,
        },
        lifespan=life,
    )
    app.state.site = site
    return app


def addresses() -> list[Route]:
    """Every address: ``/m`` for phones, ``/room`` for who leads, ``/static`` for style and script."""
    return [
        Route("/", start.start_page, methods=GET),
        Route("/key", start.key_page, methods=GET),
        Route("/key", start.key_given, methods=POST),
        Route("/rooms", start.room_made, methods=POST),
        Route("/rooms", _to_start, methods=GET),
        Route("/handout", documents.ready_handout, methods=GET),
        Route("/guide", documents.guide, methods=GET),
        Route("/m", join.code_page, methods=GET),
        Route("/m", join.code_given, methods=POST),
        Route("/m/{code}", join.join_page, methods=GET),
        Route("/m/{code}", join.seat_taken, methods=POST),
        Route("/m/{code}/back", join.rejoin_page, methods=GET),
        Route("/m/{code}/back", join.seat_found, methods=POST),
        Route("/m/{code}/seat", phone.phone_page, methods=GET),
        *followed("/m/{code}", phone.phone_viewer, phone.phone_act),
        Route("/m/{code}/takeaway", documents.takeaway, methods=GET),
        Route("/room/{code}", control.control_page, methods=GET),
        Route("/room/{code}/key", start.key_given, methods=POST),
        *followed("/room/{code}", control.control_viewer, control.control_act),
        Route("/room/{code}/screen", projector.screen_page, methods=GET),
        *followed("/room/{code}/screen", projector.screen_viewer),
        Route("/room/{code}/qr.svg", documents.qr_code, methods=GET),
        Route("/room/{code}/handout", documents.room_handout, methods=GET),
        Route("/room/{code}/report", documents.client_report, methods=GET),
        Route("/room/{code}/decisions.csv", documents.decisions_file, methods=GET),
        Route("/room/{code}/outcomes.csv", documents.outcomes_file, methods=GET),
        Route("/room/{code}/agreements.csv", documents.agreements_file, methods=GET),
        Route("/room/{code}/tables.xlsx", documents.spreadsheet_file, methods=GET),
        Route("/room/{code}/{name}-nl.csv", documents.dutch_file, methods=GET),
        Route("/scherm", projector.newest_screen, methods=GET),
        Route("/screen", projector.newest_screen, methods=GET),
        Route("/static/{version}/{name}", rendering.static_file, methods=GET),
        Route("/favicon.ico", _icon, methods=GET),
        Route("/health", _health, methods=GET),
    ]


async def not_understood(request: Request, error: Exception) -> Response:
    """The answer to what no page of ours sends."""
    assert isinstance(error, BadRequest)
    said = problem_sentence(error, _language_of(request))
    if request.headers.get("content-type", "").startswith("application/json"):
        return JSONResponse({"problem": said}, error.status)
    return PlainTextResponse(said, error.status)


async def not_here(request: Request, _: Exception) -> Response:
    """The answer to who asks for what is not there, or not for everybody."""
    return _said(request, "not_here", 404)


async def not_served(request: Request, error: Exception) -> Response:
    """The answer to an address that is not there, or that takes no such thing."""
    assert isinstance(error, HTTPException)
    if error.status_code == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
        return _answer(request, error.detail, error.status_code)
    return _said(request, "not_here" if error.status_code in (404, 405) else "not_understood", error.status_code)


async def gone_wrong(request: Request, _: Exception) -> Response:
    """The answer when something is wrong on our side; what it was stands in the log of the server."""
    return _said(request, "gone_wrong", 500)


def _said(request: Request, problem: str, status: int) -> Response:
    return _answer(request, t(f"room.problem.{problem}", _language_of(request)), status)


def _answer(request: Request, title: str, status: int) -> Response:
    """A sentence as a page, or to a script."""
    if request.headers.get("content-type", "").startswith("application/json"):
        return JSONResponse({"problem": title}, status)
    return rendering.html_page(request, "message", _language_of(request), status=status, title=title)


def _language_of(request: Request) -> str:
    """The language of who is refused: not that of a room, which would tell a stranger that there is one."""
    return language_asked(request, request.app.state.site.settings.language)


async def _to_start(_: Request) -> Response:
    return RedirectResponse("/", 303)


async def _icon(_: Request) -> Response:
    return RedirectResponse(rendering.file_address("icon.svg"), 303)


async def _health(_: Request) -> Response:
    return PlainTextResponse("ok")
