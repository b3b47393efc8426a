"""Step 10: what is written down at the end of a reported week, and the summary of a run."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING

from tests.reference_model.things import COUNTS, HOURS

if TYPE_CHECKING:
    from tests.reference_model.things import CaseType, Organisation
    from tests.reference_model.twin import ChainTwin

MISSING = math.nan
SUMMED = (
    "arrived",
    "arrived_all",
    "closed",
    "realised",
    "dropped",
    "interventions",
    "incidents",
    "costs",
    "costs_counted",
)
PER = {"costs_per_case": "closed", "costs_per_realised": "realised"}  # their summaries divide sums
LOSSES = {"loss_late": "late", "loss_wrong": "wrong", "loss_handover": "lost", "loss_own_course": "own"}
LOSSES |= {"loss_dropped": "dropped"}
REASONS = {name.replace("loss_", "reason_"): f"any {reason}" for name, reason in LOSSES.items()}


def ratio(a: float, b: float) -> float:
    return a / b if b > 0 else MISSING


def mean(values: Iterable[float]) -> float:
    listed = list(values)
    return sum(listed) / len(listed) if listed else 0.0


def quantile(weeks: Iterable[int], share: float) -> float:
    """The smallest whole number of weeks t for which at least this share is t or less."""
    count = Counter(weeks)
    total, below = sum(count.values()), 0
    for t in sorted(count):
        below += count[t]
        if below >= share * total:
            return float(t)
    return MISSING


def write_down(chain: ChainTwin) -> None:
    chain.weekly.append(_of_chain(chain))
    chain.organisation_weekly.append([_of_organisation(o) for o in chain.organisations])
    chain.case_type_weekly.append([_of_case_type(chain, kind) for kind in chain.case_types])
    if chain.week - longest_norm(chain) >= chain.burn_in:
        _ledger(chain, chain.week - longest_norm(chain))
    if chain.week == chain.weeks - 1:  # what has become of them since
        for week in _known(chain):
            _ledger(chain, week)


def longest_norm(chain: ChainTwin) -> int:
    return max(kind.norm for kind in chain.case_types)


def _known(chain: ChainTwin) -> range:
    """Weeks of arrival of the cohorts that are not censored."""
    return range(chain.burn_in, chain.weeks - longest_norm(chain))


def _ledger(chain: ChainTwin, week: int) -> None:
    reported = week - chain.burn_in
    counting = [kind for kind in chain.case_types if kind.counts]
    chain.weekly[reported].update(_goal_and_losses(chain, counting, week))
    for kind, row in zip(chain.case_types, chain.case_type_weekly[reported], strict=True):
        row.update(_goal_and_losses(chain, [kind], week))


def _goal_and_losses(chain: ChainTwin, kinds: list[CaseType], *weeks: int) -> dict[str, float]:
    of = sum((chain.cohort[kind.number][week] for kind in kinds for week in weeks), Counter[str]())
    gone = of["realised"] + sum(of[reason] for reason in LOSSES.values())
    return {
        "goal_realisation": ratio(of["realised"], of["arrived"]),
        **{name: ratio(of[reason], of["arrived"]) for name, reason in LOSSES.items()},
        "loss_open": ratio(of["arrived"] - gone, of["arrived"]),
        **{name: ratio(of[reason], of["arrived"]) for name, reason in REASONS.items()},
    }


def _times(chain: ChainTwin, kinds: list[CaseType]) -> dict[str, float]:
    """Lead times of closed cases beside ages of open ones."""
    closed = [weeks for kind, weeks in chain.lead_times if kind in kinds]
    ages = [case.age(chain.week) for case in chain.cases.values() if case.type in kinds]
    return {
        "lead_time_median": quantile(closed, 0.5),
        "lead_time_p90": quantile(closed, 0.9),
        "open_age_median": quantile(ages, 0.5),
        "open_age_p90": quantile(ages, 0.9),
    }


def _of_case_type(chain: ChainTwin, kind: CaseType) -> dict[str, float]:
    here = [case for case in chain.cases.values() if case.type is kind]
    waiting = [case for o in chain.organisations for case in (*o.inbox, *o.in_line()) if not case.started]
    return {
        **dict.fromkeys(("goal_realisation", *LOSSES, "loss_open", *REASONS), MISSING),
        "arrived": chain.cohort[kind.number][chain.week]["arrived"],
        "closed": sum(closed is kind for closed, _ in chain.lead_times),
        "open": len(here),
        "waiting": sum(case.type is kind for case in waiting),
        **_times(chain, [kind]),
    }


def _of_chain(chain: ChainTwin) -> dict[str, float]:
    every, total = chain.organisations, {name: sum(getattr(o, name) for o in chain.organisations) for name in HOURS}
    people, costs = [o.administrator for o in every], sum(_costs(o) for o in every)
    counted = sum(_counted_costs(chain, o) for o in every)
    reporting = sum(total[f"hours_reporting_{what}"] for what in ("politics", "both", "operation"))
    counting = [kind for kind in chain.case_types if kind.counts]
    closed = [entry for entry in chain.closed_log if _counted_this_week(chain, entry)]
    ended = {
        "closed": len(closed),
        "realised": sum(entry["realised"] for entry in closed),
        "dropped": sum(_counted_this_week(chain, entry) for entry in chain.dropped_log),
    }
    returns = sum(entry["returns"] for entry in closed)
    return {
        **dict.fromkeys(("goal_realisation", *LOSSES, "loss_open", *REASONS), MISSING),
        **ended,
        "goal_realisation_closed": ratio(ended["realised"], ended["closed"]),
        "arrived": sum(chain.cohort[kind.number][chain.week]["arrived"] for kind in counting),
        "open": sum(case.type in counting for case in chain.cases.values()),
        "waiting": sum(case.type in counting for o in every for case in (*o.inbox, *o.in_line()) if not case.started),
        "blocked": sum(case.type in counting for o in every for case in o.blocked_cases),
        **_times(chain, counting),
        "returns_per_case": ratio(returns, ended["closed"]),
        "arrived_all": chain.arrived,
        "open_all": chain.open,
        **total,
        "administration_share": ratio(reporting, sum(o.hours for o in every)),
        "utilisation": ratio(total["hours_case_work"] + total["hours_rework"], sum(o.hours_for_cases for o in every)),
        "trust_persons": mean(dyad.trust_persons for dyad in chain.dyads),
        "trust_agreements": mean(dyad.trust_agreements for dyad in chain.dyads),
        "frame": mean(link.frame for link in chain.links),
        "trust_vertical": mean(a.trust_vertical for a in people),
        "discretion": mean(o.professionals.discretion for o in every),
        "motivation": mean(o.professionals.motivation for o in every),
        "weight": mean(a.weight for a in people),
        "uncertainty": mean(a.uncertainty for a in people),
        "pressure": mean(a.pressure for a in people),
        "drift": mean(o.professionals.drift for o in every),
        "binding": mean(o.manager.binding for o in every),
        "steering_capacity": mean(o.manager.steering_capacity for o in every),
        "official": mean(o.manager.official for o in every),
        "skills": mean(_skills(o) for o in every),
        "own_target": mean(o.own_target for o in every),
        "informal_steering": mean(o.informal for o in every),
        "under_intervention": mean(float(bool(a.overseen or a.unblocking)) for a in people),
        "interventions": sum(a.choice >= 1 for a in people),
        "incidents": chain.incidents,
        "urgency": chain.urgency,
        "shortage": chain.shortage,
        "monitor": chain.monitor,
        "staff": sum(o.professionals.staff * o.fte_per_head for o in every),
        "costs": costs,
        "costs_counted": counted,
        "costs_per_case": ratio(counted, ended["closed"]),
        "costs_per_realised": ratio(counted, ended["realised"]),
    }


def _counted_this_week(chain: ChainTwin, entry: dict[str, int]) -> bool:
    """Whether a case that ended did so this week, and is of a type that the chain is there for."""
    return entry["week"] == chain.week and bool(chain.case_types[entry["type"]].counts)


def _skills(o: Organisation) -> float:
    return (o.professionals.skills + o.manager.skills + o.administrator.skills) / 3


def _counted_costs(chain: ChainTwin, o: Organisation) -> float:
    """The part of the costs that belongs to the case types the chain is there for, by hours worked on cases."""
    total = sum(o.type_hours[kind.number] for kind in chain.case_types)
    ours = sum(o.type_hours[kind.number] for kind in chain.case_types if kind.counts)
    return _costs(o) * (ours / total if total > 0 else 1.0)


def _costs(o: Organisation) -> float:
    return o.professionals.staff * o.hours_per_head * o.cost


def _of_organisation(o: Organisation) -> dict[str, float]:
    s, m, a = o.professionals, o.manager, o.administrator
    own = ("present", "waiting", "blocked", *(name for name in COUNTS if name != "realised"))
    around = ("trust", "frame", "informal", "dual_use", "demand", "own_target")
    return {
        **{name: getattr(o, name) for name in (*own, *HOURS, *around)},
        "costs": _costs(o),
        "goal_realisation_closed": ratio(o.realised, o.closed),
        "weeks_of_work": ratio(o.queue_hours, o.hours_for_cases),
        "administration_share": o.reporting_share,
        "utilisation": ratio(o.hours_case_work + o.hours_rework, o.hours_for_cases),
        **{name: getattr(a, name) for name in ("trust_vertical", "weight", "uncertainty", "pressure", "overseen")},
        **{name: getattr(s, name) for name in ("discretion", "motivation", "drift", "staff_left")},
        "binding": m.binding,
        "steering_capacity": m.steering_capacity,
        "official": m.official,
        "skills": _skills(o),
        "intervention": int(a.choice >= 1),
        "new_administrator": a.new,
        "new_manager": m.new,
        "staff": s.staff * o.fte_per_head,
    }


def summary(chain: ChainTwin) -> dict[str, float]:
    """One number per outcome over the reported weeks."""
    found = {}
    for name in chain.weekly[0]:
        values = [row[name] for row in chain.weekly if not math.isnan(row[name])]
        if name in SUMMED:
            found[name] = float(sum(values))
        else:
            found[name] = sum(values) / len(values) if values else MISSING
    found |= _goal_and_losses(chain, [kind for kind in chain.case_types if kind.counts], *_known(chain))
    for name, count in PER.items():
        found[name] = ratio(found["costs_counted"], found[count])
    return found
