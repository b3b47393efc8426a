"""Claims about settings side by side: which they are, that a link holds them, and that what is read from a link is checked."""

from __future__ import annotations

from dataclasses import replace
from urllib.parse import urlencode

import pytest

from ketensim.app.beside import LONGEST_NAME
from ketensim.app.compare import columns
from ketensim.app.compare.columns import added, in_front, without
from ketensim.app.setting import ExtraEvent, Setting, pairs_of
from ketensim.foundation.errors import Problem
from ketensim.foundation.parameters import POLICIES
from ketensim.scenario import files
from ketensim.texts import languages

PLAIN = Setting(chain="schuldhulp", seed=4)
MOVED = PLAIN.with_lever("room", 0.91)
RICH = replace(
    MOVED, capacity=0.9, non_standard=0.5, policy="hold_firm", quiet=True, events=(ExtraEvent("incident", 30, 0.4),)
)


@pytest.fixture(autouse=True)
def _nothing_picked() -> None:
    columns.picked.value, columns.names.value = None, {}


def test_a_moved_lever_stands_beside_the_chain_as_it_is() -> None:
    assert columns.side_by_side(MOVED, None) == [PLAIN, MOVED]


def test_a_chain_at_which_nothing_was_set_stands_beside_two_ways_of_steering() -> None:
    first, *others = columns.side_by_side(PLAIN, None)
    assert first == PLAIN
    assert [one.policy for one in others] == list(columns.FIRST_LOOK)


def test_the_present_setting_is_always_there_once_and_there_are_never_more_than_four() -> None:
    picked = tuple(PLAIN.with_lever("room", place / 10) for place in range(6))
    assert len(columns.side_by_side(MOVED, picked)) == columns.MOST
    assert columns.side_by_side(MOVED, picked)[-1] == MOVED
    assert columns.side_by_side(MOVED, (MOVED, PLAIN, MOVED)) == [MOVED, PLAIN]


def test_only_settings_of_the_same_chain_are_compared_and_all_on_the_luck_of_the_present_one() -> None:
    elsewhere = Setting(chain="asiel")
    found = columns.of_chain([elsewhere, replace(PLAIN, seed=99)], MOVED)
    assert found == [PLAIN]
    own, other = PLAIN.with_own(files.dump(files.load("reference"))), PLAIN.with_own(files.dump(files.load("asiel")))
    assert columns.of_chain([other, own], own) == [own]


def read(query: str, present: Setting) -> tuple[tuple[Setting, ...] | None, list[Problem]]:
    """What somebody has picked who opens a link."""
    columns.picked.value = None
    problems = columns.picked_from_link(pairs_of(query), present)
    return columns.picked.value, problems


def link(present: Setting, *picked: Setting) -> str:
    """The link of somebody who picked settings."""
    columns.picked.value = picked
    return f"?{present.query}&lang=nl&{urlencode(columns.picked_in_link(present))}"


@pytest.mark.parametrize("setting", [PLAIN, MOVED, RICH])
def test_a_link_gives_back_what_was_picked(setting: Setting) -> None:
    found, problems = read(link(MOVED, setting, PLAIN), MOVED)
    assert not problems
    assert list(dict.fromkeys(found or ())) == list(dict.fromkeys((setting, PLAIN)))


def test_a_link_gives_back_settings_of_a_chain_of_ones_own() -> None:
    own = Setting().with_own(files.dump(files.load("reference")))
    moved = own.with_lever("frame", 0.1)
    assert read(link(own, own, moved), own)[0] == (own, moved)


def test_nothing_picked_leaves_no_trace_in_a_link() -> None:
    assert columns.picked_in_link(PLAIN) == []
    assert read(PLAIN.query, PLAIN) == (None, [])


@pytest.mark.parametrize("text", ["room=7", "policy=shout", "k=asiel&room=x", "event=nonsense", "%%%", "with=with"])
def test_nonsense_in_a_link_is_left_out_and_stays_in_this_chain(text: str) -> None:
    found, problems = read(f"{PLAIN.query}&with={text.replace('&', '%26').replace('=', '%3D')}", PLAIN)
    assert found is not None and len(found) == 1
    assert found[0].chain in (PLAIN.chain, "asiel")
    assert columns.side_by_side(PLAIN, found)[-1].chain == PLAIN.chain
    assert problems or found[0] == PLAIN


def test_more_than_four_in_a_link_are_not_read() -> None:
    assert len(read(PLAIN.query + "&with=start" * 30, PLAIN)[0] or ()) == columns.MOST


@pytest.mark.parametrize("language", languages())
def test_a_column_is_called_what_it_is(language: str) -> None:
    names = [
        columns.name_of(PLAIN, MOVED, language, {}),
        columns.name_of(MOVED, MOVED, language, {}),
        columns.name_of(replace(PLAIN, policy="hold_firm"), MOVED, language, {}),
        columns.name_of(RICH, MOVED, language, {}),
    ]
    assert len(set(names)) == 4


def test_what_somebody_called_a_setting_goes_before_what_it_is_and_travels_in_a_link() -> None:
    side = [PLAIN, RICH]
    for place, name in ((1, "  Strak & snel =  1 "), (0, "{was}")):
        found = columns.called_anew(side, place, name)
        assert found is not None
        columns.names.value = found
    columns.picked.value = tuple(side)
    link = f"{PLAIN.query}&{urlencode(columns.picked_in_link(PLAIN))}"
    columns.names.value = {}
    found_side, problems = read(link, PLAIN)
    assert (found_side, problems) == (tuple(side), [])
    called = columns.names.value
    assert [columns.name_of(one, PLAIN, "nl", called) for one in side] == ["{was}", "Strak & snel = 1"]


def test_a_name_can_be_taken_back_is_never_long_and_needs_a_column() -> None:
    assert columns.called_anew([PLAIN], 1, "wie") is None
    long = columns.called_anew([PLAIN], 0, "w" * 500)
    assert long is not None and [len(name) for name in long.values()] == [LONGEST_NAME]
    columns.names.value = long
    assert columns.called_anew([PLAIN], 0, "   ") == {}


@pytest.mark.parametrize("language", languages())
def test_what_is_different_is_told_in_words(language: str) -> None:
    told = columns.changes_from(PLAIN, RICH, language)
    assert len(told) == 5, "room, policy, capacity, events, non-standard cases"
    assert columns.changes_from(PLAIN, PLAIN, language) == []
    assert len(columns.changes_from(RICH, PLAIN, language)) == 5


def test_what_a_browser_asks_for_is_checked() -> None:
    columns = [PLAIN, MOVED]
    assert added(columns, MOVED, {"what": "now"}) == columns
    assert added(columns, MOVED, {"what": "start"}) is None, "it is there already"
    assert added(columns, MOVED, {"what": "policy", "name": POLICIES[1]}) == [
        *columns,
        replace(MOVED, policy=POLICIES[1]),
    ]
    for wish in ({}, {"what": "policy", "name": "shout"}, {"what": "policy"}, {"what": 3}):
        assert added(columns, MOVED, wish) is None
    four = [PLAIN.with_lever("room", place / 10) for place in range(4)]
    assert added(four, PLAIN, {"what": "policy", "name": POLICIES[1]}) is None
    assert without(columns, 0) == [MOVED] and without([PLAIN], 0) is None and without(columns, 9) is None
    assert without(columns, "0") is None  # type: ignore[arg-type]
    assert in_front(columns, 1) == [MOVED, PLAIN] and in_front(columns, -1) is None
