"""Sums of measures in cells, as pattern files write them: ``goal[full, tense] - goal[none, tense] + 0.5 level[base]``."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

CellName = tuple[str, ...]
Values = NDArray[np.float64]
TERM: Final = re.compile(r"\s*([+-])?\s*(\d+(?:\.\d+)?)?\s*([a-z][a-z0-9_]*)\s*\[([^\]]*)\]\s*")


@dataclass(frozen=True)
class Term:
    """``times`` x the value of a measure in a cell; the cell is named by one level of each axis, in their order."""

    times: float
    measure: str
    cell: tuple[str, ...]


def terms(text: str) -> tuple[Term, ...]:
    """The terms of a sum.

    Raises
    ------
    ValueError : the text is not a sum of terms; the message is the part that cannot be read

    Examples
    --------
    >>> terms("goal[full, tense] - 0.5 goal[none, tense]")[1]
    Term(times=-0.5, measure='goal', cell=('none', 'tense'))
    """
    terms_so_far: list[Term] = []
    place = 0
    while place < len(text):
        match = TERM.match(text, place)
        if match is None or (terms_so_far and match[1] is None):
            raise ValueError(text[place:])
        sign = -1.0 if match[1] == "-" else 1.0
        cell = tuple(part.strip() for part in match[4].split(",") if part.strip())
        terms_so_far.append(Term(sign * float(match[2] or 1.0), match[3], cell))
        place = match.end()
    if not terms_so_far:
        raise ValueError(text)
    return tuple(terms_so_far)


def value_of(text: str, values: Mapping[tuple[str, CellName], Values]) -> Values:
    """The sum inside each run, array [run]; ``values`` holds an array [run] per (measure, cell)."""
    total: Values = np.sum([term.times * values[term.measure, term.cell] for term in terms(text)], axis=0)
    return total
