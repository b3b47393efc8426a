"""What a worker returns for consecutive runs, and how runs whose weekly values are known enter the histograms."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from ketensim.foundation.outcome_table import BINS, FIXED_POINT, OUTCOMES
from ketensim.foundation.state import SLOT

RANGE_MARGIN = 1.5  # top of a histogram over the largest value in the pilot


@dataclass(frozen=True, slots=True)
class Chunk:
    """What a worker returns: consecutive replications."""

    first: int
    summary: np.ndarray  # [run, outcome]
    weekly: np.ndarray | None  # [run, week, outcome]
    organisations: np.ndarray | None  # [run, week, organisation, outcome]
    bins: np.ndarray | None
    sums: np.ndarray | None


def weekly_of(chunks: Sequence[Chunk]) -> np.ndarray:
    """Weekly values [run, week, outcome] of chunks that kept them."""
    return np.concatenate([chunk.weekly for chunk in chunks if chunk.weekly is not None])


def histogram_tops(chunks: Sequence[Chunk]) -> np.ndarray:
    """Top of each outcome's range: 1 for shares, else the largest value of these runs with a margin."""
    weekly = weekly_of(chunks)
    largest = np.nanmax(np.where(np.isnan(weekly), 0.0, weekly), axis=(0, 1))
    shares = np.array([np.isfinite(row.upper) for row in OUTCOMES])
    return np.where(shares, 1.0, np.maximum(1.0, RANGE_MARGIN * largest))


def in_bands(chunks: Sequence[Chunk], top: np.ndarray) -> Chunk:
    """Chunks with weekly values as one chunk with histograms: what ``chain/outcomes.py`` counts run by run."""
    chunks = sorted(chunks, key=lambda chunk: chunk.first)
    part = weekly_of(chunks) / top
    known = ~np.isnan(part)
    part = np.where(known, part, 0.0)
    weeks, outcomes = part.shape[1:]
    cell = np.arange(weeks * outcomes).reshape(weeks, outcomes) * BINS + np.clip((part * BINS).astype(int), 0, BINS - 1)
    bins = np.bincount(cell[known], minlength=weeks * outcomes * BINS).reshape(weeks, outcomes, BINS)
    sums = np.stack([known.sum(axis=0), (part * FIXED_POINT).astype(int).sum(axis=0)], axis=2)
    return Chunk(
        chunks[0].first, np.concatenate([chunk.summary for chunk in chunks]), None, None, bins.astype(SLOT), sums
    )
