"""Small pictures for pages on paper and on screen, as SVG without script: a line per table."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import cycle
from typing import Final

from ketensim.views.markup import Markup, element
from ketensim.views.palette import GRID, LINES, MUTED

WIDTH: Final = 720.0
HEIGHT: Final = 260.0
LEFT, RIGHT, TOP, BOTTOM = 46.0, 104.0, 14.0, 30.0
SAMPLE: Final = 26.0  # length of the piece of line before a name
STEP: Final = 0.1  # between the lines of the grid
LETTER: Final = 13
APART: Final = 15.0  # least distance between two names at the end of lines
DASHES: Final = {
    "solid": None,
    "dash": "8 5",
    "dot": "2 4",
    "dashdot": "8 4 2 4",
    "longdash": "14 5",
    "longdashdot": "14 5 2 5",
}
Line = tuple[str, Sequence[float | None]]
Scale = Callable[[float], float]


def lines(named: Sequence[Line], weeks_per_round: int, round_name: str, alternative: str) -> Markup:
    """Shares per week, one line per table; upright lines between the rounds.

    Parameters
    ----------
    named : name and values of each line, in [0, 1]; None = a gap
    round_name : what stands below each round, before its number
    alternative : the picture in words
    """
    known = [value for _, values in named for value in values if value is not None]
    low = max(0.0, math.floor((min(known, default=0.0) - 0.02) / STEP) * STEP)
    high = min(1.0, math.ceil((max(known, default=1.0) + 0.02) / STEP) * STEP)
    weeks = max((len(values) for _, values in named), default=1)

    def x(week: float) -> float:
        return LEFT + week / max(1, weeks) * (WIDTH - LEFT - RIGHT)

    def y(share: float) -> float:
        return TOP + (high - share) / (high - low) * (HEIGHT - TOP - BOTTOM)

    grid = []
    for step in range(round((high - low) / STEP) + 1):
        share = low + step * STEP
        grid.append(_line(LEFT, y(share), WIDTH - RIGHT, y(share), GRID))
        grid.append(_text(LEFT - 6, y(share) + 4, f"{round(100 * share)}%", "end"))
    for number in range(math.ceil(weeks / weeks_per_round)):
        grid.append(_line(x(number * weeks_per_round), TOP, x(number * weeks_per_round), HEIGHT - BOTTOM, MUTED))
        grid.append(_text(x((number + 0.5) * weeks_per_round), HEIGHT - 10, f"{round_name} {number + 1}", "middle"))
    drawn, ends = [], []
    dashes = {name: (colour, DASHES[dash]) for (name, _), (colour, dash) in zip(named, cycle(LINES), strict=False)}
    for name, values in named:
        colour, dash = dashes[name]
        drawn += [
            element("path", d=path, fill="none", stroke=colour, stroke_width=2.5, stroke_dasharray=dash)
            for path in _paths(values, x, y)
        ]
        last = next((value for value in reversed(values) if value is not None), low)
        ends.append((y(last), name))
    for height, name in _spread(ends):
        begin, (colour, dash) = WIDTH - RIGHT + 6, dashes[name]
        drawn.append(_line(begin, height, begin + SAMPLE, height, colour, stroke_width=2.5, stroke_dasharray=dash))
        drawn.append(_text(begin + SAMPLE + 5, height + 4, name, "start"))
    return element(
        "svg",
        element("title", alternative),
        *grid,
        *drawn,
        viewBox=f"0 0 {WIDTH:.0f} {HEIGHT:.0f}",
        role="img",
        aria_label=alternative,
        width="100%",
        class_="lines",
    )


def _paths(values: Sequence[float | None], x: Scale, y: Scale) -> list[str]:
    """A path per stretch without a gap."""
    paths: list[str] = []
    before = None
    for week, value in enumerate(values):
        if value is not None:
            point = f"{x(week + 0.5):.1f} {y(value):.1f}"
            if before is None:
                paths.append(f"M{point}")
            else:
                paths[-1] += f"L{point}"
        before = value
    return paths


def _spread(ends: Sequence[tuple[float, str]]) -> list[tuple[float, str]]:
    """Names at the ends of lines, moved down where two would overlap."""
    placed: list[tuple[float, str]] = []
    for height, name in sorted(ends):
        least = placed[-1][0] + APART if placed else height
        placed.append((max(height, least), name))
    return placed


def _line(x1: float, y1: float, x2: float, y2: float, colour: str, **more: object) -> Markup:
    return element("line", x1=f"{x1:.1f}", y1=f"{y1:.1f}", x2=f"{x2:.1f}", y2=f"{y2:.1f}", stroke=colour, **more)


def _text(x: float, y: float, text: str, anchor: str) -> Markup:
    return element("text", text, x=f"{x:.1f}", y=f"{y:.1f}", text_anchor=anchor, font_size=LETTER, fill="currentColor")
