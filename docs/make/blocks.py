"""Marked places on pages: what stands between ``<!-- begin generated: NAME -->`` and ``<!-- end generated: NAME -->``.

What stands outside them is written by people and left alone.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from typing import Final

BLOCK: Final = re.compile(r"(<!-- begin generated: (\w+) -->\n).*?(<!-- end generated: \2 -->)", re.DOTALL)
MARKER: Final = re.compile(r"<!-- (?:begin|end) generated: ")


def refresh(page: str, makers: Mapping[str, Callable[[], str]]) -> str:
    """A page with every marked place filled anew.

    Parameters
    ----------
    page : its text
    makers : what makes the text of each name

    Raises
    ------
    ValueError : a marker without its partner, or a name that nothing makes
    """
    names = names_on(page)
    if 2 * len(names) != len(MARKER.findall(page)):
        raise ValueError("a marker of a generated block lacks its partner")
    if unknown := set(names) - makers.keys():
        raise ValueError(f"nothing is called {', '.join(sorted(unknown))}; there are {', '.join(makers)}")
    return BLOCK.sub(lambda block: f"{block[1]}{makers[block[2]]()}\n{block[3]}", page)


def names_on(page: str) -> list[str]:
    """The names of the marked places of a page, in its order."""
    return [block[2] for block in BLOCK.finditer(page)]


def markdown(headings: Sequence[str], rows: Iterable[Sequence[str]], numeric: Set[int] = frozenset()) -> str:
    """A table as a page holds it; numbers stand at the right."""
    sides = ["---:" if place in numeric else "---" for place in range(len(headings))]
    lines = [headings, sides, *rows]
    return "\n".join("| " + " | ".join(cell.replace("|", "\\|") for cell in line) + " |" for line in lines)
