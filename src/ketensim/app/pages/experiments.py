"""Experiments."""

from __future__ import annotations

import solara


@solara.component
def Experiments() -> solara.Element:
    """The page."""
    return solara.Div()
