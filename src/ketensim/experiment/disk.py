"""Writing so that a file is whole or not there, whenever the power goes; and what is told when it cannot be done."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable
from pathlib import Path
from typing import Final

from ketensim.foundation.errors import InputError, Problem

DRAFT: Final = ".writing"  # ending of a file that is not yet whole
ADDRESS: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:/")  # one letter is a drive of Windows
STALE: Final = 3600.0  # seconds after which a draft has nobody who still writes it


def write_whole(path: Path, write: Callable[[Path], object]) -> None:
    """Write beside the path, make sure it is on the disk, and then put it in place.

    Parameters
    ----------
    path : of the file
    write : writes the file at the path it is given

    Raises
    ------
    InputError
        when it cannot be written; what was there before is still there
    """
    draft = path.with_name(f".{path.name}.{os.getpid()}{DRAFT}")
    try:
        write(draft)
        with draft.open("rb") as file:
            os.fsync(file.fileno())
        draft.replace(path)
        _sync_folder(path.parent)
    except OSError as error:
        raise unwritable(path, error) from None
    finally:
        draft.unlink(missing_ok=True)


def write_text(path: Path, text: str) -> None:
    """Write a text as a whole; raises InputError when it cannot be written."""
    write_whole(path, lambda draft: draft.write_bytes(text.encode()))


def make_folder(path: Path) -> None:
    """Make a folder and try whether it can be written to; take away drafts that nobody writes any more.

    Raises
    ------
    InputError
        when it cannot be made or written to, or is no folder but an address, such as that of object storage: there a file
        cannot be put in place as a whole under a name, on which the guarantees of store and result rest
    """
    if ADDRESS.match(str(path)):
        raise InputError([Problem("error.not_a_folder", "", {"given": str(path)})])
    trial = path / f".trial.{os.getpid()}{DRAFT}"
    try:
        path.mkdir(parents=True, exist_ok=True)
        trial.write_bytes(b"")
        trial.unlink()
        for draft in path.glob(f".*{DRAFT}"):
            if time.time() - draft.stat().st_mtime > STALE:
                draft.unlink(missing_ok=True)
    except OSError as error:
        raise InputError([Problem("error.out_unwritable", "", _given(path, error))]) from None


def unwritable(path: Path, error: OSError) -> InputError:
    """What is told about a file that cannot be written."""
    return InputError([Problem("error.store_unwritable", "", _given(path, error))])


def _given(path: Path, error: OSError) -> dict[str, str]:
    return {"given": str(path), "reason": error.strerror or str(error) or type(error).__name__}


def _sync_folder(path: Path) -> None:
    """Make sure that a new name is on the disk; Windows cannot open a folder and needs no more."""
    if os.name == "nt":
        return
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
