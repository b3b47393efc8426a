"""Computing beside the page: what is asked last is computed first, some runs at once and more when the hand rests."""

from __future__ import annotations

import contextlib
import threading
import time
import weakref
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Final

from ketensim.app.background import BURN_INS, TURNS, when_free
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

FIRST_RUNS: Final = (
    60  # of these the effect lies within half a point of that of all runs in 95 of 100 moves (docs/en/app.md)
)
ALL_RUNS: Final = 200
PIECE: Final = 2  # runs of one thread between two looks at whether something else was asked
# Shown while a hand moves on, on a slow machine. Choosing the runs that stand best for all by what is known of the chain without
# the change took a tenth to a half off their error, and not below half a point.
LEAST_RUNS: Final = 12
DRAG_TIME: Final = 0.11  # seconds of computing that a first picture may take
MOST_KEPT: Final = 6  # chains as they are, each some 60 MB
KEEP: Final = replace(EVERYTHING, organisations=FIRST_RUNS)  # of all runs they would be most of the memory
STARTED, FIRST = 0.15, 0.4  # what the bar shows of the first picture, and of the first runs
PAINT: Final = 0.08  # seconds that a browser on the same machine gets to draw what came, while the hand moves
HOLD: Final = 0.6  # seconds after which a hand that holds still is taken to rest


_kept: OrderedDict[tuple[str, int], Results] = OrderedDict()  # of chains as they are, which every visitor sees first
_keeping = threading.Lock()


class Shared:
    """Runs of a setting, which all visitors who look at the same one at the same time make together.

    A class that is told to press the same button asks for the same runs twenty times. They are there as long as one of
    the visitors still looks at them.

    Parameters
    ----------
    scenario, seed : of the setting
    """

    def __init__(self, scenario: Scenario, seed: int) -> None:
        self._ensemble = GrowingEnsemble(scenario, seed, keep=KEEP, states=BURN_INS)
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

    def begin(self, runs: int) -> None:
        """Make the first runs, when nobody has; for whose turn it is, so that nobody else makes any of them meanwhile."""
        if not self.runs:
            with self._one_at_a_time:
                self._ensemble.grow(runs)

    def grow(self, runs: int, still_wanted: Callable[[int, int], None]) -> None:
        """Add to the first runs until there are so many, or wait for another visitor who does.

        Parameters
        ----------
        runs : wanted number of them
        still_wanted : called while computing and while waiting; what it raises ends it, and others go on
        """
        if self.runs < runs:
            with when_free(self._one_at_a_time, still_wanted):
                self._ensemble.grow(runs, still_wanted, PIECE)


_growing: weakref.WeakValueDictionary[tuple[str, int], Shared] = weakref.WeakValueDictionary()


def shared(scenario: Scenario, seed: int) -> Shared:
    """The runs of a setting: those that others are making, or new ones."""
    key = _key(scenario, seed)
    with _keeping:
        found = _growing.get(key)
        if found is None:
            found = _growing[key] = Shared(scenario, seed)
        return found


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
        self._held = False
        self._pace = 0.0  # seconds a run, of the last picture
        self._line: tuple[Results | None, Curve | None] = (None, None)  # of the chain without the changes, made once
        self._thread = threading.Thread(target=self._work, name="ketensim-app", daemon=True)
        self._thread.start()

    def ask(self, wish: Wish) -> None:
        """Compute this next; what was asked before is dropped."""
        with self._news:
            self._wish = wish
            self._news.notify()

    def hold(self, held: bool) -> None:
        """Tell whether a hand still drags; all runs are for when it rests."""
        with self._news:
            self._held = held
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
            preview = self._preview(wish, results, None)
            self._show(preview)  # before what takes longer to make and is asked for later
        else:
            ensemble, against = self._both(wish, beside)
            preview = self._preview(wish, ensemble.chain_results, against)
            self._show(preview)
            results = ensemble.results
        before = None if against is None else quarterly(against)
        preview = replace(
            preview,
            grounds=Grounds(wish.scenario, quarterly(results), beside, before),
            panels=figures.panels(results, wish.language),
            why=[] if against is None else figures.why(results, against, wish.language),
        )
        self._still_wanted(0, 0)
        self._show(preview)
        prospects = dict(prospects_of(wish.setting, results, self._still_wanted, wish.language))
        self._show(replace(preview, prospects=prospects))

    def _both(self, wish: Wish, beside: Scenario) -> tuple[Shared, Results]:
        """All runs of a wish and of what it is laid beside, which nobody may have asked for yet; the first are shown at once."""
        seed = wish.setting.seed
        against = _of_all_visitors(beside, seed) or shared(beside, seed)
        ensemble = self._begun(wish, against)
        if isinstance(against, Shared):
            against = self._finished(against, beside, seed)
        ensemble.grow(ALL_RUNS, self._still_wanted)
        return ensemble, against

    def _as_it_is(self, wish: Wish) -> Results:
        """Runs of a chain without changes, which are kept."""
        seed = wish.setting.seed
        found = _of_all_visitors(wish.scenario, seed)
        return self._finished(self._begun(wish, None), wish.scenario, seed) if found is None else found

    def _finished(self, ensemble: Shared, scenario: Scenario, seed: int) -> Results:
        """All runs of a chain without changes; kept once, also when others made them too."""
        ensemble.grow(ALL_RUNS, self._still_wanted)
        return _of_all_visitors(scenario, seed) or _keep(scenario, seed, ensemble.results)

    def _preview(self, wish: Wish, results: Results, against: Results | None, progress: float = 1.0) -> Preview:
        return Preview(
            wish,
            goal_curve(results, wish.language),
            effect_on_goal(results, against, wish.language),
            progress,
            self._line_of(against),
            where_cases_went(results, against, wish.language),
        )

    def _line_of(self, against: Results | None) -> Curve | None:
        """The same object for the same chain, so that it does not travel to the page at each move."""
        if self._line[0] is not against:
            self._line = against, None if against is None else goal_line(against)
        return self._line[1]

    def _begun(self, wish: Wish, against: Results | Shared | None) -> Shared:
        """The first runs of a wish: as many as a moving hand can wait for are shown at once, and more as soon as it lingers."""
        ensemble = shared(wish.scenario, wish.setting.seed)
        with TURNS.first_picture():
            before, start = ensemble.runs, time.perf_counter()
            ensemble.begin(self._affordable())
            if not before:
                self._pace = (time.perf_counter() - start) / ensemble.runs
            if isinstance(against, Shared):
                against.begin(ensemble.runs)
        self._show_so_far(wish, ensemble, against, STARTED)
        self._linger(PAINT)
        if ensemble.runs < FIRST_RUNS:
            for one in (against, ensemble):
                if isinstance(one, Shared):
                    one.grow(FIRST_RUNS, self._still_wanted)
            self._show_so_far(wish, ensemble, against, FIRST)
        self._linger(HOLD)
        return ensemble

    def _show_so_far(self, wish: Wish, ensemble: Shared, against: Results | Shared | None, progress: float) -> None:
        results = ensemble.chain_results
        if isinstance(against, Shared):  # others may have made more runs of the one than of the other
            against.grow(results.number_of_runs, self._still_wanted)
            against = against.chain_results
        self._show(self._preview(wish, results, against, progress))

    def _linger(self, seconds: float) -> None:
        """Wait until the hand rests, or for so long; ends what is computed when something else is asked."""
        with self._news:
            self._news.wait_for(lambda: self._wish is not None or self._stopped or not self._held, seconds)
            if self._wish is not None or self._stopped:
                raise StoppedError

    def _still_wanted(self, _done: int, _all: int) -> None:
        """Ends what is computed when something else is asked; lets first pictures of others go before."""
        TURNS.step_aside()
        with self._news:
            if self._wish is not None or self._stopped:
                raise StoppedError

    def _affordable(self) -> int:
        """Runs of a first picture: sixty, or what this machine can do while the hand moves, whose time all who wait share; few as
        long as that is unknown.
        """
        if not self._pace:
            return LEAST_RUNS
        return max(LEAST_RUNS, min(FIRST_RUNS, int(DRAG_TIME / self._pace / TURNS.waiting)))


def compute_ahead(setting: Setting) -> None:
    """Have a chain as it is computed before anybody asks, so that the first visitor sees it at once."""
    scenario = scenario_of(setting)
    ensemble = shared(scenario, setting.seed)
    with contextlib.suppress(StoppedError):  # the app was closed meanwhile
        with TURNS.first_picture():
            ensemble.begin(LEAST_RUNS)
        ensemble.grow(ALL_RUNS, lambda _done, _all: TURNS.step_aside())
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


def _keep(scenario: Scenario, seed: int, results: Results) -> Results:
    with _keeping:
        _kept[_key(scenario, seed)] = results
        if len(_kept) > MOST_KEPT:
            _kept.popitem(last=False)
    return results
