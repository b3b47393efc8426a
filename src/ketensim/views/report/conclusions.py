"""What the results say, as keys and facts: the conclusions of a report, without their words.

Each conclusion is counted from results; the limits that turn a number into a word stand at the top of this file.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from ketensim.foundation.mathematics import WEEKS_PER_YEAR
from ketensim.foundation.outcome_table import HOUR_GROUPS, LEAKS, REPORTING
from ketensim.run.estimate import Estimate
from ketensim.scenario.schema import Scenario
from ketensim.texts import CASES, enumerated, t
from ketensim.views.drawing.reading import Columns, Reading, column, mean_of_year

if TYPE_CHECKING:
    from ketensim.run.explanation import Explanation

CHANGE_OF_SHARE: Final = 0.03  # a smaller change is told as "about the same"
CHANGE_OF_TRUST: Final = 0.04
CHANGE_OF_QUEUE: Final = 0.15  # of what it was
QUARTER: Final = 13  # weeks
HALF_YEAR: Final = 26  # weeks
MIRRORS: Final = ("informal_steering", "monitor")  # move along with trust
ABILITIES: Final = (
    "binding",
    "steering_capacity",
    "skills",
    "official",
)  # of people, and what has landed with officials
FACTS: Final = ("a", "b", "difference", "low", "high", "b_higher")


@dataclass(frozen=True)
class Conclusion:
    """One thing that the results say: the key of its sentence and the facts in it."""

    key: str
    facts: Mapping[str, Any] = field(default_factory=dict)

    def sentence(self, language: str, words: Mapping[str, str] | None = None) -> str:
        """The conclusion in a sentence; words say what the chain handles (``Scenario.words``), silent = cases."""
        return t(self.key, language, **(words or {}), **self.facts)


def goal_conclusions(reading: Reading) -> Iterator[Conclusion]:
    """What happened to goal realisation."""
    whole = reading.of_runs("goal_realisation")
    if np.isnan(whole.mean):
        yield Conclusion("report.goal.unknown")
        return
    yield Conclusion("report.goal.whole", {"share": whole.mean, "of_hundred": round(100 * whole.mean)})
    mean = reading.mean("goal_realisation")
    first, last = mean_of_year(mean, 0), mean_of_year(mean, -1)
    if int((~np.isnan(mean)).sum()) >= 2 * WEEKS_PER_YEAR:
        yield Conclusion(
            f"report.goal.{direction_of_change(first, last, CHANGE_OF_SHARE)}", {"first": first, "last": last}
        )
        unknown = int(np.isnan(mean[::-1]).cumprod().sum())  # at the end, where the norm has not passed yet
        if unknown > HALF_YEAR:
            yield Conclusion("report.goal.last_known", {"weeks": unknown})


def about_which_cases(scenario: Scenario, language: str) -> Iterator[Conclusion]:
    """Which case types the headline figures are about, where a chain has others beside those it is there for."""
    labels = [(part.counts, part.label.in_language(language)) for part in scenario.case_types]
    counted, others = ([label for counts, label in labels if counts is wanted] for wanted in (True, False))
    if others:
        facts = {"counted": listed(counted, language), "others": listed(others, language), "number": len(others)}
        yield Conclusion("report.about", facts)


def listed(labels: Sequence[str], language: str) -> str:
    """Labels one after another in a sentence, between quotation marks."""
    return enumerated([f"‘{label}’" for label in labels], language)


def energy_conclusions(reading: Reading) -> Iterator[Conclusion]:
    """Where the hours went and how that changed."""
    shares = reading.hour_shares()
    facts = {
        "cases": shares["hours_case_work"],
        "reporting": sum(shares[name] for name in REPORTING),
        "relations": sum(shares[name] for name in HOUR_GROUPS["relations"]),
        "own": shares["hours_own_work"],
        "idle": shares["hours_idle"],
    }
    yield Conclusion("report.energy.shares", facts)
    yield Conclusion("report.energy.leak", {"leak": leak_of(reading)} | {name: shares[name] for name in LEAKS})
    weeks = len(reading.weeks)
    if weeks >= 2 * WEEKS_PER_YEAR:
        first, last = leak_of(reading, 0, WEEKS_PER_YEAR), leak_of(reading, weeks - WEEKS_PER_YEAR, weeks)
        kind = direction_of_change(first, last, CHANGE_OF_SHARE / 3)
        yield Conclusion(f"report.energy.{kind}", {"first": first, "last": last})


def leak_of(reading: Reading, *weeks: int) -> float:
    """Share of all hours that brought no case any further, and was neither own work nor idle time; over some weeks or all."""
    shares = reading.hour_shares(*weeks)
    return sum(shares[name] for name in LEAKS)


def waiting_conclusions(reading: Reading) -> Iterator[Conclusion]:
    """Open cases, lead times of closed cases and the age of open ones."""
    open_cases = reading.mean("open")
    first, last = mean_of_year(open_cases, 0), mean_of_year(open_cases, -1)
    kind = direction_of_change(first, last, CHANGE_OF_QUEUE * max(first, 1.0))
    yield Conclusion(f"report.waiting.{kind}", {"first": round(first), "last": round(last)})
    closed, still_open = (
        mean_of_year(reading.mean("lead_time_median"), -1),
        mean_of_year(reading.mean("open_age_median"), -1),
    )
    if not np.isnan(closed) and not np.isnan(still_open):
        kind = "hidden" if still_open - closed > max(1.0, CHANGE_OF_QUEUE * closed) else "alike"
        yield Conclusion(f"report.lead_time.{kind}", {"closed": closed, "open": still_open})


def trust_conclusions(reading: Reading) -> Iterator[Conclusion]:
    """What happened to trust, how often administrators intervened, and how much of the steering was informal."""
    for name in ("trust_persons", "trust_agreements", "trust_vertical"):
        series = reading.mean(name)
        first, last = float(np.nanmean(series[:QUARTER])), float(np.nanmean(series[-QUARTER:]))
        yield Conclusion(
            f"report.{name}.{direction_of_change(first, last, CHANGE_OF_TRUST)}", {"first": first, "last": last}
        )
    yield from _interventions(reading)
    informal = reading.mean("informal_steering")
    first, last = float(np.nanmean(informal[:QUARTER])), float(np.nanmean(informal[-QUARTER:]))
    kind = direction_of_change(first, last, CHANGE_OF_TRUST)
    yield Conclusion(f"report.informal.{kind}", {"first": first, "last": last})


def _interventions(reading: Reading) -> Iterator[Conclusion]:
    """How often administrators intervened."""
    years = len(reading.weeks) / WEEKS_PER_YEAR
    facts = {
        "per_year": reading.of_runs("interventions").mean / years,
        "share": float(np.nanmean(reading.mean("under_intervention"))),
    }
    yield Conclusion("report.interventions.few" if facts["per_year"] < 1 else "report.interventions.many", facts)


def conclusion_on_difference(table: Columns, other: str) -> Conclusion:
    """Whether goal realisation differs from that of another chain on equal luck."""
    place = [str(name) for name in table["outcome"]].index("goal_realisation")
    facts: dict[str, Any] = {name: float(column(table, name)[place]) for name in FACTS}
    verdict = difference_at(table, place).verdict()
    if np.isnan(facts["low"]):
        verdict = "one_pair" if np.isfinite(facts["difference"]) else "no_pair"
    facts |= {"size": 100 * abs(facts["difference"]), "not_higher": 1 - facts["b_higher"], "other": other}
    return Conclusion(f"report.compare.{verdict}", facts)


def difference_at(table: Columns, place: int) -> Estimate:
    """The difference in a row of a comparison; the table does not say of how many runs."""
    mean, low, high = (float(column(table, name)[place]) for name in ("difference", "low", "high"))
    return Estimate(mean, low, high, 0)


def direction_of_change(first: float, last: float, limit: float) -> str:
    """``rose``, ``fell`` or ``same``: what a difference is called.

    Examples
    --------
    >>> direction_of_change(0.4, 0.5, 0.03), direction_of_change(0.5, 0.49, 0.03)
    ('rose', 'same')
    """
    if np.isnan(first) or np.isnan(last) or abs(last - first) <= limit:
        return "same"
    return "rose" if last > first else "fell"


def sentences(explanation: Explanation, language: str, words: Mapping[str, str] = CASES) -> list[str]:
    """What changed at an organisation in a week, and why, a sentence per reason.

    Parameters
    ----------
    explanation : of one organisation in one week (run/explanation.py)
    language : one of ``texts.languages()``
    words : what the chain handles (``Scenario.words``), silent = cases
    """
    return [t(reason.key, language, **words, **reason.facts) for reason in explanation.reasons]
