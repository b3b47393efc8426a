"""The state of a run and the chain it runs on, as named record arrays.

``Chain`` holds what does not change during a run (built from a scenario by ``scenario/build.py``), ``State`` what does.
Each is a set of record arrays: one row per organisation, link, dyad or case, one named field per quantity, so that
the compiled kernel, the Mesa agents and the tests read the same memory under the same names.

Weeks are counted from the start of the burn-in (week 0) in everything on this floor; ``chain.world[0].burn_in`` is the
first reported week. Shares are in [0, 1], hours are hours per week, cases are numbers of cases.
"""

from __future__ import annotations

from typing import ClassVar, Final

import numpy as np

from ketensim.foundation.array_sets import Tables, records
from ketensim.foundation.parameters import LEVER_DTYPE, LEVER_NAMES


def _table(*fields: str, kind: str = "f8") -> list[tuple[str, str]]:
    return [(name, kind) for name in fields]


FLOAT: Final = np.dtype("f8")
WHOLE: Final = np.dtype("i8")
SLOT: Final = np.dtype("i4")  # lists and counts of cases: small, because a run lives in the fast caches
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


class Chain(Tables):
    """A chain as numbers; read-only while it runs."""

    LAYOUT: ClassVar = {
        "world": (WORLD, 1),
        "profile": (PROFILE, 1),
        "task": (TASK, 2),
        "case_type": (CASE_TYPE, 1),
        "entry": (FLOAT, 2),
        "link": (LINK_PLACE, 1),
        "first_link": (WHOLE, 1),
        "route": (FLOAT, 2),
        "dyad": (DYAD_PLACE, 1),
        "lever_grid": (FLOAT, 2),
        "relation_grid": (FLOAT, 2),
        "change": (CHANGE, 1),
        "restraint": (RESTRAINT, 1),
        "event": (EVENT, 1),
        "election": (FLAG, 2),
        "election_near": (FLOAT, 2),
    }
    world: np.recarray  # (1,)
    profile: np.recarray  # [organisation]
    task: np.recarray  # [organisation, case_type]
    case_type: np.recarray  # [case_type]
    entry: np.ndarray  # [case_type, organisation] cumulative share of arrivals that enter there
    link: np.recarray  # [link], sorted by source
    first_link: np.ndarray  # [organisation + 1] slice of the links that leave an organisation
    route: np.ndarray  # [link, case_type] share of the completed cases that take the link
    dyad: np.recarray  # [dyad]
    lever_grid: np.ndarray  # [organisation, lever] levers at the start, in the order of LEVER_NAMES
    relation_grid: (
        np.ndarray
    )  # [dyad, lever of RELATION] set for this relation; not-a-number = as the two organisations
    change: np.recarray  # [change] calendar of lever changes, sorted by week
    restraint: np.recarray  # [change] calendar of what administrators bear before they intervene, sorted by week
    event: np.recarray  # [event] world events
    election: np.ndarray  # [organisation, week] 1 in the week its principal is elected
    election_near: np.ndarray  # [organisation, week] share in [0, 1], rising to 1 in the election week


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
CASE: Final = np.dtype(
    _table("remaining", "effort", "carried", "luck_right", "luck_own", "luck_handover", "luck_check")
    + _table("next", "number", "organisation", "link", "next_link", kind="i4")
    + _table("arrival", "joined", "step", "visit", "returns", "type", kind="i2")
    + _table("order", "fault_week", "fault_at", "late_at", kind="i2")
    + _table("hard", "urgent", "defect", "own_course", "rework", "started", "late", "fault", kind="i1"),
    align=True,
)  # 104 bytes; next_link is the link after this one, drawn ahead
COHORT_COLUMNS: Final = 7  # arrived, realised, late, done wrong, lost at a hand-over, own course, dropped
LAYERS: Final = 2  # of a line: urgent, other
PARTS: Final = 4  # buckets to a week of arrival (chain/queues.py)
LANES: Final = 64  # cases whose luck is drawn together (chain/ahead.py)
LANE_ROWS: Final = 8  # two blocks of four words


class State(Tables):
    """Everything that moves in one run."""

    LAYOUT: ClassVar = {
        "chain": (CHAIN_STATE, 1),
        "organisation": (ORGANISATION, 1),
        "link": (LINK, 1),
        "dyad": (DYAD, 1),
        "lever": (LEVER_DTYPE, 1),
        "relation": (RELATION, 1),
        "relation_plan": (FLOAT, 2),
        "lever_grid": (FLOAT, 2),
        "plan_grid": (FLOAT, 2),
        "target_grid": (FLOAT, 2),
        "luck": (LUCK, 1),
        "case": (CASE, 1),
        "queue_first": (SLOT, 1),
        "queue_oldest": (SLOT, 2),
        "release_first": (SLOT, 2),
        "blocked_first": (SLOT, 1),
        "blocked_last": (SLOT, 1),
        "inbox_first": (SLOT, 1),
        "inbox_last": (SLOT, 1),
        "joined": (SLOT, 2),
        "open_by_arrival": (SLOT, 2),
        "cohort": (SLOT, 3),
        "lead_time": (SLOT, 2),
        "waiting_of_type": (SLOT, 1),
        "incident_due": (SLOT, 2),
        "arriving": (SLOT, 1),
        "lane_slot": (SLOT, 1),
        "lane_word": (WHOLE, 2),
        "lane_effort": (FLOAT, 1),
    }
    chain: np.recarray  # (1,) CHAIN_STATE
    organisation: np.recarray  # [organisation]
    link: np.recarray  # [link]
    dyad: np.recarray  # [dyad]
    lever: np.recarray  # [organisation] levers in force
    lever_grid: np.ndarray  # [organisation, lever] the same memory, by number
    plan_grid: np.ndarray  # [organisation, lever] levers as scenario and calendar set them, before the policy
    target_grid: np.ndarray  # [organisation, lever] what is aimed at this week, after the policy
    relation: np.recarray  # [dyad] levers in force in a relation
    relation_plan: np.ndarray  # [dyad, lever of RELATION] as scenario and calendar set them, not-a-number = as the two
    luck: np.recarray  # [organisation] this week's luck
    case: np.recarray  # [slot]
    queue_first: (
        np.ndarray
    )  # [organisation, layer, week of arrival, part] first slot, -1 = none; layer 0 urgent, 1 other
    queue_oldest: np.ndarray  # [organisation, layer] no earlier bucket holds a case
    release_first: np.ndarray  # [organisation, week] cases whose stay ends that week
    blocked_first: np.ndarray  # [organisation] worked on, next organisation is full
    blocked_last: np.ndarray
    inbox_first: np.ndarray  # [organisation] handed over this week, joins the queue at the end of it
    inbox_last: np.ndarray
    joined: np.ndarray  # [organisation, week] cases that joined then and are not yet worked on
    open_by_arrival: np.ndarray  # [case_type, week]
    cohort: np.ndarray  # [case_type, week, column] arrived, realised, and what became of the others
    lead_time: np.ndarray  # [case_type, week] closed this week, by lead time
    waiting_of_type: np.ndarray  # [case_type] cases in line
    incident_due: np.ndarray  # [organisation, week]
    arriving: np.ndarray  # [case_type] arrivals of this week
    lane_slot: np.ndarray  # [lane] cases whose luck is drawn next
    lane_word: np.ndarray  # [row, lane] who they are and for what, then their luck: words of 32 bits
    lane_effort: np.ndarray  # [lane] effort relative to the mean of the type


def new_state(chain: Chain, slots: int) -> State:
    """Allocate the state for runs on a chain.

    Parameters
    ----------
    chain : the chain it will run on
    slots : cases that can be open at once before the table has to grow

    Returns
    -------
    State filled with zeros; ``chain/start.py`` gives it its values for week 0
    """
    world = chain.world[0]
    organisations, weeks, types = int(world.organisations), int(world.weeks), int(world.case_types)
    lever = records(organisations, LEVER_DTYPE)
    return State(
        chain=records(1, CHAIN_STATE),
        organisation=records(organisations, ORGANISATION),
        link=records(int(world.links), LINK),
        dyad=records(int(world.dyads), DYAD),
        lever=lever,
        lever_grid=np.asarray(lever).view("f8").reshape(organisations, len(LEVER_NAMES)),
        plan_grid=np.zeros((organisations, len(LEVER_NAMES))),
        target_grid=np.zeros((organisations, len(LEVER_NAMES))),
        relation=records(int(world.dyads), RELATION),
        relation_plan=np.zeros((int(world.dyads), len(RELATION.names or ()))),
        luck=records(organisations, LUCK),
        case=records(slots, CASE),
        queue_first=np.zeros(organisations * LAYERS * weeks * PARTS, SLOT),
        queue_oldest=np.zeros((organisations, LAYERS), SLOT),
        release_first=np.zeros((organisations, weeks + 1), SLOT),
        blocked_first=np.zeros(organisations, SLOT),
        blocked_last=np.zeros(organisations, SLOT),
        inbox_first=np.zeros(organisations, SLOT),
        inbox_last=np.zeros(organisations, SLOT),
        joined=np.zeros((organisations, weeks), SLOT),
        open_by_arrival=np.zeros((types, weeks), SLOT),
        cohort=np.zeros((types, weeks, COHORT_COLUMNS), SLOT),
        lead_time=np.zeros((types, weeks + 1), SLOT),
        waiting_of_type=np.zeros(types, SLOT),
        incident_due=np.zeros((organisations, weeks), SLOT),
        arriving=np.zeros(types, SLOT),
        lane_slot=np.zeros(LANES, SLOT),
        lane_word=np.zeros((LANE_ROWS, LANES), WHOLE),
        lane_effort=np.zeros(LANES, FLOAT),
    )


def grown(state: State) -> State:
    """The same state with twice the room for open cases; every other array is shared."""
    case = records(2 * len(state.case), CASE)
    case[: len(state.case)] = state.case
    old = len(state.case)
    case["next"][old:] = np.arange(old + 1, len(case) + 1)
    case[len(case) - 1].next = state.chain[0].free
    state.chain[0].free = old
    state.chain[0].slots_free += len(case) - old
    return state.replaced(case=case)
