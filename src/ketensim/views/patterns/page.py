"""The page of patterns: one HTML file with the matrix, and a section with a picture per pattern."""

from __future__ import annotations

from ketensim.analysis.patterns.collection import null_models
from ketensim.analysis.patterns.record import Record
from ketensim.analysis.patterns.verdicts import Evaluation, PatternFinding
from ketensim.texts import t
from ketensim.views.drawing.figure import Figure
from ketensim.views.drawing.html_file import figure_scripts, html_file, place_of_figure
from ketensim.views.drawing.markup import Markup, element, fragment
from ketensim.views.drawing.table import Table, html_table
from ketensim.views.patterns import pattern_words as words
from ketensim.views.patterns.pattern_charts import pattern_caption, pattern_chart


def patterns_html(full: Evaluation, record: Record, language: str, command: str) -> str:
    """The page as one HTML document.

    Parameters
    ----------
    full : the full model, run with pictures
    record : the findings of all models
    language : one of ``texts.languages()``
    command : the command line that gives the same results again
    """
    figures = {
        finding.pattern.id: pattern_chart(
            finding.pattern, full.values[finding.pattern.id], full.courses[finding.pattern.id], language
        )
        for finding in full.findings
    }
    sections = [_pattern(finding, figures[finding.pattern.id], language) for finding in full.findings]
    body = element(
        "body",
        _header(full, record, language),
        element("main", _matrix(record, language), *sections, _null_models(record, language)),
        element("footer", element("pre", command)),
        *figure_scripts({f"figure-{name}": figure for name, figure in figures.items()}),
    )
    return html_file(t("pattern.app", language), body, language)


def _header(full: Evaluation, record: Record, language: str) -> Markup:
    """Title, how many runs, and a link to every pattern."""
    links = [element("a", finding.pattern.id, href=f"#{finding.pattern.id}") for finding in full.findings]
    facts = {name: record.facts[name] for name in ("runs", "seed")}
    return element(
        "header",
        element("h1", t("pattern.app", language)),
        element("p", t("pattern.subtitle", language, **facts), class_="subtitle"),
        element("p", t("pattern.lead", language), class_="lead"),
        element("nav", *(fragment(link, " ") for link in links), aria_label=t("pattern.contents", language)),
        class_="page",
    )


def _matrix(record: Record, language: str) -> Markup:
    """Patterns by models."""
    return element(
        "section",
        element("h2", t("pattern.head.matrix", language)),
        element("p", words.counted_in_words(record, language)),
        html_table(words.matrix_table(record, language)),
        element("p", t("pattern.kinds_told", language), class_="small"),
        id="matrix",
    )


def _pattern(finding: PatternFinding, figure: Figure, language: str) -> Markup:
    """One pattern: claim, verdict, what was run, picture, statements, what was tried."""
    pattern = finding.pattern
    caption = element("figcaption", pattern_caption(pattern, language))
    alternative = t("pattern.alternative", language, name=pattern.id)
    verdict = (words.verdict_in_words(finding, language), words.kind_in_words(pattern, language))
    tried = pattern.tried.in_language(language).strip() if pattern.tried is not None else None
    return element(
        "section",
        element("h2", f"{pattern.id}. {pattern.title.in_language(language)}"),
        element("p", element("b", pattern.claim.in_language(language).strip())),
        element("p", " · ".join((*verdict, ", ".join(pattern.sources))), class_="small"),
        element("p", pattern.how.in_language(language).strip()),
        place_of_figure(f"figure-{pattern.id}", figure, alternative, caption, language),
        html_table(words.statement_table(finding, language)),
        fragment(element("h3", t("pattern.head.tried", language)), element("p", tried)) if tried else None,
        id=pattern.id,
    )


def _null_models(record: Record, language: str) -> Markup | None:
    """What the null models are, and what values alone cannot do."""
    rows = [
        (
            f"{model.id}. {model.title.in_language(language)}",
            model.what.in_language(language).strip(),
            model.short_of.in_language(language).strip(),
        )
        for model in null_models()
        if model.id in record.findings
    ]
    if not rows:
        return None
    headings = [t(f"pattern.column.{name}", language) for name in ("model", "what", "short_of")]
    table = html_table(Table(headings, rows))
    return element("section", element("h2", t("pattern.head.null", language)), table, id="null")
