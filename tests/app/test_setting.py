"""Claims about what a link holds: everything comes back, and what is wrong is left out and named."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import settings as tried
from hypothesis import strategies as some

from ketensim.app.setting import (
    LONGEST_LINK,
    OWN,
    ExtraEvent,
    Setting,
    Steps,
    base,
    from_query,
    other_version,
    scenario_of,
    without_changes,
)
from ketensim.foundation.parameters import LEVER_NAMES, POLICIES
from ketensim.scenario import files
from ketensim.scenario.files import dump

SHARES = some.integers(0, 100).map(lambda number: number / 100)
EVENTS = some.builds(ExtraEvent, some.just("incident"), some.integers(0, 150), some.sampled_from([0.1, 0.25, 0.9]))


@some.composite
def settings(draw: some.DrawFn) -> Setting:
    setting = Setting(chain="reference")
    for name, value in draw(some.dictionaries(some.sampled_from(LEVER_NAMES), SHARES)).items():
        setting = setting.with_lever(name, value)
    return replace(
        setting,
        capacity=draw(some.none() | some.sampled_from([0.5, 0.95, 1.5])),
        non_standard=draw(some.none() | SHARES),
        policy=draw(some.none() | some.sampled_from(POLICIES)),
        always=bool(setting.levers) and draw(some.booleans()),
        quiet=draw(some.booleans()),
        events=tuple(draw(some.lists(EVENTS, max_size=2, unique_by=lambda event: event.week // 20))),
        seed=draw(some.integers(0, 2**63 - 1)),
    )


@tried(max_examples=12)
@given(setting=settings())
def test_a_link_holds_the_whole_setting(setting: Setting) -> None:
    found, problems = from_query(setting.query)
    assert problems == []
    assert found == setting


@tried(max_examples=12)
@given(setting=settings())
def test_the_same_setting_is_the_same_scenario_after_travelling_in_a_link(setting: Setting) -> None:
    assert scenario_of(from_query(setting.query)[0]) == scenario_of(setting)


@given(text=some.text(max_size=300))
def test_no_link_whatsoever_is_an_error(text: str) -> None:
    setting, _ = from_query(text)
    assert scenario_of(setting).weeks > 0


@pytest.mark.parametrize(
    ("query", "place"),
    [
        ("k=nergens", "k"),
        ("room=2", "room"),
        ("room=veel", "room"),
        ("room=nan", "room"),
        ("capacity=0", "capacity"),
        ("policy=hopen", "policy"),
        ("seed=-1", "seed"),
        ("event=incident", "event"),
        ("k=own&file=zzz", "file"),
    ],
)
def test_what_cannot_be_used_is_left_out_and_named_and_the_rest_is_kept(query: str, place: str) -> None:
    setting, problems = from_query(f"frame=0.15&{query}")
    assert [problem.path for problem in problems] == [place]
    assert dict(setting.levers)["frame"] == 0.15


def test_an_event_that_does_not_exist_leaves_the_chain_as_it_was() -> None:
    setting, problems = from_query("k=reference&event=ramp:20:0.5")
    assert problems
    assert setting.events == ()


def test_a_chain_of_ones_own_travels_along() -> None:
    text = dump(files.load("reference").with_levers(room=0.31))
    setting = Setting().with_own(text)
    found, problems = from_query(setting.query)
    assert problems == [] and found.chain == OWN
    assert base(found).lever_at("room") == 0.31
    assert found.with_lever("room", 0.31) == found  # where the file has it
    assert len(setting.query) < LONGEST_LINK


def test_a_lever_that_is_put_back_is_no_longer_part_of_the_setting() -> None:
    setting = Setting(chain="reference").with_lever("room", 0.9)
    assert setting.with_lever("room", base(setting).lever("room")) == Setting(chain="reference")


def test_what_is_moved_is_decided_in_the_first_week_unless_it_has_always_been_so() -> None:
    decided = Setting(chain="reference").with_lever("room", 0.9)
    always = replace(decided, always=True)
    before = base(decided).lever("room")
    assert (scenario_of(decided).lever("room"), scenario_of(decided).lever_at("room")) == (before, 0.9)
    assert (scenario_of(always).lever("room"), scenario_of(always).lever_at("room")) == (0.9, 0.9)
    assert "always" not in decided.query and from_query(always.query)[0] == always


def test_what_has_always_been_so_holds_against_what_a_file_decides_in_the_first_week() -> None:
    own = Setting().with_own(dump(files.load("reference").with_levers(room=0.31)))
    always = replace(own.with_lever("room", 0.8), always=True)
    assert (scenario_of(always).lever("room"), scenario_of(always).lever_at("room")) == (0.8, 0.8)


def test_nothing_has_always_been_so_in_a_link_that_moves_no_lever() -> None:
    assert from_query("k=reference&always=1") == (Setting(chain="reference"), [])


@tried(max_examples=12)
@given(setting=settings())
def test_the_chain_without_changes_meets_the_same_luck_and_events_unless_those_are_all_that_changed(
    setting: Setting,
) -> None:
    was = without_changes(setting)
    decided = setting.levers or setting.policy or setting.capacity is not None or setting.non_standard is not None
    assert was.levers == () and was.policy is None and was.seed == setting.seed
    assert (was.quiet, was.events) == ((setting.quiet, setting.events) if decided else (False, ()))


def test_another_version_is_noticed() -> None:
    assert other_version(Setting().query) is None
    assert other_version("?v=0.0.1") == "0.0.1"


@given(numbers=some.lists(some.integers(2, 99), max_size=8, unique=True))
def test_undo_goes_back_to_the_beginning_and_redo_to_the_end(numbers: list[int]) -> None:
    start = now = Setting(seed=1)
    steps = Steps()
    for number in numbers:
        steps, now = steps.after(now), replace(now, seed=number)
    end = now
    for _ in numbers:
        now, steps = steps.undone(now)
    assert now == start
    assert steps.undone(now) == (now, steps)
    for _ in numbers:
        now, steps = steps.redone(now)
    assert now == end
    assert steps.redone(now) == (now, steps)


def test_after_a_new_step_there_is_nothing_to_redo() -> None:
    now, steps = Steps().after(Setting(seed=1)).undone(Setting(seed=2))
    assert steps.future
    assert steps.after(now).future == ()
