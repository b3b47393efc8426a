"""Computing beside the page: what is asked last is computed first, some runs at once and more when the hand rests."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, Final

from ketensim.app.background import BURN_INS
from ketensim.app.explore import figures
from ketensim.app.explore.figures import Curve, Panel
from ketensim.app.explore.where_cases_went import Ledger, where_cases_went
from ketensim.run.executors import StoppedError
from ketensim.run.growing import GrowingEnsemble
from ketensim.run.replications import EVERYTHING
from ketensim.run.results import Results
from ketensim.scenario.schema import Scenario

FIRST_RUNS: Final = 60
ALL_RUNS: Final = 200
PIECE: Final = 2  # runs of one thread between two looks at whether something else was asked
LEAST_RUNS: Final = 16  # shown while a hand drags, on a slow machine
DRAG_TIME: Final = 0.11  # seconds of computing that a first picture may take
MOST_KEPT: Final = 6  # chains as they are, each some 60 MB
KEEP: Final = replace(EVERYTHING, organisations=FIRST_RUNS)  # of all runs they would be most of the memory
STARTED: Final = 0.4  # what the bar shows while only the first runs are there
REST: Final = 0.12  # seconds without a new wish before more runs are added


_kept: OrderedDict[tuple[str, int], Results] = OrderedDict()  # of chains as they are, which every visitor sees first
_keeping = threading.Lock()


@dataclass(frozen=True, eq=False)
class Wish:
    """What somebody wants to see, in which language, and what it is laid beside: the chain without the changes."""

    scenario: Scenario
    seed: int
    language: str
    against: Scenario | None = None


@dataclass(frozen=True, eq=False)
class Preview:
    """What can be seen of a wish by now: the goal and where the cases went, both beside the chain without the changes as soon
    as that is known, and when all runs are there the figures below and what the changes did.
    """

    wish: Wish
    goal: Curve
    progress: float
    before: Curve | None = None
    ledger: Ledger | None = None
    panels: list[Panel] = field(default_factory=list)
    why: list[str] = field(default_factory=list)


class Computer:
    """One thread for one visitor; ``ask`` returns at once, ``show`` is called from the thread.

    Parameters
    ----------
    show : gets what can be seen
    """

    def __init__(self, show: Callable[[Preview], None]) -> None:
        self._show = show
        self._wish: Wish | None = None
        self._news = threading.Condition()
        self._stopped = False
        self._pace = 0.0  # seconds a run, of the last picture
        self._line: tuple[Results | None, Curve | None] = (None, None)  # of the chain without the changes, made once
        self._thread = threading.Thread(target=self._work, name="ketensim-app", daemon=True)
        self._thread.start()

    def ask(self, wish: Wish) -> None:
        """Compute this next; what was asked before is dropped."""
        with self._news:
            self._wish = wish
            self._news.notify()

    def stop(self) -> None:
        """End the thread; what it was computing is dropped."""
        with self._news:
            self._stopped = True
            self._news.notify()

    def _work(self) -> None:
        while True:
            with self._news:
                self._news.wait_for(lambda: self._wish is not None or self._stopped)
                wish, self._wish = self._wish, None
            if self._stopped or wish is None:
                return
            try:
                self._compute(wish)
            except StoppedError:
                continue

    def _compute(self, wish: Wish) -> None:
        results = _of_all_visitors(wish.scenario, wish.seed) if wish.against is None else None
        if results is None:
            results = self._grown(wish)
        panels = figures.panels(results, wish.language)
        if wish.against is None:
            self._show(self._preview(wish, results, None, panels=panels))
            return
        if (against := _of_all_visitors(wish.against, wish.seed)) is None:
            self._show(self._preview(wish, results, None, panels=panels))
            against = self._reference(wish.against, wish.seed)
        why = figures.why(results, against, wish.language)
        self._show(self._preview(wish, results, against, panels=panels, why=why))

    def _preview(self, wish: Wish, results: Results, against: Results | None, **more: Any) -> Preview:
        goal = figures.goal_curve(results, wish.language)
        ledger = where_cases_went(results, against, wish.language)
        return Preview(wish, goal, more.pop("progress", 1.0), self._line_of(against), ledger, **more)

    def _line_of(self, against: Results | None) -> Curve | None:
        """The same object for the same chain, so that it does not travel to the page at each move."""
        if self._line[0] is not against:
            self._line = against, None if against is None else figures.goal_line(against)
        return self._line[1]

    def _grown(self, wish: Wish) -> Results:
        """All runs of a wish; the first are shown at once, the others come when the hand rests."""
        ensemble = GrowingEnsemble(wish.scenario, wish.seed, keep=KEEP, states=BURN_INS)
        start = time.perf_counter()
        ensemble.grow(self._affordable())
        self._pace = (time.perf_counter() - start) / ensemble.runs
        against = None if wish.against is None else _of_all_visitors(wish.against, wish.seed)
        self._show(self._preview(wish, ensemble.results, against, progress=STARTED))
        with self._news:
            if self._news.wait_for(lambda: self._wish is not None or self._stopped, REST):
                raise StoppedError
        self._finish(ensemble)
        if wish.against is None:
            _keep(wish.scenario, wish.seed, ensemble.results)
        return ensemble.results

    def _reference(self, scenario: Scenario, seed: int) -> Results:
        """Results of a chain as it is, which nobody has asked for yet."""
        ensemble = GrowingEnsemble(scenario, seed, keep=KEEP, states=BURN_INS)
        self._finish(ensemble)
        _keep(scenario, seed, ensemble.results)
        return ensemble.results

    def _finish(self, ensemble: GrowingEnsemble) -> None:
        """Add runs until all are there, unless something else is asked."""

        def still_wanted(_done: int, _all: int) -> None:
            with self._news:
                if self._wish is not None or self._stopped:
                    raise StoppedError

        ensemble.grow(ALL_RUNS, still_wanted, PIECE)

    def _affordable(self) -> int:
        """Runs of a first picture: sixty, or what this machine can do while the hand moves."""
        if not self._pace:
            return FIRST_RUNS
        return max(LEAST_RUNS, min(FIRST_RUNS, int(DRAG_TIME / self._pace)))


def _of_all_visitors(scenario: Scenario, seed: int) -> Results | None:
    """What was computed before of a chain as it is, for whomever."""
    key = (scenario.model_dump_json(), seed)
    with _keeping:
        if key in _kept:
            _kept.move_to_end(key)
        return _kept.get(key)


def _keep(scenario: Scenario, seed: int, results: Results) -> None:
    with _keeping:
        _kept[scenario.model_dump_json(), seed] = results
        if len(_kept) > MOST_KEPT:
            _kept.popitem(last=False)
