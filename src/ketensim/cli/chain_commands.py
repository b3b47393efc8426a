"""The commands about one chain; see ``commands.py`` about annotations."""

import json
from pathlib import Path
from typing import Annotated

import typer

from ketensim.cli.commands import DEFAULT_RUNS, RESULTS, Commands
from ketensim.texts import names_in


def add_chain_commands(commands: Commands) -> None:
    """Add the commands about one chain."""
    for add in (_add_run, _add_resemble, _add_files, _add_schema, _add_explain, _add_patterns, _add_warm):
        add(commands)


def _policy(commands: Commands) -> object:
    return commands.option("policy", "policy", allowed=names_in("policy", commands.language))


def _add_run(commands: Commands) -> None:
    option = commands.option
    default_folder = f"{RESULTS}/{commands.words('metavar.scenario').lower()}"

    @commands.add("run")
    def run(
        scenario: Annotated[str, commands.argument("scenario")],
        runs: Annotated[str | None, option("runs", "number", value=DEFAULT_RUNS)] = None,
        precision: Annotated[str | None, option("precision", "number")] = None,
        parameters: Annotated[str | None, option("parameters", "parameters")] = None,
        seed: Annotated[str, option("seed", "number")] = "1",
        weeks: Annotated[str | None, option("weeks", "number")] = None,
        set_: Annotated[list[str] | None, option("set", "lever")] = None,
        at: Annotated[list[str] | None, option("at", "lever_at")] = None,
        always: Annotated[bool, commands.switch("always")] = False,
        policy: Annotated[str | None, _policy(commands)] = None,
        one_roof: Annotated[bool, commands.switch("one-roof")] = False,
        against: Annotated[str | None, option("against", "scenario")] = None,
        spreadsheet: Annotated[bool, commands.switch("spreadsheet")] = False,
        out: Annotated[Path | None, option("out", "folder", value=default_folder)] = None,
        log: Annotated[Path | None, option("log", "list")] = None,
    ) -> None:
        from ketensim.cli.simulation import RunRequest, run_chain
        from ketensim.cli.typed import Changes

        changes = Changes(set_ or (), at or (), always, policy, weeks, one_roof)
        request = RunRequest(scenario, changes, runs, precision, seed, against, parameters, out, log, spreadsheet)
        run_chain(request, commands.language)


def _add_resemble(commands: Commands) -> None:
    @commands.add("resemble")
    def resemble(
        scenario: Annotated[str | None, commands.argument("scenario", "resemble")] = None,
        runs: Annotated[str, commands.option("runs", "number", value=DEFAULT_RUNS)] = str(DEFAULT_RUNS),
        seed: Annotated[str, commands.option("seed", "number")] = "1",
    ) -> None:
        from ketensim.cli.validation import show_resemblance

        show_resemblance(scenario, runs, seed, commands.language)


def _add_files(commands: Commands) -> None:
    language = commands.language

    @commands.add("scenarios")
    def scenarios() -> None:
        from ketensim.cli.scenario_files import show_chains

        show_chains(language)

    @commands.add("new")
    def new(name: Annotated[str, commands.argument("name")]) -> None:
        from ketensim.cli.scenario_files import begin_chain

        typer.echo(commands.words("new.made", file=str(begin_chain(name, language))))

    @commands.add("check")
    def check(
        file: Annotated[str, commands.argument("file")], strict: Annotated[bool, commands.switch("strict")] = False
    ) -> None:
        from ketensim.cli.scenario_files import check_file

        check_file(file, strict, language)


def _add_schema(commands: Commands) -> None:
    @commands.add("schema")
    def schema(experiment: Annotated[bool, commands.switch("experiment", "schema_experiment")] = False) -> None:
        if experiment:
            from ketensim.experiment.specification import experiment_json_schema as json_schema
        else:
            from ketensim.scenario.files import json_schema
        typer.echo(json.dumps(json_schema(), indent=2, ensure_ascii=False))


def _add_explain(commands: Commands) -> None:
    option = commands.option

    @commands.add("explain")
    def explain(
        scenario: Annotated[str, commands.argument("scenario")],
        week: Annotated[str, option("week", "number")],
        organisation: Annotated[str, option("organisation", "organisation")],
        seed: Annotated[str, option("seed", "number")] = "1",
        set_: Annotated[list[str] | None, option("set", "lever")] = None,
        at: Annotated[list[str] | None, option("at", "lever_at")] = None,
        always: Annotated[bool, commands.switch("always")] = False,
        policy: Annotated[str | None, _policy(commands)] = None,
        one_roof: Annotated[bool, commands.switch("one-roof")] = False,
    ) -> None:
        from ketensim.cli.simulation import explain_week
        from ketensim.cli.typed import Changes

        changes = Changes(set_ or (), at or (), always, policy, one_roof=one_roof)
        explain_week(scenario, changes, week, organisation, seed, commands.language)


def _add_patterns(commands: Commands) -> None:
    folder = f"{RESULTS}/patterns"

    @commands.add("patterns")
    def patterns(
        only: Annotated[str | None, commands.option("only", "patterns")] = None,
        quick: Annotated[bool, commands.switch("quick")] = False,
        seed: Annotated[str, commands.option("seed", "number")] = "1",
        out: Annotated[Path | None, commands.option("out", "folder", value=folder)] = None,
    ) -> None:
        from ketensim.cli.validation import PatternsRequest, show_patterns

        show_patterns(PatternsRequest(quick, only, seed, Path(folder) if out is None else out), commands.language)


def _add_warm(commands: Commands) -> None:
    @commands.add("warm")
    def warm() -> None:
        from ketensim.cli.simulation import warm_up

        warm_up(commands.language)
