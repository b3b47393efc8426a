"""The pages about patterns, written whole from the pattern files and from ``experiments/patterns/results.csv``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from docs.make import DOCS
from docs.make.blocks import markdown

from ketensim.analysis.patterns.collection import null_models
from ketensim.analysis.patterns.record import Record, read_record
from ketensim.analysis.patterns.verdicts import PatternFinding
from ketensim.texts import t
from ketensim.views.drawing.table import Table
from ketensim.views.patterns import pattern_words as words

PAGES: Final = {"en": DOCS / "en" / "patterns.md", "nl": DOCS / "nl" / "patronen.md"}


def pages() -> Mapping[Path, str]:
    """Both pages as they would be written now."""
    record = read_record()
    return {place: page(record, language) for language, place in PAGES.items()}


def page(record: Record, language: str) -> str:
    """The whole page in one language."""
    facts = {name: record.facts[name] for name in ("runs", "seed")}
    parts = [
        f"# {t('pattern.app', language)}",
        t("pattern.doc.generated", language),
        t("pattern.lead", language),
        f"{t('pattern.subtitle', language, **facts)}. {t('pattern.doc.again', language)}",
        f"## {t('pattern.head.matrix', language)}",
        words.counted_in_words(record, language),
        _table(words.matrix_table(record, language)),
        t("pattern.kinds_told", language),
        t("pattern.doc.verdicts_told", language),
        *(section(found, language) for found in next(iter(record.findings.values())).values()),
        f"## {t('pattern.head.null', language)}",
        t("pattern.doc.null_told", language),
        *(null for row in null_models() for null in null_model(row.id, language)),
    ]
    return "\n\n".join(parts) + "\n"


def section(finding: PatternFinding, language: str) -> str:
    """One pattern."""
    pattern = finding.pattern
    sources = ", ".join(f"[@{key}]" for key in pattern.sources)
    verdict = f"{words.verdict_in_words(finding, language)} · {words.kind_in_words(pattern, language)} · {sources}"
    parts = [
        f"## {pattern.id}. {pattern.title.in_language(language)}",
        f"**{flat(pattern.claim.in_language(language))}**",
        verdict,
        f"{t('pattern.head.how', language)}: {lowered(flat(pattern.how.in_language(language)))}",
        _table(words.statement_table(finding, language)),
    ]
    if pattern.tried is not None:
        parts.append(f"*{t('pattern.head.tried', language)}.* {flat(pattern.tried.in_language(language))}")
    return "\n\n".join(parts)


def null_model(name: str, language: str) -> Sequence[str]:
    """What a null model is, what values alone cannot do, and the values."""
    model = next(row for row in null_models() if row.id == name)
    values = {**model.set.get("context", {}), **model.set.get("parameters", {})}
    listed = ", ".join(f"`{key}` {value}" for key, value in values.items())
    short_of = f"{t('pattern.column.short_of', language)}: {lowered(flat(model.short_of.in_language(language)))}"
    return (
        f"### {model.id}. {model.title.in_language(language)}",
        f"{flat(model.what.in_language(language))} {short_of}",
        f"{t('pattern.doc.values', language)}: {listed}.",
    )


def flat(text: str) -> str:
    """On one line."""
    return " ".join(text.split())


def lowered(text: str) -> str:
    """With a small first letter, after a colon."""
    return text[:1].lower() + text[1:]


def _table(table: Table) -> str:
    return markdown(table.headings, table.rows, table.numeric)
