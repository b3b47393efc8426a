"""What an experiment says: tidy tables from its result, each method where the design allows it.

A block is one scenario under one way to steer and one course of events. Inside a block the outcome of a combination of
levers is averaged over the worlds it met, replication by replication, so that equal luck stays equal.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ketensim.analysis.criterion import criterion_of, direction_of
from ketensim.analysis.dependence import dependence
from ketensim.analysis.discovery import LEAST_POINTS, WORKBENCH, Box, boxes, leaves
from ketensim.analysis.effects import does_most, effects, first_of_all, known_everywhere, paired
from ketensim.analysis.robustness import in_worlds, robustness
from ketensim.analysis.sensitivity import means_of_known, morris_indices, shares_of_groups, sobol_indices
from ketensim.analysis.winners import NOBODY, shares_of, winners
from ketensim.experiment.result import ExperimentResult
from ketensim.foundation.errors import InputError
from ketensim.foundation.outcome_table import NEITHER
from ketensim.run.estimate import HIGHER, Estimate, means_interval
from ketensim.run.extras import is_installed

if TYPE_CHECKING:
    import pandas as pd

BLOCK: Final = ("scenario", "policy", "events")
Values = NDArray[np.float64]


class Block(NamedTuple):
    """The points of one scenario, way to steer and course of events.

    Attributes
    ----------
    scenario, policy, events : what they are called
    points : one row per combination, the first of those that differ in their world only
    numbers : array [combination, world] of point numbers
    """

    scenario: str
    policy: str
    events: str
    points: pd.DataFrame
    numbers: NDArray[np.int64]


class Missing(NamedTuple):
    """What is not known of an outcome.

    Attributes
    ----------
    runs, of_runs : runs without a value, and all runs
    points : points of which no run has one
    """

    runs: int
    of_runs: int
    points: int

    @classmethod
    def of(cls, values: Values) -> Missing:
        """Of an array [point, run]."""
        unknown = np.isnan(values)
        return cls(int(unknown.sum()), unknown.size, int(unknown.all(axis=1).sum()))


@dataclass
class Answers:
    """Tables of what an experiment says; a table that the design does not allow is not there.

    Parameters
    ----------
    result : of an experiment

    Attributes
    ----------
    tables : outcomes, effects, first, morris, sobol, shares, policies, winners, wins, dependence,
        robustness, boxes, leaves
    boxes : per block, as (scenario, policy, events, boxes): where it goes well
    leaves : the same as the leaves of a decision tree
    domains : per way to steer, as (scenario, policy, events, boxes): where it does better than all others
    criterion : what is good of the main outcome
    missing : per outcome how many runs have no value
    discovery_left_out : whether boxes were not looked for because the package for it is not installed
    """

    result: ExperimentResult
    tables: dict[str, pd.DataFrame] = field(init=False, default_factory=dict)
    boxes: list[tuple[str, str, str, list[Box]]] = field(init=False, default_factory=list)
    leaves: list[tuple[str, str, str, list[Box]]] = field(init=False, default_factory=list)
    domains: list[tuple[str, str, str, list[Box]]] = field(init=False, default_factory=list)
    discovery_left_out: bool = field(init=False, default=False)

    def __post_init__(self) -> None:
        import pandas as pd

        self.experiment = self.result.experiment
        self.points = self.result.points[~self.result.points["failed"]].reset_index(drop=True)
        self.factors = [name for name in self.experiment.factors if name in self.points]
        self.main = self.experiment.outcomes[0]
        self._values: dict[str, Values] = {}
        self.missing = {name: Missing.of(self.values(name)) for name in self.experiment.outcomes}
        self.blocks = list(self._blocks())
        self.criterion = criterion_of(self.experiment, self.main, lambda: self.means(self.main))
        rows: dict[str, list[pd.DataFrame]] = {}
        for name, table in self._made():
            rows.setdefault(name, []).append(table)
        self.tables = {name: pd.concat(parts, ignore_index=True) for name, parts in rows.items()}

    @property
    def measured(self) -> bool:
        """Whether any run has a value of the main outcome."""
        return self.missing[self.main].runs < self.missing[self.main].of_runs

    def direction(self, outcome: str) -> int:
        """Which direction of an outcome is welcome: MORE, LESS or NEITHER."""
        return direction_of(self.experiment, outcome)

    def does_most(self, effects: pd.DataFrame, outcome: str) -> pd.Series | None:
        """The main effect of a block that surely helps an outcome most, or moves it most where no direction is welcome."""
        return does_most(effects[effects["outcome"] == outcome], self.direction(outcome))

    def values(self, outcome: str) -> Values:
        """An outcome as array [point that did not fail, run], in the order of ``points``."""
        if outcome not in self._values:
            self._values[outcome] = self.result.values(outcome)
        return self._values[outcome]

    def means(self, outcome: str) -> Values:
        """Mean per point of an outcome over the runs that have a value; not-a-number where none has."""
        return means_of_known(self.values(outcome), equal_luck=False)

    def of_points(self, numbers: NDArray[np.int64], outcome: str) -> Values:
        """An outcome as array [point, replication] of points by their numbers."""
        return self.values(outcome)[np.searchsorted(self.points["point"].to_numpy(), numbers)]

    def of(self, block: Block, outcome: str) -> Values:
        """An outcome of a block as array [combination, replication], averaged over the worlds."""
        mean: Values = self.of_points(block.numbers, outcome).mean(axis=1)
        return mean

    # --- the points ---
    def _blocks(self) -> Iterator[Block]:
        for names, points in self.points.groupby(list(BLOCK), sort=False):
            scenario, policy, events = (str(name) for name in names)
            if self.experiment.worlds is None:
                yield Block(scenario, policy, events, points, points[["point"]].to_numpy())
                continue
            crossed = points.pivot_table(index="choice", columns="world", values="point", sort=False)
            whole = crossed.dropna()  # a combination without one of its worlds cannot be averaged
            if len(whole):
                first = points.drop_duplicates("choice").set_index("choice").loc[whole.index]
                yield Block(scenario, policy, events, first.reset_index(), whole.to_numpy(dtype=np.int64))

    # --- the tables ---
    def _made(self) -> Iterator[tuple[str, pd.DataFrame]]:
        yield "outcomes", self._outcomes()
        for block in self.blocks:
            for name, table in self._of_block(block):
                for place, part in enumerate(BLOCK):
                    table.insert(place, part, getattr(block, part))
                yield name, table
        yield from self._across()

    def _outcomes(self) -> pd.DataFrame:
        """Mean of each outcome per point with its 95 % interval."""
        import pandas as pd

        parts = []
        for name in self.experiment.outcomes:
            low, high = means_interval(self.values(name))
            part = {"point": self.points["point"], "outcome": name, "mean": self.means(name), "low": low, "high": high}
            parts.append(pd.DataFrame(part))
        return self.points.drop(columns=["key", "failed"]).merge(pd.concat(parts), on="point")

    def _of_block(self, block: Block) -> Iterator[tuple[str, pd.DataFrame]]:
        whole = len(block.points) * block.numbers.shape[1] == self._size(block)
        kind = self.experiment.design.kind
        for outcome in self.experiment.outcomes if whole else ():
            values = self.of(block, outcome)
            if self._two_level(block) and known_everywhere(values).any():
                yield "effects", _with_name(outcome, effects(block.points, values, self.factors))
                if outcome == self.main:
                    yield "first", first_of_all(block.points, values, self.factors, self.direction(outcome))
            if kind in ("morris", "sobol") and not np.isnan(values).all(axis=1).any():
                for name, table in self._indices(block, values):
                    yield name, _with_name(outcome, table)
        if kind in ("latin_hypercube", "sobol", "grid", "table") and len(block.points) >= LEAST_POINTS:
            if is_installed(WORKBENCH):
                yield from self._boxes(block)
            else:
                self.discovery_left_out = True

    def _size(self, block: Block) -> int:
        """How many points the block has when none failed."""
        points = self.result.points
        return int(np.logical_and.reduce([points[name] == getattr(block, name) for name in BLOCK]).sum())

    def _two_level(self, block: Block) -> bool:
        kind = self.experiment.design.kind in ("factorial", "fractional", "grid")
        return kind and len(self.factors) > 1 and all(block.points[name].nunique() == 2 for name in self.factors)

    def _indices(self, block: Block, values: Values) -> Iterator[tuple[str, pd.DataFrame]]:
        """Indices of the factors, and with Sobol's how much comes from what is chosen and from what is given."""
        equal_luck = self.experiment.equal_luck
        if self.experiment.design.kind == "sobol":
            yield "sobol", sobol_indices(self.factors, values, equal_luck=equal_luck)
            given = [name for name in self.factors if name in self.experiment.uncertainties]
            chosen = [name for name in self.factors if name not in given]
            groups = {"chosen": chosen, "given": given}
            yield "shares", shares_of_groups(self.factors, values, groups, equal_luck=equal_luck)
            return
        ends = [self.experiment.factors[name].ends for name in self.factors]
        low, high = np.array(ends).T
        places = (block.points[self.factors].to_numpy(dtype=float) - low) / (high - low)
        yield "morris", morris_indices(self.factors, places, values, equal_luck=equal_luck)

    def _boxes(self, block: Block) -> Iterator[tuple[str, pd.DataFrame]]:
        """Where it goes well, by either method; nowhere where neither more nor less is welcome."""
        # what is known is used: a point without some of its runs counts as its other runs have it
        means = self.means(self.main)[np.searchsorted(self.points["point"].to_numpy(), block.numbers)].mean(axis=1)
        known = ~np.isnan(means)
        inputs, good = block.points.loc[known, self.factors], self.criterion.good(means[known])
        for name, method, found in (("boxes", boxes, self.boxes), ("leaves", leaves, self.leaves)):
            drawn = _drawn(method, inputs, good)
            if drawn is not None:
                found.append((block.scenario, block.policy, block.events, drawn))
                if any(box.limits for box in drawn):
                    yield name, _limits_of(drawn)

    def _across(self) -> Iterator[tuple[str, pd.DataFrame]]:
        """What compares blocks: ways to steer on equal luck, and how choices hold up in every world."""
        if len(self.experiment.policies) > 1 and self.experiment.equal_luck:
            yield from (("policies", table) for table in self._policies())
            if self.factors and self.criterion.direction != NEITHER:
                yield from self._contests()
        if self.experiment.equal_luck and self.experiment.design.kind in ("grid", "factorial"):
            yield from self._dependence()
        choices, worlds = self.points["choice"].nunique(), self.points["world"].nunique()
        crossed = len(self.points) == choices * worlds and choices > 1 and worlds > 1
        known = not np.isnan(self.means(self.main)).any()
        if self.criterion.direction != NEITHER and crossed and known:
            yield "robustness", self._robustness()

    def _by_policy(self) -> Iterator[tuple[str, str, list[Block]]]:
        """Per scenario and course of events the blocks of all ways to steer, where no point of any of them failed."""
        order = [policy.id for policy in self.experiment.policies] or [""]
        grouped: dict[tuple[str, str], dict[str, Block]] = {}
        for block in self.blocks:
            grouped.setdefault((block.scenario, block.events), {})[block.policy] = block
        for (scenario, events), blocks in grouped.items():
            if len(blocks) == len(order) and len({block.numbers.shape for block in blocks.values()}) == 1:
                yield scenario, events, [blocks[name] for name in order]

    def _policies(self) -> Iterator[pd.DataFrame]:
        """Every way to steer against the first, run by run; combinations and worlds are averaged first."""
        order = [policy.id for policy in self.experiment.policies]
        for scenario, events, blocks in self._by_policy():
            for outcome in self.experiment.outcomes:
                values = np.stack([self.of(block, outcome).mean(axis=0) for block in blocks])
                table = paired(values, 0)
                for place, (name, column) in enumerate(
                    {"scenario": scenario, "events": events, "outcome": outcome, "policy": order}.items()
                ):
                    table.insert(place, name, column)
                yield table

    def _contests(self) -> Iterator[tuple[str, pd.DataFrame]]:
        """Which way to steer is the best in each combination of the factors, how often, and where."""
        order = [policy.id for policy in self.experiment.policies]
        for scenario, events, blocks in self._by_policy():
            numbers = [block.numbers.ravel() for block in blocks]
            values = self.criterion.sign * np.stack([self.of_points(row, self.main) for row in numbers])
            known = ~np.isnan(values).all(axis=2).any(axis=0)  # a way to steer without any value is no loser
            if not known.any():
                continue
            situations = self.points.set_index("point").loc[numbers[0][known], self.factors].reset_index(drop=True)
            found = winners(values[:, known])
            found["best"] = [order[number] if number != NOBODY else "" for number in found["best"]]
            for name, table in (("winners", situations.join(found)), ("wins", shares_of(found, order))):
                table.insert(0, "events", events)
                table.insert(0, "scenario", scenario)
                yield name, table
            if len(situations) >= LEAST_POINTS and is_installed(WORKBENCH):
                for policy in order:
                    peeled = _drawn(boxes, situations, (found["best"] == policy).to_numpy())
                    if peeled:
                        self.domains.append((scenario, policy, events, peeled))

    def _dependence(self) -> Iterator[tuple[str, pd.DataFrame]]:
        """Whether what a lever does depends on circumstances that it met all of, and on the way to steer."""
        worlds = self.experiment.worlds
        crossed = self.experiment.uncertainties if worlds is not None and worlds.kind == "grid" else ()
        given = [name for name in crossed if self.points[name].nunique() > 1]
        levers = [name for name in self.experiment.levers if self.points[name].nunique() > 1]
        order = [policy.id for policy in self.experiment.policies]
        if not levers or not (given or len(order) > 1):
            return
        for scenario, events, blocks in self._by_policy():
            numbers = np.concatenate([block.numbers.ravel() for block in blocks])
            values = self.of_points(numbers, self.main)
            if not known_everywhere(values).any():
                continue
            points = self.points.set_index("point").loc[numbers].reset_index()
            table = dependence(points, values, levers, given, order)
            table.insert(0, "events", events)
            table.insert(0, "scenario", scenario)
            yield "dependence", table

    def _robustness(self) -> pd.DataFrame:
        sign = self.criterion.sign
        choices, _, values = in_worlds(self.points, sign * self.means(self.main))
        table = robustness(values, sign * self.criterion.threshold)
        for name in ("mean", "worst"):
            table[name] *= sign
        levers = [name for name in self.experiment.levers if name in self.points]
        table["told"] = self._told_from_best(choices, values, int(table["best_worst"].to_numpy().argmax()))
        chosen = self.points.drop_duplicates("choice").set_index("choice").loc[choices, ["policy", *levers]]
        return chosen.reset_index().join(table)

    def _told_from_best(self, choices: list[int], values: Values, best: int) -> list[bool]:
        """Per choice whether its worst world is surely worse than that of the best choice, run by run."""
        by_place = self.points.pivot_table(index="choice", columns="world", values="point").loc[choices].to_numpy()
        numbers = by_place[np.arange(len(choices)), values.argmin(axis=1)].astype(np.int64)
        runs = self.criterion.sign * self.of_points(numbers, self.main)
        return [Estimate.of_mean(runs[best] - other).verdict() == HIGHER for other in runs]


def _drawn(
    method: Callable[[pd.DataFrame, NDArray[np.bool_]], list[Box]], inputs: pd.DataFrame, interest: NDArray[np.bool_]
) -> list[Box] | None:
    """Boxes of a method; None with too few points where it is so, or where it is not."""
    try:
        return method(inputs, interest)
    except InputError:
        return None


def _limits_of(drawn: list[Box]) -> pd.DataFrame:
    """One row per limit of each box."""
    import pandas as pd

    rows = [
        (number, limit.input, limit.low, limit.high, limit.chance, box.density, box.coverage, box.mass)
        for number, box in enumerate(drawn, 1)
        for limit in box.limits
    ]
    return pd.DataFrame(rows, columns=["box", "input", "low", "high", "chance", "density", "coverage", "mass"])


def _with_name(outcome: str, table: pd.DataFrame) -> pd.DataFrame:
    """A table with its outcome as first column."""
    table.insert(0, "outcome", outcome)
    return table
