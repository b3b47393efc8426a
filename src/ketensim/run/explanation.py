"""Why an organisation changed, as facts; ``views/report/explain.py`` makes sentences of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from ketensim.chain.administrators import ASK_FOR_REPORTS, HOLD_BACK, TAKE_OVER, UNBLOCK
from ketensim.foundation.parameters import LEVER_NAMES
from ketensim.foundation.rows import HOURS

CHOICES = {HOLD_BACK: "hold_back", ASK_FOR_REPORTS: "ask", TAKE_OVER: "take_over", UNBLOCK: "unblock"}
NOTABLE_SHARE = 0.01  # smallest change of a share that is worth a sentence
NOTABLE_HOURS = 0.02  # the same for hours, as a part of the week's hours
SLOW = ("trust", "trust_vertical", "motivation", "drift", "weight", "frame", "demand", "load")


@dataclass(frozen=True, slots=True)
class Reason:
    """One thing that happened: a key of the catalogue under ``explain`` and the facts its sentence needs."""

    key: str
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Explanation:
    """Why an organisation is as it is after a week: the most telling things first."""

    organisation: str
    week: int
    reasons: tuple[Reason, ...]

    def __str__(self) -> str:
        lines = [f"{self.organisation}, week {self.week}"]
        for reason in self.reasons:
            facts = ", ".join(
                f"{name} {value:.3g}" if isinstance(value, float) else f"{name} {value}"
                for name, value in reason.facts.items()
            )
            lines.append(f"- {reason.key.removeprefix('explain.')}: {facts}")
        return "\n".join(lines)


def explain(name: str, week: int, before: np.record, now: np.record, levers: np.ndarray) -> Explanation:
    """Compare the rows of an organisation before and after a week.

    Parameters
    ----------
    name : id of the organisation
    week : reported week
    before, now : ORGANISATION records
    levers : array [2, lever] of the levers in force before and now
    """
    reasons = [
        *_people(now),
        *_interventions(now),
        *_lever_changes(levers),
        *_cases(before, now),
        *_hours(before, now),
        *_slow_changes(before, now),
    ]
    return Explanation(name, week, tuple(reasons) or (Reason("explain.quiet"),))


def _people(now: np.record) -> Iterator[Reason]:
    """Who came and went."""
    if now.new_administrator:
        yield Reason("explain.new_administrator", {"distance": float(now.distance)})
    if now.new_manager:
        yield Reason("explain.new_manager", {"weeks": int(now.vacant_weeks)})
    if now.staff_left or now.staff_hired:
        key = _which(
            now.staff_left, now.staff_hired, "explain.staff_left", "explain.staff_hired", "explain.staff_changed"
        )
        facts = {"left": int(now.staff_left), "hired": int(now.staff_hired), "staff": int(now.staff)}
        yield Reason(key, facts)
    if now.incidents:
        yield Reason("explain.incident", {"incidents": int(now.incidents)})


def _which(first: float, second: float, only_first: str, only_second: str, both: str) -> str:
    """The key of a sentence about two counts: nobody says that something happened no times."""
    return both if first and second else only_first if first else only_second


def _interventions(now: np.record) -> Iterator[Reason]:
    """What the administrator did, and what is still felt of it."""
    if now.choice in CHOICES:
        yield Reason(
            f"explain.{CHOICES[int(now.choice)]}",
            {"concern": float(now.concern), "tolerance": float(now.tolerance), "uncertainty": float(now.uncertainty)},
        )
    elif now.overseen:
        yield Reason("explain.overseen", {"weeks": int(now.overseen_weeks), "discretion": float(now.discretion)})


def _lever_changes(levers: np.ndarray) -> Iterator[Reason]:
    """Levers that calendar or policy moved."""
    for number, lever in enumerate(LEVER_NAMES):
        if levers[0, number] != levers[1, number]:
            facts = {"lever": lever, "before": float(levers[0, number]), "now": float(levers[1, number])}
            yield Reason("explain.lever", facts)


def _cases(before: np.record, now: np.record) -> Iterator[Reason]:
    """What happened in the line of cases."""
    if now.waiting != before.waiting:
        key = "explain.queue_up" if now.waiting > before.waiting else "explain.queue_down"
        yield Reason(key, {"before": int(before.waiting), "now": int(now.waiting)})
        yield Reason("explain.served", {"served": int(now.served)}) if now.served else Reason("explain.none_served")
    if now.blocked:
        yield Reason("explain.blocked", {"cases": int(now.blocked)})
    if now.returned or now.refused:
        keys = ("explain.returned", "explain.refused", "explain.returned_and_refused")
        key = _which(now.returned, now.refused, *keys)
        yield Reason(key, {"returned": int(now.returned), "refused": int(now.refused)})
    if now.overdue or now.late:
        key = _which(now.late, now.overdue, "explain.late", "explain.overdue", "explain.late_and_overdue")
        yield Reason(key, {"late": int(now.late), "overdue": int(now.overdue)})
    if now.dropped:
        yield Reason("explain.dropped", {"cases": int(now.dropped)})


def _hours(before: np.record, now: np.record) -> Iterator[Reason]:
    """Where hours moved: more or fewer for cases, and the use that took or gave most."""
    change = float(now.hours_for_cases - before.hours_for_cases)
    if abs(change) >= NOTABLE_HOURS * max(1.0, float(now.hours)):
        key = "explain.hours_up" if change > 0 else "explain.hours_down"
        yield Reason(key, {"before": float(before.hours_for_cases), "now": float(now.hours_for_cases)})
        overhead = [use for use in HOURS if use not in ("hours_case_work", "hours_rework", "hours_idle")]
        moved = {use: float(now[use] - before[use]) for use in overhead}
        use = min(moved, key=lambda name: moved[name] * change)
        if moved[use] * change < 0:
            yield Reason("explain.hours_use", {"use": use, "before": float(before[use]), "now": float(now[use])})


def _slow_changes(before: np.record, now: np.record) -> Iterator[Reason]:
    """Trust, motivation and the like, where they moved enough to be seen."""
    for name in SLOW:
        change = float(now[name] - before[name])
        if abs(change) >= NOTABLE_SHARE:
            direction = "up" if change > 0 else "down"
            yield Reason(f"explain.{name}_{direction}", {"before": float(before[name]), "now": float(now[name])})
