"""Condition 2, urgency: claims about its rules."""

from __future__ import annotations

from hypothesis import given
from tests.claims import about, at_most, between, equal, is_share, lower_and_higher, share

from ketensim.conditions.urgency import (
    joint_urgency,
    refusal_chance,
    retreat_under_urgency,
    shifted_share,
    urgency_raised,
)


# --- how urgency comes ---------------------------------------------------------------------------------------------
@about(urgency_raised)
@given(urgency=share, impulse=share, fatigues=lower_and_higher)
def test_the_same_incident_moves_people_less_when_they_are_used_to_it(urgency, impulse, fatigues):
    fresh, tired = (urgency_raised(urgency, impulse, fatigue) for fatigue in fatigues)
    assert at_most(tired, fresh) and is_share(fresh) and at_most(urgency, tired)


@about(urgency_raised)
@given(urgency=share, impulses=lower_and_higher, fatigue=share)
def test_a_larger_incident_brings_more_urgency_and_none_brings_none(urgency, impulses, fatigue):
    small, large = (urgency_raised(urgency, impulse, fatigue) for impulse in impulses)
    assert at_most(small, large)
    assert urgency_raised(urgency, 0.0, fatigue) == urgency
    assert urgency_raised(urgency, impulses[0], 1.0) == urgency


@about(urgency_raised)
@given(urgency=share, impulses=lower_and_higher, fatigue=share)
def test_it_does_not_matter_which_of_two_incidents_comes_first(urgency, impulses, fatigue):
    one, other = impulses
    first = urgency_raised(urgency_raised(urgency, one, fatigue), other, fatigue)
    assert equal(first, urgency_raised(urgency_raised(urgency, other, fatigue), one, fatigue))


# --- what becomes of it --------------------------------------------------------------------------------------------
@about(joint_urgency, retreat_under_urgency)
@given(urgency=share, shared=share, binding=share, floor=share)
def test_urgency_becomes_joint_work_or_retreat_and_never_more_than_it_is(urgency, shared, binding, floor):
    joint, retreat = joint_urgency(urgency, shared, binding, floor), retreat_under_urgency(urgency, shared)
    assert at_most(joint + retreat, urgency) and at_most(0.0, min(joint, retreat))
    assert equal(joint_urgency(urgency, shared, 1.0, floor) + retreat, urgency)


@about(joint_urgency, retreat_under_urgency)
@given(urgency=share, shared=lower_and_higher, binding=share, floor=share)
def test_the_more_is_shared_the_more_joint_work_and_the_less_retreat(urgency, shared, binding, floor):
    assert at_most(*(joint_urgency(urgency, part, binding, floor) for part in shared))
    assert at_most(*(retreat_under_urgency(urgency, part) for part in reversed(shared)))


@about(joint_urgency)
@given(urgency=share, shared=share, bindings=lower_and_higher, floor=share)
def test_binding_managers_make_more_of_a_shared_urgency(urgency, shared, bindings, floor):
    assert at_most(*(joint_urgency(urgency, shared, binding, floor) for binding in bindings))


# --- refusing and shifting -----------------------------------------------------------------------------------------
@about(refusal_chance)
@given(retreats=lower_and_higher, loads=lower_and_higher, joint=share, most=share, part=share)
def test_who_retreats_or_is_overloaded_refuses_more(retreats, loads, joint, most, part):
    little = refusal_chance(retreats[0], loads[0], joint, most, part)
    assert at_most(little, refusal_chance(retreats[1], loads[0], joint, most, part))
    assert at_most(little, refusal_chance(retreats[0], loads[1], joint, most, part))
    assert between(little, 0.0, most)


@about(refusal_chance)
@given(retreat=share, load=share, joints=lower_and_higher, most=share, part=share)
def test_joint_urgency_opens_doors(retreat, load, joints, most, part):
    closed, open_ = (refusal_chance(retreat, load, joint, most, part) for joint in joints)
    assert at_most(open_, closed)
    assert refusal_chance(retreat, load, 1.0, most, part) == 0.0


@about(shifted_share)
@given(retreats=lower_and_higher, most=share)
def test_who_retreats_leaves_more_of_the_work_to_the_next(retreats, most):
    little, much = (shifted_share(retreat, most) for retreat in retreats)
    assert at_most(little, much) and between(much, 0.0, most)
    assert shifted_share(0.0, most) == 0.0 and shifted_share(1.0, most) == most
