"""Contrasts of patterns against answers that are known."""

from __future__ import annotations

import numpy as np
import pytest
from pydantic import ValidationError

from ketensim.analysis.patterns import patterns_named
from ketensim.analysis.patterns.cells import changes_around
from ketensim.analysis.patterns.contrasts import best_point, comes_out, effect_of, points_there
from ketensim.analysis.patterns.description import Around, Pattern, Statement, terms, value_of
from ketensim.foundation.errors import InputError
from ketensim.foundation.outcome_table import ORGANISATION_OUTCOME_NAMES
from ketensim.run.replications import Replications

TEXT = {"nl": "x", "en": "x"}
RNG = np.random.default_rng(7)


def statement(**facts) -> Statement:
    return Statement.model_validate({"text": TEXT, "above": 0.0, **facts})


def test_a_sum_is_read_term_by_term():
    values = {("a", ("x",)): np.array([1.0, 2.0]), ("b", ("x", "y")): np.array([10.0, 20.0])}
    assert value_of("2 a[x] - 0.5 b[x, y]", values).tolist() == [-3.0, -6.0]


@pytest.mark.parametrize("text", ["", "a", "a[x] b[y]", "a[x] + ", "2 * a[x]"])
def test_what_is_no_sum_is_refused(text: str):
    with pytest.raises(ValueError):
        terms(text)


def test_a_mean_has_the_interval_of_student():
    from scipy import stats

    found = RNG.normal(0.3, 1.0, 25)
    effect = effect_of(statement(value="a[x]"), {("a", ("x",)): found})
    low, high = stats.t.interval(0.95, 24, found.mean(), stats.sem(found))
    assert (effect.low, effect.high) == pytest.approx((low, high))


def test_an_unknown_value_is_left_out_of_a_mean():
    effect = effect_of(statement(value="a[x]"), {("a", ("x",)): np.array([1.0, np.nan, 3.0])})
    assert effect.mean == 2.0


def test_a_share_counts_what_lies_beyond_on_the_claimed_side():
    values = {("a", ("x",)): np.array([-0.2, -0.1, 0.0, 0.2])}
    assert effect_of(statement(value="a[x]", contrast="share", beyond=-0.05), values).mean == 0.5
    assert effect_of(statement(value="a[x]", contrast="share", beyond=0.05), values).mean == 0.25


def test_two_groups_are_told_from_one():
    one = {("a", ("x",)): RNG.normal(0, 1, 300)}
    two = {("a", ("x",)): np.concatenate([RNG.normal(-3, 1, 150), RNG.normal(3, 1, 150)])}
    claim = statement(value="a[x]", contrast="humps", above=None, below=0.05)
    assert not comes_out(claim, effect_of(claim, one))
    assert comes_out(claim, effect_of(claim, two))


def curve(heights: list[float], runs: int = 40) -> dict:
    luck = RNG.normal(0, 1, runs)  # the same at every point
    return {("a", (f"p{place}",)): height + luck + RNG.normal(0, 0.01, runs) for place, height in enumerate(heights)}


ALONG = tuple(f"a[p{place}]" for place in range(4))


@pytest.mark.parametrize(("heights", "holds"), [([0, 1, 1, 0], True), ([0, 1, 2, 3], False), ([3, 2, 1, 0], False)])
def test_an_optimum_inside_is_told_from_one_at_an_end(heights: list[float], holds: bool):
    claim = statement(contrast="inner_optimum", along=ALONG)
    assert comes_out(claim, effect_of(claim, curve(heights))) == holds


def test_a_flat_line_has_no_optimum_inside_though_one_point_is_chosen():
    claim = statement(contrast="inner_optimum", along=ALONG)
    wrong = sum(comes_out(claim, effect_of(claim, curve([0.0] * 4))) for _ in range(100))
    assert wrong <= 8  # 2.5 in a hundred are expected


def test_the_best_point_moves_by_what_it_is_moved():
    low, high = curve([0, 1, 0, 0]), curve([0, 0, 0, 1])
    values = {**low, **{("b", cell): found for (_, cell), found in high.items()}}
    claim = statement(
        contrast="optimum_shift",
        along=tuple(text.replace("a", "b", 1) for text in ALONG),
        against=ALONG,
        at=(0, 1, 2, 3),
    )
    effect = effect_of(claim, values)
    assert (effect.mean, effect.low, effect.high) == (2.0, 2.0, 2.0)
    assert best_point(np.array([0.0, 5.0]), np.array([[1.0, 1.0], [0.0, 0.0]])) == 0.0


def test_an_unknown_effect_never_holds():
    claim = statement(value="a[x]")
    effect = effect_of(claim, {("a", ("x",)): np.array([np.nan, np.nan])})
    assert not comes_out(claim, effect) and not points_there(claim, effect)


def test_a_change_around_an_event_leaves_out_events_that_follow_each_other():
    rows = np.zeros((1, 20, 2, len(ORGANISATION_OUTCOME_NAMES)))
    trust, event = (ORGANISATION_OUTCOME_NAMES.index(name) for name in ("trust", "new_manager"))
    rows[0, :, 0, trust] = np.arange(20) < 5  # falls from 1 to 0 in week 5
    rows[0, 5, 0, event] = 1
    rows[0, [8, 9], 1, event] = 1  # the second within the quiet weeks of the first
    rows[0, 9:, 1, trust] = 0.5
    nothing = np.zeros((1, 0))
    runs = Replications(0, nothing, np.zeros((1, 20, 1)), rows, nothing, nothing)
    around = Around(event="new_manager", start=-1, end=2, quiet=3)
    assert changes_around(runs, "trust", around).tolist() == [(-1.0 + 0.5) / 2]


def test_a_pattern_that_names_a_cell_that_is_not_there_is_refused():
    data = patterns_named(("A",))[0].model_dump(by_alias=True)
    data["statements"] = [{"text": TEXT, "value": "goal[nowhere]", "above": 0.0}]
    with pytest.raises(ValidationError, match="nowhere"):
        Pattern.model_validate(data)


def test_a_letter_that_no_pattern_has_is_refused_with_the_letters_there_are():
    with pytest.raises(InputError) as caught:
        patterns_named(("A", "Z"))
    assert caught.value.problems[0].facts["given"] == "Z"
