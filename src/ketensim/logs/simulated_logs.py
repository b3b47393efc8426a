"""From a simulation to a log: what an organisation would have in its list of cases if the run had been real.

A run is followed week by week from outside, by comparing which case is where; the rules know nothing of it, so that a
run with a log has the same bits as one without. A case that is worked on at once and closed in the week in which it
came is never seen at the end of a week; where it came in follows from its luck.
"""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from ketensim.chain.queues import NONE
from ketensim.chain.visits import CASES_PER_WEEK
from ketensim.foundation.luck import CASE_TRAITS, PURPOSES, draw
from ketensim.foundation.state import Chain, State
from ketensim.run.replications import Ensemble, week_by_week
from ketensim.scenario.schema import Scenario

if TYPE_CHECKING:
    import pandas as pd

ARRIVAL_DAY: Final = 1  # of the week; what is handed over or closed comes later in the same week
LEAVING_DAY: Final = 3
LATEST_START: Final = (
    3  # a Thursday: a week of the model that begins later has its days in the calendar week that follows
)
OPEN, CLOSED, DROPPED = 0, 1, 2
OUTCOME_WORDS: Final = {CLOSED: "closed", DROPPED: "dropped"}
Whole = NDArray[np.int64]


def simulated_log(scenario: Scenario, seed: int = 1, replication: int = 0, parameters: Any = None) -> pd.DataFrame:
    """The log of one run: a row per visit of a case to an organisation, in order of arrival.

    Parameters
    ----------
    scenario : the chain
    seed, replication : which run; the same as run ``replication`` of ``simulate`` with that seed
    parameters : as for ``simulate``

    Returns
    -------
    DataFrame case (number from 1), organisation, start, end (date, missing while it is there), case_type, outcome
    (closed, dropped, or missing), deadline (date); of all cases that were open in a reported week. Dates are days in the
    week of the model: cases arrive on one day, and are handed over and closed two days later in the same calendar week
    """
    import pandas as pd

    ensemble = Ensemble.of(scenario, seed, parameters)
    visits = _Follower(ensemble, replication).followed()
    last = np.flatnonzero(np.r_[visits["case"][1:] != visits["case"][:-1], True])
    first = np.r_[0, last[:-1] + 1]
    length = last - first + 1
    outcome, leaving = visits["how"][last], visits["end"][last]
    kept = np.repeat((outcome == OPEN) | (leaving >= scenario.burn_in), length)
    # who counts a list in calendar weeks must find what happens in one week in one week
    shift = datetime.timedelta(days=-scenario.start.weekday() % 7 if scenario.start.weekday() > LATEST_START else 0)
    origin = np.datetime64(scenario.start + shift - datetime.timedelta(weeks=scenario.burn_in), "D")
    arrived = np.repeat(visits["start"][first], length)
    entering = np.isin(np.arange(len(kept)), first)
    start = _day(origin, visits["start"], np.where(entering, ARRIVAL_DAY, LEAVING_DAY))
    end = _day(origin, visits["end"], LEAVING_DAY)
    end[visits["how"] == OPEN] = np.datetime64("NaT", "s")
    kind = visits["case"] >> 32
    norms = np.array([int(part.norm.value) for part in scenario.case_types])
    words = pd.Index([OUTCOME_WORDS[CLOSED], OUTCOME_WORDS[DROPPED]])
    table = pd.DataFrame(
        {
            "case": np.repeat(np.arange(len(first)), length),
            "organisation": pd.Categorical.from_codes(
                visits["place"], pd.Index([p.id for p in scenario.organisations])
            ),
            "start": start,
            "end": end,
            "case_type": pd.Categorical.from_codes(kind, pd.Index([part.id for part in scenario.case_types])),
            "outcome": pd.Categorical.from_codes(np.repeat(outcome, length) - 1, words),
            "deadline": _day(origin, arrived + norms[kind], LEAVING_DAY),
        }
    )[kept]
    table["case"] = pd.factorize(table["case"])[0] + 1
    return table.reset_index(drop=True)


def _day(origin: np.datetime64, week: Whole, day: int | Whole) -> NDArray[np.datetime64]:
    """A day of a week, counted from the first day of the burn-in."""
    days = np.asarray(7 * week + day, dtype="m8[D]")
    return np.asarray(origin + days, dtype="M8[s]")


@dataclass
class _Seen:
    """The cases that are in the chain at the end of a week, sorted by who they are."""

    case: Whole
    place: Whole
    step: Whole
    onward: NDArray[np.bool_]  # has still to go to another organisation
    in_line: NDArray[np.bool_]  # has work left
    since: Whole  # week in which it came where it is

    @classmethod
    def in_state(cls, state: State) -> _Seen:
        table = state.case[_taken(state)]
        case = (table["type"].astype(np.int64) << 32) | table["number"]
        order = np.argsort(case)
        columns = (
            table["organisation"],
            table["step"],
            table["link"] != NONE,
            table["remaining"] > 0.0,
            table["joined"],
        )
        place, step, onward, in_line, since = (np.asarray(column[order]) for column in columns)
        return cls(case[order], place.astype(np.int64), step.astype(np.int64), onward, in_line, since.astype(np.int64))


class _Follower:
    """Follows one run and writes down every visit when it ends."""

    def __init__(self, ensemble: Ensemble, replication: int) -> None:
        self.ensemble, self.replication = ensemble, replication
        self.chain: Chain = ensemble.chain
        self.rows: list[tuple[Any, ...]] = []
        self.drop_after = np.asarray(self.chain.case_type.drop_after, dtype=np.int64)

    def followed(self) -> dict[str, Whole]:
        """Every visit, by case and then in the order in which a case made them."""
        nobody = np.zeros(0, dtype=np.int64)
        before = _Seen(nobody, nobody, nobody, nobody.astype(bool), nobody.astype(bool), nobody)
        for week, state in week_by_week(self.ensemble, self.replication):
            now = _Seen.in_state(state)
            self._arrived(now, np.asarray(state.arriving, dtype=np.int64), week)
            before = self._moved(before, now, week)
        self._write(before.case, before.place, before.since, np.full_like(before.case, -1), OPEN)
        columns = [np.concatenate(parts) for parts in zip(*self.rows, strict=True)]
        case, place, start, end, how = columns
        order = np.lexsort((np.where(how == OPEN, np.iinfo(np.int64).max, end), start, case))
        by_arrival = np.lexsort((order.argsort(), case >> 32, (case & 0xFFFFFFFF)))
        names = ("case", "place", "start", "end", "how")
        return {name: column[by_arrival] for name, column in zip(names, (case, place, start, end, how), strict=True)}

    def _arrived(self, now: _Seen, numbers: Whole, week: int) -> None:
        """Visits that began and ended in the week of arrival: closed at once, or handed over at once."""
        case = np.concatenate(
            [(kind << 32) | (week * CASES_PER_WEEK + np.arange(number)) for kind, number in enumerate(numbers)]
        ).astype(np.int64)
        place = np.searchsorted(now.case, case)
        there = (place < len(now.case)) & (now.case[np.minimum(place, len(now.case) - 1)] == case) if len(now.case) else (
            np.zeros(len(case), dtype=bool)
        )  # fmt: skip
        moved = there.copy()
        moved[there] = now.step[place[there]] > 0
        for gone, how in ((~there, CLOSED), (moved, OPEN + CLOSED)):
            if gone.any():
                entered = np.array([self._entry(int(one)) for one in case[gone]], dtype=np.int64)
                week_of = np.full(len(entered), week)
                self._write(case[gone], entered, week_of, week_of, how)

    def _moved(self, before: _Seen, now: _Seen, week: int) -> _Seen:
        """Visits that ended this week of cases that were there before, and since when each case is where it is."""
        place = np.searchsorted(now.case, before.case)
        stays = np.zeros(len(before.case), dtype=bool)
        if len(now.case):
            stays = now.case[np.minimum(place, len(now.case) - 1)] == before.case
        here = place[stays]
        same = now.step[here] == before.step[stays]
        now.since[here[same]] = before.since[stays][same]
        now.since[here[~same]] = week
        left = np.flatnonzero(stays)[~same]
        self._write(before.case[left], before.place[left], before.since[left], np.full(len(left), week), CLOSED)
        gone = np.flatnonzero(~stays)
        age = week - (before.case[gone] & 0xFFFFFFFF) // CASES_PER_WEEK
        unresolved = before.onward[gone] | before.in_line[gone]
        dropped = (age >= self.drop_after[before.case[gone] >> 32]) & unresolved
        how = np.where(dropped, DROPPED, CLOSED)
        self._write(before.case[gone], before.place[gone], before.since[gone], np.full(len(gone), week), how)
        return now

    def _entry(self, case: int) -> int:
        """The organisation where a case came in; its luck is that of ``intake.welcome``."""
        kind, number = case >> 32, case & 0xFFFFFFFF
        shares = self.chain.entry[kind]
        if shares[0] >= 1.0:
            return 0
        luck = draw(self.ensemble.seed, self.replication, CASE_TRAITS + PURPOSES * kind, number, 0)[2]
        return int(np.searchsorted(shares, luck, side="right"))

    def _write(self, case: Whole, place: Whole, start: Whole, end: Whole, how: int | Whole) -> None:
        self.rows.append((case, place, start, end, np.broadcast_to(np.asarray(how, dtype=np.int64), case.shape)))


def _taken(state: State) -> NDArray[np.bool_]:
    """Which slots of the case table hold a case; of the list of free ones only the first so many are free."""
    taken = np.ones(len(state.case), dtype=bool)
    following, slot = state.case["next"].tolist(), int(state.chain[0].free)
    free = []
    for _ in range(int(state.chain[0].slots_free)):
        free.append(slot)
        slot = following[slot]
    taken[free] = False
    return taken
