"""Claims about designs: what they vary, how much, and what they cannot tell apart."""

from __future__ import annotations

from itertools import combinations as pairs

import numpy as np
import pytest

from ketensim.experiment.design import FRACTIONS, combinations, design_problems, size
from ketensim.experiment.design_parts import Design, Factor

LETTERS = "abcdefghi"


def ranges(number: int) -> dict[str, Factor]:
    return {name: Factor.model_validate({"from": 2.0, "to": 4.0}) for name in LETTERS[:number]}


def as_array(rows: list[dict[str, float]]) -> np.ndarray:
    return np.array([list(row.values()) for row in rows])


@pytest.mark.parametrize(("number", "resolution"), sorted(FRACTIONS))
def test_a_fraction_has_the_resolution_it_promises(number: int, resolution: int) -> None:
    """The shortest product of columns that is constant has at least that many columns."""
    rows = combinations(Design(kind="fractional", resolution=resolution), ranges(number), 1)
    signs = as_array(rows) - 3.0
    constant = [
        width
        for width in range(1, number + 1)
        for chosen in pairs(range(number), width)
        if abs(signs[:, chosen].prod(axis=1).sum()) == len(signs)
    ]
    assert min(constant) >= resolution
    assert len(signs) < 2**number


def test_a_full_factorial_has_every_combination_once() -> None:
    rows = as_array(combinations(Design(kind="factorial"), ranges(4), 1))
    assert len(np.unique(rows, axis=0)) == len(rows) == 16
    assert set(rows.ravel()) == {2.0, 4.0}


def test_a_grid_takes_listed_values_as_they_are_and_divides_ranges() -> None:
    factors = {"a": Factor(values=(1.0, 5.0, 7.0)), "b": ranges(2)["b"]}
    rows = as_array(combinations(Design(kind="grid", levels=3), factors, 1))
    assert len(rows) == 9
    assert sorted(set(rows[:, 1])) == [2.0, 3.0, 4.0]


def test_a_latin_hypercube_has_one_value_in_every_slice_of_every_factor() -> None:
    rows = as_array(combinations(Design(kind="latin_hypercube", points=20), ranges(3), 7))
    slices = np.floor((rows - 2.0) / 2.0 * 20)
    assert all(sorted(column) == list(range(20)) for column in slices.T)


def test_a_design_that_draws_depends_on_its_seed_only() -> None:
    for design in (
        Design(kind="latin_hypercube", points=8),
        Design(kind="sobol", base=8),
        Design(kind="morris", trajectories=3),
    ):
        first, same, other = (as_array(combinations(design, ranges(3), seed)) for seed in (1, 1, 2))
        assert (first == same).all()
        assert (first != other).any()


@pytest.mark.parametrize(
    "design",
    [
        Design(kind="factorial"),
        Design(kind="fractional", resolution=4),
        Design(kind="latin_hypercube", points=9),
        Design(kind="sobol", base=8),
        Design(kind="morris", trajectories=5),
        Design(kind="grid", levels=3),
    ],
    ids=lambda design: design.kind,
)
def test_a_design_has_the_size_that_is_told_beforehand(design: Design) -> None:
    assert len(combinations(design, ranges(5), 1)) == size(design, ranges(5))


def test_a_design_that_does_not_fit_its_factors_is_refused() -> None:
    listed = {"a": Factor(values=(1.0, 2.0, 3.0))}
    keys = [one.key for one in design_problems(Design(kind="sobol", base=8), listed, "design")]
    assert keys == ["error.needs_ends"]
    assert [one.key for one in design_problems(Design(kind="factorial"), listed, "design")] == ["error.not_two_levels"]
    assert [one.key for one in design_problems(Design(kind="grid"), ranges(1), "design")] == ["error.missing_key"]
    too_many = design_problems(Design(kind="grid", levels=100), ranges(4), "design")
    assert [one.key for one in too_many] == ["error.too_many_points"]
    row = Design(kind="list", rows=({"a": 9.0, "zz": 1.0},))
    assert [one.key for one in design_problems(row, ranges(2), "design")] == [
        "error.out_of_range",
        "error.unknown_factor",
    ]
