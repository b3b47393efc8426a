"""Own."""

from __future__ import annotations

import solara


@solara.component
def Own() -> solara.Element:
    """The page."""
    return solara.Div()
