"""Claims about the words of one chain: what it handles has its own word wherever that chain is on the page or screen."""

from __future__ import annotations

import re

import pytest

from ketensim.scenario.files import load
from ketensim.texts import catalogue, enumerated, glossary, languages, meaning_of, t, word, worded
from ketensim.views.drawing.marks import event_in_words
from ketensim.views.report.differences import different_settings
from ketensim.views.report.evidence import number_table

CASE = re.compile(r"(?<!\{)\b(?:zaak|zaken|cases?)\b", re.IGNORECASE)  # {cases} is the name of a number
WORDS = {"thing": "gezin", "things": "gezinnen"}
IN_GENERAL = {"case"}  # the term that says what a case is


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("section", ["outcome", "explain"])
def test_outcomes_and_reasons_of_a_week_take_the_word_of_the_chain(section: str, language: str) -> None:
    told = str(worded(catalogue(language)[section], WORDS, language))
    assert "gezinnen" in told
    assert not CASE.findall(told)


@pytest.mark.parametrize("language", languages())
def test_a_glossary_beside_one_chain_speaks_of_what_it_handles(language: str) -> None:
    told = {name: meaning_of(term, language, WORDS) for name, term in glossary().items() if name not in IN_GENERAL}
    assert {name: text for name, text in told.items() if CASE.search(text)} == {}
    assert any("gezin" in text for text in told.values())


@pytest.mark.parametrize("language", languages())
def test_the_questions_of_a_workshop_take_the_word_of_the_chain(language: str) -> None:
    told = str(worded(catalogue(language)["workshop"]["decision"], WORDS, language))
    assert not CASE.findall(told)


def test_without_a_word_of_its_own_a_chain_handles_cases() -> None:
    assert word("outcome.open", "nl") == "Aantal zaken in de keten"
    assert word("outcome.open", "nl", **WORDS) == "Aantal gezinnen in de keten"
    assert word("unit.cases/week", "en", things="families") == "families per week"


def test_more_of_those_who_come_along_is_inflow_and_equal_periods_are_told_as_one() -> None:
    chain = load("asiel")
    told = {event.label.nl: event_in_words(chain, event, "nl") for event in chain.events}
    assert told["Nareizigers in 2013"] == "Nareizigers in 2013 (57% minder instroom), 52 weken lang"
    assert told["Instroom van 2013"] == "Instroom van 2013 (45% minder asielzoekers), 52 weken lang"
    assert "−46% tot +17% asielzoekers" in told["Instroom van 2014"]


def test_a_number_of_a_kind_names_the_kind_and_a_share_is_in_per_cent() -> None:
    numbers = {row[0]: row[1] for row in number_table(load("asiel"), "nl")[0].rows}
    assert numbers["IND → COA: aandeel dat daarheen gaat, Dublin en veilige landen (sporen 1 en 2)"] == "2%"
    assert numbers["Gemeenten en woningcorporaties: verloop per jaar"] == "8,3%"
    assert numbers["Besluiten na de termijn van zes maanden"] == "61%"
    assert numbers["Gemeenten en woningcorporaties: weken waarbinnen partners iets verwachten"] == "10"


@pytest.mark.parametrize(("language", "told"), [("nl", "1 was nog open en 2 waren nog open"), ("en", "1 was still open and 2 were still open")])  # fmt: skip
def test_one_is_told_in_the_singular(language: str, told: str) -> None:
    assert enumerated([t("report.ledger.open", language, cases=cases) for cases in (1, 2)], language) == told


def test_no_steering_policy_is_not_told_as_one() -> None:
    chain = load("jeugdbescherming")
    firm = chain.model_copy(update={"policy": "let_go_at_once"})
    assert different_settings(firm, chain, "nl") == [
        "Stuurstijl: ‘Meteen loslaten’ in plaats van de knoppen laten staan"
    ]
    assert different_settings(chain, firm, "nl") == ["De knoppen blijven staan, zonder de stuurstijl ‘Meteen loslaten’"]


@pytest.mark.parametrize(("often", "told"), [(1.0, "In alle simulaties kwam"), (0.6, "In 60% van de simulaties kwam")])
def test_all_runs_are_not_told_as_a_hundred_per_cent(often: float, told: str) -> None:
    facts = {
        "other": "x",
        "size": 1.0,
        "a": 0.5,
        "b": 0.6,
        "low": 0.05,
        "high": 0.15,
        "b_higher": often,
        "not_higher": 1 - often,
    }
    assert told in t("report.compare.higher", "nl", **facts)
    none = facts | {"b_higher": 0.0, "not_higher": 1.0}
    assert "In geen enkele simulatie kwam" in t("report.compare.lower", "nl", **none)
    assert "In no run did this chain come out higher" in t("report.compare.lower", "en", **none)
