"""The facilitator's page of a room, and everything that the facilitator may do in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from ketensim.texts import t
from ketensim.workshop.game import log_entries as e
from ketensim.workshop.game.room import MESSAGE_LENGTH, NICKNAME_LENGTH, Room
from ketensim.workshop.game.seating import active_seats
from ketensim.workshop.web import identity
from ketensim.workshop.web.agreement_facts import terms_names
from ketensim.workshop.web.clock import now
from ketensim.workshop.web.facilitator.control_facts import control_facts
from ketensim.workshop.web.facilitator.page import key_asked
from ketensim.workshop.web.input import BadRequest, flag_in, number_in, steps_in, text_in, whole_in
from ketensim.workshop.web.rendering import live_page
from ketensim.workshop.web.room_facts import chain_words, slides
from ketensim.workshop.web.site import Site, site_of
from ketensim.workshop.web.stream import CONTROL, SCREEN
from ketensim.workshop.web.viewer import Viewer, viewer_of_leader
from ketensim.workshop.web.what_if import OTHER_CHOICES, WhatIf

TEXTS: Final = ("room.control", "room.shared", "room.script", "workshop.decision", "report.bar")
ENTRIES: Final[Mapping[str, tuple[type[e.LogEntry], Mapping[str, Callable[[Mapping[str, Any], str], Any]]]]] = {
    # what the page can send -> what then happens, and how its facts are read
    "on": (e.PhaseAdvanced, {"phase": text_in, "round": whole_in}),
    "back": (e.PhaseReversed, {"phase": text_in, "round": whole_in}),
    "pause": (e.ClockPaused, {}),
    "resume": (e.ClockResumed, {}),
    "extend": (e.TimeAdded, {"seconds": number_in}),
    "tell": (e.MessageSet, {"message": text_in}),
    "remove": (e.SeatRemoved, {"seat": text_in}),
    "admit": (e.SeatAdmitted, {"seat": text_in}),
    "door": (e.DoorSet, {"door": text_in}),
    "calm": (e.CalmSet, {"calm": flag_in}),
    "rename": (e.NicknameSet, {"seat": text_in, "nickname": text_in}),
    "move": (e.SeatMoved, {"seat": text_in, "table": whole_in, "role": text_in, "organisation": text_in}),
    "edit": (e.ChoiceCorrected, {"table": whole_in, "organisation": text_in, "steps": steps_in}),
    "reopen": (e.ChoiceReopened, {"table": whole_in, "organisation": text_in}),
    "close": (e.RoomClosed, {}),
}


async def control_page(request: Request) -> Response:
    """The page from which a room is led; who cannot show the secret is asked for it."""
    viewer = control_viewer(request)
    if viewer is None:
        return key_asked(request)
    data = {
        "base": f"/room/{viewer.code}",
        "query": f"?lang={viewer.language}",
        "message_length": MESSAGE_LENGTH,
        "nickname_length": NICKNAME_LENGTH,
        "other_choices": list(OTHER_CHOICES),
        "terms": terms_names(),
        "start": site_of(request).has_key(request),
    }
    title = t("room.control.title", viewer.language, code=viewer.code)
    words = chain_words(site_of(request).rooms.find(viewer.code), viewer.language)
    return live_page(request, title, viewer.language, "control", TEXTS, data, words=words)


def control_viewer(request: Request) -> Viewer | None:
    """The page of who leads the room."""
    return viewer_of_leader(request, CONTROL, control_facts)


async def control_act(site: Site, viewer: Viewer, data: dict[str, Any]) -> None:
    """Something that the facilitator does."""
    room = site.rooms.find(viewer.code)
    match data.get("do"):
        case "slide":
            _turn(site, room, text_in(data, "slide"))
        case "replay":
            _try_out(site, room, data)
        case "delete":
            if identity.plain_code(text_in(data, "code")) != room.code:
                raise BadRequest("other_code", 409)
            await site.delete(room.code)
        case "remove_away":
            away = [seat.id for seat in active_seats(room) if not site.is_there(room.code, seat.id)]
            await site.act(room.code, e.SeatsRemoved(at=now(), seats=away))
        case deed:
            after = await site.act(room.code, _entry(data))
            if deed == "on" and after.message:  # what was said in a phase is not true any more in the next
                await site.act(room.code, e.MessageSet(at=now(), message=""))


def _turn(site: Site, room: Room, slide: str) -> None:
    if slide not in slides(room):
        raise BadRequest
    site.slides[room.code] = slide
    site.readers.wake(room.code, {CONTROL, SCREEN})


def _try_out(site: Site, room: Room, data: dict[str, Any]) -> None:
    asked = WhatIf(
        whole_in(data, "table"), whole_in(data, "round"), text_in(data, "organisation"), text_in(data, "other")
    )
    known = 0 <= asked.table < room.plan.tables and 0 <= asked.round < room.ran and asked.other in OTHER_CHOICES
    if not known or (asked.organisation and asked.organisation not in room.start):
        raise BadRequest
    site.what_ifs.begin(room, asked)
    site.slides[room.code] = "what_if"  # the room sees it as soon as it is there
    site.readers.wake(room.code, {SCREEN})


def _entry(data: dict[str, Any]) -> e.LogEntry:
    deed = data.get("do")
    if not isinstance(deed, str) or deed not in ENTRIES:
        raise BadRequest
    kind, facts = ENTRIES[deed]
    return kind(at=now(), **{name: read(data, name) for name, read in facts.items()})
