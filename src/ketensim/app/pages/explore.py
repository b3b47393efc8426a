"""Explore: choose a chain, move the six conditions, and see goal realisation move along."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

import solara

from ketensim.app import seen, session
from ketensim.app.computing import Computer, Seen, Wish
from ketensim.app.setting import OWN, ExtraEvent, Setting, base, scenario_of
from ketensim.foundation.errors import InputError
from ketensim.foundation.parameters import EVENTS, LEVERS, POLICIES
from ketensim.scenario import files
from ketensim.scenario.schema import Scenario
from ketensim.texts import t
from ketensim.views.report import first_sentence

CONDITIONS: Final = ("ambition", "urgency", "steering", "binding", "information", "trust")
YEAR: Final = 52
PLAIN: Final = "reference"
LEAST_CAPACITY: Final = 0.1
LARGEST_SEED: Final = 999_999
MOST_EVENTS: Final = 8


@solara.component_vue("../parts/chains.vue")
def Chains(
    words: dict[str, Any], chains: list[dict[str, str]], chosen: str, event_choose: Callable[[str], None]
) -> None:
    """The cards with the chains."""


@solara.component_vue("../parts/levers.vue")
def Levers(
    words: dict[str, Any],
    conditions: list[dict[str, Any]],
    values: dict[str, float],
    context: dict[str, Any],
    event_set: Callable[[dict[str, Any]], None],
    event_other: Callable[[dict[str, Any]], None],
    event_reset: Callable[[Any], None],
) -> None:
    """The six conditions and the circumstances."""


@solara.component_vue("../parts/goal.vue")
def Goal(
    words: dict[str, Any],
    title: str,
    chain: str,
    start: str,
    length: int,
    language: str,
    goal: dict[str, Any] | None,
    before: dict[str, Any] | None,
    pinned: list[dict[str, Any]],
    marks: list[dict[str, Any]],
    progress: float,
    query: str,
    why: list[str],
    hint: str,
    event_pin: Callable[[Any], None],
    event_unpin: Callable[[int], None],
) -> None:
    """Goal realisation over time."""


@solara.component_vue("../parts/panels.vue")
def Panels(words: dict[str, Any], panels: list[dict[str, Any]], start: str, length: int, language: str) -> None:
    """The figures below."""


@solara.component
def Explore() -> solara.Element:
    """The page: chains on top, the six conditions at the side, what becomes of the goal beside them."""
    shown: solara.Reactive[Seen | None] = solara.use_reactive(None)
    before: solara.Reactive[dict[str, Any] | None] = solara.use_reactive(None)
    resting: solara.Reactive[dict[str, Any] | None] = solara.use_reactive(None)
    pins: solara.Reactive[tuple[dict[str, Any], ...]] = solara.use_reactive(())
    moving = solara.use_ref(None)
    computer = solara.use_memo(lambda: Computer(shown.set), [])
    solara.use_effect(lambda: computer.stop, [])
    setting, language = session.setting.value, session.language.value
    scenario = scenario_of(setting)
    as_it_is = scenario_of(replace(setting, levers=(), policy=None, capacity=None, non_standard=None))
    against = None if as_it_is == scenario else as_it_is
    solara.use_effect(lambda: computer.ask(Wish(scenario, setting.seed, against)), [setting])
    now = shown.value
    fresh = (
        now is not None and len(now.results.scenario.organisations) > 0 and now.wish.scenario.title == scenario.title
    )
    goal = solara.use_memo(lambda: seen.goal(now.results, language) if now and fresh else None, [now, fresh, language])
    panels = solara.use_memo(
        lambda: seen.panels(now.results, language) if now and fresh and now.whole else None,
        [now if now and now.whole else None, fresh, language],
    )
    why = solara.use_memo(
        lambda: seen.why(now.results, now.against, language) if now and fresh and now.against else [],
        [now, fresh, language],
    )
    kept = solara.use_ref(None)
    if panels is not None:
        kept.current = panels

    def set_levers(told: dict[str, Any]) -> None:
        if moving.current is None:
            moving.current = session.setting.value
            before.value = resting.value or goal
        new = _moved(session.setting.value, dict(told.get("values") or {}))
        if told.get("rests"):
            began, moving.current = moving.current, None
            session.setting.value = new
            if new != began:
                session.steps.value = session.steps.value.after(began)
        else:
            session.setting.value = new

    def set_other(told: dict[str, Any]) -> None:
        before.value = goal
        try:
            new = _otherwise(session.setting.value, told)
            scenario_of(new)
        except InputError as error:
            session.notice(*(session.told(problem) for problem in error.problems))
            return
        session.change(new)

    def choose(name: str) -> None:
        if name in _chain_names(session.setting.value):
            before.value, pins.value = None, ()
            session.change(session.setting.value.with_chain(name))

    def pin() -> None:
        if goal is not None and len(pins.value) < session.MOST_PINNED:
            name = session.say("goal.pin_name", number=len(pins.value) + 1)
            pins.value = (*pins.value, {"name": name, "mean": goal["mean"]})

    def unpin(place: Any) -> None:
        pins.value = tuple(one for number, one in enumerate(pins.value) if number != place)

    here = [setting.chain, setting.own, language]  # what changes the words, but not while a hand drags
    facts = {"start": scenario.start.isoformat(), "length": scenario.weeks, "language": language}
    chart = Goal(
        words=dict(session.texts("goal")),
        title=scenario.title.in_language(language),
        chain=setting.chain,
        goal=goal,
        before=before.value,
        pinned=list(pins.value),
        marks=solara.use_memo(lambda: seen.marks(scenario, language), [scenario, language]),
        progress=0.0 if now is None or not fresh else 1.0 if now.whole else 0.4,
        query=f"{setting.query}&lang={language}",
        why=why,
        hint=_hint(setting, scenario),
        event_pin=lambda _: pin(),
        event_unpin=unpin,
        **facts,
    )
    below = Panels(words=dict(session.texts("panels")), panels=kept.current or [], **facts)
    levers = Levers(
        words=dict(session.texts("levers")),
        conditions=solara.use_memo(lambda: conditions(setting, language), here),
        values=_values(scenario),
        context=_context(setting, scenario, language),
        event_set=set_levers,
        event_other=set_other,
        event_reset=lambda _: session.change(replace(session.setting.value, levers=())),
    )
    cards = Chains(
        words=dict(session.texts("chains")),
        chains=_chains(setting, language),
        chosen=setting.chain,
        event_choose=choose,
    )
    side = solara.Div(children=[levers], classes=["ks-side"])
    view = solara.Div(children=[chart, below], classes=["ks-view"])
    return solara.Div(children=[cards, solara.Div(children=[side, view], classes=["ks-explore"])])


def _hint(setting: Setting, scenario: Scenario) -> str:
    """What decides whether letting go helps in this chain, for whoever moved frame or room."""
    if not {"frame", "room"} & dict(setting.levers).keys():
        return ""
    return session.say("why.hint", share=_non_standard(scenario), frame=scenario.lever("frame"))


def conditions(setting: Setting, language: str) -> list[dict[str, Any]]:
    """The six conditions with their levers, as the file of the chain has them."""
    start = base(Setting(chain=setting.chain, own=setting.own))
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


def _values(scenario: Scenario) -> dict[str, float]:
    levers = {row.name: scenario.lever(row.name) for row in LEVERS}
    return {**levers, "capacity": scenario.context.capacity, "non_standard": _non_standard(scenario)}


def _non_standard(scenario: Scenario) -> float:
    """Share of non-standard cases over all that arrive."""
    if scenario.context.non_standard is not None:
        return scenario.context.non_standard
    arrivals = [float(part.arrivals) for part in scenario.case_types]
    shares = [float(part.non_standard) for part in scenario.case_types]
    total = sum(arrivals) or 1.0
    return sum(number * share for number, share in zip(arrivals, shares, strict=True)) / total


def _context(setting: Setting, scenario: Scenario, language: str) -> dict[str, Any]:
    start = base(Setting(chain=setting.chain, own=setting.own))
    return {
        "capacity": start.context.capacity,
        "non_standard": _non_standard(start),
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
        "kinds": [{"name": name, "label": t(f"event.{name}.label", language)} for name in EVENTS],
        "years": list(range(1, max(2, scenario.weeks // YEAR) + 1)),
        "seed": setting.seed,
    }


def _chain_names(setting: Setting) -> list[str]:
    shipped = [name for name in files.names() if name != PLAIN]
    return [*shipped, PLAIN, *([OWN] if setting.own else [])]


def _chains(setting: Setting, language: str) -> list[dict[str, str]]:
    found = []
    for name in _chain_names(setting):
        scenario = base(Setting(chain=name, own=setting.own))
        sentence = first_sentence(scenario.summary.in_language(language))
        found.append({"name": name, "title": scenario.title.in_language(language), "sentence": sentence})
    return found


def _moved(setting: Setting, values: dict[str, Any]) -> Setting:
    """The setting with levers where a hand put them; what a browser sends is checked here."""
    known = {row.name for row in LEVERS}
    for name, value in values.items():
        if not isinstance(value, int | float) or not -1.0 <= value <= 3.0:
            continue
        if name in known and 0.0 <= value <= 1.0:
            setting = setting.with_lever(name, float(value))
        elif name == "capacity" and value >= LEAST_CAPACITY:
            setting = replace(setting, capacity=round(float(value), 2))
        elif name == "non_standard" and 0.0 <= value <= 1.0:
            setting = replace(setting, non_standard=round(float(value), 2))
    return setting


def _otherwise(setting: Setting, told: dict[str, Any]) -> Setting:
    """The setting with other circumstances; what a browser sends is checked here and where a scenario is made."""
    if told.get("policy") in POLICIES:
        return replace(setting, policy=told["policy"])
    if isinstance(told.get("quiet"), bool):
        return replace(setting, quiet=told["quiet"])
    if isinstance(told.get("seed"), int | float) and 0 <= told["seed"] <= LARGEST_SEED:
        return replace(setting, seed=int(told["seed"]))
    if isinstance(told.get("remove_event"), int):
        kept = tuple(event for place, event in enumerate(setting.events) if place != told["remove_event"])
        return replace(setting, events=kept)
    wished = told.get("add_event")
    if isinstance(wished, dict) and wished.get("kind") in EVENTS and len(setting.events) < MOST_EVENTS:
        year, size = float(wished.get("year", 1)), float(wished.get("size", 0.1))
        week = int((year - 1) * YEAR + YEAR // 2)
        return replace(setting, events=(*setting.events, ExtraEvent(wished["kind"], week, round(size, 2))))
    return setting
