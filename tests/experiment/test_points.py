"""Claims about points: they are the scenarios one would have made by hand, and are known by what they are."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from tests.conftest import refused
from tests.experiment.small import written

import ketensim as ks
from ketensim.experiment.points import ExperimentPlan
from ketensim.experiment.specification import Experiment
from ketensim.scenario import build, files


def plan_of(folder: Path, name: str = "trial", **changes: object) -> ExperimentPlan:
    return ExperimentPlan(Experiment.load(written(folder, name, **changes)))


def keys_of(plan: ExperimentPlan) -> list[str]:
    return [plan.task(point).key for point in plan.points]


def test_a_point_is_the_scenario_that_one_would_make_by_hand(tmp_path: Path) -> None:
    incident = {"week": 3, "type": "incident", "size": 0.5, "label": {"nl": "x", "en": "x"}}
    plan = plan_of(
        tmp_path,
        levers={"frame": [0.3], "A.room": [0.9], "policy_trust": [0.4]},
        uncertainties={"capacity": [1.2], "trust_gain": [0.2], "non_standard": [0.1]},
        policies=[{"id": "x", "policy": "let_go_when_trusted", "calendar": [{"week": 5, "levers": {"frame": 0.8}}]}],
        events=[{"id": "y", "label": {"nl": "x", "en": "x"}, "events": [incident]}],
        weeks=20,
    )
    by_hand = (
        ks.load(tmp_path / "small.yaml")
        .with_weeks(20)
        .with_events(incident)
        .with_policy("let_go_when_trusted", policy_trust=0.4)
        .with_changes({"week": 5, "levers": {"frame": 0.8}})
        .with_levers(frame=0.3)
        .with_levers(organisation="A", room=0.9)
        .with_context(capacity=1.2, non_standard=0.1)
        .with_parameters(trust_gain=0.2)
    )
    made = plan.scenario(plan.points[0])
    assert files.dump(made) == files.dump(by_hand)
    for name, array in build.build(by_hand).arrays().items():
        np.testing.assert_array_equal(np.asarray(array), np.asarray(build.build(made).arrays()[name]), name)


def test_levers_are_decided_in_week_0_unless_they_have_always_stood_there(tmp_path: Path) -> None:
    """Of the experiment and of a way to steer alike; a factor goes before a way to steer in both."""
    steered = {"id": "x", "policy": "none", "levers": {"frame": 0.9, "room": 0.7}}
    for always in (False, True):
        for from_start in (False, True):
            plan = plan_of(
                tmp_path, levers={"frame": [0.3]}, always=always, policies=[{**steered, "always": from_start}]
            )
            chain = ks.load(tmp_path / "small.yaml")
            by_hand = chain.with_levers(always=always, frame=0.3).with_levers(always=from_start, room=0.7)
            made = plan.scenario(plan.points[0])
            assert {(week, made.lever_at(name, week)) for name in ("frame", "room") for week in (-1, 0)} == {
                (week, by_hand.lever_at(name, week)) for name in ("frame", "room") for week in (-1, 0)
            }
            assert (made.lever("frame") == 0.3, made.lever("room") == 0.7) == (always, from_start)


def test_a_way_to_steer_may_be_the_same_work_under_one_roof(tmp_path: Path) -> None:
    plan = plan_of(tmp_path, levers={"room": [0.9]}, policies=["none", {"id": "together", "one_roof": True}])
    apart, together = (plan.scenario(point) for point in plan.points)
    assert files.dump(together) == files.dump(ks.one_roof(ks.load(tmp_path / "small.yaml")).with_levers(room=0.9))
    assert files.dump(apart) != files.dump(together)


def test_always_without_levers_beside_it_is_refused(tmp_path: Path) -> None:
    for changes in ({"levers": {}, "always": True}, {"policies": [{"id": "x", "policy": "none", "always": True}]}):
        with refused("missing_key"):
            plan_of(tmp_path, **changes)


def test_everything_meets_everything_and_choices_and_worlds_are_numbered(tmp_path: Path) -> None:
    table = plan_of(
        tmp_path,
        uncertainties={"capacity": [0.9, 1.1]},
        worlds={"kind": "grid"},
        policies=["none", "hold_firm"],
        events=[{"id": name, "label": {"nl": "x", "en": "x"}} for name in ("one", "two")],
    ).table
    assert len(table) == 6 * 2 * 2 * 2
    assert table["choice"].nunique() == 6 * 2
    assert table["world"].nunique() == 2 * 2
    assert not table.duplicated(["choice", "world"]).any()


def test_equal_points_have_the_same_key_whatever_they_are_called(tmp_path: Path) -> None:
    one = plan_of(tmp_path, levers={"frame": [0.1, 0.5]}, runs=30)
    two = plan_of(tmp_path / "elsewhere", "other", levers={"frame": [0.5], "room": [0.5]}, runs=7)
    assert keys_of(two)[0] == keys_of(one)[1]


def test_another_seed_parameter_or_week_is_another_key(tmp_path: Path) -> None:
    plans = [
        plan_of(tmp_path, **change)
        for change in ({}, {"seed": 2}, {"weeks": 25}, {"uncertainties": {"trust_gain": [0.011]}})
    ]
    assert len({key for plan in plans for key in keys_of(plan)}) == 4 * 6


def test_luck_is_equal_by_default_and_of_its_own_for_sobol(tmp_path: Path) -> None:
    ends = {"frame": {"from": 0, "to": 1}}
    assert {point.first for point in plan_of(tmp_path).points} == {0}
    own = plan_of(tmp_path, levers=ends, design={"kind": "sobol", "base": 4}, runs=5).points
    assert [point.first for point in own] == [5 * place for place in range(len(own))]
