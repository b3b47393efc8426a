"""What the explore page shows of results, as plain values for its Vue parts: every sentence made here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

import numpy as np

from ketensim.app.curves import page_numbers
from ketensim.foundation.outcome_table import HOUR_GROUPS, OUTCOME_NAMES
from ketensim.run.comparison import paired_differences
from ketensim.run.results import Results
from ketensim.texts import t
from ketensim.views.drawing.palette import DASHES, HOUR_COLOURS, LINES
from ketensim.views.drawing.reading import Reading
from ketensim.views.report import conclusions
from ketensim.views.report.against import comparison_conclusions
from ketensim.views.report.bottleneck import bottleneck_of
from ketensim.views.report.conclusions import ABILITIES, MIRRORS, Conclusion
from ketensim.views.report.page import Counterpart

STRIPES: Final = {"rework": 45, "reporting": 135, "formal": 45, "idle": 135}  # degrees, by group of hours
MOST_LINES: Final = 6
ROOM_ABOVE: Final = 1.08
Line = tuple[str, str, np.ndarray]  # its name, its label, and its values by week
Panel = dict[str, Any]  # one of the figures below


def why(results: Results, against: Results, language: str) -> list[str]:
    """What the changes did, beside the chain as it is: what is set differently, the goal, and what moved along."""
    reading, other = Reading(results), Reading(against)
    table = paired_differences(against.summary, results.summary, OUTCOME_NAMES)
    compared = Counterpart(other, table, None, t("app.why.as_it_is", language))
    said = comparison_conclusions(reading, compared, bottleneck_of(reading), bottleneck_of(other), language)
    return [conclusion.sentence(language, reading.scenario.words(language)) for conclusion in said]


def panels(results: Results, language: str) -> list[Panel]:
    """The figures below: energy, queues, lead times, trust, administrators, what people can do; each with its sentences."""
    reading = Reading(results)
    return [_energy(reading, language), *_waiting(reading, language), *_people(reading, language)]


def _energy(reading: Reading, language: str) -> Panel:
    total = sum(np.nan_to_num(hours) for hours in reading.hours.values())
    total = np.where(np.asarray(total) > 0, total, 1.0)
    series = []
    for name, uses in HOUR_GROUPS.items():
        share = sum(np.nan_to_num(reading.hours[use]) for use in uses) / total
        colour = f"var(--{HOUR_COLOURS[name]})"
        fill = f"url(#stripe-{name})" if name in STRIPES else colour
        label = t(f"report.bar.{name}", language)
        series.append({"name": name, "label": label, "values": page_numbers(share), "colour": colour, "fill": fill})
    stripes = [{"name": name, "colour": f"var(--{HOUR_COLOURS[name]})", "turn": turn} for name, turn in STRIPES.items()]
    said = list(conclusions.energy_conclusions(reading))
    return {"kind": "stack", "stripes": stripes, **_panel(reading, "energy", series, said[:2], language)}


def _waiting(reading: Reading, language: str) -> Iterator[Panel]:
    waiting = reading.organisation("waiting")
    largest = sorted(np.argsort(-np.nan_to_num(waiting).mean(axis=1))[:MOST_LINES])
    names = [reading.names[place] for place in largest]
    queues = [(name, reading.label(name, language), waiting[place]) for name, place in zip(names, largest, strict=True)]
    times = _outcomes(reading, ("lead_time_median", "lead_time_p90", "open_age_median"), language)
    said = list(conclusions.waiting_conclusions(reading))
    for name, lines, sentence in (("queues", queues, said[:1]), ("lead_times", times, said[1:])):
        largest_value = max((float(np.nanmax(values, initial=0.0)) for _, _, values in lines), default=0.0)
        yield _panel(reading, name, _lines(lines), sentence, language, top=ROOM_ABOVE * largest_value or 1.0)


def _people(reading: Reading, language: str) -> Iterator[Panel]:
    trust = _outcomes(reading, ("trust_persons", "trust_agreements", "trust_vertical"), language)
    people = _outcomes(reading, ("under_intervention", "motivation", "uncertainty", "discretion"), language)
    informal = _outcomes(reading, (*MIRRORS, *ABILITIES), language)
    said = list(conclusions.trust_conclusions(reading))
    yield _panel(reading, "trust", _lines(trust), said[:3], language)
    yield _panel(reading, "people", _lines(people), said[3:4], language)
    yield _panel(reading, "informal", _lines(informal), said[4:], language)


def _outcomes(reading: Reading, names: Sequence[str], language: str) -> list[Line]:
    words = reading.scenario.words(language)
    return [(name, t(f"outcome.{name}.label", language, **words), reading.mean(name)) for name in names]


def _lines(lines: Sequence[Line]) -> list[dict[str, Any]]:
    return [
        {
            **{"name": name, "label": label, "values": page_numbers(values)},
            **{"colour": f"var(--{look.name})", "dash": DASHES[look.texture]},
        }
        for (name, label, values), look in zip(lines, LINES, strict=False)
    ]


def _panel(
    reading: Reading,
    name: str,
    series: list[dict[str, Any]],
    said: Sequence[Conclusion],
    language: str,
    top: float | None = None,
) -> dict[str, Any]:
    """A figure of shares, or of numbers up to a top."""
    return {
        "name": name,
        "title": t(f"app.panel.{name}", language),
        "series": series,
        "top": 1.0 if top is None else top,
        "share": top is None,
        "sentence": " ".join(part.sentence(language, reading.scenario.words(language)) for part in said),
    }
