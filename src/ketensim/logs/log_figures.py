"""What of a log can be laid beside a simulation, week by week, and as figures of a scenario file.

A figure is the mean over the weeks of a part of the period. The first two thirds are for setting the chain, the rest is
held back. How far a simulation may be off is our assumption: 15 %, and never less than one week, one case or five points.
"""

from __future__ import annotations

import datetime
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ketensim.logs.endings import UNSAID, WITHDRAWN
from ketensim.logs.log_chain import FROM_LOG, Say
from ketensim.logs.log_weeks import LogWeeks
from ketensim.scenario.content import USES
from ketensim.scenario.numbers import Text

TOLERANCE: Final = 0.15  # of the figure
LEAST: Final = 1.0  # week or case
CALIBRATED: Final = 2 / 3  # of the period
LEAST_KNOWN: Final = 4  # weeks with a value that a figure needs
UNITS: Final = {
    "arrived": "cases/week",
    "open": "cases",
    "present": "cases",
    "lead_time_median": "weeks",
    "lead_time_p90": "weeks",
    "goal_realisation_closed": "share",
    "dropped": "cases/week",
}
LEAST_SHARE: Final = 0.05
Values = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Measured:
    """A series of a log.

    Attributes
    ----------
    outcome : the outcome of the model that it can be laid beside
    organisation, case_type : whose, by its place; both None = the chain
    weekly : [week], not-a-number where nothing was closed
    """

    outcome: str
    organisation: int | None
    case_type: int | None
    weekly: Values


def measured_series(log: LogWeeks, norm: Values, scale: int = 1) -> list[Measured]:
    """Every series of a log: arrivals, open cases, cases at each organisation, lead times, and how cases ended if that is said.

    Parameters
    ----------
    norm : weeks within which a case has to be done, [type], where it has no deadline of its own
    scale : how many cases of the log one of the chain stands for
    """
    arrivals, present, lead = log.arrivals() / scale, log.present() / scale, log.lead_times()
    found = [
        Measured("arrived", None, None, arrivals.sum(axis=0)),
        Measured("open", None, None, log.open_cases() / scale),
    ]
    found += [Measured(name, None, None, weekly) for name, weekly in lead.items()]
    found += [Measured("present", place, None, row) for place, row in enumerate(present)]
    for kind, row in enumerate(arrivals if len(log.types) > 1 else ()):
        found.append(Measured("arrived", None, kind, row))
        found += [Measured(name, None, kind, weekly) for name, weekly in log.lead_times(kind).items()]
    if (log.ending != UNSAID).any():
        found.append(Measured("goal_realisation_closed", None, None, log.closed_right(norm)))
    if (log.ending == WITHDRAWN).any():
        found.append(Measured("dropped", None, None, log.withdrawn() / scale))
    return found


def parts_of_period(log: LogWeeks) -> dict[str, slice]:
    """The weeks by which the chain is set, and those that are held back."""
    begin = min(log.filled_from, log.weeks // 2)
    middle = begin + round((log.weeks - begin) * CALIBRATED)
    return dict(zip(USES, (slice(begin, middle), slice(middle, log.weeks)), strict=True))


def mean_of(weekly: Values, part: slice) -> float:
    """Mean of the weeks with a value, not-a-number when there are too few."""
    known = weekly[part]
    if np.sum(~np.isnan(known)) < LEAST_KNOWN:
        return float("nan")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        return float(np.nanmean(known))


def indicators_of(
    log: LogWeeks, series: list[Measured], organisations: list[str], types: list[str], say: Say
) -> Iterator[dict[str, Any]]:
    """The figures of a log as indicators of a scenario file."""
    for use, part in parts_of_period(log).items():
        since = log.start + datetime.timedelta(weeks=part.start)
        until = log.start + datetime.timedelta(weeks=part.stop, days=-1)
        for one in series:
            value = mean_of(one.weekly, part)
            if np.isnan(value):
                continue
            whose = organisations[one.organisation] if one.organisation is not None else (
                types[one.case_type] if one.case_type is not None else ""
            )  # fmt: skip
            name = f"{one.outcome.replace('_', ' ')} {whose}".strip()[:48]
            yield {
                "id": f"{name} {'1' if use == USES[0] else '2'}",
                "label": _label(one, whose, log, say),
                "unit": UNITS[one.outcome],
                "outcome": one.outcome,
                **({"organisation": whose} if one.organisation is not None else {}),
                **({"case_type": whose} if one.case_type is not None else {}),
                "value": round(value, 3),
                "source": FROM_LOG,
                "certainty": "high",
                "since": since,
                "until": until,
                "tolerance": round(
                    max(TOLERANCE * abs(value), LEAST_SHARE if UNITS[one.outcome] == "share" else LEAST), 3
                ),
                "used_for": use,
            }


def _label(one: Measured, whose: str, log: LogWeeks, say: Say) -> Text:
    """What a figure is about, in all languages; ``whose`` is the short name of its organisation or case type."""
    place = one.case_type if one.organisation is None else one.organisation
    names = log.types if one.organisation is None else log.organisations
    if place is None or names[place]:
        return say(f"figure.{one.outcome}", whose=f" ({whose})" if whose else "")
    others = say("other_short")
    facts = {language: f" ({others.in_language(language)})" for language in Text.model_fields}
    said = {language: say(f"figure.{one.outcome}", whose=whose) for language, whose in facts.items()}
    return Text(**{language: text.in_language(language) for language, text in said.items()})
