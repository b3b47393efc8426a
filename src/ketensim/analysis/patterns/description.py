"""Pattern files: what a pattern claims, which variants of a chain are run for it, and what must come out.

A pattern is an experiment on equal luck. Its *axes* span the cells: each level of an axis is a part of a scenario file that
is laid over the base; a cell has one level of every axis. *Measures* take one number per run out of a cell; *statements*
compare cells run by run. With *draws* each run of a cell is a chain of its own, with settings and circumstances drawn at
random.

The levers of a level are decided in week 0, as everywhere; `always: true` says that they have stood there since the burn-in.
Those of the base describe the chain before anything is decided.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import product
from typing import Annotated, Any, Final, Self

from pydantic import Field, Strict, model_validator

from ketensim.analysis.patterns.sums import CellName, terms
from ketensim.experiment.design_parts import CHOSEN, GIVEN, Factor, FactorsOf
from ketensim.foundation.outcome_table import ORGANISATION_OUTCOME_NAMES, OUTCOME_NAMES
from ketensim.scenario.fields import MOST_WEEKS, Name
from ketensim.scenario.numbers import OneOf, Part, Text, Within

KINDS: Final = ("built_in", "partly", "emerges")
CONTRASTS: Final = ("mean", "share", "humps", "inner_optimum", "optimum_shift", "correlation", "never_best")
EVENTS: Final = ("new_manager", "new_administrator")
PICTURES: Final = ("levels", "spread", "weeks", "cloud")
REFERENCE: Final = "reference"


class Level(Part):
    """One level of an axis."""

    label: Text
    set: dict[str, Any] = Field(default={})
    """what is laid over the scenario, with the keys of a scenario file; under ``organisations`` by id, or ``all``"""
    always: bool = False
    """whether its levers have stood there since the burn-in, instead of being decided in week 0"""
    chain: Name | None = None
    """the chain that it is laid over; silent = the reference chain, or that of another axis"""
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
    """One number per run: the mean of an outcome over weeks, and over organisations when it is one of theirs; or what was
    drawn for the run.
    """

    label: Text
    outcome: Annotated[str, OneOf(tuple(dict.fromkeys((*OUTCOME_NAMES, *ORGANISATION_OUTCOME_NAMES))))] = (
        "goal_realisation"
    )
    weeks: Annotated[tuple[int, int], Strict(False)] = (0, 100_000)
    """first week, and the week after the last"""
    organisations: Annotated[tuple[str, ...], Strict(False)] = ()
    """silent = the outcome of the chain"""
    around: Around | None = None
    """silent = the mean over weeks"""
    drawn: str | None = None
    """name of a draw, whose value is taken instead of an outcome"""


class Statement(Part):
    """What must come out."""

    text: Text
    contrast: Annotated[str, OneOf(CONTRASTS)] = "mean"
    value: str = ""
    """for mean, share and humps: a sum of measures in cells, inside each run"""
    along: Annotated[tuple[str, ...], Strict(False)] = ()
    """for an optimum: measures in cells, in the order of the scale; for a correlation: one of what goes together, per pair"""
    against: Annotated[tuple[str, ...], Strict(False)] = ()
    """for a shift of the optimum: the same scale in other circumstances, where the best point lies lower; for a correlation:
    the other of what goes together, per pair"""
    at: Annotated[tuple[float, ...], Strict(False)] = ()
    """for a shift of the optimum: where the points lie"""
    each: Annotated[tuple[str, ...], Strict(False)] = ()
    """for mean, instead of `value`: sums for which the same is claimed, one per chain"""
    least: int = 0
    """in how many of `each` it must come out; the effect is that of the last one that is needed"""
    measure: str = ""
    """for never_best: what the alternatives are judged by; more of it is better"""
    states: Annotated[tuple[str, ...], Strict(False)] = ()
    """for never_best: levels of the second axis; the alternatives are those of the first"""
    beyond: float | None = None
    """for a share: a run counts when its value lies beyond this (above it when positive, below it when negative)"""
    above: float | None = None
    """the effect must lie above this, with its whole interval"""
    below: float | None = None
    """... below this; with `above` as well: between the two"""

    @model_validator(mode="after")
    def _a_side(self) -> Self:
        if self.above is None and self.below is None:
            raise ValueError("a statement has `above`, `below` or both")
        if bool(self.each) != (1 <= self.least <= len(self.each)):
            raise ValueError("`least` says in how many of `each`")
        return self

    def sums(self) -> tuple[str, ...]:
        """All sums in it."""
        return tuple(text for text in (self.value, *self.along, *self.against, *self.each) if text)


class Picture(Part):
    """What is drawn."""

    kind: Annotated[str, OneOf(PICTURES)]
    measure: str = ""
    """for levels: over one axis, one line per level of the others"""
    bottom: str = ""
    """for levels: the axis along the bottom; silent = the first"""
    value: str = ""
    """for spread: the sum whose distribution over the runs is drawn"""
    outcome: str = ""
    """for weeks: the outcome whose course is drawn in each cell"""
    organisations: Annotated[tuple[str, ...], Strict(False)] = ()
    """for weeks: of these organisations, one line each, instead of the chain"""
    along: Annotated[tuple[str, ...], Strict(False)] = ()
    """for a cloud: the measures along the bottom and upwards, a point per run, a colour per cell"""


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
    weeks: Annotated[int, Within(1, MOST_WEEKS, "weeks", whole=True)] | None = None
    """reported weeks; silent = those of the chain"""
    base: dict[str, Any] = Field(default={})
    """what is laid over the chain in every cell"""
    draws: Annotated[dict[str, Factor], FactorsOf((*CHOSEN, *GIVEN), "error.unknown_parameter")] = Field(default={})
    """what is drawn anew for each run between two ends, spread evenly (Latin hypercube); levers are decided in week 0"""
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
        for row in self.statements:
            for measure, cell in self.judged(row):
                if measure not in self.measures or cell not in cells:
                    raise ValueError(f"no such measure or cell: {measure}[{', '.join(cell)}]")
        for taken in self.measures.values():
            if taken.drawn is not None and taken.drawn not in self.draws:
                raise ValueError(f"no such draw: {taken.drawn}")
        return self

    def cells(self) -> Iterator[CellName]:
        """Names of the cells: one level of each axis."""
        return product(*(axis.levels for axis in self.axes.values()))

    def levels(self, cell: CellName) -> Iterator[Level]:
        """The levels of a cell, in the order of the axes."""
        return (axis.levels[name] for axis, name in zip(self.axes.values(), cell, strict=True))

    def chain(self, cell: CellName) -> str:
        """The chain that a cell is laid over."""
        return next((level.chain for level in self.levels(cell) if level.chain is not None), REFERENCE)

    def laid_over(self, cell: CellName) -> dict[str, Any]:
        """What is laid over the chain of a cell, without what is decided in week 0."""
        whole: dict[str, Any] = self.base
        for level in self.levels(cell):
            whole = merged(whole, {key: value for key, value in level.set.items() if level.always or key != "levers"})
        return whole

    def decided(self, cell: CellName) -> dict[str, Any]:
        """Levers that are decided in week 0 in a cell."""
        rows = (level.set.get("levers", {}) for level in self.levels(cell) if not level.always)
        return {name: value for row in rows for name, value in row.items()}

    def judged(self, statement: Statement) -> tuple[tuple[str, CellName], ...]:
        """What a statement about alternatives needs: its measure in every alternative and state."""
        alternatives = next(iter(self.axes.values())).levels
        return tuple((statement.measure, (name, state)) for name in alternatives for state in statement.states)

    def used(self) -> set[tuple[str, CellName]]:
        """The measures in cells that the statements need."""
        sums = {(term.measure, term.cell) for row in self.statements for text in row.sums() for term in terms(text)}
        return sums | {needed for row in self.statements for needed in self.judged(row)}

    @property
    def of_many_chains(self) -> bool:
        """Whether it is about more than the reference chain."""
        return any(level.chain is not None for axis in self.axes.values() for level in axis.levels.values())


class NullModel(Part):
    """A simpler model, made by values of parameters and context alone."""

    id: Name
    title: Text
    what: Text
    short_of: Text
    """what values alone cannot do"""
    set: dict[str, Any]
    """what is laid over every chain"""


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
