"""Claims about marked places on pages: filled, and nothing else touched; a mistake in a marker is told by name."""

from __future__ import annotations

import re

import pytest
from docs.make.blocks import markdown, names_on, refresh

MAKERS = {"levers": lambda: "fresh"}


def test_what_stands_outside_the_blocks_is_untouched() -> None:
    text = "before\n<!-- begin generated: levers -->\nold\n<!-- end generated: levers -->\nafter\n"
    filled = refresh(text, MAKERS)
    assert filled == text.replace("old", "fresh")
    assert refresh(filled, MAKERS) == filled
    assert names_on(text) == ["levers"]


def test_a_page_without_blocks_stays_as_it_is() -> None:
    assert refresh("# Nothing here\n", MAKERS) == "# Nothing here\n"


@pytest.mark.parametrize(
    "text",
    [
        "<!-- begin generated: levers -->\nno end\n",
        "no begin\n<!-- end generated: levers -->\n",
        "<!-- begin generated: levers -->\n<!-- end generated: outcomes -->\n",
    ],
)
def test_a_marker_without_its_partner_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="partner"):
        refresh(text, MAKERS)


def test_an_unknown_name_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="nothing is called furlongs"):
        refresh("<!-- begin generated: furlongs -->\n<!-- end generated: furlongs -->\n", MAKERS)


def test_a_bar_in_a_cell_does_not_break_a_table_and_numbers_stand_at_the_right() -> None:
    heading, sides, row = markdown(["what", "number"], [["this | that", "1"]], {1}).splitlines()
    assert len(re.split(r"(?<!\\)\|", row)) == len(re.split(r"(?<!\\)\|", heading))
    assert sides == "| --- | ---: |"
