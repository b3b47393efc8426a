"""Many runs of a chain: the same compiled week as the Mesa model, in parallel, with the same bits.

A run is identified by (scenario, seed, replication). Chunks of replications are handed to an executor; results are put
in the order of the replications, and what is summed over runs is summed in whole numbers, so that the number of
threads and the order in which chunks end change nothing.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ThreadPoolExecutor, wait
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from ketensim.chain.week import advance
from ketensim.foundation.compiled import compiled, mark_ready
from ketensim.foundation.errors import check_whole
from ketensim.foundation.luck import LARGEST_SEED, MOST_RUNS
from ketensim.foundation.outcome_table import ORGANISATION_OUTCOMES, OUTCOMES, Notebook, new_notebook
from ketensim.foundation.state import Chain, State, grown, new_state
from ketensim.run.accepted import parameter_sets, set_of
from ketensim.run.chunks import Chunk, histogram_tops, in_bands
from ketensim.run.results import Results
from ketensim.scenario import build, files
from ketensim.scenario.schema import Scenario

if TYPE_CHECKING:
    import pandas as pd

Progress = Callable[[int, int], None]
KEPT_BYTES = 600_000_000  # weekly values of all runs are kept up to this size; beyond it, bands and summaries
PILOT_RUNS = 64  # runs that set the range of the histograms when weekly values are not kept
FIRST_SLOTS = 2048  # open cases to begin with; the table grows by itself
CHUNKS_PER_WORKER = 8
MOST_PER_CHUNK = 1000
LEAST_WITH_BANDS = 250  # runs; a chunk returns its histograms (some 20 MB), which small chunks would not earn back
PARTS_OF_LEAST = 5  # ... but it may be this much smaller where a worker would be idle otherwise


def simulate(
    scenario: Scenario | str,
    runs: int = 200,
    seed: int = 1,
    *,
    weeks: int | None = None,
    progress: Progress | None = None,
    weekly: bool | None = None,
    workers: int | None = None,
    executor: Executor | None = None,
    parameters: str | pd.DataFrame | None = None,
) -> Results:
    """Run a scenario many times.

    Parameters
    ----------
    scenario : a Scenario, or the name or path of one
    runs : number of runs, 1 to 10,000,000
    seed : whole number, 0 to 2**63 - 1; the same seed gives the same citizens, elections and departures
    weeks : reported weeks; the scenario's own number when None
    progress : called with (runs done, runs in all) as chunks come in
    weekly : keep the weekly values of every run (True), only bands and summaries (False), or decide by size (None)
    workers : number of threads; the number of processors when None
    executor : where chunks go instead of own threads, e.g. a ``ProcessPoolExecutor``
    parameters : "accepted" draws the model's assumptions from the accepted set (``run/accepted.py``), so that bands
        hold what is not known about the model as well as luck; a DataFrame with one set per row does the same with
        sets of one's own; None = the scenario's numbers and the table's defaults

    Returns
    -------
    Results

    Raises
    ------
    InputError : runs, seed or weeks out of range; unknown scenario
    """
    scenario = files.load(scenario) if isinstance(scenario, str) else scenario
    check_whole("runs", runs, 1, MOST_RUNS)
    check_whole("seed", seed, 0, LARGEST_SEED)
    scenario = scenario if weeks is None else scenario.with_weeks(weeks)
    chain, sets = build.build(scenario), parameter_sets(scenario, parameters)
    keep = fits(scenario, runs) if weekly is None else weekly
    number = workers or os.cpu_count() or 1
    share_out = partial(computed, workers=number, executor=executor, progress=progress, runs=runs)
    job = partial(run_chunk, chain, sets, seed)
    # the first runs set the range of the histograms: always the same ones, so always the same range
    first = runs if keep else min(runs, PILOT_RUNS)
    chunks, top = share_out(partial(job, True, None), pieces(0, first, number, 1)), None
    if not keep:
        top = histogram_tops(chunks)
        todo = pieces(first, runs - first, number, LEAST_WITH_BANDS)
        chunks = share_out(partial(job, False, top), todo, before=[in_bands(chunks, top)])
    return assembled(scenario, seed, chunks, top, set_of(np.arange(runs), len(sets)) if len(sets) > 1 else None)


def summaries(
    scenario: Scenario,
    first: int,
    number: int,
    seed: int,
    *,
    parameters: str | pd.DataFrame | None = None,
    workers: int | None = None,
    progress: Progress | None = None,
) -> np.ndarray:
    """Summaries [run, outcome] of the replications ``first`` up to ``first + number``, and nothing else."""
    job = partial(run_chunk, build.build(scenario), parameter_sets(scenario, parameters), seed, False, None)
    number_of_workers = workers or os.cpu_count() or 1
    chunks = computed(job, pieces(first, number, number_of_workers, 1), number_of_workers, None, progress, number)
    return np.concatenate([chunk.summary for chunk in sorted(chunks, key=lambda chunk: chunk.first)])


def computed(
    job: Callable[[int, int], Chunk],
    todo: list[tuple[int, int]],
    workers: int,
    executor: Executor | None,
    progress: Progress | None,
    runs: int,
    before: Sequence[Chunk] = (),
) -> list[Chunk]:
    """The chunks of a list of pieces, in the order in which they end, after those that were there before."""
    pool = executor if executor is not None else ThreadPoolExecutor(workers)
    try:
        return gathered(in_flight(pool, job, todo, 2 * workers), runs, progress, list(before))
    finally:
        if executor is None:
            pool.shutdown(cancel_futures=True)


def fits(scenario: Scenario, runs: int) -> bool:
    """Whether the weekly values of all runs are small enough to keep."""
    per_week = len(OUTCOMES) + len(scenario.organisations) * len(ORGANISATION_OUTCOMES)
    return runs * scenario.weeks * per_week * 8 <= KEPT_BYTES


def pieces(first: int, runs: int, workers: int, least: int) -> list[tuple[int, int]]:
    """Consecutive (first, number) that share the runs out over the workers, so that none waits long for another."""
    size = min(MOST_PER_CHUNK, max(least, 1, runs // (CHUNKS_PER_WORKER * workers)))
    number = workers * -(-runs // (size * workers))
    number = max(1, min(number, runs // max(1, least // PARTS_OF_LEAST)))
    size = max(1, -(-runs // number))
    last = first + runs
    return [(start, min(size, last - start)) for start in range(first, last, size)]


def run_weeks(
    step: Callable[..., int],
    run: tuple[Chain, State, Notebook, np.recarray],
    luck: tuple[int, int],
    first: int,
    last: int,
) -> State:
    """Weeks ``first`` up to ``last`` of a run with a seed and a replication; returns the state, which may have grown.

    ``step`` is ``advance``, compiled or plain.
    """
    chain, state, notebook, parameters = run
    while (first := step(chain, state, notebook, parameters[0], *luck, first, last)) < last:
        state = grown(state)
    return state


def run_alone(
    chain: Chain, state: State, notebook: Notebook, parameters: np.recarray, seed: int, replication: int
) -> State:
    """One run from its first to its last week; returns the state, which may have grown on the way."""
    run = (chain, state, notebook, parameters)
    state = run_weeks(compiled(advance), run, (seed, replication), 0, int(chain.world[0].weeks))
    mark_ready(advance)
    return state


def run_chunk(
    chain: Chain, sets: np.recarray, seed: int, keep: bool, top: np.ndarray | None, first: int, number: int
) -> Chunk:
    """Runs of consecutive replications; this is what a worker does. ``sets`` holds one set of parameters or more."""
    world = chain.world[0]
    weeks, organisations = int(world.weeks - world.burn_in), int(world.organisations)
    state = new_state(chain, FIRST_SLOTS)
    notebook = new_notebook(weeks, organisations, int(world.case_types), organisation_rows=keep, bands=top is not None)
    if top is not None:
        notebook.top[:] = top
    summary = np.zeros((number, len(OUTCOMES)))
    weekly = np.zeros((number, weeks, len(OUTCOMES))) if keep else None
    rows = np.zeros((number, weeks, organisations, len(ORGANISATION_OUTCOMES))) if keep else None
    for run in range(number):
        row = int(set_of(first + run, len(sets)))
        state = run_alone(chain, state, notebook, sets[row : row + 1].view(np.recarray), seed, first + run)
        summary[run] = notebook.summary
        if weekly is not None and rows is not None:
            weekly[run] = notebook.weekly_grid
            rows[run] = np.asarray(notebook.organisation_weekly).view("f8").reshape(rows.shape[1:])
    bands = (notebook.bins, notebook.sums) if top is not None else (None, None)
    return Chunk(first, summary, weekly, rows, *bands)


def in_flight(
    pool: Executor, job: Callable[[int, int], Chunk], todo: list[tuple[int, int]], most: int
) -> Iterator[Chunk]:
    """Chunks as they end, never more than ``most`` under way."""
    waiting: set[Future[Chunk]] = set()
    queue = iter(todo)
    try:
        while True:
            while len(waiting) < most and (piece := next(queue, None)) is not None:
                waiting.add(pool.submit(job, *piece))
            if not waiting:
                return
            done, waiting = wait(waiting, return_when=FIRST_COMPLETED)
            for future in done:
                yield future.result()
    finally:
        for future in waiting:
            future.cancel()


def gathered(chunks: Iterator[Chunk], runs: int, progress: Progress | None, found: list[Chunk]) -> list[Chunk]:
    """The chunks as they come; the first to come holds the histograms of all, so that one set is kept."""
    done = sum(len(chunk.summary) for chunk in found)
    for chunk in chunks:
        done += len(chunk.summary)
        if found and chunk.bins is not None and chunk.sums is not None:
            total = found[0]
            assert total.bins is not None and total.sums is not None
            np.add(total.bins, chunk.bins, out=total.bins)
            np.add(total.sums, chunk.sums, out=total.sums)
        found.append(chunk if not found else replace(chunk, bins=None, sums=None))
        if progress is not None:
            progress(done, runs)
    return found


def assembled(
    scenario: Scenario, seed: int, chunks: list[Chunk], top: np.ndarray | None, sets: np.ndarray | None
) -> Results:
    """Results in the order of the replications."""
    bins, sums = chunks[0].bins, chunks[0].sums
    chunks = sorted(chunks, key=lambda chunk: chunk.first)

    def together(parts: list[np.ndarray | None]) -> np.ndarray | None:
        present = [part for part in parts if part is not None]
        return np.concatenate(present) if present else None

    return Results(
        scenario=scenario,
        seed=seed,
        summary=np.concatenate([chunk.summary for chunk in chunks]),
        weekly_values=together([chunk.weekly for chunk in chunks]),
        organisation_values=together([chunk.organisations for chunk in chunks]),
        bins=bins,
        sums=sums,
        top=top,
        sets=sets,
    )
