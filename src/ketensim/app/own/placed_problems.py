"""What is wrong with a chain of one's own or improbable in it, and where in the form that is said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from ketensim.app.own.building import Data, Draft, number_of, value_at
from ketensim.app.own.form_fields import FIELDS, FormCell, cells, label_of, parts
from ketensim.foundation.errors import Problem
from ketensim.scenario.plausibility import doubts
from ketensim.scenario.problems import path_of_steps
from ketensim.scenario.schema import Scenario
from ketensim.scenario.workload import workload
from ketensim.texts import section, t

NAMES: Final = {  # facts of problems that are short names, and the block in which they stand
    "organisation": "organisations",
    "organisations": "organisations",
    "source": "organisations",
    "target": "organisations",
    "case_type": "case_types",
    "principal": "principals",
}
ABOUT: Final = {  # problems of a whole part that one of its fields can mend
    "error.link_without_share": "share",
    "error.link_to_itself": "to",
    "error.duplicate_link": "to",
}


@dataclass(frozen=True, eq=False)
class Examination:
    """What is known about a draft.

    Attributes
    ----------
    scenario : None as long as something is wrong
    errors, doubts : by the place where they are shown
    loads : what part of the hours cases take on paper, by organisation
    """

    scenario: Scenario | None
    errors: Mapping[str, list[Problem]]
    doubts: Mapping[str, list[Problem]]
    loads: Mapping[str, float]


def examination_of(draft: Draft, language: str) -> Examination:
    """Everything that is wrong with a draft, or improbable in it."""
    known = cells(draft.data, language)
    scenario, problems = draft.checked()
    if scenario is None:
        return Examination(None, placed(problems, draft.data, known), {}, {})
    names = (part.id for part in scenario.organisations)
    loads = dict(zip(names, map(float, workload(scenario).utilisation), strict=True))
    return Examination(scenario, {}, placed(doubts(scenario), draft.data, known), loads)


def placed(problems: Sequence[Problem], data: Data, known: Mapping[str, FormCell]) -> dict[str, list[Problem]]:
    """Problems by the place where they are shown: a cell, else a part, else a block, else the whole (an empty name)."""
    rows = [path_of_steps((block, place)) for block, place in parts(data) if block != "chain"]
    by_place: dict[str, list[Problem]] = {}
    for problem in problems:
        field = ABOUT.get(problem.key)
        path = problem.path if field is None else f"{problem.path}.{field}"
        by_place.setdefault(_place(path, known, rows), []).append(problem)
    return by_place


def _place(path: str, known: Mapping[str, FormCell], rows: Sequence[str]) -> str:
    inner = path
    while inner and inner not in known:
        inner = inner[: max(inner.rfind("."), inner.rfind("["), 0)]
    if inner:
        return inner
    below = next((cell for cell in known if path and cell.startswith(f"{path}.")), "")
    row = next((row for row in rows if path == row or path.startswith(f"{row}.")), "")
    if below and path not in (*rows, *FIELDS):
        return below
    return row or (path if path in FIELDS else "")


def sentence(problem: Problem, data: Data, language: str, cell: FormCell | None) -> str:
    """What is wrong, with names as people call them, and shares in per cent where the cell has per cent."""
    facts = {name: _called(data, name, value, language) for name, value in problem.facts.items()}
    if cell is not None and cell.field.kind in ("percent", "entry") and facts.get("unit") == "share":
        number = number_of(value_at(data, cell.steps))
        facts |= {"unit": "percent", "lower": 100 * facts["lower"], "upper": 100 * facts["upper"]}
        facts["given"] = facts["given"] if number is None else f"{100 * number:g}%"
    part, _, name = problem.key.partition(".")
    key = f"own.{problem.key}" if name in section("own", language).get(part, {}) else problem.key
    return t(key, language, **facts)


def _called(data: Data, name: str, value: Any, language: str) -> Any:
    block = NAMES.get(name)
    if block is None:
        return value
    if isinstance(value, tuple):
        return tuple(label_of(data, block, name, language) for name in value)
    return label_of(data, block, value, language)
