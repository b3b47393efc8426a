"""What happened on the time axis: events and lever changes, numbered for the figures and told below them."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from operator import itemgetter
from typing import Final

from ketensim.scenario.parts import Change, Event, Timed
from ketensim.scenario.schema import Scenario
from ketensim.texts import t

OPPOSITE: Final = {"arrival_wave": "arrival_trough", "capacity_loss": "capacity_gain"}  # what a size below 0 says


@dataclass(frozen=True)
class Mark:
    """One moment: the sign in the figure, the first day of what happened in it, and what happened, a line each."""

    sign: str
    date: datetime.date
    lines: tuple[str, ...]


def marks_of(scenario: Scenario, language: str) -> tuple[Mark, ...]:
    """Events and lever changes within the reported weeks, in order of time; those of one week share a sign.

    What has a date of its own, such as the day on which an act came into force, is told with that date, although the
    simulation goes by weeks; what has a week only, with the first day of it.
    """
    by_week: dict[int, list[tuple[datetime.date, str]]] = {}
    happened: list[tuple[Timed, str]] = [
        (event, event_in_words(scenario, event, language)) for event in scenario.events
    ]
    happened += [(change, change_in_words(change, language)) for change in scenario.calendar]
    for timed, line in happened:
        if 0 <= (week := scenario.week_of(timed)) < scenario.weeks:
            by_week.setdefault(week, []).append((day_of(scenario, timed), line))
    return tuple(
        _mark(str(number), sorted(by_week[week], key=itemgetter(0)), language)
        for number, week in enumerate(sorted(by_week), 1)
    )


def day_of(scenario: Scenario, timed: Timed) -> datetime.date:
    """The date that a file gives, or the first day of the week that it gives."""
    return timed.date or scenario.date_of(scenario.week_of(timed))


def _mark(sign: str, happened: list[tuple[datetime.date, str]], language: str) -> Mark:
    first = happened[0][0]
    lines = (line if day == first else t("report.mark.dated", language, date=day, what=line) for day, line in happened)
    return Mark(sign, first, tuple(lines))


def event_in_words(scenario: Scenario, event: Event, language: str) -> str:
    """What an event is, how strong and how long.

    More or fewer of what the chain handles are told in its own word; of the kinds beside it as inflow.
    """
    weeks, sizes = int(float(event.weeks)), event.sizes
    facts = {"label": event.label.in_language(language), "weeks": weeks, "periods": len(sizes)}
    beside = {part.id for part in scenario.case_types if not part.counts}
    aside = beside.intersection(event.case_type)
    facts |= {"things": t("word.inflow", language)} if aside else scenario.words(language)
    if len(set(sizes)) > 1:
        more = sizes if event.type == "arrival_wave" else [-size for size in sizes]
        return t(f"report.mark.series.{event.type}", language, low=min(more), high=max(more), **facts)
    key = f"report.mark.{OPPOSITE[event.type]}" if sizes[0] < 0 else f"report.mark.{event.type}"
    sentence = t(key, language, size=abs(sizes[0]), **facts)
    weeks *= len(sizes)
    return t("report.mark.lasting", language, what=sentence, weeks=weeks) if weeks > 1 else sentence


def change_in_words(change: Change, language: str) -> str:
    """Which levers a change moves where, and why."""
    kind = "lever_between" if change.partner else "lever" if change.organisation else "lever_everywhere"
    where = {"where": list(change.organisation), "partner": change.partner}
    moved = [
        t(f"report.mark.{kind}", language, lever=name, value=lever.value, **where)
        for name, lever in change.levers.items()
    ]
    if change.restraint is not None:
        kind = "restraint" if change.organisation else "restraint_everywhere"
        moved.append(t(f"report.mark.{kind}", language, value=change.restraint.value, where=list(change.organisation)))
    reason = change.reason.in_language(language) if change.reason else None
    sentence = "; ".join(moved)
    return t("report.mark.with_reason", language, what=sentence, reason=reason) if reason else sentence
