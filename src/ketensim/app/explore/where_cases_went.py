"""Where every hundred cases went and what they cost, beside the chain without the changes, as the explore page reads it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np

from ketensim.foundation.mathematics import WEEKS_PER_YEAR
from ketensim.foundation.outcome_table import OUTCOME_NAMES
from ketensim.run.comparison import judged, paired_difference
from ketensim.run.ledger import LEDGER
from ketensim.run.results import Results
from ketensim.texts import t
from ketensim.views.drawing.palette import LEDGER_COLOURS
from ketensim.views.drawing.reading import Reading
from ketensim.views.report.costs import PER_REALISED
from ketensim.views.report.hundred_cases import HUNDRED, TENTHS, adding_up, is_known, shares_of_ledger
from ketensim.views.report.values import in_euros

STRIPES: Final = {"late": 45, "handover": 135, "own_course": 45, "open": 135}  # degrees, by what became of a case
LOST: Final = tuple(name for name in LEDGER if name != "realised")
PER_YEAR: Final = "costs"
MILLION: Final = 1e6
Ledger = dict[str, Any]  # where the cases went, as a page reads it


def where_cases_went(results: Results, against: Results | None, language: str) -> Ledger | None:
    """What became of every hundred cases, in tenths that add up, and what they cost.

    Parameters
    ----------
    results : of what is shown
    against : of the chain without the changes, on the same luck and with as many runs or more; None = nothing to lay beside
    language : of the words

    Returns
    -------
    None when the run is too short to know
    """
    reading, other = Reading(results), None if against is None else Reading(against)
    now, before = _tenths(reading), None if other is None else _tenths(other)
    if now is None:
        return None
    rows = []
    for name, outcome in LEDGER.items():
        verdict = "" if against is None else _judged(results, against, outcome)
        rows.append(
            {
                "name": name,
                "label": t(f"report.ledger.name.{name}", language),
                "colour": f"var(--{LEDGER_COLOURS[name]})",
                "turn": STRIPES.get(name),
                "now": now[name] / TENTHS,
                "before": None if before is None else before[name] / TENTHS,
                "judged": verdict,
                "verdict": t(f"report.judged.{verdict}", language) if verdict else "",
            }
        )
    told = "" if against is None else largest_move(rows, language)
    return {"rows": rows, "costs": costs_in_words(reading, other, language), "moved": told}


def largest_move(rows: Sequence[Mapping[str, Any]], language: str) -> str:
    """The loss that became most or least of all, in a sentence; or that none did for certain."""
    sure = [row for row in rows if row["name"] in LOST and row["judged"] in ("better", "worse")]
    if not sure:
        return t("app.goal.ledger.unmoved", language)
    most = max(sure, key=lambda row: abs(row["now"] - row["before"]))
    facts = {"label": most["label"][0].lower() + most["label"][1:], "before": most["before"], "now": most["now"]}
    return t(f"app.goal.ledger.{most['judged']}", language, **facts)


def costs_in_words(reading: Reading, other: Reading | None, language: str) -> str:
    """What a year of the chain costs, and a case that reached the goal; with what that was without the changes."""
    (year, realised), words = _costs(reading), reading.scenario.words(language)
    if np.isnan(realised):
        return t("app.goal.ledger.costs_nothing_realised", language, year=year)
    if other is None or np.isnan(_costs(other)[1]):
        return t("app.goal.ledger.costs", language, year=year, realised=in_euros(realised), **words)
    year_before, realised_before = _costs(other)
    facts = {"year_before": year_before, "realised_before": in_euros(realised_before)}
    return t("app.goal.ledger.costs_beside", language, year=year, realised=in_euros(realised), **facts, **words)


def _tenths(reading: Reading) -> Mapping[str, int] | None:
    ledger = shares_of_ledger(reading)
    return adding_up(ledger, HUNDRED * TENTHS) if is_known(ledger) else None


def _costs(reading: Reading) -> tuple[float, float]:
    """Of a year of the chain, in millions of euros, and of a case that reached the goal, in euros."""
    year = reading.of_runs(PER_YEAR).mean * WEEKS_PER_YEAR / len(reading.weeks)
    return year / MILLION, reading.of_runs(PER_REALISED).mean


def _judged(results: Results, against: Results, outcome: str) -> str:
    place = OUTCOME_NAMES.index(outcome)
    before, now = against.summary[: results.number_of_runs, place], results.summary[:, place]
    return judged(outcome, paired_difference(before, now).difference)
