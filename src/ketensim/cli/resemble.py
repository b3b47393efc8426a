"""``ketensim resemble``: published figures beside what the chain gives as it is described, with a verdict on each."""

from __future__ import annotations

from typing import Final

import typer
from rich.padding import Padding
from rich.text import Text

from ketensim.analysis.resemblance import resemblance
from ketensim.cli.options import whole
from ketensim.cli.terminal import progress_bar, screen, show_table
from ketensim.foundation.luck import LARGEST_SEED
from ketensim.run.engine import simulate
from ketensim.scenario.files import load, names
from ketensim.scenario.schema import Scenario
from ketensim.texts import t
from ketensim.views.report import evidence

MOST_RUNS: Final = 1000  # the weeks of every run are kept


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
    number, start = whole("--runs", runs, 1, MOST_RUNS), whole("--seed", seed, 0, LARGEST_SEED)
    chains = [load(one) for one in (names() if name is None else [name])]
    for chain in chains:
        if chain.indicators:
            show_one(chain, number, start, language)
        elif name is not None:
            typer.echo(t("resemblance.no_indicators", language, title=chain.title.in_language(language)))


def show_one(chain: Scenario, runs: int, seed: int, language: str) -> None:
    """Simulate a chain as its file describes it, and show its table."""
    with progress_bar(t("cli.running", language, runs=runs, weeks=chain.weeks)) as progress:
        found = resemblance(simulate(chain, runs=runs, seed=seed, weekly=True, progress=progress))
    console = screen()
    title = t("resemblance.title", language, title=chain.title.in_language(language), runs=runs)
    console.print(Text(title, "bold"), end="\n\n")
    show_table(console, evidence.likenesses(found, language))
    console.print(Padding(" ".join(evidence.counted(found, language)), (0, 0, 1, 0)))
