"""What every test can use: small chains that run quickly with and without machine code."""

from __future__ import annotations

import asyncio
import importlib.util
import signal
import sys
from collections.abc import Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
from hypothesis import settings

import ketensim as ks
from ketensim.chain.week import advance
from ketensim.foundation.compiled import compiled, no_jit
from ketensim.foundation.outcome_table import Notebook, new_notebook
from ketensim.foundation.state import Chain, State, new_state
from ketensim.run.replications import run_weeks
from ketensim.scenario import build, files

settings.register_profile("ketensim", deadline=None, max_examples=25)
settings.load_profile("ketensim")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Leave out what would take hours in plain Python; the JIT pass runs it.

    What takes a minute begins first, so that at the end no process waits for another. What a browser shows comes last:
    Playwright leaves an event loop running in its thread, in which a later ``asyncio.run`` would fail.
    """
    items.sort(
        key=lambda item: (item.get_closest_marker("browser") is not None, item.get_closest_marker("long") is None)
    )
    if no_jit():
        for item in items:
            if item.get_closest_marker("jit"):
                item.add_marker(pytest.mark.skip(reason="needs machine code"))


@pytest.fixture(scope="session", autouse=True)
def _what_tests_start_can_be_interrupted() -> Iterator[None]:
    """Also where this process ignores SIGINT (in the background, under nohup): who is started here inherits that."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def awaited[Found](answer: Coroutine[Any, Any, Found]) -> Found:
    """What a coroutine gives, in a thread of its own: in this one Playwright may have left an event loop."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, answer).result()


ROOT = Path(__file__).parents[1]


def script(path: str) -> ModuleType:
    """A script of ``docs/`` or ``experiments/``, which is no part of the package, as a module."""
    file = ROOT / path
    spec = importlib.util.spec_from_file_location(file.stem, file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


def small(**changes: Any) -> dict[str, Any]:
    """A chain of two organisations as a dictionary, to be changed by a test."""
    text = {"nl": "x", "en": "x"}
    data: dict[str, Any] = {
        "title": text,
        "summary": text,
        "look_at": text,
        "try": text,
        "start": "2020-01-06",
        "weeks": 26,
        "burn_in": 8,
        "promise": 0.7,
        "principals": [],
        "organisations": [organisation("A"), organisation("B")],
        "case_types": [
            {
                "id": "plain",
                "label": text,
                "arrivals": 5.0,
                "entry": "A",
                "non_standard": 0.4,
                "urgent": 0.1,
                "norm": 8,
                "drop_after": 20,
            }
        ],
        "links": [{"from": "A", "to": "B", "share": 0.6}],
    }
    return data | changes


def organisation(name: str, **changes: Any) -> dict[str, Any]:
    """One organisation of a small chain."""
    data = {
        "id": name,
        "label": {"nl": name, "en": name},
        "fte": 4,
        "own_work": 0.2,
        "independence": 0.0,
        "drift": 0.01,
        "turnover": 0.1,
        "absence": 0.06,
        "hiring_weeks": 10,
        "term": 3,
        "ambition": {"x": 0.3, "y": 0.0},
        "hours_per_case": 8.0,
    }
    return data | changes


@contextmanager
def refused(key: str, **facts: Any) -> Iterator[None]:
    """What is done inside is refused with a problem that has this key, and these facts."""
    with pytest.raises(ks.InputError) as caught:
        yield
    found = [problem for problem in caught.value.problems if problem.key == f"error.{key}"]
    assert found, caught.value.problems
    assert facts.items() <= dict(found[0].facts).items()


def scenario_of(data: dict[str, Any]) -> ks.Scenario:
    """A checked scenario from a dictionary."""
    return files.from_dict(data)


class Run:
    """One run, week by week, with everything that moves at hand."""

    def __init__(self, scenario: ks.Scenario, seed: int = 1, replication: int = 0, *, plain: bool = False) -> None:
        self.scenario = scenario
        self.chain: Chain = build.build(scenario)
        self.parameters = build.parameters(scenario)
        self.state: State = new_state(self.chain, 256)
        self.notebook: Notebook = new_notebook(
            scenario.weeks,
            len(scenario.organisations),
            len(scenario.case_types),
            organisation_rows=True,
            bands=False,
        )
        self.seed, self.replication = seed, replication
        self.week = 0
        self.function = advance if plain else compiled(advance)

    @property
    def weeks(self) -> int:
        """Weeks with the burn-in."""
        return int(self.chain.world[0].weeks)

    def to(self, week: int) -> Run:
        """Run on to a week since the start of the burn-in."""
        if self.week < week:
            run = (self.chain, self.state, self.notebook, self.parameters)
            self.state = run_weeks(self.function, run, (self.seed, self.replication), self.week, week)
            self.week = week
        return self

    def bits(self) -> bytes:
        """Everything that was written down, and the state, as bytes."""
        arrays = [*self.state.arrays().values(), self.notebook.weekly_grid, self.notebook.summary]
        return b"".join(np.ascontiguousarray(array).tobytes() for array in arrays)
