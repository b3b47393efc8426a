"""What a setting does to the goal, as the explore page reads it: two curves by quarter, their difference, a number."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from ketensim.app.curves import GOAL, page_numbers
from ketensim.foundation.mathematics import WEEKS_PER_YEAR
from ketensim.run.comparison import known_mean
from ketensim.run.estimate import HIGHER, LOWER, Estimate, student_quantile
from ketensim.run.results import Results, exact_band
from ketensim.texts import t
from ketensim.views.drawing.reading import Reading
from ketensim.views.report.conclusions import QUARTER, Conclusion, goal_conclusions

Curve = dict[str, Any]  # goal realisation by quarter, as a page reads it
Effect = dict[str, Any]  # what a setting does to it, as a page reads it
BAND_OF_QUARTERS: Final = ("p10", "p90", "mean")


def by_quarter(weekly: np.ndarray) -> np.ndarray:
    """Mean of the known weeks of each quarter.

    Parameters
    ----------
    weekly : array [run, week]; a last quarter may be shorter

    Returns
    -------
    array [run, quarter]; not-a-number where no week is known

    Examples
    --------
    >>> by_quarter(np.array([[1.0] * 13 + [np.nan, 3.0]])).tolist()
    [[1.0, 3.0]]
    """
    runs, weeks = weekly.shape
    quarters = -(-weeks // QUARTER)
    whole = np.full((runs, quarters * QUARTER), np.nan)
    whole[:, :weeks] = weekly
    parts = whole.reshape(runs, quarters, QUARTER)
    known = ~np.isnan(parts)
    number = known.sum(axis=2)
    total = np.where(known, parts, 0.0).sum(axis=2)
    means: np.ndarray = np.divide(total, number, out=np.full_like(total, np.nan), where=number > 0)
    return means


def goal_by_quarter(results: Results) -> np.ndarray:
    """Goal realisation of the cases that came in each quarter, array [run, quarter]."""
    return by_quarter(weekly_goal(results))


def weekly_goal(results: Results) -> np.ndarray:
    """Goal realisation, array [run, week]; an ensemble that grows keeps its weeks."""
    assert results.weekly_values is not None
    return results.weekly_values[:, :, GOAL]


def goal_curve(results: Results, language: str) -> Curve:
    """Goal realisation over time with its band, and the sentence that says what is seen."""
    reading = Reading(results)
    band = exact_band(goal_by_quarter(results))
    said = " ".join(
        conclusion.sentence(language, reading.scenario.words(language)) for conclusion in goal_conclusions(reading)
    )
    return {
        **{name: page_numbers(band[name]) for name in BAND_OF_QUARTERS},
        "runs": results.number_of_runs,
        "sentence": said,
    }


def goal_line(results: Results) -> Curve:
    """The mean alone, for a chain that something is laid beside."""
    return {"mean": page_numbers(exact_band(goal_by_quarter(results))["mean"])}


def effect_on_goal(results: Results, against: Results | None, language: str) -> Effect:
    """The numbers of every hundred cases, and by quarter the difference with the chain without the changes.

    Parameters
    ----------
    results : of what is shown
    against : of the chain without the changes, on the same luck and with as many runs or more; None = nothing beside it
    language : of the words

    Returns
    -------
    ``now`` (in words), ``runs``; with something beside it ``before``, ``change`` and ``later`` in words, ``judged``, and by
    quarter ``mean``, ``low``, ``high``: the difference with the 95 % interval of its mean
    """
    goal, runs = results.summary[:, GOAL], results.number_of_runs
    if against is None:
        return {"now": _hundred(known_mean(goal), language), "runs": runs}
    whole = against.summary[:, GOAL]
    found = Estimate.of_mean_beside(goal - whole[:runs], whole)
    before = known_mean(whole)
    return {
        "now": _hundred(before + found.mean, language),
        "before": _hundred(before, language),
        "change": _change(found, language),
        "points": None if np.isnan(found.mean) else round(100 * found.mean, 4),
        "later": _later(results, against, language),
        "judged": {HIGHER: "better", LOWER: "worse"}.get(found.verdict(), ""),
        "runs": runs,
        **_by_quarter(results, against),
    }


def _by_quarter(results: Results, against: Results) -> dict[str, list[float | None]]:
    runs = results.number_of_runs
    difference = goal_by_quarter(results) - by_quarter(weekly_goal(against)[:runs])
    known = (~np.isnan(difference)).sum(axis=0)
    mean = np.divide(np.nansum(difference, axis=0), known, out=np.full(known.shape, np.nan), where=known > 0)
    spread = np.where(np.isnan(difference), 0.0, (difference - mean) ** 2).sum(axis=0)
    free = np.maximum(known - 1, 1)
    half = np.where(known > 1, student_quantile(free) * np.sqrt(spread / free / np.maximum(known, 1)), np.nan)
    return {"mean": page_numbers(mean), "low": page_numbers(mean - half), "high": page_numbers(mean + half)}


def _change(difference: Estimate, language: str) -> str:
    if difference.nought:
        return t("app.goal.effect.none", language)
    key = "change" if difference.sure else "unsure"
    facts = {"mean": difference.mean, "low": difference.low, "high": difference.high}
    return t(f"app.goal.effect.{key}", language, **facts) if difference.known else ""


def _later(results: Results, against: Results, language: str) -> str:
    """What the change is of the last year whose cases are known, because what people learn takes time."""
    runs = results.number_of_runs
    now, was = weekly_goal(results), weekly_goal(against)[:runs]
    known = np.flatnonzero(~np.isnan(now).all(axis=0))
    if len(known) < 2 * WEEKS_PER_YEAR:
        return ""
    year = known[-WEEKS_PER_YEAR:]
    difference = Estimate.of_mean(np.nanmean(now[:, year], axis=1) - np.nanmean(was[:, year], axis=1))
    return Conclusion("app.goal.effect.later", {"mean": difference.mean}).sentence(language) if difference.sure else ""


def _hundred(share: float, language: str) -> str:
    return "–" if np.isnan(share) else t("app.goal.effect.hundred", language, share=share)
