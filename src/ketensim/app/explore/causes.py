"""Why a curve does what it does in a period: what moved, what moved along with it, and what was decided or happened before.

Beside the chain without the changes, on equal luck, all that differs comes from the changes. Of one curve over time that cannot
be said; there the sentences say what moved at the same time, and what came before.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from ketensim.app.curves import GOAL
from ketensim.app.effect import by_quarter
from ketensim.foundation.outcome_table import LOSSES, OUTCOME_NAMES
from ketensim.run.comparison import known_mean
from ketensim.run.estimate import Estimate
from ketensim.run.results import Results
from ketensim.scenario.schema import Scenario
from ketensim.texts import enumerated, t
from ketensim.views.drawing.marks import marks_of
from ketensim.views.report.conclusions import QUARTER
from ketensim.views.report.differences import different_settings
from ketensim.views.report.values import written_value

DRIVERS: Final = {  # what may move the goal, and the direction in which it would raise it
    "waiting": -1, "returns_per_case": -1, "administration_share": -1, "trust_persons": 1, "trust_agreements": 1,
    "frame": 1, "discretion": 1, "motivation": 1, "drift": -1, "weight": 1, "uncertainty": -1, "under_intervention": -1,
    "incidents": -1, "staff": 1, "monitor": 1, "binding": 1, "hours_case_work": 1,
}  # fmt: skip
NEITHER_WAY: Final = (
    "discretion",
    "under_intervention",
)  # help in one chain and hurt in another: told whichever way they move
MOST_DRIVERS: Final = 3
LEAST: Final = 0.15  # of how far a driver ranges over runs and quarters; less is not told
LEAST_PART: Final = 0.05  # of what it was; less is not told either
LEAST_GOAL: Final = 0.003  # a smaller change of the goal is none
REACH: Final = 26  # weeks back in which something may have caused it
MOST_EVENTS: Final = 2
Values = np.ndarray


@dataclass(frozen=True, eq=False)
class Grounds:
    """What the answer is read from: by quarter, of every run, with and without the changes.

    Attributes
    ----------
    scenario : that is shown
    now : array [run, quarter, outcome]
    was_scenario, was : the same of the chain without the changes; None when there are none
    """

    scenario: Scenario
    now: Values
    was_scenario: Scenario | None = None
    was: Values | None = None


def quarterly(results: Results) -> Values:
    """Every outcome by quarter, array [run, quarter, outcome], small enough to be kept for a visitor."""
    assert results.weekly_values is not None
    runs, weeks, outcomes = results.weekly_values.shape
    flat = results.weekly_values.transpose(0, 2, 1).reshape(runs * outcomes, weeks)
    return by_quarter(flat).reshape(runs, outcomes, -1).transpose(0, 2, 1).astype(np.float32)


def reasons_of(grounds: Grounds, first: int, last: int, of: str, language: str) -> dict[str, Any]:
    """At most three sentences, the most telling first, and the week to look at.

    Parameters
    ----------
    grounds : of what is shown
    first, last : quarters; equal when one was pointed at
    of : ``difference`` with the chain without the changes, or ``curve``: how it moved in that time
    language : of the sentences
    """
    beside = of == "difference" and grounds.was is not None
    if beside:
        a, b = _mean(grounds.was, first, last), _mean(grounds.now, first, last)
    else:
        start = first if last > first else max(0, first - 1)
        a, b = _mean(grounds.now, start, start), _mean(grounds.now, last, last)
        first = start
    told = [_moved(grounds, a, b, (first, last), beside, language)]
    if beside or Estimate.of_mean(b[:, GOAL] - a[:, GOAL]).sure:
        told += _along(grounds, a, b, language)
    if np.isnan(known_mean(b[:, GOAL] - a[:, GOAL])):
        return {"first": first, "last": last, "of": of, "sentences": told, "week": QUARTER * last}
    told.append(_decided(grounds, language) if beside else _happened(grounds.scenario, first, last, language))
    return {"first": first, "last": last, "of": of, "sentences": told, "week": QUARTER * (first if beside else last)}


def _mean(values: Values | None, first: int, last: int) -> Values:
    """Of every run and outcome the mean over some quarters, array [run, outcome]."""
    assert values is not None
    part = values[:, first : last + 1]
    known = ~np.isnan(part)
    number = known.sum(axis=1)
    total = np.where(known, part, 0.0).sum(axis=1)
    means: Values = np.divide(total, number, out=np.full(total.shape, np.nan), where=number > 0)
    return means


def _moved(grounds: Grounds, a: Values, b: Values, quarters: tuple[int, int], beside: bool, language: str) -> str:
    """What became of the goal, and which loss took or gave most."""
    goal = Estimate.of_mean(b[:, GOAL] - a[:, GOAL])
    first, last = (grounds.scenario.date_of(QUARTER * quarter) for quarter in quarters)
    facts = {"first": first, "last": last, "before": known_mean(a[:, GOAL]), "now": known_mean(b[:, GOAL])}
    facts |= grounds.scenario.words(language)
    kind = "beside" if beside else "curve"
    if np.isnan(goal.mean):
        return t("app.causes.unknown", language)
    if not goal.sure or abs(goal.mean) < LEAST_GOAL:
        return t(f"app.causes.{kind}.same", language, **facts)
    direction = "up" if goal.mean > 0 else "down"
    said = t(f"app.causes.{kind}.{direction}", language, **facts)
    sizes = {name: float(known_mean(b[:, place] - a[:, place])) for name, place in _places(LOSSES)}
    loss = min(sizes, key=lambda name: sizes[name] * np.sign(goal.mean))
    if sizes[loss] * np.sign(goal.mean) >= 0.0:
        return said
    place = OUTCOME_NAMES.index(loss)
    label = t(f"report.ledger.through.{loss.removeprefix('loss_')}", language)
    loss_facts = {"label": label, "before": known_mean(a[:, place]), "now": known_mean(b[:, place])}
    return f"{said} {t(f'app.causes.loss.{direction}', language, **loss_facts)}"


def _along(grounds: Grounds, a: Values, b: Values, language: str) -> Iterator[str]:
    """What moved most at the same time, in the direction that fits, as a part of how far it ranges at all."""
    direction = np.sign(known_mean(b[:, GOAL] - a[:, GOAL]))
    sizes: dict[str, float] = {}
    for name, place in _places(DRIVERS):
        moved = Estimate.of_mean(b[:, place] - a[:, place])
        known = grounds.now[:, :, place]
        range_of = float(known[~np.isnan(known)].std()) if moved.sure else 0.0
        fits = name in NEITHER_WAY or np.sign(moved.mean) == DRIVERS[name] * direction
        most = max(abs(float(known_mean(side[:, place]))) for side in (a, b))
        if fits and range_of > 0.0 and abs(moved.mean) > LEAST_PART * most:
            sizes[name] = abs(moved.mean) / range_of
    largest = sorted((name for name in sizes if sizes[name] > LEAST), key=lambda name: -sizes[name])[:MOST_DRIVERS]
    if not largest:
        return
    told = []
    for name in largest:
        place = OUTCOME_NAMES.index(name)
        before, now = float(known_mean(a[:, place])), float(known_mean(b[:, place]))
        values = [written_value(name, value, language, max(abs(before), abs(now))) for value in (before, now)]
        label = t(f"outcome.{name}.label", language, **grounds.scenario.words(language))
        facts = {"label": label[0].lower() + label[1:], "before": values[0], "now": values[1]}
        told.append(t("app.causes.driver", language, **facts))
    yield t("app.causes.along", language, drivers=enumerated(told, language))


def _decided(grounds: Grounds, language: str) -> str:
    """What was set differently, from which all of a difference on equal luck comes."""
    assert grounds.was_scenario is not None
    changes = different_settings(grounds.scenario, grounds.was_scenario, language)
    return t("app.causes.decided", language, changes="; ".join(changes))


def _happened(scenario: Scenario, first: int, last: int, language: str) -> str:
    """What came from outside, or was decided, in the period or shortly before."""
    begin, end = QUARTER * first - REACH, QUARTER * (last + 1)
    found = [
        t("app.causes.event", language, date=mark.date, what="; ".join(mark.lines))
        for mark in marks_of(scenario, language)
        if begin <= (mark.date - scenario.start).days / 7 < end
    ]
    if not found:
        return t("app.causes.nothing_happened", language)
    return t("app.causes.happened", language, events=enumerated(found[-MOST_EVENTS:], language))


def _places(names: Any) -> Iterator[tuple[str, int]]:
    return ((name, OUTCOME_NAMES.index(name)) for name in names)
