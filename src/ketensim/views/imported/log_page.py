"""A page that lays a list of cases beside the simulation: pictures week by week, and the table of figures with verdicts."""

from __future__ import annotations

import csv
import math
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

from ketensim.analysis.resemblance import DIFFERS, Likeness, resemblance
from ketensim.foundation.errors import InputError, Problem
from ketensim.logs.imported_chain import COLUMNS
from ketensim.run.results import Results
from ketensim.scenario.content import USES
from ketensim.texts import t
from ketensim.views.drawing.figure import Figure, Line, band_traces, lines_chart
from ketensim.views.drawing.html_file import figure_scripts, html_file, place_of_figure
from ketensim.views.drawing.markup import Markup, element
from ketensim.views.drawing.palette import Look
from ketensim.views.drawing.reading import Reading, Series
from ketensim.views.drawing.table import html_table
from ketensim.views.report import evidence

OF_CHAIN: Final = ("open", "arrived", "lead_time_median", "lead_time_p90")
SMOOTH: Final = (
    4  # weeks over which the list is averaged in a picture, so that it can be seen beside a mean of many runs
)
BAND_SHARE: Final = 0.2
LISTED, SIMULATED = Look("vermilion", "solid"), Look("accent", "solid")
WeeklyList = dict[tuple[str, str], Series]


def weekly_of_list(path: Path) -> WeeklyList:
    """The weekly figures of a list, by outcome and organisation (empty = the chain); those of case types are left out.

    Raises
    ------
    InputError : a file that is not what ``series_csv`` writes
    """
    found: dict[tuple[str, str], list[float]] = {}
    try:
        with path.open(encoding="utf-8", newline="") as file:
            rows = csv.DictReader(file)
            if tuple(rows.fieldnames or ()) != COLUMNS:
                raise ValueError(rows.fieldnames)
            for row in rows:
                if not row["case_type"]:
                    value = float(row["value"]) if row["value"] else math.nan
                    found.setdefault((row["outcome"], row["organisation"]), []).append(value)
    except (OSError, ValueError) as error:
        raise InputError([Problem("log.error.damaged", "", {"reason": str(error)[:80]})], str(path)) from None
    return {name: np.array(values) for name, values in found.items()}


def resemblance_html(results: Results, listed: WeeklyList, language: str) -> str:
    """The page.

    Parameters
    ----------
    results : of the chain that was made of the list, with the weeks of every run
    listed : weekly figures of the list
    """
    reading, likenesses = Reading(results), resemblance(results)
    figures: dict[str, Figure] = {}
    sections: list[Markup] = []
    labels = {part.id: part.label.in_language(language) for part in results.scenario.organisations}
    wanted = [(name, "") for name in OF_CHAIN] + [("present", part) for part in labels]
    for number, (outcome, organisation) in enumerate(wanted):
        if (outcome, organisation) in listed:
            name = f"figure-{number}"
            whose = f" ({labels[organisation]})" if organisation else ""
            title = t(f"log.chain.figure.{outcome}", language, whose=whose)
            figures[name] = _chart(reading, outcome, organisation, listed[outcome, organisation], language)
            caption = element("figcaption", t("log.page.caption", language))
            place = place_of_figure(name, figures[name], title, caption, language)
            sections.append(element("section", element("h2", title), place))
    title = results.scenario.title.in_language(language)
    body = element(
        "body",
        element(
            "header",
            element("h1", title),
            element("p", t("log.page.subtitle", language, runs=results.number_of_runs), class_="subtitle"),
            element("p", " ".join(evidence.likenesses_counted(likenesses, language)), class_="lead"),
            class_="page",
        ),
        element("main", *sections, _figures(likenesses, language)),
        *figure_scripts(figures),
    )
    return html_file(title, body, language)


def _chart(reading: Reading, outcome: str, organisation: str, listed: Series, language: str) -> Figure:
    """The band of the runs, their mean, and the list."""
    band: Any = reading.results.band_arrays(outcome, organisation or None)
    weeks = len(band["mean"])
    side = t(f"log.page.axis.{'weeks' if outcome.startswith('lead') else 'cases'}", language)
    lines = [
        Line(t("log.page.listed", language), _smoothed(listed, weeks), LISTED),
        Line(t("log.page.simulated", language), band["mean"], SIMULATED),
    ]
    top = 1.05 * float(max(np.nanmax(band["p90"], initial=0.0), np.nanmax(lines[0].values, initial=0.0))) or 1.0
    chart = lines_chart(reading, language, (), side, lines, top)
    chart["data"] = [
        *band_traces(reading, band["p10"], band["p90"], t("log.page.simulated", language), BAND_SHARE),
        *chart["data"],
    ]
    held = [one.since for one in reading.scenario.indicators if one.used_for == USES[1] and one.since is not None]
    if held:
        day = min(held).isoformat()
        chart["layout"]["shapes"] = [
            *chart["layout"]["shapes"],
            {
                "type": "line",
                "x0": day,
                "x1": day,
                "y0": 0,
                "y1": 1,
                "yref": "paper",
                "line": {"dash": "dot", "width": 1.5},
            },
        ]
    return chart


def _smoothed(listed: Series, weeks: int) -> Series:
    """Means of some weeks around each, as long as the run."""
    padded = np.full(weeks, np.nan)
    padded[: min(weeks, len(listed))] = listed[:weeks]
    known = ~np.isnan(padded)
    window = np.ones(SMOOTH)
    total = np.convolve(np.where(known, padded, 0.0), window, "same")
    number = np.convolve(known.astype(float), window, "same")
    smoothed = np.full(weeks, np.nan)
    smoothed[number > 0] = total[number > 0] / number[number > 0]
    return smoothed


def differing(likenesses: Sequence[Likeness], language: str) -> str:
    """Which figures differ, first those that were held back; nothing when none does."""
    said = {
        use: [one.indicator.label.in_language(language) for one in likenesses
              if one.verdict == DIFFERS and one.indicator.used_for == use]
        for use in reversed(USES)
    }  # fmt: skip
    held_back, aimed_at = said[USES[1]], said[USES[0]]
    told = [t(f"log.page.differs.{use}", language, figures=names) for use, names in said.items() if names]
    if held_back and held_back == aimed_at:
        told[-1] = t("log.page.differs.same", language)
    return " ".join(told)


def _figures(likenesses: Sequence[Likeness], language: str) -> Markup:
    table = html_table(evidence.likeness_table(likenesses, language))
    told = element("p", differing(likenesses, language))
    return element("section", element("h2", t("log.page.figures", language)), told, table)
