"""What the page Explore offers of a setting, as plain values: chains, conditions with their levers, circumstances."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from ketensim.app import session
from ketensim.app.levers import CONDITIONS, LEVERS_OF, WHOLE_SETTINGS, meanings
from ketensim.app.setting import LARGEST_OFFERED_SEED, OWN, Setting, base
from ketensim.foundation.events import EVENTS
from ketensim.foundation.mathematics import WEEKS_PER_YEAR
from ketensim.foundation.parameters import LEVER_NAMES, LEVERS, POLICIES
from ketensim.scenario import files
from ketensim.scenario.schema import Scenario
from ketensim.texts import t
from ketensim.views.report.document import first_sentence

PLAIN: Final = "reference"
CIRCUMSTANCES: Final[Mapping[str, tuple[float, float]]] = {  # fields of a setting, and where their sliders end
    "capacity": (0.5, 1.5),
    "non_standard": (0.0, 1.0),
}
SIZES: Final = (0.1, 0.2, 0.3, 0.5)  # of an event


@dataclass(frozen=True)
class Plane:
    """Two levers of a condition that one point moves together.

    Attributes
    ----------
    across, upwards : the levers
    corners : by name in the catalogue, where (1 = to the right or above)
    """

    across: str
    upwards: str
    corners: Mapping[str, tuple[int, int]]


PLANES: Final[Mapping[str, Plane]] = {
    "steering": Plane(
        "frame",
        "room",
        corners={"let_go": (0, 1), "both": (1, 1), "neither": (0, 0), "grip": (1, 0)},
    )
}


FIRST_CONDITION: Final = "steering"  # steering and letting go is what people come for


def whole_settings(setting: Setting, language: str) -> list[dict[str, Any]]:
    """Buttons that put all levers somewhere at once."""
    start = {name: base(setting).lever_at(name, setting.decided) for name in LEVER_NAMES}
    return [
        {"name": name, "label": t(f"app.levers.whole.{name}", language), "values": {**start, **levers}}
        for name, levers in WHOLE_SETTINGS.items()
    ]


def hint(setting: Setting, scenario: Scenario) -> str:
    """What decides whether letting go helps in this chain, for whoever moved a lever of steering."""
    if not set(LEVERS_OF["steering"]) & dict(setting.levers).keys():
        return ""
    return session.say("why.hint", share=non_standard(scenario), frame=scenario.lever_at("frame"))


def since(setting: Setting, scenario: Scenario) -> str:
    """Since when the levers stand where the visitor put them; nothing when none was moved."""
    if not setting.levers:
        return ""
    if setting.always:
        return session.say("why.always")
    return session.say("why.decided", date=scenario.date_of(setting.decided))


def conditions(setting: Setting, language: str) -> list[dict[str, Any]]:
    """The six conditions with their levers, as the file of the chain has them; the first is the one that people come for."""
    start = values(base(setting), setting.decided)
    numbered = sorted(enumerate(CONDITIONS, 1), key=lambda pair: pair[1] != FIRST_CONDITION)
    return [
        {
            "name": name,
            "number": number,
            "label": t(f"condition.{name}", language),
            "plane": _plane(PLANES[name], language) if name in PLANES else None,
            "sliders": [
                {
                    **{"name": lever, "start": start[lever], "lower": 0.0, "upper": 1.0, "unit": ""},
                    **{"label": t(f"lever.{lever}.label", language), "meanings": meanings(lever, language)},
                    **{"help": t(f"lever.{lever}.help", language), "source": _source(lever, language)},
                }
                for lever in LEVERS_OF[name]
            ],
        }
        for number, name in numbered
    ]


def _source(lever: str, language: str) -> str:
    """Who says that the lever matters, and who how much."""
    row = next(row for row in LEVERS if row.name == lever)
    return t(f"app.levers.source.{row.source}", language)


def _plane(plane: Plane, language: str) -> dict[str, Any]:
    def say(key: str) -> str:
        return t(f"app.levers.{key}", language)

    axes = {"across": plane.across, "upwards": plane.upwards}
    return {
        **axes,
        "axis": {way: say(f"axis.{lever}") for way, lever in axes.items()},
        "corners": [
            {"x": x, "y": y, "lines": say(f"corner.{name}").split("|")} for name, (x, y) in plane.corners.items()
        ],
    }


def values(scenario: Scenario, week: int = 0) -> dict[str, float]:
    """Where levers stand in a week, and the circumstances."""
    levers = {name: scenario.lever_at(name, week) for name in LEVER_NAMES}
    return {**levers, "capacity": scenario.context.capacity, "non_standard": non_standard(scenario)}


def non_standard(scenario: Scenario) -> float:
    """Share of non-standard cases over all that arrive."""
    if scenario.context.non_standard is not None:
        return scenario.context.non_standard
    arrivals = [float(part.arrivals) for part in scenario.case_types]
    shares = [float(part.non_standard) for part in scenario.case_types]
    total = sum(arrivals) or 1.0
    return sum(number * share for number, share in zip(arrivals, shares, strict=True)) / total


def circumstances(setting: Setting, scenario: Scenario, language: str) -> dict[str, Any]:
    """What can be chosen beside the conditions, what is, and what the file of the chain has."""
    start = values(base(setting))

    def say(key: str, **facts: Any) -> str:
        return t(f"app.levers.context.{key}", language, **facts)

    return {
        "sliders": [
            {
                **{"name": name, "start": start[name], "lower": lower, "upper": upper, "unit": "%"},
                **{"label": say(name), "meanings": [{"up_to": upper, "words": say(f"{name}_help")}]},
                **{"help": "", "source": ""},
            }
            for name, (lower, upper) in CIRCUMSTANCES.items()
        ],
        "decided": t("app.levers.decided", language, date=scenario.date_of(setting.decided)),
        "policy": scenario.policy,
        "policies": [
            {"name": name, "label": t(f"policy.{name}.label", language), "help": t(f"policy.{name}.help", language)}
            for name in POLICIES
        ],
        "quiet": setting.quiet,
        "has_events": bool(base(setting).events),
        "events": [
            say("told", kind=event.kind, year=scenario.date_of(event.week).year, size=event.size)
            for event in setting.events
        ],
        "kinds": [
            {"name": row.name, "label": t(f"event.{row.name}.label", language), "size": row.size} for row in EVENTS
        ],
        "years": list(range(1, max(2, scenario.weeks // WEEKS_PER_YEAR) + 1)),
        "sizes": SIZES,
        "seed": setting.seed,
        "largest_seed": LARGEST_OFFERED_SEED,
    }


def chain_names(setting: Setting) -> list[str]:
    """The chains that can be chosen: real ones, the neutral one, one's own when there is one."""
    shipped = [name for name in files.names() if name != PLAIN]
    return [*shipped, PLAIN, *([OWN] if setting.own else [])]


def chains(setting: Setting, language: str) -> list[dict[str, str]]:
    """A card for each of them."""
    scenarios = {name: base(Setting(chain=name, own=setting.own)) for name in chain_names(setting)}
    return [
        {
            "name": name,
            "title": scenario.title.in_language(language),
            "sentence": first_sentence(scenario.summary.in_language(language)),
        }
        for name, scenario in scenarios.items()
    ]
