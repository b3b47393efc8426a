"""Who sees a change: most of what happens in a room concerns the facilitator, the projector and one team only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ketensim.workshop.game.room import Room
from ketensim.workshop.web.stream import CONTROL, SCREEN

PUBLIC = ("phase", "round", "deadline", "paused", "message", "language")


def who_sees(before: Room | None, after: Room) -> set[str] | None:
    """The seats whose page can look different after a change; None = everybody's.

    Parameters
    ----------
    before : the room as the pages know it; None when they know nothing yet
    after : the room as it is
    """
    if before is None or any(getattr(before, name) != getattr(after, name) for name in PUBLIC):
        return None
    seats = changed(before.seats, after.seats)
    teams = {(found.table, found.organisation) for found in _seats(before, after, seats)}
    teams |= {(turn.table, turn.organisation) for turn in changed(before.choices, after.choices)}
    advising = {seat for _, seat in changed(before.advice, after.advice)}
    teams |= {(found.table, found.organisation) for found in _seats(before, after, advising)}
    concerned = {seat for _, seat in changed(before.predictions, after.predictions)} | seats
    concerned |= {id for id, seat in after.seats.items() if (seat.table, seat.organisation) in teams}
    return concerned | {CONTROL, SCREEN}


def changed(before: Mapping[Any, Any], after: Mapping[Any, Any]) -> set[Any]:
    """The keys under which two mappings differ."""
    if before is after:
        return set()
    return {key for key in {*before, *after} if before.get(key) != after.get(key)}


def _seats(before: Room, after: Room, names: set[str]) -> list[Any]:
    both = [*(before.seats.get(name) for name in names), *(after.seats.get(name) for name in names)]
    return [seat for seat in both if seat is not None]
