"""What the facilitator's page shows: who is in, who waits, what every team has chosen."""

from __future__ import annotations

from typing import Final

from ketensim.workshop.game import rounds
from ketensim.workshop.game.room import Phase, Room, Seat
from ketensim.workshop.game.rounds import HALVES
from ketensim.workshop.game.seating import active_seats, seats_of, teams, waiting_seats
from ketensim.workshop.web.agreement_facts import agreements_at_tables
from ketensim.workshop.web.identity import rejoin_code
from ketensim.workshop.web.result_facts import mean_prediction, table_scores
from ketensim.workshop.web.room_facts import (
    AFTER_RUN,
    current_slide,
    events_ahead,
    open_decisions,
    organisation_names,
    shared_facts,
    slides,
    team_facts,
)
from ketensim.workshop.web.site import Site
from ketensim.workshop.web.stream import SCREEN, Facts
from ketensim.workshop.web.what_if import what_if_sentence

WITH_CHOICES: Final = (Phase.DECIDE, *HALVES, Phase.REVEAL)


def control_facts(site: Site, room: Room, language: str) -> Facts:
    """The facilitator's page."""
    facts = shared_facts(site.rooms, room, language) | {
        "code": room.code,
        "join": site.join_address(room),
        "delete_at": room.delete_at,
        "tables": room.plan.tables,
        "team_size": room.plan.team_size,
        "people": [_person(site, room, seat) for seat in active_seats(room)],
        "door": room.door.value,
        "at_the_door": [{"id": seat.id, "nickname": seat.nickname} for seat in waiting_seats(room)],
        "organisations": [{"id": id, "name": name} for id, name in organisation_names(room, language).items()],
        "teams": [team_facts(room, team) | {"people": len(seats_of(room, team))} for team in teams(room)],
        "waiting": [list(team) for team in rounds.waiting_for(room)],
        "not_predicted": [seat.id for seat in rounds.not_predicted(room)],
        "slide": current_slide(room, site.slides.get(room.code, "")),
        "slides": slides(room),
        "screens": site.is_present(room.code, SCREEN),
        "debriefed": site.rooms.debrief(room.code) is not None,
        "played": room.ran,
        "surprise": events_ahead(room, language, surprise=True),
        "replays": [what_if_sentence(room, *answer, language) for answer in site.what_ifs.of(room.code)],
        "replaying": site.what_ifs.busy(room.code),
    }
    if room.phase in WITH_CHOICES:
        facts["open"] = open_decisions(room)
        facts["agreements"] = agreements_at_tables(room, room.round)
    result = site.rooms.result(room.code, room.round)
    if result is not None and room.phase in AFTER_RUN:
        facts["outcome"] = [
            table_scores(table) | {"expected": mean_prediction(room, table.table, room.round)}
            for table in result.tables
        ]
    return facts


def _person(site: Site, room: Room, seat: Seat) -> Facts:
    return {
        "id": seat.id,
        "nickname": seat.nickname,
        "table": seat.table,
        "role": seat.role.value,
        "organisation": seat.organisation,
        "here": site.is_present(room.code, seat.id),
        "robot": site.rehearsals.plays(room.code, seat.id),
        "rejoin": rejoin_code(room, seat),
    }
