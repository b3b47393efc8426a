"""How many runs are enough, and what the spread over runs is made of."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats
from tests.conftest import scenario_of, small

import ketensim as ks
from ketensim.run.accepted import parameter_share, set_of
from ketensim.run.precision import LEAST, STAY, enough, half_widths


def test_a_half_width_is_that_of_the_textbook():
    """Student's t interval as scipy gives it, after every run."""
    values = np.random.default_rng(1).normal(5.0, 2.0, 50)
    for runs in (2, 10, 50):
        low, high = stats.t.interval(0.95, runs - 1, values[:runs].mean(), stats.sem(values[:runs]))
        assert half_widths(values)[runs - 1] == pytest.approx((high - low) / 2)


def test_a_run_without_a_value_adds_nothing():
    """Not-a-number is skipped, so the half-width stays."""
    half = half_widths(np.array([1.0, 2.0, np.nan, 4.0]))
    assert half[2] == half[1]
    assert np.isfinite(half).tolist() == [False, True, True, True]


def test_runs_without_spread_stop_at_the_least_number():
    """Equal values are known exactly, but never after fewer than thirty runs."""
    assert enough(np.ones(LEAST + STAY), 0.01) == LEAST
    assert enough(np.ones(LEAST + STAY - 1), 0.01) is None


def test_a_half_width_that_is_small_by_chance_does_not_stop_the_runs():
    """One wild value just after thirty equal ones makes the rule look further."""
    values = np.ones(60)
    values[LEAST + 2] = 100.0
    assert enough(values, 0.01) is None


@settings(deadline=None, max_examples=30)
@given(spread=st.floats(0.01, 1.0), precision=st.floats(0.01, 0.5), seed=st.integers(0, 100))
def test_the_advice_holds_for_its_own_number_and_not_for_the_one_before(spread, precision, seed):
    """The smallest number at which the half-width is and stays small."""
    values = np.random.default_rng(seed).normal(0.0, spread, 4000)
    runs, half = enough(values, precision), half_widths(values)
    if runs is None:
        return
    assert (half[runs - 1 : runs + STAY] <= precision).all()
    assert runs == LEAST or half[runs - 2] > precision


@pytest.mark.jit
def test_the_advice_depends_on_the_chain_and_the_seed_and_on_nothing_else():
    """The mean it reports is that of a simulation with the advised number of runs."""
    advice = ks.runs_needed("reference", 0.004, seed=4)
    assert advice == ks.runs_needed("reference", 0.004, seed=4)
    runs = ks.simulate("reference", runs=advice.runs, seed=4).runs.goal_realisation
    assert advice.estimate.mean == pytest.approx(runs.mean(), abs=1e-12)
    assert advice.estimate.half_width <= 0.004
    assert advice.runs > LEAST


@pytest.mark.jit
def test_a_paired_difference_needs_fewer_runs_than_an_outcome_of_its_own():
    """Equal luck takes most of the spread out of a difference."""
    base = ks.load("reference")
    alone = ks.runs_needed(base, 0.005)
    paired = ks.runs_needed(base.with_levers(room=0.6), 0.005, against=base)
    assert paired.runs < alone.runs


@pytest.mark.jit
@pytest.mark.parametrize(
    ("arguments", "key"),
    [
        ({"precision": 0.0}, "error.precision"),
        ({"precision": float("nan")}, "error.precision"),
        ({"precision": 0.01, "outcome": "goal"}, "error.unknown_outcome"),
        ({"precision": 0.01, "most": 3}, "error.not_whole"),
        ({"precision": 0.00001, "most": 40}, "error.not_precise"),
    ],
)
def test_what_cannot_be_advised_is_refused(arguments, key):
    """Each with its own message."""
    with pytest.raises(ks.InputError) as error:
        ks.runs_needed(scenario_of(small()), **arguments)
    assert error.value.problems[0].key == key


# --- more than one set of parameters ---------------------------------------------------------------------------------
SETS = pd.DataFrame({"trust_gain": [0.01, 0.02, 0.04], "quality_hard": [0.3, 0.6, 0.9]})


@pytest.mark.jit
def test_a_run_with_a_set_is_the_run_of_a_chain_with_those_parameters():
    """Run 2 and 3 use the second set, with their own luck."""
    chain = scenario_of(small())
    drawn = ks.simulate(chain, runs=7, seed=2, parameters=SETS)
    for number in range(7):
        row = SETS.iloc[set_of(number, len(SETS))].to_dict()
        alone = ks.simulate(chain.with_parameters(**row), runs=7, seed=2)
        assert np.array_equal(drawn.summary[number], alone.summary[number], equal_nan=True)
    assert drawn.runs.parameter_set.tolist() == [0, 0, 1, 1, 2, 2, 0]


@pytest.mark.jit
def test_a_number_that_the_scenario_gives_is_not_drawn():
    """It has a source of its own."""
    chain = scenario_of(small()).with_parameters(quality_hard=0.5)
    one = ks.simulate(chain, runs=2, parameters=SETS[["quality_hard"]].iloc[:1])
    assert np.array_equal(one.summary, ks.simulate(chain, runs=2).summary, equal_nan=True)


@pytest.mark.jit
def test_sets_without_differences_leave_all_spread_to_luck_and_large_ones_hardly_any():
    """The split follows what was varied."""
    chain = scenario_of(small())
    same = ks.simulate(chain, runs=120, parameters=pd.DataFrame({"quality_hard": [0.6] * 60}))
    apart = ks.simulate(chain, runs=120, parameters=pd.DataFrame({"quality_standard": np.linspace(0.1, 1.0, 60)}))
    assert same.parameter_share("goal_realisation") < 0.35
    assert apart.parameter_share("goal_realisation") > 0.5
    assert ks.simulate(chain, runs=4).parameter_share("goal_realisation") is None


def test_the_share_of_the_parameters_is_found_back_from_a_known_mixture():
    """Three parts parameters and one part luck, in variance."""
    luck = np.random.default_rng(3)
    sets = np.repeat(luck.normal(0.0, np.sqrt(3.0), 20_000), 2)
    assert parameter_share(sets + luck.normal(0.0, 1.0, 40_000)) == pytest.approx(0.75, abs=0.01)
    assert np.isnan(parameter_share(np.array([1.0, 2.0, 3.0])))


@pytest.mark.parametrize(
    ("table", "key"),
    [
        (pd.DataFrame({"trust_gian": [0.1]}), "error.unknown_parameter"),
        (pd.DataFrame({"trust_gain": [5.0]}), "error.out_of_range"),
        (pd.DataFrame({"trust_gain": [np.nan]}), "error.out_of_range"),
        (pd.DataFrame({"hours_per_week": [36.0]}), "error.parameter_in_chain"),
        (pd.DataFrame({"trust_gain": []}), "error.no_parameter_sets"),
        ("likely", "error.unknown_parameter_sets"),
    ],
)
def test_parameter_sets_that_cannot_be_are_refused(table, key):
    """With the name, what was given and what is allowed."""
    with pytest.raises(ks.InputError) as error:
        ks.simulate(scenario_of(small()), runs=2, parameters=table)
    assert error.value.problems[0].key == key
