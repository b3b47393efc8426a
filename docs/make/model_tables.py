"""The tables of the model's page, written from the tables in the code, so that page and code cannot disagree."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from types import ModuleType
from typing import Final

from docs.make import DOCS
from docs.make.blocks import markdown, refresh

from ketensim.conditions import ambition, binding, information, steering, trust, urgency
from ketensim.foundation.luck import binomial, draw, geometric, normal, poisson
from ketensim.foundation.outcome_table import CASE_TYPE_OUTCOMES, ORGANISATION_OUTCOMES, OUTCOMES, Outcome
from ketensim.foundation.parameters import LEVERS, PARAMETERS
from ketensim.texts import t

PAGE: Final = DOCS / "en" / "model.md"
LANGUAGE: Final = "en"
CONDITIONS: Final[tuple[ModuleType, ...]] = (ambition, urgency, steering, binding, information, trust)
UNSOURCED: Final = "assumption"
DRAWN: Final = (
    (0, 0, 1, 0, 0),
    (1, 0, 5, 2, 52),
    (2**40 + 7, 3, 260, 131077, 4),
)  # seed, replication, purpose, entity, moment


def pages() -> Mapping[Path, str]:
    """The page as it would be written now."""
    return {PAGE: refresh(PAGE.read_text("utf-8"), TABLES)}


# --- parameters and levers -----------------------------------------------------------------------------------------
def assumption_numbers() -> dict[str, str]:
    """Number A-nn of every parameter whose figure has no source, in the order of the table."""
    unsourced = (row.name for row in PARAMETERS if row.basis != "figure")
    return {name: f"A-{number:02d}" for number, name in enumerate(unsourced, 1)}


def number_text(value: float) -> str:
    """A number as one would write it; ``∞`` for what has no end."""
    return "∞" if value == float("inf") else f"{value:.12g}"


def parameters() -> str:
    """Every parameter with its range, its default and what it stands on."""
    numbers = assumption_numbers()
    headings = (
        "name",
        "symbol",
        "what it is",
        "unit",
        "range",
        "default",
        "condition",
        "source",
        "basis",
        "assumption",
    )
    rows = [
        (
            f"`{row.name}`", row.symbol, t(f"parameter.{row.name}.label", LANGUAGE), row.unit,
            f"{number_text(row.lower)} to {number_text(row.upper)}", number_text(row.default), row.condition, row.source,
            "" if row.source == UNSOURCED else row.basis, numbers.get(row.name, ""),
        )
        for row in PARAMETERS
    ]  # fmt: skip
    return markdown(headings, rows)


def levers() -> str:
    """Every lever with what people do at both ends."""
    rows = [
        (
            f"`{row.name}`", row.symbol, *(t(f"lever.{row.name}.{part}", LANGUAGE) for part in ("label", "low", "high")),
            number_text(row.default), row.condition, row.source,
        )
        for row in LEVERS
    ]  # fmt: skip
    return markdown(("name", "symbol", "what it is", "at 0", "at 1", "default", "condition", "source"), rows)


def assumptions() -> str:
    """Every parameter whose number nobody has published."""
    numbers = assumption_numbers()
    rows = [
        (
            numbers[row.name], f"`{row.name}`", t(f"parameter.{row.name}.label", LANGUAGE), number_text(row.default),
            row.unit, "" if row.source == UNSOURCED else row.source,
        )
        for row in PARAMETERS
        if row.name in numbers
    ]  # fmt: skip
    table = markdown(("number", "parameter", "what it is", "value", "unit", "direction from"), rows)
    return f"{len(numbers)} of the {len(PARAMETERS)} parameters have a number without a source.\n\n{table}"


# --- outcomes, conditions, luck ------------------------------------------------------------------------------------
def outcomes(table: Sequence[Outcome]) -> str:
    """Every outcome with its range and how a run is summarised."""
    rows = [
        (
            f"`{row.name}`", t(f"outcome.{row.name}.label", LANGUAGE), row.unit, f"0 to {number_text(row.upper)}",
            row.summary,
        )
        for row in table
    ]  # fmt: skip
    return markdown(("name", "what it is", "unit", "range", "summary of a run"), rows)


def reads_writes() -> str:
    """Which fields of the state each condition reads and which it writes."""

    def names(fields: Iterable[str]) -> str:
        return ", ".join(f"`{name}`" for name in fields)

    rows = [
        (f"`conditions/{module.__name__.rpartition('.')[2]}.py`", names(module.READS), names(module.WRITES))
        for module in CONDITIONS
    ]
    return markdown(("condition", "reads", "writes"), rows)


def luck_examples() -> str:
    """Numbers by which somebody who writes the model again sees whether the luck is the same."""
    numbers = markdown(
        ("seed", "replication", "purpose", "entity", "moment", "numbers 0 to 3"),
        [(*map(str, block), ", ".join(map(repr, draw(*block)))) for block in DRAWN],
    )
    samples = markdown(
        ("sampler", "gives"),
        (
            ("poisson(0.3, 4.5), poisson(0.3, 800)", f"{poisson(0.3, 4.5)}, {poisson(0.3, 800.0)}"),
            ("binomial(0.9, 40, 0.03)", str(binomial(0.9, 40, 0.03))),
            ("geometric(0.5, 26)", str(geometric(0.5, 26.0))),
            ("normal(0.01), normal(0.3), normal(0.999)", f"{normal(0.01)!r}, {normal(0.3)!r}, {normal(0.999)!r}"),
        ),
    )
    return f"{numbers}\n\n{samples}"


TABLES: Final[Mapping[str, Callable[[], str]]] = {
    "parameters": parameters,
    "levers": levers,
    "outcomes": lambda: outcomes(OUTCOMES),
    "organisation_outcomes": lambda: outcomes(ORGANISATION_OUTCOMES),
    "case_type_outcomes": lambda: outcomes(CASE_TYPE_OUTCOMES),
    "reads_writes": reads_writes,
    "assumptions": assumptions,
    "luck_examples": luck_examples,
}
