"""Claims about published figures beside simulated ones, with results whose answer is known."""

from __future__ import annotations

import datetime
from typing import Any

import numpy as np
import pytest
from tests.views.fake import fake_scenario

from ketensim.analysis.resemblance import KINDS, kinds_without_figure, likeness, of_runs, resemblance
from ketensim.foundation.errors import InputError
from ketensim.foundation.outcome_table import ORGANISATION_OUTCOME_NAMES, ORGANISATION_OUTCOMES, OUTCOME_NAMES, OUTCOMES
from ketensim.run.results import Results
from ketensim.scenario.content import Indicator
from ketensim.scenario.numbers import Text

RUNS, WEEKS = 5, 104
MONDAY = datetime.date(2015, 1, 1)  # week 0 of the fake scenario


def figure(**facts: Any) -> Indicator:
    given: dict[str, Any] = {"id": "x", "label": Text(nl="x", en="x"), "value": 10.0, "unit": "cases", "source": "cbs"}
    return Indicator(**given | {"outcome": "waiting", "tolerance": 2.0, "used_for": "held_back"} | facts)


def results(**values: Any) -> Results:
    """Results in which an outcome of the chain or (with a capital) of the second organisation has known values."""
    scenario = fake_scenario(weeks=WEEKS)
    weekly = np.zeros((RUNS, WEEKS, len(OUTCOMES)))
    organisations = np.zeros((RUNS, WEEKS, len(scenario.organisations), len(ORGANISATION_OUTCOMES)))
    for name, value in values.items():
        if name[0].isupper():
            organisations[:, :, 1, ORGANISATION_OUTCOME_NAMES.index(name.lower())] = value
        else:
            weekly[:, :, OUTCOME_NAMES.index(name)] = value
    return Results(scenario, 1, weekly.mean(axis=1), weekly, organisations, None, None, None, {})


def test_the_simulated_figure_is_the_mean_over_its_period_times_its_scale() -> None:
    weeks = np.arange(WEEKS, dtype=float)
    first_year = figure(scale=3.0, since=MONDAY, until=MONDAY + datetime.timedelta(weeks=9))
    assert of_runs(results(waiting=weeks), first_year) == pytest.approx(np.full(RUNS, 3.0 * 4.5))
    assert of_runs(results(waiting=weeks), figure()) == pytest.approx(np.full(RUNS, weeks.mean()))
    own = figure(organisation="Raad", since=MONDAY + datetime.timedelta(weeks=100))
    assert of_runs(results(Waiting=weeks), own) == pytest.approx(np.full(RUNS, 101.5))


def test_a_figure_per_another_is_the_ratio_of_the_means_in_a_run() -> None:
    leaving, staff = np.linspace(0, 2, WEEKS), np.linspace(20, 30, WEEKS)
    found = of_runs(
        results(Staff_left=leaving, Staff=staff),
        figure(outcome="staff_left", per="staff", scale=52, organisation="Raad"),
    )
    assert found == pytest.approx(np.full(RUNS, 52 * 1.0 / 25.0))


def test_weeks_without_a_value_are_left_out() -> None:
    weeks = np.full(WEEKS, 7.0)
    weeks[50:] = np.nan
    assert of_runs(results(goal_realisation=weeks), figure(outcome="goal_realisation")) == pytest.approx(
        np.full(RUNS, 7)
    )


def test_the_spread_is_that_of_the_middle_of_the_runs_and_the_verdict_is_about_their_mean() -> None:
    found = likeness(figure(value=3.5, tolerance=0.5), np.array([0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 4.0]))
    assert (found.simulated, found.verdict, found.reason) == (4.0, "resembles", "")
    assert (found.low, found.high) == pytest.approx((0.9, 7.1))
    assert likeness(figure(value=3.4, tolerance=0.5), np.array([4.0])).verdict == "differs"
    assert likeness(figure(value=4.6, tolerance=0.5), np.array([4.0])).verdict == "differs"


@pytest.mark.parametrize(
    ("facts", "values", "reason"),
    [
        ({"outcome": None}, 5.0, "no_outcome"),
        ({"since": datetime.date(2024, 1, 1)}, 5.0, "outside"),
        ({"until": datetime.date(2014, 1, 1)}, 5.0, "outside"),
        ({}, np.nan, "unknown"),
        ({"tolerance": None}, 5.0, "no_tolerance"),
    ],
)
def test_what_cannot_be_compared_says_why(facts: dict[str, Any], values: float, reason: str) -> None:
    indicator = figure(**facts)
    found = likeness(indicator, of_runs(results(waiting=values), indicator))
    assert (found.verdict, found.reason) == ("not_comparable", reason)
    assert np.isnan(found.simulated) == (reason != "no_tolerance")


def test_every_indicator_of_a_scenario_has_its_place_in_the_order_of_the_file() -> None:
    found = resemblance(results(administration_share=0.4, Waiting=31.0))
    assert [one.indicator.id for one in found] == ["administratie", "wacht", "los"]
    assert [one.verdict for one in found] == ["resembles", "resembles", "not_comparable"]
    assert found[1].simulated == pytest.approx(310.0)


def test_results_without_weeks_are_refused() -> None:
    kept = results(waiting=5.0)
    gone = Results(kept.scenario, 1, kept.summary, None, None, None, None, None)
    with pytest.raises(InputError):
        resemblance(gone)


def test_the_kinds_of_figure_name_outcomes_that_exist() -> None:
    known = {*OUTCOME_NAMES, *ORGANISATION_OUTCOME_NAMES}
    assert set().union(*KINDS.values()) <= known
    assert kinds_without_figure([figure(), figure(outcome="staff_left")]) == (
        "waiting", "lead_time", "administration", "within_norm",
    )  # fmt: skip
