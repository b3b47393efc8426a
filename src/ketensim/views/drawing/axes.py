"""Axes of pictures that are drawn by hand, and names beside lines that may not cover each other."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

ROUNDS: Final = 60  # of moving names apart
DIGITS: Final = 4


@dataclass(frozen=True)
class Scale:
    """From values to places in a picture.

    Attributes
    ----------
    low, high : values at its ends
    start, end : places of those ends; upright axes start at the bottom

    Examples
    --------
    >>> Scale(0.0, 1.0, 200.0, 0.0).place(0.25)
    150.0
    """

    low: float
    high: float
    start: float
    end: float

    @classmethod
    def in_steps(
        cls, known: Sequence[float], step: float, most: float, start: float, end: float, margin: float = 0.0
    ) -> Scale:
        """An axis that holds the known values and a margin around them, from 0 to the most, with whole steps at its ends."""
        low = max(0.0, math.floor((min(known, default=0.0) - margin) / step) * step)
        high = min(most, math.ceil((max(known, default=most) + margin) / step) * step)
        return cls(low, high, start, end)

    def place(self, value: float) -> float:
        """Where a value stands."""
        return self.start + (value - self.low) / (self.high - self.low) * (self.end - self.start)

    def ticks(self, step: float) -> Iterator[tuple[float, float]]:
        """Values at every step with their places."""
        for number in range(round((self.high - self.low) / step) + 1):
            value = self.low + number * step
            yield value, self.place(value)


def apart(places: Sequence[float], gap: float, low: float = 0.0, high: float = 1.0) -> list[float]:
    """Places moved apart until each is at least a gap from the next, in the same order and within the ends.

    Examples
    --------
    >>> apart([0.5, 0.5], 0.1)
    [0.45, 0.55]
    """
    order = sorted(range(len(places)), key=lambda number: places[number])
    moved = [places[number] for number in order]
    for _ in range(ROUNDS):
        for lower in range(len(moved) - 1):
            short = gap - (moved[lower + 1] - moved[lower])
            if short > 0:
                moved[lower] -= short / 2
                moved[lower + 1] += short / 2
        moved = [min(high, max(low, place)) for place in moved]
    back = dict(zip(order, moved, strict=True))
    return [round(back[number], DIGITS) for number in range(len(places))]
