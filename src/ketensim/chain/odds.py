"""The odds of this week's work: what is the same for every case that meets an organisation or a link.

Frame, trust, load, discretion and motivation do not change while cases are worked on, so that the rules are asked once
a week per organisation and link instead of once per case. ODD submodel 7a.
"""

from __future__ import annotations

import numpy as np

from ketensim.conditions.ambition import own_course_chance
from ketensim.conditions.binding import softened
from ketensim.conditions.information import triage_share
from ketensim.conditions.steering import (
    handover_loss,
    hard_quality,
    inside_frame,
    mismatch_chance,
    permission_factor,
    standard_quality,
)
from ketensim.conditions.trust import check_intensity, haggling, trust_together
from ketensim.conditions.urgency import refusal_chance, shifted_share
from ketensim.foundation.compiled import kernel
from ketensim.foundation.mathematics import either, lifted
from ketensim.foundation.state import Chain, State


@kernel
def set_odds(chain: Chain, state: State, p: np.record) -> None:
    """Odds of every organisation and link for the week."""
    for i in range(len(state.organisation)):
        set_odds_of_visit(state, p, i)
    for k in range(len(state.link)):
        if not chain.link[k].consultation:
            set_odds_of_handover(chain, state, p, k)


@kernel
def set_odds_of_visit(state: State, p: np.record, i: int) -> None:
    """Chances that work is done right and on the objective, and what deviating and retreating do to the effort."""
    organisation = state.organisation[i]
    inside = inside_frame(
        organisation.discretion,
        organisation.frame,
        lifted(organisation.motivation, p.motivation_floor),
        either(lifted(organisation.trust, p.knowledge_floor), p.skills_hard * organisation.skills_work),
    )
    clear = 1.0 - p.change_confusion * organisation.confusion
    organisation.right_standard = clear * standard_quality(
        p.quality_standard,
        p.quality_standard_frame,
        p.quality_standard_loose,
        organisation.discretion,
        organisation.frame,
    )
    organisation.right_hard = clear * hard_quality(
        p.quality_hard,
        p.quality_hard_room,
        inside,
        p.quality_hard_loose,
        organisation.discretion,
        organisation.frame,
    )
    organisation.own_course = own_course_chance(
        organisation.weight, organisation.distance, p.own_course, p.binding_translation * organisation.binding
    )
    organisation.permission = permission_factor(
        p.permission_effort * (1.0 - p.steering_speed * organisation.steering_capacity), organisation.discretion
    )
    organisation.triage = triage_share(p.triage_most, state.chain[0].monitor, organisation.load)
    organisation.shift = shifted_share(organisation.retreat, p.cost_shift)


@kernel
def set_odds_of_handover(chain: Chain, state: State, p: np.record, k: int) -> None:
    """Chances that the receiver refuses, that the case does not fit, that a defect is found, and the extra effort.

    Refusals and misfits are rarer while the giver's administrator opens doors.
    """
    link = state.link[k]
    place = chain.link[k]
    dyad = state.dyad[place.receiver_dyad]
    receiver = state.organisation[place.target]
    doors = 1.0 - p.unblock_help * state.organisation[place.source].unblocking
    giver = state.organisation[place.source]
    trust = trust_together(dyad.trust_persons, dyad.trust_agreements, p.trust_personal_share)
    trust *= 1.0 - giver.suspicion
    check = check_intensity(trust, p.check_most, p.check_vigilance)
    refusal = refusal_chance(receiver.retreat, receiver.load, receiver.joint, p.refusal_most, p.refusal_load)
    doors = softened(doors, p.binding_mediation, (giver.binding + receiver.binding) / 2.0)
    link.refusal = refusal * doors
    standard = mismatch_chance(p.mismatch_standard, link.frame, trust, p.mismatch_trust)
    hard = mismatch_chance(p.mismatch_hard, link.frame, trust, p.mismatch_trust)
    link.failure_standard = either(link.refusal, standard * doors)
    link.failure_hard = either(link.refusal, hard * doors)
    link.finding = check * p.check_find
    link.extra_effort = p.handover_effort + p.check_effort * check + haggling(p.haggling_effort, trust)
    framed, trusted, known = p.loss_frame * link.frame, p.loss_trust * trust, p.loss_familiar * dyad.familiarity
    able = p.skills_handover * (giver.skills_work + receiver.skills_work) / 2.0
    link.loss_standard = handover_loss(p.loss_standard, framed, trusted, known, able)
    link.loss_hard = handover_loss(p.loss_hard, framed, trusted, known, able)
