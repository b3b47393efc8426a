"""The sections at the end of a report: what went in, where it comes from, what words mean, how to do it again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ketensim.analysis.resemblance import resemblance
from ketensim.scenario.files import dump
from ketensim.texts import t
from ketensim.views.drawing.markup import Markup, element, fragment
from ketensim.views.drawing.table import Table, html_table
from ketensim.views.report import evidence
from ketensim.views.report.page import ReportPage
from ketensim.views.report.tables import lever_rows
from ketensim.views.report.values import column_names


def lever_section(page: ReportPage) -> Markup:
    """Where the levers of the six conditions stand, between which two ends."""
    scenario = page.reading.scenario
    bodies = [_lever(page, row) for row in lever_rows(scenario, page.language)]
    names = column_names(page.language, "lever", "low", "value", "high")
    head = element("thead", element("tr", *(element("th", name, scope="col") for name in names)))
    label, help_ = (t(f"policy.{scenario.policy}.{part}", page.language) for part in ("label", "help"))
    policy = element("p", page.t("lever.policy", label=label, help=help_))
    return fragment(policy, element("div", element("table", head, *bodies, class_="levers"), class_="scroll"))


def _lever(page: ReportPage, row: Mapping[str, Any]) -> Markup:
    condition = element("span", row["condition"], class_="small")
    name = element("th", element("b", row["label"]), element("br"), condition, scope="row")
    bar = element("div", element("i", style=f"width:{100 * row['value']:.0f}%"), class_="meter", aria_hidden="true")
    stands = (element("b", page.t("percent", value=row["value"])), bar, element("span", row["stands"], class_="small"))
    lines = [element("tr", name, element("td", row["low"]), element("td", *stands), element("td", row["high"]))]
    if row["notes"]:
        notes = [element("p", note, class_="small") for note in row["notes"]]
        lines.append(element("tr", element("td"), element("td", *notes, colspan=3), class_="notes"))
    return element("tbody", *lines)


def indicator_section(page: ReportPage) -> Markup | None:
    """Published figures beside simulated ones."""
    if not page.reading.scenario.indicators:
        return None
    likenesses = resemblance(page.reading.kept)
    table = evidence.indicator_table(page.reading.scenario, likenesses, page.language)
    return fragment(element("p", page.t("indicators.intro")), html_table(table))


def source_section(page: ReportPage) -> Markup:
    """Where the numbers come from."""
    table, counted = evidence.number_table(page.reading.scenario, page.language)
    key = "sources.count" if counted["sourced"] else "sources.none"
    sources = [element("li", line) for line in evidence.listed_sources(page.reading.scenario, page.language)]
    return fragment(
        element("p", page.t(key, **counted), " ", page.t("sources.more")),
        html_table(table) if counted["sourced"] else None,
        element("h3", page.t("sources.list")) if sources else None,
        element("ol", *sources, class_="sources") if sources else None,
    )


def word_section(page: ReportPage) -> Markup:
    """What the words mean."""
    return html_table(evidence.glossary_table(page.language, page.words))


def reproduction_section(page: ReportPage) -> Markup:
    """The command, the versions and the whole scenario text."""
    rows = [(page.t("reproduce.seed"), t("report.seed", page.language, seed=page.reading.results.seed))]
    rows += [(page.t("reproduce.runs"), page.t("number", value=page.reading.run_count))]
    rows += [row for row in page.versions if row[0] not in ("seed", "runs")]
    names = column_names(page.language, "what", "version")
    text = element("pre", element("code", dump(page.reading.scenario)))
    return fragment(
        element("p", page.t("reproduce.intro")),
        element("pre", element("code", page.command)),
        html_table(Table(names, rows)),
        element("p", page.t("reproduce.note")),
        element("details", element("summary", page.t("reproduce.scenario")), text),
    )
