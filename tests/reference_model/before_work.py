"""Steps 2 to 6: ambition, urgency, information, pressure and intervention, steering, hours."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from tests.reference_model.luck import either, kept, lift, logistic, normal, soften, towards
from tests.reference_model.things import HOURS_FIXED

if TYPE_CHECKING:
    from tests.reference_model.things import Organisation
    from tests.reference_model.twin import ChainTwin

HOLD_BACK, ASK, TAKE_OVER, UNBLOCK = range(4)


# --- 2 -------------------------------------------------------------------------------------------------------------
def ambition(chain: ChainTwin) -> None:
    p = chain.p
    if chain.week % math.trunc(p.table_every) == 0:
        _chain_table(chain)
    for o in chain.organisations:
        a, coupling = o.administrator, o.lever["ambition_coupling"]
        far = (a.ambition_x - chain.objective_x) ** 2 + (a.ambition_y - chain.objective_y) ** 2
        a.distance = far / (far + p.ambition_half**2)
        missing = 1 - (p.weight_coupling * coupling + p.weight_credit * chain.visible + p.weight_urgency * o.joint)
        calm = 1 - (1 - p.weight_base) * missing * (1 - p.weight_trust * o.trust) * (
            1 - p.weight_official * o.manager.official
        )
        tense = a.pressure**2 / (a.pressure**2 + p.tension_half**2)
        damping = either(p.coupling_damping * coupling, p.skills_damping * a.skills)
        a.weight = towards(a.weight, calm * (1 - p.weight_pressure * tense * (1 - damping)), p.weight_time)
        o.manager.official = towards(o.manager.official, coupling * o.manager.binding, p.official_time)


def _chain_table(chain: ChainTwin) -> None:
    p = chain.p
    said = [(o.lever["ambition_coupling"], o) for o in chain.organisations]
    voices = sum(voice for voice, _ in said)
    bound = sum(voice * o.manager.binding for voice, o in said)
    if voices > 0:
        x = sum(voice * o.administrator.ambition_x for voice, o in said)
        y = sum(voice * o.administrator.ambition_y for voice, o in said)
        step = p.objective_rate * voices / len(said) * lift(bound / voices, p.table_alone)
        chain.objective_x += step * (x / voices - chain.objective_x)
        chain.objective_y += step * (y / voices - chain.objective_y)
    for voice, o in said:
        a = o.administrator
        pull = voice * either(p.ambition_pull * lift(o.manager.binding, p.table_alone), p.ambition_window * o.joint)
        a.ambition_x += pull * (chain.objective_x - a.ambition_x)
        a.ambition_y += pull * (chain.objective_y - a.ambition_y)


# --- 3 -------------------------------------------------------------------------------------------------------------
def urgency(chain: ChainTwin) -> None:
    chain.urgency = either(chain.urgency_media, chain.urgency_programme)
    for o in chain.organisations:
        shared = o.lever["shared_urgency"]
        o.joint = chain.urgency * shared * lift(o.manager.binding, chain.p.binding_floor)
        o.retreat = chain.urgency * (1 - shared)


# --- 4a ------------------------------------------------------------------------------------------------------------
def information(chain: ChainTwin) -> None:
    p = chain.p
    chain.signal_good = towards(chain.signal_good, chain.in_time, p.signal_time)
    chain.signal_closed = towards(chain.signal_closed, chain.closed, p.signal_time)
    chain.signal_due = towards(chain.signal_due, chain.due, p.signal_time)
    for o in chain.organisations:
        o.dual_use = towards(o.dual_use, o.lever["information_balance"], p.dual_use_time)
    shown = sum(o.dual_use * lift(o.trust, p.monitor_floor) for o in chain.organisations)
    chain.monitor = min(1.0, shown / len(chain.organisations))
    good, closed, due = chain.signal_good, chain.signal_closed, chain.signal_due
    if closed > 0 and good + due > 0:
        chain.visible = (1 - chain.monitor) * min(1.0, good / closed) + chain.monitor * good / (good + due)
    for o in chain.organisations:
        _belief_and_demand(chain, o)


def _belief_and_demand(chain: ChainTwin, o: Organisation) -> None:
    p, a = chain.p, o.administrator
    noise = p.signal_noise * (1 - p.noise_dual_use * o.dual_use) * (1 - p.noise_trust * o.trust)
    asked = o.demand / p.demand_most if p.demand_most != 0 else 0.0
    gain = a.belief_variance / (a.belief_variance + noise**2 / (1 + asked))
    report = min(1.0, max(0.0, chain.visible + noise * normal(o.luck["noise"])))
    a.belief_mean += gain * (report - a.belief_mean)
    a.belief_variance = (1 - gain) * a.belief_variance + p.belief_drift
    a.uncertainty = a.belief_variance / (a.belief_variance + p.belief_half)
    remaining = kept(p.demand_half_life) * o.demand
    added = p.demand_uncertainty * a.uncertainty * (1 - a.trust_vertical)
    o.demand = remaining + added * (p.demand_most - remaining)


# --- 4c ------------------------------------------------------------------------------------------------------------
def election_near(chain: ChainTwin, o: Organisation) -> float:
    ahead = [election - chain.week for election in o.elections if election >= chain.week]
    return max((max(0.0, 1 - weeks / chain.p.election_weeks) for weeks in ahead), default=0.0)


def pressure(chain: ChainTwin) -> None:
    p = chain.p
    for o in chain.organisations:
        felt = either(p.pressure_own * (1 - o.own_target), p.pressure_media * chain.urgency_media)
        felt = either(felt, p.pressure_retreat * o.retreat)
        felt = either(felt, p.pressure_shortage * chain.shortage)
        felt = either(felt, p.pressure_election * election_near(chain, o))
        felt = either(felt, p.pressure_climate * chain.climate)
        o.administrator.pressure = towards(o.administrator.pressure, felt, p.pressure_time)


def intervention(chain: ChainTwin) -> None:
    p = chain.p
    for o in chain.organisations:
        a = o.administrator
        a.overseen_weeks, a.unblock_weeks = max(0.0, a.overseen_weeks - 1), max(0.0, a.unblock_weeks - 1)
        shortfall = max(0.0, chain.promise - a.belief_mean) * (1 - a.trust_vertical)
        reflex = a.pressure * (1 - a.weight)
        a.concern = (
            p.concern_shortfall * shortfall + p.concern_uncertainty * a.uncertainty + p.concern_pressure * reflex
        ) + p.concern_lying * _left_lying(chain, o)
        bears = a.tolerance * (1 - p.tolerance_retreat * o.retreat) + a.restraint + p.skills_tolerance * a.skills
        likely = logistic(p.intervene_slope * (a.concern - bears))
        a.intervention_chance = p.intervene_most * o.instructable * likely
        a.choice = -1
        if o.luck["intervene"] < a.intervention_chance:
            a.choice = _choose(chain, o)
            _intervene(chain, o)
        a.overseen, a.unblocking = int(a.overseen_weeks > 0), int(a.unblock_weeks > 0)


def _left_lying(chain: ChainTwin, o: Organisation) -> float:
    trouble = either(min(1.0, o.stuck / (o.present + 1)), o.professionals.drift)
    return lift(chain.monitor, chain.p.sight_without_monitor) * trouble


def _choose(chain: ChainTwin, o: Organisation) -> int:
    p, a = chain.p, o.administrator
    hold = p.choice_hold_back * a.weight * a.trust_vertical
    ask = p.choice_ask * a.uncertainty
    take = p.choice_take_over * a.pressure * (1 - a.trust_vertical)
    unblock = p.choice_unblock * _left_lying(chain, o)
    mark = o.luck["choice"] * (hold + ask + take + unblock)
    if mark < hold or mark <= 0:
        return HOLD_BACK
    if mark < hold + ask:
        return ASK
    return TAKE_OVER if mark < hold + ask + take else UNBLOCK


def _intervene(chain: ChainTwin, o: Organisation) -> None:
    p, a = chain.p, o.administrator
    if a.choice == ASK:
        o.demand += p.demand_ask * (p.demand_most - o.demand)
    elif a.choice == TAKE_OVER:
        a.overseen_weeks = p.takeover_weeks
        for link in o.links:
            link.frame *= 1 - p.takeover_damage
        for dyad in chain.dyads:
            if dyad.trusted is o:
                dyad.trust_agreements *= 1 - p.takeover_damage
    elif a.choice == UNBLOCK:
        a.unblock_weeks = p.unblock_weeks
        o.professionals.drift *= 1 - p.unblock_pull


# --- 5 -------------------------------------------------------------------------------------------------------------
def steering(chain: ChainTwin) -> None:
    p = chain.p
    for o in chain.organisations:
        bite = soften(p.takeover_bite, p.binding_shield, o.manager.binding)
        o.professionals.discretion = o.lever["room"] * (1 - bite * o.administrator.overseen)
        o.informal = o.trust * lift(o.lever["room"], p.informal_floor)
    for link in chain.links:
        g, r = link.giver, link.receiver
        levers = link.trust_of_receiver.lever
        effort = either(levers["frame"], p.urgency_frame * (g.joint + r.joint) / 2)
        together = ((g.trust + r.trust) / 2 + (g.manager.binding + r.manager.binding) / 2) / 2
        building = p.frame_build * effort * lift(together, p.frame_alone)
        ageing = p.frame_ageing * (1 - p.frame_keeping * levers["trust_in_agreements"])
        link.frame = link.frame + building * (1 - link.frame) - ageing * link.frame
    for o in chain.organisations:
        o.frame = sum(link.frame for link in o.links) / len(o.links) if o.links else 0.0


# --- 6 -------------------------------------------------------------------------------------------------------------
def hours(chain: ChainTwin) -> None:
    p = chain.p
    for o in chain.organisations:
        s, a = o.professionals, o.administrator
        slack = 1 - p.productivity_motivation * (1 - s.motivation)
        experience = 1 - (1 - p.newcomer_output) * s.newcomers / max(1, s.staff)
        o.hours = s.staff * o.hours_per_head * (1 - s.absent) * slack * experience
        shares = _shares(chain, o)
        overhead = sum(shares)
        scale = o.hours * p.overhead_most / overhead if overhead > p.overhead_most else o.hours
        for name, share in zip(HOURS_FIXED, shares, strict=True):
            setattr(o, name, share * scale)
        rest = max(0.0, o.hours - overhead * scale)
        o.hours_own_work = rest * (o.own_work + (1 - o.own_work) * p.drift_size * s.drift * (1 - a.weight))
        o.hours_for_cases = rest - o.hours_own_work
        needed = p.own_norm * o.own_work * o.posts * o.hours_per_head * (1 - o.absence)
        o.own_target = min(1.0, o.hours_own_work / needed) if needed != 0 else 1.0
        reporting = o.hours_reporting_politics + o.hours_reporting_both + o.hours_reporting_operation
        o.reporting_share = reporting / o.hours if o.hours != 0 else 0.0
        _drift(chain, o)


def _shares(chain: ChainTwin, o: Organisation) -> list[float]:
    p, a, lever = chain.p, o.administrator, o.lever
    politics = (1 - o.dual_use) * (o.politics + o.demand)
    both = o.dual_use * (o.operation + p.dual_use_extra * (o.politics + o.demand))
    both += p.dual_use_hours * max(0.0, lever["information_balance"] - o.dual_use)
    operation = (1 - o.dual_use) * o.operation + p.partner_reporting * (1 - o.trust)
    agreements = (
        p.frame_hours * o.frame_work
        + p.meeting_hours * lever["ambition_coupling"]
        + p.agreement_hours * o.agreements_work
        + p.urgency_hours * lever["shared_urgency"] * chain.urgency
    )
    trust = p.trust_hours * o.persons_work
    untaught = max(0.0, lever["chain_skills"] - o.professionals.skills)
    learning = p.change_hours * o.confusion + p.skills_hours * untaught + p.skills_upkeep * lever["chain_skills"]
    instructed = soften(p.takeover_hours * a.overseen, p.binding_shield, o.manager.binding)
    compliance = p.formal_hours * (1 - o.informal) + instructed + p.unblock_hours * a.unblocking
    return [politics, both, operation, agreements, trust, learning, compliance]


def _drift(chain: ChainTwin, o: Organisation) -> None:
    p, s, a = chain.p, o.professionals, o.administrator
    seen = either(p.drift_monitor * chain.monitor, p.drift_weight * a.weight)
    asked = o.demand / p.demand_most if p.demand_most != 0 else 0.0
    seen = either(either(seen, p.drift_reports * asked), p.steering_attention * o.manager.steering_capacity)
    a.attention = either(seen, p.drift_takeover * a.overseen)
    gain = min(1.0, o.drift_rate * (1 + o.retreat)) * (1 - a.attention) * (1 - s.drift)
    s.drift = s.drift + gain - p.drift_pull * a.attention * s.drift
