"""From problems, which are a key and facts, to sentences in the reader's language."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from ketensim.foundation.errors import InputError, Problem
from ketensim.scenario.problems import nearest
from ketensim.texts import t

MOST_NAMES: Final = 24  # a longer list of what is allowed is cut
INDENT: Final = "  "


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


def usage_problem(error: Exception, command: Any, words: Sequence[str], everywhere: str) -> Problem:
    """What is wrong with the way a command was called.

    Parameters
    ----------
    error : typer's usage error; known by the name of its class, because typer carries its own copy of click
    command : the whole application
    words : what was typed
    everywhere : an option of every command that typer does not know
    """
    commands: Mapping[str, Any] = command.commands
    name = next((word for word in words if not word.startswith("-")), "")
    if name not in commands:
        return Problem(
            "error.usage_command", "", {"given": name, "allowed": tuple(commands), **nearest(name, commands)}
        )
    parameters = commands[name].params
    options = [option for parameter in parameters for option in parameter.opts if option.startswith("-")]
    options.append(everywhere)
    match type(error).__name__:
        case "NoSuchOption":
            given = str(getattr(error, "option_name", ""))
            return Problem("error.usage_option", name, {"given": given, "allowed": options, **nearest(given, options)})
        case "MissingParameter":
            missing = getattr(error, "param", None)
            label = getattr(missing, "metavar", None) or next(iter(getattr(missing, "opts", ())), "")
            return Problem("error.usage_missing", name, {"given": label})
        case "BadOptionUsage":
            return Problem("error.usage_value", name, {"given": str(getattr(error, "option_name", ""))})
    extra = re.search(r"\(([^()]*)\)\W*$", str(error))
    return Problem("error.usage_extra", name, {"given": extra[1]}) if extra else Problem("error.usage_other", name)
