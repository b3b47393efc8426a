"""What was set differently in two versions of one chain: levers, steering policy, calendar, parameters."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from ketensim.foundation.parameters import LEVERS, NO_POLICY
from ketensim.scenario.one_roof import UNDER_ONE_ROOF, is_under_one_roof
from ketensim.scenario.parts import Change
from ketensim.scenario.schema import Scenario
from ketensim.texts import enumerated, t, word
from ketensim.views.drawing.marks import change_in_words, day_of


def different_settings(scenario: Scenario, other: Scenario, language: str) -> list[str]:
    """What is different in a chain from another version of it; nothing when they are two chains.

    Parameters
    ----------
    scenario, other : this chain and the one that it is compared with
    language : of the sentences
    """
    if [part.id for part in scenario.organisations] != [part.id for part in other.organisations]:
        return []
    return [
        *_levers(scenario, other, language),
        *_settings(scenario, other, language),
        *_later(scenario, other, language),
    ]


def _levers(scenario: Scenario, other: Scenario, language: str) -> Iterator[str]:
    """Levers that have always stood elsewhere, and those that stand elsewhere since they were decided by week 0."""
    for row in LEVERS:
        always = {
            part.id: (other.lever(row.name, part.id), scenario.lever(row.name, part.id))
            for part in scenario.organisations
        }
        first_week = {
            part.id: (other.lever_at(row.name, 0, part.id), scenario.lever_at(row.name, 0, part.id))
            for part in scenario.organisations
        }
        decided = {name: pair for name, pair in first_week.items() if pair != always[name]}
        for key, moves in (("lever_always", always), ("lever", decided)):
            yield from _moved(scenario, row.name, moves, key, language)


def _moved(
    scenario: Scenario, lever: str, moves: dict[str, tuple[float, float]], key: str, language: str
) -> Iterator[str]:
    """One sentence per (before, now): of the whole chain when most organisations without a lever of their own made that
    move, and each of the others made one that has a sentence of its own.
    """
    everybody = {part.id for part in scenario.organisations if lever not in part.levers}
    stayed = {name for name, pair in moves.items() if pair[0] == pair[1]}
    for before, now in dict.fromkeys(pair for name, pair in moves.items() if name not in stayed):
        moved = {name for name, pair in moves.items() if pair == (before, now)}
        whole = not everybody & stayed and 2 * len(everybody & moved) > len(everybody)
        named = moved - everybody if whole else moved
        facts = {"lever": lever, "before": before, "now": now}
        if whole:
            yield t(f"report.compare.{key}", language, **facts)
        if named:
            labels = [part.label.in_language(language) for part in scenario.organisations if part.id in named]
            yield t(f"report.compare.{key}_at", language, where=enumerated(labels, language), **facts)


def _settings(scenario: Scenario, other: Scenario, language: str) -> Iterator[str]:
    if scenario.policy != other.policy:
        kind = {other.policy: "policy_new", scenario.policy: "policy_gone"}.get(NO_POLICY, "policy")
        yield t(f"report.compare.{kind}", language, before=other.policy, now=scenario.policy)
    told: Collection[str] = ()
    if (together := is_under_one_roof(scenario)) != is_under_one_roof(other):
        told = UNDER_ONE_ROOF
        yield t("report.compare.one_roof" if together else "report.compare.apart", language)
    for name in sorted({*scenario.parameters, *other.parameters} - {*told}):
        before, now = other.parameter(name), scenario.parameter(name)
        if before != now:
            label = word(f"parameter.{name}", language)
            yield t("report.compare.parameter", language, label=label, before=before, now=now)
    before, now = other.context.capacity, scenario.context.capacity
    if before != now:
        yield t("report.compare.capacity", language, before=before, now=now)


def _later(scenario: Scenario, other: Scenario, language: str) -> Iterator[str]:
    for change in scenario.calendar:
        if change not in other.calendar and not _told(scenario, change):
            date = day_of(scenario, change)
            yield t("report.compare.later", language, date=date, what=change_in_words(change, language))
    if scenario.events != other.events:
        yield t("report.compare.events", language)


def _told(scenario: Scenario, change: Change) -> bool:
    """Whether a change is told as where levers stand in week 0; a relation and restraint have no such sentence."""
    return scenario.week_of(change) <= 0 and change.partner is None and change.restraint is None
