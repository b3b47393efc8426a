"""Many runs of a chain: the same compiled week as the Mesa model, in parallel, with the same bits.

Pieces of consecutive replications are handed to an executor; results are put in the order of the replications, and what is
summed over runs is summed in whole numbers, so that the number of threads and the order in which pieces end change nothing.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from concurrent.futures import Executor
from contextlib import closing
from dataclasses import replace
from functools import partial
from os import PathLike
from typing import TYPE_CHECKING, Final

import numpy as np

from ketensim.foundation.errors import check_whole
from ketensim.foundation.luck import LARGEST_SEED, MOST_RUNS
from ketensim.foundation.outcome_table import CASE_TYPE_OUTCOMES, ORGANISATION_OUTCOMES, OUTCOMES
from ketensim.run.accepted import set_of
from ketensim.run.executors import Progress, handed_out
from ketensim.run.histograms import even_bins, tops
from ketensim.run.replications import EVERY, EVERYTHING, Ensemble, Keep, Replications, replicate, together
from ketensim.run.results import Results
from ketensim.scenario import files
from ketensim.scenario.schema import Scenario

if TYPE_CHECKING:
    import pandas as pd

KEPT_BYTES: Final = 600_000_000  # weekly values of all runs are kept up to this size; beyond it, bands and summaries
PILOT_RUNS: Final = 64  # runs that set the range of the histograms when weekly values are not kept
PIECES_PER_WORKER: Final = 8
MOST_PER_PIECE: Final = 1000
LEAST_WITH_BANDS: Final = (
    250  # runs; a piece returns its histograms (some 20 MB), which small pieces would not earn back
)
MOST_WORKERS: Final = 10_000
PARTS_OF_LEAST: Final = 5  # ... but it may be this much smaller where a worker would be idle otherwise


def simulate(
    scenario: Scenario | str | PathLike[str],
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
    scenario = files.chain_of(scenario)
    runs = check_whole("runs", runs, 1, MOST_RUNS)
    seed = check_whole("seed", seed, 0, LARGEST_SEED)
    if workers is not None:
        workers = check_whole("workers", workers, 1, MOST_WORKERS)
    scenario = scenario if weeks is None else scenario.with_weeks(weeks)
    ensemble, number = Ensemble.of(scenario, seed, parameters), workers or os.cpu_count() or 1
    give = partial(computed, ensemble, workers=number, executor=executor, progress=progress)
    if fits(scenario, runs) if weekly is None else weekly:
        return results_of(scenario, ensemble, together(give(EVERYTHING, pieces(0, runs, number, 1))))
    # the first runs set the range of the histograms: always the same ones, so always the same range
    first = min(runs, PILOT_RUNS)
    pilot = together(give(Keep(weekly=EVERY), pieces(0, first, number, 1), of=runs))
    bins = even_bins(tops(pilot.weekly))
    pilot = replace(pilot, histograms=bins.counted(pilot.weekly), weekly=pilot.weekly[:, :, :0])
    pilot = replace(pilot, own=pilot.own[:, :0], own_organisations=pilot.own_organisations[:, :0])
    rest = give(Keep(bins=bins), pieces(first, runs - first, number, LEAST_WITH_BANDS), before=[pilot])
    return results_of(scenario, ensemble, together(rest), bins.top)


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
    return summaries_of(Ensemble.of(scenario, seed, parameters), first, number, workers, progress)


def summaries_of(
    ensemble: Ensemble, first: int, number: int, workers: int | None = None, progress: Progress | None = None
) -> np.ndarray:
    """The same of runs that may go on from kept states."""
    todo = pieces(first, number, workers or os.cpu_count() or 1, 1)
    return together(computed(ensemble, Keep(), todo, workers=workers, progress=progress)).summary


def computed(
    ensemble: Ensemble,
    keep: Keep,
    todo: list[tuple[int, int]],
    *,
    workers: int | None = None,
    executor: Executor | None = None,
    progress: Progress | None = None,
    before: Sequence[Replications] = (),
    of: int = 0,
) -> list[Replications]:
    """Pieces of an ensemble, in the order in which they end, after those that were there before.

    Parameters
    ----------
    ensemble, keep : what to run, and what to keep of it
    todo : first replication and number of each piece
    workers, executor, progress : as for ``simulate``
    before : pieces that are there already
    of : number of runs in all, for the progress; silent = of these pieces
    """
    parts = list(before)
    done = sum(len(part.summary) for part in parts)
    of = of or done + sum(number for _, number in todo)
    with closing(handed_out(partial(replicate, ensemble, keep), todo, workers, executor)) as ended:
        for _, part in ended:
            done += len(part.summary)
            parts.append(part)
            if len(parts) > 1 and part.histograms is not None and parts[0].histograms is not None:
                parts[0].histograms.add(part.histograms)  # one set of them is in memory, whatever the number of pieces
                parts[-1] = replace(part, histograms=None)
            if progress is not None:
                progress(done, of)
    return parts


def fits(scenario: Scenario, runs: int) -> bool:
    """Whether the weekly values of all runs are small enough to keep."""
    parts = len(scenario.organisations) * len(ORGANISATION_OUTCOMES) + len(scenario.case_types) * len(
        CASE_TYPE_OUTCOMES
    )
    per_week = len(OUTCOMES) + parts
    return runs * scenario.weeks * per_week * 8 <= KEPT_BYTES


def pieces(first: int, runs: int, workers: int, least: int) -> list[tuple[int, int]]:
    """Consecutive (first, number) that share the runs out over the workers, so that none waits long for another."""
    size = min(MOST_PER_PIECE, max(least, 1, runs // (PIECES_PER_WORKER * workers)))
    number = workers * -(-runs // (size * workers))
    number = max(1, min(number, runs // max(1, least // PARTS_OF_LEAST)))
    return cut(first, runs, max(1, -(-runs // number)))


def cut(first: int, runs: int, size: int) -> list[tuple[int, int]]:
    """Consecutive (first, number) of a size; the last may be smaller.

    Examples
    --------
    >>> cut(10, 5, 2)
    [(10, 2), (12, 2), (14, 1)]
    """
    return [(start, min(size, first + runs - start)) for start in range(first, first + runs, size)]


def results_of(scenario: Scenario, ensemble: Ensemble, runs: Replications, top: np.ndarray | None = None) -> Results:
    """Results of the first runs of a scenario."""
    counted, sets = runs.histograms, len(ensemble.sets)
    return Results(
        scenario=scenario,
        seed=ensemble.seed,
        summary=runs.summary,
        weekly_values=runs.weekly if runs.weekly.size else None,
        organisation_values=runs.organisations if len(runs.organisations) else None,
        bins=None if counted is None else counted.bins,
        sums=None if counted is None else counted.sums,
        top=top,
        sets=set_of(np.arange(len(runs.summary)), sets) if sets > 1 else None,
        case_type_values=runs.case_types if len(runs.case_types) else None,
        extension=ensemble.extension,
        own_summary=runs.own_summary,
        own_values=runs.own if runs.weekly.size else None,
        own_organisation_values=runs.own_organisations if runs.weekly.size else None,
    )
