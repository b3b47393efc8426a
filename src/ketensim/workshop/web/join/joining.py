"""From a code to a seat: pages without a script, so that any browser can come in.

Opening a page changes nothing, because chat programs open every link for a preview; a seat is taken with a button.
"""

from __future__ import annotations

import time
from collections.abc import Mapping

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from ketensim.workshop.game.room import CODE_LENGTH, NICKNAME_LENGTH, Role, Room
from ketensim.workshop.game.rounds import Refused
from ketensim.workshop.web import identity
from ketensim.workshop.web.answers import BadRequest, first, form_of, problem, see
from ketensim.workshop.web.join import join_pages, passes
from ketensim.workshop.web.shell import language_of, words
from ketensim.workshop.web.site import Site, site_of

NOT_FOUND = 404
TOO_MANY = 429


async def code_page(request: Request) -> Response:
    """Where a participant types the code of the room."""
    site = site_of(request)
    return join_pages.code_page(request, language_of(request, site.settings.language))


async def code_given(request: Request) -> Response:
    """A code was typed: on to the page of that room."""
    site, form = site_of(request), await form_of(request)
    language = language_of(request, site.settings.language)
    if not identity.token_fits(identity.cookie(request, identity.VISITOR), first(form, identity.TOKEN_FIELD)):
        return join_pages.code_page(request, language, words(language)("problem.stale"), 403)
    code = passes.plain_code(first(form, "code"))
    found = await _room(request, code, language)
    return found if isinstance(found, Response) else see(join_pages.with_language(request, f"/m/{found.code}"))


async def confirm_page(request: Request) -> Response:
    """What somebody sees who opens the link or the QR code: a question, and no seat yet."""
    site = site_of(request)
    found = await _room(request, passes.plain_code(request.path_params["code"]), site.settings.language)
    if isinstance(found, Response):
        return found
    if site.seat(request, found) is not None:
        return see(join_pages.with_language(request, f"/m/{found.code}/seat"))
    return join_pages.confirm_page(request, found)


async def joined(request: Request) -> Response:
    """The button was pressed: take a seat, once."""
    site, form = site_of(request), await form_of(request)
    found = await _room(request, passes.plain_code(request.path_params["code"]), site.settings.language)
    if isinstance(found, Response):
        return found
    room, language = found, language_of(request, found.language)
    here = join_pages.with_language(request, f"/m/{room.code}/seat")
    if site.seat(request, room) is not None:
        return see(here)
    visitor, once = identity.cookie(request, identity.VISITOR), first(form, "once")
    if not identity.token_fits(visitor, first(form, identity.TOKEN_FIELD)) or not once:
        return join_pages.confirm_page(request, room, words(language)("problem.stale"), form, 403)
    try:
        seat = await _seat(site, room, form, f"{visitor} {once}")
    except (Refused, BadRequest) as error:
        return join_pages.confirm_page(request, room, problem(error, language), form, 409)
    return _seated(request, site, room.code, seat)


async def rejoin_page(request: Request) -> Response:
    """Where somebody on another device types the code of the own seat."""
    site = site_of(request)
    found = await _room(request, passes.plain_code(request.path_params["code"]), site.settings.language)
    return found if isinstance(found, Response) else join_pages.rejoin_page(request, found)


async def rejoined(request: Request) -> Response:
    """The code of a seat was typed: the same seat on this device too."""
    site, form = site_of(request), await form_of(request)
    found = await _room(request, passes.plain_code(request.path_params["code"]), site.settings.language)
    if isinstance(found, Response):
        return found
    language = language_of(request, found.language)
    if not identity.token_fits(identity.cookie(request, identity.VISITOR), first(form, identity.TOKEN_FIELD)):
        return join_pages.rejoin_page(request, found, words(language)("problem.stale"), 403)
    seat = passes.seat_of_rejoin(found, first(form, "own"))
    if seat is None:
        site.guesses.wrong(identity.address(request))
        return join_pages.rejoin_page(request, found, words(language)("rejoin.unknown"), NOT_FOUND)
    return _seated(request, site, found.code, seat.id)


# --- steps ---
async def _room(request: Request, code: str, language: str) -> Room | Response:
    """The room with a code, or the answer to somebody who tries codes."""
    site, from_where = site_of(request), identity.address(request)
    language = language_of(request, language)
    wait = await site.guesses.seconds_to_wait(from_where)
    if wait:
        answer = join_pages.code_page(request, language, words(language)("problem.too_many", seconds=wait), TOO_MANY)
        answer.headers["Retry-After"] = str(wait)
        return answer
    room = site.room(code) if len(code) == CODE_LENGTH else None
    if room is None:
        site.guesses.wrong(from_where)
        return join_pages.code_page(request, language, words(language)("code.unknown", code=code or "–"), NOT_FOUND)
    return room


async def _seat(site: Site, room: Room, form: Mapping[str, list[str]], once: str) -> str:
    known = site.sent_before(room.code, once)
    if known is not None:
        return known
    table, role, organisation = _wish(first(form, "place"))
    nickname = first(form, "nickname").strip()[:NICKNAME_LENGTH]
    made = await run_in_threadpool(
        site.rooms.join, room.code, at=time.time(), nickname=nickname, table=table, role=role, organisation=organisation
    )
    site.remember(room.code, once, made.seat.id)
    return str(made.seat.id)


def _wish(place: str) -> tuple[int | None, str | None, str | None]:
    """Table, role and organisation from the value of an option; three times None = wherever there is room."""
    if not place:
        return None, None, None
    table, role, organisation = ([*place.split("|"), "", ""])[:3]
    if not (table.isascii() and table.isdigit() and len(table) <= 3) or role not in set(Role):
        raise BadRequest
    return int(table), role, organisation or None


def _seated(request: Request, site: Site, code: str, seat_id: str) -> Response:
    room = site.rooms.find(code)
    seat = room.seats[seat_id]
    answer = see(join_pages.with_language(request, f"/m/{code}/seat"))
    identity.set_cookie(
        request, answer, identity.SEAT, passes.pass_of(room, seat), path=f"/m/{code}", days=identity.SEAT_DAYS
    )
    return answer
