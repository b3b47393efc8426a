"""What one visitor sees and has set. Solara keeps these per visitor; ``tests/browser`` checks that with two of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import solara

from ketensim.app.setting import Setting, Steps
from ketensim.app.watch.film import CHOICES
from ketensim.foundation.errors import Problem
from ketensim.texts import LANGUAGES, section, t

MOST_PINNED: Final = 3

setting: solara.Reactive[Setting] = solara.reactive(Setting())
steps: solara.Reactive[Steps] = solara.reactive(Steps())
language: solara.Reactive[str] = solara.reactive(LANGUAGES[0])
notices: solara.Reactive[tuple[str, ...]] = solara.reactive(())
run: solara.Reactive[str] = solara.reactive(CHOICES[0])  # that is watched
story: solara.Reactive[str] = solara.reactive("")  # that was chosen on the page Learn


@dataclass(frozen=True, eq=False)
class Whole:
    """A value for a page that Solara takes as one thing: it would look for components in every list, which takes longer
    than a picture may (200 ms for the figures of Explore, measured). Make it once, with ``solara.use_memo``.
    """

    value: Any


def handed(value: Any, _widget: Any) -> Any:
    """What a page gets of a ``Whole``; everything else as it is."""
    return value.value if isinstance(value, Whole) else value


def change(new: Setting, *, step: bool = True) -> None:
    """Another setting; with ``step`` one can go back to the one before."""
    if new == setting.value:
        return
    if step:
        steps.value = steps.value.after(setting.value)
    setting.value = new


def undo() -> None:
    """One step back."""
    setting.value, steps.value = steps.value.undone(setting.value)


def redo() -> None:
    """One step forth."""
    setting.value, steps.value = steps.value.redone(setting.value)


def say(key: str, **facts: Any) -> str:
    """A text of the app in the visitor's language."""
    return t(f"app.{key}", language.value, **facts)


def texts(name: str) -> Mapping[str, Any]:
    """The texts of a section of the catalogue, or under ``app`` of a part of it; the page fills in the facts."""
    parts = section("app", language.value)
    found: Mapping[str, Any] = parts[name] if name in parts else section(name, language.value)
    return found


def told(problem: Problem) -> str:
    """The sentence of a problem."""
    return t(problem.key, language.value, **problem.facts)


def notice(*words: str) -> None:
    """Show sentences above the page until the visitor closes them."""
    notices.value = words
