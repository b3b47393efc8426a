"""Own chain: build or change a chain in the browser, or let twelve questions set the one that is there."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import solara

from ketensim.app import session
from ketensim.app.own import building, changes
from ketensim.app.own.building import Data, Draft
from ketensim.app.own.form import form
from ketensim.app.own.form_fields import cells
from ketensim.app.own.placed_problems import Examined, examined, sentence
from ketensim.app.own.scanning import Scanning
from ketensim.app.setting import LARGEST_OWN, Setting
from ketensim.foundation.errors import InputError, Problem
from ketensim.scenario import files
from ketensim.texts import t
from ketensim.views.drawing.picture import chain_picture

LONG_LINK: Final = 8_000  # letters; many servers in between refuse longer ones
PLAIN: Final = "reference"
TABS: Final = ("build", "scan")

draft: solara.Reactive[Draft | None] = solara.reactive(None)
tab: solara.Reactive[str] = solara.reactive(TABS[0])


@solara.component_vue("own.vue")
def Form(
    words: dict[str, Any],
    language: str,
    blocks: list[dict[str, Any]],
    shipped: list[dict[str, str]],
    errors: list[dict[str, str]],
    doubts: list[dict[str, str]],
    notes: list[str],
    picture: str,
    stale: bool,
    text: str,
    name: str,
    untouched: bool,
    long_link: bool,
    most: int,
    can_undo: bool,
    can_redo: bool,
    event_edit: Callable[[dict[str, Any]], None],
    event_act: Callable[[dict[str, Any]], None],
    event_open: Callable[[dict[str, Any]], None],
    event_compute: Callable[[Any], None],
    event_undo: Callable[[Any], None],
    event_redo: Callable[[Any], None],
) -> None:
    """The form, the picture beside it, and what is wrong or improbable."""


@solara.component_vue("own_tabs.vue")
def Tabs(words: dict[str, Any], lead: str, tabs: list[dict[str, Any]], event_choose: Callable[[str], None]) -> None:
    """Title and choice between building and scanning."""


@solara.component
def Own() -> solara.Element:
    """The page."""
    words = dict(session.texts("own"))
    tabs = [{"name": name, "label": words[name], "here": name == tab.value} for name in TABS]
    lead = words["lead"] if tab.value == "build" else session.texts("scan")["lead"]
    head = Tabs(words=words, lead=lead, tabs=tabs, event_choose=lambda name: tab.set(name) if name in TABS else None)
    content = Building() if tab.value == "build" else Scanning()
    return solara.Div(children=[head, content], attributes={"role": "main", "id": "main", "tabindex": "-1"})


@solara.component
def Building() -> solara.Element:
    """The form of a chain of one's own."""
    router = solara.use_router()
    language = session.language.value
    start = solara.use_memo(lambda: Draft(building.first(language)), [])
    desk = Desk(draft, start, solara.use_reactive(()), language)
    now = desk.now
    drawn = solara.use_ref("")
    seen = solara.use_memo(lambda: examined(now, language), [now, language])
    blocks = solara.use_memo(lambda: form(now, seen, language), [seen])
    shipped = solara.use_memo(lambda: _shipped(language), [language])
    drawn.current = solara.use_memo(lambda: _picture(seen, language) or drawn.current, [seen])
    return Form(
        words=dict(session.texts("own")),
        language=language,
        blocks=blocks,
        shipped=shipped,
        errors=listed(seen.errors, now.data, language),
        doubts=listed(seen.doubts, now.data, language),
        notes=list(desk.notes.value),
        picture=drawn.current,
        stale=seen.scenario is None,
        text=now.text,
        name=_file_name(now.data),
        untouched=draft.value is None,
        long_link=seen.scenario is not None and len(Setting().with_own(now.text).query) > LONG_LINK,
        most=LARGEST_OWN,
        can_undo=bool(now.past),
        can_redo=bool(now.future),
        event_edit=desk.edit,
        event_act=desk.act,
        event_open=desk.open,
        event_compute=lambda _: desk.compute() and router.push("/"),
        event_undo=lambda _: draft.set(desk.now.undone()),
        event_redo=lambda _: draft.set(desk.now.redone()),
    )


@dataclass(frozen=True, eq=False)
class Desk:
    """What a visitor does with the draft.

    Attributes
    ----------
    kept : the draft, None as long as nothing was changed
    start : what it begins with
    notes : sentences above the form
    """

    kept: solara.Reactive[Draft | None]
    start: Draft
    notes: solara.Reactive[tuple[str, ...]]
    language: str

    @property
    def now(self) -> Draft:
        """The draft as it is."""
        found: Draft = self.kept.value or self.start
        return found

    def edit(self, wish: dict[str, Any]) -> None:
        """Something was typed."""
        found = changes.edited(self.now.data, wish, self.language)
        if found is not None:
            self._change(found[0], touched=found[1])

    def act(self, wish: dict[str, Any]) -> None:
        """A part more or less."""
        found = changes.acted(self.now.data, wish, self.language)
        if found is not None:
            self._change(found[0], *filter(None, found[1:]))

    def open(self, wish: dict[str, Any]) -> None:
        """Begin with something else; what was there is one step back."""
        try:
            data = changes.opened(wish, session.setting.value, self.language)
        except InputError as error:
            refused = [changes.at_line(problem, self.language) for problem in error.problems]
            self.notes.value = (t("own.begin.refused", self.language), *refused)
            return
        if data is not None:
            self._change(data, *_greeting(data, self.language))

    def compute(self) -> bool:
        """Make the draft the setting; whether it could be."""
        scenario, _ = self.now.examined()
        if scenario is not None:
            session.change(session.setting.value.with_own(files.dump(scenario)))
        return scenario is not None

    def _change(self, data: Data, *told: str, touched: str = "") -> None:
        self.kept.value = self.now.changed(data, touched)
        self.notes.value = told


def listed(found: Mapping[str, Sequence[Problem]], data: Data, language: str) -> list[dict[str, str]]:
    """Problems one after another, each with its place, so that one can go there."""
    known = cells(data, language)
    return [
        {"place": place, "sentence": sentence(problem, data, language, known.get(place)), "path": problem.path}
        for place, problems in found.items()
        for problem in problems
    ]


def _picture(seen: Examined, language: str) -> str:
    """The picture of a chain that is right, nothing of one that is not."""
    return "" if seen.scenario is None else str(chain_picture(seen.scenario, language))


def _shipped(language: str) -> list[dict[str, str]]:
    names = sorted(files.names(), key=lambda name: name == PLAIN)
    return [{"name": name, "title": files.load(name).title.in_language(language)} for name in names]


def _greeting(data: Data, language: str) -> tuple[str, ...]:
    title = str(building.at(data, ("title", language)) or "")
    told = [t("own.begin.done", language, title=title)]
    if Draft(data).examined()[0] is None:
        told.append(t("own.begin.mend", language))
    return tuple(told)


def _file_name(data: Data) -> str:
    """What the file is called that one saves."""
    title = building.short(str(building.at(data, ("title", "nl")) or ""))
    return f"{re.sub(r'[^a-z0-9]+', '-', title.lower()).strip('-') or 'keten'}.yaml"
