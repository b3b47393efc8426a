"""A Vue file as a part of a page: texts and values go to the browser, messages of one shape come back."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import solara

from ketensim.app import session

FOLDER: Final = Path(__file__).parent
Message = dict[str, Any]  # what a browser sends: its ``kind``, and what belongs to that; a page checks it before use


@dataclass(frozen=True)
class Opaque:
    """A value that Solara takes as one thing.

    It would look for components in every list, which takes longer than a picture may (200 ms for the figures of Explore,
    measured).
    """

    value: Any


def unwrap(opaque: Opaque, _widget: Any) -> Any:
    """What a browser gets of an opaque value."""
    return opaque.value


def part(file: str, section: str, *apart: str) -> Callable[..., solara.Element]:
    """A component that is drawn by a Vue file.

    The file reads ``words`` (the texts of a section), ``language`` and ``page`` (a dict), and calls ``tell`` with a
    message that has a ``kind``. The component takes ``page`` and ``tell``.

    Parameters
    ----------
    file : its path, seen from this folder
    section : of the catalogue
    apart : values beside ``page``. A browser gets ``page`` whole when anything in it changes; apart stands what is large
        and changes at other times than the rest, so that a hand that drags does not send it
    """
    names = ("words", "language", "page", *apart)

    def drawn() -> None: ...

    kind = inspect.Parameter.KEYWORD_ONLY
    drawn.__signature__ = inspect.Signature([inspect.Parameter(name, kind) for name in (*names, "event_tell")])  # type: ignore[attr-defined]
    component = solara.component_vue(str(FOLDER / file), to_json=dict.fromkeys(names, unwrap))(drawn)

    def element(*, tell: Callable[[Message], None] | None = None, **values: Any) -> solara.Element:
        values |= {"words": dict(session.texts(section)), "language": session.language.value}
        return component(event_tell=tell, **{name: Opaque(values[name]) for name in names})

    return element
