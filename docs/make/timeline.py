"""What happened to a chain, as its file tells it: every event and every change of levers in order of time."""

from __future__ import annotations

import datetime
from typing import NamedTuple

from ketensim.scenario.schema import Scenario
from ketensim.views.drawing.marks import change_in_words, day_of, event_in_words
from ketensim.views.report import evidence


class Happening(NamedTuple):
    """One line of a calendar: its own date (a week has only its first day), what it is, its source and its note."""

    date: datetime.date
    what: str
    source: str
    note: str


def timeline(scenario: Scenario, language: str) -> list[Happening]:
    """Everything in the calendar of a scenario, in order of time."""

    events = [
        Happening(
            day_of(scenario, event),
            event_in_words(scenario, event, language),
            evidence.source_number(scenario, event.source),
            event.note.in_language(language) if event.note is not None else "",
        )
        for event in scenario.events
    ]
    changes = [
        Happening(day_of(scenario, change), change_in_words(change, language), "", "") for change in scenario.calendar
    ]
    return sorted([*events, *changes], key=lambda happening: happening.date)
