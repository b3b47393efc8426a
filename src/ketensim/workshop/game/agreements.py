"""What teams agree on for the relation of the two: proposed, changed, accepted or refused; kept, or broken when it gets tense.

Terms hold from the round in which they are accepted until one of the two ends them while teams decide. In the middle of a
round one of the two may break them: then nobody keeps them up until the round ends, and next round they have to be agreed
anew. An organisation without people says yes to whatever it is asked. Pure.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from ketensim.workshop.game.decisions import DECISIONS
from ketensim.workshop.game.plans import neighbour_ties
from ketensim.workshop.game.room import Agreement, Refused, Role, Room, Seat, Team, Terms, Tie
from ketensim.workshop.game.seating import seats_of


def partners_of(room: Room, organisation: str) -> tuple[str, ...]:
    """The organisations that one hands over to, gets cases from or consults, in the order of the chain."""
    ties = neighbour_ties(room.scenario)
    return tuple(other if one == organisation else one for one, other in ties if organisation in (one, other))


def tie_of(room: Room, team: Team, partner: Any, number: int | None = None) -> Tie:
    """The relation of a team with a partner in a round (silent = this one); refused when the two have none."""
    place = room.round if number is None else number
    for one, other in neighbour_ties(room.scenario):
        if {one, other} == {team.organisation, partner} and isinstance(partner, str):
            return Tie(place, team.table, one, other)
    raise Refused("no_partner")


def agreement_of(room: Room, tie: Tie) -> Agreement:
    """Where two teams stand with each other in a round: what they did in it, or what they have from before."""
    if tie in room.agreements:
        return room.agreements[tie]
    for earlier in range(tie.round - 1, -1, -1):
        before = room.agreements.get(tie._replace(round=earlier))
        if before is not None:
            return Agreement(terms=None if before.broken_by else before.terms)
    return Agreement()


def ties_of(room: Room, table: int, number: int) -> dict[Tie, Agreement]:
    """Every relation at a table in a round."""
    ties = [Tie(number, table, *ends) for ends in neighbour_ties(room.scenario)]
    return {tie: agreement_of(room, tie) for tie in ties}


def relations_in(room: Room, table: int, number: int, *, later: bool = False) -> dict[tuple[str, str], Terms | None]:
    """What holds between the organisations of a table in a round.

    Parameters
    ----------
    later : in its second half, in which what was broken does not hold any more
    """
    found = {}
    for tie, agreement in ties_of(room, table, number).items():
        if agreement.terms is not None:
            found[tie.one, tie.other] = None if later and agreement.broken_by else agreement.terms
    return found


# --- what happens --------------------------------------------------------------------------------------------------
def proposed(room: Room, seat: Seat, partner: str, terms: Terms) -> Room:
    """A team proposes terms; who has no people says yes."""
    tie = tie_of(room, _team(seat), partner)
    for name, step in (("steering", terms.frame), ("hours_together", terms.time)):
        if type(step) is not int or not 0 <= step < len(DECISIONS[name].steps):
            raise Refused("unknown_step", decision=name)
    before = agreement_of(room, tie)
    if before.terms == terms:
        return _with(room, tie, replace(before, offer=None, offered_by="", refused_by=""))
    if not seats_of(room, Team(seat.table, partner)):
        return _with(room, tie, Agreement(terms=terms, made=True))
    return _with(room, tie, replace(before, offer=terms, offered_by=seat.organisation, refused_by="", ended_by=""))


def answered(room: Room, seat: Seat, partner: str, *, accepted: bool) -> Room:
    """A team accepts or refuses what the partner proposes, or takes back what it proposed itself."""
    tie = tie_of(room, _team(seat), partner)
    before = agreement_of(room, tie)
    if before.offer is None or (accepted and before.offered_by == seat.organisation):
        raise Refused("no_offer")
    if accepted:
        return _with(room, tie, Agreement(terms=before.offer, made=True))
    refused_by = "" if before.offered_by == seat.organisation else seat.organisation
    return _with(room, tie, replace(before, offer=None, offered_by="", refused_by=refused_by))


def ended(room: Room, seat: Seat, partner: str) -> Room:
    """A team ends what was agreed, before the round begins."""
    tie = tie_of(room, _team(seat), partner)
    if agreement_of(room, tie).terms is None:
        raise Refused("no_agreement")
    return _with(room, tie, Agreement(ended_by=seat.organisation))


def held(room: Room, seat: Seat, partner: str, *, kept: bool) -> Room:
    """In the middle of the round a team breaks an agreement, or thinks better of it."""
    tie = tie_of(room, _team(seat), partner)
    before = agreement_of(room, tie)
    if before.terms is None:
        raise Refused("no_agreement")
    if kept:
        return _with(room, tie, replace(before, broken_by="")) if before.broken_by == seat.organisation else room
    return room if before.broken_by else _with(room, tie, replace(before, broken_by=seat.organisation))


def without_open_offers(room: Room) -> Room:
    """The room in which offers that nobody answered in time are gone."""
    answered_all = {
        tie: replace(agreement, offer=None, offered_by="") if tie.round == room.round else agreement
        for tie, agreement in room.agreements.items()
    }
    return replace(room, agreements=answered_all)


def unbroken(room: Room) -> Room:
    """The room in which the middle of this round has still to come."""
    whole = {
        tie: replace(agreement, broken_by="") if tie.round >= room.round else agreement
        for tie, agreement in room.agreements.items()
    }
    return replace(room, agreements=whole)


def _team(seat: Seat) -> Team:
    if seat.role != Role.TEAM:
        raise Refused("no_team")
    return seat.team


def _with(room: Room, tie: Tie, agreement: Agreement) -> Room:
    return replace(room, agreements={**room.agreements, tie: agreement})
