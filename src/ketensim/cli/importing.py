"""From a list of cases to a scenario file: what ``ketensim import`` does and shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import typer
from rich.padding import Padding
from rich.text import Text

from ketensim.cli.output import Folder
from ketensim.cli.terminal import progress_bar, screen, show_table
from ketensim.foundation.errors import InputError, Problem
from ketensim.logs.event_log import read_log
from ketensim.logs.imported_chain import series_csv
from ketensim.scenario.files import SUFFIXES, dump
from ketensim.texts import t
from ketensim.views.imported import log_words

SUFFIX: Final = ".yaml"
SERIES: Final = ".weeks.csv"  # after the name of the scenario file


@dataclass(frozen=True)
class ImportRequest:
    """What ``ketensim import`` was asked for, as typed."""

    log: Path
    columns: Mapping[str, str]
    out: Path | None
    wrong: tuple[str, ...] = ()
    withdrawn: tuple[str, ...] = ()

    @property
    def chain(self) -> Path:
        """The scenario file that is written."""
        return self.out or Path(self.log.name.partition(".")[0] + SUFFIX)


def import_list(request: ImportRequest, language: str) -> None:
    """Read a list, show how good it is, make a chain of it and write that with the figures of the list beside it.

    Raises
    ------
    InputError : a list that cannot be read or become a chain, or a file that cannot be written
    """
    chain = request.chain
    if chain.suffix not in SUFFIXES:
        raise InputError([Problem("log.error.kind", "--out", {"given": chain.name, "allowed": SUFFIXES})])
    series = chain.with_suffix(SERIES)
    console = screen()
    with Folder(chain.parent, (chain.name, series.name)) as folder:
        with progress_bar(t("log.importing", language)) as progress:
            log = read_log(
                request.log,
                wrong=request.wrong,
                withdrawn=request.withdrawn,
                progress=progress,
                **request.columns,
            )
        console.print(Padding(" ".join(log_words.quality_sentences(log, language)), (0, 0, 1, 0)))
        show_table(console, log_words.columns_table(log, language))
        if any(log.quality.left_out.values()):
            show_table(console, log_words.left_out_table(log, language))
        outcomes = log_words.outcomes_table(log, language)
        if outcomes is not None:
            show_table(console, outcomes)
        with progress_bar(t("log.matching", language)) as progress:
            made = log_words.chain_of_log(log, request.log.name, progress)
        folder.write({chain.name: dump(made.chain), series.name: series_csv(made)})
    console.print(Text(t("log.part.chain", language), "bold"))
    console.print(Padding(" ".join(log_words.chain_sentences(made, language)), (0, 0, 1, 0)))
    show_table(console, log_words.loads_table(made, language))
    typer.echo(t("log.imported", language, path=str(chain)))
    typer.echo(t("log.series", language, path=str(series)))
    typer.echo(t("log.next", language, path=str(chain)))
