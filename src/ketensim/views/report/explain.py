"""Sentences for an ``Explanation`` (run/explanation.py): what changed at an organisation in a week, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ketensim.texts import t

if TYPE_CHECKING:
    from ketensim.run.explanation import Explanation


def sentences(explanation: Explanation, language: str) -> list[str]:
    """The explanation in words, a sentence per reason.

    Parameters
    ----------
    explanation : of one organisation in one week
    language : one of ``texts.languages()``
    """
    return [t(reason.key, language, **reason.facts) for reason in explanation.reasons]
