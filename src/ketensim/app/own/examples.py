"""What a chain of one's own has from the example it began with: names and sentences that go when it becomes another chain."""

from __future__ import annotations

import copy
import datetime
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Any, Final

from ketensim.scenario import files
from ketensim.scenario.fields import short_name
from ketensim.scenario.schema import Scenario
from ketensim.texts import LANGUAGES, starter, t

SENTENCES: Final = ("summary", "look_at", "try", "note")  # of a chain about itself
NAMED: Final = ("organisations", "case_types", "principals")  # blocks whose parts have a name
WEEKS: Final = 208


def empty(today: datetime.date) -> dict[str, Any]:
    """A chain with nothing in it: it asks for an organisation and something that comes in.

    Examples
    --------
    >>> empty(datetime.date(2026, 11, 30))["start"]
    '2026-01-05'
    """
    first = datetime.date(today.year, 1, 1)
    monday = first + datetime.timedelta(days=-first.weekday() % 7)
    return {
        **{name: neutral(name) for name in ("title", *SENTENCES)},
        **{"start": monday.isoformat(), "weeks": WEEKS},
        **{block: [] for block in (*NAMED, "links")},
    }


def neutral(name: str) -> dict[str, str]:
    """A sentence that fits every chain, in all languages."""
    return {language: t(f"own.neutral.{name}", language) for language in LANGUAGES}


def in_own_words(before: dict[str, Any], data: dict[str, Any]) -> tuple[dict[str, Any], bool]:
    """The content without sentences of an example, when it no longer is that example; and whether any went.

    A chain is another one as soon as somebody or something in it has another name, comes or goes. Other numbers leave
    the sentences true.
    """
    if _named(before) == _named(data):
        return data, False
    of_example = [name for name in SENTENCES if _of_example(data.get(name))]
    if not of_example:
        return data, False
    return {**copy.copy(data), **{name: neutral(name) for name in of_example}}, True


def _named(data: dict[str, Any]) -> list[Any]:
    return [data.get("title"), *([part.get("label") for part in data.get(block, [])] for block in NAMED)]


def _of_example(text: Any) -> bool:
    return isinstance(text, dict) and any(is_of_example(str(each)) for each in text.values())


def is_of_example(text: str) -> bool:
    """Whether a name or sentence stands in a chain that comes with ketensim, or was made up for a new part."""
    return text in _texts_of_examples() or any(made_up.fullmatch(text) for made_up in _made_up_names())


@lru_cache(maxsize=1)
def _texts_of_examples() -> frozenset[str]:
    chains = [files.read(starter(language)) for language in LANGUAGES] + [files.load(name) for name in files.names()]
    made_up = neutral("title").values()
    return frozenset([*made_up, *(text for chain in chains for text in _texts(chain))])


def _texts(chain: Scenario) -> Iterator[str]:
    texts = [chain.title, chain.summary, chain.look_at, chain.try_, *([chain.note] if chain.note else [])]
    for block in NAMED:
        for part in getattr(chain, block):
            yield part.id
            texts.append(part.label)
    for text in texts:
        yield from (text.in_language(language) for language in LANGUAGES)


@lru_cache(maxsize=1)
def _made_up_names() -> tuple[re.Pattern[str], ...]:
    names = (short_name(t(f"own.new.{block}", language, number="")) for block in NAMED for language in LANGUAGES)
    return tuple(re.compile(rf"{re.escape(name)}( \d+)*") for name in names)
