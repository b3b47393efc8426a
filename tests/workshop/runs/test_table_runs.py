"""Claims about computing: the past stays, luck is equal, equal choices give equal results, and the runs are the model's."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from tests.workshop.small import NOW, after, chose, joined, plan, room, went_on

from ketensim.foundation.outcome_table import ORGANISATION_OUTCOME_NAMES, OUTCOME_NAMES, OUTCOMES
from ketensim.run.engine import simulate
from ketensim.run.kept_states import KeptStates
from ketensim.run.model import ChainModel
from ketensim.scenario import files
from ketensim.workshop.game.choices import table_steps
from ketensim.workshop.game.decisions import DECISIONS, calendar_changes, starting_steps
from ketensim.workshop.game.log_entries import ChoiceCorrected, PhaseAdvanced, PhaseReversed
from ketensim.workshop.game.plans import WEEKS_PER_ROUND, longest_norm_of, scenario_from_text, starting_chain
from ketensim.workshop.game.room import By, Phase, Refused, Room, Turn
from ketensim.workshop.game.seating import teams
from ketensim.workshop.keep.rooms import Rooms
from ketensim.workshop.runs import half_years as stretches
from ketensim.workshop.runs.half_years import WATCHED, burn_in, half_years
from ketensim.workshop.runs.replay import POLICIES, Move, Replay, moves
from ketensim.workshop.runs.round_results import goal_of_runs
from ketensim.workshop.runs.table_runs import RoomRuns, steps_until, with_choices

pytestmark = pytest.mark.jit
RUNS = 24
PLAN = plan(runs=RUNS)


def played(*per_round: dict[str, int], table: int = 0, organisation: str = "Guidance", **parts: Any) -> Room:
    """A room of one team of people (all others are cautious bots) that chose this, one round after another."""
    given = plan(**{"runs": RUNS, "bots": ("cautious",), **parts})
    one = joined(room(given), "anna", table=table, organisation=organisation)
    for steps in per_round:
        one = went_on(chose(went_on(one, 2), "anna", **steps), 2)
    return one


@pytest.fixture(scope="module")
def free() -> Room:
    return played({"room": 4}, {"room": 4, "steering": 4}, {})


def test_a_half_year_has_the_bits_of_simulate():
    scenario = with_choices(
        starting_chain(plan()),
        starting_steps(starting_chain(plan())),
        [dict(starting_steps(starting_chain(plan())), **{})] * 3,
    )
    whole = simulate(scenario, runs=RUNS, seed=1)
    states = KeptStates()
    assert whole.weekly_values is not None and whole.organisation_values is not None
    for number in range(3):
        found = half_years([scenario], PLAN, WEEKS_PER_ROUND * number, states)[0]
        weeks = slice(WEEKS_PER_ROUND * number, WEEKS_PER_ROUND * (number + 1))
        known = [place for place, row in enumerate(OUTCOMES) if row.summary != "cohorts"]
        np.testing.assert_array_equal(found.weekly[..., known], whole.weekly_values[:, weeks][..., known])
        np.testing.assert_array_equal(found.organisations, whole.organisation_values[:, weeks])
        first = WEEKS_PER_ROUND * number - longest_norm_of(scenario)
        goal = whole.weekly_values[:, max(0, first) : first + WEEKS_PER_ROUND, OUTCOME_NAMES.index("goal_realisation")]
        own = (found.cohorts[..., 1] / found.cohorts[..., 0])[:, max(0, -first) :]
        np.testing.assert_array_equal(own, goal)


def test_going_on_from_a_burn_in_or_starting_in_the_middle_changes_no_bit():
    scenario = starting_chain(plan())
    ahead, cold, late = KeptStates(), KeptStates(), KeptStates()
    burn_in(scenario, PLAN, ahead)
    one, two = (half_years([scenario], PLAN, 0, states)[0] for states in (ahead, cold))
    np.testing.assert_array_equal(one.weekly, two.weekly)
    three, four = (half_years([scenario], PLAN, WEEKS_PER_ROUND, states)[0] for states in (cold, late))
    for name in ("weekly", "organisations", "cohorts", "beliefs"):
        np.testing.assert_array_equal(getattr(three, name), getattr(four, name))


def test_a_computation_that_breaks_off_leaves_nothing_half_done(monkeypatch):
    scenario, states, many = starting_chain(plan()), KeptStates(), plan(runs=RUNS + 10)
    half_years([scenario], many, 0, states)
    right = half_years([scenario], many, WEEKS_PER_ROUND, KeptStates())[0]
    whole = stretches.replicate
    monkeypatch.setattr(stretches, "replicate", lambda *given: 1 / 0 if given[2] else whole(*given))
    with pytest.raises(ZeroDivisionError):
        half_years([scenario], many, WEEKS_PER_ROUND, states)
    monkeypatch.undo()
    np.testing.assert_array_equal(half_years([scenario], many, WEEKS_PER_ROUND, states)[0].weekly, right.weekly)


def test_what_administrators_saw_is_the_belief_of_the_mesa_model():
    scenario = starting_chain(plan())
    found = half_years([scenario], plan(runs=20, seed=7), 0, KeptStates())[0]
    model = ChainModel(scenario, rng=7, replication=1)
    for week in range(WEEKS_PER_ROUND):
        model.step()
        np.testing.assert_array_equal(found.beliefs[1, week], model.state.organisation["belief_mean"])
    assert WATCHED >= 2


def test_later_choices_do_not_touch_the_past():
    one, two = played({"room": 4}), played({"room": 4}, {"room": 0, "steering": 0, "after_incident": 0})
    first, second = RoomRuns(one, KeptStates()), RoomRuns(two, KeptStates())
    assert first.compute(one) and second.compute(two)
    assert first.result(one, 0) == second.result(two, 0)


def test_the_chain_of_an_untouched_workshop_is_the_chain_itself():
    scenario, start = starting_chain(plan()), starting_steps(starting_chain(plan()))
    assert with_choices(scenario, start, [start, start, start]) == scenario


def test_going_back_to_where_it_started_gives_the_scenario_its_own_levers_back():
    scenario = files.load("jeugdbescherming")
    start = starting_steps(scenario)
    moved = {name: {**steps, "room": 4, "information": 3} for name, steps in start.items()}
    entries = calendar_changes(scenario, WEEKS_PER_ROUND, moved, start)
    assert {entry["organisation"] for entry in entries} == set(start)
    for entry in entries:
        assert entry["levers"]["room"] == scenario.lever("room", entry["organisation"])
        assert entry["levers"]["information_balance"] == scenario.lever("information_balance", entry["organisation"])


def test_every_step_reaches_the_calendar_as_its_lever_or_as_restraint():
    scenario, start = starting_chain(plan()), starting_steps(starting_chain(plan()))
    for name, decision in DECISIONS.items():
        step = len(decision.steps) - 1
        now = {**start, "Judge": {**start["Judge"], name: step}}
        [entry] = calendar_changes(scenario, 26, start, now)
        assert (entry["organisation"], entry["week"]) == ("Judge", 26)
        if decision.levers:
            assert entry["levers"] == dict.fromkeys(decision.levers, decision.values[step])
            assert "restraint" not in entry
        else:
            assert entry["restraint"] == decision.values[step]


def test_tables_that_choose_the_same_have_the_same_results_and_differ_by_exactly_nothing():
    one = went_on(room(plan(runs=RUNS, bots=("cautious",))), 4)
    course = RoomRuns(one, KeptStates())
    course.compute(one)
    found = course.result(one, 0)
    first, second = found.tables
    assert replace(first, table=1) == second
    assert (first.against.mean, first.against.low, first.against.high) == (0.0, 0.0, 0.0)


def test_a_result_is_of_the_choices_that_the_room_holds(free):
    one = played({"room": 4})
    course = RoomRuns(one, KeptStates())
    course.compute(one)
    before = course.result(one, 0)
    back = after(
        one, PhaseReversed(at=0), ChoiceCorrected(at=0, table=0, organisation="Provider", steps={"steering": 0})
    )
    assert course.result(back, 0) is None
    course.compute(back)
    assert course.result(back, 0) != before
    assert course.result(one, 0) is None
    course.compute(one)
    assert course.result(one, 0) == before


def test_states_that_were_let_go_are_computed_again_with_the_same_bits(free):
    kept, dropped = RoomRuns(free, KeptStates()), RoomRuns(free, KeptStates(most_bytes=0))
    kept.compute(free)
    dropped.compute(free)
    assert [kept.result(free, number) for number in range(3)] == [dropped.result(free, number) for number in range(3)]


def test_a_result_says_what_it_was_counted_from(free):
    course = RoomRuns(free, KeptStates())
    course.compute(free)
    found = course.result(free, 2)
    scenario = with_choices(scenario_from_text(free.scenario), free.start, steps_until(free, 0, 2))
    half_year = half_years([scenario], PLAN, 2 * WEEKS_PER_ROUND, KeptStates())[0]
    table = found.tables[0]
    assert table.goal_round.mean == pytest.approx(goal_of_runs(half_year).mean())
    assert len(table.goal.mean) == len(table.goal.middle) == 3 * WEEKS_PER_ROUND
    assert sum(table.hours.values()) == pytest.approx(1)
    assert all(sum(part.hours.values()) == pytest.approx(1) for part in table.organisations)
    assert table.interventions == pytest.approx(sum(part.interventions for part in table.organisations))
    interventions = half_year.organisations[table.shown.run, :, :, ORGANISATION_OUTCOME_NAMES.index("intervention")]
    assert table.shown.intervened == (interventions > 0).tolist()
    first, again = course.result(free, 0), course.result(free, 1)
    shown = {part.shown.run for result in (first, again, found) for part in result.tables}
    assert len(shown) == 1, "all tables show the same citizens in all rounds"
    assert table.sight.seen[3] == pytest.approx(half_year.beliefs[:, 3].mean())


# --- the debriefing ------------------------------------------------------------------------------------------------
def test_an_unchanged_choice_makes_a_difference_of_exactly_nothing(free):
    replay = Replay(free)
    same = table_steps(free, 0, 1)["Guidance"]
    assert replay.with_steps(0, 1, {"room": same["room"]}, "Guidance").mean == 0.0
    zero = replay.without(Move(0, "Judge", 1, "room", 2, 2, "team"))
    assert (zero.mean, zero.low, zero.high) == (0.0, 0.0, 0.0)
    assert replay.against_played(0, replay.chain_of(0)).mean == 0.0
    np.testing.assert_array_equal(Replay(free).played(0), replay.played(0))  # computed anew


def test_what_a_move_brought_is_the_difference_of_two_simulations(free):
    replay = Replay(free)
    [move] = [one for one in moves(free, 0) if one.decision == "steering"]
    assert (move.organisation, move.round, move.before, move.after) == ("Guidance", 1, 2, 4)
    base = scenario_from_text(free.scenario)
    with_it = base.with_changes(
        {"week": 0, "organisation": "Guidance", "levers": {"room": 0.9}},
        {"week": 26, "organisation": "Guidance", "levers": {"frame": 0.9}},
        *_of_bots(free),
    )
    without = base.with_changes({"week": 0, "organisation": "Guidance", "levers": {"room": 0.9}}, *_of_bots(free))
    goal = OUTCOME_NAMES.index("goal_realisation")
    one, two = (simulate(scenario, runs=RUNS, seed=1).summary[:, goal] for scenario in (with_it, without))
    assert replay.without(move).mean == pytest.approx((one - two).mean(), abs=1e-12)


def _of_bots(one: Room) -> list[dict[str, Any]]:
    """Cautious bots in a chain that starts in the middle move the register only."""
    found = with_choices(scenario_from_text(one.scenario), one.start, steps_until(one, 0, 2)).calendar
    return [part.model_dump(exclude_none=True) for part in found if part.organisation != ("Guidance",)]


def test_a_move_lasts_until_the_team_moves_it_again():
    one = played({"room": 4}, {"room": 0}, {})
    replay, move = Replay(one), moves(one, 0)[0]
    assert (move.round, move.before, move.after) == (0, 2, 4)
    direct = replay.with_steps(0, 0, {"room": 2}, "Guidance").mean
    held = -replay.without(move).mean
    half = Replay(played({}, {"room": 0}, {})).played(0).mean() - replay.played(0).mean()
    assert held == pytest.approx(half, abs=1e-12)
    assert direct != pytest.approx(held, abs=1e-6), "the other reading would also undo the second move"


def test_bots_make_no_moves_where_people_play_and_all_of_them_in_a_rehearsal(free):
    assert {move.by for move in moves(free, 0)} == {By.TEAM}
    assert moves(free, 1) == []
    rehearsal = went_on(room(plan(runs=RUNS)), 12)
    assert {move.by for move in moves(rehearsal, 0)} == {By.BOT}


def test_policies_in_the_debriefing_are_those_of_the_model(free):
    replay = Replay(free)
    assert replay.under_policy("none") == scenario_from_text(free.scenario)
    for name in POLICIES:
        assert replay.under_policy(name).policy == name
    assert replay.under_policy("firm_then_let_go").parameter("policy_switch_week") == 39


@pytest.fixture(scope="module")
def finished() -> tuple[Rooms, str]:
    """A whole workshop through the hub: two tables, three people, the rest bots."""
    rooms = Rooms()
    given = plan(runs=RUNS, rounds=[{"open": ["steering", "room", "after_incident"]}] * 3)
    made = rooms.create(given, "nl", at=NOW)
    rooms.compute(made.code)  # the burn-in ahead
    for number in range(3):
        seat = rooms.join(made.code, at=NOW, table=number % 2, organisation="Judge")
    one = rooms.find(made.code)
    while one.phase != Phase.DEBRIEF:
        one = went_on(one)
        rooms._rooms[made.code] = one
        if one.phase == Phase.DECIDE:
            rooms._rooms[made.code] = one = chose(one, seat.id, room=one.round, final=True)
        if one.phase == Phase.RUN:
            rooms.compute(made.code)
    rooms.compute_debrief(made.code)
    return rooms, made.code


def test_a_debriefing_compares_and_asks(finished):
    rooms, code = finished
    found = rooms.debrief(code)
    for table in found.tables:
        assert set(table.against_policies) == {"none", *POLICIES}
        assert set(table.decisions) == {"steering", "room", "after_incident"}
        assert len(table.let_go_from) == 3
        assert table.goal.mean - found.policies["none"].mean == pytest.approx(table.against_policies["none"].mean)
    assert found.questions[-1].key == "monday"
    assert 1 < len(found.questions) <= 6


def test_after_a_restart_the_same_results_come_from_the_log(tmp_path):
    file = tmp_path / "rooms.sqlite"
    rooms = Rooms(file)
    code = rooms.create(plan(runs=RUNS), "nl", at=NOW).code
    heard = []
    rooms.listen(lambda which, now: heard.append((which, now.version)))
    for _ in range(4):
        rooms.act(code, rounds_on(rooms.find(code)))
    assert rooms.result(code, 0) is None
    rooms.compute(code)
    assert heard[-1] == (code, 5), "listeners hear that results are ready"
    before = rooms.result(code, 0)
    rooms.close()
    again = Rooms(file)
    assert again.result(code, 0) is None
    again.compute(code)
    assert again.result(code, 0) == before
    again.close()


def test_a_round_leaves_one_state_per_run_and_table_beside_the_burn_in_that_all_tables_share(free):
    states, tables = KeptStates(), 2
    course = RoomRuns(free, states)
    course.run_burn_in()
    after_burn_in = states.bytes
    course.compute(free)
    assert free.plan.tables == tables
    assert after_burn_in < states.bytes < (1 + tables) * 1.5 * after_burn_in


def test_nothing_computed_stays_of_a_room_that_was_deleted_meanwhile(monkeypatch):
    rooms = Rooms()
    code = rooms.create(plan(runs=20), "nl", at=NOW).code
    for _ in range(5):
        rooms.act(code, rounds_on(rooms.find(code)))
    monkeypatch.setattr("ketensim.workshop.keep.rooms.debriefing", lambda *_: rooms.delete(code))
    with pytest.raises(Refused):
        rooms.compute_debrief(code)
    assert (rooms._rooms, rooms._runs, rooms._debriefs) == ({}, {}, {})


def rounds_on(one: Room) -> PhaseAdvanced:
    return PhaseAdvanced(at=one.at, phase=one.phase, round=one.round)


def test_no_choice_of_a_turn_is_missing_when_a_round_has_run(finished):
    rooms, code = finished
    one = rooms.find(code)
    expected = {Turn(number, *team) for number in range(3) for team in teams(one)}
    assert set(one.choices) == expected
