"""A simulated log as a file that other people's tools read: CSV, Parquet, or XES with its standard names."""

from __future__ import annotations

import contextlib
import gzip
import os
from collections.abc import Iterator
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Final
from xml.sax.saxutils import quoteattr

from ketensim.foundation.errors import InputError, Problem
from ketensim.logs.log_files import kind_of
from ketensim.scenario.problems import excerpt

if TYPE_CHECKING:
    import pandas as pd

WRITTEN: Final = (".csv", ".parquet", ".xes", ".xes.gz")
DAY: Final = "%Y-%m-%d"
EXTENSIONS: Final = ("Concept concept", "Time time", "Organizational org", "Lifecycle lifecycle")
HEAD: Final = (
    '<?xml version="1.0" encoding="UTF-8"?>\n<log xes.version="1849-2016" xmlns="http://www.xes-standard.org/">\n'
)


def check_log_name(path: Path) -> None:
    """Refuse a name whose kind we do not write, before anything is computed."""
    if kind_of(path.name) not in WRITTEN:
        facts = {"given": excerpt(kind_of(path.name) or path.name), "allowed": WRITTEN}
        raise InputError([Problem("log.error.kind", "--log", facts)])


def write_log(log: pd.DataFrame, path: Path) -> None:
    """Write a log; an existing file is replaced at once or left untouched.

    Parameters
    ----------
    log : as ``simulated_log`` gives it
    path : a name that ends in one of ``WRITTEN``

    Raises
    ------
    InputError : another kind, or the file cannot be written
    """
    check_log_name(path)
    kind = kind_of(path.name)
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        if kind == ".csv":
            log.to_csv(draft, index=False, date_format=DAY, lineterminator="\n")
        elif kind == ".parquet":
            log.to_parquet(draft, index=False)
        else:
            with (
                gzip.open(draft, "wt", encoding="utf-8")
                if kind == ".xes.gz"
                else draft.open("w", encoding="utf-8") as out
            ):
                _write_xes(log, out)
        draft.replace(path)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise InputError([Problem("error.out_unwritable", "--log", {"given": str(path), "reason": reason})]) from None
    finally:
        with contextlib.suppress(OSError):
            draft.unlink()


def _write_xes(log: pd.DataFrame, out: IO[Any]) -> None:
    """A trace per case; per visit one event with its end as the time and its beginning beside it, as pm4py writes it."""
    out.write(HEAD)
    for extension in EXTENSIONS:
        name, prefix = extension.split()
        uri = f"http://www.xes-standard.org/{prefix}.xesext"
        out.write(f'  <extension name="{name}" prefix="{prefix}" uri="{uri}"/>\n')
    before = None
    rows: Any = log.itertuples(index=False)
    for row in rows:
        if row.case != before:
            out.write("  </trace>\n" if before is not None else "")
            out.write("  <trace>\n")
            out.writelines(_of_case(row))
            before = row.case
        out.write("    <event>\n")
        out.write(f'      <string key="concept:name" value={quoteattr(str(row.organisation))}/>\n')
        out.write(f'      <string key="org:group" value={quoteattr(str(row.organisation))}/>\n')
        ended = row.end == row.end  # a missing end is unequal to itself
        out.write(f'      <string key="lifecycle:transition" value="{"complete" if ended else "start"}"/>\n')
        out.write(f'      <date key="start_timestamp" value="{row.start.isoformat()}"/>\n')
        if ended:
            out.write(f'      <date key="time:timestamp" value="{row.end.isoformat()}"/>\n')
        out.write("    </event>\n")
    out.write("  </trace>\n</log>\n" if before is not None else "</log>\n")


def _of_case(row: Any) -> Iterator[str]:
    yield f'    <string key="concept:name" value="{row.case}"/>\n'
    yield f'    <string key="case_type" value={quoteattr(str(row.case_type))}/>\n'
    if isinstance(row.outcome, str):
        yield f'    <string key="outcome" value="{row.outcome}"/>\n'
    yield f'    <date key="deadline" value="{row.deadline.isoformat()}"/>\n'
