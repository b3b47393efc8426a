r"""Condition 5: prevent information imbalance (*voorkom informatiedisbalans*).

Information that serves both the political decision and the operation is registered once; otherwise political and
operational information are made separately and energy leaks into details that serve only politics [Rijkschroeff2019]_.
An administrator who is uncertain asks for more; demands are added fast and removed slowly (the vicious circle of
control [MarchSimon1958]_, accountability overload [Halachmi2014]_). Without a joint monitor the administrator sees what
was closed, not what is open.

.. math::
    h = (1-u)(h_p + R) \;[\text{politics}] + u\,(h_e + h_d (h_p + R)) \;[\text{both}] + (1-u)\,h_e \;[\text{operation}]

    \mu' = \mu + \frac{v}{v + \sigma^2}(y - \mu), \qquad v' = \frac{v\,\sigma^2}{v + \sigma^2} + v_d

with :math:`u` dual use, :math:`R` the stock of demands, :math:`\mu, v` belief about the chain's results. ODD submodel 4.
"""

from __future__ import annotations

import numpy as np

from ketensim.foundation.compiled import kernel, rule
from ketensim.foundation.luck import normal
from ketensim.foundation.mathematics import kept_after_week, lifted, towards
from ketensim.foundation.state import State

READS = (
    "common.in_time",
    "common.closed",
    "common.due",
    "common.signal_good",
    "common.signal_closed",
    "common.signal_due",
    "common.monitor",
    "common.visible",
    "lever.information_balance",
    "luck.noise",
    "organisation.dual_use",
    "organisation.demand",
    "organisation.uncertainty",
    "organisation.belief_mean",
    "organisation.belief_variance",
    "organisation.trust",
    "organisation.trust_vertical",
)
WRITES = (
    "common.monitor",
    "common.visible",
    "common.signal_good",
    "common.signal_closed",
    "common.signal_due",
    "organisation.dual_use",
    "organisation.demand",
    "organisation.belief_mean",
    "organisation.belief_variance",
    "organisation.uncertainty",
)


@rule
def politics_only(politics: float, demand: float, dual_use: float) -> float:
    """Share of hours spent on information that serves only politics, :math:`(1 - u)(h_p + R)`.

    Parameters
    ----------
    politics : share of hours; the base
    demand : share of hours; the stock of demands, R
    dual_use : share in [0, 1]; part that one registration serves, u

    Returns
    -------
    share of hours

    References
    ----------
    Direction: [Rijkschroeff2019]_ condition 5; level with the shares of [CBSAZW]_. Form: assumption.

    Examples
    --------
    >>> politics_only(0.1, 0.1, 0.5)
    0.1
    """
    return (1.0 - dual_use) * (politics + demand)


@rule
def serving_both(operation: float, politics: float, demand: float, extra: float, dual_use: float) -> float:
    """Share of hours spent on information that serves both, :math:`u (h_e + h_d (h_p + R))`.

    Parameters
    ----------
    operation, politics, demand : shares of hours
    extra : share in [0, 1]; what a political question costs on top of a registration that already answers it
    dual_use : share in [0, 1]

    Returns
    -------
    share of hours

    Examples
    --------
    >>> serving_both(0.1, 0.1, 0.1, 0.0, 1.0)
    0.1
    """
    return dual_use * (operation + extra * (politics + demand))


@rule
def results_shown(good: float, closed: float, due: float, monitor: float, before: float) -> float:
    r"""Results as an administrator can see them.

    .. math:: r = (1 - m)\frac{g}{c} + m\frac{g}{g + o}

    Parameters
    ----------
    good : cases/week closed within the norm, :math:`g`
    closed : cases/week closed, :math:`c`
    due : cases/week that passed the norm while open, :math:`o`
    monitor : share in [0, 1]; quality of the joint monitor, :math:`m`
    before : share in [0, 1]; what was shown last, kept when nothing was closed

    Returns
    -------
    share in [0, 1]

    References
    ----------
    Direction: [Rijkschroeff2019]_ condition 5; the asylum figures of 2021-22 (chains.md D2). Form: assumption.

    Examples
    --------
    >>> results_shown(5.0, 10.0, 15.0, 0.0, 0.0), results_shown(5.0, 10.0, 15.0, 1.0, 0.0)
    (0.5, 0.25)
    """
    if closed <= 0.0 or good + due <= 0.0:
        return before
    return (1.0 - monitor) * min(1.0, good / closed) + monitor * good / (good + due)


@rule
def shown_in_monitor(dual_use: float, trust: float, floor: float) -> float:
    r"""What an organisation lets its partners see in the joint monitor, :math:`u (m_v + (1 - m_v) T)`.

    Parameters
    ----------
    dual_use : share in [0, 1]; of the information that is registered once for both, :math:`u`
    trust : share in [0, 1]; in the partners, :math:`T`
    floor : share in [0, 1]; what is shown without any trust, :math:`m_v`

    Returns
    -------
    share in [0, 1]

    References
    ----------
    The monitor mirrors the trust in each other: [Rijkschroeff2019]_; trust and sharing of information cause each
    other: [DyerChu2003]_. Form: assumption.

    Examples
    --------
    >>> shown_in_monitor(0.8, 1.0, 0.5), shown_in_monitor(0.8, 0.0, 0.5)
    (0.8, 0.4)
    """
    return dual_use * lifted(trust, floor)


@rule
def asked_by_partners(most: float, trust: float) -> float:
    """Share of the hours for what partners who do not trust each other ask to report on top, :math:`h_q (1 - T)`.

    Parameters
    ----------
    most : share of hours; without any trust
    trust : share in [0, 1]; in the partners

    Returns
    -------
    share of hours

    References
    ----------
    Direction: [Jeugdautoriteit2023]_ chapter 10. Form: assumption.

    Examples
    --------
    >>> asked_by_partners(0.04, 0.5)
    0.02
    """
    return most * (1.0 - trust)


@rule
def triage_share(most: float, monitor: float, load: float) -> float:
    r"""Pull to serve first what closes quickly, :math:`z_q (1 - m)\, l`: where what was closed is what counts.

    Parameters
    ----------
    most : share of the choices in [0, 1]; without a joint monitor, under full load
    monitor : share in [0, 1]; quality of the joint monitor, which shows open work
    load : share in [0, 1]; how long the line is

    Returns
    -------
    share of the choices in [0, 1]

    References
    ----------
    Hitting the target and missing the point: [BevanHood2006]_; creaming: [Lipsky1980]_. Form: assumption.

    Examples
    --------
    >>> triage_share(0.5, 0.5, 1.0), triage_share(0.5, 1.0, 1.0)
    (0.25, 0.0)
    """
    return most * (1.0 - monitor) * load


@rule
def noise_of_reports(noise: float, dual_part: float, dual_use: float, trust_part: float, trust: float) -> float:
    """Standard deviation of a report; less with dual-use information and with trust in the partners.

    Parameters
    ----------
    noise : share; without both
    dual_part, trust_part : shares in [0, 1]; what full dual use and full trust take away
    dual_use, trust : shares in [0, 1]

    Returns
    -------
    share, at least 0

    Examples
    --------
    >>> noise_of_reports(0.2, 0.5, 1.0, 0.0, 1.0)
    0.1
    """
    return noise * (1.0 - dual_part * dual_use) * (1.0 - trust_part * trust)


@rule
def certainty_gain(variance: float, noise: float, demand_share: float) -> float:
    r"""Weight of a new report in the belief, :math:`v / (v + \sigma^2 / (1 + R / r_m))`: more reports, more weight.

    Parameters
    ----------
    variance : share squared, above 0; of the belief
    noise : share; standard deviation of one report
    demand_share : share in [0, 1]; demands as a part of the largest stock of demands

    Returns
    -------
    share in (0, 1]

    References
    ----------
    Bayesian updating of a normal mean (Kalman filter of one dimension).

    Examples
    --------
    >>> certainty_gain(0.25, 0.5, 0.0)
    0.5
    """
    return variance / (variance + noise * noise / (1.0 + demand_share))


@rule
def demand_after_week(demand: float, kept: float, rate: float, doubt: float, most: float) -> float:
    r"""Stock of reporting demands after a week: added while in doubt, removed slowly.

    .. math:: R' = k R + r\, z\, (r_m - k R)

    Parameters
    ----------
    demand : share of hours
    kept : share in [0, 1]; what is left of old demands after a week
    rate : share/week in [0, 1]; of the room to the largest stock that full doubt fills
    doubt : share in [0, 1]; uncertainty x (1 - vertical trust)
    most : share of hours; the largest stock

    Returns
    -------
    share of hours in [0, most]

    References
    ----------
    Ratchet: [MarchSimon1958]_, [Halachmi2014]_, [Jeugdautoriteit2023]_. Form: assumption.

    Examples
    --------
    >>> demand_after_week(0.1, 1.0, 0.5, 1.0, 0.3)
    0.2
    """
    remaining = kept * demand
    return remaining + rate * doubt * (most - remaining)


@kernel
def update(state: State, p: np.record) -> None:
    """Registrations grow, the monitor shows the week, beliefs follow, demands are added and forgotten."""
    common = state.chain[0]
    common.signal_good = towards(common.signal_good, float(common.in_time), p.signal_time)
    common.signal_closed = towards(common.signal_closed, float(common.closed), p.signal_time)
    common.signal_due = towards(common.signal_due, float(common.due), p.signal_time)
    common.monitor = 0.0
    for i in range(len(state.organisation)):
        organisation = state.organisation[i]
        lever = state.lever[i]
        organisation.dual_use = towards(organisation.dual_use, lever.information_balance, p.dual_use_time)
        common.monitor += shown_in_monitor(organisation.dual_use, organisation.trust, p.monitor_floor) / len(
            state.organisation
        )
    common.monitor = min(1.0, common.monitor)
    common.visible = results_shown(
        common.signal_good, common.signal_closed, common.signal_due, common.monitor, common.visible
    )
    kept = kept_after_week(p.demand_half_life)
    for i in range(len(state.organisation)):
        update_belief(state, p, i)
        organisation = state.organisation[i]
        doubt = organisation.uncertainty * (1.0 - organisation.trust_vertical)
        organisation.demand = demand_after_week(organisation.demand, kept, p.demand_uncertainty, doubt, p.demand_most)


@kernel
def update_belief(state: State, p: np.record, i: int) -> None:
    """An administrator's belief about the chain's results after this week's report."""
    common = state.chain[0]
    organisation = state.organisation[i]
    luck = state.luck[i]
    noise = noise_of_reports(p.signal_noise, p.noise_dual_use, organisation.dual_use, p.noise_trust, organisation.trust)
    asked = organisation.demand / p.demand_most if p.demand_most > 0.0 else 0.0
    gain = certainty_gain(organisation.belief_variance, noise, asked)
    report = min(1.0, max(0.0, common.visible + noise * normal(luck.noise)))
    organisation.belief_mean += gain * (report - organisation.belief_mean)
    organisation.belief_variance = (1.0 - gain) * organisation.belief_variance + p.belief_drift
    organisation.uncertainty = organisation.belief_variance / (organisation.belief_variance + p.belief_half)
