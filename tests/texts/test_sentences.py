"""Claims about facts in sentences: the cases in ``sentences.yaml``, which browsers share (``tests/browser``)."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from ketensim.texts import catalogue, languages, script
from ketensim.texts.sentences import Sentence

SHARED = yaml.safe_load(Path(__file__).with_suffix(".yaml").with_stem("sentences").read_text("utf-8"))
WORDS: dict[str, str] = SHARED["words"]
CASES: list[tuple[str, dict[str, Any], str, str]] = [
    (text, facts, *answers[:1], answers[-1]) for cases in SHARED["cases"].values() for text, facts, *answers in cases
]  # text, facts, Dutch, English
WISH = re.compile(r"\{\w+:(?!\?|word )([^}]*)\}")
SAID_IN_BROWSERS = ("app", "room", "own", "shared", "phone", "screen", "control")


def word(name: str) -> str:
    return WORDS.get(name, name.partition(".")[2])


@pytest.mark.parametrize(("text", "facts", "dutch", "english"), CASES)
def test_a_sentence_says_its_facts_as_the_language_does(text: str, facts: Any, dutch: str, english: str) -> None:
    words = {"nl": word, "en": lambda name: word(name).replace("januari", "January")}
    said = {language: Sentence(language, words[language]).format(text, **facts) for language in languages()}
    assert said == {"nl": dutch, "en": english}


def test_browsers_know_every_wish_that_they_may_meet() -> None:
    known = re.search(r"WISH = /(.+)/;", script())
    assert known is not None
    named = {"%", "points", "hundred", "hundredths", "d"}
    for language in languages():
        texts = repr({name: part for name, part in catalogue(language).items() if name in SAID_IN_BROWSERS})
        wishes = [wish.partition(" unlike ")[0] for wish in WISH.findall(texts)]
        assert [wish for wish in wishes if wish and wish not in named and not re.match(known[1], wish)] == []
