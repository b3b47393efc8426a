r"""Condition 4: select managers on binding capacity (*selecteer het management op bindend vermogen*).

In key positions relational capacity weighs more than knowledge of content [Rijkschroeff2019]_. Selection acts at
hiring only, so it arrives with turnover, not at once. A manager takes the personal trust along that belongs to the
person [SchilkeCook2013]_; binding capacity raises trust gains, softens damage and speeds agreements: trust is
manageable [KlijnEdelenbosSteijn2010]_.

.. math:: b = \Lambda(b_0 + b_1 L_4 + b_s z)

with :math:`\Lambda` the logistic function and :math:`z` a standard normal number of the person. ODD submodel 4b.
"""

from __future__ import annotations

import numpy as np

from ketensim.foundation.compiled import kernel, rule
from ketensim.foundation.luck import normal
from ketensim.foundation.mathematics import WEEKS_PER_YEAR, chance, either, logistic
from ketensim.foundation.state import Chain, State

READS = (
    "luck.manager_leaves",
    "luck.manager_binding",
    "luck.manager_steering",
    "lever.binding_selection",
    "lever.chain_skills",
    "organisation.official",
    "organisation.skills_administrator",
    "organisation.skills_manager",
    "organisation.skills_work",
    "organisation.share_left",
    "organisation.vacant_weeks",
    "organisation.binding_chosen",
    "organisation.manager_weeks",
    "dyad.trust_persons",
    "dyad.trust_agreements",
)
WRITES = (
    "organisation.new_manager",
    "organisation.manager_weeks",
    "organisation.vacant_weeks",
    "organisation.binding_chosen",
    "organisation.binding",
    "organisation.steering_capacity",
    "organisation.official",
    "organisation.skills_administrator",
    "organisation.skills_manager",
    "organisation.skills_work",
    "dyad.trust_persons",
)


@rule
def binding_at_hiring(level: float, gain: float, selection: float, deviation: float) -> float:
    r"""Binding capacity of a newly hired manager, :math:`\Lambda(b_0 + b_1 L + d)`.

    Parameters
    ----------
    level : logit; without selection on it, :math:`b_0`
    gain : logit; what full selection adds, :math:`b_1`
    selection : lever in [0, 1]
    deviation : logit; the person's deviation from the mean

    Returns
    -------
    share in (0, 1)

    References
    ----------
    Direction: [vanMeerkerk2014]_. Form: assumption.

    Examples
    --------
    >>> binding_at_hiring(0.0, 1.0, 0.0, 0.0)
    0.5
    """
    return logistic(level + gain * selection + deviation)


@rule
def steering_at_hiring(level: float, given_up: float, selection: float, deviation: float) -> float:
    r"""Steering capacity of a newly hired manager, :math:`\Lambda(s_0 - s_1 L + d)`: the price of selecting on binding.

    Parameters
    ----------
    level : logit; without selection on binding capacity, :math:`s_0`
    given_up : logit; what full selection on binding capacity costs, :math:`s_1`
    selection : lever in [0, 1]
    deviation : logit; the person's deviation from the mean

    Returns
    -------
    share in (0, 1)

    References
    ----------
    "Not only steering capacity but even more binding capacity": [Rijkschroeff2019]_ condition 4. Form: assumption.

    Examples
    --------
    >>> steering_at_hiring(1.0, 1.0, 1.0, 0.0)
    0.5
    """
    return logistic(level - given_up * selection + deviation)


@rule
def softened(effect: float, most: float, binding: float) -> float:
    r"""What is left of an effect where a manager shields or mediates, :math:`e (1 - m b)`.

    Parameters
    ----------
    effect : any number of at least 0; without binding capacity
    most : share in [0, 1]; part that full binding capacity takes away
    binding : share in [0, 1]; binding capacity of the manager, or the mean of a pair

    Returns
    -------
    number of at least 0, at most the effect

    References
    ----------
    Buffering: [OTooleMeier1999]_; connecting and mediating: [KlijnEdelenbosSteijn2010]_. Form: assumption.

    Examples
    --------
    >>> softened(0.8, 0.5, 1.0), softened(0.8, 0.5, 0.0)
    (0.4, 0.8)
    """
    return effect * (1.0 - most * binding)


@rule
def skills_after_week(skills: float, staying: float, learning: float, time: float) -> float:
    r"""How able people are to work in a chain: learned together, gone with who leaves.

    .. math:: S' = S v + (L - S v) / \tau_k

    Parameters
    ----------
    skills : share in [0, 1]; :math:`S`
    staying : share in [0, 1]; of the people, :math:`v`
    learning : lever in [0, 1]; level to which what is offered brings them, :math:`L`
    time : weeks of at least 1; :math:`\tau_k`

    Returns
    -------
    share in [0, 1]

    References
    ----------
    Making administrators, managers and professionals able to work in a chain: [Rijkschroeff2019]_ condition 4.
    Form: assumption.

    Examples
    --------
    >>> skills_after_week(0.5, 1.0, 1.0, 5.0), skills_after_week(1.0, 0.5, 0.5, 5.0)
    (0.6, 0.5)
    """
    kept = skills * staying
    return kept + (learning - kept) / time


@rule
def learning_hours(lever: float, skills: float, most: float, upkeep: float) -> float:
    r"""Share of the hours for learning to work in a chain, :math:`h_l \max(0, L - S) + h_n L`.

    Parameters
    ----------
    lever : lever in [0, 1]; what is offered, :math:`L`
    skills : share in [0, 1]; what people can do, :math:`S`
    most, upkeep : shares of hours; while all is to be learned, and to keep it up

    Returns
    -------
    share of hours

    References
    ----------
    It costs hours now and pays later (assumption: no figure found).

    Examples
    --------
    >>> learning_hours(1.0, 0.5, 0.04, 0.01), learning_hours(0.0, 0.5, 0.04, 0.01)
    (0.03, 0.0)
    """
    return most * max(0.0, lever - skills) + upkeep * lever


@rule
def trust_after_departure(trust: float, stranger: float, carried: float) -> float:
    r"""Personal trust between two organisations when the manager of one of them leaves.

    .. math:: T' = T_0 + b_c (T - T_0)

    Parameters
    ----------
    trust : share in [0, 1]
    stranger : share in [0, 1]; trust in somebody one does not know, :math:`T_0`
    carried : share in [0, 1]; what the team, a good introduction and trusted agreements carry over, :math:`b_c`

    Returns
    -------
    share in [0, 1]

    References
    ----------
    Direction: [SchilkeCook2013]_. Form: assumption.

    Examples
    --------
    >>> trust_after_departure(0.8, 0.4, 0.0)
    0.4
    """
    return stranger + carried * (trust - stranger)


@kernel
def update(chain: Chain, state: State, p: np.record) -> None:
    """Managers leave by a hazard, are replaced after a vacancy, and take personal trust along."""
    hazard = chance(1.0 / (WEEKS_PER_YEAR * p.manager_tenure))
    for i in range(len(state.organisation)):
        organisation = state.organisation[i]
        lever = state.lever[i]
        luck = state.luck[i]
        organisation.new_manager = 0
        organisation.manager_weeks += 1.0
        organisation.vacant_weeks = max(0.0, organisation.vacant_weeks - 1.0)
        if luck.manager_leaves < hazard:
            organisation.new_manager = 1
            organisation.manager_weeks = 0.0
            organisation.vacant_weeks = p.vacancy_weeks + p.selection_weeks * lever.binding_selection
            organisation.binding_chosen = binding_at_hiring(
                p.binding_level,
                p.binding_gain,
                lever.binding_selection,
                p.binding_spread * normal(luck.manager_binding),
            )
            organisation.steering_capacity = steering_at_hiring(
                p.steering_level,
                p.steering_given_up,
                lever.binding_selection,
                p.binding_spread * normal(luck.manager_steering),
            )
            organisation.skills_manager = 0.0
            organisation.official *= 1.0 - p.official_lost
            lose_personal_trust(chain, state, p, i)
        learn(state, p, i)
        able = either(organisation.binding_chosen, p.skills_binding * organisation.skills_manager)
        organisation.binding = p.binding_acting if organisation.vacant_weeks > 0.0 else able


@kernel
def learn(state: State, p: np.record, i: int) -> None:
    """Administrator, manager and professionals learn to work in a chain; what they learned leaves with them."""
    organisation = state.organisation[i]
    lever = state.lever[i]
    organisation.skills_manager = skills_after_week(organisation.skills_manager, 1.0, lever.chain_skills, p.skills_time)
    organisation.skills_administrator = skills_after_week(
        organisation.skills_administrator, 1.0, lever.chain_skills, p.skills_time
    )
    staying = 1.0 - organisation.share_left
    organisation.skills_work = skills_after_week(organisation.skills_work, staying, lever.chain_skills, p.skills_time)


@kernel
def lose_personal_trust(chain: Chain, state: State, p: np.record, leaver: int) -> None:
    """Personal trust in and of an organisation falls back when its manager leaves, in both directions."""
    for d in range(len(state.dyad)):
        if chain.dyad[d].truster == leaver or chain.dyad[d].trusted == leaver:
            dyad = state.dyad[d]
            carried = either(p.trust_carried, p.trust_carried_agreed * dyad.trust_agreements)
            dyad.trust_persons = trust_after_departure(dyad.trust_persons, p.trust_stranger, carried)
