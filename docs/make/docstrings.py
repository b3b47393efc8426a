"""Docstrings as the site shows them: behind a name stands what it means, where the parser expects a type.

In the package a docstring says ``runs : number of runs``; the type stands in the signature. Griffe, which reads docstrings for
the site, is given the same text as a description. mkdocs.yml names this file as an extension of it.
"""

from __future__ import annotations

import re
from typing import Any

import griffe

UNDERLINE = re.compile(r"-{3,}\s*")
LISTED = ("Parameters", "Attributes", "Raises")
TOLD = "Returns"


def as_descriptions(text: str) -> str:
    r"""A docstring of which the sections list names with descriptions, and what is returned is told in a paragraph.

    Examples
    --------
    >>> text = "Runs it.\n\nParameters\n----------\nruns, seed : how many,\n    and which luck\n\nReturns\n-------\nResults"
    >>> print(as_descriptions(text))
    Runs it.
    <BLANKLINE>
    Parameters
    ----------
    runs, seed
        how many,
        and which luck
    <BLANKLINE>
    **Returns:** Results
    """
    lines, section, made = text.split("\n"), "", []
    for place, line in enumerate(lines):
        below = lines[place + 1] if place + 1 < len(lines) else ""
        if UNDERLINE.fullmatch(below) and line.strip():
            section = line.strip()
            made += [] if section == TOLD else [line]
        elif UNDERLINE.fullmatch(line):
            made.append("**Returns:** " if section == TOLD else line)
        elif section == TOLD and made and made[-1] == "**Returns:** ":
            made[-1] += line.strip()
        elif section == TOLD:
            made.append(line.strip())
        elif section in LISTED and (item := re.match(r"(\S.*?) : (.*)", line)):
            made += [item[1], f"    {item[2]}"]
        else:
            made.append(line)
    return "\n".join(made)


class Descriptions(griffe.Extension):
    """Changes every docstring before it is parsed."""

    def on_object(self, *, obj: griffe.Object, **kwargs: Any) -> None:
        """Called for each module, class, function and attribute that was read."""
        if obj.docstring is not None:
            obj.docstring.value = as_descriptions(obj.docstring.value)
