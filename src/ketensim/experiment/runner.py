"""Running an experiment: compute what it still lacks, and put its result together when nothing is lacking any more.

What is done is in the store as soon as its chunk ends. So it may be stopped at any moment, in any way; the same command
goes on where it was, and the result is the same to the byte.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import Executor
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from ketensim.experiment.disk import make_folder
from ketensim.experiment.failures import Failures
from ketensim.experiment.points import ExperimentPlan, Point, PointEnsemble, model
from ketensim.experiment.records import Computed, Failed, Piece, pieces_of
from ketensim.experiment.result import ExperimentResult, compact, refuse_other
from ketensim.experiment.specification import Experiment
from ketensim.experiment.store import RunStore
from ketensim.foundation.errors import InputError, Problem, check_whole
from ketensim.run import executors
from ketensim.run.engine import MOST_WORKERS
from ketensim.run.executors import Lost, Progress
from ketensim.run.replications import BrokenRunError, replicate

if TYPE_CHECKING:
    import pandas as pd

CHUNK: Final = (2_000, 50_000)  # simulated weeks that a worker computes before they are stored: at most about a second
CHUNKS_PER_WORKER: Final = 8
RESULTS: Final = Path("results") / "experiments"
STORE: Final = "runs"
MOST_SHARDS: Final = 100_000
LOST: Final = "the worker was killed"
LONGEST_MESSAGE: Final = 500
Portion = Sequence[tuple[PointEnsemble, Sequence[Piece]]]  # points with their pieces, for one worker


@dataclass(frozen=True)
class Report:
    """What a call of ``advance`` did.

    Attributes
    ----------
    computed, present : runs that were computed, and that were there already
    failed : points that could not be computed, also those that failed before
    result : the result; None as long as another shard has work to do
    """

    computed: int
    present: int
    failed: int
    result: ExperimentResult | None


def run_experiment(
    experiment: Experiment | str | os.PathLike[str],
    out: str | os.PathLike[str] | None = None,
    *,
    table: pd.DataFrame | None = None,
    **settings: Any,
) -> ExperimentResult:
    """Compute what an experiment lacks and return its result.

    Parameters
    ----------
    experiment : what to run, or the name or path of its file
    out : folder of the result; silent = ``results/experiments/NAME``
    table : the combinations, instead of those of the design: a row each, a column per factor (``Experiment.with_table``)
    settings : as for ``run_shard``

    Raises
    ------
    InputError
        as ``run_shard`` and ``with_table``; or the result is not there yet because this is one shard of several
    """
    experiment = experiment if isinstance(experiment, Experiment) else Experiment.load(experiment)
    report = run_shard(experiment if table is None else experiment.with_table(table), out, **settings)
    if report.result is None:
        raise InputError([Problem("error.other_shards", "", {})])
    return report.result


def run_shard(
    experiment: Experiment,
    out: str | os.PathLike[str] | None = None,
    *,
    store: str | os.PathLike[str] | None = None,
    executor: str | Executor = "threads",
    workers: int | None = None,
    scheduler: str | None = None,
    shard: tuple[int, int] = (1, 1),
    retry_failed: bool = False,
    replace: bool = False,
    planning: Progress | None = None,
    progress: Progress | None = None,
) -> Report:
    """Compute what is lacking, and put the result together when everything is there.

    Parameters
    ----------
    experiment : what to run
    out : folder of the result; silent = ``results/experiments/NAME``
    store : folder of the runs, which experiments share; silent = ``runs`` beside the result
    executor : "threads", "processes", "dask", or an executor of one's own
    workers : how many; silent = one per processor, or what the cluster has
    scheduler : address of a Dask scheduler
    shard : (i, n), i from 1: only the i-th of n parts of the points
    retry_failed : try points again that failed before
    replace : whether the result of another experiment may be replaced; one that differs in the number of runs only is none
    planning : called with (points planned, points)
    progress : called with (runs done in this call, runs to do in this call)

    Raises
    ------
    InputError
        something in the experiment does not fit; a folder or file that cannot be used, or that holds another experiment;
        workers that cannot be reached
    """
    if workers is not None:
        workers = check_whole("workers", workers, 1, MOST_WORKERS)
    for place, number in enumerate(shard):
        check_whole(f"shard[{place}]", number, 1, shard[1] if place == 0 else MOST_SHARDS)
    folder = RESULTS / experiment.name if out is None else Path(out)
    plan = ExperimentPlan(experiment)
    make_folder(folder)
    if not replace:
        refuse_other(plan, folder)
    keys = []
    for number, point in enumerate(plan.points, 1):
        keys.append(plan.task(point).key)
        if planning is not None:
            planning(number, len(plan.points))
    runs = RunStore(folder.parent / STORE if store is None else Path(store))
    failures = Failures(folder)
    if retry_failed:
        failures.forget(keys)
    todo = Todo(plan, keys, runs, failures, shard)
    done = _compute(todo, runs, failures, (executor, workers, scheduler), progress)
    runs.refresh()
    failures.refresh()
    failed = sum(failures.of(key) is not None for key in set(keys))
    lacking = Todo(plan, keys, runs, failures, (1, 1)).runs
    result = None if lacking else compact(plan, keys, runs, failures, folder)
    return Report(done, todo.present, failed, result)


class Todo:
    """What is lacking of a shard.

    Attributes
    ----------
    pieces : per point the pieces to compute
    runs, present : runs to compute, and runs that are there
    """

    def __init__(
        self, plan: ExperimentPlan, keys: list[str], store: RunStore, failures: Failures, shard: tuple[int, int]
    ) -> None:
        self.plan = plan
        self.pieces: list[tuple[Point, list[Piece]]] = []
        self.present = 0
        known: set[tuple[str, int]] = set()
        for point, key in zip(plan.points, keys, strict=True):
            mine = point.number % shard[1] == shard[0] - 1
            if mine and failures.of(key) is None and (key, point.first) not in known:
                known.add((key, point.first))
                there, gaps = store.cover(key, point.first, point.first + plan.experiment.runs)
                self.present += sum(piece.number for piece in there)
                if gaps:
                    self.pieces.append((point, [piece for gap in gaps for piece in pieces_of(key, *gap)]))
        self.runs = sum(piece.number for _, pieces in self.pieces for piece in pieces)

    def chunks(self, workers: int) -> Iterator[list[tuple[PointEnsemble, list[Piece]]]]:
        """Work in portions; a point's chain is made when its turn comes."""
        whole = self.runs * self.plan.scenario(self.pieces[0][0]).weeks
        enough = min(max(CHUNK[0], whole // (CHUNKS_PER_WORKER * workers)), CHUNK[1])
        chunk: list[tuple[PointEnsemble, list[Piece]]] = []
        weeks = 0
        for point, pieces in self.pieces:
            task = self.plan.task(point)
            part: list[Piece] = []
            for piece in pieces:
                part.append(piece)
                weeks += piece.number * int(task.ensemble.chain.world[0].weeks)
                if weeks >= enough:
                    yield [*chunk, (task, part)]
                    chunk, part, weeks = [], [], 0
            if part:
                chunk.append((task, part))
        if chunk:
            yield chunk


def compute_portion(portion: Portion, sources: str) -> list[Computed | Failed]:
    """Compute pieces; this is what a worker does.

    Parameters
    ----------
    portion : what to compute
    sources : fingerprint of the model that is meant

    Raises
    ------
    InputError
        the worker has other sources of the model
    """
    if model() != sources:
        raise InputError([Problem("error.other_sources", "", {"given": model()[:8], "allowed": sources[:8]})])
    return [outcome_of(task, piece) for task, pieces in portion for piece in pieces]


def outcome_of(task: PointEnsemble, piece: Piece) -> Computed | Failed:
    """What a piece gave; one that fails costs itself only."""
    try:
        runs = replicate(task.ensemble, task.wanted.keep, piece.first, piece.number)
    except BrokenRunError as error:
        message = f"{type(error.__cause__).__name__}: {error.__cause__}"[:LONGEST_MESSAGE]
        return Failed(piece, task.ensemble.seed, error.replication, message)
    assert runs.histograms is not None
    summary = [runs.summary, runs.own_summary]
    if task.wanted.keep.stopping is not None:
        reported = len(runs.histograms.bins)
        summary.append(np.stack([runs.weeks_run < reported, runs.weeks_run], axis=1))
    chain, organisations = task.wanted.taken(runs, task.ensemble.extension)
    flat = organisations.reshape(*organisations.shape[:2], -1) if organisations.size else organisations[..., 0]
    return Computed(piece, np.hstack(summary), runs.histograms, chain, flat)


def _compute(
    todo: Todo,
    store: RunStore,
    failures: Failures,
    where: tuple[str | Executor, int | None, str | None],
    progress: Progress | None,
) -> int:
    """Compute and store; returns how many runs were computed."""
    if not todo.pieces:
        return 0
    done = computed = 0
    with executors.workers_of(*where) as pool:
        for made in executors.results(pool, partial(compute_portion, sources=model()), todo.chunks(pool.number)):
            parts = _given_up(made) if isinstance(made, Lost) else made
            good = [part for part in parts if isinstance(part, Computed)]
            if good:
                store.add(good)
            for part in parts:
                if isinstance(part, Failed):
                    failures.add(part)
            done += sum(part.piece.number for part in parts)
            computed += sum(part.piece.number for part in good)
            if progress is not None:
                progress(done, todo.runs)
    return computed


def _given_up(lost: Lost) -> list[Failed]:
    return [Failed(piece, task.ensemble.seed, piece.first, LOST) for task, pieces in lost.chunk for piece in pieces]
