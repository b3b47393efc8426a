"""Contrasts of patterns against answers that are known."""

from __future__ import annotations

import numpy as np
import pytest
from pydantic import ValidationError

from ketensim.analysis.patterns import patterns_named
from ketensim.analysis.patterns.cells import changes_around
from ketensim.analysis.patterns.contrasts import best_point, comes_out, effect_of, points_there
from ketensim.analysis.patterns.description import Around, Pattern, Statement
from ketensim.analysis.patterns.sums import terms, value_of
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


def test_two_measures_that_go_together_are_told_from_two_that_do_not():
    luck = RNG.normal(0, 1, 400)
    values = {
        ("a", ("x",)): luck,
        ("b", ("x",)): 0.5 * luck + RNG.normal(0, 1, 400),
        ("c", ("x",)): RNG.normal(0, 1, 400),
    }
    together = statement(contrast="correlation", along=("a[x]",), against=("b[x]",), above=0.2)
    apart = statement(contrast="correlation", along=("a[x]",), against=("c[x]",), above=0.2)
    assert comes_out(together, effect_of(together, values)) and not comes_out(apart, effect_of(apart, values))
    assert effect_of(together, values).mean == pytest.approx(0.5 / np.sqrt(1.25), abs=0.12)


def test_the_interval_of_a_correlation_is_that_of_fisher_and_two_pairs_lie_between_their_own():
    from scipy import stats

    values = {}
    for cell, slope in (("x", 0.3), ("y", 0.8)):
        values["a", (cell,)] = RNG.normal(0, 1, 60)
        values["b", (cell,)] = slope * values["a", (cell,)] + RNG.normal(0, 1, 60)
    one, other, both = (
        effect_of(statement(contrast="correlation", along=along, against=against), values)
        for along, against in ((("a[x]",), ("b[x]",)), (("a[y]",), ("b[y]",)), (("a[x]", "a[y]"), ("b[x]", "b[y]")))
    )
    known = stats.pearsonr(values["a", ("x",)], values["b", ("x",)])
    assert (one.mean, one.low, one.high) == pytest.approx((known.statistic, *known.confidence_interval()))
    assert one.mean < both.mean < other.mean and both.high - both.low < other.high - other.low + 0.05


def test_a_correlation_with_what_never_moves_is_not_known():
    values = {("a", ("x",)): np.zeros(9), ("b", ("x",)): RNG.normal(0, 1, 9)}
    claim = statement(contrast="correlation", along=("a[x]",), against=("b[x]",), above=-2.0)
    assert not comes_out(claim, effect_of(claim, values))


@pytest.mark.parametrize(("mean", "holds"), [(0.35, True), (0.1, False), (0.6, False)])
def test_between_two_limits_above_is_as_wrong_as_below(mean: float, holds: bool):
    claim = statement(value="a[x]", above=0.2, below=0.5)
    assert comes_out(claim, effect_of(claim, {("a", ("x",)): RNG.normal(mean, 0.05, 50)})) == holds


@pytest.mark.parametrize(("least", "holds"), [(1, True), (2, True), (3, False)])
def test_what_must_come_out_in_some_of_several_is_judged_by_the_last_one_that_is_needed(least: int, holds: bool):
    values = {("a", (name,)): RNG.normal(mean, 0.1, 40) for name, mean in (("x", 1.0), ("y", -1.0), ("z", 0.5))}
    claim = statement(each=("a[x]", "a[y]", "a[z]"), least=least)
    assert comes_out(claim, effect_of(claim, values)) == holds


def contest(heights: dict[str, list[float]]) -> dict:
    luck = RNG.normal(0, 1, 60)
    return {
        ("goal", (name, f"s{place}")): height + luck + RNG.normal(0, 0.1, 60)
        for name, of_name in heights.items()
        for place, height in enumerate(of_name)
    }


@pytest.mark.parametrize(
    ("heights", "holds"),
    [
        ({"firm": [1, 0], "free": [0, 1]}, True),
        ({"firm": [1, 1], "free": [0, 0.5]}, False),
        ({"firm": [0, 0], "free": [0, 0], "late": [0, 0]}, False),
    ],
)
def test_that_nothing_is_best_everywhere_takes_a_state_in_which_each_one_is_beaten(heights: dict, holds: bool):
    claim = statement(contrast="never_best", measure="goal", states=("s0", "s1"))
    assert comes_out(claim, effect_of(claim, contest(heights))) == holds


def test_a_statement_says_in_how_many_of_several_it_must_come_out():
    with pytest.raises(ValidationError, match="least"):
        statement(each=("a[x]", "a[y]"), least=3)
    with pytest.raises(ValidationError, match="above"):
        Statement.model_validate({"text": TEXT, "value": "a[x]"})


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
    runs = Replications(0, nothing, np.zeros((1, 20, 1)), rows, *[nothing] * 6)
    around = Around(event="new_manager", start=-1, end=2, quiet=3)
    assert changes_around(runs, "trust", around).tolist() == [(-1.0 + 0.5) / 2]


def test_a_pattern_that_names_a_cell_that_is_not_there_is_refused():
    data = patterns_named(("A",))[0].model_dump(by_alias=True)
    data["statements"] = [{"text": TEXT, "value": "goal[nowhere]", "above": 0.0}]
    with pytest.raises(ValidationError, match="nowhere"):
        Pattern.model_validate(data)


def test_a_measure_of_something_that_is_not_drawn_is_refused():
    data = patterns_named(("A",))[0].model_dump(by_alias=True)
    data["measures"]["goal"] = {"label": TEXT, "drawn": "turnover"}
    with pytest.raises(ValidationError, match="turnover"):
        Pattern.model_validate(data)


def test_a_letter_that_no_pattern_has_is_refused_with_the_letters_there_are():
    with pytest.raises(InputError) as caught:
        patterns_named(("A", "Z"))
    assert caught.value.problems[0].facts["given"] == "Z"
