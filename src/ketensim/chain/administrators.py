"""Administrators: who is in office, what presses them, what worries them, and what they do about it.

ODD submodels 1c (change of administrators) and 4c (concern and intervention). An intervention can help (it unblocks
stuck cases, it pulls an organisation that drifts back to the chain) and can harm (hours, room, motivation, trust); the
reflex is probable and damped, never automatic (risico-regelreflex [Trappenburg2010]_, found less than told
[DeRidder]_).
"""

from __future__ import annotations

import numpy as np

from ketensim.conditions.ambition import weight_carried, weight_inherited
from ketensim.foundation.compiled import kernel, rule
from ketensim.foundation.luck import normal
from ketensim.foundation.mathematics import WEEKS_PER_YEAR, chance, either, lifted, logistic, towards
from ketensim.foundation.state import Chain, State

NOTHING = -1
HOLD_BACK = 0
ASK_FOR_REPORTS = 1
TAKE_OVER = 2
UNBLOCK = 3


@rule
def concern_of(shortfall_part: float, uncertainty_part: float, pressure_part: float, lying_part: float) -> float:
    """What worries an administrator: the sum of four parts, each at least 0, in units of concern.

    References
    ----------
    Shortfall that one does not trust others to solve: [MarchSimon1958]_; uncertainty: [Rijkschroeff2019]_ condition 5;
    the reflex under pressure: [Trappenburg2010]_; work for the chain that is seen to be left lying at the own
    organisation: agency theory [Davis1997]_. Form: assumption.

    Examples
    --------
    >>> concern_of(0.25, 0.25, 0.25, 0.25)
    1.0
    """
    return shortfall_part + uncertainty_part + pressure_part + lying_part


@rule
def intervention_chance(concern: float, tolerance: float, slope: float, most: float, allowed: float) -> float:
    r"""Probability that an administrator steps in this week, :math:`\pi_i\, a\, \Lambda(k_i (c - \theta))`.

    Parameters
    ----------
    concern, tolerance : concern; where they meet the chance is half of the most
    slope : 1/concern
    most : 1/week in [0, 1]
    allowed : share in [0, 1]; 0 for an independent organisation that may not be instructed

    Returns
    -------
    share in [0, 1]

    Examples
    --------
    >>> intervention_chance(0.6, 0.6, 10.0, 0.5, 1.0), intervention_chance(9.0, 0.6, 10.0, 0.5, 0.0)
    (0.25, 0.0)
    """
    return most * allowed * logistic(slope * (concern - tolerance))


@rule
def choice_of(uniform: float, hold_back: float, ask: float, take_over: float, unblock: float) -> int:
    """Which intervention it becomes: a number drawn in proportion to four weights of at least 0.

    Examples
    --------
    >>> choice_of(0.1, 1.0, 1.0, 1.0, 1.0), choice_of(0.9, 1.0, 1.0, 1.0, 1.0), choice_of(0.5, 0.0, 0.0, 0.0, 0.0)
    (0, 3, 0)
    """
    mark = uniform * (hold_back + ask + take_over + unblock)
    if mark < hold_back or mark <= 0.0:
        return HOLD_BACK
    if mark < hold_back + ask:
        return ASK_FOR_REPORTS
    if mark < hold_back + ask + take_over:
        return TAKE_OVER
    return UNBLOCK


@kernel
def change_administrators(chain: Chain, state: State, p: np.record, week: int) -> None:
    """Elections, political breaches and other exits; a new administrator inherits what was coupled."""
    leaving = chance(p.administrator_exit / WEEKS_PER_YEAR)
    breach = min(leaving, chance(p.political_breach / WEEKS_PER_YEAR))
    for i in range(len(state.organisation)):
        organisation = state.organisation[i]
        luck = state.luck[i]
        organisation.new_administrator = 0
        organisation.weeks_in_office += 1.0
        if luck.exit < breach:
            state.chain[0].climate_logit += p.breach_climate / len(state.organisation)
        elected = chain.election[i, week] > 0 and luck.election < p.election_change
        if luck.exit < leaving or elected:
            organisation.new_administrator = 1
            take_office(chain, state, p, i)


@kernel
def take_office(chain: Chain, state: State, p: np.record, i: int) -> None:
    """Somebody else with another ambition, another tolerance and a fresh, uncertain belief."""
    organisation = state.organisation[i]
    profile = chain.profile[i]
    lever = state.lever[i]
    luck = state.luck[i]
    organisation.weeks_in_office = 0.0
    organisation.ambition_x = profile.ambition_x + p.ambition_spread * normal(luck.ambition_x)
    organisation.ambition_y = profile.ambition_y + p.ambition_spread * normal(luck.ambition_y)
    organisation.tolerance = p.tolerance_level + profile.tolerance + p.tolerance_spread * normal(luck.tolerance)
    carried = weight_carried(lever.ambition_coupling, p.weight_inheritance, organisation.official, p.official_carried)
    organisation.weight = weight_inherited(organisation.weight, p.weight_base, carried)
    organisation.skills_administrator = 0.0
    organisation.belief_variance = max(organisation.belief_variance, p.belief_new)
    organisation.trust_vertical = (organisation.trust_vertical + p.trust_vertical_start) / 2.0
    organisation.overseen_weeks = 0.0


@kernel
def feel_pressure(chain: Chain, state: State, p: np.record, week: int) -> None:
    """Pressure on each administrator moves to what own results, media, retreat, money and politics make of it."""
    common = state.chain[0]
    for i in range(len(state.organisation)):
        organisation = state.organisation[i]
        target = either(p.pressure_own * (1.0 - organisation.own_target), p.pressure_media * common.urgency_media)
        target = either(target, p.pressure_retreat * organisation.retreat)
        target = either(target, p.pressure_shortage * common.shortage)
        target = either(target, p.pressure_election * chain.election_near[i, week])
        target = either(target, p.pressure_climate * common.climate)
        organisation.pressure = towards(organisation.pressure, target, p.pressure_time)


@kernel
def intervene(chain: Chain, state: State, p: np.record) -> None:
    """Concern becomes an intervention or not, and if so which."""
    promise = chain.world[0].promise
    for i in range(len(state.organisation)):
        organisation = state.organisation[i]
        luck = state.luck[i]
        organisation.overseen_weeks = max(0.0, organisation.overseen_weeks - 1.0)
        organisation.unblock_weeks = max(0.0, organisation.unblock_weeks - 1.0)
        shortfall = max(0.0, promise - organisation.belief_mean)
        organisation.concern = concern_of(
            p.concern_shortfall * shortfall * (1.0 - organisation.trust_vertical),
            p.concern_uncertainty * organisation.uncertainty,
            p.concern_pressure * organisation.pressure * (1.0 - organisation.weight),
            p.concern_lying * left_lying(state, p, i),
        )
        organisation.intervention_chance = intervention_chance(
            organisation.concern,
            organisation.tolerance * (1.0 - p.tolerance_retreat * organisation.retreat)
            + organisation.restraint
            + p.skills_tolerance * organisation.skills_administrator,
            p.intervene_slope,
            p.intervene_most,
            chain.profile[i].instructable,
        )
        organisation.choice = NOTHING
        if luck.intervene < organisation.intervention_chance:
            organisation.choice = choose(state, p, i)
            act(chain, state, p, i)
        organisation.overseen = 1.0 if organisation.overseen_weeks > 0.0 else 0.0
        organisation.unblocking = 1.0 if organisation.unblock_weeks > 0.0 else 0.0


@kernel
def left_lying(state: State, p: np.record, i: int) -> float:
    """Work for the chain that an administrator sees left lying at the own organisation, a share."""
    organisation = state.organisation[i]
    stuck = organisation.stuck / (organisation.present + 1.0)
    return lifted(state.chain[0].monitor, p.sight_without_monitor) * either(min(1.0, stuck), organisation.drift)


@kernel
def choose(state: State, p: np.record, i: int) -> int:
    """Weigh holding back, asking, taking over and unblocking by what the administrator knows and trusts."""
    organisation = state.organisation[i]
    return choice_of(
        state.luck[i].choice,
        p.choice_hold_back * organisation.weight * organisation.trust_vertical,
        p.choice_ask * organisation.uncertainty,
        p.choice_take_over * organisation.pressure * (1.0 - organisation.trust_vertical),
        p.choice_unblock * left_lying(state, p, i),
    )


@kernel
def act(chain: Chain, state: State, p: np.record, i: int) -> None:
    """What the chosen intervention does at once; the rest works through the hours and the hand-overs."""
    organisation = state.organisation[i]
    if organisation.choice == ASK_FOR_REPORTS:
        organisation.demand += p.demand_ask * (p.demand_most - organisation.demand)
    elif organisation.choice == TAKE_OVER:
        organisation.overseen_weeks = p.takeover_weeks
        overrule_agreements(chain, state, p, i)
    elif organisation.choice == UNBLOCK:
        organisation.unblock_weeks = p.unblock_weeks
        organisation.drift *= 1.0 - p.unblock_pull


@kernel
def overrule_agreements(chain: Chain, state: State, p: np.record, i: int) -> None:
    """Details that were agreed between partners are taken over: partners trust the agreements with it less."""
    for k in range(len(state.link)):
        if chain.link[k].source == i or chain.link[k].target == i:
            link = state.link[k]
            link.frame *= 1.0 - p.takeover_damage
    for d in range(len(state.dyad)):
        if chain.dyad[d].trusted == i:
            dyad = state.dyad[d]
            dyad.trust_agreements *= 1.0 - p.takeover_damage
