"""What teams have chosen, and what holds for who has not chosen. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from ketensim.workshop.game import bots
from ketensim.workshop.game.decisions import DECISIONS
from ketensim.workshop.game.plans import open_in
from ketensim.workshop.game.room import By, Choice, Refused, Role, Room, Team, Turn
from ketensim.workshop.game.seating import active_seats, seats_of, teams


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
            return choice if turn.round == last else replace(choice, by=By.KEPT, final=False)
    return Choice(room.start[team.organisation], By.KEPT, False, room.created)


def table_steps(room: Room, table: int, number: int) -> dict[str, Mapping[str, int]]:
    """What every organisation of a table has chosen in a round: organisation -> steps."""
    return {name: team_choice(room, Team(table, name), number).steps for name in room.start}


def predictions_of(room: Room, number: int, table: int) -> list[float]:
    """What those at a table predicted in a round, in per cent; where a seat was moved, its present table counts."""
    seats = {seat.id for seat in active_seats(room) if seat.table == table}
    return [share for (made_in, seat), share in room.predictions.items() if made_in == number and seat in seats]


def checked_steps(room: Room, steps: Mapping[str, Any]) -> dict[str, int]:
    """Steps that somebody sent, when each is a step of a decision that is open in this round."""
    if not isinstance(steps, Mapping):
        raise Refused("unknown_decision")
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
    choice = Choice({**team_choice(room, team).steps, **steps}, by, final, at)
    return replace(room, choices={**room.choices, Turn(room.round, *team): choice})


def all_final(room: Room, at: float) -> Room:
    """The room in which every team has chosen: who did not keeps its last choice, an empty team has its bot."""
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
        turn: replace(choice, final=False) if turn.round >= room.round else choice
        for turn, choice in room.choices.items()
        if turn.round < room.round or choice.by in (By.TEAM, By.FACILITATOR)
    }
    return replace(room, choices=kept, ran=room.round)
