"""The fields of a chain of one's own: which there are, where each stands in the content, and how it is typed and read."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from ketensim.app.own.building import Data, Steps, by_name, number_of, value_at
from ketensim.scenario.problems import excerpt, path_of_steps
from ketensim.texts import LANGUAGES, t

DIGITS: Final = 10  # of a number in a cell; more would be rounding
THOUSANDS: Final = {"nl": r"[1-9]\d{0,2}(\.\d{3})+(,\d+)?", "en": r"[1-9]\d{0,2}(,\d{3})+(\.\d+)?"}
NUMBER: Final = re.compile(r"[-+]?(\d+([.,]\d*)?|[.,]\d+)")
DUTCH_DAY: Final = re.compile(r"(\d{1,2})[-/](\d{1,2})[-/](\d{4})")
WORDS: Final = ("label", "words", "text")
LONGEST: Final = 4000  # letters in a cell


@dataclass(frozen=True)
class FormField:
    """One field of a part of the file.

    Attributes
    ----------
    name : as in the file
    kind : label, words (a label in the other language), id, text, number, percent, choice (of a block), check, dates, day
    basic : whether it is in view at once
    each : block for which it may be a number each
    of : block of a choice
    """

    name: str
    kind: str
    basic: bool = False
    each: str = ""
    of: str = ""


FIELDS: Final[Mapping[str, tuple[FormField, ...]]] = {  # by block, in the order of the form
    "chain": (
        FormField("title", "label", basic=True),
        FormField("summary", "text"),
        FormField("start", "day"),
        FormField("weeks", "number"),
        FormField("burn_in", "number"),
    ),
    "organisations": (
        FormField("label", "label", basic=True),
        FormField("fte", "number", basic=True),
        FormField("hours_per_case", "number", basic=True, each="case_types"),
        FormField("principal", "choice", of="principals"),
        FormField("turnover", "percent"),
        FormField("hiring_weeks", "number"),
        FormField("places", "number"),
        FormField("stay", "number", each="case_types"),
        FormField("term", "number"),
        FormField("absence", "percent"),
        FormField("own_work", "percent"),
        FormField("independence", "percent"),
        FormField("id", "id"),
    ),
    "links": (
        FormField("from", "choice", basic=True, of="organisations"),
        FormField("to", "choice", basic=True, of="organisations"),
        FormField("share", "percent", basic=True, each="case_types"),
        FormField("consultation", "check"),
    ),
    "case_types": (
        FormField("label", "label", basic=True),
        FormField("arrivals", "number", basic=True),
        FormField("norm", "number", basic=True),
        FormField("non_standard", "percent", basic=True),
        FormField("entry", "entry", each="organisations", of="organisations"),
        FormField("urgent", "percent"),
        FormField("drop_after", "number"),
        FormField("id", "id"),
    ),
    "principals": (
        FormField("label", "label", basic=True),
        FormField("elections", "dates", basic=True),
        FormField("id", "id"),
    ),
}


@dataclass(frozen=True)
class FormCell:
    """One thing to fill in.

    Attributes
    ----------
    steps : where it stands in the content
    field : what it is
    label : what it is called
    """

    steps: Steps
    field: FormField
    label: str

    @property
    def path(self) -> str:
        """Where it stands, as problems say it."""
        return path_of_steps(self.steps)


# --- what stands in the form ---------------------------------------------------------------------------------------------
def cells(data: Data, language: str) -> dict[str, FormCell]:
    """Every cell of the form by its path."""
    return {cell.path: cell for block, place in parts(data) for cell in of_part(data, block, place, language)}


def parts(data: Data) -> Iterator[tuple[str, int]]:
    """Every part with its block and its place there; the chain itself is a part too."""
    for block in FIELDS:
        for place in range(1 if block == "chain" else len(data.get(block, []))):
            yield block, place


def of_part(data: Data, block: str, place: int, language: str) -> Iterator[FormCell]:
    """The cells of one part."""
    start: Steps = () if block == "chain" else (block, place)
    for field in FIELDS[block]:
        label = t(f"own.field.{field.name}.label", language)
        steps = (*start, field.name)
        if field.kind in ("label", "text"):
            yield FormCell((*steps, language), field, label)
        elif field.each and by_name(value_at(data, steps)) and not _single_entry(field, value_at(data, steps)):
            for part in data.get(field.each, []):
                name = part.get("id")
                of_each = t("own.field.each", language, label=label, name=label_of(data, field.each, name, language))
                yield FormCell((*steps, name), field, of_each)
        else:
            yield FormCell(steps, field, label)
    yield from _other_names(block, start, language)


def _other_names(block: str, start: Steps, language: str) -> Iterator[FormCell]:
    for field in FIELDS[block]:
        for other in LANGUAGES:
            if field.kind in ("label", "text") and other != language:
                called = t(f"own.field.{field.name}.label", language)
                label = t("own.field.in_language", language, label=called, language=t(f"language.{other}", language))
                kind = "words" if field.kind == "label" else field.kind
                yield FormCell((*start, field.name, other), FormField(field.name, kind), label)


def _single_entry(field: FormField, value: Any) -> bool:
    """Whether all cases come in at one place: then it is a choice and no list of shares."""
    return field.kind == "entry" and len(value) == 1 and number_of(next(iter(value.values()))) == 1


def label_of(data: Data, block: str, name: Any, language: str) -> str:
    """What a part is called; its short name when it has no other."""
    for part in data.get(block, []):
        if part.get("id") == name and isinstance(part.get("label"), dict):
            return str(part["label"].get(language) or name)
    return excerpt(name)


# --- from the content to a cell and back ---------------------------------------------------------------------------------
def cell_text(value: Any, kind: str, language: str) -> str:
    """What stands in a cell.

    Examples
    --------
    >>> cell_text(0.125, "percent", "nl"), cell_text(1200, "number", "nl"), cell_text("0,4x", "number", "nl")
    ('12,5', '1200', '0,4x')
    """
    if kind == "entry" and isinstance(value, dict):
        return str(next(iter(value), ""))
    if kind == "dates":
        return ", ".join(map(str, value)) if isinstance(value, list) else "" if value is None else excerpt(value)
    number = number_of(value)
    if number is None or kind in (*WORDS, "id", "choice", "day"):
        inner = value.get("value") if isinstance(value, dict) else value
        return "" if inner is None else str(inner) if isinstance(inner, str) else excerpt(inner)
    digits = f"{round(100 * number if kind in ('percent', 'entry') else number, DIGITS):.12g}"
    return digits.replace(".", ",") if language == "nl" else digits


def typed_value(typed: str, kind: str, language: str) -> Any:
    """The value of what was typed; what cannot be read stays as it was typed, nothing at all is None.

    Examples
    --------
    >>> typed_value(" 12,5 % ", "percent", "nl"), typed_value("1.200", "number", "nl"), typed_value("veel", "number", "nl")
    (0.125, 1200, 'veel')
    >>> typed_value("18-3-2026, 2030-03-20", "dates", "nl")
    ['2026-03-18', '2030-03-20']
    """
    text = typed[:LONGEST]
    if kind in WORDS:
        return text
    text = text.strip()
    if kind == "dates":
        return [_day(day) for day in re.split(r"[,;\s]+", text) if day] or None
    if kind == "day":
        return _day(text) if text else None
    if not text or kind in ("id", "choice"):
        return text or None
    return _number(text, kind, language)


def _number(text: str, kind: str, language: str) -> Any:
    share = kind in ("percent", "entry")
    bare = text.removesuffix("%").strip() if share else text
    if re.fullmatch(THOUSANDS[language], bare):
        bare = bare.replace("." if language == "nl" else ",", "")
    if NUMBER.fullmatch(bare) is None:
        return text
    number = float(bare.replace(",", "."))
    number = round(number / 100, DIGITS) if share else number
    return int(number) if number.is_integer() else number


def _day(text: str) -> Any:
    dutch = DUTCH_DAY.fullmatch(text)
    if dutch:
        return f"{dutch[3]}-{int(dutch[2]):02d}-{int(dutch[1]):02d}"
    return int(text) if re.fullmatch(r"-?\d{1,4}", text) else text
