"""From a code to a seat: pages without a script, so that any browser can come in.

Opening a page changes nothing, because chat programs open every link for a preview; a seat is taken with a button.
"""

from __future__ import annotations

import secrets
import time
from collections.abc import Mapping

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from ketensim.texts import languages
from ketensim.views.markup import Markup, element
from ketensim.workshop import rounds
from ketensim.workshop.room import CODE_LENGTH, NICKNAME_LENGTH, Phase, Role, Room
from ketensim.workshop.rounds import Refused
from ketensim.workshop.web import chain, identity, passes
from ketensim.workshop.web.answers import BadRequest, first, form_of, problem, see
from ketensim.workshop.web.shell import language_of, narrow, words
from ketensim.workshop.web.site import Site, site_of

NOT_FOUND = 404
TOO_MANY = 429


async def code_page(request: Request) -> Response:
    """Where a participant types the code of the room."""
    site = site_of(request)
    return _code_page(request, language_of(request, site.settings.language))


async def code_given(request: Request) -> Response:
    """A code was typed: on to the page of that room."""
    site, form = site_of(request), await form_of(request)
    language = language_of(request, site.settings.language)
    if not identity.token_fits(identity.cookie(request, identity.VISITOR), first(form, identity.TOKEN_FIELD)):
        return _code_page(request, language, words(language)("problem.stale"), 403)
    code = passes.plain_code(first(form, "code"))
    found = await _room(request, code, language)
    return found if isinstance(found, Response) else see(_address(request, f"/m/{found.code}"))


async def confirm_page(request: Request) -> Response:
    """What somebody sees who opens the link or the QR code: a question, and no seat yet."""
    site = site_of(request)
    found = await _room(request, passes.plain_code(request.path_params["code"]), site.settings.language)
    if isinstance(found, Response):
        return found
    if site.seat(request, found) is not None:
        return see(_address(request, f"/m/{found.code}/seat"))
    return _confirm_page(request, found)


async def joined(request: Request) -> Response:
    """The button was pressed: take a seat, once."""
    site, form = site_of(request), await form_of(request)
    found = await _room(request, passes.plain_code(request.path_params["code"]), site.settings.language)
    if isinstance(found, Response):
        return found
    room, language = found, language_of(request, found.language)
    here = _address(request, f"/m/{room.code}/seat")
    if site.seat(request, room) is not None:
        return see(here)
    visitor, once = identity.cookie(request, identity.VISITOR), first(form, "once")
    if not identity.token_fits(visitor, first(form, identity.TOKEN_FIELD)) or not once:
        return _confirm_page(request, room, words(language)("problem.stale"), form, 403)
    try:
        seat = await _seat(site, room, form, f"{visitor} {once}")
    except (Refused, BadRequest) as error:
        return _confirm_page(request, room, problem(error, language), form, 409)
    return _seated(request, site, room.code, seat)


async def rejoin_page(request: Request) -> Response:
    """Where somebody on another device types the code of the own seat."""
    site = site_of(request)
    found = await _room(request, passes.plain_code(request.path_params["code"]), site.settings.language)
    return found if isinstance(found, Response) else _rejoin_page(request, found)


async def rejoined(request: Request) -> Response:
    """The code of a seat was typed: the same seat on this device too."""
    site, form = site_of(request), await form_of(request)
    found = await _room(request, passes.plain_code(request.path_params["code"]), site.settings.language)
    if isinstance(found, Response):
        return found
    language = language_of(request, found.language)
    if not identity.token_fits(identity.cookie(request, identity.VISITOR), first(form, identity.TOKEN_FIELD)):
        return _rejoin_page(request, found, words(language)("problem.stale"), 403)
    seat = passes.seat_of_rejoin(found, first(form, "own"))
    if seat is None:
        site.guesses.wrong(identity.address(request))
        return _rejoin_page(request, found, words(language)("rejoin.unknown"), NOT_FOUND)
    return _seated(request, site, found.code, seat.id)


# --- steps ---
async def _room(request: Request, code: str, language: str) -> Room | Response:
    """The room with a code, or the answer to somebody who tries codes."""
    site, from_where = site_of(request), identity.address(request)
    language = language_of(request, language)
    wait = await site.guesses.seconds_to_wait(from_where)
    if wait:
        answer = _code_page(request, language, words(language)("problem.too_many", seconds=wait), TOO_MANY)
        answer.headers["Retry-After"] = str(wait)
        return answer
    room = site.room(code) if len(code) == CODE_LENGTH else None
    if room is None:
        site.guesses.wrong(from_where)
        return _code_page(request, language, words(language)("code.unknown", code=code or "–"), NOT_FOUND)
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
    answer = see(_address(request, f"/m/{code}/seat"))
    identity.set_cookie(
        request, answer, identity.SEAT, passes.pass_of(room, seat), path=f"/m/{code}", days=identity.SEAT_DAYS
    )
    return answer


# --- pages ---
def _code_page(request: Request, language: str, wrong: str = "", status: int = 200) -> Response:
    say = words(language)
    visitor = identity.cookie(request, identity.VISITOR) or identity.new_visitor()
    form = element(
        "form",
        _token(visitor),
        element(
            "div",
            element("label", say("code.label"), for_="code"),
            element(
                "input", type="text", id="code", name="code", maxlength="12", autocomplete="off", autocapitalize="characters",
                spellcheck="false", required=True, autofocus=True, aria_describedby="code-help",
            ),
            element("p", say("code.help"), class_="hint", id="code-help"),
            class_="field join-code",
        ),
        element("button", say("code.button"), class_="main large"),
        method="post",
        action=_address(request, "/m"),
    )  # fmt: skip
    title = say("code.title")
    answer = narrow(
        language,
        title,
        _wrong(wrong),
        element("h1", title),
        form,
        _other_language(request, language, "/m"),
        status=status,
    )
    return _with_visitor(request, answer, visitor)


def _confirm_page(
    request: Request, room: Room, wrong: str = "", form: Mapping[str, list[str]] | None = None, status: int = 200
) -> Response:
    language = language_of(request, room.language)
    say, form = words(language), form or {}
    visitor = identity.cookie(request, identity.VISITOR) or identity.new_visitor()
    title, here = room.plan.title.in_language(language), f"/m/{room.code}"
    if room.phase is Phase.CLOSED:
        return narrow(language, title, element("h1", title), element("p", say("join.closed"), class_="notice"))
    fields = element(
        "form",
        _token(visitor),
        Markup(f'<input type="hidden" name="once" value="{secrets.token_hex(8)}">'),
        element(
            "div",
            element("label", say("join.nickname"), for_="nickname"),
            element(
                "input", type="text", id="nickname", name="nickname", maxlength=str(NICKNAME_LENGTH), autocomplete="off",
                aria_describedby="nickname-help", value=first(form, "nickname"),
            ),
            element("p", say("join.nickname_help"), class_="hint", id="nickname-help"),
            class_="field",
        ),
        _places(room, language, first(form, "place")),
        element("button", say("join.button"), class_="main large"),
        method="post",
        action=_address(request, here),
    )  # fmt: skip
    answer = narrow(
        language,
        title,
        _wrong(wrong),
        element("p", say("join.room", code=room.code), class_="muted"),
        element("h1", title),
        element("p", say("join.intro", chain=chain.title(room, language)), class_="lead"),
        fields,
        element("p", element("a", say("join.rejoin"), href=_address(request, f"{here}/back"))),
        element("p", say("join.kept"), class_="hint"),
        _other_language(request, language, here),
        status=status,
    )
    return _with_visitor(request, answer, visitor)


def _places(room: Room, language: str, chosen: str) -> Markup:
    say, names = words(language), chain.names(room, language)
    groups: list[Markup] = []
    for table in range(room.plan.tables):
        options = []
        for team in rounds.teams(room):
            if team.table != table:
                continue
            taken, free = len(rounds.seats_of(room, team)), room.plan.team_size
            name = say("join.place_team", organisation=names[team.organisation], taken=taken, places=free)
            options.append((f"{table}|{Role.TEAM}|{team.organisation}", name, taken >= free))
        if room.plan.mirrors:
            options += [
                (f"{table}|{Role.MIRROR}|{id}", say("join.place_mirror", organisation=name), False)
                for id, name in names.items()
            ]
        options.append((f"{table}|{Role.OBSERVER}|", say("join.place_observer"), False))
        made = [
            element(
                "option", name, value=value, disabled=True if full else None, selected=True if value == chosen else None
            )
            for value, name, full in options
        ]
        groups.append(element("optgroup", *made, label=say("join.table", table=table + 1)))
    select = element(
        "select", element("option", say("join.place_any"), value=""), *groups, id="place", name="place"
    )  # fmt: skip
    return element(
        "details",
        element("summary", say("join.choose")),
        element("div", element("label", say("join.place"), for_="place"), select, class_="field"),
        open=True if chosen else None,
    )


def _rejoin_page(request: Request, room: Room, wrong: str = "", status: int = 200) -> Response:
    language = language_of(request, room.language)
    say = words(language)
    visitor = identity.cookie(request, identity.VISITOR) or identity.new_visitor()
    form = element(
        "form",
        _token(visitor),
        element(
            "div",
            element("label", say("rejoin.label"), for_="own"),
            element(
                "input", type="text", id="own", name="own", maxlength="12", autocomplete="off", autocapitalize="characters",
                spellcheck="false", required=True, aria_describedby="own-help",
            ),
            element("p", say("rejoin.help"), class_="hint", id="own-help"),
            class_="field join-code",
        ),
        element("button", say("rejoin.button"), class_="main large"),
        method="post",
        action=_address(request, f"/m/{room.code}/back"),
    )  # fmt: skip
    title = say("rejoin.title")
    answer = narrow(language, title, _wrong(wrong), element("h1", title), form, status=status)
    return _with_visitor(request, answer, visitor)


def _other_language(request: Request, language: str, here: str) -> Markup:
    links = [
        element("a", words(other)("page.this_language"), href=f"{here}?lang={other}", lang=other, hreflang=other)
        for other in languages()
        if other != language
    ]
    return element("p", *links, class_="languages")


def _token(visitor: str) -> Markup:
    return element("input", type="hidden", name=identity.TOKEN_FIELD, value=identity.token_of(visitor))


def _wrong(words_: str) -> Markup | None:
    return element("p", words_, class_="error", role="alert") if words_ else None


def _with_visitor(request: Request, answer: Response, visitor: str) -> Response:
    identity.set_cookie(request, answer, identity.VISITOR, visitor, path="/", days=1)
    return answer


def _address(request: Request, path: str) -> str:
    """An address of ours that keeps the language somebody has asked for."""
    wish = request.query_params.get("lang", "")
    return f"{path}?lang={wish}" if wish in languages() else path
