"""Every number of a scenario with its path, where it comes from and how sure it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Final, NamedTuple, get_args

from ketensim.scenario.content import Content
from ketensim.scenario.numbers import Figure, Part, PerType, Text, Within
from ketensim.scenario.parts import CaseType, Organisation
from ketensim.scenario.problems import dotted

ON_ASSUMPTIONS: Final = (Content, Organisation, CaseType)  # their note says how numbers without a source were chosen


class SourcedNumber(NamedTuple):
    """One number of a scenario.

    Attributes
    ----------
    path : where it stands, e.g. ``organisations[2].fte``
    value : the number
    unit : of its field; nothing where the field has none of its own: parameters, levers and indicators
    source : key under the scenario's ``sources``, None for an assumption
    certainty : high, medium, low or assumption
    note : why this value, in both languages: its own note, else that of the part it stands in. A number with a source does
        not take a note on assumptions: it takes its own, or that of the link or event it stands in
    """

    path: str
    value: float
    unit: str
    source: str | None
    certainty: str
    note: Text | None


def provenance(scenario: Content) -> list[SourcedNumber]:
    """All numbers of organisations, links, case types, events, indicators and parameters, in the order of the file.

    A number the file is silent about stands in the list with its default, as an assumption.
    """
    return [
        SourcedNumber(path, figure.value, unit, figure.source, figure.certainty, note)
        for path, figure, unit, note in figures("", scenario)
    ]


def figures(
    path: str, part: object, unit: str = "", note: Text | None = None, on_sourced: Text | None = None
) -> Iterator[tuple[str, Figure, str, Text | None]]:
    """Each number in a part of a scenario: its path, unit, and the note that holds for it, with a source ``on_sourced``."""
    own = getattr(part, "note", None)
    note = own or note
    if own is not None and not isinstance(part, ON_ASSUMPTIONS):
        on_sourced = own
    if isinstance(part, Figure):
        yield path, part, unit, note if part.source is None else on_sourced
        return
    for inner_path, inner, inner_unit in _inside(path, part, unit):
        yield from figures(inner_path, inner, inner_unit, note, on_sourced)


def _inside(path: str, part: object, unit: str) -> Iterator[tuple[str, object, str]]:
    """What a part consists of, with the path and the unit of each."""
    if isinstance(part, PerType):
        yield path, part.by_type if part.all_types is None else part.all_types, _units(type(part))["all_types"]
    elif isinstance(part, Part):
        for name, field in type(part).model_fields.items():
            yield dotted(path, field.alias or name), getattr(part, name), _units(type(part))[name]
    elif isinstance(part, dict):
        yield from ((dotted(path, name), inner, unit) for name, inner in part.items())
    elif isinstance(part, tuple):
        yield from ((f"{path}[{index}]", inner, unit) for index, inner in enumerate(part))


@cache
def _units(kind: type[Part]) -> Mapping[str, str]:
    """The units of the fields of a part."""
    return {name: _unit((*field.metadata, field.annotation)) for name, field in kind.model_fields.items()}


def _unit(declared: tuple[Any, ...]) -> str:
    """The unit in a declaration such as ``Annotated[Quantity, Within(0, 1, "share")] | None``; nothing where it has none."""
    for part in declared:
        if isinstance(part, Within):
            return part.unit
        if unit := _unit(get_args(part)):
            return unit
    return ""
