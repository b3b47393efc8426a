"""The engine and the slow twin, which was written from docs/en/model.md alone, are the same model."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

import hypothesis
import numpy as np
import pytest
from experiments.benchmarks.plain_mesa import CaseAgent, OrganisationAgent, PlainMesaChain
from hypothesis import strategies as st
from tests.conftest import Run, scenario_of
from tests.reference_model import ChainTwin, binomial, geometric, normal, numbers, philox, poisson
from tests.reference_model.chains import HAND_MADE, TO_BE_SEEN, many, notice
from tests.reference_model.docking import differences, near, outcomes_differ
from tests.reference_model.outcomes import summary
from tests.scenario.strategies import scenarios

import ketensim as ks
from ketensim.foundation.outcome_table import CASE_TYPE_OUTCOME_NAMES, ORGANISATION_OUTCOME_NAMES, OUTCOME_NAMES
from ketensim.foundation.parameters import PARAMETERS

ALL_TOO_MANY = 12  # differences to show


def docked(scenario: Any, seed: int = 1, replication: int = 0, weeks: Iterable[int] | None = None) -> Counter[str]:
    """Run both, compare at the end of these weeks (all when silent) and at the end of the run; what was seen."""
    run, twin, seen = Run(scenario, seed, replication), ChainTwin(scenario, seed, replication), Counter[str]()
    compare_at = set(range(twin.weeks + 1)) if weeks is None else {*weeks, twin.weeks}
    for week in range(1, twin.weeks + 1):
        twin.to(week)
        notice(twin, seen)
        if week in compare_at:
            found = differences(run.to(week), twin)
            assert not found, f"end of week {week - 1}: " + "\n".join(found[:ALL_TOO_MANY])
    found = outcomes_differ(run, twin)
    assert not found, "\n".join(found[:ALL_TOO_MANY])
    of_run = dict(zip(OUTCOME_NAMES, run.notebook.summary, strict=True))
    wrong = [name for name, mine in summary(twin).items() if not near(float(of_run[name]), mine)]
    assert not wrong
    return seen


# --- the twin itself -----------------------------------------------------------------------------------------------
def test_the_twins_luck_gives_the_known_answers_of_the_document():
    assert philox((0, 0), (0, 0, 0, 0)) == (0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8)
    assert numbers(1, 0, 5, 2, 52)[2] == 0.744603892439045
    assert numbers(1099511627783, 3, 260, 131077, 4)[3] == 0.3815046400995925
    assert (poisson(0.3, 4.5), poisson(0.3, 800), binomial(0.9, 40, 0.03), geometric(0.5, 26)) == (3, 785, 3, 19)
    assert normal(0.01) == pytest.approx(-2.326347874388028, abs=1e-13)
    assert normal(0.999) == pytest.approx(3.090232304709404, abs=1e-13)


def test_the_twin_writes_down_the_outcomes_of_the_table_and_no_others():
    twin = ChainTwin(scenario_of(HAND_MADE["an organisation alone"])).to(10)
    assert set(twin.weekly[0]) == set(OUTCOME_NAMES)
    assert set(twin.organisation_weekly[0][0]) == set(ORGANISATION_OUTCOME_NAMES)
    assert set(twin.case_type_weekly[0][0]) == set(CASE_TYPE_OUTCOME_NAMES)


# --- hand-made chains ----------------------------------------------------------------------------------------------
@pytest.mark.parametrize("name", HAND_MADE)
def test_every_case_and_every_quantity_is_the_same_each_week_in(name: str):
    seen = docked(scenario_of(HAND_MADE[name]))
    missing = [what for what in TO_BE_SEEN.get(name, ()) if not seen[what]]
    assert not missing, f"the chain was made to show {missing}"


@pytest.mark.parametrize(("seed", "replication"), [(2**40 + 7, 0), (2**63 - 1, 3), (0, 100_000)])
def test_the_same_luck_is_used_for_any_seed_and_replication(seed: int, replication: int):
    docked(scenario_of(HAND_MADE["events of each type"]), seed, replication, weeks=(1, 10, 20))


@pytest.mark.jit
def test_large_numbers_of_arrivals_and_posts_are_drawn_alike():
    seen = docked(scenario_of(many()), weeks=(1, 4))
    assert seen["staff left"] > 1000


@pytest.mark.jit
@pytest.mark.parametrize("name", ["reference", "jeugdbescherming"])
def test_the_shipped_scenarios_run_alike_case_for_case(name: str):
    docked(ks.load(name), seed=3, replication=1, weeks=(1, 2, 60, 150))


@pytest.mark.jit
def test_the_reference_chain_with_everything_that_can_happen_runs_alike():
    scenario = (
        ks.load("reference")
        .with_weeks(70)
        .with_policy("let_go_when_trusted")
        .with_parameters(incident_chance=0.2, tolerance_level=0.3, administrator_exit=1.0, manager_tenure=0.5)
        .with_context(capacity=0.75, non_standard=0.6)
        .with_levers(week=20, shared_urgency=0.0, frame=0.9, chain_skills=0.9)
        .with_levers(week=5, between=("Intake", "Inquiry"), trust_in_persons=0.9, frame=0.1)
        .with_events({"type": "incident", "week": 10, "size": 0.9, "weeks": 12, "label": {"nl": "x", "en": "x"}})
    )
    seen = docked(scenario, weeks=range(0, 200, 10))
    assert seen["refused"] and seen["stuck"] and all(seen[f"choice {number}"] for number in range(4))


# --- random chains -------------------------------------------------------------------------------------------------
def shortened(data: dict[str, Any]) -> dict[str, Any]:
    """So short and with so few cases that the twin keeps up."""
    weeks, burn_in = min(data["weeks"], 16), min(data["burn_in"], 8)
    within = [dict(part) for part in data["events"] if "week" in part and -burn_in <= part["week"] < weeks]
    calendar = [dict(part) for part in data["calendar"] if "week" in part and -burn_in <= part["week"] < weeks]
    return {**data, "weeks": weeks, "burn_in": burn_in, "events": within, "calendar": calendar}


@hypothesis.settings(max_examples=5, suppress_health_check=list(hypothesis.HealthCheck))
@hypothesis.given(scenarios(organisations=3, case_types=2), st.integers(0, 2**63 - 1))
def test_small_random_scenarios_run_alike(data: dict[str, Any], seed: int):
    docked(scenario_of(shortened(data)), seed)


@pytest.mark.jit
@hypothesis.settings(max_examples=40, suppress_health_check=list(hypothesis.HealthCheck))
@hypothesis.given(scenarios(), st.integers(0, 2**63 - 1), st.integers(0, 2**31 - 1))
def test_random_scenarios_run_alike(data: dict[str, Any], seed: int, replication: int):
    docked(scenario_of(data), seed, replication, weeks=(1, 2, 7, 30))


@pytest.mark.parametrize("name", ["overload", "an independent organisation"])
def test_the_plain_mesa_version_of_the_benchmarks_has_the_outcomes_of_the_twin(name: str):
    scenario = scenario_of(HAND_MADE[name])
    twin = ChainTwin(scenario, seed=5, replication=2).to(scenario.weeks + scenario.burn_in)
    model = PlainMesaChain(scenario, replication=2, rng=5)
    while model.running:
        model.step()
    np.testing.assert_equal(model.chain.weekly, twin.weekly)
    np.testing.assert_equal(model.summary(), summary(twin))
    collected = model.datacollector.get_model_vars_dataframe()
    np.testing.assert_equal(collected.trust_persons.to_list(), [row["trust_persons"] for row in twin.weekly])
    assert len(model.agents_by_type[OrganisationAgent]) == len(scenario.organisations)
    assert len(model.agents_by_type[CaseAgent]) == len(model.chain.cases) == model.chain.open


def _whole(scenario: Any) -> Run:
    run = Run(scenario)
    return run.to(run.weeks)


@pytest.mark.jit
def test_every_parameter_moves_something_in_the_hand_made_chains():
    """What no chain depends on would not be compared."""
    chains = [scenario_of(data) for data in HAND_MADE.values()]
    as_they_are = [_whole(scenario).bits() for scenario in chains]
    without_effect = {row.name for row in PARAMETERS}
    for row in PARAMETERS:
        for scenario, bits in zip(chains, as_they_are, strict=True):
            value = scenario.parameter(row.name)
            other = row.upper if value - row.lower < row.upper - value else row.lower
            if _whole(scenario.with_parameters(**{row.name: other})).bits() != bits:
                without_effect.discard(row.name)
                break
    assert not without_effect


def test_a_difference_would_be_noticed():
    scenario = scenario_of(HAND_MADE["a calm chain"])
    run, twin = Run(scenario).to(12), ChainTwin(scenario).to(12)
    assert not differences(run, twin)
    next(iter(twin.cases.values())).returns += 1
    twin.organisations[1].professionals.motivation *= 1 + 1e-6
    assert len(differences(run, twin)) == 2
    run.state.organisation[0].demand = np.nan
    assert len(differences(run, twin)) == 3
