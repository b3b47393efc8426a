"""The form of a chain of one's own: rows of cells with what was typed, and beside each cell what is wrong with it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from ketensim.app.own.building import Data, Draft, by_name, value_at
from ketensim.app.own.changes import part_name
from ketensim.app.own.form_fields import FIELDS, FormCell, FormField, cell_text, label_of, of_part, parts
from ketensim.app.own.placed_problems import Examination, sentence
from ketensim.scenario.content import Content
from ketensim.scenario.numbers import Figure, Part
from ketensim.scenario.parts import CaseType, Link, Organisation, Principal
from ketensim.scenario.problems import path_of_steps
from ketensim.texts import section, t

MODELS: Final[Mapping[str, type[Part]]] = {
    "organisations": Organisation,
    "case_types": CaseType,
    "links": Link,
    "principals": Principal,
}


def form(draft: Draft, seen: Examination, language: str) -> list[dict[str, Any]]:
    """The blocks of the form with their rows and cells, as plain values for the page."""
    rows: dict[str, list[dict[str, Any]]] = {block: [] for block in FIELDS}
    for block, place in parts(draft.data):
        rows[block].append(_row(draft.data, seen, block, place, language))
    return [{"name": block, "rows": rows[block], **_complaints(seen, block, draft.data, language)} for block in FIELDS]


def _row(data: Data, seen: Examination, block: str, place: int, language: str) -> dict[str, Any]:
    shown = [_cell(data, seen, cell, language) for cell in of_part(data, block, place, language)]
    part = {} if block == "chain" else data[block][place]
    load = seen.loads.get(part.get("id", "")) if block == "organisations" else None
    path = "" if block == "chain" else path_of_steps((block, place))
    return {
        "place": place,
        "title": part_name(data, block, place, language) if part else "",
        "basic": [cell for cell in shown if cell["basic"]],
        "more": [cell for cell in shown if not cell["basic"]],
        "wrong": sum(bool(cell["errors"]) for cell in shown if not cell["basic"]),
        "load": None if load is None or not load else t("own.load", language, share=load),
        "sources": list(_sources(data, part, language)),
        **(_complaints(seen, path, data, language) if path else {"errors": [], "doubts": []}),
    }


def _cell(data: Data, seen: Examination, cell: FormCell, language: str) -> dict[str, Any]:
    field, value = cell.field, value_at(data, cell.steps)
    place = isinstance(value, str) or by_name(value) or value is None
    single = field.kind == "entry" and place and cell.steps[-1] == "entry"
    kind = "choice" if single else "percent" if field.kind == "entry" else field.kind
    words = section("own", language)["field"][field.name]
    whole = bool(field.each) and cell.steps[-1] == field.name
    return {
        "path": cell.path,
        "kind": kind,
        "label": cell.label,
        "unit": words.get("unit", "%" if kind == "percent" else ""),
        "help": words.get("help", "") if whole or not field.each or _first(data, cell) else "",
        "empty": _default(cell, field, language) if kind in ("number", "percent") else "",
        "value": value is True if kind == "check" else cell_text(value, "entry" if single else field.kind, language),
        "options": _options(data, field, language) if kind == "choice" else [],
        "basic": field.basic,
        "split": whole and len(data.get(field.each, [])) > 1,
        "join": bool(field.each) and not whole and _first(data, cell),
        "each": bool(field.each) and not whole,
        **_complaints(seen, cell.path, data, language, cell),
    }


def _first(data: Data, cell: FormCell) -> bool:
    """Whether it is the first of the cells that share a field."""
    return bool(cell.steps[-1] == data[cell.field.each][0].get("id"))


def _default(cell: FormCell, field: FormField, language: str) -> str:
    """The number that holds when nothing is filled in, as it would be typed."""
    kind = MODELS.get(str(cell.steps[0]), Content)
    known = kind.model_fields.get(field.name)
    return "" if known is None or known.default is None else cell_text(_plain(known.default), field.kind, language)


def _plain(value: Any) -> Any:
    return value.value if isinstance(value, Figure) else value if isinstance(value, int | float) else None


def _options(data: Data, field: FormField, language: str) -> list[dict[str, str]]:
    names = [part.get("id") for part in data.get(field.of, [])]
    options = [{"name": str(name), "label": label_of(data, field.of, name, language)} for name in names]
    return options if field.kind == "entry" or field.name in ("from", "to") else [{"name": "", "label": "–"}, *options]


def _complaints(
    seen: Examination, place: str, data: Data, language: str, cell: FormCell | None = None
) -> dict[str, list[str]]:
    return {
        "errors": [sentence(problem, data, language, cell) for problem in seen.errors.get(place, [])],
        "doubts": [sentence(problem, data, language, cell) for problem in seen.doubts.get(place, [])],
    }


def _sources(data: Data, part: Data, language: str) -> Iterator[str]:
    """Where the numbers of a part come from, as far as the file says."""
    known = {field.name for field in FIELDS["organisations"] + FIELDS["case_types"] + FIELDS["links"]}
    for name, value in part.items():
        if name not in known:
            continue
        for figure in value.values() if by_name(value) else [value]:
            source = value_at(data, ("sources", figure.get("source") or "")) if isinstance(figure, dict) else None
            if isinstance(source, dict) and source.get("text"):
                yield t("own.from_source", language, what=t(f"own.field.{name}.label", language), source=source["text"])
