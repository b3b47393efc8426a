"""What the conditions act upon: claims about the rules of administrators, hours, cases and policies."""

from __future__ import annotations

import math

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from tests.claims import about, at_most, between, equal, is_share, lower_and_higher, share

from ketensim.chain.administrators import (
    ASK_FOR_REPORTS,
    HOLD_BACK,
    TAKE_OVER,
    UNBLOCK,
    choice_of,
    concern_of,
    intervention_chance,
)
from ketensim.chain.cohorts import ALL, concerns, share_of
from ketensim.chain.hours import (
    drift_after_week,
    experience,
    leaving_rate,
    motivation_level,
    newcomers_after_week,
    own_work_share,
    productivity,
)
from ketensim.chain.intake import effort_factor
from ketensim.chain.policies import (
    FIRM_THEN_LET_GO,
    HOLD_FIRM,
    LET_GO_AT_ONCE,
    LET_GO_WHEN_TRUSTED,
    agreed,
    changed_part,
    letting_go,
    meeting_work,
)
from ketensim.chain.queues import ORDERS, bucket_of, part_of
from ketensim.chain.visits import CASES_PER_WEEK, case_number
from ketensim.chain.world import relation_column
from ketensim.foundation.mathematics import WEEKS_PER_YEAR
from ketensim.foundation.parameters import LEVER_NAMES
from ketensim.foundation.rows import LAYERS, PARTS, RELATION

concern = st.floats(0, 5)
uniform = st.floats(1e-9, 1 - 1e-9)
persons = st.floats(0, 500)
pace = st.floats(0.001, 1)


# --- administrators ------------------------------------------------------------------------------------------------
@about(concern_of)
@given(parts=st.tuples(concern, concern, concern, concern), more=concern, place=st.integers(0, 3))
def test_every_worry_adds_to_the_concern(parts, more, place):
    worse = [part + more if number == place else part for number, part in enumerate(parts)]
    assert at_most(concern_of(*parts), concern_of(*worse))
    assert at_most(max(parts), concern_of(*parts))


@about(intervention_chance)
@given(concerns=st.tuples(concern, concern).map(sorted), tolerance=concern, slope=st.floats(0, 40), most=share)
def test_an_administrator_steps_in_sooner_as_concern_rises_and_at_half_the_most_where_tolerance_ends(
    concerns, tolerance, slope, most
):
    calm, worried = (intervention_chance(worry, tolerance, slope, most, 1.0) for worry in concerns)
    assert at_most(calm, worried) and between(worried, 0.0, most)
    assert equal(intervention_chance(tolerance, tolerance, slope, most, 1.0), most / 2)


@about(intervention_chance)
@given(concern=concern, tolerances=st.tuples(concern, concern).map(sorted), slope=st.floats(0, 40), most=share)
def test_who_bears_more_steps_in_less_and_an_independent_organisation_is_left_alone(concern, tolerances, slope, most):
    soon, late = (intervention_chance(concern, tolerance, slope, most, 1.0) for tolerance in tolerances)
    assert at_most(late, soon)
    assert intervention_chance(concern, tolerances[0], slope, most, 0.0) == 0.0


@about(choice_of)
@given(uniform=uniform, weights=st.tuples(*[st.sampled_from((0.0, 0.2, 1.0))] * 4))
def test_an_intervention_without_weight_is_never_chosen(uniform, weights):
    choice = choice_of(uniform, *weights)
    assert choice in (HOLD_BACK, ASK_FOR_REPORTS, TAKE_OVER, UNBLOCK)
    assert weights[choice] > 0.0 or (choice == HOLD_BACK and uniform * sum(weights) <= 0.0)


@about(choice_of)
def test_interventions_are_chosen_in_proportion_to_their_weights():
    weights = (0.5, 1.0, 1.5, 2.0)
    drawn = [choice_of((number + 0.5) / 1000, *weights) for number in range(1000)]
    assert [drawn.count(choice) for choice in range(4)] == [100, 200, 300, 400]


# --- hours and people ----------------------------------------------------------------------------------------------
@about(leaving_rate)
@given(turnover=st.floats(0, 2), loads=lower_and_higher, motivations=lower_and_higher, parts=st.tuples(share, share))
def test_professionals_leave_sooner_under_load_and_later_when_motivated(turnover, loads, motivations, parts):
    calm = leaving_rate(turnover, loads[0], motivations[1], *parts)
    assert at_most(calm, leaving_rate(turnover, loads[1], motivations[1], *parts))
    assert at_most(calm, leaving_rate(turnover, loads[0], motivations[0], *parts))
    assert equal(leaving_rate(turnover, 0.0, 1.0, *parts), turnover / WEEKS_PER_YEAR)


@about(productivity)
@given(motivations=lower_and_higher, effect=st.floats(0, 0.1))
def test_motivation_moves_what_an_hour_brings_only_a_little(motivations, effect):
    low, high = (productivity(motivation, effect) for motivation in motivations)
    assert at_most(low, high) and between(low, 1.0 - effect, 1.0)
    assert productivity(1.0, effect) == 1.0


@about(newcomers_after_week)
@given(
    newcomers=persons, stayings=lower_and_higher, weeks=st.tuples(*[st.floats(1, 500)] * 2).map(sorted), hired=persons
)
def test_newcomers_are_those_who_came_and_those_who_stayed_and_are_still_learning(newcomers, stayings, weeks, hired):
    few = newcomers_after_week(newcomers, stayings[0], weeks[0], hired)
    assert at_most(few, newcomers_after_week(newcomers, stayings[1], weeks[0], hired))
    assert at_most(few, newcomers_after_week(newcomers, stayings[0], weeks[1], hired))
    assert between(few, hired, hired + newcomers)
    assert newcomers_after_week(newcomers, stayings[1], 1.0, hired) == hired
    assert newcomers_after_week(newcomers, 0.0, weeks[1], hired) == hired


@about(newcomers_after_week)
@given(hired=st.floats(0, 20), weeks=st.floats(1, 200))
def test_where_as_many_come_every_week_there_are_as_many_newcomers_as_come_while_one_learns(hired, weeks):
    """At rest N = h n, which is Little's law: the number learning is those who come times how long it takes."""
    assert math.isclose(newcomers_after_week(hired * weeks, 1.0, weeks, hired), hired * weeks, rel_tol=1e-12)


@about(experience)
@given(parts=lower_and_higher, staff=st.floats(1, 500), outputs=lower_and_higher)
def test_the_more_people_are_new_the_less_an_hour_brings_and_never_less_than_what_a_newcomer_does(
    parts, staff, outputs
):
    few, many = (experience(part * staff, staff, outputs[0]) for part in parts)
    assert at_most(many, few) and between(many, outputs[0], 1.0)
    assert at_most(many, experience(parts[1] * staff, staff, outputs[1]))
    assert experience(0.0, staff, outputs[0]) == 1.0
    assert equal(experience(staff, staff, outputs[0]), outputs[0])


@about(own_work_share)
@given(own=share, size=share, drifts=lower_and_higher, weights=lower_and_higher)
def test_drift_takes_hours_from_the_chain_and_weight_of_the_objective_keeps_them(own, size, drifts, weights):
    much = own_work_share(own, size, drifts[1], weights[0])
    assert at_most(own_work_share(own, size, drifts[0], weights[0]), much)
    assert at_most(own_work_share(own, size, drifts[1], weights[1]), much)
    assert between(much, own, 1.0)
    assert own_work_share(own, size, 0.0, weights[0]) == own_work_share(own, size, drifts[1], 1.0) == own


@about(drift_after_week)
@given(drift=share, rate=share, attentions=lower_and_higher, retreats=lower_and_higher, pull=share)
def test_drift_grows_while_nobody_looks_and_in_retreat(drift, rate, attentions, retreats, pull):
    unseen = drift_after_week(drift, rate, attentions[0], retreats[1], pull)
    assert is_share(unseen)
    assert at_most(drift_after_week(drift, rate, attentions[1], retreats[1], pull), unseen)
    assert at_most(drift_after_week(drift, rate, attentions[0], retreats[0], pull), unseen)
    assert at_most(drift, drift_after_week(drift, rate, 0.0, retreats[0], pull))


@about(drift_after_week)
@given(drift=share, attention=share, retreat=share, pull=share)
def test_a_steward_never_drifts_and_who_does_nothing_else_drifts_wholly(drift, attention, retreat, pull):
    assert at_most(drift_after_week(drift, 0.0, attention, retreat, pull), drift)
    assert drift_after_week(0.0, 0.0, attention, retreat, pull) == 0.0
    assert equal(drift_after_week(drift, 1.0, 0.0, 1.0, pull), 1.0)


@about(motivation_level)
@given(base=share, insides=lower_and_higher, losses=st.tuples(share, share, share), more=share)
def test_room_inside_a_frame_motivates_and_reporting_load_and_take_overs_do_not(base, insides, losses, more):
    low, high = (motivation_level(base, inside, *losses) for inside in insides)
    assert at_most(low, high) and is_share(low) and is_share(high)
    for place in range(3):
        worse = [max(loss, more) if number == place else loss for number, loss in enumerate(losses)]
        assert at_most(motivation_level(base, insides[0], *worse), low)
    assert motivation_level(base, 0.0, 0.0, 0.0, 0.0) == base


# --- cases ---------------------------------------------------------------------------------------------------------
@about(effort_factor)
@given(uniforms=st.tuples(uniform, uniform).map(sorted), variation=share)
def test_the_effort_of_a_case_is_above_what_all_cases_ask_at_least(uniforms, variation):
    light, heavy = (effort_factor(number, variation) for number in uniforms)
    assert at_most(light, heavy) and at_most(1.0 - variation, light)
    assert effort_factor(uniforms[0], 0.0) == 1.0


@about(effort_factor)
@given(variation=share)
def test_cases_of_a_type_ask_its_mean_effort_on_average_and_vary_as_much_as_said(variation):
    drawn = np.array([effort_factor((number + 0.5) / 4000, variation) for number in range(4000)])
    assert math.isclose(drawn.mean(), 1.0, abs_tol=2e-3)
    assert math.isclose(drawn.std(), variation, abs_tol=1e-2)


@about(case_number)
@given(weeks=st.tuples(st.integers(0, 4000), st.integers(0, 4000)), data=st.data())
def test_no_two_citizens_carry_the_same_number(weeks, data):
    place = st.integers(0, CASES_PER_WEEK - 1)
    people = [(week, data.draw(place)) for week in weeks]
    assert (case_number(*people[0]) == case_number(*people[1])) == (people[0] == people[1])
    assert divmod(case_number(*people[0]), CASES_PER_WEEK) == people[0]


@about(bucket_of)
@given(organisations=st.integers(1, 20), weeks=st.integers(1, 40))
def test_every_line_has_a_bucket_of_its_own_and_none_is_left_over(organisations, weeks):
    lines = [(i, layer, part) for i in range(organisations) for layer in range(LAYERS) for part in range(weeks * PARTS)]
    assert [bucket_of(*line, weeks) for line in lines] == list(range(organisations * LAYERS * weeks * PARTS))


@about(part_of)
@given(week=st.integers(0, 4000), orders=st.tuples(st.integers(-ORDERS, ORDERS - 1), st.integers(-ORDERS, ORDERS - 1)))
def test_who_goes_first_stands_in_no_later_part_and_every_part_is_of_the_week(week, orders):
    first, second = sorted(orders)
    assert week * PARTS <= part_of(week, first) <= part_of(week, second) < (week + 1) * PARTS


# --- outcomes and policies -----------------------------------------------------------------------------------------
@about(share_of)
@given(part=share, rest=share)
def test_a_part_of_a_whole_is_a_share_and_of_nothing_not_known(part, rest):
    whole = part + rest
    assert whole == 0.0 or is_share(share_of(part, whole))
    assert math.isnan(share_of(part, 0.0))
    assert whole == 0.0 or share_of(whole, whole) == 1.0


@about(concerns)
@given(kind=st.integers(0, 15), wanted=st.integers(0, 15), counts=st.integers(0, 1))
def test_headline_figures_are_about_what_counts_and_those_of_a_case_type_about_that_type(kind, wanted, counts):
    assert concerns(kind, ALL, counts) == bool(counts)
    assert concerns(kind, wanted, counts) == (kind == wanted)


@about(letting_go)
@given(week=st.integers(0, 2000), switch=st.floats(0, 2000), trust=share, threshold=share, slope=st.floats(1, 100))
def test_who_holds_firm_never_lets_go_and_who_lets_go_at_once_never_waits(week, switch, trust, threshold, slope):
    assert letting_go(HOLD_FIRM, week, switch, trust, threshold, slope) == 0.0
    assert letting_go(LET_GO_AT_ONCE, week, switch, trust, threshold, slope) == 1.0
    assert letting_go(FIRM_THEN_LET_GO, week, switch, trust, threshold, slope) == float(week >= switch)


@about(letting_go)
@given(trusts=lower_and_higher, threshold=share, slope=st.floats(1, 100))
def test_who_lets_go_when_trusted_lets_go_further_as_trust_rises(trusts, threshold, slope):
    little, much = (letting_go(LET_GO_WHEN_TRUSTED, 0, 0.0, trust, threshold, slope) for trust in trusts)
    assert at_most(little, much) and is_share(little) and is_share(much)
    assert equal(letting_go(LET_GO_WHEN_TRUSTED, 0, 0.0, threshold, threshold, slope), 0.5)


# --- practices that change -----------------------------------------------------------------------------------------
@about(changed_part)
@given(gaps=st.lists(share, min_size=1, max_size=9), pace=pace)
def test_all_changes_together_go_no_faster_than_people_can_take_in_and_a_small_one_is_made_at_once(gaps, pace):
    part = changed_part(sum(gaps), pace)
    assert part > 0.0 and at_most(part, 1.0)
    assert at_most(part * sum(gaps), pace)
    assert equal(part * sum(gaps), min(sum(gaps), pace))
    assert changed_part(pace, pace) == changed_part(0.0, pace) == 1.0


@about(changed_part)
@given(totals=st.tuples(st.floats(0, 9), st.floats(0, 9)).map(sorted), paces=st.tuples(pace, pace).map(sorted))
def test_the_more_changes_at_once_the_slower_each_of_them(totals, paces):
    assert at_most(changed_part(totals[1], paces[0]), changed_part(totals[0], paces[0]))
    assert at_most(changed_part(totals[1], paces[0]), changed_part(totals[1], paces[1]))


@about(meeting_work)
@given(levers=lower_and_higher)
def test_meeting_twice_as_much_costs_more_than_twice_the_hours(levers):
    assert at_most(*(meeting_work(lever) for lever in levers))
    assert equal(meeting_work(levers[1]), 4.0 * meeting_work(levers[1] / 2.0))
    assert meeting_work(0.0) == 0.0 and meeting_work(1.0) == 1.0


@about(agreed)
@given(plan=share, common=share, now=share, pace=pace)
def test_what_two_agree_comes_step_by_step_whatever_both_do_elsewhere(plan, common, now, pace):
    after = agreed(plan, common, now, pace)
    assert between(after, now, plan)
    assert at_most(abs(after - now), pace)
    assert after == plan or equal(abs(after - now), pace)
    assert agreed(plan, 1.0 - common, now, pace) == after


@about(agreed)
@given(common=share, now=share, pace=pace)
def test_where_nothing_was_agreed_a_relation_does_what_both_do(common, now, pace):
    assert agreed(math.nan, common, now, pace) == common


@about(relation_column)
def test_a_lever_of_a_relation_stands_in_the_column_of_that_name():
    columns = {name: relation_column(LEVER_NAMES.index(name)) for name in RELATION.names or ()}
    assert columns == {name: place for place, name in enumerate(RELATION.names or ())}
