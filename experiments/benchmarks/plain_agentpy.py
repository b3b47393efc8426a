"""The same model once more, as a modeller would write it in AgentPy: what plain_mesa.py is for Mesa.

    uv run --with agentpy python experiments/benchmarks/plain_agentpy.py

AgentPy 0.1.5 (2021, no newer release) is no dependency of ketensim; ``--with`` brings it for this run. Organisations,
administrators and cases are ``agentpy.Agent``, the week is ``Model.step``, the outcomes are recorded every week and runs
are made with ``agentpy.Experiment`` in one process; luck is the model's own ``model.random``. Told beside plain Mesa
under ``batch_run`` and the engine, in turns in one run.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path
from types import ModuleType
from typing import Any

import agentpy

# AgentPy installs its own tests as the package ``tests``, which would hide ours
sys.modules["tests"] = ModuleType("tests")
sys.modules["tests"].__path__ = [str(Path(__file__).resolve().parents[2] / "tests")]

from plain_mesa import (  # noqa: E402
    OUTCOME_NAMES,
    STREAM,
    Administrator,
    Case,
    ChainOfAgents,
    Organisation,
    at_length,
    engine_rate,
    plain_mesa_rate,
)

ROUNDS = 3


class CaseAgent(agentpy.Agent, Case):
    """A citizen's case."""

    def setup(self, *given: Any) -> None:
        Case.__init__(self, *given)


class AdministratorAgent(agentpy.Agent, Administrator):
    """Who answers for an organisation to its principal."""

    def setup(self) -> None:
        Administrator.__init__(self)


class OrganisationAgent(agentpy.Agent, Organisation):
    """An organisation with its professionals, manager and administrator, and its lists of cases."""

    def setup(self, *given: Any) -> None:
        Organisation.__init__(self, *given)


class ChainOfAgentPy(ChainOfAgents):
    """The rules of the twin on AgentPy's agents; a case that leaves is in no list any more."""

    kinds = OrganisationAgent, AdministratorAgent, CaseAgent

    def gone(self, case: Case) -> None:
        super(ChainOfAgents, self).gone(case)


class PlainAgentPyChain(agentpy.Model):
    """A chain that is stepped week by week; the burn-in has been run when the model is set up."""

    def setup(self) -> None:
        scenario = at_length(self.p.steps)
        self.chain = ChainOfAgentPy(self, scenario, 1, 0, STREAM)
        self.chain.to(scenario.burn_in)

    def step(self) -> None:
        self.chain.one_week()
        for name in OUTCOME_NAMES:
            self.record(name, self.chain.weekly[-1][name])


def plain_agentpy_rate(weeks: int | None, runs: int) -> float:
    """Runs per second of the reference chain under ``agentpy.Experiment`` in one process."""
    scenario = at_length(weeks)
    asked = agentpy.Experiment(
        PlainAgentPyChain,
        [{"steps": scenario.weeks, "seed": 1}],
        iterations=runs,
        record=True,
    )
    start = time.perf_counter()
    rows = asked.run(display=False).variables.PlainAgentPyChain
    rate = runs / (time.perf_counter() - start)
    assert len(rows) == runs * scenario.weeks
    return rate


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--weeks", type=int, default=None, help="reported weeks; the scenario's own when silent")
    parser.add_argument("--runs", type=int, default=2, help="runs of either package in a round")
    chosen = parser.parse_args()
    best: dict[str, float] = {}
    for _ in range(ROUNDS):
        for name, rate in (
            ("ketensim's engine, one thread", engine_rate(chosen.weeks, rounds=1)),
            ("plain Mesa under `mesa.batch_run`", plain_mesa_rate(chosen.weeks, chosen.runs)),
            ("plain AgentPy under `agentpy.Experiment`", plain_agentpy_rate(chosen.weeks, chosen.runs)),
        ):
            best[name] = max(best.get(name, 0.0), rate)
    engine = max(best.values())
    print(f"reference chain, {at_length(chosen.weeks).weeks} reported weeks, one process, best of {ROUNDS} rounds\n")
    print("| | runs/s | engine is faster by |\n|---|---|---|")
    for name, rate in best.items():
        print(f"| {name} | {rate:.2f} | {engine / rate:.0f} |")


if __name__ == "__main__":
    main()
