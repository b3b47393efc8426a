"""What was set differently in two versions of one chain: levers, steering policy, calendar, parameters."""

from __future__ import annotations

from collections.abc import Iterator

from ketensim.foundation.parameters import LEVERS
from ketensim.scenario.schema import Scenario
from ketensim.texts import t, word
from ketensim.views.drawing.marks import change_in_words


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
    for row in LEVERS:
        before, now = other.lever(row.name), scenario.lever(row.name)
        if before != now:
            yield t("report.compare.lever", language, lever=row.name, before=before, now=now)
        for part in scenario.organisations:
            own_before, own_now = other.lever(row.name, part.id), scenario.lever(row.name, part.id)
            if own_before != own_now and (own_before, own_now) != (before, now):
                facts = {"lever": row.name, "before": own_before, "now": own_now}
                yield t("report.compare.lever_at", language, where=part.label.in_language(language), **facts)


def _settings(scenario: Scenario, other: Scenario, language: str) -> Iterator[str]:
    if scenario.policy != other.policy:
        yield t("report.compare.policy", language, before=other.policy, now=scenario.policy)
    for name in sorted({*scenario.parameters, *other.parameters}):
        before, now = other.parameter(name), scenario.parameter(name)
        if before != now:
            label = word(f"parameter.{name}", language)
            yield t("report.compare.parameter", language, label=label, before=before, now=now)
    before, now = other.context.capacity, scenario.context.capacity
    if before != now:
        yield t("report.compare.capacity", language, before=before, now=now)


def _later(scenario: Scenario, other: Scenario, language: str) -> Iterator[str]:
    for change in scenario.calendar:
        if change not in other.calendar:
            date = scenario.date_of(scenario.week_of(change))
            yield t("report.compare.later", language, date=date, what=change_in_words(change, language))
    if scenario.events != other.events:
        yield t("report.compare.events", language)
