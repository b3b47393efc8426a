"""Hand-overs: a case goes to the next organisation, is refused, does not fit, is found defective, or has to wait.

A hand-over that fails costs hours twice: at the sender, where the case is worked on again, and at the receiver, whose
intake was for nothing. Both lose trust. ODD submodel 7c.
"""

from __future__ import annotations

import numpy as np

from ketensim.chain.queues import NONE, join_blocked
from ketensim.chain.visits import close_case, drop_case, luck_of_visit, plain_effort, redo_visit, start_visit
from ketensim.conditions.steering import mismatch_chance
from ketensim.conditions.trust import check_intensity, trust_together
from ketensim.conditions.urgency import refusal_chance
from ketensim.foundation.compiled import kernel
from ketensim.foundation.mathematics import either
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
    hand_over(chain, state, p, seed, replication, slot, week)


@kernel
def wait_for_place(chain: Chain, state: State, slot: int) -> None:
    """The next organisation is full: the case stays, and the giver's trust in the receiver feels it."""
    case = state.case[slot]
    state.organisation[case.organisation].blocked += 1
    state.dyad[chain.link[case.link].giver_dyad].broken += 1.0
    join_blocked(state, int(case.organisation), slot)


@kernel
def hand_over(chain: Chain, state: State, p: np.record, seed: int, replication: int, slot: int, week: int) -> None:
    """Offer a case to the next organisation and let luck and circumstances decide."""
    case = state.case[slot]
    giver = int(case.organisation)
    place = chain.link[case.link]
    receiver = int(place.target)
    effort = plain_effort(chain, state, p, slot, giver)
    trust = trust_of_receiver(state, p, int(place.receiver_dyad))
    refusal = chance_refused(state, p, giver, receiver)
    failure = either(refusal, chance_unfit(state, p, slot, giver, trust))
    check = check_intensity(trust, p.check_most)
    _, _, luck, luck_check = luck_of_visit(state, seed, replication, slot)
    if luck < refusal:
        state.link[case.link].refused += 1
        state.organisation[giver].refused += 1
        state.dyad[place.giver_dyad].broken += 1.0
        redo_visit(state, slot, giver, week, p.handover_effort * effort)
    elif luck < failure or (case.defect and luck_check < check * p.check_find):
        send_back(chain, state, p, slot, week, effort)
    else:
        accept(chain, state, p, seed, replication, slot, week, check)


@kernel
def trust_of_receiver(state: State, p: np.record, d: int) -> float:
    """Trust of the receiver in the giver, in persons and in agreements together."""
    dyad = state.dyad[d]
    return trust_together(dyad.trust_persons, dyad.trust_agreements, p.trust_personal_share)


@kernel
def chance_refused(state: State, p: np.record, giver: int, receiver: int) -> float:
    """Probability of a refusal; less while the giver's administrator opens doors."""
    other = state.organisation[receiver]
    refusal = refusal_chance(other.retreat, other.load, other.joint, p.refusal_most, p.refusal_load)
    return refusal * (1.0 - p.unblock_help * state.organisation[giver].unblocking)


@kernel
def chance_unfit(state: State, p: np.record, slot: int, giver: int, trust: float) -> float:
    """Probability that the case does not fit; less while the giver's administrator opens doors."""
    case = state.case[slot]
    most = p.mismatch_hard if case.hard else p.mismatch_standard
    unfit = mismatch_chance(most, state.link[case.link].frame, trust, p.mismatch_trust)
    return unfit * (1.0 - p.unblock_help * state.organisation[giver].unblocking)


@kernel
def send_back(chain: Chain, state: State, p: np.record, slot: int, week: int, effort: float) -> None:
    """The case does not fit or is found defective: back to the giver, hours lost twice, trust lost in both."""
    case = state.case[slot]
    place = chain.link[case.link]
    giver = int(case.organisation)
    state.link[case.link].returned += 1
    state.organisation[giver].returned += 1
    state.organisation[place.target].intake_hours += p.handover_effort * plain_effort(chain, state, p, slot, int(place.target))
    state.dyad[place.receiver_dyad].broken += 1.0
    state.dyad[place.giver_dyad].broken += 1.0
    case.returns += 1
    redo_visit(state, slot, giver, week, p.rework_effort * effort)


@kernel
def accept(
    chain: Chain, state: State, p: np.record, seed: int, replication: int, slot: int, week: int, check: float
) -> None:
    """The case moves to the receiver; a promise kept, unless it came late."""
    case = state.case[slot]
    place = chain.link[case.link]
    link = state.link[case.link]
    link.accepted += 1
    giver = state.organisation[case.organisation]
    giver.handed_over += 1
    giver.present -= 1
    state.dyad[place.giver_dyad].kept += 1.0
    state.dyad[place.giver_dyad].kept_agreed += link.frame
    if case.late:
        state.dyad[place.receiver_dyad].broken += 1.0
    else:
        state.dyad[place.receiver_dyad].kept += 1.0
        state.dyad[place.receiver_dyad].kept_agreed += link.frame
    case.step += 1
    case.visit += 1
    receiver = int(place.target)
    extra = plain_effort(chain, state, p, slot, receiver) * (p.handover_effort + p.check_effort * check)
    start_visit(chain, state, p, seed, replication, slot, receiver, week, extra)


@kernel
def retry_blocked(chain: Chain, state: State, p: np.record, seed: int, replication: int, i: int, week: int) -> None:
    """Cases that waited for a place try again, in the order in which they came; too old ones leave unresolved."""
    slot = int(state.blocked_first[i])
    state.blocked_first[i] = NONE
    state.organisation[i].blocked = 0
    while slot != NONE:
        case = state.case[slot]
        following = int(case.next)
        if week - case.arrival >= chain.case_type[case.type].drop_after:
            drop_case(state, slot)
        else:
            move_on(chain, state, p, seed, replication, slot, week)
        slot = following
