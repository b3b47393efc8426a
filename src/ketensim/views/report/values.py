"""Values of outcomes as people write them: as percentages or on a scale, with few decimals, with a sign when they differ."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final

import numpy as np

from ketensim.foundation.outcome_table import LOSSES, OUTCOME_OF, Outcome
from ketensim.run.comparison import judged
from ketensim.run.estimate import Estimate
from ketensim.texts import CASES, t, word

REPORTED: Final = (
    "goal_realisation",
    "open",
    "waiting",
    "lead_time_median",
    "open_age_median",
    "dropped",
    "returns_per_case",
    "administration_share",
    "trust_persons",
    "trust_agreements",
    "trust_vertical",
    "interventions",
    "incidents",
    "costs_per_case",
    "costs_per_realised",
)  # outcomes that stand in the tables of a report
PERCENTAGES: Final = frozenset(
    {
        "goal_realisation",
        *LOSSES,
        "goal_realisation_closed",
        "administration_share",
        "utilisation",
        "under_intervention",
        "own_target",
    }
)  # other shares are told on a scale from 0 to 1
DECIMALS: Final = {"weeks": 1, "cases": 0, "share": 2, "returns": 2, "full-time equivalents": 0}
FEW: Final = 20  # smaller counts keep a decimal
EUROS: Final = "euros per "
FIGURES: Final = 3  # of an amount in a sentence: nobody knows what a case costs to the euro


def written_value(outcome: str, number: float, language: str, beside: float | None = None) -> str:
    """A value of an outcome, with as many decimals as the number beside it."""
    if np.isnan(number):
        return "–"
    if outcome in PERCENTAGES:
        return t("report.percent", language, value=number)
    return t(f"report.decimals_{_decimals(outcome, number if beside is None else beside)}", language, value=number)


def written_change(outcome: str, number: float, language: str, beside: float) -> str:
    """A difference between two values of an outcome, with its sign; between percentages in percentage points."""
    if np.isnan(number):
        return "–"
    if outcome in PERCENTAGES:
        return t("report.points", language, value=number)
    return t(f"report.change_{_decimals(outcome, beside)}", language, value=number)


def written_verdict(outcome: str, difference: Estimate, shown: Iterable[str], language: str) -> str:
    """What a difference is worth, in a word; one that is certain but shows as nought is not called better or worse.

    Parameters
    ----------
    outcome : name of an outcome
    difference : mean and 95 % interval
    shown : the difference and the ends of its interval as the reader sees them
    """
    verdict = judged(outcome, difference)
    certain = verdict in ("better", "worse", "other")
    if certain and not any(digit in "123456789" for text in shown for digit in text):
        verdict = "hardly"
    return t(f"report.judged.{verdict}", language)


def written_whole(number: float, language: str) -> str:
    """A number without decimals, a dash when it is not known."""
    return t("report.decimals_0", language, value=number)


def label_with_unit(outcome: str, language: str, over: str, words: Mapping[str, str] = CASES) -> str:
    """Label of an outcome with its unit; a sum is told over the ``whole`` period or per ``year``.

    Words say what the chain handles (``Scenario.words``), silent = cases.
    """
    row = OUTCOME_OF[outcome]
    label = t(f"outcome.{outcome}.label", language, **words)
    if row.summary == "sum":
        return t(f"report.over.{over}", language, label=label)
    if outcome in PERCENTAGES or row.unit in ("returns", "cases"):
        return label
    unit = word("report.scale" if row.unit == "share" else _unit_key(row), language)
    return t("report.over.unit", language, label=label, unit=unit)


def unit_of(outcome: str, language: str) -> str:
    """What stands behind a value of an outcome in a sentence; nothing where label or value says it already."""
    row = OUTCOME_OF[outcome]
    if row.summary == "sum":
        return t("report.over.all_weeks", language)
    if outcome in PERCENTAGES or row.unit == "cases":
        return ""
    return t("report.over.scale", language) if row.unit == "share" else word(_unit_key(row), language)


def _unit_key(row: Outcome) -> str:
    return "unit.euro" if row.unit.startswith(EUROS) else f"unit.{row.unit}"  # the label says per what euros are


def in_euros(amount: float) -> float:
    """An amount as it is told: three figures, and never cents.

    Examples
    --------
    >>> in_euros(14_738.0), in_euros(612.4)
    (14700.0, 612.0)
    """
    if np.isnan(amount) or amount == 0:
        return amount
    return float(round(amount, min(0, FIGURES - 1 - int(np.floor(np.log10(abs(amount)))))))


def few_decimals(number: float) -> float:
    """Two decimals below ten, one below a hundred, none above.

    Examples
    --------
    >>> few_decimals(3.14159), few_decimals(31.4159), few_decimals(314.159)
    (3.14, 31.4, 314.0)
    """
    size = abs(number)
    return round(number, 2 if size < 10 else 1 if size < 100 else 0)


def column_names(language: str, *names: str, **words: str) -> list[str]:
    """Headings of columns; words say what the chain handles (``Scenario.words``), silent = cases."""
    return [t(f"report.column.{name}", language, **words) for name in names]


def _decimals(outcome: str, number: float) -> int:
    unit = OUTCOME_OF[outcome].unit
    return DECIMALS[unit] if unit in DECIMALS else int(abs(number) < FEW)
