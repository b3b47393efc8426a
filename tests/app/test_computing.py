"""Claims about what the page Explore computes: what is not run twice, what is laid beside what, and that it adds up."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest

from ketensim.app.explore import computing
from ketensim.app.explore.computing import Computer, Preview, Wish
from ketensim.app.setting import Setting, scenario_of, without_changes
from ketensim.run import replications
from ketensim.run.kept_states import KeptStates
from ketensim.texts import LANGUAGES, t

RUNS = 6
LONGEST = 120.0  # seconds, on a machine with other work
CHAIN = Setting(chain="reference")
pytestmark = pytest.mark.jit


class Visitor:
    """Somebody who asks and waits for the last answer."""

    def __init__(self) -> None:
        self.shown: list[Preview] = []
        self._done = threading.Event()
        self.computer = Computer(self._show)

    def _show(self, preview: Preview) -> None:
        self.shown.append(preview)
        beside = preview.wish.against is None or bool(preview.why)
        if preview.progress == 1.0 and beside:
            self._done.set()

    def sees(self, setting: Setting, language: str = "nl") -> Preview:
        """The last that is shown of a setting."""
        self._done.clear()
        scenario, was = scenario_of(setting), scenario_of(without_changes(setting))
        self.computer.ask(Wish(scenario, setting.seed, language, None if was == scenario else was))
        assert self._done.wait(LONGEST)
        return self.shown[-1]


@pytest.fixture
def visitor(monkeypatch: pytest.MonkeyPatch) -> Iterator[Visitor]:
    """Of a server that nobody has visited, with few runs."""
    for name, number in (("FIRST_RUNS", RUNS // 2), ("ALL_RUNS", RUNS), ("LEAST_RUNS", RUNS // 2), ("REST", 0.0)):
        monkeypatch.setattr(computing, name, number)
    monkeypatch.setattr(computing, "BURN_INS", KeptStates())
    computing._kept.clear()
    found = Visitor()
    yield found
    found.computer.stop()
    computing._kept.clear()


@pytest.fixture
def begun(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The weeks in which runs begin, as they do."""
    weeks: list[int] = []
    run_weeks = replications.run_weeks

    def counted(step, run, luck, first, last):  # type: ignore[no-untyped-def]
        weeks.append(first)
        return run_weeks(step, run, luck, first, last)

    monkeypatch.setattr(replications, "run_weeks", counted)
    return weeks


def test_moving_a_lever_does_not_run_the_burn_in_again(visitor: Visitor, begun: list[int]) -> None:
    visitor.sees(CHAIN)
    assert begun.count(0) == RUNS
    begun.clear()
    for name, value in (("room", 0.9), ("chain_skills", 0.8), ("trust_in_persons", 0.1)):
        visitor.sees(CHAIN.with_lever(name, value))
    assert len(begun) == 3 * RUNS
    assert set(begun) == {scenario_of(CHAIN).burn_in}


def test_what_has_always_been_so_has_a_burn_in_of_its_own(visitor: Visitor, begun: list[int]) -> None:
    visitor.sees(CHAIN)
    begun.clear()
    visitor.sees(replace(CHAIN.with_lever("room", 0.9), always=True))
    assert begun.count(0) == RUNS


def test_the_line_beside_is_that_of_the_chain_without_the_changes_and_begins_where_the_decision_does(
    visitor: Visitor,
) -> None:
    alone = visitor.sees(CHAIN)
    assert alone.before is None
    moved = visitor.sees(CHAIN.with_lever("room", 0.9))
    assert moved.before is not None and moved.before["mean"] == alone.goal["mean"]
    again = visitor.sees(CHAIN.with_lever("room", 0.1))
    assert again.before is moved.before  # so that it does not travel at each move


@pytest.mark.parametrize("language", LANGUAGES)
def test_where_cases_went_adds_up_to_a_hundred_before_and_now(visitor: Visitor, language: str) -> None:
    ledger = visitor.sees(CHAIN.with_lever("frame", 0.9), language).ledger
    assert ledger is not None
    for side in ("now", "before"):
        assert sum(row[side] for row in ledger["rows"]) == pytest.approx(100)
    assert ledger["rows"][0]["label"] == t("report.ledger.name.realised", language)
    assert all(row["verdict"] == t(f"report.judged.{row['judged']}", language) for row in ledger["rows"])
    assert "nan" not in ledger["costs"]


def test_a_chain_as_it_is_has_nothing_beside_it(visitor: Visitor) -> None:
    ledger = visitor.sees(CHAIN).ledger
    assert ledger is not None
    assert {(row["before"], row["judged"]) for row in ledger["rows"]} == {(None, "")}
