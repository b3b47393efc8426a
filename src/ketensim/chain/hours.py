"""Hours and people: who is there, what the hours go to, and how professionals feel about it.

Hours are the currency of the model: every condition costs or frees them. ODD submodels 1 (staff), 6 (hours) and
9 (motivation).
"""

from __future__ import annotations

import numpy as np

from ketensim.conditions.binding import learning_hours, softened
from ketensim.conditions.information import asked_by_partners, politics_only, serving_both
from ketensim.foundation.compiled import kernel, rule
from ketensim.foundation.luck import binomial
from ketensim.foundation.mathematics import WEEKS_PER_YEAR, chance, either, lifted, rounded, towards
from ketensim.foundation.state import Chain, State


@rule
def leaving_rate(turnover: float, load: float, motivation: float, load_part: float, motivation_part: float) -> float:
    r"""Hazard that a professional leaves, :math:`(\eta/52)(1 + \eta_l l)(1 + \eta_m (1 - m))`.

    Parameters
    ----------
    turnover : 1/year; without load and fully motivated
    load, motivation : shares in [0, 1]
    load_part, motivation_part : ratios; what full load and no motivation add

    Returns
    -------
    1/week

    Examples
    --------
    >>> leaving_rate(0.52, 0.0, 1.0, 1.0, 1.0)
    0.01
    """
    return turnover / WEEKS_PER_YEAR * (1.0 + load_part * load) * (1.0 + motivation_part * (1.0 - motivation))


@rule
def productivity(motivation: float, effect: float) -> float:
    """Factor on the hours, :math:`1 - e_m (1 - m)`: a small effect, as was found [FreyJegen2001]_, [Andersen2015]_.

    Examples
    --------
    >>> productivity(0.5, 0.1)
    0.95
    """
    return 1.0 - effect * (1.0 - motivation)


@rule
def newcomers_after_week(newcomers: float, staying: float, weeks: float, hired: float) -> float:
    r"""People who are still learning the work, :math:`N' = N v (1 - 1/n_w) + h`.

    Parameters
    ----------
    newcomers : persons; :math:`N`
    staying : share in [0, 1]; of the staff, :math:`v`
    weeks : weeks of at least 1; how long it takes on average to learn the work, :math:`n_w`
    hired : persons who came this week, :math:`h`

    Returns
    -------
    persons

    References
    ----------
    Role experience counts: [Huckman2009]_. Form: assumption.

    Examples
    --------
    >>> newcomers_after_week(2.0, 1.0, 2.0, 1.0)
    2.0
    """
    return newcomers * staying * (1.0 - 1.0 / weeks) + hired


@rule
def experience(newcomers: float, staff: float, output: float) -> float:
    r"""Factor on the hours: who is new gets less done, :math:`1 - (1 - o_w) N / A`.

    Parameters
    ----------
    newcomers, staff : persons, staff at least 1
    output : share in [0, 1]; of what an experienced professional gets done, :math:`o_w`

    Returns
    -------
    share in [0, 1]

    References
    ----------
    Direction: [Huckman2009]_, [ParkShaw2013]_. Form: assumption.

    Examples
    --------
    >>> experience(5.0, 10.0, 0.5)
    0.75
    """
    return 1.0 - (1.0 - output) * newcomers / staff


@rule
def own_work_share(own: float, size: float, drift: float, weight: float) -> float:
    r"""Share of the hours left after overhead that goes to work outside the chain.

    .. math:: o + (1 - o)\, d_s D (1 - w)

    Parameters
    ----------
    own : share in [0, 1]; agreed own work
    size : share in [0, 1]; what full drift takes of the rest
    drift : share in [0, 1]; pull towards own work
    weight : share in [0, 1]; weight of the chain objective

    Returns
    -------
    share in [0, 1]

    References
    ----------
    Agents and stewards: [Davis1997]_. Form: assumption.

    Examples
    --------
    >>> own_work_share(0.5, 0.4, 1.0, 0.5)
    0.6
    """
    return own + (1.0 - own) * size * drift * (1.0 - weight)


@rule
def drift_after_week(drift: float, rate: float, attention: float, retreat: float, pull: float) -> float:
    r"""Drift towards own work: grows while nobody looks, is pulled back by attention.

    .. math:: D' = D + r (1 + R)(1 - a)(1 - D) - d_p\, a\, D

    Parameters
    ----------
    drift : share in [0, 1]
    rate : share/week in [0, 1]; of the organisation (0 for a steward), doubled at full retreat
    attention : share in [0, 1]
    retreat : share in [0, 1]
    pull : share/week in [0, 1]

    Returns
    -------
    share in [0, 1]

    References
    ----------
    Agency and stewardship theory [Davis1997]_. Form: assumption.

    Examples
    --------
    >>> drift_after_week(0.0, 0.1, 0.0, 0.0, 0.1)
    0.1
    """
    growth = min(1.0, rate * (1.0 + retreat))
    return drift + growth * (1.0 - attention) * (1.0 - drift) - pull * attention * drift


@rule
def motivation_level(base: float, inside: float, reporting: float, load: float, taken_over: float) -> float:
    r"""Level to which motivation moves, :math:`(m_0 + (1 - m_0) i)(1 - r)(1 - l)(1 - o)`.

    Parameters
    ----------
    base : share in [0, 1]
    inside : share in [0, 1]; discretion x frame
    reporting, load, taken_over : shares in [0, 1]; losses by reporting, by load and by a take-over

    Returns
    -------
    share in [0, 1]

    References
    ----------
    Autonomy and competence: [RyanDeci2000]_; control: [Jacobsen2014]_, small [Andersen2015]_. Form: assumption.

    Examples
    --------
    >>> motivation_level(0.5, 1.0, 0.0, 0.5, 0.0)
    0.5
    """
    return lifted(inside, base) * (1.0 - reporting) * (1.0 - load) * (1.0 - taken_over)


@kernel
def change_staff(chain: Chain, state: State, p: np.record) -> None:
    """Professionals leave and are replaced after a delay; above the establishment nobody is replaced."""
    shortage = state.chain[0].shortage
    for i in range(len(state.organisation)):
        organisation = state.organisation[i]
        profile = chain.profile[i]
        luck = state.luck[i]
        wanted = rounded(organisation.establishment * (1.0 + p.hiring_flex * organisation.load * (1.0 - shortage)))
        staff = int(organisation.staff)
        rate = leaving_rate(
            profile.turnover, organisation.load, organisation.motivation, p.leave_load, p.leave_motivation
        )
        if staff > wanted:
            rate += p.surplus_exit * (staff - wanted) / staff
        left = binomial(luck.staff_leaves, staff, chance(rate))
        hired = 0
        if staff < wanted:
            hired = binomial(luck.staff_hired, wanted - staff, chance(1.0 / max(1.0, profile.hiring_weeks)))
        organisation.staff_left = left
        organisation.staff_hired = hired
        organisation.staff = float(staff - left + hired)
        organisation.share_left = left / max(1.0, float(staff))
        staying = 1.0 - organisation.share_left
        organisation.newcomers = min(
            organisation.staff, newcomers_after_week(organisation.newcomers, staying, p.newcomer_weeks, float(hired))
        )
        organisation.absence = either(profile.absence, organisation.extra_absence)


@kernel
def divide_hours(chain: Chain, state: State, p: np.record) -> None:
    """Where the hours of the week go before any case is touched."""
    common = state.chain[0]
    for i in range(len(state.organisation)):
        organisation = state.organisation[i]
        profile = chain.profile[i]
        gross = organisation.staff * profile.hours_per_head * (1.0 - organisation.absence)
        experienced = experience(organisation.newcomers, max(1.0, organisation.staff), p.newcomer_output)
        organisation.hours = gross * productivity(organisation.motivation, p.productivity_motivation) * experienced
        set_overhead_shares(chain, state, p, i)
        overhead = (
            organisation.hours_reporting_politics
            + organisation.hours_reporting_both
            + organisation.hours_reporting_operation
            + organisation.hours_agreements
            + organisation.hours_trust
            + organisation.hours_learning
            + organisation.hours_compliance
        )
        scale = organisation.hours
        if overhead > p.overhead_most:
            scale = organisation.hours * p.overhead_most / overhead
        organisation.hours_reporting_politics *= scale
        organisation.hours_reporting_both *= scale
        organisation.hours_reporting_operation *= scale
        organisation.hours_agreements *= scale
        organisation.hours_trust *= scale
        organisation.hours_learning *= scale
        organisation.hours_compliance *= scale
        rest = max(0.0, organisation.hours - overhead * scale)
        own = own_work_share(profile.own_work, p.drift_size, organisation.drift, organisation.weight)
        organisation.hours_own_work = rest * own
        organisation.hours_for_cases = rest - organisation.hours_own_work
        needed = p.own_norm * profile.own_work * profile.staff * profile.hours_per_head * (1.0 - profile.absence)
        organisation.own_target = min(1.0, organisation.hours_own_work / needed) if needed > 0.0 else 1.0
        reporting = organisation.hours_reporting_politics + organisation.hours_reporting_both
        reporting += organisation.hours_reporting_operation
        organisation.reporting_share = reporting / organisation.hours if organisation.hours > 0.0 else 0.0
        attention_and_drift(state, p, i, common.monitor, profile.drift)


@kernel
def set_overhead_shares(chain: Chain, state: State, p: np.record, i: int) -> None:
    """Shares of the hours for reporting, agreements, trust and compliance, stored in the fields for hours."""
    organisation = state.organisation[i]
    lever = state.lever[i]
    politics, demand, dual_use = chain.profile[i].reporting_politics, organisation.demand, organisation.dual_use
    operation = chain.profile[i].reporting_operation
    organisation.hours_reporting_politics = politics_only(politics, demand, dual_use)
    organisation.hours_reporting_both = serving_both(operation, politics, demand, p.dual_use_extra, dual_use)
    organisation.hours_reporting_both += p.dual_use_hours * max(0.0, lever.information_balance - dual_use)
    organisation.hours_reporting_operation = (1.0 - dual_use) * operation + asked_by_partners(
        p.partner_reporting, organisation.trust
    )
    organisation.hours_agreements = (
        p.frame_hours * organisation.frame_work
        + p.meeting_hours * lever.ambition_coupling
        + p.agreement_hours * organisation.agreements_work
        + p.urgency_hours * lever.shared_urgency * state.chain[0].urgency
    )
    organisation.hours_trust = p.trust_hours * organisation.persons_work
    organisation.hours_learning = p.change_hours * organisation.confusion + learning_hours(
        lever.chain_skills, organisation.skills_work, p.skills_hours, p.skills_upkeep
    )
    organisation.hours_compliance = (
        p.formal_hours * (1.0 - organisation.informal)
        + softened(p.takeover_hours * organisation.overseen, p.binding_shield, organisation.binding)
        + p.unblock_hours * organisation.unblocking
    )


@kernel
def attention_and_drift(state: State, p: np.record, i: int, monitor: float, rate: float) -> None:
    """How much somebody looks at what the organisation does for the chain, and what that does to its drift."""
    organisation = state.organisation[i]
    attention = either(p.drift_monitor * monitor, p.drift_weight * organisation.weight)
    asked = organisation.demand / p.demand_most if p.demand_most > 0.0 else 0.0
    attention = either(attention, p.drift_reports * asked)
    attention = either(attention, p.steering_attention * organisation.steering_capacity)
    organisation.attention = either(attention, p.drift_takeover * organisation.overseen)
    organisation.drift = drift_after_week(
        organisation.drift, rate, organisation.attention, organisation.retreat, p.drift_pull
    )


@kernel
def update_motivation(state: State, p: np.record) -> None:
    """Motivation moves slowly to a level set by room inside a frame, reporting, load and interventions."""
    for i in range(len(state.organisation)):
        organisation = state.organisation[i]
        weeks = organisation.queue_hours / max(1.0, organisation.hours_for_cases)
        organisation.load = weeks / (weeks + p.load_half)
        level = motivation_level(
            p.motivation_base,
            organisation.discretion * organisation.frame,
            p.motivation_reporting * organisation.reporting_share,
            p.motivation_load * organisation.load,
            p.motivation_takeover * organisation.overseen,
        )
        organisation.motivation = towards(organisation.motivation, level, p.motivation_time)
