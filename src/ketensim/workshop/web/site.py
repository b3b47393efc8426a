"""What all pages share: the rooms, who reads along, who guesses, and the work that goes on behind the pages."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable, Coroutine, MutableMapping
from contextlib import asynccontextmanager
from typing import Any, Final

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request

from ketensim.workshop.game.choices import SECONDS_TO_OBJECT, ready_in_time
from ketensim.workshop.game.log_entries import LogEntry, TimePassed
from ketensim.workshop.game.room import Phase, Refused, Room, Seat
from ketensim.workshop.keep.rooms import Rooms
from ketensim.workshop.web import identity
from ketensim.workshop.web.attempts import Buckets, Guesses
from ketensim.workshop.web.clock import now
from ketensim.workshop.web.input import BadRequest
from ketensim.workshop.web.order import SentInOrder
from ketensim.workshop.web.rehearsal import Rehearsals
from ketensim.workshop.web.room_facts import who_sees
from ketensim.workshop.web.settings import Settings
from ketensim.workshop.web.stream import CONTROL, Readers
from ketensim.workshop.web.tasks import Tasks
from ketensim.workshop.web.what_if import WhatIfs

SWEEP: Final = 300.0  # seconds between two looks for rooms that have to go
PRESENT: Final = 15.0  # seconds after a poll in which somebody counts as present
REMEMBERED: Final = 2_000  # forms of which a second sending is recognised

log = logging.getLogger(__name__)


class Site:
    """The running workshop server, apart from its pages.

    Parameters
    ----------
    rooms : every room, kept in one file
    settings : names, addresses and limits
    key : the facilitator's secret of this server: who has it makes rooms and enters all of them
    """

    def __init__(self, rooms: Rooms, settings: Settings, key: str) -> None:
        self.rooms, self.settings, self.key = rooms, settings, key
        self.readers = Readers(settings.limits)
        self.guesses = Guesses(settings.limits)
        self.tasks = Tasks(key, settings.limits.work_bits)
        self.actions = Buckets(settings.limits.actions, settings.limits.actions_per_second)
        self.slides: dict[str, str] = {}  # what the projector shows, per room
        self.rehearsals = Rehearsals(rooms, self.act, self.start)
        self.what_ifs = WhatIfs(self.start, self.readers.wake)
        self._seen: dict[tuple[str, str], float] = {}
        self._in_order: dict[tuple[str, str], SentInOrder] = {}
        self._known: dict[str, Room] = {}
        self._sent: OrderedDict[tuple[str, str], str] = OrderedDict()
        self._tasks: set[asyncio.Task[None]] = set()
        self._at_work: set[tuple[str, str]] = set()
        self._prepared: set[str] = set()

    # --- life ---
    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """While this is open news reaches the pages, rounds are computed, and rooms go when their time has come."""
        loop = asyncio.get_running_loop()

        stop = self.rooms.listen(lambda code, room: loop.call_soon_threadsafe(self._news, code, room))
        await run_in_threadpool(self.rooms.delete_expired, at=time.time())
        for code in self.rooms.codes():
            self.work_on(code)
        self.start(self._sweep())
        try:
            yield
        finally:
            stop()
            self.readers.close_all()
            for task in tuple(self._tasks):
                task.cancel()

    def start(self, work: Coroutine[Any, Any, None]) -> None:
        """Do something behind the pages; what goes wrong there is logged and stops nothing else."""
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and task.exception() is not None:
            log.error("work behind the pages failed", exc_info=task.exception())

    async def _sweep(self) -> None:
        while True:
            await asyncio.sleep(SWEEP)
            await run_in_threadpool(self.rooms.delete_expired, at=time.time())
            present = set(self.rooms.codes())
            for code in [code for code in self._known if code not in present]:
                self.forget(code)

    def _news(self, code: str, room: Room) -> None:
        before = self._known.get(code)
        self._known[code] = room
        self.readers.wake(code, who_sees(before, room))

    # --- rooms ---
    def room(self, code: str) -> Room | None:
        """The room with a code, None when there is none or its time is over."""
        try:
            room = self.rooms.find(code)
        except Refused:
            return None
        return room if room.delete_at > time.time() else None

    def open_rooms(self) -> list[Room]:
        """Every room whose time is not over."""
        return [room for room in map(self.room, self.rooms.codes()) if room is not None]

    def join_address(self, room: Room) -> str:
        """Where the phones of a room go."""
        return f"{self.settings.join_address}/m/{room.code}"

    async def act(self, code: str, entry: LogEntry) -> Room:
        """Let something happen; it is on disk when this returns. Raises Refused."""
        room = await run_in_threadpool(self.rooms.act, code, entry)
        self.work_on(code)
        if room.phase is Phase.DECIDE and any(choice.wanted_by for choice in room.choices.values()):
            self.start(self._later(code))
        return room

    async def _later(self, code: str) -> None:
        """Let a team be ready when nobody has objected for some seconds."""
        await asyncio.sleep(SECONDS_TO_OBJECT + 0.1)
        room = self.room(code)
        if room is not None and room.phase is Phase.DECIDE and ready_in_time(room, now()) is not room:
            await run_in_threadpool(self.rooms.act, code, TimePassed(at=now()))

    def work_on(self, code: str) -> None:
        """Compute what a room is waiting for, when there is anything."""
        room = self.room(code)
        if room is None:
            return
        if not room.halves and code not in self._prepared:  # the year before the first round, while people come in
            self._prepared.add(code)
            self._compute("rounds", self.rooms.compute, code)
        elif self.rooms.lacks(code):
            self._compute("rounds", self.rooms.compute, code)
        elif _at_the_end(room) and self.rooms.debrief(code) is None:
            self._compute("debrief", self.rooms.compute_debrief, code)

    def _compute(self, name: str, compute: Callable[[str], None], code: str) -> None:
        if (name, code) not in self._at_work:
            self._at_work.add((name, code))
            self.start(self._computed(name, compute, code))

    async def _computed(self, name: str, compute: Callable[[str], None], code: str) -> None:
        try:
            await asyncio.to_thread(compute, code)
        except Refused:
            return  # the room was deleted meanwhile
        finally:
            self._at_work.discard((name, code))
        self.readers.wake(code)
        self.work_on(code)  # the room may have gone on while this was computed

    async def delete(self, code: str) -> None:
        """Take a room away with all that is kept of it."""
        await run_in_threadpool(self.rooms.delete, code)
        self.forget(code)

    def forget(self, code: str) -> None:
        """Nothing of a room that is gone stays in memory; who still looks at it hears so."""
        self.readers.wake(code)
        self._known.pop(code, None)
        self._prepared.discard(code)
        self.slides.pop(code, None)
        self.rehearsals.forget(code)
        self.what_ifs.forget(code)
        of_browsers: tuple[MutableMapping[tuple[str, str], Any], ...] = (self._seen, self._sent, self._in_order)
        for known in of_browsers:
            for key in [key for key in known if key[0] == code]:
                del known[key]

    # --- who is there ---
    def see(self, code: str, seat: str) -> None:
        """Somebody has given a sign of life."""
        new = not self.is_present(code, seat)
        self._seen[code, seat] = time.monotonic()
        if new:
            self.readers.wake(code, {CONTROL})

    def is_present(self, code: str, seat: str) -> bool:
        """Whether a seat reads along now."""
        recent = time.monotonic() - self._seen.get((code, seat), -PRESENT) < PRESENT
        return recent or self.readers.has(code, seat)

    def is_there(self, code: str, seat: str) -> bool:
        """Whether a seat is a robot's or reads along now: who is not can be taken out of the room."""
        return self.rehearsals.plays(code, seat) or self.is_present(code, seat)

    def slow_down(self, code: str, name: str) -> None:
        """Count something that somebody does; refused when it was too much at once."""
        bucket = self.actions.of(f"{code} {name}")
        if bucket.full:
            raise BadRequest("too_many", 429, seconds=bucket.wait)
        bucket.add()

    def sent_by(self, code: str, name: str) -> SentInOrder:
        """What a browser has sent so far."""
        return self._in_order.setdefault((code, name), SentInOrder())

    def has_key(self, request: Request) -> bool:
        """Whether a browser has shown the secret of this server."""
        return identity.same_text(identity.cookie(request, identity.KEY), self.key)

    def facilitates(self, request: Request, code: str) -> bool:
        """Whether a browser may lead a room."""
        secret = identity.cookie(request, identity.FACILITATOR)
        return self.has_key(request) or bool(secret and self.rooms.is_facilitator(code, secret))

    def seat(self, request: Request, room: Room) -> Seat | None:
        """The seat of a browser in a room."""
        return identity.seat_of_pass(room, identity.cookie(request, identity.SEAT))

    # --- forms that were sent twice ---
    def sent_before(self, code: str, once: str) -> str | None:
        """The seat that came of a form which has been sent before."""
        return self._sent.get((code, once))

    def remember(self, code: str, once: str, seat: str) -> None:
        """A form has led to a seat; a second tap on its button will not make another."""
        self._sent[code, once] = seat
        while len(self._sent) > REMEMBERED:
            self._sent.popitem(last=False)


def _at_the_end(room: Room) -> bool:
    """Whether the debriefing will be asked for: from the last reveal on."""
    last = room.phase is Phase.REVEAL and room.round == len(room.plan.rounds) - 1
    return last or (room.ran > 0 and room.phase in (Phase.DEBRIEF, Phase.CLOSED))


def room_code(request: Request) -> str:
    """The code in the address of a request."""
    return identity.plain_code(request.path_params["code"])


def site_of(request: Request) -> Site:
    """The site that a request is for."""
    site = request.app.state.site
    assert isinstance(site, Site)
    return site
