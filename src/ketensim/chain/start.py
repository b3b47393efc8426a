"""How a run starts: values of the state before week 0. ODD element 5."""

from __future__ import annotations

import numpy as np

from ketensim.chain.queues import NONE
from ketensim.conditions.binding import binding_at_hiring
from ketensim.conditions.trust import trust_together
from ketensim.foundation.compiled import kernel
from ketensim.foundation.luck import ORGANISATION_WEEK, draw, normal
from ketensim.foundation.mathematics import logistic
from ketensim.foundation.parameters import LEVER_NAMES
from ketensim.foundation.rows import PARTS
from ketensim.foundation.state import Chain, State

LEVER_COUNT = len(LEVER_NAMES)
BEFORE_WEEK_0 = 0xFFFFFFFF  # the moment in luck for what was decided before the run


@kernel
def start(chain: Chain, state: State, p: np.record, seed: int, replication: int) -> None:
    """Set a state (new or used before) to the start of a run."""
    start_lists(state)
    common = state.chain[0]
    common.objective_x = chain.world[0].objective_x
    common.objective_y = chain.world[0].objective_y
    common.urgency_media, common.urgency_programme, common.urgency = 0.0, 0.0, 0.0
    common.fatigue, common.shortage = 0.0, 0.0
    common.climate_logit, common.climate = 0.0, logistic(p.climate_level)
    common.monitor, common.visible = 0.0, chain.world[0].promise
    common.signal_good, common.signal_closed, common.signal_due = 0.0, 0.0, 0.0
    common.arrived, common.closed, common.realised, common.dropped = 0, 0, 0, 0
    common.in_time, common.due, common.returns_of_closed, common.incidents = 0, 0, 0, 0
    common.open, common.next_change, common.next_restraint = 0, 0, 0
    for i in range(len(state.organisation)):
        for number in range(LEVER_COUNT):
            state.plan_grid[i, number] = chain.lever_grid[i, number]
            state.lever_grid[i, number] = chain.lever_grid[i, number]
            state.target_grid[i, number] = chain.lever_grid[i, number]
        start_people(chain, state, p, seed, replication, i)
        start_organisation(chain, state, p, i)
    start_relations(chain, state, p)


@kernel
def start_lists(state: State) -> None:
    """Empty every list of cases and chain up the free slots."""
    state.queue_first.fill(NONE)
    state.queue_oldest.fill(state.cohort.shape[1] * PARTS)
    state.release_first.fill(NONE)
    state.blocked_first.fill(NONE)
    state.blocked_last.fill(NONE)
    state.inbox_first.fill(NONE)
    state.inbox_last.fill(NONE)
    state.joined.fill(0)
    state.open_by_arrival.fill(0)
    state.cohort.fill(0)
    state.lead_time.fill(0)
    state.type_count.fill(0)
    state.type_hours.fill(0.0)
    state.incident_due.fill(0)
    for slot in range(len(state.case)):
        state.case[slot].next = slot + 1
    state.chain[0].free = 0
    state.chain[0].slots_free = len(state.case)


@kernel
def start_people(chain: Chain, state: State, p: np.record, seed: int, replication: int, i: int) -> None:
    """The administrator and the manager who are in post when the run starts."""
    organisation = state.organisation[i]
    profile = chain.profile[i]
    _, _, luck_x, luck_y = draw(seed, replication, ORGANISATION_WEEK, i, BEFORE_WEEK_0)
    luck_tolerance, _, luck_binding, luck_steering = draw(seed, replication, ORGANISATION_WEEK + 1, i, BEFORE_WEEK_0)
    organisation.ambition_x = profile.ambition_x + p.ambition_spread * normal(luck_x)
    organisation.ambition_y = profile.ambition_y + p.ambition_spread * normal(luck_y)
    organisation.tolerance = p.tolerance_level + profile.tolerance + p.tolerance_spread * normal(luck_tolerance)
    organisation.binding_chosen = binding_at_hiring(
        p.binding_level, p.binding_gain, state.lever[i].binding_selection, p.binding_spread * normal(luck_binding)
    )
    organisation.binding = organisation.binding_chosen
    organisation.steering_capacity = logistic(
        p.steering_level
        - p.steering_given_up * state.lever[i].binding_selection
        + p.binding_spread * normal(luck_steering)
    )
    organisation.manager_weeks, organisation.vacant_weeks, organisation.weeks_in_office = 0.0, 0.0, 0.0
    organisation.new_administrator, organisation.new_manager = 0, 0


@kernel
def start_organisation(chain: Chain, state: State, p: np.record, i: int) -> None:
    """Professionals, information and trust of one organisation before week 0."""
    organisation = state.organisation[i]
    profile = chain.profile[i]
    lever = state.lever[i]
    organisation.staff, organisation.establishment = profile.staff, profile.staff
    organisation.absence, organisation.extra_absence = profile.absence, 0.0
    organisation.motivation, organisation.discretion = p.motivation_base, lever.room
    organisation.drift, organisation.load, organisation.queue_hours, organisation.intake_hours = 0.0, 0.0, 0.0, 0.0
    organisation.weight, organisation.pressure = p.weight_base, 0.0
    organisation.belief_mean, organisation.belief_variance = chain.world[0].promise, p.belief_new
    organisation.uncertainty = p.belief_new / (p.belief_new + p.belief_half)
    organisation.overseen, organisation.overseen_weeks, organisation.restraint = 0.0, 0.0, 0.0
    organisation.unblocking, organisation.unblock_weeks = 0.0, 0.0
    organisation.trust_vertical, organisation.dual_use, organisation.demand = p.trust_vertical_start, 0.0, 0.0
    organisation.joint, organisation.retreat, organisation.tightened_weeks = 0.0, 0.0, 0.0
    organisation.suspicion, organisation.triage, organisation.triage_due = 0.0, 0.0, 0.0
    organisation.confusion, organisation.official, organisation.newcomers = 0.0, 0.0, 0.0
    organisation.skills_work, organisation.skills_manager = lever.chain_skills, lever.chain_skills
    organisation.skills_administrator, organisation.share_left = lever.chain_skills, 0.0
    organisation.own_target, organisation.hours, organisation.hours_for_cases = 1.0, 0.0, 0.0
    organisation.present, organisation.waiting, organisation.blocked, organisation.stuck = 0, 0, 0, 0
    organisation.choice = -1
    organisation.frame, organisation.trust, organisation.informal = 0.0, 0.0, 0.0
    state.seen[i].memory = 0.0


@kernel
def start_relations(chain: Chain, state: State, p: np.record) -> None:
    """Links and dyads before week 0, and how many of them each organisation has."""
    for i in range(len(state.organisation)):
        organisation = state.organisation[i]
        organisation.links, organisation.links_out, organisation.links_in, organisation.partners = 0, 0, 0, 0
    for k in range(len(state.link)):
        place = chain.link[k]
        giver = state.organisation[place.source]
        receiver = state.organisation[place.target]
        giver.links += 1
        receiver.links += 1
        if not place.consultation:
            giver.links_out += 1
            receiver.links_in += 1
        link = state.link[k]
        link.frame = (state.lever[place.source].frame + state.lever[place.target].frame) / 2.0
        link.accepted, link.returned, link.refused = 0, 0, 0
    for d in range(len(state.dyad)):
        state.organisation[chain.dyad[d].truster].partners += 1
    for d in range(len(state.dyad)):
        one, other = state.lever[chain.dyad[d].truster], state.lever[chain.dyad[d].trusted]
        relation = state.relation[d]
        for number in range(state.relation_plan.shape[1]):
            state.relation_plan[d, number] = chain.relation_grid[d, number]
        relation.frame = min(one.frame, other.frame)
        relation.trust_in_persons = min(one.trust_in_persons, other.trust_in_persons)
        relation.trust_in_agreements = min(one.trust_in_agreements, other.trust_in_agreements)
        dyad = state.dyad[d]
        dyad.trust_persons, dyad.trust_agreements = p.trust_persons_start, p.trust_agreements_start
        dyad.kept, dyad.broken, dyad.kept_agreed, dyad.handled = 0.0, 0.0, 0.0, 0.0
        dyad.familiarity = p.familiarity_start
        organisation = state.organisation[chain.dyad[d].truster]
        together = trust_together(dyad.trust_persons, dyad.trust_agreements, p.trust_personal_share)
        organisation.trust += together / organisation.partners
    for i in range(len(state.organisation)):
        organisation = state.organisation[i]
        # who has no partners works under one roof
        organisation.trust = min(1.0, organisation.trust) if organisation.partners > 0 else 1.0
