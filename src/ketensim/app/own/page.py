"""Own chain: build or change a chain in the browser, or let twelve questions set the one that is there."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

import solara

from ketensim.app import session
from ketensim.app.own import building
from ketensim.app.own.building import Data, Draft
from ketensim.app.own.desk import Desk, draft
from ketensim.app.own.form import form
from ketensim.app.own.form_fields import cells
from ketensim.app.own.listing import ListOfCases
from ketensim.app.own.placed_problems import Examination, examination_of, sentence
from ketensim.app.own.scanning import Scanning
from ketensim.app.own.sketch import sketch
from ketensim.app.setting import LARGEST_OWN, OWN, Setting
from ketensim.app.vue import Message, part
from ketensim.foundation.errors import Problem
from ketensim.scenario import files
from ketensim.scenario.fields import short_name

LONG_LINK: Final = 8_000  # letters; many servers in between refuse longer ones
PLAIN: Final = "reference"
TABS: Final = ("build", "list", "scan")

LEADS: Final = {"build": "own", "list": "own_list", "scan": "scan"}  # sections of the catalogue

tab: solara.Reactive[str] = solara.reactive(TABS[0])

Tabs = part("own/own_tabs.vue", "own")
Begin = part("own/begin.vue", "own")
Drawing = part("own/drawing.vue", "own")
Form = part("own/own.vue", "own")
Status = part("own/status.vue", "own")


@solara.component
def Own() -> solara.Element:
    """The page."""

    def tell(message: Message) -> None:
        if message.get("tab") in TABS:
            tab.value = message["tab"]

    def choose(name: str) -> None:
        tab.value = name

    lead = session.texts(LEADS[tab.value])["lead"]
    head = Tabs(page={"tabs": TABS, "chosen": tab.value, "lead": lead}, tell=tell)
    pages = {"build": Building, "list": lambda: ListOfCases(choose), "scan": lambda: Scanning(choose)}
    content = pages[tab.value]()
    return solara.Div(children=[head, content], attributes={"role": "main", "id": "main", "tabindex": "-1"})


@solara.component
def Building() -> solara.Element:
    """The form of a chain of one's own."""
    language = session.language.value
    own = session.setting.value.own
    start = solara.use_memo(lambda: Draft(building.content(own) if own else building.first(language)), [])
    desk = Desk(draft, start, solara.use_reactive(()), language, solara.use_router().push)
    now = desk.now
    seen = solara.use_memo(lambda: examination_of(now, language), [now, language])
    blocks = solara.use_memo(lambda: form(now, seen, language), [seen])
    shipped = solara.use_memo(lambda: _shipped(language), [language])
    outline = solara.use_memo(lambda: sketch(now.data, blocks, language), [blocks])
    begin = Begin(page={"shipped": shipped, "notes": desk.notes.value, "most": LARGEST_OWN}, tell=desk.tell)
    form_of_parts = Form(page={"blocks": blocks}, tell=desk.tell)
    drawing = Drawing(page=outline, tell=desk.tell)
    columns = [
        solara.Div(children=[drawing, form_of_parts], classes=["ks-own-form"]),
        Status(page=_status(now, seen, language), tell=desk.tell),
    ]
    return solara.Div(children=[begin, solara.Div(children=columns, classes=["ks-own-columns"])], classes=["ks-own"])


def _status(now: Draft, seen: Examination, language: str) -> dict[str, Any]:
    """How the draft is doing, and what can be done with it."""
    setting = session.setting.value
    return {
        "errors": problems_in_order(seen.errors, now.data, language),
        "doubts": problems_in_order(seen.doubts, now.data, language),
        "text": now.text,
        "name": _file_name(now.data),
        "untouched": draft.value is None,
        "of": setting.own if setting.chain == OWN else "",
        "long_link": seen.scenario is not None and len(Setting().with_own(now.text).query) > LONG_LINK,
        "can_undo": bool(now.past),
        "can_redo": bool(now.future),
    }


def problems_in_order(by_place: Mapping[str, Sequence[Problem]], data: Data, language: str) -> list[dict[str, str]]:
    """Problems one after another, each with its place, so that one can go there."""
    known = cells(data, language)
    return [
        {"place": place, "sentence": sentence(problem, data, language, known.get(place)), "path": problem.path}
        for place, problems in by_place.items()
        for problem in problems
    ]


def _shipped(language: str) -> list[dict[str, str]]:
    names = sorted(files.names(), key=lambda name: name == PLAIN)
    return [{"name": name, "title": files.load(name).title.in_language(language)} for name in names]


def _file_name(data: Data) -> str:
    """What the file is called that one saves."""
    title = short_name(str(building.value_at(data, ("title", "nl")) or ""))
    return f"{re.sub(r'[^a-z0-9]+', '-', title.lower()).strip('-') or 'keten'}.yaml"
