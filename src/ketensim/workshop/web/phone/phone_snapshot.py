"""What every page of a room shows at the top, and what a phone shows: each only what that audience may see."""

from __future__ import annotations

from typing import Any

from ketensim.workshop.game import rounds
from ketensim.workshop.game.decisions import DECISIONS
from ketensim.workshop.game.plans import open_in
from ketensim.workshop.game.room import Choice, Phase, Role, Room, Seat
from ketensim.workshop.game.seating import active_seats
from ketensim.workshop.web import chain, identity, shown_results
from ketensim.workshop.web.join import passes
from ketensim.workshop.web.site import Site

Facts = dict[str, Any]
SURPRISES = ("incident",)
AFTER_RUN = (Phase.REVEAL, Phase.DEBRIEF, Phase.CLOSED)


def common(site: Site, room: Room, language: str) -> Facts:
    """What everybody in a room may know."""
    return {
        "phase": room.phase.value,
        "round": room.round,
        "rounds": len(room.plan.rounds),
        "deadline": room.deadline,
        "paused": room.paused is not None,
        "left": None if room.paused is None else rounds.seconds_left(room, room.paused),
        "message": room.message,
        "title": room.plan.title.in_language(language),
        "chain": chain.title(room, language),
        "computed": site.rooms.result(room.code, room.round) is not None,
        "known": happens(room, language, surprise=False),
    }


def happens(room: Room, language: str, *, surprise: bool) -> list[str]:
    """What is still to happen in this round: what everybody may hear beforehand, or what comes unexpectedly."""
    if room.phase not in (Phase.PREDICT, Phase.DECIDE):
        return []
    events = room.plan.rounds[room.round].events
    return [one.label.in_language(language) for one in events if (one.type in SURPRISES) is surprise]


def for_phone(site: Site, room: Room, seat: Seat, language: str) -> Facts:
    """One participant's page."""
    names = chain.names(room, language)
    found = common(site, room, language) | {
        "token": identity.token_of(passes.pass_of(room, seat)),
        "me": {
            "nickname": seat.nickname,
            "table": seat.table,
            "tables": room.plan.tables,
            "role": seat.role.value,
            "organisation": names.get(seat.organisation, ""),
            "rejoin": passes.rejoin_code(room, seat),
            "team": [
                other.nickname
                for other in active_seats(room)
                if other.team == seat.team and other.role == seat.role and other.id != seat.id
            ],
        },
        "about": next((one for one in chain.organisations(room, language) if one["id"] == seat.organisation), None),
        "prediction": room.predictions.get((room.round, seat.id)),
        "delete_at": room.delete_at,
    }
    if room.phase is Phase.LOBBY:
        found["summary"] = chain.summary(room.scenario, language)
    if room.phase is Phase.DECIDE:
        found["decide"] = _decide(room, seat)
    number = room.round if room.phase in AFTER_RUN else room.round - 1
    if room.phase is not Phase.RUN and number >= 0:
        found["last"] = _last(site, room, seat, number, names)
    return found


def choice_facts(choice: Choice) -> Facts:
    """A choice as the pages use it."""
    return {"steps": dict(choice.steps), "by": choice.by.value, "final": choice.final}


def decisions(room: Room, number: int) -> list[Facts]:
    """The decisions that are open in a round, with the names of their steps."""
    return [{"name": name, "steps": list(DECISIONS[name].steps)} for name in open_in(room.plan, number)]


def _decide(room: Room, seat: Seat) -> Facts:
    found: Facts = {"open": decisions(room, room.round)}
    if seat.role is Role.OBSERVER:
        return found
    team = choice_facts(rounds.choice_of(room, seat.team))
    if seat.role is Role.MIRROR:
        own = dict(room.advice.get((room.round, seat.id), {}))
        return found | {"steps": team["steps"] | own, "final": False, "given": bool(own)}
    advisers = [other.id for other in active_seats(room) if other.role is Role.MIRROR and other.team == seat.team]
    advice = [dict(room.advice[room.round, id]) for id in advisers if (room.round, id) in room.advice]
    return found | team | {"advice": advice}


def _last(site: Site, room: Room, seat: Seat, number: int, names: dict[str, str]) -> Facts | None:
    result = site.rooms.result(room.code, number)
    table = shown_results.of_table(result, seat.table) if result is not None else None
    if table is None:
        return None
    return {
        "round": number,
        "goal": shown_results.goal(table),
        "prediction": room.predictions.get((number, seat.id)),
        "expected": shown_results.mean_prediction(room, seat.table, number),
        "own": shown_results.of_organisation(table, seat.organisation),
        "hours": shown_results.hours(table.hours),
        "sight": {
            "seen": shown_results.mean_of(table.sight.seen),
            "there": shown_results.mean_of(table.sight.there),
            "by": shown_results.rounded(table.sight.seen_by.get(seat.organisation)),
            "most_mistaken": names.get(table.sight.most_mistaken, ""),
        },
        "interventions": round(float(table.interventions), 1),
    }
