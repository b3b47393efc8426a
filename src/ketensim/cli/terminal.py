"""What a command shows on the screen: a progress bar, and a summary that a policy adviser can read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.box import SIMPLE_HEAD
from rich.console import Console
from rich.padding import Padding
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table as TableOnScreen
from rich.text import Text

from ketensim.cli.help import Screen
from ketensim.texts import t
from ketensim.views.drawing.reading import Reading
from ketensim.views.drawing.table import Table
from ketensim.views.report import conclusions, tables
from ketensim.views.report.bottleneck import bottleneck_conclusions, bottleneck_of
from ketensim.views.report.certainty import spread_conclusions
from ketensim.views.report.costs import cost_conclusions, cost_difference
from ketensim.views.report.hundred_cases import (
    hundred_cases_table,
    ledger_comparison,
    loss_conclusions,
    short_case_type_table,
)
from ketensim.views.report.page import Counterpart

WIDEST = 110
PLAIN_WIDTH = 100  # when nobody looks, as in a pipe


def screen(*, errors: bool = False) -> Console:
    """The console, without markup in texts that may come from a file."""
    console = Screen(stderr=errors, markup=False, highlight=False, emoji=False)
    return Screen(
        stderr=errors, markup=False, highlight=False, emoji=False,
        width=min(WIDEST, console.width) if console.is_terminal else PLAIN_WIDTH,
    )  # fmt: skip


@contextmanager
def progress_bar(words: str) -> Iterator[Callable[[int, int], None]]:
    """A bar on stderr that is moved by (done, total); nothing is shown when stderr is not a terminal."""
    console = screen(errors=True)
    bar = Progress(
        TextColumn("{task.description}"), BarColumn(), TextColumn("{task.percentage:>3.0f}%"), TimeRemainingColumn(),
        console=console, transient=True, disable=not console.is_terminal,
    )  # fmt: skip
    with bar:
        task = bar.add_task(words, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def show_summary(reading: Reading, language: str, counterpart: Counterpart | None) -> None:
    """The conclusions in a few sentences, the main outcomes, and a line per organisation."""
    console = screen()
    words = reading.scenario.words(language)
    facts = {"runs": reading.run_count, "weeks": len(reading.weeks)}
    title = t("cli.summary.title", language, title=reading.scenario.title.in_language(language), **facts)
    console.print(Text(title, "bold"), end="\n\n")
    stuck = bottleneck_of(reading)
    parts = [*conclusions.goal_conclusions(reading), *conclusions.about_which_cases(reading.scenario, language)]
    if counterpart is not None:
        parts.append(conclusions.conclusion_on_difference(counterpart.differences, counterpart.name))
        parts += [*loss_conclusions(counterpart.differences, language), *cost_difference(counterpart.differences)]
    parts += [*cost_conclusions(reading)]
    parts += [*bottleneck_conclusions(reading, stuck, language), *spread_conclusions(reading)]
    console.print(Padding(" ".join(part.sentence(language, words) for part in parts), (0, 0, 1, 0)))
    whole, cases = tables.summary_table(reading, language), hundred_cases_table(reading, language)
    if counterpart is not None:
        whole = tables.comparison_table(counterpart.differences, language, reading.scenario.words(language))
        cases = ledger_comparison(counterpart.differences, language, words)
    show_table(console, cases)
    show_table(console, whole)
    if (types := short_case_type_table(reading, language)) is not None:
        show_table(console, types)
    console.print(Text(t("cli.summary.organisations", language), "bold"))
    show_table(console, tables.organisation_table(reading, language, short=True))


def show_table(console: Console, table: Table) -> None:
    """A table with lines only where they help."""
    drawn = TableOnScreen(box=SIMPLE_HEAD, pad_edge=False, show_edge=False)
    for place, heading in enumerate(table.headings):
        drawn.add_column(Text(heading), justify="right" if place in table.numeric else "left", vertical="bottom")
    for row in table.rows:
        drawn.add_row(*(Text(cell) for cell in row))
    console.print(drawn, end="\n\n")
