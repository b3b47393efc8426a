"""Floor 12: the command line. ``ketensim --help`` shows what it can do, in the reader's language.

The language is decided before anything else is made, because help texts are made together with the commands:
``--lang``, else the system, else Dutch. Bad input ends with one clear message on stderr and exit code 2, never with a
traceback. Everything heavy is imported by the command that needs it.
"""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from ketensim.foundation.errors import InputError, Problem
from ketensim.texts import language_of_system, languages, t

if TYPE_CHECKING:
    import typer

GOOD = 0
BAD_INPUT = 2
INTERRUPTED = 130
HELP = ("--help", "-h")
LANGUAGE_OPTION = "--lang"
COMPLETE = "_KETENSIM_COMPLETE"  # in the environment when a shell asks for words
COMPLETION = ("--install-completion", "--show-completion")
OF_OUTPUT = (errno.ENOSPC, errno.EIO, errno.EFBIG, errno.EDQUOT, errno.EBADF)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command.

    Parameters
    ----------
    arguments : words after ``ketensim``; None = those of the process

    Returns
    -------
    exit code: 0, 1 when a part of an experiment failed or is not what it says, 2 for bad input, 130 when interrupted
    """
    words = list(sys.argv[1:] if arguments is None else arguments)
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")  # a console that lacks a sign shows another
    language = language_of_system()
    try:
        language, words = chosen_language(words, language)
        code = _run(words, language)
        sys.stdout.flush()
        tell_not_kept(language)
        return code
    except InputError as error:
        from ketensim.views.refusals import error_message

        sys.stderr.write(f"{error_message(error, language)}\n")
        return BAD_INPUT
    except KeyboardInterrupt:
        sys.stderr.write(f"\n{t('cli.interrupted', language)}\n")
        return INTERRUPTED
    except BrokenPipeError:  # the reader of our output has left, as in ``ketensim schema | head``
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115  the interpreter flushes it once more at its end
        return GOOD
    except OSError as error:  # of the output: what reads and writes files makes an InputError of it
        if error.errno not in OF_OUTPUT:
            raise
        sys.stdout = open(os.devnull, "w")  # noqa: SIM115  the interpreter flushes it once more at its end
        sys.stderr.write(f"{t('cli.output_failed', language, reason=error.strerror)}\n")
        return BAD_INPUT


def tell_not_kept(language: str) -> None:
    """Say that the next start will compile again, when it will."""
    from ketensim.foundation.compiled import not_kept

    if (folder := not_kept()) is not None:
        sys.stderr.write(f"{t('cli.not_kept', language, folder=folder)}\n")


def chosen_language(words: Sequence[str], otherwise: str) -> tuple[str, list[str]]:
    """The language that ``--lang`` asks for, else the other one, and the words without it.

    Raises
    ------
    InputError : a language that we do not have

    Examples
    --------
    >>> chosen_language(["run", "reference", "--lang=en", "--runs", "3"], "nl")
    ('en', ['run', 'reference', '--runs', '3'])
    """
    language, kept, left = otherwise, list[str](), iter(words)
    for word in left:
        option, separator, given = word.partition("=")
        if word == "--":
            return language, [*kept, word, *left]
        if option != LANGUAGE_OPTION:
            kept.append(word)
            continue
        language = given if separator else next(left, "")
        if language not in languages():
            facts = {"given": language, "allowed": languages()}
            raise InputError([Problem("error.not_one_of", LANGUAGE_OPTION, facts)])
    return language, kept


def application(language: str) -> typer.Typer:
    """All commands with their help in one language; each imports what it needs when it is called."""
    from ketensim.cli.chain_commands import add_chain_commands
    from ketensim.cli.commands import Commands
    from ketensim.cli.experiment_commands import add_experiment_commands
    from ketensim.cli.log_commands import add_log_commands
    from ketensim.cli.matching_command import add_matching_command
    from ketensim.cli.server_commands import add_server_commands

    commands = Commands(language)
    add_chain_commands(commands)
    add_log_commands(commands)
    add_server_commands(commands)
    add_experiment_commands(commands)
    add_matching_command(commands)
    return commands.typer


def _run(words: list[str], language: str) -> int:
    import typer

    command = typer.main.get_command(application(language))
    if COMPLETE in os.environ or any(word in COMPLETION for word in words):
        command.main(args=words, prog_name="ketensim", complete_var=COMPLETE)  # ends the process itself
    if not words or any(word in HELP for word in words):
        from ketensim.cli.help import show_help

        show_help(command, words, language)
        return GOOD
    usage_error: type[Exception] = typer.BadParameter.__mro__[1]  # of the click that this typer carries or imports
    try:
        ended = command.main(args=words, prog_name="ketensim", standalone_mode=False)
    except typer.Abort:
        raise KeyboardInterrupt from None
    except SystemExit as error:  # typer makes one of a closed pipe, with exit code 1
        if isinstance(error.__context__, BrokenPipeError):
            raise BrokenPipeError from None
        raise
    except usage_error as error:
        from ketensim.cli.messages import usage_problem

        raise InputError([usage_problem(error, command, words, LANGUAGE_OPTION)]) from None
    if ended == INTERRUPTED:  # what typer makes of it since 0.20
        raise KeyboardInterrupt
    return ended if isinstance(ended, int) else GOOD


if __name__ == "__main__":
    sys.exit(main())
