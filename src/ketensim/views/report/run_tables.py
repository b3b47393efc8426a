"""The tables of a run: for machines by the names of the model, and as a workbook for people.

In the workbook headings stand in the reader's language with their units, outcomes and organisations are called what they
are called everywhere, numbers are numbers, and the first sheet says what was run.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from ketensim.foundation.outcome_table import (
    BAND,
    CASE_TYPE_OUTCOMES,
    ORGANISATION_OUTCOMES,
    OUTCOME_NAMES,
    OUTCOMES,
    Outcome,
)
from ketensim.run.ledger import Values, over_the_period
from ketensim.run.results import exact_band
from ketensim.scenario.schema import Scenario
from ketensim.texts import CASES, catalogue, t, word
from ketensim.views.drawing.reading import Reading
from ketensim.views.drawing.spreadsheet import Anew, Sheet, workbook

ROWS: Final[Mapping[str, Outcome]] = {row.name: row for row in (*CASE_TYPE_OUTCOMES, *ORGANISATION_OUTCOMES, *OUTCOMES)}
OF_TOTALS: Final = {"cases/week": "cases", "euros/week": "euro", "per week": "number"}  # unit of a sum over the weeks


def with_unit(outcome: str, language: str, words: Mapping[str, str] = CASES, *, of_a_week: bool = False) -> str:
    """What an outcome is called in a heading, with the unit of its value in a week, or of a run's summary of it.

    Words say what the chain handles (``Scenario.words``), silent = cases.

    Examples
    --------
    >>> with_unit("goal_realisation", "en")
    'Goal realisation (share, 0 to 1)'
    """
    row = ROWS[outcome]
    label = t(f"outcome.{outcome}.label", language, **words)
    if row.unit == "share":
        return t("sheet.with_unit", language, label=label, unit=t("sheet.share", language))
    total = row.summary == "sum" and not of_a_week
    unit = word(f"unit.{OF_TOTALS.get(row.unit, row.unit) if total else row.unit}", language, **words)
    return t("sheet.with_total" if total else "sheet.with_unit", language, label=label, unit=unit)


def heading(name: str, language: str, words: Mapping[str, str] = CASES) -> str:
    """A column of a table as people call it; a name that is nobody else's stays as it is."""
    if name in ROWS:
        return with_unit(name, language, words)
    outcome, _, spread = name.rpartition("_")
    if outcome in ROWS and spread in BAND:
        return f"{with_unit(outcome, language, words, of_a_week=True)}: {t(f'sheet.column.{spread}', language)}"
    return t(f"sheet.column.{name}", language, **words) if name in catalogue(language)["sheet"]["column"] else name


def run_workbook(reading: Reading, recipe: str, language: str) -> tuple[bytes, list[str]]:
    """The tables of a run as an Excel workbook.

    Parameters
    ----------
    reading : the run
    recipe : the command or link that gives the same numbers again
    language : of headings and names

    Returns
    -------
    the content of the file, and the names of the tables that have more rows than a sheet can hold and were left out
    """
    sheets = {
        t(f"sheet.name.{name}", language): in_words(table(reading), reading.scenario, language, name == "weekly")
        for name, table in TABLES.items()
    }
    return workbook(about_a_run(reading, recipe, language), sheets, t("sheet.name.about", language))


def about_a_run(reading: Reading, recipe: str, language: str) -> list[tuple[str, str]]:
    """What was run, for the first sheet: chain, period, runs, seed, version, and how to get it again."""
    results = reading.results
    facts = {
        "chain": reading.scenario.title.in_language(language),
        "size": t(
            "notebook.runs", language, runs=results.number_of_runs, weeks=reading.scenario.weeks, seed=results.seed
        ),
        "again": recipe,
    }
    return facts_about(facts, results.provenance, language)


def facts_about(facts: Mapping[str, str], made_of: Mapping[str, Any], language: str) -> list[tuple[str, str]]:
    """What was run, then the version and the fingerprint of the model, what was changed in it, and how to read the numbers."""
    changed = "; ".join(f"{name}: {value}" for name, value in made_of.items() if name.startswith("changed "))
    version = t("sheet.version", language, version=made_of["ketensim"], model=made_of["model_sha256"])
    told = {**facts, "version": version, "changed": changed, "reading": t("sheet.reading", language)}
    return [(t(f"sheet.about.{name}", language), value) for name, value in told.items() if value]


def in_words(sheet: Sheet, scenario: Scenario, language: str, of_a_week: bool = False) -> Sheet:
    """A table with its headings, outcomes, organisations and case types in words."""
    labels = {
        "organisation": {part.id: part.label.in_language(language) for part in scenario.organisations},
        "case_type": {part.id: part.label.in_language(language) for part in scenario.case_types},
    }
    words = scenario.words(language)
    called: dict[int, Callable[[Any], str]] = {}
    for place, name in enumerate(sheet.headings):
        if name == "outcome":
            called[place] = lambda cell: with_unit(cell, language, words, of_a_week=of_a_week)
        elif name in labels:
            called[place] = labels[name].__getitem__
    rows = Anew(
        lambda: (
            [called[place](cell) if place in called else cell for place, cell in enumerate(row)] for row in sheet.rows
        )
    )
    return Sheet([heading(name, language, words) for name in sheet.headings], rows)


def weekly_sheet(reading: Reading) -> Sheet:
    """Quantiles and mean over the runs of every outcome in every week."""
    days, weeks = list(reading.dates), [int(week) for week in reading.weeks]
    rows = [
        [name, *row]
        for name in OUTCOME_NAMES
        for band in [reading.band(name)]
        for row in zip(weeks, days, *(band[part].tolist() for part in BAND), strict=True)
    ]
    return Sheet(["outcome", "week", "date", *BAND], rows)


def runs_sheet(reading: Reading) -> Sheet:
    """One row per run with its summary outcomes."""
    summary = reading.results.summary
    return Sheet(["run", *OUTCOME_NAMES], Anew(lambda: ([run, *row.tolist()] for run, row in enumerate(summary))))


def organisations_sheet(reading: Reading) -> Sheet:
    """Per organisation and outcome: how the whole period was spread over the runs."""
    ids = [part.id for part in reading.scenario.organisations]
    return _parts_sheet("organisation", ids, reading.kept.organisation_values, ORGANISATION_OUTCOMES)


def case_types_sheet(reading: Reading) -> Sheet:
    """The same per case type."""
    ids = [part.id for part in reading.scenario.case_types]
    return _parts_sheet("case_type", ids, reading.kept.case_type_values, CASE_TYPE_OUTCOMES)


def _parts_sheet(part: str, ids: Sequence[str], values: Values | None, table: Sequence[Outcome]) -> Sheet:
    rows: list[Sequence[object]] = []
    if values is not None:
        of_runs = over_the_period(values, table)
        for place, name in enumerate(ids):
            band: Mapping[str, Values] = exact_band(of_runs[:, place])
            columns = [[row.name for row in table], *(band[spread].tolist() for spread in BAND)]
            rows += [[name, *row] for row in zip(*columns, strict=True)]
    return Sheet([part, "outcome", *BAND], rows)


TABLES: Final[Mapping[str, Callable[[Reading], Sheet]]] = {
    "weekly": weekly_sheet,
    "runs": runs_sheet,
    "organisations": organisations_sheet,
    "case_types": case_types_sheet,
}
