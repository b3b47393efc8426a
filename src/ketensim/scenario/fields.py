"""The kinds of fields a scenario file has beside numbers: names, dates, lists of names, blocks named by a table."""

from __future__ import annotations

import datetime
import re
import unicodedata
from dataclasses import dataclass
from typing import Annotated, Any, Final

from pydantic import BeforeValidator, GetCoreSchemaHandler, GetJsonSchemaHandler, PlainSerializer, Strict
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from ketensim.foundation.parameters import Parameter
from ketensim.scenario.numbers import Part, Quantity, Share, Within, number_within
from ketensim.scenario.problems import deeper, excerpt, nearest, refusal

MOST_WEEKS: Final = 2000
LONGEST_NAME: Final = 60
NAME: Final = re.compile(r"[^\W_][\w .&'()/+-]{0,58}[\w.)+]|[^\W_]")
DAY_JSON: Final = {"type": "string", "format": "date"}


def as_name(given: object) -> str:
    """A name that can be used on a command line and in a table."""
    if not isinstance(given, str):
        raise refusal("error.not_text", given=excerpt(given))
    name = unicodedata.normalize("NFC", given)
    if NAME.fullmatch(name) is None:
        raise refusal("error.bad_name", given=excerpt(given))
    return name


def short_name(label: str) -> str:
    """What may be a short name, from what something is called; nothing when no letter is left.

    Examples
    --------
    >>> short_name("  Veilig Thuis: advies!")
    'Veilig Thuis advies'
    """
    kept = re.sub(r"[^\w .&'()/+-]|^[\W_]+", "", label)[:LONGEST_NAME].strip()
    kept = re.sub(r"[^\w.)+]+$", "", re.sub(r"^[\W_]+", "", kept))
    return kept if NAME.fullmatch(kept) else ""


def as_day(given: object) -> datetime.date:
    """A date, also when written between quotation marks."""
    if isinstance(given, str) and re.fullmatch(r"\d{4}-\d{2}-\d{2}", given):
        try:
            return datetime.date.fromisoformat(given)
        except ValueError:
            raise refusal("error.not_a_date", given=excerpt(given)) from None
    if isinstance(given, datetime.date) and not isinstance(given, datetime.datetime):
        return given
    raise refusal("error.not_a_date", given=excerpt(given))


@dataclass(frozen=True)
class WeekOrDay:
    """A week number or a date."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(self.read)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {"anyOf": [DAY_JSON, {"type": "integer", "minimum": -MOST_WEEKS, "maximum": MOST_WEEKS}]}

    def read(self, given: object) -> datetime.date | int:
        """The date, or the week number as an int."""
        if isinstance(given, int | float):
            return int(number_within(given, -MOST_WEEKS, MOST_WEEKS, "weeks", whole=True))
        try:
            return as_day(given)
        except PydanticCustomError:
            raise refusal("error.not_a_moment", given=excerpt(given)) from None


@dataclass(frozen=True)
class FromTable:
    """A block of values by name; names and ranges come from the table of parameters or levers."""

    rows: tuple[Parameter, ...]
    unknown: str  # key of the problem

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(
            self.check, core_schema.no_info_before_validator_function(self.read, handler(source))
        )

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        block = handler.resolve_ref_schema(handler(schema))["additionalProperties"]
        return {
            "type": "object",
            "properties": {row.name: _row_json(row, block) for row in self.rows},
            "additionalProperties": False,
        }

    def read(self, given: object) -> object:
        """The block, when every name in it is known; a bare number becomes the block it is short for."""
        if not isinstance(given, dict):
            return given
        names = tuple(row.name for row in self.rows)
        for name in given:
            if name not in names:
                facts = {"given": excerpt(name), "allowed": names, **nearest(name, names)}
                raise refusal(self.unknown, excerpt(name), **facts)
        by_name = {row.name: row for row in self.rows}
        return {name: self._block(by_name[name], value) for name, value in given.items()}

    def check(self, given: dict[str, Any]) -> dict[str, Any]:
        """The block, when every number is in the range of its row."""
        by_name = {row.name: row for row in self.rows}
        for name, part in given.items():
            row = by_name[name]
            try:
                number_within(part.value, row.lower, row.upper, row.unit)
            except PydanticCustomError as error:
                raise deeper(f"{name}.value", error) from None
        return given

    def _block(self, row: Parameter, given: object) -> object:
        if isinstance(given, dict | Part):
            return given
        try:
            return {"value": number_within(given, row.lower, row.upper, row.unit)}
        except PydanticCustomError as error:
            raise deeper(row.name, error) from None


def _row_json(row: Parameter, block: JsonSchemaValue) -> JsonSchemaValue:
    number = {"type": "number", "minimum": row.lower, "maximum": row.upper}
    return {"anyOf": [number, block], "description": f"{row.symbol}, {row.unit}", "default": row.default}


def _listed(given: object) -> object:
    return () if given is None else (given,) if isinstance(given, str) else given


def _unlisted(given: tuple[str, ...]) -> object:
    return None if not given else given[0] if len(given) == 1 else list(given)


def _entries(given: object) -> object:
    return {given: 1} if isinstance(given, str) else given


Name = Annotated[str, BeforeValidator(as_name)]
Day = Annotated[datetime.date, BeforeValidator(as_day, json_schema_input_type=datetime.date)]
Moments = Annotated[tuple[Annotated[datetime.date | int, WeekOrDay()], ...], Strict(False)]
OneOrMore = Annotated[
    tuple[Name, ...],
    Strict(False),
    BeforeValidator(_listed, json_schema_input_type=str | list[str] | None),
    PlainSerializer(_unlisted),
]
Entry = Annotated[dict[Name, Share], BeforeValidator(_entries, json_schema_input_type=str | dict[str, Share])]
Weeks = Annotated[Quantity, Within(1, MOST_WEEKS, "weeks", whole=True)]
Shift = Annotated[Quantity, Within(-3, 3, "concern")]
Coordinate = Annotated[Quantity, Within(-5, 5, "policy distance")]
