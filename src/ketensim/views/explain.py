"""Sentences for an ``Explanation`` (run/explanation.py): what changed at an organisation in a week, and why."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from ketensim.texts import t


class Reason(Protocol):
    """One thing that happened: the key of its sentence and the facts in it."""

    @property
    def key(self) -> str: ...
    @property
    def facts(self) -> Mapping[str, Any]: ...


class Explanation(Protocol):
    """What changed at one organisation in one week."""

    @property
    def reasons(self) -> Sequence[Reason]: ...


def sentences(explanation: Explanation, language: str) -> list[str]:
    """The explanation in words, a sentence per reason."""
    return [t(reason.key, language, **reason.facts) for reason in explanation.reasons]
