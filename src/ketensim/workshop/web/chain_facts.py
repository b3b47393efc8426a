"""What the pages say about the chain of a room: its name and its organisations."""

from __future__ import annotations

from functools import lru_cache

from ketensim.views.report.document import first_sentence
from ketensim.workshop.game.plans import scenario_of
from ketensim.workshop.game.room import Room
from ketensim.workshop.web.stream import Facts


def chain_title(room: Room, language: str) -> str:
    """What the chain is called."""
    return scenario_of(room.scenario).title.in_language(language)


def organisation_names(room: Room, language: str) -> dict[str, str]:
    """What each organisation is called, in the order of the file."""
    return {facts["id"]: facts["name"] for facts in organisation_facts(room.scenario, language)}


@lru_cache(maxsize=64)
def organisation_facts(scenario: str, language: str) -> tuple[Facts, ...]:
    """Each organisation with what a participant has to know of it before the first round."""
    chain = scenario_of(scenario)
    labels = {part.id: part.label.in_language(language) for part in chain.organisations}
    principals = {part.id: part.label.in_language(language) for part in chain.principals}
    handovers = [link for link in chain.links if link.share is not None]
    return tuple(
        {
            "id": part.id,
            "name": labels[part.id],
            "answers_to": principals.get(part.principal or "", ""),
            "people": round(part.fte.value),
            "free": part.independence.value >= 1,
            "from": [labels[link.source] for link in handovers if link.target == part.id],
            "to": [labels[link.target] for link in handovers if link.source == part.id],
        }
        for part in chain.organisations
    )


@lru_cache(maxsize=64)
def chain_summary(scenario: str, language: str) -> str:
    """The chain in a sentence."""
    return first_sentence(scenario_of(scenario).summary.in_language(language))
