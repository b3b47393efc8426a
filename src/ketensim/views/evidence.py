"""What stands behind a simulation: published figures beside simulated ones, numbers with their sources, and words."""

from __future__ import annotations

import re
from typing import Any

import numpy as np

from ketensim.scenario.provenance import provenance
from ketensim.scenario.schema import Scenario
from ketensim.texts import glossary, t, word
from ketensim.views.reading import Reading
from ketensim.views.tables import Table, headings, rounded


def indicators(reading: Reading, language: str) -> Table:
    """Published figures beside what the simulation gives for the same period."""
    rows = []
    for indicator in reading.scenario.indicators:
        simulated, published = simulated_for(reading, indicator), indicator.value
        rows.append(
            (
                indicator.label.in_language(language),
                _with_unit(published, indicator.unit, language),
                "–" if simulated is None else _with_unit(simulated, indicator.unit, language),
                t(f"report.indicators.{verdict_of(indicator, simulated)}", language),
                t(f"report.indicators.{indicator.used_for}", language),
                source_of(reading.scenario, indicator.source),
            )
        )
    names = ("indicator", "published", "simulated", "verdict", "used_for", "source")
    return Table(headings(language, *names), rows, frozenset({1, 2}))


def verdict_of(indicator: Any, simulated: float | None) -> str:
    """``agrees`` or ``differs``; ``open`` without a tolerance or a value, ``none`` when nothing corresponds to it."""
    if simulated is None:
        return "none"
    if indicator.tolerance is None or np.isnan(simulated):
        return "open"
    return "agrees" if abs(simulated - indicator.value) <= indicator.tolerance else "differs"


def agreement(reading: Reading) -> tuple[int, int]:
    """How many published figures the simulation agrees with, and how many it can be compared with."""
    verdicts = [verdict_of(part, simulated_for(reading, part)) for part in reading.scenario.indicators]
    return verdicts.count("agrees"), verdicts.count("agrees") + verdicts.count("differs")


def simulated_for(reading: Reading, indicator: Any) -> float | None:
    """The simulated counterpart of an indicator, mean over its period; None when it has no outcome."""
    if indicator.outcome is None:
        return None

    def mean(outcome: str) -> float:
        if indicator.organisation is None:
            series = reading.mean(outcome)
        else:
            series = reading.organisation(outcome)[reading.names.index(indicator.organisation)]
        first = 0 if indicator.since is None else max(0, reading.scenario.week_of_date(indicator.since))
        last = len(series) if indicator.until is None else reading.scenario.week_of_date(indicator.until) + 1
        part = series[first:last]
        return float(np.nanmean(part)) if len(part) and not np.isnan(part).all() else float("nan")

    found = indicator.scale * mean(indicator.outcome)
    return found / mean(indicator.per) if indicator.per is not None else float(found)


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
