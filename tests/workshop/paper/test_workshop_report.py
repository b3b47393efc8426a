"""Claims about what people take along: complete in both languages, no names, no request to elsewhere, sound CSV."""

from __future__ import annotations

import csv
import io
import re
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise

import pytest
from tests.workshop.small import NOW, ROUND, after, chose, joined, plan, predicted, room, went_on

from ketensim.foundation.rows import HOURS
from ketensim.run.estimate import Estimate
from ketensim.run.kept_states import KeptStates
from ketensim.run.ledger import LEDGER
from ketensim.texts import catalogue, languages
from ketensim.workshop.game.choices import predictions_of
from ketensim.workshop.game.decisions import DECISIONS
from ketensim.workshop.game.log_entries import AgreementHeld, AgreementProposed, StepChanged
from ketensim.workshop.game.plans import CHARACTERS, READY, ready_plan
from ketensim.workshop.game.room import By, Room
from ketensim.workshop.paper.choices_csv import agreements_csv, decisions_csv, outcomes_csv
from ketensim.workshop.paper.page_parts import PageParts
from ketensim.workshop.paper.pictures import goal_picture
from ketensim.workshop.paper.workshop_report import client_page, handout, participant_page
from ketensim.workshop.runs.replay import Scores
from ketensim.workshop.runs.round_results import RoundResult, TableResult
from ketensim.workshop.runs.table_runs import RoomRuns
from ketensim.workshop.talk.debrief import Debrief, debriefing
from ketensim.workshop.talk.questions import RULES, Evidence, Question, questions

pytestmark = pytest.mark.jit  # what the pages tell has to be computed
NAME = "Marlies<b>"
VOID = {"meta", "br", "hr", "wbr"}
Made = tuple[Room, list[RoundResult], Debrief]


@pytest.fixture(scope="module")
def made() -> Made:
    one = joined(room(plan(runs=20, bots=CHARACTERS)), "anna", nickname=NAME, table=0, organisation="Guidance")
    one = joined(one, "bert", table=1, organisation="Judge")
    one = joined(one, "carla", role="observer", table=1)
    for number in range(3):
        one = predicted(predicted(went_on(one), "anna", 90), "bert", 10 * number)
        one = chose(went_on(one), "anna", room=4, steering=number + 1)
        one = after(one, AgreementProposed(at=one.at, seat="anna", partner="Provider", frame=3, time=number + 2))
        one = went_on(one, 2)
        if number == 1:
            one = after(one, AgreementHeld(at=one.at, seat="anna", partner="Provider", held=False))
            one = after(one, StepChanged(at=one.at, seat="anna", decision="room", step=0))
        one = went_on(one, ROUND - 4)
    course = RoomRuns(one, KeptStates())
    course.compute(one)
    results = [course.result(one, number) for number in range(3)]
    return one, results, debriefing(one, results)


@pytest.mark.parametrize("language", languages())
def test_a_page_names_a_step_that_stayed_once_and_says_what_was_agreed_as_the_phones_do(made: Made, language: str):
    parts = PageParts(made[0], made[1], language)
    ways = [cell.split(" → ") for row in parts.chosen(0, parts.labels).rows for cell in row[1:]]
    assert any(len(way) > 1 for way in ways)
    assert not [way for way in ways for one, other in pairwise(way) if one == other]
    agreed = parts.agreed([0])
    assert agreed is not None
    word = {"nl": "tijd voor elkaar", "en": "time for each other"}[language]
    assert all(word in row[2] for row in agreed.rows)


class Strict(HTMLParser):
    """Every element is closed in order; nothing is fetched; nothing runs."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []

    def handle_starttag(self, tag, attrs):
        assert tag not in ("script", "iframe", "img", "link", "form"), tag
        for name, value in attrs:
            assert not name.startswith("on") and name not in ("src", "style"), name
            assert name != "href" or (value or "").startswith("#")
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag


def sound(page: str) -> str:
    parser = Strict()
    parser.feed(page)
    assert parser.open == []
    assert "{" not in re.sub(r"<style>.*?</style>", "", page, flags=re.DOTALL)
    return page


@pytest.mark.parametrize("language", languages())
def test_the_report_for_the_client_is_one_sound_file_without_names(made, language):
    page = sound(client_page(*made, language))
    assert "Marlies" not in page
    assert f'lang="{language}"' in page
    assert page.count("<svg") == 1


@pytest.mark.parametrize("seat", ["anna", "bert", "carla"])
@pytest.mark.parametrize("language", languages())
def test_a_participant_takes_along_the_own_predictions_and_choices_and_no_name(made, seat, language):
    page = sound(participant_page(seat, *made, language))
    assert "Marlies" not in page
    guidance = {"nl": "Begeleiding", "en": "Guidance"}[language]
    if seat == "anna":
        assert "90%" in page and guidance in page
    if seat == "carla":
        assert "90%" not in page


@pytest.mark.parametrize("name", READY)
@pytest.mark.parametrize("language", languages())
def test_the_hand_out_shows_every_question_that_will_be_asked(name, language):
    page = sound(handout(ready_plan(name), language))
    asked = {one for part in ready_plan(name).rounds for one in part.open}
    texts = catalogue(language)["workshop"]["decision"]
    assert all((texts[one]["question"] in page) == (one in asked) for one in DECISIONS)


def test_choices_and_outcomes_go_along_as_csv(made):
    one, results, _ = made
    chosen = list(csv.DictReader(io.StringIO(decisions_csv(one))))
    assert len(chosen) == 3 * 2 * 6
    own = [row for row in chosen if (row["table"], row["organisation"]) == ("1", "Guidance")]
    assert [row["steering"] for row in own] == ["few", "fair", "many"]
    assert {row["by"] for row in chosen} == {"team", "bot", "kept"}
    assert [row["changed_halfway"] for row in own] == ["", "room:permission", ""]
    agreed = list(csv.DictReader(io.StringIO(agreements_csv(one, results))))
    assert [(row["round"], row["hours_together"], row["broken_by"]) for row in agreed] == [
        ("1", "some", ""),
        ("2", "much", "Guidance"),
        ("3", "fixed", ""),
    ]
    assert all(0 < float(row["trust_after"]) < 1 for row in agreed)
    found = list(csv.DictReader(io.StringIO(outcomes_csv(one, results))))
    assert len(found) == 6
    assert sum(float(found[0][f"of_100_{name}"]) for name in LEDGER) == pytest.approx(100, abs=1e-3)
    assert float(found[0]["costs_per_realised"]) == pytest.approx(results[0].tables[0].cost.mean, abs=1e-5)
    assert float(found[0]["goal_realisation"]) == pytest.approx(results[0].tables[0].goal_round.mean, abs=1e-6)
    assert sum(float(found[0][use]) for use in HOURS) == pytest.approx(1, abs=1e-5)
    assert (found[0]["predictions"], found[0]["predicted"]) == ("1", "0.9")
    assert "Marlies" not in decisions_csv(one) + outcomes_csv(one, results)


def test_predictions_count_at_the_table_of_the_seat(made):
    one, _, _ = made
    assert predictions_of(one, 2, 0) == [90.0]
    assert predictions_of(one, 2, 1) == [20.0]


def doctored(made: Made, way: int, tables: int, pulls: bool = True) -> Evidence:
    """A workshop in which everything came out far above (way 1) or far below (way -1) what one would think."""
    room, results, debrief = made
    far = Scores(
        *(Estimate(size * way, (size - 0.1) * way, (size + 0.1) * way, 20) for size in (0.3, 300 if pulls else -300))
    )
    far = Scores(
        *(Estimate(one.mean, min(one.low, one.high), max(one.low, one.high), 20) for one in (far.goal, far.cost))
    )
    leaks = [dict.fromkeys(results[0].tables[0].hours, share) for share in ((0.1, 0.2) if way > 0 else (0.2, 0.1))]

    def changed(table: TableResult, number: int) -> TableResult:
        goal = replace(table.goal_round, mean=0.5)
        sight = replace(table.sight, seen=[0.5 + 0.3 * way] * 26, there=[0.5] * 26)
        return replace(table, goal_round=goal, sight=sight, interventions=9.0, hours=leaks[number > 0])

    played = [
        replace(result, tables=tuple(changed(table, result.round) for table in result.tables[:tables]))
        for result in results
    ]
    moves = (replace(debrief.tables[0].moves[0], effect=far),)
    tabled = [
        replace(
            table,
            moves=moves,
            against=far if tables > 1 else None,
            against_styles=dict.fromkeys(table.against_styles, far),
            let_go_from=(far,) * 3,
            decisions=table.decisions | {"learning": far},
        )
        for table in debrief.tables[:tables]
    ]
    steps = {"hours_together": 0, "room": 0}
    uneven = {
        turn: replace(
            choice, steps={**choice.steps, **steps, "hours_together": 4 * (turn.organisation == "Judge")}, changed={}
        )
        for turn, choice in room.choices.items()
    }
    hoped = {key: 50.0 + 40 * way for key in room.predictions if room.seats[key[1]].table < tables}
    kept = {tie: replace(one, broken_by="" if way > 0 else one.broken_by) for tie, one in room.agreements.items()}
    return Evidence(replace(room, predictions=hoped, choices=uneven, agreements=kept), played, tabled)


def test_every_question_is_asked_of_some_workshop_and_has_words(made):
    asked = {"monday": Question("monday")}
    for way in (1, -1):
        for tables in (1, 2):
            for pulls in (True, False):
                evidence = doctored(made, way, tables, pulls)
                asked |= {question.key: question for rule in RULES for question in rule(evidence)}
    for language in languages():
        assert set(asked) == set(catalogue(language)["workshop"]["question"])
        parts = PageParts(made[0], made[1], language)
        assert all("{" not in parts.question(question) for question in (*asked.values(), *made[2].questions))


def test_a_room_that_hoped_too_much_is_asked_about_it(made):
    one, results, debrief = made
    hoped = dict.fromkeys(one.predictions, 100.0)
    asked = questions(replace(one, predictions=hoped), results, debrief.tables)
    [question] = [question for question in asked if question.key == "too_hopeful"]
    gaps = [1 - results[number].tables[one.seats[seat].table].goal_round.mean for number, seat in hoped]
    assert question.facts["points"] == pytest.approx(sum(gaps) / len(gaps))


def test_nobody_is_asked_what_held_them_back_from_what_they_did_and_each_question_about_a_table_names_it(made):
    evidence = doctored(made, 1, 2)
    asked = [question for rule in RULES for question in rule(evidence)]
    assert "letting_go_pays" in {question.key for question in asked}
    free = {turn: replace(choice, steps={**choice.steps, "room": 4}) for turn, choice in evidence.room.choices.items()}
    named = replace(evidence.room, choices=free, table_names={0: "De Haven"})
    asked = [question for rule in RULES for question in rule(replace(evidence, room=named))]
    assert not {"letting_go_pays", "letting_go_costs"} & {question.key for question in asked}
    about = [question.facts["table"] for question in asked if "table" in question.facts]
    assert set(about) <= {"1 (De Haven)", "2"} and "1 (De Haven)" in about


@pytest.mark.parametrize("language", languages())
def test_every_decision_step_character_and_way_of_choosing_has_words(language):
    texts = catalogue(language)["workshop"]
    assert set(texts["decision"]) == set(DECISIONS)
    for name, decision in DECISIONS.items():
        part = texts["decision"][name]
        assert part["question"].endswith("?") and part["help"].endswith(".")
        assert tuple(part["step"]) == decision.steps
        assert len(decision.steps) == len(decision.values) and list(decision.values) == sorted(decision.values)
        labels = [step["label"] for step in part["step"].values()]
        assert len(set(labels)) == len(labels)
        assert all(step["means"].endswith(".") for step in part["step"].values())
    assert set(texts["by"]) == {str(by) for by in By}
    assert set(texts["character"]) == set(CHARACTERS)


def test_a_picture_says_in_words_what_it_shows_and_breaks_a_line_at_a_gap():
    picture = goal_picture(
        [("Tafel <1>", [0.5, None, 0.6, 0.7]), ("Tafel 2", [0.52] * 4)], 2, "Ronde", "alles in woorden"
    )
    assert "alles in woorden" in picture and "Tafel &lt;1&gt;" in picture
    assert picture.count("<path") == 3


def test_no_page_is_needed_to_know_the_day(made):
    one, results, _ = made
    assert PageParts(one, results, "nl").date.isoformat() == "2027-01-15"
    assert one.created == NOW
