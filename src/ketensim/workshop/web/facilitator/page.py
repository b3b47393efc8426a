"""The facilitator's door and start page: the key, workshops that stand ready, a form to open one, the rooms there are."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from http import HTTPStatus

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from ketensim.foundation.errors import InputError
from ketensim.texts import t
from ketensim.workshop.game.plans import READY, USUAL
from ketensim.workshop.game.room import Room
from ketensim.workshop.game.seating import active_seats
from ketensim.workshop.web import identity
from ketensim.workshop.web.clock import now
from ketensim.workshop.web.facilitator.plan_form import form_facts, form_problem, opening_of, plan_of, standing_ready
from ketensim.workshop.web.input import field_value, form_of, redirect_to
from ketensim.workshop.web.rendering import html_page, page_language
from ketensim.workshop.web.room_facts import organisation_facts
from ketensim.workshop.web.site import room_code, site_of
from ketensim.workshop.web.stream import Facts
from ketensim.workshop.web.task_page import work_asked


async def start_page(request: Request) -> Response:
    """The start: for the facilitator all that can be led from here, for others where to type a code."""
    if not site_of(request).has_key(request):
        return redirect_to("/m")
    return await run_in_threadpool(_start_page, request, {})


async def room_made(request: Request) -> Response:
    """Make a room from the form of the start page."""
    site, form = site_of(request), await form_of(request)
    language = page_language(request, site.settings.language)
    if not site.has_key(request):
        return key_asked(request, status=HTTPStatus.FORBIDDEN)
    try:
        plan, opening = plan_of(form), opening_of(form)
        made = await run_in_threadpool(site.rooms.create, plan, opening.language, at=now(), days=opening.days)
    except InputError as error:
        return await run_in_threadpool(_start_page, request, form, form_problem(error, language), HTTPStatus.CONFLICT)
    room = site.rooms.find(made.code)
    await run_in_threadpool(organisation_facts, room.scenario, room.language)  # reads the chain, before many ask
    site.work_on(made.code)
    if field_value(form, "rehearse"):
        await site.rehearsals.begin(made.code)
    path = f"/room/{made.code}"
    answer = redirect_to(path)
    identity.set_cookie(request, answer, identity.FACILITATOR, made.secret, path, opening.days)
    return answer


# --- the door ------------------------------------------------------------------------------------------------------
async def key_page(request: Request) -> Response:
    """Where the secret is asked; the script takes it from behind the # of the address, which no log ever sees."""
    return key_asked(request)


async def key_given(request: Request) -> Response:
    """Somebody shows the secret of this server, or at the door of a room the secret of that room."""
    site, form = site_of(request), await form_of(request)
    language, from_where = page_language(request, site.settings.language), identity.client_address(request)
    asked = await work_asked(request, form)
    if asked is not None:
        return asked
    given, code = field_value(form, "key").strip(), _code(request)
    answer = redirect_to(f"/room/{code}" if code else "/")
    if identity.same_text(given, site.key):
        identity.set_cookie(request, answer, identity.KEY, given, "/")
    elif code and site.room(code) is not None and site.rooms.is_facilitator(code, given):
        identity.set_cookie(request, answer, identity.FACILITATOR, given, f"/room/{code}")
    else:
        site.guesses.wrong(from_where)
        return key_asked(request, t("room.key.wrong", language), HTTPStatus.FORBIDDEN)
    return answer


def key_asked(request: Request, problem: str = "", status: int = HTTPStatus.OK) -> Response:
    """The page that asks for the secret; ``problem`` says why one was not accepted."""
    language, code = page_language(request, site_of(request).settings.language), _code(request)
    action = f"/room/{code}/key" if code else "/key"
    return html_page(request, "key", language, status=status, problem=problem, action=action)


def _code(request: Request) -> str:
    return room_code(request) if "code" in request.path_params else ""


# --- the page ------------------------------------------------------------------------------------------------------
def _start_page(
    request: Request, form: Mapping[str, list[str]], problem: str = "", status: int = HTTPStatus.OK
) -> Response:
    site = site_of(request)
    language = page_language(request, site.settings.language)
    chosen = field_value(form, "plan") or request.query_params.get("plan", USUAL)
    return html_page(
        request,
        "start",
        language,
        status=status,
        problem=problem,
        chosen=chosen,
        ready={name: standing_ready(name) for name in READY},
        rooms=[_room(room) for room in sorted(site.open_rooms(), key=lambda room: -room.created)],
        **form_facts(standing_ready(chosen), language),
    )


def _room(room: Room) -> Facts:
    return {
        "code": room.code,
        "title": room.plan.title,
        "phase": room.phase.value,
        "people": len(active_seats(room)),
        "gone": datetime.datetime.fromtimestamp(room.delete_at, datetime.UTC).date(),
    }
