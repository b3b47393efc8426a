"""Who plays for an organisation without people: four characters with a simple rule each. Pure, no luck.

firm: agreements up, room down, intervenes at once. letting go: room up, holds back. cautious: a step at a time to the
middle. copying: the middle of what the people at the table chose last (or, without people, its neighbours).
A bot moves at most one step per decision and round, as most people do. Only what is open is chosen.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from statistics import median_low
from typing import Final

from ketensim.workshop.game.decisions import DECISIONS
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
    """Which character plays for a team: in turn over the organisations, shifted by table."""
    place = list(room.start).index(team.organisation) + team.table
    return room.plan.bots[place % len(room.plan.bots)]


def bot_steps(room: Room, team: Team, open_now: Iterable[str]) -> dict[str, int]:
    """What the bot of a team chooses in this round.

    Parameters
    ----------
    room : before the round is run
    team : without people
    open_now : names of the decisions that are open
    """
    kind = character(room, team)
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
            return room.choices[turn].steps
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
