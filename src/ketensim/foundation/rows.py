"""What one row of each table of a chain and of its state holds: named fields with their kinds and units.

Everything is a record with one field per quantity; ``state.py`` makes tables of them. Shares are in [0, 1], hours are
hours per week, cases are numbers of cases, weeks are counted from the start of the burn-in.
"""

from __future__ import annotations

from typing import Final

import numpy as np


def _table(*fields: str, kind: str = "f8") -> list[tuple[str, str]]:
    return [(name, kind) for name in fields]


FLOAT: Final = np.dtype("f8")
WHOLE: Final = np.dtype("i8")
SLOT: Final = np.dtype("i4")  # lists and counts of cases: small, because a run lives in the fast caches
PLACE: Final = np.dtype("i2")  # a bin of a histogram
FLAG: Final = np.dtype("i1")

# --- what stays: the chain -----------------------------------------------------------------------------------------
WORLD: Final = np.dtype(
    _table("weeks", "burn_in", "organisations", "links", "dyads", "case_types", "policy", kind="i8")
    + _table("promise", "objective_x", "objective_y")
)
PROFILE: Final = np.dtype(
    _table(
        "staff",  # established posts, whole persons
        "hours_per_head",  # hours/week of one person before absence: contract hours x full-time equivalents per post
        "fte_per_head",  # full-time equivalents of one person
        "own_work",  # share of hours for work outside the chain
        "instructable",  # 1: its administrator may intervene; 0: may not (an independent judge)
        "drift",  # share/week; pull towards own work while nobody looks (0 = steward)
        "turnover",  # 1/year; staff leaving in calm times
        "absence",  # share of hours
        "hiring_weeks",  # mean weeks until a vacancy is filled
        "term",  # weeks within which partners expect a case to be worked on
        "places",  # cases that can be present at once (infinite = no limit)
        "ambition_x",
        "ambition_y",  # where its principal's ambitions centre in the space of policy values
        "tolerance",  # added to the tolerance of its administrators
        "reporting_politics",
        "reporting_operation",  # shares of hours
        "cost",  # euros per hour
    )
)
TASK: Final = np.dtype([("hours", "f8"), ("stay", "i8")])  # per organisation and case type
CASE_TYPE: Final = np.dtype(
    _table("arrivals", "non_standard", "urgent") + _table("norm", "drop_after", "counts", kind="i8")
)  # cases/week, share, share, weeks, weeks, 1: the chain is there for it
LINK_PLACE: Final = np.dtype(
    _table("source", "target", "consultation", "receiver_dyad", "giver_dyad", kind="i8")
)  # receiver_dyad: the target's trust in the source; giver_dyad: the source's trust in the target
DYAD_PLACE: Final = np.dtype(_table("truster", "trusted", kind="i8"))
CHANGE: Final = np.dtype(
    _table("week", "organisation", "partner", "lever", kind="i8") + _table("value")
)  # partner -1: the organisation as a whole; else the relation of the two
RESTRAINT: Final = np.dtype(_table("week", "organisation", kind="i8") + _table("value"))  # how long they hold back
RELATION: Final = np.dtype(_table("frame", "trust_in_persons", "trust_in_agreements"))  # levers of a relation
EVENT: Final = np.dtype(
    _table("week", "weeks", "kind", "organisation", "case_type", "first", kind="i8") + _table("strength")
)  # kind: index in events.EVENTS; organisation and case_type -1 = all


# --- what moves: the state -----------------------------------------------------------------------------------------
HOURS: Final[tuple[str, ...]] = (
    "hours_case_work",
    "hours_rework",
    "hours_reporting_politics",
    "hours_reporting_both",
    "hours_reporting_operation",
    "hours_agreements",
    "hours_trust",
    "hours_learning",
    "hours_compliance",
    "hours_own_work",
    "hours_idle",
)
CHAIN_STATE: Final = np.dtype(
    _table(
        "objective_x",
        "objective_y",  # the chain objective, a point in the space of policy values
        "urgency_media",
        "urgency_programme",
        "urgency",  # shares in [0, 1]
        "fatigue",  # share of an urgency impulse that no longer moves anybody
        "shortage",  # financial shortage, share
        "climate_logit",
        "climate",  # political climate, share (1 = hostile)
        "monitor",  # quality of the joint monitor, share
        "signal_good",
        "signal_closed",
        "signal_due",  # smoothed counts of what the monitor shows, cases/week
        "visible",  # results the monitor shows, share
    )
    + _table(
        "free",  # first free slot of the case table
        "slots_free",
        "arrived",
        "closed",
        "realised",
        "dropped",
        "in_time",
        "due",
        "returns_of_closed",
        "incidents",
        "open",
        "next_change",
        "next_restraint",
        kind="i8",
    )
)
ORGANISATION: Final = np.dtype(
    _table(
        # professionals
        "staff",
        "establishment",
        "absence",
        "motivation",
        "discretion",
        "drift",
        "load",
        "share_left",  # share of the staff that left this week
        "newcomers",  # persons who are still learning the work
        "confusion",  # share; how far practices are being changed this week
        "skills_work",  # shares in [0, 1]; able to work in a chain: professionals, manager, administrator
        "skills_manager",
        "skills_administrator",
        # manager
        "binding",
        "binding_chosen",
        "steering_capacity",
        "official",  # share; how far the objective is translated on the official level
        "manager_weeks",
        "vacant_weeks",
        # administrator
        "ambition_x",
        "ambition_y",
        "weight",
        "belief_mean",
        "belief_variance",
        "uncertainty",
        "tolerance",
        "restraint",
        "pressure",
        "weeks_in_office",
        "overseen_weeks",
        "unblock_weeks",
        "overseen",
        "unblocking",
        "concern",
        "intervention_chance",
        "attention",
        "distance",
        "trust_vertical",
        # information
        "dual_use",
        "demand",
        # steering and trust around the organisation
        "frame",
        "frame_work",
        "persons_work",
        "agreements_work",  # sums over links or partners of what is put into them
        "trust",
        "informal",
        "joint",
        "retreat",
        "suspicion",  # share; after an incident here
        "triage",  # share of the hours pulled to what closes quickly
        "triage_due",
        # hours of this week
        "hours",
        *HOURS,
        "hours_for_cases",
        "reporting_share",
        "own_target",
        "queue_hours",
        "intake_hours",  # lost at the intake of cases that were sent back, taken from the next hours for cases
        "extra_absence",
        "tightened_weeks",
        # odds of this week's work, the same for every case (chain/odds.py)
        "right_standard",
        "right_hard",
        "own_course",
        "permission",
        "shift",
    )
    + _table(
        "choice",  # -1 none, 0 hold back, 1 ask for reports, 2 take over details, 3 unblock
        "new_administrator",
        "new_manager",
        "present",
        "waiting",
        "blocked",
        "stuck",
        "served",
        "handed_over",
        "returned",
        "refused",
        "late",
        "overdue",
        "dropped",
        "closed",
        "realised",
        "done_wrong",
        "lost_at_handover",
        "own_way",
        "too_late",  # cases that left the chain this week off the goal, by where the first reason arose
        "incidents",
        "staff_left",
        "staff_hired",
        "links",
        "links_out",
        "links_in",
        "partners",
        kind="i8",
    )
)
LINK: Final = np.dtype(
    _table(
        "frame",
        # odds of this week's hand-overs (chain/odds.py)
        "refusal",
        "failure_standard",
        "failure_hard",
        "finding",
        "extra_effort",
        "loss_standard",
        "loss_hard",
    )
    + _table("accepted", "returned", "refused", kind="i8")
)
DYAD: Final = np.dtype(
    _table("trust_persons", "trust_agreements", "familiarity", "handled", "kept", "broken", "kept_agreed")
)
LUCK: Final = np.dtype(
    _table(
        "exit",
        "election",
        "ambition_x",
        "ambition_y",
        "tolerance",
        "manager_leaves",
        "manager_binding",
        "staff_leaves",
        "staff_hired",
        "noise",
        "intervene",
        "choice",
        "climate",  # read from the first row only: the chain has one climate
        "manager_steering",
    )
)  # uniform numbers in (0, 1), four per counter block
SEEN: Final = np.dtype(
    _table(
        "week",  # reported week, from 0
        "organisation",  # its number, in the order of the scenario
        "trust",
        "trust_vertical",
        "motivation",
        "load",  # shares of last week
        "staff",  # persons
        "present",
        "waiting",
        "blocked",
        "overdue",  # cases now
        "late",
        "returned",
        "refused",
        "dropped",  # cases of last week
        "incidents",  # this week
        "overseen",
        "reporting_share",
        "urgency",
        "shortage",
        "monitor",
        "visible",  # results that the joint monitor shows, share
        "memory",  # whatever the policy writes here it finds next week; 0 when a run starts
    )
)  # what a steering policy of somebody's own may see of an organisation (chain/own.py)
CASE: Final = np.dtype(
    _table("remaining", "effort", "carried", "luck_right", "luck_own", "luck_handover", "luck_check")
    + _table("next", "number", "organisation", "link", "next_link", kind="i4")
    + _table("arrival", "joined", "step", "visit", "returns", "type", kind="i2")
    + _table("order", "fault_week", "fault_at", "late_at", kind="i2")
    + _table("hard", "urgent", "defect", "own_course", "rework", "started", "late", "fault", kind="i1"),
    align=True,
)  # 104 bytes; next_link is the link after this one, drawn ahead
# arrived, realised; late, done wrong, lost at a hand-over, own course, dropped: by the first reason, then by all reasons
COHORT_COLUMNS: Final = 12
TYPE_COUNTS: Final = 7  # cases of a type in line, blocked; this week realised, dropped, returns, closed; open
LAYERS: Final = 2  # of a line: urgent, other
PARTS: Final = 4  # buckets to a week of arrival (chain/queues.py)
LANES: Final = 64  # cases whose luck is drawn together (chain/ahead.py)
LANE_ROWS: Final = 8  # two blocks of four words
