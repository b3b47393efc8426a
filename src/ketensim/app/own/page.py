"""Own chain: build or change a chain in the browser, or let twelve questions set the one that is there."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import solara

from ketensim.app import session
from ketensim.app.own import building, changes
from ketensim.app.own.building import Data, Draft
from ketensim.app.own.form import form
from ketensim.app.own.form_fields import cells
from ketensim.app.own.listing import ListOfCases
from ketensim.app.own.placed_problems import Examination, examination_of, sentence
from ketensim.app.own.scanning import Scanning
from ketensim.app.setting import LARGEST_OWN, Setting
from ketensim.app.vue import Message, part
from ketensim.foundation.errors import InputError, Problem
from ketensim.scenario import files
from ketensim.scenario.fields import short_name
from ketensim.texts import t
from ketensim.views.drawing.chain_picture import chain_picture

LONG_LINK: Final = 8_000  # letters; many servers in between refuse longer ones
PLAIN: Final = "reference"
TABS: Final = ("build", "list", "scan")

LEADS: Final = {"build": "own", "list": "own_list", "scan": "scan"}  # sections of the catalogue

draft: solara.Reactive[Draft | None] = solara.reactive(None)
tab: solara.Reactive[str] = solara.reactive(TABS[0])

Tabs = part("own/own_tabs.vue", "own")
Form = part("own/own.vue", "own")


@solara.component
def Own() -> solara.Element:
    """The page."""

    def tell(message: Message) -> None:
        if message.get("tab") in TABS:
            tab.value = message["tab"]

    def to_scan(_: str) -> None:
        tab.value = "scan"

    def to_form(text: str) -> None:
        draft.value = (draft.value or Draft(building.first(session.language.value))).changed(building.content(text))
        tab.value = "build"

    lead = session.texts(LEADS[tab.value])["lead"]
    head = Tabs(page={"tabs": TABS, "chosen": tab.value, "lead": lead}, tell=tell)
    pages = {"build": Building, "list": lambda: ListOfCases(to_scan, to_form), "scan": Scanning}
    content = pages[tab.value]()
    return solara.Div(children=[head, content], attributes={"role": "main", "id": "main", "tabindex": "-1"})


@solara.component
def Building() -> solara.Element:
    """The form of a chain of one's own."""
    language = session.language.value
    start = solara.use_memo(lambda: Draft(building.first(language)), [])
    desk = Desk(draft, start, solara.use_reactive(()), language, solara.use_router().push)
    now = desk.now
    drawn = solara.use_ref("")
    seen = solara.use_memo(lambda: examination_of(now, language), [now, language])
    drawn.current = solara.use_memo(lambda: _picture(seen, language) or drawn.current, [seen])
    blocks = solara.use_memo(lambda: form(now, seen, language), [seen])
    shipped = solara.use_memo(lambda: _shipped(language), [language])
    return Form(
        page={
            "blocks": blocks,
            "shipped": shipped,
            "errors": problems_in_order(seen.errors, now.data, language),
            "doubts": problems_in_order(seen.doubts, now.data, language),
            "notes": desk.notes.value,
            "picture": drawn.current,
            "stale": seen.scenario is None,
            "text": now.text,
            "name": _file_name(now.data),
            "untouched": draft.value is None,
            "long_link": seen.scenario is not None and len(Setting().with_own(now.text).query) > LONG_LINK,
            "most": LARGEST_OWN,
            "can_undo": bool(now.past),
            "can_redo": bool(now.future),
        },
        tell=desk.tell,
    )


@dataclass(frozen=True, eq=False)
class Desk:
    """What a visitor does with the draft.

    Attributes
    ----------
    kept : the draft, None as long as nothing was changed
    start : what it begins with
    notes : sentences above the form
    language : of the visitor
    leave : goes to another page
    """

    kept: solara.Reactive[Draft | None]
    start: Draft
    notes: solara.Reactive[tuple[str, ...]]
    language: str
    leave: Callable[[str], None]

    @property
    def now(self) -> Draft:
        """The draft as it is."""
        return self.kept.value or self.start

    def tell(self, message: Message) -> None:
        """What the form says; ``changes`` checks what it holds."""
        match message.get("kind"):
            case "edit":
                edit = changes.after_edit(self.now.data, message, self.language)
                if edit is not None:
                    self._change(edit[0], touched=edit[1])
            case "act":
                act = changes.after_act(self.now.data, message, self.language)
                if act is not None:
                    self._change(act[0], *filter(None, act[1:]))
            case "begin":
                self._begin(message)
            case "compute":
                self._compute()
            case "undo":
                self.kept.value = self.now.undone()
            case "redo":
                self.kept.value = self.now.redone()

    def _begin(self, message: Message) -> None:
        """Begin with something else; what was there is one step back."""
        try:
            data = changes.beginning(message, session.setting.value, self.language)
        except InputError as error:
            refused = [changes.at_line(problem, self.language) for problem in error.problems]
            self.notes.value = (t("own.begin.refused", self.language), *refused)
            return
        if data is not None:
            self._change(data, *_greeting(data, self.language))

    def _compute(self) -> None:
        """Make the draft the setting, if it is right, and look at it."""
        scenario, _ = self.now.checked()
        if scenario is not None:
            session.change_setting(session.setting.value.with_own(files.dump(scenario)))
            self.leave(session.HOME)

    def _change(self, data: Data, *sentences: str, touched: str = "") -> None:
        self.kept.value = self.now.changed(data, touched)
        self.notes.value = sentences


def problems_in_order(by_place: Mapping[str, Sequence[Problem]], data: Data, language: str) -> list[dict[str, str]]:
    """Problems one after another, each with its place, so that one can go there."""
    known = cells(data, language)
    return [
        {"place": place, "sentence": sentence(problem, data, language, known.get(place)), "path": problem.path}
        for place, problems in by_place.items()
        for problem in problems
    ]


def _picture(seen: Examination, language: str) -> str:
    """The picture of a chain that is right, nothing of one that is not."""
    return "" if seen.scenario is None else str(chain_picture(seen.scenario, language))


def _shipped(language: str) -> list[dict[str, str]]:
    names = sorted(files.names(), key=lambda name: name == PLAIN)
    return [{"name": name, "title": files.load(name).title.in_language(language)} for name in names]


def _greeting(data: Data, language: str) -> tuple[str, ...]:
    title = str(building.value_at(data, ("title", language)) or "")
    mend = () if Draft(data).checked()[0] is not None else (t("own.begin.mend", language),)
    return (t("own.begin.done", language, title=title), *mend)


def _file_name(data: Data) -> str:
    """What the file is called that one saves."""
    title = short_name(str(building.value_at(data, ("title", "nl")) or ""))
    return f"{re.sub(r'[^a-z0-9]+', '-', title.lower()).strip('-') or 'keten'}.yaml"
