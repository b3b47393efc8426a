"""The facilitator's door and start page: the key of this server, workshops that stand ready, and rooms there are."""

from __future__ import annotations

import time
from collections.abc import Mapping

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from ketensim.foundation.errors import InputError
from ketensim.texts import languages, t
from ketensim.views.drawing.markup import Markup, element
from ketensim.workshop.game.plans import READY, Plan
from ketensim.workshop.game.room import Room
from ketensim.workshop.game.seating import active_seats
from ketensim.workshop.web import chain, identity
from ketensim.workshop.web.answers import first, form_of, problem, see
from ketensim.workshop.web.facilitator import plan_form
from ketensim.workshop.web.shell import language_of, page, words
from ketensim.workshop.web.site import Site, site_of

LONGEST_DAYS = 90
DAYS = 30


async def start_page(request: Request) -> Response:
    """The start: for the facilitator all that can be led from here, for others where to type a code."""
    if not has_key(request):
        return see("/m")
    return await run_in_threadpool(_start_page, request, {})


async def key_page(request: Request) -> Response:
    """The door: its script takes the secret from behind the # of the address, which no log ever sees."""
    return door(request, "/key", language_of(request, site_of(request).settings.language))


async def key_given(request: Request) -> Response:
    """Somebody gives the secret of this server."""
    site, form = site_of(request), await form_of(request)
    language, from_where = language_of(request, site.settings.language), identity.address(request)
    wait = await site.guesses.seconds_to_wait(from_where)
    if wait:
        return door(request, "/key", language, words(language)("problem.too_many", seconds=wait), 429)
    given = first(form, "key").strip()
    if not identity.same(given, site.key):
        site.guesses.wrong(from_where)
        return door(request, "/key", language, words(language)("key.wrong"), 403)
    answer = see("/")
    identity.set_cookie(request, answer, identity.KEY, given, path="/", days=identity.FACILITATOR_DAYS)
    return answer


async def room_made(request: Request) -> Response:
    """Make a room from the form of the start page."""
    site, form = site_of(request), await form_of(request)
    language = language_of(request, site.settings.language)
    if not has_key(request) or not identity.token_fits(site.key, first(form, identity.TOKEN_FIELD)):
        return door(request, "/key", language, words(language)("problem.stale"), 403)
    try:
        plan = plan_form.plan_of(form)
        spoken = first(form, "language") if first(form, "language") in languages() else language
        days = plan_form.whole(form, "days", 1, LONGEST_DAYS)
        made = await run_in_threadpool(site.rooms.create, plan, spoken, at=time.time(), days=days)
    except InputError as error:
        return await run_in_threadpool(_start_page, request, form, problem(error, language), 409)
    await run_in_threadpool(chain.organisations, site.rooms.find(made.code), spoken)  # reads the chain, before many ask
    site.work_on(made.code)
    if first(form, "rehearse"):
        await site.rehearsals.begin(made.code)
    answer = see(f"/room/{made.code}")
    path = f"/room/{made.code}"
    identity.set_cookie(request, answer, identity.FACILITATOR, made.secret, path=path, days=days)
    return answer


def door(request: Request, action: str, language: str, wrong: str = "", status: int = 200) -> Response:
    """Where a facilitator shows the secret.

    Parameters
    ----------
    action : where the secret is sent
    wrong : why it was not accepted
    """
    say = words(language)
    title = say("key.title")
    form = element(
        "form",
        element(
            "div",
            element("label", say("key.label"), for_="key"),
            element("input", type="password", id="key", name="key", autocomplete="off", required=True),
            element("p", say("key.help"), class_="hint"),
            class_="field",
        ),
        element("button", say("key.button"), class_="main large"),
        method="post",
        action=action,
        id="door",
    )
    body = element(
        "main",
        element("p", "ketensim", class_="brand"),
        element("p", wrong, class_="error", role="alert") if wrong else None,
        element("h1", title),
        form,
        element("p", element("a", say("key.participant"), href="/m")),
        class_="narrow",
    )
    return page(title, language, body, styles=("plain.css",), script="door.js", status=status)


def has_key(request: Request) -> bool:
    """Whether a browser has shown the secret of this server."""
    return identity.same(identity.cookie(request, identity.KEY), site_of(request).key)


def _start_page(request: Request, form: Mapping[str, list[str]], wrong: str = "", status: int = 200) -> Response:
    site = site_of(request)
    language = language_of(request, site.settings.language)
    say = words(language)
    name = first(form, "plan") or request.query_params.get("plan", READY[1])
    plan = plan_form.standing_ready(name)
    title = say("start.title")
    body = element(
        "main",
        element(
            "header",
            element("p", "ketensim", class_="brand"),
            element("h1", title),
            element("p", say("start.intro"), class_="lead"),
            element("p", element("a", say("start.guide"), href=f"/guide?lang={language}", target="_blank")),
            class_="page",
        ),
        element("p", wrong, class_="error", role="alert") if wrong else None,
        _rooms(site, language),
        element(
            "section", element("h2", say("start.new")), _ready_made(language, name), _form(site, plan, name, language)
        ),
        element("p", *_languages(language), class_="languages small"),
        class_="wide",
    )
    return page(title, language, body, styles=("start.css",), status=status)


def _ready_made(language: str, chosen: str) -> Markup:
    say = words(language)
    cards = []
    for name in READY:
        plan = plan_form.standing_ready(name)
        cards.append(
            element(
                "a",
                element("span", say("start.minutes", minutes=round(plan.minutes)), class_="minutes"),
                element("strong", plan.title.in_language(language)),
                element("span", plan.summary.in_language(language), class_="small muted"),
                class_="ready chosen" if name == chosen else "ready",
                href=f"/?plan={name}&lang={language}#form",
                aria_current="true" if name == chosen else None,
            )
        )
    return element("nav", *cards, class_="ready-made", aria_label=say("start.ready_made"))


def _form(site: Site, plan: Plan, name: str, language: str) -> Markup:
    say = words(language)
    return element(
        "form",
        element("input", type="hidden", name=identity.TOKEN_FIELD, value=identity.token_of(site.key)),
        element("input", type="hidden", name="plan", value=name),
        plan_form.fields(plan, language, DAYS, LONGEST_DAYS),
        element(
            "div",
            element("button", say("start.open"), class_="main"),
            element("button", say("start.rehearse"), name="rehearse", value="1"),
            element(
                "a",
                say("start.handout"),
                href=f"/handout?plan={name}&lang={language}",
                target="_blank",
                class_="button",
            ),
            class_="row",
        ),
        element("p", say("start.rehearse_help"), class_="hint"),
        method="post",
        action=f"/rooms?lang={language}",
        id="form",
        class_="card",
    )


def _rooms(site: Site, language: str) -> Markup | None:
    say = words(language)
    found = [room for room in map(site.room, site.rooms.codes()) if room is not None]
    if not found:
        return None
    rows = [_row(room, language) for room in sorted(found, key=lambda room: -room.created)]
    heads = [
        element("th", say(f"start.column.{name}"), scope="col") for name in ("code", "plan", "phase", "people", "gone")
    ]
    table = element("table", element("thead", element("tr", *heads)), element("tbody", *rows))
    return element("section", element("h2", say("start.rooms")), element("div", table, class_="scroll card"))


def _row(room: Room, language: str) -> Markup:
    import datetime

    gone = datetime.datetime.fromtimestamp(room.delete_at, datetime.UTC).date()
    return element(
        "tr",
        element("th", element("a", room.code, href=f"/room/{room.code}", class_="code"), scope="row"),
        element("td", room.plan.title.in_language(language)),
        element("td", t(f"room.shared.phase.{room.phase.value}", language)),
        element("td", str(len(active_seats(room)))),
        element("td", t("room.start.date", language, date=gone)),
    )


def _languages(language: str) -> list[Markup]:
    return [
        element("a", words(other)("page.this_language"), href=f"/?lang={other}", lang=other, hreflang=other)
        for other in languages()
        if other != language
    ]
