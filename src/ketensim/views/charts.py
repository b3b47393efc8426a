"""Figures with time on the axis, as specifications in plotly's own form (``plotly.graph_objects.Figure(chart)`` reads them).

They are plain dicts, so that a report does not wait for plotly's Python side; a test lets plotly check each of them.
Lines differ in dash as well as in colour and carry their names at the end; surfaces differ in pattern.
"""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from ketensim.texts import t
from ketensim.views.marks import Mark
from ketensim.views.palette import BLUE, FONT, GRID, GREY, HOURS, INK, LINES, MUTED, PAPER, VERMILLION, see_through
from ketensim.views.reading import Reading, Series

Figure = dict[str, Any]
HEIGHT: Final = 380
ROOM_FOR_NAMES: Final = 168  # pixels at the right for names at the end of lines
NAME_GAP: Final = 0.06  # smallest distance between two names, as a share of the height
NAME_LENGTH: Final = 24
ABOVE_LARGEST: Final = 1.06
SIGNS_IN_WIDTH: Final = 40
MOST_LINES: Final = len(LINES)
DIGITS: Final = 4
WIDE_BAND: Final = 0.16
NARROW_BAND: Final = 0.24
SEPARATORS: Final = {"nl": ",.", "en": ".,"}
DAY_FORMAT: Final = {"nl": "%d-%m-%Y", "en": "%Y-%m-%d"}


@dataclass(frozen=True)
class Line:
    """One line of a figure."""

    name: str
    values: Series
    colour: str
    dash: str


def goal_realisation(reading: Reading, language: str, marks: Sequence[Mark], other: Reading | None = None) -> Figure:
    """Goal realisation of the cohorts over time: bands, median, mean, and the mean of the chain compared with."""
    band = reading.band("goal_realisation")
    chart = _chart(reading, language, marks, t("report.axis.share_of_cases", language))
    chart["data"] = [
        *_surface(reading, band["p10"], band["p90"], t("report.band.wide", language), WIDE_BAND),
        *_surface(reading, band["p25"], band["p75"], t("report.band.narrow", language), NARROW_BAND),
        _trace(reading, Line(t("report.band.median", language), band["p50"], INK, "dot")),
        _trace(reading, Line(t("report.band.mean", language), band["mean"], BLUE, "solid"), width=3),
    ]
    if other is not None:
        name = t("report.compare.other_short", language)
        chart["data"].append(_trace(reading, Line(name, other.mean("goal_realisation"), VERMILLION, "dash"), width=2.5))
    chart["layout"]["showlegend"] = True
    chart["layout"]["margin"]["r"] = 16
    return _as_percentages(chart)


def energy(reading: Reading, language: str, marks: Sequence[Mark]) -> Figure:
    """Where the energy went: hours per week by use, stacked."""
    chart = _chart(reading, language, marks, t("report.axis.hours", language))
    for name, hours in reading.hours.items():
        fill = HOURS[name]
        trace = _trace(reading, Line(t(f"outcome.{name}.label", language), hours, fill.colour, "solid"), width=0.6)
        trace["fillcolor"] = fill.colour
        if fill.pattern:
            trace["fillpattern"] = {
                "shape": fill.pattern,
                "fgcolor": PAPER,
                "bgcolor": fill.colour,
                "size": 7,
                "solidity": 0.35,
            }
        chart["data"].append(trace | {"stackgroup": "hours", "hovertemplate": "%{y:,.0f}"})
    chart["layout"].update(showlegend=True, height=440)
    chart["layout"]["legend"] = {"traceorder": "reversed", "x": 1.01, "y": 1, "font": {"size": 12}, "itemwidth": 30}
    chart["layout"]["margin"]["r"] = 16
    return chart


def open_cases(reading: Reading, language: str, marks: Sequence[Mark]) -> Figure:
    """Open, waiting and blocked cases in the whole chain."""
    names = ("open", "waiting", "blocked")
    lines = [
        Line(t(f"outcome.{name}.label", language), reading.mean(name), colour, dash)
        for name, (colour, dash) in zip(names, LINES, strict=False)
    ]
    return lines_chart(reading, language, marks, t("report.axis.cases", language), lines)


def waiting_by_organisation(reading: Reading, language: str, marks: Sequence[Mark]) -> Figure:
    """Waiting cases per organisation; the smallest are taken together when there are many."""
    return by_organisation(reading, language, marks, "waiting", t("report.axis.cases", language))


def by_organisation(reading: Reading, language: str, marks: Sequence[Mark], outcome: str, axis: str) -> Figure:
    """One outcome per organisation, largest mean first."""
    values = reading.organisation(outcome)
    order = np.argsort(-np.nan_to_num(np.nanmean(values, axis=1)), kind="stable")
    shown = order if len(order) <= MOST_LINES else order[: MOST_LINES - 1]
    series = [(reading.label(reading.names[place], language), values[place]) for place in shown]
    if len(shown) < len(order):
        series.append((t("report.other_organisations", language), np.nansum(values[order[len(shown) :]], axis=0)))
    lines = [Line(name, line, *LINES[number]) for number, (name, line) in enumerate(series)]
    return lines_chart(reading, language, marks, axis, lines)


def lead_times(reading: Reading, language: str, marks: Sequence[Mark]) -> Figure:
    """Lead time of closed cases beside the age of the cases that are still open."""
    styles = {
        "open_age_p90": (VERMILLION, "dash"),
        "open_age_median": (VERMILLION, "solid"),
        "lead_time_p90": (BLUE, "dash"),
        "lead_time_median": (BLUE, "solid"),
    }
    lines = [Line(t(f"report.short.{name}", language), reading.mean(name), *style) for name, style in styles.items()]
    return lines_chart(reading, language, marks, t("report.axis.weeks", language), lines)


def trust(reading: Reading, language: str, marks: Sequence[Mark]) -> Figure:
    """Trust in persons, in agreements, and of administrators in their organisation."""
    names = ("trust_persons", "trust_agreements", "trust_vertical")
    lines = [
        Line(t(f"report.short.{name}", language), reading.mean(name), colour, dash)
        for name, (colour, dash) in zip(names, LINES, strict=False)
    ]
    return lines_chart(reading, language, marks, t("report.axis.trust", language), lines, top=1.0)


def interventions(reading: Reading, language: str, marks: Sequence[Mark]) -> Figure:
    """Share of the organisations in which an administrator decides about details."""
    band = reading.band("under_intervention")
    chart = _chart(reading, language, marks, t("report.axis.share_of_organisations", language))
    chart["data"] = [
        *_surface(reading, band["p10"], band["p90"], t("report.band.wide", language), WIDE_BAND),
        _trace(reading, Line(t("report.band.mean", language), band["mean"], BLUE, "solid"), width=3),
    ]
    chart["layout"].update(showlegend=True, height=300)
    chart["layout"]["margin"]["r"] = 16
    return _as_percentages(chart)


def difference(
    reading: Reading, language: str, marks: Sequence[Mark], low: Series, high: Series, mean: Series
) -> Figure:
    """Goal realisation compared with another chain on equal luck, week by week."""
    chart = _chart(reading, language, marks, t("report.axis.points", language))
    chart["data"] = [
        *_surface(reading, 100 * low, 100 * high, t("report.compare.interval", language), NARROW_BAND),
        _trace(reading, Line(t("report.compare.difference", language), 100 * mean, BLUE, "solid"), width=3),
    ]
    chart["layout"].update(showlegend=True, height=300)
    ends = 100 * np.nanmin(low, initial=0.0), 100 * np.nanmax(high, initial=0.0)
    span = [ABOVE_LARGEST * float(end) for end in ends]
    chart["layout"]["yaxis"].update(zeroline=True, zerolinecolor=INK, zerolinewidth=1.5, range=span)
    chart["layout"]["margin"]["r"] = 16
    return chart


def lines_chart(
    reading: Reading, language: str, marks: Sequence[Mark], axis: str, lines: Sequence[Line], top: float | None = None
) -> Figure:
    """Lines that carry their names at the right end; the axis runs from 0 to the top, or to the largest value."""
    chart = _chart(reading, language, marks, axis)
    chart["data"] = [_trace(reading, line) for line in lines]
    if top is None:
        top = ABOVE_LARGEST * max(float(np.nanmax(line.values, initial=0.0)) for line in lines) or 1.0
    chart["layout"]["yaxis"]["range"] = [0, top]
    ends = [_last(line.values) / top for line in lines]
    for line, height in zip(lines, spread(ends, NAME_GAP), strict=True):
        chart["layout"]["annotations"].append(
            {"x": 1, "xref": "paper", "xanchor": "left", "xshift": 6, "y": height, "yref": "paper", "showarrow": False,
             "align": "left", "text": safe(_cut(line.name)), "font": {"color": line.colour, "size": 12}}
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
    for _ in range(len(places)):
        for lower in range(len(moved) - 1):
            short = gap - (moved[lower + 1] - moved[lower])
            if short > 0:
                moved[lower] -= short / 2
                moved[lower + 1] += short / 2
    back = dict(zip(order, moved, strict=True))
    return [round(min(1.0, max(0.0, back[number])), DIGITS) for number in range(len(places))]


def safe(text: str) -> str:
    """A text for a figure; plotly reads a little HTML in it, so signs of markup are written out."""
    return html.escape(text, quote=False)


def _chart(reading: Reading, language: str, marks: Sequence[Mark], axis: str) -> Figure:
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
        "yaxis": {**grid, "rangemode": "tozero", "title": {"text": axis, "font": {"size": 12, "color": MUTED}}},
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


def _trace(reading: Reading, line: Line, width: float = 2.2) -> Figure:
    first = reading.dates[0].isoformat()
    values = [None if np.isnan(value) else round(float(value), DIGITS) for value in line.values]
    return {
        "type": "scatter", "mode": "lines", "name": safe(line.name), "x0": first, "dx": 7 * 86_400_000, "y": values,
        "line": {"color": line.colour, "dash": line.dash, "width": width}, "hovertemplate": "%{y:,.3~r}",
    }  # fmt: skip


def _surface(reading: Reading, low: Series, high: Series, name: str, share: float) -> list[Figure]:
    upper = _trace(reading, Line(name, high, BLUE, "solid"), width=0)
    lower = _trace(reading, Line(name, low, BLUE, "solid"), width=0)
    upper |= {"showlegend": False, "hoverinfo": "skip", "hovertemplate": None}
    lower |= {"fill": "tonexty", "fillcolor": see_through(BLUE, share), "hoverinfo": "skip", "hovertemplate": None}
    return [upper, lower]


def _as_percentages(chart: Figure) -> Figure:
    chart["layout"]["yaxis"]["tickformat"] = ".0%"
    for trace in chart["data"]:
        if trace["hovertemplate"]:
            trace["hovertemplate"] = "%{y:.0%}"
    return _from_zero_to_one(chart)


def _from_zero_to_one(chart: Figure) -> Figure:
    chart["layout"]["yaxis"]["range"] = [0, 1]
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


def _cut(name: str) -> str:
    return name if len(name) <= NAME_LENGTH else f"{name[: NAME_LENGTH - 1].rstrip()}…"
