"""The front page of a report: one page of conclusions, to print and hand out; the figures follow on the next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np

from ketensim.foundation.outcome_table import HOUR_GROUPS
from ketensim.views.drawing.markup import Markup, element
from ketensim.views.drawing.palette import BLUE, GREEN, GREY, ORANGE, PALE, PURPLE, SKY, VERMILION, YELLOW
from ketensim.views.drawing.reading import Reading, over_year
from ketensim.views.report import against, bottleneck, certainty, findings, tables
from ketensim.views.report.findings import Finding
from ketensim.views.report.page import Page

LONG_NAME: Final = 8  # letters; a longer name in a tile is set smaller
LONG_WORD: Final = 14
SHORT_TIME: Final = 10.0  # weeks; below it a decimal is told
WIDE_ENOUGH: Final = 0.045  # share of the bar in which its number fits
COLOURS: Final[Mapping[str, str]] = {
    "cases": BLUE,
    "rework": SKY,
    "politics": VERMILION,
    "reporting": ORANGE,
    "relations": GREEN,
    "learning": YELLOW,
    "formal": PURPLE,
    "own": GREY,
    "idle": PALE,
}
TIGHT: Final[Mapping[str, int]] = {"tightest": 3500, "tighter": 2850, "tight": 2200}  # letters; set smaller on paper
DARK_TEXT: Final = frozenset({SKY, YELLOW, ORANGE, GREY, PALE})  # colours that carry dark letters


def conclusions(page: Page) -> Markup:
    """One page in plain words."""
    reading = page.reading
    told: dict[str, tuple[list[Finding], Markup | None]] = {
        "goal": (_goal(reading), None),
        "compare": (_compared(page), None),
        "energy": (list(findings.of_energy(reading)), _hours(page)),
        "bottleneck": (list(bottleneck.bottleneck_told(reading, page.bottleneck, page.language)), None),
        "waiting": (list(findings.of_waiting(reading)), None),
        "trust": (list(findings.of_trust(reading)), None),
        "sure": (list(certainty.of_certainty(reading)), None),
    }
    paragraphs = [
        element(
            "div",
            element("h3", page.t(f"conclusion.{name}")),
            element("div", element("p", _sentences(page, parts)), drawn),
            class_="told",
        )
        for name, (parts, drawn) in told.items()
        if parts
    ]
    headline = element("p", _sentences(page, _headline(page)), class_="headline")
    letters = sum(len(_sentences(page, parts)) for parts, _ in told.values())
    kind = next((kind for kind, most in TIGHT.items() if letters > most), "")
    parts = (headline, _tiles(page), *paragraphs, element("p", page.t("caveat"), class_="caveat"))
    return element("div", *parts, class_=f"front {kind}".strip())


def _goal(reading: Reading) -> list[Finding]:
    """What a good end is, and how it went over the years; the number itself stands in the headline."""
    told = list(findings.of_goal(reading))
    return told if np.isnan(reading.of_runs("goal_realisation").mean) else [Finding("report.goal.meaning"), *told[1:]]


def _compared(page: Page) -> list[Finding]:
    if page.comparison is None:
        return []
    there = bottleneck.of_bottleneck(page.comparison.reading)
    return list(against.of_changes(page.reading, page.comparison, page.bottleneck, there, page.language))


def _sentences(page: Page, parts: Sequence[Finding]) -> str:
    return " ".join(page.say(part) for part in parts)


def _headline(page: Page) -> list[Finding]:
    """The whole report in two sentences."""
    reading, found = page.reading, page.bottleneck
    whole = reading.of_runs("goal_realisation").mean
    if np.isnan(whole):
        return [Finding("report.headline.unknown")]
    first = Finding("report.headline.alone", {"share": whole})
    if page.comparison is not None:
        compared = findings.of_comparison(page.comparison.table, page.comparison.name)
        first = Finding(compared.key.replace("compare", "headline"), compared.facts)
    facts: dict[str, Any] = {"leak": findings.leak_of(reading)}
    if found is None:
        return [first, Finding("report.headline.smooth", facts)]
    return [
        first,
        Finding("report.headline.stuck", facts | {"organisation": reading.label(found.organisation, page.language)}),
    ]


def _tiles(page: Page) -> Markup:
    """Four numbers for who reads nothing else."""
    reading, found = page.reading, page.bottleneck
    realised = reading.of_runs("goal_realisation")
    lead_time = over_year(reading.mean("lead_time_median"), -1)
    decimals = "report.decimals_1" if lead_time < SHORT_TIME else "report.decimals_0"
    cases = 100 * reading.hour_shares()["hours_case_work"]
    name = page.t("tile.nowhere") if found is None else reading.label(found.organisation, page.language)
    note = {} if found is None else {"weeks": found.weeks}
    tiles: dict[str, tuple[str, Mapping[str, Any]]] = {
        "goal": (tables.whole(100 * realised.mean, page.language), {"low": realised.low, "high": realised.high}),
        "lead_time": (page.say(Finding(decimals, {"value": lead_time})), {}),
        "cases": (tables.whole(cases, page.language), {}),
        "none" if found is None else "full" if found.by_places else "bottleneck": (name, note),
    }
    drawn = [
        element(
            "div",
            element("dt", page.t(f"tile.{kind}")),
            element("dd", told, class_=_size(told)),
            element("dd", page.t(f"tile.{kind}_note", **facts), class_="note"),
            class_="tile",
        )
        for kind, (told, facts) in tiles.items()
    ]
    return element("dl", *drawn, class_="tiles")


def _size(told: str) -> str:
    """How large a name can be set in a tile."""
    if len(told) <= LONG_NAME:
        return "figure"
    return "figure long longer" if max(map(len, told.split())) > LONG_WORD else "figure long"


def _hours(page: Page) -> Markup:
    """A hundred hours as a bar, of this chain and of the one it is compared with, and what the colours mean."""
    readings = {"this": page.reading} | ({} if page.other is None else {"other": page.other})
    bars = [
        element(
            "div",
            element("span", page.t(f"bar.{name}"), class_="who") if len(readings) > 1 else None,
            _bar(page, reading),
            class_="row",
        )
        for name, reading in readings.items()
    ]
    names = [
        element("li", element("i", style=f"background:{colour}"), page.t(f"bar.{use}"))
        for use, colour in COLOURS.items()
        if _share(page.reading, use) > 0
    ]
    return element("div", *bars, element("ul", *names), class_="hundred")


def _bar(page: Page, reading: Reading) -> Markup:
    shares = {use: _share(reading, use) for use in HOUR_GROUPS}
    told = ", ".join(f"{page.t(f'bar.{use}')} {page.t('hundred', value=share)}" for use, share in shares.items())
    parts = [
        element(
            "i",
            page.t("hundred", value=share) if share >= WIDE_ENOUGH else None,
            class_="dark" if COLOURS[use] in DARK_TEXT else None,
            style=f"width:{100 * share:.2f}%;background:{COLOURS[use]}",
        )
        for use, share in shares.items()
        if share > 0
    ]
    return element("div", *parts, class_="bar", role="img", aria_label=page.t("bar.alternative", told=told))


def _share(reading: Reading, use: str) -> float:
    shares = reading.hour_shares()
    return sum(shares[name] for name in HOUR_GROUPS[use])
