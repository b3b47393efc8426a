"""Settings side by side as the compare page reads them: plain values, and in words which is better and how sure.

A difference is said to be one that may be chance when the 95 % interval of the mean paired difference holds nought.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

import numpy as np

from ketensim.app.beside import NOBODY, Names, as_link_value
from ketensim.app.compare.columns import LETTERS, changes_from, name_of
from ketensim.app.compare.equal_luck import Side, SideBySide
from ketensim.app.curves import GOAL, page_numbers
from ketensim.app.setting import Setting, scenario_of
from ketensim.foundation.mathematics import WEEKS_PER_YEAR
from ketensim.foundation.outcome_table import OUTCOME_NAMES, OUTCOME_OF
from ketensim.run.comparison import judged, known_mean, paired_difference
from ketensim.run.estimate import CANNOT_BE_TOLD, HIGHER, LOWER, Estimate
from ketensim.run.results import exact_band
from ketensim.texts import t

DRAWN: Final = ("mean", "p10", "p90")  # of the band of a column
SMALL: Final = 0.01  # a difference in goal realisation that is shown but small: one case in a hundred


@dataclass(frozen=True)
class ComparedOutcome:
    """An outcome that is compared: its name, and how it is written."""

    name: str
    kind: str

    @property
    def place(self) -> int:
        """Its column in a summary."""
        return OUTCOME_NAMES.index(self.name)

    def scale(self, weeks: int) -> float:
        """What its summary is multiplied by: sums over a run are told per year."""
        return WEEKS_PER_YEAR / weeks if self.kind == "per_year" else 1.0


COMPARED: Final = (
    ComparedOutcome("goal_realisation", "share"),
    ComparedOutcome("lead_time_median", "weeks"),
    ComparedOutcome("open", "cases"),
    ComparedOutcome("administration_share", "share"),
    ComparedOutcome("interventions", "per_year"),
    ComparedOutcome("trust_persons", "share"),
    ComparedOutcome("trust_agreements", "share"),
)


@dataclass(frozen=True)
class Difference:
    """How an outcome of a column differs from the first column: the estimate, and the share of the runs in which it is higher."""

    outcome: ComparedOutcome
    estimate: Estimate
    higher: float

    @property
    def verdict(self) -> str:
        """That of the estimate; ``same`` when no run differs, ``unknown`` when there is no estimate."""
        if not self.estimate.known:
            return "unknown"
        return "same" if self.estimate.nought else self.estimate.verdict()

    @property
    def judgement(self) -> str:
        """``better``, ``worse``, ``other`` when neither is welcome, ``cannot_be_told``, ``same`` or ``unknown``."""
        return judged(self.outcome.name, self.estimate) if self.estimate.known else "unknown"


def board(shown: SideBySide, present: Setting, language: str, called: Names = NOBODY) -> dict[str, Any]:
    """Everything that the page shows of settings side by side.

    Parameters
    ----------
    shown : the settings and their runs
    present : the setting that the visitor has now
    language : of the words
    called : what somebody called settings
    """
    settings, first = shown.settings, shown.settings[0]
    words = scenario_of(first).words(language)
    weeks = scenario_of(first).weeks
    different = [column_differences(shown.sides[0], side, weeks) for side in shown.sides]
    names = [name_of(setting, present, language, called) for setting in settings]
    named = [
        t("compare.named", language, letter=letter, name=name) for letter, name in zip(LETTERS, names, strict=False)
    ]
    columns = [
        {
            **{"letter": LETTERS[place], "name": names[place], "now": setting == present},
            "own_name": called.get(as_link_value(setting), ""),
            "changes": changes_from(first, setting, language) if place else [],
            "share": page_numbers([known_mean(side.summary[:, GOAL])])[0],
            **{name: page_numbers(values) for name, values in exact_band(side.goal).items() if name in DRAWN},
            "advice": list(advice(different[place], LETTERS[place], LETTERS[0], language, words)) if place else [],
        }
        for place, (setting, side) in enumerate(zip(settings, shown.sides, strict=True))
    ]
    rows = [_row(place, outcome, shown, different, language) for place, outcome in enumerate(COMPARED)]
    return {"runs": shown.runs, "columns": columns, "rows": rows, "best": best_column(shown, named, language)}


def column_differences(first: Side, other: Side, weeks: int) -> list[Difference]:
    """Per outcome that is compared how a column differs from the first."""
    pairs = [
        (outcome, paired_difference(first.summary[:, outcome.place], other.summary[:, outcome.place]))
        for outcome in COMPARED
    ]
    return [Difference(outcome, pair.difference.times(outcome.scale(weeks)), pair.b_higher) for outcome, pair in pairs]


def advice(
    differences: Sequence[Difference],
    name: str,
    first: str,
    language: str,
    words: Mapping[str, str] = MappingProxyType({}),
) -> Iterator[str]:
    """What an adviser would say about a column beside the first; both are called by their letters.

    Words say what the chain handles (``Scenario.words``), silent = cases.
    """
    goal, *others = differences
    size, ends = abs(goal.estimate.mean), sorted((abs(goal.estimate.low), abs(goal.estimate.high)))
    facts: dict[str, Any] = {"name": name, "first": first, "size": 100 * size, "runs": goal.higher, **words}
    facts |= {"low": 100 * ends[0], "high": 100 * ends[1]}
    yield t(f"compare.goal.{goal.verdict}", language, **facts)
    if goal.verdict in (HIGHER, LOWER):
        often = {0.0: "never", 1.0: "always"}.get(goal.higher, goal.verdict)
        yield t(f"compare.goal.runs_{often}", language, **facts)
        if size < SMALL:
            yield t("compare.goal.small", language)
    for judgement in ("better", "worse", "other", CANNOT_BE_TOLD):
        if moved := [_in_a_sentence(other, language, words) for other in others if other.judgement == judgement]:
            yield t(f"compare.also.{judgement}", language, told=moved)


def best_column(shown: SideBySide, named: Sequence[str], language: str) -> str:
    """Which column brings most cases to a good end, and how sure that is."""
    if len(named) == 1:
        return t("compare.alone", language)
    means = [known_mean(side.summary[:, GOAL]) for side in shown.sides]
    if not np.isfinite(means).all():
        return t("compare.unknown", language)
    best = int(np.argmax(means))
    weeks = scenario_of(shown.settings[0]).weeks
    against = [column_differences(side, shown.sides[best], weeks)[0].verdict for side in shown.sides]
    equal = [name for place, name in enumerate(named) if place != best and against[place] == "same"]
    doubt = [name for place, name in enumerate(named) if place != best and against[place] == CANNOT_BE_TOLD]
    if len(equal) == len(named) - 1:
        return t("compare.all_equal", language)
    key = "doubt" if doubt or equal else "clear" if len(named) > 2 else "clear_of_two"
    words = scenario_of(shown.settings[0]).words(language)
    return t(f"compare.best.{key}", language, name=named[best], share=means[best], others=[*doubt, *equal], **words)


def _in_a_sentence(difference: Difference, language: str, words: Mapping[str, str]) -> str:
    """An outcome and its difference, as part of a sentence."""
    name, kind = difference.outcome.name, difference.outcome.kind
    if difference.judgement == CANNOT_BE_TOLD:
        return t(f"compare.label.{name}", language, **words)
    size = t(f"compare.size.{kind}", language, size=abs(difference.estimate.mean))
    return t(f"compare.moved.{name}.{difference.verdict}", language, size=size, **words)


def _row(
    place: int, outcome: ComparedOutcome, shown: SideBySide, different: Sequence[Sequence[Difference]], language: str
) -> dict[str, Any]:
    scenario = scenario_of(shown.settings[0])
    scale = outcome.scale(scenario.weeks)
    means = [scale * known_mean(side.summary[:, outcome.place]) for side in shown.sides]
    return {
        "name": outcome.name,
        "label": t(f"compare.row.{outcome.name}", language, **scenario.words(language)),
        "short": t(f"outcome.{outcome.name}.label", language, **scenario.words(language)),
        "welcome": OUTCOME_OF[outcome.name].direction,
        "values": [t(f"compare.value.{outcome.kind}", language, value=mean) for mean in means],
        "numbers": [float(mean) if np.isfinite(mean) else None for mean in means],
        "marks": [_mark(differences[place], language) for differences in different[1:]],
    }


def _mark(difference: Difference, language: str) -> dict[str, Any]:
    estimate, known = difference.estimate, difference.verdict != "unknown"
    facts = {"difference": estimate.mean, "low": estimate.low, "high": estimate.high}
    return {
        **{name: float(value) if known else None for name, value in facts.items()},
        "judgement": difference.judgement,
        "interval": t(f"compare.interval.{difference.outcome.kind}", language, **facts) if known else "–",
    }
