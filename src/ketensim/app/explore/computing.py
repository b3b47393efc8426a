"""Computing beside the page: what is asked last is computed first, some runs at once and more when the hand rests."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Final

from ketensim.app.background import TURNS
from ketensim.app.effect import Curve, Effect, effect_on_goal, goal_curve, goal_line
from ketensim.app.explore import figures
from ketensim.app.explore.causes import Grounds, quarterly
from ketensim.app.explore.figures import Panel
from ketensim.app.explore.prospects import Prospect, prospects_of
from ketensim.app.explore.shared_runs import FIRST_RUNS, Shared, keep_results, kept_results, shared
from ketensim.app.explore.where_cases_went import Ledger, where_cases_went
from ketensim.app.processors import PROCESSORS, Lane, Urgency
from ketensim.app.setting import Setting, scenario_of, without_changes
from ketensim.run.executors import StoppedError
from ketensim.run.results import Results
from ketensim.scenario.schema import Scenario

ALL_RUNS: Final = 200
# Shown while a hand moves on, on a slow machine. Choosing the runs that stand best for all by what is known of the chain without
# the change took a tenth to a half off their error, and not below half a point.
LEAST_RUNS: Final = 12
DRAG_TIME: Final = 0.11  # seconds of computing that a first picture may take
STARTED, FIRST = 0.15, 0.4  # what the bar shows of the first picture, and of the first runs
PAINT: Final = 0.08  # seconds that a browser on the same machine gets to draw what came, while the hand moves
HOLD: Final = 0.6  # seconds after which a hand that holds still is taken to rest
LATER: Final = (Urgency.MORE, Urgency.ALL, Urgency.UNASKED)  # what is dropped when something else is asked


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
    def beside(self) -> Setting | None:
        """What it is laid beside: the chain without the changes; None when there are none."""
        was = without_changes(self.setting)
        return None if scenario_of(was) == self.scenario else was

    @property
    def there(self) -> Results | None:
        """All that is wanted, when nothing has to be run: a chain as it is that somebody saw before."""
        return kept_results(self.setting) if self.beside is None else None


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


@dataclass(frozen=True, eq=False)
class Begun:
    """The first runs of a wish and of what it is laid beside, which may be there already."""

    ensemble: Shared
    against: Results | Shared | None


@dataclass(frozen=True, eq=False)
class Whole:
    """All runs of a wish and of what it is laid beside, and what is shown of them."""

    results: Results
    against: Results | None
    preview: Preview


class Computer:
    """One thread for one visitor; ``ask`` returns at once, ``show`` is called from the thread.

    Parameters
    ----------
    show : gets what can be seen
    """

    def __init__(self, show: Callable[[Preview], None]) -> None:
        self._show = show
        self._wish: Wish | None = None
        self._asked: Wish | None = None  # the last one
        self._news = threading.Condition()
        self._stopped = False
        self._held = False
        self._pace = 0.0  # seconds a run, of the last picture
        self._lanes: dict[Urgency, Lane] = {}  # of what is computed now
        self._line: tuple[Results | None, Curve | None] = (None, None)  # of the chain without the changes, made once
        self._thread = threading.Thread(target=self._work, name="ketensim-app", daemon=True)
        self._thread.start()

    def ask(self, wish: Wish) -> None:
        """Compute this next; what was asked before is dropped."""
        with self._news:
            if wish == self._asked:
                return
            self._asked = self._wish = wish
            self._end_what_waits()

    def hold(self, held: bool) -> None:
        """Tell whether a hand still drags; all runs are for when it rests."""
        with self._news:
            self._held = held
            self._news.notify()

    def stop(self) -> None:
        """End the thread; what it was computing is dropped."""
        with self._news:
            self._stopped = True
            self._end_what_waits()

    def _end_what_waits(self) -> None:
        """Wake the thread, whatever it waits for."""
        self._news.notify()
        for lane in self._lanes.values():
            lane.close()

    def _work(self) -> None:
        while True:
            with self._news:
                self._news.wait_for(lambda: self._wish is not None or self._stopped)
                wish, self._wish = self._wish, None
            if self._stopped or wish is None:
                return
            with contextlib.suppress(StoppedError):
                self._compute(wish)

    def _compute(self, wish: Wish) -> None:
        with contextlib.nullcontext() if wish.there else TURNS.first_picture():
            wish = self._newest(wish)
            begun = wish.there or self._begun(wish)
        if isinstance(begun, Begun):
            whole = self._grown(wish, begun)
        else:
            whole = Whole(begun, None, self._preview(wish, begun, None))
            self._show(whole.preview)
        preview = self._explained(wish, whole)
        with TURNS.aside(self._still_wanted):
            self._show(preview)
        lane = self._lanes[Urgency.UNASKED]
        prospects = dict(prospects_of(wish.setting, whole.results, self._still_wanted, wish.language, lane))
        with TURNS.aside(self._still_wanted):
            self._show(replace(preview, prospects=prospects))

    def _newest(self, wish: Wish) -> Wish:
        """What is asked now: while a first picture waited for its turn the hand may have gone on."""
        with self._news:
            newer, self._wish = self._wish, None
            self._lanes = {urgency: PROCESSORS.lane(urgency) for urgency in LATER}
            return newer or wish

    def _begun(self, wish: Wish) -> Begun:
        """As many runs as a moving hand can wait for."""
        beside = wish.beside
        against = None if beside is None else kept_results(beside) or shared(beside)
        ensemble, lane = shared(wish.setting), PROCESSORS.lane(Urgency.FIRST)
        ensemble.begin(self._affordable(), lane)
        if lane.busy:
            self._pace = lane.busy / PROCESSORS.number / ensemble.runs
        if isinstance(against, Shared):
            against.begin(ensemble.runs, lane)
        return Begun(ensemble, against)

    def _grown(self, wish: Wish, begun: Begun) -> Whole:
        """The first runs are shown at once, more as soon as the hand lingers, and all when it rests."""
        every = [one for one in (begun.against, begun.ensemble) if isinstance(one, Shared)]
        self._show(self._so_far(wish, begun, STARTED))
        self._linger(PAINT)
        if begun.ensemble.runs < FIRST_RUNS:
            for one in every:
                one.grow(FIRST_RUNS, self._still_wanted, self._lanes[Urgency.MORE])
            with TURNS.aside(self._still_wanted):
                self._show(self._so_far(wish, begun, FIRST))
        self._linger(HOLD)
        for one in every:
            one.grow(ALL_RUNS, self._still_wanted, self._lanes[Urgency.ALL])
        with TURNS.aside(self._still_wanted):
            preview = self._so_far(wish, begun, 1.0)
            self._show(preview)  # before what takes longer to make and is asked for later
        against, beside = begun.against, wish.beside
        if beside is None:
            return Whole(keep_results(wish.setting, begun.ensemble), None, preview)
        if isinstance(against, Shared):
            against = keep_results(beside, against)
        return Whole(begun.ensemble.results, against, preview)

    def _so_far(self, wish: Wish, begun: Begun, progress: float) -> Preview:
        results, against = begun.ensemble.chain_results, begun.against
        if isinstance(against, Shared):  # others may have made more runs of the one than of the other
            against.grow(results.number_of_runs, self._still_wanted, self._lanes[Urgency.MORE])
            against = against.chain_results
        return self._preview(wish, results, against, progress)

    def _explained(self, wish: Wish, whole: Whole) -> Preview:
        """With all that takes Python long to make."""
        results, against = whole.results, whole.against
        with TURNS.aside(self._still_wanted):
            before = None if against is None else quarterly(against)
            beside = None if wish.beside is None else scenario_of(wish.beside)
            grounds = Grounds(wish.scenario, quarterly(results), beside, before)
        with TURNS.aside(self._still_wanted):
            panels = figures.panels(results, wish.language)
        with TURNS.aside(self._still_wanted):
            why = [] if against is None else figures.why(results, against, wish.language)
        return replace(whole.preview, grounds=grounds, panels=panels, why=why)

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

    def _linger(self, seconds: float) -> None:
        """Wait until the hand rests, or for so long; ends what is computed when something else is asked."""
        with self._news:
            self._news.wait_for(lambda: self._wish is not None or self._stopped or not self._held, seconds)
            if self._wish is not None or self._stopped:
                raise StoppedError

    def _still_wanted(self, _done: int, _all: int) -> None:
        """Ends what is computed when something else is asked."""
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
    ensemble = shared(setting)
    with contextlib.suppress(StoppedError):  # the app was closed meanwhile
        with TURNS.first_picture():
            ensemble.begin(LEAST_RUNS, PROCESSORS.lane(Urgency.FIRST))
        ensemble.grow(ALL_RUNS, lambda _done, _all: None, PROCESSORS.lane(Urgency.ALL))
        keep_results(setting, ensemble)
