"""The participant's page: one page whose script draws what the newest snapshot says, and what it may send."""

from __future__ import annotations

from typing import Any, Final

from starlette.requests import Request
from starlette.responses import Response

from ketensim.workshop.game import log_entries
from ketensim.workshop.game.choices import team_choice
from ketensim.workshop.game.room import NICKNAME_LENGTH, Phase, Role, Room, Seat
from ketensim.workshop.web.agreement_facts import terms_names
from ketensim.workshop.web.clock import now
from ketensim.workshop.web.input import BadRequest, number_in, redirect_to, steps_in, text_in, whole_in
from ketensim.workshop.web.phone.phone_facts import phone_facts
from ketensim.workshop.web.rendering import live_page, page_language
from ketensim.workshop.web.room_facts import chain_words
from ketensim.workshop.web.site import Site, room_code, site_of
from ketensim.workshop.web.stream import Facts
from ketensim.workshop.web.viewer import Viewer

TEXTS: Final = ("room.phone", "room.shared", "workshop.decision", "workshop.lost", "report.bar")


async def phone_page(request: Request) -> Response:
    """The page of a seat; who has none is asked whether to join."""
    site, viewer = site_of(request), phone_viewer(request)
    if viewer is None:
        return redirect_to(f"/m/{room_code(request)}")
    room, language = site.rooms.find(viewer.code), viewer.language
    data = {
        "base": f"/m/{viewer.code}",
        "query": f"?lang={language}",
        "nickname_length": NICKNAME_LENGTH,
        "weeks": site.rooms.find(viewer.code).plan.weeks,
        "terms": terms_names(),
    }
    title, words = room.plan.title.in_language(language), chain_words(room, language)
    return live_page(request, title, language, "phone", TEXTS, data, words=words)


def phone_viewer(request: Request) -> Viewer | None:
    """The browser of a seat."""
    site, code = site_of(request), room_code(request)
    room = site.room(code)
    seat = site.seat(request, room) if room is not None else None
    if room is None or seat is None:
        return None
    language, seat_id = page_language(request, room.language), seat.id
    return Viewer(code, seat_id, language, lambda: _snapshot(site, code, seat_id, language))


async def phone_act(site: Site, viewer: Viewer, data: dict[str, Any]) -> None:
    """Something that a participant does; what is not for this seat, this round or this moment is refused."""
    room = site.rooms.find(viewer.code)
    entry = _entry(room, room.seats[viewer.name], data)
    if entry is not None:
        await site.act(viewer.code, entry)


def _entry(room: Room, seat: Seat, data: dict[str, Any]) -> log_entries.LogEntry | None:
    """What was sent, as a deed of this very seat; None when it has been done already (a repeated sending)."""
    at = now()
    match data.get("do"):
        case "name":
            return log_entries.NicknameSet(at=at, seat=seat.id, nickname=text_in(data, "nickname"))
        case "predict":
            _this_round(room, data, Phase.PREDICT)
            return log_entries.PredictionMade(at=at, seat=seat.id, share=number_in(data, "share"))
        case "choose":
            _this_round(room, data, Phase.DECIDE)
            steps, final = steps_in(data, "steps"), data.get("final") is True
            if final and seat.role is Role.TEAM and _is_final_already(room, seat, steps):
                return None
            return log_entries.ChoiceMade(at=at, seat=seat.id, steps=steps, final=final)
        case "change":
            _this_round(room, data, Phase.MOMENT)
            decision, step = text_in(data, "decision"), whole_in(data, "step")
            return log_entries.StepChanged(at=at, seat=seat.id, decision=decision, step=step)
        case "table":
            return log_entries.TableNamed(at=at, seat=seat.id, name=text_in(data, "name"))
    return _between(room, seat, data, at)


def _between(room: Room, seat: Seat, data: dict[str, Any], at: float) -> log_entries.LogEntry:
    """What was sent about a relation with a partner."""
    with_partner: dict[str, Any] = {"at": at, "seat": seat.id, "partner": text_in(data, "partner")}
    match data.get("do"):
        case "propose":
            _this_round(room, data, Phase.DECIDE)
            frame, time_ = whole_in(data, "frame"), whole_in(data, "time")
            return log_entries.AgreementProposed(**with_partner, frame=frame, time=time_)
        case "answer":
            _this_round(room, data, Phase.DECIDE)
            return log_entries.AgreementAnswered(**with_partner, accepted=data.get("accepted") is True)
        case "hold":
            _this_round(room, data, Phase.MOMENT if room.phase is Phase.MOMENT else Phase.DECIDE)
            return log_entries.AgreementHeld(**with_partner, held=data.get("held") is True)
    raise BadRequest


def _is_final_already(room: Room, seat: Seat, steps: dict[str, int]) -> bool:
    own = team_choice(room, seat.team)
    return own.final and {**own.steps, **steps} == dict(own.steps)


def _this_round(room: Room, data: dict[str, Any], phase: Phase) -> None:
    """Refuse what a sleeping phone sends for a round that is over."""
    if whole_in(data, "round") != room.round or room.phase is not phase:
        raise BadRequest("other_round", 409)


def _snapshot(site: Site, code: str, seat_id: str, language: str) -> Facts | None:
    room = site.room(code)
    seat = room.seats.get(seat_id) if room is not None else None
    if room is not None and seat is not None and seat.waiting:
        return {"at_the_door": True, "deadline": None}
    if room is None or seat is None or not seat.active:
        return None
    return phone_facts(site, room, seat, language)
