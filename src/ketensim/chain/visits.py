"""One case at one organisation: which way it will go, what it asks, and how it leaves the chain. ODD submodel 7a."""

from __future__ import annotations

import numpy as np

from ketensim.chain.queues import NONE, give_slot, join_inbox
from ketensim.foundation.compiled import inlined, kernel, rule
from ketensim.foundation.luck import PURPOSES, ROUTE, draw, geometric
from ketensim.foundation.state import Chain, State

SENT_BACK = 1  # why a case is worked on again: it did not fit or was found defective
MISFIT = 3  # ... or the hand-over did not fit: only the hand-over is done again
OFFERED_AGAIN = 2  # ... or it was refused: nothing about it is done anew
WRONG = 1  # why a case is not on the goal: done wrong
LOST = 2  # ... lost at a hand-over
OWN_COURSE = 3
LATE_COLUMN = 2  # columns of a cohort
FAULT_COLUMN = 2  # plus the fault
DROPPED_COLUMN = 6
REASON_COLUMNS = 5  # how much further the same reason stands, counted whether or not it was the first
IN_LINE, BLOCKED, REALISED, DROPPED, RETURNS, CLOSED_NOW, OPEN_NOW = range(7)  # columns of the counts of a case type
CASES_PER_WEEK = 65536  # of one type: a case's number within its week stays below


@rule
def case_number(arrival: int, index: int) -> int:
    """Number that a case carries in its luck: week of arrival and place in that week.

    Examples
    --------
    >>> case_number(2, 5)
    131077
    """
    return arrival * CASES_PER_WEEK + index


@kernel
@inlined
def note_fault(state: State, slot: int, fault: int, week: int) -> None:
    """Keep the first fault that still stands, when it was made and where."""
    case = state.case[slot]
    if not case.fault:
        case.fault, case.fault_week, case.fault_at = fault, week, case.organisation


@kernel
@inlined
def note_lateness(chain: Chain, state: State, slot: int, week: int) -> None:
    """Keep where a case was when its norm had passed: the first organisation that it leaves after that."""
    case = state.case[slot]
    if case.late_at < 0 and week - case.arrival > chain.case_type[case.type].norm:
        case.late_at = case.organisation


@kernel
def lose_case(chain: Chain, state: State, slot: int, otherwise: int) -> None:
    """A case leaves the chain off the goal: count it with the first reason that sufficed, where that arose, and with each
    reason that stands.
    """
    case = state.case[slot]
    reason = otherwise
    if case.fault and case.fault_week <= case.arrival + chain.case_type[case.type].norm:
        reason = FAULT_COLUMN + case.fault
        blamed = state.organisation[case.fault_at]
        if case.fault == WRONG:
            blamed.done_wrong += 1
        elif case.fault == LOST:
            blamed.lost_at_handover += 1
        else:
            blamed.own_way += 1
    elif otherwise == LATE_COLUMN:
        state.organisation[case.late_at].too_late += 1
    cohort = state.cohort[case.type, case.arrival]
    cohort[reason] += 1
    if otherwise == DROPPED_COLUMN or case.late_at >= 0:
        cohort[REASON_COLUMNS + otherwise] += 1
    if case.defect:
        cohort[REASON_COLUMNS + FAULT_COLUMN + case.defect] += 1
    if case.own_course:
        cohort[REASON_COLUMNS + FAULT_COLUMN + OWN_COURSE] += 1


@kernel
def luck_of_step(state: State, seed: int, replication: int, slot: int) -> tuple[float, float, float, float]:
    """Four numbers for this step on the way through the chain: route, incident, lag, unused."""
    case = state.case[slot]
    return draw(seed, replication, ROUTE + PURPOSES * int(case.type), int(case.number), int(case.step))


@kernel
def plain_effort(chain: Chain, state: State, slot: int, i: int) -> float:
    """Hours of professional work that this case asks of organisation ``i``, without permission, checks or rework."""
    case = state.case[slot]
    return chain.task[i, case.type].hours * case.effort


@kernel
@inlined
def start_visit(chain: Chain, state: State, p: np.record, slot: int, i: int, week: int, extra: float) -> None:
    """A case arrives at organisation ``i`` for its next step; ``extra`` is effort on top (hand-over, checking).

    A retreating organisation leaves part of the work to the next one, where it costs more.
    """
    case = state.case[slot]
    organisation = state.organisation[i]
    plain = plain_effort(chain, state, slot, i)
    effort = plain * organisation.permission if case.hard else plain
    shifted = effort * organisation.shift if case.link != NONE else 0.0
    case.remaining = effort - shifted + case.carried + plain * extra
    case.carried = shifted * p.cost_shift_loss
    case.rework = 0
    organisation.present += 1
    wait_at(state, slot, i, week)


@kernel
@inlined
def redo_visit(state: State, slot: int, i: int, week: int, hours: float, reason: int) -> None:
    """A case that came back asks for more work at the organisation where it still is: done anew, or only offered again."""
    case = state.case[slot]
    case.remaining = hours
    case.rework = reason
    case.visit += 1
    wait_at(state, slot, i, week)
    join_inbox(state, i, slot)


@kernel
def wait_at(state: State, slot: int, i: int, week: int) -> None:
    """Count a case as waiting at organisation ``i`` from this week."""
    case = state.case[slot]
    organisation = state.organisation[i]
    case.organisation = i
    case.joined = week
    case.started = 0
    case.late = 0
    organisation.waiting += 1
    state.type_count[case.type, IN_LINE] += 1
    organisation.queue_hours += case.remaining
    state.joined[i, week] += 1


@kernel
def no_longer_expected(chain: Chain, state: State, slot: int, week: int) -> bool:
    """Take a case off the count of those that partners expect work on; says whether it was late."""
    case = state.case[slot]
    i = int(case.organisation)
    late = week - case.joined > chain.profile[i].term
    if late:
        state.organisation[i].stuck -= 1
    else:
        state.joined[i, case.joined] -= 1
    return late


@kernel
def leave_chain(state: State, slot: int) -> None:
    """Take a case out of the counts of open cases and free its slot."""
    case = state.case[slot]
    state.organisation[case.organisation].present -= 1
    state.open_by_arrival[case.type, case.arrival] -= 1
    state.type_count[case.type, OPEN_NOW] -= 1
    state.chain[0].open -= 1
    give_slot(state, slot)


@kernel
@inlined
def close_case(chain: Chain, state: State, p: np.record, seed: int, replication: int, slot: int, week: int) -> None:
    """A case is finished: in time or not, on the chain objective or not; a hidden defect may come out later."""
    case = state.case[slot]
    common = state.chain[0]
    organisation = state.organisation[case.organisation]
    lead_time = week - case.arrival
    state.lead_time[case.type, lead_time] += 1
    note_lateness(chain, state, slot, week)
    common.closed += 1
    state.type_count[case.type, CLOSED_NOW] += 1
    common.returns_of_closed += case.returns
    state.type_count[case.type, RETURNS] += case.returns
    organisation.closed += 1
    if lead_time <= chain.case_type[case.type].norm:
        common.in_time += 1
        if not case.defect and not case.own_course:
            common.realised += 1
            state.type_count[case.type, REALISED] += 1
            organisation.realised += 1
            state.cohort[case.type, case.arrival, 1] += 1
        else:
            lose_case(chain, state, slot, LATE_COLUMN)
    else:
        lose_case(chain, state, slot, LATE_COLUMN)
    if case.defect:
        _, chance, lag, _ = luck_of_step(state, seed, replication, slot)
        if chance < p.incident_chance:
            due = week + geometric(lag, p.incident_lag)
            if due < state.incident_due.shape[1]:
                state.incident_due[case.organisation, due] += 1
    leave_chain(state, slot)


@kernel
def drop_case(chain: Chain, state: State, slot: int) -> None:
    """A case that grew too old leaves the chain unresolved."""
    state.chain[0].dropped += 1
    state.type_count[state.case[slot].type, DROPPED] += 1
    lose_case(chain, state, slot, DROPPED_COLUMN)
    state.organisation[state.case[slot].organisation].dropped += 1
    leave_chain(state, slot)
