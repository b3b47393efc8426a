"""The cells of patterns: variants of a chain, run on equal luck, and what is measured in them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ketensim.analysis.patterns.description import Around, Measure, Pattern, merged
from ketensim.analysis.patterns.sums import CellName
from ketensim.experiment.design import combinations
from ketensim.experiment.design_parts import Design, Factor
from ketensim.experiment.points import varied
from ketensim.foundation.outcome_table import ORGANISATION_OUTCOME_NAMES, OUTCOME_NAMES
from ketensim.foundation.state import Chain
from ketensim.run.engine import pieces
from ketensim.run.executors import Progress, in_order
from ketensim.run.replications import EVERYTHING, Ensemble, Replications, replicate, together
from ketensim.scenario import build, files
from ketensim.scenario.schema import Scenario

Values = NDArray[np.float64]
MOST_AT_ONCE: Final = 50  # runs whose weeks are held before they are reduced
EVERYBODY: Final = "all"
Drawn = Sequence[Mapping[str, float]]  # what was drawn for each run


def laid_over(scenario: Mapping[str, Any], changes: Mapping[str, Any]) -> Scenario:
    """A scenario (as ``model_dump(by_alias=True)``) with changes laid over it; organisations are named by id, or ``all``.

    Raises
    ------
    InputError : what results is no scenario
    """
    changes = dict(changes)
    named = changes.pop("organisations", {})
    whole = merged(scenario, changes)
    whole["organisations"] = [
        merged(merged(row, named.get(EVERYBODY, {})), named.get(row["id"], {})) for row in scenario["organisations"]
    ]
    return files.from_dict(whole)


@dataclass
class Cell:
    """One chain that is run, and everything that is measured in it."""

    scenario: Scenario
    chain: Chain
    draws: Mapping[str, Factor]
    measures: dict[str, Measure] = field(default_factory=dict)  # by its fingerprint
    courses: set[tuple[str, str]] = field(default_factory=set)  # outcome, organisation
    runs: int = 0  # in the full version


@dataclass
class CellValues:
    """What was measured in a cell: per measure an array [run], per course the mean over the runs [week]."""

    values: dict[str, Values]
    courses: dict[tuple[str, str], Values]


class Cells:
    """All cells of some patterns; what two patterns share is run once."""

    def __init__(self, patterns: Iterable[Pattern], changes: Mapping[str, Any], pictures: bool = True) -> None:
        """``changes`` are laid over every chain under those of the patterns (a null model); ``pictures`` says whether every
        cell is run, or only what the statements need.
        """
        self.changes = changes
        self.bases: dict[tuple[str, int | None], dict[str, Any]] = {}
        self.cells: list[Cell] = []
        self.place: dict[tuple[str, CellName], int] = {}
        known: dict[str, int] = {}
        for pattern in patterns:
            self._add(pattern, known, pictures)

    def _add(self, pattern: Pattern, known: dict[str, int], pictures: bool) -> None:
        used = pattern.used()
        for name in pattern.cells():
            needed = {measure for measure, cell in used if cell == name}
            if not needed and not pictures:
                continue
            base = self._base(pattern.chain(name), pattern.weeks)
            scenario = laid_over(base, pattern.laid_over(name)).with_levers(**pattern.decided(name))
            key = scenario.model_dump_json() + repr(pattern.draws)
            if key not in known:
                known[key] = len(self.cells)
                self.cells.append(Cell(scenario, build.build(scenario), pattern.draws))
            cell = self.cells[known[key]]
            cell.runs = max(cell.runs, pattern.runs)
            self.place[pattern.id, name] = known[key]
            for measure in pattern.measures if pictures else needed:
                cell.measures[measure_key(pattern.measures[measure])] = pattern.measures[measure]
            if pictures and pattern.picture.outcome:
                for organisation in pattern.picture.organisations or ("",):
                    cell.courses.add((pattern.picture.outcome, organisation))

    def _base(self, chain: str, weeks: int | None) -> dict[str, Any]:
        """A chain that comes along, over the wanted weeks, with what is laid over every chain."""
        if (chain, weeks) not in self.bases:
            scenario = files.load(chain)
            scenario = scenario if weeks is None else scenario.with_weeks(weeks)
            changed = laid_over(scenario.model_dump(by_alias=True), self.changes)
            self.bases[chain, weeks] = changed.model_dump(by_alias=True)
        return self.bases[chain, weeks]

    def run(
        self, runs: int | None, seed: int, most: int | None = None, progress: Progress | None = None
    ) -> list[CellValues]:
        """Run every cell; progress counts runs.

        Parameters
        ----------
        runs : per cell; None = as many as its patterns ask for
        seed : as for ``simulate``
        most : no more than these
        progress : called with (runs done, runs in all)
        """
        wanted = [runs or cell.runs for cell in self.cells]
        numbers = [number if most is None else min(number, most) for number in wanted]
        shares = [pieces(0, number, 1, min(MOST_AT_ONCE, number)) for number in numbers]
        ensembles = [Ensemble(cell.chain, build.parameters(cell.scenario), seed) for cell in self.cells]
        drawn = [drawn_for(cell, number, seed) for cell, number in zip(self.cells, numbers, strict=True)]
        todo = [
            (cell, ensemble, *share, rows)
            for cell, ensemble, rows, parts in zip(self.cells, ensembles, drawn, shares, strict=True)
            for share in parts
        ]

        def in_runs(done: int, number: int) -> None:
            if progress is not None:
                progress(round(done / number * sum(numbers)), sum(numbers))

        parts = iter(in_order(measured, todo, progress=in_runs))
        return [pooled([next(parts) for _ in share], [count for _, count in share]) for share in shares]

    def of(self, pattern: Pattern, of_cells: Sequence[CellValues]) -> dict[tuple[str, CellName], Values]:
        """What a pattern measured: an array [run] per measure and cell, equally long in all of them."""
        values = {}
        for name in pattern.cells():
            place = self.place.get((pattern.id, name))
            if place is None:
                continue
            for measure, row in pattern.measures.items():
                key = measure_key(row)
                if key in of_cells[place].values:
                    values[measure, name] = of_cells[place].values[key]
        shortest = min(len(row) for row in values.values())  # a shared cell may have been run more often
        return {key: row[:shortest] for key, row in values.items()}


def measure_key(measure: Measure) -> str:
    """What makes two measures the same: everything but the label."""
    return measure.model_dump_json(exclude={"label"})


def drawn_for(cell: Cell, number: int, seed: int) -> Drawn:
    """What is drawn for each of a number of runs; nothing for a cell without draws."""
    return combinations(Design(kind="latin_hypercube", points=number), cell.draws, seed) if cell.draws else ()


def drawn_ensemble(cell: Cell, values: Mapping[str, float], seed: int) -> Ensemble:
    """The chain of a run for which values were drawn."""
    scenario = varied(cell.scenario, values)
    return Ensemble(build.build(scenario), build.parameters(scenario), seed)


def measured(cell: Cell, ensemble: Ensemble, first: int, number: int, drawn: Drawn = ()) -> CellValues:
    """Run some replications of a cell and reduce their weeks to what is asked.

    Parameters
    ----------
    cell, ensemble : what is run
    first, number : which replications
    drawn : for each replication from 0 what was drawn for it; empty = nothing
    """
    if cell.draws:
        places = range(first, first + number)
        runs = together(
            [replicate(drawn_ensemble(cell, drawn[run], ensemble.seed), EVERYTHING, run, 1) for run in places]
        )
    else:
        runs = replicate(ensemble, EVERYTHING, first, number)
    ids = [row.id for row in cell.scenario.organisations]
    values = {
        key: reduced(runs, measure, ids)
        if measure.drawn is None
        else np.array([row[measure.drawn] for row in drawn[first : first + number]])
        for key, measure in cell.measures.items()
    }
    courses = {
        (outcome, organisation): weekly(runs, outcome, [ids.index(organisation)] if organisation else []).mean(axis=0)
        for outcome, organisation in cell.courses
    }
    return CellValues(values, courses)


def reduced(runs: Replications, measure: Measure, ids: Sequence[str]) -> Values:
    """One number per run; not-a-number where no week has a value."""
    if measure.around is not None:
        return changes_around(runs, measure.outcome, measure.around)
    places = [ids.index(name) for name in measure.organisations]
    weeks = weekly(runs, measure.outcome, places)[:, slice(*measure.weeks)]
    known = ~np.isnan(weeks)
    total = np.where(known, weeks, 0.0).sum(axis=1)
    return np.where(known.any(axis=1), total / np.maximum(1, known.sum(axis=1)), np.nan)


def changes_around(runs: Replications, outcome: str, around: Around) -> Values:
    """Mean change of an outcome of the organisation that an event happens to, array [run]."""
    values = runs.organisations[:, :, :, ORGANISATION_OUTCOME_NAMES.index(outcome)]
    events = runs.organisations[:, :, :, ORGANISATION_OUTCOME_NAMES.index(around.event)] > 0
    means = np.full(len(values), np.nan)
    last = values.shape[1] - max(around.end, around.quiet) - 1
    for run in range(len(values)):
        changes = [
            values[run, week + around.end, place] - values[run, week + around.start, place]
            for week, place in zip(*np.nonzero(events[run]), strict=True)
            if -around.start <= week <= last and not events[run, week + 1 : week + around.quiet + 1, place].any()
        ]
        if changes:
            means[run] = np.mean(changes)
    return means


def weekly(runs: Replications, outcome: str, organisations: Sequence[int]) -> Values:
    """An outcome per run and week: of the chain, or the mean of some organisations."""
    if not organisations:
        whole: Values = runs.weekly[:, :, OUTCOME_NAMES.index(outcome)]
        return whole
    column = ORGANISATION_OUTCOME_NAMES.index(outcome)
    mean: Values = runs.organisations[:, :, list(organisations), column].mean(axis=2)
    return mean


def pooled(parts: Sequence[CellValues], numbers: Sequence[int]) -> CellValues:
    """Consecutive runs together."""
    values = {key: np.concatenate([part.values[key] for part in parts]) for key in parts[0].values}
    weights = np.array(numbers, dtype=float) / sum(numbers)
    courses = {
        key: np.tensordot(weights, np.stack([part.courses[key] for part in parts]), axes=1) for key in parts[0].courses
    }
    return CellValues(values, courses)
