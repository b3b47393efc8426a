"""The commands that read the result of an experiment: analyse it, export it."""

from __future__ import annotations

import io
import shlex
from pathlib import Path
from typing import TYPE_CHECKING, Final

import typer

from ketensim.analysis.answers import Answers
from ketensim.cli.output import Folder
from ketensim.experiment.result import ExperimentResult
from ketensim.texts import t
from ketensim.views.experiment_page import ExperimentPage

if TYPE_CHECKING:
    import pandas as pd

REPORT: Final = "report.html"
ANALYSIS: Final = "analysis"
DIGITS: Final = "%.8g"


def analyse(folder: str, out: Path | None, language: str) -> None:
    """Write the report and the tables of an experiment, and say in short what came out."""
    result = ExperimentResult.load(folder)
    typer.echo(t("cli.analysing", language), err=True)
    answers = Answers(result)
    files = {f"{name}.csv": csv_text(table) for name, table in answers.tables.items()}
    command = shlex.join(
        ["ketensim", "experiment", str(result.folder / "experiment.yaml"), "--out", str(result.folder)]
    )
    page = ExperimentPage(answers, language, command)
    files[REPORT] = page.html()
    target = result.folder / ANALYSIS if out is None else out
    with Folder(target, files) as opened:
        opened.write(files)
    for sentence in page.words.conclusions():
        typer.echo(f"- {sentence}")
    typer.echo(t("cli.written", language, path=str(target / REPORT)))
    typer.echo(t("cli.written_tables", language, paths=", ".join(name for name in files if name != REPORT)))


def csv_text(table: pd.DataFrame) -> str:
    """A table as CSV: with points in numbers, empty where a value is not known."""
    text = io.StringIO()
    table.to_csv(text, index=False, float_format=DIGITS, lineterminator="\n")
    return text.getvalue()
