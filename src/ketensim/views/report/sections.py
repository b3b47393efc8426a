"""The sections of a report that tell what happened. Each is made from a ``Page`` and adds its figures to it."""

from __future__ import annotations

import numpy as np

from ketensim.foundation.outcome_table import REPORTING
from ketensim.views.drawing.markup import Markup, element, joined
from ketensim.views.drawing.picture import chain_picture
from ketensim.views.drawing.reading import column, over_year
from ketensim.views.report import charts, tables
from ketensim.views.report.differences import differences
from ketensim.views.report.page import Page, table_html

TWO_CLOCKS = {"closed": "lead_time", "open": "open_age"}


def chain(page: Page) -> Markup:
    """The chain as a picture, and what the makers of the scenario say about it."""
    scenario = page.reading.scenario
    picture = chain_picture(scenario, page.language, page.bottleneck.organisation if page.bottleneck else None)
    return joined(
        element("p", scenario.summary.in_language(page.language)),
        element("figure", element("div", picture, class_="scroll"), page.caption(page.t("figure.chain"))),
        element("h3", page.t("head.look_at")),
        element("p", scenario.look_at.in_language(page.language)),
        element("h3", page.t("head.try")),
        element("p", scenario.try_.in_language(page.language)),
    )


def goal(page: Page) -> Markup:
    """Goal realisation over time, what happened meanwhile, and the comparison."""
    reading = page.reading
    mean = reading.mean("goal_realisation")
    known = mean[~np.isnan(mean)]
    censored = len(mean) - len(known)
    words_key = "figure.goal" if censored else "figure.goal_complete"
    ends = {"first": float(known[0]), "last": float(known[-1])} if len(known) else {"first": np.nan, "last": np.nan}
    figure = charts.goal_realisation(reading, page.language, page.marks, page.other)
    drawn = page.plot("goal", figure, ends, page.t(words_key, censored=censored))
    return joined(drawn, _marks(page), _comparison(page))


def _marks(page: Page) -> Markup | None:
    if not page.marks:
        return None
    rows = [
        element(
            "li",
            element("span", mark.sign, class_="sign"),
            element("span", page.t("date", date=mark.date)),
            element("span", *(element("div", told) for told in mark.told)),
        )
        for mark in page.marks
    ]
    return joined(element("h3", page.t("head.marks")), element("ol", *rows, class_="marks"))


def _comparison(page: Page) -> Markup | None:
    if page.comparison is None:
        return None
    weekly = page.comparison.weekly
    drawn: Markup | None = None
    if weekly is not None:
        low, high, mean = (column(weekly, name) for name in ("p10", "p90", "mean"))
        figure = charts.difference(page.reading, page.language, page.marks, low, high, mean)
        drawn = page.plot("difference", figure, {"mean": float(np.nanmean(mean))})
    other = page.comparison.reading.scenario
    changes = [element("li", told) for told in differences(page.reading.scenario, other, page.language)]
    return joined(
        element("h3", page.t("head.compare")),
        element("p", page.t("compare.intro")),
        joined(element("p", page.t("compare.changes")), element("ul", *changes)) if changes else None,
        drawn,
        table_html(tables.comparison(page.comparison.table, page.language)),
    )


def energy(page: Page) -> Markup:
    """Where the hours went."""
    shares = page.reading.hour_shares()
    reporting = sum(shares[name] for name in REPORTING)
    facts = {"cases": shares["hours_case_work"], "reporting": reporting, "own": shares["hours_own_work"]}
    return page.plot("energy", charts.energy(page.reading, page.language, page.marks), facts)


def queues(page: Page) -> Markup:
    """Open cases, waiting per organisation, lead times beside the age of open cases."""
    reading, given = page.reading, (page.reading, page.language, page.marks)
    open_cases, waiting = reading.mean("open"), np.nanmean(reading.organisation("waiting"), axis=1)
    ends = {"first": float(open_cases[0]), "last": float(open_cases[-1])}
    longest = {"organisation": reading.label(reading.names[int(np.argmax(waiting))], page.language)}
    clocks = {name: over_year(reading.mean(f"{series}_median"), -1) for name, series in TWO_CLOCKS.items()}
    return joined(
        page.plot("open", charts.open_cases(*given), ends),
        page.plot("waiting", charts.waiting_by_organisation(*given), longest),
        page.plot("lead", charts.lead_times(*given), clocks),
    )


def trust(page: Page) -> Markup:
    """Trust, and how often administrators decide about details."""
    reading, given = page.reading, (page.reading, page.language, page.marks)
    ends = {name: float(reading.mean(f"trust_{name}")[-1]) for name in ("persons", "agreements", "vertical")}
    share = {"share": float(np.nanmean(reading.mean("under_intervention")))}
    return joined(
        page.plot("trust", charts.trust(*given), ends),
        page.plot("interventions", charts.interventions(*given), share),
    )


def by_year(page: Page) -> Markup:
    """The main outcomes per year."""
    return table_html(tables.years(page.reading, page.language))


def by_organisation(page: Page) -> Markup:
    """What stands out per organisation."""
    sample = page.reading.sample
    note = element("p", page.t("sample", runs=sample.number_of_runs)) if sample is not None else None
    return joined(note, table_html(tables.organisations(page.reading, page.language)))
