"""What the facilitator's page shows: who is in, who waits, what every team has chosen."""

from __future__ import annotations

from typing import Any

from ketensim.workshop.game import rounds
from ketensim.workshop.game.room import Phase, Room
from ketensim.workshop.game.seating import active_seats, seats_of, teams
from ketensim.workshop.web import chain, debriefing, shown_results
from ketensim.workshop.web.join import passes
from ketensim.workshop.web.phone import phone_snapshot
from ketensim.workshop.web.projector import slides
from ketensim.workshop.web.site import Site
from ketensim.workshop.web.stream import SCREEN

Facts = dict[str, Any]
WITH_CHOICES = (Phase.DECIDE, Phase.RUN, Phase.REVEAL)


def for_control(site: Site, room: Room, language: str, token: str) -> Facts:
    """The facilitator's page."""
    here = [_person(site, room, seat.id) for seat in active_seats(room)]
    found = phone_snapshot.common(site, room, language) | {
        "token": token,
        "code": room.code,
        "join": join_address(site, room),
        "delete_at": room.delete_at,
        "tables": room.plan.tables,
        "team_size": room.plan.team_size,
        "people": here,
        "organisations": [{"id": id, "name": name} for id, name in chain.names(room, language).items()],
        "teams": [_team(room, team) for team in teams(room)],
        "waiting": [list(team) for team in rounds.waiting_for(room)],
        "not_predicted": [seat.id for seat in rounds.not_predicted(room)],
        "slide": slides.shown(site, room),
        "slides": slides.possible(site, room),
        "screens": site.is_present(room.code, SCREEN),
        "debriefed": site.rooms.debrief(room.code) is not None,
        "played": room.ran,
        "surprise": phone_snapshot.happens(room, language, surprise=True),
        "replays": [{"words": debriefing.told(room, one, language)} for one in site.replays.of(room.code)],
        "replaying": site.replays.busy(room.code),
    }
    if room.phase in WITH_CHOICES:
        found["open"] = phone_snapshot.decisions(room, room.round)
    result = site.rooms.result(room.code, room.round)
    if result is not None and room.phase in phone_snapshot.AFTER_RUN:
        found["outcome"] = [
            {
                "table": table.table,
                "goal": shown_results.goal(table),
                "expected": shown_results.mean_prediction(room, table.table, room.round),
            }
            for table in result.tables
        ]
    return found


def join_address(site: Site, room: Room) -> str:
    """Where the phones of a room go."""
    return f"{site.settings.join_address}/m/{room.code}"


def _person(site: Site, room: Room, seat_id: str) -> Facts:
    seat = room.seats[seat_id]
    return {
        "id": seat.id,
        "nickname": seat.nickname,
        "table": seat.table,
        "role": seat.role.value,
        "organisation": seat.organisation,
        "here": site.is_present(room.code, seat.id),
        "robot": site.rehearsals.plays(room.code, seat.id),
        "rejoin": passes.rejoin_code(room, seat),
    }


def _team(room: Room, team: Any) -> Facts:
    choice = rounds.choice_of(room, team)
    return {
        "table": team.table,
        "organisation": team.organisation,
        "people": len(seats_of(room, team)),
        **phone_snapshot.choice_facts(choice),
    }
