"""States of runs that are kept, so that a variant does not run again what it has in common with another.

Everything that a run meets before a week (chain, parameters and luck, and what calendar and events hold before it) makes its
*past*. Two variants with equal pasts, such as the courses that a workshop compares, or a chain with and without a later
event, stand in the same state at the beginning of that week, to the bit: the second goes on from a copy.
"""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

import numpy as np

from ketensim.foundation.state import Chain, State

MOST_BYTES: Final = 150_000_000


@dataclass(frozen=True, eq=False)
class KeptState:
    """A run that stands at the beginning of a week.

    Attributes
    ----------
    week : since the start of the burn-in
    state : of the chain
    weekly : array [reported week so far, outcome]
    """

    week: int
    state: State
    weekly: np.ndarray

    @property
    def size(self) -> int:
        """Bytes."""
        return self.weekly.nbytes + self.state.nbytes


class KeptStates:
    """States by the past that led to them; threads may share it.

    Of pasts that were not asked for lately nothing is kept once there are too many bytes. A single past that is too large by
    itself keeps its first runs.

    Parameters
    ----------
    most_bytes : of all states together
    """

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self.most_bytes = most_bytes
        self.bytes = 0
        self._lock = threading.Lock()
        self._by_past: OrderedDict[str, dict[int, KeptState]] = OrderedDict()  # past -> replication -> state

    def find(self, past: str, replication: int) -> KeptState | None:
        """A copy of the state of a run, to go on from; None when it is not kept."""
        with self._lock:
            kept = self._by_past.get(past, {}).get(replication)
            if kept is None:
                return None
            self._by_past.move_to_end(past)
        return KeptState(kept.week, kept.state.copied(), kept.weekly)

    def keep(self, past: str, replication: int, week: int, state: State, weekly: np.ndarray) -> None:
        """Keep a copy of a state, and of the weekly values so far."""
        kept = KeptState(week, state.copied(), weekly.copy())
        with self._lock:
            if replication in self._by_past.setdefault(past, {}):
                return
            self._by_past.move_to_end(past)
            while self.bytes + kept.size > self.most_bytes and len(self._by_past) > 1:
                self._drop(next(iter(self._by_past)))
            if self.bytes + kept.size <= self.most_bytes:
                self._by_past[past][replication] = kept
                self.bytes += kept.size

    def forget(self, past: str, replications: Iterable[int]) -> None:
        """Drop the states of runs that nobody will ask for."""
        with self._lock:
            for replication in replications:
                kept = self._by_past.get(past, {}).pop(replication, None)
                self.bytes -= 0 if kept is None else kept.size

    def _drop(self, past: str) -> None:
        self.bytes -= sum(kept.size for kept in self._by_past.pop(past).values())


def digest_of(heading: str, chain: Chain, sets: np.recarray, before: int | None = None) -> str:
    """What runs are made of, or what they have met before a week, as hexadecimal digits: equal for equal numbers.

    Parameters
    ----------
    heading : what else makes them, such as their seed
    chain, sets : of the runs
    before : a week since the start of the burn-in; None = the whole run
    """
    digest = hashlib.sha256(heading.encode())
    arrays = chain.arrays() if before is None else past_arrays(chain, before)
    for name, array in (*arrays.items(), ("parameters", np.asarray(sets))):
        digest.update(f"{name} {array.shape} ".encode())
        digest.update(np.ascontiguousarray(array).tobytes())
    return digest.hexdigest()


def past_arrays(chain: Chain, week: int) -> dict[str, np.ndarray]:
    """The arrays of a chain without what its calendar, events and elections hold from a week on, and without its policy.

    A policy starts with the first reported week, so that until then it is no part of the past.
    """
    world = chain.world.copy()
    if week <= world[0].burn_in:
        world.policy = 0
    return chain.arrays() | {
        "world": world,
        "change": chain.change[chain.change.week < week],
        "restraint": chain.restraint[chain.restraint.week < week],
        "event": chain.event[chain.event.week < week],
        "election": chain.election[:, :week],
        "election_near": chain.election_near[:, :week],
    }
