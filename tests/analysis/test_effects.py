"""Effects, robustness and boxes with known answers."""

from __future__ import annotations

from itertools import product

import numpy as np
import pandas as pd
import pytest

import ketensim as ks
from ketensim.analysis.discovery import boxes, leaves
from ketensim.analysis.effects import effects, first_of_all, paired
from ketensim.analysis.robustness import in_worlds, robustness
from ketensim.analysis.winners import NOBODY, winners
from ketensim.foundation.errors import InputError
from ketensim.foundation.outcome_table import LESS, MORE, NEITHER

FACTORS = ["a", "b", "c"]
FULL = pd.DataFrame([dict(zip(FACTORS, row, strict=True)) for row in product([0.2, 0.8], repeat=3)])


def outcome(points, replications, noise=0.0, own=1.0):
    """3 for a, 1 for b, and 2 more when both are high; every replication has luck that all points share."""
    luck = np.random.default_rng(1)
    high = points.to_numpy() > 0.5
    known = 3.0 * high[:, 0] + 1.0 * high[:, 1] + 2.0 * (high[:, 0] & high[:, 1])
    return known[:, None] + luck.normal(0.0, own, replications) + luck.normal(0.0, noise, (len(points), replications))


def test_effects_of_a_known_function_are_exact_whatever_the_shared_luck():
    """Main effects hold half of the interaction; shared luck cancels."""
    table = effects(FULL, outcome(FULL, 10, own=50.0), FACTORS).set_index(["factor", "other"])
    assert table.effect[("a", "")] == pytest.approx(4.0)
    assert table.effect[("b", "")] == pytest.approx(2.0)
    assert table.effect[("c", "")] == pytest.approx(0.0, abs=1e-9)
    assert table.effect[("a", "b")] == pytest.approx(1.0)
    assert table.effect[("a", "c")] == pytest.approx(0.0, abs=1e-9)
    assert (table.high - table.low).max() < 1e-9
    assert (table.alias == "").all()


def test_an_interval_holds_the_effect_as_often_as_it_says():
    """95 % of 400 experiments, within what chance allows."""
    luck = np.random.default_rng(5)
    inside = 0
    for _ in range(400):
        values = outcome(FULL, 8) + luck.normal(0.0, 1.0, (8, 8))
        row = effects(FULL, values, FACTORS).iloc[0]
        inside += row.low <= 4.0 <= row.high
    assert 0.92 <= inside / 400 <= 0.98


def test_a_half_fraction_names_what_it_cannot_tell_apart():
    """With c = a x b, the main effect of c is that of the interaction."""
    half = FULL[
        [(row.a > 0.5) == (row.b > 0.5) if row.c > 0.5 else (row.a > 0.5) != (row.b > 0.5) for row in FULL.itertuples()]
    ]
    table = effects(half.reset_index(drop=True), outcome(half, 4), FACTORS).set_index(["factor", "other"])
    assert table.alias[("c", "")] == "a × b"
    assert table.alias[("a", "b")] == "c"


def test_the_condition_to_start_with_is_the_one_with_the_largest_effect_and_says_how_sure():
    """Clear effects are sure, equal ones are not."""
    table = first_of_all(FULL, outcome(FULL, 40, noise=0.1), FACTORS)
    assert table.factor.tolist()[:2] == ["a", "b"]
    assert table["first"][0] == 1.0
    assert (table.rank_low <= table.rank_high).all()
    equal = first_of_all(FULL, np.random.default_rng(2).normal(0, 1, (8, 40)), FACTORS)
    assert equal["first"].max() < 0.95


@pytest.mark.parametrize(("direction", "order"), [(MORE, ["a", "b"]), (LESS, ["c", "b"]), (NEITHER, ["a", "b"])])
def test_what_comes_first_goes_by_the_direction_that_is_welcome_and_keeps_its_own_sign(direction, order):
    """Where less is better a condition that raises the outcome comes last, and is still said to raise it."""
    table = first_of_all(FULL, outcome(FULL, 6), FACTORS, direction)
    assert table.factor.tolist()[:2] == order
    assert table.set_index("factor").effect["a"] == pytest.approx(4.0)


def test_a_paired_difference_leaves_shared_luck_out():
    """The baseline differs from itself by nothing."""
    table = paired(outcome(FULL, 20, own=100.0), 0)
    assert table.difference.tolist() == pytest.approx([0, 0, 1, 1, 3, 3, 6, 6])
    assert table.higher.tolist() == [0, 0, 1, 1, 1, 1, 1, 1]
    assert table.lower.tolist() == [0] * 8


def test_a_factor_with_three_levels_is_refused():
    """Effects of two levels only."""
    with pytest.raises(ks.InputError) as error:
        effects(pd.DataFrame({"a": [0.0, 0.5, 1.0]}), np.zeros((3, 4)), ["a"])
    assert error.value.problems[0].key == "error.not_two_levels"


# --- robustness ------------------------------------------------------------------------------------------------------
def test_every_measure_of_robustness_prefers_the_choice_of_the_textbook():
    """A bold, a safe and a middling choice in three worlds."""
    table = robustness(np.array([[9.0, 1.0, 2.0], [4.0, 4.0, 4.0], [6.0, 3.0, 3.0]]), wanted=3.0)
    assert table["worst"].tolist() == [1.0, 4.0, 3.0]
    assert table.regret.tolist() == [3.0, 5.0, 3.0]
    assert table.satisficing.tolist() == pytest.approx([1 / 3, 1.0, 1.0])
    assert [int(table[f"best_{name}"].argmax()) for name in ("mean", "worst", "regret", "satisficing")] == [0, 1, 0, 1]


def test_where_the_two_best_are_equal_nobody_wins():
    """Not the one that happens to stand first."""
    outcomes = np.array([[[0.5, 0.3], [0.2, 0.1]], [[0.5, 0.3], [0.4, 0.2]], [[0.1, 0.1], [0.9, 0.8]]])
    assert winners(outcomes)["best"].tolist() == [NOBODY, 2]


def test_a_choice_that_missed_a_world_is_refused():
    """Otherwise its worst world could be the one it never met."""
    points = pd.DataFrame({"choice": [0, 0, 1], "world": [0, 1, 0]})
    with pytest.raises(ks.InputError):
        in_worlds(points, np.array([1.0, 2.0, 3.0]))
    choices, worlds, table = in_worlds(pd.DataFrame({"choice": [1, 0], "world": [0, 0]}), np.array([1.0, 2.0]))
    assert (choices, worlds, table.tolist()) == ([0, 1], [0], [[2.0], [1.0]])


# --- scenario discovery ----------------------------------------------------------------------------------------------
def test_a_box_that_was_put_in_is_found_and_nothing_else():
    """Low frame with much room, among five inputs."""
    luck = np.random.default_rng(3)
    inputs = pd.DataFrame(luck.random((1500, 5)), columns=["frame", "room", "trust", "binding", "capacity"])
    inside = (inputs.frame < 0.3) & (inputs.room > 0.7)
    interest = (inside & (luck.random(1500) < 0.95)) | (~inside & (luck.random(1500) < 0.02))
    found = boxes(inputs, interest.to_numpy())[0]
    assert {limit.input for limit in found.limits} == {"frame", "room"}
    limits = {limit.input: limit for limit in found.limits}
    assert limits["frame"].low is None
    assert limits["frame"].high == pytest.approx(0.3, abs=0.06)
    assert limits["room"].low == pytest.approx(0.7, abs=0.06)
    assert limits["room"].high is None
    assert found.density >= 0.8
    assert found.coverage > 0.6


@pytest.mark.parametrize("seed", [2, 3, 4, 8, 9])
def test_chance_alone_gives_no_box(seed):
    """Also where a limit looks sure beside others that are chance themselves."""
    luck = np.random.default_rng(seed)
    inputs = pd.DataFrame(luck.random((800, 8)), columns=list("abcdefgh"))
    assert boxes(inputs, luck.random(800) < 0.3, density=0.65, most=1) == []


def test_too_few_cases_are_refused_with_their_number():
    """A box of three cases says nothing."""
    inputs = pd.DataFrame({"a": np.linspace(0, 1, 100)})
    with pytest.raises(ks.InputError) as error:
        boxes(inputs, inputs.a.to_numpy() > 0.98)
    assert error.value.problems[0].facts["cases"] == 2


def test_a_tree_finds_a_corner_and_two_parts_that_no_single_box_holds():
    """Known answers: the limits, everything covered, and the same whenever it is asked."""
    luck = np.random.default_rng(3)
    inputs = pd.DataFrame(luck.random((800, 3)), columns=["a", "b", "idle"])
    corner = ((inputs.a > 0.6) & (inputs.b < 0.3)).to_numpy()
    leaf = leaves(inputs, corner)[0]
    limits = {limit.input: limit for limit in leaf.limits}
    assert set(limits) == {"a", "b"}
    assert limits["a"].low == pytest.approx(0.6, abs=0.02)
    assert limits["a"].high is None
    assert limits["b"].high == pytest.approx(0.3, abs=0.02)
    assert leaf.density == leaf.coverage == 1.0
    apart = ((inputs.a < 0.2) | (inputs.a > 0.8)).to_numpy()
    found = leaves(inputs, apart)
    assert [len(box.limits) for box in found] == [1, 1]
    assert sum(box.coverage for box in found) == pytest.approx(1.0)
    assert str(found) == str(leaves(inputs, apart))  # not-a-number is unequal to itself


def test_a_tree_of_luck_has_no_leaf_that_is_dense():
    luck = np.random.default_rng(1)
    inputs = pd.DataFrame(luck.random((800, 2)), columns=["a", "b"])
    assert all(box.density < 0.8 for box in leaves(inputs, luck.random(800) < 0.3))
    with pytest.raises(InputError):
        leaves(inputs[:20], luck.random(20) < 0.5)
