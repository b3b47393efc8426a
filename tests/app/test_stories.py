"""Claims about the stories of the page Learn: they are true in the model, and would say so if they were not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ketensim.app.learn import stories
from ketensim.app.learn.stories import DIRECTIONS, GOAL, STORIES, ComparedPair, compared_pairs, page_of_story
from ketensim.run.estimate import HIGHER
from ketensim.texts import languages

RUNS = 60


@pytest.fixture(scope="module", params=STORIES)
def computed(request: pytest.FixtureRequest) -> tuple[ComparedPair, ...]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(stories, "FIRST_RUNS", RUNS // 2)
        patch.setattr(stories, "ALL_RUNS", RUNS)
        first, last = compared_pairs(STORIES[request.param], 1, lambda _: None)
    assert [one.runs for one in (*first, *last)] == [RUNS // 2] * 2 + [RUNS] * 2
    return last


def story_of(computed: tuple[ComparedPair, ...]) -> stories.Story:
    return next(story for story in STORIES.values() if story.pairs[0] == computed[0].pair)


@pytest.mark.jit
def test_a_story_is_true_in_the_model(computed: tuple[ComparedPair, ...]) -> None:
    for one in computed:
        assert one.direction() in one.pair.expected, one.pairs[GOAL]


@pytest.mark.jit
@pytest.mark.parametrize("language", languages())
def test_a_story_that_does_not_come_out_says_so(computed: tuple[ComparedPair, ...], language: str) -> None:
    story = story_of(computed)
    as_it_is = page_of_story(story, computed, {}, language)
    turned = tuple(
        replace(one, pair=replace(one.pair, expected=tuple(set(DIRECTIONS) - {one.direction()}))) for one in computed
    )
    other = page_of_story(story, turned, {}, language)
    assert other["conclusion"] != as_it_is["conclusion"]
    assert [pair["sentence"] for pair in other["pairs"]] == [pair["sentence"] for pair in as_it_is["pairs"]]


@pytest.mark.jit
@pytest.mark.parametrize("language", languages())
def test_a_prediction_is_held_against_what_came_out(computed: tuple[ComparedPair, ...], language: str) -> None:
    story = story_of(computed)
    guesses = {one.pair.name: HIGHER for one in computed}
    verdicts = [pair["verdict"] for pair in page_of_story(story, computed, guesses, language)["pairs"]]
    assert all(verdicts)
    if len({one.direction() for one in computed}) == 2:
        assert verdicts[0] != verdicts[1]
    assert all(pair["verdict"] == "" for pair in page_of_story(story, computed, {}, language)["pairs"])


def test_the_two_sides_of_a_pair_differ_and_the_two_pairs_change_the_same() -> None:
    for story in STORIES.values():
        one, other = story.pairs
        assert one.before != one.after and other.before != other.after
        assert one.before != other.before
        assert one.after.events == other.after.events
        assert dict(one.after.levers).get("room") == dict(other.after.levers).get("room")


def test_who_no_longer_waits_ends_the_computing() -> None:
    class LeftError(Exception):
        pass

    def leave(_: float) -> None:
        raise LeftError

    with pytest.raises(LeftError):
        next(compared_pairs(STORIES["room"], 1, leave))
