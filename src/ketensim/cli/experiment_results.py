"""The commands that read the result of an experiment: analyse it, export it."""

from __future__ import annotations

import io
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Final

import typer

from ketensim.analysis.answers import Answers
from ketensim.cli.output import Folder
from ketensim.experiment.disk import write_whole
from ketensim.experiment.result import ExperimentResult
from ketensim.texts import t
from ketensim.views.experiment.experiment_conclusions import conclusions
from ketensim.views.experiment.experiment_description import description_of, short_description
from ketensim.views.experiment.experiment_words import Words
from ketensim.views.experiment.page import ExperimentPage
from ketensim.views.experiment.spreadsheet import workbook

if TYPE_CHECKING:
    import pandas as pd

REPORT: Final = "report.html"
ANALYSIS: Final = "analysis"
EXPORT: Final = "export"
WORKBOOK: Final = "experiment.xlsx"
DESCRIPTION: Final = "description.md"
DIGITS: Final = "%.8g"


def analyse_result(folder: str, out: Path | None, language: str) -> None:
    """Write the report and the tables of an experiment, and say in short what came out."""
    result = ExperimentResult.load(folder)
    typer.echo(t("cli.analysing", language), err=True)
    answers = Answers(result)
    page = ExperimentPage(answers, language, again(result))
    files = {f"{name}.csv": csv_text(table) for name, table in answers.tables.items()}
    files[REPORT] = page.html()
    target = result.folder / ANALYSIS if out is None else out
    with Folder(target, files) as place:
        place.write(files)
    for sentence in conclusions(page.words):
        typer.echo(f"- {sentence}")
    typer.echo(t("cli.written", language, path=str(target / REPORT)))
    typer.echo(t("cli.written_tables", language, paths=", ".join(name for name in files if name != REPORT)))


def export_result(folder: str, out: Path | None, language: str) -> None:
    """Write the tables of a result as CSV and Excel, with a description of the experiment."""
    result = ExperimentResult.load(folder)
    words = Words(Answers(result), language)
    target = result.folder / EXPORT if out is None else out
    tables = {"points": result.points, "outcomes": words.answers.tables["outcomes"]}
    tables |= {"runs": result.runs, "weekly": result.weekly}
    files = {DESCRIPTION: description_of(words, again(result))}
    files |= {f"{name}.csv": csv_text(table) for name, table in tables.items()}
    left_out: list[str] = []
    with Folder(target, [*files, WORKBOOK]) as place:
        place.write(files)
        rows = short_description(words, again(result))
        write_whole(target / WORKBOOK, lambda draft: left_out.extend(workbook(draft, rows, tables)))
    if left_out:
        typer.echo(t("cli.too_long_for_excel", language, names=left_out))
    typer.echo(t("cli.written_tables", language, paths=", ".join(str(target / name) for name in (*files, WORKBOOK))))


def again(result: ExperimentResult) -> str:
    """The command line that gives the same result again."""
    return shlex.join(["ketensim", "experiment", str(result.folder / "experiment.yaml"), "--out", str(result.folder)])


def csv_text(table: pd.DataFrame) -> str:
    """A table as CSV: with points in numbers, empty where a value is not known."""
    text = io.StringIO()
    table.to_csv(text, index=False, float_format=DIGITS, lineterminator="\n")
    return text.getvalue()
