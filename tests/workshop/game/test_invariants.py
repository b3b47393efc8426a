"""Whatever happens in whatever order, with restarts in between: what always holds in a room."""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from tests.workshop.small import opening, plan

from ketensim.workshop.game import log_entries as e
from ketensim.workshop.game import rounds
from ketensim.workshop.game.choices import team_choice
from ketensim.workshop.game.decisions import DECISIONS
from ketensim.workshop.game.plans import open_in
from ketensim.workshop.game.room import By, Phase, Refused, Role, Room, Turn
from ketensim.workshop.game.seating import active_seats, teams
from ketensim.workshop.keep.room_log import RoomLogs

NAMES = ("Intake", "Inquiry", "Judge", "Guidance", "Provider", "Aftercare", "Nowhere", "")
ORDER = [*Phase]
ROUNDS = [{"open": ["room", "steering"]}, {"open": ["hours_together"]}, {"open": list(DECISIONS)}]
seats = st.integers(0, 12).map(lambda number: f"seat {number}")
tables = st.integers(-1, 2)
organisations = st.sampled_from(NAMES)
steps = st.dictionaries(st.sampled_from([*DECISIONS, "colour"]), st.integers(-1, 5), max_size=3)


class Workshop(RuleBasedStateMachine):
    """A room and its log on disk, as the hub keeps them."""

    @initialize(forth=st.integers(0, 17))
    def open(self, forth: int) -> None:
        self.folder = tempfile.mkdtemp()
        self.file = Path(self.folder) / "rooms.sqlite"
        self.logs = RoomLogs(self.file)
        first = opening(plan(rounds=ROUNDS, team_size=1))
        self.code = first.code
        assert self.logs.create(first.code, first.delete_at, first)
        self.room = rounds.room_at_start(first)
        self.clock = first.at
        for number in range(6):
            self.happens(e.SeatTaken, seat=f"seat {number}", token_hash=f"seat {number}")
        for _ in range(forth):
            self.happens(e.PhaseAdvanced)

    def teardown(self) -> None:
        if hasattr(self, "logs"):
            self.logs.close()
            shutil.rmtree(self.folder)

    def happens(self, kind: type[e.LogEntry], **facts: Any) -> None:
        """Something happens; what the room refuses leaves no trace."""
        before = self.room
        event = kind(at=self.clock, **facts)
        try:
            after = rounds.room_after(before, event)
        except Refused:
            assert self.room is before
            return
        self.logs.append(self.code, after.version, event)
        self.room = after
        self.allowed(before, after, event)

    def allowed(self, before: Room, after: Room, event: e.LogEntry) -> None:
        """What one event may change."""
        assert after.version == before.version + 1
        assert after.at >= before.at
        if before.phase != after.phase or before.round != after.round:
            assert isinstance(event, e.PhaseAdvanced | e.PhaseReversed | e.RoomClosed), (
                "only the facilitator turns the page"
            )
            forth = (ORDER.index(after.phase) - ORDER.index(before.phase), after.round - before.round)
            assert forth in {(1, 0), (-1, 0), (-5, 1), (5, -1)} or isinstance(event, e.RoomClosed), (
                "one phase at a time"
            )
        if isinstance(event, e.ChoiceMade):
            seat = before.seats[event.seat]
            changed = {turn for turn in after.choices if after.choices[turn] != before.choices.get(turn)}
            assert changed <= {Turn(before.round, *seat.team)}, "nobody chooses for another team or another round"
            assert seat.active and before.phase == Phase.DECIDE and before.paused is None
            assert before.deadline is None or after.at <= before.deadline, "nothing after the deadline"
            assert seat.role != Role.TEAM or not team_choice(before, seat.team).final, "not twice"
        if isinstance(event, e.StepChanged):
            assert (
                before.phase == Phase.MOMENT
                and len(after.choices[Turn(before.round, *before.seats[event.seat].team)].changed) < 2
            )
        elif not isinstance(event, e.PhaseEntry | e.ChoiceMade | e.ChoiceCorrected | e.ChoiceReopened):
            assert {turn: one.later for turn, one in after.choices.items()} == {
                turn: one.later for turn, one in before.choices.items()
            }, "nothing else moves a step"
        if isinstance(event, e.RelationEntry):
            own = before.seats[event.seat]
            ties = {tie for tie in after.agreements if after.agreements[tie] != before.agreements.get(tie)}
            assert all(tie.table == own.table and own.organisation in tie[2:] for tie in ties), (
                "nobody deals for others"
            )
            assert before.phase in (Phase.DECIDE, Phase.MOMENT)
        if isinstance(event, e.PredictionMade):
            assert before.phase == Phase.PREDICT and (before.deadline is None or after.at <= before.deadline)
        elif not isinstance(event, e.PhaseReversed):
            assert after.predictions == before.predictions, "a prediction is not changed afterwards"
        if isinstance(event, e.SeatEntry) and not isinstance(event, e.SeatMoved):
            one, two = before.seats[event.seat], after.seats[event.seat]
            assert (one.team, one.role) == (two.team, two.role), "only the facilitator moves a seat"

    @rule(seconds=st.sampled_from([0, 1, 10, 50, 400, -50]))
    def time_passes(self, seconds: float) -> None:
        self.clock += seconds

    @rule(seat=seats, table=st.none() | tables, organisation=st.none() | organisations)
    def somebody_joins(self, seat: str, table: int | None, organisation: str | None) -> None:
        self.happens(e.SeatTaken, seat=seat, token_hash=seat, table=table, organisation=organisation)

    @rule(seat=seats, share=st.floats(-10, 110))
    def somebody_predicts(self, seat: str, share: float) -> None:
        self.happens(e.PredictionMade, seat=seat, share=share)

    @rule(seat=seats, chosen=steps, final=st.booleans())
    def somebody_chooses(self, seat: str, chosen: dict[str, int], final: bool) -> None:
        self.happens(e.ChoiceMade, seat=seat, steps=chosen, final=final)

    @precondition(lambda self: self.room.phase == Phase.DECIDE)
    @rule(number=st.integers(0, 4), late=st.booleans(), data=st.data())
    def teams_choose(self, number: int, late: bool, data: st.DataObject) -> None:
        self.in_time_or(late)
        for seat in [*self.room.seats, *self.room.seats][number:]:
            name = data.draw(st.sampled_from(open_in(self.room.plan, self.room.round)))
            step = data.draw(st.integers(0, len(DECISIONS[name].steps) - 1))
            self.happens(e.ChoiceMade, seat=seat, steps={name: step}, final=data.draw(st.booleans()))

    @precondition(lambda self: self.room.phase == Phase.PREDICT)
    @rule(late=st.booleans(), share=st.integers(0, 100))
    def everybody_predicts(self, late: bool, share: int) -> None:
        self.in_time_or(late)
        for seat in self.room.seats:
            self.happens(e.PredictionMade, seat=seat, share=share)

    def in_time_or(self, late: bool) -> None:
        """Have time left, or just not any more."""
        if late and self.room.deadline is not None:
            self.clock = max(self.clock, self.room.deadline + 1)
        else:
            self.happens(e.TimeAdded, seconds=60)

    @precondition(lambda self: self.room.phase != Phase.DEBRIEF)
    @rule(times=st.integers(1, 2))
    def on(self, times: int) -> None:
        self.happens(e.ClockResumed)
        for _ in range(times):
            self.happens(e.PhaseAdvanced)

    @precondition(lambda self: self.room.phase == Phase.DEBRIEF)
    @rule(closed=st.sampled_from([False, False, False, True]))
    def the_end_or_back(self, closed: bool) -> None:
        self.happens(e.RoomClosed if closed else e.PhaseReversed)

    @rule(seat=seats, name=st.sampled_from(list(DECISIONS)), step=st.integers(0, 4))
    def somebody_changes_one_thing(self, seat: str, name: str, step: int) -> None:
        self.happens(e.StepChanged, seat=seat, decision=name, step=step)

    @rule(seat=seats, partner=organisations, frame=st.integers(-1, 4), time=st.integers(0, 5))
    def somebody_proposes(self, seat: str, partner: str, frame: int, time: int) -> None:
        self.happens(e.AgreementProposed, seat=seat, partner=partner, frame=frame, time=time)

    @rule(seat=seats, partner=organisations, yes=st.booleans())
    def somebody_answers(self, seat: str, partner: str, yes: bool) -> None:
        self.happens(e.AgreementAnswered, seat=seat, partner=partner, accepted=yes)

    @rule(seat=seats, partner=organisations, yes=st.booleans())
    def somebody_keeps_or_breaks(self, seat: str, partner: str, yes: bool) -> None:
        self.happens(e.AgreementHeld, seat=seat, partner=partner, held=yes)

    @rule(door=st.sampled_from(["open", "ask", "closed", "open"]), seat=seats)
    def the_door(self, door: str, seat: str) -> None:
        self.happens(e.DoorSet, door=door)
        self.happens(e.SeatAdmitted, seat=seat)

    @rule()
    def back(self) -> None:
        self.happens(e.PhaseReversed)

    @rule(paused=st.booleans())
    def stands_still_or_goes_on(self, paused: bool) -> None:
        self.happens(e.ClockPaused if paused else e.ClockResumed)

    @rule(seconds=st.floats(-1, 300))
    def more_time(self, seconds: float) -> None:
        self.happens(e.TimeAdded, seconds=seconds)

    @rule(seat=seats, table=tables, role=st.sampled_from(["team", "mirror", "observer", "king"]), name=organisations)
    def a_seat_is_moved(self, seat: str, table: int, role: str, name: str) -> None:
        self.happens(e.SeatMoved, seat=seat, table=table, role=role, organisation=name)

    @rule(seat=seats)
    def a_seat_is_removed(self, seat: str) -> None:
        self.happens(e.SeatRemoved, seat=seat)

    @rule(table=tables, name=organisations, chosen=steps)
    def a_choice_is_edited(self, table: int, name: str, chosen: dict[str, int]) -> None:
        self.happens(e.ChoiceCorrected, table=table, organisation=name, steps=chosen)

    @rule(table=tables, name=organisations)
    def a_choice_is_reopened(self, table: int, name: str) -> None:
        self.happens(e.ChoiceReopened, table=table, organisation=name)

    @rule()
    def the_server_starts_again(self) -> None:
        self.logs.close()
        self.logs = RoomLogs(self.file)
        assert rounds.room_from_log(self.logs.entries(self.code)) == self.room, "the log gives the same room"

    @invariant()
    def every_round_that_ran_is_complete_and_final(self) -> None:
        for number in range(self.room.ran):
            chosen = [self.room.choices[Turn(number, *team)] for team in teams(self.room)]
            assert all(choice.final for choice in chosen)
            assert all(set(choice.steps) == set(DECISIONS) for choice in chosen)

    @invariant()
    def steps_lie_on_their_scale_and_closed_decisions_do_not_move(self) -> None:
        before = {team: self.room.start[team.organisation] for team in teams(self.room)}
        for number in range(len(self.room.plan.rounds)):
            for team in before:
                choice = self.room.choices.get(Turn(number, *team))
                if choice is None:
                    continue
                assert all(0 <= step < len(DECISIONS[name].steps) for name, step in choice.steps.items())
                if number < self.room.ran:
                    closed = set(DECISIONS) - set(open_in(self.room.plan, number))
                    assert all(choice.steps[name] == before[team][name] for name in closed)
                    before[team] = choice.later

    @invariant()
    def no_team_is_fuller_than_the_plan_allows(self) -> None:
        full = Counter(seat.team for seat in active_seats(self.room) if seat.role == Role.TEAM)
        assert all(number <= self.room.plan.team_size for number in full.values())
        assert all(
            seat.organisation in self.room.start or seat.role == Role.OBSERVER for seat in active_seats(self.room)
        )

    @invariant()
    def only_seats_predict_and_bots_play_only_without_people(self) -> None:
        assert all(seat in self.room.seats for _, seat in self.room.predictions)
        assert all(0 <= share <= 100 for share in self.room.predictions.values())
        assert all(choice.by != By.BOT or choice.final for choice in self.room.choices.values())


TestWorkshop = Workshop.TestCase
TestWorkshop.settings = settings(max_examples=60, stateful_step_count=60, deadline=None)
