"""The tables of a report and of the command line: outcomes of a run, per organisation and per year, levers, differences."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any, Final

import numpy as np

from ketensim.foundation.mathematics import WEEKS_PER_YEAR
from ketensim.foundation.outcome_table import OUTCOME_OF
from ketensim.foundation.parameters import LEVERS
from ketensim.foundation.rows import HOURS
from ketensim.scenario.schema import Scenario
from ketensim.texts import CASES, t, word
from ketensim.views.drawing.reading import Columns, Reading, Series, column, mean_of_year
from ketensim.views.drawing.table import Table
from ketensim.views.report.conclusions import difference_at
from ketensim.views.report.values import (
    REPORTED,
    column_names,
    label_with_unit,
    written_change,
    written_value,
    written_verdict,
)

LOW_END: Final = 0.25
HIGH_END: Final = 0.75
MOST_YEARS: Final = 8
SLACK: Final = datetime.timedelta(weeks=3)  # a year of 52 weeks may begin a little before January
SHORT: Final = ("staff", "weeks_of_work", "waiting", "administration", "trust")  # columns on a terminal


def summary_table(reading: Reading, language: str) -> Table:
    """Each outcome over the whole period: mean and the range of the middle 80 % of the runs."""
    rows, words = [], reading.scenario.words(language)
    for name in REPORTED:
        spread = reading.of_runs(name)
        mean, low, high = (
            written_value(name, number, language, spread.high) for number in (spread.mean, spread.low, spread.high)
        )
        rows.append(
            (label_with_unit(name, language, "whole", words), mean, t("report.span", language, low=low, high=high))
        )
    return Table(column_names(language, "outcome", "mean", "span"), rows, frozenset({1, 2}))


def organisation_table(reading: Reading, language: str, short: bool = False) -> Table:
    """What stands out per organisation, averaged over the period; short: with short names and fewer columns."""
    mean = reading.organisation_mean
    returned, passed_on = (np.nansum(reading.organisation(name), axis=1) for name in ("returned", "handed_over"))
    columns = {
        "staff": ("report.decimals_0", mean("staff")),
        "weeks_of_work": ("report.decimals_1", mean("weeks_of_work")),
        "waiting": ("report.decimals_0", mean("waiting")),
        "administration": ("report.percent", mean("administration_share")),
        "politics": ("report.percent", mean("hours_reporting_politics") / np.maximum(_hours(reading), 1e-12)),
        "returned": ("report.percent", returned / np.maximum(returned + passed_on, 1e-12)),
        "trust": ("report.decimals_2", mean("trust")),
        "overseen": ("report.percent", mean("overseen")),
    }
    if short:
        columns = {name: columns[name] for name in SHORT}
    rows = [
        (
            name if short else reading.label(name, language),  # the terminal shows what one types in --set
            *(t(key, language, value=float(numbers[place])) for key, numbers in columns.values()),
        )
        for place, name in enumerate(reading.names)
    ]
    headings = column_names(language, "organisation", *columns, **reading.scenario.words(language))
    return Table(headings, rows, frozenset(range(1, 1 + len(columns))))


def _hours(reading: Reading) -> Series:
    """All hours a week, [organisation]."""
    return np.sum([reading.organisation_mean(name) for name in HOURS], axis=0)


def year_table(reading: Reading, language: str) -> Table:
    """Each outcome per year of 52 weeks; a year that is not complete is left out unless it is the only one."""
    number = min(MOST_YEARS, max(1, len(reading.weeks) // WEEKS_PER_YEAR))
    rows = []
    for name in REPORTED:
        mean = reading.mean(name)
        factor = WEEKS_PER_YEAR if OUTCOME_OF[name].summary == "sum" else 1
        cells = [written_value(name, factor * mean_of_year(mean, year), language) for year in range(number)]
        rows.append((label_with_unit(name, language, "year", reading.scenario.words(language)), *cells))
    headings = [_name_of_year(reading.scenario, year) for year in range(number)]
    return Table([*column_names(language, "outcome"), *headings], rows, frozenset(range(1, number + 1)))


def _name_of_year(scenario: Scenario, year: int) -> str:
    """``2015``, or ``2015/16`` for a year that does not begin in January."""
    first = (scenario.date_of(WEEKS_PER_YEAR * year) + SLACK).year
    last = (scenario.date_of(WEEKS_PER_YEAR * (year + 1)) - SLACK).year
    return str(first) if first == last else f"{first}/{last % 100:02d}"


def comparison_table(differences: Columns, language: str, words: Mapping[str, str] = CASES) -> Table:
    """Paired differences on equal luck, for the outcomes that a report tells.

    Words say what the chain handles (``Scenario.words``), silent = cases.
    """
    place_of = {str(name): place for place, name in enumerate(differences["outcome"])}
    columns = [column(differences, name) for name in ("a", "b", "difference", "low", "high")]
    rows = []
    for name in REPORTED:
        if name not in place_of:
            continue
        a, b, *changes = (float(values[place_of[name]]) for values in columns)
        most = max(abs(a), abs(b))
        difference, low, high = (written_change(name, number, language, most) for number in changes)
        values = (written_value(name, number, language, most) for number in (a, b))
        span = t("report.span", language, low=low, high=high)
        estimate = difference_at(differences, place_of[name])
        verdict = written_verdict(name, estimate, (difference, low, high), language)
        rows.append((label_with_unit(name, language, "whole", words), *values, difference, span, verdict))
    headings = column_names(language, "outcome", "a", "b", "difference", "interval", "verdict")
    return Table(headings, rows, frozenset({1, 2, 3, 4}))


def lever_rows(scenario: Scenario, language: str) -> Iterator[Mapping[str, Any]]:
    """The levers of the six conditions: where each stands in week 0, between which ends, where elsewhere, and why."""
    for row in LEVERS:
        own = {part.id: scenario.lever_at(row.name, 0, part.id) for part in scenario.organisations}
        stands = Counter(own.values()).most_common(1)[0][0]
        end = "low" if stands <= LOW_END else "high" if stands >= HIGH_END else "between"
        yield {
            "condition": word(f"condition.{row.condition}", language),
            **{part: t(f"lever.{row.name}.{part}", language) for part in ("label", "low", "high")},
            "value": stands,
            "stands": t(f"report.lever.{end}", language),
            "notes": list(_lever_notes(scenario, row.name, own, stands, language)),
        }


def _lever_notes(
    scenario: Scenario, lever: str, own: Mapping[str, float], stands: float, language: str
) -> Iterator[str]:
    """Where a lever stands elsewhere than at most organisations, where it stood before it was decided, and why."""
    for part in scenario.organisations:
        if own[part.id] != stands:
            facts = {"organisation": part.label.in_language(language), "value": own[part.id]}
            yield t("report.lever.own", language, **facts)
    before = Counter(scenario.lever(lever, part.id) for part in scenario.organisations).most_common(1)[0][0]
    if before != stands:
        yield t("report.lever.before", language, value=before)
    setting = scenario.levers.get(lever)
    if setting is not None and setting.reason is not None:
        key = "report.lever.reason" if before == stands else "report.lever.reason_before"
        yield t(key, language, reason=setting.reason.in_language(language))
