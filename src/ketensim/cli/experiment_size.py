"""``ketensim experiment FILE --check``: what an experiment would take, measured on a few of its own runs."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from typing import Final

import typer

from ketensim.cli.experiment_runs import ExperimentRequest, show_kept
from ketensim.cli.typed import whole_number
from ketensim.experiment.points import ExperimentPlan, PointEnsemble
from ketensim.experiment.records import Piece
from ketensim.experiment.runner import outcome_of
from ketensim.experiment.specification import Experiment, experiment_doubts
from ketensim.run.engine import MOST_WORKERS
from ketensim.texts import t
from ketensim.views.refusals import problem_message

TRIED: Final = 5  # points whose planning and running are timed
RUNS_TRIED: Final = 4  # of each
SECONDS: Final = (("seconds", 1.0, 120.0), ("minutes", 60.0, 120.0), ("hours", 3600.0, 72.0), ("days", 86400.0, 1e12))


def show_size(request: ExperimentRequest, language: str) -> None:
    """Points, runs, and how long planning and running take on this machine; nothing is stored.

    Raises
    ------
    InputError
        everything that is wrong in the experiment or does not fit its chains
    """
    experiment = Experiment.load(request.file)
    workers = os.cpu_count() or 1
    if request.workers is not None:
        workers = whole_number("--workers", request.workers, 1, MOST_WORKERS)
    for doubt in experiment_doubts(experiment):
        typer.echo(problem_message(doubt, language))
    plan = ExperimentPlan(experiment)
    step = max(1, len(plan.points) // TRIED)
    tried = plan.points[::step][:TRIED]
    tasks: list[PointEnsemble] = []
    planning = _seconds(lambda: tasks.extend(plan.task(point) for point in tried)) / len(tried)
    outcome_of(tasks[0], Piece(tasks[0].key, 0, 1))  # loads or makes the machine code, which is no part of a run
    running = _seconds(lambda: [outcome_of(task, Piece(task.key, 0, RUNS_TRIED)) for task in tasks])
    per_run = running / (RUNS_TRIED * len(tasks))
    points, runs = len(plan.points), len(plan.points) * experiment.runs
    # every point is planned once for its key, and once more when it is handed out
    facts = {"planning": _told(2 * planning * points, language), "workers": workers}
    facts["running"] = _told(per_run * runs / workers, language)
    typer.echo(t("cli.experiment.size", language, points=points, runs=runs, each=experiment.runs))
    show_kept(plan, language)
    typer.echo(t("cli.experiment.takes", language, per_run=1000 * per_run, **facts))


def _seconds(work: Callable[[], object]) -> float:
    """How long something takes."""
    before = time.perf_counter()
    work()
    return time.perf_counter() - before


def _told(seconds: float, language: str) -> str:
    """A time as people say it."""
    for name, unit, most in SECONDS:
        if seconds < most * unit or name == "days":
            break
    return t(f"cli.time.{name}", language, number=max(1, round(seconds / unit)))
