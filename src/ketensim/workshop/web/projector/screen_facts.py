"""What the projector shows: what everybody may see, and never the name of a person."""

from __future__ import annotations

from ketensim.workshop.game import rounds
from ketensim.workshop.game.choices import team_choice
from ketensim.workshop.game.room import Phase, Role, Room, Team
from ketensim.workshop.game.rounds import HALVES
from ketensim.workshop.game.seating import active_seats, seats_of, teams
from ketensim.workshop.web.agreement_facts import agreements_at_tables
from ketensim.workshop.web.projector.debrief_facts import debrief_facts
from ketensim.workshop.web.result_facts import (
    film_facts,
    histogram,
    mean_prediction,
    nearest_prediction,
    table_facts,
    table_scores,
)
from ketensim.workshop.web.room_facts import (
    current_slide,
    happened,
    open_decisions,
    organisation_names,
    shared_facts,
    team_facts,
)
from ketensim.workshop.web.site import Site
from ketensim.workshop.web.stream import Facts


def screen_facts(site: Site, room: Room, language: str) -> Facts:
    """The projector's page."""
    here = active_seats(room)
    slide = current_slide(room, site.slides.get(room.code, ""))
    facts = shared_facts(site.rooms, room, language) | {
        "code": room.code,
        "join": site.join_address(room),
        "door": room.door.value,
        "slide": slide,
        "tables": room.plan.tables,
        "people": len(here),
        "observers": sum(seat.role is not Role.TEAM for seat in here),
        "organisations": [{"id": id, "name": name} for id, name in organisation_names(room, language).items()],
    }
    if room.phase is Phase.LOBBY:
        facts["teams"] = [[team.table, team.organisation, len(seats_of(room, team))] for team in teams(room)]
    if room.phase is Phase.PREDICT:
        before = site.rooms.result(room.code, room.round - 1)
        facts["predicted"] = len(here) - len(rounds.not_predicted(room))
        facts["before"] = [] if before is None else [table_scores(table) for table in before.tables]
    if room.phase is Phase.DECIDE:
        facts["teams"] = [_decided(room, team) for team in teams(room)]
        facts["open"] = [decision["name"] for decision in open_decisions(room)]
    if room.phase in (Phase.DECIDE, Phase.MOMENT):
        facts["agreements"] = agreements_at_tables(room, room.round)
    if room.phase in HALVES:
        facts["films"] = _films(site, room)
        facts["happened"] = happened(room, room.round, language)
        facts["parts"] = list(room.plan.stretches)
        facts["seconds"] = 60 * room.plan.rounds[room.round].minutes_run
    if room.phase is Phase.REVEAL:
        facts["result"] = _result(site, room)
        facts["agreements"] = agreements_at_tables(room, room.round, site.rooms.result(room.code, room.round))
    if room.phase is Phase.REVEAL and slide == "choices":
        facts["choices"] = {"open": open_decisions(room), "teams": [team_facts(room, team) for team in teams(room)]}
    if room.phase in (Phase.DEBRIEF, Phase.CLOSED):
        facts["debrief"] = debrief_facts(site, room, slide, language)
    return facts


def _decided(room: Room, team: Team) -> Facts:
    """Whether a team has decided, and not what."""
    people = len(seats_of(room, team))
    final = people > 0 and team_choice(room, team).final
    return {"table": team.table, "organisation": team.organisation, "people": people, "final": final}


def _films(site: Site, room: Room) -> list[Facts] | None:
    """The weeks of this round at every table, as far as they have been run and computed."""
    parts = site.rooms.halves(room.code)
    if not parts or site.rooms.lacks(room.code):
        return None
    shown, names = site.rooms.shown(room.code), list(room.start)
    return [film_facts([part[table] for part in parts], names, shown) for table in range(room.plan.tables)]


def _result(site: Site, room: Room) -> list[Facts] | None:
    result = site.rooms.result(room.code, room.round)
    if result is None:
        return None
    return [
        table_facts(table)
        | {
            "histogram": histogram(room, table.table, room.round),
            "expected": mean_prediction(room, table.table, room.round),
            "nearest": nearest_prediction(room, table, room.round),
        }
        for table in result.tables
    ]
