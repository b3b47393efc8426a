"""EMA workbench drives the model: experiments, many-objective search, robust decisions.

The workbench comes with the extra ``discovery``.

Examples
--------
>>> from ketensim.connect import ema
>>> made = ema.model("reference", levers={"room": None, "room_week": (0, 104)}, outcomes=("goal_realisation", "costs"))
>>> [type(lever).__name__ for lever in made.levers], [outcome.kind == outcome.MAXIMIZE for outcome in made.outcomes]
(['RealParameter', 'IntegerParameter'], [True, False])
"""

from __future__ import annotations

import random
import warnings
from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Any, Final

import numpy as np
import pandas as pd

from ketensim.connect.steered import OUTCOMES, Ends, Steered, as_identifier, as_input, is_moment
from ketensim.foundation.errors import InputError, Problem, check_whole
from ketensim.foundation.luck import MOST_RUNS
from ketensim.foundation.outcome_table import LESS, MORE, NEITHER, OUTCOME_OF
from ketensim.run.extras import needed
from ketensim.scenario.schema import Scenario

WORKBENCH: Final = "ema_workbench"
EVALUATIONS: Final = 500
FINE: Final = 100  # steps of the grid on which two solutions count as one, over what a first sample spans
SAMPLE: Final = 8
POPULATION: Final = 100
WORDS: Final = {MORE: "more", LESS: "less", NEITHER: "neither"}


def model(
    scenario: Scenario | str,
    levers: Mapping[str, Ends | None],
    uncertainties: Mapping[str, Ends | None] | None = None,
    outcomes: Sequence[str] = OUTCOMES,
    runs: int = 100,
    seed: int = 1,
    *,
    directions: Mapping[str, str] | None = None,
    workers: int | None = None,
) -> Any:
    """A model of the workbench: for ``perform_experiments``, ``optimize`` and everything else that takes one.

    Parameters
    ----------
    scenario, outcomes, runs, seed, workers : as for ``Steered``
    levers, uncertainties : what one chooses, and what one cannot choose: name: (lowest, highest) value, or None
    directions : per outcome ``more`` or ``less``, where the table of outcomes says neither, or to go against it

    Raises
    ------
    InputError : as ``Steered``; or the extra is not installed
    """
    workbench = _workbench()
    steered = Steered(scenario, {**levers, **(uncertainties or {})}, outcomes, runs, seed, workers)
    made = workbench.Model("ketensim", function=steered)
    scalar = workbench.ScalarOutcome
    kinds = {"more": scalar.MAXIMIZE, "less": scalar.MINIMIZE, "neither": scalar.INFO}

    def parameters(names: Mapping[str, Ends | None]) -> list[Any]:
        return [
            (workbench.IntegerParameter if is_moment(name) else workbench.RealParameter)(
                as_identifier(name), *steered.inputs[name]
            )
            for name in names
        ]

    made.levers, made.uncertainties = parameters(levers), parameters(uncertainties or {})
    wanted = {name: (directions or {}).get(name, welcome_of(name)) for name in steered.outcomes}
    for name, way in [*wanted.items(), *((name, "") for name in directions or {} if name not in wanted)]:
        if way not in kinds:
            facts = {"given": way or name, "allowed": tuple(kinds if way else wanted)}
            raise InputError([Problem("error.not_one_of", f"directions.{name}", facts)])
    made.outcomes = [scalar(name, kind=kinds[wanted[name]]) for name in steered.outcomes]
    made.steered = steered
    return made


def welcome_of(outcome: str) -> str:
    """What is welcome of an outcome: more, less or neither (also of one's own)."""
    return WORDS[OUTCOME_OF[outcome].direction] if outcome in OUTCOME_OF else WORDS[NEITHER]


def _workbench() -> Any:
    """The workbench, which warns of packages that it could use and does not need."""
    with warnings.catch_warnings(), needed(WORKBENCH, "ketensim.connect.ema"):
        warnings.simplefilter("ignore")
        return import_module(WORKBENCH)


def search(
    made: Any, evaluations: int = EVALUATIONS, *, seed: int = 1, epsilons: Sequence[float] | None = None
) -> pd.DataFrame:
    """Levers, and their moments, of which none is better in every outcome: many-objective search (epsilon-NSGA-II).

    With platypus, which comes with the workbench. What one cannot choose stays as the scenario has it.

    Parameters
    ----------
    made : from ``model``, with outcomes that all have a direction
    evaluations : calls of the model, each of ``runs`` runs; at least eight
    seed : of the search
    epsilons : per outcome, how small a difference counts; None = a hundredth of what a first sample spans

    Returns
    -------
    DataFrame one row per solution: a column per lever and per outcome. ``made.steered.experiment(rows)`` makes an
        experiment of them, which can be run with more runs, reported and verified

    Raises
    ------
    InputError : an outcome of which nobody has said whether more or less of it is better: it would be left out of the search
    """
    evaluations = check_whole("evaluations", evaluations, SAMPLE, MOST_RUNS)
    if unsaid := [outcome.name for outcome in made.outcomes if outcome.kind == outcome.INFO]:
        raise InputError([Problem("error.no_direction", unsaid[0], {"given": unsaid[0]})])
    with needed("platypus", "ketensim.connect.ema"):
        import platypus
    steered: Steered = made.steered
    goals = list(made.outcomes)
    names = [as_input(lever.name) for lever in made.levers]
    goal_names = [goal.name for goal in goals]
    problem = platypus.Problem(len(names), len(goals))
    problem.types[:] = [platypus.Real(*steered.inputs[name]) for name in names]  # of a moment the nearest week is taken
    problem.directions[:] = [platypus.Direction(goal.kind) for goal in goals]

    def outcomes(values: Sequence[float]) -> list[float]:
        found = steered(**dict(zip(map(as_identifier, names), values, strict=True)))
        return [found[name] for name in goal_names]

    problem.function = outcomes
    random.seed(seed)  # platypus draws from Python's own generator
    steps = list(epsilons) if epsilons is not None else _steps(steered, names, goal_names, seed)
    algorithm = platypus.EpsNSGAII(problem, epsilons=steps, population_size=min(POPULATION, evaluations))
    algorithm.run(evaluations)
    rows = [
        {
            **{
                as_identifier(name): round(value) if is_moment(name) else value
                for name, value in zip(names, solution.variables, strict=True)
            },
            **dict(zip(goal_names, solution.objectives, strict=True)),
        }
        for solution in algorithm.result
    ]
    return pd.DataFrame(rows).sort_values(goal_names[0], ascending=False, ignore_index=True)


def _steps(steered: Steered, levers: Sequence[str], goals: Sequence[str], seed: int) -> list[float]:
    """A hundredth of what a few settings span, per outcome."""
    rng = np.random.default_rng(seed)
    seen = []
    for _ in range(SAMPLE):
        values = {name: rng.uniform(*steered.inputs[name]) for name in levers}
        outcomes = steered(**{as_identifier(name): value for name, value in values.items()})
        seen.append([outcomes[name] for name in goals])
    spans = np.ptp(np.array(seen), axis=0)
    return [float(max(span, 1e-6)) / FINE for span in spans]
