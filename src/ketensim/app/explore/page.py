"""Explore: choose a chain, move the six conditions, and see on the same screen what that does to every hundred cases."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import solara

from ketensim.app import curves, pins, session
from ketensim.app.beside import LONGEST_NAME, PART, as_link_value
from ketensim.app.explore import downloads, offer
from ketensim.app.explore.computing import ALL_RUNS, Computer, Preview, Wish
from ketensim.app.explore.figures import Panel
from ketensim.app.explore.moves import Hand
from ketensim.app.explore.pinned import PinnedCurve, use_pinned
from ketensim.app.explore.slides import Slide, slide_of
from ketensim.app.frame import page_path
from ketensim.app.levers import setting_name
from ketensim.app.pins import Pin
from ketensim.app.setting import Setting, base, scenario_of
from ketensim.app.vue import part
from ketensim.scenario.schema import Scenario
from ketensim.texts import t
from ketensim.views.report.conclusions import QUARTER

# In one dict with the rest the curves of before and the pins would come along at each move, and the levers' words.
Head = part("explore/head.vue", "chains", "chains")
Levers = part("explore/levers.vue", "levers", "conditions", "circumstances", "whole", "prospects")
Goal = part("explore/goal.vue", "goal", "axis", "goal", "effect", "before", "ledger", "pinned", "marks")
Present = part("explore/present.vue", "present", "slides")
Panels = part("explore/panels.vue", "panels", "panels")


@solara.component
def Explore() -> solara.Element:
    """The page: the chain on top, the six conditions at the side, what becomes of the goal beside them."""
    setting, language = session.setting.value, session.language.value
    scenario = scenario_of(setting)
    preview, panels, ask = use_preview(setting, language)
    answer: solara.Reactive[tuple[Any, Any]] = solara.use_reactive((None, None))
    turn = solara.use_ref(0)
    whole = preview is not None and preview.wish.setting == setting and preview.goal["runs"] >= ALL_RUNS
    grounds = preview.grounds if preview and whole else None
    slide = solara.use_memo(lambda: _slide(preview) if whole else None, [preview, whole])
    hand = Hand(slide, grounds, answer, turn, ask)
    kept = use_pinned(setting, slide if whole else None, language)
    chain = [setting.chain, setting.own, language]  # what changes the words, but not while a hand drags
    beside = [setting.policy, setting.quiet, setting.events, setting.seed, setting.decided, *chain]
    cards = solara.use_memo(lambda: offer.chains(setting, language), chain)
    conditions = solara.use_memo(lambda: offer.conditions(setting, language), [setting.decided, *chain])
    wholes = solara.use_memo(lambda: offer.whole_settings(setting, language), [setting.decided, *chain])
    circumstances = solara.use_memo(lambda: offer.circumstances(setting, scenario, language), beside)
    levers = Levers(
        conditions=conditions,
        circumstances=circumstances,
        whole=wholes,
        prospects=preview.prospects if preview and preview.wish.setting == setting else {},
        page={
            **{"values": offer.values(scenario, setting.decided), "turn": turn.current},
            **{"always": setting.always, "moved": bool(setting.levers), "things": _things(scenario)},
        },
        tell=hand.tell,
    )
    slides = [one.slide for one in kept if one.slide] + ([slide] if slide else [])
    story = f"{page_path('contrast')}?{session.link_of(session.at_rest())}"
    head = {"chosen": setting.chain, "title": scenario.title.in_language(language), "story": story}
    axis = {"start": scenario.start.isoformat(), "length": scenario.weeks}
    return solara.v.Html(
        tag="main",
        attributes={"id": "main", "tabindex": "-1"},
        children=[
            solara.Div(
                children=[Head(chains=cards, page=head, tell=hand.tell), Present(slides=slides, page={})],
                classes=["ks-headrow"],
            ),
            solara.Div(
                children=[
                    solara.Div(children=[levers], classes=["ks-side"]),
                    solara.Div(children=[_chart(setting, scenario, preview, hand, kept)], classes=["ks-view"]),
                ],
                classes=["ks-explore"],
            ),
            Panels(panels=panels, page=axis),
        ],
    )


def _chart(
    setting: Setting, scenario: Scenario, preview: Preview | None, hand: Hand, kept: list[PinnedCurve]
) -> solara.Element:
    """The figures in view."""
    language = session.language.value
    dependencies = [setting.quiet, setting.events, setting.chain, setting.own, language]
    marks = solara.use_memo(lambda: curves.marks(scenario, language), dependencies)
    return Goal(
        **_seen(preview),
        axis=_axis(setting, scenario),
        pinned=[
            {"name": one.name, "called": one.pin.called, "mean": one.slide["mean"] if one.slide else []} for one in kept
        ],
        marks=marks,
        page={
            **_about(setting, scenario, preview),
            "can_pin": hand.slide is not None and pins.may_pin(setting),
            "can_ask": hand.grounds is not None,
            "answer": hand.answer.value[1] if hand.answer.value[0] is hand.grounds else None,
            "compare": f"{page_path('compare')}?{_beside([one.pin for one in kept])}",
            "watch": f"{page_path('watch')}?{session.link_of(session.at_rest(), *pins.pins_in_link(setting))}",
            "longest_name": LONGEST_NAME,
        },
        tell=hand.tell,
    )


def _slide(preview: Preview | None) -> Slide | None:
    if preview is None:
        return None
    language = session.language.value
    return slide_of(preview, setting_name(preview.wish.setting, language), language)


def _seen(preview: Preview | None) -> dict[str, Any]:
    """What is there by now of the figures in view."""
    if preview is None:
        return dict.fromkeys(("goal", "effect", "before", "ledger"))
    return {"goal": preview.goal, "effect": preview.effect, "before": preview.before, "ledger": preview.ledger}


def _axis(setting: Setting, scenario: Scenario) -> dict[str, Any]:
    """The time axis and the words of the chain, which stay the same while a hand drags."""
    return {
        **{"start": scenario.start.isoformat(), "length": scenario.weeks, "quarter": QUARTER},
        "title": scenario.title.in_language(session.language.value),
        "things": _things(scenario),
        "chain": setting.chain,
    }


def _about(setting: Setting, scenario: Scenario, preview: Preview | None) -> dict[str, Any]:
    """What belongs to the figures in view."""
    return {
        "decided": setting.decided if setting.levers and not setting.always else None,
        "changed": scenario != base(setting),
        "progress": preview.progress if preview else 0.0,
        "stale": preview is None or preview.wish.setting != setting,
        "query": session.link_of(session.at_rest()),
        "why": preview.why if preview else [],
        "since": offer.since(setting, scenario),
        "hint": offer.hint(setting, scenario),
        "scenario": f"{downloads.SCENARIO}?",
        "report": f"{downloads.REPORT}?",
        "workbook": f"{downloads.WORKBOOK}?",
    }


def _beside(kept: list[Pin]) -> str:
    """What a link to Compare holds: the setting of now, and what was pinned with what it is called here."""
    language, now = session.language.value, session.at_rest()
    named = [(one.setting, {as_link_value(one.setting): one.name(language)[:LONGEST_NAME]}) for one in kept]
    beside = [(PART, as_link_value(one, name)) for one, name in named]
    return session.link_of(now, *beside, *pins.pins_in_link(now))


def _things(scenario: Scenario) -> str:
    """What the chain handles, in its own word."""
    language = session.language.value
    return scenario.words(language).get("things") or t("word.things", language)


def use_preview(setting: Setting, language: str) -> tuple[Preview | None, list[Panel], Callable[[Setting], None]]:
    """Have the setting computed: what can be seen of it by now, the figures below, which stay until there are new ones, and how
    to have the next one computed before the page is drawn with it.
    """
    shown: solara.Reactive[Preview | None] = solara.use_reactive(None)
    computer = solara.use_memo(lambda: Computer(shown.set), [])
    solara.use_effect(lambda: computer.stop, [])
    held = session.held.value is not None
    solara.use_effect(lambda: computer.hold(held), [held])
    solara.use_effect(lambda: computer.ask(Wish(setting, language)), [setting, language])  # a move has asked
    solara.use_effect(lambda: session.release, [])
    panels = solara.use_ref([])
    preview = shown.value
    if preview is not None and (preview.wish.setting.chain, preview.wish.setting.own) != (setting.chain, setting.own):
        preview = None  # of the chain that was chosen before
    if preview is not None and preview.panels:
        panels.current = preview.panels

    def ask(moved: Setting) -> None:
        computer.hold(True)
        computer.ask(Wish(moved, language))

    return preview, panels.current, ask
