"""The commands, made in the reader's language; each imports what it needs when it is called.

(No ``from __future__ import annotations`` here: typer reads the annotations, and they hold words of one language.)
"""

import json
from pathlib import Path
from typing import Annotated

import typer

from ketensim.cli import experiment_commands
from ketensim.cli.options import DEFAULT_RUNS
from ketensim.texts import names_in, t

DEFAULT_PORT = "8765"  # of the app
RESULTS = "results"  # folder of reports when --out is silent


def application(language: str) -> typer.Typer:
    """All commands with their help in one language."""
    app = typer.Typer(name="ketensim", help=t("cli.app", language), add_completion=False, add_help_option=False)

    def words(key: str, **facts: object) -> str:
        return t(f"cli.{key}", language, **facts)

    def option(name: str, kind: str, told: str = "", **facts: object) -> object:
        help_text = words(f"option.{told or name}", **facts)
        return typer.Option(f"--{name}", metavar=words(f"metavar.{kind}"), help=help_text)

    def argument(name: str) -> object:
        return typer.Argument(metavar=words(f"metavar.{name}"), help=words(f"option.{name}"))

    default_folder = f"{RESULTS}/{words('metavar.scenario').lower()}"
    a_language = Annotated[str | None, option("lang", "language")]
    a_scenario = Annotated[str, argument("scenario")]
    settings = Annotated[list[str] | None, option("set", "lever")]
    later = Annotated[list[str] | None, option("at", "lever_at")]
    a_policy = Annotated[str | None, option("policy", "policy", allowed=names_in("policy", language))]
    a_length = Annotated[str | None, option("weeks", "number")]
    a_seed = Annotated[str, option("seed", "number")]

    @app.callback(invoke_without_command=True)
    def whole(
        lang: a_language = None,
        version: Annotated[bool, typer.Option("--version", help=words("option.version"))] = False,
    ) -> None:
        if version:
            from importlib.metadata import version as version_of

            typer.echo(f"ketensim {version_of('ketensim')}")

    @app.command(help=words("command.run"), add_help_option=False)
    def run(
        scenario: a_scenario,
        runs: Annotated[str | None, option("runs", "number", value=DEFAULT_RUNS)] = None,
        precision: Annotated[str | None, option("precision", "number")] = None,
        parameters: Annotated[str | None, option("parameters", "parameters")] = None,
        seed: a_seed = "1",
        weeks: a_length = None,
        set_: settings = None,
        at: later = None,
        policy: a_policy = None,
        against: Annotated[str | None, option("against", "scenario")] = None,
        out: Annotated[Path | None, option("out", "folder", value=default_folder)] = None,
        lang: a_language = None,
    ) -> None:
        from ketensim.cli.options import Changes
        from ketensim.cli.simulation import Order, simulate

        changes = Changes(settings=set_ or (), later=at or (), policy=policy, weeks=weeks)
        simulate(Order(scenario, changes, runs, precision, seed, against, parameters, out), language)

    @app.command(help=words("command.resemble"), add_help_option=False)
    def resemble(
        scenario: Annotated[
            str | None, typer.Argument(metavar=words("metavar.scenario"), help=words("option.resemble"))
        ] = None,
        runs: Annotated[str, option("runs", "number", value=DEFAULT_RUNS)] = str(DEFAULT_RUNS),
        seed: a_seed = "1",
        lang: a_language = None,
    ) -> None:
        from ketensim.cli.resemble import show_resemblance

        show_resemblance(scenario, runs, seed, language)

    @app.command(help=words("command.scenarios"), add_help_option=False)
    def scenarios(lang: a_language = None) -> None:
        from ketensim.cli.terminal import screen, show_table
        from ketensim.scenario.files import load, names
        from ketensim.views.report.tables import Table

        found = {name: load(name) for name in names()}
        if not found:
            typer.echo(words("scenarios.none"))
            return
        rows = [(name, scenario.title.in_language(language)) for name, scenario in found.items()]
        show_table(screen(), Table([t(f"report.column.{name}", language) for name in ("name", "title")], rows))
        typer.echo(words("scenarios.hint", name=next(iter(found))))

    @app.command(help=words("command.new"), add_help_option=False)
    def new(name: Annotated[str, argument("name")], lang: a_language = None) -> None:
        from ketensim.cli.starter import begin

        typer.echo(words("new.made", file=str(begin(name, language))))

    @app.command(help=words("command.check"), add_help_option=False)
    def check(
        file: Annotated[str, argument("file")],
        strict: Annotated[bool, typer.Option("--strict", help=words("option.strict"))] = False,
        lang: a_language = None,
    ) -> None:
        from ketensim.cli.examination import examine

        examine(file, strict, language)

    @app.command(help=words("command.schema"), add_help_option=False)
    def schema(
        experiment: Annotated[bool, typer.Option("--experiment", help=words("option.schema_experiment"))] = False,
        lang: a_language = None,
    ) -> None:
        if experiment:
            from ketensim.experiment.specification import json_schema
        else:
            from ketensim.scenario.files import json_schema
        typer.echo(json.dumps(json_schema(), indent=2, ensure_ascii=False))

    @app.command(help=words("command.explain"), add_help_option=False)
    def explain(
        scenario: a_scenario,
        week: Annotated[str, option("week", "number")],
        organisation: Annotated[str, option("organisation", "organisation")],
        seed: a_seed = "1",
        set_: settings = None,
        at: later = None,
        policy: a_policy = None,
        lang: a_language = None,
    ) -> None:
        from ketensim.cli.options import Changes
        from ketensim.cli.simulation import explain_week

        changes = Changes(settings=set_ or (), later=at or (), policy=policy)
        explain_week(scenario, changes, week, organisation, seed, language)

    @app.command(help=words("command.patterns"), add_help_option=False)
    def patterns(
        only: Annotated[str | None, option("only", "patterns")] = None,
        quick: Annotated[bool, typer.Option("--quick", help=words("option.quick"))] = False,
        seed: a_seed = "1",
        out: Annotated[Path | None, option("out", "folder", value=f"{RESULTS}/patterns")] = None,
        lang: a_language = None,
    ) -> None:
        from ketensim.cli.patterns import Order, show_patterns

        show_patterns(Order(quick, only, seed, out if out is not None else Path(RESULTS) / "patterns"), language)

    @app.command(help=words("command.workshop"), add_help_option=False)
    def workshop(
        port: Annotated[str, option("port", "number", value=8765)] = "8765",
        host: Annotated[str, option("host", "address")] = "0.0.0.0",
        folder: Annotated[
            Path, typer.Option("--folder", metavar=words("metavar.folder"), help=words("option.folder"))
        ] = Path("workshop"),
        plan: Annotated[str | None, option("plan", "plan")] = None,
        address: Annotated[str | None, option("address", "address")] = None,
        lang: a_language = None,
    ) -> None:
        from ketensim.cli.workshop import Order, serve_workshop

        serve_workshop(Order(port, host, folder, plan, address), language)

    @app.command(help=words("command.warm"), add_help_option=False)
    def warm(lang: a_language = None) -> None:
        from ketensim.cli.simulation import warm_up

        warm_up(language)

    @app.command(name="app", help=words("command.app"), add_help_option=False)
    def open_browser_app(
        port: Annotated[str, option("port", "number", "app_port")] = DEFAULT_PORT,
        host: Annotated[str, option("host", "address", "app_host")] = "127.0.0.1",
        no_browser: Annotated[bool, typer.Option("--no-browser", help=words("option.no_browser"))] = False,
        address: Annotated[str | None, option("address", "address", "app_address")] = None,
        lang: a_language = None,
    ) -> None:
        from ketensim.cli.browser import AppOrder, open_app

        open_app(AppOrder(host, port, not no_browser, address), language)

    app.registered_commands += experiment_commands.application(language).registered_commands
    return app
