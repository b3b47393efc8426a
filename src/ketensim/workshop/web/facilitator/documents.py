"""What can be taken along: QR code, hand-out, a participant's page, the report for the client, the table of decisions."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from functools import partial

import segno
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from ketensim.scenario.shipped import shipped_path
from ketensim.texts import t
from ketensim.views.drawing.html_file import html_file
from ketensim.views.drawing.markup import Markup, element
from ketensim.views.drawing.palette import INK, PAPER
from ketensim.views.drawing.spreadsheet import WORKBOOK_TYPE, dutch_csv, sheet_of_csv
from ketensim.workshop.game.plans import READY
from ketensim.workshop.game.room import Room
from ketensim.workshop.paper import choices_csv
from ketensim.workshop.paper import workshop_report as reports
from ketensim.workshop.paper.room_workbook import room_workbook
from ketensim.workshop.web.facilitator.plan_form import standing_ready
from ketensim.workshop.web.input import NotHere
from ketensim.workshop.web.rendering import html_page, page_language
from ketensim.workshop.web.site import Site, room_code, site_of

GUIDE = "workshop.md"
LINK_TO_DOCS = re.compile(r'<a href="(?!https?:)[^"]*">(.*?)</a>', re.DOTALL)
# these pages carry their style inside, so that they can be kept as one file; still no script runs in them
CONTENT = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)


async def qr_code(request: Request) -> Response:
    """The address of the phones as a QR code."""
    site, room = _led(request)
    drawn = io.BytesIO()
    made = segno.make(site.join_address(room), error="m")
    made.save(drawn, kind="svg", border=2, scale=10, dark=INK, light=PAPER, xmldecl=False)
    return Response(drawn.getvalue(), media_type="image/svg+xml")


async def ready_handout(request: Request) -> Response:
    """The hand-out of a workshop that stands ready."""
    name, site = request.query_params.get("plan", ""), site_of(request)
    if not site.has_key(request) or name not in READY:
        raise NotHere
    language = page_language(request, site.settings.language)
    return _document(await run_in_threadpool(reports.handout, standing_ready(name), language))


async def guide(request: Request) -> Response:
    """The facilitator's guide of the docs, with its script, worksheets and debrief, to read and to print."""
    site = site_of(request)
    if not site.has_key(request):
        raise NotHere
    return _document(await run_in_threadpool(guide_page, page_language(request, site.settings.language)))


def guide_page(language: str) -> str:
    """The guide as one HTML file; links to other pages of the docs, which are not served, become plain words."""
    import markdown

    text = shipped_path(f"_docs/{language}/{GUIDE}", f"docs/{language}/{GUIDE}").read_text("utf-8")
    html = markdown.markdown(text, extensions=["tables", "fenced_code", "sane_lists"])
    body = Markup(LINK_TO_DOCS.sub(r"\1", html))
    return html_file(t("room.start.guide", language), element("body", element("main", body)), language)


async def room_handout(request: Request) -> Response:
    """The hand-out of a room's workshop."""
    _, room = _led(request)
    return _document(await run_in_threadpool(reports.handout, room.plan, page_language(request, room.language)))


async def client_report(request: Request) -> Response:
    """The report for the client."""
    site, room = _led(request)
    return await _from_debrief(request, site, room, reports.client_page)


async def decisions_file(request: Request) -> Response:
    """The decisions as a table."""
    _, room = _led(request)
    return _table(room, "decisions", choices_csv.decisions_csv(room))


async def outcomes_file(request: Request) -> Response:
    """The outcomes as a table."""
    site, room = _led(request)
    return _table(room, "outcomes", choices_csv.outcomes_csv(room, site.rooms.results(room.code)))


async def agreements_file(request: Request) -> Response:
    """The agreements between teams as a table."""
    site, room = _led(request)
    return _table(room, "agreements", choices_csv.agreements_csv(room, site.rooms.results(room.code)))


async def spreadsheet_file(request: Request) -> Response:
    """Decisions, outcomes and agreements as a workbook with a sheet each, and one that says what was played."""
    site, room = _led(request)
    tables = {name: sheet_of_csv(text) for name, text in _tables_of(site, room).items()}
    content = await run_in_threadpool(room_workbook, room, tables, page_language(request, room.language))
    shown = f'attachment; filename="ketensim-{room.code}.xlsx"'
    return Response(content, media_type=WORKBOOK_TYPE, headers={"Content-Disposition": shown})


async def dutch_file(request: Request) -> Response:
    """One of the tables as a spreadsheet that is set to Dutch reads them."""
    site, room = _led(request)
    name = request.path_params["name"]
    tables = _tables_of(site, room)
    if name not in tables:
        raise NotHere
    shown = f'attachment; filename="ketensim-{room.code}-{name}-nl.csv"'
    text = dutch_csv(sheet_of_csv(tables[name]))
    return Response(text.encode(), media_type="text/csv", headers={"Content-Disposition": shown})


def _tables_of(site: Site, room: Room) -> dict[str, str]:
    """The tables of a room by name, as CSV for machines."""
    results = site.rooms.results(room.code)
    return {
        "decisions": choices_csv.decisions_csv(room),
        "outcomes": choices_csv.outcomes_csv(room, results),
        "agreements": choices_csv.agreements_csv(room, results),
    }


async def takeaway(request: Request) -> Response:
    """The page that a participant takes home."""
    site = site_of(request)
    room = site.room(room_code(request))
    seat = site.seat(request, room) if room is not None else None
    if room is None or seat is None:
        raise NotHere
    return await _from_debrief(request, site, room, partial(reports.participant_page, seat.id))


async def _from_debrief(request: Request, site: Site, room: Room, page: Callable[..., str]) -> Response:
    """A page about a workshop that has been debriefed; as long as that is being computed, one that comes again by itself."""
    language, debrief = page_language(request, room.language), site.rooms.debrief(room.code)
    if debrief is None:
        answer = html_page(request, "message", language, title=t("room.page.computing", language))
        answer.headers["Refresh"] = "4"
        return answer
    return _document(await run_in_threadpool(page, room, site.rooms.results(room.code), debrief, language))


def _led(request: Request) -> tuple[Site, Room]:
    site, code = site_of(request), room_code(request)
    room = site.room(code)
    if room is None or not site.facilitates(request, code):
        raise NotHere
    return site, room


def _table(room: Room, name: str, text: str) -> Response:
    shown = f'attachment; filename="ketensim-{room.code}-{name}.csv"'
    return Response(text.encode("utf-8-sig"), media_type="text/csv", headers={"Content-Disposition": shown})


def _document(text: str) -> Response:
    return HTMLResponse(text, headers={"Content-Security-Policy": CONTENT})
