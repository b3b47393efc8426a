"""Claims about the page with two chains: the same move, and what it does in each."""

from __future__ import annotations

import pytest

from ketensim.app import session
from ketensim.app.contrast import sides
from ketensim.app.contrast.sides import START, all_contrasts, seen
from ketensim.texts import LANGUAGES, t

RUNS = 60  # fewer leave it open whether the help is chance
pytestmark = pytest.mark.jit


def at(name: str, value: float, monkeypatch: pytest.MonkeyPatch) -> dict:  # type: ignore[type-arg]
    """What is seen at last of a contrast with few runs."""
    monkeypatch.setattr(sides, "FIRST_RUNS", RUNS // 2)
    monkeypatch.setattr(sides, "ALL_RUNS", RUNS)
    monkeypatch.setattr(sides, "_kept", {})
    return list(seen(all_contrasts()[name], value, "nl", lambda _: None))[-1]


def test_the_same_step_helps_where_many_cases_are_hard_and_hurts_where_few_are(monkeypatch: pytest.MonkeyPatch) -> None:
    few, many = at("cases", 0.8, monkeypatch)["sides"]
    assert few["effect"]["judged"] == "worse" and many["effect"]["judged"] == "better"


def test_at_its_start_the_slider_has_done_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    page = at("cases", START, monkeypatch)
    assert page["verdict"] == t("contrast.verdict.start", "nl")
    assert all(side["before"] is None for side in page["sides"])


@pytest.mark.parametrize("name", all_contrasts())
def test_both_sides_of_a_contrast_run_the_same_weeks_and_move_by_the_slider_alone(name: str) -> None:
    first, second = all_contrasts()[name].sides
    assert first.scenario.weeks == second.scenario.weeks and first.scenario.start == second.scenario.start
    for side in (first, second):
        moved = side.at(0.9)
        assert {lever for lever in side.levers if moved.lever_at(lever) != 0.9} == set()
        assert side.at(START) is side.scenario


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", all_contrasts())
def test_a_contrast_has_words(name: str, language: str) -> None:
    for key in (
        "title",
        "question",
        "slider",
        "low",
        "high",
        *(f"{side.name}.label" for side in all_contrasts()[name].sides),
    ):
        assert t(f"contrast.{name}.{key}", language)


def test_two_chains_are_about_cases_also_when_the_visitor_has_a_chain_of_children() -> None:
    assert session.words()["things"] == "kinderen"
    assert session.texts("contrast")["headline"] == t("contrast.headline", "nl")
    assert "100 kinderen" in session.texts("goal")["headline"]
