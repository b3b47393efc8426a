"""What a log says of the way through a chain: arrivals with their waves, where cases come in, routes, stays, norms, returns."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ketensim.foundation.mathematics import WEEKS_PER_YEAR
from ketensim.logs.log_weeks import LogWeeks

SMALL: Final = 0.01  # a share below it is left out, and the others made whole
QUICK: Final = 0.02  # quantile of the weeks at an organisation when nobody has to wait
FOUR_WEEKS, QUARTER = 4, 13  # length of a wave
ENOUGH: Final = 30  # cases per wave
CLEAR: Final = 0.2  # part of the variation between waves that is more than luck; below it there are none
LARGEST_WAVE: Final = 3.0
BOUNCE: Final = 0.5  # weeks; who had a case shorter before it went back and came again never took it in
LEAKS: Final = 0.05  # closes at organisations of a circle from which the log shows no way out
Values = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class LogShares:
    """Figures of a log.

    Attributes
    ----------
    arrivals : cases per week, [type]
    waves : per type the sizes of consecutive periods as a part of the mean, empty when there is no more than luck
    wave_weeks : length of such a period
    trend : change of the arrivals per year, as a part of the mean
    entry : [type, organisation] share of the arrivals
    route : [type, from, to] share of the visits that goes on
    quick, mean : [organisation, type] whole weeks of a visit when nobody has to wait; and weeks on average
    norm : [type] weeks until the deadline, not-a-number without deadlines
    lead : [type] weeks within which three quarters were closed
    returns : [organisation, organisation] share of the hand-overs after which the case was next at the giver again
    visits : [organisation, type] number of visits that ended
    quickly : share of the visits that took less than half a week
    late : [organisation] share of the visits that took at least a week longer than when nobody has to wait
    """

    arrivals: Values
    waves: tuple[tuple[float, ...], ...]
    wave_weeks: int
    trend: float
    entry: Values
    route: Values
    quick: Values
    mean: Values
    norm: Values
    lead: Values
    returns: Values
    visits: Values
    quickly: float
    late: Values


def log_shares_of(log: LogWeeks) -> LogShares:
    """The figures of a log in weeks."""
    log = without_bounces(log)
    weekly = log.arrivals()
    wave_weeks = FOUR_WEEKS if weekly.sum() / max(1, log.weeks) * FOUR_WEEKS >= ENOUGH * len(weekly) else QUARTER
    waves = tuple(_waves(row, wave_weeks) for row in weekly)
    year = np.arange(log.weeks) / WEEKS_PER_YEAR
    total = weekly.sum(axis=0)
    slope = float(np.polyfit(year, total, 1)[0]) if log.weeks > QUARTER else 0.0
    kind_of_visit = log.kind[log.case]
    ended = ~np.isnan(log.ended) & (log.ended >= 0) & (log.ended < log.weeks)
    entered = np.zeros(len(log.case), dtype=bool)
    entered[log.first] = True
    weeks = np.round(log.ended - log.begun) - ~entered
    quick = _stays(log, kind_of_visit, ended, weeks, lambda values: float(np.quantile(values, QUICK)))
    return LogShares(
        weekly.mean(axis=1),
        waves,
        wave_weeks,
        slope / max(float(total.mean()), 1e-9),
        _entry(log),
        _routes(log, kind_of_visit, ended),
        quick,
        _stays(log, kind_of_visit, ended, weeks, lambda values: float(np.mean(values))),
        _norms(log),
        np.array([_quantile(log.left - log.arrived, log.kind == kind, 0.75) for kind in range(len(log.types))]),
        _returns(log),
        _counts(log, kind_of_visit, ended),
        float(np.mean((log.ended - log.begun)[ended] < BOUNCE)) if ended.any() else 0.0,
        _late(log, ended, weeks - np.round(quick)[log.place, kind_of_visit]),
    )


def without_bounces(log: LogWeeks) -> LogWeeks:
    """The log with a hand-over that came back at once and was tried again as one hand-over: it never was taken in."""
    case, place, begun, ended = log.case, log.place, log.begun, log.ended
    number = len(case)
    if number < 4:
        return log
    same = (case[3:] == case[:-3]) & (place[:-3] == place[2:-1]) & (place[1:-2] == place[3:])
    short = (ended[1:-2] - begun[1:-2]) < BOUNCE
    gone = np.zeros(number, dtype=bool)
    again = np.flatnonzero(same & short)
    gone[again + 1] = gone[again + 2] = True
    kept = np.flatnonzero(~gone)
    following = np.r_[kept[1:], number]
    goes_on = np.r_[case, -1][following] == case[kept]
    stretched = np.where(goes_on, np.r_[begun, 0][following], ended[kept])
    first = np.flatnonzero(np.r_[True, case[kept][1:] != case[kept][:-1]])
    return replace(log, case=case[kept], place=place[kept], begun=begun[kept], ended=stretched, first=first)


def _waves(weekly: Values, weeks: int) -> tuple[float, ...]:
    """Sizes of consecutive periods, drawn towards the mean as far as luck alone would make them differ."""
    number = len(weekly) // weeks
    if number < 2 or weekly.sum() < ENOUGH:
        return ()
    edges = np.minimum(np.arange(number + 1) * weeks, len(weekly))
    edges[-1] = len(weekly)
    counts = np.add.reduceat(weekly, edges[:-1]) / np.diff(edges) * weeks
    mean = float(counts.mean())
    variance = float(counts.var(ddof=1))
    real = max(0.0, 1.0 - mean / variance) if variance > 0 else 0.0
    if real < CLEAR:
        return ()
    sizes = np.clip(real * (counts / mean - 1.0), -1.0, LARGEST_WAVE)
    return tuple(round(float(size), 3) for size in sizes)


def _entry(log: LogWeeks) -> Values:
    share = np.zeros((len(log.types), len(log.organisations)))
    kept = log.within
    np.add.at(share, (log.kind[kept], log.place[log.first[kept]]), 1.0)
    share[share.sum(axis=1) == 0] += 1.0
    share /= share.sum(axis=1, keepdims=True)
    share[share < SMALL] = 0.0
    return np.asarray(share / share.sum(axis=1, keepdims=True))


def _routes(log: LogWeeks, kind: NDArray[np.int64], ended: NDArray[np.bool_]) -> Values:
    """Shares that go on; what is left of one closes. Small shares are left out and the rest made whole."""
    places = len(log.organisations)
    onward = np.zeros((len(log.types), places, places + 1))  # the last column closes
    to = log.following
    known = ended & (to >= -1)
    np.add.at(onward, (kind[known], log.place[known], np.where(to[known] < 0, places, to[known])), 1.0)
    total = onward.sum(axis=2, keepdims=True)
    share = np.divide(onward, total, out=np.zeros_like(onward), where=total > 0)
    share[share < SMALL] = 0.0
    whole = share.sum(axis=2, keepdims=True)
    share = np.divide(share, whole, out=np.zeros_like(share), where=whole > 0)
    return _leaking(share[:, :, :places])


def _leaking(route: Values) -> Values:
    """Routes from which every case comes to an end: a circle without a way out gets a small one."""
    for matrix in route:
        ends = 1.0 - matrix.sum(axis=1) > 1e-9
        for _ in range(len(matrix)):
            ends |= (matrix[:, ends] > 0).any(axis=1)
        matrix[~ends] *= 1.0 - LEAKS
    return route


def _stays(
    log: LogWeeks, kind: NDArray[np.int64], ended: NDArray[np.bool_], weeks: Values, measure: Callable[[Values], float]
) -> Values:
    """A measure of the weeks at an organisation beyond the one in which a case is taken up, [organisation, type]."""
    found = np.zeros((len(log.organisations), len(log.types)))
    for place in range(len(log.organisations)):
        here = ended & (log.place == place)
        all_types = _measured(weeks, here, measure)
        for number in range(len(log.types)):
            own = here & (kind == number)
            found[place, number] = _measured(weeks, own, measure) if own.sum() >= ENOUGH else all_types
    return np.maximum(np.nan_to_num(found), 0.0)


def _late(log: LogWeeks, ended: NDArray[np.bool_], longer: Values) -> Values:
    """Share of the visits that took at least a week longer than the quickest, [organisation]."""
    number = len(log.organisations)
    late = np.bincount(log.place[ended], weights=longer[ended] >= 1.0, minlength=number)
    return np.asarray(late / np.maximum(np.bincount(log.place[ended], minlength=number), 1))


def _norms(log: LogWeeks) -> Values:
    weeks = log.due - log.arrived
    return np.array([_quantile(weeks, (log.kind == kind) & ~np.isnan(weeks), 0.5) for kind in range(len(log.types))])


def _returns(log: LogWeeks) -> Values:
    places = len(log.organisations)
    handed, back = np.zeros((places, places)), np.zeros((places, places))
    same = log.case[1:] == log.case[:-1]
    np.add.at(handed, (log.place[:-1][same], log.place[1:][same]), 1.0)
    twice = (log.case[2:] == log.case[:-2]) & (log.place[2:] == log.place[:-2])
    np.add.at(back, (log.place[:-2][twice], log.place[1:-1][twice]), 1.0)
    return np.divide(back, handed, out=np.zeros_like(back), where=handed > 0)


def _counts(log: LogWeeks, kind: NDArray[np.int64], ended: NDArray[np.bool_]) -> Values:
    found = np.zeros((len(log.organisations), len(log.types)))
    np.add.at(found, (log.place[ended], kind[ended]), 1.0)
    return found


def _quantile(values: Values, kept: NDArray[np.bool_], share: float) -> float:
    return _measured(values, kept, lambda chosen: float(np.quantile(chosen, share)))


def _measured(values: Values, kept: NDArray[np.bool_], measure: Callable[[Values], float]) -> float:
    """A measure of the known values that are kept, not-a-number when there are none."""
    chosen = values[kept]
    chosen = chosen[~np.isnan(chosen)]
    return measure(chosen) if len(chosen) else float("nan")
