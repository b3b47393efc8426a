"""The commands that lay the model beside what is known: patterns of the field, and published figures of a chain."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import typer
from rich.padding import Padding
from rich.text import Text

from ketensim.analysis.patterns.collection import FULL, models, patterns_named
from ketensim.analysis.patterns.record import record_text, recorded
from ketensim.analysis.patterns.verdicts import Evaluation, evaluate
from ketensim.analysis.resemblance import resemblance
from ketensim.cli.commands import RESULTS
from ketensim.cli.importing import SERIES
from ketensim.cli.output import Folder
from ketensim.cli.terminal import progress_bar, screen, show_table
from ketensim.cli.typed import seed_of, whole_number
from ketensim.run.engine import simulate
from ketensim.run.results import Results
from ketensim.scenario.files import load, names
from ketensim.scenario.schema import Scenario
from ketensim.texts import t
from ketensim.views.imported.log_page import resemblance_html, weekly_of_list
from ketensim.views.patterns import pattern_words
from ketensim.views.patterns.page import patterns_html
from ketensim.views.report import evidence

PAGE: Final = "patterns.html"
TABLE: Final = "results.csv"
BESIDE_LIST: Final = "resemblance.html"
QUICK: Final = 30  # runs per cell at most; the full version takes as many as each pattern asks for
MOST_RUNS_TO_RESEMBLE: Final = 1000  # the weeks of every run are kept


@dataclass(frozen=True)
class PatternsRequest:
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


def show_patterns(request: PatternsRequest, language: str) -> None:
    """Run the patterns in the full model and the null models, write their page, show the matrix."""
    seed, patterns = seed_of(request.seed), patterns_named(request.names)
    with Folder(request.folder, (PAGE, TABLE)) as folder:
        evaluations: list[Evaluation] = []
        for model in models():
            most = QUICK if request.quick else None
            full = model == FULL
            name = t("pattern.full", language) if full else model
            with progress_bar(t("pattern.running", language, model=name)) as progress:
                evaluations.append(evaluate(patterns, model, seed=seed, most=most, pictures=full, progress=progress))
        record = recorded(evaluations)
        page = patterns_html(evaluations[0], record, language, request.command)
        folder.write({PAGE: page, TABLE: record_text(record)})
    console = screen()
    console.print(Text(t("pattern.app", language), "bold"), end="\n\n")
    show_table(console, pattern_words.matrix_table(record, language, short=True))
    typer.echo(pattern_words.counted_in_words(record, language))
    if request.quick:
        typer.echo(t("pattern.quick", language))
    typer.echo(t("cli.written", language, path=str(request.folder / PAGE)))
    typer.echo(t("cli.written_tables", language, paths=[str(request.folder / TABLE)]))


def show_resemblance(name: str | None, runs: str, seed: str, language: str) -> None:
    """The resemblance of one chain, or of all chains that come with figures to compare with.

    Parameters
    ----------
    name : of a chain or path of a file; None = every chain that comes with ketensim
    runs, seed : as typed
    language : of the tables

    Raises
    ------
    InputError
        runs or seed out of range, an unknown scenario, or everything that is wrong in its file
    """
    number, start = whole_number("--runs", runs, 1, MOST_RUNS_TO_RESEMBLE), seed_of(seed)
    for chain in [load(chain) for chain in (names() if name is None else [name])]:
        if chain.indicators:
            results = _show_resemblance_of(chain, number, start, language)
            if name is not None and (series := Path(name).with_suffix(SERIES)).is_file():
                _write_beside_list(results, series, language)
        elif name is not None:
            typer.echo(t("resemblance.no_indicators", language, title=chain.title.in_language(language)))


def _write_beside_list(results: Results, series: Path, language: str) -> None:
    """Pictures of a chain that was made of a list, beside the weekly figures of that list."""
    folder = Path(RESULTS) / series.name.removesuffix(SERIES)
    with Folder(folder, (BESIDE_LIST,)) as place:
        place.write({BESIDE_LIST: resemblance_html(results, weekly_of_list(series), language)})
    typer.echo(t("log.page.written", language, path=str(folder / BESIDE_LIST)))


def _show_resemblance_of(chain: Scenario, runs: int, seed: int, language: str) -> Results:
    """Simulate a chain as its file describes it, and show its table."""
    with progress_bar(t("cli.running", language, runs=runs, weeks=chain.weeks)) as progress:
        results = simulate(chain, runs=runs, seed=seed, weekly=True, progress=progress)
    likenesses = resemblance(results)
    console = screen()
    origin, name = evidence.origin_of(chain.indicators), chain.title.in_language(language)
    title = t(f"resemblance.title.{origin}", language, title=name, runs=runs)
    console.print(Text(title, "bold"), end="\n\n")
    show_table(console, evidence.likeness_table(likenesses, language))
    console.print(Padding(" ".join(evidence.likenesses_counted(likenesses, language)), (0, 0, 1, 0)))
    return results
