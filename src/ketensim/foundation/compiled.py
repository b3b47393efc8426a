"""The only door to numba: rules and kernels are plain Python, compiled as one piece when that pays.

``@rule`` marks a scalar rule (theory, mathematics), ``@kernel`` a function that moves the state by calling rules. Both
return the function unchanged: importing ketensim imports no numba, and a rule can be called, read and tested as it
stands. ``compiled(function)`` gives the machine-code twin of a kernel with everything it calls.

How it works: each registered function is rebound to globals in which the registered names are their compiled twins.
The machine code of the entry point is kept under the fingerprint of all package sources (``compiled_code.py``): a cache
that looks at one file only would silently keep the old value of an edited rule.

That way knows private parts of numba. Where an installed version does not fit it, numba's own way is taken
(``compiled_usual.py``): the same bits, a slower start, and one warning.

A set of arrays (``foundation/array_sets.py``) reaches compiled code as one pointer; ``compiled_tables.py`` teaches numba so.

``KETENSIM_NO_JIT=1`` makes ``compiled`` return the plain function: the same bits, some hundred times slower.
"""

from __future__ import annotations

import dis
import hashlib
import os
import threading
import types
import warnings
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

Function = Callable[..., Any]
OPTIONS = {"nogil": True, "error_model": "numpy"}
# called from compiled code only: no wrappers for other callers, and no counting of references (Python owns all arrays)
INNER = OPTIONS | {"no_cpython_wrapper": True, "no_cfunc_wrapper": True, "_nrt": False}
_registered: dict[Function, str] = {}
_entries: dict[Function, Function] = {}
_ready: set[Function] = set()
_inlined: set[Function] = set()
_made: list[Any] = []  # hold the memory of the machine code
_lock = threading.RLock()


class UsualPipelineWarning(RuntimeWarning):
    """The installed numba does not fit the lean pipeline: the same bits, but a slower start."""


def rule[F: Function](function: F) -> F:
    """Register a scalar rule: numbers in, number out, no state, no luck made inside."""
    _registered[function] = "rule"
    return function


def kernel[F: Function](function: F) -> F:
    """Register a function that reads and writes the state."""
    _registered[function] = "kernel"
    return function


def inlined[F: Function](function: F) -> F:
    """Ask that compiled callers hold a registered function whole; for what is done per case (docs/en/speed.md)."""
    _inlined.add(function)
    return function


def registered(kind: str) -> list[Function]:
    """Every function marked ``rule`` or ``kernel``, in the order of their definition."""
    return [function for function, known in _registered.items() if known == kind]


def no_jit() -> bool:
    """Whether the environment asks for plain Python."""
    return os.environ.get("KETENSIM_NO_JIT", "0") not in ("", "0")


def fingerprint() -> str:
    """sha256 over the sources of the floors that the kernel is made of."""
    package = Path(__file__).parent.parent
    digest = hashlib.sha256()
    for floor in ("foundation", "conditions", "chain"):
        for path in sorted((package / floor).glob("*.py")):
            digest.update(path.name.encode())
            digest.update(path.read_bytes())
    return digest.hexdigest()


def is_ready(function: Function) -> bool:
    """Whether the machine code of an entry point has been made or loaded in this process."""
    return no_jit() or function in _ready


def mark_ready(function: Function) -> None:
    """Say that an entry point has run once, so that a call of it no longer waits for the compiler."""
    _ready.add(function)


def compiled(function: Function) -> Function:
    """Machine-code twin of a registered kernel (or the kernel itself in the no-JIT mode).

    Parameters
    ----------
    function : a function marked ``@kernel``

    Returns
    -------
    callable with the same signature, results equal to the bit; compiles at its first call unless an earlier session did
    """
    if no_jit():
        return function
    with _lock:
        if function not in _entries:
            _entries[function] = _entry(function)
        return _entries[function]


def _rebound(function: Function, twin: Function) -> types.FunctionType:
    """A copy of a function in whose globals the registered functions are their compiled twins."""
    names = dict(function.__globals__)
    for name in {step.argval for step in dis.get_instructions(function) if step.opname == "LOAD_GLOBAL"}:
        if isinstance(names.get(name), types.FunctionType) and names[name] in _registered:
            names[name] = twin(names[name])
    return types.FunctionType(function.__code__, names, function.__name__, function.__defaults__, function.__closure__)


@cache
def _lean(function: Function) -> Function:
    """Twin of a registered function for compiled callers, made by our own pipeline; its callees first."""
    import numba

    from ketensim.foundation.compiled_inner import InnerCompiler

    options = INNER | {"forceinline": function in _inlined}
    return numba.njit(pipeline_class=InnerCompiler, **options)(_rebound(function, _lean))


def _entry(function: Function) -> Function:
    """The entry point: called by address, from the machine code of an earlier session or compiled at the first call."""
    made: list[Function] = []

    def entry(*values: Any) -> Any:
        if not made:
            with _lock:
                if not made:
                    made.append(_made_for(function, values))
        return made[0](*values)

    return entry


def _made_for(function: Function, values: tuple[Any, ...]) -> Function:
    """Machine code of an entry point: the lean way, or numba's usual way where numba is no longer what that knows."""
    try:
        from ketensim.foundation import compiled_code

        file = compiled_code.cache_file(function.__name__, fingerprint())
        known = compiled_code.kept(file)
        address = compiled_code.loaded(*known) if known else _address(function, values, file)
        return compiled_code.at_address(address, function)
    except Exception as error:  # private parts of numba and llvmlite may change in any way
        import numba

        from ketensim.foundation.compiled_usual import usual

        warnings.warn(UsualPipelineWarning(f"numba {numba.__version__}: {error!r}"), stacklevel=3)
        return usual(function, _rebound, OPTIONS, fingerprint())


def _address(function: Function, values: tuple[Any, ...], file: str) -> int:
    """Compile an entry point for arguments like these and keep its code; returns where it stands in memory."""
    import numba

    import ketensim.foundation.compiled_tables  # noqa: F401  teaches numba what Tables are
    from ketensim.foundation.compiled_code import PLACES_BEFORE, keep

    made = numba.njit(**INNER)(_rebound(function, _lean))
    made.compile(tuple(numba.typeof(value) for value in values))
    (result,) = made.overloads.values()
    symbol = result.fndesc.llvm_func_name
    if len(list(result.library.get_function(symbol).arguments)) != PLACES_BEFORE + len(values):
        raise TypeError("numba calls in another way")
    _, _, (code, _) = result.library.serialize_using_object_code()
    keep(file, symbol, code)
    _made.append(made)
    return int(result.library.get_pointer_to_function(symbol))
