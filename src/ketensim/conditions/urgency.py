r"""Condition 2: find each other in temporary urgency (*urgentie inspireert*).

An incident or a shortage opens a window [Kingdon1984]_. What partners share of it becomes joint work: agreements,
openness, contact. What they do not share becomes retreat: pressure, refusal, costs shifted to the next, more control
(threat-rigidity [Staw1981]_; cutbacks [Levine1978]_). Urgency decays; only what was put into agreements and trust stays.

.. math:: U = 1 - (1 - U_m)(1 - U_p), \qquad J_i = U s_i (b_f + (1 - b_f) b_i), \qquad R_i = U (1 - s_i)

with :math:`U_m` media and :math:`U_p` programme urgency (half-lives of weeks and of half a year), :math:`s` the lever
and :math:`b` binding capacity. Repeated urgency loses force (attention cycle [Downs1972]_). ODD submodel 3.
"""

from __future__ import annotations

import numpy as np

from ketensim.foundation.compiled import kernel, rule
from ketensim.foundation.mathematics import either, kept_after_week, lifted
from ketensim.foundation.state import State

READS = (
    "common.urgency_media",
    "common.urgency_programme",
    "common.urgency",
    "common.fatigue",
    "common.shortage",
    "organisation.binding",
    "lever.shared_urgency",
)
WRITES = (
    "common.urgency_media",
    "common.urgency_programme",
    "common.urgency",
    "common.fatigue",
    "common.shortage",
    "organisation.joint",
    "organisation.retreat",
)


@rule
def urgency_raised(urgency: float, impulse: float, fatigue: float) -> float:
    r"""Urgency after an impulse; the same impulse moves less when people are used to it.

    .. math:: U' = U + s (1 - f)(1 - U)

    Parameters
    ----------
    urgency : share in [0, 1]
    impulse : share in [0, 1]; size of the incident or shortage
    fatigue : share in [0, 1]; part that no longer moves anybody

    Returns
    -------
    share in [0, 1]

    References
    ----------
    Direction: [Downs1972]_. Form: assumption.

    Examples
    --------
    >>> urgency_raised(0.0, 0.5, 0.0), urgency_raised(0.5, 0.5, 0.5)
    (0.5, 0.625)
    """
    return urgency + impulse * (1.0 - fatigue) * (1.0 - urgency)


@rule
def joint_urgency(urgency: float, shared: float, binding: float, floor: float) -> float:
    r"""Part of the urgency that turns into joint work.

    .. math:: J = U s (b_f + (1 - b_f) b)

    Parameters
    ----------
    urgency : share in [0, 1]
    shared : lever in [0, 1]; how much of it is put on the table
    binding : share in [0, 1]; binding capacity of the manager
    floor : share in [0, 1]; what comes of it without any binding capacity

    Returns
    -------
    share in [0, 1]

    References
    ----------
    Direction: [Kingdon1984]_, [Rijkschroeff2019]_ condition 2. Form: assumption.

    Examples
    --------
    >>> joint_urgency(0.8, 0.5, 1.0, 0.5)
    0.4
    """
    return urgency * shared * lifted(binding, floor)


@rule
def retreat_under_urgency(urgency: float, shared: float) -> float:
    r"""Part of the urgency that turns into retreat to the own core task, :math:`R = U (1 - s)`.

    Parameters
    ----------
    urgency : share in [0, 1]
    shared : lever in [0, 1]

    Returns
    -------
    share in [0, 1]

    References
    ----------
    Direction: threat-rigidity [Staw1981]_; contested for crises in general.

    Examples
    --------
    >>> retreat_under_urgency(0.5, 1.0)
    0.0
    """
    return urgency * (1.0 - shared)


@rule
def refusal_chance(retreat: float, load: float, joint: float, most: float, load_part: float) -> float:
    r"""Probability that the receiver refuses a hand-over.

    .. math:: P = q_r \, (1 - (1 - R)(1 - q_l l)) (1 - J)

    Parameters
    ----------
    retreat : share in [0, 1]; of the receiver
    load : share in [0, 1]; of the receiver
    joint : share in [0, 1]; joint urgency of the receiver, which opens doors
    most : share of hand-overs in [0, 1]; at full retreat
    load_part : share in [0, 1]; what full load does without retreat

    Returns
    -------
    share in [0, 1]

    References
    ----------
    Direction: [Levine1978]_. Form: assumption.

    Examples
    --------
    >>> refusal_chance(1.0, 0.0, 0.0, 0.3, 0.3)
    0.3
    """
    return most * either(retreat, load_part * load) * (1.0 - joint)


@rule
def shifted_share(retreat: float, most: float) -> float:
    r"""Share of the effort on a case that a retreating organisation leaves to the next one, :math:`q_s R`.

    Parameters
    ----------
    retreat : share in [0, 1]
    most : share of effort in [0, 1]; at full retreat

    Returns
    -------
    share of effort in [0, 1]

    References
    ----------
    Direction: cost shifting under cutbacks [Levine1978]_. Form: assumption.

    Examples
    --------
    >>> shifted_share(0.5, 0.4)
    0.2
    """
    return retreat * most


@kernel
def decay(state: State, p: np.record) -> None:
    """Urgency, fatigue and shortage lose a week's part (belongs to the first step of the week: the world)."""
    common = state.chain[0]
    common.urgency_media *= kept_after_week(p.urgency_media_half_life)
    common.urgency_programme *= kept_after_week(p.urgency_programme_half_life)
    common.fatigue *= kept_after_week(p.fatigue_half_life)
    common.shortage *= kept_after_week(p.shortage_half_life)


@kernel
def update(state: State, p: np.record) -> None:
    """Split the urgency of the week into joint work and retreat, per organisation."""
    common = state.chain[0]
    common.urgency = either(common.urgency_media, common.urgency_programme)
    for i in range(len(state.organisation)):
        organisation = state.organisation[i]
        lever = state.lever[i]
        organisation.joint = joint_urgency(common.urgency, lever.shared_urgency, organisation.binding, p.binding_floor)
        organisation.retreat = retreat_under_urgency(common.urgency, lever.shared_urgency)
