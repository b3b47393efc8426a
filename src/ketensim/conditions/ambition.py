r"""Condition 1: couple ambitions to the chain objective (*koppel ambities met de ketendoelstelling*).

Administrators feel bound to what the chain brings about when their own ambition has been translated, together with the
partners, into a chain objective [Rijkschroeff2019]_. Coupling does little in calm times: it takes away the reflex to
let the political assignment lead whenever it gets tense. Ambitions and the objective are points in a space of policy
values; the weight :math:`w_i` that an administrator gives to the objective follows

.. math::
    w_i^* = w_i^0 \, (1 - w_p\, z_i (1 - w_d\, c_i)), \quad z_i = \frac{p_i^2}{p_i^2 + p_h^2}, \quad
    w_i' = w_i + (w_i^* - w_i) / \tau_w

with :math:`w_i^0` the calm weight, :math:`p_i` pressure, :math:`z_i` how tense it is and :math:`c_i` coupling. An
organisation handles a case on its own course with a probability that rises with the distance of its ambition to the
objective and falls with the weight. In a window of shared urgency ambitions move to the objective that lie apart in calm
times [Kingdon1984]_. Multi-task effort [HolmstromMilgrom1991]_; goal paradox [VangenHuxham2012]_. ODD submodel 2.
"""

from __future__ import annotations

import numpy as np

from ketensim.foundation.compiled import kernel, rule
from ketensim.foundation.mathematics import either, lifted, towards
from ketensim.foundation.state import State

READS = (
    "organisation.binding",
    "organisation.trust",
    "organisation.skills_administrator",
    "organisation.official",
    "common.visible",
    "organisation.joint",
    "organisation.pressure",
    "lever.ambition_coupling",
    "organisation.ambition_x",
    "organisation.ambition_y",
    "organisation.weight",
    "common.objective_x",
    "common.objective_y",
)
WRITES = (
    "common.objective_x",
    "common.objective_y",
    "organisation.ambition_x",
    "organisation.ambition_y",
    "organisation.distance",
    "organisation.official",
    "organisation.weight",
)


@rule
def policy_distance(x: float, y: float, objective_x: float, objective_y: float, half: float) -> float:
    r"""How far an ambition lies from the chain objective, as a share.

    .. math:: d = D^2 / (D^2 + d_h^2)

    Parameters
    ----------
    x, y : policy distance; the ambition
    objective_x, objective_y : policy distance; the chain objective
    half : policy distance above 0 at which the share is a half, :math:`d_h`

    Returns
    -------
    share in [0, 1)

    References
    ----------
    Direction: [VangenHuxham2012]_. Form: assumption (smooth, stays in range).

    Examples
    --------
    >>> policy_distance(3.0, 4.0, 0.0, 0.0, 5.0)
    0.5
    """
    squared = (x - objective_x) * (x - objective_x) + (y - objective_y) * (y - objective_y)
    return squared / (squared + half * half)


@rule
def calm_weight(
    base: float, coupling_part: float, credit_part: float, urgency_part: float, trust_part: float, official_part: float
) -> float:
    r"""Weight given to the chain objective when nothing presses.

    .. math:: w^0 = 1 - (1 - w_0)(1 - w_c c - w_r r - w_u u)(1 - w_t T)(1 - w_o o)

    Parameters
    ----------
    base : share in [0, 1]; without any reason, :math:`w_0`
    coupling_part, credit_part, urgency_part : shares in [0, 1/3]; what coupling, visible chain results that can be
        claimed as credit, and shared urgency add of what is missing
    trust_part : share in [0, 1]; what trust in the partners adds, :math:`w_t T`
    official_part : share in [0, 1]; what was translated on the official level adds, :math:`w_o o`

    Returns
    -------
    share in [0, 1]

    References
    ----------
    Credit and small wins: [VangenHuxham2003]_; trust and commitment feed each other: [AnsellGash2008]_; both on the
    administrative and the official level: [Rijkschroeff2019]_ condition 1. Form: assumption.

    Examples
    --------
    >>> calm_weight(0.5, 0.25, 0.25, 0.0, 0.0, 0.0), calm_weight(0.5, 0.0, 0.0, 0.0, 0.5, 0.5)
    (0.75, 0.875)
    """
    left = 1.0 - (coupling_part + credit_part + urgency_part)
    return 1.0 - (1.0 - base) * left * (1.0 - trust_part) * (1.0 - official_part)


@rule
def tension(pressure: float, half: float) -> float:
    r"""How tense it is for an administrator: ordinary pressure hardly counts, then the reflex sets in.

    .. math:: z = p^2 / (p^2 + p_h^2)

    Parameters
    ----------
    pressure : share in [0, 1]; political pressure, :math:`p`
    half : share above 0; pressure at which the tension is a half, :math:`p_h`

    Returns
    -------
    share in [0, 1)

    References
    ----------
    Coupling counts when it gets tense: [Rijkschroeff2019]_ condition 1. Form: assumption (smooth threshold).

    Examples
    --------
    >>> tension(0.5, 0.5), tension(0.0, 0.5)
    (0.5, 0.0)
    """
    return pressure * pressure / (pressure * pressure + half * half)


@rule
def weight_under_pressure(calm: float, tense: float, bite: float, damping: float) -> float:
    r"""Weight given to the chain objective under pressure: coupling and skills dampen the fall, they do not raise the calm.

    .. math:: w^* = w^0 (1 - w_p z (1 - D)), \quad D = 1 - (1 - w_d c)(1 - w_k s_a)

    Parameters
    ----------
    calm : share in [0, 1]; :math:`w^0`
    tense : share in [0, 1]; :math:`z`
    bite : share in [0, 1]; part of the weight that full tension takes, :math:`w_p`
    damping : share in [0, 1]; part of the fall that coupling and the administrator's skills prevent, :math:`D`

    Returns
    -------
    share in [0, 1]

    References
    ----------
    Direction: [Rijkschroeff2019]_ condition 1 ("takes away the reflex"). Form: assumption.

    Examples
    --------
    >>> weight_under_pressure(0.8, 1.0, 0.5, 0.0), weight_under_pressure(0.8, 1.0, 0.5, 1.0)
    (0.4, 0.8)
    """
    return calm * (1.0 - bite * tense * (1.0 - damping))


@rule
def weight_carried(coupling: float, inheritance: float, official: float, official_carried: float) -> float:
    r"""How much of the weight survives a change of administrator, :math:`1 - (1 - w_i c)(1 - w_f o)`.

    Parameters
    ----------
    coupling : lever in [0, 1]; :math:`c`
    inheritance : share in [0, 1]; what full coupling hands on, :math:`w_i`
    official : share in [0, 1]; how far the objective is translated on the official level, :math:`o`
    official_carried : share in [0, 1]; what managers hand on of what is fully translated, :math:`w_f`

    Returns
    -------
    share in [0, 1]

    References
    ----------
    Both on the administrative and the official level: [Rijkschroeff2019]_ condition 1. Form: assumption.

    Examples
    --------
    >>> weight_carried(1.0, 0.5, 1.0, 0.5), weight_carried(0.0, 0.8, 0.0, 0.6)
    (0.75, 0.0)
    """
    return 1.0 - (1.0 - inheritance * coupling) * (1.0 - official_carried * official)


@rule
def weight_inherited(weight: float, base: float, carried: float) -> float:
    r"""Weight with which a new administrator starts, :math:`w_{new} = w_0 + (w_{old} - w_0)\, h`.

    Parameters
    ----------
    weight : share in [0, 1]; of the one who left
    base : share in [0, 1]; of somebody who knows nothing of the chain
    carried : share in [0, 1]; what is handed on, :math:`h`

    Returns
    -------
    share in [0, 1]

    Examples
    --------
    >>> weight_inherited(0.75, 0.25, 0.0), weight_inherited(0.75, 0.25, 1.0)
    (0.25, 0.75)
    """
    return base + (weight - base) * carried


@rule
def own_course_chance(weight: float, distance: float, most: float, translated: float) -> float:
    r"""Probability that an organisation handles a case by its own ambition instead of the chain objective.

    .. math:: P = q_o (1 - w)\, d\, (1 - b_x b)

    Parameters
    ----------
    weight : share in [0, 1]; :math:`w`
    distance : share in [0, 1]; of the ambition to the objective, :math:`d`
    most : share of visits in [0, 1]; at weight 0 and the largest distance
    translated : share in [0, 1]; part that a binding manager turns into work on the objective, :math:`b_x b`

    Returns
    -------
    share in [0, 1]

    References
    ----------
    Direction: multi-task effort [HolmstromMilgrom1991]_; managers who explore content and connect
    [KlijnEdelenbosSteijn2010]_. Form: assumption.

    Examples
    --------
    >>> own_course_chance(0.5, 0.5, 1.0, 0.0), own_course_chance(0.5, 0.5, 1.0, 0.5)
    (0.25, 0.125)
    """
    return most * (1.0 - weight) * distance * (1.0 - translated)


@kernel
def update(state: State, p: np.record, week: int) -> None:
    """The chain table meets every ``table_every`` weeks; distances and weights follow each week."""
    if week % int(p.table_every) == 0:
        meet_at_chain_table(state, p)
    common = state.chain[0]
    for i in range(len(state.organisation)):
        organisation = state.organisation[i]
        lever = state.lever[i]
        organisation.distance = policy_distance(
            organisation.ambition_x, organisation.ambition_y, common.objective_x, common.objective_y, p.ambition_half
        )
        calm = calm_weight(
            p.weight_base,
            p.weight_coupling * lever.ambition_coupling,
            p.weight_credit * common.visible,
            p.weight_urgency * organisation.joint,
            p.weight_trust * organisation.trust,
            p.weight_official * organisation.official,
        )
        tense = tension(organisation.pressure, p.tension_half)
        damping = either(
            p.coupling_damping * lever.ambition_coupling, p.skills_damping * organisation.skills_administrator
        )
        target = weight_under_pressure(calm, tense, p.weight_pressure, damping)
        organisation.weight = towards(organisation.weight, target, p.weight_time)
        translated = lever.ambition_coupling * organisation.binding
        organisation.official = towards(organisation.official, translated, p.official_time)


@kernel
def meet_at_chain_table(state: State, p: np.record) -> None:
    """The objective moves to what the partners jointly translate, ambitions a little to the objective."""
    common = state.chain[0]
    voices = 0.0
    bound = 0.0
    x = 0.0
    y = 0.0
    for i in range(len(state.organisation)):
        organisation = state.organisation[i]
        lever = state.lever[i]
        voices += lever.ambition_coupling
        bound += lever.ambition_coupling * organisation.binding
        x += lever.ambition_coupling * organisation.ambition_x
        y += lever.ambition_coupling * organisation.ambition_y
    if voices > 0.0:
        step = p.objective_rate * voices / len(state.organisation) * lifted(bound / voices, p.table_alone)
        common.objective_x += step * (x / voices - common.objective_x)
        common.objective_y += step * (y / voices - common.objective_y)
    for i in range(len(state.organisation)):
        organisation = state.organisation[i]
        lever = state.lever[i]
        pull = lever.ambition_coupling * either(
            p.ambition_pull * lifted(organisation.binding, p.table_alone), p.ambition_window * organisation.joint
        )
        organisation.ambition_x += pull * (common.objective_x - organisation.ambition_x)
        organisation.ambition_y += pull * (common.objective_y - organisation.ambition_y)
