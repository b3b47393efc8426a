"""What came out about a pattern, in words and in tables: for the page, the documentation and the screen."""

from __future__ import annotations

from typing import Final

from ketensim.analysis.patterns.description import Pattern, Statement
from ketensim.analysis.patterns.record import Record
from ketensim.analysis.patterns.verdicts import PatternFinding
from ketensim.run.estimate import Estimate
from ketensim.texts import t
from ketensim.views.drawing.table import Table

SIGNS: Final = {"comes_out": "●", "in_part": "◐", "fails": "○"}


def verdict_in_words(finding: PatternFinding, language: str) -> str:
    """The verdict in a word, with its sign, and how many statements hold when it is not all or none."""
    word = t(f"pattern.verdict.{finding.verdict}", language, holds=sum(finding.holds), of=len(finding.holds))
    return f"{SIGNS[finding.verdict]} {word}"


def kind_in_words(pattern: Pattern, language: str) -> str:
    """Built in, partly, or emerging."""
    return t(f"pattern.kind.{pattern.kind}", language)


def effect_in_words(statement: Statement, effect: Estimate, language: str) -> str:
    """An effect with its interval, or the probability of a test."""
    key = "probability" if statement.contrast == "humps" else "interval"
    return t(f"pattern.{key}", language, value=effect.mean, low=effect.low, high=effect.high)


def limit_in_words(statement: Statement, language: str) -> str:
    """On which side of which value the effect must lie, and in how many of the sums."""
    low, high = statement.above, statement.below
    key = "below" if low is None else "above" if high is None else "between"
    limit = t(f"pattern.{key}", language, low=low, high=high)
    if not statement.each:
        return limit
    return t("pattern.at_least", language, limit=limit, least=statement.least, of=len(statement.each))


def statement_table(finding: PatternFinding, language: str) -> Table:
    """The statements of a pattern: what is claimed, what was found, whether it holds."""
    headings = [t(f"pattern.column.{name}", language) for name in ("statement", "asked", "found", "holds")]
    rows = [
        (
            statement.text.in_language(language),
            limit_in_words(statement, language),
            effect_in_words(statement, effect, language),
            t(f"pattern.holds.{'yes' if holds else 'no'}", language),
        )
        for statement, effect, holds in zip(finding.pattern.statements, finding.effects, finding.holds, strict=True)
    ]
    return Table(headings, rows, frozenset({1, 2}))


def matrix_table(record: Record, language: str, short: bool = False) -> Table:
    """Patterns by models; ``short`` = signs only, except for the full model."""
    models = list(record.findings)
    first = next(iter(record.findings.values()))
    headings = [t("pattern.column.pattern", language), t("pattern.column.kind", language)]
    headings += [t("pattern.column.full", language), *models[1:]]
    rows = []
    for name, finding in first.items():
        others = [record.findings[model][name] for model in models[1:]]
        verdicts = [SIGNS[other.verdict] if short else verdict_in_words(other, language) for other in others]
        title = f"{name}. {finding.pattern.title.in_language(language)}"
        rows.append((title, kind_in_words(finding.pattern, language), verdict_in_words(finding, language), *verdicts))
    return Table(headings, rows)


def counted_in_words(record: Record, language: str) -> str:
    """How many patterns come out of the full model and of each null model."""
    numbers = {
        model: sum(finding.verdict == "comes_out" for finding in findings.values())
        for model, findings in record.findings.items()
    }
    (full, number), *others = numbers.items()
    whole = t("pattern.counted", language, number=number, of=len(record.findings[full]))
    if not others:
        return whole
    parts = [t("pattern.counted_model", language, model=model, number=count) for model, count in others]
    return f"{whole} {t('pattern.counted_null', language, parts=parts)} {_only_in_full(record, language)}"


def _only_in_full(record: Record, language: str) -> str:
    """Which patterns come out whole of the full model and of no other."""
    first, *others = record.findings.values()
    names = [
        name
        for name, finding in first.items()
        if finding.verdict == "comes_out" and all(other[name].verdict != "comes_out" for other in others)
    ]
    return t("pattern.only_full" if names else "pattern.none_only_full", language, names=names)
