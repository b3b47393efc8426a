"""The table of outcomes: what is welcome is said once, and hours fall into groups without rest."""

from __future__ import annotations

from ketensim.foundation.outcome_table import (
    BAND,
    EIGHT_OF_TEN,
    HOUR_GROUPS,
    LESS,
    MORE,
    NEITHER,
    ORGANISATION_OUTCOMES,
    OUTCOME_OF,
    OUTCOMES,
    REPORTING,
)
from ketensim.foundation.parameters import LEVER_NAMES
from ketensim.foundation.rows import HOURS


def test_every_outcome_has_a_direction_and_chain_and_organisation_agree_on_it() -> None:
    assert {row.direction for row in (*OUTCOMES, *ORGANISATION_OUTCOMES)} == {MORE, LESS, NEITHER}
    for row in ORGANISATION_OUTCOMES:
        assert OUTCOME_OF[row.name].direction == row.direction, row.name


def test_more_cases_brought_to_a_good_end_and_less_waiting_are_welcome() -> None:
    assert OUTCOME_OF["goal_realisation"].direction == MORE
    for name in ("dropped", "waiting", "lead_time_p90", "administration_share", "incidents", "uncertainty", "drift"):
        assert OUTCOME_OF[name].direction == LESS, name


def test_means_have_no_direction() -> None:
    """What a lever sets, what comes from outside, and hours that only move to another kind."""
    assert all(OUTCOME_OF[name].direction == NEITHER for name in (*HOURS, "arrived", "staff", "binding", "discretion"))
    assert all(OUTCOME_OF[name].direction == NEITHER for name in OUTCOME_OF if name in LEVER_NAMES)


def test_every_hour_is_in_one_group() -> None:
    grouped = [name for group in HOUR_GROUPS.values() for name in group]
    assert sorted(grouped) == sorted(HOURS)
    assert set(REPORTING) < set(grouped)


def test_a_band_holds_the_quantiles_that_are_shown() -> None:
    assert set(EIGHT_OF_TEN) < set(BAND)
