"""The processors of the server, which all visitors share: what is most urgent goes first, in pieces that end soon.

Whatever takes long in the app is cut in pieces and laid in one row of waiting pieces, which as many threads take from as there
are processors. With threads of its own for each visitor, what twenty of them had under way was in the way of the first picture
of the one who moves: forty pieces at the same time, each of which would have been over in a hundredth of a second.
"""

from __future__ import annotations

import os
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from dataclasses import dataclass
from enum import IntEnum
from typing import Any, Final, ParamSpec, TypeVar

from ketensim.run.executors import StoppedError

LONGEST: Final = 0.5  # seconds that a piece waits while others go before; then one goes out of its turn
P = ParamSpec("P")
T = TypeVar("T")


class Urgency(IntEnum):
    """What goes before what."""

    FIRST = 0  # a hand moves, and waits to see something
    MORE = 1  # runs of what was seen with few
    ALL = 2  # all runs of what somebody looks at
    UNASKED = 3  # what nobody asked for yet, in the time that is left


@dataclass(frozen=True, eq=False, slots=True)
class _Piece:
    job: Callable[[], Any]
    ends: Future[Any]
    lane: Lane
    asked: float  # on the clock


class Processors:
    """All processors of this machine, or so many.

    Pieces of one urgency go in the order in which they were asked. Who computes much asks for a few pieces at a time, so that
    others who do so come in between.

    Parameters
    ----------
    number : of them
    longest : seconds, see above
    """

    def __init__(self, number: int | None = None, longest: float = LONGEST) -> None:
        self.number = number or os.cpu_count() or 1
        self._longest = longest
        self._threads = ThreadPoolExecutor(self.number, "ketensim-processor")
        self._guard = threading.Lock()
        self._waiting: dict[Urgency, deque[_Piece]] = {urgency: deque() for urgency in Urgency}
        self._exception = 0.0  # when a piece last went out of its turn
        self._open = True

    def open(self) -> None:
        """Take pieces, as a server that starts does."""
        with self._guard:
            self._open = True

    def close(self) -> None:
        """Take none any more, and end quietly what waits for one."""
        with self._guard:
            self._open = False
            left = [piece for row in self._waiting.values() for piece in row]
            for row in self._waiting.values():
                row.clear()
        _end(left)

    def lane(self, urgency: Urgency) -> Lane:
        """A way in for somebody's pieces."""
        return Lane(self, urgency)

    def add(self, piece: _Piece) -> None:
        """Let a piece wait for its turn.

        Raises
        ------
        StoppedError : there is none any more
        """
        with self._guard:
            if not self._open or piece.lane.closed:
                raise StoppedError
            self._waiting[piece.lane.urgency].append(piece)
        self._threads.submit(self._take)

    def end(self, lane: Lane) -> None:
        """End quietly what waits in a lane, and let nothing in any more."""
        with self._guard:
            lane.closed = True
            row = self._waiting[lane.urgency]
            left = [piece for piece in row if piece.lane is lane]
            for piece in left:
                row.remove(piece)
        _end(left)

    def _take(self) -> None:
        """Do the piece whose turn it is; what was ended in the meantime has none."""
        with self._guard:
            piece = self._next()
        if piece is None or not piece.ends.set_running_or_notify_cancel():
            return
        start = time.perf_counter()
        try:
            made = piece.job()
        except BaseException as error:
            piece.ends.set_exception(error)
        else:
            with self._guard:
                piece.lane.busy += time.perf_counter() - start
            piece.ends.set_result(made)

    def _next(self) -> _Piece | None:
        heads = [row[0] for row in self._waiting.values() if row]
        if not heads:
            return None
        found, now = heads[0], time.monotonic()
        oldest = min(heads, key=lambda piece: piece.asked)
        if min(now - oldest.asked, now - self._exception) > self._longest:
            found, self._exception = oldest, now
        return self._waiting[found.lane.urgency].popleft()


class Lane(Executor):
    """Where somebody's pieces of one urgency wait; whoever computes uses it as any executor.

    Attributes
    ----------
    busy : seconds that processors were at work for it, added up
    closed : whether nothing is let in any more
    urgency : of its pieces
    """

    def __init__(self, processors: Processors, urgency: Urgency) -> None:
        self.busy = 0.0
        self.closed = False
        self.urgency = urgency
        self._processors = processors

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Let a piece wait for its turn; the same as of any executor.

        Raises
        ------
        StoppedError : there is none any more
        """
        ends: Future[T] = Future()
        self._processors.add(_Piece(lambda: fn(*args, **kwargs), ends, self, time.monotonic()))
        return ends

    def close(self) -> None:
        """End what waits here: who waits for it hears that at once, and not when its turn would have come."""
        self._processors.end(self)


def _end(pieces: list[_Piece]) -> None:
    for piece in pieces:
        if piece.ends.set_running_or_notify_cancel():
            piece.ends.set_exception(StoppedError())


PROCESSORS: Final = Processors()  # of all visitors
