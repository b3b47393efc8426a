"""Condition 3, frame and room: claims about its rules."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from tests.claims import about, at_most, between, equal, is_share, lower_and_higher, share

from ketensim.conditions.steering import (
    discretion_in_effect,
    frame_after_week,
    frame_ageing,
    frame_building,
    handover_loss,
    hard_quality,
    informal_share,
    inside_frame,
    mismatch_chance,
    permission_factor,
    standard_quality,
)


# --- the frame -----------------------------------------------------------------------------------------------------
@about(frame_building)
@given(efforts=lower_and_higher, trusts=lower_and_higher, bindings=lower_and_higher, most=share, alone=share)
def test_agreements_are_made_faster_with_effort_with_trust_and_by_binding_managers(
    efforts, trusts, bindings, most, alone
):
    slow = frame_building(efforts[0], trusts[0], bindings[0], most, alone)
    assert at_most(slow, frame_building(efforts[1], trusts[0], bindings[0], most, alone))
    assert at_most(slow, frame_building(efforts[0], trusts[1], bindings[0], most, alone))
    assert at_most(slow, frame_building(efforts[0], trusts[0], bindings[1], most, alone))
    assert between(slow, 0.0, most)


@about(frame_building)
@given(trust=share, binding=share, most=share, alone=share)
def test_without_effort_nothing_is_agreed_and_with_everything_the_most(trust, binding, most, alone):
    assert frame_building(0.0, trust, binding, most, alone) == 0.0
    assert equal(frame_building(1.0, 1.0, 1.0, most, alone), most)


@about(frame_after_week)
@given(frame=share, building=share, ageing=share)
def test_agreements_age_when_nobody_builds_and_stay_a_share(frame, building, ageing):
    assert is_share(frame_after_week(frame, building, ageing))
    assert at_most(frame_after_week(frame, 0.0, ageing), frame)
    assert at_most(frame, frame_after_week(frame, building, 0.0))


@about(frame_after_week)
@given(building=share, ageing=share)
def test_clarity_comes_to_rest_where_as_much_is_built_as_ages(building, ageing):
    rest = building / (building + ageing) if building + ageing > 0.0 else 0.5
    assert equal(frame_after_week(rest, building, ageing), rest)


@about(frame_ageing)
@given(ageing=share, keeping=share, cares=lower_and_higher)
def test_agreements_that_are_looked_back_at_age_more_slowly(ageing, keeping, cares):
    little, much = (frame_ageing(ageing, keeping, care) for care in cares)
    assert at_most(much, little) and between(much, 0.0, ageing)
    assert frame_ageing(ageing, keeping, 0.0) == ageing


# --- room ----------------------------------------------------------------------------------------------------------
@about(discretion_in_effect)
@given(rooms=lower_and_higher, bite=share)
def test_a_take_over_takes_room_and_never_gives_any(rooms, bite):
    assert at_most(*(discretion_in_effect(room, 1.0, bite) for room in rooms))
    assert between(discretion_in_effect(rooms[1], 1.0, bite), 0.0, rooms[1])
    assert discretion_in_effect(rooms[1], 0.0, bite) == rooms[1]


@about(informal_share)
@given(trusts=lower_and_higher, rooms=lower_and_higher, floor=share)
def test_steering_goes_more_through_people_where_they_are_trusted_and_have_room(trusts, rooms, floor):
    little = informal_share(trusts[0], rooms[0], floor)
    assert at_most(little, informal_share(trusts[1], rooms[0], floor))
    assert at_most(little, informal_share(trusts[0], rooms[1], floor))
    assert between(little, 0.0, trusts[0])
    assert equal(informal_share(trusts[0], 1.0, floor), trusts[0])


@about(permission_factor)
@given(permission=share, rooms=lower_and_higher)
def test_without_discretion_every_deviation_needs_permission_and_costs_more(permission, rooms):
    little, much = (permission_factor(permission, room) for room in rooms)
    assert at_most(much, little) and at_most(1.0, much) and at_most(little, 1.0 + permission)
    assert permission_factor(permission, 1.0) == 1.0


# --- what frame and room do to the work ----------------------------------------------------------------------------
@about(standard_quality)
@given(base=share, gain=share, loose=share, discretion=share, frames=lower_and_higher)
def test_a_standard_case_gains_from_a_clearer_frame(base, gain, loose, discretion, frames):
    vague, clear = (standard_quality(base, gain, loose, discretion, frame) for frame in frames)
    assert at_most(vague, clear) and is_share(vague) and is_share(clear)


@about(standard_quality)
@given(base=share, gain=share, loose=share, rooms=lower_and_higher, frame=share)
def test_deviating_without_a_frame_harms_the_standard_case_and_within_a_full_one_does_not(
    base, gain, loose, rooms, frame
):
    little, much = (standard_quality(base, gain, loose, room, frame) for room in rooms)
    assert at_most(much, little)
    assert standard_quality(base, gain, loose, rooms[0], 1.0) == standard_quality(base, gain, loose, rooms[1], 1.0)


@about(inside_frame)
@given(discretion=share, frame=share, motivated=share, known=share)
def test_discretion_is_used_no_better_than_its_weakest_support(discretion, frame, motivated, known):
    inside = inside_frame(discretion, frame, motivated, known)
    assert at_most(inside, min(discretion, frame, motivated, known)) and at_most(0.0, inside)


@about(inside_frame)
@given(discretion=share, frame=share, supports=lower_and_higher)
def test_motivated_people_who_know_what_partners_know_use_discretion_better(discretion, frame, supports):
    assert at_most(*(inside_frame(discretion, frame, motivated, 0.5) for motivated in supports))
    assert at_most(*(inside_frame(discretion, frame, 0.5, known) for known in supports))


@about(hard_quality)
@given(base=share, gain=share, inside=share, loose=share, rooms=lower_and_higher, frame=share)
def test_room_without_a_frame_harms_the_case_that_fits_no_standard(base, gain, inside, loose, rooms, frame):
    """At equal use inside the frame: what is left is the harm."""
    little, much = (hard_quality(base, gain, inside, loose, room, frame) for room in rooms)
    assert at_most(much, little) and is_share(much) and is_share(little)


@about(hard_quality, inside_frame)
@given(base=share, gain=share, loose=share, rooms=lower_and_higher, frames=lower_and_higher)
def test_frame_and_room_are_complements(base, gain, loose, rooms, frames):
    """What more room brings is never less inside a clearer frame."""

    def quality(room: float, frame: float) -> float:
        return hard_quality(base, gain, inside_frame(room, frame, 1.0, 1.0), loose, room, frame)

    vague, clear = (quality(rooms[1], frame) - quality(rooms[0], frame) for frame in frames)
    assert at_most(vague, clear)
    assert at_most(quality(rooms[0], 1.0), quality(rooms[1], 1.0))
    assert at_most(quality(rooms[1], 0.0), quality(rooms[0], 0.0))


@about(mismatch_chance)
@given(most=share, frames=lower_and_higher, trusts=lower_and_higher, part=share)
def test_hand_overs_fit_better_with_clear_agreements_and_between_trusting_partners(most, frames, trusts, part):
    often = mismatch_chance(most, frames[0], trusts[0], part)
    assert at_most(mismatch_chance(most, frames[1], trusts[0], part), often)
    assert at_most(mismatch_chance(most, frames[0], trusts[1], part), often)
    assert between(often, 0.0, most)
    assert mismatch_chance(most, 1.0, trusts[0], part) == 0.0


@about(handover_loss)
@given(most=share, parts=st.tuples(share, share, share, share), more=share, place=st.integers(0, 3))
def test_frame_trust_familiarity_and_skills_each_keep_what_the_giver_knows(most, parts, more, place):
    better = [max(part, more) if number == place else part for number, part in enumerate(parts)]
    lost = handover_loss(most, *parts)
    assert at_most(handover_loss(most, *better), lost) and between(lost, 0.0, most)


@about(handover_loss)
@given(most=share, parts=st.tuples(share, share, share), place=st.integers(0, 3))
def test_one_support_that_is_complete_is_enough_and_without_any_the_most_is_lost(most, parts, place):
    complete = [*parts[:place], 1.0, *parts[place:]]
    assert handover_loss(most, *complete) == 0.0
    assert handover_loss(most, 0.0, 0.0, 0.0, 0.0) == most


@about(handover_loss)
@given(most=share, parts=st.tuples(share, share, share, share), order=st.permutations(range(4)))
def test_no_support_keeps_more_than_another_that_is_as_strong(most, parts, order):
    assert equal(handover_loss(most, *parts), handover_loss(most, *(parts[place] for place in order)))
