"""Lists of cases as files: CSV in whatever form a spreadsheet or register writes it, Excel, Parquet, XES.

The door to pyarrow's CSV reader and, for lists, to openpyxl. Only the columns that are needed are read; what else stands in
a file about people never comes into memory.
"""

from __future__ import annotations

import csv
import io
import os
import stat
import zipfile
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from ketensim.foundation.errors import InputError, Problem
from ketensim.logs.log_columns import NEEDED, columns_of
from ketensim.scenario.problems import excerpt

if TYPE_CHECKING:
    import pandas as pd

LARGEST: Final = 2_000_000_000  # bytes
MEGABYTE: Final = 1_000_000
SAMPLE: Final = 65_536  # bytes by which form and letters of a CSV file are known
SEPARATORS: Final = (";", ",", "\t", "|")
OLD_OFFICE: Final = b"\xd0\xcf\x11\xe0"  # how .xls begins, and every workbook with a password
KINDS: Final = (".csv", ".txt", ".tsv", ".xlsx", ".parquet", ".xes", ".xes.gz")
LOOK_FOR_HEADER: Final = 20  # rows of a sheet
NO_NAME: Final = ""  # of a column that no list has
STEP: Final = 20_000  # rows between two reports of progress
MOST_MISFITS: Final = 0.01  # of the rows of a CSV file; above it the form was read wrongly
Progress = Callable[[int, int], None]


def raw_rows(
    path: str | os.PathLike[str], given: Mapping[str, str], progress: Progress | None = None
) -> tuple[pd.DataFrame, dict[str, str], int]:
    """The rows of a list, only the columns that are needed, as they stand in the file.

    Parameters
    ----------
    path : a file of one of ``KINDS``
    given : field: name of its column, as its reader says
    progress : called with (done, in all)

    Returns
    -------
    DataFrame a column per field, whose index is the row in the file (the header is row 1); field: column in the file; rows
    that do not fit the header and were left out

    Raises
    ------
    InputError : no such file, another kind, damaged (with row and column where it is known), or no column for a field
    """
    file = Path(path)
    _look_at(file)
    kind = kind_of(file.name)
    misfits = 0
    if kind in (".xes", ".xes.gz"):
        from ketensim.logs.xes_files import xes_rows

        table, columns = xes_rows(file, given, progress)
    elif kind == ".xlsx":
        table, columns = _from_sheet(file, given, progress)
    elif kind == ".parquet":
        table, columns = _from_parquet(file, given)
    else:
        table, columns, misfits = _from_text(file, given)
    if not len(table):
        raise InputError([Problem("log.error.empty", "", {})], str(file))
    if progress is not None:
        progress(1, 1)
    return table, columns, misfits


def heads_of(path: str | os.PathLike[str]) -> tuple[str, ...]:
    """The names of all columns of a list, for who wants to point at one; they are kept nowhere.

    Raises
    ------
    InputError : a file that cannot be read
    """
    try:
        raw_rows(path, {NEEDED[0]: NO_NAME}, None)
    except InputError as error:
        names = next(
            (problem.facts["allowed"] for problem in error.problems if problem.key == "log.error.no_column"), None
        )
        if names is None:
            raise
        return tuple(names)
    return ()


def kind_of(name: str) -> str:
    """The kind of a file by its name, in small letters; ``.xes.gz`` is one kind."""
    lower = name.lower()
    return ".xes.gz" if lower.endswith(".xes.gz") else Path(lower).suffix


def _look_at(file: Path) -> None:
    """Refuse what is not there, no ordinary file, too large or of another kind, before it is opened."""
    given = {"given": excerpt(str(file))}
    try:
        status = file.stat()
    except (FileNotFoundError, NotADirectoryError, ValueError):
        raise InputError([Problem("error.file_missing", "", given)], str(file)) from None
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise InputError([Problem("error.file_unreadable", "", {**given, "reason": reason})], str(file)) from None
    if stat.S_ISDIR(status.st_mode):
        raise InputError([Problem("error.file_is_directory", "", given)], str(file))
    if not stat.S_ISREG(status.st_mode):
        raise InputError([Problem("error.file_not_regular", "", given)], str(file))
    if status.st_size > LARGEST:
        facts = {"given": round(status.st_size / MEGABYTE), "allowed": LARGEST // MEGABYTE}
        raise InputError([Problem("error.file_too_large", "", facts)], str(file))
    if kind_of(file.name) not in KINDS:
        known = {"given": excerpt(kind_of(file.name) or file.name), "allowed": KINDS}
        raise InputError([Problem("log.error.kind", "", known)], str(file))


# --- text ----------------------------------------------------------------------------------------------------------
def _from_text(file: Path, given: Mapping[str, str]) -> tuple[pd.DataFrame, dict[str, str], int]:
    import pyarrow as pa
    from pyarrow import csv as arrow_csv

    letters = _letters(file)
    with open(file, encoding=letters, errors="replace", newline="") as stream:
        sample = stream.read(SAMPLE)
    if "\0" in sample:
        raise InputError([Problem("log.error.not_text", "", {})], str(file))
    if not sample.strip():
        raise InputError([Problem("log.error.empty", "", {})], str(file))
    skipped, separator = _form(sample)
    header = next(csv.reader(io.StringIO("".join(sample.splitlines(keepends=True)[skipped:])), delimiter=separator), [])
    names = [name.strip().lstrip("\ufeff") for name in header]
    if len(names) == 1:
        facts = {"row": skipped + 1, "given": excerpt(names[0])}
        raise InputError([Problem("log.error.one_column", "", facts)], str(file))
    columns = columns_of([name for name in names if name], given, str(file))
    misfits: list[tuple[int, int, int]] = []

    def misfit(row: Any) -> str:
        misfits.append((row.number or 0, row.actual_columns, row.expected_columns))
        return "skip"

    wanted = [str(names.index(name)) for name in columns.values()]
    words = pa.dictionary(pa.int32(), pa.string())
    try:
        table = arrow_csv.read_csv(
            file,
            read_options=arrow_csv.ReadOptions(
                encoding=letters, column_names=[str(number) for number in range(len(names))], skip_rows=skipped + 1,
                use_threads=False,  # only then a row that does not fit has a number
            ),
            parse_options=arrow_csv.ParseOptions(
                delimiter=separator, newlines_in_values='"' in sample, invalid_row_handler=misfit
            ),
            convert_options=arrow_csv.ConvertOptions(
                include_columns=wanted, column_types=dict.fromkeys(wanted, words), null_values=[""],
                strings_can_be_null=True,
            ),
        )  # fmt: skip
    except pa.ArrowInvalid as error:
        problem = Problem("log.error.damaged", "", {"reason": excerpt(str(error))})
        if row := _endless(file):
            problem = Problem("log.error.endless", "", {"row": row})
        raise InputError([problem], str(file)) from None
    frame = table.to_pandas()
    frame.columns = list(columns)
    number = len(frame) + len(misfits)
    if len(misfits) > MOST_MISFITS * number:
        row, actual, expected = misfits[0]
        facts = {"row": row + skipped, "given": actual, "allowed": expected, "number": len(misfits)}
        raise InputError([Problem("log.error.misfits", "", facts)], str(file))
    frame.index = frame.index + skipped + 2
    return frame, columns, len(misfits)


def _endless(file: Path) -> int:
    """The first line in which a text is longer than can be read, or opens with a quotation mark that nothing closes; or 0."""
    with open(file, "rb") as stream:
        for number, line in enumerate(iter(lambda: stream.readline(MEGABYTE), b""), 1):
            if len(line) >= MEGABYTE or line.count(b'"') % 2:
                return number
    return 0


def _letters(file: Path) -> str:
    """The encoding of a text file: by its mark, else UTF-8 when all of it is, else that of Windows in Western Europe."""
    with open(file, "rb") as stream:
        mark = stream.read(4)
        if mark[:2] in (b"\xff\xfe", b"\xfe\xff"):
            return "utf-16"
        stream.seek(0)
        rest = b""
        while block := stream.read(MEGABYTE):
            whole = rest + block
            try:
                whole.decode("utf-8")
                rest = b""
            except UnicodeDecodeError as error:
                if error.start < len(whole) - 3:  # not a letter that was cut in two
                    return "cp1252"
                rest = whole[error.start :]
    return "cp1252" if rest else "utf-8"


def _form(sample: str) -> tuple[int, str]:
    """Lines before the header, and the sign between columns: the one that gives most rows the same number of columns."""
    lines = [line for line in sample.splitlines() if line.strip()][:LOOK_FOR_HEADER]
    if lines and lines[0].lower().startswith("sep=") and len(lines[0].strip()) == len("sep=;"):
        return 1, lines[0].strip()[-1]

    def even(separator: str) -> tuple[int, int]:
        widths = [len(row) for row in csv.reader(lines, delimiter=separator)]
        most = max(set(widths), key=widths.count, default=1)
        return (widths.count(most) if most > 1 else 0), most

    return 0, max(SEPARATORS, key=even)


# --- sheets and columns --------------------------------------------------------------------------------------------
def _from_sheet(file: Path, given: Mapping[str, str], progress: Progress | None) -> tuple[pd.DataFrame, dict[str, str]]:
    """The first sheet of an Excel file; its header is the first row with several filled cells."""
    import pandas as pd
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    with open(file, "rb") as stream:
        if stream.read(len(OLD_OFFICE)) == OLD_OFFICE:
            raise InputError([Problem("log.error.locked", "", {})], str(file))
    try:
        book = load_workbook(file, read_only=True, data_only=True)
    except zipfile.BadZipFile:
        raise InputError([Problem("log.error.no_workbook", "", {})], str(file)) from None
    except (InvalidFileException, KeyError, ValueError, OSError) as error:
        facts = {"reason": excerpt(str(error) or type(error).__name__)}
        raise InputError([Problem("log.error.damaged", "", facts)], str(file)) from None
    try:
        sheet = book.worksheets[0]
        rows, total = sheet.iter_rows(values_only=True), sheet.max_row or 0
        above, names = _header(rows, file)
        columns = columns_of([name for name in names if name], given, str(file))
        places = [names.index(name) for name in columns.values()]
        kept: list[list[Any]] = [[] for _ in places]
        for number, row in enumerate(rows):
            for place, values in zip(places, kept, strict=True):
                values.append(row[place] if place < len(row) else None)
            if progress is not None and number % STEP == 0 and total:
                progress(min(number, total), total)
    finally:
        book.close()
    table = pd.DataFrame({field: _cells(values) for field, values in zip(columns, kept, strict=True)})
    table.index = table.index + above + 1
    return table.dropna(how="all"), columns


def _header(rows: Iterable[tuple[Any, ...]], file: Path) -> tuple[int, list[str]]:
    """Rows up to and with the header, and the names in it."""
    for number, row in enumerate(rows, 1):
        names = ["" if cell is None else str(cell).strip() for cell in row]
        if sum(bool(name) for name in names) > 1:
            return number, names
        if number == LOOK_FOR_HEADER:
            break
    raise InputError([Problem("log.error.empty", "", {})], str(file))


def _cells(values: list[Any]) -> Any:
    """Dates as dates, everything else as text, whole numbers without a point."""
    import datetime

    import pandas as pd

    filled = [value for value in values if value is not None]
    if filled and all(isinstance(value, datetime.datetime) for value in filled):
        return pd.Series(pd.to_datetime(pd.Series(values), errors="coerce"))
    texts = [
        None if value is None or value == "" else str(int(value)) if isinstance(value, float) and value.is_integer()
        else str(value)
        for value in values
    ]  # fmt: skip
    return pd.Series(texts, dtype="object")


def _from_parquet(file: Path, given: Mapping[str, str]) -> tuple[pd.DataFrame, dict[str, str]]:
    import pyarrow as pa
    from pyarrow import parquet

    try:
        present = parquet.read_schema(file).names
        columns = columns_of([name for name in present if not name.startswith("__index")], given, str(file))
        table = parquet.read_table(file, columns=list(columns.values())).to_pandas()
    except (pa.ArrowInvalid, OSError) as error:
        raise InputError([Problem("log.error.damaged", "", {"reason": excerpt(str(error))})], str(file)) from None
    table = table.reset_index()[list(columns.values())]
    table.columns = list(columns)
    table.index = table.index + 2
    return table, columns
