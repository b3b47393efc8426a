"""What the results say, as keys and facts: the conclusions of a report, without their words.

Each finding is counted from results; the limits that turn a number into a word stand at the top of this file.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ketensim.views.layers import flows
from ketensim.views.reading import YEAR, Reading, Table, column, over_year

CHANGE_OF_SHARE: Final = 0.03  # a smaller change is told as "about the same"
CHANGE_OF_TRUST: Final = 0.04
CHANGE_OF_QUEUE: Final = 0.15  # of what it was
NARROW: Final = 0.10  # range of the middle 80 % of the runs
WIDE: Final = 0.25
LONG_QUEUE: Final = 2.0  # weeks of work
MANY_BLOCKED: Final = 0.1  # of the open cases
BUSY: Final = 0.97  # utilisation
MORE_THAN_MEAN: Final = 0.03  # share above the mean of the other organisations
MUCH_REWORK: Final = 0.2  # of the hours on cases
SHRINKING: Final = 0.05  # of the staff
DRIFTING: Final = 0.15
OFTEN_OVERSEEN: Final = 0.15  # of the weeks
QUARTER: Final = 13  # weeks
LEAKS: Final = ("hours_rework", "hours_reporting_politics", "hours_compliance")
FACTS: Final = ("a", "b", "difference", "low", "high", "b_higher")
REPORTING: Final = ("hours_reporting_politics", "hours_reporting_both", "hours_reporting_operation")
RELATIONS: Final = ("hours_agreements", "hours_trust")


@dataclass(frozen=True)
class Finding:
    """One thing that the results say: the key of its sentence and the facts in it."""

    key: str
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Bottleneck:
    """The organisation where most work waits, in weeks of work, and why."""

    organisation: str
    weeks: float
    reasons: tuple[Finding, ...]
    by_places: bool = False


def of_goal(reading: Reading) -> Iterator[Finding]:
    """What happened to goal realisation."""
    whole = reading.of_runs("goal_realisation")
    if np.isnan(whole.mean):
        yield Finding("report.goal.unknown")
        return
    yield Finding("report.goal.whole", {"share": whole.mean, "of_hundred": round(100 * whole.mean)})
    mean = reading.mean("goal_realisation")
    first, last = over_year(mean, 0), over_year(mean, -1)
    if int((~np.isnan(mean)).sum()) >= 2 * YEAR:
        yield Finding(f"report.goal.{moved(first, last, CHANGE_OF_SHARE)}", {"first": first, "last": last})


def of_spread(reading: Reading) -> Iterator[Finding]:
    """How far the runs lie apart."""
    whole = reading.of_runs("goal_realisation")
    if np.isnan(whole.mean):
        return
    if reading.run_count < 2:
        yield Finding("report.spread.one_run")
        return
    share = reading.results.parameter_share("goal_realisation")
    if share is not None:
        key = "report.spread.drawn_few" if np.isnan(share) else "report.spread.drawn"
        yield Finding(key, {"low": whole.low, "high": whole.high, "parameters": share, "luck": 1.0 - share})
        return
    width = whole.high - whole.low
    kind = "narrow" if width < NARROW else "wide" if width > WIDE else "middle"
    yield Finding(f"report.spread.{kind}", {"low": whole.low, "high": whole.high, "runs": reading.run_count})


def of_energy(reading: Reading) -> Iterator[Finding]:
    """Where the hours went and how that changed."""
    shares = reading.hour_shares()
    facts = {
        "cases": shares["hours_case_work"],
        "reporting": sum(shares[name] for name in REPORTING),
        "relations": sum(shares[name] for name in RELATIONS),
        "own": shares["hours_own_work"],
        "idle": shares["hours_idle"],
    }
    yield Finding("report.energy.shares", facts)
    yield Finding(
        "report.energy.leak", {"leak": sum(shares[name] for name in LEAKS)} | {name: shares[name] for name in LEAKS}
    )
    if len(reading.weeks) >= 2 * YEAR:
        last = len(reading.weeks)
        begin, end = reading.hour_shares(0, YEAR), reading.hour_shares(last - YEAR, last)
        first_leak, last_leak = (sum(part[name] for name in LEAKS) for part in (begin, end))
        yield Finding(
            f"report.energy.{moved(first_leak, last_leak, CHANGE_OF_SHARE / 3)}",
            {"first": first_leak, "last": last_leak},
        )


def of_waiting(reading: Reading) -> Iterator[Finding]:
    """Open cases, lead times of closed cases and the age of open ones."""
    open_cases = reading.mean("open")
    first, last = over_year(open_cases, 0), over_year(open_cases, -1)
    kind = moved(first, last, CHANGE_OF_QUEUE * max(first, 1.0))
    yield Finding(f"report.waiting.{kind}", {"first": round(first), "last": round(last)})
    closed, still_open = over_year(reading.mean("lead_time_median"), -1), over_year(reading.mean("open_age_median"), -1)
    if not np.isnan(closed) and not np.isnan(still_open):
        kind = "hidden" if still_open > closed * (1 + CHANGE_OF_QUEUE) else "alike"
        yield Finding(f"report.lead_time.{kind}", {"closed": closed, "open": still_open})


def of_trust(reading: Reading) -> Iterator[Finding]:
    """What happened to trust, and how often administrators intervened."""
    for name in ("trust_persons", "trust_agreements", "trust_vertical"):
        series = reading.mean(name)
        first, last = float(np.nanmean(series[:QUARTER])), float(np.nanmean(series[-QUARTER:]))
        yield Finding(f"report.{name}.{moved(first, last, CHANGE_OF_TRUST)}", {"first": first, "last": last})
    years = len(reading.weeks) / YEAR
    facts = {
        "per_year": reading.of_runs("interventions").mean / years,
        "share": float(np.nanmean(reading.mean("under_intervention"))),
    }
    yield Finding("report.interventions.few" if facts["per_year"] < 1 else "report.interventions.many", facts)


def of_comparison(table: Table, other: str) -> Finding:
    """Whether goal realisation differs from that of another chain on equal luck."""
    place = [str(name) for name in table["outcome"]].index("goal_realisation")
    facts: dict[str, Any] = {name: float(column(table, name)[place]) for name in FACTS}
    verdict = "better" if facts["low"] > 0 else "worse" if facts["high"] < 0 else "undecided"
    return Finding(f"report.compare.{verdict}", facts | {"size": 100 * abs(facts["difference"]), "other": other})


def bottleneck_told(reading: Reading, found: Bottleneck | None, language: str) -> Iterator[Finding]:
    """Which organisation was the bottleneck, and why; else where most work waited."""
    if found is None:
        weeks = weeks_of_work(reading)
        place = int(np.argmax(weeks))
        facts = {"organisation": reading.label(reading.names[place], language), "weeks": float(weeks[place])}
        yield Finding("report.bottleneck.none", facts)
        return
    facts = {"organisation": reading.label(found.organisation, language), "weeks": found.weeks}
    yield Finding(f"report.bottleneck.{'places' if found.by_places else 'work'}", facts)
    yield from found.reasons


def weeks_of_work(reading: Reading) -> NDArray[np.float64]:
    """Work that waits at each organisation, in weeks, mean over the run."""
    return np.asarray(np.nanmean(np.nan_to_num(reading.organisation("weeks_of_work")), axis=1))


def of_bottleneck(reading: Reading) -> Bottleneck | None:
    """The organisation where the chain gets stuck, None when it runs smoothly everywhere."""
    full = _fullest(reading)
    if full is not None:
        return full
    weeks = weeks_of_work(reading)
    place = int(np.argmax(weeks))
    if weeks[place] < LONG_QUEUE:
        return None
    reasons = tuple(_reasons(reading, place))
    return Bottleneck(reading.names[place], float(weeks[place]), reasons or (Finding("report.reason.more_work"),))


def _fullest(reading: Reading) -> Bottleneck | None:
    """The organisation without free places that most cases wait for."""
    blocked = np.nanmean(reading.organisation("blocked"), axis=1)
    if blocked.sum() < MANY_BLOCKED * max(1.0, float(np.nanmean(reading.mean("open")))):
        return None
    limited = np.array([organisation.places is not None for organisation in reading.scenario.organisations])
    flow, _ = flows(reading.scenario)
    towards = np.where(limited[np.newaxis, :], flow, 0.0)
    shares = towards / np.maximum(towards.sum(axis=1, keepdims=True), 1e-12)
    waiting: NDArray[np.float64] = blocked @ shares
    place = int(np.argmax(waiting))
    if not limited[place]:
        return None
    served = float(np.nanmean(reading.organisation("served")[place]))
    facts = {
        "cases": round(float(waiting[place])),
        "places": int(float(reading.scenario.organisations[place].places or 0)),
    }
    return Bottleneck(
        reading.names[place],
        float(waiting[place]) / max(served, 1e-9),
        (Finding("report.reason.places", facts),),
        by_places=True,
    )


def _reasons(reading: Reading, place: int) -> Iterator[Finding]:
    """Why so much work waits at an organisation; compared with the others."""

    def mean(outcome: str) -> NDArray[np.float64]:
        return np.asarray(np.nanmean(np.nan_to_num(reading.organisation(outcome)), axis=1))

    staff = reading.organisation("staff")[place]
    first, last = float(np.nanmean(staff[:QUARTER])), float(np.nanmean(staff[-QUARTER:]))
    if first > 0 and (first - last) / first > SHRINKING:
        yield Finding("report.reason.staff", {"first": first, "last": last})
    administration = mean("administration_share")
    if administration[place] - _others(administration, place) > MORE_THAN_MEAN:
        yield Finding(
            "report.reason.administration", {"here": administration[place], "others": _others(administration, place)}
        )
    rework, work = mean("hours_rework")[place], mean("hours_case_work")[place]
    if rework / max(rework + work, 1e-9) > MUCH_REWORK:
        yield Finding("report.reason.rework", {"share": rework / (rework + work)})
    if mean("drift")[place] > DRIFTING:
        yield Finding("report.reason.drift", {"share": mean("drift")[place]})
    if mean("overseen")[place] > OFTEN_OVERSEEN:
        yield Finding("report.reason.overseen", {"share": mean("overseen")[place]})
    if mean("utilisation")[place] > BUSY:
        yield Finding("report.reason.more_work")


def _others(values: NDArray[np.float64], place: int) -> float:
    rest = np.delete(values, place)
    return float(rest.mean()) if len(rest) else float(values[place])


def moved(first: float, last: float, limit: float) -> str:
    """``rose``, ``fell`` or ``same``: what a difference is called.

    Examples
    --------
    >>> moved(0.4, 0.5, 0.03), moved(0.5, 0.49, 0.03)
    ('rose', 'same')
    """
    if np.isnan(first) or np.isnan(last) or abs(last - first) <= limit:
        return "same"
    return "rose" if last > first else "fell"
