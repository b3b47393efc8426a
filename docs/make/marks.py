"""With which model and which inputs a stored result was made: a mark beside the results, to the bit.

A mark is made of what a few runs of the chains give and of what else the result was computed from, not of source text:
code that is written more clearly leaves every result as it is.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from typing import Any, Final

from docs.make import EXPERIMENTS
from experiments.history import replay

import ketensim as ks
from ketensim.analysis.patterns.record import mark_of_chain, mark_of_chains, mark_of_experiments, without_texts

FILE: Final = EXPERIMENTS / "marks.json"
LETTERS: Final = 12


def kept() -> dict[str, str]:
    """The mark that each result was stored with."""
    marks: dict[str, str] = json.loads(FILE.read_text("utf-8")) if FILE.exists() else {}
    return marks


def keep(result: str, mark: str) -> None:
    """Store the mark of a result that has just been made."""
    FILE.write_text(json.dumps(kept() | {result: mark}, indent=1, sort_keys=True) + "\n", "utf-8", newline="\n")


def of_model() -> str:
    """Of a result that depends on the reference chain only."""
    return _together([mark_of_chain("reference")])


def of_patterns(*files: str) -> str:
    """Of a result that asks the patterns too, and that reads stored tables."""
    tables = ((EXPERIMENTS / file).read_text("utf-8") for file in files)
    return _together([mark_of_chain("reference"), mark_of_experiments(), *tables])


def of_pattern_results() -> str:
    """Of the patterns themselves: of every chain that one of them runs."""
    return _together([mark_of_chains(), mark_of_experiments()])


def of_chains(names: Iterable[str], *files: str) -> str:
    """Of a result that depends on some chains, on their published figures and on stored tables."""
    chains = sorted(names)
    figures = [part.model_dump(mode="json") for name in chains for part in ks.load(name).indicators]
    tables = ((EXPERIMENTS / file).read_text("utf-8") for file in files)
    return _together([*map(mark_of_chain, chains), *map(_data, figures), *tables])


def of_history() -> str:
    """Of the pieces of history: their files and their chains."""
    cases = replay.cases().values()
    return _together(
        [*(mark_of_chain(case.scenario) for case in cases), *(_data(case.model_dump(mode="json")) for case in cases)]
    )


def _data(value: Any) -> str:
    return json.dumps(without_texts(value), sort_keys=True)


def _together(parts: Iterable[str]) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:LETTERS]
