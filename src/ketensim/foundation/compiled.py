"""The only door to numba: rules and kernels are plain Python, compiled as one piece when that pays.

``@rule`` marks a scalar rule (theory, mathematics), ``@kernel`` a function that moves the state by calling rules. Both
return the function unchanged: importing ketensim imports no numba, and a rule can be called, read and tested as it
stands. ``compiled(function)`` gives the machine-code twin of a kernel with everything it calls.

How it works: each registered function is rebound to globals in which the registered names are their compiled twins.
The entry point gets a closure cell with the fingerprint of all package sources, because numba's cache key ignores
callees in other files: without it an edited rule would silently keep its old value.

A set of arrays (``foundation/tables.py``) reaches compiled code as one pointer; ``compiled_tables.py`` teaches numba so.

``KETENSIM_NO_JIT=1`` makes ``compiled`` return the plain function: the same bits, some hundred times slower.
"""

from __future__ import annotations

import dis
import hashlib
import os
import threading
import types
from collections.abc import Callable
from pathlib import Path
from typing import Any

Function = Callable[..., Any]
OPTIONS = {"nogil": True, "error_model": "numpy"}
# called from compiled code only: no wrappers for other callers, and no counting of references (Python owns all arrays)
INNER = OPTIONS | {"no_cpython_wrapper": True, "no_cfunc_wrapper": True, "_nrt": False}
_registered: dict[Function, str] = {}
_twins: dict[Function, Function] = {}
_entries: dict[Function, Function] = {}
_ready: set[Function] = set()
_lock = threading.RLock()


def rule[F: Function](function: F) -> F:
    """Register a scalar rule: numbers in, number out, no state, no luck made inside."""
    _registered[function] = "rule"
    return function


def kernel[F: Function](function: F) -> F:
    """Register a function that reads and writes the state."""
    _registered[function] = "kernel"
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
    callable with the same signature, results equal to the bit; compiles at its first call unless numba's cache has it
    """
    if no_jit():
        return function
    with _lock:
        if function not in _entries:
            _entries[function] = _entry(function)
        return _entries[function]


def _twin(function: Function) -> Function:
    """Compiled twin of a registered function, its callees first."""
    if function not in _twins:
        import numba

        import ketensim.foundation.compiled_tables  # noqa: F401  teaches numba what Tables are
        from ketensim.foundation.compiled_inner import InnerCompiler

        _twins[function] = numba.njit(pipeline_class=InnerCompiler, **INNER)(_rebound(function))
    return _twins[function]


def _rebound(function: Function) -> types.FunctionType:
    """A copy of a function in whose globals the registered functions are their compiled twins."""
    names = dict(function.__globals__)
    for name in {step.argval for step in dis.get_instructions(function) if step.opname == "LOAD_GLOBAL"}:
        if isinstance(names.get(name), types.FunctionType) and names[name] in _registered:
            names[name] = _twin(names[name])
    return types.FunctionType(function.__code__, names, function.__name__, function.__defaults__, function.__closure__)


def _entry(function: Function) -> Function:
    """The entry point: a call of the twin whose cache key holds the fingerprint of the sources.

    Its arguments are named, because numba types ``*arguments`` anew at every call (thirty times slower, measured). It
    says that it stands where the function stands: numba caches beside that file, and reads the source there.
    """
    import numba

    code = function.__code__
    arguments = ", ".join(code.co_varnames[: code.co_argcount])
    text = f"def make(stamp):\n def entry({arguments}):\n  stamp\n  return twin({arguments})\n return entry\n"
    space: dict[str, Any] = {"__name__": function.__module__, "twin": _twin(function)}
    exec(compile(text, code.co_filename, "exec"), space)
    source = space["make"](f"{function.__name__} {fingerprint()}")
    there = source.__code__.replace(co_firstlineno=code.co_firstlineno)
    entry = types.FunctionType(there, space, "entry", None, source.__closure__)
    try:
        return numba.njit(cache=True, **OPTIONS)(entry)
    except RuntimeError:  # no folder is writable: numba refuses to cache
        return numba.njit(**OPTIONS)(entry)
