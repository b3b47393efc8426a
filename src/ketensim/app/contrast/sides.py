"""The contrasts: two chains that differ in one thing, what the one slider moves in each, and what that did on equal luck."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from ketensim.app.background import BURN_INS
from ketensim.app.curves import page_numbers
from ketensim.app.effect import effect_on_goal, goal_by_quarter
from ketensim.app.processors import PROCESSORS, Urgency
from ketensim.foundation.outcome_table import OUTCOME_NAMES
from ketensim.foundation.parameters import LEVER_NAMES
from ketensim.run.growing import GrowingEnsemble
from ketensim.run.replications import Keep
from ketensim.run.results import Results, exact_band
from ketensim.scenario.files import load
from ketensim.scenario.one_roof import one_roof
from ketensim.scenario.schema import Scenario
from ketensim.texts import t

ORDINARY: Final = "reference"
START: Final = 0.2  # where the slider begins
LITTLE_FRAME: Final = 0.3
FIRST_RUNS, ALL_RUNS = 24, 100
SEED: Final = 1
KEEP: Final = Keep(weekly=tuple(range(len(OUTCOME_NAMES))))
HARD: Final = ("ambition_coupling", "frame", "information_balance")  # what can be put on paper; the division is ours
INFORMAL: Final = tuple(name for name in LEVER_NAMES if name not in HARD)
Progress = Callable[[float], None]


@dataclass(frozen=True, eq=False)
class ContrastSide:
    """One of two chains.

    Attributes
    ----------
    name : in the catalogue
    scenario : the chain with the slider at its start
    levers : that the slider moves
    """

    name: str
    scenario: Scenario
    levers: tuple[str, ...]

    def at(self, value: float) -> Scenario:
        """The chain with the slider elsewhere."""
        levers: dict[str, Any] = dict.fromkeys(self.levers, value)
        return self.scenario if value == START else self.scenario.with_levers(**levers)


@dataclass(frozen=True, eq=False)
class Contrast:
    """Two sides."""

    name: str
    sides: tuple[ContrastSide, ContrastSide]


@cache
def all_contrasts() -> Mapping[str, Contrast]:
    """All of them, the first one first; reading the chain takes a moment, so they are made when somebody looks."""
    chain = load(ORDINARY)
    loose = chain.with_levers(room=START, frame=LITTLE_FRAME)
    every: dict[str, Any] = dict.fromkeys(LEVER_NAMES, START)
    bare = chain.with_levers(**every)
    room = ("room",)
    made = (
        Contrast("cases", (_of_cases(loose, "few", 0.1), _of_cases(loose, "many", 0.5))),
        Contrast("roof", (ContrastSide("chain", loose, room), ContrastSide("programme", one_roof(loose), room))),
        Contrast("kind", (ContrastSide("hard", bare, HARD), ContrastSide("informal", bare, INFORMAL))),
    )
    return {contrast.name: contrast for contrast in made}


def _of_cases(chain: Scenario, name: str, share: float) -> ContrastSide:
    return ContrastSide(name, chain.with_context(non_standard=share), ("room",))


_kept: dict[tuple[str, str], Results] = {}  # of the sides as they were, which every visitor sees


def seen(contrast: Contrast, value: float, language: str, progress: Progress) -> Iterator[dict[str, Any]]:
    """What the slider does in both chains, beside how they were: with few runs, then with all.

    Parameters
    ----------
    contrast : which
    value : of the slider
    language : of the words
    progress : gets the share that is done; what it raises ends the computing
    """

    def wanted(_done: int, _all: int) -> None:
        progress(0.5)

    before = [_as_it_was(contrast, side) for side in contrast.sides]
    moved = [GrowingEnsemble(side.at(value), SEED, keep=KEEP, states=BURN_INS) for side in contrast.sides]
    for runs in (FIRST_RUNS, ALL_RUNS):
        for ensemble in (*before, *(moved if value != START else ())):
            if isinstance(ensemble, GrowingEnsemble):
                ensemble.grow(runs, wanted, 2, PROCESSORS.lane(Urgency.MORE if runs == FIRST_RUNS else Urgency.ALL))
        was = [one.results if isinstance(one, GrowingEnsemble) else one for one in before]
        pairs: list[tuple[Results, Results | None]] = [(one, None) for one in was]
        if value != START:
            pairs = [(one.results, other) for one, other in zip(moved, was, strict=True)]
        yield _page(contrast, pairs, language)
    for side, one in zip(contrast.sides, was, strict=True):
        _kept[contrast.name, side.name] = one


def _as_it_was(contrast: Contrast, side: ContrastSide) -> Results | GrowingEnsemble:
    """All runs of a side as it was, or what is to compute them."""
    known = _kept.get((contrast.name, side.name))
    return GrowingEnsemble(side.scenario, SEED, keep=KEEP, states=BURN_INS) if known is None else known


def _page(contrast: Contrast, pairs: list[tuple[Results, Results | None]], language: str) -> dict[str, Any]:
    sides = []
    for side, (results, before) in zip(contrast.sides, pairs, strict=True):
        effect = effect_on_goal(results, before, language)
        sides.append(
            {
                "name": side.name,
                "mean": page_numbers(exact_band(goal_by_quarter(results))["mean"]),
                "before": None if before is None else page_numbers(exact_band(goal_by_quarter(before))["mean"]),
                "effect": {
                    name: effect[name] for name in ("now", "before", "change", "judged", "points") if name in effect
                },
            }
        )
    return {"contrast": contrast.name, "sides": sides, "verdict": _verdict(contrast, sides, language)}


def _verdict(contrast: Contrast, sides: list[dict[str, Any]], language: str) -> str:
    """What the same move does here and there, in a sentence."""
    judged = [side["effect"].get("judged") for side in sides]
    if None in judged:
        return t("contrast.verdict.start", language)
    names = [t(f"contrast.{contrast.name}.{side['name']}.label", language) for side in sides]
    points = [(side["effect"]["points"] or 0.0) / 100 for side in sides]
    facts = {"first": names[0], "second": names[1], "here": points[0], "there": points[1]}
    kind = "opposite" if set(judged) == {"better", "worse"} else "same" if judged[0] == judged[1] else "differ"
    return t(f"contrast.verdict.{kind}", language, **facts)
