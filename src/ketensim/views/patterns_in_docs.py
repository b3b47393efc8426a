"""The pages of the documentation about patterns, written from the pattern files and the stored results.

``python -m ketensim.views.patterns_in_docs`` writes ``docs/en/patterns.md`` and ``docs/nl/patronen.md`` whole. Claims, what
was run and what was tried come from ``experiments/patterns/*.yaml``; effects and verdicts from ``results.csv`` beside them,
which ``ketensim patterns`` makes.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from ketensim.analysis.patterns.collection import null_models
from ketensim.analysis.patterns.record import Record, read
from ketensim.analysis.patterns.verdicts import Finding
from ketensim.texts import t
from ketensim.views.patterns import pattern_words as words
from ketensim.views.report.tables import Table

DOCS: Final = Path(__file__).parents[3] / "docs"
PAGES: Final = {"en": DOCS / "en" / "patterns.md", "nl": DOCS / "nl" / "patronen.md"}


def page(record: Record, language: str) -> str:
    """The whole page in one language."""
    facts = {name: record.facts[name] for name in ("runs", "seed")}
    parts = [
        f"# {t('pattern.app', language)}",
        t("pattern.doc.generated", language),
        t("pattern.lead", language),
        f"{t('pattern.subtitle', language, **facts)}. {t('pattern.doc.again', language)}",
        f"## {t('pattern.head.matrix', language)}",
        words.counted(record, language),
        markdown(words.matrix(record, language)),
        t("pattern.kinds_told", language),
        t("pattern.doc.verdicts_told", language),
        *(section(found, language) for found in next(iter(record.findings.values())).values()),
        f"## {t('pattern.head.null', language)}",
        t("pattern.doc.null_told", language),
        *(null for row in null_models() for null in null_told(row.id, language)),
    ]
    return "\n\n".join(parts) + "\n"


def section(finding: Finding, language: str) -> str:
    """One pattern."""
    pattern = finding.pattern
    sources = ", ".join(f"[@{key}]" for key in pattern.sources)
    told = f"{words.verdict(finding, language)} · {words.kind(pattern, language)} · {sources}"
    parts = [
        f"## {pattern.id}. {pattern.title.in_language(language)}",
        f"**{flat(pattern.claim.in_language(language))}**",
        told,
        f"{t('pattern.head.how', language)}: {lowered(flat(pattern.how.in_language(language)))}",
        markdown(words.statements(finding, language)),
    ]
    if pattern.tried is not None:
        parts.append(f"*{t('pattern.head.tried', language)}.* {flat(pattern.tried.in_language(language))}")
    return "\n\n".join(parts)


def null_told(name: str, language: str) -> Sequence[str]:
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


def markdown(table: Table) -> str:
    """A table in Markdown; numbers stand at the right."""
    sides = ["---:" if place in table.numeric else "---" for place in range(len(table.headings))]
    rows = [table.headings, sides, *table.rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', '/') for cell in row)} |" for row in rows)


def main() -> int:
    """Write both pages; says which changed."""
    record = read()
    for language, place in PAGES.items():
        text = page(record, language)
        if not place.exists() or place.read_text("utf-8") != text:
            place.parent.mkdir(exist_ok=True)
            place.write_text(text, "utf-8")
            sys.stdout.write(f"{place.name}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
