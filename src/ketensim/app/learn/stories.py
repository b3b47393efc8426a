"""The stories of the page Learn: two pairs of runs on equal luck, and what came out of them.

A story claims something about the model. Nothing of it is taken for granted: both pairs are computed when a visitor
asks to see them, and whether the claim holds is read from the results.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Final

import numpy as np

from ketensim.app.background import BURN_INS
from ketensim.app.curves import page_numbers
from ketensim.app.setting import ExtraEvent, Setting, scenario_of
from ketensim.foundation.outcome_table import OUTCOME_NAMES, OUTCOMES
from ketensim.foundation.parameters import LEVERS
from ketensim.run.comparison import PairedDifference, paired_difference
from ketensim.run.estimate import CANNOT_BE_TOLD, HIGHER, LOWER
from ketensim.run.growing import GrowingEnsemble
from ketensim.run.replications import EVERY, Keep
from ketensim.run.results import Results
from ketensim.texts import t
from ketensim.views.drawing.reading import Reading

FIRST_RUNS: Final = 40
ALL_RUNS: Final = 200
GOAL: Final = "goal_realisation"
LEAST: Final = 0.005  # half a percentage point: what is smaller is called no difference
SIDES: Final = ("before", "after")
DIRECTIONS: Final = (HIGHER, CANNOT_BE_TOLD, LOWER)
UNITS: Final = {row.name: row.unit for row in OUTCOMES}
ORDINARY: Final = "reference"
LITTLE_ROOM, MUCH_ROOM = 0.2, 0.8
LOW, HIGH = 0.2, 0.8  # heights of a group of levers
INCIDENT: Final = ExtraEvent("incident", week=26, size=0.9, weeks=8)  # eight weeks in the news, as the stories say
HARD: Final = ("frame", "information_balance", "ambition_coupling")  # what can be put on paper; the division is ours
INFORMAL: Final = tuple(row.name for row in LEVERS if row.name not in HARD)  # what grows between people
KEEP: Final = Keep(weekly=EVERY)
AFTER_A_YEAR: Final = (52, 190)  # the last weeks are left out: their cases are not finished
Progress = Callable[[float], None]


@dataclass(frozen=True)
class Pair:
    """Two settings that differ in one thing, in a circumstance that has a name.

    Attributes
    ----------
    name : of the circumstance, in the catalogue
    before, after : the settings
    expected : what may become of goal realisation if the story is true
    """

    name: str
    before: Setting
    after: Setting
    expected: tuple[str, ...]


@dataclass(frozen=True)
class Story:
    """One story.

    Attributes
    ----------
    name : in the catalogue and in links
    pairs : the same change in two circumstances
    weeks : from and up to which reported week is compared
    followed : outcomes that show how it came about, with the difference that is worth a sentence
    short : whether it answers the first question that people have, in two minutes
    """

    name: str
    pairs: tuple[Pair, Pair]
    weeks: tuple[int, int]
    followed: Mapping[str, float]
    short: bool = False


@dataclass(frozen=True, eq=False)
class ComparedPair:
    """What came out of a pair.

    Attributes
    ----------
    pair : which
    runs : of each of the two
    weekly : by side the mean goal realisation of each week
    pairs : by outcome the means over the weeks, before (a) and after (b)
    """

    pair: Pair
    runs: int
    weekly: Mapping[str, list[float | None]]
    pairs: Mapping[str, PairedDifference]

    def direction(self, outcome: str = GOAL, least: float = LEAST) -> str:
        """Whether an outcome is higher or lower afterwards, by a difference that is worth a word."""
        return self.pairs[outcome].difference.verdict(least)


def _chain(**levers: float) -> Setting:
    """The ordinary chain, with levers elsewhere."""
    setting = Setting(chain=ORDINARY)
    for name, value in levers.items():
        setting = setting.with_lever(name, value)
    return setting


def _always(**levers: float) -> Setting:
    """The same as that has always been, for a chain to which something happens later."""
    return replace(_chain(**levers), always=True)


def _pair(name: str, expected: tuple[str, ...], setting: Setting, change: Callable[[Setting], Setting]) -> Pair:
    return Pair(name, setting, change(setting), expected)


def _more_room(setting: Setting) -> Setting:
    return setting.with_lever("room", MUCH_ROOM)


def _incident(setting: Setting) -> Setting:
    return replace(setting, events=(INCIDENT,))


def _put(names: Iterable[str], height: float, setting: Setting) -> Setting:
    """A setting with some levers at one height."""
    for name in names:
        setting = setting.with_lever(name, height)
    return setting


def _informal_low(hard: float) -> Setting:
    return _put(INFORMAL, LOW, _put(HARD, hard, _chain()))


def _of_cases(share: float) -> Setting:
    return replace(_chain(room=LITTLE_ROOM, frame=0.3), non_standard=share)


STORIES: Final[Mapping[str, Story]] = {
    story.name: story
    for story in (
        Story(
            "letting_go",
            (
                _pair("few", (LOWER,), _of_cases(0.1), _more_room),
                _pair("many", (HIGHER,), _of_cases(0.5), _more_room),
            ),
            AFTER_A_YEAR,
            {"returns_per_case": 0.01, "waiting": 5.0, "motivation": 0.01},
            short=True,
        ),
        Story(
            "incident",
            (
                _pair("separate", (LOWER,), _always(information_balance=0.1), _incident),
                _pair("single", (CANNOT_BE_TOLD, HIGHER), _always(information_balance=0.9), _incident),
            ),
            (142, 190),
            {"administration_share": 0.005, "under_intervention": 0.01, "waiting": 5.0, "motivation": 0.01},
        ),
        Story(
            "room",
            (
                _pair("without", (LOWER,), _chain(frame=0.1, room=LITTLE_ROOM), _more_room),
                _pair("within", (HIGHER,), _chain(frame=0.9, room=LITTLE_ROOM), _more_room),
            ),
            AFTER_A_YEAR,
            {"returns_per_case": 0.01, "trust_persons": 0.01, "motivation": 0.01},
        ),
        Story(
            "urgency",
            (
                _pair("apart", (LOWER,), _always(frame=0.3, ambition_coupling=0.0, shared_urgency=0.0), _incident),
                _pair("together", (HIGHER,), _always(frame=0.3, ambition_coupling=1.0, shared_urgency=1.0), _incident),
            ),
            (104, 156),
            {"frame": 0.005, "trust_persons": 0.01, "administration_share": 0.005},
        ),
        Story(
            "hard_and_informal",
            (
                _pair("without", (HIGHER,), _informal_low(LOW), partial(_put, INFORMAL, HIGH)),
                _pair("within", (HIGHER,), _informal_low(HIGH), partial(_put, INFORMAL, HIGH)),
            ),
            AFTER_A_YEAR,
            {"frame": 0.005, "trust_persons": 0.01, "administration_share": 0.005},
        ),
    )
}


def compared_pairs(story: Story, seed: int, progress: Progress) -> Iterator[tuple[ComparedPair, ...]]:
    """Compute a story: a first impression, then all runs.

    Parameters
    ----------
    story : which
    seed : of the luck of all its runs
    progress : gets the share that is done; what it raises ends the computing
    """
    ensembles = [
        [GrowingEnsemble(scenario_of(getattr(pair, side)), seed, keep=KEEP, states=BURN_INS) for side in SIDES]
        for pair in story.pairs
    ]
    every = [ensemble for both in ensembles for ensemble in both]

    def tell(done: int, _: int) -> None:
        progress((sum(ensemble.runs for ensemble in every) + done) / (ALL_RUNS * len(every)))

    for runs in (FIRST_RUNS, ALL_RUNS):
        for ensemble in every:
            ensemble.grow(runs, tell)
        results = [[ensemble.results for ensemble in both] for both in ensembles]
        yield tuple(_compared(story, pair, *both) for pair, both in zip(story.pairs, results, strict=True))


def page_of_story(
    story: Story, outcomes: tuple[ComparedPair, ...], predicted: Mapping[str, str], language: str
) -> dict[str, Any]:
    """The results of a story as plain values and sentences for its page."""
    runs = outcomes[0].runs
    return {
        "pairs": [
            {
                "name": outcome.pair.name,
                "direction": outcome.direction(),
                "verdict": _verdict(outcome, predicted.get(outcome.pair.name), language),
                "sentence": _sentence(outcome, language),
                "followed": list(_followed(story, outcome, language)),
                "rows": [_row(name, outcome, language) for name in (GOAL, *story.followed)],
                **outcome.weekly,
            }
            for outcome in outcomes
        ],
        "conclusion": _conclusion(story, outcomes, language),
        "weeks": list(story.weeks),
        "runs": t(f"learn.{'runs' if runs == ALL_RUNS else 'refining'}", language, runs=runs),
    }


def _compared(story: Story, pair: Pair, before: Results, after: Results) -> ComparedPair:
    names = (GOAL, *story.followed)
    columns = [OUTCOME_NAMES.index(name) for name in names]
    sides = (_means(results, story.weeks, columns).T for results in (before, after))
    return ComparedPair(
        pair=pair,
        runs=before.number_of_runs,
        weekly={
            side: page_numbers(Reading(results).mean(GOAL))
            for side, results in zip(SIDES, (before, after), strict=True)
        },
        pairs={name: paired_difference(*both) for name, *both in zip(names, *sides, strict=True)},
    )


def _means(results: Results, weeks: tuple[int, int], columns: list[int]) -> np.ndarray:
    """Per run and outcome the mean over some weeks."""
    values = results.weekly_values
    if values is None:
        raise ValueError("an ensemble that grows keeps its weeks")
    means: np.ndarray = np.nanmean(values[:, slice(*weeks), columns], axis=1)
    return means


def _verdict(outcome: ComparedPair, predicted: str | None, language: str) -> str:
    if predicted is None:
        return ""
    words = {name: t(f"learn.verdict.direction.{name}", language) for name in DIRECTIONS}
    key = "right" if predicted == outcome.direction() else "wrong"
    return t(f"learn.verdict.{key}", language, thought=words[predicted], found=words[outcome.direction()])


def _sentence(outcome: ComparedPair, language: str) -> str:
    pair, direction = outcome.pairs[GOAL], outcome.direction()
    facts = {
        **_numbers(pair),
        "size": abs(pair.difference.mean),
        "share": pair.b_higher if direction == HIGHER else 1.0 - pair.b_higher,
    }
    return t(f"learn.sentence.{direction}", language, **facts)


def _followed(story: Story, outcome: ComparedPair, language: str) -> Iterator[str]:
    for name, least in story.followed.items():
        yield t(f"learn.followed.{name}.{outcome.direction(name, least)}", language, **_numbers(outcome.pairs[name]))


def _conclusion(story: Story, outcomes: tuple[ComparedPair, ...], language: str) -> str:
    if all(outcome.direction() in outcome.pair.expected for outcome in outcomes):
        first, second = (abs(outcome.pairs[GOAL].difference.mean) for outcome in outcomes)
        return t(f"learn.story.{story.name}.conclusion", language, first=first, second=second)
    expected = [_directions(outcome.pair.expected, language) for outcome in outcomes]
    came = [_directions((outcome.direction(),), language) for outcome in outcomes]
    facts = {"expected": _both(expected, language), "found": _both(came, language)}
    return t("learn.conclusion.otherwise", language, **facts)


def _directions(names: tuple[str, ...], language: str) -> str:
    words = [t(f"learn.verdict.direction.{name}", language) for name in names]
    return words[0] if len(words) == 1 else t("learn.conclusion.either", language, first=words[0], second=words[1])


def _both(words: list[str], language: str) -> str:
    return t("learn.conclusion.both", language, first=words[0], second=words[1])


def _row(name: str, outcome: ComparedPair, language: str) -> dict[str, Any]:
    facts = _numbers(outcome.pairs[name])
    kind = "share" if UNITS[name] == "share" else "number"
    cells = [
        t(f"learn.cell.{kind}.{part}", language, **facts) for part in ("before", "after", "difference", "interval")
    ]
    return {"label": t(f"outcome.{name}.label", language), "cells": cells}


def _numbers(pair: PairedDifference) -> dict[str, float]:
    """What the sentences and cells about an outcome name."""
    estimate = pair.difference
    return {"before": pair.a, "after": pair.b, "difference": estimate.mean, "low": estimate.low, "high": estimate.high}
