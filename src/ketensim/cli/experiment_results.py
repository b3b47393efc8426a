"""The commands that read the result of an experiment: analyse it, export it."""

from __future__ import annotations

import shlex
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

import typer

from ketensim.analysis.answers import Answers
from ketensim.cli.experiment_runs import rate_bar
from ketensim.cli.output import Folder
from ketensim.experiment import derived
from ketensim.experiment.disk import write_whole
from ketensim.experiment.parquet import batches, number_of_rows
from ketensim.experiment.result import ExperimentResult
from ketensim.texts import t
from ketensim.views.drawing.spreadsheet import BOM, dutch_csv, plain_csv, sheet_of
from ketensim.views.experiment.experiment_conclusions import conclusions
from ketensim.views.experiment.experiment_description import description_of
from ketensim.views.experiment.experiment_words import Words
from ketensim.views.experiment.experiment_workbook import KEPT, LONG, experiment_workbook, long_tables
from ketensim.views.experiment.page import ExperimentPage

if TYPE_CHECKING:
    import pandas as pd

REPORT: Final = "report.html"
ANALYSIS: Final = "analysis"
EXPORT: Final = "export"
WORKBOOK: Final = "experiment.xlsx"
DESCRIPTION: Final = "description.md"
PLAIN, DUTCH = ".csv", "-nl.csv"
OF_ANALYSIS: Final = ("outcomes", "effects", "first", "morris", "sobol", "shares", "policies", "winners", "wins",
                      "dependence", "robustness", "boxes", "leaves")  # fmt: skip
DIGITS: Final = 8
FORMAT: Final = f"%.{DIGITS}g"


def analyse_result(folder: str, out: Path | None, language: str) -> None:
    """Write the report and the tables of an experiment, and say in short what came out."""
    result = ExperimentResult.load(folder)
    result.refuse_changed()
    typer.echo(t("cli.analysing", language), err=True)
    answers = Answers(result)
    page = ExperimentPage(answers, language, again(result))
    files: dict[str, str | bytes] = {
        name + PLAIN: plain_csv(sheet_of(table), DIGITS) for name, table in answers.tables.items()
    }
    files[REPORT] = page.html()
    target = result.folder / ANALYSIS if out is None else out
    with Folder(target, files, [name + PLAIN for name in OF_ANALYSIS]) as place:
        place.write(files)
        derived.mark(target, result.mark, files)
    for sentence in conclusions(page.words):
        typer.echo(f"- {sentence}")
    if result.kept_tables:
        paths = ", ".join(str(result.folder / name) for name in result.kept_tables)
        typer.echo(t("cli.kept_per_week", language, paths=paths))
    typer.echo(t("cli.written", language, path=str(target / REPORT)))
    typer.echo(t("cli.written_tables", language, paths=", ".join(name for name in files if name != REPORT)))


def export_result(folder: str, out: Path | None, language: str, *, spreadsheet: bool = False) -> None:
    """Write the tables of a result as CSV and Excel, with a description of the experiment.

    Parameters
    ----------
    spreadsheet : whether the tables are also written as CSV for a spreadsheet that is set to Dutch
    """
    result = ExperimentResult.load(folder)
    result.refuse_changed()
    words = Words(Answers(result), language)
    target = result.folder / EXPORT if out is None else out
    tables = long_tables(result)
    short = {"points": result.points, "outcomes": words.answers.tables["outcomes"]}
    endings = (PLAIN, DUTCH) if spreadsheet else (PLAIN,)
    files: dict[str, str | bytes] = {DESCRIPTION: description_of(words, again(result))}
    for name, table in short.items():
        files[name + PLAIN] = plain_csv(sheet_of(table), DIGITS)
        if spreadsheet:
            files[name + DUTCH] = dutch_csv(sheet_of(table), DIGITS)
    long = [name + ending for name in tables for ending in endings]
    not_these = [name + ending for name in (*short, *LONG, *KEPT) for ending in (PLAIN, DUTCH)]
    with Folder(target, [*files, *long, WORKBOOK], not_these) as place:
        files[WORKBOOK], left_out = experiment_workbook(words, again(result))
        place.write(files)
        with rate_bar(t("cli.exporting", language), language, key="cli.export_progress") as progress:
            _write_long(result, target, endings, progress)
        derived.mark(target, result.mark, [*files, *long])
    if left_out:
        typer.echo(t("cli.too_long_for_excel", language, names=left_out))
    paths = [str(target / name) for name in (*files, *long)]
    typer.echo(t("cli.written_tables", language, paths=", ".join(paths)))


def again(result: ExperimentResult) -> str:
    """The command line that gives the same result again."""
    return shlex.join(["ketensim", "experiment", str(result.folder / "experiment.yaml"), "--out", str(result.folder)])


def _write_long(
    result: ExperimentResult, target: Path, endings: tuple[str, ...], progress: Callable[[int, int], None]
) -> None:
    """Write the tables that may not fit in memory, portion by portion."""
    tables = long_tables(result)
    sizes = {name: number_of_rows(result.folder / file) for name, file in tables.items()}
    done, total = 0, len(endings) * sum(sizes.values())
    for name, file in tables.items():
        for ending in endings:

            def write(draft: Path, file: str = file, ending: str = ending) -> None:
                nonlocal done
                for number, part in enumerate(batches(result.folder / file)):
                    _append(draft, part, dutch=ending == DUTCH, first=number == 0)
                    done += len(part)
                    progress(done, total)

            write_whole(target / (name + ending), write)


def _append(path: Path, table: pd.DataFrame, *, dutch: bool, first: bool) -> None:
    """Add rows to a CSV; numbers only, so no cell can be a formula."""
    with path.open("a", encoding="utf-8", newline="") as file:
        if first and dutch:
            file.write(BOM)
        separator, point, end = (";", ",", "\r\n") if dutch else (",", ".", "\n")
        table.to_csv(
            file, index=False, header=first, float_format=FORMAT, sep=separator, decimal=point, lineterminator=end
        )
