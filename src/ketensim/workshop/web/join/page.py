"""From a code to a seat: pages without a script, so that any browser can come in.

Opening a page changes nothing, because chat programs open every link for a preview; a seat is taken with a button.
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from http import HTTPStatus

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from ketensim.foundation.errors import InputError
from ketensim.texts import t
from ketensim.workshop.game.room import CODE_LENGTH, NICKNAME_LENGTH, Phase, Role, Room, Seat, Team
from ketensim.workshop.game.seating import seats_of
from ketensim.workshop.web import identity
from ketensim.workshop.web.clock import now
from ketensim.workshop.web.input import BadRequest, field_value, form_of, problem_sentence, redirect_to
from ketensim.workshop.web.rendering import html_page, page_language, query_of
from ketensim.workshop.web.room_facts import chain_title, organisation_names
from ketensim.workshop.web.site import Site, room_code, site_of
from ketensim.workshop.web.stream import Facts
from ketensim.workshop.web.task_page import work_asked

ONCE_BYTES = 16


async def code_page(request: Request) -> Response:
    """Where a participant types the code of the room."""
    return _code_asked(request)


async def code_given(request: Request) -> Response:
    """A code was typed: on to the page of that room."""
    form = await form_of(request)
    room = await _room(request, identity.plain_code(field_value(form, "code")), form)
    return room if isinstance(room, Response) else redirect_to(f"/m/{room.code}{query_of(request)}")


async def join_page(request: Request) -> Response:
    """What somebody sees who opens the link or the QR code: a question, and no seat yet."""
    room = await _room(request, room_code(request))
    if isinstance(room, Response):
        return room
    if site_of(request).seat(request, room) is not None:
        return redirect_to(f"/m/{room.code}/seat{query_of(request)}")
    return _join_asked(request, room, {})


async def seat_taken(request: Request) -> Response:
    """The button was pressed: take a seat, once."""
    site, form = site_of(request), await form_of(request)
    room = await _room(request, room_code(request), form, joins=True)
    if isinstance(room, Response):
        return room
    if site.seat(request, room) is not None:
        return redirect_to(f"/m/{room.code}/seat{query_of(request)}")
    try:
        seat = await _seat(site, room, form, identity.client_address(request))
    except (InputError, BadRequest) as error:
        problem = problem_sentence(error, page_language(request, room.language))
        return _join_asked(request, room, form, problem, HTTPStatus.CONFLICT)
    return _seated(request, room, seat)


async def rejoin_page(request: Request) -> Response:
    """Where somebody on another device types the code of the own seat."""
    room = await _room(request, room_code(request))
    return room if isinstance(room, Response) else _rejoin_asked(request, room)


async def seat_found(request: Request) -> Response:
    """The code of a seat was typed: the same seat on this device too."""
    site, form = site_of(request), await form_of(request)
    room = await _room(request, room_code(request), form)
    if isinstance(room, Response):
        return room
    seat = identity.seat_of_rejoin(room, field_value(form, "own"))
    if seat is None:
        site.guesses.wrong(identity.client_address(request))
        problem = t("room.rejoin.unknown", page_language(request, room.language))
        return _rejoin_asked(request, room, problem, HTTPStatus.NOT_FOUND)
    return _seated(request, room, seat)


# --- pages ---------------------------------------------------------------------------------------------------------
def _code_asked(request: Request, problem: str = "", status: int = HTTPStatus.OK) -> Response:
    language = page_language(request, site_of(request).settings.language)
    return html_page(request, "code", language, status=status, problem=problem)


def _rejoin_asked(request: Request, room: Room, problem: str = "", status: int = HTTPStatus.OK) -> Response:
    language = page_language(request, room.language)
    return html_page(request, "rejoin", language, status=status, problem=problem, room=room)


def _join_asked(
    request: Request, room: Room, form: Mapping[str, list[str]], problem: str = "", status: int = HTTPStatus.OK
) -> Response:
    language = page_language(request, room.language)
    if room.phase is Phase.CLOSED:
        title, notice = room.plan.title.in_language(language), t("room.join.closed", language)
        return html_page(request, "message", language, title=title, notice=notice)
    return html_page(
        request,
        "join",
        language,
        status=status,
        problem=problem,
        room=room,
        chain=chain_title(room, language),
        once=secrets.token_hex(ONCE_BYTES),
        nickname=field_value(form, "nickname"),
        nickname_length=NICKNAME_LENGTH,
        place=field_value(form, "place"),
        places=[_places(room, table, language) for table in range(room.plan.tables)],
    )


def _places(room: Room, table: int, language: str) -> list[Facts]:
    """The places that can be chosen at a table."""
    names, size = organisation_names(room, language), room.plan.team_size
    taken = {name: len(seats_of(room, Team(table, name))) for name in names}

    def place(role: Role, label: str, organisation: str = "", full: bool = False, **facts: object) -> Facts:
        words = t(f"room.join.{label}", language, organisation=names.get(organisation, ""), places=size, **facts)
        return {"value": f"{table}|{role}|{organisation}", "label": words, "full": full}

    teams = [place(Role.TEAM, "place_team", name, taken[name] >= size, taken=taken[name]) for name in names]
    mirrors = [place(Role.MIRROR, "place_mirror", name) for name in names] if room.plan.mirrors else []
    return [*teams, *mirrors, place(Role.OBSERVER, "place_observer")]


# --- steps ---------------------------------------------------------------------------------------------------------
async def _room(
    request: Request, code: str, form: Mapping[str, list[str]] | None = None, *, joins: bool = False
) -> Room | Response:
    """The room with a code, or the answer to somebody who tries codes."""
    site, from_where = site_of(request), identity.client_address(request)
    language = page_language(request, site.settings.language)
    asked = await work_asked(request, form, joins=joins)
    if asked is not None:
        return asked
    room = site.room(code) if len(code) == CODE_LENGTH else None
    if room is None:
        site.guesses.wrong(from_where)
        return _code_asked(request, t("room.code.unknown", language, code=code or "–"), HTTPStatus.NOT_FOUND)
    return room


async def _seat(site: Site, room: Room, form: Mapping[str, list[str]], from_where: str) -> Seat:
    """A new seat, or the one that this very form has led to before: a second tap on the button makes no other."""
    once = field_value(form, "once")
    if len(once) < ONCE_BYTES:
        raise BadRequest
    known = site.sent_before(room.code, once)
    if known is not None:
        return site.rooms.find(room.code).seats[known]
    table, role, organisation = _wish(field_value(form, "place"))
    nickname = field_value(form, "nickname").strip()[:NICKNAME_LENGTH]
    seat = await run_in_threadpool(
        site.rooms.join, room.code, at=now(), nickname=nickname, table=table, role=role, organisation=organisation
    )
    site.remember(room.code, once, seat.id)
    site.guesses.joined(from_where)
    return seat


def _wish(place: str) -> tuple[int | None, str | None, str | None]:
    """Table, role and organisation from the value of an option; three times None = wherever there is room."""
    if not place:
        return None, None, None
    table, role, organisation = ([*place.split("|"), "", ""])[:3]
    if not (table.isascii() and table.isdigit() and len(table) <= 3) or role not in set(Role):
        raise BadRequest
    return int(table), role, organisation or None


def _seated(request: Request, room: Room, seat: Seat) -> Response:
    path = f"/m/{room.code}"
    answer = redirect_to(f"{path}/seat{query_of(request)}")
    identity.set_cookie(request, answer, identity.SEAT, identity.pass_of(room, seat), path)
    return answer
