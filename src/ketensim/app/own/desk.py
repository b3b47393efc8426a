"""What a visitor does with the chain that he or she builds; as soon as it is right it is also the chain of all other pages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import solara

from ketensim.app import session
from ketensim.app.own import building, changes, examples
from ketensim.app.own.building import Data, Draft
from ketensim.app.setting import OWN, Setting, scenario_of
from ketensim.app.vue import Message
from ketensim.foundation.errors import InputError
from ketensim.texts import t

draft: solara.Reactive[Draft | None] = solara.reactive(None)
handed: solara.Reactive[Setting | None] = solara.reactive(None)  # the setting that the draft became last


def show_everywhere(now: Draft) -> None:
    """Make the draft the chain of all pages, when it is right; building is one step back for them, however long it takes."""
    if now.checked()[0] is None:
        return
    before = session.setting.value
    new = replace(before, own=now.text) if before.chain == OWN else before.with_own(now.text)
    try:
        scenario_of(new)
    except InputError:  # what was set for the chain before does not fit this one
        new = before.with_own(now.text)
    if before == handed.value:
        session.setting.value = new
    else:
        session.change_setting(new)
    handed.value = new


def take(setting: Setting) -> None:
    """Go on with a chain that was made elsewhere on this page, as the draft too; the draft before is one step back."""
    before = draft.value or Draft(building.first(session.language.value))
    draft.value = before.changed(building.content(setting.own))
    session.change_setting(setting)
    handed.value = setting


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
        """What the form and the drawing say; ``changes`` checks what it holds."""
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
                show_everywhere(self.now)
                if self.now.checked()[0] is not None:
                    self.leave(session.HOME)
            case "undo":
                self._keep(self.now.undone())
            case "redo":
                self._keep(self.now.redone())

    def _begin(self, message: Message) -> None:
        """Begin with something else; what was there is one step back."""
        try:
            data = changes.beginning(message, session.setting.value, self.language)
        except InputError as error:
            refused = [changes.at_line(problem, self.language) for problem in error.problems]
            self.notes.value = (t("own.begin.refused", self.language), *refused)
            return
        if data is None:
            return
        if message.get("recalled") and session.setting.value.chain != OWN:
            self.kept.value = self.now.changed(data)  # a browser brings it back; another chain was chosen since
        else:
            self._keep(self.now.changed(data))
        self.notes.value = _greeting(data, self.language)

    def _change(self, data: Data, *sentences: str, touched: str = "") -> None:
        """The chain is somewhat different; what an example says of itself goes with what it said that of."""
        if data is not self.now.data:
            data, gone = examples.in_own_words(self.now.data, data)
            sentences = (*sentences, t("own.example_gone", self.language)) if gone else sentences
            self._keep(self.now.changed(data, touched))
        self.notes.value = sentences

    def _keep(self, new: Draft) -> None:
        self.kept.value = new
        show_everywhere(new)


def _greeting(data: Data, language: str) -> tuple[str, ...]:
    if not data.get("organisations"):
        return (t("own.begin.empty_done", language),)
    title = str(building.value_at(data, ("title", language)) or "")
    mend = () if Draft(data).checked()[0] is not None else (t("own.begin.mend", language),)
    return (t("own.begin.done", language, title=title), *mend)
