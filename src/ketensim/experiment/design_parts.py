"""The parts of an experiment file: factors, ways to steer, histories and designs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Final

from pydantic import (
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    SerializerFunctionWrapHandler,
    Strict,
    model_serializer,
    model_validator,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from ketensim.foundation.parameters import LEVERS, PARAMETERS, POLICIES, Parameter
from ketensim.scenario.content import Overrides
from ketensim.scenario.fields import Name
from ketensim.scenario.numbers import OneOf, Part, Text, Within, as_written, in_short, number_within
from ketensim.scenario.parts import Change, Event, Levers
from ketensim.scenario.problems import deeper, excerpt, nearest, refusal

STEERING: Final = tuple(row for row in PARAMETERS if row.condition == "policies")  # chosen, not assumed
CHOSEN: Final[tuple[Parameter, ...]] = (*LEVERS, *STEERING)
CONTEXT: Final[tuple[Parameter, ...]] = (  # ranges as in ``scenario.content.Context``
    Parameter("capacity", "", "ratio", 0.1, 3, 1.0, "context"),
    Parameter("non_standard", "", "share", 0, 1, 0.0, "context"),
)
OF_EVERYBODY: Final[
    tuple[Parameter, ...]
] = (  # the same at every organisation; ranges as in ``scenario.parts.Organisation``
    Parameter("turnover", "", "1/year", 0, 2, 0.083, "organisations"),
    Parameter("drift", "", "share/week", 0, 0.2, 0.0, "organisations"),
)
CIRCUMSTANCES: Final = (*CONTEXT, *OF_EVERYBODY)
GIVEN: Final[tuple[Parameter, ...]] = (*CIRCUMSTANCES, *(row for row in PARAMETERS if row.condition != "policies"))
MOST_VALUES: Final = 1000
DIRECTIONS: Final = ("more", "less")
ANYTHING: Final = 1e12  # the range of the factor itself is the real limit
TABLE: Final = "table"
KINDS: Final[Mapping[str, tuple[str, ...]]] = {  # kind of design: what it needs
    "list": ("rows",),
    "table": ("table",),
    "grid": (),
    "factorial": (),
    "fractional": ("resolution",),
    "latin_hypercube": ("points",),
    "sobol": ("base",),
    "morris": ("trajectories",),
}
OPTIONAL: Final[Mapping[str, tuple[str, ...]]] = {"grid": ("levels",)}
Value = Annotated[float, Within(-ANYTHING, ANYTHING, "number")]


class Factor(Part):
    """What one factor may be: a list of values, or everything between two ends."""

    values: Annotated[tuple[Value, ...], Strict(False), Field(max_length=MOST_VALUES)] = ()
    """the values themselves; in a file simply a list"""
    from_: Value | None = Field(default=None, alias="from")
    to: Value | None = None

    _read = in_short("values", list, tuple)

    @model_validator(mode="after")
    def _meant(self) -> Factor:
        if self.from_ is not None and self.to is not None and not self.values and self.from_ < self.to:
            return self
        if self.from_ is None and self.to is None and self.values and len(set(self.values)) == len(self.values):
            return self
        raise refusal("error.factor")

    @model_serializer
    def _written(self) -> Any:
        if self.values:
            return [as_written(value) for value in self.values]
        assert self.from_ is not None and self.to is not None
        return {"from": as_written(self.from_), "to": as_written(self.to)}

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        number = {"type": "number"}
        ends = {"type": "object", "properties": {"from": number, "to": number}, "required": ["from", "to"]}
        return {"anyOf": [{"type": "array", "items": number}, {**ends, "additionalProperties": False}]}

    @property
    def ends(self) -> tuple[float, float]:
        """Lowest and highest value."""
        if self.values:
            return min(self.values), max(self.values)
        assert self.from_ is not None and self.to is not None
        return self.from_, self.to


@dataclass(frozen=True)
class FactorsOf:
    """A block of factors by name; names and ranges come from a table. A lever may be that of one organisation."""

    rows: tuple[Parameter, ...]
    unknown: str  # key of the problem

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        named = core_schema.no_info_before_validator_function(self.named, handler(source))
        return core_schema.no_info_after_validator_function(self.within, named)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        block = handler.resolve_ref_schema(handler(schema))["additionalProperties"]
        words = {row.name: {**block, "description": f"{row.unit}, {row.lower} - {row.upper}"} for row in self.rows}
        return {
            "type": "object",
            "properties": words,
            "patternProperties": {r"\.": block},
            "additionalProperties": False,
        }

    def named(self, given: object) -> object:
        """The block, when every name in it is known."""
        names = tuple(row.name for row in self.rows)
        for name in given if isinstance(given, dict) else ():
            if factor_name(name) not in names:
                facts = {"given": excerpt(name), "allowed": names, **nearest(factor_name(name), names)}
                raise refusal(self.unknown, excerpt(name), **facts)
        return given

    def within(self, given: dict[str, Factor]) -> dict[str, Factor]:
        """The block, when every value is in the range of its row."""
        by_name = {row.name: row for row in self.rows}
        for name, factor in given.items():
            row = by_name[factor_name(name)]
            for value in (*factor.values, *factor.ends):
                try:
                    number_within(value, row.lower, row.upper, row.unit)
                except PydanticCustomError as error:
                    raise deeper(name, error) from None
        return given


def factor_name(name: str) -> str:
    """The lever in ``Organisation.lever``; other names as they are."""
    return str(name).rpartition(".")[2]


def refuse_always_alone(always: bool, levers: Mapping[str, Any]) -> None:
    """Refuse `always` where there are no levers beside it."""
    if always and not levers:
        raise refusal("error.missing_key", "levers", given="levers")


class Alternative(Part):
    """One way to steer: everything in it is chosen."""

    id: Name
    label: Text | None = None
    """what it is called; silent = the name of the policy"""
    policy: Annotated[str, OneOf(POLICIES)] | None = None
    """silent = that of the scenario"""
    parameters: Overrides = Field(default={})
    """numbers of the policy, such as policy_switch_week"""
    levers: Levers = Field(default={})
    """levers, decided in week 0; a factor goes before them"""
    always: bool = False
    """true = its levers have stood there since the burn-in, instead of being decided in week 0"""
    one_roof: bool = False
    """true = the same work by the same people as one organisation with departments (scenario/one_roof.py)"""
    calendar: Annotated[tuple[Change, ...], Strict(False)] = ()
    """changes on the way, added to those of the scenario"""
    own: str | None = None
    """a steering policy of one's own, after that of the scenario: `module:name` or `file.py:name`"""

    @model_validator(mode="before")
    @classmethod
    def _read(cls, given: object) -> object:
        return {"id": given, "policy": given} if isinstance(given, str) else given

    @model_validator(mode="after")
    def _of_levers(self) -> Alternative:
        refuse_always_alone(self.always, self.levers)
        return self


class Extended(Part):
    """What is different from the shipped model: functions by their place, ``module:name`` or ``file.py:name``.

    The code of an experiment is carried out like any other code: run experiments of people whom you trust.
    """

    rules: dict[str, str] = Field(default={})
    """name of a shipped rule: what stands in for it"""
    event: str | None = None
    """an event of one's own"""
    outcomes: dict[str, str] = Field(default={})
    """name: an outcome of the chain"""
    organisation_outcomes: dict[str, str] = Field(default={})
    """name: an outcome of each organisation"""


class History(Part):
    """One course of events, instead of the scenario's own."""

    id: Name
    label: Text
    events: Annotated[tuple[Event, ...], Strict(False)] = ()
    """silent = nothing happens"""


class Design(Part):
    """Which combinations of the factors are run."""

    kind: Annotated[str, OneOf(tuple(KINDS))] = "grid"
    """list, table, grid, factorial (two levels, all), fractional (two levels, part), latin_hypercube, sobol, morris"""
    rows: Annotated[tuple[dict[str, Value], ...], Strict(False)] | None = None
    """list: the combinations themselves"""
    table: Annotated[str, Field(min_length=1)] | None = None
    """table: path of a CSV or Parquet file (seen from this file) with a row per combination and a column per factor"""
    levels: Annotated[int, Within(2, MOST_VALUES, "number", whole=True)] | None = None
    """grid: how many values of a factor that has two ends"""
    resolution: Annotated[int, Within(3, 5, "number", whole=True)] | None = None
    """fractional: 3 = main effects free of each other, 4 = also of interactions, 5 = interactions free of each other"""
    points: Annotated[int, Within(2, 100_000, "number", whole=True)] | None = None
    """latin_hypercube: how many combinations"""
    base: Annotated[int, Within(2, 65_536, "number", whole=True)] | None = None
    """sobol: a power of two; (factors + 2) times as many combinations"""
    trajectories: Annotated[int, Within(2, 10_000, "number", whole=True)] | None = None
    """morris: (factors + 1) times as many combinations"""

    @model_validator(mode="before")
    @classmethod
    def _read(cls, given: object) -> object:
        """A table says by itself which kind it is."""
        return {"kind": TABLE, **given} if isinstance(given, dict) and TABLE in given else given

    @model_serializer(mode="wrap")
    def _written(self, write: SerializerFunctionWrapHandler) -> Any:
        """The rows of a table stay in the table."""
        fields: dict[str, Any] = write(self)
        return fields | {"rows": None} if self.kind == TABLE else fields

    @model_validator(mode="after")
    def _complete(self) -> Design:
        """Each kind has what it needs and nothing of another."""
        needed = KINDS[self.kind]
        for name in sorted({part for parts in (*KINDS.values(), *OPTIONAL.values()) for part in parts}):
            given = getattr(self, name) is not None
            if name in needed and not given:
                raise refusal("error.missing_key", name, given=name)
            if given and name not in (*needed, *OPTIONAL.get(self.kind, ())):
                raise refusal("error.design_field", name, given=name, kind=self.kind)
        if self.base is not None and self.base & (self.base - 1):
            raise refusal("error.power_of_two", "base", given=self.base)
        return self


class Wanted(Part):
    """What is good of an outcome: from where on it is good enough, or only which direction is better."""

    at_least: Value | None = None
    at_most: Value | None = None
    better: Annotated[str, OneOf(DIRECTIONS)] | None = None
    """more or less of it; in a file simply the word"""

    _read = in_short("better", str)

    @model_validator(mode="after")
    def _once(self) -> Wanted:
        if sum(part is not None for part in (self.at_least, self.at_most, self.better)) != 1:
            raise refusal("error.wanted")
        return self
