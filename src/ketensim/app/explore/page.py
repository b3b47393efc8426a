"""Explore: choose a chain, move the six conditions, and see goal realisation move along."""

from __future__ import annotations

from typing import Final

import solara

from ketensim.app import curves, session
from ketensim.app.explore import downloads, offer
from ketensim.app.explore.computing import Computer, Preview, Wish
from ketensim.app.explore.figures import Panel
from ketensim.app.explore.moves import MOST_PINNED, Hand
from ketensim.app.frame import page_path
from ketensim.app.setting import Setting, scenario_of, without_changes
from ketensim.app.vue import part
from ketensim.scenario.schema import Scenario

INVITATION: Final = "verhaal=letting_go"  # the story that the page Learn is asked for

# A drag of twenty moves brings a browser some 210 kB, of which 125 kB are the curve itself. In one dict with the rest it
# would bring the curves of before and the pins along at each move, and the levers' words.
Chains = part("explore/chains.vue", "chains")
Levers = part("explore/levers.vue", "levers", "conditions", "circumstances")
Goal = part("explore/goal.vue", "goal", "goal", "before", "ledger", "pinned", "marks")
Panels = part("explore/panels.vue", "panels", "panels")


@solara.component
def Explore() -> solara.Element:
    """The page: chains on top, the six conditions at the side, what becomes of the goal beside them."""
    setting, language = session.setting.value, session.language.value
    scenario = scenario_of(setting)
    preview, panels = use_preview(setting, scenario, language)
    pins = solara.use_reactive(())
    began, turn = solara.use_ref(None), solara.use_ref(0)
    hand = Hand(preview.goal if preview else None, pins, began, turn)
    chain = [setting.chain, setting.own, language]  # what changes the words, but not while a hand drags
    beside = [setting.policy, setting.quiet, setting.events, setting.seed, *chain]
    cards = solara.use_memo(lambda: offer.chains(setting, language), chain)
    conditions = solara.use_memo(lambda: offer.conditions(setting, language), chain)
    circumstances = solara.use_memo(lambda: offer.circumstances(setting, scenario, language), beside)
    marks = solara.use_memo(lambda: curves.marks(scenario, language), [setting.quiet, setting.events, *chain])
    axis = {"start": scenario.start.isoformat(), "length": scenario.weeks}
    chart = Goal(
        goal=hand.curve,
        before=preview.before if preview else None,
        ledger=preview.ledger if preview else None,
        pinned=pins.value,
        marks=marks,
        page={
            **axis,
            "title": scenario.title.in_language(language),
            "chain": setting.chain,
            "progress": preview.progress if preview else 0.0,
            "query": session.link_of(setting),
            "why": preview.why if preview else [],
            "since": offer.since(setting, scenario),
            "hint": offer.hint(setting, scenario),
            "can_pin": hand.curve is not None and len(pins.value) < MOST_PINNED,
            "story": f"{page_path('learn')}?{INVITATION}&",
            "scenario": f"{downloads.SCENARIO}?",
            "report": f"{downloads.REPORT}?",
        },
        tell=hand.tell,
    )
    levers = Levers(
        conditions=conditions,
        circumstances=circumstances,
        page={
            **{"values": offer.values(scenario), "turn": turn.current},
            **{"always": setting.always, "moved": bool(setting.levers)},
        },
        tell=hand.tell,
    )
    side = solara.Div(children=[levers], classes=["ks-side"])
    view = solara.Div(children=[chart, Panels(panels=panels, page=axis)], classes=["ks-view"])
    return solara.v.Html(
        tag="main",
        attributes={"id": "main", "tabindex": "-1"},
        children=[
            Chains(page={"chains": cards, "chosen": setting.chain}, tell=hand.tell),
            solara.Div(children=[side, view], classes=["ks-explore"]),
        ],
    )


def use_preview(setting: Setting, scenario: Scenario, language: str) -> tuple[Preview | None, list[Panel]]:
    """Have the setting computed: what can be seen of it by now, and the figures below, which stay until there are new ones."""
    shown: solara.Reactive[Preview | None] = solara.use_reactive(None)
    computer = solara.use_memo(lambda: Computer(shown.set), [])
    solara.use_effect(lambda: computer.stop, [])
    as_it_was = scenario_of(without_changes(setting))
    against = None if as_it_was == scenario else as_it_was
    solara.use_effect(lambda: computer.ask(Wish(scenario, setting.seed, language, against)), [setting, language])
    panels = solara.use_ref([])
    preview = shown.value
    if preview is not None and preview.wish.scenario.title != scenario.title:
        preview = None  # of the chain that was chosen before
    if preview is not None and preview.panels:
        panels.current = preview.panels
    return preview, panels.current
