"""What a browser asks of the form, made into another content. What comes in is checked here: kind, place and length."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from ketensim.app.own import assembling, building
from ketensim.app.own.building import Data, Steps, named, put, renamed, told
from ketensim.app.own.form_fields import FIELDS, LONGEST, Cell, cells, label_of, read
from ketensim.app.own.placed_problems import placed
from ketensim.app.setting import LARGEST_OWN, Setting, scenario_of
from ketensim.foundation.errors import InputError, Problem
from ketensim.scenario import files
from ketensim.texts import t

MOST_PARTS: Final = 60  # of a block; more do not fit in a form that people can read
KILO: Final = 1000
Wish = Mapping[str, Any]


def edited(data: Data, wish: Wish, language: str) -> tuple[Data, str] | None:
    """The content after something was typed, and the place of it; None when there is no such place."""
    cell = cells(data, language).get(str(wish.get("path")))
    value = wish.get("value")
    if cell is None or not isinstance(value, str | bool) or (isinstance(value, str) and len(value) > LONGEST):
        return None
    return _with(data, cell, value, language), cell.path


def _with(data: Data, cell: Cell, value: str | bool, language: str) -> Data:
    block, place, *_ = (*cell.steps, "", "")
    field = cell.field
    if field.kind == "check":
        new = put(data, cell.steps, True if value is True else None)
        return put(new, (*cell.steps[:-1], "share"), None) if value is True else new
    typed = str(value)
    if field.kind == "label" and isinstance(place, int):
        return named(data, str(block), place, language, typed)
    if field.kind == "label":
        return told(data, cell.steps[:-1], language, typed)
    if field.kind == "id" and isinstance(place, int):
        return renamed(data, str(block), place, typed.strip())
    if field.kind == "entry" and cell.steps[-1] == "entry":
        return put(data, cell.steps, {typed: 1} if typed else None)
    return put(data, cell.steps, read(typed, field.kind, language))


def acted(data: Data, wish: Wish, language: str) -> tuple[Data, str] | None:
    """The content with a part more or less, or a number for each instead of one for all; and what to say about it."""
    block, place, what = str(wish.get("block")), wish.get("place"), wish.get("what")
    if what in ("split", "join"):
        return _divided(
            data, str(wish.get("path")), language, assembling.split if what == "split" else assembling.joined
        )
    if block not in FIELDS or block == "chain":
        return None
    if what == "add" and len(data.get(block, [])) < MOST_PARTS:
        return assembling.added(data, block, language), t(f"own.added.{block}", language)
    if what == "remove" and isinstance(place, int) and 0 <= place < len(data.get(block, [])):
        return _removed(data, block, place, language)
    return None


def _divided(data: Data, path: str, language: str, change: Callable[[Data, Steps], Data]) -> tuple[Data, str] | None:
    """A field that has a number for each, or one for all again."""
    cell = cells(data, language).get(path)
    if cell is None or not cell.field.each:
        return None
    whole = cell.steps if cell.steps[-1] == cell.field.name else cell.steps[:-1]
    return change(data, whole), ""


def _removed(data: Data, block: str, place: int, language: str) -> tuple[Data, str]:
    name = part_name(data, block, place, language)
    new, gone = assembling.removed(data, block, place)
    return new, t("own.removed_more" if gone else "own.removed", language, name=name, number=gone)


def part_name(data: Data, block: str, place: int, language: str) -> str:
    """What a part is called in a sentence."""
    part = data[block][place]
    if block == "links":
        ends = [label_of(data, "organisations", part.get(end), language) for end in ("from", "to")]
        return t("own.way", language, source=ends[0], target=ends[1])
    return label_of(data, block, part.get("id"), language)


def opened(wish: Wish, setting: Setting, language: str) -> Data | None:
    """The content of what somebody wants to begin with: starter, present, the name of a chain, or the text of a file.

    Raises
    ------
    InputError
        a file that cannot be read, or with something wrong in it that the form has no place for
    """
    if wish.get("starter"):
        return building.first(language)
    if wish.get("present"):
        return building.content(files.dump(scenario_of(setting)))
    if wish.get("shipped") in files.names():
        return building.content(files.dump(files.load(str(wish["shipped"]))))
    text = wish.get("text")
    return _file(text, language) if isinstance(text, str) else None


def _file(text: str, language: str) -> Data:
    size = len(text.encode())
    if size > LARGEST_OWN:
        facts = {"given": round(size / KILO), "most": LARGEST_OWN // KILO}
        raise InputError([Problem("own.begin.too_large", "", facts)])
    data = building.content(text)
    try:
        files.read(text)
    except InputError as error:
        if placed(error.problems, data, cells(data, language)).get(""):
            raise
    return data


def at_line(problem: Problem, language: str) -> str:
    """A problem of a file with its line."""
    sentence = t(problem.key, language, **problem.facts)
    line = problem.facts.get("line")
    return sentence if line is None else t("own.begin.at_line", language, line=line, sentence=sentence)
