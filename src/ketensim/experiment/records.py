"""What an experiment keeps of its runs: pieces of points, each some consecutive replications, counted in fixed bins."""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ketensim.experiment.run_parts import Kept, Stop
from ketensim.foundation.luck import MOST_RUNS
from ketensim.foundation.outcome_table import ORGANISATION_OUTCOME_NAMES, OUTCOME_NAMES
from ketensim.run.engine import cut
from ketensim.run.extension import Extension
from ketensim.run.histograms import IS_SHARE, Bins, Histograms
from ketensim.run.replications import Keep, Replications

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


NOTHING_KEPT: Final = np.empty((0, 0, 0))


Values = NDArray[np.float64]


class Piece(NamedTuple):
    """Consecutive replications of a point: ``first`` up to ``first + number``."""

    key: str
    first: int
    number: int


def pieces_of(key: str, first: int, number: int) -> list[Piece]:
    """The pieces of some replications of a point."""
    return [Piece(key, *piece) for piece in cut(first, number, PIECE)]


class Computed(NamedTuple):
    """What a piece gave.

    Attributes
    ----------
    summary : array [run, outcome]; those of one's own last
    histograms : arrays [week, outcome of ``WEEKLY``]
    chain, organisations : arrays [run, week, number] of what is kept per week, of the chain, and of organisations one after
        another; no numbers where nothing was asked for
    """

    piece: Piece
    summary: NDArray[np.float64]
    histograms: Histograms
    chain: NDArray[np.float64] = NOTHING_KEPT
    organisations: NDArray[np.float64] = NOTHING_KEPT


class Failed(NamedTuple):
    """A piece that could not be computed: in which run, with which seed, and what was said."""

    piece: Piece
    seed: int
    replication: int
    message: str


class KeptOfRuns(NamedTuple):
    """What a worker keeps of every run beside its summary and histograms.

    Attributes
    ----------
    chain, organisations : names of outcomes
    keep : the same for the loop over runs, with the condition on which they stop
    """

    chain: tuple[str, ...]
    organisations: tuple[str, ...]
    keep: Keep

    @classmethod
    def of(cls, kept: Kept | None, stop: Stop | None) -> KeptOfRuns:
        """Of what an experiment says."""
        stopping = None if stop is None else stop.rule
        if kept is None:
            return cls((), (), Keep(bins=BINS, stopping=stopping))
        more = (OUTCOME_NAMES.index(name) for name in kept.chain if name in OUTCOME_NAMES)
        weekly = tuple(dict.fromkeys((*COLUMNS, *more)))
        rows = MOST_RUNS if set(kept.organisations) & set(ORGANISATION_OUTCOME_NAMES) else 0
        return cls(kept.chain, kept.organisations, Keep(weekly, rows, bins=BINS, stopping=stopping))

    @property
    def mark(self) -> str:
        """What tells runs of which something else is kept, or that stop elsewhere; empty for those of most experiments."""
        stopping = self.keep.stopping
        return f" {self.chain} {self.organisations} {stopping}" if self.chain or self.organisations or stopping else ""

    def taken(self, runs: Replications, own: Extension) -> tuple[Values, Values]:
        """Arrays [run, week, outcome] and [run, week, organisation, outcome] of runs."""
        chain = [
            runs.own[..., list(own.outcomes).index(name)]
            if name in own.outcomes
            else runs.weekly[..., self.keep.weekly.index(OUTCOME_NAMES.index(name))]
            for name in self.chain
        ]
        parts = [
            runs.own_organisations[..., list(own.organisation_outcomes).index(name)]
            if name in own.organisation_outcomes
            else runs.organisations[..., ORGANISATION_OUTCOME_NAMES.index(name)]
            for name in self.organisations
        ]
        nothing = np.empty((len(runs.summary), 0, 0))
        return np.stack(chain, axis=-1) if chain else nothing, np.stack(parts, axis=-1) if parts else nothing[..., None]
