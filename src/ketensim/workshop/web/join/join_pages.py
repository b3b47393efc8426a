"""The pages on which a participant comes in; without a script, so that any browser can."""

from __future__ import annotations

import secrets
from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response

from ketensim.texts import languages
from ketensim.views.drawing.markup import Markup, element
from ketensim.workshop.game import rounds
from ketensim.workshop.game.room import NICKNAME_LENGTH, Phase, Role, Room, Team
from ketensim.workshop.web import chain, identity
from ketensim.workshop.web.answers import first
from ketensim.workshop.web.shell import language_of, narrow, words


def code_page(request: Request, language: str, wrong: str = "", status: int = 200) -> Response:
    """Where the code of a room is typed; ``wrong`` says why it was not taken."""
    say, visitor = words(language), _visitor(request)
    title = say("code.title")
    form = _code_form(
        "code", say("code.label"), say("code.help"), say("code.button"), visitor, with_language(request, "/m")
    )
    other = _other_language(language, "/m")
    answer = narrow(language, title, _wrong(wrong), element("h1", title), form, other, status=status)
    return _with_visitor(request, answer, visitor)


def rejoin_page(request: Request, room: Room, wrong: str = "", status: int = 200) -> Response:
    """Where the code of an own seat is typed."""
    language = language_of(request, room.language)
    say, visitor = words(language), _visitor(request)
    title, here = say("rejoin.title"), with_language(request, f"/m/{room.code}/back")
    form = _code_form("own", say("rejoin.label"), say("rejoin.help"), say("rejoin.button"), visitor, here)
    answer = narrow(language, title, _wrong(wrong), element("h1", title), form, status=status)
    return _with_visitor(request, answer, visitor)


def confirm_page(
    request: Request, room: Room, wrong: str = "", form: Mapping[str, list[str]] | None = None, status: int = 200
) -> Response:
    """The question whether to join, with what was filled in before when it has to be asked again."""
    language = language_of(request, room.language)
    say, visitor = words(language), _visitor(request)
    title, here = room.plan.title.in_language(language), f"/m/{room.code}"
    if room.phase is Phase.CLOSED:
        return narrow(language, title, element("h1", title), element("p", say("join.closed"), class_="notice"))
    answer = narrow(
        language,
        title,
        _wrong(wrong),
        element("p", say("join.room", code=room.code), class_="muted"),
        element("h1", title),
        element("p", say("join.intro", chain=chain.title(room, language)), class_="lead"),
        _join_form(room, language, visitor, form or {}, with_language(request, here)),
        element("p", element("a", say("join.rejoin"), href=with_language(request, f"{here}/back"))),
        element("p", say("join.kept"), class_="hint"),
        _other_language(language, here),
        status=status,
    )
    return _with_visitor(request, answer, visitor)


def _join_form(room: Room, language: str, visitor: str, form: Mapping[str, list[str]], action: str) -> Markup:
    say = words(language)
    nickname = element(
        "input", type="text", id="nickname", name="nickname", maxlength=str(NICKNAME_LENGTH), autocomplete="off",
        aria_describedby="nickname-help", value=first(form, "nickname"),
    )  # fmt: skip
    return element(
        "form",
        _token(visitor),
        element("input", type="hidden", name="once", value=secrets.token_hex(8)),
        element(
            "div",
            element("label", say("join.nickname"), for_="nickname"),
            nickname,
            element("p", say("join.nickname_help"), class_="hint", id="nickname-help"),
            class_="field",
        ),
        _places(room, language, first(form, "place")),
        element("button", say("join.button"), class_="main large"),
        method="post",
        action=action,
    )


def _code_form(name: str, label: str, help_: str, button: str, visitor: str, action: str) -> Markup:
    field = element(
        "input", type="text", id=name, name=name, maxlength="12", autocomplete="off", autocapitalize="characters",
        spellcheck="false", required=True, autofocus=True, aria_describedby=f"{name}-help",
    )  # fmt: skip
    hint = element("p", help_, class_="hint", id=f"{name}-help")
    inside = element("div", element("label", label, for_=name), field, hint, class_="field join-code")
    return element(
        "form", _token(visitor), inside, element("button", button, class_="main large"), method="post", action=action
    )


def _places(room: Room, language: str, chosen: str) -> Markup:
    say, names = words(language), chain.names(room, language)
    groups = [
        element("optgroup", *_places_at(room, table, language, names, chosen), label=say("join.table", table=table + 1))
        for table in range(room.plan.tables)
    ]
    anywhere = element("option", say("join.place_any"), value="")
    select = element("select", anywhere, *groups, id="place", name="place")
    return element(
        "details",
        element("summary", say("join.choose")),
        element("div", element("label", say("join.place"), for_="place"), select, class_="field"),
        open=True if chosen else None,
    )


def _places_at(room: Room, table: int, language: str, names: Mapping[str, str], chosen: str) -> list[Markup]:
    say, places = words(language), room.plan.team_size
    options: list[tuple[str, str, bool]] = []
    for organisation, name in names.items():
        taken = len(rounds.seats_of(room, Team(table, organisation)))
        told = say("join.place_team", organisation=name, taken=taken, places=places)
        options.append((f"{table}|{Role.TEAM}|{organisation}", told, taken >= places))
    if room.plan.mirrors:
        for organisation, name in names.items():
            told = say("join.place_mirror", organisation=name)
            options.append((f"{table}|{Role.MIRROR}|{organisation}", told, False))
    options.append((f"{table}|{Role.OBSERVER}|", say("join.place_observer"), False))
    return [
        element("option", told, value=value, disabled=full or None, selected=value == chosen or None)
        for value, told, full in options
    ]


def _other_language(language: str, here: str) -> Markup:
    links = [
        element("a", words(other)("page.this_language"), href=f"{here}?lang={other}", lang=other, hreflang=other)
        for other in languages()
        if other != language
    ]
    return element("p", *links, class_="languages")


def _visitor(request: Request) -> str:
    return identity.cookie(request, identity.VISITOR) or identity.new_visitor()


def _token(visitor: str) -> Markup:
    return element("input", type="hidden", name=identity.TOKEN_FIELD, value=identity.token_of(visitor))


def _wrong(words_: str) -> Markup | None:
    return element("p", words_, class_="error", role="alert") if words_ else None


def _with_visitor(request: Request, answer: Response, visitor: str) -> Response:
    identity.set_cookie(request, answer, identity.VISITOR, visitor, path="/", days=1)
    return answer


def with_language(request: Request, path: str) -> str:
    """An address of ours that keeps the language somebody has asked for."""
    wish = request.query_params.get("lang", "")
    return f"{path}?lang={wish}" if wish in languages() else path
