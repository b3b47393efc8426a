"""What the projector shows: what everybody may see, and never the name of a person."""

from __future__ import annotations

from typing import Any

from ketensim.workshop.game import rounds
from ketensim.workshop.game.room import Phase, Role, Room
from ketensim.workshop.game.seating import active_seats, seats_of, teams
from ketensim.workshop.web import chain, debriefing, shown_results
from ketensim.workshop.web.facilitator.control_snapshot import join_address
from ketensim.workshop.web.phone import phone_snapshot
from ketensim.workshop.web.projector import slides
from ketensim.workshop.web.site import Site

Facts = dict[str, Any]


def for_screen(site: Site, room: Room, language: str) -> Facts:
    """The projector's page."""
    here = active_seats(room)
    slide = slides.shown(site, room)
    found = phone_snapshot.common(site, room, language) | {
        "code": room.code,
        "join": join_address(site, room),
        "slide": slide,
        "tables": room.plan.tables,
        "people": len(here),
        "per_table": [sum(seat.table == table for seat in here) for table in range(room.plan.tables)],
        "observers": sum(seat.role is not Role.TEAM for seat in here),
        "organisations": [{"id": id, "name": name} for id, name in chain.names(room, language).items()],
    }
    if room.phase is Phase.LOBBY:
        found["teams"] = [[team.table, team.organisation, len(seats_of(room, team))] for team in teams(room)]
    if room.phase is Phase.PREDICT:
        found["predicted"] = len(here) - len(rounds.not_predicted(room))
        found["before"] = _goals(site, room, room.round - 1)
    if room.phase is Phase.DECIDE:
        found["teams"] = [_decided(room, team) for team in teams(room)]
        found["open"] = [one["name"] for one in phone_snapshot.decisions(room, room.round)]
    if room.phase in (Phase.RUN, Phase.REVEAL):
        found["result"] = _result(site, room)
        found["happened"] = _happened(room, language)
    if room.phase is Phase.REVEAL and slide == "choices":
        found["choices"] = _choices(room)
    if room.phase in (Phase.DEBRIEF, Phase.CLOSED):
        found["debrief"] = debriefing.for_screen(site, room, slide, language)
    return found


def _decided(room: Room, team: Any) -> Facts:
    people = len(seats_of(room, team))
    return {
        "table": team.table,
        "organisation": team.organisation,
        "people": people,
        "final": people > 0 and rounds.choice_of(room, team).final,
    }


def _goals(site: Site, room: Room, number: int) -> list[Facts]:
    result = site.rooms.result(room.code, number) if number >= 0 else None
    return [] if result is None else [{"table": one.table, "goal": shown_results.goal(one)} for one in result.tables]


def _result(site: Site, room: Room) -> list[Facts] | None:
    result = site.rooms.result(room.code, room.round)
    if result is None:
        return None
    first = {"first_week": result.first_week}
    return [
        shown_results.for_screen(one)
        | first
        | {
            "histogram": shown_results.histogram(room, one.table, room.round),
            "expected": shown_results.mean_prediction(room, one.table, room.round),
        }
        for one in result.tables
    ]


def _happened(room: Room, language: str) -> list[Facts]:
    return [
        {"week": event.week, "label": event.label.in_language(language), "type": event.type}
        for event in room.plan.rounds[room.round].events
    ]


def _choices(room: Room) -> Facts:
    """How the organisations of a table chose: a team stands for its organisation, nobody is named."""
    return {
        "open": phone_snapshot.decisions(room, room.round),
        "teams": [
            {
                "table": team.table,
                "organisation": team.organisation,
                **phone_snapshot.choice_facts(rounds.choice_of(room, team)),
            }
            for team in teams(room)
        ],
    }
