"""Condition 4, binding capacity: claims about its rules."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from tests.claims import about, at_most, between, equal, is_share, lower_and_higher, share

from ketensim.conditions.binding import binding_at_hiring, trust_after_departure

logit = st.floats(-4, 4)
gain = st.floats(0, 5)


@about(binding_at_hiring)
@given(level=logit, gain=gain, selections=lower_and_higher, deviation=logit)
def test_selection_on_binding_capacity_never_hires_a_less_binding_manager(level, gain, selections, deviation):
    less, more = (binding_at_hiring(level, gain, selection, deviation) for selection in selections)
    assert is_share(less) and is_share(more) and at_most(less, more)


@about(binding_at_hiring)
@given(level=logit, gain=gain, deviation=logit)
def test_without_gain_selection_does_nothing(level, gain, deviation):
    assert binding_at_hiring(level, 0.0, 1.0, deviation) == binding_at_hiring(level, gain, 0.0, deviation)


@about(binding_at_hiring)
@given(level=logit, deviation=logit)
def test_a_person_deviates_as_far_up_as_down(level, deviation):
    up, down = binding_at_hiring(level, 0.0, 0.0, deviation), binding_at_hiring(-level, 0.0, 0.0, -deviation)
    assert equal(up + down, 1.0)


@about(binding_at_hiring)
@given(level=logit, gain=gain, selection=share, deviations=st.tuples(logit, logit).map(sorted))
def test_a_person_above_the_mean_binds_more(level, gain, selection, deviations):
    assert at_most(*(binding_at_hiring(level, gain, selection, deviation) for deviation in deviations))


@about(trust_after_departure)
@given(trust=share, stranger=share, carried=lower_and_higher)
def test_what_is_carried_over_keeps_trust_when_a_manager_leaves(trust, stranger, carried):
    less, more = (trust_after_departure(trust, stranger, part) for part in carried)
    assert between(less, trust, stranger) and between(more, trust, stranger)
    assert at_most(abs(more - trust), abs(less - trust))


@about(trust_after_departure)
@given(trust=share, stranger=share)
def test_personal_trust_leaves_with_the_person_where_nothing_is_carried_over(trust, stranger):
    assert trust_after_departure(trust, stranger, 0.0) == stranger
    assert equal(trust_after_departure(trust, stranger, 1.0), trust)


@about(trust_after_departure)
@given(trusts=lower_and_higher, stranger=share, carried=share)
def test_who_was_trusted_more_is_not_trusted_less_after_the_departure(trusts, stranger, carried):
    low, high = (trust_after_departure(trust, stranger, carried) for trust in trusts)
    assert at_most(low, high)
