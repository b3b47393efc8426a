"""What a condition says that it reads and writes is what it reads and writes while a chain runs."""

from __future__ import annotations

import importlib
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np
import pytest
from tests.conftest import Run, scenario_of, small

import ketensim.chain.week
from ketensim.foundation import compiled

CONDITIONS = ("ambition", "binding", "information", "steering", "trust", "urgency")
COMMON = {"chain": "common"}  # how the theory calls the one row of the chain


class Row:
    """A row of the state that notes which of its fields are read and written."""

    def __init__(self, name: str, record: Any, reads: set[str], writes: set[str]) -> None:
        vars(self).update(name=name, record=record, reads=reads, writes=writes)

    def __getattr__(self, field: str) -> Any:
        self.reads.add(f"{self.name}.{field}")
        return getattr(self.record, field)

    def __setattr__(self, field: str, value: Any) -> None:
        self.writes.add(f"{self.name}.{field}")
        setattr(self.record, field, value)


class Watched:
    """A state whose rows are watched."""

    def __init__(self, state: Any, reads: set[str], writes: set[str]) -> None:
        self.state, self.reads, self.writes = state, reads, writes

    def __getattr__(self, name: str) -> Any:
        table = getattr(self.state, name)
        if not isinstance(table, np.recarray):
            return table
        return [Row(COMMON.get(name, name), record, self.reads, self.writes) for record in table]


@contextmanager
def watched(condition: str) -> Iterator[tuple[set[str], set[str]]]:
    """While this lasts, every step of a condition in the week notes what it reads and writes."""
    reads: set[str] = set()
    writes: set[str] = set()
    week = vars(ketensim.chain.week)
    steps = {name: step for name, step in week.items() if getattr(step, "__module__", "").endswith(f".{condition}")}
    for name, step in steps.items():
        week[name] = lambda *given, step=step: step(
            *(Watched(part, reads, writes) if type(part).__name__ == "State" else part for part in given)
        )
    try:
        yield reads, writes
    finally:
        week.update(steps)


@pytest.fixture(scope="module")
def lively() -> Any:
    """A chain in which managers and administrators leave, incidents happen and promises come due within weeks."""
    incident = {"type": "incident", "week": 2, "size": 0.6, "label": {"nl": "x", "en": "x"}}
    return scenario_of(small(events=[incident])).with_parameters(manager_tenure=0.25, administrator_exit=2.0)


@pytest.mark.parametrize("name", CONDITIONS)
def test_a_condition_reads_and_writes_what_it_says(name, lively):
    condition = importlib.import_module(f"ketensim.conditions.{name}")
    with watched(name) as (reads, writes):
        run = Run(lively, plain=True)
        run.to(run.weeks)
    assert writes == set(condition.WRITES)
    assert reads - writes <= set(condition.READS)
    assert set(condition.READS) <= reads


@pytest.mark.parametrize("name", CONDITIONS)
def test_a_condition_has_the_fixed_shape(name):
    """A docstring with its number, its form and its submodel; what it reads and writes; rules; then kernels."""
    condition = importlib.import_module(f"ketensim.conditions.{name}")
    assert re.match(r"Condition [1-6]: ", condition.__doc__)
    assert ".. math::" in condition.__doc__ and "ODD submodel" in condition.__doc__
    rules, kernels = (
        [function for function in compiled.registered(kind) if function.__module__ == condition.__name__]
        for kind in ("rule", "kernel")
    )
    assert condition.update in kernels
    last_rule = max(rule.__code__.co_firstlineno for rule in rules)
    assert all(kernel.__code__.co_firstlineno > last_rule for kernel in kernels), "rules come before kernels"
