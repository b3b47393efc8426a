"""Snapshots to browsers: an event stream in which each reader has one slot, and the newest snapshot wins.

Nothing is ever queued for a reader: a snapshot is made when the reader is ready for one. A phone that sleeps or stops
reading holds up nobody and costs no memory; when it wakes it gets what is true then.
"""

from __future__ import annotations

import asyncio
import json
import secrets
from collections import Counter
from collections.abc import AsyncIterator, Callable, Set
from typing import Any, Final

from starlette.responses import StreamingResponse

from ketensim.workshop.web.clock import now
from ketensim.workshop.web.settings import Limits

BEAT: Final = 8.0  # seconds between signs of life; proxies cut silent streams, and the page notices a dead one
AT_MOST_EVERY: Final = 0.05  # seconds between two snapshots to one reader
RETRY: Final = 1_000  # milliseconds after which a browser comes back by itself
HEADERS: Final = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}  # nginx must not hold snapshots back

CONTROL: Final = "control"  # the name under which the facilitator's page reads along; a seat's is its id
SCREEN: Final = "screen"

Facts = dict[str, Any]  # ready for JSON
Snapshot = Callable[[], Facts | None]


class Reader:
    """One open stream: whether there is something newer than what it sent last."""

    __slots__ = ("_news", "address", "closed", "seat")

    def __init__(self, seat: str, address: str) -> None:
        self.seat, self.address = seat, address
        self.closed = False
        self._news = asyncio.Event()

    def wake(self) -> None:
        """There is news; saying it twice before it is read is the same as once."""
        self._news.set()

    def close(self) -> None:
        """End this stream at the next opportunity."""
        self.closed = True
        self._news.set()

    async def news(self) -> bool:
        """Wait for news; False when none came within one beat."""
        try:
            await asyncio.wait_for(self._news.wait(), BEAT)
        except TimeoutError:
            return False
        self._news.clear()
        return True


class Readers:
    """All open streams, per room, within the caps."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._rooms: dict[str, list[Reader]] = {}
        self._addresses: Counter[str] = Counter()
        self._server = secrets.token_hex(4)
        self._serial = 0

    def stamp(self) -> Facts:
        """Which server made a snapshot, and its number there: answers overtake each other on the way."""
        self._serial += 1
        return {"server": self._server, "serial": self._serial}

    def __len__(self) -> int:
        return sum(map(len, self._rooms.values()))

    def open(self, room: str, seat: str, address: str) -> Reader | None:
        """A new stream; None when the address or the server has too many (the page then polls)."""
        if len(self) >= self._limits.streams or self._addresses[address] >= self._limits.streams_per_address:
            return None
        present = self._rooms.setdefault(room, [])
        same_seat = [reader for reader in present if reader.seat == seat and not reader.closed]
        for oldest in same_seat[: max(0, len(same_seat) + 1 - self._limits.streams_per_seat)]:
            oldest.close()
        reader = Reader(seat, address)
        present.append(reader)
        self._addresses[address] += 1
        return reader

    def leave(self, room: str, reader: Reader) -> None:
        """A stream has ended."""
        present = self._rooms.get(room, [])
        if reader in present:
            present.remove(reader)
            self._addresses[reader.address] -= 1
        self._addresses += Counter()  # forgets the addresses that have none left
        self.wake(room, {CONTROL})
        if not present:
            self._rooms.pop(room, None)

    def wake(self, room: str, seats: Set[str] | None = None) -> None:
        """Tell some seats of a room that there is news; None = everybody in it."""
        for reader in self._rooms.get(room, ()):
            if seats is None or reader.seat in seats:
                reader.wake()

    def has(self, room: str, seat: str) -> bool:
        """Whether a seat reads along."""
        return any(reader.seat == seat and not reader.closed for reader in self._rooms.get(room, ()))

    def close_all(self) -> None:
        """End every stream, because the server stops."""
        for present in self._rooms.values():
            for reader in present:
                reader.close()


def event_stream(readers: Readers, room: str, reader: Reader, snapshot: Snapshot) -> StreamingResponse:
    """The answer that carries the stream; it ends when the snapshot is None, because there is no such seat any more."""
    return StreamingResponse(
        _events(readers, room, reader, snapshot), media_type="text/event-stream", headers=dict(HEADERS)
    )


async def _events(readers: Readers, room: str, reader: Reader, snapshot: Snapshot) -> AsyncIterator[str]:
    last = None
    try:
        yield f"retry: {RETRY}\n\n"
        while not reader.closed:
            facts = snapshot()
            if facts is None:
                yield "event: gone\ndata: {}\n\n"
                return
            written = json.dumps(facts, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
            if written != last:
                stamp = json.dumps({"now": round(now(), 3)} | readers.stamp(), separators=(",", ":"))
                yield f"data: {stamp[:-1]},{written[1:]}\n\n"
                last = written
                await asyncio.sleep(AT_MOST_EVERY)
            if not await reader.news():
                yield "event: beat\ndata: {}\n\n"  # and look again: who is present changes without an event
    finally:
        readers.leave(room, reader)
