"""Scenario files: which there are, reading one, writing one, and the JSON Schema for editors."""

from __future__ import annotations

import contextlib
import os
import stat
import unicodedata
from collections.abc import Callable, Mapping
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Any, Final

import yaml

from ketensim.foundation.errors import InputError, Problem
from ketensim.scenario.numbers import Part
from ketensim.scenario.problems import excerpt, nearest
from ketensim.scenario.schema import Scenario, checked
from ketensim.scenario.shipped import shipped_path
from ketensim.scenario.yaml_text import Dumper, list_doubts, values_and_lines

LARGEST: Final = 1_000_000  # bytes
MEGABYTE: Final = 1_000_000
SUFFIXES: Final = (".yaml", ".yml")
OTHER_KINDS: Final = {  # what reads a file: what is told of a scenario, an experiment and measured figures
    "checked": (None, "error.is_experiment", "error.is_figures"),
    "Experiment": ("error.is_scenario", None, "error.is_figures"),
    "IndicatorFile": ("error.no_figures", "error.no_figures", None),
}
LINE_WIDTH: Final = 100_000  # texts stay on one line; a folded line would end in a space


def names() -> list[str]:
    """Names of the scenarios that come with ketensim, in alphabetical order."""
    return sorted(_shipped())


def load(name_or_path: str | os.PathLike[str]) -> Scenario:
    """A scenario by name, or from a file.

    Parameters
    ----------
    name_or_path : one of ``names()``, or the path of a YAML file

    Raises
    ------
    InputError
        an unknown name (with the nearest), a file that cannot be read, or everything that is wrong in it
    """
    return read(*_found(name_or_path))


def read_with_doubts(name_or_path: str | os.PathLike[str]) -> tuple[Scenario, list[Problem]]:
    """A scenario and what is improbable in it (``improbable.py``), each with its line in the file.

    Raises
    ------
    InputError
        as ``load``, when something is wrong
    """
    from ketensim.scenario.plausibility import doubts

    text, file = _found(name_or_path)
    scenario = read(text, file)
    lines = values_and_lines(text)[1]
    return scenario, [_with_line(problem, lines) for problem in (*list_doubts(text, lines), *doubts(scenario))]


def chain_of(given: Scenario | str | os.PathLike[str]) -> Scenario:
    """A scenario, or what a name or path stands for.

    Raises
    ------
    InputError
        as ``load``; something that is neither
    """
    return given if isinstance(given, Scenario) else load(given)


def read(text: str, file: str | None = None) -> Scenario:
    """A scenario from YAML text.

    Parameters
    ----------
    text : the whole file
    file : where it came from, for the message

    Raises
    ------
    InputError
        with every problem, its path in the file and its line
    """
    return read_as(checked, text, file)


def read_as[Made](make: Callable[[dict[str, Any]], Made], text: str, file: str | None) -> Made:
    """What a function makes of YAML text; its problems get the line in the file and the file."""
    lines: dict[str, int] = {}
    try:
        if len(text) > LARGEST:
            raise InputError([_too_large(len(text))])
        data, lines = values_and_lines(text)
        if meant := _other_kind(data, getattr(make, "__qualname__", "")):
            raise InputError([Problem(meant)])
        return make(data)
    except InputError as error:
        raise InputError([_with_line(problem, lines) for problem in error.problems], file) from None


def _other_kind(data: Mapping[str, Any], made: str) -> str | None:
    """Key of what a file is instead: a scenario where an experiment is expected, and so on for measured figures."""
    scenario, experiment = "organisations" in data, "question" in data or "design" in data
    figures = "indicators" in data and "title" not in data
    expected, _, _ = made.partition(".")
    if expected not in OTHER_KINDS or scenario + experiment + figures != 1:
        return None
    return OTHER_KINDS[expected][(scenario, experiment, figures).index(True)]


def text_of(path: str) -> str:
    """The text in a file; its kind and size are looked at before it is opened.

    Raises
    ------
    InputError
        a file that is not there, is no ordinary file, is too large, cannot be read or holds no text
    """
    return _decoded(_bytes_of(path), path)


def from_dict(data: Mapping[str, Any]) -> Scenario:
    """A scenario from a mapping with the keys of a file; raises InputError with every problem."""
    if not isinstance(data, Mapping):
        raise InputError([Problem("error.not_a_mapping", "", {"given": excerpt(data)})])
    return checked(data)


def dump(scenario: Scenario) -> str:
    """The YAML text of a scenario, with every default written out; ``read`` gives an equal scenario back."""
    return dump_part(scenario)


def dump_part(part: Part) -> str:
    """The YAML text of a part of a file, without what is silent."""
    return dump_data(_without_silence(part.model_dump(by_alias=True)))


def dump_data(data: Mapping[str, Any]) -> str:
    """The YAML text of plain values, right or wrong; for a file that is not finished."""
    text: str = yaml.dump(data, Dumper=Dumper, width=LINE_WIDTH, sort_keys=False, allow_unicode=True)
    return text


def write(scenario: Scenario, path: str | os.PathLike[str]) -> None:
    """Write a scenario file; an existing file is replaced at once or left untouched.

    Raises
    ------
    InputError
        when the file cannot be written
    """
    target = Path(path)
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        draft.write_text(dump(scenario), encoding="utf-8", newline="\n")
        draft.replace(target)
    except OSError as error:
        with contextlib.suppress(OSError):
            draft.unlink()
        raise InputError([_unusable("error.file_unwritable", str(path), error)], str(path)) from None


def json_schema() -> dict[str, Any]:
    """The JSON Schema of scenario files, for editors that complete and check YAML while one types."""
    schema = Scenario.model_json_schema(by_alias=True)
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}


# --- the files -----------------------------------------------------------------------------------------------------
def _found(name_or_path: str | os.PathLike[str]) -> tuple[str, str]:
    """The text of a scenario and the file it stands in."""
    if not isinstance(name_or_path, str | os.PathLike):
        raise InputError([Problem("error.not_text", "", {"given": excerpt(name_or_path)})])
    given = os.fspath(name_or_path)
    shipped = _shipped()
    if isinstance(name_or_path, str) and given in shipped:
        file = shipped[given]
        return _decoded(file.read_bytes(), file.name), file.name
    if not looks_like_path(name_or_path):
        facts = {"given": excerpt(given), "allowed": tuple(sorted(shipped)), **nearest(given, shipped)}
        raise InputError([Problem("error.unknown_scenario", "", facts)])
    return text_of(given), given


def _shipped() -> dict[str, Traversable]:
    """Scenario files by name: in the installed package, else in the folder beside the sources."""
    folder = shipped_path("_scenarios", "scenarios")
    if not folder.is_dir():
        return {}
    return {Path(file.name).stem: file for file in folder.iterdir() if file.name.endswith(SUFFIXES)}


def looks_like_path(given: str | os.PathLike[str]) -> bool:
    """Whether what was given is meant as the path of a file and not as the name of a scenario."""
    text = os.fspath(given)
    separators = tuple(separator for separator in (os.sep, os.altsep, "/") if separator)
    is_path = not isinstance(given, str) or text.endswith(SUFFIXES) or any(part in text for part in separators)
    return is_path or (bool(text) and "\0" not in text and os.path.exists(text))


def _bytes_of(given: str) -> bytes:
    """What is in a file; its kind and size are looked at before it is opened."""
    try:
        status = os.stat(given)
        if stat.S_ISDIR(status.st_mode):
            raise InputError([Problem("error.file_is_directory", "", {"given": excerpt(given)})], given)
        if not stat.S_ISREG(status.st_mode):
            raise InputError([Problem("error.file_not_regular", "", {"given": excerpt(given)})], given)
        if status.st_size > LARGEST:
            raise InputError([_too_large(status.st_size)], given)
        with open(given, "rb") as stream:
            return stream.read(LARGEST + 1)
    except (FileNotFoundError, NotADirectoryError, ValueError):
        raise InputError([Problem("error.file_missing", "", {"given": excerpt(given)})], given) from None
    except OSError as error:
        raise InputError([_unusable("error.file_unreadable", given, error)], given) from None


def _decoded(content: bytes, file: str) -> str:
    if len(content) > LARGEST:
        raise InputError([_too_large(len(content))], file)
    try:
        return unicodedata.normalize("NFC", content.decode("utf-8-sig"))  # é is one letter, however it was typed
    except UnicodeDecodeError as error:
        raise InputError([Problem("error.file_not_text", "", {"position": error.start})], file) from None


def _too_large(size: int) -> Problem:
    return Problem("error.file_too_large", "", {"given": round(size / MEGABYTE, 1), "allowed": LARGEST / MEGABYTE})


def _unusable(key: str, given: str, error: OSError) -> Problem:
    return Problem(key, "", {"given": excerpt(given), "reason": error.strerror or type(error).__name__})


def _with_line(problem: Problem, lines: Mapping[str, int]) -> Problem:
    """The problem with the line of its path, or of the nearest block around it that stands in the file."""
    path = problem.path
    while path and path not in lines:
        path = path[: max(path.rfind("."), path.rfind("["), 0)]
    if "line" in problem.facts or path not in lines:
        return problem
    return Problem(problem.key, problem.path, {**problem.facts, "line": lines[path]})


def _without_silence(part: Any) -> Any:
    """A block without the keys that say nothing: null, empty lists, empty blocks."""
    if isinstance(part, dict):
        kept = {str(key): _without_silence(inner) for key, inner in part.items()}
        return {key: inner for key, inner in kept.items() if inner is not None and inner not in ([], {})}
    if isinstance(part, list | tuple):
        return [_without_silence(inner) for inner in part]
    return part
