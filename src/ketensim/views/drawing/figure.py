"""What all figures over time have in common: axes, bands, lines with their names at the end, marks of events."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from ketensim.views.drawing.marks import Mark
from ketensim.views.drawing.palette import BLUE, FONT, GREY, GRID, INK, MUTED, PAPER, see_through
from ketensim.views.drawing.reading import Reading, Series

Figure = dict[str, Any]
HEIGHT: Final = 380
ROOM_FOR_NAMES: Final = 168  # pixels at the right for names at the end of lines
NAME_GAP: Final = 0.06  # smallest distance between two names, as a share of the height
ABOVE_LARGEST: Final = 1.06
SIGNS_IN_WIDTH: Final = 40
ROUNDS: Final = 60  # of moving names apart
DIGITS: Final = 4
SEPARATORS: Final = {"nl": ",.", "en": ".,"}
DAY_FORMAT: Final = {"nl": "%d-%m-%Y", "en": "%Y-%m-%d"}


@dataclass(frozen=True)
class Line:
    """One line of a figure."""

    name: str
    values: Series
    colour: str
    dash: str


def lines_chart(
    reading: Reading, language: str, marks: Sequence[Mark], axis: str, lines: Sequence[Line], top: float | None = None
) -> Figure:
    """Lines that carry their names at the right end; the axis runs from 0 to the top, or to the largest value."""
    chart = empty_chart(reading, language, marks, axis)
    chart["data"] = [trace_of(reading, line) for line in lines]
    if top is None:
        top = ABOVE_LARGEST * max(float(np.nanmax(line.values, initial=0.0)) for line in lines) or 1.0
    chart["layout"]["yaxis"]["range"] = [0, top]
    ends = [_last(line.values) / top for line in lines]
    for line, height in zip(lines, spread(ends, NAME_GAP), strict=True):
        chart["layout"]["annotations"].append(
            {"x": 1, "xref": "paper", "xanchor": "left", "xshift": 6, "y": height, "yref": "paper", "showarrow": False,
             "yanchor": "middle", "align": "left", "text": safe(line.name), "font": {"color": line.colour, "size": 12}}
        )  # fmt: skip
    return chart


def spread(places: Sequence[float], gap: float) -> list[float]:
    """Places on [0, 1], moved apart until each is at least a gap from the next, in the same order.

    Examples
    --------
    >>> spread([0.5, 0.5], 0.1)
    [0.45, 0.55]
    """
    order = sorted(range(len(places)), key=lambda number: places[number])
    moved = [places[number] for number in order]
    for _ in range(ROUNDS):
        for lower in range(len(moved) - 1):
            short = gap - (moved[lower + 1] - moved[lower])
            if short > 0:
                moved[lower] -= short / 2
                moved[lower + 1] += short / 2
        moved = [min(1.0, max(0.0, place)) for place in moved]
    back = dict(zip(order, moved, strict=True))
    return [round(back[number], DIGITS) for number in range(len(places))]


def safe(text: str) -> str:
    """A text for a figure; plotly reads a little HTML in it, so signs of markup are written out."""
    return html.escape(text, quote=False)


def empty_chart(reading: Reading, language: str, marks: Sequence[Mark], axis: str) -> Figure:
    """A figure without data: the dates along the bottom, what is measured along the side, marks on top."""
    grid = {"gridcolor": GRID, "linecolor": GREY, "tickfont": {"color": MUTED}, "automargin": True}
    layout: Figure = {
        "height": HEIGHT,
        "margin": {"l": 56, "r": ROOM_FOR_NAMES, "t": 34, "b": 40},
        "font": {"family": FONT, "size": 13, "color": INK},
        "paper_bgcolor": "rgba(0,0,0,0)",
        "plot_bgcolor": "rgba(0,0,0,0)",
        "separators": SEPARATORS[language],
        "hovermode": "x unified",
        "hoverlabel": {"bgcolor": PAPER, "font": {"color": INK}},
        "showlegend": False,
        "legend": {"orientation": "h", "traceorder": "normal", "y": -0.12, "x": 0, "font": {"size": 12}},
        "xaxis": {**grid, "type": "date", "showgrid": False, "hoverformat": DAY_FORMAT[language], "ticks": "outside"},
        "yaxis": {
            **grid,
            "tickformat": ",",
            "rangemode": "tozero",
            "title": {"text": axis, "font": {"size": 12, "color": MUTED}},
        },
        "shapes": [_mark_line(mark) for mark in marks],
        "annotations": _mark_signs(reading, marks),
    }
    _tick_years(layout["xaxis"], reading)
    return {"data": [], "layout": layout}


def _tick_years(axis: dict[str, Any], reading: Reading) -> None:
    """A tick per year when the run lasts for years, in figures only: no names of months in a foreign language."""
    years = reading.dates[-1].year - reading.dates[0].year
    axis["range"] = [reading.dates[0].isoformat(), reading.dates[-1].isoformat()]
    if years >= 2:
        axis.update(dtick=f"M{12 * max(1, round(years / 10))}", tick0=f"{reading.dates[0].year}-01-01", tickformat="%Y")
    else:
        axis.update(tickformat="%m-%Y")


def trace_of(reading: Reading, line: Line, width: float = 2.2) -> Figure:
    """A line over the weeks; a week without a value leaves a gap."""
    first = reading.dates[0].isoformat()
    values = [None if np.isnan(value) else round(float(value), DIGITS) for value in line.values]
    return {
        "type": "scatter", "mode": "lines", "name": safe(line.name), "x0": first, "dx": 7 * 86_400_000, "y": values,
        "line": {"color": line.colour, "dash": line.dash, "width": width}, "hovertemplate": "%{y:,.3~r}",
    }  # fmt: skip


def surface_between(reading: Reading, low: Series, high: Series, name: str, share: float) -> list[Figure]:
    """A band between two lines, as dark as the share says."""
    upper = trace_of(reading, Line(name, high, BLUE, "solid"), width=0)
    lower = trace_of(reading, Line(name, low, BLUE, "solid"), width=0)
    upper |= {"showlegend": False, "hoverinfo": "skip", "hovertemplate": None}
    lower |= {"fill": "tonexty", "fillcolor": see_through(BLUE, share), "hoverinfo": "skip", "hovertemplate": None}
    return [upper, lower]


def as_percentages(chart: Figure, top: float = 1.0) -> Figure:
    """The same chart with shares told as percentages, from 0 to the top."""
    chart["layout"]["yaxis"].update(tickformat=".0%", range=[0, top])
    for trace in chart["data"]:
        if trace["hovertemplate"]:
            trace["hovertemplate"] = "%{y:.0%}"
    return chart


def _mark_line(mark: Mark) -> Figure:
    day = mark.date.isoformat()
    return {
        "type": "line", "x0": day, "x1": day, "y0": 0, "y1": 1, "yref": "paper", "layer": "below",
        "line": {"color": MUTED, "width": 1, "dash": "dot"},
    }  # fmt: skip


def _mark_signs(reading: Reading, marks: Sequence[Mark]) -> list[Figure]:
    """The numbers above the figure; one that would cover its neighbour stands a little lower."""
    signs: list[Figure] = []
    near = len(reading.weeks) / SIGNS_IN_WIDTH
    lowered = False
    for number, mark in enumerate(marks):
        weeks = (mark.date - marks[number - 1].date).days / 7 if number else near
        lowered = weeks < near and not lowered
        signs.append(
            {"x": mark.date.isoformat(), "y": 1, "yref": "paper", "yanchor": "bottom", "yshift": -18 if lowered else 0,
             "showarrow": False, "text": mark.sign, "font": {"size": 11, "color": INK}, "bgcolor": PAPER,
             "bordercolor": MUTED, "borderwidth": 1, "borderpad": 2}
        )  # fmt: skip
    return signs


def _last(values: Series) -> float:
    known = values[~np.isnan(values)]
    return float(known[-1]) if len(known) else 0.0
