"""Handing work out, to threads, processes, a Dask cluster or any executor of one's own; progress, and the way to stop.

The door to Dask. A pool of processes loses everything that is under way when one of them is killed. It is then made anew; what
was under way is tried again one by one, so that only what really kills a worker is given up.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Generator, Iterator, Sequence
from concurrent.futures import (
    FIRST_COMPLETED,
    BrokenExecutor,
    CancelledError,
    Executor,
    Future,
    ProcessPoolExecutor,
    ThreadPoolExecutor,
    wait,
)
from contextlib import closing, contextmanager
from functools import partial
from typing import Any, Final, NamedTuple

from ketensim.foundation.errors import InputError, Problem
from ketensim.run.extras import needed

EXECUTORS: Final = ("threads", "processes", "dask")
ANSWER_WITHIN: Final = 30  # seconds for a scheduler
KILLED_WORKER: Final = "KilledWorker"  # what Dask says of work that has killed several workers
OF_A_LOST_CLUSTER: Final = ("CommClosedError", "FutureCancelledError", "ClosedClientError")  # of Dask
PER_WORKER: Final = 2  # chunks under way
Job = Callable[[Any], Any]
Progress = Callable[[int, int], None]
"""called with (done, in all) as work comes in; what it raises ends the work, and what was there before stays"""


class StoppedError(Exception):
    """Nobody waits for the rest any more."""


class Workers(NamedTuple):
    """Workers, how many, and how to get new ones when they break; None = they are somebody else's."""

    executor: Executor
    number: int
    anew: Callable[[], Executor] | None


class Lost(NamedTuple):
    """A chunk of one part that killed its worker when it was alone."""

    chunk: list[Any]


def until(stop: threading.Event, progress: Progress | None = None) -> Progress:
    """A progress that ends the work when an event is set."""

    def look(done: int, number: int) -> None:
        if stop.is_set():
            raise StoppedError
        if progress is not None:
            progress(done, number)

    return look


def handed_out(
    job: Callable[..., Any],
    todo: Sequence[tuple[Any, ...]],
    workers: int | None = None,
    executor: Executor | None = None,
) -> Generator[tuple[int, Any]]:
    """What a job makes of every row of arguments, as they end, each with the place of its row; to be closed when left early.

    Parameters
    ----------
    job : called with the arguments of one row
    todo : the rows
    workers : number of threads; silent = one per processor
    executor : where rows go instead of own threads

    Raises
    ------
    InputError
        an executor of one's own has broken
    """
    with workers_of(executor or "threads", workers) as pool:
        for made in results(pool, partial(_numbered, job), ([row] for row in enumerate(todo))):
            if isinstance(made, Lost):
                raise InputError([Problem("error.executor_broken", "--executor", {})])
            yield made


def in_order(
    job: Callable[..., Any],
    todo: Sequence[tuple[Any, ...]],
    workers: int | None = None,
    progress: Progress | None = None,
) -> list[Any]:
    """What a job makes of every row of arguments, in the order of the rows; progress counts rows."""
    made: dict[int, Any] = {}
    with closing(handed_out(job, todo, workers)) as ended:
        for place, part in ended:
            made[place] = part
            if progress is not None:
                progress(len(made), len(todo))
    return [made[place] for place in range(len(todo))]


def _numbered(job: Callable[..., Any], chunk: list[tuple[int, tuple[Any, ...]]]) -> tuple[int, Any]:
    [(place, row)] = chunk
    return place, job(*row)


@contextmanager
def workers_of(kind: str | Executor, workers: int | None, scheduler: str | None = None) -> Iterator[Workers]:
    """Workers of a kind, which go when the block ends.

    Parameters
    ----------
    kind : one of ``EXECUTORS``, or an executor of one's own (which stays open)
    workers : how many; silent = one per processor, or what the cluster has
    scheduler : address of a Dask scheduler

    Raises
    ------
    InputError
        unknown kind, or a cluster that cannot be reached
    """
    number = workers or os.cpu_count() or 1
    if isinstance(kind, Executor):
        yield Workers(kind, number, None)
    elif kind == "threads":
        threads = ThreadPoolExecutor(number)
        try:
            yield Workers(threads, number, None)
        finally:
            threads.shutdown(cancel_futures=True)
    elif kind == "processes":
        yield Workers(_processes(number), number, lambda: _processes(number))
    elif kind == "dask":
        with _cluster(scheduler) as (client, size):
            yield Workers(client, workers or size, None)
    else:
        raise InputError([Problem("error.not_one_of", "--executor", {"given": str(kind), "allowed": EXECUTORS})])


def _processes(number: int) -> ProcessPoolExecutor:
    # a forked child of a process with threads can hang; a fresh one loads the machine code from numba's cache
    fresh = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(number, mp_context=fresh, initializer=_deaf)


def _deaf() -> None:
    """Ctrl-C goes to all processes of a terminal; the workers leave it to the first."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


@contextmanager
def _cluster(address: str | None) -> Iterator[tuple[Executor, int]]:
    if not address:
        raise InputError([Problem("error.no_scheduler", "--scheduler", {"given": ""})])
    with needed("distributed", "dask", "--executor"):
        from distributed import Client
    try:
        client = Client(address, timeout=ANSWER_WITHIN, set_as_default=False)
    except (OSError, ValueError, TimeoutError):
        raise InputError([Problem("error.no_scheduler", "--scheduler", {"given": address})]) from None
    try:
        size = sum(client.nthreads().values()) or 1
        yield client.get_executor(pure=False), size
    finally:
        client.close()


def results(workers: Workers, job: Job, chunks: Iterator[list[Any]]) -> Iterator[Any]:
    """What the job makes of every chunk, as they end; ``Lost`` for a part of a chunk that kills its worker.

    Parameters
    ----------
    job : called with one chunk
    chunks : lists of parts; a chunk that kills its worker is taken apart to find which part does

    Raises
    ------
    InputError
        an executor of one's own has broken
    """
    executor, suspects = workers.executor, list[list[Any]]()
    waiting: dict[Future[Any], list[Any]] = {}
    alone = False
    try:
        while True:
            if suspects and not waiting:
                alone, chunk = True, suspects.pop()
                waiting[_submitted(executor, job, chunk)] = chunk
            elif not suspects:
                alone = alone and bool(waiting)
                _fill(executor, job, chunks, waiting, 1 if alone else PER_WORKER * workers.number)
            if not waiting:
                return
            broken, killed = [], []
            for future in wait(waiting, return_when=FIRST_COMPLETED).done:
                chunk = waiting.pop(future)
                try:
                    yield future.result()
                except BrokenExecutor:
                    broken.append(chunk)
                except CancelledError:  # nobody here cancels what is waited for: the scheduler of a cluster is gone
                    raise InputError([Problem("error.executor_broken", "--executor", {})]) from None
                except Exception as error:
                    if type(error).__name__ in OF_A_LOST_CLUSTER:
                        raise InputError([Problem("error.executor_broken", "--executor", {})]) from None
                    if type(error).__name__ != KILLED_WORKER:
                        raise
                    killed.append(chunk)
            if broken:
                if workers.anew is not None:
                    # to its end: a pool that is still being taken down can break the one that is made beside it
                    executor.shutdown()
                executor = _mended(workers)
                (killed if alone else suspects).extend([*broken, *waiting.values()])
                waiting.clear()
            for chunk in killed:
                if len(chunk) > 1:
                    suspects += [[part] for part in chunk]
                else:
                    yield Lost(chunk)
    finally:
        for future in waiting:
            future.cancel()
        if workers.anew is not None:
            executor.shutdown(cancel_futures=True)


def _fill(
    executor: Executor, job: Job, chunks: Iterator[list[Any]], waiting: dict[Future[Any], list[Any]], most: int
) -> None:
    """Hand out chunks until enough are under way."""
    while len(waiting) < most and (chunk := next(chunks, None)) is not None:
        waiting[_submitted(executor, job, chunk)] = chunk


def _submitted(executor: Executor, job: Job, chunk: list[Any]) -> Future[Any]:
    """A chunk under way; a pool that broke a moment ago says so when its result is asked for."""
    try:
        return executor.submit(job, chunk)
    except (BrokenExecutor, CancelledError) as error:
        broken: Future[Any] = Future()
        broken.set_exception(error)
        return broken


def _mended(workers: Workers) -> Executor:
    if workers.anew is None:
        raise InputError([Problem("error.executor_broken", "--executor", {})])
    return workers.anew()
