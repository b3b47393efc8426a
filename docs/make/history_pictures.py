"""The pictures of the pages about history: a panel per measure, the chain as it went beside the same chain without."""

from __future__ import annotations

import io
from typing import Any

import matplotlib as mpl
import numpy as np
from docs.make.history_results import kept_of, label_with_unit, likenesses, marks_in, number
from experiments.history import replay
from matplotlib.axes import Axes
from matplotlib.dates import DateFormatter, YearLocator, date2num
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter

from ketensim.texts import t
from ketensim.views.drawing.marks import Mark
from ketensim.views.drawing.palette import BLUE, GREY, INK, LINES, MUTED

DASHES = {"dash": (5, 2), "dot": (1.2, 1.6), "dashdot": (5, 2, 1.2, 2), "longdash": (9, 2)}
STYLE: dict[str, Any] = {
    "svg.fonttype": "none", "svg.hashsalt": "ketensim", "font.family": "sans-serif", "font.size": 9,
    "font.sans-serif": ["DejaVu Sans", "Verdana", "Arial", "sans-serif"],
}  # fmt: skip
WIDTH, PANEL = 9.0, 2.0  # inches
CLOSE = 0.022  # of the width; marks nearer than this share one sign


def picture(name: str, language: str) -> str:
    """The picture of a case as SVG: a panel per measure."""
    case, kept = replay.cases()[name], kept_of(name)
    first = replay.scenario_of(case)
    start = max(0, first.week_of_date(case.since))
    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(WIDTH, PANEL * len(case.measures) + 0.6), layout="constrained")
        figure.get_layout_engine().set(h_pad=0.12)
        panels = figure.subplots(len(case.measures), sharex=True, squeeze=False)[:, 0]
        for panel, measure in zip(panels, case.measures, strict=True):
            weeks = len(kept["measures"][measure.id][replay.WITH]["mean"])
            dates = date2num([first.date_of(start + week) for week in range(weeks)])
            draw(panel, dates, case, kept["measures"][measure.id], language)
            dots(panel, name, measure, language)
            dress(panel, measure, marks_in(case, language), language, names=panel is panels[0])
        shown = {
            label: handle for panel in panels for handle, label in zip(*panel.get_legend_handles_labels(), strict=True)
        }
        figure.legend(shown.values(), shown.keys(), loc="outside lower center", ncols=3, frameon=False)
        out = io.StringIO()
        figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None})
    return out.getvalue()


def draw(panel: Axes, dates: np.ndarray, case: replay.Case, series: dict[str, Any], language: str) -> None:
    """The chain as it went with its spread, and the variants."""
    whole = {part: np.array(values, dtype=float) for part, values in series[replay.WITH].items()}
    panel.fill_between(
        dates, whole["p10"], whole["p90"], color=BLUE, alpha=0.16, lw=0, label=t("history_page.band", language)
    )
    panel.plot(dates, whole["mean"], color=BLUE, lw=2.2, label=t("history_page.with", language))
    for variant, look in zip(case.variants, LINES[1:], strict=False):
        mean, dash = np.array(series[variant.id]["mean"], dtype=float), (0, DASHES[look.texture])
        panel.plot(dates, mean, color=look.colour, ls=dash, lw=1.8, label=variant.label.in_language(language))


def dots(panel: Axes, name: str, measure: replay.Measure, language: str) -> None:
    """The published figures that are about the same outcome, in the middle of their period."""
    case = replay.cases()[name]
    for likeness in likenesses(name, replay.WITH):
        about = likeness.indicator
        same = (about.outcome, about.organisation, about.scale) == (
            measure.outcome,
            measure.organisation,
            measure.scale,
        )
        if same and about.per is None and about.since and about.until:
            middle = about.since + (about.until - about.since) / 2
            if case.since <= middle <= case.until:
                panel.errorbar(
                    date2num(middle), about.value, yerr=about.tolerance, fmt="o", color=INK, ms=4.5, lw=1.1, capsize=3,
                    label=t("history_page.published", language), zorder=5,
                )  # fmt: skip


def dress(panel: Axes, measure: replay.Measure, marks: list[Mark], language: str, *, names: bool) -> None:
    """Title, axes, and a line for everything that happened."""
    panel.set_title(
        label_with_unit(measure, language),
        loc="left",
        fontsize=10,
        fontweight="bold",
        color=INK,
        pad=16 if names else 6,
    )
    panel.spines[["top", "right"]].set_visible(False)
    panel.spines[["left", "bottom"]].set_color(GREY)
    panel.tick_params(colors=MUTED)
    panel.yaxis.set_major_formatter(FuncFormatter(lambda value, _: number(value, measure.unit, language)))
    panel.xaxis.set_major_locator(YearLocator())
    panel.xaxis.set_major_formatter(DateFormatter("%Y"))
    panel.margins(x=0)
    panel.set_ylim(bottom=0)
    for mark in marks:
        panel.axvline(date2num(mark.date), color=GREY, lw=0.6, ls=":", zorder=0)
    for date, sign in signs(marks, panel) if names else ():
        panel.annotate(
            sign, (date, 1), xycoords=("data", "axes fraction"), xytext=(0, 3), textcoords="offset points",
            ha="center", fontsize=7.5, color=MUTED,
        )  # fmt: skip


def signs(marks: list[Mark], panel: Axes) -> list[tuple[float, str]]:
    """Where the numbers of marks stand above the panel; those too close to each other are taken together."""
    low, high = panel.get_xlim()
    groups: list[list[Mark]] = []
    for mark in marks:
        near = groups and date2num(mark.date) - date2num(groups[-1][-1].date) < CLOSE * (high - low)
        if near:
            groups[-1].append(mark)
        else:
            groups.append([mark])
    return [
        (
            float(np.mean([date2num(mark.date) for mark in group])),
            "–".join(dict.fromkeys((group[0].sign, group[-1].sign))),
        )
        for group in groups
    ]
