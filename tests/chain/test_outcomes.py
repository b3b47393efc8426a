"""Outcomes: what a run writes down is its own, whatever was written in the same place before."""

from __future__ import annotations

import numpy as np
import pytest
from tests.conftest import Run, scenario_of, small

import ketensim as ks
from ketensim.chain.outcomes import write_down
from ketensim.foundation.outcome_table import (
    ORGANISATION_OUTCOME_NAMES,
    OUTCOME_NAMES,
)

RUBBISH = 7.0


def moved(names: tuple[str, ...], one: np.ndarray, other: np.ndarray) -> list[str]:
    """Outcomes, on the last axis, that are not the same to the bit."""
    equal = [np.array_equal(one[..., place], other[..., place], equal_nan=True) for place in range(len(names))]
    return [name for name, same in zip(names, equal, strict=True) if not same]


@pytest.mark.jit
def test_the_second_run_of_a_chunk_is_the_run_alone_in_every_outcome() -> None:
    both = ks.simulate("reference", runs=2, seed=3, weeks=60, workers=1)
    alone = ks.ChainModel(ks.load("reference").with_weeks(60), rng=3, replication=1)
    while alone.running:
        alone.step()
    assert moved(OUTCOME_NAMES, both.weekly_values[1], alone.notebook.weekly_grid) == []
    assert moved(ORGANISATION_OUTCOME_NAMES, both.organisation_values[1], alone.notebook.organisation_grid) == []
    assert moved(OUTCOME_NAMES, both.summary[1], alone.notebook.summary) == []


def test_an_outcome_is_not_added_to_what_stood_there_before() -> None:
    """The defect of "add an outcome": a mean that was added up read .15 in the second run of a chunk and .08 alone."""
    clean, used = Run(scenario_of(small())), Run(scenario_of(small()))
    used.notebook.weekly_grid.fill(RUBBISH)
    used.notebook.organisation_grid.fill(RUBBISH)
    for run in (clean, used):
        run.to(run.weeks)
    assert moved(OUTCOME_NAMES, used.notebook.weekly_grid, clean.notebook.weekly_grid) == []
    assert moved(ORGANISATION_OUTCOME_NAMES, used.notebook.organisation_grid, clean.notebook.organisation_grid) == []


def test_a_change_of_restraint_is_no_change_of_a_lever() -> None:
    """It has a calendar of its own, and reaches the administrators of the organisations it names."""
    change = {"week": 2, "organisation": "A", "restraint": 0.5}
    run = Run(scenario_of(small(calendar=[change])))
    assert len(run.chain.change) == 0
    assert run.chain.restraint.tolist() == [(10, 0, 0.5)]
    run.to(10)
    assert run.state.organisation["restraint"].tolist() == [0.0, 0.0]
    run.to(11)
    assert run.state.organisation["restraint"].tolist() == [0.5, 0.0]


def test_no_trust_lever_or_motivation_enters_how_a_case_ended() -> None:
    """Goal realisation and counts are those of the cases, whatever people feel in the week that is written down."""
    run = Run(scenario_of(small())).to(30)
    week = 29 - int(run.chain.world[0].burn_in)
    of_cases = ("goal_realisation", "goal_realisation_closed", "arrived", "closed", "dropped", "open", "waiting")
    longest = max(kind.norm for kind in run.chain.case_type)
    before = [run.notebook.weekly[week][name] for name in of_cases], run.notebook.weekly[week - longest].tolist()[0]
    for name in ("trust", "trust_vertical", "motivation", "frame", "discretion", "weight", "binding"):
        run.state.organisation[name] = RUBBISH
    run.state.lever_grid.fill(RUBBISH)
    run.state.link["frame"] = run.state.dyad["trust_persons"] = run.state.dyad["trust_agreements"] = RUBBISH
    write_down(run.chain, run.state, run.notebook, 29)
    after = [run.notebook.weekly[week][name] for name in of_cases], run.notebook.weekly[week - longest].tolist()[0]
    assert run.notebook.weekly[week].motivation == RUBBISH
    np.testing.assert_array_equal(before[0], after[0])
    assert before[1] == after[1]
