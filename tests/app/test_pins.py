"""Claims about what is pinned on Explore: there are few of them, each once, and a link holds them with their names."""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlencode

import pytest

from ketensim.app import pins
from ketensim.app.beside import LONGEST_NAME
from ketensim.app.pins import MOST, Pin
from ketensim.app.setting import Setting, pairs_of
from ketensim.texts import languages

PLAIN = Setting(chain="schuldhulp", seed=4)
SETTINGS = tuple(PLAIN.with_lever("room", place / 10) for place in range(1, 6))


@pytest.fixture(autouse=True)
def _nothing_pinned() -> Iterator[None]:
    pins.pins.value = ()
    yield
    pins.pins.value = ()


def pin_all() -> tuple[Pin, ...]:
    for setting in SETTINGS:
        pins.pin(setting)
    return pins.pinned(PLAIN)


def test_a_setting_is_pinned_once_and_there_is_an_end_to_them() -> None:
    pins.pin(SETTINGS[0])
    assert not pins.may_pin(SETTINGS[0]) and pins.may_pin(SETTINGS[1])
    pins.pin(SETTINGS[0])
    assert [one.setting for one in pins.pinned(PLAIN)] == [SETTINGS[0]]
    assert [one.setting for one in pin_all()] == list(SETTINGS[:MOST])


def test_no_two_pins_have_the_same_number_after_one_was_let_go() -> None:
    pin_all()
    pins.unpin(0, PLAIN)
    pins.pin(SETTINGS[4])
    names = [pins.numbered_name(one, place, "nl") for place, one in enumerate(pins.pinned(PLAIN))]
    assert len(set(names)) == MOST and names[0].startswith("vastgehouden 1")


@pytest.mark.parametrize("language", languages())
def test_a_link_holds_what_is_pinned_and_what_it_was_called(language: str) -> None:
    before = pin_all()
    pins.call(1, "  Strak & snel = {1} ", PLAIN)
    link = f"{SETTINGS[4].query}&{urlencode(pins.pins_in_link(SETTINGS[4]))}"
    pins.pins.value = ()
    assert pins.pins_from_link(pairs_of(link), SETTINGS[4]) == []
    after = pins.pinned(SETTINGS[4])
    assert [one.setting for one in after] == [one.setting for one in before]
    assert [one.name(language) for one in after] == [
        before[0].name(language),
        "Strak & snel = {1}",
        before[2].name(language),
    ]


def test_a_name_is_never_long_and_can_be_taken_back() -> None:
    pin_all()
    pins.call(0, "w" * 500, PLAIN)
    assert len(pins.pinned(PLAIN)[0].called) == LONGEST_NAME
    pins.call(0, "   ", PLAIN)
    assert pins.pinned(PLAIN)[0].called == ""


def test_pins_belong_to_their_chain_and_a_link_holds_no_more_than_fit() -> None:
    pin_all()
    other = Setting(chain="asiel")
    assert pins.pinned(other) == () and pins.pins_in_link(other) == []
    assert pins.pins_from_link(pairs_of("pin=room%3D0.3&" * 9 + "pin=room%3D7"), PLAIN) == []
    assert len(pins.pinned(PLAIN)) == 1, "each once"
    problems = pins.pins_from_link(pairs_of("pin=room%3D7"), PLAIN)
    assert [problem.path for problem in problems] == ["room"]
