"""The projector's page: one page whose script draws the picture that the facilitator has turned to."""

from __future__ import annotations

from typing import Final

from starlette.requests import Request
from starlette.responses import Response

from ketensim.texts import t
from ketensim.workshop.web.agreement_facts import terms_names
from ketensim.workshop.web.input import redirect_to
from ketensim.workshop.web.projector.screen_facts import screen_facts
from ketensim.workshop.web.rendering import live_page
from ketensim.workshop.web.room_facts import chain_words
from ketensim.workshop.web.site import room_code, site_of
from ketensim.workshop.web.stream import SCREEN
from ketensim.workshop.web.viewer import Viewer, viewer_of_leader

TEXTS: Final = ("room.screen", "room.shared", "workshop.decision", "workshop.lost", "report.bar")


async def screen_page(request: Request) -> Response:
    """The page of a room; who may not lead the room is sent to where that is asked."""
    viewer = screen_viewer(request)
    if viewer is None:
        return redirect_to(f"/room/{room_code(request)}")
    base, language = f"/room/{viewer.code}", viewer.language
    plan = site_of(request).rooms.find(viewer.code).plan
    data = {"base": f"{base}/screen", "qr": f"{base}/qr.svg", "query": f"?lang={language}", "weeks": plan.weeks}
    data |= {"terms": terms_names()}
    words = chain_words(site_of(request).rooms.find(viewer.code), language)
    title = t("room.screen.title", language, code=viewer.code)
    return live_page(request, title, language, "screen", TEXTS, data, words=words, projector=True)


async def newest_screen(request: Request) -> Response:
    """``/scherm``: the projector of the newest room that this browser may lead."""
    site = site_of(request)
    led = [room for room in site.open_rooms() if site.facilitates(request, room.code)]
    return redirect_to(f"/room/{max(led, key=lambda room: room.created).code}/screen" if led else "/")


def screen_viewer(request: Request) -> Viewer | None:
    """The projector of who leads the room."""
    return viewer_of_leader(request, SCREEN, screen_facts)
