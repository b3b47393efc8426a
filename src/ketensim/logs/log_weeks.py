"""A log in the weeks of a chain: its period, its organisations and case types (rare ones together), and what can be counted.

A list shows a window on the work. Cases that were closed before it began or had not begun when it ended are not in it;
often the running ones are missing too. So the period begins when cases come and go as usual, and ends where their
arrivals are still complete.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ketensim.foundation.errors import InputError, Problem
from ketensim.logs.endings import RIGHT, WITHDRAWN, WRONG, endings_of
from ketensim.logs.event_log import EventLog, joined_visits

DAYS: Final = 7
SECONDS: Final = 86_400
MOST_ORGANISATIONS: Final = 12
MOST_TYPES: Final = 6
RARE: Final = (
    0.01  # share of the cases that come at an organisation, or are of a type, below which it goes with the others
)
EDGE: Final = 0.005  # of the arrivals and of the ends may lie outside the period
RUNNING_KNOWN: Final = 0.5  # of the cases that must have been running at the start, by Little's law
LEAST_WEEKS: Final = 13
QUARTER: Final = 13  # weeks
LONG: Final = 0.9  # quantile of lead times after which nearly all cases are known to the end
Values = NDArray[np.float64]
Whole = NDArray[np.int64]


@dataclass(frozen=True, eq=False)
class LogWeeks:
    """A log counted in weeks; week 0 begins on ``start``.

    Attributes
    ----------
    organisations, types : names; the last may stand for all others, whose name is then empty
    start, weeks : first day and length of the period
    filled_from : first week in which the cases that were running before are as good as all known
    case, place : per visit, sorted by case and time
    begun, ended : per visit, weeks since the start of the period; ended is not-a-number while the case is there
    kind, arrived, left, due : per case; left is not-a-number while it is open, due where there is no deadline
    first : per case, its first visit
    ending : per case, how it ended as people say it, of ``endings``
    grouped : how many organisations and types are counted together beside the first of them; -1 where only what is not
        stated stands apart
    """

    organisations: tuple[str, ...]
    types: tuple[str, ...]
    start: datetime.date
    weeks: int
    filled_from: int
    case: Whole
    place: Whole
    begun: Values
    ended: Values
    kind: Whole
    arrived: Values
    left: Values
    due: Values
    first: Whole
    ending: Whole
    grouped: tuple[int, int]

    @property
    def within(self) -> NDArray[np.bool_]:
        """Per case, whether it arrived in the period."""
        return (self.arrived >= 0) & (self.arrived < self.weeks)

    @property
    def following(self) -> Whole:
        """Per visit, where the case went next: an organisation, -1 = it was closed, -2 = not known."""
        last = np.r_[self.case[1:] != self.case[:-1], True]
        onward = np.r_[self.place[1:], 0]
        return np.where(last, np.where(np.isnan(self.ended), -2, -1), onward)

    def arrivals(self) -> Values:
        """Cases that arrived, [type, week]."""
        kept = self.within
        return _counted(self.kind[kept], self.arrived[kept], len(self.types), self.weeks)

    def open_cases(self) -> Values:
        """Open cases at the end of each week, [week]."""
        there: Values = _there(np.zeros_like(self.kind), self.arrived, self.left, 1, self.weeks)[0]
        return there

    def present(self) -> Values:
        """Cases at each organisation at the end of each week, [organisation, week]."""
        return _there(self.place, self.begun, self.ended, len(self.organisations), self.weeks)

    def busiest(self) -> Values:
        """Cases that came at each organisation in its busiest quarter, as a multiple of its mean, [organisation]."""
        kept = (self.begun >= 0) & (self.begun < self.weeks)
        came = _counted(self.place[kept], self.begun[kept], len(self.organisations), self.weeks)
        quarter = min(QUARTER, self.weeks)
        sums = np.cumsum(np.c_[np.zeros(len(came)), came], axis=1)
        most = (sums[:, quarter:] - sums[:, :-quarter]).max(axis=1) / quarter
        return np.asarray(np.maximum(1.0, most / np.maximum(came.mean(axis=1), 1e-9)))

    def lead_times(self, kind: int | None = None) -> dict[str, Values]:
        """Per week the median and the 90 % quantile of the lead times of what was closed in it, in whole weeks."""
        closed = ~np.isnan(self.left) & (self.left >= 0) & (self.left < self.weeks)
        if kind is not None:
            closed &= self.kind == kind
        week, weeks = self.left[closed].astype(int), np.round(self.left[closed] - self.arrived[closed])
        found = {name: np.full(self.weeks, np.nan) for name in ("lead_time_median", "lead_time_p90")}
        order = np.argsort(week, kind="stable")
        edges = np.searchsorted(week[order], np.arange(self.weeks + 1))
        ordered = weeks[order]
        for number in range(self.weeks):
            part = ordered[edges[number] : edges[number + 1]]
            if len(part):
                found["lead_time_median"][number] = np.quantile(part, 0.5)
                found["lead_time_p90"][number] = np.quantile(part, LONG)
        return found

    def closed_right(self, norm: Values) -> Values:
        """Of what was closed in a week and is right or wrong, the share that was right and in time, [week].

        Parameters
        ----------
        norm : weeks within which a case has to be done, [type], where it has no deadline of its own
        """
        weeks = np.round(self.left - self.arrived)
        limit = np.where(np.isnan(self.due), norm[self.kind], np.round(self.due - self.arrived))
        judged = (self.ending == RIGHT) | (self.ending == WRONG)
        closed, right = (
            self._left_per_week(kept) for kept in (judged, (self.ending == RIGHT) & (weeks <= np.round(limit)))
        )
        return np.asarray(np.divide(right, closed, out=np.full(self.weeks, np.nan), where=closed > 0))

    def withdrawn(self) -> Values:
        """Cases that were withdrawn, [week]."""
        return self._left_per_week(self.ending == WITHDRAWN)

    def _left_per_week(self, kept: NDArray[np.bool_]) -> Values:
        kept = kept & (self.left >= 0) & (self.left < self.weeks)
        return np.asarray(np.bincount(self.left[kept].astype(np.int64), minlength=self.weeks), dtype=float)


def weeks_of_log(
    log: EventLog, *, most_organisations: int = MOST_ORGANISATIONS, most_types: int = MOST_TYPES
) -> LogWeeks:
    """A log in weeks.

    Raises
    ------
    InputError : fewer weeks with complete arrivals than a chain can be seen in
    """
    organisations, place_of = _grouped(log.visits["organisation"], most_organisations)
    types, kind_of = _grouped(log.cases["case_type"], most_types)
    place = place_of[log.visits["organisation"].cat.codes.to_numpy()]
    kind = kind_of[log.cases["case_type"].cat.codes.to_numpy()]
    visits, _, _ = joined_visits(
        log.visits["case"].to_numpy(), place, log.visits["start"].to_numpy(), log.visits["end"].to_numpy(),
        list(range(len(organisations))),
    )  # fmt: skip
    case = visits["case"].to_numpy().astype(np.int64)
    begun, ended = _days(visits["start"]), _days(visits["end"])
    first = np.flatnonzero(np.r_[True, case[1:] != case[:-1]])
    last = np.r_[first[1:] - 1, len(case) - 1]
    arrived, left = begun[first], ended[last]
    start, end, filled = _period(arrived, left)
    weeks = int((end - start) // DAYS)
    if weeks < LEAST_WEEKS:
        raise InputError([Problem("log.error.short", "", {"given": max(0, weeks), "allowed": LEAST_WEEKS})])
    day = datetime.date(1970, 1, 1) + datetime.timedelta(days=int(start))
    due = _days(log.cases["deadline"])

    def in_weeks(days: Values) -> Values:
        return np.asarray((days - start) / DAYS)

    return LogWeeks(
        organisations, types, day, weeks, int(np.ceil((filled - start) / DAYS)), case,
        visits["organisation"].cat.codes.to_numpy().astype(np.int64), in_weeks(begun), in_weeks(ended),
        kind.astype(np.int64), in_weeks(arrived), in_weeks(left), in_weeks(due), first, endings_of(log.cases),
        (log.visits["organisation"].nunique() - len(organisations), log.cases["case_type"].nunique() - len(types)),
    )  # fmt: skip


def _period(arrived: Values, left: Values) -> tuple[float, float, float]:
    """First day of the period (a Monday), the day after its last, and the day from which running cases are known."""
    closed = left[~np.isnan(left)]
    latest = float(np.nanmax(np.r_[arrived, closed]))
    lead = left - arrived
    long = float(np.nanquantile(lead, LONG)) if len(closed) else 0.0
    start = float(np.quantile(arrived, EDGE))
    if len(closed):
        start = max(start, float(np.quantile(closed, EDGE)))
    running = float(np.sum((arrived < start) & ~(left < start)))
    early = (arrived >= start) & (arrived < start + (latest - start) / 4)
    per_day = 4 * np.sum(early) / max(latest - start, 1.0)
    expected = per_day * (float(np.nanmean(lead[early])) if np.isfinite(lead[early]).any() else 0.0)
    filled = start if running >= RUNNING_KNOWN * expected else start + min(long, (latest - start) / 3)
    # where every case is closed the last ones that came are missing: they were not closed yet
    end = latest if np.isnan(left).any() else max(latest - long, start)
    monday = start + (-(int(start) + 3)) % DAYS  # 1 January 1970 was a Thursday
    return float(int(monday)), end + 1, filled


def _grouped(column: Any, most: int) -> tuple[tuple[str, ...], Whole]:
    """Names that are kept, most frequent first; and per category which of them it is. Others stand last, without a name.

    A rare one that would stand there alone keeps its own name: nothing is hidden by taking it together with itself.
    """
    counts = column.value_counts()
    counts = counts[counts > 0]
    kept = [name for name, number in counts.items() if number >= RARE * counts.sum()][:most]
    if len(kept) < len(counts) and len(kept) == most:
        kept = kept[:-1]
    if len(counts) - len(kept) == 1:
        kept = list(counts.index)
    names = [str(name) for name in kept]
    categories = list(column.cat.categories)
    place = {name: number for number, name in enumerate(kept)}
    of = np.array([place.get(name, len(kept)) for name in categories] + [len(kept)], dtype=np.int64)
    missing = bool((column.cat.codes == -1).any())
    return tuple([*names, ""] if len(kept) < len(counts) or missing else names), of


def _days(column: Any) -> Values:
    """Days since 1970, not-a-number where there is no moment."""
    moments = column.to_numpy().astype("M8[s]")
    days = moments.astype(np.int64) / SECONDS
    days[np.isnat(moments)] = np.nan
    return np.asarray(days)


def _counted(row: Whole, week: Values, rows: int, weeks: int) -> Values:
    flat = np.bincount(row * weeks + week.astype(np.int64), minlength=rows * weeks)
    return flat.reshape(rows, weeks).astype(float)


def _there(row: Whole, begun: Values, ended: Values, rows: int, weeks: int) -> Values:
    """How many are there at the end of each week, [row, week]."""
    change = np.zeros((rows, weeks + 1))
    came = np.clip(np.floor(begun), 0, weeks).astype(np.int64)
    went = np.where(np.isnan(ended), weeks, np.clip(np.floor(np.nan_to_num(ended)), 0, weeks)).astype(np.int64)
    gone_before = np.nan_to_num(ended, nan=np.inf) < 0
    np.add.at(change, (row[~gone_before], came[~gone_before]), 1.0)
    np.add.at(change, (row[~gone_before], went[~gone_before]), -1.0)
    return np.cumsum(change, axis=1)[:, :weeks]
