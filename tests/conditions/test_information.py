"""Condition 5, information: claims about its rules."""

from __future__ import annotations

from hypothesis import assume, given
from hypothesis import strategies as st
from tests.claims import about, at_most, between, equal, is_share, lower_and_higher, share

from ketensim.conditions.information import (
    asked_by_partners,
    certainty_gain,
    demand_after_week,
    noise_of_reports,
    politics_only,
    results_shown,
    serving_both,
    shown_in_monitor,
    triage_share,
)

cases = st.floats(0, 1000)
variance = st.floats(1e-4, 0.5)
noise = st.floats(0, 0.5)


# --- hours of registration -----------------------------------------------------------------------------------------
@about(politics_only)
@given(politics=share, demand=share, uses=lower_and_higher)
def test_the_more_one_registration_serves_the_less_goes_to_politics_only(politics, demand, uses):
    separate, shared = (politics_only(politics, demand, use) for use in uses)
    assert at_most(shared, separate) and between(separate, 0.0, politics + demand)
    assert politics_only(politics, demand, 1.0) == 0.0


@about(politics_only)
@given(politics=share, demands=lower_and_higher, use=share)
def test_every_demand_costs_hours_unless_the_registration_answers_it(politics, demands, use):
    assert at_most(*(politics_only(politics, demand, use) for demand in demands))


@about(politics_only, serving_both)
@given(operation=share, politics=share, demand=share, extra=share, use=share)
def test_registering_once_for_both_never_costs_more_than_registering_twice(operation, politics, demand, extra, use):
    separate = politics_only(politics, demand, 0.0) + operation
    both = serving_both(operation, politics, demand, extra, use)
    together = politics_only(politics, demand, use) + both + (1.0 - use) * operation
    assert at_most(together, separate) and at_most(0.0, both)


@about(serving_both)
@given(operation=share, politics=share, demand=share, extra=share)
def test_without_dual_use_no_hour_serves_both(operation, politics, demand, extra):
    assert serving_both(operation, politics, demand, extra, 0.0) == 0.0
    assert equal(serving_both(operation, politics, demand, 0.0, 1.0), operation)


@about(serving_both)
@given(operation=share, politics=share, demands=lower_and_higher, extra=share, use=share)
def test_a_demand_costs_something_on_top_of_the_registration_that_answers_it(operation, politics, demands, extra, use):
    assert at_most(*(serving_both(operation, politics, demand, extra, use) for demand in demands))


@about(asked_by_partners)
@given(most=share, trusts=lower_and_higher)
def test_partners_who_trust_each_other_ask_less_on_top_and_with_full_trust_nothing(most, trusts):
    much, little = (asked_by_partners(most, trust) for trust in trusts)
    assert at_most(little, much) and between(little, 0.0, most)
    assert asked_by_partners(most, 0.0) == most and asked_by_partners(most, 1.0) == 0.0


# --- what administrators see ---------------------------------------------------------------------------------------
@about(results_shown)
@given(good=cases, closed=cases, due=cases, monitor=share, before=share)
def test_results_shown_are_a_share(good, closed, due, monitor, before):
    assert is_share(results_shown(good, closed, due, monitor, before))


@about(results_shown)
@given(good=cases, closed=cases, dues=st.tuples(cases, cases), before=share)
def test_without_a_monitor_open_cases_that_are_too_late_are_not_seen(good, closed, dues, before):
    assume(good > 0)
    one, other = (results_shown(good, closed, due, 0.0, before) for due in dues)
    assert one == other


@about(results_shown)
@given(good=cases, closed=cases, dues=st.tuples(cases, cases).map(sorted), monitor=share, before=share)
def test_with_a_monitor_every_late_open_case_makes_the_picture_worse(good, closed, dues, monitor, before):
    assume(good > 0)
    few, many = (results_shown(good, closed, due, monitor, before) for due in dues)
    assert at_most(many, few)


@about(results_shown)
@given(good=st.floats(0.01, 1000), more=cases, due=cases, before=share)
def test_without_a_monitor_the_share_of_what_was_closed_is_shown_and_with_it_that_of_all_that_was_due(
    good, more, due, before
):
    assert equal(results_shown(good, good + more, due, 0.0, before), good / (good + more))
    assert equal(results_shown(good, good + more, due, 1.0, before), good / (good + due))
    assert equal(results_shown(0.0, 0.1 + more, 0.1 + due, 0.5, before), 0.0)


@about(results_shown)
@given(due=cases, monitor=share, before=share)
def test_where_nothing_was_closed_the_last_picture_stays(due, monitor, before):
    assert results_shown(0.0, 0.0, due, monitor, before) == before


@about(shown_in_monitor)
@given(uses=lower_and_higher, trusts=lower_and_higher, floors=lower_and_higher)
def test_the_monitor_shows_more_with_one_registration_and_among_partners_who_trust_each_other(uses, trusts, floors):
    little = shown_in_monitor(uses[0], trusts[0], floors[0])
    assert at_most(little, shown_in_monitor(uses[1], trusts[0], floors[0]))
    assert at_most(little, shown_in_monitor(uses[0], trusts[1], floors[0]))
    assert at_most(little, shown_in_monitor(uses[0], trusts[0], floors[1]))
    assert between(little, 0.0, uses[0])


@about(shown_in_monitor)
@given(use=share, trust=share, floor=share)
def test_what_is_not_registered_cannot_be_shown_and_full_trust_shows_all_that_is(use, trust, floor):
    assert shown_in_monitor(0.0, trust, floor) == 0.0
    assert equal(shown_in_monitor(use, 1.0, floor), use)
    assert equal(shown_in_monitor(use, 0.0, floor), use * floor)


# --- what is measured is what matters ------------------------------------------------------------------------------
@about(triage_share)
@given(most=share, monitors=lower_and_higher, loads=lower_and_higher)
def test_a_long_line_pulls_to_what_closes_quickly_and_a_monitor_takes_that_pull_away(most, monitors, loads):
    strong = triage_share(most, monitors[0], loads[1])
    assert between(strong, 0.0, most)
    assert at_most(triage_share(most, monitors[1], loads[1]), strong)
    assert at_most(triage_share(most, monitors[0], loads[0]), strong)


@about(triage_share)
@given(most=share, value=share)
def test_nobody_picks_and_chooses_without_a_line_or_where_open_work_is_seen(most, value):
    assert triage_share(most, value, 0.0) == 0.0
    assert triage_share(most, 1.0, value) == 0.0
    assert triage_share(most, 0.0, 1.0) == most


# --- belief --------------------------------------------------------------------------------------------------------
@about(noise_of_reports)
@given(noise=noise, parts=st.tuples(share, share), uses=lower_and_higher, trusts=lower_and_higher)
def test_reports_are_surer_with_dual_use_and_among_partners_who_trust_each_other(noise, parts, uses, trusts):
    unsure = noise_of_reports(noise, parts[0], uses[0], parts[1], trusts[0])
    assert at_most(noise_of_reports(noise, parts[0], uses[1], parts[1], trusts[0]), unsure)
    assert at_most(noise_of_reports(noise, parts[0], uses[0], parts[1], trusts[1]), unsure)
    assert between(unsure, 0.0, noise)


@about(certainty_gain)
@given(variance=variance, noises=st.tuples(noise, noise).map(sorted), asked=lower_and_higher)
def test_a_report_weighs_more_when_it_is_surer_and_when_more_of_them_were_asked(variance, noises, asked):
    sure, unsure = (certainty_gain(variance, noise, asked[0]) for noise in noises)
    assert at_most(unsure, sure) and is_share(sure) and unsure > 0.0
    assert at_most(unsure, certainty_gain(variance, noises[1], asked[1]))


@about(certainty_gain)
@given(variances=st.tuples(variance, variance).map(sorted), noise=noise, asked=share)
def test_who_is_less_certain_learns_more_from_a_report(variances, noise, asked):
    assert at_most(*(certainty_gain(variance, noise, asked) for variance in variances))
    assert certainty_gain(variances[0], 0.0, asked) == 1.0
    assert equal(certainty_gain(variances[0], variances[0] ** 0.5, 0.0), 0.5)


# --- demands -------------------------------------------------------------------------------------------------------
@about(demand_after_week)
@given(parts=lower_and_higher, kept=share, rate=share, doubts=lower_and_higher)
def test_doubt_adds_demands_up_to_the_largest_stock(parts, kept, rate, doubts):
    demand, most = parts
    little, much = (demand_after_week(demand, kept, rate, doubt, most) for doubt in doubts)
    assert at_most(little, much) and between(little, 0.0, most) and between(much, 0.0, most)


@about(demand_after_week)
@given(parts=lower_and_higher, kept=share, rate=share)
def test_without_doubt_demands_only_fade(parts, kept, rate):
    demand, most = parts
    assert equal(demand_after_week(demand, kept, rate, 0.0, most), kept * demand)
    assert equal(demand_after_week(most, 1.0, rate, 1.0, most), most)
