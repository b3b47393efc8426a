"""What the sections of a report share: the numbers, the language, numbered figures and what a chain was compared with."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from ketensim.texts import t
from ketensim.views.drawing.figure import Figure
from ketensim.views.drawing.html_file import place_of_figure
from ketensim.views.drawing.marks import Mark, marks_of
from ketensim.views.drawing.markup import Markup, element
from ketensim.views.drawing.reading import Columns, Reading
from ketensim.views.report.bottleneck import bottleneck_of


@dataclass(frozen=True)
class Counterpart:
    """What a chain was compared with on equal luck.

    Attributes
    ----------
    reading : of the other chain
    differences : outcome, a (other), b (this), difference, low, high, b_higher (share of the runs in which b is higher)
    weekly : band over the runs of the difference in goal realisation, as of ``Results.band``; None = no figure
    name : what the other chain is called
    """

    reading: Reading
    differences: Columns
    weekly: Columns | None
    name: str


class ReportPage:
    """What the sections share: the numbers, the language, and the figures that they have added so far."""

    def __init__(self, reading: Reading, language: str, command: str, counterpart: Counterpart | None) -> None:
        self.reading = reading
        self.language = language
        self.command = command
        self.counterpart = counterpart
        self.words = reading.scenario.words(language)
        self.title = reading.scenario.title.in_language(language)
        self.marks: tuple[Mark, ...] = marks_of(reading.scenario, language)
        self.bottleneck = bottleneck_of(reading)
        self.figures: dict[str, Figure] = {}
        self._number = 0

    @property
    def other(self) -> Reading | None:
        """The chain that this one is compared with."""
        return None if self.counterpart is None else self.counterpart.reading

    @property
    def versions(self) -> list[tuple[str, str]]:
        """Name and version of everything that took part."""
        return [(str(name), str(value)) for name, value in self.reading.results.provenance.items()]

    def t(self, key: str, **facts: Any) -> str:
        """A text of the report in its language, with the words of the chain."""
        return t(f"report.{key}", self.language, **self.words, **facts)

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
        alternative = self.t(f"figure.{name}_alternative", **facts)
        caption = self.caption(words or self.t(f"figure.{name}"))
        return place_of_figure(f"figure-{name}", figure, alternative, caption, self.language)
