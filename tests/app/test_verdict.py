"""Claims about comparing on equal luck: the numbers are those of ``ks.compare``, and words follow the intervals."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

import ketensim as ks
from ketensim.app.background import Listener
from ketensim.app.compare.equal_luck import FIRST_RUNS, KeptRuns, Side, SideBySide, ensemble_of
from ketensim.app.compare.verdict import (
    COMPARED,
    ComparedOutcome,
    Difference,
    advice,
    best_column,
    board,
    column_differences,
)
from ketensim.app.curves import GOAL
from ketensim.app.setting import Setting, scenario_of
from ketensim.foundation.outcome_table import OUTCOME_NAMES
from ketensim.run.estimate import Estimate
from ketensim.run.executors import StoppedError
from ketensim.texts import languages

PLAIN = Setting(chain="reference", seed=2)
MOVED = PLAIN.with_lever("room", 0.95).with_lever("frame", 0.05)
RUNS = 40
YEAR = 52


def computed(*settings: Setting, runs: int = RUNS) -> list[SideBySide]:
    shown: list[SideBySide] = []
    KeptRuns().compute(settings, runs, Listener(shown.append, lambda _: None))
    return shown


@pytest.fixture(scope="module")
def shown() -> SideBySide:
    return computed(PLAIN, MOVED)[-1]


def test_the_differences_are_those_of_ks_compare(shown: SideBySide) -> None:
    table = ks.compare(scenario_of(PLAIN), scenario_of(MOVED), runs=RUNS, seed=2).table.set_index("outcome")
    years = scenario_of(PLAIN).weeks / YEAR
    for found in column_differences(shown.sides[0], shown.sides[1], scenario_of(PLAIN).weeks):
        row = table.loc[found.outcome.name]
        scale = 1 / years if found.outcome.kind == "per_year" else 1
        np.testing.assert_allclose(
            [found.estimate.mean, found.estimate.low, found.estimate.high],
            scale * row[["difference", "low", "high"]].astype(float),
        )


def test_the_runs_are_those_of_the_ensemble_to_the_bit(shown: SideBySide) -> None:
    results = ks.simulate(scenario_of(MOVED), runs=RUNS, seed=2)
    np.testing.assert_array_equal(shown.sides[1].summary, results.summary)
    np.testing.assert_array_equal(shown.sides[1].goal, results.weekly_values[:, :, GOAL])


def test_growing_in_steps_gives_the_same_runs() -> None:
    once, steps = ensemble_of(PLAIN), ensemble_of(PLAIN)
    once.grow(23)
    for number in (3, 3, 17, 23):
        steps.grow(number)
    np.testing.assert_array_equal(once.replications.summary, steps.replications.summary)


def test_some_runs_are_shown_first_and_all_columns_always_have_the_same_number() -> None:
    found = computed(PLAIN, MOVED, runs=FIRST_RUNS + 10)
    assert [one.runs for one in found] == [FIRST_RUNS, FIRST_RUNS + 10]
    assert all(len(side.summary) == one.runs for one in found for side in one.sides)


def test_a_setting_that_stays_in_view_is_not_computed_again_and_pairs_stay_paired() -> None:
    kept, shown = KeptRuns(), []
    listener = Listener(shown.append, lambda _: None)
    kept.compute([PLAIN], 30, listener)
    before = kept._ensembles[PLAIN]
    kept.compute([MOVED, PLAIN], 20, listener)
    assert kept._ensembles[PLAIN] is before
    assert shown[-1].settings == (MOVED, PLAIN) and shown[-1].runs == 20


def test_it_stops_within_a_few_runs_when_asked() -> None:
    seen, shown = [], []

    class Leaving(Listener):
        def progress(self, share: float) -> None:
            super().progress(share)
            seen.append(share)
            self.stopped.set()

    with pytest.raises(StoppedError):
        KeptRuns().compute([PLAIN, MOVED], 1000, Leaving(shown.append, lambda _: None))
    assert len(seen) == 1 and not shown


def one(low: float, high: float, outcome: str = "goal_realisation") -> Difference:
    return Difference(ComparedOutcome(outcome, "share"), Estimate((low + high) / 2, low, high, RUNS), 0.6)


def test_an_interval_that_holds_nought_may_be_chance() -> None:
    assert one(-0.01, 0.02).verdict == one(-0.01, 0.02).judgement == "cannot_be_told"
    assert one(0.01, 0.02).judgement == "better" and one(-0.02, -0.01).judgement == "worse"
    assert one(0.01, 0.02, "open").judgement == "worse" and one(0.01, 0.02, "interventions").judgement == "other"
    assert one(0.0, 0.0).judgement == "same" and one(float("nan"), float("nan")).judgement == "unknown"


@pytest.mark.parametrize("language", languages())
def test_the_words_say_chance_where_the_interval_holds_nought_and_only_there(language: str) -> None:
    sure = list(advice([one(0.02, 0.04)], "B", "A", language))
    doubt = list(advice([one(-0.02, 0.04)], "B", "A", language))
    chance = {"nl": "kan toeval zijn", "en": "may be chance"}[language]
    assert not any(chance in sentence for sentence in sure)
    assert chance in doubt[0]
    small = list(advice([one(0.001, 0.002)], "B", "A", language))
    assert len(small) == len(sure) + 1, "a small difference is called small"


def made(*means: float, noise: float = 0.0) -> SideBySide:
    """Settings with a known goal realisation in each run; with ``noise`` their differences go both ways."""
    found = []
    for place, mean in enumerate(means):
        table = np.zeros((RUNS, len(OUTCOME_NAMES)))
        table[:, GOAL] = mean + noise * (-1.0) ** (np.arange(RUNS) + place) + 1e-4 * np.arange(RUNS) / RUNS * place
        found.append(Side(table, np.tile(table[:, GOAL : GOAL + 1], 3)))
    settings = [replace(PLAIN, levers=(("room", 0.1 * place),)) for place in range(len(means))]
    return SideBySide(tuple(settings), tuple(found))


@pytest.mark.parametrize("language", languages())
def test_the_verdict_names_the_best_and_whether_that_is_sure(language: str) -> None:
    names = ["A (x)", "B (y)", "C (z)"]
    clear = best_column(made(0.4, 0.5, 0.45), names, language)
    assert clear.startswith("B (y)") and "50" in clear and "A (x)" not in clear
    doubt = best_column(made(0.4, 0.5, 0.499, noise=0.2), names, language)
    assert doubt.startswith("B (y)") and "C (z)" in doubt
    assert best_column(made(0.4), names[:1], language) != best_column(made(0.4, 0.4), names[:2], language)


@pytest.mark.parametrize("language", languages())
def test_the_page_gets_every_outcome_of_every_column(shown: SideBySide, language: str) -> None:
    sent = board(shown, MOVED, language)
    assert [column["letter"] for column in sent["columns"]] == ["A", "B"]
    assert len(sent["rows"]) == len(COMPARED)
    assert all(len(row["values"]) == 2 and len(row["marks"]) == 1 for row in sent["rows"])
    assert len(sent["columns"][0]["mean"]) == scenario_of(PLAIN).weeks
    assert sent["columns"][1]["now"] and not sent["columns"][0]["now"]
    assert "{" not in str(sent["columns"][1]["advice"])


def test_two_equal_settings_are_told_to_be_equal() -> None:
    found = computed(PLAIN)[0].sides[0]
    shown = SideBySide((PLAIN, PLAIN.with_lever("room", 0.3)), (found, found))
    sent = board(shown, PLAIN, "nl")
    assert sent["best"].startswith("Deze instellingen geven precies dezelfde")
    assert {mark["judgement"] for row in sent["rows"] for mark in row["marks"]} == {"same"}
