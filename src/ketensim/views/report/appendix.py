"""The sections at the end of a report: what went in, where it comes from, what words mean, how to do it again."""

from __future__ import annotations

from ketensim.scenario.files import dump
from ketensim.texts import t
from ketensim.views.drawing.markup import Markup, element, joined
from ketensim.views.report import evidence, tables
from ketensim.views.report.page import Page, table_html
from ketensim.views.report.tables import Table


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
    table = evidence.indicators(page.reading, page.language)
    return joined(element("p", page.t("indicators.intro")), table_html(table))


def sources(page: Page) -> Markup:
    """Where the numbers come from."""
    scenario = page.reading.scenario
    table, number, sourced = evidence.numbers(scenario, page.language)
    facts = {"numbers": number, "sourced": sourced, "assumed": number - sourced}
    intro = element("p", page.t("sources.count" if sourced else "sources.none", **facts), " ", page.t("sources.more"))
    listed = [element("li", source.text, f" ({page.t(f'tag.{source.tag}')})") for source in scenario.sources.values()]
    shown = element("ol", *listed, class_="sources") if listed else None
    return joined(
        intro,
        table_html(table) if sourced else None,
        element("h3", page.t("sources.list")) if listed else None,
        shown,
    )


def words(page: Page) -> Markup:
    """What the words mean."""
    return table_html(evidence.words(page.language))


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
        table_html(Table(names, rows)),
        element("p", page.t("reproduce.note")),
        element("details", element("summary", page.t("reproduce.scenario")), text),
    )
