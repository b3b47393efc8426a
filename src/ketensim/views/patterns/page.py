"""The page of patterns: one HTML file with the matrix, and a section with a picture per pattern."""

from __future__ import annotations

from ketensim.analysis.patterns.collection import null_models
from ketensim.analysis.patterns.record import Record
from ketensim.analysis.patterns.verdicts import Evaluation, Finding
from ketensim.texts import t
from ketensim.views.drawing.figure import Figure
from ketensim.views.drawing.markup import Markup, element, joined
from ketensim.views.patterns import pattern_words as words
from ketensim.views.patterns.pattern_charts import caption, picture
from ketensim.views.report.document import document, scripts
from ketensim.views.report.page import table_html
from ketensim.views.report.tables import Table


def html(full: Evaluation, record: Record, language: str, command: str) -> str:
    """The page as one HTML document.

    Parameters
    ----------
    full : the full model, run with pictures
    record : the findings of all models
    language : one of ``texts.languages()``
    command : the command line that gives the same results again
    """
    figures = {
        f"figure-{row.pattern.id}": picture(
            row.pattern, full.values[row.pattern.id], full.courses[row.pattern.id], language
        )
        for row in full.findings
    }
    sections = [section(row, figures[f"figure-{row.pattern.id}"], language) for row in full.findings]
    body = element(
        "body",
        header(full, record, language),
        element("main", matrix(record, language), *sections, nulls(record, language)),
        element("footer", element("pre", command)),
        *scripts(figures),
    )
    return document(t("pattern.app", language), body, language)


def header(full: Evaluation, record: Record, language: str) -> Markup:
    """Title, how many runs, and a link to every pattern."""
    links = [element("a", row.pattern.id, href=f"#{row.pattern.id}") for row in full.findings]
    facts = {name: record.facts[name] for name in ("runs", "seed")}
    return element(
        "header",
        element("h1", t("pattern.app", language)),
        element("p", t("pattern.subtitle", language, **facts), class_="subtitle"),
        element("p", t("pattern.lead", language), class_="lead"),
        element("nav", *(joined(link, " ") for link in links), aria_label=t("pattern.contents", language)),
        class_="page",
    )


def matrix(record: Record, language: str) -> Markup:
    """Patterns by models."""
    return element(
        "section",
        element("h2", t("pattern.head.matrix", language)),
        element("p", words.counted(record, language)),
        table_html(words.matrix(record, language)),
        element("p", t("pattern.kinds_told", language), class_="small"),
        id="matrix",
    )


def section(finding: Finding, figure: Figure, language: str) -> Markup:
    """One pattern: claim, verdict, what was run, picture, statements, what was tried."""
    pattern = finding.pattern
    place = element(
        "div",
        id=f"figure-{pattern.id}",
        class_="plot",
        role="img",
        aria_label=t("pattern.alternative", language, name=pattern.id),
        data_fallback=t("pattern.fallback", language),
        style=f"min-height:{figure['layout']['height']}px",
    )
    told = f"{words.verdict(finding, language)} · {words.kind(pattern, language)} · {', '.join(pattern.sources)}"
    tried = pattern.tried.in_language(language) if pattern.tried is not None else None
    return element(
        "section",
        element("h2", f"{pattern.id}. {pattern.title.in_language(language)}"),
        element("p", element("b", pattern.claim.in_language(language).strip())),
        element("p", told, class_="small"),
        element("p", pattern.how.in_language(language).strip()),
        element("figure", place, element("figcaption", caption(pattern, language))),
        table_html(words.statements(finding, language)),
        joined(element("h3", t("pattern.head.tried", language)), element("p", tried.strip())) if tried else None,
        id=pattern.id,
    )


def nulls(record: Record, language: str) -> Markup | None:
    """What the null models are, and what values alone cannot do."""
    rows = [
        (f"{row.id}. {row.title.in_language(language)}", row.what.in_language(language).strip(),
         row.short_of.in_language(language).strip())
        for row in null_models()
        if row.id in record.findings
    ]  # fmt: skip
    if not rows:
        return None
    headings = [t(f"pattern.column.{name}", language) for name in ("model", "what", "short_of")]
    return element(
        "section", element("h2", t("pattern.head.null", language)), table_html(Table(headings, rows)), id="null"
    )
