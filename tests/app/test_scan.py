"""Claims about the chain scan: how answers become levers and trust, and what stays as it was."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ketensim.app.own import scan
from ketensim.app.own.scan import QUESTIONS, VALUES, ScanAnswers
from ketensim.app.setting import OWN, Setting, scenario_of
from ketensim.foundation.parameters import LEVER_NAMES, LEVERS
from ketensim.texts import LANGUAGES, t

ANSWERS = st.dictionaries(st.sampled_from(sorted(QUESTIONS)), st.integers(0, len(VALUES) - 1))


def test_there_are_twelve_questions_two_for_each_condition_and_every_lever_is_asked_after() -> None:
    conditions = [scan.CONDITION[lever] for lever in QUESTIONS.values()]
    assert len(QUESTIONS) == 12
    assert {conditions.count(name) for name in conditions} == {2}
    assert set(QUESTIONS.values()) == set(LEVER_NAMES)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("question", QUESTIONS)
def test_every_question_has_five_different_answers_in_plain_words(question: str, language: str) -> None:
    told = [t(f"scan.question.{question}.a{number}", language) for number in range(1, len(VALUES) + 1)]
    assert len(set(told)) == len(VALUES)
    assert all(words.endswith(".") and len(words) < 120 for words in told)
    assert t(f"scan.question.{question}.ask", language).endswith("?")


@given(ANSWERS)
def test_what_nobody_answered_stays_as_it_stands_in_the_chain(questions: dict[str, int]) -> None:
    setting = Setting()
    before, after = scenario_of(setting), scenario_of(scan.applied(setting, ScanAnswers(questions)))
    asked = {QUESTIONS[name] for name in questions}
    for row in LEVERS:
        if row.name in asked:
            assert after.lever(row.name) == pytest.approx(ScanAnswers(questions).levers[row.name], abs=0.002)
        else:
            assert after.lever(row.name) == before.lever(row.name)
        assert after.lever_at(row.name) == after.lever(row.name)  # so it has always been: a scan decides nothing


def test_what_is_moved_after_a_scan_is_a_decision_in_the_chain_as_the_scan_found_it() -> None:
    found = scan.applied(Setting().with_lever("room", 0.9), ScanAnswers({"clear": 3}))
    moved = found.with_lever("chain_skills", 0.8)
    scenario = scenario_of(moved)
    assert dict(moved.levers) == {"room": 0.9, "chain_skills": 0.8}
    assert scenario.lever("frame") == scenario.lever_at("frame") == VALUES[3]
    assert [scenario.lever(name) for name in ("room", "chain_skills")] == [
        scenario_of(Setting()).lever(name) for name in ("room", "chain_skills")
    ]
    assert scenario_of(scan.applied(found, ScanAnswers({"deviate": 0}))).lever_at("room") == VALUES[0]


@given(ANSWERS, st.sampled_from(sorted(QUESTIONS)))
def test_a_better_answer_never_puts_a_lever_lower(questions: dict[str, int], name: str) -> None:
    answers = ScanAnswers({**questions, name: 1})
    assert answers.answered(name, 2).levers[QUESTIONS[name]] > answers.levers[QUESTIONS[name]]


def test_no_answer_puts_a_lever_at_an_end() -> None:
    assert min(VALUES) > 0 and max(VALUES) < 1


def test_trust_in_partners_becomes_the_trust_with_which_the_model_begins() -> None:
    names = [part.id for part in scenario_of(Setting()).organisations]
    answers = (
        ScanAnswers().trusted(names[0], "persons", 0).trusted(names[1], "persons", 4).trusted(names[1], "agreements", 3)
    )
    scenario = scenario_of(scan.applied(Setting(), answers))
    assert scenario.parameter("trust_persons_start") == pytest.approx((VALUES[0] + VALUES[4]) / 2)
    assert scenario.parameter("trust_agreements_start") == pytest.approx(VALUES[3])
    assert scenario.parameter("trust_vertical_start") == scenario_of(Setting()).parameter("trust_vertical_start")
    assert answers.least_trusted() == names[0]


def test_with_trust_the_chain_becomes_ones_own_with_all_that_was_set_before() -> None:
    setting = replace(Setting(), capacity=0.9, non_standard=0.4, seed=7).with_lever("room", 0.9)
    answers = ScanAnswers({"clear": 3}).trusted(scenario_of(setting).organisations[0].id, "persons", 1)
    found = scan.applied(setting, answers)
    scenario = scenario_of(found)
    assert found.chain == OWN and found.seed == 7
    assert (scenario.context.capacity, scenario.context.non_standard) == (0.9, 0.4)
    assert (scenario.lever_at("room"), scenario.lever_at("frame")) == (0.9, VALUES[3])
    assert scenario.title.nl.endswith("(ketenscan)")
    assert scenario_of(scan.applied(found, answers)).title.nl.count("ketenscan") == 1


def test_an_answer_that_is_taken_back_is_gone() -> None:
    answers = ScanAnswers().trusted("A", "persons", 2).trusted("A", "persons", None)
    assert answers == ScanAnswers()
    assert answers.least_trusted() is None


@given(ANSWERS)
def test_what_a_browser_kept_comes_back_as_it_was(questions: dict[str, int]) -> None:
    answers = ScanAnswers(questions).trusted("Raad", "persons", 3)
    assert ScanAnswers.recalled(answers.kept) == answers


@pytest.mark.parametrize(
    "kept", [None, "x", [["clear", 9]], [["nothing", 1]], [["A", "love", 1]], [[]], [["clear", "1"]], {}]
)
def test_what_a_browser_brings_that_is_no_answer_is_left_out(kept: object) -> None:
    assert ScanAnswers.recalled(kept) == ScanAnswers()
