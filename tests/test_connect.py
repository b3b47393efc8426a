"""Claims about connectors: other people's tools get the numbers of ``simulate``, and what they find is an experiment."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from SALib.analyze import morris
from SALib.sample import morris as morris_sample
from tests.conftest import refused, scenario_of, small

import ketensim as ks
from ketensim.connect import ema, salib
from ketensim.connect.steered import Steered
from ketensim.experiment.verify import verification_of

INPUTS = {"room": (0.2, 0.9), "room_week": (0, 20), "A.frame": None}
OUTCOMES = ("goal_realisation", "costs", "waiting")


@pytest.fixture(scope="module")
def chain() -> ks.Scenario:
    return scenario_of(small(weeks=30))


def test_a_call_is_simulate_with_the_levers_decided_in_their_weeks(chain: ks.Scenario) -> None:
    steered = Steered(chain, INPUTS, OUTCOMES, runs=5, seed=3, workers=1)
    found = steered(room=0.8, room_week=6.4, A__frame=0.1)
    same = chain.with_levers(organisation="A", frame=0.1).with_levers(6, room=0.8)
    runs = ks.simulate(same, runs=5, seed=3).runs
    assert found == {name: pytest.approx(runs[name].mean(), rel=1e-12) for name in OUTCOMES}


def test_what_is_no_input_or_lies_outside_is_refused(chain: ks.Scenario) -> None:
    for inputs, key in (
        ({"romo": None}, "unknown_factor"),
        ({"Nobody.room": None}, "unknown_organisation"),
        ({"room": (0.5, 2.0)}, "out_of_range"),
        ({"room": (0.5, 0.2)}, "out_of_range"),
        ({"room_week": None}, "missing_key"),
        ({"room": 0.5}, "not_two_ends"),
    ):
        with refused(key):
            Steered(chain, inputs)
        with refused(key):
            ema.model(chain, inputs)
    for given, key in (
        ({"outcomes": ("gaol",)}, "unknown_outcome"),
        ({"outcomes": ()}, "missing_key"),
        ({"runs": 0}, "not_whole"),
        ({"seed": -1}, "not_whole"),
    ):
        with refused(key):
            Steered(chain, {"room": None}, **given)
    for odd in (float("nan"), float("inf")):
        with refused("not_a_number"):
            salib.evaluated(Steered(chain, {"capacity": None}, runs=1), np.array([[odd]]))
    with refused("no_value"):
        Steered(chain.with_weeks(3), {"room": None}, runs=1)(room=0.5)


def test_salib_finds_exactly_nothing_in_an_input_that_does_nothing(chain: ks.Scenario) -> None:
    idle = {"policy_switch_week": None}  # of a policy that this chain does not have
    steered = salib.steered(chain, {"room": (0.2, 0.9), **idle}, ("open",), runs=3, workers=1)
    problem = salib.problem(steered)
    points = morris_sample.sample(problem, 4, seed=1)
    values = salib.evaluated(steered, points)["open"]
    found = morris.analyze(problem, points, values)
    mu = dict(zip(found["names"], found["mu_star"], strict=True))
    assert mu["policy_switch_week"] == 0.0
    assert mu["room"] > 0.0
    with refused("columns"):
        salib.evaluated(steered, points[:, :1])


def test_a_search_leaves_out_no_outcome_without_a_word(chain: ks.Scenario) -> None:
    made = ema.model(chain, {"room": None}, None, ("goal_realisation", "interventions"), runs=1, workers=1)
    with refused("no_direction", given="interventions"):
        ema.search(made, evaluations=8)
    said = {"interventions": "less"}
    made = ema.model(chain, {"room": None}, None, ("goal_realisation", "interventions"), 1, directions=said, workers=1)
    assert "interventions" in ema.search(made, evaluations=8)
    for odd in ({"interventions": "fewer"}, {"waiting": "less"}):
        with refused("not_one_of"):
            ema.model(chain, {"room": None}, None, ("interventions",), directions=odd)
    with refused("not_whole"):
        ema.search(made, evaluations=0)


def test_an_experiment_is_made_of_rows_with_inputs_of_the_search_only(chain: ks.Scenario) -> None:
    steered = Steered(chain, INPUTS, OUTCOMES, runs=1)
    assert len(steered.experiment([{"room": 0.5, "costs": 3.0}]).policies) == 1
    with refused("no_rows"):
        steered.experiment([])
    with refused("unknown_factor", nearest="room"):
        steered.experiment([{"rom": 0.5}])


@pytest.mark.jit
def test_a_search_over_levers_and_moments_gives_solutions_that_are_an_experiment_and_can_be_verified(
    chain: ks.Scenario, tmp_path: Path
) -> None:
    made = ema.model(chain, INPUTS, None, OUTCOMES, runs=2, seed=1, workers=1)
    found = ema.search(made, evaluations=100, seed=1)
    assert list(found.columns) == ["room", "room_week", "A__frame", *OUTCOMES]
    signs = np.array([-1.0, 1.0, 1.0])
    values = found[list(OUTCOMES)].to_numpy() * signs
    beaten = [
        (values[other] <= values[row]).all() and (values[other] < values[row]).any()
        for row in range(len(values))
        for other in range(len(values))
    ]
    assert len(found) >= 1
    assert not any(beaten)
    experiment = made.steered.experiment(found.head(3).to_dict("records"))
    result = ks.run_experiment(experiment, tmp_path / "out")
    means = result.runs.groupby("point")[list(OUTCOMES)].mean()
    np.testing.assert_allclose(means, found.head(3)[list(OUTCOMES)], rtol=1e-12)
    assert verification_of(result, sample=4).good


def test_the_workbench_runs_levers_against_uncertainties(chain: ks.Scenario) -> None:
    made = ema.model(chain, {"room": None}, {"capacity": (0.8, 1.2)}, ("goal_realisation",), runs=2, workers=1)
    from ema_workbench import SequentialEvaluator

    with SequentialEvaluator(made) as evaluator:
        experiments, outcomes = evaluator.perform_experiments(scenarios=2, policies=2)
    again = made.steered(room=float(experiments["room"].iloc[0]), capacity=float(experiments["capacity"].iloc[0]))
    assert outcomes["goal_realisation"][0] == again["goal_realisation"]
