"""Steering policies: rules that set frame and room by looking at the state. ODD submodel 1d.

Without a policy the levers are those of the scenario and its calendar. A policy starts with the first reported week.
Letting go is about room; the agreed frame stays what the scenario says, unless the policy holds firm.
"""

from __future__ import annotations

import numpy as np

from ketensim.chain.own import steer_as_others
from ketensim.foundation.compiled import kernel, rule
from ketensim.foundation.mathematics import logistic
from ketensim.foundation.parameters import LEVER_NAMES, POLICIES
from ketensim.foundation.state import Chain, State

HOLD_FIRM = POLICIES.index("hold_firm")
LET_GO_AT_ONCE = POLICIES.index("let_go_at_once")
FIRM_THEN_LET_GO = POLICIES.index("firm_then_let_go")
LET_GO_WHEN_TRUSTED = POLICIES.index("let_go_when_trusted")
TIGHTEN_AFTER_INCIDENT = POLICIES.index("tighten_after_incident")
LEVER_COUNT = len(LEVER_NAMES)
SELECTION = LEVER_NAMES.index("binding_selection")  # a rule of hiring, not a practice that people change
ROOM = LEVER_NAMES.index("room")
FRAME = LEVER_NAMES.index("frame")


@rule
def letting_go(policy: int, week: int, switch: float, trust: float, threshold: float, slope: float) -> float:
    """How far a policy lets go in a week, a share: 0 = firm, 1 = free.

    Parameters
    ----------
    policy : number of the policy in ``parameters.POLICIES``
    week : reported week
    switch : week from which ``firm_then_let_go`` lets go
    trust : share in [0, 1]; trust of the organisation in its partners, seen by ``let_go_when_trusted``
    threshold : share in [0, 1]; trust at which that policy is halfway
    slope : 1/share; how suddenly it lets go around the threshold

    Returns
    -------
    share in [0, 1]

    Examples
    --------
    >>> letting_go(HOLD_FIRM, 5, 104.0, 0.9, 0.6, 20.0), letting_go(LET_GO_WHEN_TRUSTED, 5, 104.0, 0.6, 0.6, 20.0)
    (0.0, 0.5)
    """
    if policy == LET_GO_AT_ONCE:
        return 1.0
    if policy == FIRM_THEN_LET_GO:
        return 1.0 if week >= switch else 0.0
    if policy == LET_GO_WHEN_TRUSTED:
        return logistic(slope * (trust - threshold))
    return 0.0


@kernel
def set_levers(chain: Chain, state: State, p: np.record, week: int) -> None:
    """Levers in force this week: those of scenario and calendar, changed by the policy."""
    policy = chain.world[0].policy
    reported = week - chain.world[0].burn_in
    for i in range(len(state.organisation)):
        for number in range(LEVER_COUNT):
            state.target_grid[i, number] = state.plan_grid[i, number]
        if reported >= 0 and policy > 0:
            steer(state, p, i, policy, reported)
        if reported >= 0:
            steer_as_others(state, i, reported)
        change_practice(state, p, i)
    change_relations(chain, state, p)


@kernel
def steer(state: State, p: np.record, i: int, policy: int, week: int) -> None:
    """Let the policy change frame and room of one organisation."""
    organisation = state.organisation[i]
    target = state.target_grid[i]
    if policy == TIGHTEN_AFTER_INCIDENT:
        if organisation.tightened_weeks > 0.0:
            target[ROOM] = min(target[ROOM], p.policy_firm_room)
            target[FRAME] = max(target[FRAME], p.policy_firm_frame)
        return
    free = letting_go(policy, week, p.policy_switch_week, organisation.trust, p.policy_trust, p.policy_trust_slope)
    target[ROOM] = p.policy_firm_room + free * (p.policy_free_room - p.policy_firm_room)
    target[FRAME] += (1.0 - free) * (max(target[FRAME], p.policy_firm_frame) - target[FRAME])


@rule
def changed_part(total: float, pace: float) -> float:
    """Part of all that is to change that changes this week: what people can take in, shared by all changes.

    Parameters
    ----------
    total : levers; sum of the distances to what is aimed at
    pace : levers/week; what an organisation can change at once

    Returns
    -------
    share in [0, 1]

    References
    ----------
    Many changes at once eat into each other: [RepenningSterman2002]_, [MeyerStensaker2006]_. Form: assumption.

    Examples
    --------
    >>> changed_part(0.4, 0.1), changed_part(0.05, 0.1), changed_part(0.0, 0.1)
    (0.25, 1.0, 1.0)
    """
    if total <= pace:
        return 1.0
    return pace / total


@kernel
def change_practice(state: State, p: np.record, i: int) -> None:
    """Practices move to what is aimed at, at a limited pace that all changes share; hiring follows at once."""
    organisation = state.organisation[i]
    total = 0.0
    for number in range(LEVER_COUNT):
        if number != SELECTION:
            total += abs(state.target_grid[i, number] - state.lever_grid[i, number])
    part = changed_part(total, p.change_pace)
    organisation.confusion = min(1.0, total / p.change_pace)
    for number in range(LEVER_COUNT):
        gap = state.target_grid[i, number] - state.lever_grid[i, number]
        if number == SELECTION or part >= 1.0:
            state.lever_grid[i, number] = state.target_grid[i, number]
        else:
            state.lever_grid[i, number] += part * gap


@kernel
def change_relations(chain: Chain, state: State, p: np.record) -> None:
    """Frame and trust of each relation: what was agreed for it, else what the less willing of the two puts in."""
    for i in range(len(state.organisation)):
        organisation = state.organisation[i]
        organisation.frame_work, organisation.persons_work, organisation.agreements_work = 0.0, 0.0, 0.0
    for d in range(len(state.dyad)):
        relation = state.relation[d]
        plan = state.relation_plan[d]
        one = state.lever[chain.dyad[d].truster]
        other = state.lever[chain.dyad[d].trusted]
        relation.frame = agreed(plan[0], min(one.frame, other.frame), relation.frame, p.change_pace)
        relation.trust_in_persons = agreed(
            plan[1], min(one.trust_in_persons, other.trust_in_persons), relation.trust_in_persons, p.change_pace
        )
        relation.trust_in_agreements = agreed(
            plan[2],
            min(one.trust_in_agreements, other.trust_in_agreements),
            relation.trust_in_agreements,
            p.change_pace,
        )
        organisation = state.organisation[chain.dyad[d].truster]
        organisation.persons_work += meeting_work(
            relation.trust_in_persons if plan[1] == plan[1] else one.trust_in_persons
        )
        organisation.agreements_work += relation.trust_in_agreements if plan[2] == plan[2] else one.trust_in_agreements
    for k in range(len(state.link)):
        place = chain.link[k]
        plan = state.relation_plan[place.receiver_dyad]
        for i in (place.source, place.target):
            own = state.relation[place.receiver_dyad].frame if plan[0] == plan[0] else state.lever[i].frame
            state.organisation[i].frame_work += own


@rule
def meeting_work(lever: float) -> float:
    """How the hours for each other grow with the lever, :math:`L^2`: more often, and with more people at the table.

    Parameters
    ----------
    lever : lever in [0, 1]; trust in persons, for one partner

    Returns
    -------
    share in [0, 1] of what the full lever asks

    References
    ----------
    Collaborative inertia: [HuxhamVangen2004]_; too much networking: [HicklinOTooleMeier2008]_. Form: assumption.

    Examples
    --------
    >>> meeting_work(0.5), meeting_work(1.0)
    (0.25, 1.0)
    """
    return lever * lever


@rule
def agreed(plan: float, common: float, now: float, pace: float) -> float:
    """A lever of a relation after a week: at once what both do anyway, or step by step what was agreed for it.

    Parameters
    ----------
    plan : lever in [0, 1], or not-a-number where nothing was agreed for this relation
    common : lever in [0, 1]; what both organisations do
    now : lever in [0, 1]; before this week
    pace : levers/week

    Returns
    -------
    lever in [0, 1]

    Examples
    --------
    >>> agreed(float("nan"), 0.5, 0.2, 0.1), agreed(1.0, 0.5, 0.5, 0.25), agreed(0.0, 0.5, 0.5, 0.25)
    (0.5, 0.75, 0.25)
    """
    if plan != plan:
        return common
    return min(plan, now + pace) if plan >= now else max(plan, now - pace)
