"""What an experiment keeps of its runs: pieces of points, each some consecutive replications, counted in fixed bins."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ketensim.foundation.outcome_table import OUTCOME_NAMES
from ketensim.run.engine import cut
from ketensim.run.histograms import IS_SHARE, Bins, Histograms

# outcomes of which the weekly mean and band over the runs are kept
WEEKLY: Final = (
    "goal_realisation",
    "open",
    "administration_share",
    "trust_persons",
    "trust_agreements",
    "under_intervention",
)
COLUMNS: Final = tuple(OUTCOME_NAMES.index(name) for name in WEEKLY)
NUMBER_OF_BINS: Final = 64  # over the runs of a piece; a quantile of a share is off by less than 1.6 points
PIECE: Final = 20  # replications; experiments with other numbers of runs share the pieces that both have
LARGEST_COUNT: Final = 1e6  # end of the histogram of what is no share; its bins grow with the number
OF_SHARES: Final = IS_SHARE[list(COLUMNS)]
BINS: Final = Bins(
    columns=COLUMNS,
    top=np.where(OF_SHARES, 1.0, LARGEST_COUNT),
    number=NUMBER_OF_BINS,
    growing=~OF_SHARES,
    fixed_point=float(2**24),
)


class Piece(NamedTuple):
    """Consecutive replications of a point: ``first`` up to ``first + number``."""

    key: str
    first: int
    number: int


def pieces_of(key: str, first: int, number: int) -> list[Piece]:
    """The pieces of some replications of a point."""
    return [Piece(key, *piece) for piece in cut(first, number, PIECE)]


class Computed(NamedTuple):
    """What a piece gave: summaries [run, outcome] (those of one's own last), and histograms [week, outcome of ``WEEKLY``]."""

    piece: Piece
    summary: NDArray[np.float64]
    histograms: Histograms


class Failed(NamedTuple):
    """A piece that could not be computed: in which run, with which seed, and what was said."""

    piece: Piece
    seed: int
    replication: int
    message: str
