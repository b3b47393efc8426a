"""Settings side by side as the compare page reads them: plain values, and in words which is better and how sure.

A difference is told as one that may be chance when the 95 % interval of the mean paired difference holds nought.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from ketensim.app.compare.columns import LETTERS, changes, name_of
from ketensim.app.compare.equal_luck import GOAL, Side, SideBySide
from ketensim.app.curves import plain
from ketensim.app.setting import Setting, scenario_of
from ketensim.foundation.mathematics import WEEKS_PER_YEAR
from ketensim.foundation.outcome_table import BAND, MORE, NEITHER, OUTCOME_NAMES, OUTCOME_OF
from ketensim.run.comparison import known_mean, paired_difference
from ketensim.run.estimate import CANNOT_BE_TOLD, HIGHER, LOWER, Estimate
from ketensim.run.results import exact_band
from ketensim.texts import t

SMALL: Final = 0.01  # a difference in goal realisation that is shown but small: one case in a hundred


@dataclass(frozen=True)
class Row:
    """An outcome that is compared: its name, and how it is written."""

    name: str
    kind: str


ROWS: Final = (
    Row("goal_realisation", "share"),
    Row("lead_time_median", "weeks"),
    Row("open", "cases"),
    Row("administration_share", "share"),
    Row("interventions", "per_year"),
    Row("trust_persons", "share"),
    Row("trust_agreements", "share"),
)


@dataclass(frozen=True)
class Difference:
    """How an outcome of a column differs from the first column: the estimate, and the share of the runs in which it is higher."""

    row: Row
    estimate: Estimate
    higher: float

    @property
    def verdict(self) -> str:
        """That of the estimate; ``same`` when no run differs, ``unknown`` when there is no estimate."""
        if not self.estimate.known:
            return "unknown"
        return "same" if self.estimate.nought else self.estimate.verdict()

    @property
    def judged(self) -> str:
        """``better``, ``worse``, ``other`` when neither is welcome, ``cannot_be_told``, ``same`` or ``unknown``."""
        if self.verdict not in (HIGHER, LOWER):
            return self.verdict
        direction = OUTCOME_OF[self.row.name].direction
        if direction == NEITHER:
            return "other"
        return "better" if (self.verdict == HIGHER) == (direction == MORE) else "worse"


def page(shown: SideBySide, present: Setting, language: str) -> dict[str, Any]:
    """Everything that the page shows of settings side by side."""
    settings, first = shown.settings, shown.settings[0]
    weeks = scenario_of(first).weeks
    different = [differences(shown.sides[0], found, weeks) for found in shown.sides]
    named = [named_column(place, one, present, language) for place, one in enumerate(settings)]
    columns = [
        {
            **{"letter": LETTERS[place], "name": name_of(one, present, language), "now": one == present},
            "changes": changes(one, first, language) if place else [],
            "share": plain([known_mean(found.summary[:, GOAL])])[0],
            **{name: plain(band[name]) for band in [exact_band(found.goal)] for name in BAND},
            "said": list(sentences(different[place], LETTERS[place], LETTERS[0], language)) if place else [],
        }
        for place, (one, found) in enumerate(zip(settings, shown.sides, strict=True))
    ]
    rows = [_row(number, shown, different, weeks, language) for number in range(len(ROWS))]
    return {"runs": shown.runs, "columns": columns, "rows": rows, "said": summary(shown, named, language)}


def named_column(place: int, setting: Setting, present: Setting, language: str) -> str:
    """A column in a sentence: its letter and its name."""
    return t("compare.named", language, letter=LETTERS[place], name=name_of(setting, present, language))


def differences(first: Side, other: Side, weeks: int) -> list[Difference]:
    """Per outcome of ROWS how a column differs from the first."""
    found = []
    for row in ROWS:
        place = OUTCOME_NAMES.index(row.name)
        pair = paired_difference(first.summary[:, place], other.summary[:, place])
        found.append(Difference(row, pair.difference.times(_scale(row, weeks)), pair.b_higher))
    return found


def sentences(found: Sequence[Difference], name: str, first: str, language: str) -> Iterator[str]:
    """What an adviser would say about a column beside the first; both are called by their letters."""
    goal = found[0]
    size, ends = abs(goal.estimate.mean), sorted((abs(goal.estimate.low), abs(goal.estimate.high)))
    facts = {"name": name, "first": first, "size": 100 * size, "runs": goal.higher}
    facts |= {"low": 100 * ends[0], "high": 100 * ends[1]}
    if goal.verdict in (HIGHER, LOWER):
        yield t(f"compare.goal.{goal.verdict}", language, **facts)
        often = {0.0: "never", 1.0: "always"}.get(goal.higher, goal.verdict)
        yield t(f"compare.goal.runs_{often}", language, **facts)
        if size < SMALL:
            yield t("compare.goal.small", language)
    else:
        yield t(f"compare.goal.{goal.verdict}", language, **facts)
    for judged in ("better", "worse", "other", CANNOT_BE_TOLD):
        if told := [_moved(one, language) for one in found[1:] if one.judged == judged]:
            yield t(f"compare.also.{judged}", language, told=told)


def summary(shown: SideBySide, named: Sequence[str], language: str) -> str:
    """Which column brings most cases to a good end, and how sure that is."""
    if len(named) == 1:
        return t("compare.alone", language)
    means = [known_mean(found.summary[:, GOAL]) for found in shown.sides]
    if not np.isfinite(means).all():
        return t("compare.unknown", language)
    best = int(np.argmax(means))
    weeks = scenario_of(shown.settings[0]).weeks
    against = [differences(found, shown.sides[best], weeks)[0].verdict for found in shown.sides]
    equal = [name for place, name in enumerate(named) if place != best and against[place] == "same"]
    doubt = [name for place, name in enumerate(named) if place != best and against[place] == CANNOT_BE_TOLD]
    if len(equal) == len(named) - 1:
        return t("compare.all_equal", language)
    key = "doubt" if doubt or equal else "clear" if len(named) > 2 else "clear_of_two"
    return t(f"compare.best.{key}", language, name=named[best], share=means[best], others=[*doubt, *equal])


def _moved(found: Difference, language: str) -> str:
    """An outcome and its difference, as part of a sentence."""
    if found.judged == CANNOT_BE_TOLD:
        return t(f"compare.label.{found.row.name}", language)
    facts = {"size": t(f"compare.size.{found.row.kind}", language, size=abs(found.estimate.mean))}
    return t(f"compare.moved.{found.row.name}.{found.verdict}", language, **facts)


def _row(
    number: int, shown: SideBySide, different: Sequence[Sequence[Difference]], weeks: int, language: str
) -> dict[str, Any]:
    row = ROWS[number]
    means = [known_mean(found.summary[:, OUTCOME_NAMES.index(row.name)]) for found in shown.sides]
    scale = _scale(row, weeks)
    marks = []
    for found in [one[number] for one in different[1:]]:
        estimate = found.estimate
        facts = {"difference": estimate.mean, "low": estimate.low, "high": estimate.high}
        known = found.verdict != "unknown"
        marks.append(
            {
                **{name: float(value) if known else None for name, value in facts.items()},
                "judged": found.judged,
                "told": t(f"compare.interval.{row.kind}", language, **facts) if known else "–",
            }
        )
    return {
        "name": row.name,
        "label": t(f"compare.row.{row.name}", language),
        "short": t(f"outcome.{row.name}.label", language),
        "welcome": OUTCOME_OF[row.name].direction,
        "values": [t(f"compare.value.{row.kind}", language, value=scale * mean) for mean in means],
        "numbers": [float(scale * mean) if np.isfinite(mean) else None for mean in means],
        "marks": marks,
    }


def _scale(row: Row, weeks: int) -> float:
    """Sums over a run are told per year."""
    return WEEKS_PER_YEAR / weeks if row.kind == "per_year" else 1.0
