"""The front page of a report: one page of conclusions, to print and hand out; the figures follow on the next."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final

import numpy as np

from ketensim.foundation.outcome_table import HOUR_GROUPS
from ketensim.views.drawing.markup import Markup, element
from ketensim.views.drawing.palette import HOUR_COLOURS, LEDGER_COLOURS, on_page
from ketensim.views.drawing.reading import Reading, mean_of_year
from ketensim.views.report import conclusions
from ketensim.views.report.against import comparison_conclusions
from ketensim.views.report.bottleneck import bottleneck_conclusions, bottleneck_of
from ketensim.views.report.certainty import certainty_conclusions
from ketensim.views.report.conclusions import Conclusion
from ketensim.views.report.costs import PER_REALISED, cost_conclusions, tariffs
from ketensim.views.report.hundred_cases import adding_up, is_known, ledger_conclusions, shares_of_ledger
from ketensim.views.report.page import ReportPage
from ketensim.views.report.values import in_euros, written_whole

LONG_NAME: Final = 8  # letters; a longer name in a tile is set smaller
LONG_WORD: Final = 14
SHORT_TIME: Final = 10.0  # weeks; below it a decimal is told
WIDE_ENOUGH: Final = 0.045  # share of the bar in which its number fits
TIGHT: Final[Mapping[str, int]] = {"tightest": 3800, "tighter": 3050, "tight": 2350}  # letters; set smaller on paper


def front_section(page: ReportPage) -> Markup:
    """One page in plain words."""
    reading = page.reading
    parts: dict[str, tuple[str, Markup | None]] = {
        "goal": (_said(page, _goal(reading, page.language)), None),
        "compare": (_said(page, _comparison(page)), None),
        "cases": (_said(page, ledger_conclusions(reading, page.language)), _cases(page)),
        "costs": (_said(page, cost_conclusions(reading)), None),
        "energy": (_said(page, conclusions.energy_conclusions(reading)), _hours(page)),
        "bottleneck": (_said(page, bottleneck_conclusions(reading, page.bottleneck, page.language)), None),
        "waiting": (_said(page, conclusions.waiting_conclusions(reading)), None),
        "trust": (_said(page, conclusions.trust_conclusions(reading)), None),
        "sure": (_said(page, certainty_conclusions(reading)), None),
    }
    paragraphs = [
        element(
            "div",
            element("h3", page.t(f"conclusion.{name}")),
            element("div", element("p", text), drawn),
            class_="conclusion",
        )
        for name, (text, drawn) in parts.items()
        if text
    ]
    letters = sum(len(text) for text, _ in parts.values())
    kind = next((kind for kind, most in TIGHT.items() if letters > most), "")
    headline = element("p", _said(page, _headline(page)), class_="headline")
    whole = (_changed_model(page), headline, _tiles(page), *paragraphs, element("p", page.t("caveat"), class_="caveat"))
    return element("div", *whole, class_=f"front {kind}".strip())


def _changed_model(page: ReportPage) -> Markup | None:
    """That the numbers are those of a changed model, when they are."""
    facts = dict(page.reading.results.extension.facts)
    if not facts:
        return None
    stamp = facts.pop("stamp")[:16]
    places = "; ".join(f"{name} = {place}" for name, place in facts.items())
    return element("p", element("strong", page.t("changed_model", places=places, stamp=stamp)))


def _said(page: ReportPage, parts: Iterable[Conclusion]) -> str:
    return " ".join(part.sentence(page.language, page.words) for part in parts)


def _goal(reading: Reading, language: str) -> Iterator[Conclusion]:
    """What a good end is, and how it went over the years; the number itself stands in the headline."""
    first, *later = conclusions.goal_conclusions(reading)
    yield first if np.isnan(reading.of_runs("goal_realisation").mean) else Conclusion("report.goal.meaning")
    yield from later
    yield from conclusions.about_which_cases(reading.scenario, language)


def _comparison(page: ReportPage) -> Iterable[Conclusion]:
    if page.counterpart is None:
        return ()
    there = bottleneck_of(page.counterpart.reading)
    return comparison_conclusions(page.reading, page.counterpart, page.bottleneck, there, page.language)


def _headline(page: ReportPage) -> Iterator[Conclusion]:
    """The whole report in two sentences."""
    reading, stuck = page.reading, page.bottleneck
    share = reading.of_runs("goal_realisation").mean
    if np.isnan(share):
        yield Conclusion("report.headline.unknown")
        return
    if page.counterpart is None:
        yield Conclusion("report.headline.alone", {"share": share})
    else:
        difference = conclusions.conclusion_on_difference(page.counterpart.differences, page.counterpart.name)
        yield Conclusion(difference.key.replace("compare", "headline"), difference.facts)
    facts: dict[str, Any] = {"leak": conclusions.leak_of(reading)}
    if stuck is None:
        yield Conclusion("report.headline.smooth", facts)
    else:
        organisation = reading.label(stuck.organisation, page.language)
        yield Conclusion("report.headline.stuck", facts | {"organisation": organisation})


# --- tiles -----------------------------------------------------------------------------------------------------------
def _tiles(page: ReportPage) -> Markup:
    """Four numbers for who reads nothing else."""
    reading = page.reading
    realised = reading.of_runs("goal_realisation")
    lead_time = mean_of_year(reading.mean("lead_time_median"), -1)
    decimals = "decimals_1" if lead_time < SHORT_TIME else "decimals_0"
    cost = reading.of_runs(PER_REALISED).mean
    tiles = (
        _tile(page, "goal", written_whole(100 * realised.mean, page.language), low=realised.low, high=realised.high),
        _tile(page, "lead_time", page.t(decimals, value=lead_time)),
        _tile(
            page, "costs", page.t("euros", value=in_euros(cost)), tariffs=page.t(f"costs.{tariffs(reading.scenario)}")
        ),
        _bottleneck_tile(page),
    )
    return element("dl", *tiles, class_="tiles")


def _bottleneck_tile(page: ReportPage) -> Markup:
    stuck = page.bottleneck
    if stuck is None:
        return _tile(page, "none", page.t("tile.nowhere"))
    name = page.reading.label(stuck.organisation, page.language)
    return _tile(page, "full" if stuck.by_places else "bottleneck", name, weeks=stuck.weeks)


def _tile(page: ReportPage, kind: str, figure: str, **facts: Any) -> Markup:
    """A number or a name, with what it is above it and a note below."""
    size = "figure"
    if len(figure) > LONG_NAME:
        size = "figure long longer" if max(map(len, figure.split())) > LONG_WORD else "figure long"
    return element(
        "div",
        element("dt", page.t(f"tile.{kind}")),
        element("dd", figure, class_=size),
        element("dd", page.t(f"tile.{kind}_note", **facts), class_="note"),
        class_="tile",
    )


# --- a hundred cases and a hundred hours ------------------------------------------------------------------------------
def _cases(page: ReportPage) -> Markup | None:
    """A hundred cases as a bar: what became of them, in whole cases that add up."""
    return _hundred(page, "ledger", LEDGER_COLOURS, _ledger_shares)


def _hours(page: ReportPage) -> Markup | None:
    """A hundred hours as a bar: what they were for."""
    return _hundred(page, "bar", HOUR_COLOURS, _shares)


def _hundred(
    page: ReportPage, words: str, colours: Mapping[str, str], shares_of: Callable[[Reading], dict[str, float]]
) -> Markup | None:
    """A hundred of something as a bar, of this chain and of the one it is compared with, and what the colours mean.

    Parameters
    ----------
    page : of the report
    words : section of the texts; the names stand in ``bar`` itself and in ``ledger.name``
    colours : by name
    shares_of : the shares by name; empty when nothing is known
    """
    readings = {"this": page.reading} | ({} if page.other is None else {"other": page.other})
    found = {name: shares for name, reading in readings.items() if (shares := shares_of(reading))}
    if not found:
        return None
    names = {part: page.t(f"bar.{part}" if words == "bar" else f"ledger.name.{part}") for part in colours}
    bars = [
        element(
            "div",
            element("span", page.t(f"bar.{side}"), class_="who") if len(readings) > 1 else None,
            _bar(page, words, shares, names, colours),
            class_="row",
        )
        for side, shares in found.items()
    ]
    shown = [part for part in names if any(shares[part] > 0 for shares in found.values())]
    legend = [element("li", element("i", style=on_page(colours[part])), names[part]) for part in shown]
    return element("div", *bars, element("ul", *legend), class_="hundred")


def _bar(
    page: ReportPage, words: str, shares: Mapping[str, float], names: Mapping[str, str], colours: Mapping[str, str]
) -> Markup:
    told = ", ".join(f"{names[part]} {page.t('hundred', value=share)}" for part, share in shares.items())
    parts = [
        element(
            "i",
            page.t("hundred", value=share) if share >= WIDE_ENOUGH else None,
            style=f"width:{100 * share:.2f}%;{on_page(colours[part])}",
        )
        for part, share in shares.items()
        if share > 0
    ]
    return element("div", *parts, class_="bar", role="img", aria_label=page.t(f"{words}.alternative", what=told))


def _shares(reading: Reading) -> dict[str, float]:
    shares = reading.hour_shares()
    return {group: sum(shares[name] for name in names) for group, names in HOUR_GROUPS.items()}


def _ledger_shares(reading: Reading) -> dict[str, float]:
    """Shares in whole hundredths, so that the numbers in the bar add up; empty when the run was too short."""
    ledger = shares_of_ledger(reading)
    return {name: part / 100 for name, part in adding_up(ledger).items()} if is_known(ledger) else {}
