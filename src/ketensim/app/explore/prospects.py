"""What each lever would still do from where all stand now, and what hours it would ask: a mark in the margin of its slider."""

from __future__ import annotations

import threading
import weakref
from collections import OrderedDict
from collections.abc import Callable, Iterator
from concurrent.futures import Executor
from typing import Any, Final

import numpy as np

from ketensim.app.background import BURN_INS, when_free
from ketensim.app.curves import GOAL
from ketensim.app.setting import Setting, scenario_of
from ketensim.foundation.errors import InputError
from ketensim.foundation.outcome_table import HOUR_GROUPS, OUTCOME_NAMES
from ketensim.foundation.parameters import LEVER_NAMES
from ketensim.run.comparison import known_mean
from ketensim.run.estimate import Estimate
from ketensim.run.growing import GrowingEnsemble
from ketensim.run.replications import Keep
from ketensim.run.results import Results
from ketensim.texts import t

Prospect = dict[str, Any]  # of one lever, as a page reads it
RUNS: Final = 40  # on equal luck with the first runs of what is shown
PIECE: Final = 2  # runs between two looks at whether something else was asked
END: Final = 1.0  # where a lever would go
NEAR: Final = 0.05  # from where there is nothing left to do
MOST_KEPT: Final = 400  # prospects of all visitors, some bytes each
SUMMARIES: Final = Keep()
FOR_CASES: Final = ("cases", "rework", "own", "idle")  # what is left is asked by the conditions
ASKED: Final = tuple(
    OUTCOME_NAMES.index(name) for group, names in HOUR_GROUPS.items() if group not in FOR_CASES for name in names
)
HOURS: Final = tuple(OUTCOME_NAMES.index(name) for names in HOUR_GROUPS.values() for name in names)

_kept: OrderedDict[tuple[Setting, str], tuple[Estimate, float]] = OrderedDict()
_keeping = threading.Lock()
_at_work: weakref.WeakValueDictionary[tuple[Setting, str], threading.Lock] = weakref.WeakValueDictionary()


def prospects_of(
    setting: Setting, results: Results, still_wanted: Callable[[int, int], None], language: str, executor: Executor
) -> Iterator[tuple[str, Prospect]]:
    """What moving one lever to its end would do, for each lever that is not there yet.

    Parameters
    ----------
    setting, results : what is shown, and its runs
    still_wanted : called while computing; what it raises ends it
    language : of the words
    executor : where runs are made
    """
    for lever in LEVER_NAMES:
        if scenario_of(setting).lever_at(lever, setting.decided) > END - NEAR:
            continue
        try:
            with when_free(_lock_of(setting, lever), still_wanted):  # others who look at the same get what one computes
                points, hours = _known(setting, lever) or _computed(setting, lever, results, still_wanted, executor)
        except InputError:
            continue  # a file of one's own in which that does not fit
        yield lever, _told(points, hours, language, scenario_of(setting).words(language))


def asked_hours(summary: np.ndarray) -> float:
    """Share of all hours that goes to anything but cases and own work: what the conditions ask."""
    hours = summary[:, list(HOURS)].sum(axis=1)
    return known_mean(summary[:, list(ASKED)].sum(axis=1) / np.where(hours > 0.0, hours, np.nan))


def _computed(
    setting: Setting, lever: str, results: Results, still_wanted: Callable[[int, int], None], executor: Executor
) -> tuple[Estimate, float]:
    states = None if setting.always else BURN_INS  # what has always been so has a burn-in that nobody asks for again
    ensemble = GrowingEnsemble(scenario_of(setting.with_lever(lever, END)), setting.seed, keep=SUMMARIES, states=states)
    runs = min(RUNS, results.number_of_runs)
    ensemble.grow(runs, still_wanted, PIECE, executor)
    then, now = ensemble.replications.summary, results.summary
    found = Estimate.of_mean_beside(then[:, GOAL] - now[:runs, GOAL], now[:, GOAL])
    hours = asked_hours(then) - asked_hours(now[:runs])
    with _keeping:
        _kept[setting, lever] = found, hours
        if len(_kept) > MOST_KEPT:
            _kept.popitem(last=False)
    return found, hours


def _lock_of(setting: Setting, lever: str) -> threading.Lock:
    with _keeping:
        return _at_work.setdefault((setting, lever), threading.Lock())


def _known(setting: Setting, lever: str) -> tuple[Estimate, float] | None:
    with _keeping:
        return _kept.get((setting, lever))


def _told(points: Estimate, hours: float, language: str, words: dict[str, str]) -> Prospect:
    facts: dict[str, Any] = {**words, "mean": points.mean, "low": points.low, "high": points.high, "hours": hours}
    said = "more" if hours >= 0 else "less"
    return {
        "points": None if np.isnan(points.mean) else round(100 * points.mean, 4),
        "short": t("app.levers.prospect.short", language, **facts),
        "sentence": t(f"app.levers.prospect.{'sure' if points.sure else 'unsure'}", language, **facts),
        "hours": t(f"app.levers.prospect.{said}", language, hours=abs(hours)),
        "sure": points.sure,
    }
