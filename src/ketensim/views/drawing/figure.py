"""Figures as specifications in plotly's own form, and what they have in common: axes, lines, bands, marks of events.

``plotly.graph_objects.Figure(chart)`` reads them. They are plain dicts, so that a report does not wait for plotly's
Python side; a test lets plotly check each of them.
"""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from ketensim.views.drawing.axes import apart
from ketensim.views.drawing.marks import Mark
from ketensim.views.drawing.palette import BLUE, CLEAR, FONT, GREY, GRID, INK, MUTED, PAPER, Look, see_through
from ketensim.views.drawing.reading import Reading, Series

Figure = dict[str, Any]
HEIGHT: Final = 380
ROOM_FOR_NAMES: Final = 168  # pixels at the right for names at the end of lines
NAME_GAP: Final = 0.06  # smallest distance between two names, as a share of the height
ABOVE_LARGEST: Final = 1.06
SIGNS_IN_WIDTH: Final = 40
DIGITS: Final = 5
WEEK: Final = 7 * 86_400_000  # milliseconds
SEPARATORS: Final = {"nl": ",.", "en": ".,"}
DAY_FORMAT: Final = {"nl": "%d-%m-%Y", "en": "%Y-%m-%d"}


@dataclass(frozen=True)
class Line:
    """One line of a figure: its name, its value in each week, and how it is drawn."""

    name: str
    values: Series
    look: Look


# --- charts without data -------------------------------------------------------------------------------------------
def plain_chart(bottom: str, side: str, language: str) -> Figure:
    """A figure without data: what is measured along the bottom and along the side."""
    chart = _blank(language, height=400, margin={"l": 60, "r": 20, "t": 14, "b": 100}, legend=-0.22)
    chart["layout"] |= {
        "showlegend": True,
        "xaxis": {**_axis(bottom), "showgrid": False, "ticks": "outside", "zeroline": False},
        "yaxis": {**_axis(side[:1].upper() + side[1:]), "tickformat": ",.3~f", "zeroline": False},
    }
    chart["layout"]["legend"]["yanchor"] = "top"
    return chart


def time_chart(reading: Reading, language: str, marks: Sequence[Mark], side: str) -> Figure:
    """A figure without data: the dates along the bottom, what is measured along the side, marks on top."""
    chart = _blank(language, height=HEIGHT, margin={"l": 56, "r": ROOM_FOR_NAMES, "t": 34, "b": 40}, legend=-0.12)
    dates = {"type": "date", "showgrid": False, "hoverformat": DAY_FORMAT[language], "ticks": "outside"}
    chart["layout"] |= {
        "hovermode": "x unified",
        "showlegend": False,
        "xaxis": {**_axis(), **dates, **_year_ticks(reading)},
        "yaxis": {**_axis(side), "tickformat": ",", "rangemode": "tozero"},
        "shapes": [_line_of_mark(mark) for mark in marks],
        "annotations": _signs_of_marks(reading, marks),
    }
    return chart


def _blank(language: str, *, height: int, margin: dict[str, int], legend: float) -> Figure:
    layout = {
        "height": height,
        "margin": margin,
        "font": {"family": FONT, "size": 13, "color": INK},
        "paper_bgcolor": CLEAR,
        "plot_bgcolor": CLEAR,
        "separators": SEPARATORS[language],
        "hoverlabel": {"bgcolor": PAPER, "font": {"color": INK}},
        "legend": {"orientation": "h", "traceorder": "normal", "x": 0, "y": legend, "font": {"size": 12}},
    }
    return {"data": [], "layout": layout}


def _axis(title: str | None = None) -> dict[str, Any]:
    axis = {"gridcolor": GRID, "linecolor": GREY, "tickfont": {"color": MUTED}, "automargin": True}
    return axis if title is None else axis | {"title": axis_title(title)}


def axis_title(text: str, size: int = 12) -> dict[str, Any]:
    """The title of an axis."""
    return {"text": safe(text), "font": {"size": size, "color": MUTED}}


def _year_ticks(reading: Reading) -> dict[str, Any]:
    """A tick per year when the run lasts for years, in figures only: no names of months in a foreign language."""
    first, last = reading.dates[0], reading.dates[-1]
    years = last.year - first.year
    ends = {"range": [first.isoformat(), last.isoformat()]}
    if years < 2:
        return ends | {"tickformat": "%m-%Y"}
    return ends | {"dtick": f"M{12 * max(1, round(years / 10))}", "tick0": f"{first.year}-01-01", "tickformat": "%Y"}


def _line_of_mark(mark: Mark) -> Figure:
    day = mark.date.isoformat()
    return {
        "type": "line", "x0": day, "x1": day, "y0": 0, "y1": 1, "yref": "paper", "layer": "below",
        "line": {"color": MUTED, "width": 1, "dash": "dot"},
    }  # fmt: skip


def _signs_of_marks(reading: Reading, marks: Sequence[Mark]) -> list[Figure]:
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


# --- what is drawn on them -----------------------------------------------------------------------------------------
def lines_chart(
    reading: Reading, language: str, marks: Sequence[Mark], side: str, lines: Sequence[Line], top: float | None = None
) -> Figure:
    """Lines that carry their names at the right end; the axis runs from 0 to the top, or to the largest value."""
    chart = time_chart(reading, language, marks, side)
    chart["data"] = [line_trace(reading, line) for line in lines]
    if top is None:
        top = ABOVE_LARGEST * max(float(np.nanmax(line.values, initial=0.0)) for line in lines) or 1.0
    chart["layout"]["yaxis"]["range"] = [0, top]
    ends = [_last(line.values) / top for line in lines]
    for line, height in zip(lines, apart(ends, NAME_GAP), strict=True):
        chart["layout"]["annotations"].append(
            {"x": 1, "xref": "paper", "xanchor": "left", "xshift": 6, "y": height, "yref": "paper", "showarrow": False,
             "yanchor": "middle", "align": "left", "text": safe(line.name),
             "font": {"color": line.look.colour, "size": 12}}
        )  # fmt: skip
    return chart


def line_trace(reading: Reading, line: Line, width: float = 2.2) -> Figure:
    """A line over the weeks; a week without a value leaves a gap."""
    return {
        "type": "scatter", "mode": "lines", "name": safe(line.name), "x0": reading.dates[0].isoformat(), "dx": WEEK,
        "y": plotted(line.values), "line": {"color": line.look.colour, "dash": line.look.texture, "width": width},
        "hovertemplate": "%{y:,.3~r}",
    }  # fmt: skip


def band_traces(reading: Reading, low: Series, high: Series, name: str, share: float) -> list[Figure]:
    """A band between two lines, as dark as the share says."""
    upper, lower = (line_trace(reading, Line(name, end, Look("accent", "solid")), width=0) for end in (high, low))
    hidden = {"hoverinfo": "skip", "hovertemplate": None}
    return [
        upper | hidden | {"showlegend": False},
        lower | hidden | {"fill": "tonexty", "fillcolor": see_through(BLUE, share)},
    ]


def as_percentages(chart: Figure, top: float = 1.0) -> Figure:
    """The same chart with shares told as percentages, from 0 to the top."""
    chart["layout"]["yaxis"].update(tickformat=".0%", range=[0, top])
    for trace in chart["data"]:
        if trace["hovertemplate"]:
            trace["hovertemplate"] = "%{y:.0%}"
    return chart


def plotted(values: Iterable[Any]) -> list[float | None]:
    """Numbers for a figure; what is not known leaves a gap."""
    return [None if np.isnan(value) else round(float(value), DIGITS) for value in values]


def safe(text: str) -> str:
    """A text for a figure; plotly reads a little HTML in it, so signs of markup are written out."""
    return html.escape(text, quote=False)


def _last(values: Series) -> float:
    known = values[~np.isnan(values)]
    return float(known[-1]) if len(known) else 0.0
