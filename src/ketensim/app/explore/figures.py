"""What the explore page shows of results, as plain values for its Vue parts: every sentence made here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

import numpy as np

from ketensim.app.curves import plain
from ketensim.foundation.outcome_table import BAND, HOUR_GROUPS, OUTCOME_NAMES
from ketensim.run.comparison import paired_differences
from ketensim.run.results import Results
from ketensim.texts import t
from ketensim.views.drawing.palette import DASHES, HOUR_COLOURS, LINES
from ketensim.views.drawing.reading import Reading
from ketensim.views.report import conclusions
from ketensim.views.report.against import comparison_conclusions
from ketensim.views.report.bottleneck import bottleneck_of
from ketensim.views.report.page import Counterpart

STRIPES: Final = {"rework": 45, "reporting": 135, "formal": 45, "idle": 135}  # degrees, by group of hours
MOST_LINES: Final = 6
ROOM_ABOVE: Final = 1.08


def goal(results: Results, language: str) -> dict[str, Any]:
    """Goal realisation over time with its bands, and the sentence that says what is seen."""
    reading = Reading(results)
    band = reading.band("goal_realisation")
    whole = reading.of_runs("goal_realisation").mean
    sentences = [part.sentence(language) for part in conclusions.goal_conclusions(reading)]
    return {
        **{name: plain(band[name]) for name in BAND},
        "runs": results.number_of_runs,
        "of_hundred": "–" if np.isnan(whole) else f"{100 * whole:.0f}",
        "sentence": " ".join(sentences),
    }


def why(results: Results, against: Results, language: str) -> list[str]:
    """What the changes did, beside the chain as it is: what is set differently, the goal, and what moved along."""
    reading, other = Reading(results), Reading(against)
    table = paired_differences(against.summary, results.summary, OUTCOME_NAMES)
    compared = Counterpart(other, table, None, t("app.why.as_it_is", language))
    found = comparison_conclusions(reading, compared, bottleneck_of(reading), bottleneck_of(other), language)
    return [part.sentence(language) for part in found]


def panels(results: Results, language: str) -> list[dict[str, Any]]:
    """The four figures below: energy, queues, trust, administrators; each with one sentence."""
    reading = Reading(results)
    return [_energy(reading, language), *_waiting(reading, language), *_people(reading, language)]


def _energy(reading: Reading, language: str) -> dict[str, Any]:
    total = sum(np.nan_to_num(hours) for hours in reading.hours.values())
    total = np.where(np.asarray(total) > 0, total, 1.0)
    series = []
    for name, uses in HOUR_GROUPS.items():
        share = sum(np.nan_to_num(reading.hours[use]) for use in uses) / total
        colour = f"var(--{HOUR_COLOURS[name]})"
        fill = f"url(#stripe-{name})" if name in STRIPES else colour
        label = t(f"report.bar.{name}", language)
        series.append({"name": name, "label": label, "values": plain(share), "colour": colour, "fill": fill})
    said = list(conclusions.energy_conclusions(reading))
    stripes = [{"name": name, "colour": f"var(--{HOUR_COLOURS[name]})", "turn": turn} for name, turn in STRIPES.items()]
    return _panel("energy", language, "stack", series, 1.0, " ".join(_told(said[:2], language))) | {"stripes": stripes}


def _waiting(reading: Reading, language: str) -> Iterator[dict[str, Any]]:
    waiting = reading.organisation("waiting")
    largest = sorted(np.argsort(-np.nan_to_num(waiting).mean(axis=1))[:MOST_LINES])
    named = [(reading.names[place], reading.label(reading.names[place], language), waiting[place]) for place in largest]
    said = list(conclusions.waiting_conclusions(reading))
    yield _lines("queues", language, named, _told(said[:1], language))
    times = [
        (name, t(f"outcome.{name}.label", language), reading.mean(name))
        for name in ("lead_time_median", "lead_time_p90", "open_age_median")
    ]
    yield _lines("lead_times", language, times, _told(said[1:], language))


def _people(reading: Reading, language: str) -> Iterator[dict[str, Any]]:
    said = list(conclusions.trust_conclusions(reading))
    trust = ("trust_persons", "trust_agreements", "trust_vertical")
    named = [(name, t(f"outcome.{name}.label", language), reading.mean(name)) for name in trust]
    yield _lines("trust", language, named, _told(said[:3], language), share=True)
    people = ("under_intervention", "motivation", "uncertainty", "discretion")
    named = [(name, t(f"outcome.{name}.label", language), reading.mean(name)) for name in people]
    yield _lines("people", language, named, _told(said[3:], language), share=True)


def _told(said: Sequence[conclusions.Conclusion], language: str) -> list[str]:
    return [part.sentence(language) for part in said]


def _lines(
    name: str, language: str, named: Sequence[tuple[str, str, np.ndarray]], said: Sequence[str], *, share: bool = False
) -> dict[str, Any]:
    series = [
        {
            "name": key,
            "label": label,
            "values": plain(values),
            "colour": f"var(--{look.name})",
            "dash": DASHES[look.texture],
        }
        for (key, label, values), look in zip(named, LINES, strict=False)
    ]
    largest = max((float(np.nanmax(values, initial=0.0)) for _, _, values in named), default=0.0)
    return _panel(name, language, "lines", series, 1.0 if share else ROOM_ABOVE * largest or 1.0, " ".join(said)) | {
        "share": share
    }


def _panel(
    name: str, language: str, kind: str, series: list[dict[str, Any]], top: float, sentence: str
) -> dict[str, Any]:
    return {
        "name": name,
        "kind": kind,
        "title": t(f"app.panel.{name}", language),
        "series": series,
        "top": top,
        "share": True,
        "sentence": sentence,
    }
