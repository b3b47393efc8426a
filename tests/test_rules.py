"""Every rule of the model: what it may be made of, and that something is claimed about it."""

from __future__ import annotations

import dis
import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any

import pytest
from tests.claims import CLAIMED

import ketensim.chain
import ketensim.conditions
from ketensim.foundation import compiled

FLOORS = (ketensim.conditions, ketensim.chain)
for floor in FLOORS:
    for module in pkgutil.iter_modules(floor.__path__, f"{floor.__name__}."):
        importlib.import_module(module.name)
RULES = compiled.registered("rule")
THEORY = [
    function
    for kind in ("rule", "kernel")
    for function in compiled.registered(kind)
    if function.__module__.startswith(tuple(floor.__name__ for floor in FLOORS))
]
NUMBERS_OF_A_FORM = {0, 1, 2}
PLAIN = (min, max, abs, int, float, len, range)


def name_of(function: Callable[..., Any]) -> str:
    return f"{function.__module__.rsplit('.', 1)[-1]}.{function.__name__}"


def instructions(function: Callable[..., Any]) -> Iterator[dis.Instruction]:
    """What Python does when the function is called: comments, names of arguments and annotations are not in it."""
    assert isinstance(function, FunctionType)
    return dis.get_instructions(function)


def globals_of(function: Callable[..., Any]) -> dict[str, Any]:
    names = {step.argval for step in instructions(function) if step.opname in ("LOAD_GLOBAL", "LOAD_NAME")}
    known = {**vars(__import__("builtins")), **function.__globals__}
    return {name: known[name] for name in names}


def test_something_is_claimed_about_every_rule():
    """Range, direction, fixed points: the tests that say so carry the mark ``about``."""
    tests = Path(__file__).parent
    for floor in ("foundation", "conditions", "chain"):
        for path in tests.joinpath(floor).glob("test_*.py"):
            importlib.import_module(f"tests.{floor}.{path.stem}")
    unclaimed = [name_of(rule) for rule in RULES if rule not in CLAIMED and not rule.__name__.startswith("_")]
    assert unclaimed == []


@pytest.mark.parametrize("rule", RULES, ids=name_of)
def test_a_rule_is_mathematics(rule):
    """Numbers in, numbers out, at most six of them; it calls rules and arithmetic only, and shows an example."""
    signature = inspect.signature(rule)
    assert len(signature.parameters) <= 6
    kinds = {str(part.annotation) for part in signature.parameters.values()}
    assert kinds <= {"float", "int"} and "None" not in str(signature.return_annotation)
    assert ">>>" in (inspect.getdoc(rule) or "") or rule.__name__.startswith("_")
    for name, value in globals_of(rule).items():
        arithmetic = (
            isinstance(value, int | float | tuple) or value in PLAIN or getattr(value, "__name__", "") == "math"
        )
        assert arithmetic or value in RULES, name
    assert {step.argval for step in instructions(rule) if step.opname == "LOAD_ATTR"} <= {"sqrt"}


@pytest.mark.parametrize("function", THEORY, ids=name_of)
def test_the_theory_holds_no_nameless_numbers_and_nothing_that_differs_between_machines(function):
    """A number that is not 0, 1 or 2 has a name; powers and numpy's functions round as the machine likes."""
    for step in instructions(function):
        if isinstance(step.argval, int | float) and step.opname in ("LOAD_CONST", "RETURN_CONST", "LOAD_SMALL_INT"):
            assert abs(step.argval) in NUMBERS_OF_A_FORM, step.argval
        assert not (step.opname == "BINARY_OP" and step.argrepr.startswith("**"))
    assert not [name for name, value in globals_of(function).items() if isinstance(value, ModuleType)]
