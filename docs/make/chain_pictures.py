"""The picture of a chain as a file of its own: an SVG with the rules that the report has for it, in light colours."""

from __future__ import annotations

import re
from typing import Final

from ketensim.scenario.schema import Scenario
from ketensim.views.drawing.chain_picture import chain_picture
from ketensim.views.drawing.html_file import asset
from ketensim.views.drawing.markup import Markup, element
from ketensim.views.drawing.palette import COLOURS, FONT, PAPER

COLOUR: Final = re.compile(r"var\(--([\w-]+)\)")
RULE: Final = re.compile(r"^\.chain .*$", re.MULTILINE)
START: Final = re.compile(r"<svg (?P<given>[^>]*)>")
SIZE: Final = re.compile(r'viewBox="0 0 (\d+) (\d+)"')


def picture_file(scenario: Scenario, language: str) -> str:
    """The picture of a chain on a white sheet, as text of an SVG file."""
    drawn = chain_picture(scenario, language)
    size = SIZE.search(drawn)
    assert size is not None
    sheet = element("rect", width=size[1], height=size[2], fill=PAPER)
    style = element("style", Markup(f".chain {{ font-family: {FONT} }}\n{_rules()}"))
    head = f'xmlns="http://www.w3.org/2000/svg" width="{size[1]}" height="{size[2]}"'
    return START.sub(lambda match: f"<svg {head} {match['given']}>\n{style}\n{sheet}\n", drawn, count=1) + "\n"


def _rules() -> str:
    """The report's rules for the picture with their colours filled in: a file has no variables to look them up in."""
    return COLOUR.sub(lambda match: COLOURS[match[1]].light, "\n".join(RULE.findall(asset("page.css"))))
