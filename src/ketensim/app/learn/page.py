"""Learn: stories in which one predicts first, what the six conditions are, and what the model does and does not do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Final
from urllib.parse import urlencode

import solara

from ketensim.analysis.patterns.record import Record, read_record
from ketensim.app import session
from ketensim.app.background import Listener, use_work
from ketensim.app.learn import stories
from ketensim.app.learn.stories import DIRECTIONS, SIDES, STORIES, Story
from ketensim.app.levers import CONDITIONS, LEVERS_OF
from ketensim.app.setting import LANGUAGE, LARGEST_OFFERED_SEED, Pairs, Setting, pairs_of, scenario_of
from ketensim.app.vue import Message, part
from ketensim.foundation.errors import Problem
from ketensim.texts import glossary, meaning_of, t
from ketensim.views.patterns import pattern_words
from ketensim.views.report import evidence

STORY: Final = "verhaal"  # part of a link: which story
OUTCOME: Final = "uitkomst"  # part of a link: the story is shown with what came out
ENDS: Final = {"low": 0.1, "high": 0.9}

chosen: solara.Reactive[str] = solara.reactive("")  # the story

Stories = part("learn/learn_story.vue", "learn", "story", "result")
Reading = part("learn/learn.vue", "learn")


def story_in_link(_: Setting) -> Pairs:
    """Which story was chosen."""
    return [(STORY, chosen.value)] if chosen.value else []


def story_from_link(given: Pairs, _: Setting) -> list[Problem]:
    """Choose the story of a link; what is no story is passed over."""
    asked = dict(given).get(STORY, "")
    if asked in STORIES:
        chosen.value = asked
    return []


@solara.component
def Learn() -> solara.Element:
    """The page."""
    return solara.v.Html(
        tag="main", attributes={"id": "main", "tabindex": "-1"}, children=[StoryTelling(), Conditions()]
    )


# --- stories -------------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, eq=False)
class Telling:
    """A story that somebody wants to see; the same one asked again is computed again.

    Attributes
    ----------
    story : which
    predicted : direction by pair, of those that were predicted
    seed : of the luck
    """

    story: Story
    predicted: Mapping[str, str]
    seed: int = 1


@solara.component
def StoryTelling() -> solara.Element:
    """Predict, see, explain, and open one of the chains."""
    router = solara.use_router()
    story, language = STORIES.get(chosen.value), session.language.value
    at_once = OUTCOME in dict(pairs_of(router.search or ""))
    first = solara.use_memo(lambda: Telling(story, {}) if story and at_once else None, [])
    wish: solara.Reactive[Telling | None] = solara.use_reactive(first)
    seed = solara.use_reactive(1)
    telling = wish.value

    def work(listener: Listener) -> None:
        assert telling is not None
        for computed in stories.compared_pairs(telling.story, telling.seed, listener.progress):
            listener.show((telling, computed))

    shown, progress = use_work(work if telling else None, [telling])
    computed = shown[1] if shown is not None and shown[0] is telling else None

    def tell(message: Message) -> None:
        match message:
            case {"kind": "choose", "story": name} if name in STORIES:
                chosen.value, seed.value, wish.value = name, 1, None
            case {"kind": "see", "predicted": dict(guesses)} if story:
                wish.value = Telling(story, predictions(story, guesses), seed.value)
            case {"kind": "back"}:
                wish.value = None
            case {"kind": "luck"} if telling:
                seed.value = telling.seed % LARGEST_OFFERED_SEED + 1
                wish.value = replace(telling, seed=seed.value)
            case {"kind": "open", "pair": name, "side": side} if story and side in SIDES:
                for pair in story.pairs:
                    if pair.name == name:
                        session.change_setting(getattr(pair, side))
                        router.push(session.HOME)

    return Stories(
        story=_described(story, language) if story else None,
        result=stories.page_of_story(story, computed, telling.predicted, language)
        if telling and story and computed
        else None,
        page={
            "stories": [_card(each, language) for each in STORIES.values()],
            "chosen": chosen.value,
            "progress": progress if telling else None,
            "link": f"?{urlencode({STORY: chosen.value, LANGUAGE: language, **({OUTCOME: 1} if computed else {})})}",
        },
        tell=tell,
    )


def predictions(story: Story, given: Mapping[str, Any]) -> dict[str, str]:
    """What a browser sent as predictions, as far as it can be one."""
    return {pair.name: given[pair.name] for pair in story.pairs if given.get(pair.name) in DIRECTIONS}


def _card(story: Story, language: str) -> dict[str, Any]:
    return {"name": story.name, "short": story.short, **_texts(story, ("title", "lead"), language)}


def _texts(story: Story, parts: tuple[str, ...], language: str) -> dict[str, str]:
    """Parts of a story by the last name of each."""
    return {part.rpartition(".")[2]: t(f"learn.story.{story.name}.{part}", language) for part in parts}


def _described(story: Story, language: str) -> dict[str, Any]:
    """A story before anything is computed."""
    texts = _texts(story, ("title", "scene", "before", "after", "why", "invitation"), language)
    pairs = [
        {"name": pair.name, **_texts(story, (f"pair.{pair.name}.label", f"pair.{pair.name}.question"), language)}
        for pair in story.pairs
    ]
    links = [
        {
            "pair": pair.name,
            "side": side,
            "query": session.link_of(getattr(pair, side)),
            "label": t("learn.link", language, circumstance=named["label"], side=texts[side]),
        }
        for pair, named in zip(story.pairs, pairs, strict=True)
        for side in SIDES
    ]
    after = story.pairs[0].after
    marks = [{"week": event.week, "label": t(f"event.{event.kind}.label", language)} for event in after.events]
    return {**texts, "pairs": pairs, "links": links, "start": scenario_of(after).start.isoformat(), "marks": marks}


# --- to read -------------------------------------------------------------------------------------------------------------
@solara.component
def Conditions() -> solara.Element:
    """Conditions, limits and words."""
    router = solara.use_router()
    language, setting = session.language.value, session.setting.value

    def tell(message: Message) -> None:
        match message:
            case {"kind": "open", "condition": name, "end": end} if name in CONDITIONS and end in ENDS:
                session.change_setting(with_condition_at(setting, name, end))
                router.push(session.HOME)

    return Reading(
        page={
            "conditions": [_condition(number, name, setting, language) for number, name in enumerate(CONDITIONS, 1)],
            "tested": _tested(language),
            "glossary": [
                {"term": term[language], "meaning": meaning_of(term, language)} for term in glossary().values()
            ],
        },
        tell=tell,
    )


def with_condition_at(setting: Setting, condition: str, end: str) -> Setting:
    """The visitor's chain as its file has it, with one condition at one end."""
    new = setting.with_chain(setting.chain)
    for lever in LEVERS_OF[condition]:
        new = new.with_lever(lever, ENDS[end])
    return new


def _condition(number: int, name: str, setting: Setting, language: str) -> dict[str, Any]:
    links = [
        {
            "end": end,
            "query": session.link_of(with_condition_at(setting, name, end)),
            "label": t(f"learn.conditions.open_{end}", language),
        }
        for end in ENDS
    ]
    return {"name": name, "number": number, "label": t(f"condition.{name}", language), "links": links}


@lru_cache(maxsize=1)
def _record() -> Record:
    return read_record()


@lru_cache(maxsize=2)
def _tested(language: str) -> dict[str, Any]:
    """What the patterns said of the full model, and how much of the model has a source."""
    table = pattern_words.matrix_table(_record(), language, short=True)
    return {
        "assumptions": evidence.basis_of_numbers(language),
        "counted": pattern_words.counted_in_words(_record(), language),
        "headings": list(table.headings),
        "rows": [list(row) for row in table.rows],
    }
