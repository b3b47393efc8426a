"""The same model as a modeller would write it in Mesa: organisations, administrators and cases as agents in plain Python.

    uv run python experiments/benchmarks/plain_mesa.py                 the reference chain, 208 reported weeks
    uv run python experiments/benchmarks/plain_mesa.py --weeks 52 --runs 4

The rules are those of the slow twin (tests/reference_model), which was written from docs/en/model.md and runs case for
case like the engine; here its organisations, administrators and cases are ``mesa.Agent``, the week is ``Model.step``, the
outcomes go into Mesa's ``DataCollector`` and runs are made with ``mesa.batch_run``, one process. Two kinds of luck:

``identity``
    the luck of the model, each draw a function of who, when and what for: the same outcomes as twin and engine
``stream``
    Mesa's own ``model.random``: other histories of the same kind, and faster, because Python is slow at making the words
    of identity luck. This is what a plain Mesa model would do, so a fair comparison of speed uses it.
"""

from __future__ import annotations

import argparse
import sys
import time
from functools import partial
from pathlib import Path
from typing import Any

import mesa

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.reference_model import Administrator, Case, ChainTwin, Manager, Organisation, Professionals
from tests.reference_model.outcomes import summary

import ketensim as ks
from ketensim.foundation.outcome_table import OUTCOME_NAMES

IDENTITY, STREAM = "identity", "stream"


class CaseAgent(mesa.Agent, Case):
    """A citizen's case; removed from the model when it leaves the chain."""


class AdministratorAgent(mesa.Agent, Administrator):
    """Who answers for an organisation to its principal."""


class OrganisationAgent(mesa.Agent, Organisation):
    """An organisation with its professionals, manager and administrator, and its lists of cases."""


class ChainOfAgents(ChainTwin):
    """The rules of the twin on agents of a model."""

    kinds: tuple[type, type, type] = OrganisationAgent, AdministratorAgent, CaseAgent

    def __init__(self, model: Any, scenario: ks.Scenario, seed: int, replication: int, luck: str) -> None:
        self.model = model
        if luck == STREAM:
            self.numbers = self._stream
        super().__init__(scenario, seed, replication)

    def _stream(self, *_: int) -> tuple[float, float, float, float]:
        draw = self.model.random.random
        return draw() or 0.5, draw() or 0.5, draw() or 0.5, draw() or 0.5

    def new_organisation(self, number: int, profile: dict[str, Any]) -> Organisation:
        organisation, administrator, _ = self.kinds
        return organisation(self.model, number, profile, (Professionals(), Manager(), administrator(self.model)))

    def new_case(self, *given: Any) -> Case:
        return self.kinds[2](self.model, *given)

    def gone(self, case: Case) -> None:
        super().gone(case)
        case.remove()


def _now(name: str, model: PlainMesaChain) -> float:
    return model.chain.weekly[-1][name]


class PlainMesaChain(mesa.Model):
    """A chain that is stepped week by week; the burn-in has been run when the model is made.

    Parameters
    ----------
    chain : name of a scenario, or a Scenario
    weeks : reported weeks, the scenario's own when None
    replication : which run of an ensemble with this seed
    luck : ``identity`` or ``stream``
    """

    def __init__(
        self,
        chain: Any = "reference",
        weeks: int | None = None,
        replication: int = 0,
        luck: str = IDENTITY,
        rng: int | None = None,
    ) -> None:
        seed = 1 if rng is None else int(rng)  # batch_run hands on None when it was given no seed
        super().__init__(rng=seed + replication if luck == STREAM else seed)
        scenario = ks.load(chain) if isinstance(chain, str) else chain
        scenario = scenario if weeks is None else scenario.with_weeks(weeks)
        self.chain = ChainOfAgents(self, scenario, seed, replication, luck)
        self.datacollector = mesa.DataCollector(model_reporters={name: partial(_now, name) for name in OUTCOME_NAMES})
        self.chain.to(scenario.burn_in)

    def step(self) -> None:
        self.chain.one_week()
        self.datacollector.collect(self)
        self.running = self.chain.week < self.chain.weeks

    def summary(self) -> dict[str, float]:
        """One number per outcome for the run so far."""
        return summary(self.chain)


# --- speed ---------------------------------------------------------------------------------------------------------
def at_length(weeks: int | None) -> ks.Scenario:
    """The reference chain, its own length when None."""
    scenario = ks.load("reference")
    return scenario if weeks is None else scenario.with_weeks(weeks)


def plain_mesa_rate(weeks: int | None = None, runs: int = 3, luck: str = STREAM) -> float:
    """Runs per second of the reference chain under ``mesa.batch_run`` in one process."""
    scenario = at_length(weeks)
    PlainMesaChain(scenario.with_weeks(1), luck=luck).step()
    start = time.perf_counter()
    rows = mesa.batch_run(
        PlainMesaChain,
        {"chain": [scenario], "replication": range(runs), "luck": luck},
        number_processes=1,
        data_collection_period=1,
        max_steps=10_000,
        display_progress=False,
    )
    rate = runs / (time.perf_counter() - start)
    assert len(rows) == runs * scenario.weeks
    return rate


def engine_rate(weeks: int | None = None, runs: int = 100, rounds: int = 3) -> float:
    """Runs per second of ketensim's engine, one thread, every week of every run kept; the best of some rounds."""
    scenario = at_length(weeks)
    ks.simulate(scenario, runs=2, seed=1, workers=1)
    best = 0.0
    for _ in range(rounds):
        start = time.perf_counter()
        ks.simulate(scenario, runs=runs, seed=1, weekly=True, workers=1)
        best = max(best, runs / (time.perf_counter() - start))
    return best


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--weeks", type=int, default=None, help="reported weeks; the scenario's own when silent")
    parser.add_argument("--runs", type=int, default=3, help="runs of plain Mesa; the engine makes more")
    chosen = parser.parse_args()
    weeks = ks.load("reference").weeks if chosen.weeks is None else chosen.weeks
    engine = engine_rate(chosen.weeks)
    print(f"reference chain, {ks.load('reference').burn_in} + {weeks} weeks, one process\n")
    print("| | runs/s | engine is faster by |\n|---|---|---|")
    print(f"| ketensim's engine, one thread | {engine:.1f} | |")
    for luck, words in ((STREAM, "Mesa's own luck"), (IDENTITY, "luck tied to identity, same outcomes")):
        rate = plain_mesa_rate(chosen.weeks, chosen.runs, luck)
        print(f"| plain Mesa, `batch_run`, {words} | {rate:.3f} | {engine / rate:.0f} |")


if __name__ == "__main__":
    main()
