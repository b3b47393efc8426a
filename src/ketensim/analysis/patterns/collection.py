"""The patterns and null models that come with ketensim (``experiments/patterns/``)."""

from __future__ import annotations

from functools import cache
from importlib.resources.abc import Traversable
from typing import Final

from ketensim.analysis.patterns.description import NullModel, NullModels, Pattern
from ketensim.foundation.errors import InputError, Problem
from ketensim.scenario.problems import nearest
from ketensim.scenario.shipped import shipped_path
from ketensim.scenario.yaml_text import values_and_lines

NULL_MODELS: Final = "null_models.yaml"
FULL: Final = "full"


def folder() -> Traversable:
    """Where the pattern files are: inside the installed package, or beside its sources."""
    return shipped_path("_patterns", "experiments/patterns")


@cache
def patterns() -> tuple[Pattern, ...]:
    """All patterns in the order of their letters."""
    files = (part for part in folder().iterdir() if part.name.endswith(".yaml") and part.name != NULL_MODELS)
    rows = [Pattern.model_validate(values_and_lines(part.read_text(encoding="utf-8"))[0]) for part in files]
    return tuple(sorted(rows, key=lambda pattern: pattern.id))


@cache
def null_models() -> tuple[NullModel, ...]:
    """The null models in the order of their file."""
    text = (folder() / NULL_MODELS).read_text(encoding="utf-8")
    return NullModels.model_validate(values_and_lines(text)[0]).models


def models() -> tuple[str, ...]:
    """The full model and the null models."""
    return (FULL, *(row.id for row in null_models()))


def pattern_names() -> tuple[str, ...]:
    """The letters of all patterns."""
    return tuple(pattern.id for pattern in patterns())


def patterns_named(names: tuple[str, ...]) -> tuple[Pattern, ...]:
    """Some of the patterns, in their own order; no names = all.

    Raises
    ------
    InputError : a name that no pattern has
    """
    known = pattern_names()
    problems = [
        Problem("error.unknown_pattern", "--only", {"given": name, "allowed": known, **nearest(name, known)})
        for name in names
        if name not in known
    ]
    if problems:
        raise InputError(problems)
    return tuple(pattern for pattern in patterns() if not names or pattern.id in names)
