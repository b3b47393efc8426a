"""Watch."""

from __future__ import annotations

import solara


@solara.component
def Watch() -> solara.Element:
    """The page."""
    return solara.Div()
