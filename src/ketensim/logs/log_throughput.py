"""How much of its capacity an organisation needs, from how many cases it had in a week and how many of them it got done.

In a week in which there is less to do than people can do, nearly all of it gets done; what does not comes back, or has to
wait for something else. In a week in which there is more, as much gets done as people can do. So what gets done follows what
there is, and bends where the capacity lies. Where it never bends the list only says: at least so much. Hours cannot be
seen: capacity is in cases, and the share of it that was needed, the load, is what can be told.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ketensim.logs.log_order import OWN_STAY, UNTOLD_STAY
from ketensim.logs.log_weeks import LogWeeks

LEAST_WEEKS: Final = 13  # with work, that a load can be told from
LOADS: Final = 48  # tried, from all of the capacity down to ``LEAST_LOAD``
LEAST_LOAD: Final = 0.28
UNEVEN: Final = (0.6, 1.0, 1.7, 2.8)  # how capacity differs between weeks, in deviations of as many cases by luck
# share of what could be done that is there again next week: done wrong, or waiting for something else than people
COME_BACK: Final = (0.0, 0.04, 0.08, 0.14, 0.22, 0.33, 0.5, 0.7, 0.85)
WHOLE: Final = 0.3  # variance of a number that is rounded to whole cases, and of what lies half done
NODES: Final = 11  # of the capacity in a week, at even quantiles
ALIKE: Final = 0.3  # weeks resemble each other: so much of each counts as new. Our assumption
EITHER_SIDE: Final = 0.025  # of the range that is left out on either side
MODEL: Final = 0.05  # by which a limit may be off because weeks are no such simple thing. Our assumption
TOLD: Final = 1.5  # upper limit as a multiple of the lower one, above which a load is not to be told
MOST_GROWTH: Final = (0.8, 2.0)  # of what comes, beside what is done, that is believed
COMFORT: Final = 0.8  # of their time people are busy in the busiest quarter, where nothing can be told. Our assumption
TINY: Final = 1e-12
Values = NDArray[np.float64]


@dataclass(frozen=True)
class Load:
    """What a log tells of the load of an organisation.

    Attributes
    ----------
    best : share of the capacity that was needed; where it cannot be told, the middle of what is left, or an assumption
        where the log only tells the least capacity
    low, high : between which it lies; low is 0 where the log only tells the least capacity
    told : whether the limits lie close enough together to tell the load from this log
    grew : cases that came for each on which the work was done
    """

    best: float
    low: float
    high: float
    told: bool
    grew: float = 1.0


def loads_of(log: LogWeeks, stay: Values, part: slice, kinds: Sequence[str]) -> list[Load]:
    """The load of each organisation over a part of the weeks.

    Where each case takes its own time, what is there and not done yet does not wait for people, and nothing can be told.

    Parameters
    ----------
    log : the log
    stay : whole weeks that a case stays when nobody works on it, [organisation, type]
    part : weeks that are looked at
    kinds : what the stays of each organisation are, of ``log_order``
    """
    found = []
    for place, busiest in enumerate(log.busiest()):
        comfort = float(np.clip(COMFORT / busiest, 0.05, COMFORT))
        if kinds[place] == OWN_STAY:
            found.append(Load(comfort, 0.0, 1.0, told=False))
            continue
        load = load_of(*had_and_done(log, stay[place], place, part), comfort)
        found.append(replace(load, told=load.told and kinds[place] != UNTOLD_STAY))
    return found


def had_and_done(log: LogWeeks, stay: Values, place: int, part: slice) -> tuple[Values, Values]:
    """Per week how many cases could be worked on at an organisation, and on how many of them the work was done.

    Parameters
    ----------
    stay : whole weeks, [type]
    """
    here = np.flatnonzero(log.place == place)
    case = log.case[here]
    entered = np.isin(here, log.first)
    before = np.where(entered, -1, log.place[here - 1])
    after = log.following[here]
    # what comes by hand-over is taken up in the week after, unless it was gone by then
    left = np.where(np.isnan(log.ended[here]), np.inf, np.floor(log.ended[here]))
    ready = np.minimum(np.floor(log.begun[here]) + ~entered, left)
    refused = (left <= np.floor(log.begun[here])) & (after == before) & ~entered
    done = np.maximum(left - np.round(stay[log.kind[case]]), ready)
    counted = ~refused & (done >= 0)
    weeks = log.weeks
    came = np.bincount(np.clip(ready[counted], 0, weeks).astype(np.int64), minlength=weeks + 1)[:weeks]
    went = np.bincount(np.clip(done[counted], 0, weeks).astype(np.int64), minlength=weeks + 1)[:weeks]
    had = np.cumsum(came) - np.cumsum(went) + went
    return had[part].astype(float), went[part].astype(float)


def load_of(had: Values, done: Values, comfort: float) -> Load:
    """The load that follows from what there was and what was done, week by week.

    Parameters
    ----------
    had, done : cases, [week]
    comfort : the load that is assumed where it cannot be told

    Examples
    --------
    >>> had = np.tile([4.0, 8.0, 12.0, 16.0, 20.0], 20)
    >>> load = load_of(had, np.minimum(had, 12.0), 0.5)  # nobody ever does more than twelve
    >>> load.told, 0.6 < load.low < 9.6 / 12 < load.high
    (True, True)
    >>> load_of(had, had, 0.5).low  # never more to do than could be done
    0.0
    """
    if np.count_nonzero(had) < LEAST_WEEKS:
        return Load(comfort, 0.0, 1.0, told=False)
    loads = np.exp(np.linspace(0.0, np.log(LEAST_LOAD), LOADS))
    fit = np.max([_fits(had, done, loads, share) for share in COME_BACK], axis=0)
    weight = np.exp(ALIKE * (fit - fit.max()))
    cumulated = np.cumsum(weight) / weight.sum()
    high = min(1.0, float(loads[np.searchsorted(cumulated, EITHER_SIDE)]) * (1.0 + MODEL))
    last = int(np.searchsorted(cumulated, 1.0 - EITHER_SIDE))
    low = 0.0 if last >= LOADS - 2 else float(loads[last]) * (1.0 - MODEL)
    told = low > 0.0 and high <= TOLD * low
    left = had - done
    grew = float(np.clip(1.0 + (left[-1] - left[0]) / max(done.sum(), 1.0), *MOST_GROWTH))
    if told:
        best = float(loads[np.argmax(fit)])
    elif low > 0.0:
        best = float(np.exp(weight @ np.log(loads) / weight.sum()))
    else:
        best = float(np.clip(comfort, low, high))
    return Load(best, low, high, told, grew)


def _fits(had: Values, done: Values, loads: Values, come_back: float) -> Values:
    """Logarithm of the likelihood of each load, at the unevenness that suits it best, [load]."""
    pairs, number = np.unique(np.column_stack([had, done]), axis=0, return_counts=True)
    there, gone = pairs[:, :1], pairs[:, 1:]
    nodes = _normal_quantiles(NODES)
    can = max(float(done.mean()), 0.1) / loads / (1.0 - come_back)
    found = np.empty((len(UNEVEN), len(loads)))
    for row, uneven in enumerate(UNEVEN):
        for column, capacity in enumerate(can):
            weekly = np.maximum(capacity + uneven * np.sqrt(capacity) * nodes, 0.0)
            tried = np.minimum(there, weekly)
            variance = tried * come_back * (1.0 - come_back) + WHOLE
            density = np.exp(-0.5 * (gone - tried * (1.0 - come_back)) ** 2 / variance) / np.sqrt(variance)
            found[row, column] = number @ np.log(density.mean(axis=1) + TINY)
    return np.asarray(found.max(axis=0))


def _normal_quantiles(number: int) -> Values:
    from scipy.stats import norm

    return np.asarray(norm.ppf((np.arange(number) + 0.5) / number))
