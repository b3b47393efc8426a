"""What stands behind a simulation: published figures beside simulated ones, numbers with their sources, and words."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from ketensim.analysis.resemblance import NOT_COMPARABLE, RESEMBLES, Likeness, kinds_without_figure
from ketensim.foundation.parameters import BY_NAME, PARAMETERS
from ketensim.logs.log_chain import FROM_LOG
from ketensim.scenario.content import USES, Indicator
from ketensim.scenario.provenance import SourcedNumber, provenance
from ketensim.scenario.schema import Scenario
from ketensim.texts import CASES, glossary, meaning_of, t, word
from ketensim.views.drawing.table import Table
from ketensim.views.report.values import column_names, few_decimals

SHARE: Final = "share"  # a unit that people read as per cent
YEARLY: Final = "1/year"  # and one of which they read the number so
EVEN: Final = 1e-6  # of a percentage that has no decimals


def indicator_table(scenario: Scenario, likenesses: Sequence[Likeness], language: str) -> Table:
    """Published figures beside what the simulation gives for the same period, with the verdict and the source."""
    sources = [source_number(scenario, likeness.indicator.source) for likeness in likenesses]
    return likeness_table(likenesses, language).with_column(column_names(language, "source")[0], sources)


def origin_of(indicators: Sequence[Indicator]) -> str:
    """Where figures to compare with come from: ``listed`` in a list of cases that a chain was made of, else ``published``."""
    return "listed" if indicators and all(one.source == FROM_LOG for one in indicators) else "published"


def likeness_table(likenesses: Sequence[Likeness], language: str) -> Table:
    """The same without the source, as the command line shows it."""
    rows = [
        (
            indicator_label(likeness.indicator, language),
            published_in_words(likeness.indicator, language),
            figure_in_words(likeness.simulated, likeness.indicator, language),
            _span(likeness, language),
            t(f"resemblance.{likeness.indicator.used_for}", language),
            likeness_in_words(likeness, language),
        )
        for likeness in likenesses
    ]
    origin = origin_of([likeness.indicator for likeness in likenesses])
    names = ("indicator", origin, "simulated", "span", "used_for", "verdict")
    return Table(column_names(language, *names), rows, frozenset({1, 2, 3}))


def likeness_in_words(likeness: Likeness, language: str) -> str:
    """Whether the figures are alike, or why that cannot be said."""
    if likeness.verdict != NOT_COMPARABLE:
        return t(f"resemblance.{likeness.verdict}", language)
    return t("resemblance.not_comparable", language, reason=t(f"resemblance.reason.{likeness.reason}", language))


def likenesses_counted(likenesses: Sequence[Likeness], language: str) -> list[str]:
    """How many figures the simulation resembles, apart for those aimed at and those held back, and what is missing."""
    counted = []
    for use in USES:
        verdicts = [part.verdict for part in likenesses if part.indicator.used_for == use]
        judged = len(verdicts) - verdicts.count(NOT_COMPARABLE)
        if judged:
            alike = verdicts.count(RESEMBLES)
            counted.append(t(f"resemblance.count.{use}", language, alike=alike, judged=judged))
    missing = kinds_without_figure([likeness.indicator for likeness in likenesses])
    if missing:
        kinds = [t(f"resemblance.kind.{kind}", language) for kind in missing]
        origin = origin_of([likeness.indicator for likeness in likenesses])
        counted.append(t(f"resemblance.missing.{origin}", language, kinds=kinds))
    return counted


def number_table(scenario: Scenario, language: str) -> tuple[Table, dict[str, int]]:
    """Numbers that have a source; and how many numbers there are, sourced and assumed."""
    numbers = provenance(scenario)
    sourced = [row for row in numbers if row.source is not None]
    rows = [
        (
            place_in_words(scenario, row.path, language),
            _number_of(scenario, row, language),
            t(f"report.certainty.{row.certainty}", language),
            source_number(scenario, row.source),
            row.note.in_language(language) if row.note is not None else "",
        )
        for row in sourced
    ]
    table = Table(column_names(language, "number", "figure", "certainty", "source", "note"), rows, frozenset({1}))
    return table, {"numbers": len(numbers), "sourced": len(sourced), "assumed": len(numbers) - len(sourced)}


def listed_sources(scenario: Scenario, language: str) -> list[str]:
    """The sources of a scenario in their order, each with how it was seen."""
    return [f"{source.text} ({t(f'report.tag.{source.tag}', language)})" for source in scenario.sources.values()]


def basis_of_numbers(language: str) -> str:
    """How many numbers of the model carry a sourced figure, a sourced direction, or nothing."""
    number = {
        "figure": sum(row.basis == "figure" for row in PARAMETERS),
        "direction": sum(row.basis != "figure" and row.source != "assumption" for row in PARAMETERS),
        "nothing": sum(row.basis != "figure" and row.source == "assumption" for row in PARAMETERS),
    }
    assumptions = len(PARAMETERS) - number["figure"]
    return t("evidence.basis", language, parameters=len(PARAMETERS), assumptions=assumptions, **number)


def place_in_words(scenario: Scenario, path: str, language: str) -> str:
    """A path in a scenario file in words: ``organisations[2].fte`` is "Rechter: voltijdbanen"."""
    match = re.match(r"(\w+)\[(\d+)\]\.?(.*)", path)
    if match is None:
        key = path.removesuffix(".value").replace("parameters.", "parameter.") if "." in path else f"field.{path}"
        told = word(key, language)
        return told[0].upper() + told[1:]
    part = getattr(scenario, match[1])[int(match[2])]
    label = getattr(part, "label", None)
    name = label.in_language(language) if label is not None else f"{part.source} → {part.target}"
    field_name, _, rest = match[3].partition(".")
    kinds = {kind.id: kind.label.in_language(language) for kind in scenario.case_types}
    field = ", ".join(
        filter(None, [word(f"field.{field_name}", language) if field_name else "", kinds.get(rest, rest)])
    )
    return f"{name}: {field}" if field else name


def _number_of(scenario: Scenario, number: SourcedNumber, language: str) -> str:
    """A number of a scenario as people write it: a share, or one a year, as a percentage."""
    path = number.path.removesuffix(".value")
    if match := re.fullmatch(r"indicators\[(\d+)\]", path):
        return figure_in_words(number.value, scenario.indicators[int(match[1])], language)
    name = path.removeprefix("parameters.")
    unit = BY_NAME[name].unit if name in BY_NAME else number.unit
    if unit.startswith((SHARE, YEARLY)):
        return _percentage(number.value, language)
    return t("report.number", language, value=number.value)


def _percentage(share: float, language: str) -> str:
    """A share in per cent, with one decimal where it has one."""
    whole = abs(round(100 * share, 1) - round(100 * share)) < EVEN
    return t("report.percent" if whole else "report.percent_and_tenths", language, value=share)


def glossary_table(language: str, words: Mapping[str, str] = CASES) -> Table:
    """The words of the field and what they mean here; words say what the chain handles, silent = cases."""
    rows = sorted((term[language], meaning_of(term, language, words)) for term in glossary().values())
    return Table(column_names(language, "term", "definition"), rows)


def source_number(scenario: Scenario, key: str | None) -> str:
    """The number of a source in the list of sources, between brackets."""
    keys = list(scenario.sources)
    return f"[{keys.index(key) + 1}]" if key in keys else key or ""


def indicator_label(indicator: Indicator, language: str) -> str:
    """What a published figure is called, with its unit."""
    label = indicator.label.in_language(language)
    if indicator.unit == SHARE:
        return label
    return t("report.over.unit", language, label=label, unit=word(f"unit.{indicator.unit}", language))


def published_in_words(indicator: Indicator, language: str) -> str:
    """A published figure with its tolerance."""
    figure = figure_in_words(indicator.value, indicator, language)
    if indicator.tolerance is None:
        return figure
    tolerance = figure_in_words(indicator.tolerance, indicator, language)
    return t("resemblance.about", language, figure=figure, tolerance=tolerance)


def figure_in_words(number: float, indicator: Indicator, language: str) -> str:
    """A number in the unit of an indicator as people write it, a dash when it is not known."""
    if np.isnan(number):
        return "–"
    if indicator.unit == SHARE:
        return t("report.percent", language, value=number)
    if indicator.unit == YEARLY:
        return _percentage(number, language)
    return t("report.number", language, value=number if abs(number) < 1 else few_decimals(number))


def _span(likeness: Likeness, language: str) -> str:
    """The range of the middle 80 % of the runs."""
    if np.isnan(likeness.low):
        return "–"
    low, high = (figure_in_words(end, likeness.indicator, language) for end in (likeness.low, likeness.high))
    return t("report.span", language, low=low, high=high)
