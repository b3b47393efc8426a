"""What a phone shows: what everybody may see, and the own seat, team and advice."""

from __future__ import annotations

from ketensim.workshop.game.choices import SECONDS_TO_OBJECT, changeable_until, team_choice
from ketensim.workshop.game.room import Phase, Role, Room, Seat
from ketensim.workshop.game.seating import seats_of
from ketensim.workshop.runs.table_half import mean_of_known
from ketensim.workshop.web.agreement_facts import agreements_at_tables, partner_facts
from ketensim.workshop.web.identity import rejoin_code
from ketensim.workshop.web.result_facts import (
    hours_facts,
    mean_prediction,
    nearest_prediction,
    organisation_result_facts,
    own_film_facts,
    short_number,
    table_scores,
)
from ketensim.workshop.web.room_facts import (
    AFTER_RUN,
    chain_summary,
    choice_facts,
    decision_facts,
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
        facts["decide"] = _decide(room, seat, names)
    if room.phase in (Phase.RUN, Phase.MOMENT, Phase.SECOND):
        facts["film"] = _film(site, room, seat)
        facts["seconds"] = 60 * room.plan.rounds[room.round].minutes_run
    if room.phase is Phase.MOMENT:
        facts["moment"] = _moment(room, seat, names)
    number = room.round if room.phase in AFTER_RUN else room.round - 1
    if room.phase not in (Phase.RUN, Phase.MOMENT, Phase.SECOND) and number >= 0:
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


def _decide(room: Room, seat: Seat, names: dict[str, str]) -> Facts:
    facts: Facts = {"open": open_decisions(room)}
    if seat.role is Role.OBSERVER:
        return facts
    choice = team_choice(room, seat.team)
    team = choice_facts(choice)
    if seat.role is Role.MIRROR:
        own = dict(room.advice.get((room.round, seat.id), {}))
        return facts | {"steps": team["steps"] | own, "final": False, "given": bool(own)}
    advisers = [(room.round, other.id) for other in seats_of(room, seat.team, Role.MIRROR)]
    return (
        facts
        | team
        | {
            "advice": [dict(room.advice[key]) for key in advisers if key in room.advice],
            "partners": partner_facts(room, seat, names),
            "wanted": "" if not choice.wanted_by else "me" if choice.wanted_by == seat.id else "mate",
            "wanted_until": choice.wanted_at + SECONDS_TO_OBJECT,
            "mates": len(seats_of(room, seat.team)) - 1,
        }
    )


def _film(site: Site, room: Room, seat: Seat) -> Facts | None:
    """The weeks of the own organisation as far as they have been run."""
    halves = [part[seat.table] for part in site.rooms.halves(room.code)]
    if not halves or not seat.organisation:
        return None
    return own_film_facts(halves, list(room.start).index(seat.organisation))


def _moment(room: Room, seat: Seat, names: dict[str, str]) -> Facts:
    facts: Facts = {"open": decision_facts(changeable_until(room, room.round))}
    if seat.role is not Role.TEAM:
        return facts
    choice = choice_facts(team_choice(room, seat.team))
    held = [partner for partner in partner_facts(room, seat, names) if partner["terms"] is not None]
    return facts | choice | {"partners": held}


def _last(site: Site, room: Room, seat: Seat, number: int, names: dict[str, str]) -> Facts | None:
    result = site.rooms.result(room.code, number)
    if result is None:
        return None
    table = result.tables[seat.table]
    own = organisation_result_facts(table, seat.organisation)
    if own is not None:
        own["returned_by"] = names.get(own["returned_by"], "")
    mine = room.predictions.get((number, seat.id))
    return table_scores(table) | {
        "round": number,
        "prediction": mine,
        "nearest": mine is not None and mine == nearest_prediction(room, table, number),
        "expected": mean_prediction(room, seat.table, number),
        "own": own,
        "hours": hours_facts(table.hours),
        "lost": {name: round(cases, 1) for name, cases in table.lost.items()},
        "others": [table_scores(other) for other in result.tables if other.table != seat.table],
        "agreements": [
            one | {"one": names[one["one"]], "other": names[one["other"]], "by": names.get(one["by"], "")}
            for one in agreements_at_tables(room, number, result)
            if one["table"] == seat.table and seat.organisation in (one["one"], one["other"])
        ],
        "sight": {
            "seen": short_number(mean_of_known(table.sight.seen)),
            "there": short_number(mean_of_known(table.sight.there)),
            "most_mistaken": names.get(table.sight.most_mistaken, ""),
        },
    }
