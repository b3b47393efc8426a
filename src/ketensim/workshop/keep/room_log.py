"""Where rooms survive: one SQLite file with a log per room, written before anybody hears that it was taken.

The journal is write-ahead with ``synchronous=FULL``: a commit is on the disk before the answer goes out, so that
neither a killed process nor a power cut loses what was acknowledged. What is deleted is overwritten
(``secure_delete``) and the file is packed afterwards. The door to sqlite3.
"""

from __future__ import annotations

import json
import os
import sqlite3
import threading
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from ketensim.foundation.errors import InputError, Problem
from ketensim.workshop.game.log_entries import LogEntry, entry_as_json, entry_from_json

TABLES: Final = """
CREATE TABLE IF NOT EXISTS room (code TEXT PRIMARY KEY, delete_at REAL NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS event (
    code TEXT NOT NULL REFERENCES room (code) ON DELETE CASCADE,
    number INTEGER NOT NULL,
    event TEXT NOT NULL,
    PRIMARY KEY (code, number)
) STRICT, WITHOUT ROWID;
"""
MEMORY: Final = ":memory:"
PRIVATE: Final = 0o600


class RoomLogs:
    """The log of every room.

    Parameters
    ----------
    path : the file, made when it is not there, readable for its owner only; ``":memory:"`` keeps nothing

    Raises
    ------
    InputError
        a file that cannot be opened, or holds something else
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self._lock = threading.Lock()  # one writer at a time, from whatever thread
        file = os.fspath(path)
        try:
            if file != MEMORY:
                Path(file).touch(PRIVATE)
            self._database = database_in(file)
        except (sqlite3.Error, OSError, ValueError) as error:
            facts = {"given": file, "reason": getattr(error, "strerror", None) or type(error).__name__}
            raise InputError([Problem("error.file_unwritable", "", facts)], file) from None
        weakref.finalize(self, self._database.close)  # whoever forgets to close it leaves no open file

    def codes(self) -> list[str]:
        """The codes of all rooms."""
        with self._lock:
            return [code for (code,) in self._database.execute("SELECT code FROM room ORDER BY code")]

    def create(self, code: str, delete_at: float, first: LogEntry) -> bool:
        """Write a new room with its first entry; False when the code is taken.

        Parameters
        ----------
        delete_at : seconds since 1970 after which ``delete_expired`` removes it
        """
        with self._lock, self._transaction():
            made = self._database.execute("INSERT OR IGNORE INTO room VALUES (?, ?)", (code, delete_at)).rowcount == 1
            if made:
                self._write(code, 1, first)
            return made

    def append(self, code: str, number: int, entry: LogEntry) -> None:
        """Write the next entry of a room; on the disk when this returns.

        Parameters
        ----------
        number : of the entry in the room, from 1; twice the same number is an error of the caller
        """
        with self._lock, self._transaction():
            self._write(code, number, entry)

    def entries(self, code: str) -> list[LogEntry]:
        """The log of a room in order; empty when there is no such room."""
        with self._lock:
            rows = self._database.execute("SELECT event FROM event WHERE code = ? ORDER BY number", (code,)).fetchall()
        return [entry_from_json(json.loads(text)) for (text,) in rows]

    def delete(self, code: str) -> None:
        """Remove a room and everything in it, so that the file does not hold it any more."""
        self._remove("code = ?", code)

    def delete_expired(self, at: float) -> int:
        """Remove the rooms whose deletion date has passed; returns how many."""
        return self._remove("delete_at <= ?", at)

    def close(self) -> None:
        """Close the file."""
        with self._lock:
            self._database.close()

    def _remove(self, where: str, value: str | float) -> int:
        with self._lock:
            with self._transaction():
                number = self._database.execute(f"DELETE FROM room WHERE {where}", (value,)).rowcount
            if number:
                self._database.execute("VACUUM")
                self._database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            return number

    def _write(self, code: str, number: int, entry: LogEntry) -> None:
        text = json.dumps(entry_as_json(entry), allow_nan=False)
        self._database.execute("INSERT INTO event VALUES (?, ?, ?)", (code, number, text))

    @contextmanager
    def _transaction(self) -> Iterator[None]:
        """All of it is written, or nothing."""
        self._database.execute("BEGIN IMMEDIATE")
        try:
            yield
        except BaseException:
            self._database.execute("ROLLBACK")
            raise
        self._database.execute("COMMIT")


def database_in(file: str) -> sqlite3.Connection:
    """The database in a file, set to be safe, with its tables."""
    database = sqlite3.connect(file, check_same_thread=False, isolation_level=None)
    try:
        for setting in ("journal_mode=WAL", "synchronous=FULL", "secure_delete=ON", "foreign_keys=ON"):
            database.execute(f"PRAGMA {setting}")
        database.executescript(TABLES)
    except sqlite3.Error:
        database.close()
        raise
    return database
