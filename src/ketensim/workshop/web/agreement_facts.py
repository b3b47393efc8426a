"""What teams agreed on with each other, as the screens show it."""

from __future__ import annotations

from ketensim.workshop.game.agreements import agreement_of, partners_of, tie_of, ties_of
from ketensim.workshop.game.choices import team_choice
from ketensim.workshop.game.decisions import DECISIONS
from ketensim.workshop.game.room import Agreement, Phase, Room, Seat, Team, Terms
from ketensim.workshop.game.seating import seats_of
from ketensim.workshop.runs.round_results import RoundResult
from ketensim.workshop.web.result_facts import short_number
from ketensim.workshop.web.stream import Facts


def terms_names() -> Facts:
    """The names of the steps that an agreement can have."""
    return {name: list(DECISIONS[name].steps) for name in ("steering", "hours_together")}


def partner_facts(room: Room, seat: Seat, names: dict[str, str]) -> list[Facts]:
    """Where a team stands with each of its partners; what it would propose begins at what it does itself."""
    if not room.plan.agreements:
        return []
    steps = team_choice(room, seat.team).steps
    found = []
    for partner in partners_of(room, seat.organisation):
        agreement = agreement_of(room, tie_of(room, seat.team, partner))
        begin = agreement.offer or agreement.terms or Terms(steps["steering"], steps["hours_together"])
        found.append(
            {
                "id": partner,
                "name": names[partner],
                "people": len(seats_of(room, Team(seat.table, partner))),
                "terms": _terms(agreement.terms),
                "offer": _terms(agreement.offer),
                "begin": _terms(begin),
                "offered": _whose(agreement.offered_by, seat.organisation),
                "refused": _whose(agreement.refused_by, seat.organisation),
                "ended": _whose(agreement.ended_by, seat.organisation),
                "broken": _whose(agreement.broken_by, seat.organisation),
            }
        )
    return found


def _terms(terms: Terms | None) -> Facts | None:
    return None if terms is None else {"frame": terms.frame, "time": terms.time}


def _whose(organisation: str, own: str) -> str:
    if not organisation:
        return ""
    return "us" if organisation == own else "them"


def agreements_at_tables(room: Room, number: int, result: RoundResult | None = None) -> list[Facts]:
    """Every relation of which something was agreed, offered or broken in a round, at all tables.

    Parameters
    ----------
    result : of the round, when it has been run: with trust in the relation before and after
    """
    found = []
    for table in range(room.plan.tables):
        trust = {} if result is None else {(tie.one, tie.other): tie for tie in result.tables[table].ties}
        for tie, agreement in ties_of(room, table, number).items():
            if agreement.terms is None and agreement.offer is None:
                continue
            facts = {"table": table, "one": tie.one, "other": tie.other, "state": state_of(room, agreement)}
            if (moved := trust.get((tie.one, tie.other))) is not None:
                facts |= {"before": short_number(moved.before), "after": short_number(moved.after)}
            found.append(facts | {"terms": _terms(agreement.terms or agreement.offer), "by": agreement.broken_by})
    return found


def state_of(room: Room, agreement: Agreement) -> str:
    """One word for where two teams stand: offered, agreed, kept or broken."""
    if agreement.terms is None:
        return "offered"
    if agreement.broken_by:
        return "broken"
    held = room.phase in (Phase.SECOND, Phase.REVEAL, Phase.DEBRIEF, Phase.CLOSED)
    return "kept" if held else "agreed"
