"""Where a list of cases stands while it comes in and is read: in a folder of this process, that goes when the process does.

A list is thrown away once it has been read, or when its visitor has gone. A process that is killed can do neither: what it
left is removed when the app starts the next time. A folder in use has a file beside it that its process keeps locked, so that
several processes on one machine leave each other's lists alone, and a lock ends with the process that holds it.
"""

from __future__ import annotations

import atexit
import contextlib
import shutil
import sys
import tempfile
import threading
from pathlib import Path
from typing import IO, Final

PREFIX: Final = "ketensim-lists-"
MARK: Final = ".in-use"

_lock = threading.Lock()
_ours: list[tuple[Path, IO[bytes]]] = []  # the folder of this process and its mark; none before the first list


def new_place(kind: str) -> Path:
    """A path for a new list, in a folder that nobody else on this machine can read.

    Parameters
    ----------
    kind : what its name ends with, such as ``.csv``
    """
    with _lock:
        if not _ours:
            _ours.append(_claimed())
            atexit.register(_leave)
        folder = _ours[0][0]
    return Path(tempfile.mkdtemp(dir=folder)) / f"list{kind}"


def throw_away(path: Path | None) -> None:
    """Remove a list; nothing happens when it has gone already."""
    if path is not None:
        shutil.rmtree(path.parent, ignore_errors=True)


def remove_leftovers() -> None:
    """Remove the lists of processes that were killed; those of processes that run stay."""
    own = {folder for folder, _ in _ours}
    for folder in Path(tempfile.gettempdir()).glob(f"{PREFIX}*"):
        if folder.is_dir() and folder not in own and _abandoned(folder):
            shutil.rmtree(folder, ignore_errors=True)


def _claimed() -> tuple[Path, IO[bytes]]:
    """A new folder, and its mark; the mark is locked before the folder is there."""
    number, name = tempfile.mkstemp(prefix=PREFIX, suffix=MARK)
    mark = open(number, "ab")  # noqa: SIM115  # kept open as long as the process lives
    _locked(mark)
    folder = Path(name.removesuffix(MARK))
    folder.mkdir(mode=0o700)
    return folder, mark


def _abandoned(folder: Path) -> bool:
    """Whether the process of a folder has ended; its mark is removed then."""
    mark = Path(f"{folder}{MARK}")
    try:
        with mark.open("ab") as file:
            if not _locked(file):
                return False
            if sys.platform != "win32":
                mark.unlink()
        if sys.platform == "win32":  # where a file that somebody has open cannot be removed
            mark.unlink()
    except FileNotFoundError:
        return True
    except OSError:  # somebody else's, or in use
        return False
    return True


def _locked(mark: IO[bytes]) -> bool:
    """Lock a mark until its process ends; False where another process has locked it."""
    if sys.platform != "win32":
        import fcntl

        try:
            fcntl.flock(mark, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
    return True


def _leave() -> None:
    """Remove the folder of this process at its end."""
    for folder, mark in _ours:
        shutil.rmtree(folder, ignore_errors=True)
        mark.close()
        with contextlib.suppress(OSError):
            Path(f"{folder}{MARK}").unlink()
