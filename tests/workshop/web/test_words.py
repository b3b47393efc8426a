"""Claims about the words of the pages: all in the catalogues, in a form that the scripts understand."""

from __future__ import annotations

import re
import string
from collections.abc import Iterator
from importlib import resources

import pytest

from ketensim.foundation.outcome_table import HOUR_GROUPS
from ketensim.texts import languages, t, word
from ketensim.workshop.game.decisions import DECISIONS
from ketensim.workshop.web import rendering, room_facts
from ketensim.workshop.web.facilitator import control
from ketensim.workshop.web.phone import page as phone
from ketensim.workshop.web.projector import page as projector

SCRIPTS = {name: content.decode() for name, content in rendering.files().items() if name.endswith(".js")}
PARTS = {part.rsplit(".", 1)[-1]: part for part in (*phone.TEXTS, *control.TEXTS, *projector.TEXTS)}
UNDERSTOOD = re.compile(r"^(|%|\.\df|\?[^|]*\|.*)$")  # what a script can fill in without a catalogue


def keys() -> Iterator[tuple[str, str]]:
    """Every key that a script names in full, with the script."""
    for name, script in SCRIPTS.items():
        for key in re.findall(r'\bsay\(\s*"([a-z_.]+)"', script) + re.findall(r'\? "([a-z]+\.[a-z_.]+)" :', script):
            yield name, key


def in_catalogue(key: str) -> str:
    section, _, rest = key.partition(".")
    return f"{PARTS[section]}.{rest}"


@pytest.mark.parametrize(("script", "key"), sorted(set(keys())))
def test_what_a_script_says_stands_in_both_catalogues_in_a_form_that_it_understands(script: str, key: str):
    for language in languages():
        text = word(in_catalogue(key), language)
        assert text != in_catalogue(key).partition(".")[2], f"{script} says {key}"
        assert all(UNDERSTOOD.match(wish or "") for _, name, wish, _ in string.Formatter().parse(text) if name)


@pytest.mark.parametrize("language", languages())
def test_every_page_of_the_projector_and_every_phase_has_its_words(language: str):
    for slide in (*room_facts.REVEAL_SLIDES, *room_facts.DEBRIEF_SLIDES):
        assert t(f"room.control.slide.{slide}", language) and t(f"room.control.ask.{slide}", language).endswith(
            ("?", ".")
        )
    for phase in ("lobby", "predict_first", "predict", "decide", "run", "reveal", "debrief", "closed"):
        assert t(f"room.script.{phase}.say", language) and t(f"room.script.{phase}.do", language)
    for phase in ("lobby", "predict", "decide", "run", "reveal", "debrief", "closed"):
        assert t(f"room.shared.phase.{phase}", language)
    assert all(t(f"report.bar.{use}", language) for use in HOUR_GROUPS)
    for name, decision in DECISIONS.items():
        for step in decision.steps:
            assert t(f"workshop.decision.{name}.step.{step}.means", language)


def test_a_script_holds_no_sentence_of_its_own():
    for name, script in SCRIPTS.items():
        plain = re.sub(r"^\s*(//|/\*\*).*$|//.*$", "", script, flags=re.MULTILINE)
        found = re.findall(r'"([A-Z][a-z]+(?: [a-z]+)+)"', plain)
        assert found == [], f"{name}: {found}"


def test_no_word_says_je_to_a_participant():
    texts = re.findall(r": (.*)", (resources.files("ketensim.texts") / "nl_workshop.yaml").read_text("utf-8"))
    assert [text for text in texts if re.search(r"\b(je|jij|jouw|jullie)\b", text, re.IGNORECASE)] == []
