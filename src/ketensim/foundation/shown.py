"""What can be looked at in a notebook: scenarios, results, comparisons and experiments.

This floor has no words and no pictures. The package itself (``ketensim/__init__.py``) says who shows: ``views/notebook.py``.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Protocol


class Views(Protocol):
    """Who makes pictures and tables."""

    def html_of(self, thing: Any) -> str:
        """A part of a page, in the language of the system."""

    def figure_of(self, thing: Any, what: str | None, language: str | None) -> Any:
        """A plotly figure."""


views: Callable[[], Views] | None = None  # set by the package


class Shown:
    """Has a form that notebooks show by themselves."""

    def _repr_html_(self) -> str | None:
        return None if views is None else views().html_of(self)


class Plotted(Shown):
    """Can be drawn as well."""

    def plot(self, what: str | None = None, *, language: str | None = None) -> Any:
        """A plotly figure that a notebook shows, ``write_html`` writes and ``update_layout`` changes.

        Parameters
        ----------
        what : of Results ``goal`` (band of goal realisation; also when nothing is said), ``losses``, ``hours``, ``open``,
            ``costs``, ``trust``, or the name of an outcome, also of one's own; of a Comparison ``goal`` or the name of an
            outcome: the band of the weekly difference
        language : ``nl`` or ``en``; silent = that of the system

        Raises
        ------
        InputError : something else
        """
        assert views is not None
        return views().figure_of(self, what, language)
