"""Claims of the page about what the workshop computes: its table is that of the code."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ketensim.texts import t
from ketensim.workshop.game.decisions import DECISIONS
from ketensim.workshop.game.plans import YEAR, ready_plan
from ketensim.workshop.runs.stretches import WATCHED
from ketensim.workshop.talk.debrief import COUNTED, SCREENED, STYLES

DOCS = Path(__file__).parents[3] / "docs"
PAGES = {"en": DOCS / "en" / "workshop_model.md", "nl": DOCS / "nl" / "workshop_model.md"}


@pytest.mark.parametrize("language", PAGES)
def test_the_table_of_questions_is_that_of_the_code(language):
    text = PAGES[language].read_text("utf-8")
    for name, decision in DECISIONS.items():
        [row] = re.findall(rf"^\|[^|]*`{name}`[^|]*\|([^|]*)\|([^|]*)\|$", text, re.MULTILINE)
        assert re.findall(r"`(\w+)`", row[0]) == list(decision.levers)
        called = [
            t(f"workshop.decision.{name}.step.{step}.label", language) if language == "nl" else step
            for step in decision.steps
        ]
        heights = [f"{value:g}" for value in decision.values]
        shown = [
            f"{word} {value.replace('.', ',') if language == 'nl' else value}"
            for word, value in zip(called, heights, strict=True)
        ]
        assert row[1].strip() == ", ".join(shown)


@pytest.mark.parametrize("language", PAGES)
def test_the_numbers_on_the_page_are_those_of_the_code(language):
    text = " ".join(PAGES[language].read_text("utf-8").split())
    assert all(f"`{name}`" in text for name in STYLES)
    words = {
        "en": ("with {0} other runs", "with {0} runs", "first {0} runs"),
        "nl": ("{0} andere keren", "{0} keer spelen", "eerste {0} keer"),
    }
    screened, counted, watched = words[language]
    assert screened.format(SCREENED) in text and counted.format(COUNTED) in text and watched.format(WATCHED) in text
    assert f"{YEAR} we" in text
    assert {ready_plan(name).runs for name in ("minutes_20", "minutes_60", "minutes_120")} == {200}
