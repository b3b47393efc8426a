"""Hand-overs: a case goes to the next organisation, is refused, does not fit, is found defective, or has to wait.

A hand-over that fails costs hours twice: at the sender, where the case is worked on again, and at the receiver, whose
intake was for nothing. Both lose trust. ODD submodel 7c.
"""

from __future__ import annotations

import numpy as np

from ketensim.chain.queues import NONE, join_blocked, join_inbox
from ketensim.chain.visits import (
    BLOCKED,
    LOST,
    MISFIT,
    OFFERED_AGAIN,
    SENT_BACK,
    close_case,
    drop_case,
    note_fault,
    note_lateness,
    plain_effort,
    redo_visit,
    start_visit,
)
from ketensim.foundation.compiled import inlined, kernel
from ketensim.foundation.state import Chain, State


@kernel
def move_on(chain: Chain, state: State, p: np.record, seed: int, replication: int, slot: int, week: int) -> None:
    """After the work (and the stay) at an organisation: close the case or hand it over."""
    case = state.case[slot]
    if case.link == NONE:
        close_case(chain, state, p, seed, replication, slot, week)
        return
    receiver = int(chain.link[case.link].target)
    if state.organisation[receiver].present >= chain.profile[receiver].places:
        wait_for_place(chain, state, slot)
        return
    hand_over(chain, state, p, slot, week)


@kernel
def wait_for_place(chain: Chain, state: State, slot: int) -> None:
    """The next organisation is full: the case stays, and the giver's trust in the receiver feels it."""
    case = state.case[slot]
    state.organisation[case.organisation].blocked += 1
    state.type_count[case.type, BLOCKED] += 1
    state.dyad[chain.link[case.link].giver_dyad].broken += 1.0
    join_blocked(state, int(case.organisation), slot)


@kernel
@inlined
def hand_over(chain: Chain, state: State, p: np.record, slot: int, week: int) -> None:
    """Offer a case to the next organisation; its own luck meets the odds of the link."""
    case = state.case[slot]
    link = state.link[case.link]
    giver = int(case.organisation)
    failure = link.failure_hard if case.hard else link.failure_standard
    if case.luck_handover < link.refusal:
        link.refused += 1
        state.organisation[giver].refused += 1
        state.dyad[chain.link[case.link].giver_dyad].broken += 1.0
        redo_visit(state, slot, giver, week, p.handover_effort * plain_effort(chain, state, slot, giver), OFFERED_AGAIN)
    elif case.luck_handover < failure:
        send_back(chain, state, p, slot, week, p.misfit_effort, MISFIT)
    elif case.defect and case.luck_check < link.finding:
        send_back(chain, state, p, slot, week, p.rework_effort, SENT_BACK)
    else:
        loss = link.loss_hard if case.hard else link.loss_standard
        if case.luck_handover < failure + (1.0 - failure) * loss and not case.defect:
            case.defect = LOST
            note_fault(state, slot, LOST, week)
        accept(chain, state, p, slot, week)


@kernel
@inlined
def send_back(chain: Chain, state: State, p: np.record, slot: int, week: int, effort: float, reason: int) -> None:
    """The case does not fit or is found defective: back to the giver, hours lost twice, trust lost in both."""
    case = state.case[slot]
    place = chain.link[case.link]
    giver = int(case.organisation)
    state.link[case.link].returned += 1
    state.organisation[giver].returned += 1
    receiver = int(place.target)
    state.organisation[receiver].intake_hours += p.handover_effort * plain_effort(chain, state, slot, receiver)
    state.dyad[place.receiver_dyad].broken += 1.0
    state.dyad[place.giver_dyad].broken += 1.0
    case.returns += 1
    redo_visit(state, slot, giver, week, effort * plain_effort(chain, state, slot, giver), reason)


@kernel
@inlined
def accept(chain: Chain, state: State, p: np.record, slot: int, week: int) -> None:
    """The case moves to the receiver; a promise kept, unless it came late."""
    case = state.case[slot]
    place = chain.link[case.link]
    link = state.link[case.link]
    link.accepted += 1
    note_lateness(chain, state, slot, week)
    giver = state.organisation[case.organisation]
    giver.handed_over += 1
    giver.present -= 1
    state.dyad[place.giver_dyad].kept += 1.0
    state.dyad[place.giver_dyad].handled += 1.0
    state.dyad[place.receiver_dyad].handled += 1.0
    state.dyad[place.giver_dyad].kept_agreed += link.frame
    if case.late:
        state.dyad[place.receiver_dyad].broken += 1.0
    else:
        state.dyad[place.receiver_dyad].kept += 1.0
        state.dyad[place.receiver_dyad].kept_agreed += link.frame
    case.step += 1
    case.visit += 1
    receiver = int(place.target)
    case.link = case.next_link
    start_visit(chain, state, p, slot, receiver, week, link.extra_effort)
    join_inbox(state, receiver, slot)


@kernel
def retry_blocked(chain: Chain, state: State, p: np.record, seed: int, replication: int, i: int, week: int) -> None:
    """Cases that waited for a place try again, in the order in which they came; too old ones leave unresolved."""
    slot = int(state.blocked_first[i])
    state.blocked_first[i] = NONE
    state.organisation[i].blocked = 0
    while slot != NONE:
        case = state.case[slot]
        following = int(case.next)
        state.type_count[case.type, BLOCKED] -= 1
        if week - case.arrival >= chain.case_type[case.type].drop_after:
            drop_case(chain, state, slot)
        else:
            move_on(chain, state, p, seed, replication, slot, week)
        slot = following
