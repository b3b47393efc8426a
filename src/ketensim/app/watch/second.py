"""The second film on Watch: another run of the same setting, or the same run of another setting, so with the same luck."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import solara

from ketensim.app.beside import as_link_value, of_chain, settings_in_link
from ketensim.app.levers import WHOLE_SETTINGS, as_a_whole, setting_name
from ketensim.app.pins import pinned
from ketensim.app.setting import Pairs, Setting, without_changes
from ketensim.app.watch.film import CHOICES, RUNS, is_choice
from ketensim.foundation.errors import Problem
from ketensim.texts import t

BESIDE: Final = "beside"  # part of a link
AS_IT_WAS: Final = "as_it_was"  # of the whole settings; here the chain without what was decided


@dataclass(frozen=True)
class Second:
    """What is laid beside the film: one of the two.

    Attributes
    ----------
    run : another run of the same setting, as in a link
    setting : another setting, of which the same run is made
    """

    run: str = ""
    setting: Setting | None = None


second: solara.Reactive[Second | None] = solara.reactive(None)


def present_second(present: Setting) -> Second | None:
    """What is laid beside the film of a setting; None where that is the film itself, or of another chain."""
    wanted: Second | None = second.value
    if wanted is None or wanted.setting is None:
        return wanted
    settings = [one for one in of_chain([wanted.setting], present) if one != present]
    return Second(setting=settings[0]) if settings else None


def settings_to_choose(present: Setting, language: str) -> Mapping[Setting, str]:
    """The settings that can be laid beside one, and what they are called; what is pinned first."""
    found = {one.setting: one.name(language) for one in pinned(present)}
    found.setdefault(without_changes(present), t(f"app.levers.whole.{AS_IT_WAS}", language))
    for name in WHOLE_SETTINGS:
        if name != AS_IT_WAS:
            found.setdefault(as_a_whole(present, name), t(f"app.levers.whole.{name}", language))
    wanted = present_second(present)
    if wanted is not None and wanted.setting is not None:
        found.setdefault(wanted.setting, setting_name(wanted.setting, language))
    return {setting: name for setting, name in found.items() if setting != present}


def choices(present: Setting, run: str, language: str) -> dict[str, Any]:
    """What the page offers beside the film: the value that is chosen, and values with their labels."""
    wanted = present_second(present)
    chosen = "" if wanted is None else wanted.run or as_link_value(wanted.setting or present)
    return {
        "chosen": "other" if chosen.isdigit() else chosen,
        "runs": [
            {"value": name, "label": t(f"watch.runs.{name}", language)} for name in (*CHOICES, "other") if name != run
        ],
        "settings": [
            {"value": as_link_value(setting), "label": name}
            for setting, name in settings_to_choose(present, language).items()
        ],
    }


def lay_beside(value: str, present: Setting, shown: int, language: str) -> None:
    """Lay beside the film what a browser asks for; what is not offered takes the second film away.

    Parameters
    ----------
    value : of a choice
    present : the setting of the film
    shown : number of the run that is seen last, of which ``other`` is the next
    language : of the names
    """
    offered = {as_link_value(setting): setting for setting in settings_to_choose(present, language)}
    if value == "other":
        second.value = Second(run=str((shown + 1) % RUNS))
    elif is_choice(value):
        second.value = Second(run=value)
    else:
        second.value = Second(setting=offered[value]) if value in offered else None


# --- in a link ---
def second_in_link(present: Setting) -> Pairs:
    """What is laid beside the film."""
    wanted = present_second(present)
    return [] if wanted is None else [(BESIDE, wanted.run or as_link_value(wanted.setting or present))]


def second_from_link(given: Pairs, present: Setting) -> list[Problem]:
    """Lay beside the film what a link holds, and say what of that could not be used."""
    value = dict(given).get(BESIDE)
    if value is None or is_choice(value):
        second.value = None if value is None else Second(run=value)
        return []
    settings, problems = settings_in_link(given, present, 1, BESIDE)
    second.value = Second(setting=settings[0])
    return problems
