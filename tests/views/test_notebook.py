"""Claims about notebooks: what is looked at shows itself, in both languages, and the example notebooks run."""

from __future__ import annotations

import ast
import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from tests.conftest import refused, scenario_of, small
from tests.experiment.small import done, written

import ketensim as ks
from ketensim.foundation.outcome_table import OUTCOME_NAMES
from ketensim.views import notebook

NOTEBOOKS = sorted((Path(__file__).parents[2] / "docs" / "notebooks").glob("*.ipynb"))


@pytest.fixture(scope="module")
def comparison() -> ks.Comparison:
    chain = scenario_of(small(weeks=40))
    return ks.compare(chain, chain.with_levers(room=0.9), runs=4, seed=1)


def test_scenario_results_and_comparison_show_themselves_in_both_languages(comparison: ks.Comparison) -> None:
    for thing in (comparison.a.scenario, comparison.a, comparison):
        dutch, english = (notebook.html_of(thing, language) for language in ("nl", "en"))
        assert dutch != english
        assert thing._repr_html_() in (dutch, english)
        assert "<script" not in dutch


def test_the_picture_of_a_chain_brings_its_own_colours_because_a_notebook_has_none(comparison: ks.Comparison) -> None:
    shown = notebook.html_of(comparison.a.scenario, "en")
    used = set(re.findall(r"var\((--[\w-]+)\)", shown))
    assert used and {name for name in used if f"{name}: #" not in shown} == set()
    assert ".ketensim .chain .box { fill: var(--box)" in shown


def test_a_comparison_of_one_chain_says_what_was_changed_in_it(comparison: ks.Comparison) -> None:
    shown = notebook.html_of(comparison, "en")
    assert "<li>Room: " in shown and "90%" in shown


def test_a_figure_has_a_title_and_a_unit_in_both_languages(comparison: ks.Comparison) -> None:
    for thing, what in ((comparison.a, "lead_time_median"), (comparison.a, "losses"), (comparison, "open")):
        dutch, english = (thing.plot(what, language=language).layout for language in ("nl", "en"))
        assert dutch.title.text != english.title.text and dutch.yaxis.title.text != english.yaxis.title.text
    assert "(weeks)" in comparison.a.plot("lead_time_median", language="en").layout.yaxis.title.text


def test_a_difference_between_shares_is_drawn_in_percentage_points(comparison: ks.Comparison) -> None:
    figure, band = comparison.plot("administration_share", language="en"), comparison.weekly("administration_share")
    assert figure.layout.yaxis.title.text == "Difference (percentage points)"
    drawn = np.array(figure.data[-1].y, float)
    np.testing.assert_allclose(drawn, 100 * band["mean"], atol=0.01)


def test_where_the_cases_went_ends_with_the_last_week_of_which_it_is_known(comparison: ks.Comparison) -> None:
    """A stack of weeks without a value would fall to nought."""
    surfaces = comparison.a.plot("losses").data
    assert all(None not in surface.y and not np.isnan(np.array(surface.y, float)).any() for surface in surfaces)
    assert np.sum([surface.y for surface in surfaces], axis=0) == pytest.approx(1.0, abs=1e-2)


def test_an_experiment_shows_its_points_with_the_means_of_its_outcomes(tmp_path: Path) -> None:
    result = done(written(tmp_path, runs=2, weeks=30), tmp_path / "out", workers=1).result
    assert result is not None
    shown = notebook.html_of(result, "en")
    assert shown.count("<tr>") == 7
    headings = re.findall(r"<th[^>]*>(.*?)</th>", shown.partition("</thead>")[0])
    assert headings and not {name for name in headings if "_" in name or name in ("frame", "room", "policy")}
    assert f"{100 * result.runs.query('point == 0').goal_realisation.mean():.0f}%" in shown


def test_every_kind_of_figure_and_every_outcome_is_drawn(comparison: ks.Comparison) -> None:
    for what in (*notebook.CHARTS, "costs", *OUTCOME_NAMES):
        assert len(comparison.b.plot(what, language="nl").data) > 0
    assert len(comparison.plot("open").data) == 3
    with refused("unknown_outcome", nearest="losses"):
        comparison.a.plot("loses")


def test_the_costs_that_are_drawn_are_those_of_the_results(comparison: ks.Comparison) -> None:
    figure = comparison.a.plot("costs")
    drawn = sum(sum(bar.y) for bar in figure.data)
    assert drawn == pytest.approx(comparison.a.costs.groupby("run")["costs"].sum().mean())


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_an_example_notebook_runs_from_top_to_bottom_and_shows_something_in_every_cell(path: Path) -> None:
    cells = [cell for cell in json.loads(path.read_text("utf-8"))["cells"] if cell["cell_type"] == "code"]
    names: dict[str, Any] = {}
    for cell in cells:
        assert cell["outputs"] == []
        *steps, last = ast.parse("".join(cell["source"])).body
        assert isinstance(last, ast.Expr)
        exec(compile(ast.Module(steps, []), path.name, "exec"), names)
        assert eval(compile(ast.Expression(last.value), path.name, "eval"), names)._repr_html_()
