"""The report of a simulation: one HTML file that needs nothing else, in Dutch or English, on screen and on paper.

Everything it says is made from results and scenario; words come from the catalogues. Plotly travels along packed
(2 MB instead of 5) and is unpacked by the browser; no request leaves the page. The first page stands in ``front.py``, the other
sections in ``sections.py`` and ``appendix.py``.
"""

from __future__ import annotations

import base64
import re
import zlib
from collections.abc import Callable, Iterator, Mapping
from importlib import resources
from typing import Final

from ketensim.texts import t
from ketensim.views.drawing.figure import Figure
from ketensim.views.drawing.markup import Markup, element, embedded_json, joined
from ketensim.views.drawing.palette import dark_counterparts, stylesheet
from ketensim.views.drawing.reading import Reading
from ketensim.views.report import appendix, front, sections
from ketensim.views.report.page import Comparison, Page, Section

PACKING: Final = 9  # of zlib: smallest
ORDER: Final[Mapping[str, Callable[[Page], Markup | None]]] = {
    "conclusions": front.conclusions,
    "chain": sections.chain,
    "goal": sections.goal,
    "energy": sections.energy,
    "queues": sections.queues,
    "trust": sections.trust,
    "years": sections.by_year,
    "organisations": sections.by_organisation,
    "levers": appendix.levers,
    "indicators": appendix.indicators,
    "sources": appendix.sources,
    "words": appendix.words,
    "reproduce": appendix.reproduce,
}


def html(reading: Reading, language: str, command: str, comparison: Comparison | None = None) -> str:
    """The report as one HTML document.

    Parameters
    ----------
    reading : of the results that the report is about
    language : one of ``texts.languages()``
    command : the command line that gives the same results again
    comparison : what it was compared with
    """
    page = Page(reading, language, command, comparison)
    parts = list(made(page))
    body = element(
        "body",
        _header(page, parts),
        element("main", *(part.body for part in parts)),
        _footer(page),
        *scripts(page.figures),
    )
    return document(page.title, body, language)


def document(title: str, body: Markup, language: str) -> str:
    """A page in one file, with its style inside."""
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("title", f"{title} - ketensim"),
        element("style", Markup(stylesheet() + resource("report.css"))),
    )
    return f"<!DOCTYPE html>\n{element('html', head, body, lang=language)}\n"


def made(page: Page) -> Iterator[Section]:
    """Every section that there is something to say in, in order."""
    for name, make in ORDER.items():
        body = make(page)
        if body is not None:
            title = page.t(f"head.{name}")
            yield Section(name, title, element("section", element("h2", title), body, id=name, class_=name))


def _header(page: Page, parts: list[Section]) -> Markup:
    scenario, language = page.reading.scenario, page.language
    facts = {"runs": page.reading.run_count, "weeks": len(page.reading.weeks)}
    last = scenario.date_of(len(page.reading.weeks))
    subtitle = t("report.subtitle", language, start=scenario.start, end=last, **facts)
    links = [element("a", part.title, href=f"#{part.name}") for part in parts]
    return element(
        "header",
        element("p", t("report.kind", language), class_="kind"),
        element("h1", page.title),
        element("p", subtitle, class_="subtitle"),
        element("p", first_sentence(scenario.summary.in_language(language)), class_="lead"),
        element("nav", *(joined(link, " ") for link in links), aria_label=t("report.contents", language)),
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


def _footer(page: Page) -> Markup:
    made = " ".join(f"{name} {version}" for name, version in page.versions if name == "ketensim")
    return element("footer", element("p", made))


def scripts(figures: Mapping[str, Figure]) -> list[Markup]:
    """What draws the figures of a page, with plotly packed along."""
    return [
        element("script", embedded_json(dict(figures)), type="application/json", id="figures"),
        element("script", embedded_json(dark_counterparts()), type="application/json", id="dark"),
        element("script", Markup(_packed_plotly()), type="text/plain", id="plotly"),
        element("script", Markup(resource("report.js"))),
    ]


def _packed_plotly() -> str:
    from plotly.offline import get_plotlyjs

    return base64.b64encode(zlib.compress(get_plotlyjs().encode(), PACKING)).decode()


def resource(name: str) -> str:
    """A file beside this one: the style or the script of a page."""
    return resources.files(__package__).joinpath(name).read_text("utf-8")
