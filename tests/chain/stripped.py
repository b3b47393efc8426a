"""Chains with everything human switched off by numbers, so that what comes out is known: a queue from the books, a coin."""

from __future__ import annotations

from typing import Any

import numpy as np
from tests.conftest import Run, organisation, scenario_of, small

HOURS = 36.0  # of the only person, in a week
NO_OVERHEAD = dict.fromkeys(
    (
        *("reporting_politics", "reporting_operation", "demand_most", "dual_use_hours", "frame_hours", "meeting_hours"),
        *("agreement_hours", "urgency_hours", "trust_hours", "formal_hours", "takeover_hours", "unblock_hours"),
        *("productivity_motivation", "drift_size", "hiring_flex", "waiting_effort", "handover_effort", "check_effort"),
        *("intervene_most", "own_course", "incident_chance", "cost_shift", "refusal_most", "refusal_load"),
        *("mismatch_standard", "mismatch_hard", "check_most", "quality_standard_frame", "quality_standard_loose"),
        *("partner_reporting", "skills_hours", "skills_upkeep", "change_hours", "change_confusion", "triage_most"),
        *("permission_effort", "loss_standard", "loss_hard", "haggling_effort", "suspicion_size", "binding_mediation"),
    ),
    0.0,
)
STILL = {  # nothing about trust and agreements moves
    **dict.fromkeys(("trust_gain", "agreement_gain", "trust_contact", "trust_fading", "frame_ageing"), 0.0),
    **{"trust_carried": 1.0, "effort_hard": 1.0, "quality_standard": 1.0, "effort_variation": 0.0},
    **{"newcomer_output": 1.0},  # who is new works like the others
}
PLAIN = {**NO_OVERHEAD, **STILL}
NEVER = 2000  # weeks
STANDARD_ERRORS = 4


def worker(name: str, **changes: Any) -> dict[str, Any]:
    """An organisation that does nothing but work on cases, all hours that it has."""
    idle = {"fte": 1, "own_work": 0.0, "drift": 0.0, "turnover": 0.0, "absence": 0.0, "term": 500}
    return organisation(name, **{**idle, **changes})


def queue(arrivals: float, hours: float, weeks: int = 1500, burn_in: int = 500, **changes: Any) -> dict[str, Any]:
    """One organisation and one kind of case without surprises."""
    kind = small()["case_types"][0] | {"arrivals": arrivals, "non_standard": 0.0, "urgent": 0.0}
    data = small(
        weeks=weeks,
        burn_in=burn_in,
        organisations=[worker("A", hours_per_case=hours)],
        links=[],
        case_types=[kind | {"norm": NEVER, "drop_after": NEVER} | changes.pop("kind", {})],
        parameters={**PLAIN, **changes.pop("parameters", {})},
    )
    return data | changes


def weekly(data: dict[str, Any], replications: int) -> list[Any]:
    """What each replication wrote down, organisation by organisation."""
    scenario = scenario_of(data)
    runs = [Run(scenario, seed=11, replication=number) for number in range(replications)]
    return [run.to(run.weeks).notebook.organisation_weekly for run in runs]


def agrees(values: list[float] | np.ndarray, exact: float, within: float = 0.05) -> None:
    """The mean of the replications is the exact value, up to luck."""
    error = np.std(values, ddof=1) / np.sqrt(len(values))
    assert error < within * exact, "too little luck to say anything"
    assert abs(np.mean(values) - exact) < STANDARD_ERRORS * error, f"{np.mean(values)} +- {error}, exact {exact}"
