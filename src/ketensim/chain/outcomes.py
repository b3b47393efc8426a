"""Outcomes: what a week leaves behind, counted from cases, hours and people. ODD element 4.

No lever, trust or motivation enters an outcome here. Goal realisation belongs to the cohort of cases that arrived in a
week; it is known when the longest norm has passed, so the last cohorts of a run are censored and stay not-a-number.
"""

from __future__ import annotations

import numpy as np

from ketensim.foundation.compiled import kernel, rule
from ketensim.foundation.outcome_table import BINS, FIXED_POINT, SUMMARIES, Notebook
from ketensim.foundation.state import Chain, State

MEAN = SUMMARIES.index("mean")
COHORTS = SUMMARIES.index("cohorts")
NOT_KNOWN = float("nan")
MEDIAN = 0.5
P90 = 0.9


@rule
def share_of(part: float, whole: float) -> float:
    """Part of a whole; not-a-number when there is no whole.

    Examples
    --------
    >>> share_of(1.0, 4.0)
    0.25
    """
    if whole <= 0.0:
        return NOT_KNOWN
    return part / whole


@kernel
def write_down(chain: Chain, state: State, notebook: Notebook, week: int) -> None:
    """Write the outcomes of a week, unless it belongs to the burn-in; clear the counts of lead times."""
    reported = week - chain.world[0].burn_in
    if reported >= 0:
        # a run before this one may have left something: whoever adds up an outcome need not clear it by name
        notebook.weekly_grid[reported].fill(0.0)
        row = notebook.weekly[reported]
        write_cases(state, week, row)
        write_cohort(chain, state, notebook, week)
        write_organisations(chain, state, row)
        write_relations(state, row)
        if len(notebook.organisation_weekly) > 0:
            notebook.organisation_grid[reported].fill(0.0)
            for i in range(len(state.organisation)):
                write_organisation(chain, state, i, notebook.organisation_weekly[reported, i])
    state.lead_time.fill(0)


@kernel
def write_cases(state: State, week: int, row: np.record) -> None:
    """Counts, waiting, lead times of closed cases beside the age of open ones."""
    common = state.chain[0]
    row.goal_realisation = NOT_KNOWN
    row.goal_realisation_closed = share_of(common.realised, common.closed)
    row.arrived = common.arrived
    row.closed = common.closed
    row.dropped = common.dropped
    row.open = common.open
    for i in range(len(state.organisation)):
        row.waiting += state.organisation[i].waiting
        row.blocked += state.organisation[i].blocked
    row.lead_time_median = quantile_of_lead_time(state, MEDIAN)
    row.lead_time_p90 = quantile_of_lead_time(state, P90)
    row.open_age_median = quantile_of_open_age(state, week, MEDIAN)
    row.open_age_p90 = quantile_of_open_age(state, week, P90)
    row.returns_per_case = share_of(common.returns_of_closed, common.closed)


@kernel
def quantile_of_lead_time(state: State, share: float) -> float:
    """Smallest number of weeks within which this share of the cases closed this week were closed."""
    number = state.chain[0].closed
    if number == 0:
        return NOT_KNOWN
    total = 0
    for weeks in range(len(state.lead_time)):
        total += state.lead_time[weeks]
        if total >= share * number:
            return float(weeks)
    return NOT_KNOWN


@kernel
def quantile_of_open_age(state: State, week: int, share: float) -> float:
    """Smallest age in weeks that this share of the open cases does not exceed."""
    number = state.chain[0].open
    if number == 0:
        return NOT_KNOWN
    total = 0
    for age in range(week + 1):
        for kind in range(len(state.open_by_arrival)):
            total += state.open_by_arrival[kind, week - age]
        if total >= share * number:
            return float(age)
    return NOT_KNOWN


@kernel
def write_cohort(chain: Chain, state: State, notebook: Notebook, week: int) -> None:
    """The cohort whose longest norm passes with this week gets its goal realisation."""
    arrival = week - longest_norm(chain)
    burn_in = chain.world[0].burn_in
    if arrival >= burn_in:
        notebook.weekly[arrival - burn_in].goal_realisation = share_of(
            state.cohort[arrival, 1], state.cohort[arrival, 0]
        )


@kernel
def longest_norm(chain: Chain) -> int:
    """Longest norm of the case types, in weeks: when a cohort is known."""
    longest = 0
    for kind in range(len(chain.case_type)):
        longest = max(longest, chain.case_type[kind].norm)
    return longest


@kernel
def write_organisations(chain: Chain, state: State, row: np.record) -> None:
    """Where the hours went, and means over the organisations."""
    number = len(state.organisation)
    hours, for_cases = 0.0, 0.0
    for i in range(number):
        organisation = state.organisation[i]
        row.hours_case_work += organisation.hours_case_work
        row.hours_rework += organisation.hours_rework
        row.hours_reporting_politics += organisation.hours_reporting_politics
        row.hours_reporting_both += organisation.hours_reporting_both
        row.hours_reporting_operation += organisation.hours_reporting_operation
        row.hours_agreements += organisation.hours_agreements
        row.hours_trust += organisation.hours_trust
        row.hours_compliance += organisation.hours_compliance
        row.hours_own_work += organisation.hours_own_work
        row.hours_idle += organisation.hours_idle
        hours += organisation.hours
        for_cases += organisation.hours_for_cases
        row.trust_vertical += organisation.trust_vertical / number
        row.discretion += organisation.discretion / number
        row.motivation += organisation.motivation / number
        row.weight += organisation.weight / number
        row.uncertainty += organisation.uncertainty / number
        row.pressure += organisation.pressure / number
        row.informal_steering += organisation.informal / number
        row.drift += organisation.drift / number
        row.binding += organisation.binding / number
        row.own_target += organisation.own_target / number
        row.staff += organisation.staff * chain.profile[i].fte_per_head
        row.under_intervention += max(organisation.overseen, organisation.unblocking) / number
        if organisation.choice > 0:
            row.interventions += 1.0
    reporting = row.hours_reporting_politics + row.hours_reporting_both + row.hours_reporting_operation
    row.administration_share = share_of(reporting, hours)
    row.utilisation = share_of(row.hours_case_work + row.hours_rework, for_cases)


@kernel
def write_relations(state: State, row: np.record) -> None:
    """Trust, frames, and what is common to the chain."""
    for d in range(len(state.dyad)):
        row.trust_persons += state.dyad[d].trust_persons / len(state.dyad)
        row.trust_agreements += state.dyad[d].trust_agreements / len(state.dyad)
    for k in range(len(state.link)):
        row.frame += state.link[k].frame / len(state.link)
    common = state.chain[0]
    row.incidents = common.incidents
    row.urgency = common.urgency
    row.shortage = common.shortage
    row.monitor = common.monitor


@kernel
def write_organisation(chain: Chain, state: State, i: int, row: np.record) -> None:
    """The outcomes of one organisation."""
    organisation = state.organisation[i]
    row.present = organisation.present
    row.waiting = organisation.waiting
    row.blocked = organisation.blocked
    row.served = organisation.served
    row.handed_over = organisation.handed_over
    row.returned = organisation.returned
    row.refused = organisation.refused
    row.late = organisation.late
    row.dropped = organisation.dropped
    row.closed = organisation.closed
    row.goal_realisation_closed = share_of(organisation.realised, organisation.closed)
    row.weeks_of_work = share_of(organisation.queue_hours, organisation.hours_for_cases)
    row.hours_case_work = organisation.hours_case_work
    row.hours_rework = organisation.hours_rework
    row.hours_reporting_politics = organisation.hours_reporting_politics
    row.hours_reporting_both = organisation.hours_reporting_both
    row.hours_reporting_operation = organisation.hours_reporting_operation
    row.hours_agreements = organisation.hours_agreements
    row.hours_trust = organisation.hours_trust
    row.hours_compliance = organisation.hours_compliance
    row.hours_own_work = organisation.hours_own_work
    row.hours_idle = organisation.hours_idle
    row.administration_share = organisation.reporting_share
    used = organisation.hours_case_work + organisation.hours_rework
    row.utilisation = share_of(used, organisation.hours_for_cases)
    row.trust = organisation.trust
    row.trust_vertical = organisation.trust_vertical
    row.frame = organisation.frame
    row.discretion = organisation.discretion
    row.motivation = organisation.motivation
    row.weight = organisation.weight
    row.uncertainty = organisation.uncertainty
    row.pressure = organisation.pressure
    row.overseen = organisation.overseen
    row.informal = organisation.informal
    row.drift = organisation.drift
    row.binding = organisation.binding
    row.dual_use = organisation.dual_use
    row.demand = organisation.demand
    row.own_target = organisation.own_target
    row.intervention = 1.0 if organisation.choice > 0 else 0.0
    row.new_administrator = organisation.new_administrator
    row.new_manager = organisation.new_manager
    row.staff = organisation.staff * chain.profile[i].fte_per_head
    row.staff_left = organisation.staff_left


@kernel
def summarise(chain: Chain, state: State, notebook: Notebook) -> None:
    """One number per outcome for the run that ended, and its share in the bands of the ensemble."""
    for outcome in range(len(notebook.summary)):
        number = 0
        total = 0.0
        for week in range(len(notebook.weekly_grid)):
            value = notebook.weekly_grid[week, outcome]
            if value == value:  # not-a-number is unequal to itself
                number += 1
                total += value
        kind = notebook.summary_kind[outcome]
        if kind == COHORTS:
            notebook.summary[outcome] = realised_of_cohorts(chain, state)
        elif kind == MEAN:
            notebook.summary[outcome] = share_of(total, float(number))
        else:
            notebook.summary[outcome] = total
    add_to_bands(notebook)


@kernel
def realised_of_cohorts(chain: Chain, state: State) -> float:
    """Share realised of all cases that arrived in reported weeks whose norm has passed."""
    arrived = 0.0
    realised = 0.0
    for week in range(int(chain.world[0].burn_in), int(chain.world[0].weeks) - longest_norm(chain)):
        arrived += state.cohort[week, 0]
        realised += state.cohort[week, 1]
    return share_of(realised, arrived)


@kernel
def add_to_bands(notebook: Notebook) -> None:
    """Count each value of the run in the histogram of its week and outcome."""
    for week in range(len(notebook.bins)):
        for outcome in range(len(notebook.summary)):
            value = notebook.weekly_grid[week, outcome]
            if value == value:
                part = value / notebook.top[outcome]
                place = min(BINS - 1, max(0, int(part * BINS)))
                notebook.bins[week, outcome, place] += 1
                notebook.sums[week, outcome, 0] += 1
                notebook.sums[week, outcome, 1] += int(part * FIXED_POINT)
