"""Claims about the palette: its letters can be read, and no page asks for a colour that it lacks."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import ketensim
from ketensim.views.drawing.palette import COLOURS, LETTERED, contrast, letters_on, stylesheet

READABLE = 4.5  # WCAG 2.1, level AA
LETTERS = ("ink", "muted", "accent", "warm", "good", "purple", "warn", "bad", "steel")
SHEETS = ("paper", "ground", "soft", "box")
STYLES = [
    file for kind in ("css", "js", "vue", "py") for file in Path(ketensim.__file__).parent.rglob(f"*.{kind}")
]  # all that can name a colour


@pytest.mark.parametrize("shade", [0, 1], ids=("light", "dark"))
def test_letters_can_be_read_on_every_sheet_and_surface(shade: int) -> None:
    pairs = [(COLOURS[name][shade], COLOURS[sheet][shade]) for name in LETTERS for sheet in SHEETS]
    pairs += [(letters_on(COLOURS[name][shade]), COLOURS[name][shade]) for name in LETTERED]
    assert [pair for pair in pairs if contrast(*pair) < READABLE] == []


def test_no_page_asks_for_a_colour_that_nobody_gives() -> None:
    text = "\n".join(file.read_text("utf-8") for file in STYLES) + stylesheet()
    asked = set(re.findall(r"var\(--([a-z-]+)\)", text))  # what has a value of its own beside it is given
    assert asked - set(re.findall(r"--([a-z-]+):", text)) == set()
