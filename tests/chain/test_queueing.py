"""Limits with known answers: with everything human switched off by numbers, a chain is a queue from the books.

Means come from replications; a mean may lie four standard errors from the exact value (once in some 15 000 tests).
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from tests.chain.stripped import HOURS, STANDARD_ERRORS, agrees, queue, weekly, worker
from tests.conftest import Run, scenario_of

pytestmark = pytest.mark.jit


# --- known queues, numerically -------------------------------------------------------------------------------------
def poisson_chances(mean: float, size: int) -> np.ndarray:
    chances = np.exp(-mean) * np.cumprod(np.concatenate([[1.0], mean / np.arange(1, size)]))
    return chances / chances.sum()


def mean_of_slotted_queue(added: np.ndarray, served: int, size: int = 600) -> tuple[float, float]:
    """Mean and variance of N' = max(N + A - served, 0) in the long run, by its transition matrix."""
    chances = np.zeros((size, size))
    for now in range(size):
        after = np.clip(now + np.arange(len(added)) - served, 0, size - 1)
        np.add.at(chances[now], after, added)
    equations = chances.T - np.eye(size)
    equations[-1] = 1.0  # one of the balances follows from the others; instead the chances add up to 1
    stationary = np.linalg.solve(equations, np.append(np.zeros(size - 1), 1.0))
    values = np.arange(size)
    mean = float(stationary @ values)
    return mean, float(stationary @ values**2 - mean**2)


def test_the_numerical_queue_gives_the_closed_form_for_one_case_a_week():
    mean, _ = mean_of_slotted_queue(poisson_chances(0.7, 60), served=1)
    assert mean == pytest.approx(0.7**2 / (2 * (1 - 0.7)), rel=1e-9)


@pytest.mark.parametrize(("arrivals", "hours"), [(5.1, 6.0), (2.4, 12.0), (0.7, 36.0)])
def test_cases_that_wait_at_the_end_of_the_week_are_the_slotted_queue_with_fixed_effort(arrivals: float, hours: float):
    found = weekly(queue(arrivals, hours), 60)
    exact, variance = mean_of_slotted_queue(poisson_chances(arrivals, 60), served=round(HOURS / hours))
    agrees([run.waiting.mean() for run in found], exact)
    agrees([(run.waiting**2).mean() for run in found], variance + exact**2, within=0.1)
    assert all((run.present == run.waiting).all() for run in found)


def test_work_in_line_is_the_slotted_workload_when_a_week_does_not_hold_whole_cases():
    """Cases of 5 hours in weeks of 36: what is begun in one week is finished in the next."""
    arrivals, hours = 6.0, 5
    added = np.zeros(60 * hours)
    added[::hours] = poisson_chances(arrivals, 60)
    exact, _ = mean_of_slotted_queue(added, served=int(HOURS), size=900)
    agrees([run.weeks_of_work.mean() * HOURS for run in weekly(queue(arrivals, hours), 60)], exact)


@pytest.mark.parametrize(("variation", "second_moment"), [(1.0, 2.0), (0.5, 1.25), (0.0, 1.0)])
def test_mean_workload_is_that_of_pollaczek_and_khinchine(variation: float, second_moment: float):
    """A case takes 5 weeks on average. In weeks: V' = max(V + X - 1, 0) with X the work that arrives, idle I.

    Squaring both sides in the long run: E V + E I^2 / (2 (1 - rho)) = PK + (1 - rho) / 2, with PK = lambda E S^2 / (2 (1 -
    rho)); and since 0 <= I <= 1 the mean itself lies between PK - rho / 2 and PK.
    """
    load, weeks_of_work = 0.5, 5.0
    data = queue(load / weeks_of_work, weeks_of_work * HOURS, parameters={"effort_variation": variation})
    found = weekly(data, 150)
    known = load / weeks_of_work * second_moment * weeks_of_work**2 / (2 * (1 - load))
    workload = np.array([run.weeks_of_work.mean() for run in found])
    idle = [(run.hours_idle / HOURS) for run in found]
    corrected = workload + np.array([(one**2).mean() for one in idle]) / (2 * (1 - load))
    agrees(corrected, known + (1 - load) / 2)
    error = STANDARD_ERRORS * workload.std() / np.sqrt(len(workload))
    assert known - load / 2 - error < workload.mean() < known + error
    agrees([one.mean() for one in idle], 1 - load)


def test_the_order_of_service_does_not_change_the_work_in_line():
    plain, urgent = queue(4.0, 7.5), queue(4.0, 7.5, kind={"urgent": 0.5})
    for data in (plain, urgent):
        data["parameters"]["effort_variation"] = 0.6
    for one, other in zip(weekly(plain, 3), weekly(urgent, 3), strict=True):
        np.testing.assert_allclose(one.weeks_of_work, other.weeks_of_work, rtol=1e-9, atol=1e-9)
        assert (one.waiting != other.waiting).any()


# --- Little's law --------------------------------------------------------------------------------------------------
def chain_with_returns() -> dict[str, Any]:
    arrivals = 3.0
    data = queue(arrivals, 6.0, parameters={"mismatch_standard": 0.3, "effort_variation": 0.6})
    data["organisations"] = [worker("A", hours_per_case=6), worker("B", hours_per_case=8, stay=3, places=40)]
    return data | {"links": [{"from": "A", "to": "B", "share": 0.8}], "levers": {"frame": 0.2}}


def lead_times_of_the_week(run: Run, before: np.ndarray) -> list[int]:
    """Of the cases that left the chain in the week that was just run, from the open cases per week of arrival."""
    now = run.state.open_by_arrival.sum(axis=0)
    week = run.week - 1
    were = before.copy()
    were[week] = run.state.chain[0].arrived
    return [week - arrival for arrival in np.flatnonzero(were - now) for _ in range(were[arrival] - now[arrival])]


def watched(scenario: Any, replication: int) -> tuple[Run, list[int], list[list[int]]]:
    """A run with the open cases and the lead times of each reported week."""
    run = Run(scenario, seed=5, replication=replication).to(scenario.burn_in)
    opened, lead_times = [], []
    for week in range(scenario.burn_in + 1, run.weeks + 1):
        before = run.state.open_by_arrival.sum(axis=0)
        run.to(week)
        opened.append(int(run.state.chain[0].open))
        lead_times.append(lead_times_of_the_week(run, before))
    return run, opened, lead_times


def test_mean_number_of_open_cases_is_the_arrival_rate_times_the_mean_lead_time():
    scenario = scenario_of(chain_with_returns() | {"weeks": 400, "burn_in": 100})
    mean_open, difference = [], []
    for replication in range(25):
        _, opened, lead_times = watched(scenario, replication)
        mean_open.append(np.mean(opened))
        difference.append(mean_open[-1] - 3.0 * np.mean([weeks for listed in lead_times for weeks in listed]))
    error = np.std(difference, ddof=1) / np.sqrt(len(difference))
    assert np.mean(mean_open) > 5
    assert error < 0.02 * np.mean(mean_open)
    assert abs(np.mean(difference)) < STANDARD_ERRORS * error


def test_lead_times_that_are_written_down_are_those_of_the_cases_that_left():
    run, opened, lead_times = watched(scenario_of(chain_with_returns()), 0)
    written = run.notebook.weekly
    np.testing.assert_array_equal(written.open, opened)
    np.testing.assert_array_equal(written.closed, [len(listed) for listed in lead_times])
    for share, name in ((0.5, "lead_time_median"), (0.9, "lead_time_p90")):
        exact = [np.quantile(listed, share, method="inverted_cdf") if listed else np.nan for listed in lead_times]
        np.testing.assert_array_equal(written[name], exact)


@pytest.mark.parametrize("stay", [1, 7])
def test_mean_occupancy_of_stays_is_the_arrival_rate_times_the_stay(stay: int):
    """With hours to spare the number present at the end of a week is a Poisson number with that mean."""
    data = queue(4.0, 1.0)
    data["organisations"] = [worker("A", hours_per_case=1, fte=10, stay=stay)]
    found = weekly(data, 40)
    agrees([run.present.mean() for run in found], 4.0 * stay)
    agrees([run.present.var() for run in found], 4.0 * stay)


# --- hand-overs ----------------------------------------------------------------------------------------------------
def hand_overs(frame: float, trust: float, **parameters: float) -> dict[str, Any]:
    """Many cases from A to B with hours to spare; frame and trust stand still."""
    still = {"trust_persons_start": trust, "trust_agreements_start": trust, **parameters}
    data = queue(100.0, 1.0, weeks=60, burn_in=10, parameters=still)
    data["organisations"] = [worker("A", fte=50, hours_per_case=1), worker("B", fte=50, hours_per_case=1)]
    return data | {"links": [{"from": "A", "to": "B", "share": 1.0}], "levers": {"frame": frame}}


def share_of_offers(data: dict[str, Any], what: str) -> list[float]:
    """Part of the hand-overs that A tries that is refused or returned, per replication."""
    found = []
    for run in weekly(data, 30):
        row = {name: run[name][:, 0].sum() for name in ("handed_over", "returned", "refused")}
        found.append(row[what] / sum(row.values()))
    return found


def test_with_full_agreements_everything_fits():
    data = hand_overs(frame=1.0, trust=0.0, mismatch_standard=1.0)
    assert not any(share_of_offers(data, "returned"))
    assert not any(share_of_offers(data, "refused"))


@pytest.mark.parametrize("trust", [0.0, 0.4, 1.0])
def test_without_agreements_the_share_of_misfits_is_what_trust_leaves(trust: float):
    data = hand_overs(frame=0.0, trust=trust, mismatch_standard=0.3, mismatch_trust=0.8)
    agrees(share_of_offers(data, "returned"), 0.3 * (1 - 0.8 * trust))


@pytest.mark.parametrize(("frame", "trust"), [(1.0, 0.0), (1.0, 0.5), (0.0, 0.0), (0.5, 0.3)])
def test_the_share_of_returns_is_misfits_and_what_checking_finds(frame: float, trust: float):
    wrong, misfit, check, find, alert = 0.3, 0.2, 0.9, 0.8, 0.6
    parameters = {"quality_standard": 1 - wrong, "mismatch_standard": misfit, "check_most": check, "check_find": find}
    parameters |= {"check_vigilance": alert, "quality_standard_loose": 0.0}
    data = hand_overs(frame, trust, mismatch_trust=0.5, frame_build=0.0, **parameters)
    unfit = misfit * (1 - frame) * (1 - 0.5 * trust)
    checked = check * (1 - trust) / (1 - alert * trust)
    agrees(share_of_offers(data, "returned"), unfit + (1 - unfit) * wrong * checked * find)


@pytest.mark.parametrize("trust", [0.0, 1.0])
def test_trust_lets_defects_pass_and_checking_stops_them(trust: float):
    """Right in the end = right at B and not wrong at A among those that passed."""
    wrong, check, find = 0.3, 0.9, 0.8
    data = hand_overs(1.0, trust, quality_standard=1 - wrong, check_most=check, check_find=find)
    found = check * (1 - trust) * find
    passed_wrong = wrong * (1 - found) / (1 - wrong * found)
    right = [run.goal_realisation_closed[:, 1].mean() for run in weekly(data, 30)]
    agrees(right, (1 - passed_wrong) * (1 - wrong))


def test_with_urgency_that_nobody_shares_the_share_of_refusals_is_the_most():
    urgent = {"type": "incident", "week": -10, "weeks": 70, "size": 1.0, "label": {"nl": "x", "en": "x"}}
    data = hand_overs(1.0, 0.5, refusal_most=0.4, urgency_fatigue=0.0, urgency_programme_share=0.0)
    data = data | {"events": [urgent], "levers": {"frame": 1.0, "shared_urgency": 0.0}}
    agrees(share_of_offers(data, "refused"), 0.4)
    data["levers"]["shared_urgency"] = 1.0
    assert not any(share_of_offers(data, "refused"))
