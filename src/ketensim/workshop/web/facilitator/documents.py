"""What can be taken along: QR code, hand-out, a participant's page, the report for the client, the table of decisions."""

from __future__ import annotations

import io
import re

import segno
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from ketensim.scenario.shipped import shipped
from ketensim.texts import t
from ketensim.views.drawing.html_file import html_file
from ketensim.views.drawing.markup import Markup, element
from ketensim.views.drawing.palette import INK, PAPER
from ketensim.workshop.game.plans import READY
from ketensim.workshop.game.room import Room
from ketensim.workshop.paper import choices_csv
from ketensim.workshop.paper import workshop_report as reports
from ketensim.workshop.web.facilitator.plan_form import standing_ready
from ketensim.workshop.web.rendering import html_page, page_language
from ketensim.workshop.web.site import Site, room_code, site_of

NOT_FOUND = 404
GUIDE = "workshop.md"
LINK_TO_DOCS = re.compile(r'<a href="(?!https?:)[^"]*">(.*?)</a>', re.DOTALL)
# these pages carry their style inside, so that they can be kept as one file; still no script runs in them
CONTENT = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)


async def qr_code(request: Request) -> Response:
    """The address of the phones as a QR code."""
    found = _led(request)
    if found is None:
        return _no_file()
    site, room = found
    drawn = io.BytesIO()
    made = segno.make(site.join_address(room), error="m")
    made.save(drawn, kind="svg", border=2, scale=10, dark=INK, light=PAPER, xmldecl=False)
    return Response(drawn.getvalue(), media_type="image/svg+xml")


async def ready_handout(request: Request) -> Response:
    """The hand-out of a workshop that stands ready."""
    name = request.query_params.get("plan", "")
    language = page_language(request, site_of(request).settings.language)
    if not site_of(request).has_key(request) or name not in READY:
        return _nothing(request, language)
    return _document(await run_in_threadpool(reports.handout, standing_ready(name), language))


async def guide(request: Request) -> Response:
    """The facilitator's guide of the docs, with its script, worksheets and debrief, to read and to print."""
    language = page_language(request, site_of(request).settings.language)
    if not site_of(request).has_key(request):
        return _nothing(request, language)
    return _document(await run_in_threadpool(guide_page, language))


def guide_page(language: str) -> str:
    """The guide as one HTML file; links to other pages of the docs, which are not served, become plain words."""
    import markdown

    text = shipped(f"_docs/{language}/{GUIDE}", f"docs/{language}/{GUIDE}").read_text("utf-8")
    html = markdown.markdown(text, extensions=["tables", "fenced_code", "sane_lists"])
    body = Markup(LINK_TO_DOCS.sub(r"\1", html))
    return html_file(t("room.start.guide", language), element("body", element("main", body)), language)


async def room_handout(request: Request) -> Response:
    """The hand-out of a room's workshop."""
    found = _led(request)
    if found is None:
        return _nothing(request, site_of(request).settings.language)
    language = page_language(request, found[1].language)
    return _document(await run_in_threadpool(reports.handout, found[1].plan, language))


async def client_report(request: Request) -> Response:
    """The report for the client."""
    found = _led(request)
    if found is None:
        return _nothing(request, site_of(request).settings.language)
    site, room = found
    language, debrief = page_language(request, room.language), site.rooms.debrief(room.code)
    if debrief is None:
        return _later(request, language)
    return _document(
        await run_in_threadpool(reports.client_page, room, site.rooms.results(room.code), debrief, language)
    )


async def decisions_file(request: Request) -> Response:
    """The decisions as a table."""
    found = _led(request)
    return _table(found[1], "decisions", choices_csv.decisions_csv(found[1])) if found is not None else _no_file()


async def outcomes_file(request: Request) -> Response:
    """The outcomes as a table."""
    found = _led(request)
    if found is None:
        return _no_file()
    site, room = found
    return _table(room, "outcomes", choices_csv.outcomes_csv(room, site.rooms.results(room.code)))


async def takeaway(request: Request) -> Response:
    """The page that a participant takes home."""
    site = site_of(request)
    room = site.room(room_code(request))
    seat = site.seat(request, room) if room is not None else None
    if room is None or seat is None:
        return _nothing(request, site.settings.language)
    language, debrief = page_language(request, room.language), site.rooms.debrief(room.code)
    if debrief is None:
        return _later(request, language)
    results = site.rooms.results(room.code)
    return _document(await run_in_threadpool(reports.participant_page, room, results, debrief, seat.id, language))


def _led(request: Request) -> tuple[Site, Room] | None:
    site, code = site_of(request), room_code(request)
    room = site.room(code)
    return (site, room) if room is not None and site.facilitates(request, code) else None


def _table(room: Room, name: str, text: str) -> Response:
    shown = f'attachment; filename="ketensim-{room.code}-{name}.csv"'
    return Response(text.encode("utf-8-sig"), media_type="text/csv", headers={"Content-Disposition": shown})


def _no_file() -> Response:
    return Response("not found", NOT_FOUND, media_type="text/plain")


def _document(text: str) -> Response:
    return HTMLResponse(text, headers={"Content-Security-Policy": CONTENT})


def _nothing(request: Request, language: str) -> Response:
    return html_page(request, "message", language, status=NOT_FOUND, title=t("room.problem.not_here", language))


def _later(request: Request, language: str) -> Response:
    """The page for as long as the debriefing is being computed; it comes again by itself."""
    answer = html_page(request, "message", language, title=t("room.page.computing", language))
    answer.headers["Refresh"] = "4"
    return answer
