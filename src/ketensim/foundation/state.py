"""The state of a run and the chain it runs on, as named record arrays.

``Chain`` holds what does not change during a run (built from a scenario by ``scenario/build.py``), ``State`` what does.
Each is a set of record arrays: one row per organisation, link, dyad or case, one named field per quantity, so that
the compiled kernel, the Mesa agents and the tests read the same memory under the same names.

Weeks are counted from the start of the burn-in (week 0) in everything on this floor; ``chain.world[0].burn_in`` is the
first reported week. Shares are in [0, 1], hours are hours per week, cases are numbers of cases.
"""

from __future__ import annotations

from typing import ClassVar

import numpy as np

from ketensim.foundation.array_sets import Tables, as_grid, records
from ketensim.foundation.parameters import LEVER_DTYPE, LEVER_NAMES
from ketensim.foundation.rows import (
    CASE,
    CASE_TYPE,
    CHAIN_STATE,
    CHANGE,
    COHORT_COLUMNS,
    DYAD,
    DYAD_PLACE,
    EVENT,
    FLAG,
    FLOAT,
    LANE_ROWS,
    LANES,
    LAYERS,
    LINK,
    LINK_PLACE,
    LUCK,
    ORGANISATION,
    PARTS,
    PROFILE,
    RELATION,
    RESTRAINT,
    SEEN,
    SLOT,
    TASK,
    TYPE_COUNTS,
    WHOLE,
    WORLD,
)


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


class State(Tables):
    """Everything that moves in one run."""

    GRIDS: ClassVar = {"lever_grid": "lever", "aim_grid": "aim"}

    LAYOUT: ClassVar = {
        "chain": (CHAIN_STATE, 1),
        "organisation": (ORGANISATION, 1),
        "link": (LINK, 1),
        "dyad": (DYAD, 1),
        "lever": (LEVER_DTYPE, 1),
        "seen": (SEEN, 1),
        "aim": (LEVER_DTYPE, 1),
        "aim_grid": (FLOAT, 2),
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
        "type_count": (SLOT, 2),
        "type_hours": (FLOAT, 2),
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
    seen: np.recarray  # [organisation] what a steering policy of somebody's own may see
    aim: np.recarray  # [organisation] where such a policy writes what it aims at
    aim_grid: np.ndarray  # [organisation, lever] the same memory, by number
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
    type_count: np.ndarray  # [case_type, column] in line, blocked; this week realised, dropped, returns, closed; open
    type_hours: np.ndarray  # [organisation, case_type] hours worked on cases this week
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
    lever, aim = records(organisations, LEVER_DTYPE), records(organisations, LEVER_DTYPE)
    return State(
        chain=records(1, CHAIN_STATE),
        organisation=records(organisations, ORGANISATION),
        link=records(int(world.links), LINK),
        dyad=records(int(world.dyads), DYAD),
        lever=lever,
        lever_grid=as_grid(lever),
        plan_grid=np.zeros((organisations, len(LEVER_NAMES))),
        target_grid=np.zeros((organisations, len(LEVER_NAMES))),
        seen=records(organisations, SEEN),
        aim=aim,
        aim_grid=as_grid(aim),
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
        type_count=np.zeros((types, TYPE_COUNTS), SLOT),
        type_hours=np.zeros((organisations, types)),
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
