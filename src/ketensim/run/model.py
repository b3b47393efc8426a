"""One run of a chain as a Mesa model that can be watched week by week.

The model is a thin face: ``step`` is one call of the same ``advance`` that the ensemble calls for all weeks, so that
run r of an ensemble and ``ChainModel(scenario, rng=seed, replication=r)`` are equal to the bit. ``model.rng``,
``model.random`` and shuffling decide nothing.
"""

from __future__ import annotations

import threading
from typing import Any

import mesa
import numpy as np
import pandas as pd

from ketensim.chain.week import advance
from ketensim.foundation.compiled import compiled, is_ready
from ketensim.foundation.errors import check_whole
from ketensim.foundation.luck import LARGEST_SEED
from ketensim.foundation.outcome_table import OUTCOME_NAMES, new_notebook
from ketensim.foundation.state import new_state
from ketensim.run.agents import OrganisationAgent
from ketensim.run.explanation import Explanation, explain
from ketensim.run.replications import FIRST_SLOTS, Ensemble, Keep, replicate, run_weeks
from ketensim.run.results import position
from ketensim.scenario import build, files
from ketensim.scenario.schema import Scenario

PATIENCE = 3.0  # seconds to wait for machine code that may be in the cache; after that plain Python starts
_warming: list[threading.Thread] = []


def week_function() -> Any:
    """The compiled week when it is there; else the plain one, with the same bits, while a thread compiles."""
    if not is_ready(advance):
        if not _warming:
            _warming.append(threading.Thread(target=warm, name="ketensim-compile"))
            _warming[0].start()
        _warming[0].join(PATIENCE)
    return compiled(advance) if is_ready(advance) else advance


def warm() -> None:
    """Compile the week (or load what an earlier session compiled) by running the reference chain for a moment."""
    replicate(Ensemble.of(files.load("reference").with_weeks(1), 0), Keep(), 0, 1)


class ChainModel(mesa.Model):  # type: ignore[misc]
    """A chain that can be stepped, watched and changed in mid-run.

    Parameters
    ----------
    scenario : a Scenario, or the name or path of one
    rng : seed, a whole number from 0 to 2**63 - 1; a numpy Generator or None draws one
    replication : which run of the ensemble with this seed, at least 0
    weeks : reported weeks; the scenario's own number when None
    collect_agents : whether the DataCollector also records every organisation (slower)
    always : whether the levers have stood there since the burn-in; otherwise they are decided in week 0
    levers : levers by name, for the whole chain, e.g. ``room=0.9``

    Attributes
    ----------
    week : the next reported week to run; the burn-in has been run when the model is made
    state, chain : record arrays of ``foundation/state.py``; agents are views on them
    datacollector : Mesa's own, with one model reporter per outcome

    Raises
    ------
    InputError : unknown scenario or lever, value out of range

    Examples
    --------
    >>> model = ChainModel("reference", rng=1)
    >>> model.step()
    >>> model.week
    1
    """

    def __init__(
        self,
        scenario: Scenario | str = "reference",
        rng: Any = None,
        replication: int = 0,
        weeks: int | None = None,
        collect_agents: bool = False,
        always: bool = False,
        **levers: Any,
    ) -> None:
        super().__init__(rng=rng)
        chosen = files.load(scenario) if isinstance(scenario, str) else scenario
        chosen = chosen if weeks is None else chosen.with_weeks(weeks)
        self.chain_scenario = chosen.with_levers(always=always, **levers) if levers else chosen
        whole = isinstance(rng, int | np.integer) and not isinstance(rng, bool)
        self.luck_seed = int(rng) if whole else int(self.rng.integers(LARGEST_SEED))
        check_whole("rng", self.luck_seed, 0, LARGEST_SEED)
        check_whole("replication", replication, 0, 2**32 - 1)
        self.replication = replication
        self.chain = build.build(self.chain_scenario)
        self.parameters = build.parameters(self.chain_scenario)
        self.state = new_state(self.chain, FIRST_SLOTS)
        self.notebook = new_notebook(
            self.chain_scenario.weeks,
            len(self.chain_scenario.organisations),
            len(self.chain_scenario.case_types),
            organisation_rows=True,
            bands=False,
        )
        self._absolute_week = 0
        self._before: tuple[np.ndarray, np.ndarray] | None = None
        self._advance_to(self.chain_scenario.burn_in)
        self._organisations = [
            OrganisationAgent(self, organisation.id, number)
            for number, organisation in enumerate(self.chain_scenario.organisations)
        ]
        self.datacollector = self._collector(collect_agents)

    @property
    def week(self) -> int:
        """The next reported week to run."""
        return self._absolute_week - self.chain_scenario.burn_in

    def step(self) -> None:
        """One week; after the last one ``running`` is False and nothing more happens."""
        if self.week >= self.chain_scenario.weeks:
            self.running = False
            return
        self._before = (self.state.organisation.copy(), self.state.lever_grid.copy())
        self._advance_to(self._absolute_week + 1)
        self.datacollector.collect(self)
        self.running = self.week < self.chain_scenario.weeks

    def organisation(self, name: str) -> OrganisationAgent:
        """The agent of an organisation by its id, e.g. ``"Gemeente"``."""
        ids = [organisation.id for organisation in self.chain_scenario.organisations]
        number = position(name, ids, "error.unknown_organisation")
        return self._organisations[number]

    def explain(self, name: str) -> Explanation:
        """Why an organisation changed in the last week."""
        number = self.organisation(name).number
        now = self.state.organisation[number]
        rows, levers = self._before if self._before is not None else (self.state.organisation, self.state.lever_grid)
        pair = np.stack([levers[number], self.state.lever_grid[number]])
        return explain(name, self.week - 1, rows[number], now, pair)

    def outcome(self, name: str) -> float:
        """An outcome of the last week (before the first: not-a-number)."""
        column = position(name, list(OUTCOME_NAMES), "error.unknown_outcome")
        return float(self.notebook.weekly_grid[self.week - 1, column]) if self.week > 0 else float("nan")

    @property
    def weekly(self) -> pd.DataFrame:
        """Outcomes of the weeks so far, one row per week; the same numbers as ``Results.weekly`` of this run.

        Goal realisation of a cohort is filled in when its norm has passed, so its last weeks are not-a-number until then.
        """
        table = pd.DataFrame(self.notebook.weekly_grid[: self.week].copy(), columns=list(OUTCOME_NAMES))
        table.insert(0, "week", np.arange(self.week))
        return table

    def _advance_to(self, week: int) -> None:
        run = (self.chain, self.state, self.notebook, self.parameters)
        luck = (self.luck_seed, self.replication)
        self.state = run_weeks(week_function(), run, luck, self._absolute_week, week)
        self._absolute_week = week

    def _collector(self, collect_agents: bool) -> mesa.DataCollector:
        def reporter(name: str) -> Any:
            return lambda model: model.outcome(name)

        fields = ("name", "waiting", "trust", "motivation", "overseen") if collect_agents else ()
        return mesa.DataCollector(
            model_reporters={name: reporter(name) for name in OUTCOME_NAMES},
            agent_reporters={name: name for name in fields} or None,
        )
