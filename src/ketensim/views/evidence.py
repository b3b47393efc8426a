"""What stands behind a simulation: published figures beside simulated ones, numbers with their sources, and words."""

from __future__ import annotations

import re
from typing import Any

import numpy as np

from ketensim.run.indicators import simulated
from ketensim.scenario.provenance import provenance
from ketensim.scenario.schema import Scenario
from ketensim.texts import glossary, t, word
from ketensim.views.reading import Reading, Series
from ketensim.views.tables import Table, headings, rounded


def indicators(reading: Reading, language: str) -> Table:
    """Published figures beside what the simulation gives for the same period."""
    rows = []
    for indicator in reading.scenario.indicators:
        found = simulated_for(reading, indicator)
        published = indicator.value
        if found is None:
            verdict = "none"
        elif indicator.tolerance is None or np.isnan(found):
            verdict = "open"
        else:
            verdict = "agrees" if abs(found - published) <= indicator.tolerance else "differs"
        rows.append(
            (
                indicator.label.in_language(language),
                _with_unit(published, indicator.unit, language),
                "–" if found is None else _with_unit(found, indicator.unit, language),
                t(f"report.indicators.{verdict}", language),
                t(f"report.indicators.{indicator.used_for}", language),
                source_of(reading.scenario, indicator.source),
            )
        )
    names = ("indicator", "published", "simulated", "verdict", "used_for", "source")
    return Table(headings(language, *names), rows, frozenset({1, 2}))


def simulated_for(reading: Reading, indicator: Any) -> float | None:
    """The simulated counterpart of an indicator, mean over the runs and its period; None when it has no outcome."""

    def series(outcome: str, organisation: str | None) -> Series:
        if organisation is None:
            return reading.mean(outcome)
        return np.asarray(reading.organisation(outcome)[reading.names.index(organisation)])

    found = simulated(reading.scenario, indicator, series)
    return None if found is None else float(found)


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


def _with_unit(number: float, unit: str, language: str) -> str:
    if np.isnan(number):
        return "–"
    if unit == "share":
        return t("report.percent", language, value=number)
    return f"{t('report.number', language, value=rounded(number))} {word(f'unit.{unit}', language)}"
