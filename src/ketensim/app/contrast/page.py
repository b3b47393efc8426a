"""Two chains: the same move in two chains that differ in one thing, and what it does in each."""

from __future__ import annotations

from typing import Any, Final

import solara

from ketensim.app import session
from ketensim.app.background import Listener, use_work
from ketensim.app.contrast.sides import ALL_RUNS, START, Contrast, all_contrasts, seen
from ketensim.app.frame import page_path
from ketensim.app.setting import Pairs, Setting
from ketensim.app.vue import Message, part
from ketensim.foundation.errors import Problem
from ketensim.texts import t
from ketensim.views.report.conclusions import QUARTER

CONTRAST: Final = "paar"  # part of a link: which contrast
VALUE: Final = "stand"  # part of a link: where the slider stands
STORIES: Final = {"cases": "letting_go"}  # that tell more of a contrast, on the page Learn

chosen: solara.Reactive[str] = solara.reactive("cases")
slider: solara.Reactive[float] = solara.reactive(START)

Screen = part("contrast/contrast.vue", "contrast", "seen")


def contrast_in_link(_: Setting) -> Pairs:
    """Which contrast, and where the slider stands."""
    return [(CONTRAST, chosen.value), (VALUE, f"{slider.value:g}")]


def contrast_from_link(given: Pairs, _: Setting) -> list[Problem]:
    """The contrast and the slider of a link; what cannot be is passed over."""
    asked = dict(given)
    if asked.get(CONTRAST) in all_contrasts():
        chosen.value = asked[CONTRAST]
    try:
        value = float(asked.get(VALUE, START))
    except ValueError:
        return []
    if 0.0 <= value <= 1.0:
        slider.value = round(value, 2)
    return []


@solara.component
def TwoChains() -> solara.Element:
    """The page."""
    language, value = session.language.value, slider.value
    contrast = all_contrasts()[chosen.value]
    last = solara.use_ref(None)
    turn = solara.use_ref(0)

    def work(listener: Listener) -> None:
        for page in seen(contrast, value, language, listener.progress):
            listener.show(page)
        listener.progress(1.0)

    shown, progress = use_work(work, [contrast, value, language])
    if shown is not None and shown["contrast"] == contrast.name:
        last.current = shown

    def tell(message: Message) -> None:
        match message:
            case {"kind": "choose", "contrast": name} if name in all_contrasts():
                last.current = None
                slider.value = START
                chosen.value = name
            case {"kind": "move", "value": int() | float() as to, "turn": int(number)} if 0.0 <= to <= 1.0:
                turn.current = number
                slider.value = round(float(to), 2)

    return Screen(
        seen=last.current,
        page={
            **_told(contrast, language),
            **{"value": value, "turn": turn.current, "start": START, "progress": progress, "runs": ALL_RUNS},
            "story": f"{page_path('learn')}?verhaal={STORIES[contrast.name]}" if contrast.name in STORIES else "",
        },
        tell=tell,
    )


def _told(contrast: Contrast, language: str) -> dict[str, Any]:
    """The words of a contrast, and its time axis."""

    def say(key: str) -> str:
        return t(f"contrast.{contrast.name}.{key}", language)

    scenario = contrast.sides[0].scenario
    return {
        **{"chosen": contrast.name, "quarter": QUARTER, "length": scenario.weeks, "begin": scenario.start.isoformat()},
        **{name: say(name) for name in ("question", "slider", "low", "high")},
        "contrasts": [{"name": name, "label": t(f"contrast.{name}.title", language)} for name in all_contrasts()],
        "sides": [
            {"name": side.name, "label": say(f"{side.name}.label"), "about": say(f"{side.name}.about")}
            for side in contrast.sides
        ],
    }
