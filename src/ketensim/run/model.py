"""One run of a chain as a Mesa model that can be watched week by week.

The model is a thin face: ``step`` is one call of the same ``advance`` that the ensemble calls for all weeks, so that
run r of an ensemble and ``ChainModel(scenario, rng=seed, replication=r)`` are equal to the bit. ``model.rng``,
``model.random`` and shuffling decide nothing.

State, chain and parameters can be read and not written: what is changed during a run goes through ``set_levers``,
``set_trust`` and the attributes of an organisation, which refuse what would be undone in the next week.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from functools import partial
from os import PathLike
from typing import Any, Final

import mesa
import numpy as np
import pandas as pd

from ketensim.chain.cohorts import ALL, ledger_of, longest_norm
from ketensim.chain.week import advance
from ketensim.foundation.compiled import Replaced, compiled, is_ready, plain
from ketensim.foundation.errors import InputError, Problem, check_whole
from ketensim.foundation.luck import LARGEST_SEED
from ketensim.foundation.outcome_table import OUTCOME_NAMES, OUTCOMES, Notebook, new_notebook
from ketensim.foundation.parameters import BY_NAME, LEVER_NAMES
from ketensim.foundation.state import Chain, State, new_state
from ketensim.run.agents import OrganisationAgent
from ketensim.run.changed_run import CONTEXT, POLICY, changed, set_trust
from ketensim.run.explanation import Explanation, explain
from ketensim.run.extension import SHIPPED, Extension, in_force, using
from ketensim.run.replications import FIRST_SLOTS, Ensemble, Keep, replicate, run_weeks
from ketensim.run.results import position
from ketensim.scenario import build, files
from ketensim.scenario.schema import Scenario

PATIENCE: Final = 3.0  # seconds to wait for machine code that may be in the cache; after that plain Python starts
IN_COLLECTOR: Final = {
    name: f"{name}_in_force" if name in LEVER_NAMES else name for name in OUTCOME_NAMES
}  # outcome: what it is called where levers stand beside it (``batch_run``)
COHORTS: Final = frozenset(row.name for row in OUTCOMES if row.summary == "cohorts")
TRUSTS: Final = ("trust_persons", "trust_agreements", "trust_vertical")
OTHER_DOORS: Final = frozenset({"levers", "trust", *TRUSTS, *LEVER_NAMES, *CONTEXT, POLICY, *BY_NAME})
_warming: dict[Replaced, threading.Thread] = {}


def week_function(extension: Extension = SHIPPED) -> Any:
    """The compiled week when it is there; else the plain one, with the same bits, while a thread compiles."""
    replaced = extension.replaced
    if not is_ready(advance, replaced):
        if replaced not in _warming:
            _warming[replaced] = threading.Thread(target=warm, args=(extension,), name="ketensim-compile")
            _warming[replaced].start()
        _warming[replaced].join(PATIENCE)
    return compiled(advance, replaced) if is_ready(advance, replaced) else plain(advance, replaced)


def warm(extension: Extension = SHIPPED) -> None:
    """Compile the week (or load what an earlier session compiled) by running the reference chain for a moment."""
    with using(extension):
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
    organisation_class : a class of one's own for the organisations, made of ``ks.Organisation``
    seed : another word for ``rng``
    changes : levers for the whole chain (``room=0.9``) or of one organisation (``**{"Gemeente.room": 0.2}``), ``policy``,
        ``capacity``, ``non_standard``, and parameters of the model

    Attributes
    ----------
    week : the next reported week to run; the burn-in has been run when the model is made
    state, chain, parameters : record arrays of ``foundation/state.py``, to read; agents are views on them
    chain_scenario : the scenario that gives this run, with what ``set_levers`` changed on the way
    datacollector : Mesa's own, with one model reporter per outcome. Goal realisation and losses are there those of all
        reported cases whose norm has passed by then, so that the last row is what ``simulate(...).runs`` says of the run.
        An outcome with the name of a lever is called ``frame_in_force``

    Raises
    ------
    InputError : unknown scenario, lever or parameter, value out of range, a class that is no organisation; writing a lever,
        trust or a parameter as an attribute, which would change nothing

    Examples
    --------
    >>> model = ChainModel("reference", rng=1)
    >>> model.step()
    >>> model.week
    1
    """

    def __init__(
        self,
        scenario: Scenario | str | PathLike[str] = "reference",
        rng: Any = None,
        replication: int = 0,
        weeks: int | None = None,
        collect_agents: bool = False,
        always: bool = False,
        organisation_class: type[OrganisationAgent] = OrganisationAgent,
        seed: Any = None,
        **changes: Any,
    ) -> None:
        if seed is not None and rng is not None and seed is not rng and seed != rng:
            raise InputError([Problem("error.rng_and_seed", "seed", {"given": str(seed), "allowed": str(rng)})])
        rng = _luck_of(seed if rng is None else rng)
        self.scenario: Any
        super().__init__(rng=rng)
        kind: type = type(self.scenario)
        if isinstance(scenario, kind):  # the reset button of SolaraViz hands back what the model showed
            scenario = getattr(scenario, "chain", "reference")
        chosen = files.chain_of(scenario)
        chosen = chosen if weeks is None else chosen.with_weeks(weeks)
        self.scenario = _held(kind, chosen)
        self.chain_scenario = changed(chosen, changes, always=always)
        self.luck_seed = rng if isinstance(rng, int) else int(self.rng.integers(LARGEST_SEED))
        self.replication = check_whole("replication", replication, 0, 2**32 - 1)
        self.extension = in_force()
        self._chain = build.build(self.chain_scenario)
        self._parameters = build.parameters(self.chain_scenario)
        self._parameters_given = self._parameters.copy()
        self.extension.try_on(self._chain, self._parameters)
        self.writable_state = new_state(self._chain, FIRST_SLOTS)
        own = len(self.extension.outcomes), len(self.extension.organisation_outcomes)
        self._notebook = new_notebook(
            self.chain_scenario.weeks,
            len(self.chain_scenario.organisations),
            len(self.chain_scenario.case_types),
            organisation_rows=True,
            bands=False,
            own=own,
        )
        self._absolute_week = 0
        self._before: tuple[np.ndarray, np.ndarray] | None = None
        self._ledger: tuple[float, ...] | None = None  # of all cohorts so far; the collector asks twelve things of it
        self._advance_to(self.chain_scenario.burn_in)
        if not (isinstance(organisation_class, type) and issubclass(organisation_class, OrganisationAgent)):
            raise InputError(
                [Problem("error.no_organisation", "organisation_class", {"given": str(organisation_class)})]
            )
        self._organisations = [
            organisation_class(self, organisation.id, number)
            for number, organisation in enumerate(self.chain_scenario.organisations)
        ]
        self.datacollector = self._collector(collect_agents)

    def __setattr__(self, name: str, value: Any) -> None:
        if name in OTHER_DOORS:
            raise InputError([Problem("error.not_set_like_this", name, {"given": name})])
        super().__setattr__(name, value)

    @property
    def state(self) -> State:
        """What moves, to be read."""
        return self.writable_state.locked()

    @property
    def chain(self) -> Chain:
        """What stays, to be read."""
        return self._chain.locked()

    @property
    def notebook(self) -> Notebook:
        """What was written down, to be read."""
        return self._notebook.locked()

    @property
    def parameters(self) -> np.recarray:
        """Numbers of the model, one row, to be read."""
        view = self._parameters.view()
        view.flags.writeable = False
        return view

    @property
    def week(self) -> int:
        """The next reported week to run."""
        return self._absolute_week - self.chain_scenario.burn_in

    def step(self) -> None:
        """One week; after the last one ``running`` is False and nothing more happens."""
        if self.week >= self.chain_scenario.weeks:
            self.running = False
            return
        for organisation in self._organisations:
            organisation.step()
        self._before = (self.writable_state.organisation.copy(), self.writable_state.lever_grid.copy())
        self._advance_to(self._absolute_week + 1)
        self.datacollector.collect(self)
        self.running = self.week < self.chain_scenario.weeks

    def set_levers(
        self,
        organisation: str | Sequence[str] | None = None,
        *,
        between: tuple[str, str] | None = None,
        **levers: float,
    ) -> None:
        """Decide levers in the week that comes next; people get there at the pace of the model.

        The run is from then on that of ``chain_scenario``, which has the decision in its calendar: a run that was changed
        on the way can be kept as a scenario, and run many times.

        Parameters
        ----------
        organisation, between, levers : as for ``Scenario.with_levers``

        Raises
        ------
        InputError : as ``Scenario.with_levers``; or the run is over
        """
        self.chain_scenario = self.chain_scenario.with_levers(
            self.week, organisation, between=between, always=False, **levers
        )
        self._chain = build.build(self.chain_scenario)

    def set_trust(
        self,
        truster: str | None = None,
        trusted: str | None = None,
        *,
        persons: float | None = None,
        agreements: float | None = None,
        vertical: float | None = None,
    ) -> None:
        """Put trust at a level before the week that comes next; from there the model goes on.

        Parameters
        ----------
        truster : organisation that trusts; silent = every one
        trusted : organisation that is trusted; silent = every partner
        persons, agreements : trust in persons and in agreements, shares in [0, 1]; silent = as it is
        vertical : trust of the administrator of ``truster`` in the organisation, share in [0, 1]

        Raises
        ------
        InputError : unknown organisation, two that have no link, or a value out of range
        """
        given = dict(zip(TRUSTS, (persons, agreements, vertical), strict=True))
        set_trust(self.writable_state, self._chain, self._parameters, self._pair(truster, trusted), given)

    def _pair(self, *names: str | None) -> tuple[int, int]:
        one, other = (-1 if name is None else self.organisation(name).number for name in names)
        return one, other

    def organisation(self, name: str) -> OrganisationAgent:
        """The agent of an organisation by its id, e.g. ``"Gemeente"``."""
        ids = [organisation.id for organisation in self.chain_scenario.organisations]
        number = position(name, ids, "error.unknown_organisation")
        return self._organisations[number]

    def explain(self, name: str) -> Explanation:
        """Why an organisation changed in the last week."""
        number = self.organisation(name).number
        state = self.writable_state
        now = state.organisation[number]
        rows, levers = self._before if self._before is not None else (state.organisation, state.lever_grid)
        pair = np.stack([levers[number], state.lever_grid[number]])
        return explain(name, self.week - 1, rows[number], now, pair)

    def outcome(self, name: str) -> float:
        """An outcome of the last week (before the first: not-a-number)."""
        column = position(name, list(OUTCOME_NAMES), "error.unknown_outcome")
        return float(self._notebook.weekly_grid[self.week - 1, column]) if self.week > 0 else float("nan")

    def outcome_so_far(self, name: str) -> float:
        """An outcome as the data collector has it: goal realisation and losses of all reported cases whose norm has passed,
        else the last week; not-a-number before the first.
        """
        if name not in COHORTS:
            return self.outcome(name)
        if self._ledger is None:
            chain, first = self._chain, self.chain_scenario.burn_in
            last = max(first, self._absolute_week - longest_norm(chain))
            self._ledger = ledger_of(chain, self.writable_state, first, last, ALL)
        return float(self._ledger[OUTCOME_NAMES.index(name)])

    @property
    def weekly(self) -> pd.DataFrame:
        """Outcomes of the weeks so far, one row per week; the same numbers as ``Results.weekly`` of this run.

        Goal realisation of a cohort is filled in when its norm has passed, so its last weeks are not-a-number until then.
        """
        table = pd.DataFrame(self._notebook.weekly_grid[: self.week].copy(), columns=list(OUTCOME_NAMES))
        table.insert(0, "week", np.arange(self.week))
        own = self._notebook.own_grid[: self.week].T
        return table.assign(**dict(zip(self.extension.outcomes, own, strict=True)))

    def _advance_to(self, week: int) -> None:
        run = (self._chain, self.writable_state, self._notebook, self._parameters)
        luck = (self.luck_seed, self.replication)
        self.writable_state = run_weeks(week_function(self.extension), run, luck, self._absolute_week, week)
        self._absolute_week, self._ledger = week, None
        self.extension.check(self.writable_state, self._parameters, self._parameters_given)

    def _collector(self, collect_agents: bool) -> mesa.DataCollector:
        fields = ("name", "waiting", "trust", "motivation", "overseen") if collect_agents else ()
        return mesa.DataCollector(
            model_reporters={shown: partial(_so_far, name=name) for name, shown in IN_COLLECTOR.items()},
            agent_reporters={name: partial(_field_of, name=name) for name in fields} or None,
        )


def _so_far(model: ChainModel, name: str) -> float:
    """A reporter that can be copied and pickled."""
    return model.outcome_so_far(name)


def _field_of(organisation: OrganisationAgent, name: str) -> Any:
    return getattr(organisation, name)


def _held(kind: type, chain: Scenario) -> Any:
    """Mesa's own kind of scenario that carries the chain; SolaraViz makes a new one of the same class when it starts anew."""
    return type("ChainScenario", (kind,), {"chain": chain, "__reduce__": _reduced})()


def _reduced(held: Any) -> tuple[Any, ...]:
    return _held, (type(held).__mro__[1], held.chain), {"model": held.model}


def _luck_of(given: Any) -> Any:
    """A seed as a plain whole number, whatever kind of whole number was given; what draws one as it is.

    Raises
    ------
    InputError
        no seed, and nothing that draws one
    """
    if given is None or isinstance(given, np.random.Generator | np.random.BitGenerator | np.random.SeedSequence):
        return given
    return check_whole("rng", given, 0, LARGEST_SEED)
