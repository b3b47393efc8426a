"""Sets of named arrays that travel through compiled code as one pointer.

A kernel that gets thirty arrays as thirty arguments compiles for a minute and copies two kilobytes at every call (both
measured). ``Tables`` keeps the arrays as ordinary attributes for Python, and beside them one row of addresses and
shapes, which is all that compiled code receives; ``foundation/compiled.py`` teaches numba to read it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar, Self

import numpy as np

WORDS = 4  # per array: address, and up to three lengths
LINE = 64  # bytes to which each array of a copy is aligned: a line of the processor's cache


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
    _memory: np.ndarray | None = None  # of a copy: all its arrays in one piece

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
        """The same set in one piece of memory of its own.

        Compiled code needs the row of addresses only, so Python's arrays of a copy are made when somebody asks for them:
        making thirty of them takes several times as long as copying what is in them.
        """
        twin = object.__new__(type(self))
        twin._words = self._words.copy()
        if self._memory is None:
            twin._memory = self._gathered(twin._words)
        else:
            twin._memory = self._memory.copy()
            twin._words[::WORDS] += twin._memory.ctypes.data - self._memory.ctypes.data
        twin.address = int(twin._words.ctypes.data)
        return twin

    @property
    def nbytes(self) -> int:
        """Bytes of all arrays."""
        if self._memory is not None:
            return self._memory.nbytes
        return sum(array.nbytes for name, array in self.arrays().items() if name not in self.GRIDS)

    def _gathered(self, words: np.ndarray) -> np.ndarray:
        """A copy of all arrays in one piece; writes their new addresses into the row."""
        apart = {name: np.asarray(array) for name, array in self.arrays().items() if name not in self.GRIDS}
        ends = np.cumsum([-(-array.nbytes // LINE) * LINE for array in apart.values()])
        memory = np.zeros(int(ends[-1]), dtype=np.uint8)
        begins = dict(zip(apart, [0, *ends[:-1]], strict=True))
        for name, array in apart.items():
            memory[begins[name] : begins[name] + array.nbytes] = array.reshape(-1).view(np.uint8)
        words[::WORDS] = [memory.ctypes.data + begins[self.GRIDS.get(name, name)] for name in self.LAYOUT]
        return memory

    if not TYPE_CHECKING:  # a type checker goes by the annotations, and would take any name with this

        def __getattr__(self, name: str) -> np.ndarray:
            """An array of a copy, when it is asked for the first time."""
            if self._memory is None or name not in self.LAYOUT:
                raise AttributeError(f"{type(self).__name__} has no {name}")
            dtype, axes = self.LAYOUT[name]
            place = WORDS * list(self.LAYOUT).index(name)
            begin = int(self._words[place]) - self._memory.ctypes.data
            array = np.ndarray(self._words[place + 1 : place + 1 + axes], dtype, self._memory, begin)
            if dtype.names:
                array = array.view(np.recarray)
            setattr(self, name, array)
            return array

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
