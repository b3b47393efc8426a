"""What is pinned, as Explore shows it: of all runs, whoever pinned it and in whatever browser."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import solara

from ketensim.app import pins
from ketensim.app.explore.computing import ALL_RUNS, Computer, Preview, Wish
from ketensim.app.explore.slides import Slide, slide_of
from ketensim.app.levers import setting_name
from ketensim.app.pins import Pin
from ketensim.app.setting import Setting


@dataclass(frozen=True)
class PinnedCurve:
    """A pin as it is shown.

    Attributes
    ----------
    pin : what it is of
    name : with its number
    slide : with its curve; None while that is computed
    """

    pin: Pin
    name: str
    slide: Slide | None


def use_pinned(present: Setting, slide: Slide | None, language: str) -> list[PinnedCurve]:
    """The pins of the chain of now. One that came with a link is computed as soon as the setting of now is there.

    Parameters
    ----------
    present : the setting of now
    slide : of it, when all its runs are there
    language : of the words
    """
    made = solara.use_ref({})  # by setting and language
    arrived = solara.use_reactive(0)  # of those that had to be computed
    kept = pins.pinned(present)
    if slide is not None and present in [one.setting for one in kept]:
        made.current[present, language] = slide
    lacking = next((one.setting for one in kept if (one.setting, language) not in made.current), None)
    wanted = lacking if slide is not None else None

    def compute() -> Callable[[], None] | None:
        if wanted is None:
            return None

        def show(preview: Preview) -> None:
            if preview.goal["runs"] >= ALL_RUNS:
                made.current[wanted, language] = slide_of(preview, setting_name(wanted, language), language)
                arrived.value = arrived.value + 1

        computer = Computer(show)
        computer.ask(Wish(wanted, language))
        return computer.stop

    solara.use_effect(compute, [wanted, language])
    return [
        PinnedCurve(one, pins.numbered_name(one, place, language), _called(made.current, one, language))
        for place, one in enumerate(kept)
    ]


def _called(made: dict[tuple[Setting, str], Any], one: Pin, language: str) -> Slide | None:
    """The slide of a pin under the name that it has now."""
    slide = made.get((one.setting, language))
    return None if slide is None else {**slide, "name": one.name(language)}
