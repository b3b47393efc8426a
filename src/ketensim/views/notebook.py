"""How scenarios, results, comparisons and experiments look in a notebook; ``foundation/shown.py`` asks for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from ketensim.experiment.result import ExperimentResult
from ketensim.foundation.outcome_table import BAND, OUTCOME_NAMES
from ketensim.foundation.parameters import LEVER_NAMES
from ketensim.run.comparison import Comparison
from ketensim.run.results import Results, position
from ketensim.scenario.schema import Scenario
from ketensim.texts import language_of_system, t, word
from ketensim.views.drawing.chain_picture import chain_picture
from ketensim.views.drawing.figure import Figure, Line, band_traces, line_trace, plain_chart, safe, time_chart
from ketensim.views.drawing.html_file import asset
from ketensim.views.drawing.marks import marks_of
from ketensim.views.drawing.markup import Markup, element, fragment
from ketensim.views.drawing.palette import COLOURS, HOUR_COLOURS, PAPER, Look
from ketensim.views.drawing.reading import Reading, column
from ketensim.views.drawing.table import Table, html_table
from ketensim.views.experiment.experiment_words import CIRCUMSTANCE_NAMES
from ketensim.views.report import charts
from ketensim.views.report.differences import different_settings
from ketensim.views.report.run_tables import heading as column_heading
from ketensim.views.report.run_tables import with_unit
from ketensim.views.report.tables import comparison_table, summary_table
from ketensim.views.report.values import PERCENTAGES, label_with_unit, written_value

if TYPE_CHECKING:
    from plotly.graph_objects import Figure as PlotlyFigure

GOAL: Final = "goal"
GOAL_OUTCOME: Final = "goal_realisation"
WIDE: Final = 0.18  # how dark a band is
CHARTS: Final[Mapping[str, Callable[..., Figure]]] = {
    GOAL: charts.goal_chart,
    "losses": charts.ledger_chart,
    "hours": charts.energy_chart,
    "open": charts.open_chart,
    "trust": charts.trust_chart,
}
COSTS: Final = "costs"
PLAIN: Final = "background: var(--paper); color: var(--ink); max-width: 60rem; padding: .6rem 1rem"
OF_TABLES: Final = (
    ".ketensim svg.chain { max-width: 40rem; margin: 0; }",
    ".ketensim table { border-collapse: collapse; }",
    ".ketensim th, .ketensim td { padding: .2rem .7rem; color: var(--ink); background: none; text-align: right; }",
    ".ketensim th:first-child, .ketensim td:first-child { text-align: left; font-weight: 400; }",
    ".ketensim thead th { border-bottom: 1px solid var(--muted); font-weight: 600; vertical-align: bottom; }",
)
TOP: Final = 46  # room for a title
MOST_ROWS: Final = 20  # of an experiment
COLUMNS_OF_POINTS: Final = ("scenario", "policy", "events")
EIGHT_OF_TEN: Final = (0.1, 0.9)


def html_of(thing: Any, language: str | None = None) -> str:
    """A part of a page that says what somebody is looking at.

    Parameters
    ----------
    thing : Scenario, Results, Comparison or ExperimentResult
    language : ``nl`` or ``en``; silent = that of the system
    """
    spoken = language or language_of_system()
    for kind, show in _SHOWN.items():
        if isinstance(thing, kind):
            return str(element("div", element("style", Markup(_style())), show(thing, spoken), class_="ketensim"))
    return ""


def _style() -> str:
    """How it looks: the picture of a chain as in reports, on paper of its own, so that a dark notebook shows it too."""
    colours = "; ".join(f"--{name}: {shade.light}" for name, shade in COLOURS.items())
    picture = [line for line in asset("page.css").splitlines() if line.startswith((".chain ", "svg.chain "))]
    return "\n".join([f".ketensim {{ {colours}; {PLAIN} }}", *OF_TABLES, *(f".ketensim {line}" for line in picture)])


def figure_of(thing: Any, what: str | None = None, language: str | None = None) -> PlotlyFigure:
    """A plotly figure of results or of a comparison; parameters as for ``Plotted.plot``."""
    from plotly.graph_objects import Figure as PlotlyFigure

    spoken = language or language_of_system()
    drawn = _of_comparison(thing, what, spoken) if isinstance(thing, Comparison) else _of_results(thing, what, spoken)
    text = {"text": safe(_title(thing, what or GOAL, spoken)), "x": 0, "xref": "paper", "font": {"size": 15}}
    drawn["layout"] |= {"title": text, "paper_bgcolor": PAPER, "plot_bgcolor": PAPER}
    drawn["layout"]["margin"] |= {"t": drawn["layout"]["margin"]["t"] + TOP}
    return PlotlyFigure(data=drawn["data"], layout=drawn["layout"])


def _title(thing: Any, what: str, language: str) -> str:
    """What a figure shows, and of which chain."""
    outcome = GOAL_OUTCOME if what == GOAL else what
    if isinstance(thing, Comparison):
        chain = thing.b.scenario
        called = word(f"outcome.{outcome}", language, **chain.words(language))
        told = t("notebook.difference", language, outcome=called)
    elif what in (*CHARTS, COSTS):
        chain, told = thing.scenario, t(f"notebook.title.{what}", language, **thing.scenario.words(language))
    else:
        chain = thing.scenario
        told = word(f"outcome.{what}", language, **chain.words(language)) if what in OUTCOME_NAMES else what
    return f"{told} – {chain.title.in_language(language)}"


def _of_results(results: Results, what: str | None, language: str) -> Figure:
    reading, marks = Reading(results), marks_of(results.scenario, language)
    wish = what or GOAL
    if wish in CHARTS:
        return CHARTS[wish](reading, language, marks)
    if wish == COSTS:
        return _costs(results, language)
    own = [*results.extension.outcomes, *results.extension.organisation_outcomes]
    position(wish, [*CHARTS, COSTS, *OUTCOME_NAMES, *own], "error.unknown_outcome")
    words = results.scenario.words(language)
    side = wish if wish in own else with_unit(wish, language, words, of_a_week=True)
    chart = time_chart(reading, language, marks, side)
    return _banded(chart, reading, results.band_arrays(wish), language)


def _of_comparison(comparison: Comparison, what: str | None, language: str) -> Figure:
    outcome = GOAL_OUTCOME if what in (None, GOAL) else str(what)
    band = comparison.weekly(outcome)
    reading = Reading(comparison.b)
    points = outcome in PERCENTAGES
    words = comparison.b.scenario.words(language)
    side = t("notebook.points_of_outcome", language) if points else with_unit(outcome, language, words, of_a_week=True)
    if points:
        band = band.assign(**{name: 100 * band[name] for name in BAND})
    return _banded(time_chart(reading, language, (), side), reading, band, language)


def _banded(chart: Figure, reading: Reading, band: Any, language: str) -> Figure:
    """The band and the mean of an outcome over the weeks."""
    low, high, mean = (column(band, name) for name in ("p10", "p90", "mean"))
    name = t("report.band.wide", language)
    line = Line(t("report.band.mean", language), mean, Look("accent", "solid"))
    chart["data"] = [*band_traces(reading, low, high, name, WIDE), line_trace(reading, line)]
    return chart


def _costs(results: Results, language: str) -> Figure:
    """What each organisation cost, and for what: means over the runs, in euros over the period."""
    means = results.costs.drop(columns="run").groupby("organisation", observed=True, sort=False).mean()
    labels = {part.id: part.label.in_language(language) for part in results.scenario.organisations}
    chart = plain_chart("", t("notebook.euros", language), language)
    chart["data"] = [
        {
            "type": "bar",
            "name": t(f"report.bar.{use}", language),
            "x": [labels[str(name)] for name in means.index],
            "y": means[use].tolist(),
            "marker": {"color": COLOURS[HOUR_COLOURS[use]].light},
        }
        for use in means.columns
        if use != COSTS
    ]
    chart["layout"] |= {"barmode": "stack", "showlegend": True}
    return chart


def _scenario(scenario: Scenario, language: str) -> Markup:
    return fragment(
        element("h4", scenario.title.in_language(language)),
        element("p", scenario.summary.in_language(language)),
        chain_picture(scenario, language),
    )


def _results(results: Results, language: str) -> Markup:
    facts = dict(results.extension.facts)
    stamp = facts.pop("stamp", "")
    places = "; ".join(f"{name} = {place}" for name, place in facts.items())
    size = t("notebook.runs", language, runs=results.number_of_runs, weeks=results.scenario.weeks, seed=results.seed)
    return fragment(
        element("h4", results.scenario.title.in_language(language)),
        element("p", size),
        element("p", element("strong", t("report.changed_model", language, places=places, stamp=stamp[:16])))
        if facts
        else None,
        html_table(summary_table(Reading(results), language)),
        _own_table(results, language),
    )


def _own_table(results: Results, language: str) -> Markup | None:
    """The outcomes of one's own: mean, and where eight of ten runs lie."""
    names = [*results.extension.outcomes, *results.extension.organisation_outcomes]
    if not names:
        return None
    low, high = np.nanquantile(results.own_summary, EIGHT_OF_TEN, axis=0)
    rows = [
        (name, *(t("report.decimals_2", language, value=float(number)) for number in numbers))
        for name, *numbers in zip(names, np.nanmean(results.own_summary, axis=0), low, high, strict=True)
    ]
    headings = [t(f"notebook.heading.{name}", language) for name in ("own", "mean", "low", "high")]
    return html_table(Table(headings, rows, frozenset({1, 2, 3})))


def _comparison(comparison: Comparison, language: str) -> Markup:
    titles = [side.scenario.title.in_language(language) for side in (comparison.a, comparison.b)]
    changed = different_settings(comparison.b.scenario, comparison.a.scenario, language)
    heading = t("notebook.changed", language, a=titles[0]) if titles[0] == titles[1] else ""
    size = t(
        "notebook.runs",
        language,
        runs=comparison.a.number_of_runs,
        weeks=comparison.a.scenario.weeks,
        seed=comparison.a.seed,
    )
    return fragment(
        element("h4", heading or t("notebook.compared", language, a=titles[0], b=titles[1])),
        element("p", size),
        element("ul", *(element("li", sentence) for sentence in changed)) if changed else None,
        html_table(comparison_table(comparison.table, language, comparison.b.scenario.words(language))),
    )


def _experiment(result: ExperimentResult, language: str) -> Markup:
    """Points with the means of the outcomes that the experiment is about."""
    experiment, points = result.experiment, result.points
    outcomes = list(experiment.outcomes)
    means = result.runs.groupby("point")[outcomes].mean()
    named = [name for name in points.columns if name not in ("point", "choice", "world", "key", "failed")]
    shown = [name for name in named if points[name].nunique() > 1] or ["scenario"]
    headings = [
        *(_factor(name, language) for name in shown),
        *(label_with_unit(name, language, "whole") for name in outcomes),
    ]
    called = {
        "policy": {way.id: _way(way.id, way.label, language) for way in experiment.policies},
        "events": {course.id: course.label.in_language(language) for course in experiment.events},
    }
    return fragment(
        element("h4", experiment.title.in_language(language)),
        element("p", experiment.question.in_language(language)),
        element("p", t("notebook.points", language, points=len(points), runs=len(result.runs))),
        html_table(
            Table(
                headings,
                list(_rows(points, means, shown, outcomes, called, language)),
                frozenset(range(1, len(headings))),
            )
        ),
        element("p", t("notebook.more", language, number=len(points) - MOST_ROWS)) if len(points) > MOST_ROWS else None,
    )


def _factor(name: str, language: str) -> str:
    """What a column of the points is called."""
    organisation, _, short = name.rpartition(".")
    section = "lever" if short in LEVER_NAMES else "experiment.factor" if short in CIRCUMSTANCE_NAMES else "parameter"
    label = column_heading(name, language) if short in COLUMNS_OF_POINTS else word(f"{section}.{short}", language)
    return f"{label} ({organisation})" if organisation else label


def _way(name: str, label: Any, language: str) -> str:
    """What a way to steer is called."""
    return word(f"policy.{name}", language) if label is None else str(label.in_language(language))


def _rows(
    points: Any,
    means: Any,
    shown: Sequence[str],
    outcomes: Sequence[str],
    called: Mapping[str, Mapping[str, str]],
    language: str,
) -> Iterator[tuple[str, ...]]:
    for row in points.head(MOST_ROWS).itertuples(index=False, name=None):
        values = dict(zip(points.columns, row, strict=True))
        cells = [
            t("report.decimals_2", language, value=value)
            if isinstance(value, float)
            else called.get(name, {}).get(str(value), str(value))
            for name, value in ((name, values[name]) for name in shown)
        ]
        numbers = means.loc[values["point"]] if values["point"] in means.index else None
        yield (
            *cells,
            *("–" if numbers is None else written_value(name, float(numbers[name]), language) for name in outcomes),
        )


_SHOWN: Final[Mapping[type, Callable[[Any, str], Markup]]] = {
    Scenario: _scenario,
    Results: _results,
    Comparison: _comparison,
    ExperimentResult: _experiment,
}
