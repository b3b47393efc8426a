"""A setting as somebody's hand left it; what a browser sends is checked here and where a scenario is made of it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from ketensim.app.setting import ExtraEvent, Setting
from ketensim.foundation.events import EVENT_OF
from ketensim.foundation.mathematics import WEEKS_PER_YEAR
from ketensim.foundation.parameters import LEVERS, POLICIES

LEAST_CAPACITY: Final = 0.1
LARGEST_SEED: Final = 999_999
MOST_EVENTS: Final = 8


def moved(setting: Setting, values: dict[str, Any]) -> Setting:
    """The setting with levers where a hand put them; what a browser sends is checked here."""
    known = {row.name for row in LEVERS}
    for name, value in values.items():
        if not isinstance(value, int | float) or not -1.0 <= value <= 3.0:
            continue
        if name in known and 0.0 <= value <= 1.0:
            setting = setting.with_lever(name, float(value))
        elif name == "capacity" and value >= LEAST_CAPACITY:
            setting = replace(setting, capacity=round(float(value), 2))
        elif name == "non_standard" and 0.0 <= value <= 1.0:
            setting = replace(setting, non_standard=round(float(value), 2))
    return setting


def otherwise(setting: Setting, told: dict[str, Any]) -> Setting:
    """The setting with other circumstances; what a browser sends is checked here and where a scenario is made."""
    if told.get("policy") in POLICIES:
        return replace(setting, policy=told["policy"])
    if isinstance(told.get("quiet"), bool):
        return replace(setting, quiet=told["quiet"])
    if isinstance(told.get("seed"), int | float) and 0 <= told["seed"] <= LARGEST_SEED:
        return replace(setting, seed=int(told["seed"]))
    if isinstance(told.get("remove_event"), int):
        kept = tuple(event for place, event in enumerate(setting.events) if place != told["remove_event"])
        return replace(setting, events=kept)
    wished = told.get("add_event")
    if isinstance(wished, dict) and wished.get("kind") in EVENT_OF and len(setting.events) < MOST_EVENTS:
        year, size = float(wished.get("year", 1)), float(wished.get("size", EVENT_OF[wished["kind"]].size))
        week = int((year - 1) * WEEKS_PER_YEAR + WEEKS_PER_YEAR // 2)
        return replace(setting, events=(*setting.events, ExtraEvent(wished["kind"], week, round(size, 2))))
    return setting
