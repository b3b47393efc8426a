"""One figure out of a stored table, as a page of the documentation asks for it.

A page asks with ``<!-- figure: TABLE.COLUMN KEY=VALUE ... | FORMAT -->41%<!-- end -->``: the cell of that column in the
only row in which each key has its value. ``first(COLUMN)``, ``sum(COLUMN)``, ``count(COLUMN)``, ``least(COLUMN)`` and
``most(COLUMN)`` take all such rows together. The format is one of those of ``texts`` (``%``, ``points``, ``.2f`` ...) or
empty.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any, Final

from docs.make import EXPERIMENTS

from ketensim.texts import word
from ketensim.texts.sentences import Sentence

FOLDERS: Final = tuple(EXPERIMENTS / name for name in ("sensitivity", "history_matching", "three_questions"))
ASKED: Final = re.compile(
    r"(?P<table>\w+)\.(?:(?P<all>\w+)\((?P<of>\w+)\)|(?P<column>\w+))(?P<keys>[^|]*)(?:\|(?P<wish>.*))?"
)
FIGURE: Final = re.compile(r"(<!-- figure: (?P<asked>[^>]*?) -->)(?P<shown>[^<]*)(<!-- end -->)")
TOGETHER: Final[dict[str, Callable[[Any], Any]]] = {
    "first": lambda values: values.iloc[0],
    "sum": lambda values: float(values.sum()),
    "rest": lambda values: 1.0 - float(values.sum()),
    "count": lambda values: float(len(values)),
    "least": lambda values: float(values.min()),
    "most": lambda values: float(values.max()),
}


def stored_table(name: str) -> Any:
    """A table (DataFrame) that an experiment has stored.

    Raises
    ------
    FileNotFoundError : no experiment has stored a table of that name
    """
    import pandas as pd

    files = [EXPERIMENTS / name / "results.csv", *(folder / "results" / f"{name}.csv" for folder in FOLDERS)]
    for file in files:
        if file.is_file():
            return pd.read_csv(file, comment="#", keep_default_na=True)
    raise FileNotFoundError(f"no experiment has stored a table {name}.csv")


def figure(asked: str, language: str) -> str:
    """The figure that a page asks for, as its language writes it.

    Raises
    ------
    ValueError : the question cannot be read, or there is no such row, or more than one
    """
    question = ASKED.fullmatch(asked.strip())
    if question is None:
        raise ValueError(f"this cannot be read as a figure: {asked}")
    table = stored_table(question["table"])
    for pair in question["keys"].split():
        key, _, wanted = pair.partition("=")
        table = table[table[key].astype(str) == wanted.replace("+", " ")]
    if question["all"]:
        value: Any = TOGETHER[question["all"]](table[question["of"]])
    elif len(table) == 1:
        value = table[question["column"]].iloc[0]
    else:
        raise ValueError(f"{len(table)} rows instead of one: {asked}")
    wish = (question["wish"] or "").strip()
    return Sentence(language, lambda name: word(name, language)).format_field(value, wish)


def with_figures(page: str, language: str) -> str:
    """A page with every figure that it asks for filled in anew."""
    return FIGURE.sub(lambda match: f"{match[1]}{figure(match['asked'], language)}{match[4]}", page)
