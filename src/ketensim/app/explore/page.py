"""Explore: choose a chain, move the six conditions, and see goal realisation move along."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Final

import solara

from ketensim.app import curves, session
from ketensim.app.explore import moves, options
from ketensim.app.explore.computing import Computer, Seen, Wish
from ketensim.app.session import Whole, handed
from ketensim.app.setting import Setting, scenario_of
from ketensim.foundation.errors import InputError
from ketensim.scenario.schema import Scenario
from ketensim.texts import t

Values = dict[str, Any]
NOTHING: Final = Whole([])
WORDS: Final = ("chains", "levers", "goal", "panels")  # sections of the catalogue, one for each part of the page


@solara.component_vue("chains.vue", to_json=dict.fromkeys(("words", "chains"), handed))
def Chains(words: Whole, chains: Whole, chosen: str, event_choose: Callable[[str], None]) -> None:
    """The cards with the chains."""


@solara.component_vue("levers.vue", to_json=dict.fromkeys(("words", "conditions", "context"), handed))
def Levers(
    words: Whole,
    conditions: Whole,
    values: dict[str, float],
    turn: int,
    context: Whole,
    event_set: Callable[[dict[str, Any]], None],
    event_other: Callable[[dict[str, Any]], None],
    event_reset: Callable[[Any], None],
) -> None:
    """The six conditions and the circumstances."""


@solara.component_vue("goal.vue", to_json=dict.fromkeys(("words", "goal", "before", "pinned", "marks", "why"), handed))
def Goal(
    words: Whole,
    title: str,
    chain: str,
    start: str,
    length: int,
    language: str,
    goal: Whole | None,
    before: Whole | None,
    pinned: Whole,
    marks: Whole,
    progress: float,
    query: str,
    why: Whole,
    hint: str,
    event_pin: Callable[[Any], None],
    event_unpin: Callable[[int], None],
) -> None:
    """Goal realisation over time."""


@solara.component_vue("panels.vue", to_json=dict.fromkeys(("words", "panels"), handed))
def Panels(words: Whole, panels: Whole, start: str, length: int, language: str) -> None:
    """The figures below."""


@dataclass(frozen=True, eq=False)
class View:
    """What can be seen of the setting by now."""

    goal: Whole | None
    panels: Whole
    why: Whole
    progress: float


@solara.component
def Explore() -> solara.Element:
    """The page: chains on top, the six conditions at the side, what becomes of the goal beside them."""
    setting, language = session.setting.value, session.language.value
    scenario = scenario_of(setting)
    view = use_view(setting, scenario, language)
    before, pins = solara.use_reactive(None), solara.use_reactive(())
    hands = Hands(view.goal, before, pins, began=solara.use_ref(None), turn=solara.use_ref(0))
    words = solara.use_memo(lambda: {name: Whole(dict(session.texts(name))) for name in WORDS}, [language])
    here = [setting.chain, setting.own, language]  # what changes the words, but not while a hand drags
    beside = [setting.policy, setting.quiet, setting.events, setting.seed, setting.capacity, setting.non_standard]
    facts = {"start": scenario.start.isoformat(), "length": scenario.weeks, "language": language}
    chart = Goal(
        words=words["goal"],
        title=scenario.title.in_language(language),
        chain=setting.chain,
        goal=view.goal,
        before=hands.before.value,
        pinned=solara.use_memo(lambda: Whole(list(hands.pins.value)), [hands.pins.value]),
        marks=solara.use_memo(lambda: Whole(curves.marks(scenario, language)), [setting.quiet, setting.events, *here]),
        progress=view.progress,
        query=f"{setting.query}&lang={language}",
        why=view.why,
        hint=options.hint(setting, scenario),
        event_pin=lambda _: hands.pin(),
        event_unpin=hands.unpin,
        **facts,
    )
    below = Panels(words=words["panels"], panels=view.panels, **facts)
    levers = Levers(
        words=words["levers"],
        conditions=solara.use_memo(lambda: Whole(options.conditions(setting, language)), here),
        values=options.values(scenario),
        turn=hands.turn.current,
        context=solara.use_memo(lambda: Whole(options.context(setting, scenario, language)), [*beside, *here]),
        event_set=hands.set_levers,
        event_other=hands.set_other,
        event_reset=lambda _: session.change(replace(session.setting.value, levers=())),
    )
    cards = Chains(
        words=words["chains"],
        chains=solara.use_memo(lambda: Whole(options.chains(setting, language)), here),
        chosen=setting.chain,
        event_choose=hands.choose,
    )
    side = solara.Div(children=[levers], classes=["ks-side"])
    seen_side = solara.Div(children=[chart, below], classes=["ks-view"])
    both = solara.Div(children=[side, seen_side], classes=["ks-explore"])
    return solara.v.Html(tag="main", attributes={"id": "main", "tabindex": "-1"}, children=[cards, both])


def use_view(setting: Setting, scenario: Scenario, language: str) -> View:
    """Have the setting computed, and what can be seen of it by now; figures below stay until there are new ones."""
    shown: solara.Reactive[Seen | None] = solara.use_reactive(None)
    computer = solara.use_memo(lambda: Computer(shown.set), [])
    solara.use_effect(lambda: computer.stop, [])
    as_it_is = scenario_of(replace(setting, levers=(), policy=None, capacity=None, non_standard=None))
    against = None if as_it_is == scenario else as_it_is
    solara.use_effect(lambda: computer.ask(Wish(scenario, setting.seed, language, against)), [setting, language])
    now = shown.value
    if now is not None and now.wish.scenario.title != scenario.title:
        now = None  # of the chain that was chosen before
    kept = solara.use_ref(NOTHING)
    if now is None:
        return View(None, kept.current, NOTHING, 0.0)
    if now.whole:
        kept.current = now.panels
    return View(now.goal, kept.current, now.why, 1.0 if now.whole else 0.4)


@dataclass(frozen=True, eq=False)
class Hands:
    """What a visitor does on the page.

    Attributes
    ----------
    goal : what is seen now
    before, pins : what stays in view behind it: of before the last change, and what was pinned
    began : the setting when the hand that still drags took hold, in ``current``
    turn : number of the last move that came, in ``current``; the page follows only an answer to its last move
    """

    goal: Whole | None
    before: solara.Reactive[Whole | None]
    pins: solara.Reactive[tuple[Values, ...]]
    began: Any
    turn: Any

    def set_levers(self, told: Values) -> None:
        """While a hand drags the setting moves along; when it rests that is one step to go back by."""
        if self.began.current is None:
            self.began.current, self.before.value = session.setting.value, self.goal
        turn = told.get("turn")
        self.turn.current = turn if isinstance(turn, int) else 0
        new = moves.moved(session.setting.value, dict(told.get("values") or {}))
        session.setting.value = new
        if told.get("rests"):
            began, self.began.current = self.began.current, None
            if new != began:
                session.steps.value = session.steps.value.after(began)

    def set_other(self, told: Values) -> None:
        """Other circumstances; what does not fit is told, and nothing changes."""
        try:
            new = moves.otherwise(session.setting.value, told)
            scenario_of(new)
        except InputError as error:
            session.notice(*(session.told(problem) for problem in error.problems))
            return
        self.before.value = self.goal
        session.change(new)

    def choose(self, name: str) -> None:
        """Another chain."""
        if name in options.chain_names(session.setting.value):
            self.before.value, self.pins.value = None, ()
            session.change(session.setting.value.with_chain(name))

    def pin(self) -> None:
        """Keep what is seen in view."""
        if self.goal is not None and len(self.pins.value) < session.MOST_PINNED:
            language, number = session.language.value, len(self.pins.value) + 1
            levers = [
                f"{t(f'lever.{name}.label', language)} {100 * to:.0f}" for name, to in session.setting.value.levers
            ]
            name = ": ".join([session.say("goal.pin_name", number=number), *filter(None, [", ".join(levers)])])
            self.pins.value = (*self.pins.value, {"name": name, "mean": self.goal.value["mean"]})

    def unpin(self, place: Any) -> None:
        """Let go of what was pinned."""
        self.pins.value = tuple(one for number, one in enumerate(self.pins.value) if number != place)
