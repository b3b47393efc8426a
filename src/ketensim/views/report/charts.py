"""Figures with time on the axis, as specifications in plotly's own form.

``plotly.graph_objects.Figure(chart)`` reads them. They are plain dicts, so that a report does not wait for plotly's
Python side; a test lets plotly check each of them. Lines differ in dash as well as in colour and carry their names at
the end; surfaces differ in pattern.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from ketensim.texts import t
from ketensim.views.drawing.figure import (
    ABOVE_LARGEST,
    Figure,
    Line,
    as_percentages,
    empty_chart,
    lines_chart,
    surface_between,
    trace_of,
)
from ketensim.views.drawing.marks import Mark
from ketensim.views.drawing.palette import BLUE, HOURS, INK, LINES, PAPER, VERMILION
from ketensim.views.drawing.reading import Reading, Series

MOST_LINES: Final = len(LINES)
WIDE_BAND: Final = 0.16
NARROW_BAND: Final = 0.24
LOW_TOP: Final = 0.2  # smallest top of the axis of interventions


def goal_realisation(reading: Reading, language: str, marks: Sequence[Mark], other: Reading | None = None) -> Figure:
    """Goal realisation of the cohorts over time: bands, median, mean, and the mean of the chain compared with."""
    band = reading.band("goal_realisation")
    chart = empty_chart(reading, language, marks, t("report.axis.share_of_cases", language))
    chart["data"] = [
        *surface_between(reading, band["p10"], band["p90"], t("report.band.wide", language), WIDE_BAND),
        *surface_between(reading, band["p25"], band["p75"], t("report.band.narrow", language), NARROW_BAND),
        trace_of(reading, Line(t("report.band.median", language), band["p50"], INK, "dot")),
        trace_of(reading, Line(t("report.band.mean", language), band["mean"], BLUE, "solid"), width=3),
    ]
    if other is not None:
        name = t("report.compare.other_short", language)
        chart["data"].append(
            trace_of(reading, Line(name, other.mean("goal_realisation"), VERMILION, "dash"), width=2.5)
        )
    chart["layout"]["showlegend"] = True
    chart["layout"]["margin"]["r"] = 16
    return as_percentages(chart)


def energy(reading: Reading, language: str, marks: Sequence[Mark]) -> Figure:
    """Where the energy went: hours per week by use, stacked."""
    chart = empty_chart(reading, language, marks, t("report.axis.hours", language))
    for name, hours in reading.hours.items():
        fill = HOURS[name]
        trace = trace_of(reading, Line(t(f"outcome.{name}.label", language), hours, fill.colour, "solid"), width=0.6)
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
    series = [(reading.short_label(reading.names[place], language), values[place]) for place in shown]
    if len(shown) < len(order):
        series.append((t("report.other_organisations", language), np.nansum(values[order[len(shown) :]], axis=0)))
    lines = [Line(name, line, *LINES[number]) for number, (name, line) in enumerate(series)]
    return lines_chart(reading, language, marks, axis, lines)


def lead_times(reading: Reading, language: str, marks: Sequence[Mark]) -> Figure:
    """Lead time of closed cases beside the age of the cases that are still open."""
    styles = {
        "open_age_p90": (VERMILION, "dash"),
        "open_age_median": (VERMILION, "solid"),
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
    chart = empty_chart(reading, language, marks, t("report.axis.share_of_organisations", language))
    chart["data"] = [
        *surface_between(reading, band["p10"], band["p90"], t("report.band.wide", language), WIDE_BAND),
        trace_of(reading, Line(t("report.band.mean", language), band["mean"], BLUE, "solid"), width=3),
    ]
    chart["layout"].update(showlegend=True, height=300)
    chart["layout"]["margin"]["r"] = 16
    return as_percentages(chart, top=min(1.0, max(LOW_TOP, ABOVE_LARGEST * float(np.nanmax(band["p90"], initial=0.0)))))


def difference(
    reading: Reading, language: str, marks: Sequence[Mark], low: Series, high: Series, mean: Series
) -> Figure:
    """Goal realisation compared with another chain on equal luck, week by week: middle 80 % of the runs and mean."""
    chart = empty_chart(reading, language, marks, t("report.axis.points", language))
    chart["data"] = [
        *surface_between(reading, 100 * low, 100 * high, t("report.band.wide", language), NARROW_BAND),
        trace_of(reading, Line(t("report.compare.difference", language), 100 * mean, BLUE, "solid"), width=3),
    ]
    chart["layout"].update(showlegend=True, height=300)
    ends = 100 * np.nanmin(low, initial=0.0), 100 * np.nanmax(high, initial=0.0)
    span = [ABOVE_LARGEST * float(end) for end in ends]
    chart["layout"]["yaxis"].update(zeroline=True, zerolinecolor=INK, zerolinewidth=1.5, range=span)
    chart["layout"]["margin"]["r"] = 16
    return chart
