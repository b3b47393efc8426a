"""A rehearsal: robots take the seats, so that a facilitator can go through a workshop alone."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any, Final

from starlette.concurrency import run_in_threadpool

from ketensim.texts import t
from ketensim.workshop.game import bots, log_entries, rounds
from ketensim.workshop.game.agreements import agreement_of, partners_of, tie_of
from ketensim.workshop.game.choices import changeable_until, team_choice
from ketensim.workshop.game.plans import open_in
from ketensim.workshop.game.room import Phase, Refused, Role, Room, Seat
from ketensim.workshop.game.seating import active_seats, teams
from ketensim.workshop.keep.rooms import Rooms
from ketensim.workshop.web.clock import now

PACE: Final = 0.6  # seconds between two robots; slow enough to watch
LOOK: Final = 0.7  # seconds between two looks at a room


class Rehearsals:
    """The robots of a server; a restart ends a rehearsal's robots, and the room goes on without them.

    Parameters
    ----------
    rooms : in which they sit
    act : lets something happen in a room
    start : does something behind the pages
    """

    def __init__(
        self,
        rooms: Rooms,
        act: Callable[[str, log_entries.LogEntry], Awaitable[Room]],
        start: Callable[[Coroutine[Any, Any, None]], None],
    ) -> None:
        self._rooms, self._act, self._start = rooms, act, start
        self._robots: dict[str, set[str]] = {}
        self._luck = random.Random()

    def plays(self, code: str, seat: str) -> bool:
        """Whether a seat is a robot's."""
        return seat in self._robots.get(code, ())

    def forget(self, code: str) -> None:
        """Let the robots of a room go."""
        self._robots.pop(code, None)

    async def begin(self, code: str) -> None:
        """Give every team of a room a robot; they play along until the room is closed."""
        room = self._rooms.find(code)
        robots = self._robots.setdefault(code, set())
        for number, team in enumerate(teams(room), 1):
            name = t("room.control.robot", room.language, number=number)
            seat = await run_in_threadpool(
                self._rooms.join, code, at=now(), nickname=name, table=team.table, role=Role.TEAM,
                organisation=team.organisation,
            )  # fmt: skip
            robots.add(seat.id)
        self._start(self._play(code))

    async def _play(self, code: str) -> None:
        while code in self._robots and (pause := await self._move(code)):
            await asyncio.sleep(pause)

    async def _move(self, code: str) -> float:
        """Let one robot do what it would do now; returns how long to wait for the next, 0 when it is over."""
        try:
            room = self._rooms.find(code)
            entry = self._next(room)
            if entry is None:
                return 0.0 if room.phase is Phase.CLOSED else LOOK
            await self._act(code, entry)
        except Refused:  # the phase has just changed, the time is up, or the room was deleted
            return LOOK
        return PACE * self._luck.uniform(0.3, 1.2)

    def _next(self, room: Room) -> log_entries.LogEntry | None:
        robots = [seat for seat in active_seats(room) if seat.id in self._robots.get(room.code, ())]
        at = now()
        if room.paused is not None or rounds.seconds_left(room, at) == 0:
            return None
        if room.phase is Phase.PREDICT:
            for seat in robots:
                if (room.round, seat.id) not in room.predictions:
                    share = min(95.0, max(5.0, self._luck.gauss(55, 14)))
                    return log_entries.PredictionMade(at=at, seat=seat.id, share=round(share))
        if room.phase is Phase.DECIDE:
            return self._between(room, robots, at) or self._choice(room, robots, at)
        return self._in_the_middle(room, robots, at) if room.phase is Phase.MOMENT else None

    def _choice(self, room: Room, robots: list[Seat], at: float) -> log_entries.LogEntry | None:
        for seat in robots:
            if seat.role is Role.TEAM and not team_choice(room, seat.team).final:
                kind = bots.robot_character(room, seat.team)
                steps = bots.bot_steps(room, seat.team, open_in(room.plan, room.round), kind)
                return log_entries.ChoiceMade(at=at, seat=seat.id, steps=steps, final=True)
        return None

    def _between(self, room: Room, robots: list[Seat], at: float) -> log_entries.LogEntry | None:
        """Say yes to what is proposed; who has agreed on nothing proposes something to one partner, once a round."""
        for seat in robots if room.plan.agreements else ():
            standing = {name: agreement_of(room, tie_of(room, seat.team, name)) for name in self._partners(room, seat)}
            offered = [name for name, one in standing.items() if one.offered_by == name]
            if offered:
                return log_entries.AgreementAnswered(at=at, seat=seat.id, partner=offered[0], accepted=True)
            if standing and not any(one.terms or one.offer for one in standing.values()):
                partner = self._luck.choice(list(standing))
                return log_entries.AgreementProposed(at=at, seat=seat.id, partner=partner, frame=3, time=3)
        return None

    def _in_the_middle(self, room: Room, robots: list[Seat], at: float) -> log_entries.LogEntry | None:
        """Who is firm reaches for the wheel: no room any more, and no agreement either."""
        for seat in robots:
            if seat.role is not Role.TEAM or bots.robot_character(room, seat.team) != "firm":
                continue
            choice = team_choice(room, seat.team)
            if choice.steps["room"] and not choice.changed and "room" in changeable_until(room, room.round):
                return log_entries.StepChanged(at=at, seat=seat.id, decision="room", step=0)
            for partner in self._partners(room, seat):
                agreement = agreement_of(room, tie_of(room, seat.team, partner))
                if agreement.terms is not None and not agreement.broken_by:
                    return log_entries.AgreementHeld(at=at, seat=seat.id, partner=partner, held=False)
        return None

    @staticmethod
    def _partners(room: Room, seat: Seat) -> tuple[str, ...]:
        return partners_of(room, seat.organisation) if seat.role is Role.TEAM else ()
