"""The report of a simulation: one HTML file that needs nothing else, in Dutch or English, on screen and on paper.

Everything it says is made from results and scenario; words come from the catalogues. The first page stands in ``front.py``,
the other sections in ``sections.py`` and ``appendix.py``.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable, Mapping
from typing import Final

from ketensim.texts import t
from ketensim.views.drawing.html_file import figure_scripts, html_file
from ketensim.views.drawing.markup import Markup, element, fragment
from ketensim.views.drawing.reading import Reading
from ketensim.views.report import appendix, evidence, front, sections
from ketensim.views.report.page import Counterpart, ReportPage

SECTIONS: Final[Mapping[str, Callable[[ReportPage], Markup | None]]] = {
    "conclusions": front.front_section,
    "chain": sections.chain_section,
    "goal": sections.goal_section,
    "energy": sections.energy_section,
    "queues": sections.queue_section,
    "trust": sections.trust_section,
    "years": sections.year_section,
    "case_types": sections.case_type_section,
    "organisations": sections.organisation_section,
    "levers": appendix.lever_section,
    "indicators": appendix.indicator_section,
    "sources": appendix.source_section,
    "words": appendix.word_section,
    "reproduce": appendix.reproduction_section,
}


def report_html(reading: Reading, language: str, command: str, counterpart: Counterpart | None = None) -> str:
    """The report as one HTML document.

    Parameters
    ----------
    reading : of the results that the report is about
    language : one of ``texts.languages()``
    command : the command line that gives the same results again
    counterpart : what it was compared with
    """
    page = ReportPage(reading, language, command, counterpart)
    contents = {name: body for name, make in SECTIONS.items() if (body := make(page)) is not None}
    parts = [
        element("section", element("h2", _heading(page, name)), body, id=name, class_=name)
        for name, body in contents.items()
    ]
    body = element(
        "body",
        _header(page, [*contents]),
        element("main", *parts),
        _footer(page),
        *figure_scripts(page.figures),
    )
    return html_file(page.title, body, language)


def _heading(page: ReportPage, name: str) -> str:
    """The title of a section; figures to compare with are published ones, or those of the list behind a chain."""
    origin = evidence.origin_of(page.reading.scenario.indicators)
    return page.t("head.listed" if name == "indicators" and origin == "listed" else f"head.{name}")


def links_to(titles: Mapping[str, str], language: str) -> Markup:
    """Links to the sections of a page: their titles by the names of their places."""
    links = [element("a", title, href=f"#{name}") for name, title in titles.items()]
    return element("nav", *(fragment(link, " ") for link in links), aria_label=t("report.contents", language))


def _header(page: ReportPage, names: list[str]) -> Markup:
    scenario, language = page.reading.scenario, page.language
    facts = {"runs": page.reading.run_count, "weeks": len(page.reading.weeks)}
    last = scenario.date_of(len(page.reading.weeks)) - datetime.timedelta(days=1)
    subtitle = t("report.subtitle", language, start=scenario.start, end=last, **facts)
    return element(
        "header",
        element("p", t("report.kind", language), class_="kind"),
        element("h1", page.title),
        element("p", subtitle, class_="subtitle"),
        element("p", first_sentence(scenario.summary.in_language(language)), class_="lead"),
        links_to({name: _heading(page, name) for name in names}, language),
        class_="page",
    )


def first_sentence(text: str) -> str:
    """The first sentence of a text; the whole text when it is only one.

    Examples
    --------
    >>> first_sentence("From local team to provider. Nobody can do it alone.")
    'From local team to provider.'
    """
    return re.split(r"(?<=[.!?])\s+", text.strip(), maxsplit=1)[0]


def _footer(page: ReportPage) -> Markup:
    made = " ".join(f"{name} {version}" for name, version in page.versions if name == "ketensim")
    return element("footer", element("p", made))
