"""A log: who had which case from when to when, checked, without anything else about people; and how good it is.

Rows of a list become visits. Rows of a case that follow each other at the same organisation are one visit. A case is
somewhere from its first moment to its last: when the next organisation has it, the one before no longer does, and the
time between two organisations is counted at the next, where it waits. In a list with one moment per row a visit lasts
until the case is seen elsewhere; the last visit lasts until the last moment.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from ketensim.foundation.errors import InputError, Problem
from ketensim.logs.endings import endings_said
from ketensim.logs.log_columns import MOMENTS
from ketensim.logs.log_files import raw_rows
from ketensim.logs.moments import moments_of
from ketensim.scenario.problems import excerpt

if TYPE_CHECKING:
    import pandas as pd

UNKNOWN: Final = frozenset(
    {
        "", "-", "?", "onbekend", "unknown", "nvt", "n.v.t.", "n.v.t", "n/a", "na", "nan", "none", "null", "geen", "nil",
        "leeg", "empty", "missing",
    }
)  # fmt: skip
MOST_UNREADABLE: Final = 0.2  # of the moments in a column; above it the column was read wrongly
LEAST_CASES: Final = 10  # to be a log at all
ONE_KIND: Final = "cases"  # the case type where a list has none
LEFT_OUT: Final = ("misfit", "no_case", "no_organisation", "no_start", "unreadable_start", "end_before_start", "double")
Progress = Callable[[int, int], None]
NOWHERE: Final = np.datetime64("NaT", "s")


@dataclass(frozen=True)
class Quality:
    """How good a log is.

    Attributes
    ----------
    rows, used : rows of the file, and those that were used
    left_out : reason out of ``LEFT_OUT``: rows
    first_rows : reason: the first row of the file that was left out for it
    unreadable_end, overlapping, gaps : rows whose end could not be read and is taken as unknown; visits that began while
        another of the same case went on; times between two organisations of more than a day
    open_cases : cases without an end
    one_moment : whether there was one moment per row, so that ends are those of what came next
    columns : field: column of the file
    """

    rows: int
    used: int
    left_out: Mapping[str, int]
    first_rows: Mapping[str, int]
    unreadable_end: int
    overlapping: int
    gaps: int
    open_cases: int
    one_moment: bool
    columns: Mapping[str, str]


@dataclass(frozen=True, eq=False)
class EventLog:
    """A log.

    Attributes
    ----------
    visits : DataFrame case (number from 0), organisation, start, end (not-a-time while it is there); by case, in order
    cases : DataFrame case_type, outcome, deadline; row = case. With ``ending`` (right, wrong, withdrawn) where it was said
    quality : how good it is
    """

    visits: pd.DataFrame
    cases: pd.DataFrame
    quality: Quality

    @property
    def organisations(self) -> list[str]:
        """The organisations, most visits first."""
        return [str(name) for name in self.visits["organisation"].value_counts().index]

    @property
    def period(self) -> tuple[Any, Any]:
        """First and last moment."""
        ends = self.visits["end"].to_numpy()
        starts = self.visits["start"].to_numpy()
        return starts.min(), max(starts.max(), ends[~np.isnat(ends)].max(initial=starts.max()))


def read_log(
    path: str | os.PathLike[str],
    *,
    wrong: Sequence[str] = (),
    withdrawn: Sequence[str] = (),
    progress: Progress | None = None,
    **columns: str,
) -> EventLog:
    """Read a list of cases: CSV, Excel, Parquet or XES, in Dutch or English.

    Parameters
    ----------
    path : the file
    wrong, withdrawn : outcomes of the list that mean that it went wrong, or that the case was withdrawn; the others then
        count as right. Silent = a list does not say which outcome was right, and they are only counted
    progress : called with (done, in all)
    columns : names of columns that are not found by name: case, organisation, start, end, case_type, outcome, deadline

    Returns
    -------
    EventLog with ``visits``, ``cases`` and ``quality``. Nothing else of the file is kept, and cases are numbered anew

    Raises
    ------
    InputError : a file that cannot be read, a column or outcome that is not there, moments that cannot be read, or too few
        cases
    """
    table, found, misfits = raw_rows(path, columns, progress)
    log = log_of_rows(table, found, misfits, str(path))
    return replace(log, cases=endings_said(log.cases, wrong, withdrawn, str(path)))


def log_of_rows(table: pd.DataFrame, columns: Mapping[str, str], misfits: int = 0, file: str | None = None) -> EventLog:
    """A log from rows as they stand in a file.

    Parameters
    ----------
    table : a column per field that the list has; the index is the row in the file
    columns : field: column in the file
    misfits : rows that were left out already
    file : for messages
    """
    table = table.copy(deep=False)
    unreadable: dict[str, np.ndarray] = {}
    for field in MOMENTS:
        if field in table:
            empty = _unknown(table[field])
            read = moments_of(table[field])
            unreadable[field] = np.isnat(read) & ~empty
            _refuse_unreadable(table, field, columns[field], unreadable[field], int((~empty).sum()), file)
            table[field] = read
    one_moment = "end" not in table
    why = _reasons(table, unreadable)
    used = table[why == ""]
    counts = {reason: int((why == reason).sum()) for reason in LEFT_OUT} | {"misfit": misfits}
    first = {reason: int(table.index[int(np.argmax(why == reason))]) for reason in LEFT_OUT if (why == reason).any()}
    rows = _sorted(used)
    visits, overlapping, gaps = _visits(rows, one_moment)
    cases = _cases(rows)
    if len(cases) < LEAST_CASES:
        raise InputError([_too_few(len(cases), counts, first)], file)
    quality = Quality(
        len(table) + misfits, len(used), counts, first, int((unreadable.get("end", why != why)).sum()), overlapping, gaps,
        int(np.isnat(visits["end"].to_numpy()).sum()), one_moment, dict(columns),
    )  # fmt: skip
    return EventLog(visits, cases, quality)


def _too_few(cases: int, counts: Mapping[str, int], first: Mapping[str, int]) -> Problem:
    """Too few cases to be a list; with what most rows were left out for, and the first of them."""
    facts = {"given": cases, "allowed": LEAST_CASES}
    reason = max(first, key=lambda name: counts[name], default="")
    if not reason:
        return Problem("log.error.few_cases", "", facts)
    return Problem(f"log.error.few_left.{reason}", "", {**facts, "rows": counts[reason], "row": first[reason]})


def _unknown(column: pd.Series) -> np.ndarray:
    """Whether a cell is empty or says that it is not known; a categorical is asked once per category."""
    import pandas as pd

    if isinstance(column.dtype, pd.CategoricalDtype):
        said = np.array([str(name).strip().casefold() in UNKNOWN for name in column.cat.categories] + [True])
        return np.asarray(said[column.cat.codes.to_numpy()])
    if pd.api.types.is_datetime64_any_dtype(column.dtype):
        return np.asarray(column.isna())
    return np.asarray(column.isna() | column.astype("string").str.strip().str.casefold().isin(UNKNOWN).fillna(True))


def _refuse_unreadable(
    table: pd.DataFrame, field: str, column: str, wrong: np.ndarray, filled: int, file: str | None
) -> None:
    """A column of which many moments cannot be read is another column, or written in a way we do not know."""
    if wrong.sum() > MOST_UNREADABLE * max(filled, 1) or (field == "start" and not filled):
        place = int(np.argmax(wrong)) if wrong.any() else 0
        facts = {
            "row": int(table.index[place]),
            "column": excerpt(column),
            "given": excerpt(table[field].iloc[place]),
            "share": float(wrong.sum() / max(filled, 1)),
        }
        raise InputError([Problem("log.error.moments", "", facts)], file)


def _reasons(table: pd.DataFrame, unreadable: Mapping[str, np.ndarray]) -> np.ndarray:
    """Why each row is left out, empty where it is used; the first reason that holds."""
    why = np.full(len(table), "", dtype="U20")

    def because(reason: str, wrong: np.ndarray) -> None:
        why[wrong & (why == "")] = reason

    because("no_case", _unknown(table["case"]))
    because("no_organisation", _unknown(table["organisation"]))
    because("unreadable_start", unreadable["start"])
    because("no_start", np.isnat(table["start"].to_numpy()))
    if "end" in table:
        because("end_before_start", table["end"].to_numpy() < table["start"].to_numpy())
    because("double", table.duplicated().to_numpy())
    return why


def _sorted(table: pd.DataFrame) -> pd.DataFrame:
    """By case, in the order of time; rows of the same moment in the order of the file. Cases are numbered anew."""
    import pandas as pd

    names = table["case"]
    codes = names.cat.codes.to_numpy() if isinstance(names.dtype, pd.CategoricalDtype) else pd.factorize(names)[0]
    order = np.lexsort((np.arange(len(table)), table["start"].to_numpy(), codes))
    rows = table.drop(columns="case").iloc[order].reset_index(drop=True)
    rows.insert(0, "case", np.cumsum(np.r_[False, codes[order][1:] != codes[order][:-1]]))
    rows["organisation"] = rows["organisation"].astype("string").str.strip().astype("category")
    return rows


def _visits(rows: pd.DataFrame, one_moment: bool) -> tuple[pd.DataFrame, int, int]:
    """Rows as visits that follow each other without a gap; and how many overlapped, and had a gap between them."""
    start = rows["start"].to_numpy().astype("M8[s]")
    end = start if one_moment else rows["end"].to_numpy().astype("M8[s]")
    case, place = rows["case"].to_numpy(), rows["organisation"].cat.codes.to_numpy()
    return joined_visits(case, place, start, end, rows["organisation"].cat.categories, one_moment=one_moment)


def joined_visits(
    case: np.ndarray, place: np.ndarray, start: np.ndarray, end: np.ndarray, names: Any, *, one_moment: bool = False
) -> tuple[pd.DataFrame, int, int]:
    """Visits from rows that are sorted by case and time; rows that follow each other at one organisation are one visit.

    Parameters
    ----------
    case, place : number of the case and of its organisation
    start, end : moments; an end may be not-a-time, as long as the case is there
    names : of the organisations
    one_moment : whether the end is only the moment that was seen, so that a gap says nothing
    """
    import pandas as pd

    new_case = np.r_[True, case[1:] != case[:-1]]
    first = np.flatnonzero(new_case | np.r_[True, place[1:] != place[:-1]])
    forever = np.iinfo(np.int64).max
    whole = end.astype(np.int64)
    whole[np.isnat(end)] = forever
    last_end = np.maximum.reduceat(whole, first)
    begun = start[first].astype(np.int64)
    of_case = case[first]
    followed = np.r_[of_case[1:] == of_case[:-1], False]
    following = np.r_[begun[1:], forever]
    overlapping = int((followed & (last_end != forever) & (last_end > following)).sum())
    gap = followed & (last_end < following - 86_400)
    left = np.where(followed, np.minimum(last_end, following), last_end)
    if one_moment:
        left = np.where(followed, following, last_end)
        gap = np.zeros_like(gap)
    begun[1:] = np.where(followed[:-1], left[:-1], begun[1:])
    ends = left.astype("M8[s]")
    ends[left == forever] = NOWHERE
    visits = pd.DataFrame(
        {
            "case": of_case.astype(np.int32),
            "organisation": pd.Categorical.from_codes(place[first], categories=names),
            "start": begun.astype("M8[s]"),
            "end": ends,
        }
    )
    return visits, overlapping, int(gap.sum())


def _cases(rows: pd.DataFrame) -> pd.DataFrame:
    """What is said of each case, by the last of its rows that says something."""
    import pandas as pd

    number = int(rows["case"].iloc[-1]) + 1 if len(rows) else 0
    cases = pd.DataFrame(index=pd.RangeIndex(number))
    for field in ("case_type", "outcome"):
        if field in rows:
            column = rows[field].astype("category")
            codes = np.where(_unknown(column), -1, column.cat.codes.to_numpy())
            known = codes >= 0
            last = np.full(number, -1)
            last[rows["case"].to_numpy()[known]] = codes[known]
            cases[field] = pd.Categorical.from_codes(last, categories=column.cat.categories)
    if "case_type" not in cases:
        cases["case_type"] = pd.Categorical.from_codes(
            np.zeros(number, dtype=np.int64), categories=pd.Index([ONE_KIND])
        )
    cases["deadline"] = np.full(number, NOWHERE, dtype="M8[s]")
    if "deadline" in rows:
        said = ~np.isnat(rows["deadline"].to_numpy())
        due = cases["deadline"].to_numpy().copy()
        due[rows["case"].to_numpy()[said]] = rows["deadline"].to_numpy()[said]
        cases["deadline"] = due
    return cases
