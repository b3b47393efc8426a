"""How a fact is written in a sentence: numbers, dates and lists as Dutch or English writes them.

``sentences.js`` says the same in browsers; what both must give stands in ``tests/texts/sentences.yaml``.
"""

from __future__ import annotations

import datetime
import math
import re
import string
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

DIGITS: Final = 3  # a number without further wishes is rounded to three significant digits
MORE_DIGITS: Final = 2  # that a number gets at most, to be told from the one that it is unlike
DECIMALS: Final = re.compile(r"(.*\.)(\d)([f%])")
SEPARATE_FROM: Final = 10_000  # smaller whole numbers need no separator for thousands
HANDLED: Final = ("thing", "things")  # what a chain handles; a chain may have a word of its own for it
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
        self.facts: Mapping[str, Any] = {}

    def vformat(self, format_string: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> str:
        """A text with its facts; a number may have to look unlike another of them."""
        self.facts = kwargs
        return super().vformat(format_string, args, kwargs)

    def get_field(self, field_name: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> tuple[Any, str]:
        """Only plain names: a text may not reach into the facts. What a chain handles has a word that holds for all chains."""
        if field_name in HANDLED and field_name not in kwargs:
            return self.word(f"word.{field_name}"), field_name
        return kwargs[field_name], field_name

    def format_field(self, value: Any, format_spec: str) -> str:
        """One fact as text."""
        format_spec, _, other = format_spec.partition(" unlike ")
        if other:
            return self._unlike(value, self.facts[other], format_spec)
        if isinstance(value, list | tuple):
            return ", ".join(self.format_field(part, format_spec) for part in value)
        if format_spec.startswith("word "):
            return self.word(f"{format_spec[5:]}.{value}")
        if format_spec.startswith("?"):
            singular, _, plural = format_spec[1:].partition("|")
            return singular if value in (1, "1") else plural
        if isinstance(value, bool):
            return self.word(f"word.{'yes' if value else 'no'}")
        if isinstance(value, datetime.date):
            return f"{value.day} {self.word(f'month.{value.month}')} {value.year}"
        if isinstance(value, int | float) or hasattr(value, "__float__"):
            return self._number(value, format_spec)
        return "–" if value is None else str(value)

    def _unlike(self, value: Any, other: Any, wish: str) -> str:
        """A number with as many digits as it takes to look other than a number beside it that is other."""
        for more in range(MORE_DIGITS + 1):
            told, beside = (self._number(number, wish, more) for number in (value, other))
            if told != beside:
                return told
        return self._number(value, wish)

    def _number(self, value: Any, wish: str, more: int = 0) -> str:
        if not math.isfinite(value):
            return "–" if math.isnan(value) else "∞"
        if wish == "d":
            return str(int(value))
        if wish == "points":
            text = f"{100 * value:+,.{1 + more}f}"
        elif wish == "hundredths":
            text = f"{100 * value:,.{1 + more}f}"
        elif wish == "hundred":
            text = f"{100 * value:.{more}f}"
        elif wish:
            wish = wish if wish != "%" else ".0%"
            text = format(float(value), DECIMALS.sub(lambda part: f"{part[1]}{int(part[2]) + more}{part[3]}", wish))
        elif isinstance(value, int):
            text = plain_number(value)
        else:
            text = plain_number(float(value), DIGITS + more)
        text = text.replace("-", "−") if any(sign in text for sign in "123456789") else text.lstrip("+-")
        return text.translate(SWAP) if self.language == "nl" else text


def plain_number(value: float, digits: int = DIGITS) -> str:
    """A number as short as so many significant digits allow, whole numbers in full.

    Examples
    --------
    >>> plain_number(12345.0), plain_number(0.04567), plain_number(2015.0), plain_number(0.5)
    ('12,345', '0.0457', '2015', '0.5')
    """
    if value.is_integer():
        return f"{int(value):,}" if abs(value) >= SEPARATE_FROM else str(int(value))
    decimals = max(0, digits - 1 - math.floor(math.log10(abs(value))))
    text = f"{value:,.{decimals}f}" if abs(value) >= SEPARATE_FROM else f"{value:.{decimals}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
