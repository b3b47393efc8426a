"""Runs that visitors share: of chains as they are, which everybody sees first, and of whatever several look at now."""

from __future__ import annotations

import threading
import weakref
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from hashlib import sha256
from typing import Final

from ketensim.app.background import BURN_INS, when_free
from ketensim.app.processors import Lane
from ketensim.app.setting import Setting, scenario_of
from ketensim.run.growing import GrowingEnsemble
from ketensim.run.replications import EVERYTHING
from ketensim.run.results import Results

FIRST_RUNS: Final = (
    60  # of these the effect lies within half a point of that of all runs in 95 of 100 moves (docs/en/app.md)
)
PIECE: Final = 2  # runs of one thread between two looks at whether something else was asked
MOST_KEPT: Final = 6  # chains as they are, each some 60 MB
KEEP: Final = replace(EVERYTHING, organisations=FIRST_RUNS)  # of all runs they would be most of the memory

_kept: OrderedDict[str, Results] = OrderedDict()  # of chains as they are
_keeping = threading.Lock()


class Shared:
    """Runs of a setting, which all visitors who look at the same one at the same time make together.

    A class that is told to press the same button asks for the same runs twenty times. They are there as long as one of
    the visitors still looks at them.

    Parameters
    ----------
    setting : of which they are
    """

    def __init__(self, setting: Setting) -> None:
        self._ensemble = GrowingEnsemble(scenario_of(setting), setting.seed, keep=KEEP, states=BURN_INS)
        self._one_at_a_time = threading.Lock()

    @property
    def runs(self) -> int:
        """Those that are there."""
        return self._ensemble.runs

    @property
    def chain_results(self) -> Results:
        """As of an ensemble that grows."""
        return self._ensemble.chain_results

    @property
    def results(self) -> Results:
        """As of an ensemble that grows."""
        return self._ensemble.results

    def begin(self, runs: int, lane: Lane) -> None:
        """Make the first runs, when nobody has."""
        if not self.runs:  # nobody waits here for who makes more of them
            with self._one_at_a_time:
                if not self.runs:
                    self._ensemble.grow(runs, executor=lane)

    def grow(self, runs: int, still_wanted: Callable[[int, int], None], lane: Lane) -> None:
        """Add to the first runs until there are so many, or wait for another visitor who does.

        Parameters
        ----------
        runs : wanted number of them
        still_wanted : called while computing and while waiting; what it raises ends it, and others go on
        lane : where they are made
        """
        if self.runs < runs:
            with when_free(self._one_at_a_time, still_wanted):
                self._ensemble.grow(runs, still_wanted, PIECE, lane)


_growing: weakref.WeakValueDictionary[str, Shared] = weakref.WeakValueDictionary()


def shared(setting: Setting) -> Shared:
    """The runs of a setting: those that others are making, or new ones."""
    key = _key(setting)
    with _keeping:
        found = _growing.get(key)
    if found is None:
        made = Shared(setting)
        with _keeping:
            found = _growing.setdefault(key, made)
    return found


def kept_results(setting: Setting) -> Results | None:
    """What was computed before of a chain as it is, for whomever."""
    key = _key(setting)
    with _keeping:
        if key in _kept:
            _kept.move_to_end(key)
        return _kept.get(key)


def keep_results(setting: Setting, runs: Shared) -> Results:
    """All runs of a chain as it is; kept once, also when others made them too."""
    if (known := kept_results(setting)) is not None:
        return known
    results = runs.results
    with _keeping:
        _kept[_key(setting)] = results
        if len(_kept) > MOST_KEPT:
            _kept.popitem(last=False)
    return results


@lru_cache(maxsize=256)
def _key(setting: Setting) -> str:
    """The same for settings that run the same, such as one whose levers were moved back; it is asked four times a move."""
    return sha256(f"{setting.seed} {scenario_of(setting).model_dump_json()}".encode()).hexdigest()
