"""Whether a chain resembles what was published about it: each indicator beside what the runs give for the same period.

The report, ``ketensim resemble`` and the documentation show what this file computes, and nothing else. A verdict says
that the mean over the runs lies within the tolerance that the scenario gives, not that the model is right: figures used
for calibration were aimed at, figures held back were not.
"""

from __future__ import annotations

import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Final

import numpy as np
from numpy.typing import NDArray

from ketensim.foundation.errors import InputError, Problem
from ketensim.foundation.outcome_table import CASE_TYPE_OUTCOME_NAMES, ORGANISATION_OUTCOME_NAMES, OUTCOME_NAMES
from ketensim.run.estimate import Estimate
from ketensim.run.results import position

if TYPE_CHECKING:
    from ketensim.run.results import Results
    from ketensim.scenario.content import Indicator
    from ketensim.scenario.schema import Scenario

RESEMBLES: Final = "resembles"
DIFFERS: Final = "differs"
NOT_COMPARABLE: Final = "not_comparable"
NO_OUTCOME: Final = "no_outcome"
OUTSIDE: Final = "outside"
UNKNOWN: Final = "unknown"
NO_TOLERANCE: Final = "no_tolerance"
KINDS: Final[Mapping[str, frozenset[str]]] = {
    "waiting": frozenset({"weeks_of_work"}),
    "backlog": frozenset({"open", "open_all", "waiting", "present", "blocked"}),
    "lead_time": frozenset({"lead_time_median", "lead_time_p90", "open_age_median", "open_age_p90"}),
    "administration": frozenset({"administration_share"}),
    "turnover": frozenset({"staff_left"}),
    "within_norm": frozenset({"goal_realisation", "goal_realisation_closed"}),
}
FIRST: Final = 8  # runs that a test repeats
Values = NDArray[np.float64]
Series = Callable[..., Values]


@dataclass(frozen=True)
class Likeness:
    """A published figure and its simulated counterpart.

    Attributes
    ----------
    indicator : the published figure, with its source and tolerance
    simulated : mean over the runs, in the indicator's unit; not-a-number when there is none
    low, high : range of the middle 80 % of the runs
    verdict : resembles, differs or not_comparable
    reason : why it cannot be compared: no_outcome, outside (no simulated weeks in its period), unknown (no run has a
        value in it) or no_tolerance; empty when it can
    """

    indicator: Indicator
    simulated: float
    low: float
    high: float
    verdict: str
    reason: str


def resemblance(results: Results) -> tuple[Likeness, ...]:
    """Every indicator of a scenario beside what its runs give, in the order of the file.

    Parameters
    ----------
    results : with the weeks of every run

    Raises
    ------
    InputError : the ensemble was too large to keep the weeks; use the first of its runs, with ``weekly=True``
    """
    return tuple(likeness(indicator, of_runs(results, indicator)) for indicator in results.scenario.indicators)


def likeness(indicator: Indicator, values: Values | None) -> Likeness:
    """The verdict on one indicator.

    Parameters
    ----------
    indicator : the published figure
    values : array [run], in its unit; empty when no simulated week lies in its period, None when the model has no
        outcome for it
    """
    known = np.empty(0) if values is None else values[~np.isnan(values)]
    if values is None:
        return _not_comparable(indicator, NO_OUTCOME)
    if not len(known):
        return _not_comparable(indicator, UNKNOWN if len(values) else OUTSIDE)
    estimate = Estimate.of_middle(known)
    return likeness_to(indicator, estimate.mean, estimate.low, estimate.high)


def likeness_to(indicator: Indicator, mean: float, low: float, high: float) -> Likeness:
    """The verdict on an indicator whose simulated counterpart is known; arguments as the attributes of ``Likeness``."""
    if indicator.tolerance is None:
        return Likeness(indicator, mean, low, high, NOT_COMPARABLE, NO_TOLERANCE)
    verdict = RESEMBLES if abs(mean - indicator.value) <= indicator.tolerance else DIFFERS
    return Likeness(indicator, mean, low, high, verdict, "")


def of_runs(results: Results, indicator: Indicator) -> Values | None:
    """The simulated counterpart of an indicator in each run: array [run]; see ``likeness`` for empty and None."""
    weeks = weeks_of(results.scenario, indicator)
    if indicator.outcome is not None and weeks.start >= min(weeks.stop, results.scenario.weeks):
        return np.empty(0)
    return simulated(results.scenario, indicator, partial(weekly_series, results))


# --- what a simulation gives for a published figure: the same outcome over the same period, in the same unit ----------
def weeks_of(scenario: Scenario, indicator: Any) -> slice:
    """The reported weeks that an indicator is about; without dates all of them."""
    first = 0 if indicator.since is None else max(0, scenario.week_of_date(indicator.since))
    last = scenario.weeks if indicator.until is None else scenario.week_of_date(indicator.until) + 1
    return slice(first, max(first, last))


def simulated(scenario: Scenario, indicator: Any, series: Series) -> Values | None:
    """The simulated counterpart of an indicator, mean over the weeks of its period.

    Parameters
    ----------
    scenario : the chain that was simulated
    indicator : one of its published figures
    series : gives the weekly values [..., week] of an outcome by its name, of the chain (None), of an organisation, or of a
        case type, which is then a third argument

    Returns
    -------
    array [...] in the unit of the indicator, not-a-number where no week has a value; None when it has no outcome
    """
    if indicator.outcome is None:
        return None
    weeks = weeks_of(scenario, indicator)
    kind = getattr(indicator, "case_type", None)
    part = (indicator.organisation,) if kind is None else (None, kind)

    def mean(outcome: str) -> Values:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", RuntimeWarning)  # a period without any value is not-a-number, and meant so
            return np.asarray(np.nanmean(series(outcome, *part)[..., weeks], axis=-1))

    value = indicator.scale * mean(indicator.outcome)
    return np.asarray(value / mean(indicator.per) if indicator.per is not None else value)


# --- kept beside the documentation ---------------------------------------------------------------------------------
def to_record(results: Results) -> dict[str, Any]:
    """What is kept of a resemblance, to be written as JSON: its provenance and, per indicator, the simulated figures.

    Returns
    -------
    mapping with runs, what ``Results.provenance`` says, and figures: per indicator simulated, low, high, reason, and
    ``first``, the mean over the first ``FIRST`` runs, by which a test sees in a moment whether the model still gives
    the same
    """
    first = first_runs(results)
    figures = {
        like.indicator.id: {
            "simulated": _or_none(like.simulated), "low": _or_none(like.low), "high": _or_none(like.high),
            "reason": like.reason, "first": first[like.indicator.id],
        }
        for like in resemblance(results)
    }  # fmt: skip
    return {"runs": results.number_of_runs, **results.provenance, "figures": figures}


def from_record(indicators: Sequence[Indicator], record: Mapping[str, Any]) -> tuple[Likeness, ...]:
    """The likenesses that a record holds, with the verdicts that today's tolerances give.

    Raises
    ------
    KeyError : an indicator that the record does not know
    """
    likenesses = []
    for indicator in indicators:
        kept = record["figures"][indicator.id]
        if kept["simulated"] is None:
            likenesses.append(_not_comparable(indicator, kept["reason"]))
        else:
            likenesses.append(likeness_to(indicator, kept["simulated"], kept["low"], kept["high"]))
    return tuple(likenesses)


def first_runs(results: Results) -> dict[str, float | None]:
    """Per indicator the mean of its simulated counterpart over the first ``FIRST`` runs; None when there is none."""
    means: dict[str, float | None] = {}
    for indicator in results.scenario.indicators:
        values = of_runs(results, indicator)
        known = np.empty(0) if values is None else values[:FIRST][~np.isnan(values[:FIRST])]
        means[indicator.id] = float(known.mean()) if len(known) else None
    return means


def kinds_without_figure(indicators: Sequence[Indicator]) -> tuple[str, ...]:
    """The kinds of figure, out of ``KINDS``, of which a scenario has none that can be laid beside an outcome."""
    outcomes = {indicator.outcome for indicator in indicators}
    return tuple(kind for kind, names in KINDS.items() if not names & outcomes)


def weekly_series(results: Results, outcome: str, organisation: str | None, case_type: str | None = None) -> Values:
    """An outcome of the chain, of an organisation or of a case type, [run, week]."""
    if results.weekly_values is None or results.organisation_values is None:
        raise InputError([Problem("error.weekly_not_kept", "simulate", {})])
    if case_type is not None and results.case_type_values is not None:
        kind = [part.id for part in results.scenario.case_types].index(case_type)
        column = position(outcome, list(CASE_TYPE_OUTCOME_NAMES), "error.unknown_outcome")
        return np.asarray(results.case_type_values[:, :, kind, column], dtype=float)
    if organisation is None:
        column = position(outcome, list(OUTCOME_NAMES), "error.unknown_outcome")
        return np.asarray(results.weekly_values[:, :, column], dtype=float)
    place = [part.id for part in results.scenario.organisations].index(organisation)
    column = position(outcome, list(ORGANISATION_OUTCOME_NAMES), "error.unknown_outcome")
    return np.asarray(results.organisation_values[:, :, place, column], dtype=float)


def _not_comparable(indicator: Indicator, reason: str) -> Likeness:
    return Likeness(indicator, float("nan"), float("nan"), float("nan"), NOT_COMPARABLE, reason)


def _or_none(number: float) -> float | None:
    return None if np.isnan(number) else number
