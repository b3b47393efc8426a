"""An experiment: a checked description of what to run. What is chosen stands apart from what is given.

Frozen; ``run_experiment(Experiment.load(FILE))`` and ``ketensim experiment FILE`` are the same.
"""

from __future__ import annotations

import os
from collections.abc import Collection, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

from pydantic import BeforeValidator, Field, PrivateAttr, Strict, ValidationInfo, WithJsonSchema, model_validator

from ketensim.experiment import design
from ketensim.experiment.design_parts import (
    CHOSEN,
    GIVEN,
    TABLE,
    Alternative,
    Design,
    Extended,
    Factor,
    FactorsOf,
    History,
    Wanted,
    refuse_always_alone,
)
from ketensim.experiment.design_table import DesignTable, refuse_unlike, rows_of_table
from ketensim.experiment.run_parts import OF_STOPPING, Kept, Stop
from ketensim.foundation.errors import InputError, Problem
from ketensim.foundation.luck import LARGEST_SEED
from ketensim.foundation.outcome_table import ORGANISATION_OUTCOME_NAMES, OUTCOME_NAMES
from ketensim.run.extension import Extension, in_force
from ketensim.run.own_code import from_place
from ketensim.scenario import files
from ketensim.scenario.fields import MOST_WEEKS
from ketensim.scenario.numbers import OneOf, Part, Text, Within
from ketensim.scenario.plausibility import SWITCH
from ketensim.scenario.problems import excerpt, nearest, read_model, refusal
from ketensim.scenario.schema import Scenario
from ketensim.scenario.shipped import shipped_path
from ketensim.scenario.yaml_text import list_doubts, values_and_lines

if TYPE_CHECKING:
    import pandas as pd

MOST_RUNS: Final = 1_000_000  # of one combination
LUCK: Final = ("equal", "own")
PARAMETERS: Final = ("scenario", "accepted")
OUTCOME_OR_OWN: Final[dict[str, Any]] = {
    "anyOf": [{"type": "string", "enum": list(OUTCOME_NAMES)}, {"type": "string", "pattern": r"^[A-Za-z]\w*$"}]
}
Outcome = Annotated[str, WithJsonSchema(OUTCOME_OR_OWN)]


def _listed(given: object) -> object:
    return (given,) if isinstance(given, str) else given


class Experiment(Part):
    """What an experiment file holds.

    Every way to steer meets every history, scenario and combination of factors; with ``worlds`` every combination of
    levers also meets every combination of uncertainties.
    """

    title: Text
    question: Text
    """what one wants to know"""
    scenario: Annotated[
        tuple[str, ...], Strict(False), BeforeValidator(_listed, json_schema_input_type=str | list[str])
    ] = Field(min_length=1)
    """name of a scenario, or path of a file (seen from this file), or a list of them"""
    weeks: Annotated[int, Within(1, MOST_WEEKS, "weeks", whole=True)] | None = None
    """reported weeks; silent = those of the scenario"""
    levers: Annotated[dict[str, Factor], FactorsOf(CHOSEN, "error.unknown_lever")] = Field(default={})
    """what one chooses: levers, decided in week 0, and numbers of steering policies"""
    always: bool = False
    """true = the levers have stood there since the burn-in, instead of being decided in week 0"""
    uncertainties: Annotated[dict[str, Factor], FactorsOf(GIVEN, "error.unknown_parameter")] = Field(default={})
    """what one cannot choose: capacity, non_standard, and parameters of the model"""
    policies: Annotated[tuple[Alternative, ...], Strict(False)] = ()
    """ways to steer; the first is what the others are compared with; silent = as in the scenario"""
    events: Annotated[tuple[History, ...], Strict(False)] = ()
    """courses of events; silent = as in the scenario"""
    design: Design = Design()
    """combinations of the levers, and of the uncertainties when there is no `worlds`"""
    worlds: Design | None = None
    """combinations of the uncertainties, each of which meets every choice"""
    outcomes: Annotated[tuple[Outcome, ...], Strict(False)] = Field(default=("goal_realisation",), min_length=1)
    """what is reported, the most important first, those of one's own included; all outcomes are stored"""
    wanted: dict[str, Wanted] = Field(default={})
    """per outcome what is good enough; `at_most` says that less is better"""
    keep: Kept | None = None
    """outcomes that are kept of every run and week; silent = none"""
    stop: Stop | None = None
    """when a run stops early; silent = never"""
    runs: Annotated[int, Within(1, MOST_RUNS, "number", whole=True)] = 100
    """per combination"""
    seed: Annotated[int, Within(0, LARGEST_SEED, "number", whole=True)] = 1
    luck: Annotated[str, OneOf(LUCK)] | None = None
    """equal = every combination meets the same luck; own = luck of its own; silent = own for sobol, else equal"""
    parameters: Annotated[str, OneOf(PARAMETERS)] = "scenario"
    """accepted = every two runs draw the model's assumptions from the accepted sets"""
    extend: Extended = Extended()
    """rules, an event and outcomes of one's own; the code is carried out"""
    note: Text | None = None
    """why it is set up like this, and what it leaves out"""

    _file: Path | None = PrivateAttr(default=None)
    _chains: tuple[Scenario, ...] = PrivateAttr(default=())

    @model_validator(mode="after")
    def _checked(self, info: ValidationInfo) -> Experiment:
        refuse_always_alone(self.always, self.levers)
        self._check_names(tuple((info.context or {}).get("own", ())))
        self._once("scenario[{}]", [self.scenario_name(place) for place in range(len(self.scenario))])
        self._once("policies[{}].id", [policy.id for policy in self.policies])
        self._once("events[{}].id", [history.id for history in self.events])
        if self.worlds is not None and self.worlds.kind != TABLE and not self.uncertainties:
            raise refusal("error.missing_key", "uncertainties", given="uncertainties")
        problems = list(design.design_problems(self.design, self.factors, "design"))
        if self.worlds is not None:
            problems += design.design_problems(self.worlds, self.uncertainties, "worlds")
        if problems:
            raise InputError(problems)
        return self

    def __repr__(self) -> str:
        """One line."""
        factors = ", ".join(self.factors)
        return f"Experiment({self.title.en!r}, {self.design.kind} of {factors or 'nothing'}, {self.runs} runs each)"

    __str__ = __repr__

    def _check_names(self, own: tuple[str, ...]) -> None:
        """Refuse an outcome that neither the model nor anybody's own code has.

        Parameters
        ----------
        own : outcomes of one's own beside those of the file and those in force
        """
        force = in_force()
        chain = (*OUTCOME_NAMES, *force.outcomes, *self.extend.outcomes, *own)
        parts = (*ORGANISATION_OUTCOME_NAMES, *force.organisation_outcomes, *self.extend.organisation_outcomes, *own)
        of_runs = (*chain, *(name for name in parts if name not in ORGANISATION_OUTCOME_NAMES))
        of_runs += OF_STOPPING if self.stop is not None else ()
        kept = ((), ()) if self.keep is None else (self.keep.chain, self.keep.organisations)
        for place, names, known in (
            ("outcomes[{}]", self.outcomes, of_runs),
            ("wanted.{}", tuple(self.wanted), of_runs),
            ("keep.chain[{}]", kept[0], chain),
            ("keep.organisations[{}]", kept[1], parts),
        ):
            self._once(place, list(names))
            for number, name in enumerate(names):
                if name not in known:
                    facts = {"given": excerpt(name), "allowed": known, **nearest(name, known)}
                    where = place.format(name if place.startswith("wanted") else number)
                    raise refusal("error.not_one_of", where, **facts)

    @staticmethod
    def _once(place: str, names: list[str]) -> None:
        """Refuse a name that occurs twice; tables could not tell the two apart."""
        for number, name in enumerate(names):
            if name in names[:number]:
                first = place.format(names.index(name))
                raise refusal("error.duplicate_id", place.format(number), given=name, first=first)

    @property
    def equal_luck(self) -> bool:
        """Whether every combination meets the same luck."""
        return (self.luck or ("own" if self.design.kind == "sobol" else "equal")) == "equal"

    @property
    def file(self) -> str | None:
        """The file it was read from, if any."""
        return None if self._file is None else str(self._file)

    @property
    def name(self) -> str:
        """Name of the file without its ending."""
        return "experiment" if self._file is None else self._file.stem

    @property
    def factors(self) -> dict[str, Factor]:
        """Everything that the design varies."""
        return self.levers if self.worlds is not None else {**self.levers, **self.uncertainties}

    @classmethod
    def load(cls, path: str | os.PathLike[str], *, own: Collection[str] = ()) -> Experiment:
        """An experiment from a file, or one that comes with ketensim by its name.

        Parameters
        ----------
        path : of a YAML file, or one of ``experiment_names()``
        own : names of outcomes of one's own that are not in force here, such as those of a stored result

        Raises
        ------
        InputError
            no such experiment (with the nearest), a file that cannot be read, or everything that is wrong in it
        """
        if not isinstance(path, str | os.PathLike):
            raise InputError([Problem("error.not_text", "experiment", {"given": excerpt(path)})])
        file = os.fspath(path)
        if isinstance(path, str) and not files.looks_like_path(path):
            shipped = _shipped()
            if path not in shipped:
                facts = {"given": excerpt(path), "allowed": tuple(shipped), **nearest(path, shipped)}
                raise InputError([Problem("error.unknown_experiment", "", facts)])
            file = str(shipped[path])
        return files.read_as(lambda data: cls._from_file(Path(file), data, own), files.text_of(file), file)

    @classmethod
    def _from_file(cls, file: Path, data: Mapping[str, Any], own: Collection[str]) -> Experiment:
        read = read_model(cls, data, {"own": own})
        read._file = file
        return read._with_rows()

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Experiment:
        """An experiment from a mapping with the keys of a file; raises InputError with every problem."""
        return read_model(cls, data)._with_rows()

    def with_table(self, table: pd.DataFrame) -> Experiment:
        """The same for the combinations of a table, instead of those of its design.

        Parameters
        ----------
        table : one row per combination, one column per factor (levers, numbers of a policy, and what one cannot choose)

        Raises
        ------
        InputError
            a column that is no factor, a cell that is empty, no number or out of range (with row and column), no rows
        """
        design_of = Design(kind=TABLE, table=f"{TABLE}.csv")
        given = {} if self.worlds is None else self.uncertainties
        free = self.model_copy(update={"design": design_of, "levers": {}, "uncertainties": given})
        return free._of_tables({"design": DesignTable.of_frame(table)})

    def _with_rows(self) -> Experiment:
        """The same with the rows of the tables that it names."""
        folder = Path() if self._file is None else self._file.parent
        named = {"design": self.design, "worlds": self.worlds}
        return self._of_tables(
            {
                place: DesignTable.read(folder / part.table, f"{place}.table")
                for place, part in named.items()
                if part is not None and part.table is not None
            }
        )

    def _of_tables(self, tables: Mapping[str, DesignTable]) -> Experiment:
        """The same with rows and factors of tables, per place; factors that the file lists are to be those of the table."""
        changes: dict[str, Any] = {}
        for place, table in tables.items():
            both = self.worlds is None
            read = rows_of_table(
                table, f"{place}.table", chosen=both or place == "design", given=both or place == "worlds"
            )
            changes[place] = getattr(self, place).model_copy(update={"rows": read.rows})
            for kind, factors in (("levers", read.levers), ("uncertainties", read.uncertainties)):
                listed: dict[str, Factor] = getattr(self, kind)
                if not listed:
                    changes[kind] = {**changes.get(kind, {}), **factors}
                elif factors or both:
                    refuse_unlike(factors, listed, kind, table.names)
        found = self.model_copy(update=changes)
        for place in tables:
            if (number := len(getattr(found, place).rows)) > design.MOST_POINTS:
                facts = {"given": number, "allowed": design.MOST_POINTS}
                raise InputError([Problem("error.too_many_points", f"{place}.table", facts)])
        return found

    @classmethod
    def of_chains(cls, data: Mapping[str, Any], chains: Mapping[str, Scenario]) -> Experiment:
        """The same of chains that somebody holds, by the names that they get in tables; ``scenario`` follows from them."""
        made = cls.from_dict({**data, "scenario": list(chains)})
        made._chains = tuple(chains.values())
        return made

    def scenario_at(self, place: int) -> Scenario:
        """The scenario at a place of the list, over the wanted number of weeks.

        Raises
        ------
        InputError
            no such scenario, or one that is not right
        """
        if self._chains:
            chain = self._chains[place]
            return chain if self.weeks is None else chain.with_weeks(self.weeks)
        given = self.scenario[place]
        beside = Path(given) if self._file is None else self._file.parent / given
        scenario = files.load(beside if files.looks_like_path(given) and beside.exists() else given)
        return scenario if self.weeks is None else scenario.with_weeks(self.weeks)

    def extension_at(self, policy: int) -> Extension:
        """What is different from the shipped model under a way to steer: what is in force, and what the file says.

        Raises
        ------
        InputError
            a function that is not there or does not fit
        """
        folder = None if self._file is None else self._file.parent
        own = Extension.from_places(self.extend.model_dump(), folder, "extend")
        steered = self.policies[policy].own if self.policies else None
        place = None if steered is None else from_place(steered, folder, f"policies[{policy}].own")
        return in_force().and_also(own.with_policy(place))

    def scenario_name(self, place: int) -> str:
        """What a scenario is called in tables: its name, or that of its file."""
        return Path(self.scenario[place]).stem

    def dump(self) -> str:
        """The YAML text, with every default written out."""
        return files.dump_part(self)


def experiment_doubts(experiment: Experiment) -> list[Problem]:
    """What may have been meant otherwise in an experiment that can be read: lists, and a policy that never lets go."""
    found: list[Problem] = []
    if experiment.file is not None:
        text = files.text_of(experiment.file)
        found += list_doubts(text, values_and_lines(text)[1])
    longest = max(experiment.scenario_at(place).weeks for place in range(len(experiment.scenario)))
    latest = {f"policies[{place}].parameters": policy.parameters for place, policy in enumerate(experiment.policies)}
    weeks = {f"{path}.{SWITCH}": given[SWITCH].value for path, given in latest.items() if SWITCH in given}
    if SWITCH in experiment.levers:
        weeks[f"levers.{SWITCH}"] = experiment.levers[SWITCH].ends[1]
    for path, week in weeks.items():
        if week >= longest:
            found.append(Problem("improbable.switch_after", path, {"given": week, "upper": longest - 1}))
    return found


def experiment_names() -> list[str]:
    """Names of the experiments that come with ketensim, in alphabetical order."""
    return list(_shipped())


def _shipped() -> dict[str, Path]:
    """Experiment files by name: in the installed package, else in the folder beside the sources."""
    folder = Path(str(shipped_path("_experiments", "experiments")))
    return {path.stem: path for path in sorted(folder.glob("*.yaml"))}


def experiment_json_schema() -> dict[str, Any]:
    """The JSON Schema of experiment files, for editors that complete and check YAML while one types."""
    schema = Experiment.model_json_schema(by_alias=True)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}
