"""What a chain cost, in words and per organisation, and whether anybody knows the tariffs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np

from ketensim.foundation.mathematics import WEEKS_PER_YEAR
from ketensim.foundation.outcome_table import HOUR_GROUPS
from ketensim.run.comparison import judged
from ketensim.run.ledger import costs_of
from ketensim.scenario.schema import Scenario
from ketensim.texts import t
from ketensim.views.drawing.reading import Columns, Reading, column
from ketensim.views.drawing.table import Table
from ketensim.views.report.conclusions import Conclusion, difference_at
from ketensim.views.report.values import column_names, in_euros

PER_REALISED: Final = "costs_per_realised"


def cost_conclusions(reading: Reading) -> Iterator[Conclusion]:
    """What the chain cost a week, which part was for the cases it is there for, per closed and per realised one of them, and
    where the tariffs come from.
    """
    facts = {
        "week": reading.of_runs("costs").mean / len(reading.weeks),
        "ours": reading.of_runs("costs_counted").mean / len(reading.weeks),
        "case": reading.of_runs("costs_per_case").mean,
        "realised": reading.of_runs(PER_REALISED).mean,
    }
    if np.isnan(facts["case"]):
        return
    euros = {name: in_euros(number) for name, number in facts.items() if not np.isnan(number)}
    whole = all(kind.counts for kind in reading.scenario.case_types)
    told = (
        ("told" if whole else "part")
        if "realised" in euros
        else "nothing_realised"
        if whole
        else "nothing_realised_part"
    )
    yield Conclusion(f"report.costs.{told}", euros)
    yield Conclusion(f"report.costs.{tariffs(reading.scenario)}")


def cost_difference(differences: Columns) -> Iterator[Conclusion]:
    """Whether a realised case became cheaper or dearer."""
    names = [str(name) for name in differences["outcome"]]
    if PER_REALISED not in names:
        return
    place = names.index(PER_REALISED)
    facts = {side: in_euros(float(column(differences, side)[place])) for side in ("a", "b")}
    verdict = judged(PER_REALISED, difference_at(differences, place))
    if verdict in ("better", "worse"):
        yield Conclusion(f"report.costs.{verdict}", facts)


def tariffs(scenario: Scenario) -> str:
    """``assumed`` when no tariff has a source, ``sourced`` when each has one, else ``partly``.

    Examples
    --------
    >>> from ketensim.scenario.files import load
    >>> tariffs(load("reference"))
    'assumed'
    """
    sourced = [part.cost.source is not None and part.cost.certainty != "assumption" for part in scenario.organisations]
    return "sourced" if all(sourced) else "partly" if any(sourced) else "assumed"


def cost_table(reading: Reading, language: str) -> Table | None:
    """Per organisation: euros a year, and what every hundred of them were for."""
    values = reading.kept.organisation_values
    if values is None:
        return None
    euros = costs_of(values).mean(axis=0)
    rows = [
        _row(reading.label(name, language), euros[place], len(reading.weeks), language)
        for place, name in enumerate(reading.names)
    ]
    rows.append(_row(t("report.whole_chain", language), euros.sum(axis=0), len(reading.weeks), language))
    names = [*column_names(language, "organisation", "euros_per_year")]
    names += [t(f"report.bar.{group}", language) for group in HOUR_GROUPS]
    return Table(names, rows, frozenset(range(1, len(names))))


def _row(name: str, euros: np.ndarray, weeks: int, language: str) -> tuple[str, ...]:
    whole, *uses = (float(number) for number in euros)
    per_year = t("report.decimals_0", language, value=in_euros(whole * WEEKS_PER_YEAR / weeks))
    shares = (t("report.hundred", language, value=part / whole if whole > 0 else 0.0) for part in uses)
    return name, per_year, *shares
