"""What the curves of several pages share: the goal, numbers as a page reads them, and the signs of what happens to a chain."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import numpy as np

from ketensim.foundation.outcome_table import OUTCOME_NAMES
from ketensim.scenario.schema import Scenario
from ketensim.texts import t
from ketensim.views.drawing.marks import marks_of

GOAL: Final = OUTCOME_NAMES.index("goal_realisation")
DIGITS: Final = 4


def page_numbers(values: Sequence[float] | np.ndarray) -> list[float | None]:
    """Numbers as a page reads them: rounded, missing ones as None."""
    return [None if value != value else value for value in np.round(np.asarray(values, float), DIGITS).tolist()]


def marks(scenario: Scenario, language: str) -> list[dict[str, Any]]:
    """What happens to the chain, with the sign that stands above the figure."""
    return [
        {
            "sign": mark.sign,
            "week": (mark.date - scenario.start).days / 7,
            "date": t("report.date", language, date=mark.date),
            "label": "; ".join(mark.lines),
        }
        for mark in marks_of(scenario, language)
    ]
