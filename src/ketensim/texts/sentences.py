"""How a fact is written in a sentence: numbers, dates and lists as Dutch or English writes them.

``sentences.js`` says the same in browsers; what both must give stands in ``tests/texts/sentences.yaml``.
"""

from __future__ import annotations

import datetime
import math
import string
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

DIGITS: Final = 3  # a number without further wishes is rounded to three significant digits
SEPARATE_FROM: Final = 10_000  # smaller whole numbers need no separator for thousands
SWAP: Final = str.maketrans(",.", ".,")


class Sentence(string.Formatter):
    """``str.format`` for people; the little language of the braces is described in ``texts/__init__.py``.

    Parameters
    ----------
    language : ``nl`` writes 1.234,5 and ``en`` writes 1,234.5
    word : from ``section.name`` to what that is called

    Examples
    --------
    >>> Sentence("nl", str).format("{share:%} van {cases} zaken", share=0.5, cases=12345)
    '50% van 12.345 zaken'
    """

    def __init__(self, language: str, word: Callable[[str], str]) -> None:
        self.language = language
        self.word = word

    def get_field(self, field_name: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> tuple[Any, str]:
        """Only plain names: a text may not reach into the facts."""
        return kwargs[field_name], field_name

    def format_field(self, value: Any, format_spec: str) -> str:
        """One fact as text."""
        if isinstance(value, list | tuple):
            return ", ".join(self.format_field(part, format_spec) for part in value)
        if format_spec.startswith("word "):
            return self.word(f"{format_spec[5:]}.{value}")
        if format_spec.startswith("?"):
            singular, _, plural = format_spec[1:].partition("|")
            return singular if value == 1 else plural
        if isinstance(value, bool):
            return self.word(f"word.{'yes' if value else 'no'}")
        if isinstance(value, datetime.date):
            return f"{value.day} {self.word(f'month.{value.month}')} {value.year}"
        if isinstance(value, int | float) or hasattr(value, "__float__"):
            return self._number(value, format_spec)
        return "–" if value is None else str(value)

    def _number(self, value: Any, wish: str) -> str:
        if not math.isfinite(value):
            return "–" if math.isnan(value) else "∞"
        if wish == "d":
            return str(int(value))
        if wish == "points":
            text = f"{100 * value:+,.1f}"
        elif wish == "hundredths":
            text = f"{100 * value:,.1f}"
        elif wish == "hundred":
            text = str(round(100 * value))
        elif wish:
            text = format(float(value), wish if wish != "%" else ".0%")
        else:
            text = plain_number(float(value))
        text = text.replace("-", "−") if any(sign in text for sign in "123456789") else text.lstrip("+-")
        return text.translate(SWAP) if self.language == "nl" else text


def plain_number(value: float) -> str:
    """A number as short as three significant digits allow, whole numbers in full.

    Examples
    --------
    >>> plain_number(12345.0), plain_number(0.04567), plain_number(2015.0), plain_number(0.5)
    ('12,345', '0.0457', '2015', '0.5')
    """
    if value.is_integer():
        return f"{int(value):,}" if abs(value) >= SEPARATE_FROM else str(int(value))
    decimals = max(0, DIGITS - 1 - math.floor(math.log10(abs(value))))
    text = f"{value:,.{decimals}f}" if abs(value) >= SEPARATE_FROM else f"{value:.{decimals}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
