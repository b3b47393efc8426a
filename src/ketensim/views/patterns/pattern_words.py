"""What was found about a pattern, in words and in tables: used by the page, the documentation and the screen."""

from __future__ import annotations

from typing import Final

from ketensim.analysis.patterns.description import Pattern, Statement
from ketensim.analysis.patterns.record import Record
from ketensim.analysis.patterns.verdicts import Finding
from ketensim.run.estimate import Estimate
from ketensim.texts import t
from ketensim.views.report.tables import Table

SIGNS: Final = {"comes_out": "●", "in_part": "◐", "fails": "○"}


def verdict(finding: Finding, language: str) -> str:
    """The verdict in a word, with its sign, and how many statements hold when it is not all or none."""
    word = t(f"pattern.verdict.{finding.verdict}", language, holds=sum(finding.holds), of=len(finding.holds))
    return f"{SIGNS[finding.verdict]} {word}"


def kind(pattern: Pattern, language: str) -> str:
    """Built in, partly, or emerging."""
    return t(f"pattern.kind.{pattern.kind}", language)


def effect(statement: Statement, found: Estimate, language: str) -> str:
    """An effect with its interval, or the probability of a test."""
    key = "probability" if statement.contrast == "humps" else "interval"
    return t(f"pattern.{key}", language, value=found.mean, low=found.low, high=found.high)


def asked(statement: Statement, language: str) -> str:
    """On which side of which value the effect must lie."""
    key, value = ("above", statement.above) if statement.above is not None else ("below", statement.below)
    return t(f"pattern.{key}", language, value=value)


def statements(finding: Finding, language: str) -> Table:
    """The statements of a pattern: what is claimed, what was found, whether it holds."""
    headings = [t(f"pattern.column.{name}", language) for name in ("statement", "asked", "found", "holds")]
    rows = [
        (
            statement.text.in_language(language),
            asked(statement, language),
            effect(statement, found, language),
            t(f"pattern.holds.{'yes' if holds else 'no'}", language),
        )
        for statement, found, holds in zip(finding.pattern.statements, finding.effects, finding.holds, strict=True)
    ]
    return Table(headings, rows, frozenset({1, 2}))


def matrix(record: Record, language: str, short: bool = False) -> Table:
    """Patterns by models; ``short`` = signs only, except for the full model."""
    models = list(record.findings)
    first = next(iter(record.findings.values()))
    headings = [t("pattern.column.pattern", language), t("pattern.column.kind", language)]
    headings += [t("pattern.column.full", language), *models[1:]]
    rows = []
    for name, finding in first.items():
        others = [record.findings[model][name] for model in models[1:]]
        told = [SIGNS[other.verdict] if short else verdict(other, language) for other in others]
        title = f"{name}. {finding.pattern.title.in_language(language)}"
        rows.append((title, kind(finding.pattern, language), verdict(finding, language), *told))
    return Table(headings, rows)


def counted(record: Record, language: str) -> str:
    """How many patterns come out of the full model and of each null model."""
    numbers = {
        model: sum(found.verdict == "comes_out" for found in findings.values())
        for model, findings in record.findings.items()
    }
    (full, number), *others = numbers.items()
    whole = t("pattern.counted", language, number=number, of=len(record.findings[full]))
    if not others:
        return whole
    parts = [t("pattern.counted_model", language, model=model, number=count) for model, count in others]
    return f"{whole} {t('pattern.counted_null', language, parts=parts)} {only_there(record, language)}"


def only_there(record: Record, language: str) -> str:
    """Which patterns come out whole of the full model and of no other."""
    first, *others = record.findings.values()
    names = [
        name
        for name, found in first.items()
        if found.verdict == "comes_out" and all(other[name].verdict != "comes_out" for other in others)
    ]
    return t("pattern.only_full" if names else "pattern.none_only_full", language, names=names)
