"""Results with the shape of real ones and invented numbers, so that the views are tested without an engine."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from ketensim.foundation.outcome_table import ORGANISATION_OUTCOMES, OUTCOMES
from ketensim.foundation.state import HOURS
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


class FakeResults:
    """What ``simulate`` returns, from noise around smooth curves."""

    def __init__(self, scenario: Scenario | None = None, runs: int = 20, seed: int = 1, better: float = 0.0) -> None:
        self.scenario = scenario or fake_scenario()
        self.seed = seed
        self.provenance = {"ketensim": "0.1.0", "python": "3.12.1", "numpy": "2.0", "seed": seed, "runs": runs}
        self._luck = np.random.default_rng(7)
        self._shape = (runs, self.scenario.weeks)
        self.weekly = self._weekly(better)
        self.organisations = self._organisations()
        grouped = self.weekly.groupby("run")
        self.runs = grouped.mean().drop(columns="week").reset_index()
        self.runs.insert(1, "seed", seed)

    def band(self, name: str) -> pd.DataFrame:
        """Quantiles and mean over the runs, per week."""
        table = self.weekly.pivot(index="week", columns="run", values=name)
        band = table.quantile([0.1, 0.25, 0.5, 0.75, 0.9], axis=1).T
        band.columns = pd.Index(["p10", "p25", "p50", "p75", "p90"])
        return band.assign(mean=table.mean(axis=1)).reset_index()

    def _curve(self, start: float, end: float, noise: float) -> np.ndarray:
        weeks = self._shape[1]
        time = np.linspace(0, 1, weeks)
        walk = np.cumsum(self._luck.normal(0, noise / 8, self._shape), axis=1)
        return np.maximum(0, start + (end - start) * time + walk + self._luck.normal(0, noise / 2, self._shape))

    def _weekly(self, better: float) -> pd.DataFrame:
        runs, weeks = self._shape
        columns = {"run": np.repeat(np.arange(runs), weeks), "week": np.tile(np.arange(weeks), runs)}
        ranges = {"open": (320, 480, 30), "waiting": (120, 260, 25), "blocked": (2, 30, 5), "lead_time_median": (9, 12, 1),
                  "open_age_median": (10, 19, 1), "lead_time_p90": (16, 22, 1), "open_age_p90": (22, 40, 1),
                  "goal_realisation": (0.55 + better, 0.4 + better, 0.03), "administration_share": (0.28, 0.36, 0.01),
                  "arrived": (22, 22, 5), "closed": (20, 20, 4), "dropped": (0, 1, 0.5), "staff": (223, 200, 2)}  # fmt: skip
        hours = dict(zip(HOURS, (2900, 500, 900, 300, 800, 300, 150, 450, 1500, 200), strict=True))
        for row in OUTCOMES:
            start, end, noise = ranges.get(row.name, (0.5, 0.55, 0.02) if row.upper == 1 else (3, 3, 1))
            if row.name in hours:
                start, end, noise = hours[row.name], hours[row.name] * 0.9, hours[row.name] / 20
            columns[row.name] = np.minimum(self._curve(start, end, noise), row.upper).ravel()
        table = pd.DataFrame(columns)
        table.loc[table.week >= weeks - CENSORED, "goal_realisation"] = np.nan
        return table

    def _organisations(self) -> pd.DataFrame:
        runs, weeks = self._shape
        names = [organisation.id for organisation in self.scenario.organisations]
        index = pd.MultiIndex.from_product([range(runs), range(weeks), names], names=["run", "week", "organisation"])
        table = index.to_frame(index=False)
        place = table.organisation.map({name: number for number, name in enumerate(names)})
        for row in ORGANISATION_OUTCOMES:
            if row.upper == 1:
                table[row.name] = 0.3 + 0.05 * place
            else:
                table[row.name] = (1 + 4 * (place == 1)) * (2 + table.week / 40)
        return table
