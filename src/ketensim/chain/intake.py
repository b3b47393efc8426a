"""Cases that arrive: how many, whose, and what they ask. ODD submodel 7b.

Who comes with which case belongs to the citizen (type, week of arrival, number in that week), whatever the levers are.
"""

from __future__ import annotations

import numpy as np

from ketensim.chain.ahead import FIRST_BLOCK, FOURTH, SECOND_BLOCK, answer, ask, choose_link, draw_ahead
from ketensim.chain.queues import NONE, join_queue, take_slot
from ketensim.chain.visits import OPEN_NOW, case_number, start_visit
from ketensim.foundation.compiled import inlined, kernel, rule
from ketensim.foundation.events import EVENT_NAMES
from ketensim.foundation.luck import ARRIVALS, CASE_TRAITS, ROUTE, draw, poisson, unit
from ketensim.foundation.mathematics import logarithm_of_share
from ketensim.foundation.rows import LANES
from ketensim.foundation.state import Chain, State

ORDER_MASK = 0x7FFF  # low bits of a word whose high bits say whether a case is hard
ARRIVAL_WAVE = EVENT_NAMES.index("arrival_wave")


@rule
def effort_factor(uniform: float, variation: float) -> float:
    r"""Effort of a case relative to the mean of its type: shifted exponential, :math:`1 - v - v \ln(1 - u)`.

    Parameters
    ----------
    uniform : number in (0, 1)
    variation : share in [0, 1]; coefficient of variation: 0 all equal, 1 exponential

    Returns
    -------
    ratio above 0, with mean 1

    Examples
    --------
    >>> effort_factor(0.3, 0.0)
    1.0
    """
    return 1.0 - variation - variation * logarithm_of_share(1.0 - uniform)


@kernel
def arrivals(chain: Chain, seed: int, replication: int, kind: int, week: int) -> int:
    """Number of cases of a type that arrive in a week, with the waves of the calendar."""
    mean = chain.case_type[kind].arrivals
    for number in range(len(chain.event)):
        event = chain.event[number]
        concerned = event.case_type < 0 or event.case_type == kind
        if event.kind == ARRIVAL_WAVE and concerned and event.week <= week < event.week + event.weeks:
            mean = mean * (1.0 + event.strength)
    return poisson(draw(seed, replication, ARRIVALS, kind, week)[0], mean)


@kernel
def take_in(chain: Chain, state: State, p: np.record, seed: int, replication: int, week: int) -> None:
    """The citizens of this week come in, each with the case that is theirs whatever the levers are."""
    lanes = 0
    for kind in range(len(chain.case_type)):
        for index in range(state.arriving[kind]):
            state.lane_slot[lanes] = register(state, kind, week, index)
            lanes += 1
            if lanes == LANES:
                welcome(chain, state, p, seed, replication, week, lanes)
                lanes = 0
    welcome(chain, state, p, seed, replication, week, lanes)


@kernel
@inlined
def register(state: State, kind: int, week: int, index: int) -> int:
    """A case gets its identity and a slot of the case table."""
    slot = take_slot(state)
    case = state.case[slot]
    case.type, case.arrival, case.number = kind, week, case_number(week, index)
    case.step, case.visit, case.returns = 0, 0, 0
    case.defect, case.own_course, case.fault, case.late_at = 0, 0, 0, NONE
    case.carried = 0.0
    return slot


@kernel
def welcome(chain: Chain, state: State, p: np.record, seed: int, replication: int, week: int, lanes: int) -> None:
    """A lane full of citizens: their traits, where they enter, their first link, and the luck of what comes next."""
    for lane in range(lanes):
        slot = int(state.lane_slot[lane])
        ask(state, lane, FIRST_BLOCK, slot, CASE_TRAITS, 0)
        ask(state, lane, SECOND_BLOCK, slot, ROUTE, 0)
    answer(state, seed, replication, FIRST_BLOCK, lanes)
    answer(state, seed, replication, SECOND_BLOCK, lanes)
    variation = p.effort_variation
    for lane in range(lanes):
        state.lane_effort[lane] = effort_factor(unit(int(state.lane_word[FOURTH, lane])), variation)
    for lane in range(lanes):
        take_in_case(chain, state, p, week, lane)
    draw_ahead(chain, state, seed, replication, lanes)


@kernel
@inlined
def take_in_case(chain: Chain, state: State, p: np.record, week: int, lane: int) -> None:
    """One citizen with one case."""
    slot = int(state.lane_slot[lane])
    word = state.lane_word
    common = state.chain[0]
    case = state.case[slot]
    kind = int(case.type)
    case.hard = 1 if unit(int(word[0, lane])) < chain.case_type[kind].non_standard else 0
    case.order = int(word[0, lane]) & ORDER_MASK
    case.urgent = 1 if unit(int(word[1, lane])) < chain.case_type[kind].urgent else 0
    case.effort = state.lane_effort[lane] * (p.effort_hard if case.hard else 1.0)
    entry = unit(int(word[2, lane]))
    i = 0
    while entry >= chain.entry[kind, i] and i < len(chain.profile) - 1:
        i += 1
    common.arrived += 1
    common.open += 1
    state.cohort[kind, week, 0] += 1
    state.open_by_arrival[kind, week] += 1
    state.type_count[kind, OPEN_NOW] += 1
    case.link = choose_link(chain, i, kind, unit(int(word[SECOND_BLOCK, lane])))
    start_visit(chain, state, p, slot, i, week, 0.0)
    join_queue(state, i, slot)
