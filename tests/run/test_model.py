"""The Mesa face: thin, watchable, and unmodified in Mesa's own tools."""

from __future__ import annotations

import copy
import pickle

import mesa
import numpy as np
import pytest
from tests.conftest import refused, scenario_of, small

import ketensim as ks
from ketensim.foundation.outcome_table import OUTCOME_NAMES
from ketensim.foundation.parameters import LEVER_NAMES
from ketensim.run.agents import FIELDS, WRITABLE
from ketensim.run.model import COHORTS, IN_COLLECTOR


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


def test_the_data_collector_holds_what_the_model_wrote_and_the_last_row_what_the_run_came_to():
    """Goal realisation is there that of all cases whose norm has passed: at the end the summary of the run."""
    scenario = scenario_of(small())
    model = ks.ChainModel(scenario, rng=1, replication=2)
    while model.running:
        model.step()
    frame = model.datacollector.get_model_vars_dataframe()
    by_week = [name for name in OUTCOME_NAMES if name not in COHORTS]
    np.testing.assert_array_equal(
        frame[[IN_COLLECTOR[name] for name in by_week]].to_numpy(), model.weekly[by_week].to_numpy()
    )
    assert not frame[list(COHORTS)].iloc[-1].isna().any()
    run = ks.simulate(scenario, runs=3, seed=1).runs.iloc[2]
    assert {name: frame[name].iloc[-1] for name in COHORTS} == {name: run[name] for name in COHORTS}


def test_no_column_of_a_batch_run_bears_the_name_of_a_lever():
    model = ks.ChainModel(scenario_of(small()), rng=1)
    assert not set(model.datacollector.model_reporters) & set(LEVER_NAMES)
    assert "frame_in_force" in model.datacollector.model_reporters


@pytest.mark.parametrize("copied", [copy.deepcopy, lambda model: pickle.loads(pickle.dumps(model))])
def test_a_copy_of_a_model_goes_on_alike_and_leaves_the_first_where_it_was(model, copied):
    model.step()
    twin = copied(model)
    twin.step()
    assert (model.week, twin.week, twin.steps) == (1, 2, 2)
    model.step()
    assert twin.outcome("open") > 0
    assert twin.weekly.equals(model.weekly)
    assert twin.organisation("A").model is twin


def test_state_chain_and_parameters_cannot_be_written_from_outside(model):
    for array in (model.state.lever_grid, model.chain.lever_grid, model.notebook.weekly_grid):
        with pytest.raises(ValueError, match="read-only"):
            array[:] = 0.9
    with pytest.raises(ValueError, match="read-only"):
        model.state.organisation["motivation"][0] = 0.9
    with pytest.raises(ValueError, match="read-only"):
        model.parameters[0].trust_gain = 0.9


def test_an_agent_refuses_what_the_next_week_would_undo(model):
    for name in set(FIELDS) - set(WRITABLE):
        with refused("worked_out", given=name):
            setattr(model.organisation("A"), name, 0.1)


@pytest.mark.parametrize("name", ["room", "trust", "trust_persons", "policy", "capacity", "trust_gain", "levers"])
def test_a_lever_written_as_an_attribute_of_the_model_is_refused_because_it_would_change_nothing(model, name):
    with refused("not_set_like_this", given=name):
        setattr(model, name, 0.9)
    model.my_own_note = 0.9


@pytest.mark.parametrize("name", WRITABLE)
def test_what_an_agent_takes_is_felt(name):
    """In the state after a year: some quantities show only when somebody is appointed or something happens."""
    data = small(weeks=52)
    data["organisations"][0]["turnover"] = 0.9
    data["parameters"] = {"table_every": 1}
    model = ks.ChainModel(scenario_of(data), rng=1)
    twin = copy.deepcopy(model)
    agent = twin.organisation("A")
    setattr(agent, name, 0.9 if getattr(agent, name) < 0.5 else 0.1)
    for _ in range(12):
        model.step()
        twin.step()
    written = [field for field in FIELDS if field != name]
    assert any((model.state.organisation[field] != twin.state.organisation[field]).any() for field in written)


def test_values_out_of_range_and_misspelt_names_are_refused(model):
    agent = model.organisation("A")
    with refused("out_of_range"):
        agent.motivation = 1.5
    with refused("no_such_quantity", nearest="motivation"):
        agent.motivaton = 0.5


def test_levers_that_are_set_on_the_way_are_a_decision_in_the_calendar():
    scenario = scenario_of(small())
    model = ks.ChainModel(scenario, rng=4)
    planned = ks.ChainModel(scenario.with_levers(5, room=0.9).with_levers(9, "A", frame=0.1), rng=4)
    for week in range(26):
        if week == 5:
            model.set_levers(room=0.9)
        if week == 9:
            model.set_levers("A", frame=0.1)
        model.step()
        planned.step()
    assert model.weekly.equals(planned.weekly)
    assert model.chain_scenario == planned.chain_scenario
    assert not model.weekly.equals(ks.ChainModel(scenario, rng=4).weekly)


def test_trust_that_is_set_stands_in_dyads_and_organisations_and_is_gone_on_with(model):
    model.set_trust("A", "B", persons=0.9, agreements=0.9)
    assert model.organisation("A").trust == pytest.approx(0.9)
    assert model.organisation("B").trust < 0.9
    model.set_trust(vertical=0.2)
    assert {agent.trust_vertical for agent in model.agents} == {0.2}
    before = model.state.dyad.trust_persons.copy()
    model.step()
    assert np.abs(model.state.dyad.trust_persons - before).max() < 0.1
    with refused("not_related"):
        model.set_trust("A", "A", persons=0.5)
    with refused("out_of_range"):
        model.set_trust(persons=2.0)


class Wary(ks.Organisation):
    """Takes its room back when work comes back to it, and remembers how often it did."""

    times = 0

    def step(self):
        if self.model.week == 3 and self.name == "A":
            self.model.set_levers(self.name, room=0.1)
            self.times += 1


def test_organisations_can_have_behaviour_of_their_own():
    scenario = scenario_of(small())
    model = ks.ChainModel(scenario, rng=1, organisation_class=Wary)
    planned = ks.ChainModel(scenario.with_levers(3, "A", room=0.1), rng=1)
    for _ in range(10):
        model.step()
        planned.step()
    assert model.weekly.equals(planned.weekly)
    assert [agent.times for agent in model.agents] == [1, 0]
    with refused("no_organisation"):
        ks.ChainModel(scenario, rng=1, organisation_class=dict)


def test_a_model_takes_changes_by_name_as_a_scenario_does():
    scenario = scenario_of(small())
    changes = {"A.room": 0.2, "room": 0.8, "capacity": 1.2, "trust_gain": 0.1, "policy": "let_go_at_once"}
    model = ks.ChainModel(scenario, seed=7, **changes)
    as_scenario = (
        scenario.with_policy("let_go_at_once")
        .with_parameters(trust_gain=0.1)
        .with_context(capacity=1.2)
        .with_levers(room=0.8)
        .with_levers(organisation="A", room=0.2)
    )
    assert model.luck_seed == 7
    assert model.chain_scenario == as_scenario
    with refused("unknown_change", nearest="capacity"):
        ks.ChainModel(scenario, capacitty=1.2)


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
    run = ks.simulate("reference", runs=1, seed=2, weeks=30).runs.iloc[0]
    (row,) = mesa.batch_run(ks.ChainModel, {"weeks": 30}, rng=[2], display_progress=False)
    assert row["goal_realisation"] == run.goal_realisation


@pytest.mark.jit
def test_mesas_solara_page_renders_the_model_unmodified_and_starts_it_anew():
    import solara
    from mesa.visualization import SolaraViz, make_plot_component

    model = ks.ChainModel(scenario_of(small(weeks=4)), rng=1)
    page = SolaraViz(
        model,
        components=[make_plot_component("goal_realisation_closed")],
        model_params={"room": {"type": "SliderFloat", "value": 0.5, "min": 0, "max": 1, "step": 0.1}},
    )
    box, context = solara.render(page, handle_error=False)
    assert box is not None
    context.close()
    again = ks.ChainModel(scenario=type(model.scenario)(), room=0.5)  # what Mesa's reset makes
    assert again.chain_scenario == model.chain_scenario.with_levers(room=0.5)


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
