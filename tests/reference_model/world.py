"""Step 1, submodels 1a to 1e and 4b: what comes over the chain, and who goes and comes."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from tests.reference_model.luck import binomial, chance, either, kept, logistic, normal, towards

if TYPE_CHECKING:
    from tests.reference_model.reading import Event
    from tests.reference_model.things import Dyad, Organisation
    from tests.reference_model.twin import ChainTwin

LUCK = {
    5: ("exit", "election", "ambition_x", "ambition_y"),
    6: ("tolerance", "manager_leaves", "manager_binding", "manager_steering"),
    7: ("staff_leaves", "staff_hired", "noise", "intervene"),
    8: ("choice", "climate"),
}


def draw_luck(chain: ChainTwin) -> None:
    for o in chain.organisations:
        for purpose, names in LUCK.items():
            o.luck.update(zip(names, chain.numbers(purpose, o.number, chain.week), strict=False))


# --- 1a ------------------------------------------------------------------------------------------------------------
def calendar(chain: ChainTwin) -> None:
    changes = chain.input.changes
    while chain.changes_done < len(changes) and changes[chain.changes_done].week <= chain.week:
        change = changes[chain.changes_done]
        pair = {change.organisation, change.partner}
        for dyad in chain.dyads:
            if {dyad.truster.number, dyad.trusted.number} == pair:
                dyad.plan[change.lever] = change.value
        for o in [] if change.partner is not None else _meant(chain, change.organisation):
            if change.lever == "restraint":
                o.administrator.restraint = change.value
            else:
                o.planned[change.lever] = change.value
        chain.changes_done += 1


def _meant(chain: ChainTwin, organisation: int | None) -> list[Organisation]:
    return chain.organisations if organisation is None else [chain.organisations[organisation]]


def events(chain: ChainTwin) -> None:
    for o in chain.organisations:
        o.professionals.extra_absence, o.incidents = 0.0, 0
        o.tightened_weeks = max(0.0, o.tightened_weeks - 1)
    chain.incidents = 0
    for event in chain.input.events:
        if event.under_way(chain.week):
            _event(chain, event)
    for o in chain.organisations:
        for _ in range(o.incident_due.get(chain.week, 0)):
            incident(chain, o.number, chain.p.incident_size, True, 1)


def _event(chain: ChainTwin, event: Event) -> None:
    if event.kind == "incident":
        incident(chain, event.organisation, event.strength, event.first_row, 1 if chain.week == event.first else 0)
    elif event.kind == "financial_cut":
        cut(chain, event.organisation, event.strength / event.weeks)
    elif event.kind == "capacity_loss":
        for o in _meant(chain, event.organisation):
            o.professionals.extra_absence = either(o.professionals.extra_absence, event.strength)
    elif event.kind == "law":
        for link in chain.links:
            link.frame *= 1 - event.strength / event.weeks
        raise_urgency(chain, 0.0, chain.p.urgency_programme_share * event.strength / event.weeks)


def incident(chain: ChainTwin, organisation: int | None, size: float, first: bool, new: int) -> None:
    if first:
        raise_urgency(chain, size, chain.p.urgency_programme_share * size)
        chain.incidents += new
    for o in _meant(chain, organisation):
        o.incidents += new
        o.tightened_weeks = chain.p.policy_tighten_weeks
        o.administrator.trust_vertical *= 1 - chain.p.vertical_incident * size
        if new:
            o.suspicion = either(o.suspicion, chain.p.suspicion_size * size)


def cut(chain: ChainTwin, organisation: int | None, size: float) -> None:
    for o in _meant(chain, organisation):
        o.professionals.establishment = max(0.0, o.professionals.establishment - size * o.posts)
    felt = min(1.0, chain.p.shortage_scale * size)
    if organisation is not None:
        felt = felt / len(chain.organisations)
    chain.shortage = either(chain.shortage, felt)
    raise_urgency(chain, 0.0, felt)


def raise_urgency(chain: ChainTwin, media: float, programme: float) -> None:
    fresh = 1 - chain.fatigue
    chain.urgency_media += media * fresh * (1 - chain.urgency_media)
    chain.urgency_programme += programme * fresh * (1 - chain.urgency_programme)
    chain.fatigue += chain.p.urgency_fatigue * max(media, programme) * fresh


def fade(chain: ChainTwin) -> None:
    chain.urgency_media *= kept(chain.p.urgency_media_half_life)
    chain.urgency_programme *= kept(chain.p.urgency_programme_half_life)
    chain.fatigue *= kept(chain.p.fatigue_half_life)
    chain.shortage *= kept(chain.p.shortage_half_life)


# --- 1b, 1c --------------------------------------------------------------------------------------------------------
def climate(chain: ChainTwin) -> None:
    p, luck = chain.p, chain.organisations[0].luck
    chain.climate_logit = p.climate_persistence * chain.climate_logit + p.climate_noise * normal(luck["climate"])
    chain.climate = logistic(p.climate_level + chain.climate_logit)


def administrators(chain: ChainTwin) -> None:
    p = chain.p
    leaving = chance(p.administrator_exit / 52)
    breach = min(leaving, chance(p.political_breach / 52))
    for o in chain.organisations:
        a, luck = o.administrator, o.luck
        a.new = 0
        if luck["exit"] < breach:
            chain.climate_logit += p.breach_climate / len(chain.organisations)
        elected = chain.week in o.elections and luck["election"] < p.election_change
        if luck["exit"] < leaving or elected:
            a.new = 1
            a.ambition_x = o.home_x + p.ambition_spread * normal(luck["ambition_x"])
            a.ambition_y = o.home_y + p.ambition_spread * normal(luck["ambition_y"])
            a.tolerance = p.tolerance_level + o.tolerance_shift + p.tolerance_spread * normal(luck["tolerance"])
            coupled = p.weight_inheritance * o.lever["ambition_coupling"]
            carried = either(coupled, p.official_carried * o.manager.official)
            a.weight = p.weight_base + (a.weight - p.weight_base) * carried
            a.skills = 0.0
            a.belief_variance = max(a.belief_variance, p.belief_new)
            a.trust_vertical = (a.trust_vertical + p.trust_vertical_start) / 2
            a.overseen_weeks = 0.0


# --- 1d ------------------------------------------------------------------------------------------------------------
def policy(chain: ChainTwin) -> None:
    for o in chain.organisations:
        target = dict(o.planned)
        if chain.week >= chain.burn_in and chain.input.policy != "none":
            _steer(chain, o, target)
        _change(chain, o, target)


def _change(chain: ChainTwin, o: Organisation, target: dict[str, float]) -> None:
    """Practices follow what is aimed at."""
    pace = chain.p.change_pace
    gap = sum(abs(value - o.lever[name]) for name, value in target.items() if name != "binding_selection")
    o.confusion = min(1.0, gap / pace)
    for name, value in target.items():
        if name == "binding_selection" or gap <= pace:
            o.lever[name] = value
        else:
            o.lever[name] += pace / gap * (value - o.lever[name])


def relations(chain: ChainTwin) -> None:
    pace = chain.p.change_pace
    for o in chain.organisations:
        o.frame_work = o.persons_work = o.agreements_work = 0.0
    for dyad in chain.dyads:
        a, b = dyad.truster, dyad.trusted
        for name, now in dyad.lever.items():
            plan = dyad.plan.get(name)
            if plan is None:
                dyad.lever[name] = min(a.lever[name], b.lever[name])
            else:
                dyad.lever[name] = min(plan, now + pace) if plan >= now else max(plan, now - pace)
        a.persons_work += _put_in(dyad, a, "trust_in_persons") ** 2
        a.agreements_work += _put_in(dyad, a, "trust_in_agreements")
    for link in chain.links:
        for dyad in (link.trust_of_giver, link.trust_of_receiver):
            dyad.truster.frame_work += _put_in(dyad, dyad.truster, "frame")


def _put_in(dyad: Dyad, o: Organisation, name: str) -> float:
    return dyad.lever[name] if name in dyad.plan else o.lever[name]


def _steer(chain: ChainTwin, o: Organisation, lever: dict[str, float]) -> None:
    p = chain.p
    if chain.input.policy == "tighten_after_incident":
        if o.tightened_weeks > 0:
            lever["room"] = min(lever["room"], p.policy_firm_room)
            lever["frame"] = max(lever["frame"], p.policy_firm_frame)
        return
    reported = chain.week - chain.burn_in
    free = {
        "hold_firm": 0.0,
        "let_go_at_once": 1.0,
        "firm_then_let_go": 1.0 if reported >= p.policy_switch_week else 0.0,
        "let_go_when_trusted": logistic(p.policy_trust_slope * (o.trust - p.policy_trust)),
    }[chain.input.policy]
    lever["room"] = p.policy_firm_room + free * (p.policy_free_room - p.policy_firm_room)
    lever["frame"] += (1 - free) * (max(lever["frame"], p.policy_firm_frame) - lever["frame"])


# --- 4b, 1e --------------------------------------------------------------------------------------------------------
def managers(chain: ChainTwin) -> None:
    p = chain.p
    hazard = chance(1 / (52 * p.manager_tenure))
    for o in chain.organisations:
        m = o.manager
        m.vacant_weeks, m.new = max(0.0, m.vacant_weeks - 1), 0
        if o.luck["manager_leaves"] < hazard:
            m.new = 1
            m.vacant_weeks = p.vacancy_weeks + p.selection_weeks * o.lever["binding_selection"]
            level = p.binding_level + p.binding_gain * o.lever["binding_selection"]
            m.binding_chosen = logistic(level + p.binding_spread * normal(o.luck["manager_binding"]))
            level = p.steering_level - p.steering_given_up * o.lever["binding_selection"]
            m.steering_capacity = logistic(level + p.binding_spread * normal(o.luck["manager_steering"]))
            m.skills = 0.0
            m.official *= 1 - p.official_lost
            for dyad in chain.dyads:
                if o in (dyad.truster, dyad.trusted):
                    carried = either(p.trust_carried, p.trust_carried_agreed * dyad.trust_agreements)
                    dyad.trust_persons = p.trust_stranger + carried * (dyad.trust_persons - p.trust_stranger)
        _learn(chain, o)
        m.binding = p.binding_acting if m.vacant_weeks > 0 else either(m.binding_chosen, p.skills_binding * m.skills)


def _learn(chain: ChainTwin, o: Organisation) -> None:
    taught, time, s = o.lever["chain_skills"], chain.p.skills_time, o.professionals
    o.manager.skills = towards(o.manager.skills, taught, time)
    o.administrator.skills = towards(o.administrator.skills, taught, time)
    s.skills = towards(s.skills * (1 - s.share_left), taught, time)


def professionals(chain: ChainTwin) -> None:
    p = chain.p
    for o in chain.organisations:
        s = o.professionals
        wanted = math.trunc(s.establishment * (1 + p.hiring_flex * s.load * (1 - chain.shortage)) + 0.5)
        rate = o.turnover / 52 * (1 + p.leave_load * s.load) * (1 + p.leave_motivation * (1 - s.motivation))
        if s.staff > wanted:
            rate += p.surplus_exit * (s.staff - wanted) / s.staff
        left = binomial(o.luck["staff_leaves"], s.staff, chance(rate))
        hired = binomial(o.luck["staff_hired"], max(0, wanted - s.staff), chance(1 / max(1.0, o.hiring_weeks)))
        s.share_left = left / max(1, s.staff)
        s.staff, s.staff_left, s.staff_hired = s.staff - left + hired, left, hired
        learning = s.newcomers * (1 - s.share_left) * (1 - 1 / p.newcomer_weeks)
        s.newcomers = min(float(s.staff), learning + hired)
        s.absent = either(o.absence, s.extra_absence)
