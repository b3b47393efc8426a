"""Compare."""

from __future__ import annotations

import solara


@solara.component
def Compare() -> solara.Element:
    """The page."""
    return solara.Div()
