r"""Condition 6: invest in trust (*investeer in vertrouwen*), in persons and in agreements.

Trust is in persons and in agreements, not in function or position [Rijkschroeff2019]_. Personal trust rises with
successes and contact, falls faster with failures [Slovic1993]_, fades without contact [Luna-Reyes2008]_ and leaves with
the person. Trust in agreements grows slowly, only from agreements that were kept, and stays [Leach2002]_,
[SchilkeCook2013]_; it also softens the asymmetry of personal trust [Earle]_. Vertical trust is that of the
administrator in the executing organisation. Checking falls as trust rises: at very high trust defects pass unseen
(trust as rule, distrust as exception [Oomsels2019]_).

.. math::
    T_p' = \frac{T_p + \alpha B s x (1 - T_p)}{1 + \alpha \lambda (1 - \beta_r b) f x} \quad\text{then contact and fading}

with :math:`s, f` the shares of kept and broken promises and :math:`x = n/(n+1)` their number. ODD submodel 8.
"""

from __future__ import annotations

import numpy as np

from ketensim.foundation.compiled import kernel, rule
from ketensim.foundation.mathematics import either, kept_after_week, lifted
from ketensim.foundation.state import Chain, State

READS = (
    "relation.trust_in_persons",
    "relation.trust_in_agreements",
    "organisation.binding",
    "organisation.joint",
    "organisation.belief_mean",
    "organisation.overseen",
    "organisation.trust_vertical",
    "organisation.trust",
    "organisation.partners",
    "organisation.share_left",
    "organisation.suspicion",
    "dyad.familiarity",
    "dyad.handled",
    "dyad.trust_persons",
    "dyad.trust_agreements",
    "dyad.kept",
    "dyad.broken",
    "dyad.kept_agreed",
)
WRITES = (
    "dyad.trust_persons",
    "dyad.trust_agreements",
    "organisation.trust",
    "organisation.trust_vertical",
    "organisation.suspicion",
    "dyad.familiarity",
)


@rule
def trust_together(persons: float, agreements: float, personal_share: float) -> float:
    """Trust that a hand-over meets: persons and agreements weighed together.

    Parameters
    ----------
    persons, agreements : shares in [0, 1]
    personal_share : share in [0, 1]; weight of the personal part

    Returns
    -------
    share in [0, 1]

    References
    ----------
    Both count, the institutional part drives performance: [Zaheer1998]_. Form: assumption.

    Examples
    --------
    >>> trust_together(1.0, 0.0, 0.25)
    0.25
    """
    return personal_share * persons + (1.0 - personal_share) * agreements


@rule
def asymmetry(ratio: float, shield: float, agreements: float) -> float:
    r"""How much more a broken promise weighs than a kept one, :math:`1 + (\lambda - 1)(1 - \lambda_k T_a)`.

    Parameters
    ----------
    ratio : ratio of at least 1; without trusted agreements
    shield : share in [0, 1]; part of the asymmetry that fully trusted agreements take away
    agreements : share in [0, 1]; trust in agreements

    Returns
    -------
    ratio, at least 1

    References
    ----------
    Asymmetry: [Slovic1993]_; resilience of shared values: [Earle]_. Form: assumption.

    Examples
    --------
    >>> asymmetry(3.0, 0.5, 1.0)
    2.0
    """
    return 1.0 + (ratio - 1.0) * (1.0 - shield * agreements)


@rule
def trust_after_experience(trust: float, gain: float, loss: float) -> float:
    r"""Trust after a week of promises, :math:`T' = (T + g(1 - T)) / (1 + l)`.

    Parameters
    ----------
    trust : share in [0, 1]
    gain : share in [0, 1]; part of the missing trust that kept promises close
    loss : ratio of at least 0; what broken promises do (for small values the share of trust that is lost)

    Returns
    -------
    share in [0, 1]

    References
    ----------
    Direction: [Slovic1993]_. Form: assumption (stays in range for any loss).

    Examples
    --------
    >>> trust_after_experience(0.5, 0.1, 0.0), trust_after_experience(0.5, 0.0, 1.0)
    (0.55, 0.25)
    """
    return (trust + gain * (1.0 - trust)) / (1.0 + loss)


@rule
def trust_after_contact(trust: float, contact: float, gain: float, fading: float, stranger: float) -> float:
    r"""Personal trust after a week of seeing each other or not.

    .. math:: T' = T + \alpha_c k (1 - T) - \delta (1 - k)(T - T_0)

    Parameters
    ----------
    trust : share in [0, 1]
    contact : share in [0, 1]; how much partners see each other, :math:`k`
    gain : share/week in [0, 1/2]
    fading : share/week in [0, 1/2]
    stranger : share in [0, 1]; level to which it drifts back

    Returns
    -------
    share in [0, 1]

    References
    ----------
    Pace of knowledge sharing: [Luna-Reyes2008]_; trust does not grow with time alone. Form: assumption.

    Examples
    --------
    >>> trust_after_contact(0.5, 1.0, 0.1, 0.1, 0.4)
    0.55
    """
    return trust + gain * contact * (1.0 - trust) - fading * (1.0 - contact) * (trust - stranger)


@rule
def promise_kept(belief: float, promise: float) -> float:
    """How far the chain is believed to bring what was promised, a share in [0, 1].

    Examples
    --------
    >>> promise_kept(0.3, 0.6), promise_kept(0.9, 0.6), promise_kept(0.0, 0.0)
    (0.5, 1.0, 1.0)
    """
    if belief >= promise:
        return 1.0
    return belief / promise


@rule
def check_intensity(trust: float, most: float, vigilance: float) -> float:
    r"""Share of the hand-overs that the receiver checks: trust as rule, distrust as reasonable exception.

    .. math:: c = c_m \frac{1 - T}{1 - c_v T}

    Ordinary trust leaves the checks that make sense in place; only where trust becomes a dogma do they fall away.

    Parameters
    ----------
    trust : share in [0, 1]; of the receiver in the giver, :math:`T`
    most : share of hand-overs in [0, 1]; without any trust, :math:`c_m`
    vigilance : share below 1; 0 = checks fall in proportion to trust, near 1 = only blind trust ends them, :math:`c_v`

    Returns
    -------
    share in [0, 1]

    References
    ----------
    Trust as rule and distrust as exception are functional, trust as dogma is not: [Oomsels2019]_. Form: assumption.

    Examples
    --------
    >>> check_intensity(1.0, 0.7, 0.8), check_intensity(0.5, 0.5, 0.0), check_intensity(0.5, 0.75, 0.5)
    (0.0, 0.25, 0.5)
    """
    return most * (1.0 - trust) / (1.0 - vigilance * trust)


@rule
def haggling(effort: float, trust: float) -> float:
    """Effort of a hand-over for haggling, blaming and covering oneself, :math:`e_g (1 - T)`.

    Parameters
    ----------
    effort : share of effort; without any trust
    trust : share in [0, 1]; of the receiver in the giver

    Returns
    -------
    share of effort

    References
    ----------
    Transaction costs fall with trust: [DyerChu2003]_. Form: assumption.

    Examples
    --------
    >>> haggling(0.06, 0.5)
    0.03
    """
    return effort * (1.0 - trust)


@rule
def familiarity_after_week(familiarity: float, gone: float, met: float, time: float) -> float:
    r"""How well two organisations know each other's way of working.

    .. math:: K' = K (1 - v) + (x - K (1 - v)) / \tau_n

    Parameters
    ----------
    familiarity : share in [0, 1]; :math:`K`
    gone : share in [0, 1]; of the people of both who left this week, :math:`v`
    met : share in [0, 1]; how much was handed over this week, n/(n+1), :math:`x`
    time : weeks of at least 1; :math:`\tau_n`

    Returns
    -------
    share in [0, 1]

    References
    ----------
    Team familiarity: [Huckman2009]_; turnover takes it away: [ParkShaw2013]_. Form: assumption.

    Examples
    --------
    >>> familiarity_after_week(0.5, 0.0, 1.0, 5.0), familiarity_after_week(0.5, 0.5, 0.25, 10.0)
    (0.6, 0.25)
    """
    kept = familiarity * (1.0 - gone)
    return kept + (met - kept) / time


@kernel
def update(chain: Chain, state: State, p: np.record) -> None:
    """Trust of each dyad after this week's promises, then per organisation, then vertical trust."""
    for i in range(len(state.organisation)):
        organisation = state.organisation[i]
        organisation.trust = 0.0
        kept = promise_kept(organisation.belief_mean, chain.world[0].promise)
        organisation.trust_vertical = trust_after_experience(
            organisation.trust_vertical,
            p.vertical_gain * kept * (1.0 - organisation.overseen),
            p.vertical_gain * p.vertical_ratio * (1.0 - kept),
        )
    for i in range(len(state.organisation)):
        organisation = state.organisation[i]
        organisation.suspicion *= kept_after_week(p.suspicion_half_life)
    for d in range(len(state.dyad)):
        update_dyad(chain, state, p, d)
        update_familiarity(chain, state, p, d)
        dyad = state.dyad[d]
        organisation = state.organisation[chain.dyad[d].truster]
        organisation.trust += (
            trust_together(dyad.trust_persons, dyad.trust_agreements, p.trust_personal_share) / organisation.partners
        )
    for i in range(len(state.organisation)):
        organisation = state.organisation[i]
        # who has no partners works under one roof
        organisation.trust = min(1.0, organisation.trust) if organisation.partners > 0 else 1.0


@kernel
def update_familiarity(chain: Chain, state: State, p: np.record, d: int) -> None:
    """Knowing each other's way of working: grows with cases handed over, leaves with the people."""
    dyad = state.dyad[d]
    one = state.organisation[chain.dyad[d].truster]
    other = state.organisation[chain.dyad[d].trusted]
    gone = (one.share_left + other.share_left) / 2.0
    met = dyad.handled / (dyad.handled + 1.0)
    dyad.familiarity = familiarity_after_week(dyad.familiarity, gone, met, p.familiarity_time)


@kernel
def update_dyad(chain: Chain, state: State, p: np.record, d: int) -> None:
    """Trust of one organisation in another, in persons and in agreements."""
    dyad = state.dyad[d]
    truster = state.organisation[chain.dyad[d].truster]
    trusted = state.organisation[chain.dyad[d].trusted]
    relation = state.relation[d]
    binding = (truster.binding + trusted.binding) / 2.0
    number = dyad.kept + dyad.broken
    exposure = number / (number + 1.0)
    kept = dyad.kept / number * exposure if number > 0.0 else 0.0
    broken = dyad.broken / number * exposure if number > 0.0 else 0.0
    agreed = dyad.kept_agreed / number * exposure if number > 0.0 else 0.0

    ratio = asymmetry(p.trust_ratio, p.agreement_shield, dyad.trust_agreements)
    contact = either(
        relation.trust_in_persons,
        p.urgency_contact * (truster.joint + trusted.joint) / 2.0,
    )
    persons = trust_after_experience(
        dyad.trust_persons,
        p.trust_gain * lifted(binding, p.binding_floor) * lifted(contact, p.contact_floor) * kept,
        p.trust_gain * ratio * (1.0 - p.trust_repair * binding) * broken,
    )
    care = relation.trust_in_agreements
    dyad.trust_agreements = trust_after_experience(
        dyad.trust_agreements,
        p.agreement_gain
        * lifted(care, 1.0 - p.agreement_care)
        * lifted(dyad.trust_persons, 1.0 - p.agreement_personal)
        * agreed,
        p.agreement_gain * p.agreement_ratio * (1.0 - p.agreement_care * care) * broken,
    )
    dyad.trust_persons = trust_after_contact(persons, contact, p.trust_contact, p.trust_fading, p.trust_stranger)
