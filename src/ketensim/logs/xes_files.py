"""Logs in XES, the exchange format of process mining (IEEE 1849): a row per event, with the names that its CSV form has.

Read as a stream by expat, so that a file of any size fits. A document type is refused: no log needs one, and it can make
a small file endless.
"""

from __future__ import annotations

import contextlib
import gzip
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final
from xml.parsers import expat

from ketensim.foundation.errors import InputError, Problem
from ketensim.logs.log_columns import columns_of

if TYPE_CHECKING:
    import pandas as pd

BLOCK: Final = 1 << 20  # bytes
OF_CASE: Final = "case:"  # before the name of what is said of a whole case
LOOK: Final = 2000  # events after which it is decided which names are kept
MOST_EVENTS: Final = 5_000_000
Progress = Callable[[int, int], None]


def xes_rows(path: Path, given: Mapping[str, str], progress: Progress | None) -> tuple[pd.DataFrame, dict[str, str]]:
    """The events of a log, only the columns that are needed.

    Parameters
    ----------
    path : .xes or .xes.gz
    given : field: name, as its reader says
    progress : called with (bytes read, bytes in all)

    Returns
    -------
    DataFrame a column of texts per field; and field: name in the file

    Raises
    ------
    InputError : no XES, damaged (with line and column), too many events, or no name for a field
    """
    import pandas as pd

    reader = _Reader(given, str(path))
    size = max(1, path.stat().st_size)
    try:
        with open(path, "rb") as raw, contextlib.nullcontext(raw) if path.suffix != ".gz" else gzip.open(raw) as stream:
            while block := stream.read(BLOCK):
                reader.parser.Parse(block, False)
                if progress is not None:
                    progress(min(raw.tell(), size), size)
            reader.parser.Parse(b"", True)
    except expat.ExpatError as error:
        facts = {"line": error.lineno, "column": error.offset + 1, "reason": expat.ErrorString(error.code)}
        raise InputError([Problem("log.error.xml", "", facts)], str(path)) from None
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        reason = str(error) or type(error).__name__
        raise InputError([Problem("log.error.damaged", "", {"reason": reason})], str(path)) from None
    columns = reader.finished()
    table = pd.DataFrame({field: pd.Series(values, dtype="object") for field, values in columns.items()})
    table.index = table.index + 1  # the number of the event
    return table, reader.columns


class _Reader:
    """Collects what an event and its case say, at the depth at which they say it themselves."""

    def __init__(self, given: Mapping[str, str], file: str) -> None:
        self.given, self.file = given, file
        self.parser = expat.ParserCreate()
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.StartDoctypeDeclHandler = self._refuse
        self.columns: dict[str, str] = {}
        self._depth, self._inside = 0, ""
        self._case: dict[str, str] = {}
        self._event: dict[str, str] = {}
        self._first: list[dict[str, str]] = []
        self._kept: dict[str, list[str | None]] = {}
        self._events = self._cases = 0

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._depth += 1
        if self._depth == 1 and name.rpartition(":")[2] != "log":
            raise InputError([Problem("log.error.no_xes", "", {"given": name})], self.file)
        if name == "trace":
            self._inside, self._case = name, {}
            self._cases += 1
        elif name == "event" and self._inside == "trace":
            self._inside, self._event = name, {}
        elif self._inside == "event" and self._depth == 4:  # log, trace, event, what it says
            key = attributes.get("key")
            if key is not None and "value" in attributes:
                self._event[key] = attributes["value"]
        elif self._inside == "trace" and self._depth == 3:
            key = attributes.get("key")
            if key is not None and "value" in attributes:
                self._case[OF_CASE + key] = attributes["value"]

    def _end(self, name: str) -> None:
        self._depth -= 1
        if name == "event" and self._inside == "event":
            self._inside = "trace"
            self._keep({**self._case, **self._event})
        elif name == "trace":
            self._inside = ""

    def _keep(self, row: dict[str, str]) -> None:
        row.setdefault(f"{OF_CASE}concept:name", f"#{self._cases}")  # a trace need not have a name
        self._events += 1
        if self._events > MOST_EVENTS:
            facts = {"given": self._events, "allowed": MOST_EVENTS}
            raise InputError([Problem("log.error.too_many_rows", "", facts)], self.file)
        if self.columns:
            for field, name in self.columns.items():
                self._kept[field].append(row.get(name))
            return
        self._first.append(row)
        if len(self._first) == LOOK:
            self._decide()

    def _decide(self) -> None:
        present = tuple(dict.fromkeys(name for row in self._first for name in row))
        self.columns = columns_of(present, self.given, self.file)
        self._kept = {field: [row.get(name) for row in self._first] for field, name in self.columns.items()}

    def finished(self) -> dict[str, list[str | None]]:
        """The columns, by field."""
        if not self._events:
            raise InputError([Problem("log.error.empty", "", {})], self.file)
        if not self.columns:
            self._decide()
        return self._kept

    def _refuse(self, *_: object) -> None:
        raise InputError([Problem("log.error.doctype", "", {"line": self.parser.CurrentLineNumber})], self.file)
