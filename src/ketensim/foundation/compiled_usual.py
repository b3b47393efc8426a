"""Machine code the way numba itself makes and keeps it, for versions that do not fit our own. Imported by the compiler only.

Numba's cache looks at the file of the entry point only and would keep the old value of an edited rule; a folder per
state of the sources prevents that.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import numba

import ketensim.foundation.compiled_tables  # noqa: F401  teaches numba what Tables are
from ketensim.foundation.compiled_code import folders

Function = Callable[..., Any]


def usual(
    function: Function, rebound: Callable[[Function, Function], Function], options: Mapping[str, Any], stamp: str
) -> Function:
    """Twin of an entry point by plain ``numba.njit``: the same bits as the lean pipeline's, a slower start.

    Parameters
    ----------
    function : a registered kernel
    rebound : gives a copy of a function that calls the twins of what it calls
    options : of ``numba.njit``
    stamp : says for which sources the code holds
    """

    @cache
    def twin(called: Function) -> Function:
        return numba.njit(**options)(rebound(called, twin))

    return numba.njit(cache=_cache_in_a_folder_for(stamp), **options)(rebound(function, twin))


def _cache_in_a_folder_for(stamp: str) -> bool:
    """Let numba keep code in the first folder that is writable; whether there is one."""
    for folder in folders():
        with contextlib.suppress(OSError):
            place = folder / stamp[:24]
            place.mkdir(parents=True, exist_ok=True)
            if os.access(place, os.W_OK):
                numba.config.CACHE_DIR = str(place)
                return True
    return False
