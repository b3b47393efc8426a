"""The commands about experiments: run one, check a result by computing some of it again."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import typer
from rich.progress import BarColumn, Progress, ProgressColumn, Task, TextColumn, TimeRemainingColumn
from rich.text import Text

from ketensim.cli.terminal import screen
from ketensim.cli.typed import seed_of, whole_number
from ketensim.experiment import runner
from ketensim.experiment.failures import Failures
from ketensim.experiment.kept_tables import kept_bytes
from ketensim.experiment.points import ExperimentPlan
from ketensim.experiment.result import ExperimentResult
from ketensim.experiment.specification import Experiment, experiment_doubts
from ketensim.experiment.verify import verification_of
from ketensim.foundation.errors import InputError, Problem
from ketensim.run.engine import MOST_WORKERS
from ketensim.run.executors import EXECUTORS
from ketensim.texts import t
from ketensim.views.refusals import problem_message

MEGABYTE: Final = 1_000_000
PARTLY: Final = 1  # exit code: something failed or is not what it says
MOST_SAMPLE: Final = 1_000_000
MOST_NAMED: Final = 10  # failures that are written out
SOON: Final = 10.0  # seconds; planning that takes less needs no lines
LONG: Final = 30.0  # seconds without a line in which somebody would think that nothing happens
SHARD: Final = re.compile(r"([0-9]{1,6})/([0-9]{1,6})")


@dataclass(frozen=True)
class ExperimentRequest:
    """What ``ketensim experiment`` was asked for, as typed."""

    file: str
    out: Path | None
    store: Path | None
    executor: str
    workers: str | None
    scheduler: str | None
    shard: str | None
    retry_failed: bool
    replace: bool


def run_experiment_file(request: ExperimentRequest, language: str) -> int:
    """Compute what an experiment lacks, put its result together, and say what was done; returns the exit code."""
    if request.executor not in EXECUTORS:
        raise InputError([Problem("error.not_one_of", "--executor", {"given": request.executor, "allowed": EXECUTORS})])
    workers = None if request.workers is None else whole_number("--workers", request.workers, 1, MOST_WORKERS)
    shard = (1, 1) if request.shard is None else shard_of(request.shard)
    read = Experiment.load(request.file)
    folder = runner.RESULTS / read.name if request.out is None else request.out
    for doubt in experiment_doubts(read):
        typer.echo(problem_message(doubt, language), err=True)
    if read.keep is not None:
        show_kept(ExperimentPlan(read), language, err=True)
    try:
        with (
            rate_bar(
                t("cli.experiment.planning", language), language, key="cli.experiment.planned", silent=SOON
            ) as planning,
            rate_bar(t("cli.experiment.running", language), language) as progress,
        ):
            report = runner.run_shard(
                read,
                folder,
                store=request.store,
                executor=request.executor,
                workers=workers,
                scheduler=request.scheduler,
                shard=shard,
                retry_failed=request.retry_failed,
                replace=request.replace,
                planning=planning,
                progress=progress,
            )
    except KeyboardInterrupt:
        typer.echo(f"\n{t('cli.experiment.goes_on', language)}", err=True)
        raise
    typer.echo(t("cli.experiment.done", language, computed=report.computed, present=report.present))
    if report.failed:
        show_failures(folder, report.failed, language)
    if report.result is None:
        typer.echo(t("cli.experiment.other_parts", language))
    else:
        typer.echo(t("cli.experiment.written", language, path=str(folder)))
    return PARTLY if report.failed else 0


def show_kept(plan: ExperimentPlan, language: str, *, err: bool = False) -> None:
    """What is kept of every run and week, and how large that is; nothing for most experiments."""
    kept = plan.experiment.keep
    if kept is not None:
        names, megabytes = [*kept.chain, *kept.organisations], kept_bytes(plan) / MEGABYTE
        typer.echo(t("cli.experiment.keeps", language, names=names, size=megabytes), err=err)


def shard_of(text: str) -> tuple[int, int]:
    """Part i of n from ``i/n``.

    Examples
    --------
    >>> shard_of("2/8")
    (2, 8)
    """
    match = SHARD.fullmatch(text)
    part, parts = (int(match[1]), int(match[2])) if match else (0, 0)
    if not 1 <= part <= parts <= runner.MOST_SHARDS:
        raise InputError([Problem("error.shard", "--shard", {"given": text})])
    return part, parts


def show_failures(folder: Path, number: int, language: str) -> None:
    """Which points failed, on stderr."""
    typer.echo(t("cli.experiment.failed", language, number=number), err=True)
    for failure in Failures(folder).all()[:MOST_NAMED]:
        typer.echo(f"  {t('cli.experiment.failure', language, **failure)}", err=True)
    typer.echo(t("cli.experiment.retry", language), err=True)


def verify_result(folder: str, sample: str, seed: str, language: str) -> int:
    """Compute a sample of a result again and say whether it is the same; returns the exit code."""
    number, drawn = whole_number("--runs", sample, 1, MOST_SAMPLE), seed_of(seed)
    result = ExperimentResult.load(folder)
    with rate_bar(t("cli.verify.running", language), language) as progress:
        verdict = verification_of(result, number, drawn, progress)
    if verdict.other_model:
        typer.echo(t("cli.verify.other_model", language))
    for name in verdict.changed:
        typer.echo(t("cli.verify.changed", language, file=name), err=True)
    for point, replication in verdict.different[:MOST_NAMED]:
        typer.echo(t("cli.verify.different", language, point=point, replication=replication), err=True)
    key = "good" if verdict.good else "bad"
    typer.echo(t(f"cli.verify.{key}", language, runs=verdict.runs, different=len(verdict.different)))
    return 0 if verdict.good else PARTLY


class Rate(ProgressColumn):
    """Runs per second."""

    def __init__(self, language: str) -> None:
        self.language = language
        super().__init__()

    def render(self, task: Task) -> Text:
        """The rate so far, nothing as long as it is not known."""
        speed = task.finished_speed or task.speed
        return Text("" if speed is None else t("cli.experiment.rate", self.language, rate=speed))


@contextmanager
def rate_bar(
    words: str, language: str, key: str = "cli.experiment.progress", silent: float = 0.0
) -> Iterator[Callable[[int, int], None]]:
    """A bar on stderr with rate and time left, moved by (done, total); a line when nobody looks, by its key: per
    tenth, and whenever half a minute has passed.

    Parameters
    ----------
    silent : seconds in which no line is worth it
    """
    console = screen(errors=True)
    bar = Progress(
        TextColumn("{task.description}"), BarColumn(), TextColumn("{task.percentage:>3.0f}%"), Rate(language),
        TimeRemainingColumn(), console=console, transient=True, disable=not console.is_terminal,
    )  # fmt: skip
    with bar:
        task = bar.add_task(words, total=None)
        tenths, told = 0, 0.0

        def move(done: int, total: int) -> None:
            nonlocal tenths, told
            bar.update(task, completed=done, total=total)
            elapsed = bar.tasks[0].elapsed or 0.0
            due = 10 * done // total > tenths or (done and elapsed - told >= LONG)
            if not console.is_terminal and due and elapsed >= silent:
                tenths, told = 10 * done // total, elapsed
                facts = {"done": done, "total": total, "rate": done / elapsed if elapsed else 0.0}
                left = elapsed * (total - done) / done
                typer.echo(t(key, language, seconds=round(left), **facts), err=True)

        yield move
