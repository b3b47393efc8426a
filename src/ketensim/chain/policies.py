"""Steering policies: rules that set frame and room by looking at the state. ODD submodel 1d.

Without a policy the levers are those of the scenario and its calendar. A policy starts with the first reported week.
Letting go is about room; the agreed frame stays what the scenario says, unless the policy holds firm.
"""

from __future__ import annotations

import numpy as np

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
            state.lever_grid[i, number] = state.plan_grid[i, number]
        if reported >= 0 and policy > 0:
            steer(state, p, i, policy, reported)


@kernel
def steer(state: State, p: np.record, i: int, policy: int, week: int) -> None:
    """Let the policy change frame and room of one organisation."""
    organisation = state.organisation[i]
    lever = state.lever[i]
    if policy == TIGHTEN_AFTER_INCIDENT:
        if organisation.tightened_weeks > 0.0:
            lever.room = min(lever.room, p.policy_firm_room)
            lever.frame = max(lever.frame, p.policy_firm_frame)
        return
    free = letting_go(policy, week, p.policy_switch_week, organisation.trust, p.policy_trust, p.policy_trust_slope)
    lever.room = p.policy_firm_room + free * (p.policy_free_room - p.policy_firm_room)
    lever.frame += (1.0 - free) * (max(lever.frame, p.policy_firm_frame) - lever.frame)
