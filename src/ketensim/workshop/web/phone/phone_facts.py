"""What a phone shows: what everybody may see, and the own seat, team and advice."""

from __future__ import annotations

from ketensim.workshop.game.choices import team_choice
from ketensim.workshop.game.room import Phase, Role, Room, Seat
from ketensim.workshop.game.seating import seats_of
from ketensim.workshop.runs.round_results import mean_of_known
from ketensim.workshop.web.identity import rejoin_code
from ketensim.workshop.web.result_facts import (
    goal_facts,
    hours_facts,
    mean_prediction,
    organisation_result_facts,
    short_number,
)
from ketensim.workshop.web.room_facts import (
    AFTER_RUN,
    chain_summary,
    choice_facts,
    open_decisions,
    organisation_facts,
    organisation_names,
    shared_facts,
)
from ketensim.workshop.web.site import Site
from ketensim.workshop.web.stream import Facts


def phone_facts(site: Site, room: Room, seat: Seat, language: str) -> Facts:
    """One participant's page."""
    names = organisation_names(room, language)
    organisations = organisation_facts(room.scenario, language)
    facts = shared_facts(site.rooms, room, language) | {
        "me": _seat(room, seat, names),
        "about": next((part for part in organisations if part["id"] == seat.organisation), None),
        "prediction": room.predictions.get((room.round, seat.id)),
        "delete_at": room.delete_at,
    }
    if room.phase is Phase.LOBBY:
        facts["summary"] = chain_summary(room.scenario, language)
    if room.phase is Phase.DECIDE:
        facts["decide"] = _decide(room, seat)
    number = room.round if room.phase in AFTER_RUN else room.round - 1
    if room.phase is not Phase.RUN and number >= 0:
        facts["last"] = _last(site, room, seat, number, names)
    return facts


def _seat(room: Room, seat: Seat, names: dict[str, str]) -> Facts:
    return {
        "nickname": seat.nickname,
        "table": seat.table,
        "tables": room.plan.tables,
        "role": seat.role.value,
        "organisation": names.get(seat.organisation, ""),
        "rejoin": rejoin_code(room, seat),
        "team": [other.nickname for other in seats_of(room, seat.team, seat.role) if other.id != seat.id],
    }


def _decide(room: Room, seat: Seat) -> Facts:
    facts: Facts = {"open": open_decisions(room)}
    if seat.role is Role.OBSERVER:
        return facts
    team = choice_facts(team_choice(room, seat.team))
    if seat.role is Role.MIRROR:
        own = dict(room.advice.get((room.round, seat.id), {}))
        return facts | {"steps": team["steps"] | own, "final": False, "given": bool(own)}
    advisers = [(room.round, other.id) for other in seats_of(room, seat.team, Role.MIRROR)]
    return facts | team | {"advice": [dict(room.advice[key]) for key in advisers if key in room.advice]}


def _last(site: Site, room: Room, seat: Seat, number: int, names: dict[str, str]) -> Facts | None:
    result = site.rooms.result(room.code, number)
    if result is None:
        return None
    table = result.tables[seat.table]
    return {
        "round": number,
        "goal": goal_facts(table),
        "prediction": room.predictions.get((number, seat.id)),
        "expected": mean_prediction(room, seat.table, number),
        "own": organisation_result_facts(table, seat.organisation),
        "hours": hours_facts(table.hours),
        "sight": {
            "seen": short_number(mean_of_known(table.sight.seen)),
            "there": short_number(mean_of_known(table.sight.there)),
            "most_mistaken": names.get(table.sight.most_mistaken, ""),
        },
    }
