"""Numbers of a scenario file: each has a range and a unit, and may say where it comes from and how sure it is.

A number is written bare (``fte: 40``, an assumption) or with its provenance
(``fte: {value: 40, source: cbs_2022, certainty: high}``). In Python it is a ``Quantity`` either way.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated, Any, Final, NoReturn, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
    model_serializer,
    model_validator,
)
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from ketensim.foundation.errors import wrong_number
from ketensim.scenario.described import describe
from ketensim.scenario.problems import deeper, excerpt, nearest, refusal

CERTAINTIES: Final = ("high", "medium", "low", "assumption")
LONGEST_TEXT: Final = 4000


class Fixed(dict[str, Any]):
    """A dictionary that nobody changes."""

    def _refused(self, *_: object, **__: object) -> NoReturn:
        raise TypeError("a scenario or an experiment does not change; make another one of it")

    __setitem__ = __delitem__ = __ior__ = _refused
    clear = pop = popitem = setdefault = update = _refused

    def __reduce__(self) -> tuple[Any, ...]:
        """For copying and pickling, which would fill an empty one."""
        return Fixed, (dict(self),)


class Part(BaseModel):
    """Base of every part of a scenario file: unknown keys refused, nothing converted silently, frozen."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    @model_validator(mode="after")
    def _blocks_fixed(self) -> Self:
        """Blocks of values by name stay as they were checked, too."""
        for name, value in self.__dict__.items():
            if type(value) is dict:
                self.__dict__[name] = Fixed(value)
        return self

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        described = handler(schema)
        describe(cls, handler.resolve_ref_schema(described).get("properties", {}))
        return described


def in_short(key: str, *kinds: type) -> Any:
    """A validator of a part that is also written without its key: a list, or a word, stands for ``{key: ...}``."""

    def read(cls: type[Part], given: object) -> object:
        return {key: given} if isinstance(given, kinds) else given

    return model_validator(mode="before")(classmethod(read))  # type: ignore[arg-type]


@dataclass(frozen=True)
class OneOf:
    """A word out of a fixed list."""

    names: tuple[str, ...]

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_before_validator_function(self.read, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {"type": "string", "enum": list(self.names)}

    def read(self, given: object) -> object:
        """The word itself, or a refusal with the nearest word."""
        if isinstance(given, str) and given in self.names:
            return given
        raise refusal("error.not_one_of", given=excerpt(given), allowed=self.names, **nearest(given, self.names))


def number_within(given: object, lower: float, upper: float, unit: str, whole: bool = False) -> float:
    """A finite number in the closed range [lower, upper]; a bool, nan, infinity or text is refused.

    Parameters
    ----------
    given : what stands in the file or was passed by the caller
    lower, upper : smallest and largest value, in the unit
    unit : for the message
    whole : whether only whole numbers are allowed
    """
    if key := wrong_number(given, lower, upper, whole=whole):
        text = f'"{excerpt(given)}"' if isinstance(given, str) else excerpt(given)
        raise refusal(key, given=text, unit=unit, lower=lower, upper=upper)
    return float(given)  # type: ignore[arg-type]  # a number, as was found above


@dataclass(frozen=True)
class Within:
    """The range and the unit of a field; stands on a ``Quantity``, a ``float`` or an ``int``."""

    lower: float
    upper: float
    unit: str
    whole: bool = False

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        if isinstance(source, type) and issubclass(source, Part):
            read = core_schema.no_info_before_validator_function(self.read_quantity, handler(source))
            return core_schema.no_info_after_validator_function(self.check, read)
        return core_schema.no_info_before_validator_function(self.read, handler(source))

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        number: JsonSchemaValue = {
            "type": "integer" if self.whole else "number",
            "minimum": self.lower,
            "maximum": self.upper,
            "description": self.unit,
        }
        on_quantity = schema["type"] == "function-after"  # see above: only there the range is checked afterwards
        return {"anyOf": [number, handler(schema)]} if on_quantity else number

    def read(self, given: object) -> float:
        """A plain number in the range."""
        value = number_within(given, self.lower, self.upper, self.unit, self.whole)
        return int(given) if self.whole else value  # type: ignore[call-overload]  # a float is not exact

    def read_quantity(self, given: object) -> object:
        """A bare number as the block it is short for."""
        return given if isinstance(given, dict | Quantity) else {"value": self.read(given)}

    def check(self, given: Quantity) -> Quantity:
        """The quantity, when its number is in the range."""
        try:
            self.read(given.value)
        except PydanticCustomError as error:
            raise deeper("value", error) from None
        return given


CONTROL: Final = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufffe\uffff]")


def shown(given: str) -> str:
    """A text that every page, table and file of ours can carry.

    Raises
    ------
    PydanticCustomError : it holds a control character
    """
    if found := CONTROL.search(given):
        raise refusal("error.control_character", given=f"U+{ord(found[0]):04X}", position=found.start() + 1)
    return given


class Text(Part):
    """A text for the reader, in both languages."""

    nl: Annotated[str, Field(min_length=1, max_length=LONGEST_TEXT), AfterValidator(shown)]
    """in Dutch"""
    en: Annotated[str, Field(min_length=1, max_length=LONGEST_TEXT), AfterValidator(shown)]
    """in English"""

    def in_language(self, language: str) -> str:
        """The text in ``nl`` or ``en``."""
        return self.nl if language == "nl" else self.en


ANYTHING: Final = 1e12  # no quantity of a chain comes near; the range of the field itself is the real limit


class Figure(Part):
    """A number and what is known about it."""

    value: Annotated[float, Within(-ANYTHING, ANYTHING, "number")]
    """the number, in the unit of its field"""
    source: str | None = None
    """key under `sources`"""
    certainty: Annotated[str, OneOf(CERTAINTIES)] = "assumption"
    """how sure it is; a number without a source is an assumption"""
    note: Text | None = None
    """why this value"""


class Quantity(Figure):
    """A number with its provenance; in a file it may be written bare."""

    def __float__(self) -> float:
        return self.value

    @model_serializer
    def _written(self) -> Any:
        """Bare when there is nothing to tell about it, so that a file stays readable."""
        number = as_written(self.value)
        background = {"source": self.source, "certainty": self.certainty, "note": self.note}
        if self.source is None and self.note is None and self.certainty == "assumption":
            return number
        return {"value": number} | {name: fact for name, fact in background.items() if fact is not None}


def as_written(value: float) -> float | int:
    """A whole number without its ``.0``, as people write it."""
    return int(value) if value.is_integer() else value


Share = Annotated[Quantity, Within(0, 1, "share")]


class PerType[Number](Part):
    """One number for all case types, or a number per case type."""

    all_types: Number | None = None
    """for every case type"""
    by_type: dict[str, Number] = {}
    """by case type"""

    @model_validator(mode="before")
    @classmethod
    def _read(cls, given: object) -> object:
        if isinstance(given, PerType):
            return given
        if isinstance(given, dict) and "value" not in given:
            return {"by_type": given}
        return {"all_types": given}

    @model_serializer
    def _written(self) -> Any:
        return self.by_type if self.all_types is None else self.all_types

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        fields = handler.resolve_ref_schema(super().__get_pydantic_json_schema__(schema, handler))["properties"]
        return {"anyOf": [*fields["all_types"]["anyOf"][:-1], {"type": "object", **fields["by_type"]}]}

    def of(self, case_type: str) -> Number | None:
        """The number for a case type, None where there is none."""
        return self.by_type.get(case_type) if self.all_types is None else self.all_types
