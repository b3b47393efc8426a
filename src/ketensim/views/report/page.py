"""What the sections of a report share: the numbers, the language, numbered figures and tables as HTML."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from ketensim.texts import t
from ketensim.views.drawing.figure import Figure
from ketensim.views.drawing.marks import Mark, marks_of
from ketensim.views.drawing.markup import Markup, element
from ketensim.views.drawing.reading import Reading
from ketensim.views.report.bottleneck import of_bottleneck
from ketensim.views.report.findings import Finding
from ketensim.views.report.tables import Table


@dataclass(frozen=True)
class Comparison:
    """What a chain was compared with on equal luck.

    Attributes
    ----------
    reading : of the other chain
    table : outcome, a (other), b (this), difference, low, high, b_higher (share of the runs in which b is higher)
    weekly : band over the runs of the difference in goal realisation, as of ``Results.band``; None = no figure
    name : what the other chain is called
    """

    reading: Reading
    table: Any
    weekly: Any
    name: str


class Section(NamedTuple):
    """One section: its anchor, its title and its HTML."""

    name: str
    title: str
    body: Markup


class Page:
    """What the sections share: the numbers, the language, and the figures that they have added so far."""

    def __init__(self, reading: Reading, language: str, command: str, comparison: Comparison | None) -> None:
        self.reading = reading
        self.language = language
        self.command = command
        self.comparison = comparison
        self.title = reading.scenario.title.in_language(language)
        self.marks: tuple[Mark, ...] = marks_of(reading.scenario, language)
        self.bottleneck = of_bottleneck(reading)
        self.other = comparison.reading if comparison is not None else None
        self.figures: dict[str, Figure] = {}
        self._number = 0

    @property
    def versions(self) -> list[tuple[str, str]]:
        """Name and version of everything that took part."""
        return [(str(name), str(value)) for name, value in self.reading.results.provenance.items()]

    def t(self, key: str, **facts: Any) -> str:
        """A text of the report in its language."""
        return t(f"report.{key}", self.language, **facts)

    def say(self, finding: Finding) -> str:
        """The sentence of a finding."""
        return t(finding.key, self.language, **finding.facts)

    def caption(self, words: str) -> Markup:
        """A numbered caption."""
        self._number += 1
        return element("figcaption", element("b", self.t("figure.number", number=self._number)), " ", words)

    def plot(self, name: str, figure: Figure, facts: Mapping[str, Any], words: str = "") -> Markup:
        """A figure drawn by plotly, with its caption and its text alternative.

        Parameters
        ----------
        name : of the figure; its texts stand under ``report.figure``
        figure : its specification
        facts : for the text alternative
        words : the caption, when it is not simply the text of the figure
        """
        self.figures[f"figure-{name}"] = figure
        place = element(
            "div",
            id=f"figure-{name}",
            class_="plot",
            role="img",
            aria_label=self.t(f"figure.{name}_alternative", **facts),
            data_fallback=self.t("figure.fallback"),
            style=f"min-height:{figure['layout']['height']}px",
        )
        return element("figure", place, self.caption(words or self.t(f"figure.{name}")))


def table_html(table: Table) -> Markup:
    """A table; the first cell of a row is its heading."""
    head = element(
        "tr",
        *(element("th", name, scope="col", class_=_side(table, place)) for place, name in enumerate(table.headings)),
    )
    rows = [
        element(
            "tr",
            element("th", row[0], scope="row"),
            *(element("td", cell, class_=_side(table, place)) for place, cell in enumerate(row[1:], 1)),
        )
        for row in table.rows
    ]
    return element(
        "div", element("table", element("thead", head), element("tbody", *rows)), class_="scroll", tabindex="0"
    )


def _side(table: Table, place: int) -> str | None:
    return "right" if place in table.numeric else None
