"""Pattern files: what a pattern claims, which variants of a chain are run for it, and what must come out.

A pattern is an experiment on equal luck. Its *axes* span the cells: each level of an axis is a part of a scenario file that
is laid over the base; a cell has one level of every axis. *Measures* take one number per run out of a cell; *statements*
compare cells run by run.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product
from typing import Annotated, Any, Final, Self

import numpy as np
from numpy.typing import NDArray
from pydantic import Field, Strict, model_validator

from ketensim.foundation.outcome_table import ORGANISATION_OUTCOME_NAMES, OUTCOME_NAMES
from ketensim.scenario.fields import Name
from ketensim.scenario.numbers import OneOf, Part, Text, Within

KINDS: Final = ("built_in", "partly", "emerges")
CONTRASTS: Final = ("mean", "share", "humps", "inner_optimum", "optimum_shift")
EVENTS: Final = ("new_manager", "new_administrator")
PICTURES: Final = ("levels", "spread", "weeks")
CellName = tuple[str, ...]
Values = NDArray[np.float64]
TERM: Final = re.compile(r"\s*([+-])?\s*(\d+(?:\.\d+)?)?\s*([a-z][a-z0-9_]*)\s*\[([^\]]*)\]\s*")


class Level(Part):
    """One level of an axis."""

    label: Text
    set: dict[str, Any] = Field(default={})
    """what is laid over the scenario, with the keys of a scenario file; under ``organisations`` by id, or ``all``"""
    at: float | None = None
    """where it lies on the axis, when the axis is a scale"""


class Axis(Part):
    """What is varied."""

    label: Text
    levels: dict[str, Level]


class Around(Part):
    """Change of an organisation's outcome around an event in its life, averaged over all such events of a run."""

    event: Annotated[str, OneOf(EVENTS)]
    start: int
    """weeks after the event (negative = before it) that the change is taken from"""
    end: int
    """weeks after the event that it is taken to"""
    quiet: int
    """weeks after it in which no other event of the kind may come"""


class Measure(Part):
    """One number per run: the mean of an outcome over weeks, and over organisations when it is one of theirs."""

    label: Text
    outcome: Annotated[str, OneOf(tuple(dict.fromkeys((*OUTCOME_NAMES, *ORGANISATION_OUTCOME_NAMES))))]
    weeks: Annotated[tuple[int, int], Strict(False)] = (0, 100_000)
    """first week, and the week after the last"""
    organisations: Annotated[tuple[str, ...], Strict(False)] = ()
    """silent = the outcome of the chain"""
    around: Around | None = None
    """silent = the mean over weeks"""


class Statement(Part):
    """What must come out."""

    text: Text
    contrast: Annotated[str, OneOf(CONTRASTS)] = "mean"
    value: str = ""
    """for mean, share and humps: a sum of measures in cells, inside each run"""
    along: Annotated[tuple[str, ...], Strict(False)] = ()
    """for an optimum: measures in cells, in the order of the scale"""
    against: Annotated[tuple[str, ...], Strict(False)] = ()
    """for a shift of the optimum: the same scale in other circumstances, where the best point lies lower"""
    at: Annotated[tuple[float, ...], Strict(False)] = ()
    """for a shift of the optimum: where the points lie"""
    beyond: float | None = None
    """for a share: a run counts when its value lies beyond this (above it when positive, below it when negative)"""
    above: float | None = None
    """the effect must lie above this, with its whole interval"""
    below: float | None = None
    """... or below this"""

    @model_validator(mode="after")
    def _one_side(self) -> Self:
        if (self.above is None) == (self.below is None):
            raise ValueError("a statement has either `above` or `below`")
        return self

    def sums(self) -> tuple[str, ...]:
        """All sums in it."""
        return tuple(text for text in (self.value, *self.along, *self.against) if text)


class Picture(Part):
    """What is drawn."""

    kind: Annotated[str, OneOf(PICTURES)]
    measure: str = ""
    """for levels: over the first axis, one line per level of the others"""
    value: str = ""
    """for spread: the sum whose distribution over the runs is drawn"""
    outcome: str = ""
    """for weeks: the outcome whose course is drawn in each cell"""
    organisations: Annotated[tuple[str, ...], Strict(False)] = ()
    """for weeks: of these organisations, one line each, instead of the chain"""


class Pattern(Part):
    """One pattern."""

    id: Name
    kind: Annotated[str, OneOf(KINDS)]
    """built_in = a rule says it; partly = rules hold the direction, and what is tested is that it survives in the chain,
    against its price in hours; emerges = no rule says it"""
    runs: Annotated[int, Within(2, 100_000, "number", whole=True)]
    """runs per cell in the full version: as many as its smallest effect needs"""
    title: Text
    claim: Text
    how: Text
    """what is run"""
    tried: Text | None = None
    """what was tried before this form, and what did not come out"""
    sources: Annotated[tuple[str, ...], Strict(False)]
    base: dict[str, Any] = Field(default={})
    """what is laid over the reference chain in every cell"""
    axes: dict[str, Axis]
    measures: dict[str, Measure]
    statements: Annotated[tuple[Statement, ...], Strict(False)]
    picture: Picture

    @model_validator(mode="after")
    def _known(self) -> Self:
        cells = set(self.cells())
        for text in (*(text for row in self.statements for text in row.sums()), self.picture.value):
            for term in terms(text) if text else ():
                if term.measure not in self.measures or term.cell not in cells:
                    raise ValueError(f"no such measure or cell: {term.measure}[{', '.join(term.cell)}]")
        return self

    def cells(self) -> Iterator[CellName]:
        """Names of the cells: one level of each axis."""
        return product(*(axis.levels for axis in self.axes.values()))

    def laid_over(self, cell: CellName) -> dict[str, Any]:
        """What is laid over the reference chain in a cell."""
        whole: dict[str, Any] = self.base
        for axis, level in zip(self.axes.values(), cell, strict=True):
            whole = merged(whole, axis.levels[level].set)
        return whole

    def used(self) -> set[tuple[str, CellName]]:
        """The measures in cells that the statements need."""
        return {(term.measure, term.cell) for row in self.statements for text in row.sums() for term in terms(text)}


class NullModel(Part):
    """A simpler model, made by values of parameters and context alone."""

    id: Name
    title: Text
    what: Text
    short_of: Text
    """what values alone cannot do"""
    set: dict[str, Any]
    """what is laid over the reference chain"""


class NullModels(Part):
    """The file of null models."""

    models: Annotated[tuple[NullModel, ...], Strict(False)]


def merged(below: Mapping[str, Any], above: Mapping[str, Any]) -> dict[str, Any]:
    """A mapping laid over another; lists follow each other, other values are replaced.

    Examples
    --------
    >>> merged({"levers": {"room": 0, "frame": 1}}, {"levers": {"room": 1}})
    {'levers': {'room': 1, 'frame': 1}}
    """
    whole = dict(below)
    for key, value in above.items():
        old = whole.get(key)
        if isinstance(old, Mapping) and isinstance(value, Mapping):
            whole[key] = merged(old, value)
        elif isinstance(old, list) and isinstance(value, list):
            whole[key] = [*old, *value]
        else:
            whole[key] = value
    return whole


# --- contrasts as they are written: ``goal[full, tense] - goal[none, tense] + 0.5 level[base]`` -------------------------
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


def value_of(text: str, values: Mapping[tuple[str, tuple[str, ...]], Values]) -> Values:
    """The sum inside each run, array [run]; ``values`` holds an array [run] per (measure, cell)."""
    total: Values = np.sum([term.times * values[term.measure, term.cell] for term in terms(text)], axis=0)
    return total
