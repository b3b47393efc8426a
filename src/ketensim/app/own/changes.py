"""What a browser asks of the form, made into another content. What comes in is checked here: kind, place and length."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Final

from ketensim.app.own import assembling, building, examples
from ketensim.app.own.building import BLOCKS, Data, Steps, put, with_name, with_short_name, with_text
from ketensim.app.own.form_fields import LONGEST, FormCell, cells, label_of, typed_value
from ketensim.app.own.placed_problems import placed
from ketensim.app.setting import LARGEST_OWN, Setting, scenario_of
from ketensim.app.vue import Message
from ketensim.foundation.errors import InputError, Problem
from ketensim.scenario import files
from ketensim.texts import t

MOST_PARTS: Final = 60  # of a block; more do not fit in a form that people can read
KILO: Final = 1000


def after_edit(data: Data, message: Message, language: str) -> tuple[Data, str] | None:
    """The content after something was typed, and the place of it; None when there is no such place."""
    cell = cells(data, language).get(str(message.get("path")))
    match message.get("value"):
        case bool(ticked) if cell:
            return _with(data, cell, ticked, language), cell.path
        case str(typed) if cell and len(typed) <= LONGEST:
            return _with(data, cell, typed, language), cell.path
    return None


def _with(data: Data, cell: FormCell, value: str | bool, language: str) -> Data:
    block, place, *_ = (*cell.steps, "", "")
    field = cell.field
    if field.kind == "check":
        new = put(data, cell.steps, True if value is True else None)
        return put(new, (*cell.steps[:-1], "share"), None) if value is True else new
    typed = str(value)
    if field.kind == "label" and isinstance(place, int):
        return with_name(data, str(block), place, language, typed)
    if field.kind == "label":
        return with_text(data, cell.steps[:-1], language, typed)
    if field.kind == "id" and isinstance(place, int):
        return with_short_name(data, str(block), place, typed.strip())
    if field.kind == "entry" and cell.steps[-1] == "entry":
        return put(data, cell.steps, {typed: 1} if typed else None)
    return put(data, cell.steps, typed_value(typed, field.kind, language))


def after_act(data: Data, message: Message, language: str) -> tuple[Data, str] | None:
    """The content with a part more or less, or a number for each instead of one for all; and what to say about it."""
    match message:
        case {"what": "split", "path": str(path)}:
            return _divided(data, path, language, assembling.one_for_each)
        case {"what": "join", "path": str(path)}:
            return _divided(data, path, language, assembling.one_for_all)
        case {"what": "link", "from": int(giver), "to": int(receiver)}:
            return _linked(data, giver, receiver, language)
        case {"what": "add", "block": "organisations", "after": int(giver)} if (
            giver in range(len(data.get("organisations", []))) and len(data["organisations"]) < MOST_PARTS
        ):
            return assembling.with_part(data, "organisations", language, giver), t("own.added.organisations", language)
        case {"what": "add", "block": str(block)} if block in BLOCKS and len(data.get(block, [])) < MOST_PARTS:
            return assembling.with_part(data, block, language), t(f"own.added.{block}", language)
        case {"what": "remove", "block": str(block), "place": int(place)} if block in BLOCKS and place in range(
            len(data.get(block, []))
        ):
            name = part_name(data, block, place, language)
            new, gone = assembling.without_part(data, block, place)
            return new, t("own.removed_more" if gone else "own.removed", language, name=name, number=gone)
    return None


def _linked(data: Data, giver: int, receiver: int, language: str) -> tuple[Data, str] | None:
    """A link that was drawn; where there is one already it is said, and nothing changes."""
    names = [part.get("id") for part in data.get("organisations", [])]
    if giver == receiver or not {giver, receiver} <= set(range(len(names))) or len(data.get("links", [])) >= MOST_PARTS:
        return None
    source, target = (label_of(data, "organisations", names[place], language) for place in (giver, receiver))
    if any((link.get("from"), link.get("to")) == (names[giver], names[receiver]) for link in data.get("links", [])):
        return data, t("own.error.duplicate_link", language, source=source, target=target)
    return assembling.with_link(data, names[giver], names[receiver]), t(
        "own.draw.linked", language, source=source, target=target
    )


def _divided(data: Data, path: str, language: str, change: Callable[[Data, Steps], Data]) -> tuple[Data, str] | None:
    """A field that has a number for each, or one for all again."""
    cell = cells(data, language).get(path)
    if cell is None or not cell.field.each:
        return None
    whole = cell.steps if cell.steps[-1] == cell.field.name else cell.steps[:-1]
    return change(data, whole), ""


def part_name(data: Data, block: str, place: int, language: str) -> str:
    """What a part is called in a sentence."""
    part = data[block][place]
    if block == "links":
        source, target = (label_of(data, "organisations", part.get(end), language) for end in ("from", "to"))
        return t("own.way", language, source=source, target=target)
    return label_of(data, block, part.get("id"), language)


def beginning(message: Message, setting: Setting, language: str) -> Data | None:
    """The content of what somebody wants to begin with: nothing, starter, present, the name of a chain, or the text of a file.

    Raises
    ------
    InputError
        a file that cannot be read, or with something wrong in it that the form has no place for
    """
    match message:
        case {"empty": True}:
            return examples.empty(datetime.date.today())
        case {"starter": True}:
            return building.first(language)
        case {"present": True}:
            return building.content(files.dump(scenario_of(setting)))
        case {"shipped": name} if name in files.names():
            return building.content(files.dump(files.load(name)))
        case {"text": str(text)}:
            return _file(text, language)
    return None


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
