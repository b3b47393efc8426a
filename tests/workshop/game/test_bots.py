"""Claims about bots: each has a character, moves a step at a time, and does the same every time."""

from __future__ import annotations

import pytest
from tests.workshop.small import ROUND, chose, joined, plan, room, went_on

from ketensim.workshop.game import bots
from ketensim.workshop.game.choices import team_choice
from ketensim.workshop.game.decisions import DECISIONS
from ketensim.workshop.game.plans import CHARACTERS
from ketensim.workshop.game.room import Room, Team
from ketensim.workshop.game.seating import teams


def of(character: str, number: int) -> Room:
    """A room of these bots in the run of a round."""
    return went_on(room(plan(bots=(character,))), 3 + ROUND * number)


def steps(one: Room, team: Team, number: int) -> dict[str, int]:
    return dict(team_choice(one, team, number).steps)


@pytest.mark.parametrize("character", CHARACTERS)
def test_a_bot_moves_at_most_one_step_and_stays_on_the_scale(character):
    one = of(character, 2)
    for team in teams(one):
        before = one.start[team.organisation]
        for number in range(3):
            now = steps(one, team, number)
            assert all(abs(now[name] - before[name]) <= 1 for name in DECISIONS)
            assert all(0 <= now[name] < len(DECISIONS[name].steps) for name in DECISIONS)
            before = now


def test_a_firm_bot_tightens_and_a_bot_that_lets_go_gives_room():
    for team in teams(of("firm", 2)):
        firm, free = steps(of("firm", 2), team, 2), steps(of("letting_go", 2), team, 2)
        assert (firm["steering"], firm["room"], firm["after_incident"]) == (4, 0, 0)
        assert (free["room"], free["after_incident"], free["hours_together"]) == (4, 3, 4)


def test_a_copying_bot_follows_what_people_at_its_table_chose():
    one = joined(room(plan(bots=("copying",))), "anna", table=0, organisation="Judge")
    for _ in range(3):
        one = went_on(chose(went_on(one, 2), "anna", room=4), ROUND - 2)
    assert steps(one, Team(0, "Intake"), 2)["room"] == 4
    assert steps(one, Team(1, "Intake"), 2)["room"] == 2, "another table is not copied"


def test_bots_choose_only_what_is_open():
    one = went_on(room(plan(bots=("firm",), rounds=[{"open": ["room"]}] * 3)), 3)
    for team in teams(one):
        changed = {name for name in DECISIONS if steps(one, team, 0)[name] != one.start[team.organisation][name]}
        assert changed == {"room"}


def test_an_organisation_has_the_same_stand_in_at_every_table_and_robots_of_a_rehearsal_take_turns():
    one = room(plan(bots=CHARACTERS))
    of_table = [[bots.character(one, Team(table, name)) for name in one.start] for table in range(2)]
    assert of_table[0][:4] == list(CHARACTERS)
    assert of_table[0] == of_table[1], "tables differ by what people choose, and by nothing else"
    robots = [[bots.robot_character(one, Team(table, name)) for name in one.start] for table in range(2)]
    assert robots[0][:4] == list(CHARACTERS) and robots[1][:3] == list(CHARACTERS[1:])


def test_unless_a_plan_says_otherwise_an_organisation_without_people_stays_as_it_was():
    one = went_on(room(), 3)
    assert all(steps(one, team, 0) == one.start[team.organisation] for team in teams(one))


def test_a_bot_does_the_same_every_time():
    assert of("copying", 2).choices == of("copying", 2).choices
