"""The only door to numba: rules and kernels are plain Python, compiled as one piece when that pays.

``@rule`` marks a scalar rule (theory, mathematics), ``@kernel`` a function that moves the state by calling rules. Both
return the function unchanged: importing ketensim imports no numba, and a rule can be called, read and tested as it
stands. ``compiled(function)`` gives the machine-code twin of a kernel with everything it calls.

How it works: each registered function is rebound to globals in which the registered names are their compiled twins.
The machine code of the entry point is kept under the fingerprint of all package sources (``compiled_code.py``): a cache
that looks at one file only would silently keep the old value of an edited rule.

That way knows private parts of numba. Where an installed version does not fit it, numba's own way is taken
(``compiled_usual.py``): the same bits, a slower start, and one warning.

Whoever runs a changed model says which registered functions are replaced by which of their own (``Replaced``). The plain
functions and the machine code of every such set are things of their own, known by its stamp; nothing is ever patched.

A set of arrays (``foundation/array_sets.py``) reaches compiled code as one pointer; ``compiled_tables.py`` teaches numba so.

``KETENSIM_NO_JIT=1`` makes ``compiled`` return the plain function: the same bits, some hundred times slower.
"""

from __future__ import annotations

import dis
import gc
import hashlib
import os
import sys
import threading
import types
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache, partial
from pathlib import Path
from typing import Any, Final

from ketensim.foundation.errors import InputError, Problem

Function = Callable[..., Any]
OPTIONS = {"nogil": True, "error_model": "numpy"}
# called from compiled code only: no wrappers for other callers, and no counting of references (Python owns all arrays)
INNER = OPTIONS | {"no_cpython_wrapper": True, "no_cfunc_wrapper": True, "_nrt": False}
_registered: dict[Function, str] = {}
_entries: dict[tuple[Function, Replaced], Function] = {}
_ready: set[tuple[Function, Replaced]] = set()
_inlined: set[Function] = set()
_made: list[Any] = []  # hold the memory of the machine code
_lock = threading.RLock()


class UsualPipelineWarning(RuntimeWarning):
    """The installed numba does not fit the lean pipeline: the same bits, but a slower start."""


class PatchedRuleWarning(RuntimeWarning):
    """A function of the model was overwritten in its module, which changes nothing or not everywhere."""


@dataclass(frozen=True)
class Replaced:
    """Registered functions that others stand in for.

    Attributes
    ----------
    stamp : says what the others do; equal stamps are the same model. Empty = nothing is replaced
    functions : registered function: what stands in for it. What stands in for it may call it, and gets the shipped one
    """

    stamp: str = ""
    functions: Mapping[Function, Function] = field(default_factory=dict, compare=False)


NOTHING: Final = Replaced()
LONGEST_REASON: Final = 300


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


def is_ready(function: Function, replaced: Replaced = NOTHING) -> bool:
    """Whether the machine code of an entry point has been made or loaded in this process."""
    return no_jit() or (function, replaced) in _ready


def not_kept() -> Path | None:
    """Folder in which machine code was to be kept and could not be, so that the next start makes it again; else None."""
    code = sys.modules.get("ketensim.foundation.compiled_code")
    unkept: list[Path] = getattr(code, "unkept", [])
    return unkept[-1] if unkept else None


def mark_ready(function: Function, replaced: Replaced = NOTHING) -> None:
    """Say that an entry point has run once, so that a call of it no longer waits for the compiler."""
    _ready.add((function, replaced))


def compiled(function: Function, replaced: Replaced = NOTHING) -> Function:
    """Machine-code twin of a registered kernel (or the plain kernel in the no-JIT mode).

    Parameters
    ----------
    function : a function marked ``@kernel``
    replaced : what stands in for the functions that it calls

    Returns
    -------
    callable with the same signature, results equal to the bit; compiles at its first call unless an earlier session did
    """
    if no_jit():
        return plain(function, replaced)
    with _lock:
        if (function, replaced) not in _entries:
            _entries[function, replaced] = _entry(function, replaced)
        return _entries[function, replaced]


def plain(function: Function, replaced: Replaced = NOTHING) -> Function:
    """The plain Python that ``compiled`` is the twin of."""
    return _plain_twins(replaced)(function) if replaced.functions else function


def warn_of_patches() -> None:
    """Warn of registered functions that were overwritten in their modules: machine code does not look there."""
    for function in _registered:
        if vars(sys.modules[function.__module__]).get(function.__name__) is not function:
            name = f"{function.__module__}.{function.__name__}"
            words = f"{name} was overwritten: that changes nothing in machine code. Use ketensim.rules() or .extend()."
            warnings.warn(PatchedRuleWarning(words), stacklevel=4)


def _rebound(function: Function, twin: Function, replaced: Replaced = NOTHING) -> types.FunctionType:
    """A copy of a function whose globals hold the twins of what it calls.

    A function of somebody's own may call functions that nobody registered, and calls the shipped ones as they are.
    """
    own = function not in _registered

    def stands_in(value: Any) -> Any:
        if not isinstance(value, types.FunctionType) or not (own or value in _registered):
            return value
        return twin(value if own else replaced.functions.get(value, value))

    names = dict(function.__globals__)
    for name in _global_names(function):
        if name in names:
            names[name] = stands_in(names[name])
    cells = function.__closure__ and tuple(
        types.CellType(stands_in(cell.cell_contents)) for cell in function.__closure__
    )
    return types.FunctionType(function.__code__, names, function.__name__, function.__defaults__, cells)


def _global_names(function: types.FunctionType | Function) -> set[str]:
    """Names that a function looks up outside itself."""
    return {step.argval for step in dis.get_instructions(function) if step.opname == "LOAD_GLOBAL"}


@cache
def _plain_twins(replaced: Replaced) -> Function:
    """What makes the plain twin of a registered function; its callees first."""

    @cache
    def twin(function: Function) -> Function:
        return _rebound(function, twin, replaced)

    return twin


@cache
def _lean_twins(replaced: Replaced) -> Function:
    """What makes the twin of a registered function for compiled callers, by our own pipeline; its callees first."""
    import numba

    from ketensim.foundation.compiled_inner import OWN, STAMP, InnerCompiler

    @cache
    def twin(function: Function) -> Function:
        if replaced.functions and function in _registered and not differs(function):
            return _lean_twins(NOTHING)(function)  # compiled once for all models
        options = INNER | {"forceinline": function in _inlined}
        rebound = _rebound(function, twin, replaced)
        setattr(rebound, STAMP, replaced.stamp)
        setattr(rebound, OWN, function not in _registered)
        return numba.njit(pipeline_class=InnerCompiler, **options)(rebound)

    @cache
    def differs(function: Function) -> bool:
        """Whether a registered function calls, at any depth, one that is replaced."""
        called = (function.__globals__.get(name) for name in _global_names(function))
        inner = [value for value in called if isinstance(value, types.FunctionType) and value in _registered]
        return any(value in replaced.functions or differs(value) for value in inner)

    return twin


def _entry(function: Function, replaced: Replaced = NOTHING) -> Function:
    """The entry point: called by address, from the machine code of an earlier session or compiled at the first call."""
    made: list[Function] = []

    def entry(*values: Any) -> Any:
        if not made:
            with _lock:
                if not made:
                    made.append(_made_for(function, replaced, values))
        return made[0](*values)

    return entry


def _made_for(function: Function, replaced: Replaced, values: tuple[Any, ...]) -> Function:
    """Machine code of an entry point: the lean way, or numba's usual way where numba is no longer what that knows."""
    stamp = fingerprint() + replaced.stamp
    try:
        from ketensim.foundation import compiled_code

        file = compiled_code.cache_file(function.__name__, stamp)
        known = compiled_code.kept(file)
        address = compiled_code.loaded(*known) if known else _address(function, replaced, values, file)
        return compiled_code.at_address(address, function)
    except Exception as error:  # private parts of numba and llvmlite may change in any way
        import numba

        from ketensim.foundation.compiled_usual import usual

        if replaced.functions and isinstance(error, numba.core.errors.NumbaError):
            # what is of somebody's own cannot be compiled: no other way could either
            reason = " ".join(str(error).split())[-LONGEST_REASON:]
            raise InputError([Problem("error.own_not_compiled", "", {"reason": reason})]) from None
        warnings.warn(UsualPipelineWarning(f"numba {numba.__version__}: {error!r}"), stacklevel=3)
        return usual(function, partial(_rebound, replaced=replaced), OPTIONS, stamp)


@contextmanager
def _no_sweeping() -> Iterator[None]:
    """Numba builds millions of objects that stay until it is done; to look for garbage among them takes a tenth of its time."""
    sweeping = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if sweeping:
            gc.enable()


def _address(function: Function, replaced: Replaced, values: tuple[Any, ...], file: str) -> int:
    """Compile an entry point for arguments like these and keep its code; returns where it stands in memory."""
    import numba

    import ketensim.foundation.compiled_tables  # noqa: F401  teaches numba what Tables are
    from ketensim.foundation.compiled_code import PLACES_BEFORE, keep

    with _no_sweeping():
        made = numba.njit(**INNER)(_rebound(function, _lean_twins(replaced), replaced))
        made.compile(tuple(numba.typeof(value) for value in values))
    (result,) = made.overloads.values()
    symbol = result.fndesc.llvm_func_name
    if len(list(result.library.get_function(symbol).arguments)) != PLACES_BEFORE + len(values):
        raise TypeError("numba calls in another way")
    _, _, (code, _) = result.library.serialize_using_object_code()
    keep(file, symbol, code)
    _made.append(made)
    return int(result.library.get_pointer_to_function(symbol))
