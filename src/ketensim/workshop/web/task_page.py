"""The page on which a browser works before it may try again (``tasks.py`` says why)."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from ketensim.texts import t
from ketensim.workshop.web import identity
from ketensim.workshop.web.input import field_value
from ketensim.workshop.web.rendering import html_page, page_language
from ketensim.workshop.web.site import site_of

FIELD: Final = "work"


async def work_asked(
    request: Request, form: Mapping[str, list[str]] | None = None, *, joins: bool = False
) -> Response | None:
    """The page with a task for who comes from an address that has guessed a lot; None when this one may go on.

    Parameters
    ----------
    form : what was filled in, which is sent again with the answer; None = a link was followed
    joins : whether a seat is going to be taken
    """
    site, from_where = site_of(request), identity.client_address(request)
    handed_in = request.query_params.get(FIELD, "") if form is None else field_value(form, FIELD)
    worked = bool(handed_in) and site.tasks.done(handed_in)
    wait = await site.guesses.seconds_to_wait(from_where, worked=worked, joins=joins)
    if not wait:
        return None
    language = page_language(request, site.settings.language)
    if worked:  # the whole server is being guessed at
        sentence = t("room.problem.too_many", language, seconds=wait)
        answer = html_page(request, "message", language, status=HTTPStatus.TOO_MANY_REQUESTS, title=sentence)
        answer.headers["Retry-After"] = str(wait)
        return answer
    asked = dict(request.query_params) if form is None else {name: value[0] for name, value in form.items()}
    kept = [(name, value) for name, value in asked.items() if name != FIELD]
    target = request.url.path if form is None or not request.url.query else f"{request.url.path}?{request.url.query}"
    answer = html_page(
        request,
        "work",
        language,
        status=HTTPStatus.TOO_MANY_REQUESTS,
        problem="",
        method="get" if form is None else "post",
        action=target,
        kept=kept,
        task=site.tasks.new(),
        bits=site.tasks.bits,
        wait=wait,
    )
    answer.headers["Retry-After"] = str(wait)
    return answer
