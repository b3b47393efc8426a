"""Where cases go: each loss alone has a known answer, the first reason that sufficed is told, what does not count stays out."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from tests.chain.stripped import NEVER, PLAIN, STANDARD_ERRORS, agrees, queue, worker
from tests.conftest import Run, organisation, scenario_of, small
from tests.reference_model.chains import HAND_MADE

from ketensim.foundation.outcome_table import CASE_TYPE_OUTCOME_NAMES, FAULTS, LOSSES, OUTCOME_NAMES, REASONS

pytestmark = pytest.mark.jit

LEDGER = ("goal_realisation", *LOSSES)
ABOUT_WHAT_COUNTS = (
    *("goal_realisation_closed", "arrived", "closed", "realised", "dropped", "open", "waiting", "blocked"),
    *("lead_time_median", "lead_time_p90", "open_age_median", "open_age_p90", "returns_per_case"),
    *("costs_counted", "costs_per_case", "costs_per_realised"),
)
NO_SUPPORT = dict.fromkeys(("loss_frame", "loss_trust", "loss_familiar", "skills_handover"), 0.0)
ONLY_AMBITION = {  # everybody keeps the ambition and the weight of the start: half of the distance, no weight at all
    **dict.fromkeys(("ambition_spread", "objective_rate", "ambition_pull", "ambition_window", "weight_base"), 0.0),
    **dict.fromkeys(("weight_coupling", "weight_credit", "weight_urgency", "weight_trust", "weight_official"), 0.0),
    **{"binding_translation": 0.0, "ambition_half": 1.0},
}


def row(names: tuple[str, ...]) -> dict[str, Any]:
    """Organisations with hours to spare, one after another; every case goes from the first to the last."""
    data = queue(20.0, 1.0, weeks=60, burn_in=10, kind={"norm": 8})
    links = [{"from": one, "to": other, "share": 1.0} for one, other in pairwise(names)]
    return data | {"organisations": [worker(name, fte=50, hours_per_case=1) for name in names], "links": links}


def with_parameters(data: dict[str, Any], **parameters: float) -> dict[str, Any]:
    return data | {"parameters": {**data["parameters"], **parameters}}


def runs_of(data: dict[str, Any], number: int = 12) -> list[Run]:
    runs = [Run(scenario_of(data), seed=11, replication=replication) for replication in range(number)]
    return [run.to(run.weeks) for run in runs]


def ledgers(data: dict[str, Any], number: int = 12) -> dict[str, np.ndarray]:
    """The ledger of each run in its summary, by the first reason and by all reasons."""
    summaries = np.array([run.notebook.summary for run in runs_of(data, number)])
    return {name: summaries[:, OUTCOME_NAMES.index(name)] for name in (*LEDGER, *REASONS)}


def only(found: dict[str, np.ndarray], *losses: str) -> None:
    """No case is lost in any other way, a reason that is the only one stands for itself, and it all adds up."""
    for name in set(LOSSES) - set(losses):
        assert not found[name].any(), name
    for name in REASONS:
        np.testing.assert_array_equal(found[name], found[name.replace("reason", "loss")], err_msg=name)
    np.testing.assert_allclose(sum(found[name] for name in LEDGER), 1.0, rtol=1e-12)


# --- each loss alone -----------------------------------------------------------------------------------------------
def test_in_a_chain_where_nothing_goes_wrong_every_case_is_realised():
    found = ledgers(row(("A", "B")), 2)
    only(found)
    assert (found["goal_realisation"] == 1.0).all()


def test_work_that_is_done_wrong_is_the_only_loss_where_it_is_the_only_thing_that_goes_wrong():
    found = ledgers(with_parameters(row(("A", "B", "C")), quality_standard=0.7))
    only(found, "loss_wrong")
    agrees(found["goal_realisation"], 0.7**3)


def test_what_is_lost_at_hand_overs_grows_with_their_number():
    for names in (("A", "B"), ("A", "B", "C", "D")):
        found = ledgers(with_parameters(row(names), loss_standard=0.2, **NO_SUPPORT))
        only(found, "loss_handover")
        agrees(found["goal_realisation"], 0.8 ** (len(names) - 1))


def test_an_organisation_without_weight_follows_its_own_course_as_far_as_its_ambition_lies_off():
    data = with_parameters(row(("A", "B")), own_course=0.6, **ONLY_AMBITION) | {"objective": {"x": 0.0}}
    data["organisations"] = [part | {"ambition": {"x": 1.0}} for part in data["organisations"]]
    found = ledgers(data)
    only(found, "loss_own_course")
    agrees(found["goal_realisation"], (1.0 - 0.6 * 0.5) ** 2)


def test_a_chain_with_too_few_hours_loses_cases_to_the_norm_and_to_nothing_else():
    """Half of the hours: what is not closed in time is late, or still in line when the run ends."""
    found = ledgers(queue(12.0, 6.0, weeks=80, burn_in=0, kind={"norm": 2}), 4)
    only(found, "loss_late", "loss_open")
    assert (found["loss_late"] > 0.1).all() and (found["loss_open"] > 0.1).all()
    assert (found["goal_realisation"] < 0.1).all()


def test_cases_that_nobody_has_hours_for_are_dropped_at_the_drop_age_and_stay_open_without_one():
    nobody = {"arrivals": 3.0, "hours": 2000.0, "weeks": 40, "burn_in": 60}
    dropped = ledgers(queue(**nobody, kind={"norm": 10, "drop_after": 10}), 3)
    only(dropped, "loss_dropped")
    assert (dropped["loss_dropped"] > 0.95).all(), "all but the one case that is in hand"
    waiting = ledgers(queue(**nobody, kind={"norm": 10, "drop_after": NEVER}), 3)
    only(waiting, "loss_open", "loss_late")
    assert (waiting["loss_open"] == 1.0).all()


# --- the first reason, and where it arose --------------------------------------------------------------------------
def test_a_case_that_is_done_wrong_before_its_norm_and_closed_after_it_was_done_wrong():
    """At A everything goes wrong at once; at B it stays until long after the norm."""
    data = with_parameters(row(("A", "B")), quality_standard=0.0)
    data["organisations"][1]["stay"] = 20
    run = runs_of(data, 1)[0]
    faults = {name: run.notebook.organisation_weekly[name].sum(axis=0) for name in FAULTS}
    assert run.notebook.summary[OUTCOME_NAMES.index("loss_wrong")] > 0.6  # the others are in B still
    assert faults["done_wrong"][0] > 0.0 == faults["done_wrong"][1]
    assert not any(faults[name].any() for name in FAULTS if name != "done_wrong")


def test_a_case_that_is_done_wrong_after_its_norm_was_late_and_late_where_the_norm_passed():
    """At A it stays until long after the norm; at B everything goes wrong, which no longer matters."""
    data = with_parameters(row(("A", "B")), quality_standard=1.0, loss_standard=0.5, **NO_SUPPORT)
    data["organisations"][0]["stay"] = 20
    run = runs_of(data, 1)[0]
    faults = {name: run.notebook.organisation_weekly[name].sum(axis=0) for name in FAULTS}
    assert run.notebook.summary[OUTCOME_NAMES.index("loss_late")] > 0.6
    assert faults["too_late"][0] > 0.0 == faults["too_late"][1]
    assert not any(faults[name].any() for name in FAULTS if name != "too_late")


def test_what_is_lost_at_a_hand_over_counts_at_the_giver():
    run = runs_of(with_parameters(row(("A", "B", "C")), loss_standard=0.5, **NO_SUPPORT), 1)[0]
    at_a, at_b, at_c = run.notebook.organisation_weekly["lost_at_handover"].sum(axis=0)
    assert at_c == 0.0
    assert at_b / at_a == pytest.approx(0.5, rel=0.15)  # what was lost before cannot be lost again


def test_a_case_with_two_reasons_counts_once_by_the_first_and_twice_by_all():
    """A case stays at A until after its norm and is closed at B: what is done wrong at A comes first, at B it comes too."""
    data = with_parameters(row(("A", "B")), quality_standard=0.5**0.5)  # both right in one half of the cases
    data["organisations"][0]["stay"] = 20
    run = runs_of(data | {"weeks": 120}, 1)[0]
    found = dict(zip(OUTCOME_NAMES, run.notebook.summary, strict=True))
    assert found["goal_realisation"] == 0.0
    closed = found["loss_wrong"] + found["loss_late"]
    assert found["reason_late"] == pytest.approx(closed), "each of them was closed after its norm"
    assert found["loss_wrong"] / closed == pytest.approx(1.0 - 0.5**0.5, abs=0.04), "before the norm, at A"
    assert found["reason_wrong"] / closed == pytest.approx(0.5, abs=0.04), "at A, or at B after the norm"


@pytest.mark.parametrize("name", ["few places", "stays", "two case types"])
def test_no_reason_plays_in_fewer_cases_than_it_is_the_first_of_nor_in_more_than_are_lost(name: str):
    run = runs_of(HAND_MADE.get(name, two_types()), 1)[0]
    for rows in (run.notebook.weekly, run.notebook.case_type_weekly):
        lost = 1.0 - rows["goal_realisation"] - rows["loss_open"]
        known = ~np.isnan(lost)
        for reason in REASONS:
            first = rows[reason.replace("reason", "loss")]
            assert (rows[reason][known] >= first[known]).all() and (rows[reason][known] <= lost[known] + 1e-9).all()


# --- misfits -------------------------------------------------------------------------------------------------------
def test_a_hand_over_that_does_not_fit_repairs_no_hidden_defect():
    """Three organisations that do 7 in 10 right: .7 x .7 x .7 in the end, however often a hand-over is done anew."""
    for misfit in (0.0, 0.6):
        data = with_parameters(row(("A", "B", "C")), quality_standard=0.7, mismatch_standard=misfit)
        data = with_parameters(data, frame_build=0.0) | {"levers": {"frame": 0.0}}
        runs = runs_of(data)
        returned = sum(run.notebook.organisation_weekly["returned"].sum() for run in runs)
        assert (returned > 0) == (misfit > 0.0)
        agrees([run.notebook.summary[0] for run in runs], 0.7**3)


def test_a_defect_that_is_found_is_repaired():
    """Where every defect is found at the next hand-over, only the last organisation's stay."""
    data = with_parameters(row(("A", "B", "C")), quality_standard=0.7, check_most=1.0, check_find=1.0)
    data = with_parameters(data, trust_persons_start=0.0, trust_agreements_start=0.0)
    agrees(ledgers(data)["goal_realisation"], 0.7)


# --- what adds up, and what counts ---------------------------------------------------------------------------------
@pytest.mark.parametrize("name", ["few places", "stays", "events of each type", "two case types"])
def test_the_ledger_is_one_in_every_week_for_every_case_type_and_in_the_summary(name: str):
    run = runs_of(HAND_MADE.get(name, two_types()), 1)[0]
    for rows in (run.notebook.weekly, run.notebook.case_type_weekly):
        total = sum(rows[loss] for loss in LEDGER)
        np.testing.assert_allclose(total[~np.isnan(total)], 1.0, rtol=1e-12)
        assert (~np.isnan(total)).any()
    assert sum(run.notebook.summary[OUTCOME_NAMES.index(loss)] for loss in LEDGER) == pytest.approx(1.0, rel=1e-12)


def two_types(*, counts: bool = False, **changes: Any) -> dict[str, Any]:
    """A chain under pressure with two case types that have other norms, hours and shares of hard cases."""
    one = small()["case_types"][0] | {"arrivals": 8.0}
    other = one | {"id": "other", "arrivals": 4.0, "norm": 12, "non_standard": 0.9, "counts": counts, **changes}
    return small(weeks=60, case_types=[one, other], organisations=[organisation("A", fte=5), organisation("B", fte=3)])


def test_a_case_type_that_does_not_count_is_worked_on_and_stays_out_of_goal_losses_and_lead_times():
    run = runs_of(two_types(), 1)[0]
    headline = [name for name in CASE_TYPE_OUTCOME_NAMES if name not in ("arrived", "closed", "open", "waiting")]
    types = run.notebook.case_type_weekly
    for name in headline:
        np.testing.assert_array_equal(run.notebook.weekly[name], types[name][:, 0], err_msg=name)
        assert not np.array_equal(types[name][:, 0], types[name][:, 1], equal_nan=True), name
    assert types["closed"][:, 1].sum() > 0


def test_whether_a_case_type_counts_changes_what_is_told_and_not_what_happens():
    counted, silent = (runs_of(two_types(counts=counts), 1)[0] for counts in (True, False))
    for name, array in counted.state.arrays().items():
        assert array.tobytes() == silent.state.arrays()[name].tobytes(), name
    np.testing.assert_array_equal(counted.notebook.case_type_grid, silent.notebook.case_type_grid)
    moved = [
        name for name in OUTCOME_NAMES
        if not np.array_equal(counted.notebook.weekly[name], silent.notebook.weekly[name], equal_nan=True)
    ]  # fmt: skip
    assert set(moved) <= {*LEDGER, *REASONS, *ABOUT_WHAT_COUNTS}
    assert "goal_realisation" in moved


def test_which_case_type_stands_first_in_the_file_decides_nothing():
    """Two equal types in one line near full load: whose turn comes first is a matter of luck."""
    kind = small()["case_types"][0] | {"norm": 1, "non_standard": 0.0, "urgent": 0.0, "arrivals": 8.0}
    types = [kind | {"id": name} for name in ("first", "second")]
    data = queue(1.0, 1.0, weeks=100, burn_in=30, parameters={"quality_standard": 1.0}) | {"case_types": types}
    data["organisations"] = [worker("A", fte=10, hours_per_case=22.5)]
    goals = np.array(
        [np.nanmean(run.notebook.case_type_weekly["goal_realisation"], axis=0) for run in runs_of(data, 60)]
    )
    assert 0.2 < goals.mean() < 0.9, "a line in which it matters whose turn it is"
    ahead = goals[:, 0] - goals[:, 1]
    error = ahead.std(ddof=1) / np.sqrt(len(ahead))
    assert error < 0.01
    assert abs(ahead.mean()) < STANDARD_ERRORS * error


# --- euros ---------------------------------------------------------------------------------------------------------
def test_a_week_costs_staff_times_contract_hours_times_tariff_whatever_is_done():
    """Four posts of 36 hours at 50 euros, and 2.4 full-time posts filled by two people at 100; nobody leaves."""
    data = queue(3.0, 6.0, weeks=30, burn_in=5)
    data["organisations"] = [worker("A", fte=4, cost=50, absence=0.3), worker("B", fte=2.4, cost=100, own_work=0.5)]
    data["links"] = [{"from": "A", "to": "B", "share": 0.5}]
    assert data["parameters"].keys() >= PLAIN.keys()
    notebook = runs_of(data, 1)[0].notebook
    np.testing.assert_allclose(notebook.organisation_weekly["costs"][:, 0], 4 * 36 * 50)
    np.testing.assert_allclose(notebook.organisation_weekly["costs"][:, 1], 2.4 * 36 * 100)
    np.testing.assert_allclose(notebook.weekly["costs"], 4 * 36 * 50 + 2.4 * 36 * 100)
    summary = dict(zip(OUTCOME_NAMES, notebook.summary, strict=True))
    assert summary["costs"] == pytest.approx(30 * (4 * 36 * 50 + 2.4 * 36 * 100))
    assert summary["costs_per_case"] == pytest.approx(summary["costs"] / notebook.weekly["closed"].sum())
    assert summary["costs_per_realised"] == pytest.approx(summary["costs"] / notebook.weekly["realised"].sum())
    assert summary["costs_per_realised"] >= summary["costs_per_case"]
    assert summary["costs_counted"] == summary["costs"], "all case types count"


def test_costs_per_case_are_those_of_the_cases_that_count_by_the_hours_worked_on_them():
    """Twice as many cases of the type that counts, at the same hours a case: two thirds of what was paid, not all of it."""
    kind = small()["case_types"][0] | {"norm": 20, "non_standard": 0.0, "urgent": 0.0}
    types = [kind | {"id": "ours", "arrivals": 20.0}, kind | {"id": "other", "arrivals": 10.0, "counts": False}]
    data = queue(1.0, 1.0, weeks=200, burn_in=20) | {"case_types": types}
    data["organisations"] = [worker("A", fte=30, hours_per_case=10, cost=50)]
    found = dict(zip(OUTCOME_NAMES, runs_of(data, 1)[0].notebook.summary, strict=True))
    assert found["costs_counted"] / found["costs"] == pytest.approx(2 / 3, abs=0.02)
    assert found["costs_per_case"] == pytest.approx(found["costs_counted"] / found["closed"])
