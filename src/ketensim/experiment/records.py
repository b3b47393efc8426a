"""What a worker does: pieces of points, each some consecutive replications; a piece that fails costs itself only."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ketensim.experiment.points import Task, model
from ketensim.foundation.errors import InputError, Problem
from ketensim.foundation.outcome_table import OUTCOME_NAMES, OUTCOMES, new_notebook
from ketensim.foundation.state import new_state
from ketensim.run.accepted import set_of
from ketensim.run.engine import FIRST_SLOTS, run_alone

# outcomes of which the weekly mean and band over the runs are kept
WEEKLY: Final = (
    "goal_realisation",
    "open",
    "administration_share",
    "trust_persons",
    "trust_agreements",
    "under_intervention",
)
FIXED_POINT: Final = float(2**24)  # weekly sums are kept in whole numbers, so that pieces add up in any order
LONGEST_MESSAGE: Final = 500
COLUMNS: Final = tuple(OUTCOME_NAMES.index(name) for name in WEEKLY)
BINS: Final = 64  # of a histogram over the runs of a piece; a quantile of a share is off by less than 1.6 points
LARGEST_COUNT: Final = 1e6  # end of the histogram of what is no share; its bins grow with the number
IS_SHARE: Final = np.array([np.isfinite(OUTCOMES[column].upper) for column in COLUMNS])


class Piece(NamedTuple):
    """Consecutive replications of a point: ``first`` up to ``first + number``."""

    key: str
    first: int
    number: int


class Computed(NamedTuple):
    """What a piece gave: summaries [run, outcome]; known values and their sums [week, outcome of ``WEEKLY``]; runs per
    bin [week, outcome of ``WEEKLY``, bin].
    """

    piece: Piece
    summary: NDArray[np.float64]
    known: NDArray[np.int64]
    sums: NDArray[np.int64]
    bins: NDArray[np.uint8]


class Failed(NamedTuple):
    """A piece that could not be computed: in which run, with which seed, and what was said."""

    piece: Piece
    seed: int
    replication: int
    message: str


Order = Sequence[tuple[Task, Sequence[Piece]]]


def work(order: Order, sources: str) -> list[Computed | Failed]:
    """Compute pieces.

    Parameters
    ----------
    order : points with their pieces
    sources : fingerprint of the model that is meant

    Raises
    ------
    InputError
        the worker has other sources of the model
    """
    if model() != sources:
        raise InputError([Problem("error.other_sources", "", {"given": model()[:8], "allowed": sources[:8]})])
    return [computed(task, piece) for task, pieces in order for piece in pieces]


def computed(task: Task, piece: Piece) -> Computed | Failed:
    """One piece, or why not."""
    world = task.chain.world[0]
    weeks = int(world.weeks - world.burn_in)
    notebook = new_notebook(
        weeks, int(world.organisations), int(world.case_types), organisation_rows=False, bands=False
    )
    summary = np.zeros((piece.number, len(OUTCOMES)))
    known, sums = np.zeros((2, weeks, len(COLUMNS)), dtype=np.int64)
    bins = np.zeros((weeks, len(COLUMNS), BINS), dtype=np.uint8)  # a piece has fewer runs than this type can count
    state = new_state(task.chain, FIRST_SLOTS)
    for run in range(piece.number):
        replication = piece.first + run
        row = int(set_of(replication, len(task.sets)))
        parameters = task.sets[row : row + 1].view(np.recarray)
        try:
            state = run_alone(task.chain, state, notebook, parameters, task.seed, replication)
        except Exception as error:
            message = f"{type(error).__name__}: {error}"[:LONGEST_MESSAGE]
            return Failed(piece, task.seed, replication, message)
        summary[run] = notebook.summary
        values = notebook.weekly_grid[:, COLUMNS]
        known += ~np.isnan(values)
        sums += np.rint(np.nan_to_num(values) * FIXED_POINT).astype(np.int64)
        place = bin_of(values)
        np.put_along_axis(bins, place, np.take_along_axis(bins, place, axis=2) + ~np.isnan(values)[..., None], axis=2)
    return Computed(piece, summary, known, sums, bins)


def bin_of(values: NDArray[np.float64]) -> NDArray[np.int64]:
    """Bin of each value [week, outcome of ``WEEKLY``, 1]; 0 where it is not known."""
    known = np.nan_to_num(values)
    part = np.where(IS_SHARE, known, np.log1p(known) / np.log1p(LARGEST_COUNT))
    return np.clip((part * BINS).astype(np.int64), 0, BINS - 1)[..., None]


def value_at(part: NDArray[np.float64], outcome: int) -> NDArray[np.float64]:
    """The value at a part of the range of a histogram, in [0, 1]: the inverse of what ``bin_of`` does."""
    return part if IS_SHARE[outcome] else np.asarray(np.expm1(part * np.log1p(LARGEST_COUNT)))
