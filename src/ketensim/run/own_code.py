"""Functions of somebody's own: what they may be made of, how they are known, and how they come from a file.

The same bits must come out of plain Python and of machine code, on every machine. So a function of one's own is made of
what the rules of the house are made of (CONTRIBUTING.md, *The house*), and what is not is refused before anything runs.
"""

from __future__ import annotations

import ast
import dis
import hashlib
import importlib
import inspect
import linecache
import sys
import textwrap
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from types import CodeType, FunctionType, ModuleType
from typing import Any, Final, NamedTuple

from ketensim.foundation.compiled import registered
from ketensim.foundation.errors import InputError, Problem

Function = Callable[..., Any]
PLAIN: Final = (min, max, abs, int, float, bool, len, range)  # built-in functions that round alike everywhere
UNLIKE: Final = ("sum", "mean", "std", "var", "prod", "dot", "cumsum")  # of arrays: added up in another order
LETTERS: Final = 64


class OwnFunction(NamedTuple):
    """A function, and where it came from.

    Attributes
    ----------
    function : the function
    place : ``module:name`` or ``file.py:name`` as a file of an experiment may give it
    source : the text of the file it was read from; None = of a module
    """

    function: Function
    place: str
    source: str | None = None

    @classmethod
    def of(cls, function: Function) -> OwnFunction:
        """A function that somebody holds."""
        return cls(function, f"{function.__module__}:{function.__qualname__}")

    def __reduce__(self) -> tuple[Any, ...]:
        """Travel to another process by name, or with the text of the file."""
        if self.source is None:
            module, _, name = self.place.partition(":")
            if module == "__main__" or not name.isidentifier():
                raise InputError([Problem("error.own_travels", "", {"given": name})])
        return _travelled, (self.place, self.source)


def _travelled(place: str, source: str | None) -> OwnFunction:
    return from_place(place) if source is None else from_source(place, source)


def from_place(place: str, folder: Path | None = None, where: str = "") -> OwnFunction:
    """A function by its place.

    Parameters
    ----------
    place : ``module:name``, or ``file.py:name`` with the file in the folder or below it
    folder : silent = where the program runs
    where : place in the input, for the error

    Raises
    ------
    InputError : no such module, file or function, or the code in it fails
    """
    module, _, name = place.rpartition(":")
    path = Path(module)
    if not module or not name.isidentifier() or path.is_absolute() or ".." in path.parts:
        raise InputError([Problem("error.own_place", where, {"given": place})])
    if module.endswith(".py"):
        file = (folder or Path()) / path
        try:
            return from_source(place, file.read_text("utf-8"), where)
        except (OSError, UnicodeDecodeError):
            raise InputError([Problem("error.file_missing", where, {"given": str(file)})]) from None
    try:
        function = getattr(importlib.import_module(module), name, None)
    except Exception as error:
        raise InputError([Problem("error.own_code", where, {"given": module, "reason": reason_of(error)})]) from None
    return OwnFunction(_function(function, place, where), place)


def from_source(place: str, source: str, where: str = "") -> OwnFunction:
    """A function from the text of a file."""
    file, _, name = place.rpartition(":")
    try:
        module = _module(file, source)
    except Exception as error:
        raise InputError([Problem("error.own_code", where, {"given": file, "reason": reason_of(error)})]) from None
    return OwnFunction(_function(vars(module).get(name), place, where), place, source)


@cache
def _module(file: str, source: str) -> ModuleType:
    """The module that a text makes; one per text, so that its functions stay the same.

    Its text is kept under a name that no file has: a file of the same name in the folder where the program runs is another
    text, and the mark of a function may not depend on where one stands.
    """
    module = ModuleType(f"ketensim_own_{hashlib.sha256(source.encode()).hexdigest()[:16]}")
    module.__file__ = file
    sys.modules[module.__name__] = module
    kept = f"<{file} {module.__name__}>"
    linecache.cache[kept] = (len(source), None, source.splitlines(keepends=True), kept)
    exec(compile(source, kept, "exec"), vars(module))
    return module


def _function(found: object, place: str, where: str) -> Function:
    if not isinstance(found, FunctionType):
        raise InputError([Problem("error.own_place", where, {"given": place})])
    return found


def check_made_of(function: Function, where: str) -> None:
    """Refuse what is no plain function, and what differs between machines or between Python and machine code.

    Raises
    ------
    InputError : naming what is in the way
    """
    if not isinstance(function, FunctionType):
        raise InputError([Problem("error.own_no_function", where, {"given": str(function)})])
    for part in _with_callees(function):
        if (missing := next(_missing(part), None)) is not None:
            raise InputError([Problem("error.own_unknown_name", where, {"given": part.__name__, "found": missing})])
        if (reason := next(_objections(part), None)) is not None:
            raise InputError([Problem("error.own_not_allowed", where, {"given": part.__name__, "found": reason})])


def _missing(function: FunctionType) -> Iterator[str]:
    """Names in a function that stand for nothing."""
    built_in = vars(sys.modules["builtins"])
    for name in _outside(function):
        if name not in function.__globals__ and name not in built_in:
            yield name


def _objections(function: FunctionType) -> Iterator[str]:
    built_in = vars(sys.modules["builtins"])
    for step in dis.get_instructions(function):
        if step.opname == "MAKE_FUNCTION":
            yield "def or lambda"  # inside a function: nobody looks into it, and machine code has none
        elif step.opname == "BINARY_OP" and step.argrepr.startswith("**"):
            yield "**"
        elif step.opname.startswith("IMPORT"):
            yield f"import {step.argval}"
        elif step.opname.startswith(("LOAD_ATTR", "LOAD_METHOD")) and step.argval in UNLIKE:
            yield f".{step.argval}()"
        elif step.opname in ("LOAD_GLOBAL", "LOAD_NAME"):
            value = function.__globals__.get(step.argval, built_in.get(step.argval))
            simple = isinstance(value, int | float | tuple | FunctionType) or value in PLAIN
            if not simple:
                yield str(step.argval)


def _with_callees(function: FunctionType) -> list[FunctionType]:
    """A function and what it calls of somebody's own; the shipped ones are known."""
    shipped = {*registered("rule"), *registered("kernel")}
    found, todo = list[FunctionType](), [function]
    while todo:
        part = todo.pop()
        if part in found or part in shipped:
            continue
        found.append(part)
        todo += [value for _, value in _values(part) if isinstance(value, FunctionType)]
    return found


def _outside(function: FunctionType) -> list[str]:
    """Names that a function looks up outside itself, in alphabetical order."""
    return sorted({str(step.argval) for step in dis.get_instructions(function) if step.opname == "LOAD_GLOBAL"})


def _values(function: FunctionType) -> Iterator[tuple[str, Any]]:
    """Names outside a function that it uses, and what they stand for now."""
    for name in _outside(function):
        if name in function.__globals__:
            yield name, function.__globals__[name]
    for name, cell in zip(function.__code__.co_freevars, function.__closure__ or (), strict=True):
        yield name, cell.cell_contents


def mark_of_code(function: Function) -> str:
    """A mark of everything that a function does: its text, and what the names in it stand for."""
    assert isinstance(function, FunctionType)
    digest = hashlib.sha256()
    for part in _with_callees(function):
        digest.update(_text_of(part).encode())
        for name, value in _values(part):
            said = f"{value.__module__}.{value.__qualname__}" if isinstance(value, FunctionType) else repr(value)
            digest.update(f"{name}={said} ".encode())
    return digest.hexdigest()[:LETTERS]


def _text_of(function: FunctionType) -> str:
    """The text of a function, the same for every version of Python; its bytecode where the text is not what runs."""
    try:
        text = textwrap.dedent(inspect.getsource(function))
        made = compile(ast.parse(text), "own", "exec")
    except (OSError, SyntaxError, TypeError):
        return _bytecode(function.__code__)
    same = any(_bytecode(part) == _bytecode(function.__code__) for part in made.co_consts if isinstance(part, CodeType))
    return text if same else _bytecode(function.__code__)


def _bytecode(code: CodeType) -> str:
    constants = [_bytecode(value) if isinstance(value, CodeType) else repr(value) for value in code.co_consts]
    return repr((code.co_name, code.co_varnames, code.co_names, code.co_code, constants))


def reason_of(error: Exception) -> str:
    """What went wrong, on one line."""
    return " ".join(f"{type(error).__name__}: {error}".split())[:200]
