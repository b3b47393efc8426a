"""A design that stands in a table: a row per combination, a column per factor; from CSV, Parquet or a DataFrame.

What is written back is a CSV in one form, so that equal tables are equal bytes wherever they came from.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ketensim.experiment.design_parts import CHOSEN, GIVEN, Factor, factor_name
from ketensim.experiment.parquet import read_table
from ketensim.foundation.errors import InputError, Problem
from ketensim.foundation.parameters import Parameter
from ketensim.scenario.numbers import as_written
from ketensim.scenario.problems import excerpt, nearest

if TYPE_CHECKING:
    import pandas as pd

PARQUET: Final = ".parquet"
CHOSEN_NAMES: Final = frozenset(row.name for row in CHOSEN)
MOST_TOLD: Final = 10  # wrong cells that are named; a table that was read wrongly has thousands
Values = NDArray[np.float64]


class DesignTable(NamedTuple):
    """The cells as they were found.

    Attributes
    ----------
    names : of the columns
    cells : array [row, column] of numbers, texts, or None where nothing stands
    """

    names: tuple[str, ...]
    cells: list[tuple[Any, ...]]

    @classmethod
    def of_frame(cls, frame: pd.DataFrame) -> DesignTable:
        """Of a DataFrame; its index is not read."""
        columns = [frame.iloc[:, place].tolist() for place in range(frame.shape[1])]
        return cls(tuple(str(name) for name in frame.columns), list(zip(*columns, strict=True)))

    @classmethod
    def read(cls, path: Path, place: str) -> DesignTable:
        """Of a file: Parquet by its name, else CSV with commas, or with semicolons and decimal commas.

        Parameters
        ----------
        place : in the experiment, for the error

        Raises
        ------
        InputError
            a file that is not there, cannot be read or holds no table
        """
        if path.suffix.lower() == PARQUET:
            return cls.of_frame(read_table(path))
        try:
            text = path.read_text("utf-8-sig")
        except FileNotFoundError:
            raise InputError([Problem("error.file_missing", place, {"given": str(path)})]) from None
        except (OSError, UnicodeDecodeError) as error:
            reason = getattr(error, "strerror", None) or type(error).__name__
            raise InputError(
                [Problem("error.file_unreadable", place, {"given": str(path), "reason": reason})]
            ) from None
        return cls.of_csv(text)

    @classmethod
    def of_csv(cls, text: str) -> DesignTable:
        r"""Of the text of a CSV; empty lines are left out.

        Examples
        --------
        >>> DesignTable.of_csv("room;frame\n0,5;1\n").cells
        [('0.5', '1')]
        """
        header = text.partition("\n")[0]
        dutch = header.count(";") > header.count(",")
        rows = [row for row in csv.reader(io.StringIO(text), delimiter=";" if dutch else ",") if row]
        names = tuple(name.strip() for name in rows[0]) if rows else ()
        cells = [
            tuple((cell.strip().replace(",", ".") if dutch else cell.strip()) or None for cell in row)
            for row in rows[1:]
        ]
        return cls(names, cells)

    def problems(self, rows: Mapping[str, Parameter], place: str) -> Iterator[Problem]:
        """What is wrong with names and cells, the first of each column.

        Parameters
        ----------
        rows : what may be varied here, by name
        place : in the experiment
        """
        if not self.names or not self.cells:
            yield Problem("error.table_empty", place, {})
        columns = len(self.names)
        if uneven := next((place for place, cells in enumerate(self.cells, 1) if len(cells) != columns), None):
            given = {"row": uneven, "given": len(self.cells[uneven - 1]), "allowed": columns}
            yield Problem("error.table_length", place, given)
            return
        for number, name in enumerate(self.names):
            row = rows.get(factor_name(name))
            if row is None:
                known = {"given": excerpt(name), "allowed": tuple(rows), **nearest(factor_name(name), rows)}
                yield Problem("error.table_column", place, known)
            elif name in self.names[:number]:
                yield Problem("error.table_twice", place, {"given": name})
            else:
                yield from self._wrong_cell(number, row, place)

    def _wrong_cell(self, column: int, row: Parameter, place: str) -> Iterator[Problem]:
        for number, cells in enumerate(self.cells, 1):
            where = {"row": number, "column": self.names[column]}
            limits = {"lower": row.lower, "upper": row.upper, "unit": row.unit}
            value = as_number(cells[column])
            if cells[column] is None or (value != value and not isinstance(cells[column], str)):
                yield Problem("error.table_missing", place, where | limits)
                return
            if not row.lower <= value <= row.upper:
                shown = as_written(value) if value == value else excerpt(str(cells[column]))
                yield Problem("error.table_value", place, {**where, **limits, "given": shown})
                return

    def values(self) -> Values:
        """Array [row, column] of a table without problems."""
        return np.array([[as_number(cell) for cell in cells] for cells in self.cells], dtype=float)


def as_number(cell: object) -> float:
    """A cell as a number; not-a-number when it is none.

    Examples
    --------
    >>> as_number("0.5"), as_number(True), as_number("x")
    (0.5, nan, nan)
    """
    if isinstance(cell, bool | np.bool_):
        return float("nan")
    try:
        return float(cell)  # type: ignore[arg-type]  # what is no number raises
    except (TypeError, ValueError):
        return float("nan")


class Read(NamedTuple):
    """A table that may be run.

    Attributes
    ----------
    rows : value per factor, per combination
    levers, uncertainties : what is varied, between the ends that occur
    """

    rows: tuple[dict[str, float], ...]
    levers: dict[str, Factor]
    uncertainties: dict[str, Factor]


def rows_of_table(table: DesignTable, place: str, *, chosen: bool = True, given: bool = True) -> Read:
    """A table as combinations of factors.

    Parameters
    ----------
    place : in the experiment, for the error
    chosen, given : whether columns may be what one chooses, and what one cannot choose

    Raises
    ------
    InputError
        a column that is no factor or occurs twice, a cell that is empty, no number or out of range (with row and column),
        a row that is too short or too long, no rows
    """
    may = {row.name: row for row in ((*CHOSEN,) if chosen else ()) + ((*GIVEN,) if given else ())}
    problems = list(table.problems(may, place))
    if problems:
        raise InputError(problems[:MOST_TOLD])
    values = table.values()
    rows = tuple(dict(zip(table.names, row, strict=True)) for row in values.tolist())
    factors = {name: _factor(column) for name, column in zip(table.names, values.T, strict=True)}
    levers = {name: factor for name, factor in factors.items() if factor_name(name) in CHOSEN_NAMES}
    return Read(rows, levers, {name: factor for name, factor in factors.items() if name not in levers})


def refuse_unlike(found: Mapping[str, Factor], listed: Mapping[str, Factor], kind: str, names: tuple[str, ...]) -> None:
    """Refuse factors that a file lists beside a table when the table has others, or goes outside them.

    Parameters
    ----------
    found, listed : factors by name, of the table and of the file
    kind : levers or uncertainties
    names : of the columns

    Raises
    ------
    InputError
        which
    """
    for name in listed:
        if name not in found:
            raise InputError([Problem("error.table_without", f"{kind}.{name}", {"given": name, "allowed": names})])
    for name, factor in found.items():
        if name not in listed:
            known = {"given": name, "allowed": tuple(listed), **nearest(name, listed)}
            raise InputError([Problem("error.unknown_factor", f"{kind}.{name}", known)])
        (low, high), (lower, upper) = factor.ends, listed[name].ends
        if outside := [value for value in (low, high) if not lower <= value <= upper]:
            facts = {"given": as_written(outside[0]), "lower": lower, "upper": upper, "unit": "number"}
            raise InputError([Problem("error.out_of_range", f"{kind}.{name}", facts)])


def _factor(column: Values) -> Factor:
    low, high = float(column.min()), float(column.max())
    return Factor(values=(low,)) if low == high else Factor.model_validate({"from": low, "to": high})


def as_csv(rows: tuple[dict[str, float], ...]) -> str:
    r"""The table as text; numbers are written so that they are read back to the bit.

    Examples
    --------
    >>> as_csv(({"room": 0.1, "frame": 1.0},))
    'room,frame\n0.1,1\n'
    """
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(rows[0])
    writer.writerows([as_written(value) for value in row.values()] for row in rows)
    return out.getvalue()
