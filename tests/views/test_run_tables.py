"""Claims about workbooks of a run: read with another program, they hold the numbers, in words, and say what was run."""

from __future__ import annotations

import datetime
import io

import pytest
from openpyxl import Workbook, load_workbook
from tests.conftest import scenario_of, small

import ketensim as ks
from ketensim.foundation.outcome_table import CASE_TYPE_OUTCOMES, ORGANISATION_OUTCOMES, OUTCOMES
from ketensim.texts import t
from ketensim.views.drawing.reading import Reading
from ketensim.views.report.run_tables import facts_about, run_workbook, with_unit

RECIPE = "ketensim run x --runs 4"


@pytest.fixture(scope="module")
def results() -> ks.Results:
    return ks.simulate(scenario_of(small(weeks=30)), runs=4, seed=7)


def book_of(results: ks.Results, language: str) -> Workbook:
    content, left_out = run_workbook(Reading(results), RECIPE, language)
    assert left_out == []
    return load_workbook(io.BytesIO(content))


def test_the_numbers_of_the_runs_stand_in_the_cells_as_numbers(results: ks.Results) -> None:
    sheet = book_of(results, "nl")[t("sheet.name.runs", "nl")]
    headings = [cell.value for cell in sheet[1]]
    column = headings.index("Doelrealisatie (aandeel, 0 tot 1)")
    values = [row[column].value for row in sheet.iter_rows(min_row=2)]
    assert all(isinstance(value, float) for value in values)
    assert values == pytest.approx(results.runs.goal_realisation.tolist())
    assert len(headings) == len(set(headings)) == len(OUTCOMES) + 1


@pytest.mark.parametrize("language", ["nl", "en"])
def test_headings_outcomes_and_parts_are_in_words_with_their_units(results: ks.Results, language: str) -> None:
    book = book_of(results, language)
    assert len(book.sheetnames) == 5
    known = {row.name for row in (*OUTCOMES, *ORGANISATION_OUTCOMES, *CASE_TYPE_OUTCOMES)}
    for sheet in book.worksheets[1:]:
        texts = {cell.value for row in sheet.iter_rows() for cell in row if isinstance(cell.value, str)}
        assert not texts & known, sheet.title
        assert not {text for text in texts if "{" in text or "_" in text}
    assert isinstance(book[t("sheet.name.weekly", language)]["C2"].value, datetime.datetime)


def test_a_sum_says_over_what_and_a_week_says_per_week() -> None:
    assert with_unit("closed", "en") == "Number of cases closed (cases, whole period)"
    assert with_unit("closed", "en", of_a_week=True).endswith("(cases per week)")
    assert with_unit("waiting", "nl", {"things": "gezinnen"}) == "Wachtende gezinnen (gezinnen)"


def test_the_first_sheet_says_what_was_run(results: ks.Results) -> None:
    first = book_of(results, "en").worksheets[0]
    told = {row[0].value: row[1].value for row in first.iter_rows()}
    assert told["How to run it again"] == RECIPE
    assert "4 runs of 30 weeks, seed 7" in told["What was run"]
    assert results.provenance["model_sha256"] in told["Version"] and results.provenance["ketensim"] in told["Version"]


def test_a_changed_model_says_so(results: ks.Results) -> None:
    made_of = results.provenance | {"changed policy": "mine.py:calm"}
    assert ("Changed model", "changed policy: mine.py:calm") in facts_about({}, made_of, "en")
    assert "Changed model" not in dict(facts_about({}, results.provenance, "en"))
