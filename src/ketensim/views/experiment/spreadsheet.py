"""A result as an Excel workbook, for people without Python. The door to openpyxl."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    import pandas as pd

MOST_ROWS: Final = 1_048_575  # of a sheet, below its headings
WIDEST: Final = 60
NARROWEST: Final = 9


def workbook(path: Path, about: Sequence[tuple[str, str]], sheets: Mapping[str, pd.DataFrame]) -> list[str]:
    """Write a workbook.

    Parameters
    ----------
    path : of the file
    about : rows of the first sheet: what, and what it is
    sheets : tables by name; a table with more rows than a sheet can hold is left out

    Returns
    -------
    names of the tables that were left out
    """
    from openpyxl import Workbook

    book = Workbook(write_only=True)
    first = book.create_sheet("about")
    first.column_dimensions["A"].width, first.column_dimensions["B"].width = 28, WIDEST * 2
    for row in about:
        first.append([_safe(cell) for cell in row])
    left_out = []
    for name, table in sheets.items():
        if len(table) > MOST_ROWS:
            left_out.append(name)
            continue
        _fill(book.create_sheet(name), table)
    book.save(path)
    return left_out


def _fill(sheet: Any, table: pd.DataFrame) -> None:
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    sheet.freeze_panes = "A2"
    for place, name in enumerate(table.columns, 1):
        width = min(WIDEST, max(NARROWEST, len(str(name)) + 2))
        sheet.column_dimensions[get_column_letter(place)].width = width
    headings = [WriteOnlyCell(sheet, value=str(name)) for name in table.columns]
    for cell in headings:
        cell.font = Font(bold=True)
    sheet.append(headings)
    for row in table.itertuples(index=False, name=None):
        sheet.append([_safe(value) for value in row])


def _safe(value: Any) -> Any:
    """A value as a cell: empty where it is not known, and a text is never a formula.

    Examples
    --------
    >>> _safe(float("nan")), _safe("=1+1"), _safe(0.5)
    (None, "'=1+1", 0.5)
    """
    if isinstance(value, str):
        return f"'{value}" if value[:1] in ("=", "+", "-", "@") else value
    if isinstance(value, float) and not math.isfinite(value):
        return None
    return value.item() if hasattr(value, "item") else value
