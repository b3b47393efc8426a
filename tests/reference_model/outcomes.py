"""Step 10: what is written down at the end of a reported week, and the summary of a run."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from typing import TYPE_CHECKING

from tests.reference_model.things import HOURS

if TYPE_CHECKING:
    from tests.reference_model.things import Organisation
    from tests.reference_model.twin import ChainTwin

MISSING = math.nan
SUMMED = ("arrived", "closed", "dropped", "interventions", "incidents")


def ratio(a: float, b: float) -> float:
    return a / b if b != 0 else MISSING


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
    known = chain.week - max(kind.norm for kind in chain.case_types)  # the cohort that can be reckoned now
    if known >= chain.burn_in:
        row = chain.weekly[known - chain.burn_in]
        row["goal_realisation"] = ratio(chain.cohort_realised[known], chain.cohort_arrived[known])


def _of_chain(chain: ChainTwin) -> dict[str, float]:
    every, total = chain.organisations, {name: sum(getattr(o, name) for o in chain.organisations) for name in HOURS}
    people = [o.administrator for o in every]
    ages = [case.age(chain.week) for case in chain.cases.values()]
    reporting = sum(total[f"hours_reporting_{what}"] for what in ("politics", "both", "operation"))
    return {
        "goal_realisation": MISSING,
        "goal_realisation_closed": ratio(chain.realised, chain.closed),
        "arrived": chain.arrived,
        "closed": chain.closed,
        "dropped": chain.dropped,
        "open": chain.open,
        "waiting": sum(o.waiting for o in every),
        "blocked": sum(o.blocked for o in every),
        "lead_time_median": quantile(chain.lead_times, 0.5),
        "lead_time_p90": quantile(chain.lead_times, 0.9),
        "open_age_median": quantile(ages, 0.5),
        "open_age_p90": quantile(ages, 0.9),
        "returns_per_case": ratio(chain.returns_of_closed, chain.closed),
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
        "own_target": mean(o.own_target for o in every),
        "informal_steering": mean(o.informal for o in every),
        "under_intervention": mean(float(bool(a.overseen or a.unblocking)) for a in people),
        "interventions": sum(a.choice >= 1 for a in people),
        "incidents": chain.incidents,
        "urgency": chain.urgency,
        "shortage": chain.shortage,
        "monitor": chain.monitor,
        "staff": sum(o.professionals.staff * o.fte_per_head for o in every),
    }


def _of_organisation(o: Organisation) -> dict[str, float]:
    s, m, a = o.professionals, o.manager, o.administrator
    own = ("present", "waiting", "blocked", "served", "handed_over", "returned", "refused", "late", "dropped", "closed")
    around = ("trust", "frame", "informal", "dual_use", "demand", "own_target")
    return {
        **{name: getattr(o, name) for name in (*own, *HOURS, *around)},
        "goal_realisation_closed": ratio(o.realised, o.closed),
        "weeks_of_work": ratio(o.queue_hours, o.hours_for_cases),
        "administration_share": o.reporting_share,
        "utilisation": ratio(o.hours_case_work + o.hours_rework, o.hours_for_cases),
        **{name: getattr(a, name) for name in ("trust_vertical", "weight", "uncertainty", "pressure", "overseen")},
        **{name: getattr(s, name) for name in ("discretion", "motivation", "drift", "staff_left")},
        "binding": m.binding,
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
    last = chain.weeks - max(kind.norm for kind in chain.case_types)
    cohorts = range(chain.burn_in, last)
    arrived, realised = (sum(of[week] for week in cohorts) for of in (chain.cohort_arrived, chain.cohort_realised))
    found["goal_realisation"] = ratio(realised, arrived)
    return found
