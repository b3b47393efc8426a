"""Which patterns come out: of the full model, of the null models, and of many sets of parameters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from ketensim.analysis.patterns.cells import Cells, CellValues, measured
from ketensim.analysis.patterns.collection import FULL, null_models, patterns
from ketensim.analysis.patterns.contrasts import comes_out, effect_of, points_there
from ketensim.analysis.patterns.description import Pattern
from ketensim.analysis.patterns.sums import CellName
from ketensim.foundation.errors import check_whole
from ketensim.run.accepted import parameter_sets
from ketensim.run.estimate import Estimate
from ketensim.run.executors import Progress, in_order
from ketensim.run.replications import Ensemble

if TYPE_CHECKING:
    import pandas as pd

MOST: Final = 100_000  # runs per cell
NEEDS_MANY: Final = ("humps", "correlation", "never_best")  # contrasts that a handful of runs cannot say anything about


@dataclass(frozen=True)
class PatternFinding:
    """What came of one pattern in one model.

    Attributes
    ----------
    pattern : what was tested
    model : ``full``, or the id of a null model
    effects : one per statement
    holds : whether each statement holds, with its whole interval
    """

    pattern: Pattern
    model: str
    effects: tuple[Estimate, ...]
    holds: tuple[bool, ...]

    @property
    def verdict(self) -> str:
        """All statements hold, some, or none."""
        if all(self.holds):
            return "comes_out"
        return "in_part" if any(self.holds) else "fails"


@dataclass(frozen=True)
class Evaluation:
    """All findings of a model, and what its pictures are drawn from; ``runs`` = fewest and most per pattern."""

    model: str
    runs: tuple[int, int]
    seed: int
    findings: tuple[PatternFinding, ...]
    values: dict[str, dict[tuple[str, CellName], np.ndarray]] = field(repr=False)
    courses: dict[str, dict[CellName, dict[tuple[str, str], np.ndarray]]] = field(repr=False)


def evaluate(
    chosen: Sequence[Pattern] | None = None,
    model: str = FULL,
    runs: int | None = None,
    seed: int = 1,
    *,
    most: int | None = None,
    pictures: bool = False,
    progress: Progress | None = None,
) -> Evaluation:
    """Run patterns in a model.

    Parameters
    ----------
    chosen : patterns; None = all
    model : ``full`` or the id of a null model
    runs : runs on equal luck per cell; None = as many as each pattern asks for
    seed : as for ``simulate``
    most : no more runs than these
    pictures : also run what only the pictures need
    progress : called with (runs done, runs in all)
    """
    for number in (number for number in (runs, most) if number is not None):
        check_whole("runs", number, 2, MOST)
    some = tuple(patterns() if chosen is None else chosen)
    cells = Cells(some, changes_of(model), pictures)
    of_cells = cells.run(runs, seed, most, progress)
    numbers = [len(next(iter(cells.of(pattern, of_cells).values()))) for pattern in some]
    values = {pattern.id: cells.of(pattern, of_cells) for pattern in some}
    courses = {
        pattern.id: {name: of_cells[cells.place[pattern.id, name]].courses for name in pattern.cells()}
        for pattern in some
        if pictures
    }
    findings = tuple(finding(pattern, model, values[pattern.id]) for pattern in some)
    return Evaluation(model, (min(numbers), max(numbers)), seed, findings, values, courses)


def changes_of(model: str) -> dict[str, Any]:
    """What a model lays over the reference chain."""
    return {} if model == FULL else next(row.set for row in null_models() if row.id == model)


def finding(pattern: Pattern, model: str, values: dict[tuple[str, CellName], np.ndarray]) -> PatternFinding:
    """Effects and verdicts of one pattern."""
    effects = tuple(effect_of(row, values) for row in pattern.statements)
    holds = tuple(comes_out(row, effect) for row, effect in zip(pattern.statements, effects, strict=True))
    return PatternFinding(pattern, model, effects, holds)


def holds_in_sets(
    sets: pd.DataFrame,
    runs: int = 3,
    seed: int = 1,
    *,
    chosen: Sequence[Pattern] | None = None,
    progress: Progress | None = None,
) -> pd.DataFrame:
    """Which patterns hold under many sets of parameters, with a handful of runs each.

    A pattern holds when every statement has the claimed sign (the effect itself: so few runs leave no interval).
    Statements that need many runs are left out. What a pattern itself varies goes before the set.

    Parameters
    ----------
    sets : one row per set, one column per parameter
    runs : runs on equal luck per cell; all patterns together have some 65 cells
    seed : as for ``simulate``
    chosen : patterns; None = those on the reference chain alone, because every set runs every cell
    progress : called with (sets done, sets in all)

    Returns
    -------
    DataFrame, one row per set and pattern: set, pattern, holds, effect (of the first statement)

    Raises
    ------
    InputError : as ``simulate(parameters=...)``
    """
    import pandas as pd

    check_whole("runs", runs, 2, MOST)
    some = tuple(row for row in patterns() if not row.of_many_chains) if chosen is None else tuple(chosen)
    cells = Cells(some, {}, pictures=False)
    records = [parameter_sets(cell.scenario, sets) for cell in cells.cells]

    def of_set(place: int) -> list[tuple[int, str, bool, float]]:
        values = [
            measured(cell, Ensemble(cell.chain, rows[place : place + 1].view(np.recarray), seed), 0, runs)
            for cell, rows in zip(cells.cells, records, strict=True)
        ]
        return [(place, *claimed_signs(pattern, cells, values)) for pattern in some]

    todo = [(place,) for place in range(len(sets))]
    rows = [row for part in in_order(of_set, todo, progress=progress) for row in part]
    return pd.DataFrame(rows, columns=["set", "pattern", "holds", "effect"])


def claimed_signs(pattern: Pattern, cells: Cells, of_cells: Sequence[CellValues]) -> tuple[str, bool, float]:
    """Whether every statement of a pattern that a few runs can say something about points the claimed way."""
    values = cells.of(pattern, of_cells)
    effects = [(row, effect_of(row, values)) for row in pattern.statements if row.contrast not in NEEDS_MANY]
    return pattern.id, all(points_there(row, effect) for row, effect in effects), effects[0][1].mean
