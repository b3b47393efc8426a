"""Computing beside the page: what is asked last is computed first, some runs at once and more when the hand rests."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, Final

from ketensim.app.background import BURN_INS, TURNS
from ketensim.app.effect import Curve, Effect, effect_on_goal, goal_curve, goal_line
from ketensim.app.explore import figures
from ketensim.app.explore.causes import Grounds, quarterly
from ketensim.app.explore.figures import Panel
from ketensim.app.explore.prospects import Prospect, prospects_of
from ketensim.app.explore.where_cases_went import Ledger, where_cases_went
from ketensim.app.setting import Setting, scenario_of, without_changes
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
_at_work: dict[tuple[str, int], threading.Lock] = {}  # chains as they are, which two visitors need not compute at once


@dataclass(frozen=True)
class Wish:
    """What somebody wants to see, and in which language."""

    setting: Setting
    language: str

    @property
    def scenario(self) -> Scenario:
        """What is run."""
        return scenario_of(self.setting)

    @property
    def against(self) -> Scenario | None:
        """What it is laid beside: the chain without the changes; None when there are none."""
        was = scenario_of(without_changes(self.setting))
        return None if was == self.scenario else was


@dataclass(frozen=True, eq=False)
class Preview:
    """What can be seen of a wish by now: the goal, what was done to it and where the cases went, beside the chain without the
    changes as soon as that is known; when all runs are there the figures below, what the changes did, and at last what each
    lever would still do.
    """

    wish: Wish
    goal: Curve
    effect: Effect
    progress: float
    before: Curve | None = None
    ledger: Ledger | None = None
    grounds: Grounds | None = None  # from which is read why a curve moved
    panels: list[Panel] = field(default_factory=list)
    why: list[str] = field(default_factory=list)
    prospects: dict[str, Prospect] = field(default_factory=dict)


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
        beside, against = wish.against, None
        if beside is None:
            results = self._as_it_is(wish)
        else:
            results, against = self._both(wish, beside)
        before = None if against is None else quarterly(against)
        grounds = Grounds(wish.scenario, quarterly(results), beside, before)
        more: dict[str, Any] = {"grounds": grounds, "panels": figures.panels(results, wish.language)}
        if against is not None:
            more["why"] = figures.why(results, against, wish.language)
        preview = self._preview(wish, results, against, **more)
        self._show(preview)
        prospects = dict(prospects_of(wish.setting, results, self._still_wanted, wish.language))
        self._show(replace(preview, prospects=prospects))

    def _both(self, wish: Wish, beside: Scenario) -> tuple[Results, Results]:
        """All runs of a wish and of what it is laid beside, which nobody may have asked for yet; the first are shown at once."""
        seed = wish.setting.seed
        against = _of_all_visitors(beside, seed) or GrowingEnsemble(beside, seed, keep=KEEP, states=BURN_INS)
        ensemble = self._begun(wish, against)
        if isinstance(against, GrowingEnsemble):
            self._finish(against)
            _keep(beside, seed, against.results)
            against = against.results
        self._finish(ensemble)
        return ensemble.results, against

    def _as_it_is(self, wish: Wish) -> Results:
        """Runs of a chain without changes: those of another visitor, who may still be computing them, or one's own."""
        key = _key(wish.scenario, wish.setting.seed)
        with _keeping:
            lock = _at_work.setdefault(key, threading.Lock())
        while not lock.acquire(timeout=REST):
            self._still_wanted(0, 0)
        try:
            found = _of_all_visitors(wish.scenario, wish.setting.seed)
            if found is None:
                ensemble = self._begun(wish, None)
                self._finish(ensemble)
                found = ensemble.results
                _keep(wish.scenario, wish.setting.seed, found)
            return found
        finally:
            lock.release()

    def _preview(self, wish: Wish, results: Results, against: Results | None, **more: Any) -> Preview:
        return Preview(
            wish,
            goal_curve(results, wish.language),
            effect_on_goal(results, against, wish.language),
            more.pop("progress", 1.0),
            self._line_of(against),
            where_cases_went(results, against, wish.language),
            **more,
        )

    def _line_of(self, against: Results | None) -> Curve | None:
        """The same object for the same chain, so that it does not travel to the page at each move."""
        if self._line[0] is not against:
            self._line = against, None if against is None else goal_line(against)
        return self._line[1]

    def _begun(self, wish: Wish, against: Results | GrowingEnsemble | None) -> GrowingEnsemble:
        """The first runs of a wish, which are shown at once; the others are wanted when the hand rests."""
        ensemble = GrowingEnsemble(wish.scenario, wish.setting.seed, keep=KEEP, states=BURN_INS)
        with TURNS.first_picture():
            start = time.perf_counter()
            ensemble.grow(self._affordable())
            self._pace = (time.perf_counter() - start) / ensemble.runs
            if isinstance(against, GrowingEnsemble):
                against.grow(ensemble.runs)
        beside = against.results if isinstance(against, GrowingEnsemble) else against
        self._show(self._preview(wish, ensemble.results, beside, progress=STARTED))
        with self._news:
            if self._news.wait_for(lambda: self._wish is not None or self._stopped, REST):
                raise StoppedError
        return ensemble

    def _finish(self, ensemble: GrowingEnsemble) -> None:
        """Add runs until all are there, unless something else is asked."""
        ensemble.grow(ALL_RUNS, self._still_wanted, PIECE)

    def _still_wanted(self, _done: int, _all: int) -> None:
        """Ends what is computed when something else is asked; lets first pictures of others go before."""
        TURNS.step_aside()
        with self._news:
            if self._wish is not None or self._stopped:
                raise StoppedError

    def _affordable(self) -> int:
        """Runs of a first picture: sixty, or what this machine can do while the hand moves; few as long as that is unknown."""
        if not self._pace:
            return LEAST_RUNS
        return max(LEAST_RUNS, min(FIRST_RUNS, int(DRAG_TIME / self._pace)))


def compute_ahead(setting: Setting) -> None:
    """Have a chain as it is computed before anybody asks, so that the first visitor sees it at once."""
    scenario = scenario_of(setting)
    with _keeping:
        lock = _at_work.setdefault(_key(scenario, setting.seed), threading.Lock())
    with lock:
        ensemble = GrowingEnsemble(scenario, setting.seed, keep=KEEP, states=BURN_INS)
        try:
            ensemble.grow(ALL_RUNS, lambda _done, _all: TURNS.step_aside(), PIECE)
        except RuntimeError as error:
            if "shutdown" in str(error):  # of the interpreter: the app was closed meanwhile
                return
            raise
        _keep(scenario, setting.seed, ensemble.results)


def _key(scenario: Scenario, seed: int) -> tuple[str, int]:
    return scenario.model_dump_json(), seed


def _of_all_visitors(scenario: Scenario, seed: int) -> Results | None:
    """What was computed before of a chain as it is, for whomever."""
    key = _key(scenario, seed)
    with _keeping:
        if key in _kept:
            _kept.move_to_end(key)
        return _kept.get(key)


def _keep(scenario: Scenario, seed: int, results: Results) -> None:
    with _keeping:
        _kept[_key(scenario, seed)] = results
        if len(_kept) > MOST_KEPT:
            _kept.popitem(last=False)
