"""The picture of a pattern: levels with their intervals, the spread over the runs, or the course over the weeks."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import product
from typing import Any, Final

import numpy as np

from ketensim.analysis.patterns.contrasts import Measured
from ketensim.analysis.patterns.description import Axis, CellName, Pattern
from ketensim.analysis.patterns.expressions import value_of
from ketensim.run.estimate import Estimate
from ketensim.scenario import files
from ketensim.texts import t
from ketensim.views.drawing.figure import SEPARATORS, Figure, safe
from ketensim.views.drawing.palette import BLUE, FONT, GREY, GRID, INK, LINES, MUTED, PAPER, see_through

HEIGHT: Final = 400
DIGITS: Final = 5
BINS: Final = 40
Courses = Mapping[CellName, Mapping[tuple[str, str], np.ndarray]]


def picture(pattern: Pattern, values: Measured, courses: Courses, language: str) -> Figure:
    """The figure that a pattern asks for."""
    if pattern.picture.kind == "spread":
        return spread(pattern, values, language)
    if pattern.picture.kind == "weeks":
        return weeks(pattern, courses, language)
    return levels(pattern, values, language)


def caption(pattern: Pattern, language: str) -> str:
    """What stands below it."""
    kind, drawn = pattern.picture.kind, pattern.picture
    measure = pattern.measures[drawn.measure].label.in_language(language) if drawn.measure else ""
    if drawn.outcome:
        measure = t(f"outcome.{drawn.outcome}.label", language)
    return t(f"pattern.caption_{kind}", language, measure=measure[:1].upper() + measure[1:])


def levels(pattern: Pattern, values: Measured, language: str) -> Figure:
    """The first axis along the bottom, a line per combination of the others."""
    first, *others = pattern.axes.values()
    measure = pattern.measures[pattern.picture.measure].label.in_language(language)
    figure = empty(first.label.in_language(language), measure, language)
    scaled = all(level.at is not None for level in first.levels.values())
    places = [level.at if scaled else safe(level.label.in_language(language)) for level in first.levels.values()]
    for number, rest in enumerate(product(*(axis.levels for axis in others))):
        means = [Estimate.of_mean(values[pattern.picture.measure, (level, *rest)]) for level in first.levels]
        colour, dash = LINES[number % len(LINES)]
        figure["data"].append(
            {"type": "scatter", "mode": "lines+markers", "x": places, "y": rounded([one.mean for one in means]),
             "error_y": {"type": "data", "array": rounded([one.half_width for one in means]), "thickness": 1.2, "width": 4},
             "name": safe(named(others, rest, language)), "line": {"color": colour, "dash": dash, "width": 2},
             "marker": {"size": 7, "color": colour}, "showlegend": bool(others)}
        )  # fmt: skip
    if scaled:
        labels = [safe(level.label.in_language(language)) for level in first.levels.values()]
        figure["layout"]["xaxis"].update(tickvals=places, ticktext=labels)
    return figure


def spread(pattern: Pattern, values: Measured, language: str) -> Figure:
    """How many runs have which value."""
    found = known(value_of(pattern.picture.value, values))
    figure = empty(t("pattern.spread_axis", language), t("pattern.runs_axis", language), language)
    counts, edges = np.histogram(found, bins=min(BINS, max(5, len(found) // 5)))
    middles = (edges[1:] + edges[:-1]) / 2
    figure["data"].append(
        {"type": "bar", "x": rounded(middles), "y": counts.tolist(), "width": float(edges[1] - edges[0]),
         "marker": {"color": see_through(BLUE, 0.75)}, "showlegend": False}
    )  # fmt: skip
    figure["layout"]["shapes"] = [
        {"type": "line", "x0": 0, "x1": 0, "y0": 0, "y1": 1, "yref": "paper", "line": {"color": INK, "dash": "dot"}}
    ]
    return figure


def weeks(pattern: Pattern, courses: Courses, language: str) -> Figure:
    """The mean over the runs in each week, a line per cell."""
    label = t(f"outcome.{pattern.picture.outcome}.label", language)
    figure = empty(t("pattern.week_axis", language), label, language)
    lines = [(cell, key, course) for cell, found in courses.items() for key, course in found.items()]
    lines = [line for line in lines if line[1][0] == pattern.picture.outcome]
    labels = {row.id: row.label.in_language(language) for row in files.load("reference").organisations}
    for number, (cell, (_, organisation), course) in enumerate(lines):
        colour, dash = LINES[number % len(LINES)]
        where = labels.get(organisation, "")
        name = ", ".join(part for part in (where, named([*pattern.axes.values()], cell, language)) if part)
        figure["data"].append(
            {"type": "scatter", "mode": "lines", "x": list(range(len(course))), "y": rounded(course),
             "name": safe(name), "line": {"color": colour, "dash": dash, "width": 2}}
        )  # fmt: skip
    return figure


def named(axes: list[Axis], cell: tuple[str, ...], language: str) -> str:
    """The levels of a cell in words."""
    return ", ".join(axis.levels[level].label.in_language(language) for axis, level in zip(axes, cell, strict=True))


def known(values: np.ndarray) -> np.ndarray:
    """Without the runs that have no value."""
    kept: np.ndarray = values[~np.isnan(values)]
    return kept


def rounded(values: Any) -> list[float | None]:
    """Numbers for a figure; what is not known leaves a gap."""
    return [None if np.isnan(value) else round(float(value), DIGITS) for value in values]


def empty(bottom: str, side: str, language: str) -> Figure:
    """A figure without data."""
    side = side[:1].upper() + side[1:]
    grid = {"gridcolor": GRID, "linecolor": GREY, "tickfont": {"color": MUTED}, "automargin": True, "zeroline": False}
    titles = [{"text": safe(text), "font": {"size": 12, "color": MUTED}} for text in (bottom, side)]
    layout: Figure = {
        "height": HEIGHT,
        "margin": {"l": 60, "r": 20, "t": 14, "b": 100},
        "font": {"family": FONT, "size": 13, "color": INK},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "separators": SEPARATORS[language],
        "hoverlabel": {"bgcolor": PAPER, "font": {"color": INK}},
        "showlegend": True,
        "legend": {
            "orientation": "h",
            "traceorder": "normal",
            "x": 0,
            "y": -0.22,
            "yanchor": "top",
            "font": {"size": 12},
        },
        "xaxis": {**grid, "title": titles[0], "showgrid": False, "ticks": "outside"},
        "yaxis": {**grid, "title": titles[1], "tickformat": ",.3~f"},
    }
    return {"data": [], "layout": layout}
