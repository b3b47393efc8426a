"""The commands about experiments, made in the reader's language; see ``commands.py``."""

from pathlib import Path
from typing import Annotated

import typer

from ketensim.texts import t

RESULTS = "results/experiments"


def application(language: str) -> typer.Typer:
    """The commands about experiments with their help in one language."""
    app = typer.Typer(add_completion=False, add_help_option=False)

    def words(key: str, **facts: object) -> str:
        return t(f"cli.{key}", language, **facts)

    def option(name: str, kind: str, text: str = "", **facts: object) -> object:
        text = text or name.replace("-", "_")
        return typer.Option(f"--{name}", metavar=words(f"metavar.{kind}"), help=words(f"option.{text}", **facts))

    def argument(name: str, text: str) -> object:
        return typer.Argument(metavar=words(f"metavar.{name}"), help=words(f"option.{text}"))

    a_language = Annotated[str | None, option("lang", "language")]
    a_result = Annotated[str, argument("folder", "result")]
    folder = f"{RESULTS}/{words('metavar.name')}"

    @app.command(help=words("command.experiment"), add_help_option=False)
    def experiment(
        file: Annotated[str, argument("file", "experiment")],
        out: Annotated[Path | None, option("out", "folder", "out_experiment", value=folder)] = None,
        store: Annotated[Path | None, option("store", "folder")] = None,
        executor: Annotated[str, option("executor", "executor")] = "threads",
        workers: Annotated[str | None, option("workers", "number")] = None,
        scheduler: Annotated[str | None, option("scheduler", "address")] = None,
        shard: Annotated[str | None, option("shard", "shard")] = None,
        retry_failed: Annotated[bool, typer.Option("--retry-failed", help=words("option.retry_failed"))] = False,
        lang: a_language = None,
    ) -> None:
        from ketensim.cli import experiment_runs

        order = experiment_runs.ExperimentOrder(file, out, store, executor, workers, scheduler, shard, retry_failed)
        raise typer.Exit(experiment_runs.experiment(order, language))

    @app.command(help=words("command.verify"), add_help_option=False)
    def verify(
        result: a_result,
        runs: Annotated[str, option("runs", "number", "sample")] = "20",
        seed: Annotated[str, option("seed", "number", "sample_seed")] = "0",
        lang: a_language = None,
    ) -> None:
        from ketensim.cli import experiment_runs

        raise typer.Exit(experiment_runs.verify(result, runs, seed, language))

    @app.command(help=words("command.analyse"), add_help_option=False)
    def analyse(
        result: a_result,
        out: Annotated[Path | None, option("out", "folder", "out_analysis", value=f"{folder}/analysis")] = None,
        lang: a_language = None,
    ) -> None:
        from ketensim.cli import experiment_results

        experiment_results.analyse(result, out, language)

    @app.command(help=words("command.export"), add_help_option=False)
    def export(
        result: a_result,
        out: Annotated[Path | None, option("out", "folder", "out_export", value=f"{folder}/export")] = None,
        lang: a_language = None,
    ) -> None:
        from ketensim.cli import experiment_results

        experiment_results.export(result, out, language)

    return app
