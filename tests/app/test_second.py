"""Claims about what stands beside the film on Watch: the same luck, offered with its name, and in the link."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from urllib.parse import urlencode

import numpy as np
import pytest

from ketensim.app import pins
from ketensim.app.background import Listener
from ketensim.app.beside import as_link_value
from ketensim.app.pins import Pin
from ketensim.app.setting import ExtraEvent, Setting, pairs_of, without_changes
from ketensim.app.watch import second
from ketensim.app.watch.film import RUNS
from ketensim.app.watch.page import answers_of, make_film
from ketensim.app.watch.second import Second, choices, lay_beside, present_second
from ketensim.texts import languages

PLAIN = Setting(chain="reference", seed=4)
MOVED = replace(PLAIN.with_lever("room", 0.91), decided=30)
PINNED = PLAIN.with_lever("frame", 0.2)


@pytest.fixture(autouse=True)
def _nothing_beside() -> Iterator[None]:
    second.second.value, pins.pins.value = None, ()
    yield
    second.second.value, pins.pins.value = None, ()


def labels(present: Setting, language: str = "nl") -> list[str]:
    return [choice["label"] for choice in choices(present, "average", language)["settings"]]


@pytest.mark.parametrize("language", languages())
def test_offered_are_other_runs_what_is_pinned_the_chain_as_it_was_and_whole_settings(language: str) -> None:
    pins.pins.value = (Pin(PINNED, "Weinig kader"),)
    offered = choices(MOVED, "best", language)
    assert [run["value"] for run in offered["runs"]] == ["average", "worst", "other"]
    assert labels(MOVED, language)[0] == "Weinig kader"
    assert len(offered["settings"]) == 1 + 1 + 4
    assert len({setting["value"] for setting in offered["settings"]}) == 6


def test_a_setting_is_not_offered_beside_itself() -> None:
    assert as_link_value(PLAIN) not in [one["value"] for one in choices(PLAIN, "average", "nl")["settings"]]
    assert len(labels(PLAIN)) == 4


def test_whatever_is_offered_can_be_chosen_and_nothing_else() -> None:
    for choice in choices(MOVED, "average", "nl")["settings"]:
        lay_beside(choice["value"], MOVED, 3, "nl")
        assert choices(MOVED, "average", "nl")["chosen"] == choice["value"]
    for value in ("", "room=0.123", "60", "-1", "everything"):
        lay_beside(value, MOVED, 3, "nl")
        assert second.second.value is None
    lay_beside("worst", MOVED, 3, "nl")
    assert present_second(MOVED) == Second(run="worst")
    lay_beside("other", MOVED, RUNS - 1, "nl")
    assert present_second(MOVED) == Second(run="0")


@pytest.mark.parametrize(
    "wanted",
    [
        None,
        Second(run="best"),
        Second(run="17"),
        Second(setting=without_changes(MOVED)),
        Second(setting=replace(PINNED, events=(ExtraEvent("incident", 9, 0.5),), policy="hold_firm", capacity=0.9)),
    ],
)
def test_a_link_holds_what_stands_beside_the_film(wanted: Second | None) -> None:
    second.second.value = wanted
    link = f"{MOVED.query}&{urlencode(second.second_in_link(MOVED))}"
    second.second.value = Second(run="best")
    assert second.second_from_link(pairs_of(link), MOVED) == []
    assert present_second(MOVED) == wanted


def test_what_a_link_lays_beside_it_is_checked() -> None:
    problems = second.second_from_link(pairs_of("beside=room%3D7"), MOVED)
    assert [problem.path for problem in problems] == ["room"]
    assert present_second(MOVED) == Second(setting=PLAIN)


def test_nothing_is_beside_a_film_of_another_chain_or_of_the_very_same_setting() -> None:
    second.second.value = Second(setting=MOVED)
    assert present_second(MOVED) is None
    assert present_second(Setting(chain="schuldhulp")) is None
    assert second.second_in_link(MOVED) == []


def test_both_films_are_the_same_until_the_decision_and_then_not() -> None:
    listener = Listener(lambda _: None, lambda _: None)
    moved = make_film(MOVED, "5", None, listener)
    was = make_film(without_changes(MOVED), str(moved.film.replication), None, listener)
    same = moved.film.organisation == was.film.organisation
    assert same[: MOVED.decided + 1].all() and not same[MOVED.decided + 2 :].all()
    np.testing.assert_array_equal(moved.film.arrivals[: MOVED.decided], was.film.arrivals[: MOVED.decided])


def test_a_question_is_answered_for_each_film() -> None:
    listener = Listener(lambda _: None, lambda _: None)
    films = [make_film(one, "5", None, listener) for one in (PLAIN, PLAIN.with_lever("room", 0.9))]
    answer = answers_of({"week": 40, "organisation": 1}, films, "nl")
    assert answer is not None and len(answer["sentences"]) == 2 and all(answer["sentences"])
    assert answers_of({"week": 40, "organisation": 99}, films, "nl") is None
    assert answers_of({"week": 40, "organisation": 1}, [], "nl") is None
