"""Claims about what an experiment says: known answers come back, and what a design cannot say is not said."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
from tests.experiment.small import done, written

import ketensim as ks
from ketensim.analysis.answers import Answers
from ketensim.analysis.winners import winners
from ketensim.experiment.parquet import TableWriter, read_table
from ketensim.views.experiment.experiment_conclusions import conclusions
from ketensim.views.experiment.experiment_words import Words
from ketensim.views.experiment.page import ExperimentPage

ENDS = {"from": 0.0, "to": 1.0}


def answers(folder: Path, truth: object = None, **changes: object) -> Answers:
    """What an experiment says, when ``truth`` (of the points) takes the place of what was simulated."""
    result = done(written(folder, **changes), folder / "out").result
    if truth is not None:
        runs = read_table(result.folder / "runs.parquet")
        points = result.points.set_index("point").loc[runs["point"]]
        luck = np.random.default_rng(3).normal(size=int(runs["replication"].max()) + 1)[runs["replication"]]
        runs[result.experiment.outcomes[0]] = np.asarray(truth(points)) + 0.01 * luck
        with TableWriter(
            result.folder / "runs.parquet", {name: str(kind) for name, kind in runs.dtypes.items()}
        ) as out:
            out.add([runs[name].to_numpy() for name in runs])
    return Answers(ks.ExperimentResult.load(result.folder))


def test_a_known_main_effect_and_a_known_interaction_come_back(tmp_path: Path) -> None:
    both = {name: [0.2, 0.8] for name in ("frame", "room", "shared_urgency")}
    found = answers(
        tmp_path,
        lambda p: 0.5 + 0.1 * p["frame"] + 0.5 * (p["room"] - 0.5) * (p["shared_urgency"] - 0.5),
        levers=both,
        design={"kind": "factorial"},
        runs=4,
    )
    table = found.tables["effects"].set_index(["factor", "other"])["effect"]
    assert table["frame", ""] == pytest.approx(0.06)
    assert table["room", ""] == pytest.approx(0.0, abs=1e-9)
    assert table["room", "shared_urgency"] == pytest.approx(0.5 * 0.6 * 0.3)
    assert found.tables["first"].iloc[0]["factor"] == "frame"


def test_when_less_is_better_the_condition_that_lowers_comes_first(tmp_path: Path) -> None:
    found = answers(
        tmp_path,
        lambda p: 0.5 + 0.1 * p["frame"] - 0.05 * p["room"],
        levers={"frame": [0.2, 0.8], "room": [0.2, 0.8]},
        design={"kind": "factorial"},
        wanted={"goal_realisation": {"at_most": 0.5}},
        runs=4,
    )
    assert found.tables["first"].iloc[0]["factor"] == "room"


def test_shares_of_the_variance_of_a_known_sum_come_back_without_luck(tmp_path: Path) -> None:
    """Of 3x + y over the unit square nine tenths of the variance come from x."""
    found = answers(
        tmp_path,
        lambda p: 3.0 * p["frame"] + p["room"],
        levers={"frame": ENDS, "room": ENDS},
        design={"kind": "sobol", "base": 64},
        runs=3,
    )
    table = found.tables["sobol"].set_index("input")
    assert table.loc["frame", "first"] == pytest.approx(0.9, abs=0.03)
    assert table.loc["room", "total"] == pytest.approx(0.1, abs=0.03)


def test_morris_tells_a_slope_and_that_it_is_straight(tmp_path: Path) -> None:
    found = answers(
        tmp_path,
        lambda p: 2.0 * p["frame"] + p["capacity"],
        levers={"frame": ENDS},
        uncertainties={"capacity": {"from": 0.5, "to": 1.0}},
        design={"kind": "morris", "trajectories": 4},
        luck="equal",
        runs=3,
    )
    table = found.tables["morris"].set_index("input")
    assert table.loc["frame", "mu"] == pytest.approx(2.0)
    assert table.loc["capacity", "mu"] == pytest.approx(0.5)
    assert table["sigma"].max() == pytest.approx(0.0, abs=1e-9)


def answers_in_a_box(tmp_path: Path) -> Answers:
    """It goes well with little frame and much room, and nowhere else."""
    return answers(
        tmp_path,
        lambda p: ((p["frame"] < 0.4) & (p["room"] > 0.5)).astype(float),
        levers={"frame": ENDS, "room": ENDS, "shared_urgency": ENDS},
        design={"kind": "latin_hypercube", "points": 200},
        wanted={"goal_realisation": {"at_least": 0.5}},
        runs=2,
    )


def test_a_known_box_is_found(tmp_path: Path) -> None:
    found = answers_in_a_box(tmp_path)
    box = found.boxes[0][3][0]
    limits = {limit.input: limit for limit in box.limits}
    assert set(limits) == {"frame", "room"}
    assert limits["frame"].low is None and limits["room"].high is None
    # the largest box that is dense enough is taken, so it may be somewhat wider than the true one, not narrower
    assert 0.35 < limits["frame"].high < 0.6
    assert 0.3 < limits["room"].low < 0.55
    assert box.coverage > 0.9
    assert box.density >= 0.8


def test_policies_are_compared_on_equal_luck_inside_every_world(tmp_path: Path) -> None:
    found = answers(
        tmp_path,
        lambda p: np.where(p["policy"] == "hold_firm", 0.2, 0.3) * p["capacity"],
        levers=None,
        uncertainties={"capacity": [0.5, 1.0]},
        worlds={"kind": "grid"},
        policies=["hold_firm", "let_go_at_once"],
        runs=5,
    )
    row = found.tables["policies"].set_index("policy").loc["let_go_at_once"]
    assert row["difference"] == pytest.approx(0.1 * 0.75)
    assert row["low"] == pytest.approx(row["high"]), "equal luck drops out of the difference"
    robust = found.tables["robustness"].set_index("policy")
    assert robust.loc["let_go_at_once", "worst"] == pytest.approx(0.15, abs=0.02)
    assert bool(robust.loc["let_go_at_once", "best_regret"])


def test_where_each_way_to_steer_does_best_comes_back_with_the_limit_between_them(tmp_path: Path) -> None:
    found = answers(
        tmp_path,
        lambda p: np.where(p["policy"] == "hold_firm", p["drift"], 0.06) + 0.1 * p["capacity"],
        levers=None,
        uncertainties={"drift": {"from": 0, "to": 0.1}, "capacity": {"from": 0.8, "to": 1.2}},
        design={"kind": "latin_hypercube", "points": 100},
        policies=["hold_firm", "let_go_at_once"],
        runs=3,
    )
    wins = found.tables["wins"].set_index("policy")
    assert wins.loc["hold_firm", "wins"] == pytest.approx(0.4, abs=0.02)
    assert wins.loc["let_go_at_once", "sure_wins"] == pytest.approx(0.6, abs=0.02)
    assert (found.tables["winners"]["lead"] > 0).all() and len(found.tables["winners"]) == 100
    domains = {policy: boxes[0].limits for _, policy, _, boxes in found.domains}
    assert [limit.input for limit in domains["hold_firm"]] == ["drift"]
    assert domains["hold_firm"][0].low == pytest.approx(0.06, abs=0.015)
    assert domains["let_go_at_once"][0].high == pytest.approx(0.06, abs=0.015)


def test_what_a_lever_does_is_compared_between_circumstances_and_between_ways_to_steer(tmp_path: Path) -> None:
    found = answers(
        tmp_path,
        lambda p: (
            0.3 * p["frame"] * p["capacity"]
            + np.where(p["policy"] == "hold_firm", 0.1, 0.0) * p["frame"]
            + 0.2 * p["room"]
        ),
        levers={"frame": [0, 0.5, 1], "room": [0, 1]},
        uncertainties={"capacity": [0.8, 1.0, 1.2]},
        worlds={"kind": "grid"},
        policies=["none", "hold_firm"],
        runs=3,
    )
    table = found.tables["dependence"].set_index(["factor", "given"])
    assert table.loc[("frame", "capacity"), "difference"] == pytest.approx(0.3 * 0.4)
    assert table.loc[("frame", "capacity"), "effect_here"] == pytest.approx(0.3 * 0.8 + 0.05)
    assert table.loc[("frame", "policy"), "difference"] == pytest.approx(0.1)
    assert table.loc[("room", "capacity"), "difference"] == pytest.approx(0.0, abs=1e-9)


def test_what_does_most_for_an_outcome_has_the_welcome_sign_and_is_sure(tmp_path: Path) -> None:
    found = answers(
        tmp_path,
        lambda p: 0.5 - 0.2 * p["frame"] + 0.1 * p["room"],
        levers={"frame": [0.2, 0.8], "room": [0.2, 0.8]},
        design={"kind": "factorial"},
        outcomes=["goal_realisation", "arrived"],
        runs=4,
    )
    effects = found.tables["effects"]
    assert found.does_most(effects, "goal_realisation")["factor"] == "room"
    assert found.does_most(effects, "arrived") is None, "no lever makes more cases arrive"


def test_a_block_with_a_failed_point_gives_no_effects_and_the_others_do(tmp_path: Path) -> None:
    from ketensim.experiment.parquet import write_table

    result = done(
        written(tmp_path, levers={"frame": [0.2, 0.8], "room": [0.2, 0.8]}, policies=["none", "hold_firm"]),
        tmp_path / "out",
    ).result
    points = result.points.assign(failed=result.points["point"] == 0)
    write_table(result.folder / "points.parquet", points)
    found = Answers(ks.ExperimentResult.load(result.folder))
    assert set(found.tables["effects"]["policy"]) == {"hold_firm"}
    assert 0 not in set(found.tables["outcomes"]["point"])


def test_the_mean_of_a_point_is_that_of_its_runs(tmp_path: Path) -> None:
    found = answers(tmp_path, outcomes=["goal_realisation", "arrived"])
    table = found.tables["outcomes"]
    one = table[(table["point"] == 2) & (table["outcome"] == "arrived")].iloc[0]
    runs = found.result.runs
    values = runs[runs["point"] == 2]["arrived"]
    assert one["mean"] == pytest.approx(values.mean())
    assert one["low"] < one["mean"] < one["high"]
    shutil.rmtree(tmp_path / "out")


LATIN = {"levers": {"frame": ENDS, "room": ENDS}, "design": {"kind": "latin_hypercube", "points": 60}, "runs": 2}
TWO_LEVELS = {"levers": {"frame": [0.2, 0.8], "room": [0.2, 0.8]}, "design": {"kind": "factorial"}, "runs": 4}
WAYS = {"levers": {"frame": [0.2, 0.8]}, "policies": ["none", "hold_firm"], "runs": 4}


def sentences(found: Answers, language: str = "en") -> str:
    return "\n".join(conclusions(Words(found, language)))


def test_of_an_outcome_of_which_less_is_better_the_least_is_best_everywhere(tmp_path: Path) -> None:
    """The table of outcomes knows it, without a wish in the file."""
    steered = answers(
        tmp_path, lambda p: np.where(p["policy"] == "hold_firm", 0.4, 0.2), outcomes=["administration_share"], **WAYS
    )
    assert set(steered.tables["winners"]["best"]) == {"none"}
    assert "No steering policy does best: time spent on administration 20%" in sentences(steered)
    two = answers(tmp_path / "two", lambda p: 0.1 * p["frame"] - 0.2 * p["room"], outcomes=["open"], **TWO_LEVELS)
    assert two.tables["first"].iloc[0]["factor"] == "room"
    assert two.tables["first"].iloc[0]["effect"] == pytest.approx(-0.12)


def test_what_is_good_of_an_outcome_of_which_less_is_better_is_little_of_it(tmp_path: Path) -> None:
    found = answers(tmp_path, lambda p: 1.0 * (p["frame"] > 0.3), outcomes=["administration_share"], **LATIN)
    limit = found.boxes[0][3][0].limits[0]
    assert limit.input == "frame" and limit.low is None, "a box of low outcomes, not of high ones"
    said = sentences(found)
    assert "You gave no criterion" in said and "is at most" in said and "is at least" not in said


def test_an_outcome_without_a_direction_gets_no_verdict_word(tmp_path: Path) -> None:
    """More interventions are neither better nor worse until somebody says so."""
    found = answers(
        tmp_path, lambda p: np.where(p["policy"] == "hold_firm", 6.0, 2.0), outcomes=["interventions"], **WAYS
    )
    assert not {"winners", "wins", "robustness", "boxes"} & set(found.tables)
    for language, words in (
        ("en", ("best", "better", "good enough", "helps")),
        ("nl", ("best", "goed genoeg", "helpt")),
    ):
        told = sentences(found, language).splitlines()
        for sentence in told[:-1]:  # the last says that nobody said what is better
            assert not any(word in sentence for word in words), sentence
    assert "is highest with Keep steering firmly" in sentences(found)
    assert "interventions: less" in told[-1]
    two = answers(
        tmp_path / "two", lambda p: 1.0 * p["frame"] - 2.0 * p["room"], outcomes=["interventions"], **TWO_LEVELS
    )
    assert "room moves interventions most" in sentences(two)
    drawn = answers(tmp_path / "drawn", lambda p: p["frame"], outcomes=["interventions"], **LATIN)
    assert not drawn.boxes


@pytest.mark.parametrize(("wish", "best"), [("less", "none"), ("more", "hold_firm")])
def test_a_direction_alone_can_be_said_in_the_file(tmp_path: Path, wish: str, best: str) -> None:
    found = answers(
        tmp_path,
        lambda p: np.where(p["policy"] == "hold_firm", 6.0, 2.0),
        outcomes=["interventions"],
        wanted={"interventions": wish},
        **WAYS,
    )
    assert set(found.tables["winners"]["best"]) == {best}
    assert ks.ExperimentResult.load(tmp_path / "out").experiment.wanted["interventions"].better == wish


def test_a_criterion_that_was_given_is_not_called_made_up(tmp_path: Path) -> None:
    wanted = {"goal_realisation": {"at_least": 0.5}}
    found = answers(tmp_path, lambda p: 1.0 * (p["frame"] > 0.3), wanted=wanted, **LATIN)
    assert "You gave no criterion" not in sentences(found) and found.criterion.threshold == 0.5


def test_runs_without_a_value_are_counted_and_left_out(tmp_path: Path) -> None:
    """One run in three knows nothing; the effect is that of the others."""
    found = answers(
        tmp_path,
        lambda p: np.where(np.arange(len(p)) % 4 == 1, np.nan, 0.5 + 0.1 * p["frame"]),
        **TWO_LEVELS,
    )
    effects = found.tables["effects"].set_index(["factor", "other"])["effect"]
    assert effects["frame", ""] == pytest.approx(0.06)
    assert found.missing["goal_realisation"] == (4, 16, 0)
    assert "Of 16 runs 4 have no value" in sentences(found)


def test_a_result_of_which_nothing_is_known_says_so_in_one_sentence(tmp_path: Path) -> None:
    for kind in (TWO_LEVELS, LATIN, WAYS):
        found = answers(
            tmp_path / str((TWO_LEVELS, LATIN, WAYS).index(kind)), lambda p: np.full(len(p), np.nan), **kind
        )
        assert sentences(found).splitlines() == [sentences(found)]
        assert "too short" in sentences(found)
        ExperimentPage(found, "nl", "").html()


def test_a_sensitivity_that_luck_explains_names_no_factor_as_the_first(tmp_path: Path) -> None:
    """The headline asks first whether anything can be told from luck."""
    ends = {"levers": {"frame": ENDS, "room": ENDS}, "runs": 3, "luck": "own"}
    noise = np.random.default_rng(8)
    screened = answers(
        tmp_path, lambda p: noise.normal(0, 1, len(p)), design={"kind": "morris", "trajectories": 8}, **ends
    )
    assert "of no factor can it be told from luck" in sentences(screened)
    shares = answers(tmp_path / "s", lambda p: noise.normal(0, 1, len(p)), design={"kind": "sobol", "base": 32}, **ends)
    told = sentences(shares)
    assert "of no factor can it be told" in told or "no factor can be named" in told


def test_a_tree_finds_the_known_box_too_and_says_so_in_both_languages(tmp_path: Path) -> None:
    found = answers_in_a_box(tmp_path)
    leaf = found.leaves[0][3][0]
    limits = {limit.input: limit for limit in leaf.limits}
    assert limits["frame"].high == pytest.approx(0.4, abs=0.03)
    assert limits["room"].low == pytest.approx(0.5, abs=0.03)
    assert leaf.coverage > 0.9
    assert set(found.tables["leaves"]["input"]) == set(limits)
    for language, told in (("en", "decision tree (CART)"), ("nl", "beslisboom (CART)")):
        assert any(told in sentence for sentence in conclusions(Words(found, language)))
        assert told in ExperimentPage(found, language, "again").html()


def test_a_small_difference_that_is_sure_is_never_told_as_nought(tmp_path: Path) -> None:
    found = answers(
        tmp_path,
        lambda p: np.where(p["policy"] == "hold_firm", 0.50012, 0.5),
        outcomes=["administration_share"],
        **WAYS,
    )
    assert "no other way to steer is better" in sentences(found)
    two = answers(
        tmp_path / "two", lambda p: 0.5 - 0.0002 * p["frame"], outcomes=["administration_share"], **TWO_LEVELS
    )
    assert "frame does most for time spent on administration, −0.012 percentage points" in sentences(two)
    assert "−0,012 procentpunt" in sentences(two, "nl")


def test_where_nothing_changes_or_one_run_tells_no_luck_nothing_comes_nearest_with_nought(tmp_path: Path) -> None:
    still = answers(tmp_path, lambda p: np.full(len(p), 0.5), **TWO_LEVELS)
    assert "no condition changed goal realisation in any run" in sentences(still)
    one = answers(
        tmp_path / "one",
        lambda p: 0.1 * p["frame"],
        **{**TWO_LEVELS, **WAYS, "runs": 1, "levers": TWO_LEVELS["levers"]},
    )
    assert "– to –" not in sentences(one) and "– tot –" not in sentences(one, "nl")
    assert "with one run per combination it cannot be told" in sentences(one)


def test_a_way_to_steer_that_is_ahead_by_luck_only_is_not_said_to_do_best(tmp_path: Path) -> None:
    noise = np.random.default_rng(4)
    found = answers(
        tmp_path, lambda p: noise.normal(0, 1, len(p)), **{**LATIN, "policies": ["none", "hold_firm"], "runs": 1}
    )
    assert "In no combination can it be told from luck which way to steer does best" in sentences(found)
    assert "does best in" not in sentences(found).replace("which way to steer does best; ", "")


def test_luck_of_ones_own_says_that_ways_to_steer_are_not_compared(tmp_path: Path) -> None:
    assert "were not compared" in sentences(answers(tmp_path, **WAYS, luck="own"))
    assert "were not compared" not in sentences(answers(tmp_path / "equal", **WAYS))


def test_a_box_is_drawn_over_every_point_of_which_something_is_known(tmp_path: Path) -> None:
    """One run of each point knows nothing: the box is that of the others."""
    truth = lambda p: np.where(np.arange(len(p)) % 2 == 0, np.nan, 1.0 * (p["frame"] < 0.4))  # noqa: E731
    found = answers(tmp_path, truth, **{**LATIN, "runs": 2})
    assert found.boxes[0][3][0].limits[0].input == "frame"


def test_the_best_in_a_situation_is_judged_on_runs_that_all_have_a_value_of() -> None:
    nothing = np.nan
    outcomes = np.array([[[0.1, 0.2, 9.0]], [[0.3, 0.4, nothing]]])
    assert winners(outcomes)[["best", "lead"]].round(2).to_numpy().tolist() == [[1.0, 0.2]]
