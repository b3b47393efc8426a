"""The model as a function from named numbers to outcomes, which every tool for search and sensitivity can call.

Names are those of an experiment: levers, ``Organisation.lever``, numbers of policies, parameters of the model, ``capacity``
and the other circumstances. ``room_week`` beside ``room`` says in which reported week that lever is decided. Where a tool
wants an identifier, a dot is written as two underscores. Every call meets the same luck.
"""

from __future__ import annotations

import keyword
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

from ketensim.experiment.design_parts import CHOSEN, GIVEN
from ketensim.experiment.points import varied
from ketensim.experiment.specification import Experiment
from ketensim.foundation.errors import InputError, Problem, check_whole
from ketensim.foundation.luck import LARGEST_SEED, MOST_RUNS
from ketensim.foundation.outcome_table import OUTCOME_NAMES
from ketensim.foundation.parameters import LEVER_NAMES
from ketensim.run.engine import computed, pieces
from ketensim.run.extension import Extension, in_force
from ketensim.run.replications import Ensemble, Keep, together
from ketensim.run.results import position
from ketensim.scenario import files
from ketensim.scenario.problems import nearest
from ketensim.scenario.schema import Scenario

WEEK: Final = "_week"  # after a lever: when it is decided
DOT: Final = "__"
ROWS: Final = {row.name: row for row in (*CHOSEN, *GIVEN)}
OUTCOMES: Final = ("goal_realisation", "costs", "waiting")
Ends = tuple[float, float]


class Steered:
    """A chain as a function of inputs.

    Parameters
    ----------
    scenario : a Scenario, or the name or path of one
    inputs : name: (lowest, highest) value; None = the range that the model allows (a moment: all reported weeks)
    outcomes : names of what comes out, also of one's own
    runs, seed : of every call; all calls meet the same luck
    workers : threads of one call

    Raises
    ------
    InputError : an unknown input, outcome or organisation, ends outside the range or in the wrong order, a moment of a lever
        that is not an input, no outcome at all

    Examples
    --------
    >>> chain = Steered("reference", {"room": (0.2, 0.8), "room_week": None}, runs=2)
    >>> chain.inputs["room_week"]
    (0, 207)
    >>> chain.scenario_at(room=0.8, room_week=26).lever_at("room", 26, "Provider")
    0.8
    """

    def __init__(
        self,
        scenario: Scenario | str,
        inputs: Mapping[str, Ends | None],
        outcomes: Sequence[str] = OUTCOMES,
        runs: int = 100,
        seed: int = 1,
        workers: int | None = None,
    ) -> None:
        self.scenario = files.chain_of(scenario)
        self.name = "chain" if isinstance(scenario, Scenario) else Path(scenario).stem
        self.inputs = {name: self._ends(name, ends, inputs) for name, ends in inputs.items()}
        self.outcomes = (outcomes,) if isinstance(outcomes, str) else tuple(outcomes)
        if not self.outcomes:
            raise InputError([Problem("error.missing_key", "outcomes", {"given": "outcomes"})])
        for name in self.outcomes:
            position(name, _outcome_names(in_force()), "error.unknown_outcome")
        self.runs, self.seed = check_whole("runs", runs, 1, MOST_RUNS), check_whole("seed", seed, 0, LARGEST_SEED)
        self.workers = workers
        self.scenario_at(**{name: low for name, (low, _) in self.inputs.items()})  # an organisation that is not there

    def _ends(self, name: str, ends: Ends | None, inputs: Mapping[str, Any]) -> Ends:
        lever = name.rpartition(".")[2]
        if is_moment(name):
            if name.removesuffix(WEEK) not in inputs:
                raise InputError([Problem("error.missing_key", name, {"given": name.removesuffix(WEEK)})])
            allowed: Ends = (0, self.scenario.weeks - 1)
        elif lever in ROWS and (lever == name or lever in LEVER_NAMES):
            allowed = (ROWS[lever].lower, ROWS[lever].upper)
        else:
            raise InputError([Problem("error.unknown_factor", name, _unknown(lever))])
        try:
            low, high = allowed if ends is None else ends
        except TypeError:  # a number alone
            raise InputError([Problem("error.not_two_ends", name, {"given": str(ends)})]) from None
        if not allowed[0] <= low < high <= allowed[1]:
            facts = {"given": f"{low} - {high}", "lower": allowed[0], "upper": allowed[1], "unit": "number"}
            raise InputError([Problem("error.out_of_range", name, facts)])
        return low, high

    def scenario_at(self, **values: float) -> Scenario:
        """The chain with these values of the inputs; names as they are, or as identifiers."""
        given = {as_input(name): float(value) for name, value in values.items()}
        for name in [name for name, value in given.items() if not np.isfinite(value)]:
            low, high = self.inputs.get(name, (0.0, 1.0))
            facts = {"given": str(given[name]), "lower": low, "upper": high, "unit": "number"}
            raise InputError([Problem("error.not_a_number", name, facts)])
        weeks = {name.removesuffix(WEEK): round(value) for name, value in given.items() if is_moment(name)}
        rest = {name: value for name, value in given.items() if not is_moment(name) and name not in weeks}
        changed = varied(self.scenario, rest)
        for name, week in sorted(weeks.items(), key=lambda moment: moment[1]):
            organisation, _, lever = name.rpartition(".")
            changed = changed.with_levers(
                week, organisation or None, between=None, always=False, **{lever: given[name]}
            )
        return changed

    def __call__(self, **values: float) -> dict[str, float]:
        """Means over the runs, by the name of the outcome.

        Raises
        ------
        InputError : an unknown outcome, or one that no run has, because the period is too short
        """
        ensemble = Ensemble.of(self.scenario_at(**values), self.seed)
        todo = pieces(0, self.runs, self.workers or 1, 1)
        runs = together(computed(ensemble, Keep(), todo, workers=self.workers))
        names, table = _outcome_names(ensemble.extension), np.hstack([runs.summary, runs.own_summary])
        found = {}
        for name in self.outcomes:
            column = table[:, position(name, names, "error.unknown_outcome")]
            known = column[~np.isnan(column)]
            if not len(known):
                raise InputError([Problem("error.no_value", name, {"given": self.scenario.weeks})])
            found[name] = float(known.mean())
        return found

    def experiment(self, rows: Iterable[Mapping[str, float]], runs: int | None = None) -> Experiment:
        """An experiment of some combinations of levers and moments, to be run, reported and verified like any other.

        Parameters
        ----------
        rows : values of the inputs, e.g. what a search found; every row is a way to steer, its outcomes are left out
        runs : per row; silent = those of a call

        Raises
        ------
        InputError : no rows, a name that is no input, or an input that is no lever and no number of a policy
        """
        names = [str(row.name) for row in CHOSEN]
        policies = []
        for number, row in enumerate(rows, 1):
            given = {as_input(str(name)): float(value) for name, value in row.items() if name not in self.outcomes}
            if odd := [name for name in given if name not in self.inputs]:
                raise InputError([Problem("error.unknown_factor", odd[0], _unknown(odd[0], self.inputs))])
            if odd := [name for name in given if not is_moment(name) and name.rpartition(".")[2] not in names]:
                raise InputError([Problem("error.unknown_lever", odd[0], _unknown(odd[0]))])
            policies.append(_way(number, given))
        if not policies:
            raise InputError([Problem("error.no_rows", "rows", {})])
        title = self.scenario.title.model_dump()
        data = {
            "title": title,
            "question": title,
            "policies": policies,
            "outcomes": [name for name in self.outcomes if name in OUTCOME_NAMES] or ["goal_realisation"],
            "runs": runs or self.runs,
            "seed": self.seed,
        }
        return Experiment.of_chains(data, {self.name: self.scenario})


def _way(number: int, given: Mapping[str, float]) -> dict[str, Any]:
    """A row as a way to steer: what is decided in week 0, and what later."""
    weeks = {name.removesuffix(WEEK): round(value) for name, value in given.items() if is_moment(name)}
    calendar, levers, parameters = [], {}, {}
    for name, value in given.items():
        organisation, _, lever = name.rpartition(".")
        if is_moment(name):
            continue
        if lever not in LEVER_NAMES:
            parameters[name] = value
        elif organisation or weeks.get(name, 0) > 0:
            change: dict[str, Any] = {"week": weeks.get(name, 0), "levers": {lever: value}}
            calendar.append(change | ({"organisation": organisation} if organisation else {}))
        else:
            levers[lever] = value
    text = ", ".join(f"{name} {value:.3g}" for name, value in given.items())
    label = {"nl": text, "en": text}
    return {"id": f"way_{number}", "label": label, "levers": levers, "parameters": parameters, "calendar": calendar}


def _unknown(name: str, known: Iterable[str] = ROWS) -> dict[str, Any]:
    return {"given": name, "allowed": tuple(known), **nearest(name, known)}


def _outcome_names(extension: Extension) -> list[str]:
    """Outcomes of the model, and then those of somebody's own, in the order of what is computed."""
    return [*OUTCOME_NAMES, *extension.outcomes, *extension.organisation_outcomes]


def is_moment(name: str) -> bool:
    """Whether an input says when a lever is decided.

    Examples
    --------
    >>> is_moment("Provider.room_week"), is_moment("room"), is_moment("policy_switch_week")
    (True, False, False)
    """
    return name.endswith(WEEK) and name.removesuffix(WEEK).rpartition(".")[2] in LEVER_NAMES


def as_identifier(name: str) -> str:
    """A name of an input where only letters, digits and underscores are allowed.

    Examples
    --------
    >>> as_identifier("Provider.room"), as_input("Provider__room")
    ('Provider__room', 'Provider.room')
    """
    made = name.replace(".", DOT)
    if not made.isidentifier() or keyword.iskeyword(made):
        raise InputError([Problem("error.own_outcome_name", name, {"given": name})])
    return made


def as_input(name: str) -> str:
    """The name of an input from its identifier."""
    return name.replace(DOT, ".")
