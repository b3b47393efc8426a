"""Pages about evidence say what the stored tables say, and what the TRACE notebook names does exist."""

from __future__ import annotations

import re
from pathlib import Path

import pandas as pd
import pytest
from docs.make import evidence_pages, stored_figures
from docs.make.blocks import BLOCK, names_on
from docs.make.evidence_tables import TABLES
from docs.make.stored_figures import FIGURE, figure

from ketensim.texts import catalogue, languages

ROOT = Path(__file__).parents[2]
TRACE = (ROOT / "docs" / "en" / "trace.md").read_text("utf-8")
PAGES = list(evidence_pages.PAGES.items())
STORED = pd.DataFrame({"input": ["capacity", "room"], "first": [0.4123, 0.1]})


@pytest.fixture
def one_table(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stored_figures, "stored_table", lambda name: STORED)


@pytest.mark.parametrize(("page", "language"), PAGES, ids=lambda part: getattr(part, "stem", part))
def test_no_result_is_typed_on_a_page(page: Path, language: str) -> None:
    """A percentage or a number with decimals outside the filled places is a range or a setting, and those are few."""
    text = re.sub(r"`[^`]*`|\([^)]*\)", "", FIGURE.sub("", BLOCK.sub("", page.read_text("utf-8"))))
    settings = ["85", "95", "115", "80", "10", "60", "0.1", "0.6", "0.2", "0.8", "0.9", "2,000"]
    allowed = {*settings, *(text.translate(str.maketrans(",.", ".,")) for text in settings)}
    assert set(re.findall(r"\d+(?= ?%)|\d+[.,]\d+(?![\d.,]*\d{3})", text)) <= allowed


def test_every_table_stands_on_a_page_in_each_language() -> None:
    for language in ("en", "nl"):
        text = "".join(page.read_text("utf-8") for page, spoken in PAGES if spoken == language)
        assert set(names_on(text)) == set(TABLES)


def test_a_figure_is_found_by_its_keys_and_written_as_the_language_writes_it(one_table: None) -> None:
    assert figure("t.first input=capacity | %", "en") == "41%"
    assert figure("t.first input=capacity | .2f", "nl") == "0,41"
    assert figure("t.first input=room | %", "en") == "10%"
    assert (figure("t.count(first)", "en"), figure("t.most(first) | %", "en")) == ("2", "41%")
    assert figure("t.rest(first) | hundredths", "nl") == "48,8"


@pytest.mark.parametrize("asked", ["t.first", "t.first input=trust", "nothing"])
def test_a_figure_that_is_not_one_cell_is_refused(asked: str, one_table: None) -> None:
    with pytest.raises(ValueError, match=r"rows instead of one|cannot be read"):
        figure(asked, "en")


def test_a_table_that_nobody_stored_is_refused_by_name() -> None:
    with pytest.raises(FileNotFoundError, match=r"furlongs\.csv"):
        figure("furlongs.first", "en")


def test_every_heading_and_variant_has_words() -> None:
    for language in ("en", "nl"):
        texts = catalogue(language)["evidence"]
        assert set(texts["variant"]) == {"as_written", "beta", "logistic", "reversed"}
        assert all(texts["head"].values())


# --- the notebook ----------------------------------------------------------------------------------------------------
def test_the_notebook_has_the_eight_elements_in_their_order() -> None:
    named = re.findall(r"^## (\d)\. (.+)$", TRACE, re.MULTILINE)
    assert [number for number, _ in named] == list("12345678")
    assert [name.split()[-1] for _, name in named] == [
        "formulation", "description", "evaluation", "evaluation", "verification", "verification", "analysis", "corroboration"
    ]  # fmt: skip


def test_every_file_and_script_that_the_notebook_names_exists() -> None:
    named = set(re.findall(r"`(?:uv run python )?((?:tests|src|experiments|scenarios|\.ci)/[\w./-]*)`", TRACE))
    assert len(named) > 15
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_every_element_says_what_is_weak_or_how_to_check_it() -> None:
    elements = re.split(r"^## ", TRACE, flags=re.MULTILINE)[1:]
    assert [element.splitlines()[0] for element in elements if "*Weak:*" not in element] == []


def test_there_are_pages_in_every_language() -> None:
    assert {page.parent.name for page, _ in PAGES} == set(languages())
