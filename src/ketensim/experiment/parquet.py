"""Tables of a result as Parquet: written row group by row group, with fixed settings, so that equal rows are equal bytes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from numpy.typing import NDArray

from ketensim.foundation.errors import InputError, Problem

if TYPE_CHECKING:
    import pandas as pd

TEXT: Final = "text"  # a column of words
ROW_GROUP: Final = 50_000  # rows; what is in memory at once
FIXED: Final[dict[str, Any]] = {
    "compression": "zstd",
    "compression_level": 3,
    "write_page_checksum": True,
    "data_page_version": "2.0",
    "version": "2.6",
}


class TableWriter:
    """Writes a table of numbers and words in parts of any length; the bytes do not depend on how it was cut.

    Parameters
    ----------
    path : of the file
    types : numpy type per column, or ``TEXT``
    """

    def __init__(self, path: Path, types: Mapping[str, str]) -> None:
        self._types = [np.dtype(object if kind == TEXT else kind) for kind in types.values()]
        self._schema = pa.schema(
            [
                (name, pa.string() if kind == TEXT else pa.from_numpy_dtype(np.dtype(kind)))
                for name, kind in types.items()
            ]
        )
        self._writer = pq.ParquetWriter(path, self._schema, use_dictionary=False, **FIXED)
        self._parts: list[Sequence[np.ndarray]] = []
        self._rows = 0

    def add(self, columns: Sequence[np.ndarray]) -> None:
        """Add rows, given as one array per column."""
        self._parts.append(columns)
        self._rows += len(columns[0])
        if self._rows >= ROW_GROUP:
            self._write()

    def _write(self, *, last: bool = False) -> None:
        """Write full row groups, and what is left when it is the last time."""
        whole = [
            np.concatenate([part[place] for part in self._parts]).astype(kind, copy=False)
            for place, kind in enumerate(self._types)
        ]
        end = self._rows if last else self._rows // ROW_GROUP * ROW_GROUP
        for start in range(0, end, ROW_GROUP):
            rows = [pa.array(column[start : min(start + ROW_GROUP, end)]) for column in whole]
            self._writer.write_table(pa.Table.from_arrays(rows, schema=self._schema), row_group_size=ROW_GROUP)
        self._parts = [[column[end:].copy() for column in whole]]
        self._rows -= end

    def __enter__(self) -> TableWriter:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is None and self._parts:
            self._write(last=True)
        self._writer.close()


def write_table(path: Path, table: pd.DataFrame) -> None:
    """Write a small table; only values are written, nothing about the library that held them."""
    pq.write_table(pa.table({str(name): table[name].tolist() for name in table}), path, **FIXED)


def read_table(path: Path) -> pd.DataFrame:
    """A table of a result.

    Raises
    ------
    InputError
        it is not there, or is no table
    """
    with _readable(path):
        table: pd.DataFrame = pq.read_table(path, page_checksum_verification=True).to_pandas()
        return table


def read_column(path: Path, name: str) -> NDArray[np.float64]:
    """One column of a table of a result, without the others; raises as ``read_table``."""
    with _readable(path):
        column = pq.read_table(path, columns=[name], page_checksum_verification=True)[name]
        values: NDArray[np.float64] = column.to_numpy()
        return values


def number_of_rows(path: Path) -> int:
    """How many rows a table of a result has; raises as ``read_table``."""
    with _readable(path):
        return int(pq.read_metadata(path).num_rows)


def batches(path: Path, columns: list[str] | None = None) -> Iterator[pd.DataFrame]:
    """A table of a result in portions, so that it need not fit in memory; raises as ``read_table``.

    Parameters
    ----------
    columns : the columns that are wanted; None = all
    """
    with _readable(path), pq.ParquetFile(path, page_checksum_verification=True) as file:
        for portion in file.iter_batches(ROW_GROUP, columns=columns):
            yield portion.to_pandas()


def read_rows(path: Path, rows: NDArray[np.int64]) -> pd.DataFrame:
    """Some rows of a table by their numbers, in that order; only the parts that hold them are read.

    Parameters
    ----------
    rows : numbers from 0, increasing
    """
    import pandas as pd

    with _readable(path), pq.ParquetFile(path, page_checksum_verification=True) as file:
        sizes = [file.metadata.row_group(group).num_rows for group in range(file.metadata.num_row_groups)]
        ends = np.cumsum(sizes)
        found = []
        for group in np.unique(np.searchsorted(ends, rows, side="right")):
            first, last = ends[group] - sizes[group], ends[group]
            mine = rows[(rows >= first) & (rows < last)] - first
            found.append(file.read_row_group(int(group)).take(pa.array(mine)).to_pandas())
        table: pd.DataFrame = file.schema_arrow.empty_table().to_pandas()
        return pd.concat(found, ignore_index=True) if found else table


def rows_where(path: Path, **equal: int) -> pd.DataFrame:
    """Rows of a table in which some columns have a value; of the parts, only those that may hold them are read.

    Raises as ``read_table``.
    """
    with _readable(path):
        found = pq.read_table(path, filters=[(name, "==", value) for name, value in equal.items()])
        rows: pd.DataFrame = found.to_pandas()
        return rows


@contextmanager
def _readable(path: Path) -> Iterator[None]:
    """What goes wrong while a table is read, as an InputError."""
    try:
        yield
    except FileNotFoundError:
        raise InputError([Problem("error.file_missing", "", {"given": str(path)})]) from None
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError, OSError, KeyError):
        raise InputError([Problem("error.store_foreign", "", {"given": str(path)})]) from None
