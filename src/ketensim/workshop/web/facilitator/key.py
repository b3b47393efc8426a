"""The facilitator's door: the secret of this server, or that of one room."""

from __future__ import annotations

from http import HTTPStatus

from starlette.requests import Request
from starlette.responses import Response

from ketensim.texts import t
from ketensim.workshop.web import identity
from ketensim.workshop.web.answers import first, form_of, see
from ketensim.workshop.web.rendering import html_page, page_language
from ketensim.workshop.web.site import room_code, site_of


async def key_page(request: Request) -> Response:
    """Where the secret is asked; the script takes it from behind the # of the address, which no log ever sees."""
    return key_asked(request)


async def key_given(request: Request) -> Response:
    """Somebody shows the secret of this server, or at the door of a room the secret of that room."""
    site, form = site_of(request), await form_of(request)
    language, from_where = page_language(request, site.settings.language), identity.client_address(request)
    wait = await site.guesses.seconds_to_wait(from_where)
    if wait:
        return key_asked(request, t("room.problem.too_many", language, seconds=wait), HTTPStatus.TOO_MANY_REQUESTS)
    given, code = first(form, "key").strip(), _code(request)
    answer = see(f"/room/{code}" if code else "/")
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
