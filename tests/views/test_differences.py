"""Claims about what is told of two versions of one chain: which setting, from when, and where."""

from __future__ import annotations

import pytest
from tests.views.fake import fake_scenario

from ketensim.scenario.one_roof import one_roof
from ketensim.scenario.schema import Scenario
from ketensim.texts import languages
from ketensim.views.drawing.marks import change_in_words
from ketensim.views.report.differences import different_settings
from ketensim.views.report.tables import lever_rows


@pytest.fixture(scope="module")
def chain() -> Scenario:
    return fake_scenario()  # room stands at 0.4, at the institution at 0.7, and moves to 0.6 in week 120


def told(chain: Scenario, other: Scenario) -> list[str]:
    return different_settings(other, chain, "en")


def test_a_decision_in_week_0_is_told_with_where_the_lever_stood_and_from_when(chain: Scenario) -> None:
    assert told(chain, chain.with_levers(frame=0.9)) == ["Frame: 60% became 90%, from week 0 on"]


def test_what_has_always_been_so_is_told_as_that(chain: Scenario) -> None:
    assert told(chain, chain.with_levers(always=True, frame=0.9)) == [
        "Frame: 90% instead of 60%, as if it had always been so"
    ]


def test_a_decision_for_some_organisations_names_them(chain: Scenario) -> None:
    assert told(chain, chain.with_levers(organisation=["Raad", "Rechter"], frame=0.9)) == [
        "Frame at Raad and Rechter: 60% became 90%, from week 0 on"
    ]


def test_a_decision_for_all_that_is_another_one_somewhere_is_told_as_two(chain: Scenario) -> None:
    assert told(chain, chain.with_levers(frame=0.9).with_levers(organisation="Raad", frame=0.1)) == [
        "Frame: 60% became 90%, from week 0 on",
        "Frame at Raad: 60% became 10%, from week 0 on",
    ]


def test_an_organisation_with_a_lever_of_its_own_is_not_in_the_sentence_about_all(chain: Scenario) -> None:
    assert told(chain, chain.with_levers(room=0.9)) == ["Room: 40% became 90%, from week 0 on"]


def test_a_decision_of_later_is_told_with_its_date_and_one_of_two_partners_with_both(chain: Scenario) -> None:
    assert told(chain, chain.with_levers(week=52, frame=0.9)) == ["From 31 December 2015: Frame to 90%"]
    between = chain.with_levers(between=("Wijkteam", "Raad"), frame=0.9)
    assert told(chain, between) == ["From 1 January 2015: Frame to 90% between Wijkteam and Raad"]
    assert "tussen Wijkteam en Raad" in change_in_words(between.calendar[-1], "nl")


def test_a_programme_under_one_roof_is_told_in_a_sentence_and_not_in_its_numbers(chain: Scenario) -> None:
    programme = one_roof(chain.with_levers(organisation="Instelling", always=True, room=0.4))
    assert told(chain, programme)[-1].startswith("Everything under one roof: ")
    assert told(programme, chain)[-1] == "No programme under one roof but a chain of organisations"


def test_two_equal_versions_differ_in_nothing_and_two_chains_are_no_versions(chain: Scenario) -> None:
    assert told(chain, chain) == []


@pytest.mark.parametrize("language", languages())
def test_the_table_of_levers_says_where_each_stands_once_everything_is_decided(chain: Scenario, language: str) -> None:
    """And where it stood until then, and where an organisation has it elsewhere."""
    rows = {row["label"]: row for row in lever_rows(chain.with_levers(room=0.9), language)}
    room = rows["Ruimte" if language == "nl" else "Room"]
    assert room["value"] == 0.9
    assert any("40%" in note for note in room["notes"])
    assert any("70%" in note for note in room["notes"])
