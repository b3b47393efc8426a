"""The commands that simulate: run a chain and write its report, explain a week, compile ahead."""

from __future__ import annotations

import shlex
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import ketensim as ks
from ketensim.cli.options import BASELINE, LARGEST_SEED, MOST_RUNS, Changes, at_length, changed, whole
from ketensim.cli.output import Folder, runs_csv, weekly_csv
from ketensim.cli.terminal import progress_bar, show_summary
from ketensim.foundation.errors import InputError, Problem
from ketensim.scenario.complaints import nearest
from ketensim.scenario.files import dump, load
from ketensim.texts import t
from ketensim.views import explain as words_for
from ketensim.views import findings, report, tables
from ketensim.views.page import Comparison
from ketensim.views.reading import Reading, Results

if TYPE_CHECKING:
    from ketensim.scenario.schema import Scenario

REPORT: Final = "report.html"
WEEKLY: Final = "weekly.csv"
RUNS: Final = "runs.csv"
SCENARIO: Final = "scenario.yaml"
RESULTS: Final = "results"


@dataclass(frozen=True)
class Order:
    """What ``ketensim run`` was asked for, as typed."""

    scenario: str
    changes: Changes
    runs: str
    seed: str
    against: str | None
    out: Path | None

    @property
    def folder(self) -> Path:
        """Where the results go."""
        return self.out if self.out is not None else Path(RESULTS) / Path(self.scenario).stem

    @property
    def command(self) -> str:
        """The command line that gives the same results again."""
        words = ["ketensim", "run", self.scenario, "--runs", self.runs, "--seed", self.seed]
        once = {"--weeks": self.changes.weeks, "--policy": self.changes.policy, "--against": self.against}
        for name, value in once.items():
            words += [name, value] if value is not None else []
        for name, values in (("--set", self.changes.settings), ("--at", self.changes.later)):
            for value in values:
                words += [name, value]
        return shlex.join(words)


def simulate(order: Order, language: str) -> None:
    """Simulate a chain, write its report and tables, and show a summary."""
    runs, seed = whole("--runs", order.runs, 1, MOST_RUNS), whole("--seed", order.seed, 0, LARGEST_SEED)
    base = load(order.scenario)
    scenario = changed(base, order.changes)
    other = other_chain(order, base, scenario)
    with Folder(order.folder, (REPORT, WEEKLY, RUNS, SCENARIO)) as folder:
        results, comparison = compute(scenario, other, runs, seed, language)
        if comparison is not None:
            name = t("report.compare.baseline", language) if order.against == BASELINE else _title(other, language)
            comparison = Comparison(comparison.results, comparison.table, comparison.weekly, name)
        reading = Reading(results)
        files = {
            REPORT: report.html(results, language, order.command, comparison),
            WEEKLY: weekly_csv(reading),
            RUNS: runs_csv(reading.runs),
            SCENARIO: dump(scenario),
        }
        folder.write(files)
    compared = tables.comparison(comparison.table, language) if comparison is not None else None
    verdict = findings.of_comparison(comparison.table, comparison.name) if comparison is not None else None
    show_summary(reading, language, compared, verdict)
    print(t("cli.written", language, path=str(order.folder / REPORT)))
    print(t("cli.written_tables", language, paths=[str(order.folder / name) for name in (WEEKLY, RUNS, SCENARIO)]))


def other_chain(order: Order, base: Scenario, scenario: Scenario) -> Scenario | None:
    """The chain to compare with, over the same number of weeks."""
    if order.against is None:
        return None
    if order.against != BASELINE:
        return load(order.against).with_weeks(scenario.weeks)
    if not order.changes.any:
        raise InputError([Problem("error.baseline_alone", "--against", {"given": BASELINE})])
    return at_length(base, order.changes)


def compute(
    scenario: Scenario, other: Scenario | None, runs: int, seed: int, language: str
) -> tuple[Results, Comparison | None]:
    """The results, and those of the other chain on equal luck."""
    words = t("cli.running", language, runs=runs, weeks=scenario.weeks)
    with progress_bar(words) as progress:
        if other is None:
            return ks.simulate(scenario, runs=runs, seed=seed, progress=progress), None
        compared = ks.compare(other, scenario, runs=runs, seed=seed, progress=progress)
    weekly = compared.weekly("goal_realisation") if compared.b.weekly_values is not None else None
    return compared.b, Comparison(compared.a, compared.table, weekly, "")


def explain_week(name: str, changes: Changes, week: str, organisation: str, seed: str, language: str) -> None:
    """Say what happened at an organisation in a week, and why."""
    scenario = changed(load(name), changes)
    number = whole("--week", week, 0, scenario.weeks - 1)
    known = tuple(part.id for part in scenario.organisations)
    if organisation not in known:
        facts = {"given": organisation, "allowed": known, **nearest(organisation, known)}
        raise InputError([Problem("error.unknown_organisation", "--organisation", facts)])
    model = ks.ChainModel(scenario, rng=whole("--seed", seed, 0, LARGEST_SEED))
    for _ in range(number + 1):
        model.step()
    label = scenario.organisations[known.index(organisation)].label.in_language(language)
    print(t("cli.explain.title", language, organisation=label, week=number, date=scenario.date_of(number)))
    for sentence in words_for.sentences(model.organisation(organisation).explain(), language):
        print(f"- {sentence}")


def warm_up(language: str) -> None:
    """Compile everything that a simulation needs."""
    from ketensim.run.model import warm

    print(t("cli.compiling", language), file=sys.stderr)
    warm()
    print(t("cli.warm", language))


def _title(scenario: Scenario | None, language: str) -> str:
    return scenario.title.in_language(language) if scenario is not None else ""
