"""Sets of named arrays that travel through compiled code as one pointer.

A kernel that gets thirty arrays as thirty arguments compiles for a minute and copies two kilobytes at every call (both
measured). ``Tables`` keeps the arrays as ordinary attributes for Python, and beside them one row of addresses and
shapes, which is all that compiled code receives; ``foundation/compiled.py`` teaches numba to read it.
"""

from __future__ import annotations

from typing import Any, ClassVar, Self

import numpy as np

WORDS = 4  # per array: address, and up to three lengths


class Tables:
    """Base of ``Chain`` and ``State``: the annotated fields of a subclass are its arrays.

    Parameters
    ----------
    arrays : one C-contiguous array per field, with the dtype and the number of axes of the subclass' ``LAYOUT``

    Raises
    ------
    ValueError : an array of another dtype, number of axes or layout
    """

    LAYOUT: ClassVar[dict[str, tuple[np.dtype, int]]]
    GRIDS: ClassVar[dict[str, str]] = {}  # name of an array of numbers: the records whose memory it shares
    address: int

    def __init__(self, **arrays: np.ndarray) -> None:
        if arrays.keys() != self.LAYOUT.keys():
            raise ValueError(f"fields {sorted(arrays.keys() ^ self.LAYOUT.keys())} are missing or unknown")
        self._words = np.zeros(WORDS * len(arrays), dtype=np.int64)
        for number, (name, (dtype, axes)) in enumerate(self.LAYOUT.items()):
            array = arrays[name]
            if array.dtype != dtype or array.ndim != axes or not array.flags.c_contiguous:
                raise ValueError(f"{name}: {array.dtype} with {array.ndim} axes instead of {dtype} with {axes}")
            setattr(self, name, array)
            self._words[WORDS * number] = array.ctypes.data
            self._words[WORDS * number + 1 : WORDS * number + 1 + axes] = array.shape
        self.address = int(self._words.ctypes.data)

    def arrays(self) -> dict[str, np.ndarray]:
        """The arrays by name."""
        return {name: getattr(self, name) for name in self.LAYOUT}

    def replaced(self, **arrays: np.ndarray) -> Self:
        """The same set with other arrays under some names."""
        return type(self)(**(self.arrays() | arrays))

    def copied(self) -> Self:
        """The same set in memory of its own."""
        return self._with({name: array.copy() for name, array in self.arrays().items() if name not in self.GRIDS})

    def locked(self) -> Self:
        """The same set, in the same memory, in which Python can write nothing."""
        views = {name: array.view() for name, array in self.arrays().items()}
        for view in views.values():
            view.flags.writeable = False
        return type(self)(**views)

    def __reduce__(self) -> tuple[Any, ...]:
        arrays = {name: np.asarray(array) for name, array in self.arrays().items() if name not in self.GRIDS}
        return _rebuilt, (type(self), arrays)

    @classmethod
    def _with(cls, arrays: dict[str, np.ndarray]) -> Self:
        """A set from all arrays but those that share the memory of another."""
        return cls(**arrays, **{grid: as_grid(arrays[name]) for grid, name in cls.GRIDS.items()})


def _rebuilt(kind: type[Tables], arrays: dict[str, np.ndarray]) -> Tables:
    records_of = {name: array.view(np.recarray) if array.dtype.names else array for name, array in arrays.items()}
    return kind._with(records_of)


def as_grid(rows: np.ndarray) -> np.ndarray:
    """Records of numbers as an array of numbers in the same memory, [..., field]."""
    return np.asarray(rows).view("f8").reshape(*rows.shape, len(rows.dtype.names or ()))


def records(shape: int | tuple[int, ...], dtype: np.dtype) -> np.recarray:
    """Zeroed record array with attribute access."""
    return np.zeros(shape, dtype=dtype).view(np.recarray)
