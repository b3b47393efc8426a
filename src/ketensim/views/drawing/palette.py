"""THE palette: every colour of report, app and workshop, light and dark, and how lines and surfaces are told apart.

Apart for colour-blind readers (Okabe and Ito), and never the only carrier of meaning: lines differ in dash and surfaces
in pattern too. Figures are drawn in the light colours, and ``report.js`` swaps each for its dark counterpart on a dark
screen. Pages get all of them from ``stylesheet``, by the same names.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final, NamedTuple

from ketensim.foundation.outcome_table import HOUR_GROUPS


class Shade(NamedTuple):
    """One colour on a light and on a dark screen."""

    light: str
    dark: str


COLOURS: Final[Mapping[str, Shade]] = {
    # letters and the sheets below them
    "ink": Shade("#1f2933", "#e8ebee"),
    "muted": Shade("#55616d", "#aeb8c1"),
    "paper": Shade("#ffffff", "#171c21"),
    "ground": Shade("#f6f7f8", "#10161b"),  # behind sheets of paper
    "soft": Shade("#f4f6f8", "#1f262d"),
    "box": Shade("#eef4f9", "#232f3a"),
    # lines
    "line": Shade("#d5dbe1", "#39434d"),
    "grid": Shade("#e1e5ea", "#39434d"),
    "edge": Shade("#75808a", "#98a3ad"),  # of what can be clicked or filled in
    # letters and lines with a meaning, dark enough to be read on paper and on what is soft
    "accent": Shade("#0072b2", "#56aee0"),
    "warm": Shade("#b84e00", "#f58b52"),
    "good": Shade("#00785a", "#3cc09a"),
    "purple": Shade("#a0457a", "#e29ac2"),
    "warn": Shade("#8a5a00", "#f0c05a"),
    "bad": Shade("#b3261e", "#ff8f86"),
    "steel": Shade("#2b6f96", "#a9c4d6"),
    # what is said quietly, behind letters
    "accent-soft": Shade("#eaf3fa", "#1d3442"),
    "warm-soft": Shade("#fcefe5", "#3a261b"),
    "good-soft": Shade("#e2f3ee", "#16332c"),
    "warn-soft": Shade("#fdf3dc", "#362c14"),
    # surfaces only
    "vermilion": Shade("#d55e00", "#f58b52"),
    "orange": Shade("#e69f00", "#f0b840"),
    "sky": Shade("#56b4e9", "#8fcdf3"),
    "yellow": Shade("#f0e442", "#f5ec76"),
    "grey": Shade("#8a949e", "#98a3ad"),
    "pale": Shade("#c9d0d6", "#4b5660"),
}
ON_PAPER: Final[Mapping[str, str]] = {
    "ink": "#111111", "muted": "#444444", "line": "#c4cad0", "soft": "#f2f4f6", "box": "#f0f5f9",
}  # fmt: skip
LETTERS: Final = ("#10161b", "#ffffff")  # on a surface
LETTERED: Final = ("accent", "warm", "good", "purple", "vermilion", "orange", "sky", "yellow", "grey", "pale")

INK: Final = COLOURS["ink"].light
MUTED: Final = COLOURS["muted"].light
GRID: Final = COLOURS["grid"].light
PAPER: Final = COLOURS["paper"].light
BLUE: Final = COLOURS["accent"].light
VERMILION: Final = COLOURS["vermilion"].light
ORANGE: Final = COLOURS["orange"].light
GREY: Final = COLOURS["grey"].light
PALE: Final = COLOURS["pale"].light
CLEAR: Final = "rgba(0,0,0,0)"
FONT: Final = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', 'Liberation Sans', Arial, sans-serif"
DASHES: Final[Mapping[str, str]] = {
    "solid": "", "dash": "8 5", "dot": "2 4", "dashdot": "8 4 2 4", "longdash": "14 5", "longdashdot": "14 5 2 5",
}  # fmt: skip  # plotly's names, and what SVG calls them


class Look(NamedTuple):
    """How a line or a surface is drawn: its colour by name, and the dash or pattern that tells it from its neighbours."""

    name: str
    texture: str = ""

    @property
    def colour(self) -> str:
        """Its colour on a light screen."""
        return COLOURS[self.name].light


LINES: Final = (
    Look("accent", "solid"),
    Look("vermilion", "dash"),
    Look("good", "dot"),
    Look("purple", "dashdot"),
    Look("orange", "longdash"),
    Look("ink", "longdashdot"),
    Look("sky", "solid"),
    Look("grey", "dash"),
)
HOUR_COLOURS: Final[Mapping[str, str]] = {
    "cases": "accent", "rework": "sky", "politics": "vermilion", "reporting": "orange", "relations": "good",
    "learning": "yellow", "formal": "purple", "own": "grey", "idle": "pale",
}  # fmt: skip  # by group of hours
LEDGER_COLOURS: Final[Mapping[str, str]] = {
    "realised": "good", "late": "orange", "wrong": "vermilion", "handover": "purple", "own_course": "sky",
    "dropped": "grey", "open": "pale",
}  # fmt: skip  # by what became of a case
LEDGER_PATTERNS: Final[Mapping[str, str]] = {"late": "/", "handover": ".", "own_course": "\\", "open": "-"}
HOUR_PATTERNS: Final[Mapping[str, str]] = {
    "hours_rework": "/", "hours_reporting_operation": "x", "hours_trust": ".", "hours_compliance": "\\", "hours_idle": "-",
}  # fmt: skip
HOUR_LOOKS: Final[Mapping[str, Look]] = {
    name: Look(HOUR_COLOURS[group], HOUR_PATTERNS.get(name, ""))
    for group, names in HOUR_GROUPS.items()
    for name in names
}

LEDGER_LOOKS: Final[Mapping[str, Look]] = {
    name: Look(colour, LEDGER_PATTERNS.get(name, "")) for name, colour in LEDGER_COLOURS.items()
}


def on_page(name: str) -> str:
    """The style of a surface in a page, with letters on it that can be read: both follow the shade of the page.

    Examples
    --------
    >>> on_page("good")
    'background:var(--good);color:var(--on-good)'
    """
    letters = f"on-{name}"
    return f"background:var(--{name});color:var(--{letters})"


def see_through(colour: str, share: float) -> str:
    """A colour that lets the rest shine through.

    Examples
    --------
    >>> see_through("#0072b2", 0.2)
    'rgba(0,114,178,0.2)'
    """
    return f"rgba({','.join(map(str, _parts(colour)))},{share})"


def letters_on(surface: str) -> str:
    """Dark or white letters on a surface, whichever can be read better (WCAG 2.1, contrast ratio).

    Examples
    --------
    >>> letters_on("#ffffff"), letters_on("#0072b2")
    ('#10161b', '#ffffff')
    """
    return max(LETTERS, key=lambda letters: contrast(letters, surface))


def contrast(colour: str, other: str) -> float:
    """Contrast ratio of two colours, from 1 to 21.

    Examples
    --------
    >>> round(contrast("#000000", "#ffffff"))
    21
    """
    darker, lighter = sorted((_luminance(colour), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def dark_counterparts() -> dict[str, str]:
    """What ``report.js`` writes instead of each colour of a figure on a dark screen."""
    drawn = ("ink", "muted", "grid", "paper", "accent", "vermilion", "good", "purple", "orange", "sky", "grey", "pale")
    behind = {_start(COLOURS["accent"].light): _start(COLOURS["accent"].dark)}  # bands let the rest shine through
    return {COLOURS[name].light: COLOURS[name].dark for name in drawn} | behind


def stylesheet() -> str:
    """Every colour as a custom property, ``--NAME``, and as ``--on-NAME`` that of the letters on it.

    The attribute ``data-shade`` of the page says ``light`` or ``dark``; without it the system does. Paper is light.
    """
    light = {name: shade.light for name, shade in COLOURS.items()}
    dark = _properties({name: shade.dark for name, shade in COLOURS.items()})
    printed = _properties({**light, **ON_PAPER})
    return (
        f":root {{ color-scheme: light dark; --font: {FONT}; {_properties(light)} }}\n"
        f'@media (prefers-color-scheme: dark) {{ :root:not([data-shade="light"]) {{ {dark} }} }}\n'
        f':root[data-shade="dark"] {{ color-scheme: dark; {dark} }}\n'
        f':root[data-shade="light"] {{ color-scheme: light; }}\n'
        f"@media print {{ :root:root:root {{ color-scheme: light; {printed} }} }}\n"  # before what a screen asks for
    )


def _properties(colours: Mapping[str, str]) -> str:
    letters = {f"on-{name}": letters_on(colours[name]) for name in LETTERED}
    return " ".join(f"--{name}: {colour};" for name, colour in {**colours, **letters}.items())


def _parts(colour: str) -> tuple[int, ...]:
    return tuple(int(colour[place : place + 2], 16) for place in (1, 3, 5))


def _start(colour: str) -> str:
    return see_through(colour, 0.0).removesuffix("0.0)")


def _luminance(colour: str) -> float:
    shares = (part / 255 for part in _parts(colour))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
