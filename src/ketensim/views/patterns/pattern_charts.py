"""The picture of a pattern: levels with their intervals, the spread over the runs, the course over the weeks, or two
measures against each other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import product
from typing import Final

import numpy as np

from ketensim.analysis.patterns.contrasts import Measured
from ketensim.analysis.patterns.description import Axis, Pattern
from ketensim.analysis.patterns.sums import CellName, value_of
from ketensim.run.estimate import Estimate
from ketensim.scenario import files
from ketensim.texts import enumerated, t
from ketensim.views.drawing.figure import Figure, plain_chart, plotted, safe
from ketensim.views.drawing.palette import BLUE, INK, LINES, see_through

BINS: Final = 40
SYMBOLS: Final = ("circle", "diamond", "square", "cross", "triangle-up", "x")
Courses = Mapping[CellName, Mapping[tuple[str, str], np.ndarray]]


def pattern_chart(pattern: Pattern, values: Measured, courses: Courses, language: str) -> Figure:
    """The figure that a pattern asks for."""
    if pattern.picture.kind == "spread":
        return _spread(pattern, values, language)
    if pattern.picture.kind == "weeks":
        return _weeks(pattern, courses, language)
    if pattern.picture.kind == "cloud":
        return _cloud(pattern, values, language)
    return _levels(pattern, values, language)


def pattern_caption(pattern: Pattern, language: str) -> str:
    """What stands below it."""
    picture = pattern.picture
    measure = _measure(pattern, picture.measure, language) if picture.measure else ""
    if picture.outcome:
        measure = t(f"outcome.{picture.outcome}.label", language)
    facts = {
        "measure": measure,
        "along": enumerated([_measure(pattern, name, language) for name in picture.along], language),
    }
    facts = {name: text[:1].upper() + text[1:] for name, text in facts.items()}
    return t(f"pattern.caption_{picture.kind}", language, **facts)


def _measure(pattern: Pattern, name: str, language: str) -> str:
    return pattern.measures[name].label.in_language(language)


def _levels(pattern: Pattern, values: Measured, language: str) -> Figure:
    """One axis along the bottom, a line per combination of the others; no line where the levels are no scale."""
    names = list(pattern.axes)
    place = names.index(pattern.picture.bottom) if pattern.picture.bottom else 0
    bottom = pattern.axes[names[place]]
    others = [axis for name, axis in pattern.axes.items() if name != names[place]]
    measure = _measure(pattern, pattern.picture.measure, language)
    figure = plain_chart(bottom.label.in_language(language), measure, language)
    scaled = all(level.at is not None for level in bottom.levels.values())
    labels = [safe(level.label.in_language(language)) for level in bottom.levels.values()]
    places = [level.at for level in bottom.levels.values()] if scaled else labels
    for number, rest in enumerate(product(*(axis.levels for axis in others))):
        cells = [(*rest[:place], level, *rest[place:]) for level in bottom.levels]
        means = [Estimate.of_mean(values[pattern.picture.measure, cell]) for cell in cells]
        look = LINES[number % len(LINES)]
        halves = plotted(mean.half_width for mean in means)
        figure["data"].append(
            {"type": "scatter", "mode": "lines+markers" if scaled else "markers", "x": places,
             "y": plotted(mean.mean for mean in means),
             "error_y": {"type": "data", "array": halves, "thickness": 1.2, "width": 4},
             "name": safe(_cell_in_words(others, rest, language)),
             "line": {"color": look.colour, "dash": look.texture, "width": 2},
             "marker": {"size": 7, "color": look.colour, "symbol": "circle" if scaled else SYMBOLS[number % len(SYMBOLS)]},
             "showlegend": bool(others)}
        )  # fmt: skip
    if scaled:
        figure["layout"]["xaxis"].update(tickvals=places, ticktext=labels)
    return figure


def _spread(pattern: Pattern, values: Measured, language: str) -> Figure:
    """How many runs have which value."""
    of_runs = value_of(pattern.picture.value, values)
    known = of_runs[~np.isnan(of_runs)]
    figure = plain_chart(t("pattern.spread_axis", language), t("pattern.runs_axis", language), language)
    counts, edges = np.histogram(known, bins=min(BINS, max(5, len(known) // 5)))
    figure["data"].append(
        {"type": "bar", "x": plotted((edges[1:] + edges[:-1]) / 2), "y": counts.tolist(),
         "width": float(edges[1] - edges[0]), "marker": {"color": see_through(BLUE, 0.75)}, "showlegend": False}
    )  # fmt: skip
    figure["layout"]["shapes"] = [
        {"type": "line", "x0": 0, "x1": 0, "y0": 0, "y1": 1, "yref": "paper", "line": {"color": INK, "dash": "dot"}}
    ]
    return figure


def _weeks(pattern: Pattern, courses: Courses, language: str) -> Figure:
    """The mean over the runs in each week, a line per cell."""
    outcome = pattern.picture.outcome
    figure = plain_chart(t("pattern.week_axis", language), t(f"outcome.{outcome}.label", language), language)
    lines = [
        (cell, organisation, course)
        for cell, of_cell in courses.items()
        for (name, organisation), course in of_cell.items()
        if name == outcome
    ]
    labels = {part.id: part.label.in_language(language) for part in files.load("reference").organisations}
    for number, (cell, organisation, course) in enumerate(lines):
        look = LINES[number % len(LINES)]
        names = (labels.get(organisation, ""), _cell_in_words([*pattern.axes.values()], cell, language))
        figure["data"].append(
            {"type": "scatter", "mode": "lines", "x": list(range(len(course))), "y": plotted(course),
             "name": safe(", ".join(filter(None, names))),
             "line": {"color": look.colour, "dash": look.texture, "width": 2}}
        )  # fmt: skip
    return figure


def _cloud(pattern: Pattern, values: Measured, language: str) -> Figure:
    """One measure against another, a point per run, a colour and a sign per cell."""
    along, upwards = pattern.picture.along
    figure = plain_chart(_measure(pattern, along, language), _measure(pattern, upwards, language), language)
    for number, cell in enumerate(pattern.cells()):
        figure["data"].append(
            {"type": "scatter", "mode": "markers", "x": plotted(values[along, cell]), "y": plotted(values[upwards, cell]),
             "name": safe(_cell_in_words([*pattern.axes.values()], cell, language)),
             "marker": {"size": 5, "color": see_through(LINES[number % len(LINES)].colour, 0.6),
                        "symbol": SYMBOLS[number % len(SYMBOLS)]}}
        )  # fmt: skip
    return figure


def _cell_in_words(axes: Sequence[Axis], cell: tuple[str, ...], language: str) -> str:
    """The levels of a cell."""
    return ", ".join(axis.levels[level].label.in_language(language) for axis, level in zip(axes, cell, strict=True))
