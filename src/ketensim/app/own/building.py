"""A chain of one's own while it is being made: the content of a scenario file that may still be wrong, and its changes.

Nothing that is typed gets lost: what cannot be read stays in the content as it was typed, and the checks of the scenario
say what is wrong with it. A number that is changed loses its source, because the source no longer says it.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Final

from ketensim.app.own.examples import is_of_example
from ketensim.foundation.errors import InputError, Problem
from ketensim.scenario import files
from ketensim.scenario.fields import LONGEST_NAME, short_name
from ketensim.scenario.schema import Scenario
from ketensim.texts import LANGUAGES, starter, t

Data = dict[str, Any]
Steps = tuple[str | int, ...]

BLOCKS: Final = ("principals", "organisations", "case_types", "links")
MOST_STEPS: Final = 100  # back
MENTIONS: Final[Mapping[str, tuple[tuple[str, str], ...]]] = {  # where the names of a block are used
    "organisations": (
        ("links", "from"),
        ("links", "to"),
        ("case_types", "entry"),
        ("events", "organisation"),
        ("calendar", "organisation"),
        ("indicators", "organisation"),
    ),
    "case_types": (
        ("organisations", "hours_per_case"),
        ("organisations", "stay"),
        ("links", "share"),
        ("events", "case_type"),
    ),
    "principals": (("organisations", "principal"),),
}


@dataclass(frozen=True, eq=False)
class Draft:
    """The content of a scenario file, and the contents before and after it.

    Attributes
    ----------
    data : as ``reading.plain`` gives it; never changed in place
    past, future : contents for undo and redo
    touched : the field that was changed last, so that typing a word is one step
    """

    data: Data
    past: tuple[Data, ...] = ()
    future: tuple[Data, ...] = ()
    touched: str = ""

    def changed(self, data: Data, touched: str = "") -> Draft:
        """The draft with another content; one can go back to this one."""
        past = self.past if touched and touched == self.touched else (*self.past, self.data)[-MOST_STEPS:]
        return Draft(data, past, (), touched)

    def undone(self) -> Draft:
        """A step back; the same when there is none."""
        return Draft(self.past[-1], self.past[:-1], (self.data, *self.future)) if self.past else self

    def redone(self) -> Draft:
        """A step forth; the same when there is none."""
        return Draft(self.future[0], (*self.past, self.data), self.future[1:]) if self.future else self

    @property
    def text(self) -> str:
        """The content as the text of a file, right or wrong."""
        return files.dump_data(self.data)

    def checked(self) -> tuple[Scenario | None, list[Problem]]:
        """The scenario, or everything that is wrong with it."""
        try:
            scenario = files.from_dict(self.data)
        except InputError as error:
            return None, [*error.problems, *namesakes(self.data)]
        same = list(namesakes(self.data))
        return (None, same) if same else (scenario, [])


def first(language: str) -> Data:
    """The small chain that comes with ketensim to begin with."""
    return content(starter(language).replace("NAME", "keten"))


def namesakes(data: Data) -> Iterator[Problem]:
    """Parts that are called as one before them; their short names differ, but people could not tell them apart."""
    for block in BLOCKS[:3]:
        known: set[tuple[str, str]] = set()
        for place, part in enumerate(data.get(block, [])):
            labels = part.get("label") if isinstance(part.get("label"), dict) else {}
            names = {(language, str(label).strip().casefold()) for language, label in labels.items() if label}
            if names & known:
                given = next(str(labels[language]) for language, _ in sorted(names & known))
                yield Problem("own.error.namesake", f"{block}[{place}].label", {"given": given})
            known |= names


def content(text: str) -> Data:
    """The content of a file that a form can show.

    Raises
    ------
    InputError
        the text cannot be read, or its blocks are no lists of parts; with the line of each problem
    """
    return files.read_as(_shaped, text, None)


def _shaped(data: Data) -> Data:
    fits = all(isinstance(data.get(block, []), list) for block in BLOCKS)
    fits = fits and all(isinstance(part, dict) for block in BLOCKS for part in data.get(block, []))
    fits = fits and all(isinstance(part.get("id"), str) for block in BLOCKS[:3] for part in data.get(block, []))
    if not fits:
        files.from_dict(data)  # says what is wrong
    return data


# --- one value ---------------------------------------------------------------------------------------------------------
def value_at(data: Any, steps: Steps) -> Any:
    """What stands somewhere in the content, None when nothing does."""
    for step in steps:
        if isinstance(data, dict):
            data = data.get(step)
        elif isinstance(data, list) and isinstance(step, int) and step < len(data):
            data = data[step]
        else:
            return None
    return data


def put(data: Data, steps: Steps, value: Any) -> Data:
    """The content with another value; None takes it away."""
    new = copy.deepcopy(data)
    inner: Any = new
    for step, following in pairwise(steps):
        if isinstance(inner, dict) and not isinstance(inner.get(step), dict | list):
            inner[step] = [] if isinstance(following, int) else {}
        inner = inner[step]
    if value is None:
        inner.pop(steps[-1], None)
    else:
        inner[steps[-1]] = value
    return new


def with_text(data: Data, steps: Steps, language: str, text: str) -> Data:
    """The content with another text in one language; the other language follows as long as nobody gave it a text of its own.

    A text of its own is one that says something else, and that is neither of an example nor made up.
    """
    given = value_at(data, steps)
    texts = given if isinstance(given, dict) else {}
    before = str(texts.get(language, ""))
    others = {other: str(texts.get(other, "")) for other in LANGUAGES if other != language}
    follow = [other for other, said in others.items() if said in ("", before) or is_of_example(said)]
    return put(data, steps, {**texts, **dict.fromkeys(sorted([language, *follow]), text)})


def with_name(data: Data, block: str, place: int, language: str, name: str) -> Data:
    """A part with another name; its short name follows, unless somebody gave it one that is no short form of its name."""
    part = data[block][place]
    labels = part.get("label") if isinstance(part.get("label"), dict) else {}
    new = with_text(data, (block, place, "label"), language, name)
    old = str(part.get("id", ""))
    forms = filter(None, (short_name(str(label)) for label in labels.values()))
    if not is_of_example(old) and not any(re.fullmatch(rf"{re.escape(form)}( \d+)?", old) for form in forms):
        return new
    made_up = short_name(t(f"own.new.{block}", language, number=place + 1))
    return with_short_name(new, block, place, short_name(name) or made_up)


def with_short_name(data: Data, block: str, place: int, name: str) -> Data:
    """A part with another short name, everywhere; made different from the others when it has to be."""
    new = copy.deepcopy(data)
    part = new[block][place]
    others = {other.get("id") for other in new[block] if other is not part}
    unique = name
    number = 2
    while unique in others:
        unique, number = f"{name[: LONGEST_NAME - 4]} {number}", number + 1
    old, part["id"] = part.get("id"), unique
    if old is not None and old != unique:
        for other, field in MENTIONS[block]:
            for mention in new.get(other, []):
                if field in mention:
                    mention[field] = name_replaced(mention[field], old, unique)
    return new


def number_of(value: Any) -> float | None:
    """The number in a value that is bare or has its source with it; None when there is no number."""
    if isinstance(value, dict):
        value = value.get("value")
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def by_name(value: Any) -> bool:
    """Whether a value is a number for each, and not one number with its source."""
    return isinstance(value, dict) and "value" not in value


def name_replaced(value: Any, old: str, new: str | None) -> Any:
    """A name, a list of names or a block by name, with one name instead of another; None takes it away."""
    if isinstance(value, list):
        names = [name_replaced(name, old, new) for name in value]
        return [name for name in names if name is not None]
    if by_name(value):
        named_so = ((new if name == old else name, inner) for name, inner in value.items())
        return {name: inner for name, inner in named_so if name is not None}
    return new if value == old else value
