"""The figures of an experiment: tornado, interaction, heat map, small multiples over time, parallel coordinates."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

import numpy as np

from ketensim.analysis.answers import Answers, Block
from ketensim.analysis.discovery import Box
from ketensim.experiment.records import WEEKLY
from ketensim.foundation.outcome_table import LESS, MORE, NEITHER
from ketensim.views.drawing.figure import Figure, axis_title, plain_chart, plotted, safe
from ketensim.views.drawing.palette import BLUE, CLEAR, GREY, INK, LINES, MUTED, ORANGE, PALE, VERMILION, see_through
from ketensim.views.experiment.experiment_words import Words
from ketensim.views.report.values import PERCENTAGES

if TYPE_CHECKING:
    import pandas as pd

BAR: Final = 26  # pixels of height
FRAME: Final = 150  # pixels around the bars
MOST_BARS: Final = 12
MOST_PANELS: Final = 9
PANEL: Final = 250  # pixels of height
MOST_LINES: Final = 8
MIDDLE: Final = "#f2e6c2"
SCALES: Final = {  # from little to much; vermilion is the unwelcome end, and where neither end is, no hue says so
    MORE: ((0.0, VERMILION), (0.5, MIDDLE), (1.0, BLUE)),
    LESS: ((0.0, BLUE), (0.5, MIDDLE), (1.0, VERMILION)),
    NEITHER: ((0.0, PALE), (1.0, INK)),
}
SYMBOLS: Final = ("circle", "diamond", "square", "triangle-up", "star", "cross", "x")
PATTERNS: Final = ("", "/", "x", ".", "\\", "-", "|", "+")
COLUMNS: Final = 3
NAME_WIDTH: Final = 42  # letters of the name of a panel on one line
PER_CENT: Final = ",.1~%"
TITLE: Final = 11  # pixels of the title of a panel's axis


def tornado_chart(
    words: Words, tables: Sequence[tuple[str, pd.DataFrame]], axis: str, *, shares: bool = False
) -> Figure:
    """Horizontal bars with intervals, the longest on top; one colour and pattern per series.

    Parameters
    ----------
    tables : name of a series and its rows: what (text), value, low, high
    axis : what is measured
    shares : whether values are shares, whatever the outcome
    """
    figure = plain_chart(axis, "", words.language)
    order = tables[0][1].assign(size=tables[0][1]["value"].abs()).sort_values("size")["what"].tolist()
    for number, (name, table) in enumerate(tables[:MOST_LINES]):
        rows = table.set_index("what").reindex(order)
        colour = LINES[number].colour
        value = rows["value"].to_numpy(dtype=float)
        figure["data"].append(
            {"type": "bar", "orientation": "h", "y": [safe(name) for name in order], "x": plotted(value),
             "name": safe(name), "marker": {"color": colour, "pattern": {"shape": PATTERNS[number % len(PATTERNS)]}},
             "error_x": {"type": "data", "symmetric": False, "array": plotted(rows["high"] - value),
                         "arrayminus": plotted(value - rows["low"]), "color": INK, "thickness": 1.2, "width": 3}}
        )  # fmt: skip
    figure["layout"].update(height=FRAME + BAR * max(4, len(order) * max(1, len(tables))), barmode="group")
    figure["layout"]["showlegend"] = len(tables) > 1
    figure["layout"]["xaxis"].update(zeroline=True, zerolinecolor=INK, showgrid=True)
    figure["layout"]["yaxis"].pop("tickformat", None)
    if words.answers.main in PERCENTAGES or shares:
        figure["layout"]["xaxis"]["tickformat"] = PER_CENT
    return figure


def interaction_chart(words: Words, block: Block, first: str, second: str) -> Figure:
    """The outcome at the levels of one factor, a line per level of the other."""
    main = words.answers.main
    figure = plain_chart(words.factor(first), words.outcome(main), words.language)
    means = words.answers.of(block, main).mean(axis=1)
    table = block.points[[first, second]].assign(mean=means).groupby([first, second])["mean"].mean().unstack()
    for number, level in enumerate(table.columns[:MOST_LINES]):
        look = LINES[number % len(LINES)]
        figure["data"].append(
            {"type": "scatter", "mode": "lines+markers", "x": table.index.tolist(), "y": plotted(table[level]),
             "name": safe(f"{words.factor(second)} {words.t('number', value=level)}"),
             "line": {"color": look.colour, "dash": look.texture, "width": 2}, "marker": {"size": 7, "color": look.colour}}
        )  # fmt: skip
    figure["layout"]["xaxis"]["tickvals"] = table.index.tolist()
    if main in PERCENTAGES:
        figure["layout"]["yaxis"]["tickformat"] = PER_CENT
    return figure


def heat_chart(words: Words, first: str, second: str) -> Figure:
    """The main outcome over two factors, a panel per block and world."""
    answers = words.answers
    means = answers.means(answers.main)
    points = answers.points.assign(mean=means)
    panels = list(points.groupby(["scenario", "policy", "events", "world"], sort=False))[:MOST_PANELS]
    figure = plain_chart("", "", words.language)
    figure["data"], rows = [], -(-len(panels) // COLUMNS)
    figure["layout"]["annotations"] = []
    ends = {"zmin": float(np.nanmin(means)), "zmax": float(np.nanmax(means))}
    for number, (_, table) in enumerate(panels):
        grid = table.pivot_table(index=second, columns=first, values="mean")
        suffix = _panel(figure, number, min(len(panels), COLUMNS), rows, _name_of_panel(words, table))
        figure["data"].append(
            {"type": "heatmap", "x": grid.columns.tolist(), "y": grid.index.tolist(), **ends,
             "z": [plotted(row) for row in grid.to_numpy()], "xaxis": f"x{suffix}", "yaxis": f"y{suffix}",
             "colorscale": [list(step) for step in SCALES[answers.criterion.direction]], "showscale": number == 0,
             "colorbar": {"title": {"text": safe(words.outcome(answers.main)), "side": "right"}, "thickness": 12,
                          "tickformat": PER_CENT if answers.main in PERCENTAGES else ""},
             "hovertemplate": f"{safe(words.factor(first))} %{{x}}<br>{safe(words.factor(second))} %{{y}}<br>%{{z:,.3~r}}"
                              "<extra></extra>"}
        )  # fmt: skip
        figure["layout"][f"xaxis{suffix}"]["title"] = axis_title(words.factor(first), TITLE)
        figure["layout"][f"yaxis{suffix}"]["title"] = axis_title(
            words.factor(second) if number % COLUMNS == 0 else "", TITLE
        )
    figure["layout"].update(height=FRAME + (PANEL + 60) * rows, showlegend=False)
    return figure


def _name_of_panel(words: Words, table: pd.DataFrame) -> str:
    """What tells a panel from the others."""
    row, experiment = table.iloc[0], words.answers.experiment
    names = [name for name in experiment.uncertainties if name in table and words.answers.points[name].nunique() > 1]
    fixed = [
        f"{words.lower(name)} {words.t('number', value=row[name])}" for name in names if table[name].nunique() == 1
    ]
    block = [words.block(row["scenario"], row["policy"], row["events"])]
    return ", ".join([*(block if len(words.answers.blocks) > 1 or not fixed else []), *fixed])


def time_charts(words: Words, lines: Sequence[tuple[str, Sequence[int]]]) -> Figure:
    """The mean course of some outcomes, a panel each, a line per group of points.

    Parameters
    ----------
    lines : name of a line, and the points whose mean it is
    """
    ends = ("_p10", "_p90") if len(lines) == 1 else ()  # a band per line would hide the other lines
    columns = [name + end for name in WEEKLY for end in ("", *ends)]
    courses = words.answers.result.weekly_means([points for _, points in lines], columns)
    figure = plain_chart("", "", words.language)
    figure["layout"]["annotations"] = []
    rows = -(-len(WEEKLY) // COLUMNS)
    for panel, outcome in enumerate(WEEKLY):
        suffix = _panel(figure, panel, COLUMNS, rows, words.outcome(outcome))
        figure["layout"][f"yaxis{suffix}"]["tickformat"] = tick_format(outcome)
        for number, (name, _) in enumerate(lines[:MOST_LINES]):
            look = LINES[number % len(LINES)]
            course = courses[number][outcome]
            if ends:
                figure["data"] += [
                    {"type": "scatter", "mode": "lines", "x": course.index.tolist(), "y": plotted(courses[number][outcome + end]),
                     "line": {"width": 0}, "hoverinfo": "skip", "showlegend": False, "xaxis": f"x{suffix}",
                     "yaxis": f"y{suffix}", **more}
                    for end, more in (("_p90", {}), ("_p10", {"fill": "tonexty", "fillcolor": see_through(look.colour, 0.18)}))
                ]  # fmt: skip
            figure["data"].append(
                {"type": "scatter", "mode": "lines", "x": course.index.tolist(), "y": plotted(course),
                 "name": safe(name), "legendgroup": str(number), "showlegend": panel == 0,
                 "xaxis": f"x{suffix}", "yaxis": f"y{suffix}", "line": {"color": look.colour, "dash": look.texture, "width": 2}}
            )  # fmt: skip
    figure["layout"].update(height=FRAME + (PANEL + 30) * rows, showlegend=len(lines) > 1)
    figure["layout"]["legend"]["y"] = -0.08
    return figure


def _panel(figure: Figure, number: int, columns: int, rows: int, name: str) -> str:
    """Make the axes of a panel, with its name above it; returns the ending of their names."""
    layout, suffix = figure["layout"], "" if number == 0 else str(number + 1)
    row, column = divmod(number, columns)
    width, height = 1.0 / columns, 1.0 / rows
    left, bottom = column * width, 1.0 - (row + 1) * height
    plain = {name: value for name, value in layout["xaxis"].items() if name not in ("title", "domain", "anchor")}
    layout[f"xaxis{suffix}"] = {**plain, "domain": [left + 0.02, left + width - 0.035], "anchor": f"y{suffix}"}
    upright = {"domain": [bottom + 0.09 * height, bottom + 0.9 * height], "anchor": f"x{suffix}"}
    layout[f"yaxis{suffix}"] = {**plain, "showgrid": True, **upright}
    wrapped = "<br>".join(safe(line) for line in textwrap.wrap(name, NAME_WIDTH))
    layout["annotations"].append(
        {"text": wrapped, "x": left + width / 2 - 0.008, "y": bottom + 0.91 * height, "xref": "paper", "yref": "paper",
         "showarrow": False, "xanchor": "center", "yanchor": "bottom", "font": {"size": 12, "color": INK}}
    )  # fmt: skip
    return suffix


def tick_format(outcome: str) -> str:
    """How numbers of an outcome stand along an axis: a share that people know as a percentage is one."""
    return PER_CENT if outcome in PERCENTAGES else ",.3~f"


def parallel_chart(words: Words, factors: Sequence[str]) -> Figure:
    """One line per point through its factors and its outcomes, coloured by the main outcome."""
    answers = words.answers
    main = answers.means(answers.main)
    known = ~np.isnan(main)
    axes = [(words.factor(name), answers.points[name].to_numpy(dtype=float), "") for name in factors]
    axes += [(words.outcome(name), answers.means(name), tick_format(name)) for name in answers.experiment.outcomes]
    figure = plain_chart("", "", words.language)
    figure["data"] = [
        {"type": "parcoords", "labelangle": -22, "labelfont": {"size": 11, "color": INK},
         "tickfont": {"size": 10, "color": MUTED}, "rangefont": {"size": 9, "color": CLEAR},
         "line": {"color": plotted(main[known]), "colorscale": [list(step) for step in SCALES[answers.criterion.direction]]},
         "unselected": {"line": {"color": PALE, "opacity": 0.15}},
         "dimensions": [{"label": safe(name), "values": plotted(values[known]), "tickformat": ticks}
                        for name, values, ticks in axes]}
    ]  # fmt: skip
    figure["layout"].update(height=460, showlegend=False, margin={"l": 70, "r": 60, "t": 120, "b": 30})
    return figure


def choice_chart(words: Words, table: pd.DataFrame) -> Figure:
    """How each choice did in its worst world against its mean over the worlds."""
    figure = plain_chart(words.t("column.mean"), words.t("column.worst"), words.language)
    best = table["best_worst"] | table["best_regret"] | table["best_mean"]
    for mask, colour, name in ((~best, GREY, "other_choices"), (best, ORANGE, "best_choices")):
        rows = table[mask]
        figure["data"].append(
            {"type": "scatter", "mode": "markers", "x": plotted(rows["mean"]), "y": plotted(rows["worst"]),
             "name": safe(words.t(name)), "text": [safe(words.choice(row)) for _, row in rows.iterrows()],
             "marker": {"size": 10, "color": see_through(colour, 0.8), "line": {"color": INK, "width": 1},
                        "symbol": "diamond" if colour == ORANGE else "circle"},
             "hovertemplate": "%{text}<br>%{x:,.3~r}; %{y:,.3~r}<extra></extra>"}
        )  # fmt: skip
    if words.answers.criterion.direction == LESS:
        figure["layout"]["yaxis"]["autorange"] = "reversed"  # what holds up best stands at the top
    return figure


def winner_chart(words: Words, rows: pd.DataFrame, first: str, second: str) -> Figure:
    """Which way to steer does best at each combination of two factors; open points are not sure."""
    figure = plain_chart(words.factor(first), words.factor(second), words.language)
    for number, policy in enumerate(words.answers.experiment.policies):
        colour, mine = LINES[number % len(LINES)].colour, rows[rows["best"] == policy.id]
        fills = [colour if sure else CLEAR for sure in mine["sure"]]
        figure["data"].append(
            {"type": "scatter", "mode": "markers", "x": plotted(mine[first]), "y": plotted(mine[second]),
             "name": safe(words.policy(policy.id)),
             "marker": {"size": 9, "color": fills, "line": {"color": colour, "width": 1.5},
                        "symbol": SYMBOLS[number % len(SYMBOLS)]},
             "hovertemplate": f"{safe(words.policy(policy.id))}<br>%{{x:.3~r}}; %{{y:.3~r}}<extra></extra>"}
        )  # fmt: skip
    return figure


def telling(answers: Answers, domains: Sequence[tuple[str, str, str, list[Box]]]) -> tuple[str, str]:
    """The two factors that most often bound where a way to steer does best, else the first two."""
    limits = Counter(limit.input for *_, found in domains for box in found for limit in box.limits)
    names = [name for name, _ in limits.most_common()] + [name for name in answers.factors if name not in limits]
    return names[0], names[1]


def most_important(answers: Answers, block: Block) -> tuple[str, str]:
    """The two factors with the largest interaction in a block, else the first two."""
    if "effects" not in answers.tables:
        return answers.factors[0], answers.factors[1]
    table = answers.tables["effects"]
    mine = table[(table["outcome"] == answers.main) & (table["other"] != "")]
    mine = mine[
        (mine["scenario"] == block.scenario) & (mine["policy"] == block.policy) & (mine["events"] == block.events)
    ]
    if mine.empty:
        return answers.factors[0], answers.factors[1]
    top = mine.iloc[int(mine["effect"].abs().to_numpy().argmax())]
    return str(top["factor"]), str(top["other"])
