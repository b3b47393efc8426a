"""What the pages say about the chain of a room: its name and its organisations."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from ketensim.scenario.schema import Scenario
from ketensim.views.report.document import first_sentence
from ketensim.workshop.game.plans import scenario_of
from ketensim.workshop.game.room import Room

Facts = dict[str, Any]


def of(room: Room) -> Scenario:
    """The chain of a room."""
    return scenario_of(room.scenario)


def title(room: Room, language: str) -> str:
    """What the chain is called."""
    return of(room).title.in_language(language)


def names(room: Room, language: str) -> dict[str, str]:
    """What each organisation is called, in the order of the file."""
    return dict(_names(room.scenario, language))


def organisations(room: Room, language: str) -> tuple[Facts, ...]:
    """Each organisation with what a participant has to know of it before the first round."""
    return _organisations(room.scenario, language)


@lru_cache(maxsize=64)
def _names(scenario: str, language: str) -> tuple[tuple[str, str], ...]:
    return tuple((part.id, part.label.in_language(language)) for part in scenario_of(scenario).organisations)


@lru_cache(maxsize=64)
def _organisations(scenario: str, language: str) -> tuple[Facts, ...]:
    chain = scenario_of(scenario)
    labels = dict(_names(scenario, language))
    principals = {part.id: part.label.in_language(language) for part in chain.principals}
    found: list[Facts] = []
    for part in chain.organisations:
        before = [link.source for link in chain.links if link.target == part.id and link.share is not None]
        after = [link.target for link in chain.links if link.source == part.id and link.share is not None]
        found.append(
            {
                "id": part.id,
                "name": labels[part.id],
                "answers_to": principals.get(part.principal or "", ""),
                "people": round(part.fte.value),
                "free": part.independence.value >= 1,
                "from": [labels[name] for name in before],
                "to": [labels[name] for name in after],
            }
        )
    return tuple(found)


@lru_cache(maxsize=64)
def summary(scenario: str, language: str) -> str:
    """The chain in a sentence."""
    return first_sentence(scenario_of(scenario).summary.in_language(language))
