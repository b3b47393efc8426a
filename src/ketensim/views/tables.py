"""The tables of a report and of the command line: headings and rows of words, not yet HTML."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from ketensim.foundation.outcome_table import OUTCOMES
from ketensim.foundation.parameters import LEVERS
from ketensim.scenario.provenance import provenance
from ketensim.scenario.schema import Scenario
from ketensim.texts import glossary, t, word
from ketensim.views.reading import YEAR, Reading, column, over_year

SUMMARY: Final = (
    "goal_realisation",
    "open",
    "waiting",
    "lead_time_median",
    "open_age_median",
    "dropped",
    "returns_per_case",
    "administration_share",
    "trust_persons",
    "trust_agreements",
    "trust_vertical",
    "interventions",
    "incidents",
)
BY_NAME: Final = {row.name: row for row in OUTCOMES}
PERCENTAGES: Final = frozenset(
    {
        "goal_realisation",
        "goal_realisation_closed",
        "administration_share",
        "utilisation",
        "under_intervention",
        "own_target",
    }
)  # other shares are told on a scale from 0 to 1
DECIMALS: Final = {"weeks": 1, "cases": 0, "share": 2, "returns": 2, "full-time equivalents": 0}
LOW_END: Final = 0.25
HIGH_END: Final = 0.75
MOST_YEARS: Final = 8
FEW: Final = 20  # smaller counts keep a decimal
SLACK: Final = datetime.timedelta(weeks=3)  # a year of 52 weeks may begin a little before January


@dataclass(frozen=True)
class Table:
    """Headings and rows; columns in ``numeric`` stand at the right."""

    headings: Sequence[str]
    rows: Sequence[Sequence[str]]
    numeric: frozenset[int] = field(default_factory=frozenset)


def summary(reading: Reading, language: str) -> Table:
    """Each outcome over the whole period: mean and the range of the middle 80 % of the runs."""
    rows = []
    for name in SUMMARY:
        span = reading.of_runs(name)
        low, high = value(name, span.low, language), value(name, span.high, language)
        middle = value(name, span.mean, language)
        rows.append((named(name, language, "whole"), middle, t("report.span", language, low=low, high=high)))
    return Table(_headings(language, "outcome", "mean", "span"), rows, frozenset({1, 2}))


def organisations(reading: Reading, language: str) -> Table:
    """What stands out per organisation, averaged over the period."""
    names = ("staff", "weeks_of_work", "waiting", "administration", "returned", "trust", "overseen")
    staff, weeks, waiting, administration, trust, overseen = (
        np.nanmean(np.nan_to_num(reading.organisation(name)), axis=1)
        for name in ("staff", "weeks_of_work", "waiting", "administration_share", "trust", "overseen")
    )
    returned, handed = (np.nansum(reading.organisation(name), axis=1) for name in ("returned", "handed_over"))
    back = returned / np.maximum(returned + handed, 1e-12)
    rows = [
        (
            reading.label(name, language),
            t("report.number", language, value=round(float(staff[place]))),
            t("report.weeks_value", language, value=float(weeks[place])),
            t("report.number", language, value=round(float(waiting[place]))),
            *(
                t("report.percent", language, value=float(part[place]))
                for part in (administration, back, trust, overseen)
            ),
        )
        for place, name in enumerate(reading.names)
    ]
    return Table(_headings(language, "organisation", *names), rows, frozenset(range(1, 8)))


def years(reading: Reading, language: str) -> Table:
    """Each outcome per year of 52 weeks; a year that is not complete is left out unless it is the only one."""
    number = min(MOST_YEARS, max(1, len(reading.weeks) // YEAR))
    rows = []
    for name in SUMMARY:
        mean = reading.mean(name)
        factor = YEAR if BY_NAME[name].summary == "sum" else 1
        cells = [value(name, factor * over_year(mean, year), language) for year in range(number)]
        rows.append((named(name, language, "year"), *cells))
    headings = [_year_name(reading.scenario, year) for year in range(number)]
    return Table([t("report.column.outcome", language), *headings], rows, frozenset(range(1, number + 1)))


def _year_name(scenario: Scenario, year: int) -> str:
    """``2015``, or ``2015/16`` for a year that does not begin in January."""
    first = (scenario.date_of(YEAR * year) + SLACK).year
    last = (scenario.date_of(YEAR * (year + 1)) - SLACK).year
    return str(first) if first == last else f"{first}/{last % 100:02d}"


def comparison(table: Any, language: str) -> Table:
    """Paired differences on equal luck, for the outcomes that a report tells."""
    known = {str(name): place for place, name in enumerate(table["outcome"])}
    columns = {name: column(table, name) for name in ("a", "b", "difference", "low", "high")}
    rows = []
    for name in SUMMARY:
        if name in known:
            a, b, difference, low, high = (float(values[known[name]]) for values in columns.values())
            low_told, high_told = change(name, low, language), change(name, high, language)
            span = t("report.span", language, low=low_told, high=high_told)
            told = (value(name, a, language), value(name, b, language), change(name, difference, language), span)
            rows.append((named(name, language, "whole"), *told))
    return Table(_headings(language, "outcome", "a", "b", "difference", "interval"), rows, frozenset({1, 2, 3, 4}))


def levers(scenario: Scenario, language: str) -> Iterator[Mapping[str, Any]]:
    """The levers of the six conditions: where each stands at the start, between which ends, and why."""
    for row in LEVERS:
        stands = scenario.lever(row.name)
        end = "low" if stands <= LOW_END else "high" if stands >= HIGH_END else "between"
        told = scenario.levers.get(row.name)
        reason = told.reason.in_language(language) if told is not None and told.reason is not None else None
        own = [
            t(
                "report.lever.own",
                language,
                organisation=part.label.in_language(language),
                value=part.levers[row.name].value,
            )
            for part in scenario.organisations
            if row.name in part.levers
        ]
        yield {
            "condition": word(f"condition.{row.condition}", language),
            "lever": t(f"lever.{row.name}.label", language),
            "low": t(f"lever.{row.name}.low", language),
            "high": t(f"lever.{row.name}.high", language),
            "value": stands,
            "told": t(f"report.lever.{end}", language),
            "notes": [*own, *([t("report.lever.reason", language, reason=reason)] if reason else [])],
        }


def indicators(reading: Reading, language: str) -> Table:
    """Published figures beside what the simulation gives for the same period."""
    rows = []
    for indicator in reading.scenario.indicators:
        simulated = simulated_for(reading, indicator)
        published = indicator.value
        if simulated is None:
            verdict = "none"
        elif indicator.tolerance is None or np.isnan(simulated):
            verdict = "open"
        else:
            verdict = "agrees" if abs(simulated - published) <= indicator.tolerance else "differs"
        rows.append(
            (
                indicator.label.in_language(language),
                _with_unit(published, indicator.unit, language),
                "–" if simulated is None else _with_unit(simulated, indicator.unit, language),
                t(f"report.indicators.{verdict}", language),
                t(f"report.indicators.{indicator.used_for}", language),
                source_of(reading.scenario, indicator.source),
            )
        )
    names = ("indicator", "published", "simulated", "verdict", "used_for", "source")
    return Table(_headings(language, *names), rows, frozenset({1, 2}))


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
    table = Table(_headings(language, "number", "figure", "certainty", "source", "note"), rows, frozenset({1}))
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
    return Table(_headings(language, "term", "definition"), rows)


def source_of(scenario: Scenario, key: str | None) -> str:
    """What a source is called in full."""
    if key is None:
        return ""
    return scenario.sources[key].text if key in scenario.sources else key


def named(outcome: str, language: str, over: str) -> str:
    """Label of an outcome with its unit; a sum is told over the ``whole`` period or per ``year``."""
    row = BY_NAME[outcome]
    label = t(f"outcome.{outcome}.label", language)
    if row.summary == "sum":
        return t(f"report.over.{over}", language, label=label)
    if outcome in PERCENTAGES or row.unit in ("returns", "cases"):
        return label
    return t(
        "report.over.unit",
        language,
        label=label,
        unit=word("report.scale" if row.unit == "share" else f"unit.{row.unit}", language),
    )


def value(outcome: str, number: float, language: str) -> str:
    """A value of an outcome as people write it."""
    if np.isnan(number):
        return "–"
    if outcome in PERCENTAGES:
        return t("report.percent", language, value=number)
    return t(f"report.decimals_{_decimals(outcome, number)}", language, value=number)


def change(outcome: str, number: float, language: str) -> str:
    """A difference between two values of an outcome, with its sign; between percentages in percentage points."""
    if np.isnan(number):
        return "–"
    if outcome in PERCENTAGES:
        return t("report.points", language, value=number)
    return t(f"report.change_{_decimals(outcome, number)}", language, value=number)


def whole(number: float, language: str) -> str:
    """A number without decimals, a dash when it is not known."""
    return t("report.decimals_0", language, value=number)


def _decimals(outcome: str, number: float) -> int:
    unit = BY_NAME[outcome].unit
    return DECIMALS[unit] if unit in DECIMALS else int(abs(number) < FEW)


def rounded(number: float) -> float:
    """Two decimals below ten, one below a hundred, none above.

    Examples
    --------
    >>> rounded(3.14159), rounded(31.4159), rounded(314.159)
    (3.14, 31.4, 314.0)
    """
    size = abs(number)
    return round(number, 2 if size < 10 else 1 if size < 100 else 0)


def _with_unit(number: float, unit: str, language: str) -> str:
    if np.isnan(number):
        return "–"
    if unit == "share":
        return t("report.percent", language, value=number)
    return f"{t('report.number', language, value=rounded(number))} {word(f'unit.{unit}', language)}"


def _headings(language: str, *names: str) -> list[str]:
    return [t(f"report.column.{name}", language) for name in names]
