"""The tables of a report and of the command line: headings and rows of words, not yet HTML."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from ketensim.foundation.mathematics import WEEKS_PER_YEAR
from ketensim.foundation.outcome_table import OUTCOME_OF
from ketensim.foundation.parameters import LEVERS
from ketensim.scenario.schema import Scenario
from ketensim.texts import t, word
from ketensim.views.drawing.reading import Reading, Series, column, over_year

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
        mean, low, high = (value(name, number, language, span.high) for number in (span.mean, span.low, span.high))
        rows.append((named(name, language, "whole"), mean, t("report.span", language, low=low, high=high)))
    return Table(headings(language, "outcome", "mean", "span"), rows, frozenset({1, 2}))


def organisations(reading: Reading, language: str, short: bool = False) -> Table:
    """What stands out per organisation, averaged over the period; short: with short names and fewer columns."""

    def mean(outcome: str) -> Series:
        return np.asarray(np.nanmean(np.nan_to_num(reading.organisation(outcome)), axis=1))

    returned, handed = (np.nansum(reading.organisation(name), axis=1) for name in ("returned", "handed_over"))
    columns = {
        "staff": ("report.decimals_0", mean("staff")),
        "weeks_of_work": ("report.decimals_1", mean("weeks_of_work")),
        "waiting": ("report.decimals_0", mean("waiting")),
        "administration": ("report.percent", mean("administration_share")),
        "returned": ("report.percent", returned / np.maximum(returned + handed, 1e-12)),
        "trust": ("report.decimals_2", mean("trust")),
        "overseen": ("report.percent", mean("overseen")),
    }
    if short:
        columns = {name: columns[name] for name in ("staff", "weeks_of_work", "waiting", "administration", "trust")}
    rows = [
        (
            name if short else reading.label(name, language),  # the terminal shows what one types in --set
            *(t(key, language, value=float(numbers[place])) for key, numbers in columns.values()),
        )
        for place, name in enumerate(reading.names)
    ]
    return Table(headings(language, "organisation", *columns), rows, frozenset(range(1, 1 + len(columns))))


def years(reading: Reading, language: str) -> Table:
    """Each outcome per year of 52 weeks; a year that is not complete is left out unless it is the only one."""
    number = min(MOST_YEARS, max(1, len(reading.weeks) // WEEKS_PER_YEAR))
    rows = []
    for name in SUMMARY:
        mean = reading.mean(name)
        factor = WEEKS_PER_YEAR if OUTCOME_OF[name].summary == "sum" else 1
        cells = [value(name, factor * over_year(mean, year), language) for year in range(number)]
        rows.append((named(name, language, "year"), *cells))
    headings = [_year_name(reading.scenario, year) for year in range(number)]
    return Table([t("report.column.outcome", language), *headings], rows, frozenset(range(1, number + 1)))


def _year_name(scenario: Scenario, year: int) -> str:
    """``2015``, or ``2015/16`` for a year that does not begin in January."""
    first = (scenario.date_of(WEEKS_PER_YEAR * year) + SLACK).year
    last = (scenario.date_of(WEEKS_PER_YEAR * (year + 1)) - SLACK).year
    return str(first) if first == last else f"{first}/{last % 100:02d}"


def comparison(table: Any, language: str) -> Table:
    """Paired differences on equal luck, for the outcomes that a report tells."""
    known = {str(name): place for place, name in enumerate(table["outcome"])}
    columns = [column(table, name) for name in ("a", "b", "difference", "low", "high")]
    rows = []
    for name in SUMMARY:
        if name in known:
            a, b, *changes = (float(values[known[name]]) for values in columns)
            most = max(abs(a), abs(b))
            difference, low, high = (change(name, number, language, most) for number in changes)
            values = (value(name, number, language, most) for number in (a, b))
            rows.append(
                (named(name, language, "whole"), *values, difference, t("report.span", language, low=low, high=high))
            )
    return Table(headings(language, "outcome", "a", "b", "difference", "interval"), rows, frozenset({1, 2, 3, 4}))


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


def named(outcome: str, language: str, over: str) -> str:
    """Label of an outcome with its unit; a sum is told over the ``whole`` period or per ``year``."""
    row = OUTCOME_OF[outcome]
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


def value(outcome: str, number: float, language: str, beside: float | None = None) -> str:
    """A value of an outcome as people write it, with as many decimals as the number beside it."""
    if np.isnan(number):
        return "–"
    if outcome in PERCENTAGES:
        return t("report.percent", language, value=number)
    return t(f"report.decimals_{_decimals(outcome, number if beside is None else beside)}", language, value=number)


def change(outcome: str, number: float, language: str, beside: float) -> str:
    """A difference between two values of an outcome, with its sign; between percentages in percentage points."""
    if np.isnan(number):
        return "–"
    if outcome in PERCENTAGES:
        return t("report.points", language, value=number)
    return t(f"report.change_{_decimals(outcome, beside)}", language, value=number)


def whole(number: float, language: str) -> str:
    """A number without decimals, a dash when it is not known."""
    return t("report.decimals_0", language, value=number)


def _decimals(outcome: str, number: float) -> int:
    unit = OUTCOME_OF[outcome].unit
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


def headings(language: str, *names: str) -> list[str]:
    """Headings of columns."""
    return [t(f"report.column.{name}", language) for name in names]
