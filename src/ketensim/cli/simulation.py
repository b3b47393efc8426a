"""The commands that simulate: run a chain and write its report, explain a week, compile ahead."""

from __future__ import annotations

import shlex
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

import typer

import ketensim as ks
from ketensim.cli.commands import DEFAULT_RUNS, RESULTS
from ketensim.cli.output import Folder
from ketensim.cli.terminal import progress_bar, show_summary
from ketensim.cli.typed import (
    BASELINE,
    Changes,
    at_length,
    changed_chain,
    half_width,
    seed_of,
    whole_number,
)
from ketensim.foundation.errors import InputError, Problem
from ketensim.foundation.luck import MOST_RUNS
from ketensim.logs.simulated_logs import simulated_log
from ketensim.logs.written_logs import check_log_name, write_log
from ketensim.run.accepted import ACCEPTED
from ketensim.scenario.files import dump, load
from ketensim.scenario.problems import nearest
from ketensim.texts import languages, t
from ketensim.views.drawing.reading import Reading
from ketensim.views.drawing.spreadsheet import dutch_csv, plain_csv
from ketensim.views.report.conclusions import sentences
from ketensim.views.report.document import report_html
from ketensim.views.report.page import Counterpart
from ketensim.views.report.run_tables import TABLES, run_workbook

if TYPE_CHECKING:
    from ketensim.run.results import Results
    from ketensim.scenario.schema import Scenario

REPORT: Final = "report.html"
SCENARIO: Final = "scenario.yaml"
PLAIN: Final = ".csv"
DUTCH: Final = "-nl.csv"  # semicolons, and commas in numbers
WORKBOOK: Final = "tables.xlsx"
SAMPLE: Final = 200  # runs


@dataclass(frozen=True)
class RunRequest:
    """What ``ketensim run`` was asked for, as typed."""

    scenario: str
    changes: Changes
    runs: str | None
    precision: str | None
    seed: str
    against: str | None
    parameters: str | None
    out: Path | None
    log: Path | None = None
    spreadsheet: bool = False

    @property
    def folder(self) -> Path:
        """Where the results go."""
        return self.out if self.out is not None else Path(RESULTS) / Path(self.scenario).stem

    def command_for(self, runs: int) -> str:
        """The command line that gives the same results again."""
        words = ["ketensim", "run", self.scenario, "--runs", str(runs), "--seed", self.seed]
        once = {
            "--parameters": self.parameters,
            "--weeks": self.changes.weeks,
            "--policy": self.changes.policy,
            "--against": self.against,
            "--log": None if self.log is None else str(self.log),
        }
        for name, value in once.items():
            words += [name, value] if value is not None else []
        for name, values in (("--set", self.changes.settings), ("--at", self.changes.later)):
            for value in values:
                words += [name, value]
        switches = {"--always": self.changes.always, "--one-roof": self.changes.one_roof}
        return shlex.join([*words, *(name for name, given in switches.items() if given)])


def run_chain(request: RunRequest, language: str) -> None:
    """Simulate a chain, write its report and tables, and show a summary."""
    seed, wanted = seed_of(request.seed), how_many(request)
    check_parameters(request.parameters)
    if request.log is not None:
        check_log_name(request.log)
    base = load(request.scenario)
    scenario = with_title(changed_chain(base, request.changes), request.changes)
    other = other_chain(request, base, scenario)
    tables = (*(name + PLAIN for name in TABLES), SCENARIO)
    for_spreadsheets = (*(name + DUTCH for name in TABLES), WORKBOOK)
    if request.spreadsheet:
        tables = (*tables, *for_spreadsheets)
    with Folder(request.folder, (REPORT, *tables), for_spreadsheets) as folder:
        runs = wanted if isinstance(wanted, int) else advised(scenario, other, wanted, seed, request, language)
        reading, counterpart = compute(scenario, other, runs, seed, request.parameters, language)
        if counterpart is not None and request.against == BASELINE:
            counterpart = replace(counterpart, name=t("report.compare.baseline", language))
        sheets = {name: sheet(reading) for name, sheet in TABLES.items()}
        written: dict[str, str | bytes] = {
            REPORT: report_html(reading, language, request.command_for(runs), counterpart),
            SCENARIO: dump(scenario),
            **{name + PLAIN: plain_csv(sheet) for name, sheet in sheets.items()},
        }
        left_out: list[str] = []
        if request.spreadsheet:
            written[WORKBOOK], left_out = run_workbook(reading, request.command_for(runs), language)
            written |= {name + DUTCH: dutch_csv(sheet) for name, sheet in sheets.items()}
        folder.write(written)
        if request.log is not None:
            write_log(simulated_log(scenario, seed, parameters=request.parameters), request.log)
    show_summary(reading, language, counterpart)
    typer.echo(t("cli.written", language, path=str(request.folder / REPORT)))
    typer.echo(t("cli.written_tables", language, paths=[str(request.folder / name) for name in tables]))
    if left_out:
        typer.echo(t("cli.too_long_for_excel", language, names=left_out))
    if request.log is not None:
        typer.echo(t("log.written", language, path=str(request.log)))


def other_chain(request: RunRequest, base: Scenario, scenario: Scenario) -> Scenario | None:
    """The chain to compare with, over the same number of weeks."""
    if request.against is None:
        return None
    if request.against != BASELINE:
        return load(request.against).with_weeks(scenario.weeks)
    if not request.changes.any:
        raise InputError([Problem("error.baseline_alone", "--against", {"given": BASELINE})])
    return at_length(base, request.changes)


def with_title(scenario: Scenario, changes: Changes) -> Scenario:
    """The scenario, with a title that says so when the chain works under one roof."""
    if not changes.one_roof:
        return scenario
    told = {name: t("cli.one_roof", name, title=scenario.title.in_language(name)) for name in languages()}
    return scenario.model_copy(update={"title": type(scenario.title)(**told)})


def how_many(request: RunRequest) -> int | float:
    """The number of runs that was asked for, or the wanted half-width."""
    if request.precision is None:
        return DEFAULT_RUNS if request.runs is None else whole_number("--runs", request.runs, 1, MOST_RUNS)
    if request.runs is not None:
        raise InputError([Problem("error.runs_or_precision", "--precision", {"given": request.precision})])
    return half_width("--precision", request.precision)


def check_parameters(given: str | None) -> None:
    """Refuse before anything is computed what ``simulate`` would refuse later."""
    if given not in (None, ACCEPTED):
        raise InputError([Problem("error.unknown_parameter_sets", "--parameters", {"given": given})])


def advised(
    scenario: Scenario, other: Scenario | None, precision: float, seed: int, request: RunRequest, language: str
) -> int:
    """How many runs the wanted half-width takes, and the sentence that says so."""
    with progress_bar(t("cli.counting", language)) as progress:
        advice = ks.runs_needed(
            scenario, precision, against=other, seed=seed, parameters=request.parameters, progress=progress
        )
    key = "cli.advice.alone" if other is None else "cli.advice.difference"
    typer.echo(t(key, language, runs=advice.runs, points=100 * advice.estimate.half_width, mean=advice.estimate.mean))
    return advice.runs


def compute(
    scenario: Scenario, other: Scenario | None, runs: int, seed: int, parameters: str | None, language: str
) -> tuple[Reading, Counterpart | None]:
    """The results, and those of the other chain on equal luck."""
    words = t("cli.running", language, runs=runs, weeks=scenario.weeks)
    with progress_bar(words) as progress:
        if other is None:
            results = ks.simulate(scenario, runs=runs, seed=seed, progress=progress, parameters=parameters)
            return Reading(results, sample_of(results)), None
        compared = ks.compare(other, scenario, runs=runs, seed=seed, progress=progress, parameters=parameters)
    weekly = compared.weekly("goal_realisation") if compared.b.weekly_values is not None else None
    counterpart = Counterpart(
        Reading(compared.a, sample_of(compared.a)), compared.table, weekly, other.title.in_language(language)
    )
    return Reading(compared.b, sample_of(compared.b)), counterpart


def sample_of(results: Results) -> Results | None:
    """The first runs of an ensemble once more with their organisations, when it was too large to keep them."""
    if results.organisation_values is not None:
        return None
    number = min(SAMPLE, results.number_of_runs)
    sets = None if results.sets is None else ACCEPTED
    return ks.simulate(results.scenario, runs=number, seed=results.seed, weekly=True, parameters=sets)


def explain_week(name: str, changes: Changes, week: str, organisation: str, seed: str, language: str) -> None:
    """Say what happened at an organisation in a week, and why."""
    scenario = changed_chain(load(name), changes)
    number = whole_number("--week", week, 0, scenario.weeks - 1)
    known = tuple(part.id for part in scenario.organisations)
    if organisation not in known:
        facts = {"given": organisation, "allowed": known, **nearest(organisation, known)}
        raise InputError([Problem("error.unknown_organisation", "--organisation", facts)])
    model = ks.ChainModel(scenario, rng=seed_of(seed))
    for _ in range(number + 1):
        model.step()
    label = scenario.organisations[known.index(organisation)].label.in_language(language)
    typer.echo(t("cli.explain.title", language, organisation=label, week=number, date=scenario.date_of(number)))
    for sentence in sentences(model.organisation(organisation).explain(), language, scenario.words(language)):
        typer.echo(f"- {sentence}")


def warm_up(language: str) -> None:
    """Compile everything that a simulation needs."""
    from ketensim.run.model import warm

    typer.echo(t("cli.compiling", language), err=True)
    warm()
    typer.echo(t("cli.warm", language))
