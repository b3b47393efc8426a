"""Claims about the rounds: who may do what, when."""

from __future__ import annotations

from dataclasses import replace

import pytest
from tests.workshop.small import after, chose, joined, plan, predicted, room, went_on

from ketensim.texts import languages, t
from ketensim.workshop.game import rounds
from ketensim.workshop.game.agreements import agreement_of, relations_in
from ketensim.workshop.game.choices import SECONDS_TO_OBJECT, table_steps, team_choice
from ketensim.workshop.game.log_entries import (
    AgreementAnswered,
    AgreementHeld,
    AgreementProposed,
    ChoiceCorrected,
    ChoiceMade,
    ChoiceReopened,
    ClockPaused,
    ClockResumed,
    DoorSet,
    MessageSet,
    NicknameSet,
    PhaseAdvanced,
    PhaseReversed,
    PredictionMade,
    RoomClosed,
    SeatAdmitted,
    SeatMoved,
    SeatRemoved,
    SeatsRemoved,
    StepChanged,
    TimeAdded,
    TimePassed,
)
from ketensim.workshop.game.room import Agreement, By, Phase, Refused, Role, Room, Team, Terms, Tie
from ketensim.workshop.game.rounds import HALVES
from ketensim.workshop.game.seating import active_seats, seats_of, teams, waiting_seats
from ketensim.workshop.web.agreement_facts import partner_facts
from ketensim.workshop.web.room_facts import organisation_names

INTAKE = Team(0, "Intake")


def refused(one: Room, event) -> str:
    with pytest.raises(Refused) as caught:
        rounds.room_after(one, event)
    for language in languages():
        assert t(caught.value.key, language, **caught.value.facts)
    return caught.value.key.removeprefix("workshop.refused.")


def deciding(**wishes) -> Room:
    """A room in the first decide phase with one seat for Intake at the first table."""
    return went_on(joined(room(), "anna", table=0, organisation="Intake", **wishes), 2)


def test_a_workshop_goes_through_its_phases_and_ends():
    one, seen = room(), [(Phase.LOBBY, 0)]
    while one.phase != Phase.CLOSED:
        one = went_on(one)
        seen.append((one.phase, one.round))
    assert seen == [
        (Phase.LOBBY, 0),
        *((phase, number) for number in range(3) for phase in ("predict", "decide", *HALVES, "reveal")),
        (Phase.DEBRIEF, 2),
        (Phase.CLOSED, 2),
    ]
    assert refused(one, PhaseAdvanced(at=one.at)) == "closed"


def test_back_is_the_way_forth_reversed():
    one, states = room(), []
    while one.phase != Phase.DEBRIEF:
        states.append((one.phase, one.round))
        one = went_on(one)
    for state in reversed(states):
        one = rounds.room_after(one, PhaseReversed(at=one.at + 1))
        assert (one.phase, one.round) == state
    assert refused(one, PhaseReversed(at=one.at)) == "nothing_before"


def test_a_second_press_of_the_same_button_is_refused():
    one = room()
    press = PhaseAdvanced(at=one.at, phase=one.phase, round=one.round)
    assert refused(rounds.room_after(one, press), press) == "moved_on"


def test_a_team_revises_until_it_presses_final():
    one = chose(deciding(), "anna", room=4)
    one = chose(one, "anna", room=0, steering=3)
    assert team_choice(one, INTAKE).steps["room"] == 0
    assert rounds.waiting_for(one) == (INTAKE,)
    one = chose(one, "anna", room=1, final=True)
    assert rounds.waiting_for(one) == ()
    assert refused(one, ChoiceMade(at=one.at, seat="anna", steps={"room": 2})) == "final"
    assert team_choice(one, INTAKE).steps["steering"] == 3, "what is not named stays"


def test_only_the_facilitator_reopens_or_edits_a_final_choice():
    one = chose(deciding(), "anna", room=1, final=True)
    again = chose(rounds.room_after(one, ChoiceReopened(at=one.at, table=0, organisation="Intake")), "anna", room=2)
    assert team_choice(again, INTAKE).steps["room"] == 2
    edited = rounds.room_after(one, ChoiceCorrected(at=one.at, table=0, organisation="Intake", steps={"room": 0}))
    choice = team_choice(edited, INTAKE)
    assert (choice.steps["room"], choice.by, choice.final) == (0, By.FACILITATOR, True)


def test_nobody_chooses_for_another_team():
    one = chose(deciding(), "anna", room=4)
    assert {turn.organisation for turn in one.choices} == {"Intake"}
    assert {turn.table for turn in one.choices} == {0}


def test_after_the_deadline_nothing_is_taken_until_the_facilitator_extends():
    one = deciding()
    late = one.deadline + 0.001
    assert refused(one, ChoiceMade(at=late, seat="anna", steps={"room": 1})) == "too_late"
    one = rounds.room_after(one, TimeAdded(at=late, seconds=60))
    assert rounds.seconds_left(one, late) == pytest.approx(60)
    assert (
        team_choice(rounds.room_after(one, ChoiceMade(at=late + 59, seat="anna", steps={"room": 1})), INTAKE).by
        == By.TEAM
    )


def test_time_never_goes_back_so_an_early_clock_does_not_pass_the_deadline():
    one = deciding()
    one = rounds.room_after(one, MessageSet(at=one.deadline + 5, message="klaar?"))
    assert refused(one, ChoiceMade(at=one.deadline - 5, seat="anna", steps={"room": 1})) == "too_late"


def test_a_pause_stops_the_clock_and_everybody():
    one = deciding()
    left = rounds.seconds_left(one, one.at)
    one = rounds.room_after(one, ClockPaused(at=one.at))
    assert refused(one, ChoiceMade(at=one.at + 1, seat="anna", steps={"room": 1})) == "paused"
    assert refused(one, PhaseAdvanced(at=one.at + 1)) == "paused"
    assert rounds.seconds_left(one, one.at + 500) == left
    one = rounds.room_after(one, ClockResumed(at=one.at + 500))
    assert rounds.seconds_left(one, one.at) == pytest.approx(left)
    assert refused(one, ClockResumed(at=one.at)) == "not_paused"


def test_choices_are_taken_in_the_decide_phase_only_and_predictions_before():
    one = joined(room(), "anna", table=0, organisation="Intake")
    assert refused(one, PredictionMade(at=one.at, seat="anna", share=50)) == "not_now"
    one = predicted(went_on(one), "anna", 55.5)
    assert one.predictions == {(0, "anna"): 55.5}
    assert rounds.not_predicted(one) == ()
    assert refused(one, ChoiceMade(at=one.at, seat="anna", steps={"room": 1})) == "not_now"
    one = went_on(one)
    assert refused(one, PredictionMade(at=one.at, seat="anna", share=50)) == "not_now"


@pytest.mark.parametrize("share", [-1, 101, 10**400, float("nan"), float("inf"), True, "50", None])
def test_a_prediction_is_a_number_from_0_to_100(share):
    one = went_on(joined(room(), "anna"))
    assert refused(one, PredictionMade(at=one.at, seat="anna", share=share)) == "out_of_range"


@pytest.mark.parametrize(
    ("steps", "why"),
    [
        ({"colour": 1}, "unknown_decision"),
        ({"room": 5}, "unknown_step"),
        ({"room": -1}, "unknown_step"),
        ({"room": True}, "unknown_step"),
        ({"room": 1.0}, "unknown_step"),
        ({"hiring": 1}, "not_open"),
        ([], "unknown_decision"),
    ],
)
def test_only_steps_of_open_decisions_are_taken(steps, why):
    one = went_on(joined(room(plan(rounds=[{"open": ["room"]}] * 3)), "anna"), 2)
    assert refused(one, ChoiceMade(at=one.at, seat="anna", steps=steps)) == why


def test_without_people_a_bot_plays_and_who_does_not_choose_keeps_what_it_had():
    one = went_on(deciding())
    assert all(team_choice(one, team).final for team in teams(one))
    kept = team_choice(one, INTAKE)
    assert (kept.by, kept.steps) == (By.KEPT, one.start["Intake"])
    others = {team_choice(one, team).by for team in teams(one) if team != INTAKE}
    assert others == {By.BOT}


def test_back_to_deciding_gives_the_teams_their_choices_back_and_takes_those_of_bots_away():
    one = went_on(chose(deciding(), "anna", room=4, final=True))
    one = rounds.room_after(one, PhaseReversed(at=one.at))
    assert set(one.choices) == {(0, 0, "Intake")}
    assert not team_choice(one, INTAKE).final
    assert one.ran == 0


def test_an_edit_is_possible_until_the_reveal():
    one = went_on(deciding())
    one = rounds.room_after(one, ChoiceCorrected(at=one.at, table=1, organisation="Judge", steps={"room": 4}))
    assert team_choice(one, Team(1, "Judge")).by == By.FACILITATOR
    one = went_on(one, 2)
    one = rounds.room_after(one, ChoiceCorrected(at=one.at, table=1, organisation="Judge", steps={"room": 3}))
    assert refused(went_on(one), ChoiceCorrected(at=one.at, table=1, organisation="Judge", steps={})) == "not_now"
    assert refused(one, ChoiceCorrected(at=one.at, table=2, organisation="Judge", steps={})) == "no_such_team"


def test_seats_fill_organisations_first_then_teams_then_advice():
    one = room(plan(team_size=2))
    for number in range(30):
        one = joined(one, f"seat {number}")
    seats = list(one.seats.values())
    assert {seat.team for seat in seats[:12]} == set(teams(one))
    assert {seat.table for seat in seats[:6]} == {0}, "few people make one whole chain"
    assert all(len(seats_of(one, team)) == 2 for team in teams(one))
    assert {seat.role for seat in seats[24:]} == {Role.MIRROR}
    assert len({seat.team for seat in seats[24:]}) == 6


def test_without_mirrors_who_is_one_too_many_observes():
    one = room(plan(team_size=1, mirrors=False, tables=1))
    for number in range(8):
        one = joined(one, f"seat {number}")
    assert [seat.role for seat in one.seats.values()][6:] == [Role.OBSERVER] * 2
    one = went_on(one, 2)
    assert refused(one, ChoiceMade(at=one.at, seat="seat 7", steps={"room": 1})) == "no_team"


def test_a_mirror_advises_and_drives_nothing():
    one = chose(deciding(role="mirror"), "anna", room=4)
    assert one.advice == {(0, "anna"): {"room": 4}}
    assert not one.choices


def test_who_comes_late_takes_part_in_the_round_that_goes_on():
    one = chose(joined(deciding(), "bert", table=1, organisation="Judge"), "bert", room=0)
    assert team_choice(one, Team(1, "Judge")).by == By.TEAM


def test_wishes_are_granted_or_refused_in_words():
    one = joined(room(plan(team_size=1)), "anna", table=1, role="team", organisation="Judge")
    assert one.seats["anna"].team == Team(1, "Judge")
    for wishes, why in [
        ({"table": 1, "role": "team", "organisation": "Judge"}, "team_full"),
        ({"table": 2}, "no_such_table"),
        ({"table": True}, "no_such_table"),
        ({"role": "king"}, "no_such_role"),
        ({"organisation": "Jugde"}, "no_such_organisation"),
        ({"nickname": "x" * 21}, "nickname"),
    ]:
        with pytest.raises(Refused) as caught:
            joined(one, "bert", **wishes)
        assert caught.value.key.endswith(why)
    assert joined(one, "bert", table=1, organisation="Judge").seats["bert"].role == Role.MIRROR


def test_a_removed_seat_can_do_nothing_and_leaves_its_place():
    one = rounds.room_after(deciding(), SeatRemoved(at=0, seat="anna"))
    for event in (
        ChoiceMade(at=0, seat="anna", steps={}),
        NicknameSet(at=0, seat="anna", nickname="x"),
        SeatRemoved(at=0, seat="anna"),
    ):
        assert refused(one, event) == "no_such_seat"
    assert seats_of(one, INTAKE) == ()


def test_the_facilitator_moves_and_renames_a_seat():
    one = rounds.room_after(deciding(), SeatMoved(at=0, seat="anna", table=1, role="observer"))
    assert (one.seats["anna"].table, one.seats["anna"].role, one.seats["anna"].organisation) == (1, Role.OBSERVER, "")
    one = rounds.room_after(one, SeatMoved(at=0, seat="anna", table=0, role="team", organisation="Judge"))
    assert one.seats["anna"].team == Team(0, "Judge")
    assert (
        rounds.room_after(one, NicknameSet(at=0, seat="anna", nickname=" \t A\u202e na\n ")).seats["anna"].nickname
        == "A na"
    )


def test_a_message_stays_until_it_is_taken_away():
    one = rounds.room_after(room(), MessageSet(at=0, message="over\nvijf minuten"))
    assert one.message == "over vijf minuten"
    assert rounds.room_after(one, MessageSet(at=0, message="")).message == ""
    assert refused(one, MessageSet(at=0, message="x" * 201)) == "message"


def test_more_time_needs_a_timer_and_a_number():
    assert refused(room(), TimeAdded(at=0, seconds=60)) == "no_timer"
    assert refused(deciding(), TimeAdded(at=0, seconds=-1)) == "out_of_range"
    assert refused(deciding(), TimeAdded(at=0, seconds=float("nan"))) == "out_of_range"


def test_a_workshop_can_be_closed_at_any_time():
    one = after(deciding(), ClockPaused(at=0), RoomClosed(at=0))
    assert one.phase == Phase.CLOSED
    assert one.ran == 0


# --- the middle of a round -----------------------------------------------------------------------------------------
def halfway(one: Room) -> Room:
    return went_on(one, 2)


def changed(one: Room, seat: str, decision: str, step: int) -> Room:
    return rounds.room_after(one, StepChanged(at=one.at, seat=seat, decision=decision, step=step))


def test_in_the_middle_of_a_round_a_team_changes_one_thing_which_holds_from_then_on():
    one = changed(halfway(chose(deciding(), "anna", room=4)), "anna", "steering", 0)
    one = changed(one, "anna", "room", 1)
    assert (team_choice(one, INTAKE).steps["room"], team_choice(one, INTAKE).changed) == (4, {"room": 1})
    assert (table_steps(one, 0, 0)["Intake"]["room"], table_steps(one, 0, 0, later=True)["Intake"]["room"]) == (4, 1)
    assert table_steps(one, 0, 0, later=True)["Intake"]["steering"] == 2, "one thing, and the last one"
    assert changed(one, "anna", "room", 4).choices[0, 0, "Intake"].changed == {}, "as it was is no change"
    later = went_on(one, 4)
    assert (later.phase, later.round) == (Phase.DECIDE, 1) and team_choice(later, INTAKE).steps["room"] == 1
    assert refused(later, StepChanged(at=later.at, seat="anna", decision="room", step=0)) == "not_now"


def test_in_the_middle_only_what_was_open_so_far_can_be_changed_and_only_by_a_team():
    one = joined(
        room(plan(rounds=[{"open": ["room"]}, {"open": ["steering"]}])), "anna", table=0, organisation="Intake"
    )
    one = halfway(went_on(joined(one, "olga", role="observer"), 2))
    assert refused(one, StepChanged(at=one.at, seat="anna", decision="steering", step=0)) == "not_open"
    assert refused(one, StepChanged(at=one.at, seat="olga", decision="room", step=0)) == "no_team"
    late = one.deadline + 1
    assert refused(one, StepChanged(at=late, seat="anna", decision="room", step=0)) == "too_late"
    one = went_on(halfway(went_on(changed(one, "anna", "room", 0), 4)))
    assert changed(rounds.room_after(one, PhaseReversed(at=one.at)), "anna", "room", 4)


# --- agreements ----------------------------------------------------------------------------------------------------
TIE = Tie(0, 0, "Intake", "Inquiry")


def two() -> Room:
    """Two neighbours who decide."""
    one = joined(room(), "anna", table=0, organisation="Intake")
    return went_on(joined(one, "bert", table=0, organisation="Inquiry"), 2)


def proposed(one: Room, seat: str, partner: str, frame: int = 3, time: int = 4) -> Room:
    return rounds.room_after(one, AgreementProposed(at=one.at, seat=seat, partner=partner, frame=frame, time=time))


def answered(one: Room, seat: str, partner: str, accepted: bool = True) -> Room:
    return rounds.room_after(one, AgreementAnswered(at=one.at, seat=seat, partner=partner, accepted=accepted))


def held(one: Room, seat: str, partner: str, kept: bool) -> Room:
    return rounds.room_after(one, AgreementHeld(at=one.at, seat=seat, partner=partner, held=kept))


def test_an_agreement_is_proposed_changed_accepted_and_holds_until_one_ends_it():
    one = proposed(two(), "anna", "Inquiry")
    assert refused(one, AgreementAnswered(at=one.at, seat="anna", partner="Inquiry", accepted=True)) == "no_offer"
    one = proposed(one, "bert", "Intake", frame=1)
    one = answered(one, "anna", "Inquiry")
    assert agreement_of(one, TIE) == Agreement(terms=Terms(1, 4), made=True)
    later = went_on(one, 6)
    assert relations_in(later, 0, 1) == {("Intake", "Inquiry"): Terms(1, 4)}, "the next round too"
    assert relations_in(held(later, "bert", "Intake", False), 0, 1) == {}, "until one of the two ends it"


def test_who_sees_an_agreement_ended_is_told_by_whom_until_something_is_proposed_anew():
    one = answered(proposed(two(), "anna", "Inquiry"), "bert", "Intake")
    one = held(one, "anna", "Inquiry", False)
    names = organisation_names(one, "en")
    anna, bert = (partner_facts(one, one.seats[seat], names) for seat in ("anna", "bert"))
    assert [partner["ended"] for partner in bert if partner["id"] == "Intake"] == ["them"]
    assert [partner["ended"] for partner in anna if partner["id"] == "Inquiry"] == ["us"]
    assert agreement_of(proposed(one, "bert", "Intake"), TIE).ended_by == ""
    assert agreement_of(went_on(one, 6), TIE._replace(round=1)).ended_by == ""


def test_an_offer_is_refused_taken_back_or_gone_when_nobody_answered():
    one = proposed(two(), "anna", "Inquiry")
    assert agreement_of(answered(one, "bert", "Intake", False), TIE).refused_by == "Inquiry"
    assert agreement_of(answered(one, "anna", "Inquiry", False), TIE) == Agreement()
    assert agreement_of(went_on(one), TIE).offer is None and relations_in(went_on(one), 0, 0) == {}


def test_who_has_no_people_says_yes_and_who_is_no_neighbour_cannot_be_asked():
    one = proposed(two(), "bert", "Judge")
    assert relations_in(one, 0, 0) == {("Inquiry", "Judge"): Terms(3, 4)}
    for partner, why in (("Judge", "no_partner"), ("Intake", "no_partner"), ("Nobody", "no_partner")):
        assert refused(one, AgreementProposed(at=one.at, seat="anna", partner=partner, frame=1, time=1)) == why
    wrong = AgreementProposed(at=one.at, seat="anna", partner="Inquiry", frame=5, time=1)
    assert refused(one, wrong) == "unknown_step"
    assert refused(one, AgreementHeld(at=one.at, seat="anna", partner="Inquiry", held=False)) == "no_agreement"


def test_when_it_gets_tense_an_agreement_is_kept_or_broken_and_a_broken_one_has_to_be_made_anew():
    one = halfway(answered(proposed(two(), "anna", "Inquiry"), "bert", "Intake"))
    broken = held(one, "bert", "Intake", False)
    assert agreement_of(broken, TIE).broken_by == "Inquiry"
    assert (relations_in(broken, 0, 0), relations_in(broken, 0, 0, later=True)) == (
        {("Intake", "Inquiry"): Terms(3, 4)},
        {("Intake", "Inquiry"): None},
    )
    assert held(broken, "anna", "Inquiry", True) == replace(broken, version=broken.version + 1), (
        "only who broke it can mend it"
    )
    assert agreement_of(held(broken, "bert", "Intake", True), TIE).broken_by == ""
    assert relations_in(went_on(broken, 4), 0, 1) == {}
    back = rounds.room_after(broken, PhaseReversed(at=broken.at))
    assert agreement_of(back, TIE).broken_by == "", "the middle has still to come"


# --- the door ------------------------------------------------------------------------------------------------------
def test_at_a_door_where_is_asked_somebody_waits_and_can_do_nothing_until_let_in():
    one = rounds.room_after(deciding(), DoorSet(at=0, door="ask"))
    one = joined(one, "bert", table=0, organisation="Intake")
    assert [seat.id for seat in waiting_seats(one)] == ["bert"] and len(active_seats(one)) == 1
    assert refused(one, ChoiceMade(at=one.at, seat="bert", steps={"room": 0})) == "no_such_seat"
    inside = rounds.room_after(one, SeatAdmitted(at=one.at, seat="bert"))
    assert inside.seats["bert"].team == INTAKE and not waiting_seats(inside)
    assert refused(inside, SeatAdmitted(at=0, seat="bert")) == "no_such_seat"
    assert not waiting_seats(rounds.room_after(one, SeatRemoved(at=0, seat="bert")))
    shut = rounds.room_after(one, DoorSet(at=0, door="closed"))
    with pytest.raises(Refused):
        joined(shut, "carl")
    assert refused(shut, DoorSet(at=0, door="ajar")) == "out_of_range"


def test_all_who_are_away_go_at_once():
    one = joined(joined(deciding(), "bert"), "carl")
    one = rounds.room_after(one, SeatsRemoved(at=0, seats=["bert", "carl", "nobody"]))
    assert [seat.id for seat in active_seats(one)] == ["anna"]


def test_one_of_a_team_is_not_ready_for_all_until_a_second_agrees_or_nobody_objects_for_ten_seconds():
    one = joined(deciding(), "bert", table=0, organisation="Intake")
    one = chose(one, "anna", room=4, final=True)
    assert not team_choice(one, INTAKE).final and rounds.waiting_for(one) == (INTAKE,)
    assert team_choice(chose(one, "bert", final=True), INTAKE).final, "a second agrees"
    objected = chose(one, "bert", room=1)
    passed = TimePassed(at=objected.at + SECONDS_TO_OBJECT + 1)
    assert not team_choice(rounds.room_after(objected, passed), INTAKE).final, "somebody objected"
    soon, late = (TimePassed(at=one.at + SECONDS_TO_OBJECT + more) for more in (-1, 1))
    assert not team_choice(rounds.room_after(one, soon), INTAKE).final
    assert team_choice(rounds.room_after(one, late), INTAKE).final
    gone = after(one, SeatRemoved(at=one.at, seat="anna"), late)
    assert not team_choice(gone, INTAKE).final, "who was taken out decides for nobody"


def test_a_refusal_changes_nothing():
    one = deciding()
    before = replace(one)
    refused(one, ChoiceMade(at=one.at, seat="anna", steps={"room": 99}))
    assert one == before
