"""A small workshop for tests: the reference chain, three rounds, few runs; and a clock that is only a number."""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from ketensim.scenario import files
from ketensim.workshop.game import rounds
from ketensim.workshop.game.decisions import DECISIONS, starting_steps
from ketensim.workshop.game.log_entries import (
    ChoiceMade,
    LogEntry,
    PhaseAdvanced,
    PredictionMade,
    RoomOpened,
    SeatTaken,
)
from ketensim.workshop.game.plans import WorkshopPlan, starting_chain
from ketensim.workshop.game.room import Room

NOW = 1_800_000_000.0
ROUND = 6  # presses of the large button that a round takes: predict, decide, run, moment, second, reveal
TEXT = {"nl": "proef", "en": "trial"}
EVERYTHING = list(DECISIONS)


def plan(**parts: Any) -> WorkshopPlan:
    given = {"title": TEXT, "summary": TEXT, "rounds": [{"open": EVERYTHING}] * 3, "tables": 2, "runs": 20}
    return WorkshopPlan.from_dict({**given, **parts})


@cache
def _chain(given: str) -> tuple[str, dict[str, dict[str, int]]]:
    scenario = starting_chain(WorkshopPlan.from_dict(json.loads(given)))
    return files.dump(scenario), starting_steps(scenario)


def opening(given: WorkshopPlan | None = None) -> RoomOpened:
    given = given or plan()
    text, start = _chain(json.dumps(given.as_dict()))
    return RoomOpened(
        at=NOW,
        code="BCDF",
        secret_hash="f" * 64,
        language="nl",
        plan=given.as_dict(),
        scenario=text,
        start=start,
        delete_at=NOW + 30 * 86_400,
    )


def room(given: WorkshopPlan | None = None) -> Room:
    return rounds.room_at_start(opening(given))


def joined(one: Room, seat: str, **wishes: Any) -> Room:
    return rounds.room_after(one, SeatTaken(at=one.at + 1, seat=seat, token_hash=f"hash of {seat}", **wishes))


def after(one: Room, *events: LogEntry) -> Room:
    for event in events:
        one = rounds.room_after(one, event)
    return one


def went_on(one: Room, times: int = 1) -> Room:
    for _ in range(times):
        one = rounds.room_after(one, PhaseAdvanced(at=one.at + 1))
    return one


def predicted(one: Room, seat: str, share: float) -> Room:
    return rounds.room_after(one, PredictionMade(at=one.at + 1, seat=seat, share=share))


def chose(one: Room, seat: str, *, final: bool = False, **steps: int) -> Room:
    return rounds.room_after(one, ChoiceMade(at=one.at + 1, seat=seat, steps=steps, final=final))
