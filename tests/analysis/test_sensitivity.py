"""Sensitivity with known answers: Ishigami's function, a linear function, and the same with luck added."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.conftest import scenario_of, small

import ketensim as ks
from ketensim.analysis.assumptions import ASSUMPTIONS, plausible, plausible_value, sets_at
from ketensim.analysis.sensitivity import (
    morris_indices,
    morris_points,
    noise_share,
    outcomes_of,
    shares_of_groups,
    sobol_indices,
    sobol_points,
)

NAMES = ("x1", "x2", "x3")
FIRST = {"x1": 0.3139, "x2": 0.4424, "x3": 0.0}  # analytic, for a = 7 and b = 0.1
TOTAL = {"x1": 0.5576, "x2": 0.4424, "x3": 0.2437}


def ishigami(points):
    x = (2.0 * points - 1.0) * np.pi
    return np.sin(x[:, 0]) + 7.0 * np.sin(x[:, 1]) ** 2 + 0.1 * x[:, 2] ** 4 * np.sin(x[:, 0])


@pytest.mark.parametrize("runs", [1, 8])
def test_sobol_indices_of_ishigami_are_the_analytic_ones_with_and_without_luck(runs):
    """Luck added to every point is taken out again."""
    points = sobol_points(NAMES, 4096, seed=1)
    luck = np.random.default_rng(2).normal(0.0, 3.0 if runs > 1 else 0.0, (len(points), runs))
    outcome = ishigami(points)[:, None] + luck
    table = sobol_indices(NAMES, outcome).set_index("input")
    for name in NAMES:
        assert table["first"][name] == pytest.approx(FIRST[name], abs=0.05)
        assert table["total"][name] == pytest.approx(TOTAL[name], abs=0.05)
    expected = 0.0 if runs == 1 else (9.0 / 8.0) / (9.0 / 8.0 + ishigami(points).var())
    assert noise_share(outcome) == pytest.approx(expected, abs=0.02)


def test_morris_finds_the_slopes_of_a_linear_function_exactly_and_no_bend():
    """An elementary effect of a plane is its slope, everywhere."""
    points = morris_points(NAMES, 10, seed=1)
    outcome = (3.0 * points[:, 0] - 2.0 * points[:, 1])[:, None]
    table = morris_indices(NAMES, points, outcome).set_index("input")
    assert table["mu"].to_dict() == pytest.approx({"x1": 3.0, "x2": -2.0, "x3": 0.0})
    assert table["mu_star"].to_dict() == pytest.approx({"x1": 3.0, "x2": 2.0, "x3": 0.0})
    assert table["sigma"].abs().max() < 1e-9


def test_an_input_without_effect_stays_at_the_noise_floor_of_morris():
    """What luck alone gives is said beside the effects."""
    points = morris_points(NAMES, 200, seed=1)
    luck = np.random.default_rng(3).normal(0.0, 1.0, (len(points), 4))
    table = morris_indices(NAMES, points, 5.0 * points[:, :1] + luck).set_index("input")
    assert table["mu_star"]["x3"] == pytest.approx(table["noise"]["x3"], rel=0.15)
    assert table["mu_star"]["x1"] > 4 * table["noise"]["x1"]


def shared(points, runs, own=0.0):
    """5 for the first input, 0 for the third, and luck that all points share; ``own`` luck that none shares."""
    luck = np.random.default_rng(4)
    together = luck.normal(0.0, 3.0, runs)
    return 5.0 * points[:, :1] + points[:, 1:2] ** 2 + together + luck.normal(0.0, own, (len(points), runs))


def test_with_equal_luck_an_input_that_does_nothing_has_no_noise_and_a_clear_one_is_told():
    """The floor is that of the paired design: luck that all points share cannot move an elementary effect."""
    points = morris_points(NAMES, 10, seed=1)
    table = morris_indices(NAMES, points, shared(points, 5), equal_luck=True).set_index("input")
    assert table["noise"].to_dict() == pytest.approx(dict.fromkeys(NAMES, 0.0), abs=1e-9)
    assert table["mu_star"]["x1"] == pytest.approx(5.0)
    assert table["told"].to_dict() == {"x1": True, "x2": True, "x3": False}


def test_sobol_on_equal_luck_is_that_of_the_means_and_on_luck_of_its_own_luck_is_not_told_as_an_input():
    """SALib's own numbers on the means; when nothing but luck differs, no input is named."""
    from SALib.analyze import sobol

    points = sobol_points(NAMES, 64, seed=1)
    values = shared(points, 4)
    table = sobol_indices(NAMES, values, equal_luck=True).set_index("input")
    problem = {"num_vars": 3, "names": list(NAMES), "bounds": [[0.0, 1.0]] * 3}
    alone = sobol.analyze(problem, values.mean(axis=1), calc_second_order=False, seed=1)
    for place, name in enumerate(NAMES):
        assert table["total"][name] == pytest.approx(alone["ST"][place], abs=1e-12)
        assert table["first"][name] == pytest.approx(alone["S1"][place], abs=1e-12)
    assert table["noise"].max() == pytest.approx(0.0, abs=1e-12)
    assert table["told"].to_dict() == {"x1": True, "x2": True, "x3": False}
    luck = np.random.default_rng(6).normal(0.0, 1.0, (len(points), 4))
    assert not sobol_indices(NAMES, luck)["told"].any()


def test_shares_of_groups_add_up_the_first_order_indices_and_hold_them_in_their_interval():
    """Of 3 x1 + x2 nine tenths come from the first."""
    points = sobol_points(NAMES, 512, seed=1)
    values = (3.0 * points[:, 0] + points[:, 1])[:, None]
    table = shares_of_groups(NAMES, values, {"one": ["x1"], "rest": ["x2", "x3"]}).set_index("group")
    assert table["share"].to_dict() == pytest.approx({"one": 0.9, "rest": 0.1}, abs=0.02)
    assert (table["low"] < table["share"]).all() and (table["share"] < table["high"]).all()
    assert table.loc["one", "high"] - table.loc["one", "low"] < 0.3


@pytest.mark.parametrize("equal_luck", [True, False])
def test_a_run_without_a_value_costs_itself_only(equal_luck):
    """What is known is used: one run in five lacks its value, and the slopes are still found."""
    points = morris_points(NAMES, 10, seed=1)
    values = shared(points, 5, own=0.0 if equal_luck else 0.01)
    if equal_luck:
        values[3, 2] = np.nan
    else:
        values -= values.mean(axis=0) - values.mean()  # luck of its own: no run is another's twin
        values[np.arange(len(points)), np.arange(len(points)) % 5] = np.nan
    table = morris_indices(NAMES, points, values, equal_luck=equal_luck).set_index("input")
    assert table["mu_star"]["x1"] == pytest.approx(5.0, abs=0.05)
    assert table["mu_star"]["x3"] == pytest.approx(0.0, abs=0.05)


def test_intervals_are_the_same_in_every_call():
    """A report that is made twice says the same twice."""
    points = sobol_points(NAMES, 16, seed=1)
    values = shared(points, 3, own=1.0)
    assert sobol_indices(NAMES, values).equals(sobol_indices(NAMES, values))


# --- the model's assumptions -----------------------------------------------------------------------------------------
def test_every_default_lies_in_its_plausible_range_and_that_in_the_allowed_one():
    """Half to double never leaves the table."""
    for row in ASSUMPTIONS:
        low, high = plausible(row)
        assert row.lower <= low <= row.default * (1 + 1e-9) if row.default > 0 else low < row.default
        assert low < high <= row.upper + 1e-12


@settings(deadline=None)
@given(place=st.floats(0.0, 1.0), other=st.floats(0.0, 1.0))
def test_a_place_in_the_range_gives_a_valid_set_and_a_higher_place_a_higher_value(place, other):
    """For every assumption at once."""
    values = sets_at(np.array([[place] * len(ASSUMPTIONS), [other] * len(ASSUMPTIONS)]))
    for row in ASSUMPTIONS:
        first, second = values[row.name]
        assert row.lower <= first <= row.upper
        assert (first <= second) or (place >= other)
        assert plausible_value(row, place) == first


@pytest.mark.jit
def test_a_set_of_parameters_gives_the_runs_of_a_chain_with_them():
    """With equal luck the same replications, with luck of its own the next ones."""
    chain = scenario_of(small())
    sets = sets_at(np.array([[0.2] * len(ASSUMPTIONS), [0.9] * len(ASSUMPTIONS)]))
    chains = [chain.with_parameters(**row) for row in sets.to_dict("records")]
    equal = outcomes_of(chains, runs=3, seed=5)
    own = outcomes_of(chains, runs=3, seed=5, equal_luck=False)
    alone = ks.simulate(chains[1], runs=6, seed=5).summary
    assert np.array_equal(equal[1], alone[:3], equal_nan=True)
    assert np.array_equal(own[1], alone[3:], equal_nan=True)
