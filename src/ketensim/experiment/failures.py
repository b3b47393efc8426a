"""Points that could not be computed: one small file each, so that they cost themselves only and can be tried again."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from ketensim.experiment.disk import make_folder, write_text
from ketensim.experiment.records import Failed
from ketensim.foundation.errors import InputError, Problem

FOLDER: Final = "failures"


class Failures:
    """The failures of an experiment, in a folder of its result; the folder is made with the first of them.

    Parameters
    ----------
    result : folder of the result

    Raises
    ------
    InputError
        a file in the folder is no failure
    """

    def __init__(self, result: Path) -> None:
        self.folder = result / FOLDER
        self._facts: dict[str, dict[str, Any]] = {}
        self.refresh()

    def refresh(self) -> None:
        """See what others have added."""
        self._facts = {path.stem: _read(path) for path in sorted(self.folder.glob("*.json"))}

    def add(self, failed: Failed) -> None:
        """Record a failure; raises InputError when it cannot be written."""
        facts = {"seed": failed.seed, "replication": failed.replication, "message": failed.message}
        make_folder(self.folder)
        write_text(self.folder / f"{failed.piece.key}.json", json.dumps(facts, indent=2, ensure_ascii=False) + "\n")
        self._facts[failed.piece.key] = facts

    def forget(self, keys: Iterable[str]) -> None:
        """Take the failures of these points away."""
        for key in list(keys):
            self._facts.pop(key, None)
            (self.folder / f"{key}.json").unlink(missing_ok=True)
        with contextlib.suppress(OSError):  # not empty, or not there
            self.folder.rmdir()

    def all(self) -> list[dict[str, Any]]:
        """Every failure, in the order of the keys."""
        return list(self._facts.values())

    def of(self, key: str) -> dict[str, Any] | None:
        """Seed, replication and message of a point's failure; None when it has none."""
        return self._facts.get(key)


def _read(path: Path) -> dict[str, Any]:
    try:
        facts: dict[str, Any] = json.loads(path.read_text("utf-8"))
        return {name: facts[name] for name in ("seed", "replication", "message")}
    except (OSError, ValueError, KeyError, TypeError):
        raise InputError([Problem("error.store_foreign", "", {"given": str(path)})]) from None
