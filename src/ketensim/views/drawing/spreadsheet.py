"""Tables of numbers as files: for machines, for a Dutch spreadsheet, and as an Excel workbook. The door to openpyxl.

For machines a CSV has commas, and points in numbers. A spreadsheet that is set to Dutch reads semicolons, and commas in
numbers, and knows the letters of a name by the mark (BOM) at the beginning; that is its form here, in both languages of ours.
"""

from __future__ import annotations

import csv
import datetime
import io
import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    import pandas as pd

MOST_ROWS: Final = 1_048_575  # of a sheet, below its headings
LONGEST_NAME: Final = 31  # letters of the name of a sheet
FORBIDDEN: Final = re.compile(r"[\[\]:*?/\\]")  # in the name of a sheet
CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f]")  # that no sheet can hold
NUMBER: Final = re.compile(r"-?\d+(\.\d+)?(e[-+]?\d+)?")
WIDEST: Final = 60
NARROWEST: Final = 9
DIGITS: Final = 6
BOM: Final = "\ufeff"
WORKBOOK_TYPE: Final = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Sheet(NamedTuple):
    """A table with its values as they are.

    Attributes
    ----------
    headings : a name per column
    rows : texts, numbers, dates and truths, to be gone through more than once; None or not-a-number where not known
    """

    headings: Sequence[str]
    rows: Iterable[Sequence[Any]]


class Anew:
    """Rows that are made each time they are asked for, and so need not all be in memory.

    Parameters
    ----------
    make : gives the rows
    """

    def __init__(self, make: Callable[[], Iterator[Sequence[Any]]]) -> None:
        self._make = make

    def __iter__(self) -> Iterator[Sequence[Any]]:
        return self._make()


def sheet_of(table: pd.DataFrame) -> Sheet:
    """A data frame without its index."""
    return Sheet([str(name) for name in table.columns], Anew(lambda: iter(table.itertuples(index=False, name=None))))


def sheet_of_csv(text: str) -> Sheet:
    r"""A table that was written for machines, read back: what looks like a number is one.

    Examples
    --------
    >>> headings, rows = sheet_of_csv("team,share\nA,0.25\nB,\n")
    >>> headings, list(rows)
    (['team', 'share'], [['A', 0.25], ['B', None]])
    """
    headings, *rows = csv.reader(io.StringIO(text.removeprefix(BOM)))
    return Sheet(headings, [[_value(cell) for cell in row] for row in rows])


def _value(cell: str) -> Any:
    return None if not cell else float(cell) if NUMBER.fullmatch(cell) else cell


def plain_csv(sheet: Sheet, digits: int = DIGITS) -> str:
    """A table for machines: commas, points in numbers, empty where a value is not known.

    Examples
    --------
    >>> plain_csv(Sheet(["run", "share"], [[1, 0.25], [2, float("nan")]])).splitlines()
    ['run,share', '1,0.25', '2,']
    """
    return _written(sheet, lambda value: _as_text(value, digits), ",", "\n")


def dutch_csv(sheet: Sheet, digits: int = DIGITS) -> str:
    r"""A table for a spreadsheet that is set to Dutch: semicolons, commas in numbers, and a mark at the beginning.

    Examples
    --------
    >>> dutch_csv(Sheet(["run", "share"], [[1, 0.25], [2, float("nan")]])).splitlines()
    ['\ufeffrun;share', '1;0,25', '2;']
    """
    return BOM + _written(sheet, lambda value: _as_dutch_text(value, digits), ";", "\r\n")


def workbook(
    about: Sequence[tuple[str, str]], sheets: Mapping[str, Sheet], first_name: str = "about"
) -> tuple[bytes, list[str]]:
    """An Excel workbook.

    Parameters
    ----------
    about : rows of the first sheet, what and what it is; nothing = no such sheet
    sheets : tables by name; one with more rows than a sheet can hold is left out
    first_name : what the first sheet is called

    Returns
    -------
    the content of the file, and the names of the tables that were left out
    """
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    if about:
        first = book.create_sheet(first_name)
        first.column_dimensions["A"].width, first.column_dimensions["B"].width = 28, WIDEST * 2
        for row in about:
            first.append([_safe(cell) for cell in row])
    left_out = []
    for name, sheet in sheets.items():
        if sum(1 for _ in sheet.rows) > MOST_ROWS:
            left_out.append(name)
            continue
        _fill(book.create_sheet(FORBIDDEN.sub(" ", name)[:LONGEST_NAME]), sheet)
    if not book.worksheets:
        book.create_sheet(first_name)  # a workbook without any sheet cannot be opened
    content = io.BytesIO()
    book.save(content)
    return content.getvalue(), left_out


def _fill(shown: Any, sheet: Sheet) -> None:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    shown.freeze_panes = "A2"
    for place, name in enumerate(sheet.headings, 1):
        width = min(WIDEST, max(NARROWEST, len(name) + 2))
        shown.column_dimensions[get_column_letter(place)].width = width
    cells = [WriteOnlyCell(shown, value=_safe(name)) for name in sheet.headings]
    for cell in cells:
        cell.font = Font(bold=True)
    shown.append(cells)
    for row in sheet.rows:
        shown.append([_safe(value) for value in row])


def _written(sheet: Sheet, as_text: Any, separator: str, end: str) -> str:
    text = io.StringIO()
    writer = csv.writer(text, delimiter=separator, lineterminator=end)
    writer.writerow(sheet.headings)
    writer.writerows([as_text(value) for value in row] for row in sheet.rows)
    return text.getvalue()


def _as_text(value: Any, digits: int) -> str:
    """A value in a file for machines."""
    if value is None:
        return ""
    plain = value.item() if hasattr(value, "item") else value
    if isinstance(plain, float):
        if not math.isfinite(plain):
            return ""
        return str(int(plain)) if plain.is_integer() else f"{plain:.{digits}g}"
    return plain.isoformat() if isinstance(plain, datetime.date) else str(plain)


def _as_dutch_text(value: Any, digits: int) -> str:
    """A value in a file for a spreadsheet; a text is never a formula."""
    if isinstance(value, str):
        return str(_safe(value))
    text = _as_text(value, digits)
    return text.replace(".", ",") if isinstance(value, float) or hasattr(value, "item") else text


def _safe(value: Any) -> Any:
    """A value as a cell: empty where it is not known, and a text is never a formula.

    Examples
    --------
    >>> _safe(float("nan")), _safe("=1+1"), _safe(0.5)
    (None, "'=1+1", 0.5)
    """
    if isinstance(value, str):
        text = CONTROL.sub(" ", value)
        return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text
    plain = value.item() if hasattr(value, "item") else value
    return None if isinstance(plain, float) and not math.isfinite(plain) else plain
