"""The work on cases: being served, done well or not, staying, growing too old. ODD submodel 7b.

A case is followed one by one. What happens to it is decided by luck that belongs to it (its week of arrival, its
number in that week, the count of its visits) and by the state it meets. Hand-overs stand in ``handover.py``.
"""

from __future__ import annotations

import numpy as np

from ketensim.chain.administrators import UNBLOCK
from ketensim.chain.ahead import draw_ahead
from ketensim.chain.handover import move_on, retry_blocked
from ketensim.chain.intake import take_in
from ketensim.chain.odds import set_odds
from ketensim.chain.queues import (
    NONE,
    empty_bucket,
    join_queue,
    keep_in_hand,
    leave_queue,
    next_to_serve,
    stay_until,
)
from ketensim.chain.visits import (
    CLOSED_NOW,
    DROPPED,
    IN_LINE,
    MISFIT,
    OFFERED_AGAIN,
    OWN_COURSE,
    REALISED,
    RETURNS,
    SENT_BACK,
    WRONG,
    drop_case,
    no_longer_expected,
    note_fault,
)
from ketensim.foundation.compiled import inlined, kernel
from ketensim.foundation.rows import LANES, LAYERS, PARTS
from ketensim.foundation.state import Chain, State


@kernel
def empty_inboxes(chain: Chain, state: State, seed: int, replication: int, week: int) -> None:
    """What was handed over joins the line; a case that has grown too old on its way leaves unresolved."""
    lanes = 0
    for i in range(len(state.organisation)):
        slot = int(state.inbox_first[i])
        state.inbox_first[i] = NONE
        while slot != NONE:
            case = state.case[slot]
            following = int(case.next)
            if week - case.arrival >= chain.case_type[case.type].drop_after:
                drop_waiting(chain, state, slot, week)
            else:
                join_queue(state, i, slot)
                state.lane_slot[lanes] = slot
                lanes += 1
            if lanes == LANES:
                draw_ahead(chain, state, seed, replication, lanes)
                lanes = 0
            slot = following
    draw_ahead(chain, state, seed, replication, lanes)


@kernel
def drop_waiting(chain: Chain, state: State, slot: int, week: int) -> None:
    """A case in line leaves unresolved."""
    case = state.case[slot]
    organisation = state.organisation[case.organisation]
    organisation.queue_hours = max(0.0, organisation.queue_hours - case.remaining)
    if not case.started:
        organisation.waiting -= 1
        state.type_count[case.type, IN_LINE] -= 1
    no_longer_expected(chain, state, slot, week)
    drop_case(chain, state, slot)


@kernel
def drop_old(chain: Chain, state: State, i: int, week: int) -> None:
    """Valve: cases in line that reach the drop age of their type leave unresolved."""
    for kind in range(len(chain.case_type)):
        arrival = week - chain.case_type[kind].drop_after
        if arrival >= 0 and state.open_by_arrival[kind, arrival] > 0:
            for layer in range(LAYERS):
                for part in range(arrival * PARTS, (arrival + 1) * PARTS):
                    drop_of_type(chain, state, i, kind, empty_bucket(state, i, layer, part), week)


@kernel
def drop_of_type(chain: Chain, state: State, i: int, kind: int, slot: int, week: int) -> None:
    """Of the cases that hang behind a slot those of a type leave; the others go back in line."""
    while slot != NONE:
        following = int(state.case[slot].next)
        if state.case[slot].type == kind:
            drop_waiting(chain, state, slot, week)
        else:
            join_queue(state, i, slot)
        slot = following


@kernel
def hurry_stuck(chain: Chain, state: State, p: np.record, i: int, week: int) -> None:
    """An administrator unblocks: cases in line that are well on their way to their norm become urgent for good."""
    for part in range(int(state.queue_oldest[i, 1]), (week + 1) * PARTS):
        slot = empty_bucket(state, i, 1, part)
        while slot != NONE:
            case = state.case[slot]
            following = int(case.next)
            if week - case.arrival >= p.unblock_age * chain.case_type[case.type].norm:
                case.urgent = 1
            join_queue(state, i, slot)
            slot = following


@kernel
def serve(chain: Chain, state: State, p: np.record, seed: int, replication: int, i: int, week: int) -> None:
    """Professionals of organisation ``i`` work on cases until the hours or the cases are used up."""
    organisation = state.organisation[i]
    retry_blocked(chain, state, p, seed, replication, i, week)
    release_stays(chain, state, p, seed, replication, i, week)
    hours = organisation.hours_for_cases
    lost = min(hours, organisation.intake_hours + p.waiting_effort * organisation.blocked)
    organisation.intake_hours = 0.0
    organisation.hours_case_work = 0.0
    organisation.hours_rework = lost
    hours -= lost
    while hours > 0.0:
        slot = next_to_serve(state, i, week)
        if slot == NONE:
            break
        hours -= work_on(state, slot, i, hours)
        if state.case[slot].remaining > 0.0:
            keep_in_hand(state, i, slot)
            break
        leave_queue(state, i, slot)
        finish_visit(chain, state, p, seed, replication, slot, i, week)
    organisation.hours_idle = max(0.0, hours)


@kernel
def work_on(state: State, slot: int, i: int, hours: float) -> float:
    """Work on one case with at most these hours; returns the hours used."""
    case = state.case[slot]
    organisation = state.organisation[i]
    used = min(hours, case.remaining)
    case.remaining -= used
    organisation.queue_hours = max(0.0, organisation.queue_hours - used)
    state.type_hours[i, case.type] += used
    if case.rework:
        organisation.hours_rework += used
    else:
        organisation.hours_case_work += used
    if not case.started:
        case.started = 1
        organisation.waiting -= 1
        state.type_count[case.type, IN_LINE] -= 1
    return used


@kernel
@inlined
def finish_visit(
    chain: Chain, state: State, p: np.record, seed: int, replication: int, slot: int, i: int, week: int
) -> None:
    """The work at one organisation is done: rightly or not, on the objective or on the own course."""
    case = state.case[slot]
    organisation = state.organisation[i]
    organisation.served += 1
    if no_longer_expected(chain, state, slot, week):
        case.late = 1
        organisation.late += 1
    if case.rework not in (OFFERED_AGAIN, MISFIT):
        wrong = 0 if case.luck_right < (organisation.right_hard if case.hard else organisation.right_standard) else 1
        # what came in wrong stays wrong unless it was sent back and is done anew
        if case.rework == SENT_BACK:
            case.defect = 0
            if case.fault != OWN_COURSE:
                case.fault = 0
                if case.own_course:
                    note_fault(state, slot, OWN_COURSE, week)
        if wrong and not case.defect:
            case.defect = WRONG
            note_fault(state, slot, WRONG, week)
        if case.luck_own < organisation.own_course:
            case.own_course = 1
            note_fault(state, slot, OWN_COURSE, week)
    stay = chain.task[i, case.type].stay
    if stay > 0 and not case.rework:
        stay_until(state, i, slot, week + stay)
    else:
        move_on(chain, state, p, seed, replication, slot, week)


@kernel
def release_stays(chain: Chain, state: State, p: np.record, seed: int, replication: int, i: int, week: int) -> None:
    """Stays that end this week: the cases move on."""
    slot = int(state.release_first[i, week])
    state.release_first[i, week] = NONE
    while slot != NONE:
        following = int(state.case[slot].next)
        move_on(chain, state, p, seed, replication, slot, week)
        slot = following


@kernel
def start_counts(chain: Chain, state: State, week: int) -> None:
    """Set the counts of the week to zero and note which cases pass their norm or their partners' patience."""
    common = state.chain[0]
    common.arrived, common.closed, common.realised, common.dropped = 0, 0, 0, 0
    common.in_time, common.returns_of_closed, common.due = 0, 0, 0
    state.type_hours.fill(0.0)
    for kind in range(len(chain.case_type)):
        state.type_count[kind, REALISED], state.type_count[kind, DROPPED] = 0, 0
        state.type_count[kind, RETURNS], state.type_count[kind, CLOSED_NOW] = 0, 0
        arrival = week - chain.case_type[kind].norm - 1
        if arrival >= 0:
            common.due += state.open_by_arrival[kind, arrival]
    for i in range(len(state.organisation)):
        organisation = state.organisation[i]
        organisation.served, organisation.handed_over, organisation.returned = 0, 0, 0
        organisation.refused, organisation.late, organisation.dropped = 0, 0, 0
        organisation.closed, organisation.realised, organisation.overdue = 0, 0, 0
        organisation.done_wrong, organisation.lost_at_handover, organisation.own_way, organisation.too_late = 0, 0, 0, 0
        joined = week - int(chain.profile[i].term) - 1
        if joined >= 0:
            organisation.overdue = state.joined[i, joined]
            organisation.stuck += state.joined[i, joined]
            state.joined[i, joined] = 0
    for k in range(len(state.link)):
        link = state.link[k]
        link.accepted, link.returned, link.refused = 0, 0, 0
    for d in range(len(state.dyad)):
        dyad = state.dyad[d]
        dyad.kept, dyad.broken, dyad.kept_agreed, dyad.handled = 0.0, 0.0, 0.0, 0.0


@kernel
def feel_lateness(chain: Chain, state: State) -> None:
    """Cases that pass the term unworked are broken promises to the partners on both sides of the link."""
    for k in range(len(state.link)):
        place = chain.link[k]
        if not place.consultation:
            giver = state.organisation[place.source]
            receiver = state.organisation[place.target]
            state.dyad[place.receiver_dyad].broken += giver.overdue / giver.links_out
            state.dyad[place.giver_dyad].broken += receiver.overdue / receiver.links_in


@kernel
def work(chain: Chain, state: State, p: np.record, seed: int, replication: int, week: int) -> None:
    """A week of work in the whole chain; what is handed over is worked on from next week on."""
    set_odds(chain, state, p)
    start_counts(chain, state, week)
    feel_lateness(chain, state)
    take_in(chain, state, p, seed, replication, week)
    for i in range(len(state.organisation)):
        drop_old(chain, state, i, week)
        if state.organisation[i].choice == UNBLOCK:
            hurry_stuck(chain, state, p, i, week)
        serve(chain, state, p, seed, replication, i, week)
    empty_inboxes(chain, state, seed, replication, week)
