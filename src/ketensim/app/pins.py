"""Settings that a visitor pinned on Explore: they stay in view there, are laid beside others elsewhere, and travel in a link."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Final

import solara

from ketensim.app.beside import as_link_value, names_in_link, of_chain, settings_in_link, tidy_name
from ketensim.app.levers import setting_name
from ketensim.app.setting import Pairs, Setting
from ketensim.foundation.errors import Problem
from ketensim.texts import t

PIN: Final = "pin"  # part of a link
MOST: Final = 3


@dataclass(frozen=True)
class Pin:
    """A pinned setting, and what somebody called it; without that it is called after what was set."""

    setting: Setting
    called: str = ""

    def name(self, language: str) -> str:
        """What it is called."""
        return self.called or setting_name(self.setting, language)


pins: solara.Reactive[tuple[Pin, ...]] = solara.reactive(())


def pinned(present: Setting) -> tuple[Pin, ...]:
    """Those of the chain of now."""
    return tuple(pin for pin in pins.value if of_chain([pin.setting], present) == [pin.setting])


def numbered_name(pin: Pin, place: int, language: str) -> str:
    """What a pinned curve is called: its number from 1, and its name."""
    return f"{t('app.goal.pin_name', language, number=place + 1)}: {pin.name(language)}"


# --- what a visitor does ---
def may_pin(setting: Setting) -> bool:
    """Whether there is room for a setting, and it is not there yet."""
    kept = pinned(setting)
    return len(kept) < MOST and setting not in [one.setting for one in kept]


def pin(setting: Setting) -> None:
    """Pin a setting."""
    if may_pin(setting):
        pins.value = (*pinned(setting), Pin(setting))


def unpin(place: int, present: Setting) -> None:
    """Let go of one of those of the chain of now."""
    pins.value = tuple(one for number, one in enumerate(pinned(present)) if number != place)


def call(place: int, typed: str, present: Setting) -> None:
    """Call one of those of the chain of now something; nothing = after what was set."""
    pins.value = tuple(
        replace(one, called=tidy_name(typed)) if number == place else one for number, one in enumerate(pinned(present))
    )


# --- in a link ---
def pins_in_link(present: Setting) -> Pairs:
    """What is pinned, with the names that somebody gave."""
    return [(PIN, link_value(one)) for one in pinned(present)]


def link_value(one: Pin) -> str:
    """A pinned setting as the value of a part of a link."""
    plain = as_link_value(one.setting)
    return as_link_value(one.setting, {plain: one.called} if one.called else {})


def pins_from_link(given: Pairs, present: Setting) -> list[Problem]:
    """Pin what a link holds, and say what of that could not be used."""
    settings, problems = settings_in_link(given, present, MOST, PIN)
    names = names_in_link(given, settings, PIN)
    pins.value = tuple(Pin(one, names.get(as_link_value(one), "")) for one in of_chain(settings, present))
    return problems
