"""Outcomes that an experiment keeps of every run and week: how large they are, and the tables of them.

They are written row group by row group and read in portions, so that they need not fit in memory.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ketensim.experiment.disk import write_whole
from ketensim.experiment.parquet import TEXT, TableWriter
from ketensim.experiment.points import ExperimentPlan, Point
from ketensim.experiment.store import RunStore

KEPT_WEEKS, KEPT_ORGANISATIONS = "kept_weeks.parquet", "kept_organisations.parquet"
BYTES: Final = 8  # of a number, before it is packed
Values = NDArray[np.float64]


def kept_bytes(plan: ExperimentPlan) -> int:
    """How large the kept outcomes of an experiment are, before they are packed on the disk."""
    wanted, total = plan.wanted, 0
    sizes: dict[tuple[int, ...], int] = {}
    for point in plan.points:
        place = point[1:4]
        if place not in sizes:
            chain = plan.scenario(point)
            sizes[place] = chain.weeks * (len(wanted.chain) + len(chain.organisations) * len(wanted.organisations))
        total += sizes[place]
    return total * plan.experiment.runs * BYTES


def write_kept(folder: Path, plan: ExperimentPlan, good: list[tuple[Point, str]], store: RunStore) -> list[str]:
    """Write the tables that an experiment asks for, and take those of an earlier result away; returns their names."""
    written = []
    for name, wanted in ((KEPT_WEEKS, plan.wanted.chain), (KEPT_ORGANISATIONS, plan.wanted.organisations)):
        (folder / name).unlink(missing_ok=True)
        if wanted:
            write = _write_chain if name == KEPT_WEEKS else _write_organisations
            write_whole(folder / name, lambda draft, write=write: write(draft, plan, good, store))  # type: ignore[misc]
            written.append(name)
    return written


def _write_chain(path: Path, plan: ExperimentPlan, good: list[tuple[Point, str]], store: RunStore) -> None:
    names = plan.wanted.chain
    types = dict.fromkeys(("point", "replication", "week"), "int32") | dict.fromkeys(names, "float64")
    with TableWriter(path, types) as writer:
        for point, first, values in _of_points(plan, good, store, KEPT_WEEKS):
            runs, weeks, _ = values.shape
            rows = values.reshape(runs * weeks, len(names))
            replication = np.repeat(first + np.arange(runs), weeks)
            writer.add([np.full(len(rows), point.number), replication, np.tile(np.arange(weeks), runs), *rows.T])


def _write_organisations(path: Path, plan: ExperimentPlan, good: list[tuple[Point, str]], store: RunStore) -> None:
    names = plan.wanted.organisations
    types = dict.fromkeys(("point", "replication", "week"), "int32") | {"organisation": TEXT}
    with TableWriter(path, types | dict.fromkeys(names, "float64")) as writer:
        for point, first, values in _of_points(plan, good, store, KEPT_ORGANISATIONS):
            ids = plan.organisations(point)
            runs, weeks, _ = values.shape
            rows = values.reshape(runs * weeks * len(ids), len(names))
            replication = np.repeat(first + np.arange(runs), weeks * len(ids))
            week = np.tile(np.repeat(np.arange(weeks), len(ids)), runs)
            organisation = np.tile(np.array(ids, dtype=object), runs * weeks)
            writer.add([np.full(len(rows), point.number), replication, week, organisation, *rows.T])


def _of_points(
    plan: ExperimentPlan, good: list[tuple[Point, str]], store: RunStore, name: str
) -> Iterator[tuple[Point, int, Values]]:
    """Pieces in the order of points and runs: point, first replication in it, and what was kept [run, week, number]."""
    for point, key in good:
        for piece in store.cover(key, point.first, point.first + plan.experiment.runs)[0]:
            computed = store.read(piece)
            yield point, piece.first - point.first, computed.chain if name == KEPT_WEEKS else computed.organisations
