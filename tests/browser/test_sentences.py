"""Claim about ``sentences.js``: browsers fill in facts exactly as Python does, case by case."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from playwright.sync_api import Browser
from tests.texts.test_sentences import CASES, WORDS

from ketensim.texts import languages, script

SAID = """([cases, words, language]) => cases.map(([text, facts]) =>
    sentences.fill(text, facts, language, (name) => words[name] ?? name.slice(name.indexOf(".") + 1)))"""


def sent(fact: Any) -> Any:
    """A fact as it travels to a browser, where a day is a moment."""
    if isinstance(fact, datetime.date):
        return datetime.datetime(fact.year, fact.month, fact.day, tzinfo=datetime.UTC)
    return fact


@pytest.mark.browser
@pytest.mark.parametrize("language", languages())
def test_a_browser_says_facts_as_python_does(browser: Browser, language: str) -> None:
    page = browser.new_page()
    page.set_content(f"<html lang='{language}'><script>{script()}</script>")
    cases = [(text, {name: sent(fact) for name, fact in facts.items()}) for text, facts, *_ in CASES]
    said = page.evaluate(SAID, [cases, WORDS, language])
    page.close()
    place = 2 + languages().index(language)
    assert said == [case[place] for case in CASES]
