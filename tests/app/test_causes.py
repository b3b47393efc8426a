"""Claims about the answer to why a curve moved: it names what moved, what moved along, and what was decided or happened."""

from __future__ import annotations

import numpy as np
import pytest

from ketensim.app.explore.causes import Grounds, reasons_of
from ketensim.foundation.outcome_table import LOSSES, OUTCOME_NAMES
from ketensim.scenario.files import load
from ketensim.texts import LANGUAGES, t

CHAIN = load("reference")
LATER = CHAIN.with_levers(52, frame=0.9).with_events(
    {"type": "incident", "week": 60, "size": 0.5, "label": {"nl": "Rel", "en": "Row"}}
)
RUNS, QUARTERS = 30, 8


def told(change: dict[str, float], of: str = "difference", first: int = 4, last: int = 4) -> list[str]:
    """What is said when outcomes of all runs change that much from the fifth quarter on."""
    luck = np.random.default_rng(1)
    was = np.full((RUNS, QUARTERS, len(OUTCOME_NAMES)), 0.5) + luck.normal(0.0, 0.02, (RUNS, 1, len(OUTCOME_NAMES)))
    now = was.copy()
    for name, size in change.items():
        now[:, 4:, OUTCOME_NAMES.index(name)] += size + luck.normal(0.0, 0.002, (RUNS, 1))
    sentences: list[str] = reasons_of(Grounds(LATER, now, CHAIN, was), first, last, of, "en")["sentences"]
    return sentences


@pytest.mark.parametrize("loss", LOSSES)
def test_the_loss_that_took_most_is_named_when_the_goal_falls(loss: str) -> None:
    others = dict.fromkeys(LOSSES, 0.01)
    label = t(f"report.ledger.through.{loss.removeprefix('loss_')}", "en")
    assert f"more is lost through {label}" in told({"goal_realisation": -0.2, **others, loss: 0.15})[0]


def test_what_moved_along_is_named_in_order_and_only_where_it_fits() -> None:
    sentences = told(
        {"goal_realisation": 0.2, "loss_late": -0.2, "trust_persons": 0.3, "frame": 0.1, "motivation": -0.3}
    )
    persons, clarity, motivation = (
        t(f"outcome.{name}.label", "en").lower() for name in ("trust_persons", "frame", "motivation")
    )
    assert sentences[1].lower().index(persons) < sentences[1].lower().index(clarity)
    assert motivation not in sentences[1].lower()


def test_a_difference_on_equal_luck_comes_from_what_was_decided() -> None:
    assert "Frame" in told({"goal_realisation": 0.2})[-1]


def test_a_curve_is_told_with_what_happened_in_its_time_or_shortly_before() -> None:
    fall = {"goal_realisation": -0.2, "loss_wrong": 0.2}
    assert "Row" in told(fall, "curve", 3, 4)[-1]
    assert told(fall, "curve", 0, 1)[-1] == t("app.causes.nothing_happened", "en")


def test_what_may_be_chance_is_not_explained() -> None:
    assert "may be chance" in told({"waiting": 0.3}, "curve")[0]
    assert len(told({"waiting": 0.3}, "curve")) == 2


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("of", ["difference", "curve"])
def test_there_are_never_more_than_three_sentences_and_none_without_words(of: str, language: str) -> None:
    nothing = np.full((RUNS, QUARTERS, len(OUTCOME_NAMES)), np.nan)
    found = reasons_of(Grounds(LATER, nothing, CHAIN, nothing), 0, QUARTERS - 1, of, language)
    assert 1 <= len(found["sentences"]) <= 3
    assert found["sentences"][0] == t("app.causes.unknown", language)
    assert 0 <= found["week"] < CHAIN.weeks
