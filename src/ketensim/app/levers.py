"""The levers as several pages show them: by condition, in words for where one stands, and in a name for a setting."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from ketensim.app.setting import Setting, base, settled
from ketensim.foundation.parameters import LEVER_NAMES, LEVERS
from ketensim.texts import t

CONDITIONS: Final = tuple(dict.fromkeys(row.condition for row in LEVERS))
LEVERS_OF: Final = {name: tuple(row.name for row in LEVERS if row.condition == name) for name in CONDITIONS}
LEVELS: Final = ("low", "little", "some", "much", "high")  # each has a sentence, evenly spread from 0 to 1
MOST_NAMED: Final = 4  # levers that are named one by one
LITTLE, MUCH = 0.1, 0.9
WHOLE_SETTINGS: Final[Mapping[str, Mapping[str, float]]] = {  # where the levers go; the others stand as in the file
    "as_it_was": {},
    "grip": {"frame": MUCH, "room": LITTLE},
    "let_go": {"room": MUCH},
    "both": {"frame": MUCH, "room": MUCH},
    "all": dict.fromkeys(LEVER_NAMES, MUCH),
}


def meanings(lever: str, language: str) -> list[dict[str, Any]]:
    """What people do at each level of a lever, from low to high, each up to halfway the next."""
    step = 1.0 / (len(LEVELS) - 1)
    return [
        {"up_to": min(1.0, (place + 0.5) * step), "words": t(f"lever.{lever}.{level}", language)}
        for place, level in enumerate(LEVELS)
    ]


def meaning(lever: str, value: float, language: str) -> str:
    """What people do where a lever stands."""
    words: str = next(step["words"] for step in meanings(lever, language) if value <= step["up_to"])
    return words


def setting_name(setting: Setting, language: str) -> str:
    """What a setting is called: the levers that stand elsewhere, or how many do."""
    if not setting.levers:
        return t("app.present.as_it_is", language)
    if len(setting.levers) == len(LEVER_NAMES):
        return t("app.levers.whole.all", language)
    if len(setting.levers) > MOST_NAMED:
        return t("app.present.many", language, number=len(setting.levers))
    return ", ".join(f"{t(f'lever.{name}.label', language)} {100 * value:.0f}" for name, value in setting.levers)


def as_a_whole(setting: Setting, name: str) -> Setting:
    """The setting with all levers where a button for whole settings puts them."""
    file = base(setting)
    for lever in LEVER_NAMES:
        setting = setting.with_lever(lever, WHOLE_SETTINGS[name].get(lever, file.lever_at(lever, setting.decided)))
    return settled(setting)
