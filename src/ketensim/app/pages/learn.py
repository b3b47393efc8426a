"""Learn."""

from __future__ import annotations

import solara


@solara.component
def Learn() -> solara.Element:
    """The page."""
    return solara.Div()
