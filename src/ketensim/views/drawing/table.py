"""A table before it is shown: headings and rows of words, which page, terminal and documentation each show in their way."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from ketensim.views.drawing.markup import Markup, element


@dataclass(frozen=True)
class Table:
    """Headings and rows; columns in ``numeric`` stand at the right."""

    headings: Sequence[str]
    rows: Sequence[Sequence[str]]
    numeric: frozenset[int] = field(default_factory=frozenset)

    def with_column(self, heading: str, cells: Sequence[str]) -> Table:
        """The same table with one more column of words."""
        rows = [(*row, cell) for row, cell in zip(self.rows, cells, strict=True)]
        return Table([*self.headings, heading], rows, self.numeric)


def html_table(table: Table) -> Markup:
    """A table as HTML; the first cell of a row is its heading."""
    sides = ["right" if place in table.numeric else None for place in range(len(table.headings))]
    head = [element("th", name, scope="col", class_=side) for name, side in zip(table.headings, sides, strict=True)]
    rows = []
    for first, *rest in table.rows:
        cells = [element("td", cell, class_=side) for cell, side in zip(rest, sides[1:], strict=True)]
        rows.append(element("tr", element("th", first, scope="row"), *cells))
    whole = element("table", element("thead", element("tr", *head)), element("tbody", *rows))
    return element("div", whole, class_="scroll", tabindex="0")
