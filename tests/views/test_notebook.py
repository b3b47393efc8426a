"""Claims about notebooks: what is looked at shows itself, in both languages, and the example notebooks run."""

from __future__ import annotations

import ast
import json
from pathlib import Path
from typing import Any

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


def test_an_experiment_shows_its_points_with_the_means_of_its_outcomes(tmp_path: Path) -> None:
    result = done(written(tmp_path, runs=2, weeks=30), tmp_path / "out", workers=1).result
    assert result is not None
    shown = notebook.html_of(result, "en")
    assert shown.count("<tr>") == 7
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
