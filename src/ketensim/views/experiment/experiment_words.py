"""What the report of an experiment says in words: names of factors, boxes and conclusions as sentences, tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Final

import numpy as np

from ketensim.analysis.answers import Answers
from ketensim.analysis.discovery import Box, Limit
from ketensim.experiment.design_parts import CIRCUMSTANCES
from ketensim.experiment.run_parts import OF_STOPPING
from ketensim.foundation.outcome_table import LESS, MORE, NEITHER, OUTCOME_OF
from ketensim.foundation.parameters import LEVER_NAMES
from ketensim.scenario import files
from ketensim.texts import CASES, enumerated, t, word
from ketensim.views.drawing.table import Table
from ketensim.views.report.values import PERCENTAGES

if TYPE_CHECKING:
    import pandas as pd

CIRCUMSTANCE_NAMES: Final = tuple(row.name for row in CIRCUMSTANCES)
SHARES: Final = (
    "satisficing",
    "higher",
    "lower",
    "first",
    "density",
    "coverage",
    "mass",
    "first_order",
    "wins",
    "sure_wins",
)
MOST_ROWS: Final = 12
SHOWS_AS_NOUGHT: Final = 0.05  # smaller differences, in percentage points, get more decimals
WHOLE: Final = 1000.0  # larger differences are told without decimals and without a power of ten


class Words:
    """Names and numbers of one experiment in one language."""

    def __init__(self, answers: Answers, language: str) -> None:
        self.answers = answers
        self.language = language
        experiment = answers.experiment
        self._policies = {policy.id: policy.label for policy in experiment.policies}
        self._events = {course.id: course.label for course in experiment.events}
        chains = {
            experiment.scenario_name(place): files.load(answers.result.folder / experiment.scenario[place])
            for place in range(len(experiment.scenario))
        }
        self._scenarios = {name: chain.title for name, chain in chains.items()}
        said = [chain.words(language) for chain in chains.values()]
        self.handled: Mapping[str, str] = said[0] if len(said) == 1 else CASES  # several chains together handle cases

    def t(self, key: str, **facts: object) -> str:
        """A text about experiments."""
        return t(f"experiment.{key}", self.language, **facts)

    def factor(self, name: str) -> str:
        """What a factor is called."""
        organisation, _, short = name.rpartition(".")
        section = (
            "lever" if short in LEVER_NAMES else "experiment.factor" if short in CIRCUMSTANCE_NAMES else "parameter"
        )
        label = word(f"{section}.{short}", self.language)
        return f"{label} ({organisation})" if organisation else label

    def factors(self, name: str, other: str) -> str:
        """One factor, or two together."""
        return f"{self.factor(name)} × {self.factor(other)}" if other else self.factor(name)

    def outcome(self, name: str) -> str:
        """What an outcome is called; one of somebody's own has its name only."""
        if name in OF_STOPPING:
            return self.t(f"of_stopping.{name}")
        return t(f"outcome.{name}.label", self.language, **self.handled) if name in OUTCOME_OF else name

    def scenario(self, name: str) -> str:
        """What a chain is called."""
        return self._scenarios[name].in_language(self.language)

    def policy(self, name: str) -> str:
        """What a way to steer is called."""
        label = self._policies.get(name)
        return word(f"policy.{name}", self.language) if label is None else label.in_language(self.language)

    def events(self, name: str) -> str:
        """What a course of events is called."""
        return self._events[name].in_language(self.language) if name in self._events else name

    def block(self, scenario: str, policy: str, events: str) -> str:
        """What tells a block from the others; the chain's name when there is only one block."""
        experiment = self.answers.experiment
        parts = [
            self.scenario(scenario) if len(experiment.scenario) > 1 else "",
            self.policy(policy) if len(experiment.policies) > 1 else "",
            self.events(events) if len(experiment.events) > 1 else "",
        ]
        return ", ".join(part for part in parts if part) or self.scenario(scenario)

    def number(self, value: float, outcome: str = "", *, signed: bool = False) -> str:
        """A number as people write it; shares of a whole as percentages, differences of them in points."""
        if signed and outcome in PERCENTAGES and 0.0 < 100 * abs(value) < SHOWS_AS_NOUGHT:
            return self.t("fine", value=100 * value)
        if outcome in PERCENTAGES or outcome in SHARES:
            return self.t("points" if signed else "share", value=value)
        if not signed:
            return self.t("number", value=value)
        return self.t("signed_whole" if abs(value) >= WHOLE else "signed", value=value)

    def difference(self, value: float, outcome: str = "") -> str:
        """A difference in an outcome, or in the main one, with its unit, for in a sentence."""
        named = outcome or self.answers.main
        number = self.number(value, named, signed=True)
        return self.t("in_points", value=number) if named in PERCENTAGES else number

    def main(self) -> str:
        """The main outcome in the middle of a sentence."""
        return small(self.outcome(self.answers.main))

    # --- sentences ---
    def limit(self, limit: Limit) -> str:
        """Between which values a factor lies in a box."""
        if limit.low is None:
            return self.t("limit.below", factor=self.lower(limit.input), high=limit.high)
        if limit.high is None:
            return self.t("limit.above", factor=self.lower(limit.input), low=limit.low)
        return self.t("limit.between", factor=self.lower(limit.input), low=limit.low, high=limit.high)

    def lower(self, name: str) -> str:
        """A factor in the middle of a sentence."""
        return small(self.factor(name))

    def wanted(self) -> str:
        """What is good enough."""
        criterion = self.answers.criterion
        key = "at_most" if criterion.direction == LESS else "at_least"
        return self.t(f"wanted.{key}", outcome=self.main(), value=self.number(criterion.threshold, self.answers.main))

    def made_up(self) -> str:
        """That nobody said what is good enough; nothing where somebody did."""
        return self.t("wanted.made_up", wanted=self.wanted()) if self.answers.criterion.made_up else ""

    def way(self) -> str:
        """``more``, ``less`` or ``neither``, as is welcome of the main outcome: the ending of a key of the catalogue."""
        return {MORE: "more", LESS: "less", NEITHER: "neither"}[self.answers.criterion.direction]

    def box(self, box: Box) -> str:
        """A box as a sentence."""
        limits = enumerated([self.limit(limit) for limit in box.limits], self.language)
        facts = {"density": box.density, "coverage": box.coverage, "mass": box.mass}
        return self.t("box", limits=limits, wanted=self.wanted(), everywhere=self.everywhere(), **facts)

    def leaf(self, box: Box) -> str:
        """A leaf of a decision tree as a sentence."""
        limits = enumerated([self.limit(limit) for limit in box.limits], self.language)
        facts = {"density": box.density, "coverage": box.coverage, "mass": box.mass}
        return self.t("leaf", limits=limits, wanted=self.wanted(), **facts)

    def everywhere(self) -> float:
        """Share of all points with a known outcome that are good enough."""
        means = self.answers.means(self.answers.main)
        return float(np.mean(self.answers.criterion.good(means[~np.isnan(means)])))

    def circumstances(self, scenario: str, events: str) -> str:
        """Chain and course of events before a sentence that compares ways to steer; nothing when there is only one of each."""
        return f"{self.block(scenario, '', events)}: " if len(self.answers.experiment.scenario) > 1 or events else ""

    def choice(self, row: pd.Series) -> str:
        """A choice in words: its way to steer and its levers."""
        levers = [name for name in self.answers.experiment.levers if name in row.index]
        parts = [self.policy(row["policy"])] if row["policy"] else []
        parts += [f"{self.lower(name)} {self.t('number', value=row[name])}" for name in levers]
        return ", ".join(parts)

    # --- tables ---
    def table(self, rows: pd.DataFrame, columns: tuple[str, ...]) -> Table:
        """Some columns of a table in words.

        Parameters
        ----------
        rows : at most a dozen are shown
        columns : names of columns; numbers are written as those of the main outcome
        """
        headings = [self.t(f"column.{self.heading(column)}") for column in columns]
        cells = [[self.cell(row, column) for column in columns] for _, row in rows.iterrows()]
        numeric = frozenset(
            place for place, column in enumerate(columns) if column not in ("what", "choice", "policy", "alias")
        )
        return Table(headings, cells, numeric)

    def heading(self, column: str) -> str:
        """The key of a column's heading: in how many runs it is better, where a direction is welcome."""
        welcome = {"higher": "more", "lower": "less"}.get(column)
        return "better" if welcome is not None and welcome == self.way() else column

    def cell(self, row: pd.Series, column: str) -> str:
        """One cell in words."""
        if column == "what":
            other = str(row.get("other", "") or "")
            return self.factors(row["factor" if "factor" in row.index else "input"], other)
        if column == "choice":
            return self.choice(row)
        if column == "policy":
            return self.policy(row["policy"])
        if column in ("higher", "lower") and row["policy"] == self.answers.experiment.policies[0].id:
            return ""
        if column == "alias":
            pairs = [name.split(" × ") for name in str(row["alias"]).split(", ") if name]
            return ", ".join(" × ".join(self.factor(name) for name in pair) for pair in pairs)
        if column == "ranks" and row["rank_low"] == row["rank_high"]:
            return self.t("number", value=int(row["rank_low"]))
        if column == "ranks":
            return self.t("ranks", low=int(row["rank_low"]), high=int(row["rank_high"]))
        if column.startswith("best_"):
            return self.t("yes") if row[column] else ""
        signed = column in ("effect", "low", "high", "difference")
        outcome = column if column in SHARES else self.answers.main
        return self.number(float(row[column]), outcome, signed=signed)


def small(label: str) -> str:
    """A label in the middle of a sentence."""
    return label[:1].lower() + label[1:]
