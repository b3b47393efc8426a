"""The figures of a report, all with time on the axis.

Lines differ in dash as well as in colour and carry their names at the end; surfaces differ in pattern.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from ketensim.run.ledger import LEDGER
from ketensim.texts import t
from ketensim.views.drawing.figure import (
    ABOVE_LARGEST,
    Figure,
    Line,
    as_percentages,
    band_traces,
    line_trace,
    lines_chart,
    time_chart,
)
from ketensim.views.drawing.marks import Mark
from ketensim.views.drawing.palette import HOUR_LOOKS, INK, LEDGER_LOOKS, LINES, PAPER, Look
from ketensim.views.drawing.reading import Reading, Series
from ketensim.views.report.conclusions import ABILITIES, MIRRORS

MOST_LINES: Final = len(LINES)
WIDE_BAND: Final = 0.16
NARROW_BAND: Final = 0.24
LOW_TOP: Final = 0.2  # smallest top of the axis of interventions
LOW_CHART: Final = 300  # pixels
CLOSED, STILL_OPEN = "accent", "vermilion"  # colours of the two clocks
CLOCKS: Final[Mapping[str, Look]] = {
    "open_age_p90": Look(STILL_OPEN, "dash"),
    "open_age_median": Look(STILL_OPEN, "solid"),
    "lead_time_p90": Look(CLOSED, "dash"),
    "lead_time_median": Look(CLOSED, "solid"),
}
TRUST: Final = ("trust_persons", "trust_agreements", "trust_vertical")


def goal_chart(reading: Reading, language: str, marks: Sequence[Mark], other: Reading | None = None) -> Figure:
    """Goal realisation of the cohorts over time: bands, median, mean, and the mean of the chain compared with."""
    band = reading.band("goal_realisation")
    chart = time_chart(
        reading, language, marks, t("report.axis.share_of_cases", language, **reading.scenario.words(language))
    )
    chart["data"] = [
        *band_traces(reading, band["p10"], band["p90"], t("report.band.wide", language), WIDE_BAND),
        *band_traces(reading, band["p25"], band["p75"], t("report.band.narrow", language), NARROW_BAND),
        line_trace(reading, Line(t("report.band.median", language), band["p50"], Look("ink", "dot"))),
        _mean_trace(reading, t("report.band.mean", language), band["mean"]),
    ]
    if other is not None:
        name = t("report.compare.other_short", language)
        line = Line(name, other.mean("goal_realisation"), Look("vermilion", "dash"))
        chart["data"].append(line_trace(reading, line, width=2.5))
    return as_percentages(_with_legend(chart))


def energy_chart(reading: Reading, language: str, marks: Sequence[Mark]) -> Figure:
    """Where the energy went: hours per week by use, stacked."""
    chart = time_chart(reading, language, marks, t("report.axis.hours", language))
    for name, hours in reading.hours.items():
        look = HOUR_LOOKS[name]
        line = Line(t(f"outcome.{name}.label", language), hours, Look(look.name, "solid"))
        chart["data"].append(
            _stacked(line_trace(reading, line, width=0.6), look, "hours") | {"hovertemplate": "%{y:,.0f}"}
        )
    _with_legend(chart, height=440)
    chart["layout"]["legend"] = {"traceorder": "reversed", "x": 1.01, "y": 1, "font": {"size": 12}, "itemwidth": 30}
    return chart


def ledger_chart(reading: Reading, language: str, marks: Sequence[Mark]) -> Figure:
    """Where the cases of each week went: shares that are one together, stacked, up to the last week of which that is known."""
    chart = time_chart(
        reading, language, marks, t("report.axis.share_of_cases", language, **reading.scenario.words(language))
    )
    means = {name: np.asarray(reading.mean(outcome)) for name, outcome in LEDGER.items()}
    known = np.flatnonzero(~np.isnan(np.sum(list(means.values()), axis=0)))
    last = int(known[-1]) + 1 if len(known) else 0  # further on a stack would fall to nought
    for name, mean in means.items():
        look = LEDGER_LOOKS[name]
        line = Line(t(f"report.ledger.name.{name}", language), mean[:last], Look(look.name, "solid"))
        chart["data"].append(
            _stacked(line_trace(reading, line, width=0.6), look, "cases") | {"hovertemplate": "%{y:.0%}"}
        )
    _with_legend(chart, height=440)
    return as_percentages(chart)


def open_chart(reading: Reading, language: str, marks: Sequence[Mark]) -> Figure:
    """Open, waiting and blocked cases in the whole chain."""
    lines = [
        Line(t(f"outcome.{name}.label", language, **reading.scenario.words(language)), reading.mean(name), look)
        for name, look in zip(("open", "waiting", "blocked"), LINES, strict=False)
    ]
    return lines_chart(
        reading, language, marks, t("report.axis.cases", language, **reading.scenario.words(language)), lines
    )


def waiting_chart(reading: Reading, language: str, marks: Sequence[Mark]) -> Figure:
    """Waiting cases per organisation, the largest mean first; the smallest are taken together when there are many."""
    values = reading.organisation("waiting")
    order = np.argsort(-np.nan_to_num(np.nanmean(values, axis=1)), kind="stable")
    apart = order if len(order) <= MOST_LINES else order[: MOST_LINES - 1]
    series = [(reading.short_label(reading.names[place], language), values[place]) for place in apart]
    if len(apart) < len(order):
        series.append((t("report.other_organisations", language), np.nansum(values[order[len(apart) :]], axis=0)))
    lines = [Line(name, line, LINES[number]) for number, (name, line) in enumerate(series)]
    return lines_chart(
        reading, language, marks, t("report.axis.cases", language, **reading.scenario.words(language)), lines
    )


def lead_time_chart(reading: Reading, language: str, marks: Sequence[Mark]) -> Figure:
    """Lead time of closed cases beside the age of the cases that are still open."""
    lines = [Line(t(f"report.short.{name}", language), reading.mean(name), look) for name, look in CLOCKS.items()]
    return lines_chart(reading, language, marks, t("report.axis.weeks", language), lines)


def trust_chart(reading: Reading, language: str, marks: Sequence[Mark]) -> Figure:
    """Trust in persons, in agreements, and of administrators in their organisation."""
    return _levels_chart(reading, language, marks, TRUST, "trust")


def mirror_chart(reading: Reading, language: str, marks: Sequence[Mark]) -> Figure:
    """What moves along with trust: the share of steering that goes from person to person, and the joint monitor."""
    return _levels_chart(reading, language, marks, MIRRORS, "level")


def ability_chart(reading: Reading, language: str, marks: Sequence[Mark]) -> Figure:
    """What managers and professionals can do, and how far the objective has landed on the official level."""
    return _levels_chart(reading, language, marks, ABILITIES, "level")


def _levels_chart(reading: Reading, language: str, marks: Sequence[Mark], names: Sequence[str], axis: str) -> Figure:
    lines = [
        Line(t(f"report.short.{name}", language), reading.mean(name), look)
        for name, look in zip(names, LINES, strict=False)
    ]
    return lines_chart(reading, language, marks, t(f"report.axis.{axis}", language), lines, top=1.0)


def intervention_chart(reading: Reading, language: str, marks: Sequence[Mark]) -> Figure:
    """Share of the organisations in which an administrator decides about details."""
    band = reading.band("under_intervention")
    chart = time_chart(reading, language, marks, t("report.axis.share_of_organisations", language))
    chart["data"] = [
        *band_traces(reading, band["p10"], band["p90"], t("report.band.wide", language), WIDE_BAND),
        _mean_trace(reading, t("report.band.mean", language), band["mean"]),
    ]
    top = min(1.0, max(LOW_TOP, ABOVE_LARGEST * float(np.nanmax(band["p90"], initial=0.0))))
    return as_percentages(_with_legend(chart, LOW_CHART), top)


def difference_chart(
    reading: Reading, language: str, marks: Sequence[Mark], low: Series, high: Series, mean: Series
) -> Figure:
    """Goal realisation compared with another chain on equal luck, week by week: middle 80 % of the runs and mean."""
    chart = time_chart(reading, language, marks, t("report.axis.points", language))
    chart["data"] = [
        *band_traces(reading, 100 * low, 100 * high, t("report.band.wide", language), NARROW_BAND),
        _mean_trace(reading, t("report.compare.difference", language), 100 * mean),
    ]
    ends = 100 * np.nanmin(low, initial=0.0), 100 * np.nanmax(high, initial=0.0)
    span = [ABOVE_LARGEST * float(end) for end in ends]
    chart["layout"]["yaxis"].update(zeroline=True, zerolinecolor=INK, zerolinewidth=1.5, range=span)
    return _with_legend(chart, LOW_CHART)


def _stacked(trace: Figure, look: Look, group: str) -> Figure:
    """A line as the upper edge of a surface on top of those before it."""
    stacked = trace | {"stackgroup": group, "fillcolor": look.colour}
    if look.texture:
        pattern = {"shape": look.texture, "fgcolor": PAPER, "bgcolor": look.colour, "size": 7, "solidity": 0.35}
        stacked["fillpattern"] = pattern
    return stacked


def _mean_trace(reading: Reading, name: str, mean: Series) -> Figure:
    return line_trace(reading, Line(name, mean, Look("accent", "solid")), width=3)


def _with_legend(chart: Figure, height: int | None = None) -> Figure:
    """A chart whose lines are named in a legend, so that it needs no room for names at the right."""
    chart["layout"]["showlegend"] = True
    chart["layout"]["margin"]["r"] = 16
    if height is not None:
        chart["layout"]["height"] = height
    return chart
