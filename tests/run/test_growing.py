"""Claims about an ensemble that grows: the same runs, to the bit, whatever the steps."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.conftest import scenario_of, small

import ketensim as ks
from ketensim.foundation.errors import InputError
from ketensim.run.growing import GrowingEnsemble
from ketensim.run.replications import EVERYTHING


def test_runs_added_in_steps_are_those_of_one_go() -> None:
    scenario = scenario_of(small())
    growing = GrowingEnsemble(scenario, seed=3)
    for runs in (1, 3, 3, 5):
        growing.grow(runs)
    whole = ks.simulate(scenario, runs=5, seed=3)
    np.testing.assert_array_equal(growing.results.summary, whole.summary)
    np.testing.assert_array_equal(growing.results.weekly_values, whole.weekly_values)
    np.testing.assert_array_equal(growing.results.organisation_values, whole.organisation_values)
    light = growing.chain_results
    np.testing.assert_array_equal(light.summary, whole.summary)
    np.testing.assert_array_equal(light.weekly_values, whole.weekly_values)
    assert light.organisation_values is None and light.case_type_values is None


def test_organisations_are_kept_of_the_first_runs_only_where_that_is_asked() -> None:
    scenario = scenario_of(small())
    growing = GrowingEnsemble(scenario, workers=1, keep=replace(EVERYTHING, organisations=2))
    growing.grow(2)
    growing.grow(6)
    whole = ks.simulate(scenario, runs=6)
    kept = growing.results.organisation_values
    assert kept is not None and whole.organisation_values is not None
    np.testing.assert_array_equal(kept, whole.organisation_values[:2])
    assert growing.results.number_of_runs == 6


def test_what_the_progress_raises_stops_the_growing_and_keeps_what_was_there() -> None:
    growing = GrowingEnsemble(scenario_of(small()))
    growing.grow(2)

    def enough(_done: int, _of: int) -> None:
        raise RuntimeError("enough")

    with pytest.raises(RuntimeError, match="enough"):
        growing.grow(8, enough, piece=1)
    assert growing.results.number_of_runs == growing.runs == 2


def test_a_seed_out_of_range_is_refused() -> None:
    with pytest.raises(InputError):
        GrowingEnsemble(scenario_of(small()), seed=-1)
