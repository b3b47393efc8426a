"""Which result the files were made from that analysing and exporting leave, so that none stays beside another result.

A folder with such files holds a small one that names them and carries the mark of their result. When a result is put
together anew, what was made from another one inside its folder is taken away; what stands elsewhere keeps its mark.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Final

from ketensim.experiment.disk import unwritable, write_text

MARK: Final = "made_from.json"


def mark(folder: Path, result: str, names: Iterable[str]) -> None:
    """Say from which result the files in a folder were made; raises InputError when it cannot be written.

    Parameters
    ----------
    folder : with the files
    result : mark of the result
    names : of the files
    """
    told = {"result": result, "files": sorted(names)}
    write_text(folder / MARK, json.dumps(told, indent=2, ensure_ascii=False) + "\n")


def clear(result_folder: Path, result: str) -> None:
    """Take away what was made from another result, in the folders inside that of the result.

    Parameters
    ----------
    result_folder : of the result
    result : mark of the result that is there now

    Raises
    ------
    InputError
        a file that cannot be taken away
    """
    for path in sorted(result_folder.glob(f"*/{MARK}")):
        try:
            told = json.loads(path.read_text("utf-8"))
            if told["result"] == result:
                continue
            names = [Path(str(name)).name for name in told["files"]]  # never outside the folder
        except (OSError, ValueError, KeyError, TypeError):
            continue  # not one of ours
        try:
            for name in (*names, MARK):
                (path.parent / name).unlink(missing_ok=True)
        except OSError as error:
            raise unwritable(path.parent, error) from None
        with contextlib.suppress(OSError):  # something else stands there too
            path.parent.rmdir()
