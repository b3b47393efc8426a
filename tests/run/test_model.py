"""The Mesa face: thin, watchable, and unmodified in Mesa's own tools."""

from __future__ import annotations

import mesa
import numpy as np
import pytest
from tests.conftest import scenario_of, small

import ketensim as ks
from ketensim.foundation.outcome_table import OUTCOME_NAMES


@pytest.fixture
def model() -> ks.ChainModel:
    return ks.ChainModel(scenario_of(small()), rng=1)


def test_a_model_starts_after_its_burn_in_and_stops_after_its_last_week(model):
    assert model.week == 0
    for _ in range(26):
        assert model.running
        model.step()
    assert not model.running
    before = model.weekly
    model.step()
    assert model.weekly.equals(before)


def test_levers_of_a_model_are_decided_in_week_0_unless_they_have_always_stood_there():
    """The chain before week 0 is the chain as it was, so the burn-in ends the same."""
    as_it_was, decided, always = (
        ks.ChainModel(scenario_of(small()), rng=1, **given)
        for given in ({}, {"room": 1.0}, {"room": 1.0, "always": True})
    )
    assert decided.state.organisation.discretion.tolist() == as_it_was.state.organisation.discretion.tolist()
    assert (always.state.organisation.discretion > as_it_was.state.organisation.discretion).all()


def test_agents_are_views_that_can_be_read_and_written(model):
    agent = model.organisation("A")
    model.step()
    assert agent.waiting == model.state.organisation[0].waiting
    agent.motivation = 0.25
    assert model.state.organisation[0].motivation == 0.25
    model.step()
    assert 0.2 < agent.motivation < 0.4


def test_two_models_at_once_do_not_touch_each_other():
    one, two, alone = (ks.ChainModel(scenario_of(small()), rng=1) for _ in range(3))
    for _ in range(5):
        one.step()
        two.organisation("A").motivation = 0.1
        two.step()
        alone.step()
    assert one.weekly.equals(alone.weekly)
    assert not one.weekly.equals(two.weekly)


def test_mesas_tools_work_on_the_agents(model):
    model.step()
    assert len(model.agents) == 2
    assert model.agents.agg("waiting", sum) == sum(agent.waiting for agent in model.agents)
    assert [agent.name for agent in model.agents.select(lambda agent: agent.number == 1)] == ["B"]
    model.agents.shuffle_do("explain")


def test_shuffling_and_the_models_own_generator_decide_nothing():
    plain, stirred = (ks.ChainModel(scenario_of(small()), rng=1) for _ in range(2))
    for _ in range(4):
        stirred.random.random()
        stirred.rng.random(5)
        stirred.agents.shuffle()
        plain.step()
        stirred.step()
    assert plain.weekly.equals(stirred.weekly)


def test_the_data_collector_holds_what_the_model_wrote(model):
    for _ in range(3):
        model.step()
    frame = model.datacollector.get_model_vars_dataframe()
    np.testing.assert_array_equal(frame[list(OUTCOME_NAMES)].to_numpy(), model.notebook.weekly_grid[:3])


def test_a_collector_of_agents_can_be_asked_for():
    model = ks.ChainModel(scenario_of(small()), rng=1, collect_agents=True)
    model.step()
    assert set(model.datacollector.get_agent_vars_dataframe()["name"]) == {"A", "B"}


@pytest.mark.jit
@pytest.mark.skipif(not hasattr(mesa, "batch_run"), reason="this Mesa has no batch_run")
def test_mesas_batch_run_runs_the_model_unmodified():
    rows = mesa.batch_run(
        ks.ChainModel,
        parameters={"scenario": "reference", "weeks": 4, "room": [0.2, 0.8]},
        rng=[1, 2],
        display_progress=False,
    )
    assert len(rows) == 4
    assert len({row["discretion"] for row in rows if row["room"] == 0.2}) >= 1
    by_room = {room: np.mean([row["discretion"] for row in rows if row["room"] == room]) for room in (0.2, 0.8)}
    assert by_room[0.2] < by_room[0.8]


@pytest.mark.jit
def test_mesas_solara_page_renders_the_model_unmodified():
    import solara
    from mesa.visualization import SolaraViz, make_plot_component

    page = SolaraViz(
        ks.ChainModel("reference", rng=1, weeks=4),
        components=[make_plot_component("goal_realisation_closed")],
        model_params={"room": {"type": "SliderFloat", "value": 0.5, "min": 0, "max": 1, "step": 0.1}},
    )
    box, context = solara.render(page, handle_error=False)
    assert box is not None
    context.close()


def test_a_generator_or_nothing_as_rng_draws_a_seed():
    one = ks.ChainModel(scenario_of(small()), rng=np.random.default_rng(5))
    two = ks.ChainModel(scenario_of(small()), rng=np.random.default_rng(5))
    three = ks.ChainModel(scenario_of(small()))
    assert one.luck_seed == two.luck_seed != three.luck_seed


def test_seed_zero_is_a_seed():
    assert ks.ChainModel(scenario_of(small()), rng=0).luck_seed == 0


def test_an_unknown_organisation_names_the_nearest():
    data = small()
    data["organisations"][0]["id"] = "Gemeente"
    data["links"][0]["from"] = data["case_types"][0]["entry"] = "Gemeente"
    model = ks.ChainModel(scenario_of(data), rng=1)
    with pytest.raises(ks.InputError) as error:
        model.organisation("Gemente")
    assert error.value.problems[0].facts["nearest"] == "Gemeente"


def test_an_organisation_can_say_why_it_changed(model):
    keys: set[str] = set()
    for _ in range(26):
        model.step()
        explanation = model.organisation("A").explain()
        assert explanation.week == model.week - 1
        assert str(explanation)
        keys |= {reason.key for reason in explanation.reasons}
    assert keys & {"explain.queue_up", "explain.queue_down"}
    assert keys & {"explain.returned", "explain.refused", "explain.returned_and_refused"}
