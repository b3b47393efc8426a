"""What stands behind a simulation: published figures beside simulated ones, numbers with their sources, and words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

import numpy as np

from ketensim.analysis.resemblance import (
    NOT_COMPARABLE,
    RESEMBLES,
    Likeness,
    kinds_without_figure,
    resemblance,
)
from ketensim.foundation.parameters import PARAMETERS
from ketensim.scenario.content import USES, Indicator
from ketensim.scenario.provenance import provenance
from ketensim.scenario.schema import Scenario
from ketensim.texts import glossary, t, word
from ketensim.views.drawing.reading import Reading
from ketensim.views.report.tables import Table, headings, rounded

SHARE: Final = "share"  # a unit that people read as per cent


def indicators(reading: Reading, language: str) -> Table:
    """Published figures beside what the simulation gives for the same period, with the verdict and the source."""
    return with_sources(reading.scenario, resemblance(reading.kept), language)


def with_sources(scenario: Scenario, found: Sequence[Likeness], language: str) -> Table:
    """The same of likenesses that are known already."""
    table = likenesses(found, language)
    rows = [
        (*row, source_of(scenario, likeness.indicator.source)) for row, likeness in zip(table.rows, found, strict=True)
    ]
    return Table([*table.headings, *headings(language, "source")], rows, table.numeric)


def likenesses(found: Sequence[Likeness], language: str) -> Table:
    """The same without the source, as the command line shows it."""
    rows = [
        (
            figure_name(one.indicator, language),
            published(one.indicator, language),
            figure_told(one.simulated, one.indicator, language),
            _span(one, language),
            t(f"resemblance.{one.indicator.used_for}", language),
            verdict(one, language),
        )
        for one in found
    ]
    names = ("indicator", "published", "simulated", "span", "used_for", "verdict")
    return Table(headings(language, *names), rows, frozenset({1, 2, 3}))


def verdict(one: Likeness, language: str) -> str:
    """Whether the figures are alike, or why that cannot be said."""
    if one.verdict != NOT_COMPARABLE:
        return t(f"resemblance.{one.verdict}", language)
    return t("resemblance.not_comparable", language, reason=t(f"resemblance.reason.{one.reason}", language))


def counted(found: Sequence[Likeness], language: str) -> list[str]:
    """How many figures the simulation resembles, apart for those aimed at and those held back, and what is missing."""
    told = []
    for use in USES:
        judged = [one for one in found if one.indicator.used_for == use and one.verdict != NOT_COMPARABLE]
        if judged:
            alike = sum(one.verdict == RESEMBLES for one in judged)
            told.append(t(f"resemblance.count.{use}", language, alike=alike, judged=len(judged)))
    missing = kinds_without_figure([one.indicator for one in found])
    if missing:
        kinds = [t(f"resemblance.kind.{kind}", language) for kind in missing]
        told.append(t("resemblance.missing", language, kinds=kinds))
    return told


def numbers(scenario: Scenario, language: str) -> tuple[Table, int, int]:
    """Numbers that have a source, how many numbers there are, and how many of them have a source."""
    found = provenance(scenario)
    sourced = [row for row in found if row.source is not None]
    rows = [
        (
            place_of(scenario, row.path, language),
            t("report.number", language, value=row.value),
            t(f"report.certainty.{row.certainty}", language),
            source_of(scenario, row.source),
            row.note.in_language(language) if row.note is not None else "",
        )
        for row in sourced
    ]
    table = Table(headings(language, "number", "figure", "certainty", "source", "note"), rows, frozenset({1}))
    return table, len(found), len(sourced)


def basis(language: str) -> str:
    """How many numbers of the model carry a sourced figure, a sourced direction, or nothing."""
    number = {
        "figure": sum(row.basis == "figure" for row in PARAMETERS),
        "direction": sum(row.basis != "figure" and row.source != "assumption" for row in PARAMETERS),
        "nothing": sum(row.basis != "figure" and row.source == "assumption" for row in PARAMETERS),
    }
    assumptions = len(PARAMETERS) - number["figure"]
    return t("evidence.basis", language, parameters=len(PARAMETERS), assumptions=assumptions, **number)


def place_of(scenario: Scenario, path: str, language: str) -> str:
    """A path in a scenario file in words: ``organisations[2].fte`` is "Rechter: voltijdbanen"."""
    found = re.match(r"(\w+)\[(\d+)\]\.?(.*)", path)
    if found is None:
        return word(
            path.removesuffix(".value").replace("parameters.", "parameter.") if "." in path else f"field.{path}",
            language,
        )
    part = getattr(scenario, found[1])[int(found[2])]
    label = getattr(part, "label", None)
    name = label.in_language(language) if label is not None else f"{part.source} → {part.target}"
    field_name, _, rest = found[3].partition(".")
    told = [word(f"field.{field_name}", language) if field_name else "", rest]
    return ": ".join([name, *([" ".join(filter(None, told))] if any(told) else [])])


def words(language: str) -> Table:
    """The words of the field and what they mean here."""
    rows = sorted((term[language], term["definition"][language]) for term in glossary().values())
    return Table(headings(language, "term", "definition"), rows)


def source_of(scenario: Scenario, key: str | None) -> str:
    """The number of a source in the list of sources, between brackets."""
    keys = list(scenario.sources)
    return f"[{keys.index(key) + 1}]" if key in keys else key or ""


def figure_name(indicator: Indicator, language: str) -> str:
    """What a published figure is called, with its unit."""
    label = indicator.label.in_language(language)
    if indicator.unit == SHARE:
        return label
    return t("report.over.unit", language, label=label, unit=word(f"unit.{indicator.unit}", language))


def published(indicator: Indicator, language: str) -> str:
    """A published figure with its tolerance."""
    figure = figure_told(indicator.value, indicator, language)
    if indicator.tolerance is None:
        return figure
    return t(
        "resemblance.about", language, figure=figure, tolerance=figure_told(indicator.tolerance, indicator, language)
    )


def figure_told(number: float, indicator: Indicator, language: str) -> str:
    """A number in the unit of an indicator as people write it, a dash when it is not known."""
    if np.isnan(number):
        return "–"
    if indicator.unit == SHARE:
        return t("report.percent", language, value=number)
    return t("report.number", language, value=number if abs(number) < 1 else rounded(number))


def _span(one: Likeness, language: str) -> str:
    """The range of the middle 80 % of the runs."""
    if np.isnan(one.low):
        return "–"
    low, high = (figure_told(end, one.indicator, language) for end in (one.low, one.high))
    return t("report.span", language, low=low, high=high)
