"""Results with the shape of real ones and invented numbers, so that the views are tested without an engine."""

from __future__ import annotations

import warnings
from typing import Any

import numpy as np

from ketensim.foundation.outcome_table import LOSSES, ORGANISATION_OUTCOMES, OUTCOME_NAMES, OUTCOMES
from ketensim.foundation.rows import HOURS
from ketensim.run.results import Results
from ketensim.scenario.files import from_dict
from ketensim.scenario.schema import Scenario

CENSORED = 13  # weeks at the end whose cohorts are not yet known


def text(nl: str, en: str | None = None) -> dict[str, str]:
    return {"nl": nl, "en": en or nl}


def fake_scenario(label: str = "Wijkteam", weeks: int = 208, start: str = "2015-01-01") -> Scenario:
    """A small chain of five organisations with everything in it that a report shows."""
    council = {"id": "raad", "label": text("Gemeenteraad", "Council"), "elections": ["2018-03-21"]}
    minister = {"id": "minister", "label": text("Minister")}
    source = {"source": "cbs", "certainty": "medium", "note": text("Uit de jeugdmonitor", "From the youth monitor")}

    def organisation(name: str, fte: float, principal: str | None = "raad", **more: Any) -> dict[str, Any]:
        own = {"id": name, "label": text(name), "fte": fte, "hours_per_case": 20, "principal": principal}
        return {**own, **more}

    whole = from_dict(
        {
            "title": text("Jeugdbescherming in een regio", "Youth protection in a region"),
            "summary": text("Van wijkteam tot aanbieder.", "From local team to provider."),
            "look_at": text("Kijk naar de wachtlijst.", "Look at the waiting list."),
            "try": text("Geef het wijkteam meer ruimte.", "Give the local team more room."),
            "start": start,
            "levers": {"room": {"value": 0.4, "reason": text("Veel protocollen", "Many protocols")}, "frame": 0.6},
            "principals": [council, minister],
            "organisations": [
                {**organisation("Wijkteam", 60), "label": text(label)},
                organisation("Raad", 25, "minister", turnover={"value": 0.2, **source}),
                organisation("Rechter", 8, None, independence=1),
                organisation("Instelling", 40, levers={"room": 0.7}),
                organisation("Aanbieder", 90, places=120, stay=26),
            ],
            "case_types": [
                {"id": "standaard", "label": text("Standaard", "Standard"), "arrivals": {"value": 22, **source},
                 "entry": {"Wijkteam": 0.8, "Raad": 0.2}, "non_standard": 0.3, "norm": CENSORED},
            ],
            "links": [
                {"from": "Wijkteam", "to": "Raad", "share": 0.5},
                {"from": "Raad", "to": "Rechter", "share": 0.6},
                {"from": "Rechter", "to": "Instelling", "share": 0.9},
                {"from": "Instelling", "to": "Aanbieder", "share": 0.7},
                {"from": "Aanbieder", "to": "Wijkteam", "share": 0.2},
                {"from": "Wijkteam", "to": "Instelling", "consultation": True},
            ],
            "calendar": [{"week": 120, "levers": {"room": 0.6}, "reason": text("Hervormingsagenda", "Reform agenda")}],
            "events": [
                {"type": "financial_cut", "week": 4, "weeks": 1, "size": 0.1, "label": text("Korting", "Cut"), "source": "cbs"},
                {"type": "incident", "week": 90, "size": 0.5, "label": text("Alarm van de inspectie", "Inspection alarm")},
            ],
            "indicators": [
                {"id": "administratie", "label": text("Tijd voor administratie", "Time on administration"), "value": 0.38,
                 "unit": "share", "outcome": "administration_share", "tolerance": 0.08, "used_for": "calibration", **source},
                {"id": "wacht", "label": text("Wachtend bij de Raad", "Waiting at the board"), "value": 280, "unit": "cases",
                 "outcome": "waiting", "organisation": "Raad", "scale": 10, "tolerance": 40, "used_for": "held_back", **source},
                {"id": "los", "label": text("Zonder uitkomst", "Without outcome"), "value": 3, "unit": "jaar",
                 "used_for": "held_back", **source},
            ],
            "sources": {"cbs": {"text": "CBS, Jeugdmonitor 2024", "tag": "L"}},
        }
    )  # fmt: skip
    return whole.with_weeks(weeks)


def fake_results(scenario: Scenario | None = None, runs: int = 20, better: float = 0.0) -> Results:
    """What ``simulate`` returns, from noise around smooth curves."""
    chosen = scenario or fake_scenario()
    weekly, organisations = fake_weekly(runs, chosen.weeks, better), fake_organisations(chosen, runs)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # a run shorter than the norm knows no goal realisation
        summary = np.nanmean(weekly, axis=1)
    return Results(chosen, 1, summary, weekly, organisations, None, None, None)


def curve(luck: np.random.Generator, shape: tuple[int, int], start: float, end: float, noise: float) -> np.ndarray:
    walk = np.cumsum(luck.normal(0, noise / 8, shape), axis=1)
    return np.maximum(0, np.linspace(start, end, shape[1]) + walk + luck.normal(0, noise / 2, shape))


def fake_weekly(runs: int, weeks: int, better: float) -> np.ndarray:
    """Outcomes of the chain, [run, week, outcome]."""
    luck = np.random.default_rng(7)
    ranges = dict.fromkeys(OUTCOME_NAMES, (3.0, 3.0, 1.0))
    ranges |= {row.name: (0.5, 0.55, 0.02) for row in OUTCOMES if row.upper == 1}
    ranges |= {
        "open": (320, 480, 30),
        "waiting": (120, 260, 25),
        "blocked": (2, 30, 5),
        "lead_time_median": (9, 12, 1),
        "lead_time_p90": (16, 22, 1),
        "open_age_median": (10, 19, 1),
        "open_age_p90": (22, 40, 1),
        "goal_realisation": (0.55 + better, 0.4 + better, 0.03),
        "administration_share": (0.28, 0.36, 0.01),
        "staff": (223, 200, 2),
    }
    amounts = (2900, 500, 900, 300, 800, 300, 150, 100, 450, 1500, 200)
    ranges |= {name: (much, 0.9 * much, much / 20) for name, much in zip(HOURS, amounts, strict=True)}
    values = np.stack([curve(luck, (runs, weeks), *ranges[name]) for name in OUTCOME_NAMES], axis=-1)
    values = np.minimum(values, [row.upper for row in OUTCOMES])
    goal = values[..., OUTCOME_NAMES.index("goal_realisation")]
    goal[:, max(0, weeks - CENSORED) :] = np.nan
    for name, part in zip(LOSSES, (0.3, 0.3, 0.15, 0.15, 0.04, 0.06), strict=True):
        values[..., OUTCOME_NAMES.index(name)] = part * (1.0 - goal)
    return values


def fake_organisations(scenario: Scenario, runs: int) -> np.ndarray:
    """Outcomes of the organisations, [run, week, organisation, outcome]; most work waits at the second."""
    number, weeks = len(scenario.organisations), scenario.weeks
    values = np.zeros((runs, weeks, number, len(ORGANISATION_OUTCOMES)))
    share = 0.3 + 0.05 * np.arange(number)
    count = (1 + 4 * (np.arange(number) == 1)) * (2 + np.arange(weeks)[:, None] / 40)
    for place, row in enumerate(ORGANISATION_OUTCOMES):
        values[..., place] = share if row.upper == 1 else count
    return values
