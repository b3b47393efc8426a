"""Claims about where cases went, where that arose and what it cost: everything adds up, over whatever it is taken apart."""

from __future__ import annotations

import numpy as np
import pytest
from tests.conftest import organisation, refused, scenario_of, small

import ketensim as ks
from ketensim.foundation.outcome_table import CASE_TYPE_OUTCOMES, FAULTS, HOUR_GROUPS, LOSSES
from ketensim.run.ledger import LEDGER, over_the_period
from ketensim.run.results import Results

KIND = {**small()["case_types"][0], "norm": 4, "drop_after": 6}


@pytest.fixture(scope="module")
def results() -> Results:
    """Two case types, of which the chain is there for one; tight enough to drop cases."""
    kinds = [{**KIND, "arrivals": 7.0}, {**KIND, "id": "other", "arrivals": 3.0, "counts": False}]
    organisations = [organisation("A", fte=4, cost=50), organisation("B", fte=1.5, cost=100)]
    return ks.simulate(scenario_of(small(weeks=40, case_types=kinds, organisations=organisations)), runs=12, seed=3)


def test_a_hundred_cases_are_a_hundred_in_every_run_and_in_every_week(results: Results) -> None:
    assert list(results.losses.columns) == ["run", *LEDGER]
    np.testing.assert_allclose(results.losses[list(LEDGER)].sum(axis=1), 100)
    weeks = results.weekly_losses
    known = weeks["realised"].notna()
    np.testing.assert_allclose(weeks.loc[known, list(LEDGER)].sum(axis=1), 100)
    assert weeks.loc[~known, list(LEDGER)].isna().all(axis=None)
    assert (weeks["week"] < 40 - 4)[known].all(), "the last cohorts are not known yet"


def test_the_ledger_of_a_run_is_that_of_its_weeks_weighed_by_arrivals(results: Results) -> None:
    ours = results.case_types[results.case_types["case_type"] == "plain"]  # the only one that counts
    known = ours.dropna(subset=["goal_realisation"])
    for name, outcome in LEDGER.items():
        cases = (known[outcome] * known["arrived"]).groupby(known["run"]).sum()
        np.testing.assert_allclose(results.losses[name], 100 * cases / known.groupby("run")["arrived"].sum())


def test_the_chain_counts_the_case_types_that_it_is_there_for_and_beside_them_all(results: Results) -> None:
    names, weeks = ["arrived", "closed", "open", "waiting"], results.weekly.set_index(["run", "week"])
    ours = results.case_types[results.case_types["case_type"] == "plain"].set_index(["run", "week"])
    np.testing.assert_allclose(ours[names], weeks[names])
    of_all = results.case_types.groupby(["run", "week"])[["arrived", "open"]].sum()
    np.testing.assert_allclose(of_all, weeks[["arrived_all", "open_all"]])
    assert (weeks["open"] < weeks["open_all"]).any()


def test_shares_times_and_costs_per_case_are_over_the_same_cases(results: Results) -> None:
    weeks = results.weekly
    np.testing.assert_allclose(
        weeks["goal_realisation_closed"], weeks["realised"] / weeks["closed"].where(weeks["closed"] > 0)
    )
    sums = weeks.groupby("run")[["closed", "realised", "costs_counted"]].sum()
    for name, count in (("costs_per_case", "closed"), ("costs_per_realised", "realised")):
        np.testing.assert_allclose(results.runs[name], sums["costs_counted"] / sums[count])


def test_every_case_type_has_a_ledger_that_adds_up(results: Results) -> None:
    known = results.case_types.dropna(subset=["goal_realisation"])
    np.testing.assert_allclose(known[["goal_realisation", *LOSSES]].sum(axis=1), 1)


def test_every_case_that_left_is_realised_or_dropped_or_was_lost_somewhere(results: Results) -> None:
    """What was dropped after a fault counts as that fault, so both bounds hold; without drops they are one."""
    lost = results.faults.groupby("run")[list(FAULTS)].sum().sum(axis=1)
    places = results.organisations
    places = places.assign(realised=(places["goal_realisation_closed"] * places["closed"]).fillna(0))
    sums = places.groupby("run")[["closed", "dropped", "realised"]].sum()
    left = sums["closed"] + sums["dropped"]
    most, least = 100 * (left - sums["realised"]) / left, 100 * (sums["closed"] - sums["realised"]) / left
    assert (sums["dropped"] > 0).all()
    assert ((lost <= most + 1e-9) & (lost >= least - 1e-9)).all()


def test_the_euros_of_an_organisation_are_its_pay_shared_out_over_its_hours(results: Results) -> None:
    costs = results.costs
    np.testing.assert_allclose(costs[list(HOUR_GROUPS)].sum(axis=1), costs["costs"])
    np.testing.assert_allclose(costs.groupby("run")["costs"].sum(), results.runs["costs"])
    weeks = results.organisations[results.organisations["run"] == 0]
    ours = weeks[weeks["organisation"] == "B"]
    hours = ours[[name for name in ours.columns if name.startswith("hours_")]].sum(axis=1)
    expected = (ours["costs"] * ours["hours_rework"] / hours).sum()
    assert costs.query("run == 0 and organisation == 'B'")["rework"].item() == pytest.approx(expected)


def test_a_tariff_twice_as_high_makes_an_organisation_twice_as_dear_and_changes_nothing_else() -> None:
    def costing(euros: float) -> Results:
        return ks.simulate(scenario_of(small(organisations=[organisation("A", cost=euros), organisation("B")])), runs=3)

    one, two = costing(40), costing(80)
    ratio = two.costs["costs"] / one.costs["costs"]
    assert ratio[one.costs["organisation"] == "A"].tolist() == pytest.approx([2.0] * 3)
    assert ratio[one.costs["organisation"] == "B"].tolist() == pytest.approx([1.0] * 3)
    assert one.losses.equals(two.losses)


def test_the_band_of_a_case_type_is_that_of_its_rows(results: Results) -> None:
    of_type = results.case_types.query("case_type == 'other'")
    expected = of_type.groupby("week")["open"].mean()
    np.testing.assert_allclose(results.band("open", case_type="other")["mean"], expected)
    with refused("unknown_case_type", nearest="other"):
        results.band("open", case_type="othr")


def test_a_large_ensemble_keeps_the_ledger_of_its_runs_and_not_of_its_weeks(results: Results) -> None:
    large = ks.simulate(results.scenario, runs=12, seed=3, weekly=False)
    assert large.losses.equals(results.losses)
    for table in ("case_types", "weekly_losses", "faults", "costs"):
        with refused("weekly_not_kept"):
            getattr(large, table)


def test_the_period_of_a_case_type_is_taken_as_its_table_says(results: Results) -> None:
    values = results.case_type_values
    assert values is not None
    found = over_the_period(values, CASE_TYPE_OUTCOMES)
    names = [row.name for row in CASE_TYPE_OUTCOMES]
    np.testing.assert_allclose(found[:, 0, names.index("goal_realisation")], results.losses["realised"] / 100)
    np.testing.assert_allclose(found[:, :, names.index("arrived")].sum(axis=1), results.runs["arrived_all"])
    np.testing.assert_allclose(found[:, :, names.index("open")].sum(axis=1), results.runs["open_all"])
