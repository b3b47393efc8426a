"""The chain scan."""

from __future__ import annotations

import solara


@solara.component
def Scanning() -> solara.Element:
    """The scan."""
    return solara.Div()
