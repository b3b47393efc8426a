"""What a team decides, on which steps, and what each step does to the chain.

A decision is a scale of named steps over levers of the model (``foundation/parameters.py``) or over the restraint of
administrators (``Change.restraint``). Every lever here belongs to an organisation: no team sets one for another. Where
the model lets two partners meet, it does so itself: agreements at a hand-over follow the efforts of both, hours for
each other those of the one who gives least, the joint monitor the mean of all. Heights of the steps: our assumption.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from ketensim.scenario.schema import Scenario

DecisionSteps = Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Decision:
    """One question to a team.

    Attributes
    ----------
    name : key of its texts, ``workshop.decision.NAME``
    levers : what it sets; none = the restraint of the administrator
    steps : names of the steps, from least to most
    values : height of each step: a lever in [0, 1], or concern added to what an administrator bears
    """

    name: str
    levers: tuple[str, ...]
    steps: tuple[str, ...]
    values: tuple[float, ...]


FIVE: Final = (0.1, 0.3, 0.5, 0.7, 0.9)
BROKEN: Final = 0.1  # height of the levers of a relation in which an agreement was broken: our assumption
FRAME: Final = "frame"
TIME: Final = ("trust_in_persons", "trust_in_agreements")  # the other levers that a relation has
RESTRAINT_AS_EVER: Final = 1  # step of a decision without levers where everybody starts

DECISIONS: Final[Mapping[str, Decision]] = {
    decision.name: decision
    for decision in (
        Decision("steering", ("frame",), ("hardly", "few", "fair", "many", "everything"), FIVE),
        Decision("room", ("room",), ("permission", "little", "some", "much", "free"), FIVE),
        Decision(
            "hours_together",
            ("trust_in_persons", "trust_in_agreements"),
            ("none", "little", "some", "much", "fixed"),
            FIVE,
        ),
        Decision(
            "information", ("information_balance",), ("separate", "partly", "mostly", "one"), (0.1, 0.35, 0.6, 0.9)
        ),
        Decision("hiring", ("binding_selection",), ("content", "both", "binding"), (0.1, 0.5, 0.9)),
        Decision("learning", ("chain_skills",), ("hardly", "some", "much", "fixed"), (0.1, 0.3, 0.6, 0.9)),
        Decision("after_incident", (), ("at_once", "as_ever", "wait", "hold_back"), (-0.2, 0.0, 0.2, 0.5)),
    )
}


def starting_steps(scenario: Scenario) -> dict[str, dict[str, int]]:
    """Where each organisation stands before the first round: the step nearest to what the scenario says.

    Returns
    -------
    organisation -> decision -> number of the step
    """
    return {
        part.id: {name: _nearest(scenario, part.id, decision) for name, decision in DECISIONS.items()}
        for part in scenario.organisations
    }


def calendar_changes(
    scenario: Scenario, week: int, before: Mapping[str, DecisionSteps], now: Mapping[str, DecisionSteps]
) -> list[dict[str, Any]]:
    """The entries of the calendar that bring the chain from one set of choices to another.

    An organisation that keeps its steps gets no entry; one that goes back to where it started gets the scenario's own
    levers back.

    Parameters
    ----------
    scenario : the chain as it starts
    week : reported week in which the new choices begin
    before, now : organisation -> steps; the same organisations and decisions in both
    """
    start = starting_steps(scenario)
    entries = []
    for organisation, steps in now.items():
        moved = [name for name, step in steps.items() if step != before[organisation][name]]
        levers: dict[str, float] = {}
        entry: dict[str, Any] = {"week": week, "organisation": organisation}
        for name in moved:
            decision, step = DECISIONS[name], steps[name]
            if not decision.levers:
                entry["restraint"] = decision.values[step]
            as_before = step == start[organisation][name]
            levers |= {
                lever: scenario.lever_at(lever, 0, organisation) if as_before else decision.values[step]
                for lever in decision.levers
            }
        if levers:
            entry["levers"] = levers
        if moved:
            entries.append(entry)
    return entries


def relation_changes(
    scenario: Scenario,
    week: int,
    steps: Mapping[str, DecisionSteps],
    relations: Mapping[tuple[str, str], tuple[int, int] | None],
    between: dict[tuple[str, str], dict[str, float]],
) -> list[dict[str, Any]]:
    """The entries of the calendar for what two organisations agreed on.

    A relation of which nothing was ever agreed has no entry: in the model it follows the one of the two that puts in less. One
    that was ended gets just that, anew whenever one of the two chooses otherwise.

    Parameters
    ----------
    scenario : the chain as it starts
    week : reported week in which this begins
    steps : organisation -> steps that hold then
    relations : (one, other) -> steps of agreements and of time that the two agreed on; None = it was broken
    between : (one, other) -> levers that have been set for the relation so far; changed in place
    """
    entries = []
    for tie in {**between, **relations}:
        if tie not in relations:
            levers = _of_the_weaker(scenario, tie, steps)
        elif (agreed := relations[tie]) is None:
            levers = dict.fromkeys((FRAME, *TIME), BROKEN)
        else:
            frame, time = agreed
            levers = {FRAME: FIVE[frame], **dict.fromkeys(TIME, FIVE[time])}
        if levers != between.get(tie):
            between[tie] = levers
            entries.append({"week": week, "organisation": tie[0], "partner": tie[1], "levers": levers})
    return entries


def _of_the_weaker(scenario: Scenario, tie: tuple[str, str], steps: Mapping[str, DecisionSteps]) -> dict[str, float]:
    """The levers of a relation of which nothing is agreed: the scenario's own, or what the one does that puts in less."""
    start = starting_steps(scenario)
    own = next((link.levers for link in scenario.links if {link.source, link.target} == set(tie) and link.levers), {})

    def height(lever: str) -> float:
        if lever in own:
            return float(own[lever].value)
        decision = DECISIONS["steering" if lever == FRAME else "hours_together"]
        return min(
            scenario.lever_at(lever, 0, name)
            if steps[name][decision.name] == start[name][decision.name]
            else decision.values[steps[name][decision.name]]
            for name in tie
        )

    return {lever: height(lever) for lever in (FRAME, *TIME)}


def _nearest(scenario: Scenario, organisation: str, decision: Decision) -> int:
    if not decision.levers:
        return RESTRAINT_AS_EVER
    own = sum(scenario.lever_at(lever, 0, organisation) for lever in decision.levers) / len(decision.levers)
    return min(range(len(decision.values)), key=lambda step: (abs(decision.values[step] - own), step))
