"""From an experiment to its points: scenarios with everything that is to be different, and the key of each.

A point is known by what its runs are made of: the tables of the chain, the numbers of the model, the seed and the
sources of the model. Equal points of another experiment have the same key, whatever they are called there.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from ketensim.experiment.design import combinations
from ketensim.experiment.design_parts import CONTEXT, GIVEN, OF_EVERYBODY, Alternative, History, factor_name
from ketensim.experiment.records import KeptOfRuns
from ketensim.experiment.run_parts import OF_STOPPING
from ketensim.experiment.specification import Experiment
from ketensim.foundation.compiled import fingerprint
from ketensim.foundation.errors import InputError, Problem
from ketensim.foundation.outcome_table import OUTCOME_NAMES
from ketensim.foundation.parameters import LEVER_NAMES
from ketensim.run.changed_run import levers_and_others
from ketensim.run.extension import Extension, using
from ketensim.run.kept_states import digest_of
from ketensim.run.replications import Ensemble
from ketensim.scenario.numbers import Quantity
from ketensim.scenario.one_roof import one_roof
from ketensim.scenario.problems import dotted, excerpt, nearest
from ketensim.scenario.schema import Scenario

if TYPE_CHECKING:
    import pandas as pd

IN_CONTEXT = tuple(row.name for row in CONTEXT)
AT_EVERYBODY = tuple(row.name for row in OF_EVERYBODY)
UNCERTAIN = frozenset(row.name for row in GIVEN)
LETTERS_OF_KEY = 32
model = cache(fingerprint)  # of the sources; they do not change while a process runs


class Point(NamedTuple):
    """One combination.

    Attributes
    ----------
    number : place in the experiment, from 0
    scenario, history, policy : places in the lists of the experiment; 0 where it has no list
    values : value per factor
    choice : number of what is chosen (policy and levers): points with the same choice share it
    world : number of what is given (scenario, history and uncertainties)
    first : first replication
    """

    number: int
    scenario: int
    history: int
    policy: int
    values: Mapping[str, float]
    choice: int
    world: int
    first: int


class PointEnsemble(NamedTuple):
    """What a worker needs to run a point.

    Attributes
    ----------
    key : what the runs are made of, as 32 hexadecimal digits
    ensemble : the runs
    wanted : what is kept of them
    """

    key: str
    ensemble: Ensemble
    wanted: KeptOfRuns


@dataclass
class ExperimentPlan:
    """An experiment with its points; scenarios are made when they are asked for.

    Parameters
    ----------
    experiment : checked

    Raises
    ------
    InputError
        a scenario that is not there, or a way to steer, history or organisation that does not fit one of them
    """

    experiment: Experiment
    points: list[Point] = field(init=False)
    extensions: list[Extension] = field(init=False)

    def __post_init__(self) -> None:
        self._bases: dict[tuple[int, int, int], Scenario] = {}
        self._organisations: dict[tuple[int, ...], tuple[str, ...]] = {}
        try:
            self.extensions = [
                self.experiment.extension_at(policy) for policy in range(len(self.experiment.policies) or 1)
            ]
        except InputError as error:
            raise InputError(error.problems, self.experiment.file) from None
        self.points = list(_points(self.experiment))
        try:
            for point in {point[1:4]: point for point in self.points}.values():
                self.scenario(point)
        except InputError as error:
            raise InputError(error.problems, self.experiment.file) from None

    def scenario(self, point: Point) -> Scenario:
        """The scenario of a point."""
        place = (point.scenario, point.history, point.policy)
        if self.experiment.always:  # what has always been comes before what a way to steer decides
            levers = {name: value for name, value in point.values.items() if factor_name(name) in LEVER_NAMES}
            others = {name: value for name, value in point.values.items() if name not in levers}
            return varied(_base(self.experiment, *place, levers), others)
        if place not in self._bases:
            self._bases[place] = _base(self.experiment, *place)
        return varied(self._bases[place], point.values)

    def task(self, point: Point) -> PointEnsemble:
        """What a worker needs to run a point."""
        drawn = None if self.experiment.parameters == "scenario" else self.experiment.parameters
        with using(self.extensions[point.policy]):
            ensemble = Ensemble.of(self.scenario(point), self.experiment.seed, drawn)
        return PointEnsemble(runs_key(ensemble, self.wanted.mark), ensemble, self.wanted)

    @cached_property
    def wanted(self) -> KeptOfRuns:
        """What is kept of every run beside its summary, and when it stops."""
        return KeptOfRuns.of(self.experiment.keep, self.experiment.stop)

    def organisations(self, point: Point) -> tuple[str, ...]:
        """Names of the organisations at a point, in their order; no factor changes them."""
        place = point[1:4]
        if place not in self._organisations:
            self._organisations[place] = tuple(part.id for part in self.scenario(point).organisations)
        return self._organisations[place]

    @property
    def outcomes(self) -> tuple[str, ...]:
        """Names of what is stored of each run: every outcome, those of one's own, and whether and when it stopped."""
        own, stopping = self.extensions[0], OF_STOPPING if self.experiment.stop is not None else ()
        return (*OUTCOME_NAMES, *own.outcomes, *own.organisation_outcomes, *stopping)

    @property
    def changed(self) -> list[dict[str, Any]]:
        """What is different from the shipped model, per way to steer; empty when nothing is."""
        return [own.facts for own in self.extensions] if any(self.extensions) else []

    @property
    def table(self) -> pd.DataFrame:
        """One row per point: point, scenario, policy, events, choice, world, and one column per factor."""
        import pandas as pd

        names = list(dict.fromkeys(name for point in self.points for name in point.values))
        alternatives, histories = self.experiment.policies, self.experiment.events
        rows = [
            (
                point.number,
                self.experiment.scenario_name(point.scenario),
                alternatives[point.policy].id if alternatives else "",
                histories[point.history].id if histories else "",
                point.choice,
                point.world,
                *(point.values.get(name, np.nan) for name in names),
            )
            for point in self.points
        ]
        return pd.DataFrame(rows, columns=["point", "scenario", "policy", "events", "choice", "world", *names])


def _points(experiment: Experiment) -> Iterator[Point]:
    design = combinations(experiment.design, experiment.factors, experiment.seed)
    worlds: list[dict[str, float]] = [{}]
    if experiment.worlds is not None:
        worlds = combinations(experiment.worlds, experiment.uncertainties, experiment.seed)
    choices: dict[Any, int] = {}
    given: dict[Any, int] = {}
    number = 0
    for scenario in range(len(experiment.scenario)):
        for history in range(len(experiment.events) or 1):
            for policy in range(len(experiment.policies) or 1):
                for values in ({**world, **row} for world in worlds for row in design):
                    chosen = (policy, *((name, value) for name, value in values.items() if name not in UNCERTAIN))
                    circumstances = tuple((name, value) for name, value in values.items() if name in UNCERTAIN)
                    choice = choices.setdefault(chosen, len(choices))
                    world_number = given.setdefault((scenario, history, *circumstances), len(given))
                    first = 0 if experiment.equal_luck else number * experiment.runs
                    yield Point(number, scenario, history, policy, values, choice, world_number, first)
                    number += 1


def _base(
    experiment: Experiment, scenario: int, history: int, policy: int, always: Mapping[str, float] | None = None
) -> Scenario:
    """A scenario with a history and a way to steer, before any factor but the levers that have ``always`` stood there."""
    base = _placed(f"scenario[{scenario}]", lambda: experiment.scenario_at(scenario))
    known = tuple(part.id for part in base.organisations)
    for name in experiment.levers:
        organisation = name.rpartition(".")[0]
        if organisation and organisation not in known:
            facts = {"given": excerpt(organisation), "allowed": known, **nearest(organisation, known)}
            raise InputError([Problem("error.unknown_organisation", f"levers.{name}", facts)])
    base = varied(base, always or {}, always=True)
    if experiment.events:
        happens: History = experiment.events[history]
        base = _placed(f"events[{history}]", lambda: base.with_events(*happens.events))
    if experiment.policies:
        steered: Alternative = experiment.policies[policy]
        base = _placed(f"policies[{policy}]", lambda: _steered(base, steered, experiment.levers))
    return base


def _steered(scenario: Scenario, alternative: Alternative, factors: Collection[str]) -> Scenario:
    """A scenario under a way to steer; a lever that is a factor of the experiment stays free for it."""
    values = {name: number.value for name, number in alternative.parameters.items()}
    levers: dict[str, Any] = {name: lever.value for name, lever in alternative.levers.items() if name not in factors}
    ground = one_roof(scenario) if alternative.one_roof else scenario
    steered = ground.with_policy(alternative.policy or scenario.policy, **values)
    return steered.with_levers(always=alternative.always, **levers).with_changes(*alternative.calendar)


def _placed[Made](place: str, make: Callable[[], Made]) -> Made:
    """What is made, or its problems at a place in the experiment file."""
    try:
        return make()
    except InputError as error:
        file = f"{error.file}: " if error.file else ""
        problems = [
            Problem(problem.key, dotted(place, f"{file}{problem.path}"), problem.facts) for problem in error.problems
        ]
        raise InputError(problems) from None


def varied(scenario: Scenario, values: Mapping[str, float], *, always: bool = False) -> Scenario:
    """A scenario with factors elsewhere; their names and ranges were checked with the experiment.

    Parameters
    ----------
    scenario : the chain
    values : value per factor; levers are decided in week 0
    always : True = the levers have stood there since the burn-in
    """
    levers, others = levers_and_others(values)
    context = {name: value for name, value in others.items() if name in IN_CONTEXT}
    everybody = {name: Quantity(value=value) for name, value in others.items() if name in AT_EVERYBODY}
    own = {name: Quantity(value=value) for name, value in others.items() if name not in {*context, *everybody}}
    organisations = tuple(part.model_copy(update=everybody) for part in scenario.organisations)
    context_of = scenario.context.model_copy(update=context)
    changed = scenario.model_copy(
        update={"parameters": {**scenario.parameters, **own}, "context": context_of, "organisations": organisations}
    )
    for organisation, moved in levers.items():
        kept = [] if always else [name for name, value in moved.items() if _stands(changed, name, value, organisation)]
        moves = {name: value for name, value in moved.items() if name not in kept}
        changed = changed.with_levers(organisation=organisation or None, always=always, **moves)
    return changed


def _stands(scenario: Scenario, lever: str, value: float, organisation: str) -> bool:
    """Whether a lever stands at a value already in week 0, so that a decision would be none and the point is another's."""
    concerned = [part.id for part in scenario.organisations if lever not in part.levers]
    return all(scenario.lever_at(lever, 0, name) == value for name in ([organisation] if organisation else concerned))


def runs_key(ensemble: Ensemble, mark: str = "") -> str:
    """What runs are made of, and what more is kept of them, as 32 hexadecimal digits."""
    heading = f"{model()}{ensemble.extension.stamp} {ensemble.seed}{mark}"
    return digest_of(heading, ensemble.chain, ensemble.sets)[:LETTERS_OF_KEY]
