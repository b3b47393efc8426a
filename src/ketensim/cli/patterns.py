"""``ketensim patterns``: run the patterns in the full model and the null models, write their page, show the matrix."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import typer
from rich.text import Text

from ketensim.analysis.patterns.collection import FULL, chosen
from ketensim.analysis.patterns.record import models, recorded, written
from ketensim.analysis.patterns.verdicts import Evaluation, evaluate
from ketensim.cli.options import whole
from ketensim.cli.output import Folder
from ketensim.cli.terminal import progress_bar, screen, show_table
from ketensim.foundation.luck import LARGEST_SEED
from ketensim.texts import t
from ketensim.views.patterns import page as pattern_page
from ketensim.views.patterns import pattern_words

PAGE: Final = "patterns.html"
TABLE: Final = "results.csv"
QUICK: Final = 30  # runs per cell at most; the full version takes as many as each pattern asks for


@dataclass(frozen=True)
class Order:
    """What ``ketensim patterns`` was asked for, as typed."""

    quick: bool
    only: str | None
    seed: str
    folder: Path

    @property
    def names(self) -> tuple[str, ...]:
        """The letters of the patterns that were asked for."""
        return tuple(part.strip() for part in (self.only or "").split(",") if part.strip())

    @property
    def command(self) -> str:
        """The command line that gives the same results again."""
        words = ["ketensim", "patterns", "--seed", self.seed]
        words += ["--quick"] if self.quick else []
        return shlex.join([*words, *(["--only", self.only] if self.only is not None else [])])


def show_patterns(order: Order, language: str) -> None:
    """Run, write, show."""
    seed, some = whole("--seed", order.seed, 0, LARGEST_SEED), chosen(order.names)
    with Folder(order.folder, (PAGE, TABLE)) as folder:
        evaluations: list[Evaluation] = []
        for model in models():
            most = QUICK if order.quick else None
            name = t("pattern.full", language) if model == FULL else model
            with progress_bar(t("pattern.running", language, model=name)) as progress:
                full = model == FULL
                evaluations.append(evaluate(some, model, seed=seed, most=most, pictures=full, progress=progress))
        record = recorded(evaluations)
        page = pattern_page.html(evaluations[0], record, language, order.command)
        folder.write({PAGE: page, TABLE: written(record)})
    console = screen()
    console.print(Text(t("pattern.app", language), "bold"), end="\n\n")
    show_table(console, pattern_words.matrix(record, language, short=True))
    typer.echo(pattern_words.counted(record, language))
    if order.quick:
        typer.echo(t("pattern.quick", language))
    typer.echo(t("cli.written", language, path=str(order.folder / PAGE)))
    typer.echo(t("cli.written_tables", language, paths=[str(order.folder / TABLE)]))
