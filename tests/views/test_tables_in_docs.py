"""The model's page says what the code says, and every source it leans on is in the bibliography."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ketensim.foundation.parameters import LEVERS, PARAMETERS, POLICIES
from ketensim.foundation.state import HOURS
from ketensim.views import tables_in_docs
from ketensim.views.tables_in_docs import BLOCK, PAGES, TABLES, UNSOURCED, assumption_numbers, refresh, rewrite

ROOT = Path(__file__).parents[2]
PAGE = PAGES[0].read_text("utf-8")
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
def test_the_committed_page_equals_a_fresh_one() -> None:
    assert refresh(PAGE) == PAGE, "run: python -m ketensim.views.tables_in_docs"


def test_the_page_has_every_table_once() -> None:
    assert sorted(block[1] for block in BLOCK.finditer(PAGE)) == sorted(TABLES)


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


# --- the generator -------------------------------------------------------------------------------------------------
def test_what_stands_outside_the_blocks_is_untouched() -> None:
    text = "before\n<!-- begin generated: levers -->\nold\n<!-- end generated: levers -->\nafter\n"
    fresh = refresh(text)
    assert fresh.startswith("before\n<!-- begin") and fresh.endswith("-->\nafter\n") and "old" not in fresh
    assert refresh(fresh) == fresh


def test_a_page_without_blocks_stays_as_it_is() -> None:
    assert refresh("# Nothing here\n") == "# Nothing here\n"


@pytest.mark.parametrize(
    "text",
    [
        "<!-- begin generated: levers -->\nno end\n",
        "no begin\n<!-- end generated: levers -->\n",
        "<!-- begin generated: levers -->\n<!-- end generated: outcomes -->\n",
    ],
)
def test_a_marker_without_its_partner_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="partner"):
        refresh(text)


def test_an_unknown_table_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="no table is called furlongs"):
        refresh("<!-- begin generated: furlongs -->\n<!-- end generated: furlongs -->\n")


def test_rewriting_a_page_in_place_says_whether_it_changed(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text("<!-- begin generated: levers -->\n<!-- end generated: levers -->\n", "utf-8")
    assert rewrite(page) is True
    assert "ambition_coupling" in page.read_text("utf-8")
    assert rewrite(page) is False


def test_a_bar_in_a_cell_does_not_break_a_table(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tables_in_docs, "t", lambda *_: "this | that")
    columns = re.split(r"(?<!\\)\|", TABLES["levers"]().splitlines()[2])
    assert len(columns) == len(re.split(r"(?<!\\)\|", TABLES["levers"]().splitlines()[0]))
