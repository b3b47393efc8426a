"""What can be wrong with input, as a key and facts; the doors (cli, app) make sentences of it in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong.

    Attributes
    ----------
    key : entry of the catalogue of texts, e.g. ``error.unknown_key``
    path : where in the input, e.g. ``organisations[2].staff``; empty for the file as a whole
    facts : what the sentence needs: ``given``, ``allowed``, ``nearest``, ``line`` ...
    """

    key: str
    path: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        facts = ", ".join(f"{name}={value!r}" for name, value in self.facts.items())
        return f"{self.path or '(whole)'}: {self.key} ({facts})"


class InputError(Exception):
    """Input that cannot be used; carries every problem that was found.

    Parameters
    ----------
    problems : at least one
    file : the file they were found in, if any
    """

    def __init__(self, problems: Sequence[Problem], file: str | None = None) -> None:
        self.problems = tuple(problems)
        self.file = file
        super().__init__("\n".join([*([file] if file else []), *(str(problem) for problem in self.problems)]))
