"""What is wrong with the way a command was called, as problems."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from ketensim.foundation.errors import Problem
from ketensim.scenario.problems import nearest


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
