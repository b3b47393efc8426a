"""The sections of a report that tell what happened. Each is made from a ``Page`` and adds its figures to it."""

from __future__ import annotations

import numpy as np

from ketensim.foundation.outcome_table import REPORTING
from ketensim.views.drawing.chain_picture import chain_picture
from ketensim.views.drawing.markup import Markup, element, fragment
from ketensim.views.drawing.reading import column, mean_of_year
from ketensim.views.drawing.table import Table, html_table
from ketensim.views.report import charts, conclusions, costs, hundred_cases, tables
from ketensim.views.report.differences import different_settings
from ketensim.views.report.page import ReportPage

TWO_CLOCKS = {"closed": "lead_time", "open": "open_age"}


def chain_section(page: ReportPage) -> Markup:
    """The chain as a picture, and what the makers of the scenario say about it."""
    scenario = page.reading.scenario
    picture = chain_picture(scenario, page.language, page.bottleneck.organisation if page.bottleneck else None)
    return fragment(
        element("p", scenario.summary.in_language(page.language)),
        element("figure", element("div", picture, class_="scroll"), page.caption(page.t("figure.chain"))),
        element("h3", page.t("head.look_at")),
        element("p", scenario.look_at.in_language(page.language)),
        element("h3", page.t("head.try")),
        element("p", scenario.try_.in_language(page.language)),
    )


def goal_section(page: ReportPage) -> Markup:
    """Goal realisation over time, what happened meanwhile, and the comparison."""
    reading = page.reading
    mean = reading.mean("goal_realisation")
    known = mean[~np.isnan(mean)]
    censored = len(mean) - len(known)
    words_key = "figure.goal" if censored else "figure.goal_complete"
    ends = {"first": float(known[0]), "last": float(known[-1])} if len(known) else {"first": np.nan, "last": np.nan}
    figure = charts.goal_chart(reading, page.language, page.marks, page.other)
    drawn = page.plot("goal", figure, ends, page.t(words_key, censored=censored))
    return fragment(drawn, _marks(page), _cases(page), _comparison(page))


def _cases(page: ReportPage) -> Markup | None:
    """Where the cases went over time."""
    ledger = hundred_cases.shares_of_ledger(page.reading)
    if not hundred_cases.is_known(ledger):
        return None
    largest = max((name for name in ledger if name != hundred_cases.REALISED), key=lambda name: ledger[name])
    facts = {"share": ledger[hundred_cases.REALISED], "largest": page.t(f"ledger.name.{largest}")}
    return page.plot("ledger", charts.ledger_chart(page.reading, page.language, page.marks), facts)


def _marks(page: ReportPage) -> Markup | None:
    if not page.marks:
        return None
    rows = [
        element(
            "li",
            element("span", mark.sign, class_="sign"),
            element("span", page.t("date", date=mark.date)),
            element("span", *(element("div", line) for line in mark.lines)),
        )
        for mark in page.marks
    ]
    return fragment(element("h3", page.t("head.marks")), element("ol", *rows, class_="marks"))


def _comparison(page: ReportPage) -> Markup | None:
    if page.counterpart is None:
        return None
    weekly = page.counterpart.weekly
    drawn: Markup | None = None
    if weekly is not None:
        low, high, mean = (column(weekly, name) for name in ("p10", "p90", "mean"))
        figure = charts.difference_chart(page.reading, page.language, page.marks, low, high, mean)
        drawn = page.plot("difference", figure, {"mean": float(np.nanmean(mean))})
    other = page.counterpart.reading.scenario
    changes = [element("li", line) for line in different_settings(page.reading.scenario, other, page.language)]
    return fragment(
        element("h3", page.t("head.compare")),
        element("p", page.t("compare.intro")),
        fragment(element("p", page.t("compare.changes")), element("ul", *changes)) if changes else None,
        drawn,
        element("p", page.t("compare.losses")),
        html_table(hundred_cases.ledger_comparison(page.counterpart.differences, page.language, page.words)),
        html_table(tables.comparison_table(page.counterpart.differences, page.language, page.words)),
    )


def energy_section(page: ReportPage) -> Markup:
    """Where the hours went."""
    shares = page.reading.hour_shares()
    reporting = sum(shares[name] for name in REPORTING)
    facts = {"cases": shares["hours_case_work"], "reporting": reporting, "own": shares["hours_own_work"]}
    return page.plot("energy", charts.energy_chart(page.reading, page.language, page.marks), facts)


def queue_section(page: ReportPage) -> Markup:
    """Open cases, waiting per organisation, lead times beside the age of open cases."""
    reading, given = page.reading, (page.reading, page.language, page.marks)
    open_cases, waiting = reading.mean("open"), np.nanmean(reading.organisation("waiting"), axis=1)
    ends = {"first": float(open_cases[0]), "last": float(open_cases[-1])}
    longest = {"organisation": reading.label(reading.names[int(np.argmax(waiting))], page.language)}
    clocks = {name: mean_of_year(reading.mean(f"{series}_median"), -1) for name, series in TWO_CLOCKS.items()}
    return fragment(
        page.plot("open", charts.open_chart(*given), ends),
        page.plot("waiting", charts.waiting_chart(*given), longest),
        page.plot("lead", charts.lead_time_chart(*given), clocks),
    )


def trust_section(page: ReportPage) -> Markup:
    """Trust, what moves along with it, what people can do, and how often administrators decide about details."""
    reading, given = page.reading, (page.reading, page.language, page.marks)
    ends = {name: float(reading.mean(f"trust_{name}")[-1]) for name in ("persons", "agreements", "vertical")}
    share = {"share": float(np.nanmean(reading.mean("under_intervention")))}
    last = {name: float(reading.mean(name)[-1]) for name in (*conclusions.MIRRORS, *conclusions.ABILITIES)}
    return fragment(
        page.plot("trust", charts.trust_chart(*given), ends),
        page.plot("mirrors", charts.mirror_chart(*given), last),
        page.plot("abilities", charts.ability_chart(*given), last),
        page.plot("interventions", charts.intervention_chart(*given), share),
    )


def year_section(page: ReportPage) -> Markup:
    """The main outcomes per year."""
    return html_table(tables.year_table(page.reading, page.language))


def organisation_section(page: ReportPage) -> Markup:
    """What stands out per organisation."""
    sample = page.reading.sample
    note = element("p", page.t("sample", runs=sample.number_of_runs)) if sample is not None else None
    faults = hundred_cases.fault_table(page.reading, page.language)
    euros = costs.cost_table(page.reading, page.language)
    return fragment(
        note,
        html_table(tables.organisation_table(page.reading, page.language)),
        _titled(page, "faults", faults),
        _titled(page, "costs", euros),
    )


def case_type_section(page: ReportPage) -> Markup | None:
    """What became of each case type."""
    table = hundred_cases.case_type_table(page.reading, page.language)
    return None if table is None else fragment(element("p", page.t("case_types.intro")), html_table(table))


def _titled(page: ReportPage, name: str, table: Table | None) -> Markup | None:
    """A table below its title, with a paragraph that says how to read it."""
    if table is None:
        return None
    return fragment(element("h3", page.t(f"head.{name}")), element("p", page.t(f"{name}.intro")), html_table(table))
