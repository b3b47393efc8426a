"""Learn: stories in which one predicts first, what the six conditions are, and what the model does and does not do."""

from __future__ import annotations

import threading
from collections.abc import Callable
from functools import lru_cache
from typing import Any, Final
from urllib.parse import parse_qs

import solara

from ketensim.analysis.patterns.record import Record, read
from ketensim.app import session
from ketensim.app.background import StoppedError, in_background
from ketensim.app.explore.moves import LARGEST_SEED
from ketensim.app.explore.options import CONDITIONS
from ketensim.app.learn import stories
from ketensim.app.learn.stories import DIRECTIONS, SIDES, STORIES, Found, Story
from ketensim.app.setting import Setting, scenario_of
from ketensim.foundation.parameters import LEVERS
from ketensim.texts import glossary, t
from ketensim.views import evidence_tables
from ketensim.views.patterns import pattern_words

EXPLORE: Final = "/"
OUTCOME: Final = "uitkomst"  # part of a link: the story is shown with what came out
ENDS: Final = {"low": 0.1, "high": 0.9}


@solara.component_vue("learn_story.vue")
def Stories(
    words: dict[str, Any],
    language: str,
    stories: list[dict[str, Any]],
    chosen: str,
    story: dict[str, Any] | None,
    progress: float | None,
    result: dict[str, Any] | None,
    event_choose: Callable[[str], None],
    event_see: Callable[[dict[str, Any]], None],
    event_stop: Callable[[Any], None],
    event_again: Callable[[Any], None],
    event_luck: Callable[[Any], None],
    event_open: Callable[[dict[str, Any]], None],
) -> None:
    """The stories, and the one that was chosen."""


@solara.component_vue("learn.vue")
def Reading(
    words: dict[str, Any],
    language: str,
    conditions: list[dict[str, Any]],
    tested: dict[str, Any],
    glossary: list[dict[str, str]],
    event_open: Callable[[dict[str, Any]], None],
) -> None:
    """What one can read: conditions, limits, words."""


@solara.component
def Learn() -> solara.Element:
    """The page."""
    return solara.v.Html(tag="main", attributes={"id": "main", "tabindex": "-1"}, children=[Told(), Read()])


@solara.component
def Told() -> solara.Element:
    """Stories: predict, see, explain, and open one of the chains."""
    router = solara.use_router()
    shown_at_once = solara.use_memo(lambda: parse_qs(router.search or "").get(OUTCOME) is not None, [])
    predicted: solara.Reactive[dict[str, str] | None] = solara.use_reactive({} if shown_at_once else None)
    seed = solara.use_reactive(1)
    progress: solara.Reactive[float | None] = solara.use_reactive(None)
    found: solara.Reactive[tuple[Found, ...] | None] = solara.use_reactive(None)
    chosen = session.story
    story, language = STORIES.get(chosen.value), session.language.value
    wanted = story if predicted.value is not None else None
    solara.use_effect(lambda: _computing(wanted, seed.value, progress, found), [wanted, seed.value])

    def show(name: str | None, guesses: dict[str, str] | None) -> None:
        found.value, progress.value, predicted.value = None, None, guesses
        if name is not None:
            chosen.value, seed.value = name, 1

    def see(told: dict[str, Any]) -> None:
        show(None, _guesses(story, told.get("predicted")))

    def other_luck(_: Any) -> None:
        found.value, progress.value, seed.value = None, 0.0, seed.value % LARGEST_SEED + 1

    def open_one(told: dict[str, Any]) -> None:
        pair = next((one for one in story.pairs if one.name == told.get("pair")), None) if story else None
        if pair is not None and told.get("side") in SIDES:
            session.change(getattr(pair, told["side"]))
            router.push(EXPLORE)

    result = stories.told(story, found.value, predicted.value or {}, language) if story and found.value else None
    return Stories(
        words=dict(session.texts("learn")),
        language=language,
        stories=[_card(one, language) for one in STORIES.values()],
        chosen=chosen.value,
        story=_described(story, language) if story else None,
        progress=progress.value,
        result=result,
        event_choose=lambda name: show(name, None) if name in STORIES else None,
        event_see=see,
        event_stop=lambda _: show(None, None),
        event_again=lambda _: show(None, None),
        event_luck=other_luck,
        event_open=open_one,
    )


@solara.component
def Read() -> solara.Element:
    """Conditions, limits and words."""
    router = solara.use_router()
    language, setting = session.language.value, session.setting.value

    def open_one(told: dict[str, Any]) -> None:
        if told.get("condition") in CONDITIONS and told.get("end") in ENDS:
            session.change(_moved(setting, told["condition"], told["end"]))
            router.push(EXPLORE)

    return Reading(
        words=dict(session.texts("learn")),
        language=language,
        conditions=[_condition(number, name, setting, language) for number, name in enumerate(CONDITIONS, 1)],
        tested=_tested(language),
        glossary=_glossary(language),
        event_open=open_one,
    )


def _computing(
    story: Story | None,
    seed: int,
    progress: solara.Reactive[float | None],
    found: solara.Reactive[tuple[Found, ...] | None],
) -> Callable[[], None] | None:
    """Compute a story in a thread of its own; what is returned ends it."""
    if story is None:
        return None
    progress.value = 0.0

    def work(stop: threading.Event) -> None:
        def tell(share: float) -> None:
            if stop.is_set():
                raise StoppedError
            progress.value = round(share, 2)

        for computed in stories.found(story, seed, tell):
            if not stop.is_set():
                found.value = computed

    return in_background(work, "ketensim-story")


def _guesses(story: Story | None, given: object) -> dict[str, str]:
    """What a browser sent as predictions, as far as it can be one."""
    if story is None or not isinstance(given, dict):
        return {}
    return {pair.name: given[pair.name] for pair in story.pairs if given.get(pair.name) in DIRECTIONS}


def _card(story: Story, language: str) -> dict[str, Any]:
    texts = {name: t(f"learn.story.{story.name}.{name}", language) for name in ("title", "lead")}
    return {"name": story.name, "short": story.short, **texts}


def _described(story: Story, language: str) -> dict[str, Any]:
    """A story before anything is computed."""
    scenario = scenario_of(story.pairs[0].after)
    parts = ("title", "scene", "before", "after", "why", "invitation")
    named = {pair.name: _of_pair(story, pair.name, language) for pair in story.pairs}
    links = [
        {
            "pair": pair.name,
            "side": side,
            "query": getattr(pair, side).query,
            "label": t(
                "learn.link", language, circumstance=named[pair.name]["label"], side=_of_story(story, side, language)
            ),
        }
        for pair in story.pairs
        for side in SIDES
    ]
    return {
        **{part: _of_story(story, part, language) for part in parts},
        "pairs": [{"name": name, **texts} for name, texts in named.items()],
        "links": links,
        "start": scenario.start.isoformat(),
        "marks": [
            {"week": event.week, "label": t(f"event.{event.kind}.label", language)}
            for event in story.pairs[0].after.events
        ],
    }


def _of_story(story: Story, part: str, language: str) -> str:
    return t(f"learn.story.{story.name}.{part}", language)


def _of_pair(story: Story, name: str, language: str) -> dict[str, str]:
    return {part: t(f"learn.story.{story.name}.pair.{name}.{part}", language) for part in ("label", "question")}


def _moved(setting: Setting, condition: str, end: str) -> Setting:
    """The visitor's chain as its file has it, with one condition at one end."""
    moved = setting.with_chain(setting.chain)
    for row in LEVERS:
        if row.condition == condition:
            moved = moved.with_lever(row.name, ENDS[end])
    return moved


def _condition(number: int, name: str, setting: Setting, language: str) -> dict[str, Any]:
    links = [
        {"end": end, "query": _moved(setting, name, end).query, "label": t(f"learn.conditions.open_{end}", language)}
        for end in ENDS
    ]
    return {"name": name, "number": number, "label": t(f"condition.{name}", language), "links": links}


@lru_cache(maxsize=1)
def _record() -> Record:
    return read()


def _tested(language: str) -> dict[str, Any]:
    """What the patterns said of the full model, and how much of the model has a source."""
    table = pattern_words.matrix(_record(), language, short=True)
    return {
        "assumptions": evidence_tables.basis(language),
        "counted": pattern_words.counted(_record(), language),
        "headings": list(table.headings),
        "rows": [list(row) for row in table.rows],
    }


def _glossary(language: str) -> list[dict[str, str]]:
    return [{"term": term[language], "meaning": term["definition"][language]} for term in glossary().values()]
