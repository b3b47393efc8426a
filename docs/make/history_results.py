"""What was kept of the pieces of history, and how its numbers are written; simulates nothing."""

from __future__ import annotations

import datetime
import json
from typing import Any

from docs.make.timeline import timeline
from experiments.history import replay

from ketensim.analysis.resemblance import Likeness, from_record
from ketensim.texts import t, word
from ketensim.views.drawing.marks import Mark
from ketensim.views.report.values import few_decimals


def kept_of(name: str) -> dict[str, Any]:
    """What was kept of a case."""
    kept: dict[str, Any] = json.loads(replay.results_of(name).read_text("utf-8"))
    return kept


def likenesses(name: str, variant: str) -> tuple[Likeness, ...]:
    """The published figures of a case beside the chain as it went (``with``) or a variant of it."""
    case = replay.cases()[name]
    known = {indicator.id: indicator for indicator in replay.scenario_of(case).indicators}
    return from_record([known[each] for each in case.reported], {"figures": kept_of(name)["reported"][variant]})


def marks_in(case: replay.Case, language: str) -> list[Mark]:
    """What happened in the period of a case, by its own date, numbered anew."""
    by_date: dict[datetime.date, list[str]] = {}
    for happening in timeline(replay.scenario_of(case), language):
        if case.since <= happening.date <= case.until:
            by_date.setdefault(happening.date, []).append(happening.what)
    return [Mark(str(number), date, tuple(lines)) for number, (date, lines) in enumerate(by_date.items(), 1)]


def label_with_unit(measure: replay.Measure, language: str) -> str:
    """What a measure is called, with its unit."""
    label = measure.label.in_language(language)
    return label if measure.unit in ("share", "scale") else f"{label} ({word(f'unit.{measure.unit}', language)})"


def number(value: float, unit: str, language: str) -> str:
    """A number of a measure as people write it."""
    if unit == "share":
        return t("report.percent", language, value=value)
    return t("report.number", language, value=few_decimals(value))
