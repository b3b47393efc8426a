"""Outcomes: what a week leaves behind, counted from cases, hours and people. ODD element 4.

No lever, trust or motivation enters an outcome here. Goal realisation belongs to the cohort of cases that arrived in a
week; it is known when the longest norm has passed, so the last cohorts of a run are censored and stay not-a-number.
"""

from __future__ import annotations

import numpy as np

from ketensim.chain.cohorts import (
    ALL,
    NOT_KNOWN,
    concerns,
    ledger_of,
    longest_norm,
    share_of,
    write_ledger,
    write_no_ledger,
)
from ketensim.chain.own import write_as_others
from ketensim.chain.queues import NONE
from ketensim.chain.visits import BLOCKED, CLOSED_NOW, DROPPED, IN_LINE, OPEN_NOW, REALISED, RETURNS
from ketensim.foundation.compiled import kernel
from ketensim.foundation.outcome_table import (
    BINS,
    FIXED_POINT,
    OUTCOME_NAMES,
    RUNS_TOGETHER,
    SUMMARIES,
    Notebook,
)
from ketensim.foundation.state import Chain, State

MEAN = SUMMARIES.index("mean")
COHORTS = SUMMARIES.index("cohorts")
PER_CASE = SUMMARIES.index("per_case")
COSTS = OUTCOME_NAMES.index("costs_counted")
CLOSED = OUTCOME_NAMES.index("closed")
GOOD_END = OUTCOME_NAMES.index("realised")
SKILLED = 3  # professionals, managers and administrators
MEDIAN = 0.5
P90 = 0.9


@kernel
def write_down(chain: Chain, state: State, notebook: Notebook, week: int) -> None:
    """Write the outcomes of a week, unless it belongs to the burn-in; clear the counts of lead times."""
    reported = week - chain.world[0].burn_in
    if reported >= 0:
        # a run before this one may have left something: whoever adds up an outcome need not clear it by name
        notebook.weekly_grid[reported].fill(0.0)
        row = notebook.weekly[reported]
        write_cases(chain, state, week, row)
        write_cohort(chain, state, notebook, week)
        for kind in range(len(notebook.case_type_weekly[reported]) if len(notebook.case_type_weekly) > 0 else 0):
            write_case_type(chain, state, kind, week, notebook.case_type_weekly[reported, kind])
        write_organisations(chain, state, row)
        write_relations(state, row)
        if len(notebook.organisation_weekly) > 0:
            notebook.organisation_grid[reported].fill(0.0)
            for i in range(len(state.organisation)):
                write_organisation(chain, state, i, notebook.organisation_weekly[reported, i])
        write_as_others(chain, state, notebook, reported)
    state.lead_time.fill(0)


@kernel
def write_cases(chain: Chain, state: State, week: int, row: np.record) -> None:
    """Of the case types that the chain is there for: counts, waiting, lead times of closed cases, ages of open ones."""
    common = state.chain[0]
    write_no_ledger(row)
    returns = 0.0
    for kind in range(len(chain.case_type)):
        if chain.case_type[kind].counts:
            row.arrived += state.cohort[kind, week, 0]
            row.closed += state.type_count[kind, CLOSED_NOW]
            row.realised += state.type_count[kind, REALISED]
            row.dropped += state.type_count[kind, DROPPED]
            row.open += state.type_count[kind, OPEN_NOW]
            row.waiting += state.type_count[kind, IN_LINE]
            row.blocked += state.type_count[kind, BLOCKED]
            returns += state.type_count[kind, RETURNS]
    row.goal_realisation_closed = share_of(row.realised, row.closed)
    row.returns_per_case = share_of(returns, row.closed)
    row.arrived_all = common.arrived
    row.open_all = common.open
    row.lead_time_median = quantile_of_lead_time(chain, state, ALL, MEDIAN)
    row.lead_time_p90 = quantile_of_lead_time(chain, state, ALL, P90)
    row.open_age_median = quantile_of_open_age(chain, state, week, ALL, MEDIAN)
    row.open_age_p90 = quantile_of_open_age(chain, state, week, ALL, P90)


@kernel
def quantile_of_lead_time(chain: Chain, state: State, wanted: int, share: float) -> float:
    """Smallest number of weeks within which this share of the cases closed this week were closed."""
    number = 0
    for kind in range(len(chain.case_type)):
        if concerns(kind, wanted, chain.case_type[kind].counts):
            number += state.type_count[kind, CLOSED_NOW]
    if number == 0:
        return NOT_KNOWN
    total = 0
    for weeks in range(state.lead_time.shape[1]):
        for kind in range(len(chain.case_type)):
            if concerns(kind, wanted, chain.case_type[kind].counts):
                total += state.lead_time[kind, weeks]
        if total >= share * number:
            return float(weeks)
    return NOT_KNOWN


@kernel
def quantile_of_open_age(chain: Chain, state: State, week: int, wanted: int, share: float) -> float:
    """Smallest age in weeks that this share of the open cases does not exceed."""
    number = 0
    for kind in range(len(chain.case_type)):
        if concerns(kind, wanted, chain.case_type[kind].counts):
            number += state.type_count[kind, OPEN_NOW]
    if number == 0:
        return NOT_KNOWN
    total = 0
    for age in range(week + 1):
        for kind in range(len(chain.case_type)):
            if concerns(kind, wanted, chain.case_type[kind].counts):
                total += state.open_by_arrival[kind, week - age]
        if total >= share * number:
            return float(age)
    return NOT_KNOWN


@kernel
def write_cohort(chain: Chain, state: State, notebook: Notebook, week: int) -> None:
    """The cohort whose longest norm passes with this week gets its ledger: realised, or lost and why."""
    arrival = week - longest_norm(chain)
    if arrival >= chain.world[0].burn_in:
        write_ledger(chain, state, notebook, arrival)


@kernel
def write_case_type(chain: Chain, state: State, kind: int, week: int, row: np.record) -> None:
    """The outcomes of one case type; its ledger follows when its cohort is known."""
    write_no_ledger(row)
    row.arrived = state.cohort[kind, week, 0]
    row.closed = state.type_count[kind, CLOSED_NOW]
    row.open = state.type_count[kind, OPEN_NOW]
    row.waiting = state.type_count[kind, IN_LINE]
    row.lead_time_median = quantile_of_lead_time(chain, state, kind, MEDIAN)
    row.lead_time_p90 = quantile_of_lead_time(chain, state, kind, P90)
    row.open_age_median = quantile_of_open_age(chain, state, week, kind, MEDIAN)
    row.open_age_p90 = quantile_of_open_age(chain, state, week, kind, P90)


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
        row.hours_learning += organisation.hours_learning
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
        row.steering_capacity += organisation.steering_capacity / number
        row.official += organisation.official / number
        row.skills += skills_of(organisation) / number
        row.own_target += organisation.own_target / number
        row.staff += organisation.staff * chain.profile[i].fte_per_head
        costs = organisation.staff * chain.profile[i].hours_per_head * chain.profile[i].cost
        row.costs += costs
        row.costs_counted += costs * counted_share(chain, state, i)
        row.under_intervention += max(organisation.overseen, organisation.unblocking) / number
        if organisation.choice > 0:
            row.interventions += 1.0
    reporting = row.hours_reporting_politics + row.hours_reporting_both + row.hours_reporting_operation
    row.administration_share = share_of(reporting, hours)
    row.utilisation = share_of(row.hours_case_work + row.hours_rework, for_cases)
    row.costs_per_case = share_of(row.costs_counted, row.closed)
    row.costs_per_realised = share_of(row.costs_counted, row.realised)


@kernel
def counted_share(chain: Chain, state: State, i: int) -> float:
    """Share of an organisation's work on cases that was for the case types the chain is there for; all of it without work."""
    total, counted = 0.0, 0.0
    for kind in range(len(chain.case_type)):
        total += state.type_hours[i, kind]
        if chain.case_type[kind].counts:
            counted += state.type_hours[i, kind]
    if total <= 0.0:
        return 1.0
    return counted / total


@kernel
def skills_of(organisation: np.record) -> float:
    """How well an organisation learned to work in a chain: the mean of professionals, manager and administrator, share."""
    return (organisation.skills_work + organisation.skills_manager + organisation.skills_administrator) / SKILLED


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
    row.hours_learning = organisation.hours_learning
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
    row.steering_capacity = organisation.steering_capacity
    row.official = organisation.official
    row.skills = skills_of(organisation)
    row.dual_use = organisation.dual_use
    row.demand = organisation.demand
    row.own_target = organisation.own_target
    row.intervention = 1.0 if organisation.choice > 0 else 0.0
    row.new_administrator = organisation.new_administrator
    row.new_manager = organisation.new_manager
    row.staff = organisation.staff * chain.profile[i].fte_per_head
    row.staff_left = organisation.staff_left
    row.done_wrong = organisation.done_wrong
    row.lost_at_handover = organisation.lost_at_handover
    row.own_way = organisation.own_way
    row.too_late = organisation.too_late
    row.costs = organisation.staff * chain.profile[i].hours_per_head * chain.profile[i].cost


@kernel
def summarise(chain: Chain, state: State, notebook: Notebook) -> None:
    """One number per outcome for the run that ended, and its share in the bands of the ensemble."""
    first, last = int(chain.world[0].burn_in), int(chain.world[0].weeks) - longest_norm(chain)
    for arrival in range(first, last):
        write_ledger(chain, state, notebook, arrival)
    ledger = ledger_of(chain, state, first, last, ALL)
    notebook.summary.fill(0.0)
    notebook.known.fill(0)
    for week in range(len(notebook.weekly_grid)):
        for outcome in range(len(notebook.summary)):
            value = notebook.weekly_grid[week, outcome]
            if value == value:  # not-a-number is unequal to itself
                notebook.known[outcome] += 1
                notebook.summary[outcome] += value
    for outcome in range(len(notebook.summary)):
        kind = notebook.summary_kind[outcome]
        if kind == COHORTS:
            notebook.summary[outcome] = ledger[outcome]  # the ledger comes first in the table of outcomes
        elif kind == MEAN:
            notebook.summary[outcome] = share_of(notebook.summary[outcome], float(notebook.known[outcome]))
    for outcome in range(len(notebook.summary)):
        kind = notebook.summary_kind[outcome]
        if kind == PER_CASE:
            notebook.summary[outcome] = share_of(notebook.summary[COSTS], notebook.summary[CLOSED])
        elif kind > PER_CASE:
            notebook.summary[outcome] = share_of(notebook.summary[COSTS], notebook.summary[GOOD_END])
    add_to_bands(notebook)


@kernel
def add_to_bands(notebook: Notebook) -> None:
    """Write down in which bin of its week and outcome each value of the run belongs; the last of so many runs counts them."""
    run = int(notebook.uncounted[0])
    for week in range(len(notebook.bins)):
        for outcome in range(len(notebook.summary)):
            value = notebook.weekly_grid[week, outcome]
            notebook.place[run, week, outcome] = NONE
            if value == value:
                part = value / notebook.top[outcome]
                notebook.place[run, week, outcome] = min(BINS - 1, max(0, int(part * BINS)))
                notebook.sums[week, outcome, 0] += 1
                notebook.sums[week, outcome, 1] += int(part * FIXED_POINT)
    notebook.uncounted[0] = run + 1
    if run + 1 == RUNS_TOGETHER:
        count_together(notebook)


@kernel
def count_together(notebook: Notebook) -> None:
    """Count the runs that were only written down.

    The counts of an ensemble are too many for the fast caches, so each is waited for. Runs together find those of a week
    and an outcome near each other (docs/en/speed.md).
    """
    for week in range(len(notebook.bins)):
        for outcome in range(len(notebook.summary)):
            for run in range(notebook.uncounted[0]):
                place = int(notebook.place[run, week, outcome])
                if place != NONE:
                    notebook.bins[week, outcome, place] += 1
    notebook.uncounted[0] = 0
