"""What an experiment says: tidy tables from its result, each method where the design allows it.

A block is one scenario under one way to steer and one course of events. Inside a block the outcome of a combination of
levers is averaged over the worlds it met, replication by replication, so that equal luck stays equal.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ketensim.analysis.dependence import dependence
from ketensim.analysis.discovery import LEAST_POINTS, WORKBENCH, Box, boxes
from ketensim.analysis.effects import by_point, does_most, effects, first_of_all, paired
from ketensim.analysis.robustness import in_worlds, robustness
from ketensim.analysis.sensitivity import morris_indices, sobol_indices
from ketensim.analysis.winners import shares_of, winners
from ketensim.experiment.result import ExperimentResult
from ketensim.foundation.errors import InputError
from ketensim.foundation.outcome_table import LESS, MORE, OUTCOME_OF
from ketensim.run.estimate import Estimate
from ketensim.run.extras import is_installed

if TYPE_CHECKING:
    import pandas as pd

BLOCK: Final = ("scenario", "policy", "events")
BEST: Final = 0.75  # without a wish, good is what the best quarter of the points reaches
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


@dataclass
class Answers:
    """Tables of what an experiment says; a table that the design does not allow is not there.

    Parameters
    ----------
    result : of an experiment

    Attributes
    ----------
    tables : outcomes, effects, first, morris, sobol, policies, winners, wins, dependence,
        robustness, boxes
    boxes : per block, as (scenario, policy, events, boxes): where it goes well
    domains : per way to steer, as (scenario, policy, events, boxes): where it does better than all others
    threshold : what is good enough of the main outcome
    discovery_left_out : whether boxes were not looked for because the package for it is not installed
    """

    result: ExperimentResult
    tables: dict[str, pd.DataFrame] = field(init=False, default_factory=dict)
    boxes: list[tuple[str, str, str, list[Box]]] = field(init=False, default_factory=list)
    domains: list[tuple[str, str, str, list[Box]]] = field(init=False, default_factory=list)
    threshold: float = field(init=False, default=float("nan"))
    discovery_left_out: bool = field(init=False, default=False)

    def __post_init__(self) -> None:
        import pandas as pd

        self.experiment = self.result.experiment
        self.points = self.result.points[~self.result.points["failed"]].reset_index(drop=True)
        self.factors = [name for name in self.experiment.factors if name in self.points]
        self.main = self.experiment.outcomes[0]
        self.blocks = list(self._blocks())
        self.threshold = self._wanted()
        rows: dict[str, list[pd.DataFrame]] = {}
        for name, table in self._made():
            rows.setdefault(name, []).append(table)
        self.tables = {name: pd.concat(parts, ignore_index=True) for name, parts in rows.items()}

    def less_is_better(self, outcome: str) -> bool:
        """Whether less of an outcome is better: as the experiment says, else as the table of outcomes has it."""
        wish = self.experiment.wanted.get(outcome)
        return OUTCOME_OF[outcome].direction == LESS if wish is None else wish.at_most is not None

    def does_most(self, effects: pd.DataFrame, outcome: str) -> pd.Series | None:
        """The main effect of a block that surely helps an outcome most, or moves it most where no direction is welcome."""
        wish, direction = self.experiment.wanted.get(outcome), OUTCOME_OF[outcome].direction
        if wish is not None:
            direction = LESS if self.less_is_better(outcome) else MORE
        return does_most(effects[effects["outcome"] == outcome], direction)

    def good(self, means: Values) -> NDArray[np.bool_]:
        """Whether means of the main outcome are good enough."""
        good: NDArray[np.bool_] = means <= self.threshold if self.less_is_better(self.main) else means >= self.threshold
        return good

    def of(self, block: Block, outcome: str) -> Values:
        """An outcome of a block as array [combination, replication], averaged over the worlds."""
        values = by_point(self.result.runs, block.numbers.ravel().tolist(), outcome)
        mean: Values = values.reshape(*block.numbers.shape, -1).mean(axis=1)
        return mean

    def mean_of(self, numbers: NDArray[np.int64], outcome: str) -> Values:
        """Mean over the runs of an outcome per point."""
        means = self.result.runs.groupby("point")[outcome].mean()
        return means.reindex(numbers).to_numpy(dtype=float)

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

    def _wanted(self) -> float:
        wish = self.experiment.wanted.get(self.main)
        if wish is not None:
            return float(wish.at_least if wish.at_least is not None else wish.at_most or 0.0)
        share = 1 - BEST if self.less_is_better(self.main) else BEST
        return float(np.nanquantile(self.mean_of(self.points["point"].to_numpy(), self.main), share))

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

        grouped = self.result.runs.groupby("point")
        parts = []
        for name in self.experiment.outcomes:
            estimates = grouped[name].apply(lambda values: Estimate.of_mean(values.to_numpy()))
            rows = [(point, name, mean.mean, mean.low, mean.high) for point, mean in estimates.items()]
            parts.append(pd.DataFrame(rows, columns=["point", "outcome", "mean", "low", "high"]))
        return self.points.drop(columns=["key", "failed"]).merge(pd.concat(parts), on="point")

    def _of_block(self, block: Block) -> Iterator[tuple[str, pd.DataFrame]]:
        whole = len(block.points) * block.numbers.shape[1] == self._size(block)
        kind = self.experiment.design.kind
        if whole and self._two_level(block):
            for outcome in self.experiment.outcomes:
                table = effects(block.points, self.of(block, outcome), self.factors)
                table.insert(0, "outcome", outcome)
                yield "effects", table
            sign = -1.0 if self.less_is_better(self.main) else 1.0
            yield "first", first_of_all(block.points, sign * self.of(block, self.main), self.factors)
        if whole and kind in ("morris", "sobol"):
            for outcome in self.experiment.outcomes:
                table = self._indices(block, outcome)
                table.insert(0, "outcome", outcome)
                yield kind, table
        if kind in ("latin_hypercube", "sobol", "grid") and len(block.points) >= LEAST_POINTS:
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

    def _indices(self, block: Block, outcome: str) -> pd.DataFrame:
        values = self.of(block, outcome)
        if self.experiment.design.kind == "sobol":
            return sobol_indices(self.factors, values)
        ends = [self.experiment.factors[name].ends for name in self.factors]
        low, high = np.array(ends).T
        places = (block.points[self.factors].to_numpy(dtype=float) - low) / (high - low)
        return morris_indices(self.factors, places, values)

    def _boxes(self, block: Block) -> Iterator[tuple[str, pd.DataFrame]]:
        import pandas as pd

        good = self.good(self.of(block, self.main).mean(axis=1))
        peeled = _peeled(block.points[self.factors], good)
        if peeled is None:
            return
        self.boxes.append((block.scenario, block.policy, block.events, peeled))
        rows = [
            (number, limit.input, limit.low, limit.high, limit.chance, box.density, box.coverage, box.mass)
            for number, box in enumerate(peeled, 1)
            for limit in box.limits
        ]
        if rows:
            columns = ["box", "input", "low", "high", "chance", "density", "coverage", "mass"]
            yield "boxes", pd.DataFrame(rows, columns=columns)

    def _across(self) -> Iterator[tuple[str, pd.DataFrame]]:
        """What compares blocks: ways to steer on equal luck, and how choices hold up in every world."""
        if len(self.experiment.policies) > 1 and self.experiment.equal_luck:
            yield from (("policies", table) for table in self._policies())
            if self.factors:
                yield from self._contests()
        if self.experiment.equal_luck and self.experiment.design.kind in ("grid", "factorial"):
            yield from self._dependence()
        table = self.points[["choice", "world"]]
        crossed = len(table) == table["choice"].nunique() * table["world"].nunique()
        known = not np.isnan(self.mean_of(self.points["point"].to_numpy(), self.main)).any()
        if crossed and known and table["choice"].nunique() > 1 and table["world"].nunique() > 1:
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
        sign = -1.0 if self.less_is_better(self.main) else 1.0
        for scenario, events, blocks in self._by_policy():
            numbers = [block.numbers.ravel().tolist() for block in blocks]
            values = sign * np.stack([by_point(self.result.runs, row, self.main) for row in numbers])
            situations = self.points.set_index("point").loc[numbers[0], self.factors].reset_index(drop=True)
            found = winners(values)
            found["best"] = [order[number] for number in found["best"]]
            for name, table in (("winners", situations.join(found)), ("wins", shares_of(found, order))):
                table.insert(0, "events", events)
                table.insert(0, "scenario", scenario)
                yield name, table
            if len(situations) >= LEAST_POINTS and is_installed(WORKBENCH):
                for policy in order:
                    peeled = _peeled(situations, (found["best"] == policy).to_numpy())
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
            numbers = np.concatenate([block.numbers.ravel() for block in blocks]).tolist()
            points = self.points.set_index("point").loc[numbers].reset_index()
            table = dependence(points, by_point(self.result.runs, numbers, self.main), levers, given, order)
            table.insert(0, "events", events)
            table.insert(0, "scenario", scenario)
            yield "dependence", table

    def _robustness(self) -> pd.DataFrame:
        sign = -1.0 if self.less_is_better(self.main) else 1.0
        means = sign * self.mean_of(self.points["point"].to_numpy(), self.main)
        choices, _, values = in_worlds(self.points, means)
        table = robustness(values, sign * self.threshold)
        for name in ("mean", "worst"):
            table[name] *= sign
        levers = [name for name in self.experiment.levers if name in self.points]
        chosen = self.points.drop_duplicates("choice").set_index("choice").loc[choices, ["policy", *levers]]
        return chosen.reset_index().join(table)


def _peeled(inputs: pd.DataFrame, interest: NDArray[np.bool_]) -> list[Box] | None:
    """Boxes; None with too few points where it is so, or where it is not."""
    try:
        return boxes(inputs, interest)
    except InputError:
        return None
