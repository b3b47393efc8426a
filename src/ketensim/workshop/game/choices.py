"""What teams have chosen, and what holds for who has not chosen. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from ketensim.workshop.game import bots
from ketensim.workshop.game.decisions import DECISIONS
from ketensim.workshop.game.plans import open_in, open_somewhere
from ketensim.workshop.game.room import By, Choice, Refused, Role, Room, Seat, Team, Turn
from ketensim.workshop.game.seating import active_seats, seats_of, teams

SECONDS_TO_OBJECT: Final = 10.0  # after one of a team said that it is ready


def team_choice(room: Room, team: Team, number: int | None = None) -> Choice:
    """What a team has chosen in a round; before it has, what it chose in the last one, or where it started.

    Parameters
    ----------
    number : the round; silent = this one
    """
    last = room.round if number is None else number
    for turn in (Turn(earlier, *team) for earlier in range(last, -1, -1)):
        if turn in room.choices:
            choice = room.choices[turn]
            return choice if turn.round == last else Choice(choice.later, By.KEPT, False, choice.at)
    return Choice(room.start[team.organisation], By.KEPT, False, room.created)


def table_steps(room: Room, table: int, number: int, *, later: bool = False) -> dict[str, Mapping[str, int]]:
    """What every organisation of a table has chosen in a round, organisation -> steps; ``later`` = for its second half."""
    chosen = {name: team_choice(room, Team(table, name), number) for name in room.start}
    return {name: choice.later if later else choice.steps for name, choice in chosen.items()}


def changeable_until(room: Room, number: int) -> tuple[str, ...]:
    """The decisions of which one may be changed in the middle of a round: those that have been open so far."""
    return open_somewhere(room.plan, number + 1)


def predictions_of(room: Room, number: int, table: int) -> list[float]:
    """What those at a table predicted in a round, in per cent; where a seat was moved, its present table counts."""
    seats = {seat.id for seat in active_seats(room) if seat.table == table}
    return [share for (made_in, seat), share in room.predictions.items() if made_in == number and seat in seats]


def checked_steps(room: Room, steps: Mapping[str, Any], open_now: Sequence[str] | None = None) -> dict[str, int]:
    """Steps that somebody sent, when each is a step of a decision that is open (silent: those of this round)."""
    if not isinstance(steps, Mapping):
        raise Refused("unknown_decision")
    if open_now is None:
        open_now = open_in(room.plan, room.round)
    for name, step in steps.items():
        if name not in DECISIONS:
            raise Refused("unknown_decision")
        if name not in open_now:
            raise Refused("not_open", decision=name)
        if type(step) is not int or not 0 <= step < len(DECISIONS[name].steps):
            raise Refused("unknown_step", decision=name)
    return dict(steps)


def with_choice(room: Room, team: Team, steps: Mapping[str, int], by: By, final: bool, at: float) -> Room:
    """The room in which a team has chosen; what is not named stays as it was."""
    before = team_choice(room, team)
    choice = replace(before, steps={**before.steps, **steps}, by=by, final=final, at=at, wanted_by="")
    return _holding(room, team, choice)


def with_wish_to_be_ready(room: Room, seat: Seat, steps: Mapping[str, int], at: float) -> Room:
    """The room in which somebody has pressed *final* for a team.

    Alone in a team it is so at once; with others a second one has to agree, or nobody to object (by choosing something
    else) for some seconds, so that a single stranger does not decide for a team.
    """
    before = team_choice(room, seat.team)
    moved = {**before.steps, **steps} != dict(before.steps)
    mates = {mate.id for mate in seats_of(room, seat.team)} - {seat.id}
    if not mates or (not moved and before.wanted_by in mates):
        return with_choice(room, seat.team, steps, By.TEAM, True, at)
    if not moved and before.wanted_by == seat.id:
        return room
    room = with_choice(room, seat.team, steps, By.TEAM, False, at)
    return _holding(room, seat.team, replace(team_choice(room, seat.team), wanted_by=seat.id, wanted_at=at))


def ready_in_time(room: Room, at: float) -> Room:
    """The room in which who wanted to be ready is, when nobody objected in time."""
    ready = {
        turn: replace(choice, final=True, wanted_by="")
        for turn, choice in room.choices.items()
        if choice.wanted_by and at >= choice.wanted_at + SECONDS_TO_OBJECT
    }
    return replace(room, choices={**room.choices, **ready}) if ready else room


def with_change(room: Room, team: Team, decision: Any, step: Any) -> Room:
    """The room in which a team has changed one thing in the middle of a round; the step that it had = nothing."""
    choice = team_choice(room, team)
    steps = checked_steps(room, {decision: step}, changeable_until(room, room.round))
    changed = {name: step for name, step in steps.items() if choice.steps[name] != step}
    by = By.KEPT if choice.by == By.BOT else choice.by  # somebody has come in for an organisation that nobody had
    return _holding(room, team, replace(choice, changed=changed, by=by))


def _holding(room: Room, team: Team, choice: Choice) -> Room:
    return replace(room, choices={**room.choices, Turn(room.round, *team): choice})


def all_final(room: Room, at: float) -> Room:
    """The room in which every team has chosen: who did not keeps its last choice, an empty team has its stand-in."""
    for team in teams(room):
        turn = Turn(room.round, *team)
        if turn in room.choices:
            choice = room.choices[turn]
            room = with_choice(room, team, {}, choice.by, True, choice.at)
        elif seats_of(room, team, Role.TEAM):
            room = with_choice(room, team, {}, By.KEPT, True, at)
        else:
            room = with_choice(room, team, bots.bot_steps(room, team, open_in(room.plan, room.round)), By.BOT, True, at)
    return room


def with_choices_reopened(room: Room) -> Room:
    """The room in which teams may choose again from this round on; what they had chosen stays in place."""
    kept = {
        turn: replace(choice, final=False, changed={}, wanted_by="") if turn.round >= room.round else choice
        for turn, choice in room.choices.items()
        if turn.round < room.round or choice.by in (By.TEAM, By.FACILITATOR)
    }
    return replace(room, choices=kept)


def with_changes_reopened(room: Room) -> Room:
    """The room in which the middle of this round has still to come."""
    kept = {
        turn: replace(choice, changed={}) if turn.round >= room.round else choice
        for turn, choice in room.choices.items()
    }
    return replace(room, choices=kept)
