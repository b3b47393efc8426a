"""Where runs are kept: a folder of Parquet files to which files are only ever added. The door to pyarrow.

A file holds the pieces of one chunk, one row per piece. Its name is the sha256 of its bytes, so that a file that was cut
short or changed is recognised, and the files of several machines can be put together by copying them.
"""

from __future__ import annotations

import hashlib
import re
from collections import OrderedDict
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from ketensim.experiment.disk import make_folder, write_whole
from ketensim.experiment.records import NUMBER_OF_BINS, WEEKLY, Computed, Piece
from ketensim.foundation.errors import InputError, Problem
from ketensim.run.histograms import Histograms

FORMAT: Final = "ketensim runs 2"
OPTIONS: Final[dict[str, Any]] = {  # fixed, so that the same rows are the same bytes
    "compression": "zstd",
    "compression_level": 3,
    "use_dictionary": False,
    "write_statistics": False,
    "write_page_checksum": True,
    "data_page_version": "2.0",
    "version": "2.6",
}
SCHEMA: Final = pa.schema(
    [
        pa.field("key", pa.string(), nullable=False),
        pa.field("first", pa.int64(), nullable=False),
        pa.field("number", pa.int64(), nullable=False),
        pa.field("summary", pa.list_(pa.float64())),
        pa.field("known", pa.list_(pa.int64())),
        pa.field("sums", pa.list_(pa.int64())),
        pa.field("bins", pa.list_(pa.uint8())),
    ],
    metadata={"format": FORMAT},
)
KEPT: Final = ("chain", "organisations")  # only in files of experiments that keep something
WITH_KEPT: Final = pa.schema(
    [*SCHEMA, *(pa.field(name, pa.list_(pa.float64())) for name in KEPT)], metadata={"format": FORMAT}
)
NAME: Final = re.compile(r"[0-9a-f]{40}")
OPEN_FILES: Final = 8  # kept in memory while runs are read in the order of the points
Place = tuple[Path, int]


class RunStore:
    """The runs in a folder.

    Parameters
    ----------
    folder : made when it is not there

    Raises
    ------
    InputError
        the folder cannot be written to; a file in it is cut short, changed or foreign
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        make_folder(folder)
        self._places: dict[Piece, Place] = {}
        self._by_key: dict[str, list[Piece]] = {}
        self._known: set[Path] = set()
        self._opened: OrderedDict[Path, pa.Table] = OrderedDict()
        self.refresh()

    def refresh(self) -> None:
        """See what others have added to the folder."""
        for path in sorted(self.folder.glob("*.parquet")):
            if path not in self._known:
                table = _read(path, ["key", "first", "number"])
                columns = (table[name].to_pylist() for name in ("key", "first", "number"))
                self._remember(path, [Piece(*row) for row in zip(*columns, strict=True)])

    def add(self, pieces: Sequence[Computed]) -> None:
        """Add a file with these pieces.

        Raises
        ------
        InputError
            it cannot be written; what was there is still there
        """
        arrays = [
            pa.array([part.piece.key for part in pieces]),
            pa.array([part.piece.first for part in pieces], pa.int64()),
            pa.array([part.piece.number for part in pieces], pa.int64()),
            pa.array([part.summary.ravel() for part in pieces], pa.list_(pa.float64())),
            pa.array([part.histograms.sums[..., 0].ravel() for part in pieces], pa.list_(pa.int64())),
            pa.array([part.histograms.sums[..., 1].ravel() for part in pieces], pa.list_(pa.int64())),
            # a piece has fewer runs than this type can count
            pa.array([part.histograms.bins.astype(np.uint8).ravel() for part in pieces], pa.list_(pa.uint8())),
        ]
        schema = SCHEMA
        if any(part.chain.size or part.organisations.size for part in pieces):
            schema = WITH_KEPT
            arrays += [
                pa.array([getattr(part, name).ravel() for part in pieces], pa.list_(pa.float64())) for name in KEPT
            ]
        sink = pa.BufferOutputStream()
        pq.write_table(pa.Table.from_arrays(arrays, schema=schema), sink, **OPTIONS)
        content = sink.getvalue().to_pybytes()
        path = self.folder / f"{hashlib.sha256(content).hexdigest()[:40]}.parquet"
        write_whole(path, lambda draft: draft.write_bytes(content))
        self._remember(path, [part.piece for part in pieces])

    def cover(self, key: str, first: int, last: int) -> tuple[list[Piece], list[tuple[int, int]]]:
        """Pieces that follow each other without overlap from ``first`` to ``last``, and the gaps between them.

        Returns
        -------
        pieces, and gaps as (first, number)
        """
        inside = sorted(
            (piece for piece in self._by_key.get(key, ()) if piece.first >= first),
            key=lambda piece: (piece.first, -piece.number),
        )
        pieces, gaps, place = [], [], first
        for piece in inside:
            if piece.first < place or piece.first + piece.number > last:
                continue
            if piece.first > place:
                gaps.append((place, piece.first - place))
            pieces.append(piece)
            place = piece.first + piece.number
        return pieces, [*gaps, (place, last - place)] if place < last else gaps

    def read(self, piece: Piece) -> Computed:
        """What a piece gave.

        Raises
        ------
        InputError
            the file has been damaged
        """
        path, row = self._places[piece]
        table = self._table(path)
        parts = (table[name][row].values.to_numpy() for name in ("summary", "known", "sums", "bins"))
        summary, known, sums, bins = parts
        sums = np.stack([known, sums], axis=1).reshape(-1, len(WEEKLY), 2)
        bins = bins.reshape(-1, len(WEEKLY), NUMBER_OF_BINS).astype(np.int64)
        kept = [
            _per_week(table[name][row].values.to_numpy(), piece.number, len(bins))
            for name in KEPT
            if name in table.column_names
        ]
        return Computed(piece, summary.reshape(piece.number, -1), Histograms(bins, sums), *kept)

    def __iter__(self) -> Iterator[Piece]:
        return iter(self._places)

    def _remember(self, path: Path, pieces: Sequence[Piece]) -> None:
        self._known.add(path)
        for row, piece in enumerate(pieces):
            if piece not in self._places:
                self._places[piece] = (path, row)
                self._by_key.setdefault(piece.key, []).append(piece)

    def _table(self, path: Path) -> pa.Table:
        if path not in self._opened:
            self._opened[path] = _read(path, None)
            if len(self._opened) > OPEN_FILES:
                self._opened.popitem(last=False)
        self._opened.move_to_end(path)
        return self._opened[path]


def _per_week(values: np.ndarray, runs: int, weeks: int) -> np.ndarray:
    """Array [run, week, number] of what was kept; no numbers when it was nothing."""
    return values.reshape(runs, weeks, -1) if len(values) else np.empty((runs, weeks, 0))


def _read(path: Path, columns: list[str] | None) -> pa.Table:
    """A file of the store.

    Raises
    ------
    InputError
        it is foreign, or its bytes are not those that its name stands for
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        facts = {"given": str(path), "reason": error.strerror or str(error)}
        raise InputError([Problem("error.file_unreadable", "", facts)]) from None
    if NAME.fullmatch(path.stem) and not hashlib.sha256(content).hexdigest().startswith(path.stem):
        raise InputError([Problem("error.store_damaged", "", {"given": str(path)})])
    try:
        table = pq.read_table(pa.BufferReader(content), columns=columns)
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError, OSError):
        raise InputError([Problem("error.store_foreign", "", {"given": str(path)})]) from None
    if NAME.fullmatch(path.stem) is None or (table.schema.metadata or {}).get(b"format") != FORMAT.encode():
        raise InputError([Problem("error.store_foreign", "", {"given": str(path)})])
    return table
