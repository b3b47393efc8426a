"""The pages about sensitivity, accepted sets and the three questions, filled from the tables that experiments stored.

``python -m ketensim.views.evidence_in_docs`` fills every ``<!-- begin evidence: NAME -->`` block and every figure
(``views/stored_figures.py``) anew, so that nobody types a result and page and table cannot disagree.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

from ketensim.views.evidence_tables import TABLES
from ketensim.views.stored_figures import ROOT, with_figures

PAGES: Final = tuple(
    (ROOT / "docs" / language / f"{name}.md", language)
    for language, names in (
        ("en", ("sensitivity", "three_questions", "trace")),
        ("nl", ("gevoeligheid", "drie_vragen")),
    )
    for name in names
)
BLOCK: Final = re.compile(r"<!-- begin evidence: (\w+) -->\n.*?<!-- end evidence: \1 -->", re.DOTALL)
MARKER: Final = re.compile(r"<!-- (?:begin|end) evidence: ")


def refresh(page: str, language: str) -> str:
    """A page with every block and every figure filled from the stored tables.

    Raises
    ------
    ValueError : a marker without its partner, an unknown name, a figure that cannot be found
    """
    blocks = list(BLOCK.finditer(page))
    if 2 * len(blocks) != len(MARKER.findall(page)):
        raise ValueError("a marker of a block of evidence lacks its partner")
    if unknown := {block[1] for block in blocks} - TABLES.keys():
        raise ValueError(f"no evidence is called {', '.join(sorted(unknown))}; there is {', '.join(TABLES)}")

    def filled(block: re.Match[str]) -> str:
        return f"<!-- begin evidence: {block[1]} -->\n{TABLES[block[1]](language)}\n<!-- end evidence: {block[1]} -->"

    return with_figures(BLOCK.sub(filled, page), language)


def rewrite(page: Path, language: str) -> bool:
    """Refresh a page in place; returns whether it changed."""
    before = page.read_text("utf-8")
    after = refresh(before, language)
    if after != before:
        page.write_text(after, "utf-8", newline="\n")
    return after != before


if __name__ == "__main__":
    for path, spoken in PAGES:
        rewrite(path, spoken)
