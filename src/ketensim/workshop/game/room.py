"""What a workshop's room holds: seats, teams, choices, predictions; and how it refuses what it does not take.

A room is frozen; ``rounds.room_after`` gives the next one.

Rounds and tables are counted from 0 here and from 1 on screens. Times are seconds since 1970 (UTC).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final, NamedTuple

from ketensim.foundation.errors import InputError, Problem
from ketensim.workshop.game.plans import WorkshopPlan

ALPHABET: Final = "BCDFGHJKMNPQRSTVWXZ23456789"  # no 0/O, no 1/I/L, no vowels and no Y: no words come out
CODE_LENGTH: Final = 4
NICKNAME_LENGTH: Final = 20
MESSAGE_LENGTH: Final = 200


class Phase(StrEnum):
    """Where a workshop is; a round is predict, decide, run, moment, second, reveal.

    ``run`` and ``second`` are the halves of the round; in the moment between them one thing can be changed.
    """

    LOBBY = "lobby"
    PREDICT = "predict"
    DECIDE = "decide"
    RUN = "run"
    MOMENT = "moment"
    SECOND = "second"
    REVEAL = "reveal"
    DEBRIEF = "debrief"
    CLOSED = "closed"


class Door(StrEnum):
    """Who may come in: everybody, who the facilitator lets in, or nobody more."""

    OPEN = "open"
    ASK = "ask"
    CLOSED = "closed"


class Role(StrEnum):
    """What a seat does: decide for an organisation, advise one, or watch a table."""

    TEAM = "team"
    MIRROR = "mirror"
    OBSERVER = "observer"


class By(StrEnum):
    """Who made a choice."""

    TEAM = "team"
    FACILITATOR = "facilitator"
    BOT = "bot"
    KEPT = "kept"  # the team did not choose in time: what it chose before stays


class Team(NamedTuple):
    """An organisation at a table."""

    table: int
    organisation: str


class Turn(NamedTuple):
    """A team's turn in a round."""

    round: int
    table: int
    organisation: str


@dataclass(frozen=True, slots=True)
class Seat:
    """A participant: no account, no personal data beyond a nickname that is optional.

    Attributes
    ----------
    id : opaque, not secret
    token_hash : SHA-256 of the secret in the participant's cookie, as hexadecimal digits
    nickname : at most 20 characters, or empty
    table : number of the table, from 0
    role : what the seat does
    organisation : id of the organisation; empty for an observer
    active : false after the facilitator has removed the seat, and as long as it waits at the door
    waiting : whether it waits at the door
    wish : table, role and organisation that were wished for at the door
    """

    id: str
    token_hash: str
    nickname: str
    table: int
    role: Role
    organisation: str
    active: bool
    waiting: bool = False
    wish: tuple[int | None, str | None, str | None] = (None, None, None)

    @property
    def team(self) -> Team:
        """The team that the seat belongs to or advises."""
        return Team(self.table, self.organisation)


@dataclass(frozen=True, slots=True)
class Choice:
    """What a team has chosen in a round.

    Attributes
    ----------
    steps : name of a decision -> number of the step, from 0 (see ``decisions.DECISIONS``)
    by : who chose
    final : the team is ready, or the round has run; only the facilitator can reopen it
    at : when
    changed : what the team changed in the middle of the round, at most one decision -> its step
    wanted_by : id of the seat that wants to be ready, until a second one agrees or some seconds have passed; empty = nobody
    wanted_at : when it said so
    """

    steps: Mapping[str, int]
    by: By
    final: bool
    at: float
    changed: Mapping[str, int] = field(default_factory=dict)
    wanted_by: str = ""
    wanted_at: float = 0.0

    @property
    def later(self) -> Mapping[str, int]:
        """The steps in the second half of the round."""
        return {**self.steps, **self.changed}


class Terms(NamedTuple):
    """What two organisations agree on for their relation: steps of ``steering`` and of ``hours_together``."""

    frame: int
    time: int


class Tie(NamedTuple):
    """The relation of two organisations, in the order of the chain, at a table in a round."""

    round: int
    table: int
    one: str
    other: str


@dataclass(frozen=True, slots=True)
class Agreement:
    """Where two teams stand with each other in a round.

    Attributes
    ----------
    terms : what is agreed; None = nothing
    offer : what one of them proposes
    offered_by : organisation that does so; empty = there is no offer
    refused_by : organisation that refused the last offer; empty = nobody did
    broken_by : organisation that broke it in the middle of the round; empty = it was kept
    ended_by : organisation that ended it before this round began, until something is proposed anew; empty = nobody did
    made : whether these terms were agreed in this round
    """

    terms: Terms | None = None
    offer: Terms | None = None
    offered_by: str = ""
    refused_by: str = ""
    broken_by: str = ""
    ended_by: str = ""
    made: bool = False


@dataclass(frozen=True, slots=True)
class Room:
    """The state of one workshop.

    Attributes
    ----------
    code : four signs of ``ALPHABET``
    secret_hash : SHA-256 of the facilitator's secret, as hexadecimal digits
    language : of the facilitator's screens and of phones that ask for nothing else
    plan : the workshop that is played
    scenario : text of the chain that all tables start from, kept so that nothing changes under a running workshop
    start : organisation -> decision -> step before the first round; its keys are the organisations of the chain
    created, delete_at : seconds since 1970
    at : time of the last entry of its log; never goes back
    version : number of entries of its log so far
    phase, round : where the workshop is; the round is 0 in the lobby and the last one in the debriefing
    ran : how many rounds have been run to their end, the one that is shown now included
    halves : how many halves of rounds have been run; as many as rounds where these have no moment in the middle
    deadline : until when predictions or choices are taken; None = no limit
    paused : since when the workshop is paused; None = it is not
    message : what the facilitator tells everybody; empty = nothing
    seats : by id, in the order of joining
    predictions : (round, seat) -> expected goal realisation in per cent, 0 to 100
    choices : what each team chose
    advice : what mirror seats would choose: (round, seat) -> steps
    agreements : where teams stand with each other
    door : who may come in
    table_names : what people call their table
    calm : whether screens do without stars, countdowns and applause
    """

    code: str
    secret_hash: str
    language: str
    plan: WorkshopPlan
    scenario: str
    start: Mapping[str, Mapping[str, int]]
    created: float
    delete_at: float
    at: float
    version: int = 1
    phase: Phase = Phase.LOBBY
    round: int = 0
    ran: int = 0
    halves: int = 0
    deadline: float | None = None
    paused: float | None = None
    message: str = ""
    seats: Mapping[str, Seat] = field(default_factory=dict)
    predictions: Mapping[tuple[int, str], float] = field(default_factory=dict)
    choices: Mapping[Turn, Choice] = field(default_factory=dict)
    advice: Mapping[tuple[int, str], Mapping[str, int]] = field(default_factory=dict)
    agreements: Mapping[Tie, Agreement] = field(default_factory=dict)
    door: Door = Door.OPEN
    table_names: Mapping[int, str] = field(default_factory=dict)
    calm: bool = False


class Refused(InputError):  # noqa: N818 - it says what the room did
    """Something that the room does not take; the room stays as it was.

    Parameters
    ----------
    key : entry of the catalogue under ``workshop.refused``
    facts : what the sentence needs
    """

    def __init__(self, key: str, **facts: Any) -> None:
        self.key = f"workshop.refused.{key}"
        self.facts = facts
        super().__init__([Problem(self.key, "", facts)])


def short_text(text: Any, most: int, what: str) -> str:
    """A short text on one line without signs that cannot be seen; refused when it is too long."""
    if not isinstance(text, str) or len(text) > 4 * most:
        raise Refused(what, allowed=most)
    clean = " ".join("".join(sign if sign.isprintable() else " " for sign in text).split())
    if len(clean) > most:
        raise Refused(what, allowed=most)
    return clean
