"""The model's page says what the code says, and every source it leans on is in the bibliography."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from docs.make.blocks import BLOCK, names_on
from docs.make.model_tables import PAGE as FILE
from docs.make.model_tables import TABLES, UNSOURCED, assumption_numbers

from ketensim.foundation.parameters import LEVERS, PARAMETERS, POLICIES
from ketensim.foundation.rows import HOURS

ROOT = Path(__file__).parents[2]
PAGE = FILE.read_text("utf-8")
BY_HAND = BLOCK.sub("", PAGE)
BIBLIOGRAPHY = (ROOT / "docs" / "sources.bib").read_text("utf-8")
ENTRIES = dict(re.findall(r"^@\w+\{([^,\s]+),\n(.*?)^\}", BIBLIOGRAPHY, re.DOTALL | re.MULTILINE))
PROVENANCE = re.compile(r"\[(?:L: [^\]]+|M:[hml]|D)\]|without a provenance tag")


def cited_in_docstrings() -> set[str]:
    """Keys in the form ``[Key]_`` in any source file."""
    sources = (path.read_text("utf-8") for path in (ROOT / "src").rglob("*.py"))
    return {key for text in sources for key in re.findall(r"\[([A-Za-z][A-Za-z0-9-]*)\]_", text)}


def cited_in_table() -> set[str]:
    """Keys in the source column of parameters and levers."""
    return {row.source for row in (*PARAMETERS, *LEVERS)} - {UNSOURCED}


def cited_on_page() -> set[str]:
    """Keys in the form ``@Key`` between square brackets."""
    brackets = re.findall(r"\[[^\][]*@[^\][]*\]", BY_HAND)
    return {key for bracket in brackets for key in re.findall(r"@([A-Za-z][A-Za-z0-9-]*)", bracket)} - {"Key"}


# --- page and code -------------------------------------------------------------------------------------------------
def test_the_page_has_every_table_once() -> None:
    assert sorted(names_on(PAGE)) == sorted(TABLES)


@pytest.mark.parametrize("name", [row.name for row in PARAMETERS])
def test_every_parameter_is_explained_outside_the_tables(name: str) -> None:
    assert re.search(rf"\b{name}\b", BY_HAND), f"{name} stands in no submodel"


def test_every_parameter_and_lever_stands_in_the_tables() -> None:
    fresh = TABLES["parameters"]() + TABLES["levers"]()
    assert [row.name for row in (*PARAMETERS, *LEVERS) if f"| `{row.name}` |" not in fresh] == []


def test_a_symbol_beside_a_parameter_is_the_one_of_the_table() -> None:
    symbol = {row.name: row.symbol for row in PARAMETERS}
    pairs = re.findall(r"`(\w+)`\s\((?!\d+[a-c]?\))([^\s,)]+)", BY_HAND)  # a number is that of a submodel
    beside = [(name, given) for name, given in pairs if name in symbol]
    assert {name for name, _ in beside} == symbol.keys(), "a parameter whose symbol is named nowhere"
    assert [(name, given, symbol[name]) for name, given in beside if given != symbol[name]] == []


def test_every_lever_policy_and_use_of_hours_is_in_the_text() -> None:
    names = [*(row.name for row in LEVERS), *POLICIES, *HOURS]
    assert [name for name in names if not re.search(rf"\b{name}\b", BY_HAND)] == []


def test_assumptions_are_numbered_without_gaps_in_the_order_of_the_table() -> None:
    numbers = assumption_numbers()
    assert list(numbers) == [row.name for row in PARAMETERS if row.basis != "figure"]
    assert [int(number.removeprefix("A-")) for number in numbers.values()] == list(range(1, len(numbers) + 1))


# --- sources -------------------------------------------------------------------------------------------------------
def test_every_source_that_is_cited_is_in_the_bibliography() -> None:
    assert cited_in_table() | cited_in_docstrings() | cited_on_page() <= ENTRIES.keys()


def test_every_entry_of_the_bibliography_is_cited() -> None:
    assert ENTRIES.keys() <= cited_in_table() | cited_in_docstrings() | cited_on_page()


def test_every_entry_says_where_it_was_seen() -> None:
    notes = {key: re.search(r"note = \{(.*)\}", entry) for key, entry in ENTRIES.items()}
    assert [key for key, note in notes.items() if note is None or not PROVENANCE.search(note[1])] == []


def test_a_figure_is_never_called_sourced_without_a_source() -> None:
    assert [row.name for row in PARAMETERS if row.basis == "figure" and row.source == UNSOURCED] == []
