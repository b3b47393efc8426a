"""The sections of a report, in order. Each is made from a ``Page`` and adds its figures to it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from ketensim.scenario.files import dump
from ketensim.texts import t
from ketensim.views import charts, findings, tables
from ketensim.views.charts import Figure
from ketensim.views.findings import Finding
from ketensim.views.markup import Markup, element, joined
from ketensim.views.marks import Mark, marks_of
from ketensim.views.picture import chain_picture
from ketensim.views.reading import Reading, column, over_year

if TYPE_CHECKING:
    from ketensim.views.report import Comparison

LONG_NAME = 8  # letters; a longer name in a tile is set smaller
LONG_WORD = 14


class Section(NamedTuple):
    """One section: its anchor, its title and its HTML."""

    name: str
    title: str
    body: Markup


class Page:
    """What the sections share: the numbers, the language, and the figures that they have added so far."""

    def __init__(self, reading: Reading, language: str, command: str, comparison: Comparison | None) -> None:
        self.reading = reading
        self.language = language
        self.command = command
        self.comparison = comparison
        self.title = reading.scenario.title.in_language(language)
        self.marks: tuple[Mark, ...] = marks_of(reading.scenario, language)
        self.bottleneck = findings.of_bottleneck(reading)
        self.other = Reading(comparison.results) if comparison is not None else None
        self.figures: dict[str, Figure] = {}
        self._number = 0

    @property
    def versions(self) -> list[tuple[str, str]]:
        """Name and version of everything that took part."""
        return [(str(name), str(value)) for name, value in self.reading.results.provenance.items()]

    @property
    def compared(self) -> list[Finding]:
        """What the comparison says."""
        return [] if self.comparison is None else [findings.of_comparison(self.comparison.table, self.comparison.name)]

    def t(self, key: str, **facts: Any) -> str:
        """A text of the report in its language."""
        return t(f"report.{key}", self.language, **facts)

    def say(self, finding: Finding) -> str:
        """The sentence of a finding."""
        return t(finding.key, self.language, **finding.facts)

    def caption(self, words: str) -> Markup:
        """A numbered caption."""
        self._number += 1
        return element("figcaption", element("b", self.t("figure.number", number=self._number)), " ", words)

    def plot(self, name: str, figure: Figure, words: str, alternative: str) -> Markup:
        """A figure drawn by plotly, with its caption and its text alternative."""
        self.figures[f"figure-{name}"] = figure
        place = element(
            "div", id=f"figure-{name}", class_="plot", role="img", aria_label=alternative,
            data_fallback=self.t("figure.fallback"), style=f"min-height:{figure['layout']['height']}px",
        )  # fmt: skip
        return element("figure", place, self.caption(words))


def sections(page: Page) -> Iterator[Section]:
    """Every section of the report."""
    makers = {
        "conclusions": conclusions,
        "chain": chain,
        "goal": goal,
        "energy": energy,
        "queues": queues,
        "trust": trust,
        "years": by_year,
        "organisations": by_organisation,
        "levers": levers,
        "indicators": indicators,
        "sources": sources,
        "words": words,
        "reproduce": reproduce,
    }
    for name, make in makers.items():
        body = make(page)
        if body is not None:
            title = page.t(f"head.{name}")
            yield Section(name, title, element("section", element("h2", title), body, id=name, class_=name))


def conclusions(page: Page) -> Markup:
    """One page in plain words."""
    reading = page.reading
    told = {
        "goal": list(findings.of_goal(reading)),
        "compare": page.compared,
        "energy": list(findings.of_energy(reading)),
        "bottleneck": list(findings.bottleneck_told(reading, page.bottleneck, page.language)),
        "waiting": list(findings.of_waiting(reading)),
        "trust": list(findings.of_trust(reading)),
        "sure": list(findings.of_spread(reading)),
    }
    paragraphs = [
        element(
            "div", element("h3", page.t(f"conclusion.{name}")), element("p", *_sentences(page, parts)), class_="told"
        )
        for name, parts in told.items()
        if parts
    ]
    return joined(_tiles(page), *paragraphs, element("p", page.t("caveat"), class_="caveat"))


def _sentences(page: Page, parts: Sequence[Finding]) -> list[str]:
    return [" ".join(page.say(part) for part in parts)]


def _tiles(page: Page) -> Markup:
    reading, found = page.reading, page.bottleneck
    goal_note = page.t(
        "tile.goal_note", low=reading.of_runs("goal_realisation").low, high=reading.of_runs("goal_realisation").high
    )
    tiles = [
        ("goal", tables.whole(100 * reading.of_runs("goal_realisation").mean, page.language), goal_note),
        (
            "lead_time",
            tables.whole(over_year(reading.mean("lead_time_median"), -1), page.language),
            page.t("tile.lead_time_note"),
        ),
        (
            "cases",
            tables.whole(100 * reading.hour_shares()["hours_case_work"], page.language),
            page.t("tile.cases_note"),
        ),
    ]
    if found is None:
        tiles.append(("bottleneck", page.t("tile.none"), page.t("tile.none_note")))
    else:
        tiles.append(("bottleneck", reading.label(found.organisation, page.language), page.t("tile.bottleneck_note")))
    drawn = [
        element(
            "div",
            element("dt", page.t(f"tile.{name}")),
            element("dd", told, class_=_size(told)),
            element("dd", note, class_="note"),
            class_="tile",
        )
        for name, told, note in tiles
    ]
    return element("dl", *drawn, class_="tiles")


def _size(told: str) -> str:
    """How large a name can be set in a tile."""
    if len(told) <= LONG_NAME:
        return "figure"
    return "figure long longer" if max(map(len, told.split())) > LONG_WORD else "figure long"


def chain(page: Page) -> Markup:
    """The chain as a picture, and what the makers of the scenario say about it."""
    scenario = page.reading.scenario
    picture = chain_picture(scenario, page.language, page.bottleneck.organisation if page.bottleneck else None)
    return joined(
        element("p", scenario.summary.in_language(page.language)),
        element("figure", element("div", picture, class_="scroll"), page.caption(page.t("figure.chain"))),
        element("h3", page.t("head.look_at")),
        element("p", scenario.look_at.in_language(page.language)),
        element("h3", page.t("head.try")),
        element("p", scenario.try_.in_language(page.language)),
    )


def goal(page: Page) -> Markup:
    """Goal realisation over time, what happened meanwhile, and the comparison."""
    reading = page.reading
    mean = reading.mean("goal_realisation")
    known = mean[~np.isnan(mean)]
    censored = len(mean) - len(known)
    words_key = "figure.goal" if censored else "figure.goal_complete"
    ends = {"first": float(known[0]), "last": float(known[-1])} if len(known) else {"first": np.nan, "last": np.nan}
    figure = charts.goal_realisation(reading, page.language, page.marks, page.other)
    drawn = page.plot("goal", figure, page.t(words_key, censored=censored), page.t("figure.goal_alternative", **ends))
    return joined(drawn, _marks(page), _comparison(page))


def _marks(page: Page) -> Markup | None:
    if not page.marks:
        return None
    rows = [
        element(
            "li",
            element("span", mark.sign, class_="sign"),
            element("span", page.t("date", date=mark.date)),
            element("span", *(element("div", told) for told in mark.told)),
        )
        for mark in page.marks
    ]
    return joined(element("h3", page.t("head.marks")), element("ol", *rows, class_="marks"))


def _comparison(page: Page) -> Markup | None:
    if page.comparison is None:
        return None
    weekly = page.comparison.weekly
    drawn: Markup | None = None
    if weekly is not None:
        low, high, mean = (column(weekly, name) for name in ("low", "high", "mean"))
        alternative = page.t("figure.difference_alternative", mean=float(np.nanmean(mean)))
        figure = charts.difference(page.reading, page.language, page.marks, low, high, mean)
        drawn = page.plot("difference", figure, page.t("figure.difference"), alternative)
    return joined(
        element("h3", page.t("head.compare")),
        element("p", page.t("compare.intro")),
        drawn,
        table_html(tables.comparison(page.comparison.table, page.language)),
    )


def energy(page: Page) -> Markup:
    """Where the hours went."""
    shares = page.reading.hour_shares()
    facts = {
        "cases": shares["hours_case_work"],
        "reporting": sum(shares[name] for name in findings.REPORTING),
        "own": shares["hours_own_work"],
    }
    figure = charts.energy(page.reading, page.language, page.marks)
    return page.plot("energy", figure, page.t("figure.energy"), page.t("figure.energy_alternative", **facts))


def queues(page: Page) -> Markup:
    """Open cases, waiting per organisation, lead times beside the age of open cases."""
    reading, language, marks = page.reading, page.language, page.marks
    open_cases, waiting = reading.mean("open"), np.nanmean(reading.organisation("waiting"), axis=1)
    most = reading.label(reading.names[int(np.argmax(waiting))], language)
    ends = {
        "closed": over_year(reading.mean("lead_time_median"), -1),
        "open": over_year(reading.mean("open_age_median"), -1),
    }
    first_last = {"first": float(open_cases[0]), "last": float(open_cases[-1])}
    return joined(
        page.plot("open", charts.open_cases(reading, language, marks), page.t("figure.open"), page.t("figure.open_alternative", **first_last)),
        page.plot("waiting", charts.waiting_by_organisation(reading, language, marks), page.t("figure.waiting"), page.t("figure.waiting_alternative", organisation=most)),
        page.plot("lead", charts.lead_times(reading, language, marks), page.t("figure.lead"), page.t("figure.lead_alternative", **ends)),
    )  # fmt: skip


def trust(page: Page) -> Markup:
    """Trust, and how often administrators decide about details."""
    reading, language, marks = page.reading, page.language, page.marks
    ends = {name: float(reading.mean(f"trust_{name}")[-1]) for name in ("persons", "agreements", "vertical")}
    share = float(np.nanmean(reading.mean("under_intervention")))
    return joined(
        page.plot("trust", charts.trust(reading, language, marks), page.t("figure.trust"), page.t("figure.trust_alternative", **ends)),
        page.plot("interventions", charts.interventions(reading, language, marks), page.t("figure.interventions"), page.t("figure.interventions_alternative", share=share)),
    )  # fmt: skip


def by_year(page: Page) -> Markup:
    """The main outcomes per year."""
    return table_html(tables.years(page.reading, page.language))


def by_organisation(page: Page) -> Markup:
    """What stands out per organisation."""
    return table_html(tables.organisations(page.reading, page.language))


def levers(page: Page) -> Markup:
    """Where the levers of the six conditions stand, between which two ends."""
    scenario = page.reading.scenario
    bodies = []
    for row in tables.levers(scenario, page.language):
        bar = element("div", element("i", style=f"width:{100 * row['value']:.0f}%"), class_="meter", aria_hidden="true")
        stands = (
            element("b", page.t("percent", value=row["value"])),
            bar,
            element("span", row["told"], class_="small"),
        )
        name = element(
            "th",
            element("b", row["lever"]),
            element("br"),
            element("span", row["condition"], class_="small"),
            scope="row",
        )
        cells = (name, element("td", row["low"]), element("td", *stands), element("td", row["high"]))
        lines = [element("tr", *cells)]
        if row["notes"]:
            notes = [element("p", note, class_="small") for note in row["notes"]]
            lines.append(element("tr", element("td"), element("td", *notes, colspan=3), class_="notes"))
        bodies.append(element("tbody", *lines))
    names = [page.t(f"column.{name}") for name in ("lever", "low", "value", "high")]
    head = element("thead", element("tr", *(element("th", name, scope="col") for name in names)))
    label, help_ = (t(f"policy.{scenario.policy}.{part}", page.language) for part in ("label", "help"))
    policy = element("p", page.t("lever.policy", label=label, help=help_))
    return joined(policy, element("div", element("table", head, *bodies, class_="levers"), class_="scroll"))


def indicators(page: Page) -> Markup | None:
    """Published figures beside simulated ones."""
    if not page.reading.scenario.indicators:
        return None
    table = tables.indicators(page.reading, page.language)
    return joined(element("p", page.t("indicators.intro")), table_html(table))


def sources(page: Page) -> Markup:
    """Where the numbers come from."""
    scenario = page.reading.scenario
    table, number, sourced = tables.numbers(scenario, page.language)
    facts = {"numbers": number, "sourced": sourced, "assumed": number - sourced}
    intro = element("p", page.t("sources.count" if sourced else "sources.none", **facts), " ", page.t("sources.more"))
    listed = [element("li", source.text, f" ({page.t(f'tag.{source.tag}')})") for source in scenario.sources.values()]
    shown = element("ul", *listed) if listed else None
    return joined(
        intro,
        table_html(table) if sourced else None,
        element("h3", page.t("sources.list")) if listed else None,
        shown,
    )


def words(page: Page) -> Markup:
    """What the words mean."""
    return table_html(tables.words(page.language))


def reproduce(page: Page) -> Markup:
    """The command, the versions and the whole scenario text."""
    rows = [(page.t("reproduce.seed"), t("report.seed", page.language, seed=page.reading.results.seed))]
    rows += [(page.t("reproduce.runs"), page.t("number", value=page.reading.run_count))]
    rows += [row for row in page.versions if row[0] not in ("seed", "runs")]
    names = [t(f"report.column.{name}", page.language) for name in ("what", "version")]
    text = element("pre", element("code", dump(page.reading.scenario)))
    return joined(
        element("p", page.t("reproduce.intro")),
        element("pre", element("code", page.command)),
        table_html(tables.Table(names, rows)),
        element("p", page.t("reproduce.note")),
        element("details", element("summary", page.t("reproduce.scenario")), text),
    )


def table_html(table: tables.Table) -> Markup:
    """A table; the first cell of a row is its heading."""
    head = element(
        "tr",
        *(element("th", name, scope="col", class_=_side(table, place)) for place, name in enumerate(table.headings)),
    )
    rows = [
        element(
            "tr",
            element("th", row[0], scope="row"),
            *(element("td", cell, class_=_side(table, place)) for place, cell in enumerate(row[1:], 1)),
        )
        for row in table.rows
    ]
    return element("div", element("table", element("thead", head), element("tbody", *rows)), class_="scroll")


def _side(table: tables.Table, place: int) -> str | None:
    return "right" if place in table.numeric else None
