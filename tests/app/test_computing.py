"""Claims about what the page Explore computes: what is not run twice, what is laid beside what, and that it adds up."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import replace

import pytest

from ketensim.app.background import Turns
from ketensim.app.curves import GOAL
from ketensim.app.explore import computing, prospects, shared_runs
from ketensim.app.explore.computing import Computer, Preview, Wish
from ketensim.app.explore.where_cases_went import largest_move
from ketensim.app.processors import Processors, Urgency
from ketensim.app.setting import Setting, scenario_of
from ketensim.foundation.parameters import LEVER_NAMES
from ketensim.run import replications
from ketensim.run.engine import simulate
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
        if preview.progress == 1.0 and preview.prospects:
            self._done.set()

    def sees(self, setting: Setting, language: str = "nl") -> Preview:
        """The last that is shown of a setting."""
        self._done.clear()
        self.computer.ask(Wish(setting, language))
        assert self._done.wait(LONGEST)
        return self.shown[-1]

    def waits_for(self, runs: int) -> None:
        """Until a picture of so many runs is there."""
        end = time.monotonic() + LONGEST
        while not any(shown.goal["runs"] == runs for shown in self.shown):
            assert time.monotonic() < end
            time.sleep(0.005)


@pytest.fixture
def visitor(monkeypatch: pytest.MonkeyPatch) -> Iterator[Visitor]:
    """Of a server that nobody has visited, with few runs."""
    for name, number in (("FIRST_RUNS", RUNS // 2), ("ALL_RUNS", RUNS), ("LEAST_RUNS", RUNS // 2)):
        monkeypatch.setattr(computing, name, number)
    states = KeptStates()
    for module in (shared_runs, prospects):
        monkeypatch.setattr(module, "BURN_INS", states)
        module._kept.clear()
    monkeypatch.setattr(prospects, "RUNS", RUNS)
    found = Visitor()
    yield found
    found.computer.stop()
    for module in (shared_runs, prospects):
        module._kept.clear()


@pytest.fixture
def another(visitor: Visitor) -> Iterator[Visitor]:
    """Somebody else on the same server."""
    found = Visitor()
    yield found
    found.computer.stop()


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
    assert len(begun) >= 3 * RUNS + 3 * (len(LEVER_NAMES) - 1) * RUNS  # what each lever would still do is seen too
    assert set(begun) == {scenario_of(CHAIN).burn_in}


def test_what_has_always_been_so_has_a_burn_in_of_its_own(visitor: Visitor, begun: list[int]) -> None:
    visitor.sees(CHAIN)
    begun.clear()
    visitor.sees(replace(CHAIN.with_lever("room", 0.9), always=True))
    assert begun.count(0) == RUNS + len(LEVER_NAMES) * RUNS  # of the setting, and of each lever that could still move


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


def test_the_effect_is_the_difference_run_by_run_on_equal_luck(visitor: Visitor) -> None:
    moved = CHAIN.with_lever("room", 0.9)
    visitor.sees(CHAIN)
    shown = visitor.sees(moved)
    was, now = (simulate(scenario_of(one), RUNS, CHAIN.seed).summary[:, GOAL] for one in (CHAIN, moved))
    assert shown.effect["points"] == pytest.approx(100 * (now - was).mean(), abs=0.006)
    first = next(
        one for one in visitor.shown if one.wish.setting == moved
    )  # of half the runs, beside all runs without the change
    assert first.goal["runs"] == RUNS // 2 and first.effect["before"] == shown.effect["before"]


def test_a_hand_that_drags_gets_the_first_runs_and_all_of_them_when_it_rests(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor.sees(CHAIN)
    monkeypatch.setattr(computing, "HOLD", LONGEST)
    monkeypatch.setattr(computing, "PAINT", 0.0)
    monkeypatch.setattr(computing, "LEAST_RUNS", 2)
    monkeypatch.setattr(computing, "DRAG_TIME", 0.0)
    visitor.shown.clear()
    visitor.computer.hold(True)
    visitor.computer.ask(Wish(CHAIN.with_lever("room", 0.9), "nl"))
    visitor.waits_for(RUNS // 2)
    assert [shown.goal["runs"] for shown in visitor.shown] == [2, RUNS // 2]
    assert visitor.shown[0].progress < visitor.shown[1].progress < 1.0
    visitor.computer.hold(False)
    visitor.waits_for(RUNS)


def test_the_goal_of_all_runs_is_shown_before_what_takes_longer_to_make(visitor: Visitor) -> None:
    visitor.sees(CHAIN)
    visitor.shown.clear()
    visitor.sees(CHAIN.with_lever("room", 0.9))
    whole = [shown for shown in visitor.shown if shown.goal["runs"] == RUNS]
    assert not whole[0].panels and whole[0].grounds is None and whole[-1].panels and whole[-1].why
    assert {id(shown.goal) for shown in whole} == {id(whole[0].goal)}  # so that it travels once


def test_visitors_who_look_at_the_same_setting_make_its_runs_together(
    visitor: Visitor, another: Visitor, begun: list[int]
) -> None:
    visitor.sees(CHAIN)
    begun.clear()
    moved = CHAIN.with_lever("room", 0.9)
    both = [threading.Thread(target=one.sees, args=(moved,)) for one in (visitor, another)]
    for one in both:
        one.start()
    for one in both:
        one.join(LONGEST)
    assert (
        len(begun) == RUNS + (len(LEVER_NAMES) - len({"room"})) * RUNS + RUNS
    )  # as for one; room has a step left to go
    assert (
        visitor.shown[-1].effect == another.shown[-1].effect
        and visitor.shown[-1].prospects == another.shown[-1].prospects
    )


def test_runs_that_one_visitor_no_longer_wants_are_made_by_who_still_waits(
    visitor: Visitor, another: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor.sees(CHAIN)
    moved = CHAIN.with_lever("room", 0.9)
    visitor.computer.ask(Wish(moved, "nl"))
    visitor.waits_for(RUNS // 2)
    waiting = threading.Thread(target=another.sees, args=(moved,))
    waiting.start()
    visitor.computer.stop()
    waiting.join(LONGEST)
    assert another.shown[-1].goal["runs"] == RUNS


def test_who_moves_on_gets_a_picture_though_the_runs_of_before_have_not_had_their_turn(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    class FirstPicturesOnly(Processors):
        def _next(self):  # type: ignore[no-untyped-def]
            row = self._waiting[Urgency.FIRST]
            return row.popleft() if row else None

    visitor.sees(CHAIN)
    monkeypatch.setattr(computing, "PROCESSORS", FirstPicturesOnly())
    for value in (0.8, 0.9):
        moved = CHAIN.with_lever("room", value)
        visitor.shown.clear()
        visitor.computer.ask(Wish(moved, "nl"))
        visitor.waits_for(RUNS // 2)
        assert visitor.shown[0].wish.setting == moved


def test_a_hand_that_went_on_while_its_picture_waited_for_its_turn_sees_where_it_is_now(
    visitor: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    visitor.sees(CHAIN)
    turns = Turns(together=1)
    monkeypatch.setattr(computing, "TURNS", turns)
    visitor.shown.clear()
    with turns.first_picture():
        for value in (0.7, 0.8, 0.9):
            visitor.computer.ask(Wish(CHAIN.with_lever("room", value), "nl"))
            while turns.waiting < 2:
                time.sleep(0.001)
    visitor.waits_for(RUNS)
    assert {shown.wish.setting.levers for shown in visitor.shown} == {(("room", 0.9),)}


def test_a_chain_is_not_computed_ahead_when_the_app_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    turns = Turns()
    monkeypatch.setattr(computing, "TURNS", turns)
    shared_runs._kept.clear()
    turns.close()
    computing.compute_ahead(CHAIN)
    assert not shared_runs._kept


def test_a_decision_changes_nothing_for_cases_that_were_over_before_it(visitor: Visitor) -> None:
    shown = visitor.sees(replace(CHAIN.with_lever("frame", 0.9), decided=52))
    assert shown.effect["mean"][:2] == [0.0, 0.0]  # quarters; of the fourth some cases are still open
    assert any(shown.effect["mean"][5:10])


def test_what_a_lever_would_still_do_is_what_it_does(visitor: Visitor) -> None:
    before = visitor.sees(CHAIN)
    assert set(before.prospects) == {name for name in LEVER_NAMES if scenario_of(CHAIN).lever(name) <= 0.95}
    after = visitor.sees(CHAIN.with_lever("frame", 1.0))
    assert before.prospects["frame"]["points"] == after.effect["points"]
    assert "frame" not in after.prospects


def test_the_loss_that_moved_most_is_named_and_none_where_all_may_be_chance() -> None:
    rows = [
        {"name": name, "label": name.title(), "before": before, "now": now, "judged": judged}
        for name, before, now, judged in (
            ("realised", 50.0, 60.0, "better"),
            ("late", 20.0, 14.0, "better"),
            ("wrong", 20.0, 17.0, "better"),
            ("handover", 10.0, 1.0, "cannot_be_told"),
        )
    ]
    assert largest_move(rows, "en") == t("app.goal.ledger.better", "en", label="late", before=20.0, now=14.0)
    assert largest_move(rows[3:], "en") == t("app.goal.ledger.unmoved", "en")
