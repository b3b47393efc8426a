"""Slowing down who guesses: buckets that fill with wrong codes and empty with time, and work for who comes from a full one."""

from __future__ import annotations

import asyncio
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Final

from ketensim.workshop.web.settings import Limits

MOST_ADDRESSES: Final = 4_096  # addresses that are remembered; the longest silent one is forgotten first
MINUTE: Final = 60.0  # seconds
PAUSE: Final = 2.0  # seconds that a try takes while the whole server is being guessed at
WAITING_AT_ONCE: Final = 6  # tries that may wait; more are refused


class Bucket:
    """How much of an allowance is used up.

    Parameters
    ----------
    size : what may be used at once
    per_second : what comes back
    clock : seconds that only go forward
    """

    __slots__ = ("_at", "_clock", "_used", "per_second", "size")

    def __init__(self, size: float, per_second: float, clock: Callable[[], float] = time.monotonic) -> None:
        self.size, self.per_second, self._clock = size, per_second, clock
        self._used, self._at = 0.0, clock()

    @property
    def used(self) -> float:
        """What is used now."""
        now = self._clock()
        self._used = max(0.0, self._used - (now - self._at) * self.per_second)
        self._at = now
        return self._used

    @property
    def full(self) -> bool:
        """Whether there is no place for one more."""
        return self.used > self.size - 1.0

    @property
    def wait(self) -> int:
        """Whole seconds until there is a place again."""
        return max(1, int((self.used - self.size + 1.0) / self.per_second) + 1)

    def add(self) -> None:
        """Use one."""
        self._used = self.used + 1.0


class Buckets:
    """A bucket per address, for a bounded number of addresses."""

    def __init__(self, size: float, per_second: float, clock: Callable[[], float] = time.monotonic) -> None:
        self.size, self.per_second, self._clock = size, per_second, clock
        self._buckets: OrderedDict[str, Bucket] = OrderedDict()

    def of(self, address: str) -> Bucket:
        """The bucket of an address, made when there is none."""
        bucket = self._buckets.pop(address, None) or Bucket(self.size, self.per_second, self._clock)
        self._buckets[address] = bucket
        while len(self._buckets) > MOST_ADDRESSES:
            self._buckets.popitem(last=False)
        return bucket


class Guesses:
    """Wrong codes, wrong rejoin codes, wrong secrets and seats taken one after another: work for who comes from an address with
    many of them, slowed down for everybody.

    Only wrong ones count, so that sixty phones behind one router come in without a pause; and when somebody among them
    guesses, the others have a second of work and are not refused.
    """

    def __init__(self, limits: Limits, clock: Callable[[], float] = time.monotonic) -> None:
        per_second = limits.forgiven_per_minute / MINUTE
        self._per_address = Buckets(limits.wrong_codes, per_second, clock)
        self._joins = Buckets(limits.joins, limits.joins_per_minute / MINUTE, clock)
        self._everywhere = Bucket(limits.wrong_codes_everywhere, 10 * per_second, clock)
        self._waiting = 0

    async def seconds_to_wait(self, address: str, *, worked: bool = False, joins: bool = False) -> int:
        """0 when this address may try now, after a pause when the server is being guessed at.

        Parameters
        ----------
        worked : whether the work was done that a try takes
        joins : whether a seat is going to be taken
        """
        for bucket in (self._per_address.of(address), *([self._joins.of(address)] if joins else [])):
            if bucket.full and not worked:
                return bucket.wait
        if self._everywhere.full:
            if self._waiting >= WAITING_AT_ONCE:
                return int(PAUSE) + 1
            self._waiting += 1
            try:
                await asyncio.sleep(PAUSE)
            finally:
                self._waiting -= 1
        return 0

    def joined(self, address: str) -> None:
        """Somebody took a seat."""
        self._joins.of(address).add()

    def wrong(self, address: str) -> None:
        """It was wrong."""
        self._per_address.of(address).add()
        self._everywhere.add()
