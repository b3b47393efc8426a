"""Small pictures for pages on paper and on screen, as SVG without script: a line per table."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import cycle
from textwrap import wrap
from typing import Any, Final

from ketensim.views.drawing.axes import Scale, apart
from ketensim.views.drawing.markup import Markup, element
from ketensim.views.drawing.palette import DASHES, GRID, LINES, MUTED, PAPER

WIDTH: Final = 720.0
HEIGHT: Final = 260.0
LEFT, RIGHT, TOP, BOTTOM = 46.0, 104.0, 14.0, 30.0  # the right is wider where a name is long
SAMPLE: Final = 26.0  # length of the piece of line before a name
STEP: Final = 0.1  # between the lines of the grid
MARGIN: Final = 0.02  # above and below what is drawn
LETTER: Final = 13
LETTER_WIDTH: Final = 7.4  # of most letters
APART: Final = 15.0  # least distance between two names at the end of lines
PHONE: Final = 360.0  # width of a picture for a phone
LINE: Final = 20.0  # between two lines of text
NamedLine = tuple[str, Sequence[float | None]]


def goal_picture(
    named: Sequence[NamedLine],
    weeks_per_round: int,
    round_name: str,
    alternative: str,
    events: Sequence[tuple[float, str]] = (),
) -> Markup:
    """Shares per week, one line per table; upright lines between the rounds, and where something happened.

    Parameters
    ----------
    named : name and values of each line, in [0, 1]; None = a gap
    round_name : what stands below each round, before its number
    alternative : the picture in words
    events : week and name of what happened
    """
    known = [value for _, values in named for value in values if value is not None]
    weeks = max((len(values) for _, values in named), default=1)
    end = WIDTH - max(RIGHT, 11 + SAMPLE + LETTER_WIDTH * max((len(name) for name, _ in named), default=0))
    across = Scale(0.0, max(1, weeks), LEFT, end)
    upright = Scale.in_steps(known, STEP, 1.0, HEIGHT - BOTTOM, TOP, margin=MARGIN)
    looks: dict[str, dict[str, Any]] = {
        name: {"stroke": look.colour, "stroke_width": 2.5, "stroke_dasharray": DASHES[look.texture] or None}
        for (name, _), look in zip(named, cycle(LINES), strict=False)
    }
    drawn = _grid(across, upright, weeks_per_round, round_name, end)
    for place, (week, name) in enumerate(events):
        x, y = across.place(week), TOP + LETTER * (1 + place % 3)
        drawn.append(_line(x, TOP, x, HEIGHT - BOTTOM, MUTED, stroke_dasharray="2 3"))
        late = week > weeks / 2
        drawn.append(_text(x + (-4 if late else 4), y, name, "end" if late else "start"))
    for name, values in named:
        drawn += [element("path", d=path, fill="none", **looks[name]) for path in _paths(values, across, upright)]
    ends = [upright.place(_last(values, upright.low)) for _, values in named]
    begin = end + 6
    for height, (name, _) in zip(apart(ends, APART, TOP, HEIGHT - BOTTOM), named, strict=True):
        drawn.append(_line(begin, height, begin + SAMPLE, height, **looks[name]))
        drawn.append(_text(begin + SAMPLE + 5, height + 4, name, "start"))
    box = f"0 0 {WIDTH:.0f} {HEIGHT:.0f}"
    return element(
        "svg", element("title", alternative), *drawn, viewBox=box, role="img", aria_label=alternative, width="100%"
    )


def queue_picture(title: str, told: str, queue: Sequence[float], weeks_per_round: int, lines: Sequence[str]) -> Markup:
    """A queue over all rounds with a line of text per round below it: as wide as a phone, to be kept.

    Parameters
    ----------
    title, told : whose queue, and how it went, in words
    queue : cases that wait, week by week
    lines : what came of each round
    """
    top, bottom = 62.0, 190.0
    lines = [part for line in lines for part in wrap(line, int((PHONE - 20.0) / LETTER_WIDTH))]
    most = max(10.0, *queue)
    across = Scale(0.0, max(1, len(queue)), 10.0, PHONE - 46.0)
    upright = Scale(0.0, most * 1.1, bottom, top)
    begins = range(weeks_per_round, len(queue), weeks_per_round)
    points = " ".join(f"{across.place(week + 0.5):.1f},{upright.place(value):.1f}" for week, value in enumerate(queue))
    drawn = [
        element("rect", x="0", y="0", width=f"{PHONE:.0f}", height=f"{bottom + 24 + LINE * len(lines):.0f}", fill=PAPER, rx="12"),
        _text(10, 24, title, "start"),
        _text(10, 46, told, "start"),
        _line(10, bottom, PHONE - 46.0, bottom, MUTED),
        *(_line(across.place(week), top, across.place(week), bottom, GRID) for week in begins),
        element("polyline", points=points, fill="none", stroke=LINES[0].colour, stroke_width="3"),
        _text(PHONE - 40.0, upright.place(queue[-1]) + 5, f"{round(queue[-1])}", "start"),
        *(_text(10, bottom + 24 + LINE * place, line, "start") for place, line in enumerate(lines)),
    ]  # fmt: skip
    alternative = " ".join([title, told, *lines])
    box = f"0 0 {PHONE:.0f} {bottom + 24 + LINE * len(lines):.0f}"
    return element(
        "svg", element("title", alternative), *drawn, viewBox=box, role="img", aria_label=alternative, width="100%"
    )


def _grid(across: Scale, upright: Scale, weeks_per_round: int, round_name: str, end: float) -> list[Markup]:
    """Lines for shares, upright lines between rounds, and their names."""
    drawn = []
    for share, y in upright.ticks(STEP):
        drawn.append(_line(LEFT, y, end, y, GRID))
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
