"""Claims about results as labelled arrays of xarray."""

from __future__ import annotations

import builtins
import sys

import numpy as np
import pytest
from tests.conftest import scenario_of, small

import ketensim as ks
from ketensim.foundation.errors import InputError
from ketensim.views.refusals import error_message


@pytest.fixture(scope="module")
def results():
    return ks.simulate(scenario_of(small()), 5, 3)


def test_every_number_is_where_the_tables_have_it_with_its_unit(results):
    data = results.to_xarray()
    assert data.sizes == {"run": 5, "week": 26, "organisation": 2, "case_type": len(results.scenario.case_types)}
    table = results.organisations.set_index(["run", "week", "organisation"])
    assert float(data["organisation_waiting"].sel(run=2, week=7, organisation="B")) == table.loc[(2, 7, "B"), "waiting"]
    assert np.array_equal(data["open"].values.ravel(), results.weekly["open"])
    assert np.array_equal(data["run_goal_realisation"].values, results.runs["goal_realisation"], equal_nan=True)
    kinds = results.case_types.set_index(["run", "week", "case_type"])
    kind = str(data["case_type"].values[0])
    assert float(data["case_type_closed"].sel(run=1, week=9, case_type=kind)) == kinds.loc[(1, 9, kind), "closed"]
    assert data["open"].attrs["units"] == "cases"
    assert data["trust_persons"].attrs["units"] == "share"
    assert data["run_closed"].attrs["summary"] == "sum"
    assert str(data["date"].values[1])[:10] == str(results.scenario.date_of(1))
    assert data.attrs["seed"] == "3"
    assert data.attrs["model_sha256"] == results.provenance["model_sha256"]


def test_outcomes_of_ones_own_are_there_and_what_was_not_kept_is_not():
    def queue(state):
        return float(state.chain[0].open)

    with ks.extend(outcomes={"queue": queue}):
        found = ks.simulate(scenario_of(small()), 3, 1)
    assert np.array_equal(found.to_xarray()["queue"].values.ravel(), found.own["queue"])
    short = ks.simulate(scenario_of(small()), 3, 1, weekly=False).to_xarray()
    assert "run_open" in short
    assert "open" not in short


def test_without_xarray_the_command_that_brings_it_is_told(results, monkeypatch):
    import_as_before = builtins.__import__

    def without(name, *rest, **named):
        if name == "xarray":
            raise ModuleNotFoundError(name)
        return import_as_before(name, *rest, **named)

    monkeypatch.setattr(builtins, "__import__", without)
    monkeypatch.setattr("ketensim.run.extras.is_installed", lambda package: False)
    monkeypatch.delitem(sys.modules, "xarray", raising=False)
    with pytest.raises(InputError) as caught:
        results.to_xarray()
    assert "uv sync --inexact --extra xarray" in error_message(caught.value, "en")
