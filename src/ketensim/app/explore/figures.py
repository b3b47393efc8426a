"""What the explore page shows of results, as plain values for its Vue parts: every sentence made here."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

import numpy as np

from ketensim.foundation.outcome_table import BAND, HOUR_GROUPS, OUTCOME_NAMES
from ketensim.run.comparison import paired_differences
from ketensim.run.results import Results
from ketensim.scenario.schema import Scenario
from ketensim.texts import t
from ketensim.views.drawing.marks import marks_of
from ketensim.views.drawing.reading import Reading
from ketensim.views.report import findings
from ketensim.views.report.against import of_changes
from ketensim.views.report.bottleneck import of_bottleneck
from ketensim.views.report.page import Comparison

DIGITS: Final = 4
ENERGY: Final = (
    ("cases", "var(--accent)", None),
    ("rework", "var(--sky)", 45),
    ("politics", "var(--warm)", None),
    ("reporting", "var(--orange)", 135),
    ("relations", "var(--good)", None),
    ("learning", "var(--good)", 45),
    ("formal", "var(--purple)", 45),
    ("own", "var(--grey)", None),
    ("idle", "var(--pale)", 135),
)
STYLES: Final = (
    ("var(--accent)", ""),
    ("var(--warm)", "8 4"),
    ("var(--good)", "2 4"),
    ("var(--purple)", "8 3 2 3"),
    ("var(--orange)", "14 4"),
    ("var(--ink)", "14 3 2 3"),
    ("var(--sky)", ""),
    ("var(--grey)", "5 4"),
)
MOST_LINES: Final = 6
ROOM_ABOVE: Final = 1.08


def plain(values: Sequence[float] | np.ndarray) -> list[float | None]:
    """Numbers as a page reads them: rounded, missing ones as None."""
    return [None if value != value else value for value in np.round(np.asarray(values, float), DIGITS).tolist()]


def goal(results: Results, language: str) -> dict[str, Any]:
    """Goal realisation over time with its bands, and the sentence that says what is seen."""
    reading = Reading(results)
    band = reading.band("goal_realisation")
    whole = reading.of_runs("goal_realisation").mean
    sentences = [t(found.key, language, **found.facts) for found in findings.of_goal(reading)]
    return {
        **{name: plain(band[name]) for name in BAND},
        "runs": results.number_of_runs,
        "of_hundred": "–" if np.isnan(whole) else f"{100 * whole:.0f}",
        "sentence": " ".join(sentences),
    }


def marks(scenario: Scenario, language: str) -> list[dict[str, Any]]:
    """What happens to the chain, with the sign that stands above the figure."""
    return [
        {
            "sign": mark.sign,
            "week": (mark.date - scenario.start).days / 7,
            "date": t("report.date", language, date=mark.date),
            "label": " ".join(mark.told),
        }
        for mark in marks_of(scenario, language)
    ]


def why(results: Results, against: Results, language: str) -> list[str]:
    """What the changes did, beside the chain as it is: what is set differently, the goal, and what moved along."""
    reading, other = Reading(results), Reading(against)
    table = paired_differences(against.summary, results.summary, OUTCOME_NAMES)
    compared = Comparison(other, table, None, t("app.why.as_it_is", language))
    found = of_changes(reading, compared, of_bottleneck(reading), of_bottleneck(other), language)
    return [t(one.key, language, **one.facts) for one in found]


def panels(results: Results, language: str) -> list[dict[str, Any]]:
    """The four figures below: energy, queues, trust, administrators; each with one sentence."""
    reading = Reading(results)
    return [_energy(reading, language), *_waiting(reading, language), *_people(reading, language)]


def _energy(reading: Reading, language: str) -> dict[str, Any]:
    total = sum(np.nan_to_num(hours) for hours in reading.hours.values())
    total = np.where(np.asarray(total) > 0, total, 1.0)
    series = []
    for name, colour, turn in ENERGY:
        share = sum(np.nan_to_num(reading.hours[use]) for use in HOUR_GROUPS[name]) / total
        fill = colour if turn is None else f"url(#stripe-{name})"
        label = t(f"report.bar.{name}", language)
        series.append({"name": name, "label": label, "values": plain(share), "colour": colour, "fill": fill})
    said = list(findings.of_energy(reading))
    stripes = [{"name": name, "colour": colour, "turn": turn} for name, colour, turn in ENERGY if turn is not None]
    return _panel("energy", language, "stack", series, 1.0, " ".join(_told(said[:2], language))) | {"stripes": stripes}


def _waiting(reading: Reading, language: str) -> Iterator[dict[str, Any]]:
    waiting = reading.organisation("waiting")
    largest = sorted(np.argsort(-np.nan_to_num(waiting).mean(axis=1))[:MOST_LINES])
    named = [(reading.names[place], reading.label(reading.names[place], language), waiting[place]) for place in largest]
    said = list(findings.of_waiting(reading))
    yield _lines("queues", language, named, _told(said[:1], language))
    times = [
        (name, t(f"outcome.{name}.label", language), reading.mean(name))
        for name in ("lead_time_median", "lead_time_p90", "open_age_median")
    ]
    yield _lines("lead_times", language, times, _told(said[1:], language))


def _people(reading: Reading, language: str) -> Iterator[dict[str, Any]]:
    said = list(findings.of_trust(reading))
    trust = ("trust_persons", "trust_agreements", "trust_vertical")
    named = [(name, t(f"outcome.{name}.label", language), reading.mean(name)) for name in trust]
    yield _lines("trust", language, named, _told(said[:3], language), share=True)
    people = ("under_intervention", "motivation", "uncertainty", "discretion")
    named = [(name, t(f"outcome.{name}.label", language), reading.mean(name)) for name in people]
    yield _lines("people", language, named, _told(said[3:], language), share=True)


def _told(said: Sequence[findings.Finding], language: str) -> list[str]:
    return [t(finding.key, language, **finding.facts) for finding in said]


def _lines(
    name: str, language: str, named: Sequence[tuple[str, str, np.ndarray]], said: Sequence[str], *, share: bool = False
) -> dict[str, Any]:
    series = [
        {"name": key, "label": label, "values": plain(values), "colour": colour, "dash": dash}
        for (key, label, values), (colour, dash) in zip(named, STYLES, strict=False)
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
