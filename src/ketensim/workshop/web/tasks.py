"""A little work that a browser does before it may try again: some hundred thousand hashes, a second on a phone.

In a venue all phones come from one address, and among them may be one that guesses. So nobody is refused for what others at
the address did: from some wrong codes on a try there takes this work, which the page does by itself. Who guesses half a
million codes has to do it half a million times.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Final

GOOD_FOR: Final = 180.0  # seconds in which a task can be handed in
REMEMBERED: Final = 20_000  # tasks that were handed in, so that none counts twice
LONGEST: Final = 200  # characters of what is handed in


class Tasks:
    """Tasks that nobody can make but this server, and that count once.

    Parameters
    ----------
    key : a secret of this server
    bits : zero bits with which the hash of a task and its answer begins; each doubles the work
    clock : seconds since 1970
    """

    def __init__(self, key: str, bits: int, clock: Callable[[], float] = time.time) -> None:
        self.bits = bits
        self._key, self._clock = hashlib.sha256(f"work {key}".encode()).digest(), clock
        self._handed_in: OrderedDict[str, None] = OrderedDict()

    def new(self) -> str:
        """A task, to be handed in with its answer as ``task:number``."""
        task = f"{self._clock() + GOOD_FOR:.0f}.{secrets.token_hex(8)}"
        return f"{task}.{self._signature(task)}"

    def done(self, handed_in: str) -> bool:
        """Whether this is a task of ours with its answer, in time and for the first time."""
        task, _, number = handed_in.partition(":")
        said, _, signature = task.rpartition(".")
        if len(handed_in) > LONGEST or not handed_in.isascii() or not number.isdecimal():
            return False
        if not hmac.compare_digest(self._signature(said), signature) or float(said.partition(".")[0]) < self._clock():
            return False
        if task in self._handed_in or not answers_task(task, number, self.bits):
            return False
        self._handed_in[task] = None
        while len(self._handed_in) > REMEMBERED:
            self._handed_in.popitem(last=False)
        return True

    def _signature(self, task: str) -> str:
        return hmac.new(self._key, task.encode(), hashlib.sha256).hexdigest()[:24]


def answers_task(task: str, number: str, bits: int) -> bool:
    """Whether the hash of a task and a number begins with so many zero bits.

    Examples
    --------
    >>> answers_task("any", "0", 0), answers_task("any", "1", 200)
    (True, False)
    """
    found = hashlib.sha256(f"{task}:{number}".encode()).digest()
    return int.from_bytes(found, "big") >> (8 * len(found) - bits) == 0
