"""Colours, dashes and patterns: apart for colour-blind readers (Okabe and Ito), and never the only carrier of meaning.

The light palette stands in the figures; ``report.js`` swaps each colour for its dark counterpart on a dark screen.
"""

from __future__ import annotations

from typing import Final, NamedTuple

INK: Final = "#1f2933"
MUTED: Final = "#55616d"
GRID: Final = "#e1e5ea"
PAPER: Final = "#ffffff"
BLUE: Final = "#0072b2"
VERMILION: Final = "#d55e00"
GREEN: Final = "#00855f"
PURPLE: Final = "#b4548a"
ORANGE: Final = "#e69f00"
SKY: Final = "#56b4e9"
YELLOW: Final = "#f0e442"
GREY: Final = "#8a949e"
PALE: Final = "#c9d0d6"

DARK: Final[dict[str, str]] = {
    INK: "#e8ebee",
    MUTED: "#aeb8c1",
    GRID: "#39434d",
    PAPER: "#171c21",
    BLUE: "#56aee0",
    VERMILION: "#f58b52",
    GREEN: "#3cc09a",
    PURPLE: "#e29ac2",
    ORANGE: "#f0b840",
    SKY: "#8fcdf3",
    YELLOW: "#f5ec76",
    GREY: "#98a3ad",
    PALE: "#4b5660",
    "rgba(0,114,178,": "rgba(86,174,224,",  # BLUE that lets the rest shine through
}
LINES: Final = (
    (BLUE, "solid"),
    (VERMILION, "dash"),
    (GREEN, "dot"),
    (PURPLE, "dashdot"),
    (ORANGE, "longdash"),
    (INK, "longdashdot"),
    (SKY, "solid"),
    (GREY, "dash"),
)
FONT: Final = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', 'Liberation Sans', Arial, sans-serif"


class Fill(NamedTuple):
    """A surface: its colour and the pattern that tells it from its neighbours."""

    colour: str
    pattern: str = ""


HOURS: Final[dict[str, Fill]] = {
    "hours_case_work": Fill(BLUE),
    "hours_rework": Fill(SKY, "/"),
    "hours_reporting_politics": Fill(VERMILION),
    "hours_reporting_both": Fill(ORANGE),
    "hours_reporting_operation": Fill(ORANGE, "x"),
    "hours_agreements": Fill(GREEN),
    "hours_trust": Fill(GREEN, "."),
    "hours_learning": Fill(YELLOW),
    "hours_compliance": Fill(PURPLE, "\\"),
    "hours_own_work": Fill(GREY),
    "hours_idle": Fill(PALE, "-"),
}


def see_through(colour: str, share: float) -> str:
    """A colour that lets the rest shine through.

    Examples
    --------
    >>> see_through("#0072b2", 0.2)
    'rgba(0,114,178,0.2)'
    """
    red, green, blue = (int(colour[place : place + 2], 16) for place in (1, 3, 5))
    return f"rgba({red},{green},{blue},{share})"
