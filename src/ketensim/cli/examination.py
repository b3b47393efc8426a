"""The command ``check``: what is wrong in a scenario file, and what is improbable."""

from __future__ import annotations

import typer

from ketensim.cli.problem_sentences import INDENT, sentence
from ketensim.foundation.errors import InputError, Problem
from ketensim.scenario.files import examined
from ketensim.texts import t

PARTS = ("organisations", "case_types", "links")


def examine(file: str, strict: bool, language: str) -> None:
    """Say that a file is in order, and what in it is improbable.

    Raises
    ------
    InputError
        with everything that is wrong; with ``strict`` also with everything that is improbable
    """
    scenario, found = examined(file)
    if strict and found:
        raise InputError(found, file)
    sizes = {name: len(getattr(scenario, name)) for name in PARTS}
    typer.echo(t("cli.check.good", language, file=file, weeks=scenario.weeks, **sizes))
    if found:
        typer.echo(t("cli.check.improbable", language, count=len(found)))
    for problem in found:
        typer.echo(f"{INDENT}- {_with_note(problem, language)}")


def _with_note(problem: Problem, language: str) -> str:
    """The sentence, and what the file itself says about the number."""
    note = problem.facts.get("note")
    told = sentence(problem, language)
    return told if note is None else f"{told} ({t('cli.check.note', language, note=note.in_language(language))})"
