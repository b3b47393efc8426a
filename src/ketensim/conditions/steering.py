r"""Condition 3: steer *and* give room (*stuur én geef ruimte*), two levers: frame (*kader*) and room (*ruimte*).

Frame and room are two dimensions, not the ends of one slider: the same rule can enable or coerce [AdlerBorys1996]_, and
contracts and trust complement each other on average [CaoLumineau2015]_. The frame is the clarity of the agreements per
hand-over; it has to be built by two and ages away. Room is the discretion of professionals. Inside a frame discretion
helps the case that fits no standard; outside one it adds defects; without room each deviation needs permission.

.. math::
    F' = F + f_b\,e\,(f_0 + (1 - f_0)\tfrac{T + b}{2})(1 - F) - f_a (1 - f_k a) F

    q_{hard} = k_h (1 - k_l d (1 - F)) + (1 - k_h)\, k_r\, d F (m_f + (1 - m_f) m)(k_t + (1 - k_t) T)

Formal steering gives way to informal steering where trust is high (condition 6). ODD submodel 5.
"""

from __future__ import annotations

import numpy as np

from ketensim.foundation.compiled import kernel, rule
from ketensim.foundation.mathematics import either, lifted
from ketensim.foundation.state import Chain, State

READS = (
    "lever.room",
    "relation.frame",
    "relation.trust_in_agreements",
    "organisation.binding",
    "organisation.joint",
    "organisation.overseen",
    "organisation.trust",
    "organisation.frame",
    "organisation.links",
    "link.frame",
)
WRITES = ("link.frame", "organisation.frame", "organisation.discretion", "organisation.informal")


@rule
def frame_building(effort: float, trust: float, binding: float, most: float, alone: float) -> float:
    r"""Part of the missing clarity that is agreed in a week.

    Parameters
    ----------
    effort : share in [0, 1]
    trust, binding : shares in [0, 1]; means of the pair
    most : share/week in [0, 1]; with full effort, trust and binding capacity
    alone : share in [0, 1]; what effort brings without trust and binding capacity

    Returns
    -------
    share/week in [0, 1]

    References
    ----------
    Managers make agreements: [KlijnEdelenbosSteijn2010]_. Form: assumption.

    Examples
    --------
    >>> frame_building(1.0, 1.0, 1.0, 0.1, 0.25)
    0.1
    """
    return most * effort * lifted((trust + binding) / 2.0, alone)


@rule
def frame_after_week(frame: float, building: float, ageing: float) -> float:
    r"""Clarity of the agreements on a link after a week, :math:`F + b(1 - F) - a F`.

    Parameters
    ----------
    frame : share in [0, 1]
    building : share/week in [0, 1]; of what is missing
    ageing : share/week in [0, 1]; of what is there

    Returns
    -------
    share in [0, 1]

    Examples
    --------
    >>> frame_after_week(0.5, 0.5, 0.0)
    0.75
    """
    return frame + building * (1.0 - frame) - ageing * frame


@rule
def frame_ageing(ageing: float, keeping: float, care: float) -> float:
    """Share of the clarity that ages away in a week; less where agreements are looked back at.

    Parameters
    ----------
    ageing : share/week in [0, 1]; when nobody looks
    keeping : share in [0, 1]; part that full care prevents
    care : lever in [0, 1]; trust in agreements, of the weaker partner

    Returns
    -------
    share/week in [0, 1]

    Examples
    --------
    >>> frame_ageing(0.02, 0.5, 1.0)
    0.01
    """
    return ageing * (1.0 - keeping * care)


@rule
def discretion_in_effect(room: float, overseen: float, bite: float) -> float:
    """Discretion of professionals: the room they are given, less while an administrator has taken over details.

    Parameters
    ----------
    room : lever in [0, 1]
    overseen : 1 while somebody has taken over, else 0
    bite : share in [0, 1]; of the room that is then lost

    Returns
    -------
    share in [0, 1]

    Examples
    --------
    >>> discretion_in_effect(0.8, 1.0, 0.5)
    0.4
    """
    return room * (1.0 - bite * overseen)


@rule
def informal_share(trust: float, room: float, floor: float) -> float:
    """Share of the steering that goes through people instead of rules.

    Parameters
    ----------
    trust : share in [0, 1]; mean trust in the partners
    room : lever in [0, 1]
    floor : share in [0, 1]; part of the trust that is used even without room

    Returns
    -------
    share in [0, 1]

    References
    ----------
    Direction: [Rijkschroeff2019]_ condition 6. Form: assumption.

    Examples
    --------
    >>> informal_share(0.8, 1.0, 0.5)
    0.8
    """
    return trust * lifted(room, floor)


@rule
def standard_quality(base: float, frame_gain: float, loose: float, discretion: float, frame: float) -> float:
    r"""Probability that a standard case is done right; the frame helps a little, deviating without a frame harms.

    .. math:: q = (k_0 + (1 - k_0)\, k_f F)(1 - k_v d (1 - F))

    Parameters
    ----------
    base : share in [0, 1]; without a frame, :math:`k_0`
    frame_gain : share in [0, 1]; of the remaining errors that a full frame prevents, :math:`k_f`
    loose : share in [0, 1]; lost where everyone finds a way of their own without a frame, :math:`k_v`
    discretion : share in [0, 1]; :math:`d`
    frame : share in [0, 1]; mean clarity around the organisation, :math:`F`

    Returns
    -------
    share in [0, 1]

    References
    ----------
    What fits the standard gains from the standard: [SiggelkowRivkin2005]_. Form: assumption.

    Examples
    --------
    >>> standard_quality(0.9, 0.5, 0.1, 1.0, 1.0), standard_quality(0.5, 0.0, 0.5, 1.0, 0.0)
    (0.95, 0.25)
    """
    return (base + (1.0 - base) * frame_gain * frame) * (1.0 - loose * discretion * (1.0 - frame))


@rule
def inside_frame(discretion: float, frame: float, motivated: float, known: float) -> float:
    r"""How well discretion is used: inside a frame, by people who want to and know what partners know.

    .. math:: i = d\, F\, (m_f + (1 - m_f) m)\, (k_t + (1 - k_t) T)

    Parameters
    ----------
    discretion, frame : shares in [0, 1]
    motivated : share in [0, 1]; motivation, from a floor: :math:`m_f + (1 - m_f) m`
    known : share in [0, 1]; knowledge that trusting partners share, from a floor: :math:`k_t + (1 - k_t) T`

    Returns
    -------
    share in [0, 1]

    References
    ----------
    Trust works through the exchange of knowledge: [KlijnEdelenbosSteijn2010]_, [Luna-Reyes2008]_. Form: assumption.

    Examples
    --------
    >>> inside_frame(1.0, 0.5, 1.0, 0.5)
    0.25
    """
    return discretion * frame * motivated * known


@rule
def hard_quality(base: float, gain: float, inside: float, loose: float, discretion: float, frame: float) -> float:
    r"""Probability that a case that fits no standard is done right.

    .. math:: q = k_h (1 - k_l d (1 - F)) + (1 - k_h)\, k_r\, i

    Parameters
    ----------
    base : share in [0, 1]; without discretion, :math:`k_h`
    gain : share in [0, 1]; of what is missing that well used discretion adds, :math:`k_r`
    inside : share in [0, 1]; discretion used inside the frame, :math:`i`
    loose : share in [0, 1]; of the base that full discretion without a frame costs, :math:`k_l`
    discretion, frame : shares in [0, 1]

    Returns
    -------
    share in [0, 1]

    References
    ----------
    Complements: [AdlerBorys1996]_, [CaoLumineau2015]_; discretion and meaning: [TummersBekkers2014]_. Form: assumption.

    Examples
    --------
    >>> hard_quality(0.5, 0.8, 1.0, 0.5, 1.0, 1.0)
    0.9
    """
    return base * (1.0 - loose * discretion * (1.0 - frame)) + (1.0 - base) * gain * inside


@rule
def mismatch_chance(most: float, frame: float, trust: float, trust_part: float) -> float:
    r"""Probability that a hand-over does not fit and the case comes back.

    .. math:: P = m (1 - F)(1 - m_t T)

    Parameters
    ----------
    most : share of hand-overs in [0, 1]; without frame and trust (higher for hard cases)
    frame : share in [0, 1]; clarity of the link
    trust : share in [0, 1]; of the receiver in the giver
    trust_part : share in [0, 1]; part of the mismatch that trusting partners solve by telephone

    Returns
    -------
    share in [0, 1]

    References
    ----------
    Direction: [CaoLumineau2015]_. Form: assumption.

    Examples
    --------
    >>> mismatch_chance(0.4, 0.5, 1.0, 0.5)
    0.1
    """
    return most * (1.0 - frame) * (1.0 - trust_part * trust)


@rule
def handover_loss(most: float, framed: float, trusted: float, known: float, able: float) -> float:
    r"""Probability that part of what the giver knows is lost at an accepted hand-over, and nobody sees it.

    .. math:: P = l (1 - l_f F)(1 - l_t T)(1 - l_k K)(1 - l_l S)

    Parameters
    ----------
    most : share of hand-overs in [0, 1]; without frame, trust, familiarity and skills (higher for hard cases)
    framed, trusted, known, able : shares in [0, 1]; parts that the frame, trust, familiarity with each other and skills
        of working in a chain prevent

    Returns
    -------
    share in [0, 1]

    References
    ----------
    A programme for handing over cut medical errors by 23 % and preventable harm by 30 %: [Starmer2014]_; familiarity
    helps where coordination is hard: [Espinosa2007]_. Form: assumption.

    Examples
    --------
    >>> handover_loss(0.4, 0.5, 0.0, 0.0, 0.5)
    0.1
    """
    return most * (1.0 - framed) * (1.0 - trusted) * (1.0 - known) * (1.0 - able)


@rule
def permission_factor(permission: float, discretion: float) -> float:
    """Factor on the effort of a hard case: without discretion each deviation needs permission.

    Parameters
    ----------
    permission : share of effort, at discretion 0
    discretion : share in [0, 1]

    Returns
    -------
    ratio, at least 1

    Examples
    --------
    >>> permission_factor(0.3, 0.0)
    1.3
    """
    return 1.0 + permission * (1.0 - discretion)


@kernel
def update(chain: Chain, state: State, p: np.record) -> None:
    """Build and age the frame of each link; set discretion and the informal share of each organisation."""
    for i in range(len(state.organisation)):
        organisation = state.organisation[i]
        lever = state.lever[i]
        organisation.frame = 0.0
        bite = p.takeover_bite * (1.0 - p.binding_shield * organisation.binding)
        organisation.discretion = discretion_in_effect(lever.room, organisation.overseen, bite)
        organisation.informal = informal_share(organisation.trust, lever.room, p.informal_floor)
    for k in range(len(state.link)):
        link = state.link[k]
        source = chain.link[k].source
        target = chain.link[k].target
        link.frame = frame_of_link(chain, state, p, k)
        for i in (source, target):
            organisation = state.organisation[i]
            organisation.frame = min(1.0, organisation.frame + link.frame / organisation.links)


@kernel
def frame_of_link(chain: Chain, state: State, p: np.record, k: int) -> float:
    """Clarity of the agreements between two organisations after this week."""
    link = state.link[k]
    giver = state.organisation[chain.link[k].source]
    receiver = state.organisation[chain.link[k].target]
    relation = state.relation[chain.link[k].receiver_dyad]
    effort = either(relation.frame, p.urgency_frame * (giver.joint + receiver.joint) / 2.0)
    trust = (giver.trust + receiver.trust) / 2.0
    building = frame_building(effort, trust, (giver.binding + receiver.binding) / 2.0, p.frame_build, p.frame_alone)
    ageing = frame_ageing(p.frame_ageing, p.frame_keeping, relation.trust_in_agreements)
    return frame_after_week(link.frame, building, ageing)
