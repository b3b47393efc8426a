"""What the page Explore offers of a setting, as plain values: chains, conditions with their levers, circumstances."""

from __future__ import annotations

from typing import Any, Final

from ketensim.app import session
from ketensim.app.setting import OWN, Setting, base
from ketensim.foundation.events import EVENTS
from ketensim.foundation.mathematics import WEEKS_PER_YEAR
from ketensim.foundation.parameters import LEVERS, POLICIES
from ketensim.scenario import files
from ketensim.scenario.schema import Scenario
from ketensim.texts import t
from ketensim.views.report.document import first_sentence

CONDITIONS: Final = ("ambition", "urgency", "steering", "binding", "information", "trust")
PLAIN: Final = "reference"


def hint(setting: Setting, scenario: Scenario) -> str:
    """What decides whether letting go helps in this chain, for whoever moved frame or room."""
    if not {"frame", "room"} & dict(setting.levers).keys():
        return ""
    return session.say("why.hint", share=non_standard(scenario), frame=scenario.lever("frame"))


def conditions(setting: Setting, language: str) -> list[dict[str, Any]]:
    """The six conditions with their levers, as the file of the chain has them."""
    start = base(setting)
    found = []
    for number, name in enumerate(CONDITIONS, 1):
        levers = [
            {
                "name": row.name,
                "start": start.lever(row.name),
                **{part: t(f"lever.{row.name}.{part}", language) for part in ("label", "help", "low", "high")},
            }
            for row in LEVERS
            if row.condition == name
        ]
        label = t(f"condition.{name}", language)
        found.append({"name": name, "number": number, "label": label, "plane": name == "steering", "levers": levers})
    return found


def values(scenario: Scenario) -> dict[str, float]:
    """Where levers and circumstances stand."""
    levers = {row.name: scenario.lever(row.name) for row in LEVERS}
    return {**levers, "capacity": scenario.context.capacity, "non_standard": non_standard(scenario)}


def non_standard(scenario: Scenario) -> float:
    """Share of non-standard cases over all that arrive."""
    if scenario.context.non_standard is not None:
        return scenario.context.non_standard
    arrivals = [float(part.arrivals) for part in scenario.case_types]
    shares = [float(part.non_standard) for part in scenario.case_types]
    total = sum(arrivals) or 1.0
    return sum(number * share for number, share in zip(arrivals, shares, strict=True)) / total


def context(setting: Setting, scenario: Scenario, language: str) -> dict[str, Any]:
    """The circumstances: what can be chosen, what is, and what the file of the chain has."""
    start = base(setting)
    return {
        "capacity": start.context.capacity,
        "non_standard": non_standard(start),
        "policy": scenario.policy,
        "policies": [
            {"name": name, "label": t(f"policy.{name}.label", language), "help": t(f"policy.{name}.help", language)}
            for name in POLICIES
        ],
        "quiet": setting.quiet,
        "has_events": bool(start.events),
        "events": [
            {
                "label": t(
                    "app.levers.context.told",
                    language,
                    kind=event.kind,
                    year=scenario.date_of(event.week).year,
                    size=event.size,
                )
            }
            for event in setting.events
        ],
        "kinds": [
            {"name": row.name, "label": t(f"event.{row.name}.label", language), "size": row.size} for row in EVENTS
        ],
        "years": list(range(1, max(2, scenario.weeks // WEEKS_PER_YEAR) + 1)),
        "seed": setting.seed,
    }


def chain_names(setting: Setting) -> list[str]:
    """The chains that can be chosen: real ones, the neutral one, one's own when there is one."""
    shipped = [name for name in files.names() if name != PLAIN]
    return [*shipped, PLAIN, *([OWN] if setting.own else [])]


def chains(setting: Setting, language: str) -> list[dict[str, str]]:
    """A card for each of them."""
    found = []
    for name in chain_names(setting):
        scenario = base(Setting(chain=name, own=setting.own))
        sentence = first_sentence(scenario.summary.in_language(language))
        found.append({"name": name, "title": scenario.title.in_language(language), "sentence": sentence})
    return found
