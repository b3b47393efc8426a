"""Who stands in for an organisation without people, and what robots do in a rehearsal: simple rules. Pure, no luck.

Unless a plan says otherwise an organisation without people stays as it was, so that tables differ by what people chose and by
nothing else. A plan can name characters, which take turns over the organisations, the same at every table:

firm: agreements up, room down, intervenes at once. letting go: room up, holds back. cautious: a step at a time to the
middle. copying: the middle of what the people at the table chose last (or, without people, its neighbours).
A bot moves at most one step per decision and round, as most people do. Only what is open is chosen.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from statistics import median_low
from typing import Final

from ketensim.workshop.game.decisions import DECISIONS
from ketensim.workshop.game.plans import CHARACTERS
from ketensim.workshop.game.room import By, Room, Team, Turn

TOP: Final = 99  # beyond any scale: as far as it goes
WISHES: Final[Mapping[str, Mapping[str, int]]] = {
    "firm": {"steering": TOP, "room": 0, "after_incident": 0, "hiring": 0, "learning": 0},
    "letting_go": {
        "room": TOP,
        "after_incident": TOP,
        "hours_together": TOP,
        "information": TOP,
        "hiring": TOP,
        "learning": TOP,
    },
    "cautious": {
        "steering": 2,
        "room": 2,
        "hours_together": 2,
        "information": 1,
        "hiring": 1,
        "learning": 1,
        "after_incident": 1,
    },
    "copying": {},
}


def character(room: Room, team: Team) -> str:
    """Which character stands in for an organisation: the same at every table; empty = it stays as it was."""
    turns = room.plan.bots
    return turns[list(room.start).index(team.organisation) % len(turns)] if turns else ""


def robot_character(room: Room, team: Team) -> str:
    """Which character a robot of a rehearsal has: in turn over the organisations, and another one at the next table."""
    return CHARACTERS[(list(room.start).index(team.organisation) + team.table) % len(CHARACTERS)]


def bot_steps(room: Room, team: Team, open_now: Iterable[str], kind: str | None = None) -> dict[str, int]:
    """What the stand-in of a team chooses in this round.

    Parameters
    ----------
    room : before the round is run
    team : without people
    open_now : names of the decisions that are open
    kind : its character; silent = that of the organisation
    """
    kind = character(room, team) if kind is None else kind
    if not kind:
        return {}
    own = _before(room, team)
    steps = {}
    for name in open_now:
        wish = _of_others(room, team, name) if kind == "copying" else WISHES[kind].get(name, own[name])
        wish = min(wish, len(DECISIONS[name].steps) - 1)
        steps[name] = own[name] + (wish > own[name]) - (wish < own[name])
    return steps


def _before(room: Room, team: Team) -> Mapping[str, int]:
    for number in range(room.round - 1, -1, -1):
        if (turn := Turn(number, *team)) in room.choices:
            return room.choices[turn].later
    return room.start[team.organisation]


def _of_others(room: Room, team: Team, name: str) -> int:
    others = [Team(team.table, other) for other in room.start if other != team.organisation]
    people = [
        other
        for other in others
        if (choice := room.choices.get(Turn(room.round - 1, *other))) is not None and choice.by != By.BOT
    ]
    known = [_before(room, other)[name] for other in people or others]
    return median_low(known) if known else _before(room, team)[name]
