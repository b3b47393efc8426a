"""A file to begin with: the starter chain in the reader's language, under a name that is free."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from ketensim.foundation.errors import InputError, Problem
from ketensim.scenario.files import names
from ketensim.texts import starter

FREE_NAME: Final = re.compile(r"[^\W_][\w-]{0,59}")  # fits in a command, a folder of results and any file system
SUFFIX: Final = ".yaml"
RESERVED: Final = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)", re.IGNORECASE)  # by Windows
PLACE: Final = "NAME"


def begin(name: str, language: str) -> Path:
    """Write the starter file of a new chain in the present folder.

    Parameters
    ----------
    name : of the chain, with or without ``.yaml``

    Returns
    -------
    the file that was made

    Raises
    ------
    InputError
        a name that cannot be one, that a chain of ours has, or whose file is there already; nothing is overwritten
    """
    bare = name.removesuffix(SUFFIX)
    if FREE_NAME.fullmatch(bare) is None or RESERVED.fullmatch(bare):
        raise InputError([Problem("error.new_name", "", {"given": name or "''"})])
    if bare in names():
        raise InputError([Problem("error.new_shipped", "", {"given": bare})])
    path = Path(bare + SUFFIX)
    try:
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(starter(language).replace(PLACE, bare))
    except FileExistsError:
        raise InputError([Problem("error.new_exists", "", {"given": str(path)})]) from None
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise InputError([Problem("error.file_unwritable", "", {"given": str(path), "reason": reason})]) from None
    return path
