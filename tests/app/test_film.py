"""Claims about the film of a run: it is the run of the ensemble, its cases add up, and everything in it can be asked for."""

from __future__ import annotations

import json
import re

import numpy as np
import pytest
from tests.conftest import organisation, scenario_of, small

import ketensim as ks
from ketensim.app.background import Listener, StoppedError
from ketensim.app.curves import GOAL
from ketensim.app.setting import Setting
from ketensim.app.watch.film import RUNS, Film, Ranking, film_of, ranking_of
from ketensim.app.watch.layout import MOST_LINES, SHAPES, stage
from ketensim.app.watch.page import answer_to, make_film
from ketensim.app.watch.player import QUARTER, film_as_text, full, per_dot, reasons, smoothed
from ketensim.foundation.outcome_table import OUTCOME_NAMES
from ketensim.scenario import files
from ketensim.texts import languages

WEEKS = 60
SEED = 5
RUN = 3


@pytest.fixture(scope="module")
def film() -> Film:
    return film_of(files.load("jeugdbescherming").with_weeks(WEEKS), SEED, RUN)


@pytest.fixture(scope="module")
def ranking() -> Ranking:
    return ranking_of(files.load("jeugdbescherming").with_weeks(WEEKS), SEED)


def test_the_film_is_that_run_of_the_ensemble_to_the_bit(film: Film) -> None:
    results = ks.simulate(film.scenario, runs=RUN + 1, seed=SEED)
    np.testing.assert_array_equal(film.outcomes, results.weekly_values[RUN])


@pytest.mark.parametrize("name", files.names())
def test_cases_are_neither_lost_nor_made(name: str) -> None:
    """What came in at the organisations, as the film shows it, is what the model says arrived."""
    made = film_of(files.load(name).with_weeks(30), SEED, RUN)
    arrived = made.outcomes[:, OUTCOME_NAMES.index("arrived_all")]
    np.testing.assert_array_equal(made.arrivals.sum(axis=1), arrived)
    assert (made.arrivals >= 0).all()
    handed = made.link["accepted"].sum()
    assert handed == made.organisation["handed_over"][1:].sum()


def test_only_what_could_be_known_by_then_is_called_known(film: Film) -> None:
    assert (np.diff(film.known) >= 0).all()
    assert (film.known <= np.arange(1, WEEKS + 1)).all()
    for week, known in enumerate(film.known):
        part = film_of(film.scenario.with_weeks(week + 1), SEED, RUN).goal if week % 20 == 19 else None
        if part is not None:
            assert (~np.isnan(part)).sum() == known


def test_trust_over_a_link_lies_between_what_both_ends_feel(film: Film) -> None:
    assert film.trust.shape == (WEEKS, len(film.chain.link))
    assert ((film.trust > 0) & (film.trust < 1)).all()


def test_an_explanation_is_that_of_the_model(film: Film) -> None:
    model = ks.ChainModel(film.scenario, rng=SEED, replication=RUN)
    for _ in range(10):
        model.step()
    for place, one in enumerate(film.scenario.organisations):
        assert film.explained(9, place) == model.explain(one.id)


def test_best_and_worst_are_what_they_are_called(ranking: Ranking) -> None:
    assert len(ranking.order) == RUNS
    assert ranking.goal[ranking.worst] == ranking.goal.min()
    assert ranking.goal[ranking.best] == ranking.goal.max()
    assert ranking.place(ranking.best) == 1 and ranking.place(ranking.worst) == RUNS
    assert abs(ranking.goal[ranking.average] - ranking.goal.mean()) == np.abs(ranking.goal - ranking.goal.mean()).min()


def test_the_ranked_runs_are_those_of_the_film(film: Film, ranking: Ranking) -> None:
    summary = ks.simulate(film.scenario, runs=RUN + 1, seed=SEED).summary
    assert ranking.goal[RUN] == summary[RUN, GOAL]


@pytest.mark.parametrize("language", languages())
def test_what_the_page_gets_is_complete_and_small(film: Film, ranking: Ranking, language: str) -> None:
    text = film_as_text(film, ranking, language)
    sent = json.loads(text)
    assert len(text) < 400_000
    assert len(sent["organisations"]) == len(film.scenario.organisations)
    assert all(len(one["waiting"]) == WEEKS for one in sent["organisations"])
    assert all(len(stage["links"]) == len(sent["links"]) for stage in sent["stages"].values())
    assert [sum(one["came"][week] for one in sent["organisations"]) for week in range(WEEKS)] == [
        int(number) for number in film.outcomes[:, OUTCOME_NAMES.index("arrived_all")]
    ]


def test_a_long_chain_of_many_weeks_is_still_one_message() -> None:
    scenario = files.load("asiel")
    made = film_of(scenario, SEED, 0)
    text = film_as_text(made, Ranking(np.arange(RUNS), np.linspace(0.1, 0.9, RUNS)), "nl")
    assert len(text) < 600_000
    assert per_dot(made) >= 1 and full(made) >= 1.0


def test_smoothing_keeps_a_level_and_looks_back_only() -> None:
    level = np.full(40, 0.4)
    np.testing.assert_allclose(smoothed(level), level)
    jump = np.concatenate([np.zeros(20), np.ones(20)])
    assert (smoothed(jump)[:20] == 0).all()
    assert smoothed(jump)[20 + QUARTER - 1] == 1.0
    assert np.isnan(smoothed(np.array([0.3, np.nan])))[1]


@pytest.mark.parametrize("name", files.names())
@pytest.mark.parametrize("shape", SHAPES)
def test_organisations_stand_free_of_one_another_and_on_the_stage(name: str, shape: str) -> None:
    scenario = files.load(name)
    number = {organisation.id: place for place, organisation in enumerate(scenario.organisations)}
    drawn = stage(scenario, [(number[link.source], number[link.target]) for link in scenario.links], "nl", shape)
    width, height = drawn["node"]
    for place, one in enumerate(drawn["nodes"]):
        assert 0 <= one["x"] <= drawn["width"] - width and 0 <= one["y"] <= drawn["height"] - height
        assert 1 <= len(one["lines"]) <= MOST_LINES
        for other in drawn["nodes"][place + 1 :]:
            assert abs(one["x"] - other["x"]) > width or abs(one["y"] - other["y"]) > height
    for link in drawn["links"]:
        x, y = (float(part) for part in re.match(r"M([\d.-]+) ([\d.-]+)Q", link["path"]).groups())  # type: ignore[union-attr]
        assert not any(
            one["x"] < x < one["x"] + width and one["y"] < y < one["y"] + height for one in drawn["nodes"]
        ), "a link begins outside the organisations"


@pytest.mark.parametrize("shape", SHAPES)
def test_an_organisation_is_called_what_people_called_it_and_never_by_its_hidden_short_name(shape: str) -> None:
    long = {"nl": "Regionaal samenwerkingsverband van alle wijkteams in de omgeving", "en": "x"}
    ends = [{"from": "Org1", "to": "B", "share": 0.6}]
    chain = small(organisations=[organisation("Org1", label=long), organisation("B")], links=ends)
    chain["case_types"][0]["entry"] = "Org1"
    first = stage(scenario_of(chain), [(0, 1)], "nl", shape)["nodes"][0]["lines"]
    assert first[0].startswith("Regionaal") and first[-1].endswith("…") and len(first) <= MOST_LINES
    assert "Org1" not in " ".join(first)


def test_what_a_browser_asks_is_checked(film: Film) -> None:
    good = answer_to({"week": 4, "organisation": 1}, film, "nl")
    assert good is not None and good["sentences"] == reasons(film, 4, 1, "nl")
    for question in ({}, {"week": -1, "organisation": 0}, {"week": WEEKS, "organisation": 0}, {"week": "1", "organisation": 0},
                     {"week": 1, "organisation": 99}, {"week": 1.5, "organisation": 0}):  # fmt: skip
        assert answer_to(question, film, "nl") is None


def test_a_run_whose_goal_nobody_can_know_yet_is_not_called_a_failure() -> None:
    scenario = files.load("reference").with_weeks(3)
    ranking = ranking_of(scenario, SEED)
    assert np.isnan(ranking.goal).all()
    sent = json.loads(film_as_text(film_of(scenario, SEED, ranking.run("average")), ranking, "nl"))
    assert sent["run"] == f"Simulatie 1 van {RUNS}" and set(sent["known"]) == {0}


def test_leaving_the_page_stops_the_making() -> None:
    shares: list[float] = []

    def leave(share: float) -> None:
        shares.append(share)
        listener.stopped.set()

    listener = Listener(lambda _: None, leave)
    with pytest.raises(StoppedError):
        make_film(Setting(chain="reference"), "average", None, listener)
    assert len(shares) == 1


def test_a_film_is_of_the_run_that_was_chosen_and_the_runs_are_known_for_the_next() -> None:
    listener = Listener(lambda _: None, lambda _: None)
    worst = make_film(Setting(chain="reference", seed=3), "worst", None, listener)
    assert worst.film.replication == worst.ranking.worst and worst.film.seed == 3
    seventh = make_film(worst.setting, "7", worst, listener)
    assert seventh.film.replication == 7 and seventh.ranking is worst.ranking
