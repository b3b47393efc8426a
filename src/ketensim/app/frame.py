"""What stands around every page: the bar with the pages, steps back and forth, the link, language and light or dark."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs

import solara

from ketensim.app import session
from ketensim.app.compare import columns
from ketensim.app.learn.stories import STORIES
from ketensim.app.session import Whole, handed
from ketensim.app.setting import from_query, other_version
from ketensim.app.watch.film import is_choice
from ketensim.texts import LANGUAGES

RUN = "run"  # part of a link: which run is watched
STORY = "verhaal"  # part of a link: which story is told
PATHS = {
    "explore": "/",
    "watch": "/kijk",
    "compare": "/vergelijk",
    "own": "/keten",
    "experiments": "/experimenten",
    "learn": "/leer",
}


@solara.component_vue("bar.vue", to_json=dict.fromkeys(("words", "pages"), handed))
def Bar(
    words: Whole,
    pages: Whole,
    language: str,
    languages: list[str],
    query: str,
    can_undo: bool,
    can_redo: bool,
    notices: list[str],
    event_go: Callable[[str], None],
    event_undo: Callable[[Any], None],
    event_redo: Callable[[Any], None],
    event_speak: Callable[[str], None],
    event_dismiss: Callable[[Any], None],
) -> None:
    """The bar on top of every page."""


@solara.component
def Frame(children: list[solara.Element] | None = None) -> solara.Element:
    """The layout of every page; the first page that is opened reads the setting from its link."""
    router = solara.use_router()
    solara.use_memo(lambda: _read_link(router.search or ""), [])
    here = "/" + (router.parts[0] if router.parts else "")
    query = f"{session.setting.value.query}&lang={session.language.value}"
    if here == PATHS["compare"]:
        query += columns.query(session.setting.value)
    elif here == PATHS["watch"]:
        query += f"&{RUN}={session.run.value}"
    elif here == PATHS["learn"] and session.story.value:
        query += f"&{STORY}={session.story.value}"
    language = session.language.value
    bar = Bar(
        words=solara.use_memo(lambda: Whole(dict(session.texts("bar"))), [language]),
        pages=solara.use_memo(lambda: Whole(_pages(here)), [here, language]),
        language=language,
        languages=list(LANGUAGES),
        query=query,
        can_undo=bool(session.steps.value.past),
        can_redo=bool(session.steps.value.future),
        notices=list(session.notices.value),
        event_go=lambda path: router.push(path) if path in PATHS.values() else None,
        event_undo=lambda _: session.undo(),
        event_redo=lambda _: session.redo(),
        event_speak=_speak,
        event_dismiss=lambda _: session.notice(),
    )
    return solara.Column(children=[bar, *(children or [])], gap="0", classes=["ketensim"])


def _pages(here: str) -> list[dict[str, Any]]:
    return [{"path": path, "label": session.say(f"pages.{name}"), "here": path == here} for name, path in PATHS.items()]


def _read_link(search: str) -> None:
    given = {name: values[0] for name, values in parse_qs(search).items()}
    asked = given.get("lang", "")
    if asked in LANGUAGES:
        session.language.value = asked
    if not search:
        return
    setting, problems = from_query(search)
    session.setting.value = setting
    columns.chosen.value, complaints = columns.read(search, setting)
    run = given.get(RUN, "")
    if is_choice(run):
        session.run.value = run
    story = given.get(STORY, "")
    if story in STORIES:
        session.story.value = story
    problems = [*problems, *complaints]
    words = [session.say("link.left_out", what=session.told(problem)) for problem in problems]
    made = other_version(search)
    if made is not None:
        words.append(session.say("link.other_version", made=made[:20]))
    session.notice(*words)


def _speak(language: str) -> None:
    if language in LANGUAGES:
        session.language.value = language
