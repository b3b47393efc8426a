"""Claims about counts in sentences: one is told in the singular, none is told as none, and what differs looks different."""

from __future__ import annotations

import itertools
import re
import string
from typing import Any

import numpy as np
import pytest

from ketensim.foundation.parameters import LEVERS
from ketensim.foundation.rows import ORGANISATION
from ketensim.run.explanation import explain
from ketensim.texts import catalogue, languages, t, worded
from ketensim.texts.sentences import HANDLED, Sentence
from ketensim.views.report.conclusions import sentences

CHOICE = re.compile(r":\?([^|}]*)\|([^}]*)\}")  # {count:?case|cases}
ONE_OF = re.compile(r"(?<![\w.,−+-])1 (?:(\w+e|open|other|published) )?(\w+)")
VERBS = {
    "are",
    "go",
    "komen",
    "kwamen",
    "vielen",
    "waren",
    "were",
    "zijn",
}  # a sentence may end "at most 1 may be there"
WITH_DECIMALS = {"difference", "points", "value"}  # facts that come as text with a decimal
NONE_OF = re.compile(r"(?<![\w.,−+-])0 \w+")
BESIDE = ("werd", "became", "in plaats van", "instead of", "naar", "to", "tegen", "against", "wordt", "becomes")


def texts_of(node: Any, path: str = "") -> Any:
    for name, inner in node.items():
        yield from texts_of(inner, f"{path}{name}.") if isinstance(inner, dict) else [(f"{path}{name}", inner)]


ALL = {language: dict(texts_of(catalogue(language))) for language in languages()}
PLURALS = {
    language: {many for text in texts.values() for _, many in CHOICE.findall(text) if re.fullmatch(r"\w+", many)}
    - VERBS
    for language, texts in ALL.items()
}


def filled(text: str, language: str, number: float) -> str:
    """A text with the same number for each of its facts."""
    whole = [(name, spec or "") for _, name, spec, _ in string.Formatter().parse(text) if name]
    inside = [name for _, spec in whole for _, name, _, _ in string.Formatter().parse(spec) if name]
    names = {name for name, _ in whole} | {name for name in inside if name not in HANDLED}
    return Sentence(language, lambda name: name.partition(".")[2]).format(
        text, **dict.fromkeys(names, number) | dict.fromkeys(names & WITH_DECIMALS, "+1.0")
    )


@pytest.mark.parametrize("language", languages())
def test_one_of_something_is_told_in_the_singular(language: str) -> None:
    wrong = {}
    for key, text in ALL[language].items():
        found = [thing for _, thing in ONE_OF.findall(filled(text, language, 1)) if thing in PLURALS[language]]
        if found:
            wrong[key] = found
    assert not wrong


COUNTS = ("staff_left", "staff_hired", "returned", "refused", "late", "overdue", "served", "blocked", "dropped")


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("counts", list(itertools.product((0, 1, 2), repeat=3)))
def test_an_explanation_tells_no_count_of_nought_and_no_plural_of_one(counts: tuple[int, ...], language: str) -> None:
    before, now = np.zeros(2, ORGANISATION).view(np.recarray)
    now.staff = 1
    for place, name in enumerate(COUNTS):
        setattr(now, name, counts[(place + place // 3) % 3])
    before.waiting, now.waiting = 3, 1
    told = sentences(explain("Intake", 1, before, now, np.zeros((2, len(LEVERS)))), language)
    assert not [sentence for sentence in told if NONE_OF.search(sentence)]
    assert not [one for sentence in told for _, one in ONE_OF.findall(sentence) if one in PLURALS[language]]


@pytest.mark.parametrize("language", languages())
def test_two_numbers_beside_each_other_in_a_sentence_look_other_when_they_are(language: str) -> None:
    pair = re.compile(
        r"\{(\w+):([^}]*?)(?: unlike \w+)?\}[^{]*? (?:" + "|".join(BESIDE) + r")[^{]*? \{(\w+):(\2)( unlike \1)?\}"
    )
    alike = {
        key: text
        for key, text in ALL[language].items()
        for first, wish, second, _, unlike in pair.findall(text)
        if not unlike and {first, second} in ({"before", "now"}, {"before", "after"}, {"first", "last"}, {"a", "b"})
    }
    assert not alike


def test_a_half_point_is_not_told_as_58_became_58() -> None:
    facts = {
        "other": "x",
        "size": 0.4,
        "a": 0.581,
        "b": 0.585,
        "low": 0.001,
        "high": 0.007,
        "b_higher": 0.6,
        "not_higher": 0.4,
    }
    assert "58,5% tegen 58,1%" in t("report.compare.higher", "nl", **facts)
    assert "58.5% against 58.1%" in t("report.compare.higher", "en", **facts)


def test_what_a_chain_handles_has_its_own_word_and_else_is_a_case() -> None:
    children = {"thing": "kind", "things": "kinderen"}
    assert t("report.headline.alone", "nl", share=0.4, **children).startswith("Van elke 100 kinderen ")
    assert t("report.headline.alone", "nl", share=0.4).startswith("Van elke 100 zaken ")
    assert worded({"a": {"b": "100 {things}, {count}"}}, children, "nl") == {"a": {"b": "100 kinderen, {count}"}}
    assert worded({"a": "per {thing}"}, {}, "en") == {"a": "per case"}
