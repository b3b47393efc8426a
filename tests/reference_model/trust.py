"""Steps 8 and 9: trust and motivation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.reference_model.luck import either, kept, lift, towards

if TYPE_CHECKING:
    from tests.reference_model.things import Dyad, Organisation
    from tests.reference_model.twin import ChainTwin


def trust(chain: ChainTwin) -> None:
    for o in chain.organisations:
        vertical(chain, o)
    for o in chain.organisations:
        o.suspicion *= kept(chain.p.suspicion_half_life)
    for dyad in chain.dyads:
        between(chain, dyad)
        familiarity(chain, dyad)
    for o in chain.organisations:
        o.trust = mean_trust(chain, o)


def vertical(chain: ChainTwin, o: Organisation) -> None:
    p, a = chain.p, o.administrator
    met = 1.0 if a.belief_mean >= chain.promise else a.belief_mean / chain.promise
    gain = p.vertical_gain * met * (1 - a.overseen)
    loss = p.vertical_gain * p.vertical_ratio * (1 - met)
    a.trust_vertical = (a.trust_vertical + gain * (1 - a.trust_vertical)) / (1 + loss)


def between(chain: ChainTwin, dyad: Dyad) -> None:
    p, a, b = chain.p, dyad.truster, dyad.trusted
    binding = (a.manager.binding + b.manager.binding) / 2
    promises = dyad.kept + dyad.broken
    k, f, s = dyad.kept / (promises + 1), dyad.broken / (promises + 1), dyad.kept_agreed / (promises + 1)
    persons, agreements = dyad.trust_persons, dyad.trust_agreements
    ratio = 1 + (p.trust_ratio - 1) * (1 - p.agreement_shield * agreements)
    contact = either(dyad.lever["trust_in_persons"], p.urgency_contact * (a.joint + b.joint) / 2)
    gain = p.trust_gain * lift(binding, p.binding_floor) * lift(contact, p.contact_floor) * k
    loss = p.trust_gain * ratio * (1 - p.trust_repair * binding) * f
    moved = (persons + gain * (1 - persons)) / (1 + loss)
    care = dyad.lever["trust_in_agreements"]
    gain = p.agreement_gain * lift(care, 1 - p.agreement_care) * lift(persons, 1 - p.agreement_personal) * s
    loss = p.agreement_gain * p.agreement_ratio * (1 - p.agreement_care * care) * f
    dyad.trust_agreements = (agreements + gain * (1 - agreements)) / (1 + loss)
    fading = p.trust_fading * (1 - contact) * (moved - p.trust_stranger)
    dyad.trust_persons = moved + p.trust_contact * contact * (1 - moved) - fading


def familiarity(chain: ChainTwin, dyad: Dyad) -> None:
    gone = (dyad.truster.professionals.share_left + dyad.trusted.professionals.share_left) / 2
    met = dyad.handled / (dyad.handled + 1)
    dyad.familiarity = towards(dyad.familiarity * (1 - gone), met, chain.p.familiarity_time)


def both_kinds(chain: ChainTwin, dyad: Dyad) -> float:
    share = chain.p.trust_personal_share
    return share * dyad.trust_persons + (1 - share) * dyad.trust_agreements


def mean_trust(chain: ChainTwin, o: Organisation) -> float:
    if not o.trusts:
        return 1.0
    return min(1.0, sum(both_kinds(chain, dyad) for dyad in o.trusts) / len(o.trusts))


def motivation(chain: ChainTwin) -> None:
    p = chain.p
    for o in chain.organisations:
        s = o.professionals
        weeks = o.queue_hours / max(1.0, o.hours_for_cases)
        s.load = weeks / (weeks + p.load_half)
        level = lift(s.discretion * o.frame, p.motivation_base)
        level *= 1 - p.motivation_reporting * o.reporting_share
        level *= 1 - p.motivation_load * s.load
        level *= 1 - p.motivation_takeover * o.administrator.overseen
        s.motivation = towards(s.motivation, level, p.motivation_time)
