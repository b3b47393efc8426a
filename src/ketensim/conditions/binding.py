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
    "lever.binding_selection",
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
            lose_personal_trust(chain, state, p, i)
        organisation.binding = p.binding_acting if organisation.vacant_weeks > 0.0 else organisation.binding_chosen


@kernel
def lose_personal_trust(chain: Chain, state: State, p: np.record, leaver: int) -> None:
    """Personal trust in and of an organisation falls back when its manager leaves, in both directions."""
    for d in range(len(state.dyad)):
        if chain.dyad[d].truster == leaver or chain.dyad[d].trusted == leaver:
            dyad = state.dyad[d]
            carried = either(p.trust_carried, p.trust_carried_agreed * dyad.trust_agreements)
            dyad.trust_persons = trust_after_departure(dyad.trust_persons, p.trust_stranger, carried)
