"""Claims about what a visitor does on the page Explore: what a browser sends is used as far as it can be, and no further."""

from __future__ import annotations

from typing import Any

import pytest

from ketensim.app.explore.moves import MOST_EVENTS, otherwise, with_moves
from ketensim.app.explore.offer import CIRCUMSTANCES, conditions
from ketensim.app.setting import ExtraEvent, Setting, base
from ketensim.foundation.parameters import LEVERS

EVENTS = (ExtraEvent("incident", 26, 0.5), ExtraEvent("law", 78, 0.3))
BUSY = Setting(chain="reference", events=EVENTS)


def test_every_lever_of_the_table_has_a_slider_that_moves_it_alone() -> None:
    sliders = [slider["name"] for condition in conditions(BUSY, "nl") for slider in condition["sliders"]]
    assert sorted(sliders) == sorted(row.name for row in LEVERS)
    for name in sliders:
        assert dict(with_moves(BUSY, {name: 0.77}).levers) == {name: 0.77}
        assert with_moves(with_moves(BUSY, {name: 0.77}), {name: base(BUSY).lever(name)}) == BUSY


@pytest.mark.parametrize("name", CIRCUMSTANCES)
def test_a_circumstance_goes_to_the_ends_of_its_slider_and_no_further(name: str) -> None:
    lower, upper = CIRCUMSTANCES[name]
    assert getattr(with_moves(BUSY, {name: lower}), name) == lower
    assert getattr(with_moves(BUSY, {name: upper}), name) == upper
    assert with_moves(BUSY, {name: lower - 0.01}) == with_moves(BUSY, {name: upper + 0.01}) == BUSY


@pytest.mark.parametrize(
    "values", [{"room": 1.2}, {"room": "0.5"}, {"room": None}, {"seed": 0.5}, {"own": 0.5}, {"room": float("nan")}]
)
def test_a_move_that_cannot_be_is_left_out(values: dict[str, Any]) -> None:
    assert with_moves(BUSY, values) == BUSY


def test_an_event_is_taken_away_by_its_place_and_by_no_other() -> None:
    assert otherwise(BUSY, {"remove_event": 0}).events == EVENTS[1:]
    assert otherwise(BUSY, {"remove_event": -1}) == otherwise(BUSY, {"remove_event": 2}) == BUSY


@pytest.mark.parametrize(
    "wish",
    [
        {},
        {"policy": "none_of_ours"},
        {"policy": ["let_go_at_once"]},
        {"quiet": 1},
        {"seed": -1},
        {"seed": "7"},
        {"add_event": {"kind": "miracle", "year": 1}},
        {"add_event": {"kind": "law", "year": "1"}},
        {"add_event": {"kind": "law", "year": 1, "size": "large"}},
        {"add_event": "law"},
    ],
)
def test_circumstances_that_cannot_be_change_nothing(wish: dict[str, Any]) -> None:
    assert otherwise(BUSY, wish) == BUSY


def test_there_is_an_end_to_the_events_that_one_may_add() -> None:
    setting = BUSY
    for _ in range(2 * MOST_EVENTS):
        setting = otherwise(setting, {"add_event": {"kind": "incident", "year": 2}})
    assert len(setting.events) == MOST_EVENTS
