"""Luck tied to identity: other levers, the same citizens, elections and departures."""

from __future__ import annotations

import numpy as np
import pytest
from tests.conftest import Run, scenario_of, small

import ketensim as ks

OTHER = {"room": 0.95, "frame": 0.1, "trust_in_persons": 1.0, "information_balance": 0.0, "binding_selection": 0.9}
TRAITS = ("type", "arrival", "hard", "urgent")


@pytest.fixture(scope="module")
def worlds() -> tuple[ks.Scenario, ks.Scenario]:
    data = small(weeks=80)
    data["principals"] = [{"id": "council", "label": {"nl": "raad", "en": "council"}, "elections": [20, 60]}]
    data["organisations"][0]["principal"] = "council"
    base = scenario_of(data).with_parameters(administrator_exit=1.0, manager_tenure=0.5)
    return base, base.with_levers(**OTHER)


def histories(scenario: ks.Scenario) -> dict[str, np.ndarray]:
    run = Run(scenario, seed=4)
    rows: dict[str, list] = {"arrived": [], "administrators": [], "managers": [], "luck": [], "staff": [], "left": []}
    people: dict[int, tuple] = {}
    for week in range(run.weeks):
        run.to(week + 1)
        organisations = run.state.organisation
        rows["arrived"].append(run.state.cohort[:, week, 0].sum())
        rows["administrators"].append(organisations["new_administrator"].copy())
        rows["managers"].append(organisations["new_manager"].copy())
        rows["luck"].append(np.asarray(run.state.luck).view("f8").copy())
        rows["staff"].append(organisations["staff"].copy())
        rows["left"].append(organisations["staff_left"].copy())
        for case in run.state.case:
            if case.arrival == week and case.step == 0:
                people[int(case.number)] = tuple(int(case[name]) for name in TRAITS)
    history = {name: np.array(values) for name, values in rows.items()}
    history["people"] = np.array(sorted((number, *traits) for number, traits in people.items()))
    return history


@pytest.mark.jit
def test_with_other_levers_the_same_citizens_come_with_the_same_cases(worlds):
    one, other = histories(worlds[0]), histories(worlds[1])
    np.testing.assert_array_equal(one["arrived"], other["arrived"])
    both = set(map(tuple, one["people"])) & set(map(tuple, other["people"]))
    numbers = set(one["people"][:, 0]) & set(other["people"][:, 0])
    assert len(both) == len(numbers) > 100


@pytest.mark.jit
def test_with_other_levers_the_same_administrators_and_managers_leave_in_the_same_week(worlds):
    one, other = histories(worlds[0]), histories(worlds[1])
    assert one["administrators"].sum() > 0
    assert one["managers"].sum() > 0
    np.testing.assert_array_equal(one["administrators"], other["administrators"])
    np.testing.assert_array_equal(one["managers"], other["managers"])


@pytest.mark.jit
def test_where_a_hazard_depends_on_the_state_the_same_draw_meets_another_hazard():
    """More work on the same people: the draws are equal, and whoever left in calm leaves under load too."""
    data = small(weeks=120)
    data["organisations"][0]["fte"] = data["organisations"][1]["fte"] = 30
    calm = scenario_of(data)
    data["case_types"][0]["arrivals"] = 90.0
    loaded = scenario_of(data)
    one, other = histories(calm), histories(loaded)
    np.testing.assert_array_equal(one["luck"], other["luck"])
    same_staff = one["staff"] + one["left"] == other["staff"] + other["left"]
    assert (other["left"][same_staff] >= one["left"][same_staff]).all()
    assert other["left"].sum() > one["left"].sum()


@pytest.mark.jit
def test_a_case_takes_the_same_way_through_the_chain_however_often_it_comes_back():
    """The route belongs to the step, not to the visit, so that returns do not change where a citizen goes."""
    calm = scenario_of(small(weeks=60))
    messy = calm.with_parameters(mismatch_standard=0.9, mismatch_hard=0.9).with_levers(frame=0.0)
    links: list[dict[tuple[int, int], int]] = []
    for scenario in (calm, messy):
        run, seen = Run(scenario, seed=2), {}
        for week in range(run.weeks):
            run.to(week + 1)
            case = np.asarray(run.state.case)[open_slots(run)]
            seen |= dict(
                zip(
                    zip(case["number"].tolist(), case["step"].tolist(), strict=True), case["link"].tolist(), strict=True
                )
            )
        links.append(seen)
    shared = links[0].keys() & links[1].keys()
    assert len(shared) > 50
    assert all(links[0][key] == links[1][key] for key in shared)


def open_slots(run: Run) -> list[int]:
    """Slots of the case table that hold an open case (free slots are chained from the first free one)."""
    following = np.asarray(run.state.case)["next"].tolist()
    free, slot = set(), int(run.state.chain[0].free)
    while slot < len(following):
        free.add(slot)
        slot = following[slot]
    return [slot for slot in range(len(following)) if slot not in free]


@pytest.mark.jit
def test_an_arrival_wave_adds_citizens_and_changes_none():
    calm = scenario_of(small(weeks=40))
    wave = {"type": "arrival_wave", "week": 5, "size": 1.0, "weeks": 10, "label": {"nl": "golf", "en": "wave"}}
    one, other = histories(calm), histories(calm.with_events(wave))
    assert (other["arrived"] >= one["arrived"]).all()
    assert other["arrived"].sum() > one["arrived"].sum()
    before = {int(row[0]): tuple(row) for row in one["people"]}
    after = {int(row[0]): tuple(row) for row in other["people"]}
    shared = before.keys() & after.keys()
    assert all(before[number] == after[number] for number in shared)
