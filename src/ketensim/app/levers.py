"""The levers as several pages show them: by condition, and in words for where one stands."""

from __future__ import annotations

from typing import Any, Final

from ketensim.foundation.parameters import LEVERS
from ketensim.texts import t

CONDITIONS: Final = tuple(dict.fromkeys(row.condition for row in LEVERS))
LEVERS_OF: Final = {name: tuple(row.name for row in LEVERS if row.condition == name) for name in CONDITIONS}
LOW: Final = 0.34  # up to there a lever is told with what people do at 0,
HIGH: Final = 0.65  # above it with what they do at 1


def meanings(lever: str, language: str) -> list[dict[str, Any]]:
    """What people do at a lever, from low to high, each up to a place."""
    return [
        {"up_to": LOW, "words": t(f"lever.{lever}.low", language)},
        {"up_to": HIGH, "words": t("app.levers.between", language)},
        {"up_to": 1.0, "words": t(f"lever.{lever}.high", language)},
    ]


def meaning(lever: str, value: float, language: str) -> str:
    """What people do where a lever stands."""
    words: str = next(step["words"] for step in meanings(lever, language) if value <= step["up_to"])
    return words
