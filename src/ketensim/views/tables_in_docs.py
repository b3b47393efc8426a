"""The tables of the model's documentation, written from the tables in the code, so that page and code cannot disagree.

A page marks where a table belongs with ``<!-- begin generated: parameters -->`` and ``<!-- end generated: parameters -->``;
``python -m ketensim.views.tables_in_docs`` fills every marked place anew.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from types import ModuleType
from typing import Final

from ketensim.conditions import ambition, binding, information, steering, trust, urgency
from ketensim.foundation.luck import binomial, draw, geometric, normal, poisson
from ketensim.foundation.outcome_table import CASE_TYPE_OUTCOMES, ORGANISATION_OUTCOMES, OUTCOMES, Outcome
from ketensim.foundation.parameters import LEVERS, PARAMETERS, Parameter
from ketensim.texts import t

PAGES: Final = (Path(__file__).parents[3] / "docs" / "en" / "model.md",)
LANGUAGE: Final = "en"
CONDITIONS: Final[tuple[ModuleType, ...]] = (ambition, urgency, steering, binding, information, trust)
BEGIN: Final = "<!-- begin generated: {} -->"
END: Final = "<!-- end generated: {} -->"
BLOCK: Final = re.compile(r"<!-- begin generated: (\w+) -->\n.*?<!-- end generated: \1 -->", re.DOTALL)
MARKER: Final = re.compile(r"<!-- (?:begin|end) generated: ")
UNSOURCED: Final = "assumption"
DRAWN: Final = (
    (0, 0, 1, 0, 0),
    (1, 0, 5, 2, 52),
    (2**40 + 7, 3, 260, 131077, 4),
)  # seed, replication, purpose, entity, moment


# --- the page ------------------------------------------------------------------------------------------------------
def refresh(text: str, tables: Mapping[str, Callable[[], str]] | None = None) -> str:
    """A page with every marked block filled from the tables in the code.

    Parameters
    ----------
    text : the page
    tables : what makes the block of each name; None = those of the model's page

    Returns
    -------
    the page; what stands outside the blocks is untouched

    Raises
    ------
    ValueError : a marker without its partner, or a name for which there is no table
    """
    known = TABLES if tables is None else tables
    blocks = list(BLOCK.finditer(text))
    if 2 * len(blocks) != len(MARKER.findall(text)):
        raise ValueError("a marker of a generated block lacks its partner")
    unknown = {block[1] for block in blocks} - known.keys()
    if unknown:
        raise ValueError(f"no table is called {', '.join(sorted(unknown))}; there are {', '.join(known)}")
    return BLOCK.sub(lambda block: f"{BEGIN.format(block[1])}\n{known[block[1]]()}\n{END.format(block[1])}", text)


def rewrite(page: Path) -> bool:
    """Refresh a page in place; returns whether it changed."""
    before = page.read_text("utf-8")
    after = refresh(before)
    if after != before:
        page.write_text(after, "utf-8")
    return after != before


# --- parameters and levers -----------------------------------------------------------------------------------------
def assumption_numbers() -> dict[str, str]:
    """Number A-nn of every parameter whose figure has no source, in the order of the table."""
    unsourced = (row.name for row in PARAMETERS if row.basis != "figure")
    return {name: f"A-{number:02d}" for number, name in enumerate(unsourced, 1)}


def number_text(value: float) -> str:
    """A number as one would write it.

    Examples
    --------
    >>> number_text(26.0), number_text(0.061), number_text(float("inf"))
    ('26', '0.061', '∞')
    """
    return "∞" if value == float("inf") else f"{value:.12g}"


def _range(row: Parameter) -> str:
    return f"{number_text(row.lower)} to {number_text(row.upper)}"


def _parameters() -> str:
    numbers = assumption_numbers()
    return markdown_table(
        ("name", "symbol", "what it is", "unit", "range", "default", "condition", "source", "basis", "assumption"),
        (
            (
                f"`{row.name}`",
                row.symbol,
                t(f"parameter.{row.name}.label", LANGUAGE),
                row.unit,
                _range(row),
                number_text(row.default),
                row.condition,
                row.source,
                "" if row.source == UNSOURCED else row.basis,
                numbers.get(row.name, ""),
            )
            for row in PARAMETERS
        ),
    )


def _levers() -> str:
    return markdown_table(
        ("name", "symbol", "what it is", "at 0", "at 1", "default", "condition", "source"),
        (
            (
                f"`{row.name}`",
                row.symbol,
                t(f"lever.{row.name}.label", LANGUAGE),
                t(f"lever.{row.name}.low", LANGUAGE),
                t(f"lever.{row.name}.high", LANGUAGE),
                number_text(row.default),
                row.condition,
                row.source,
            )
            for row in LEVERS
        ),
    )


def _assumptions() -> str:
    numbers = assumption_numbers()
    head = f"{len(numbers)} of the {len(PARAMETERS)} parameters have a number without a source.\n\n"
    return head + markdown_table(
        ("number", "parameter", "what it is", "value", "unit", "direction from"),
        (
            (
                numbers[row.name],
                f"`{row.name}`",
                t(f"parameter.{row.name}.label", LANGUAGE),
                number_text(row.default),
                row.unit,
                "" if row.source == UNSOURCED else row.source,
            )
            for row in PARAMETERS
            if row.name in numbers
        ),
    )


# --- outcomes, conditions, luck ------------------------------------------------------------------------------------
def _outcomes(rows: Sequence[Outcome]) -> str:
    return markdown_table(
        ("name", "what it is", "unit", "range", "summary of a run"),
        (
            (
                f"`{row.name}`",
                t(f"outcome.{row.name}.label", LANGUAGE),
                row.unit,
                f"0 to {number_text(row.upper)}",
                row.summary,
            )
            for row in rows
        ),
    )


def _reads_writes() -> str:
    return markdown_table(
        ("condition", "reads", "writes"),
        (
            (f"`conditions/{module.__name__.rpartition('.')[2]}.py`", _names(module.READS), _names(module.WRITES))
            for module in CONDITIONS
        ),
    )


def _luck_examples() -> str:
    numbers = markdown_table(
        ("seed", "replication", "purpose", "entity", "moment", "numbers 0 to 3"),
        ((*map(str, block), ", ".join(map(repr, _drawn(*block)))) for block in DRAWN),
    )
    samples = markdown_table(
        ("sampler", "gives"),
        (
            ("poisson(0.3, 4.5), poisson(0.3, 800)", f"{poisson(0.3, 4.5)}, {poisson(0.3, 800.0)}"),
            ("binomial(0.9, 40, 0.03)", str(binomial(0.9, 40, 0.03))),
            ("geometric(0.5, 26)", str(geometric(0.5, 26.0))),
            ("normal(0.01), normal(0.3), normal(0.999)", f"{normal(0.01)!r}, {normal(0.3)!r}, {normal(0.999)!r}"),
        ),
    )
    return f"{numbers}\n\n{samples}"


def _drawn(seed: int, replication: int, purpose: int, entity: int, moment: int) -> tuple[float, ...]:
    return draw(seed, replication, purpose, entity, moment)


def _names(fields: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in fields)


def markdown_table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table as a page holds it."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)


TABLES: Final[dict[str, Callable[[], str]]] = {
    "parameters": _parameters,
    "levers": _levers,
    "outcomes": lambda: _outcomes(OUTCOMES),
    "organisation_outcomes": lambda: _outcomes(ORGANISATION_OUTCOMES),
    "case_type_outcomes": lambda: _outcomes(CASE_TYPE_OUTCOMES),
    "reads_writes": _reads_writes,
    "assumptions": _assumptions,
    "luck_examples": _luck_examples,
}

if __name__ == "__main__":
    for path in PAGES:
        rewrite(path)
