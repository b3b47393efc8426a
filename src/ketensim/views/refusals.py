"""From problems, which are a key and facts, to sentences in the reader's language."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from ketensim.foundation.errors import InputError, Problem
from ketensim.texts import language_of_system, t

MOST_NAMES: Final = 24  # a longer list of what is allowed is cut
INDENT: Final = "  "


def spoken_error(error: InputError) -> str:
    """The message in the language of the system; what ``str`` gives of an error in Python."""
    return error_message(error, language_of_system())


def error_message(error: InputError, language: str) -> str:
    """The message of bad input: file, place in the file, what was given and what is allowed; a line per problem."""
    lines = [problem_message(problem, language) for problem in error.problems]
    if error.file is None:
        return "\n".join(lines)
    if len(lines) == 1:
        return f"{error.file}: {lines[0]}"
    return "\n".join([f"{error.file}:", *(INDENT + line for line in lines)])


def problem_message(problem: Problem, language: str) -> str:
    """One problem in words.

    Examples
    --------
    >>> problem_message(Problem("error.missing_key", "title", {"given": "title"}), "en")
    'title: The key title is missing.'
    """
    facts = dict(problem.facts)
    allowed = facts.get("allowed")
    if isinstance(allowed, Sequence) and not isinstance(allowed, str) and len(allowed) > MOST_NAMES:
        facts["allowed"] = (*allowed[:MOST_NAMES], "…")
    words = t(problem.key, language, **facts)
    if "nearest" in facts:
        words = f"{words} {t('error.nearest', language, **facts)}"
    place = problem.path
    if "line" in facts:
        line = t("error.at_line", language, line=facts["line"])
        place = t("cli.problem.line", language, path=place, line=line) if place else line
    return t("cli.problem.where", language, place=place, sentence=words) if place else words
