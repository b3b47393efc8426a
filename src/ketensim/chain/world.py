"""The world outside the chain: the calendar of events and of levers. ODD submodel 1.

Incidents, financial cuts, waves of arrivals, losses of capacity and new laws come from the scenario's calendar;
incidents also come out of hidden defects in closed cases. (Waves act on the arrivals, in ``intake.py``.)
"""

from __future__ import annotations

import numpy as np

from ketensim.conditions.urgency import urgency_raised
from ketensim.foundation.compiled import kernel, rule
from ketensim.foundation.events import EVENT_NAMES
from ketensim.foundation.luck import normal
from ketensim.foundation.mathematics import either, logistic
from ketensim.foundation.parameters import LEVER_NAMES
from ketensim.foundation.state import Chain, State

INCIDENT = EVENT_NAMES.index("incident")
FINANCIAL_CUT = EVENT_NAMES.index("financial_cut")
CAPACITY_LOSS = EVENT_NAMES.index("capacity_loss")
LAW = EVENT_NAMES.index("law")
FRAME = LEVER_NAMES.index("frame")
TRUST_IN_PERSONS = LEVER_NAMES.index("trust_in_persons")


@rule
def relation_column(lever: int) -> int:
    """Column of a lever among those that a relation can have: frame, trust in persons, trust in agreements.

    Examples
    --------
    >>> relation_column(FRAME), relation_column(TRUST_IN_PERSONS), relation_column(TRUST_IN_PERSONS + 1)
    (0, 1, 2)
    """
    if lever == FRAME:
        return 0
    return 1 if lever == TRUST_IN_PERSONS else 2


@kernel
def change_levers(chain: Chain, state: State, week: int) -> None:
    """Levers that the calendar sets from this week on, for one organisation or for all."""
    common = state.chain[0]
    while common.next_change < len(chain.change) and chain.change[common.next_change].week <= week:
        change = chain.change[common.next_change]
        if change.partner >= 0:
            change_relation(chain, state, int(common.next_change))
        for i in range(len(state.organisation)):
            if change.partner < 0 and (change.organisation < 0 or change.organisation == i):
                state.plan_grid[i, change.lever] = change.value
        common.next_change += 1


@kernel
def change_restraint(chain: Chain, state: State, week: int) -> None:
    """How much administrators hold back from this week on as the calendar has it, in one organisation or in all."""
    common = state.chain[0]
    while common.next_restraint < len(chain.restraint) and chain.restraint[common.next_restraint].week <= week:
        change = chain.restraint[common.next_restraint]
        for i in range(len(state.organisation)):
            if change.organisation < 0 or change.organisation == i:
                state.organisation[i].restraint = change.value
        common.next_restraint += 1


@kernel
def change_relation(chain: Chain, state: State, number: int) -> None:
    """A lever of the relation of two organisations, the same for both."""
    change = chain.change[number]
    for d in range(len(state.dyad)):
        truster, trusted = chain.dyad[d].truster, chain.dyad[d].trusted
        if (truster == change.organisation and trusted == change.partner) or (
            truster == change.partner and trusted == change.organisation
        ):
            state.relation_plan[d, relation_column(int(change.lever))] = change.value


@kernel
def change_climate(state: State, p: np.record) -> None:
    """Political climate: a slow walk with a mean, on the logit scale."""
    common = state.chain[0]
    luck = state.luck[0]
    common.climate_logit = p.climate_persistence * common.climate_logit + p.climate_noise * normal(luck.climate)
    common.climate = logistic(p.climate_level + common.climate_logit)


@kernel
def happen(chain: Chain, state: State, p: np.record, week: int) -> None:
    """Everything that comes over the chain this week."""
    for i in range(len(state.organisation)):
        organisation = state.organisation[i]
        organisation.extra_absence = 0.0
        organisation.incidents = 0
        organisation.tightened_weeks = max(0.0, organisation.tightened_weeks - 1.0)
    state.chain[0].incidents = 0
    for number in range(len(chain.event)):
        event = chain.event[number]
        if event.week <= week < event.week + event.weeks:
            if event.kind == INCIDENT:
                happen_incident(
                    state, p, event.organisation, event.strength, event.first, 1 if week == event.week else 0
                )
            elif event.kind == FINANCIAL_CUT:
                happen_cut(chain, state, p, event.organisation, event.strength / event.weeks)
            elif event.kind == CAPACITY_LOSS:
                happen_capacity_loss(state, event.organisation, event.strength)
            elif event.kind == LAW:
                happen_law(state, p, event.strength / event.weeks)
    for i in range(len(state.organisation)):
        for _ in range(state.incident_due[i, week]):
            happen_incident(state, p, i, p.incident_size, 1, 1)


@kernel
def raise_urgency(state: State, p: np.record, media: float, programme: float) -> None:
    """An impulse to both kinds of urgency; what has been heard often moves less."""
    common = state.chain[0]
    common.urgency_media = urgency_raised(common.urgency_media, media, common.fatigue)
    common.urgency_programme = urgency_raised(common.urgency_programme, programme, common.fatigue)
    common.fatigue += p.urgency_fatigue * max(media, programme) * (1.0 - common.fatigue)


@kernel
def happen_incident(state: State, p: np.record, where: int, size: float, first: int, new: int) -> None:
    """An incident: urgency, and vertical trust lost where it happened (everywhere for -1).

    An incident that names several organisations comes in several rows; only the first moves the chain as a whole.
    """
    if first:
        raise_urgency(state, p, size, p.urgency_programme_share * size)
        state.chain[0].incidents += new
    for i in range(len(state.organisation)):
        if where < 0 or where == i:
            organisation = state.organisation[i]
            organisation.incidents += new
            organisation.tightened_weeks = p.policy_tighten_weeks
            organisation.trust_vertical *= 1.0 - p.vertical_incident * size
            organisation.suspicion = either(organisation.suspicion, p.suspicion_size * size * new)


@kernel
def happen_cut(chain: Chain, state: State, p: np.record, where: int, size: float) -> None:
    """A financial cut: fewer posts where it falls, shortage and programme urgency in the whole chain."""
    common = state.chain[0]
    for i in range(len(state.organisation)):
        if where < 0 or where == i:
            organisation = state.organisation[i]
            organisation.establishment = max(0.0, organisation.establishment - size * chain.profile[i].staff)
    felt = min(1.0, p.shortage_scale * size)
    if where >= 0:
        felt = felt / len(state.organisation)
    common.shortage = either(common.shortage, felt)
    raise_urgency(state, p, 0.0, felt)


@kernel
def happen_capacity_loss(state: State, where: int, size: float) -> None:
    """Staff who are away this week beyond the usual absence."""
    for i in range(len(state.organisation)):
        if where < 0 or where == i:
            organisation = state.organisation[i]
            organisation.extra_absence = either(organisation.extra_absence, size)


@kernel
def happen_law(state: State, p: np.record, size: float) -> None:
    """A new law: agreements lose part of their clarity, and there is a programme to bring it in."""
    for k in range(len(state.link)):
        link = state.link[k]
        link.frame *= 1.0 - size
    raise_urgency(state, p, 0.0, p.urgency_programme_share * size)
