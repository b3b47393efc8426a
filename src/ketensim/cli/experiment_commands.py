"""The commands about experiments; see ``commands.py`` about annotations."""

from pathlib import Path
from typing import Annotated

import typer

from ketensim.cli.commands import RESULTS, Commands


def add_experiment_commands(commands: Commands) -> None:
    """Add the commands about experiments."""
    folder = f"{RESULTS}/experiments/{commands.words('metavar.name')}"
    _add_experiment(commands, folder)
    _add_verify(commands)
    _add_results(commands, folder)


def _add_experiment(commands: Commands, folder: str) -> None:
    option = commands.option

    @commands.add("experiment")
    def experiment(
        file: Annotated[str, commands.argument("file", "experiment")],
        out: Annotated[Path | None, option("out", "folder", "out_experiment", value=folder)] = None,
        store: Annotated[Path | None, option("store", "folder")] = None,
        executor: Annotated[str, option("executor", "executor")] = "threads",
        workers: Annotated[str | None, option("workers", "number")] = None,
        scheduler: Annotated[str | None, option("scheduler", "address")] = None,
        shard: Annotated[str | None, option("shard", "shard")] = None,
        retry_failed: Annotated[bool, commands.switch("retry-failed")] = False,
        replace: Annotated[bool, commands.switch("replace")] = False,
        check: Annotated[bool, commands.switch("check", "check_experiment")] = False,
    ) -> None:
        from ketensim.cli.experiment_runs import ExperimentRequest, run_experiment_file
        from ketensim.cli.experiment_size import show_size

        request = ExperimentRequest(file, out, store, executor, workers, scheduler, shard, retry_failed, replace)
        if check:
            show_size(request, commands.language)
            return
        raise typer.Exit(run_experiment_file(request, commands.language))


def _add_verify(commands: Commands) -> None:
    @commands.add("verify")
    def verify(
        result: Annotated[str, commands.argument("folder", "result")],
        runs: Annotated[str, commands.option("runs", "number", "sample")] = "20",
        seed: Annotated[str, commands.option("seed", "number", "sample_seed")] = "0",
    ) -> None:
        from ketensim.cli.experiment_runs import verify_result

        raise typer.Exit(verify_result(result, runs, seed, commands.language))


def _add_results(commands: Commands, folder: str) -> None:
    option = commands.option

    @commands.add("analyse")
    def analyse(
        result: Annotated[str, commands.argument("folder", "result")],
        out: Annotated[Path | None, option("out", "folder", "out_analysis", value=f"{folder}/analysis")] = None,
    ) -> None:
        from ketensim.cli.experiment_results import analyse_result

        analyse_result(result, out, commands.language)

    @commands.add("export")
    def export(
        result: Annotated[str, commands.argument("folder", "result")],
        out: Annotated[Path | None, option("out", "folder", "out_export", value=f"{folder}/export")] = None,
        spreadsheet: Annotated[bool, commands.switch("spreadsheet")] = False,
    ) -> None:
        from ketensim.cli.experiment_results import export_result

        export_result(result, out, commands.language, spreadsheet=spreadsheet)
