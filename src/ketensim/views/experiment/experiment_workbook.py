"""The tables of an experiment as an Excel workbook for people: headings in their language, with units, and what was run."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Final

from ketensim.experiment.kept_tables import KEPT_ORGANISATIONS, KEPT_WEEKS
from ketensim.experiment.parquet import batches, number_of_rows
from ketensim.experiment.result import RUNS, WEEKS, ExperimentResult
from ketensim.texts import t
from ketensim.views.drawing.spreadsheet import MOST_ROWS, Anew, Sheet, sheet_of, workbook
from ketensim.views.experiment.experiment_description import short_description
from ketensim.views.experiment.experiment_words import Words
from ketensim.views.report.run_tables import heading

LONG: Final[Mapping[str, str]] = {"runs": RUNS, "weekly": WEEKS}  # tables that are read and written in portions
KEPT: Final[Mapping[str, str]] = {"kept_weeks": KEPT_WEEKS, "kept_organisations": KEPT_ORGANISATIONS}


def experiment_workbook(words: Words, command: str) -> tuple[bytes, list[str]]:
    """Combinations, outcomes, runs and weeks, each on a sheet.

    Parameters
    ----------
    words : of the experiment
    command : the command line that gives the same result again

    Returns
    -------
    the content of the file, and the names of the tables that have more rows than a sheet can hold and were left out
    """
    result = words.answers.result
    tables = {"points": sheet_of(result.points), "outcomes": sheet_of(words.answers.tables["outcomes"])}
    long = long_tables(result)
    left_out = [name for name, file in long.items() if number_of_rows(result.folder / file) > MOST_ROWS]
    tables |= {name: _in_portions(result.folder / file) for name, file in long.items() if name not in left_out}
    sheets = {t(f"sheet.name.{name}", words.language): _in_words(table, words) for name, table in tables.items()}
    content, _ = workbook(short_description(words, command), sheets, t("sheet.name.about", words.language))
    return content, left_out


def long_tables(result: ExperimentResult) -> dict[str, str]:
    """Tables that are read and written in portions, with the files that hold them: name in the export, file."""
    return {**LONG, **{name: file for name, file in KEPT.items() if file in result.kept_tables}}


def _in_words(sheet: Sheet, words: Words) -> Sheet:
    experiment = words.answers.experiment
    factors = {*experiment.levers, *experiment.uncertainties}
    headings = [
        words.factor(name) if name in factors else heading(name, words.language, words.handled)
        for name in sheet.headings
    ]
    return Sheet(headings, sheet.rows)


def _in_portions(path: Path) -> Sheet:
    """A table of a result, read while its rows are asked for."""
    headings = [str(name) for name in next(batches(path)).columns]
    rows = Anew(lambda: (row for part in batches(path) for row in part.itertuples(index=False, name=None)))
    return Sheet(headings, rows)
