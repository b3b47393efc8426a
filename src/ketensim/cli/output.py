"""Where results go: a folder in which nothing is destroyed by a run that fails."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import TracebackType

from ketensim.foundation.errors import InputError, Problem


class Folder:
    """The folder of ``--out``: checked before anything is computed, written to only when everything is ready.

    Parameters
    ----------
    path : the folder; made when it is not there, and taken away again when the run fails and it stayed empty
    names : of the files that will be written
    not_these : of files that an earlier call may have written here and this one does not; they would tell of something else

    Raises
    ------
    InputError
        on entering, when the folder cannot be made or written to
    """

    def __init__(self, path: Path, names: Iterable[str], not_these: Iterable[str] = ()) -> None:
        self.path = path
        self.names = tuple(names)
        self.not_these = tuple(set(not_these) - set(self.names))
        self._made: list[Path] = []

    def __enter__(self) -> Folder:
        self._made = [part for part in (self.path, *self.path.parents) if not part.exists()]
        try:
            self.path.mkdir(parents=True, exist_ok=True)
            for name in self.names:
                if (self.path / name).is_dir():
                    raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR))
            trial = self._draft("trial")
            trial.write_bytes(b"")
            trial.unlink()
        except OSError as error:
            self._take_away()
            raise self._unwritable(error) from None
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if kind is not None:
            self._take_away()

    def write(self, files: Mapping[str, str | bytes]) -> None:
        """Write every file beside its name, put all of them in place, and take away what an earlier call left."""
        drafts = {name: self._draft(name) for name in files}
        try:
            for name, content in files.items():
                drafts[name].write_bytes(content if isinstance(content, bytes) else content.encode())
            for name, draft in drafts.items():
                draft.replace(self.path / name)
            for name in self.not_these:
                (self.path / name).unlink(missing_ok=True)
        except OSError as error:
            raise self._unwritable(error) from None
        finally:
            for draft in drafts.values():
                draft.unlink(missing_ok=True)

    def _draft(self, name: str) -> Path:
        return self.path / f".{name}.{os.getpid()}"

    def _take_away(self) -> None:
        for part in self._made:
            try:
                part.rmdir()
            except OSError:
                return

    def _unwritable(self, error: OSError) -> InputError:
        reason = error.strerror or type(error).__name__
        return InputError([Problem("error.out_unwritable", "--out", {"given": str(self.path), "reason": reason})])
