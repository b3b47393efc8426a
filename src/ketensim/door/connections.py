"""What a connection is granted before it has asked anything: a little time, and a place among the others.

uvicorn waits for ever for a request that never comes whole, and accepts until the process may open no more files; one
laptop with half-open connections could so stop a workshop. Here a request has a time, and places are counted, per
address and in all. Whoever finds no place takes that of the connection which has waited longest without asking anything,
so that a crowd of silent ones keeps nobody out; only when everybody is being answered a newcomer is refused.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from dataclasses import dataclass
from typing import Any, Final

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from ketensim.door.addresses import counted_as
from ketensim.texts import LANGUAGES, t

FILES_WANTED: Final = 4_096  # open at once, connections among them: 1,200 event streams, their polls, and room to spare
FILES_OF_OUR_OWN: Final = 64  # libraries, the database, reports that are being written: some 30 were counted
AT_ONCE: Final = 16  # connections accepted in one turn of the event loop; up to four turns pass before one is counted
RESERVED: Final = FILES_OF_OUR_OWN + 4 * AT_ONCE
PER_ADDRESS: Final = 600  # a venue has one address: 200 people with an event stream and two more connections each
PART_OF_ONE_ADDRESS: Final = 0.75  # of all places at most, where few files may be open: the rest is for others
SECONDS_TO_ASK: Final = 10.0  # for a request as a whole; the largest takes a second on a slow phone
RECEIVING: Final = (h11.IDLE, h11.SEND_BODY)


@dataclass(frozen=True)
class Places:
    """How many connections there may be, and how long one may take to ask something.

    Attributes
    ----------
    in_all : of everybody
    per_address : of one address
    proxies : addresses that speak for many, to which ``per_address`` does not apply
    seconds : from the first sign of a request until it is there as a whole
    """

    in_all: int
    per_address: int
    proxies: tuple[str, ...] = ()
    seconds: float = SECONDS_TO_ASK

    @classmethod
    def of_this_process(cls, proxies: tuple[str, ...] = ()) -> Places:
        """As many as this process may open files for, within what is sensible."""
        in_all = _files() - RESERVED
        return cls(in_all, min(PER_ADDRESS, int(PART_OF_ONE_ADDRESS * in_all)), proxies)


def _files() -> int:
    """How many files may be open, after asking for as many as are wanted."""
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return FILES_WANTED
    unlimited = resource.RLIM_INFINITY
    allowed, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = FILES_WANTED if most == unlimited else min(FILES_WANTED, most)
    if allowed != unlimited and allowed < wanted:
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))
            allowed = wanted
    return FILES_WANTED if allowed == unlimited else min(FILES_WANTED, allowed)


class Connection(H11Protocol):
    """A connection with a time to ask something and a place to lose.

    Parameters
    ----------
    places : how many there are
    given : what uvicorn gives every connection
    """

    def __init__(self, *, places: Places, **given: Any) -> None:
        super().__init__(**given)
        self.places = places
        self.silent_since = time.monotonic()
        self._end: asyncio.TimerHandle | None = None

    @property
    def is_silent(self) -> bool:
        """Whether no request is there as a whole: half of one, or none since the last was answered.

        A websocket has been handed over by then; what it says is no request.
        """
        return self.transport.get_protocol() is self and self.conn.their_state in RECEIVING

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn's own
        """Take a place, that of a silent one if need be; without one hang up."""
        super().connection_made(transport)
        self._end = self.loop.call_later(self.places.seconds, transport.abort)
        if not self._finds_place():
            transport.abort()

    def data_received(self, data: bytes) -> None:
        """Take in what came; from the first letter of a request until its last there is a time limit."""
        super().data_received(data)
        if not self.is_silent:
            self._stop_clock()
        elif self._end is None:
            self._end = self.loop.call_later(self.places.seconds, self.transport.abort)

    def send_400_response(self, msg: str) -> None:
        """Refuse what is no request, in every language: which one was asked for cannot be read."""
        super().send_400_response("\n".join(t("door.unreadable", language) for language in LANGUAGES))

    def on_response_complete(self) -> None:
        """Be silent from now on, as far as the places are concerned."""
        self.silent_since = time.monotonic()
        super().on_response_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        """Leave the place."""
        self._stop_clock()
        super().connection_lost(exc)

    def _stop_clock(self) -> None:
        if self._end is not None:
            self._end.cancel()
            self._end = None

    def _finds_place(self) -> bool:
        others = [other for other in self.connections if other is not self and not other.transport.is_closing()]
        address = _address(self)
        if address not in self.places.proxies:
            neighbours = [other for other in others if counted_as(_address(other)) == counted_as(address)]
            if len(neighbours) >= self.places.per_address:
                return _makes_place(neighbours)
        return len(others) < self.places.in_all or _makes_place(others)


def _address(connection: Any) -> str:
    return connection.client[0] if connection.client else ""


def _makes_place(connections: list[Any]) -> bool:
    """End the connection that has been silent longest, if one is; websockets never are."""
    silent = [other for other in connections if isinstance(other, Connection) and other.is_silent]
    if silent:
        min(silent, key=lambda other: other.silent_since).transport.abort()
    return bool(silent)
