"""Claims about computing: the past stays, luck is equal, equal choices give equal results, and the runs are the model's."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from tests.workshop.small import NOW, ROUND, after, chose, joined, plan, room, went_on

from ketensim.foundation.outcome_table import ORGANISATION_OUTCOME_NAMES, OUTCOME_NAMES, OUTCOMES
from ketensim.run.engine import simulate
from ketensim.run.kept_states import KeptStates
from ketensim.run.model import ChainModel
from ketensim.scenario import files
from ketensim.workshop.game.choices import table_steps
from ketensim.workshop.game.decisions import BROKEN, DECISIONS, calendar_changes, starting_steps
from ketensim.workshop.game.log_entries import (
    AgreementHeld,
    AgreementProposed,
    ChoiceCorrected,
    PhaseAdvanced,
    PhaseReversed,
    StepChanged,
)
from ketensim.workshop.game.plans import YEAR, scenario_from_text, starting_chain
from ketensim.workshop.game.room import By, Phase, Refused, Room, Terms, Turn
from ketensim.workshop.game.seating import teams
from ketensim.workshop.keep.rooms import Rooms
from ketensim.workshop.runs import stretches
from ketensim.workshop.runs.replay import Move, Replay, moves, people_at
from ketensim.workshop.runs.stretches import WATCHED, Stretch, burn_in, run_stretch, stretch_of
from ketensim.workshop.runs.table_runs import PartChoices, RoomRuns, course_until, with_choices
from ketensim.workshop.talk.debrief import LETTING_GO, STYLES

pytestmark = pytest.mark.jit
RUNS = 24
PLAN = plan(runs=RUNS)


def played(*per_round: dict[str, int], table: int = 0, organisation: str = "Guidance", **parts: Any) -> Room:
    """A room of one team of people (all others are cautious bots) that chose this, one round after another."""
    given = plan(**{"runs": RUNS, "bots": ("cautious",), **parts})
    one = joined(room(given), "anna", table=table, organisation=organisation)
    for steps in per_round:
        one = went_on(chose(went_on(one, 2), "anna", **steps), ROUND - 2)
    return one


def untouched(parts: int) -> list[PartChoices]:
    """The course of a table at which nobody chooses anything."""
    return [PartChoices(starting_steps(starting_chain(plan())))] * parts


@pytest.fixture(scope="module")
def free() -> Room:
    return played({"room": 4}, {"room": 4, "steering": 4}, {})


def test_a_stretch_has_the_bits_of_simulate_and_follows_the_cases_of_its_round_to_their_end():
    scenario = with_choices(starting_chain(plan()), PLAN, starting_steps(starting_chain(plan())), untouched(6))
    whole = simulate(scenario, runs=RUNS, seed=1)
    states = KeptStates()
    assert whole.weekly_values is not None and whole.organisation_values is not None
    known = [place for place, row in enumerate(OUTCOMES) if row.summary != "cohorts"]
    for part in range(4):
        stretch = stretch_of(PLAN, part)
        found = run_stretch([scenario], PLAN, stretch, states)[0]
        weeks = slice(stretch.week, stretch.end)
        np.testing.assert_array_equal(found.weekly[..., known], whole.weekly_values[:, weeks][..., known])
        np.testing.assert_array_equal(found.organisations, whole.organisation_values[:, weeks])
        if stretch.followed is not None:
            goal = whole.weekly_values[:, slice(*stretch.followed), OUTCOME_NAMES.index("goal_realisation")]
            np.testing.assert_array_equal(found.cohorts[..., 1] / found.cohorts[..., 0], goal)


def test_going_on_from_a_burn_in_or_starting_in_the_middle_changes_no_bit():
    scenario = starting_chain(plan())
    ahead, cold, late = KeptStates(), KeptStates(), KeptStates()
    burn_in(scenario, PLAN, ahead)
    one, two = (run_stretch([scenario], PLAN, stretch_of(PLAN, 0), states)[0] for states in (ahead, cold))
    np.testing.assert_array_equal(one.weekly, two.weekly)
    three, four = (run_stretch([scenario], PLAN, stretch_of(PLAN, 1), states)[0] for states in (cold, late))
    for name in ("weekly", "organisations", "cohorts", "beliefs", "in_time", "dyads", "returns"):
        np.testing.assert_array_equal(getattr(three, name), getattr(four, name))


def test_a_computation_that_breaks_off_leaves_nothing_half_done(monkeypatch):
    scenario, states, many = starting_chain(plan()), KeptStates(), plan(runs=RUNS + 10)
    first, second = (stretch_of(many, part) for part in range(2))
    run_stretch([scenario], many, first, states)
    right = run_stretch([scenario], many, second, KeptStates())[0]
    whole = stretches.replicate
    monkeypatch.setattr(stretches, "replicate", lambda *given: 1 / 0 if given[2] else whole(*given))
    with pytest.raises(ZeroDivisionError):
        run_stretch([scenario], many, second, states)
    monkeypatch.undo()
    np.testing.assert_array_equal(run_stretch([scenario], many, second, states)[0].weekly, right.weekly)


def test_what_administrators_saw_is_the_belief_of_the_mesa_model():
    scenario = starting_chain(plan())
    found = run_stretch([scenario], plan(runs=20, seed=7), Stretch(0, 13), KeptStates())[0]
    model = ChainModel(scenario, rng=7, replication=1)
    for week in range(13):
        model.step()
        np.testing.assert_array_equal(found.beliefs[1, week], model.state.organisation["belief_mean"])
        assert tuple(found.in_time[1, week]) == (model.state.chain[0].in_time, model.state.chain[0].due)
        np.testing.assert_array_equal(found.dyads[1, week, :, 0], model.state.dyad["trust_persons"])
        np.testing.assert_array_equal(found.returns[1, week], model.state.link["returned"])
    assert WATCHED >= 2


def test_later_choices_do_not_touch_the_past():
    one, two = played({"room": 4}), played({"room": 4}, {"room": 0, "steering": 0, "after_incident": 0})
    first, second = RoomRuns(one, KeptStates()), RoomRuns(two, KeptStates())
    assert first.compute(one) and second.compute(two)
    assert first.result(one, 0) == second.result(two, 0)


def test_the_chain_of_an_untouched_workshop_is_the_chain_itself():
    scenario, start = starting_chain(plan()), starting_steps(starting_chain(plan()))
    assert with_choices(scenario, PLAN, start, untouched(6)) == scenario


def test_going_back_to_where_it_started_gives_the_scenario_its_own_levers_back():
    scenario = files.load("jeugdbescherming")
    start = starting_steps(scenario)
    moved = {name: {**steps, "room": 4, "information": 3} for name, steps in start.items()}
    entries = calendar_changes(scenario, YEAR, moved, start)
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


def test_what_two_agree_on_holds_for_their_relation_until_it_is_broken_and_then_until_it_is_ended():
    scenario, start = starting_chain(plan()), starting_steps(starting_chain(plan()))
    tie, agreed = ("Intake", "Inquiry"), Terms(4, 3)
    course = [
        PartChoices(start, {tie: agreed}),
        PartChoices(start, {tie: None}),
        PartChoices(start),
        PartChoices(start),
    ]
    entries = [one.model_dump(exclude_none=True) for one in with_choices(scenario, PLAN, start, course).calendar]
    assert [(one["week"], one["organisation"], one["partner"]) for one in entries] == [
        (week, "Intake", "Inquiry") for week in (0, 26, 52)
    ]
    heights = [one["levers"] for one in entries]
    assert heights[0] == {"frame": 0.9, "trust_in_persons": 0.7, "trust_in_agreements": 0.7}
    assert set(heights[1].values()) == {BROKEN}
    weaker = {lever: min(scenario.lever_at(lever, 0, name) for name in tie) for lever in heights[2]}
    assert heights[2] == weaker, "as the one of the two does that puts in less"


def test_an_agreement_that_is_kept_does_the_relation_good_and_one_that_is_broken_does_not():
    one = joined(room(plan(runs=RUNS, tables=2)), "anna", table=0, organisation="Intake")
    one = went_on(joined(one, "bert", table=1, organisation="Intake"), 2)
    for seat in ("anna", "bert"):
        one = after(one, AgreementProposed(at=one.at, seat=seat, partner="Inquiry", frame=4, time=4))
    one = went_on(one, 2)
    one = went_on(after(one, AgreementHeld(at=one.at, seat="bert", partner="Inquiry", held=False)))
    course = RoomRuns(one, KeptStates())
    course.compute(one)
    kept, broken = (
        next(tie for tie in table.ties if (tie.one, tie.other) == ("Intake", "Inquiry"))
        for table in course.result(one, 0).tables
    )
    assert kept.before == pytest.approx(broken.before) and kept.after > broken.after


def test_tables_that_choose_the_same_have_the_same_results_and_differ_by_exactly_nothing():
    one = went_on(room(plan(runs=RUNS, bots=("cautious",))), ROUND)
    course = RoomRuns(one, KeptStates())
    course.compute(one)
    found = course.result(one, 0)
    first, second = found.tables
    assert replace(first, table=1) == second
    assert (first.against.mean, first.against.low, first.against.high) == (0.0, 0.0, 0.0)


def test_comparisons_count_what_people_chose_and_what_stand_ins_did_is_said_apart():
    """The same people with the same choices at both tables, at the second beside an organisation that nobody plays."""
    given = plan(runs=RUNS, bots=("letting_go",), rounds=[{"open": ["room"]}] * 2)
    one = joined(room(given), "anna", table=0, organisation="Guidance")
    one = joined(joined(one, "bert", table=0, organisation="Judge"), "carl", table=1, organisation="Guidance")
    one = went_on(one, 2)
    one = chose(chose(one, "anna", room=4), "carl", room=4)
    one = went_on(one, ROUND - 2)
    course = RoomRuns(one, KeptStates())
    course.compute(one)
    first, second = course.result(one, 0).tables
    assert (second.against.mean, second.cost_against.mean) == (0.0, 0.0), (
        "Judge kept, and nobody at the other table moved it"
    )
    assert first.stood_in is not None and first.stood_in.mean != 0.0


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
    found = course.result(free, 1)
    scenario = with_choices(scenario_from_text(free.scenario), PLAN, free.start, course_until(free, 0, 3))
    states = KeptStates()
    early, late = (run_stretch([scenario], PLAN, stretch_of(PLAN, part), states)[0] for part in (2, 3))
    table, cases = found.tables[0], late.cohorts.sum(axis=1)
    assert table.goal_round.mean == pytest.approx((cases[:, 1] / cases[:, 0]).mean())
    assert table.lost["realised"] == pytest.approx(100 * table.goal_round.mean)
    assert sum(table.lost.values()) == pytest.approx(100)
    costs, realised = (
        sum(half.weekly[..., OUTCOME_NAMES.index(name)].sum(axis=1) for half in (early, late))
        for name in ("costs_counted", "realised")  # as the debriefing does
    )
    assert table.cost.mean == pytest.approx((costs / realised).mean())
    assert len(table.goal.mean) == len(table.goal.middle) == 2 * YEAR
    assert sum(table.hours.values()) == pytest.approx(1)
    assert all(sum(part.hours.values()) == pytest.approx(1) for part in table.organisations)
    assert table.interventions == pytest.approx(sum(part.interventions for part in table.organisations))
    rows = np.concatenate([early.organisations, late.organisations], axis=1)[table.shown.run]
    assert table.shown.intervened == (rows[..., ORGANISATION_OUTCOME_NAMES.index("intervention")] > 0).tolist()
    first, again = course.result(free, 0), course.result(free, 1)
    shown = {part.shown.run for result in (first, again, found) for part in result.tables}
    assert len(shown) == 1, "all tables show the same citizens in all rounds"
    assert table.sight.seen[3] == pytest.approx(early.beliefs[:, 3].mean())
    in_time = early.in_time[:, 3].sum(axis=0)
    assert table.sight.there[3] == pytest.approx(in_time[0] / in_time.sum()), "the same share, as it was"
    own = next(part for part in table.organisations if part.id == "Guidance")
    assert own.returned_by in {"Provider", "Aftercare", "Judge", "Inquiry", "Intake", ""}


# --- the debriefing ------------------------------------------------------------------------------------------------
def test_an_unchanged_choice_makes_a_difference_of_exactly_nothing(free):
    replay = Replay(free)
    same = table_steps(free, 0, 1)["Guidance"]
    nothing = [
        replay.with_steps(0, 1, {"room": same["room"]}, "Guidance"),
        replay.without(Move(0, "Judge", 1, "room", 2, 2, "team")),
        replay.against_played(0, replay.chain_of(0)),
    ]
    assert all((one.mean, one.low, one.high) == (0.0, 0.0, 0.0) for both in nothing for one in (both.goal, both.cost))
    np.testing.assert_array_equal(Replay(free).played(0), replay.played(0))  # computed anew


def test_what_a_move_brought_is_the_difference_of_two_simulations(free):
    replay = Replay(free)
    [move] = [one for one in moves(free, 0) if one.decision == "steering"]
    assert (move.organisation, move.round, move.before, move.after) == ("Guidance", 1, 2, 4)
    base = scenario_from_text(free.scenario)
    with_it = base.with_changes(
        {"week": 0, "organisation": "Guidance", "levers": {"room": 0.9}},
        {"week": 52, "organisation": "Guidance", "levers": {"frame": 0.9}},
        *_of_bots(free),
    )
    without = base.with_changes({"week": 0, "organisation": "Guidance", "levers": {"room": 0.9}}, *_of_bots(free))
    goal = OUTCOME_NAMES.index("goal_realisation")
    one, two = (simulate(scenario, runs=RUNS, seed=1).summary[:, goal] for scenario in (with_it, without))
    assert replay.without(move).goal.mean == pytest.approx((one - two).mean(), abs=1e-12)


def _of_bots(one: Room) -> list[dict[str, Any]]:
    """Cautious bots in a chain that starts in the middle move the register only."""
    found = with_choices(scenario_from_text(one.scenario), PLAN, one.start, course_until(one, 0, 5)).calendar
    return [part.model_dump(exclude_none=True) for part in found if part.organisation != ("Guidance",)]


def test_a_move_lasts_until_the_team_moves_it_again():
    one = played({"room": 4}, {"room": 0}, {})
    replay, move = Replay(one), moves(one, 0)[0]
    assert (move.round, move.before, move.after) == (0, 2, 4)
    direct = replay.with_steps(0, 0, {"room": 2}, "Guidance").goal.mean
    held = -replay.without(move).goal.mean
    half = Replay(played({}, {"room": 0}, {})).played(0)[:, 0].mean() - replay.played(0)[:, 0].mean()
    assert held == pytest.approx(half, abs=1e-12)
    assert direct != pytest.approx(held, abs=1e-6), "the other reading would also undo the second move"


def test_only_people_make_moves_and_what_is_changed_in_the_middle_is_one(free):
    assert {move.by for move in moves(free, 0)} == {By.TEAM} and people_at(free, 0) == ("Guidance",)
    assert moves(free, 1) == [] and people_at(free, 1) == ()
    one = joined(room(plan(runs=RUNS)), "anna", table=0, organisation="Guidance")
    one = went_on(one, 4)
    one = went_on(after(one, StepChanged(at=one.at, seat="anna", decision="room", step=4)))
    assert moves(one, 0) == [Move(0, "Guidance", 0, "room", 2, 4, "kept", late=True)]
    replay = Replay(one)
    assert replay.without(moves(one, 0)[0]).goal == replay.without_decisions(0, ("room",)).goal


def test_another_course_changes_people_s_choices_only_and_only_what_was_open(free):
    replay = Replay(free)
    seen: list[dict[str, Any]] = []
    replay.scores = lambda scenario, **_: seen.append(scenario) or np.zeros((RUNS, 2))  # type: ignore[method-assign]
    replay.with_steps(0, 0, LETTING_GO)
    for style in STYLES.values():
        replay.against_style(0, *style)
    played_by_bots = {repr(part) for part in _of_bots(free)}
    for scenario in seen:
        others = [one.model_dump(exclude_none=True) for one in scenario.calendar if one.organisation != ("Guidance",)]
        assert {repr(one) for one in others} == played_by_bots
    narrow = joined(
        room(plan(runs=RUNS, rounds=[{"open": ["steering"]}] * 2)), "anna", table=0, organisation="Guidance"
    )
    narrow = went_on(narrow, ROUND)
    assert Replay(narrow).with_steps(0, 0, LETTING_GO).goal.nought, "nobody could have let go"


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
        if one.phase == Phase.SECOND:
            rooms.compute(made.code)
    rooms.compute_debrief(made.code)
    return rooms, made.code


def test_a_debriefing_compares_and_asks(finished):
    rooms, code = finished
    found = rooms.debrief(code)
    for table in found.tables:
        assert set(table.against_styles) == {"none", *STYLES}
        assert set(table.decisions) == {"steering", "room", "after_incident"}
        assert len(table.let_go_from) == 3 and table.agreed is None
    one, other = found.tables
    assert one.against.goal.mean == pytest.approx(-other.against.goal.mean), "with two tables the others are the other"
    assert found.questions[-1].key == "monday"
    assert 1 < len(found.questions) <= 6


def test_after_a_restart_the_same_results_come_from_the_log(tmp_path):
    file = tmp_path / "rooms.sqlite"
    rooms = Rooms(file)
    code = rooms.create(plan(runs=RUNS), "nl", at=NOW).code
    heard = []
    rooms.listen(lambda which, now: heard.append((which, now.version)))
    for _ in range(ROUND):
        rooms.act(code, rounds_on(rooms.find(code)))
    assert rooms.result(code, 0) is None
    rooms.compute(code)
    assert heard[-1] == (code, ROUND + 1), "listeners hear that results are ready"
    before = rooms.result(code, 0)
    rooms.close()
    again = Rooms(file)
    assert again.result(code, 0) is None
    again.compute(code)
    assert again.result(code, 0) == before
    again.close()


def test_a_round_leaves_one_state_per_run_and_course_beside_the_burn_in_that_all_tables_share(free):
    """A course per table, and one more where stand-ins are told apart from people."""
    states, courses = KeptStates(), 2 * 2
    course = RoomRuns(free, states)
    course.run_burn_in()
    assert sum(map(len, states._by_past.values())) == RUNS
    course.compute(free)
    assert sum(map(len, states._by_past.values())) == (1 + courses) * RUNS
    course.let_go()
    assert sum(map(len, states._by_past.values())) == RUNS, "of a room that was deleted nothing else stays"


def test_nothing_computed_stays_of_a_room_that_was_deleted_meanwhile(monkeypatch):
    rooms = Rooms()
    code = rooms.create(plan(runs=20), "nl", at=NOW).code
    for _ in range(ROUND + 1):
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
