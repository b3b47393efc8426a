"""The commands about scenario files: which there are, a new one to begin with, and what is wrong or improbable in one."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import typer

from ketensim.foundation.errors import InputError, Problem
from ketensim.scenario.files import load, names, read_with_doubts
from ketensim.texts import starter, t
from ketensim.views.refusals import INDENT, problem_message

PARTS: Final = ("organisations", "case_types", "links")
FREE_NAME: Final = re.compile(r"[^\W_][\w-]{0,59}")  # fits in a command, a folder of results and any file system
SUFFIX: Final = ".yaml"
RESERVED: Final = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)", re.IGNORECASE)  # by Windows
PLACE: Final = "NAME"


def show_chains(language: str) -> None:
    """The chains that come with ketensim."""
    from ketensim.cli.terminal import screen, show_table
    from ketensim.views.drawing.table import Table

    chains = {name: load(name) for name in names()}
    if not chains:
        typer.echo(t("cli.scenarios.none", language))
        return
    rows = [(name, scenario.title.in_language(language)) for name, scenario in chains.items()]
    show_table(screen(), Table([t(f"report.column.{name}", language) for name in ("name", "title")], rows))
    typer.echo(t("cli.scenarios.hint", language, name=next(iter(chains))))


def begin_chain(name: str, language: str) -> Path:
    """Write the starter chain in the reader's language under a name that is free, in the present folder.

    Parameters
    ----------
    name : of the chain, with or without ``.yaml``

    Returns
    -------
    the file that was made

    Raises
    ------
    InputError
        a name that cannot be one, that a chain of ours has, or whose file is there already; nothing is overwritten
    """
    bare = name.removesuffix(SUFFIX)
    if FREE_NAME.fullmatch(bare) is None or RESERVED.fullmatch(bare):
        raise InputError([Problem("error.new_name", "", {"given": name or "''"})])
    if bare in names():
        raise InputError([Problem("error.new_shipped", "", {"given": bare})])
    path = Path(bare + SUFFIX)
    try:
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(starter(language).replace(PLACE, bare))
    except FileExistsError:
        raise InputError([Problem("error.new_exists", "", {"given": str(path)})]) from None
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise InputError([Problem("error.file_unwritable", "", {"given": str(path), "reason": reason})]) from None
    return path


def check_file(file: str, strict: bool, language: str) -> None:
    """Say that a file is in order, and what in it is improbable.

    Raises
    ------
    InputError
        with everything that is wrong; with ``strict`` also with everything that is improbable
    """
    scenario, doubts = read_with_doubts(file)
    if strict and doubts:
        raise InputError(doubts, file)
    sizes = {name: len(getattr(scenario, name)) for name in PARTS}
    typer.echo(t("cli.check.good", language, file=file, weeks=scenario.weeks, **sizes))
    if doubts:
        typer.echo(t("cli.check.improbable", language, count=len(doubts)))
    for doubt in doubts:
        typer.echo(f"{INDENT}- {_with_note(doubt, language)}")


def _with_note(doubt: Problem, language: str) -> str:
    """The sentence, and what the file itself says about the number."""
    note, sentence = doubt.facts.get("note"), problem_message(doubt, language)
    return (
        sentence if note is None else f"{sentence} ({t('cli.check.note', language, note=note.in_language(language))})"
    )
