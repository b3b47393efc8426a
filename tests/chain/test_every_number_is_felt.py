"""A number that can be set is felt: no lever and no parameter that nothing reads."""

from __future__ import annotations

from functools import cache

import pytest
from tests.conftest import Run, scenario_of
from tests.reference_model.chains import HAND_MADE

from ketensim.foundation.parameters import LEVER_NAMES, PARAMETERS, Parameter
from ketensim.scenario.schema import Scenario

pytestmark = pytest.mark.jit


@cache
def chain_of(name: str) -> tuple[Scenario, bytes]:
    """A chain that was made to show something, and what comes out of it."""
    scenario = scenario_of(HAND_MADE[name])
    return scenario, bits(scenario)


def bits(scenario: Scenario) -> bytes:
    run = Run(scenario)
    return run.to(run.weeks).bits()


@pytest.mark.parametrize("row", PARAMETERS, ids=lambda row: row.name)
def test_every_parameter_is_felt(row: Parameter) -> None:
    """At an end of its range at least one chain runs differently."""
    for name in HAND_MADE:
        scenario, before = chain_of(name)
        if any(bits(scenario.with_parameters(**{row.name: end})) != before for end in (row.lower, row.upper)):
            return
    pytest.fail(f"nothing reads {row.name}")


@pytest.mark.parametrize("name", LEVER_NAMES)
def test_every_lever_is_felt(name: str) -> None:
    scenario, _ = chain_of("elections")
    assert bits(scenario.with_levers(**{name: 0.0})) != bits(scenario.with_levers(**{name: 1.0}))
