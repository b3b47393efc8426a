"""The work on cases: arriving, being served, done well or not, staying, growing too old. ODD submodel 7b.

A case is followed one by one. What happens to it is decided by luck that belongs to it (its week of arrival, its
number in that week, the count of its visits) and by the state it meets. Hand-overs stand in ``handover.py``.
"""

from __future__ import annotations

import numpy as np

from ketensim.chain.administrators import UNBLOCK
from ketensim.chain.handover import move_on, retry_blocked
from ketensim.chain.odds import set_odds
from ketensim.chain.queues import NONE, empty_bucket, first_in_queue, join_queue, leave_queue, stay_until, take_slot
from ketensim.chain.visits import (
    OFFERED_AGAIN,
    SENT_BACK,
    case_number,
    drop_case,
    luck_of_visit,
    no_longer_expected,
    start_visit,
)
from ketensim.foundation.compiled import kernel, rule
from ketensim.foundation.luck import ARRIVALS, CASE_TRAITS, PURPOSES, draw, poisson
from ketensim.foundation.mathematics import logarithm
from ketensim.foundation.parameters import EVENTS
from ketensim.foundation.state import Chain, State

ARRIVAL_WAVE = EVENTS.index("arrival_wave")


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
    return 1.0 - variation - variation * logarithm(1.0 - uniform)


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
    for kind in range(len(chain.case_type)):
        for index in range(arrivals(chain, seed, replication, kind, week)):
            take_in_case(chain, state, p, seed, replication, week, kind, index)


@kernel
def take_in_case(
    chain: Chain, state: State, p: np.record, seed: int, replication: int, week: int, kind: int, index: int
) -> None:
    """One citizen with one case."""
    hard, urgent, entry, effort = draw(seed, replication, CASE_TRAITS + PURPOSES * kind, case_number(week, index), 0)
    common = state.chain[0]
    slot = take_slot(state)
    case = state.case[slot]
    case.type, case.arrival, case.number = kind, week, case_number(week, index)
    case.step, case.visit, case.returns = 0, 0, 0
    case.hard = 1 if hard < chain.case_type[kind].non_standard else 0
    case.urgent = 1 if urgent < chain.case_type[kind].urgent else 0
    case.defect, case.own_course = 0, 0
    case.effort = effort_factor(effort, p.effort_variation) * (p.effort_hard if case.hard else 1.0)
    case.carried = 0.0
    i = 0
    while entry >= chain.entry[kind, i] and i < len(chain.profile) - 1:
        i += 1
    common.arrived += 1
    common.open += 1
    state.cohort[week, 0] += 1
    state.open_by_arrival[kind, week] += 1
    start_visit(chain, state, p, seed, replication, slot, i, week, 0.0)
    join_queue(state, i, slot)


@kernel
def empty_inboxes(chain: Chain, state: State, week: int) -> None:
    """What was handed over joins the line; a case that has grown too old on its way leaves unresolved."""
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
            slot = following


@kernel
def drop_waiting(chain: Chain, state: State, slot: int, week: int) -> None:
    """A case in line leaves unresolved."""
    case = state.case[slot]
    organisation = state.organisation[case.organisation]
    organisation.queue_hours = max(0.0, organisation.queue_hours - case.remaining)
    if not case.started:
        organisation.waiting -= 1
    no_longer_expected(chain, state, slot, week)
    drop_case(state, slot)


@kernel
def drop_old(chain: Chain, state: State, i: int, week: int) -> None:
    """Valve: cases in line that reach the drop age of their type leave unresolved."""
    for kind in range(len(chain.case_type)):
        arrival = week - chain.case_type[kind].drop_after
        if arrival >= 0:
            for layer in range(2):
                slot = empty_bucket(state, i, layer, arrival)
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
    for arrival in range(int(state.queue_oldest[i, 1]), week + 1):
        slot = empty_bucket(state, i, 1, arrival)
        while slot != NONE:
            case = state.case[slot]
            following = int(case.next)
            if week - arrival >= p.unblock_age * chain.case_type[case.type].norm:
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
        slot = first_in_queue(state, i, week)
        if slot == NONE:
            break
        hours -= work_on(state, slot, i, hours)
        if state.case[slot].remaining > 0.0:
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
    if case.rework:
        organisation.hours_rework += used
    else:
        organisation.hours_case_work += used
    if not case.started:
        case.started = 1
        organisation.waiting -= 1
    return used


@kernel
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
    right, own, case.luck_handover, case.luck_check = luck_of_visit(state, seed, replication, slot)
    if case.rework != OFFERED_AGAIN:
        wrong = 0 if right < (organisation.right_hard if case.hard else organisation.right_standard) else 1
        # what came in wrong stays wrong unless it was sent back and is done anew
        case.defect = wrong if case.rework == SENT_BACK else max(case.defect, wrong)
        if own < organisation.own_course:
            case.own_course = 1
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
    for kind in range(len(chain.case_type)):
        arrival = week - chain.case_type[kind].norm - 1
        if arrival >= 0:
            common.due += state.open_by_arrival[kind, arrival]
    for i in range(len(state.organisation)):
        organisation = state.organisation[i]
        organisation.served, organisation.handed_over, organisation.returned = 0, 0, 0
        organisation.refused, organisation.late, organisation.dropped = 0, 0, 0
        organisation.closed, organisation.realised, organisation.overdue = 0, 0, 0
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
        dyad.kept, dyad.broken, dyad.kept_agreed = 0.0, 0.0, 0.0


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
    empty_inboxes(chain, state, week)
