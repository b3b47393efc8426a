"""Small pictures for pages on paper and on screen, as SVG without script: a line per table."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import cycle
from typing import Any, Final

from ketensim.views.drawing.axes import Scale, apart
from ketensim.views.drawing.markup import Markup, element
from ketensim.views.drawing.palette import DASHES, GRID, LINES, MUTED

WIDTH: Final = 720.0
HEIGHT: Final = 260.0
LEFT, RIGHT, TOP, BOTTOM = 46.0, 104.0, 14.0, 30.0
SAMPLE: Final = 26.0  # length of the piece of line before a name
STEP: Final = 0.1  # between the lines of the grid
MARGIN: Final = 0.02  # above and below what is drawn
LETTER: Final = 13
APART: Final = 15.0  # least distance between two names at the end of lines
NamedLine = tuple[str, Sequence[float | None]]


def goal_picture(named: Sequence[NamedLine], weeks_per_round: int, round_name: str, alternative: str) -> Markup:
    """Shares per week, one line per table; upright lines between the rounds.

    Parameters
    ----------
    named : name and values of each line, in [0, 1]; None = a gap
    round_name : what stands below each round, before its number
    alternative : the picture in words
    """
    known = [value for _, values in named for value in values if value is not None]
    weeks = max((len(values) for _, values in named), default=1)
    across = Scale(0.0, max(1, weeks), LEFT, WIDTH - RIGHT)
    upright = Scale.in_steps(known, STEP, 1.0, HEIGHT - BOTTOM, TOP, margin=MARGIN)
    looks: dict[str, dict[str, Any]] = {
        name: {"stroke": look.colour, "stroke_width": 2.5, "stroke_dasharray": DASHES[look.texture] or None}
        for (name, _), look in zip(named, cycle(LINES), strict=False)
    }
    drawn = _grid(across, upright, weeks_per_round, round_name)
    for name, values in named:
        drawn += [element("path", d=path, fill="none", **looks[name]) for path in _paths(values, across, upright)]
    ends = [upright.place(_last(values, upright.low)) for _, values in named]
    begin = WIDTH - RIGHT + 6
    for height, (name, _) in zip(apart(ends, APART, TOP, HEIGHT - BOTTOM), named, strict=True):
        drawn.append(_line(begin, height, begin + SAMPLE, height, **looks[name]))
        drawn.append(_text(begin + SAMPLE + 5, height + 4, name, "start"))
    box = f"0 0 {WIDTH:.0f} {HEIGHT:.0f}"
    return element(
        "svg", element("title", alternative), *drawn, viewBox=box, role="img", aria_label=alternative, width="100%"
    )


def _grid(across: Scale, upright: Scale, weeks_per_round: int, round_name: str) -> list[Markup]:
    """Lines for shares, upright lines between rounds, and their names."""
    drawn = []
    for share, y in upright.ticks(STEP):
        drawn.append(_line(LEFT, y, WIDTH - RIGHT, y, GRID))
        drawn.append(_text(LEFT - 6, y + 4, f"{round(100 * share)}%", "end"))
    for number in range(math.ceil(across.high / weeks_per_round)):
        begin = across.place(number * weeks_per_round)
        drawn.append(_line(begin, TOP, begin, HEIGHT - BOTTOM, MUTED))
        middle = across.place((number + 0.5) * weeks_per_round)
        drawn.append(_text(middle, HEIGHT - 10, f"{round_name} {number + 1}", "middle"))
    return drawn


def _last(values: Sequence[float | None], otherwise: float) -> float:
    return next((value for value in reversed(values) if value is not None), otherwise)


def _paths(values: Sequence[float | None], across: Scale, upright: Scale) -> list[str]:
    """A path per stretch without a gap."""
    paths: list[str] = []
    before = None
    for week, value in enumerate(values):
        if value is not None:
            point = f"{across.place(week + 0.5):.1f} {upright.place(value):.1f}"
            if before is None:
                paths.append(f"M{point}")
            else:
                paths[-1] += f"L{point}"
        before = value
    return paths


def _line(x1: float, y1: float, x2: float, y2: float, stroke: str, **more: object) -> Markup:
    return element("line", x1=f"{x1:.1f}", y1=f"{y1:.1f}", x2=f"{x2:.1f}", y2=f"{y2:.1f}", stroke=stroke, **more)


def _text(x: float, y: float, text: str, anchor: str) -> Markup:
    return element("text", text, x=f"{x:.1f}", y=f"{y:.1f}", text_anchor=anchor, font_size=LETTER, fill="currentColor")
