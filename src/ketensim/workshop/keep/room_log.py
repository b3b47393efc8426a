"""Where rooms survive: one SQLite file with a log per room, written before anybody hears that it was taken.

The journal is write-ahead with ``synchronous=FULL``: a commit is on the disk before the answer goes out, so that
neither a killed process nor a power cut loses what was acknowledged. What is deleted is overwritten
(``secure_delete``) and the file is packed afterwards. One server at a time has the file (``locking_mode=EXCLUSIVE``): a second
one would hold rooms of its own in memory and write over the first. The door to sqlite3.
"""

from __future__ import annotations

import json
import logging
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
from ketensim.workshop.game.room import Refused

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
SECONDS_FOR_THE_LOCK: Final = 1.0  # that a server which is just stopping may take
SETTINGS: Final = (
    *("locking_mode=EXCLUSIVE", "journal_mode=WAL", "synchronous=FULL", "secure_delete=ON", "foreign_keys=ON"),
)
PRIVATE: Final = 0o600
log = logging.getLogger(__name__)


class RoomLogs:
    """The log of every room.

    Parameters
    ----------
    path : the file, made when it is not there, readable for its owner only; ``":memory:"`` keeps nothing

    Raises
    ------
    InputError
        a file that cannot be opened, holds something else, or that another server has
    Refused
        from every change that cannot be written, because the disk is full or gone; nothing of it is kept then
    """

    def __init__(self, path: str | os.PathLike[str]) -> None:
        self._lock = threading.Lock()  # one writer at a time, from whatever thread
        file = os.fspath(path)
        try:
            if file != MEMORY:
                Path(file).touch(PRIVATE)
            self._database = database_in(file)
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
                raise InputError([Problem("error.folder_in_use", "", {"given": file})], file) from None
            raise _unwritable(file, error) from None
        except (sqlite3.Error, OSError, ValueError) as error:
            raise _unwritable(file, error) from None
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
        """All of it is written, or nothing; what the disk does not take is said to who asked for it."""
        try:
            self._database.execute("BEGIN IMMEDIATE")
            yield
            self._database.execute("COMMIT")
        except sqlite3.OperationalError as error:
            self._undo()
            full = error.sqlite_errorcode == sqlite3.SQLITE_FULL
            log.exception("nothing was written")
            raise Refused("disk_full" if full else "not_written") from error
        except BaseException:
            self._undo()
            raise

    def _undo(self) -> None:
        if self._database.in_transaction:  # a full disk has ended it already
            self._database.execute("ROLLBACK")


def _unwritable(file: str, error: Exception) -> InputError:
    facts = {"given": file, "reason": getattr(error, "strerror", None) or type(error).__name__}
    return InputError([Problem("error.file_unwritable", "", facts)], file)


def database_in(file: str) -> sqlite3.Connection:
    """The database in a file, set to be safe, with its tables, and held against every other server."""
    database = sqlite3.connect(file, timeout=SECONDS_FOR_THE_LOCK, check_same_thread=False, isolation_level=None)
    try:
        for setting in SETTINGS:
            database.execute(f"PRAGMA {setting}")
        database.execute("BEGIN EXCLUSIVE")
        for statement in filter(str.strip, TABLES.split(";")):
            database.execute(statement)
        database.execute("COMMIT")
    except sqlite3.Error:
        database.close()
        raise
    return database
