"""What one visitor has set, on whatever page. Solara keeps it per visitor; ``tests/browser`` checks that with two of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import urlencode

import solara

from ketensim.app.setting import LANGUAGE, Setting, Steps, base
from ketensim.foundation.errors import InputError, Problem
from ketensim.texts import LANGUAGES, section, t, worded

HOME: Final = "/"  # the page on which a setting is explored, wherever it was made
# sections on other chains than the visitor's: there it is a case
OF_ANY_CHAIN: Final = frozenset({"contrast", "learn", "lab"})

setting: solara.Reactive[Setting] = solara.reactive(Setting())
steps: solara.Reactive[Steps] = solara.reactive(Steps())
held: solara.Reactive[Setting | None] = solara.reactive(None)  # when a hand that still drags took hold; None = it rests
language: solara.Reactive[str] = solara.reactive(LANGUAGES[0])
embedded: solara.Reactive[bool] = solara.reactive(
    False
)  # whether only the picture is shown, in a page of somebody else
notices: solara.Reactive[tuple[str, ...]] = solara.reactive(())


def change_setting(new: Setting) -> None:
    """Another setting; one can go back to the one before."""
    if new != setting.value:
        steps.value = steps.value.after(setting.value)
        setting.value = new


def at_rest() -> Setting:
    """The setting, or while a hand drags what it was before: for links, which need not follow every step of a hand."""
    now: Setting = setting.value if held.value is None else held.value
    return now


def release() -> None:
    """The hand rests, or has gone."""
    held.value = None


def undo() -> None:
    """One step back."""
    setting.value, steps.value = steps.value.undone(setting.value)


def redo() -> None:
    """One step forth."""
    setting.value, steps.value = steps.value.redone(setting.value)


def link_of(wanted: Setting, *added: tuple[str, str]) -> str:
    """What stands in a link after the question mark: a setting, the visitor's language, and what a page adds."""
    return f"{wanted.query}&{urlencode([(LANGUAGE, language.value), *added])}"


def say(key: str, **facts: Any) -> str:
    """A text of the app in the visitor's language, with the word that the chain of now has for a case."""
    return t(f"app.{key}", language.value, **{**words(), **facts})


def texts(name: str) -> Mapping[str, Any]:
    """The texts of a section of the catalogue, or under ``app`` of a part of it; the page fills in the facts."""
    parts = section("app", language.value)
    named: Mapping[str, Any] = parts[name] if name in parts else section(name, language.value)
    return worded(named, {} if name in OF_ANY_CHAIN else words(), language.value)


def words() -> Mapping[str, str]:
    """What the chain of now calls a case, as facts of a sentence; nothing while a chain of one's own is not right yet."""
    try:
        return base(setting.value).words(language.value)
    except InputError:
        return {}


def sentence_of(problem: Problem) -> str:
    """A problem in words."""
    return t(problem.key, language.value, **problem.facts)


def notice(*sentences: str) -> None:
    """Show sentences above the page until the visitor closes them."""
    notices.value = sentences
