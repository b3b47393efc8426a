"""Dates as people and machines write them in lists, Dutch and English, made into moments.

A way of writing is decided for a whole column and not for each cell: ``3-4-2023`` is the third of April as long as no
date of the column has a month above twelve that way round.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    import pandas as pd

MONTHS: Final = (
    ("januari", "january", "jan"), ("februari", "february", "feb"), ("maart", "march", "mrt", "mar"), ("april", "apr"),
    ("mei", "may"), ("juni", "june", "jun"), ("juli", "july", "jul"), ("augustus", "august", "aug"),
    ("september", "sept", "sep"), ("oktober", "october", "okt", "oct"), ("november", "nov"), ("december", "dec"),
)  # fmt: skip
MONTH_OF: Final = {name: number for number, names in enumerate(MONTHS, 1) for name in names}
NUMBERS: Final = (
    r"^\s*(?:[a-z]{2,9},?\s+)?(\d{1,4})[-/. ]+(\d{1,2})[-/. ]+(\d{1,4})(?:[,T ]+(\d{1,2})[:.](\d{2})(?:[:.](\d{2}))?[.,\d]*"
    r"\s*([ap]m)?)?\s*(?:z|[+-]\d{2}:?\d{2}|[a-z]{3,4})?\s*$"
)
COMPACT: Final = r"^\s*(\d{4})(\d{2})(\d{2})(?:[T ]?(\d{2}):?(\d{2}):?(\d{2})?)?\s*$"
SERIAL: Final = r"^\s*(\d{5})(?:[.,](\d+))?\s*$"  # a day number of a spreadsheet
SERIAL_ORIGIN: Final = np.datetime64("1899-12-30")
EARLIEST: Final = np.datetime64("1950-01-01")  # what lies outside is a stand-in for "unknown"
LATEST: Final = np.datetime64("2100-01-01")
CENTURY: Final = 70  # two digits below are of this century
MOST_MONTHS: Final = 12
YEAR_DIGITS: Final = 100


def moments_of(texts: pd.Series) -> np.ndarray:
    """Moments of a column of texts, numbers or dates.

    Parameters
    ----------
    texts : as read from a file; a categorical is looked at once per category

    Returns
    -------
    array datetime64[s], not-a-time where a cell is empty or cannot be read; time zones are left out (less than a day)
    """
    import pandas as pd

    if isinstance(texts.dtype, pd.CategoricalDtype):
        read = moments_of(pd.Series(texts.cat.categories))
        codes = texts.cat.codes.to_numpy()
        found = np.full(len(codes), np.datetime64("NaT", "s"), dtype="M8[s]")
        found[codes >= 0] = read[codes[codes >= 0]]
        return found
    if pd.api.types.is_datetime64_any_dtype(texts.dtype):
        zoned = getattr(texts.dtype, "tz", None) is not None
        return _sensible((texts.dt.tz_localize(None) if zoned else texts).to_numpy().astype("M8[s]"))
    words = texts.astype("string").str.strip()
    found = _iso(words)
    for way in (_by_numbers, _compact, _serial):
        left = np.isnat(found) & words.notna().to_numpy()
        if left.any():
            found[left] = way(words[left])
    return _sensible(found)


def _sensible(found: np.ndarray) -> np.ndarray:
    """Without the moments that stand for unknown, such as 31-12-9999."""
    with np.errstate(invalid="ignore"):
        found[(found < EARLIEST) | (found > LATEST)] = np.datetime64("NaT", "s")
    return found


def _iso(words: pd.Series) -> np.ndarray:
    import pandas as pd

    like = words.str.match(r"^\d{4}-\d{2}-\d{2}", na=False)
    found = np.full(len(words), np.datetime64("NaT", "s"), dtype="M8[s]")
    if like.any():
        bare = words[like].str.slice(0, 19).str.replace("T", " ", regex=False)
        read = pd.to_datetime(bare, format="ISO8601", errors="coerce")
        found[like.to_numpy()] = read.to_numpy().astype("M8[s]")
    return found


def _by_numbers(words: pd.Series) -> np.ndarray:
    """Day, month and year in whatever order the column has them, months as numbers or words."""
    lower = words.str.lower()
    if lower.str.contains(r"[a-z]{3}", na=False).any():
        names = "|".join(sorted(MONTH_OF, key=len, reverse=True))
        lower = lower.str.replace(rf"\b({names})\b\.?", lambda match: str(MONTH_OF[match[1]]), regex=True)
        lower = lower.str.replace(r"(\d)(?:st|nd|rd|th|e)\b", r"\1", regex=True)
    parts = lower.str.extract(NUMBERS)
    first, second, third = (_number(parts[column]) for column in range(3))
    year_first = first > YEAR_DIGITS
    month_first = bool(np.any(second > MOST_MONTHS) and not np.any((first > MOST_MONTHS) & ~year_first))
    day = np.where(year_first, third, second if month_first else first)
    month = np.where(year_first, second, first if month_first else second)
    year = np.where(year_first, first, third)
    year = np.where(year < YEAR_DIGITS, year + np.where(year < CENTURY, 2000, 1900), year)
    return _put_together(year, month, day, parts)


def _compact(words: pd.Series) -> np.ndarray:
    parts = words.str.extract(COMPACT)
    year, month, day = (_number(parts[column]) for column in range(3))
    return _put_together(year, month, day, parts)


def _serial(words: pd.Series) -> np.ndarray:
    parts = words.str.extract(SERIAL)
    days = _number(parts[0])
    found = np.full(len(days), np.datetime64("NaT", "s"), dtype="M8[s]")
    known = days >= 0
    found[known] = (SERIAL_ORIGIN + days[known].astype("m8[D]")).astype("M8[s]")
    return found


def _number(column: Any) -> np.ndarray:
    """Whole numbers, -1 where there is none."""
    import pandas as pd

    return np.asarray(pd.to_numeric(column, errors="coerce").fillna(-1), dtype=np.int64)


def _put_together(year: np.ndarray, month: np.ndarray, day: np.ndarray, parts: pd.DataFrame) -> np.ndarray:
    """Moments of the rows that make a day which exists."""
    import pandas as pd

    hour, minute, second = (np.maximum(_number(parts[column]), 0) for column in (3, 4, 5))
    if 6 in parts and parts[6].notna().any():
        hour = hour % 12 + np.where(parts[6].eq("pm").fillna(False), 12, 0)
    table = pd.DataFrame({"year": year, "month": month, "day": day, "hour": hour, "minute": minute, "second": second})
    return np.asarray(pd.to_datetime(table, errors="coerce").to_numpy()).astype("M8[s]")
