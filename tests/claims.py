"""What the tests of rules share: shares to draw, and a list of the rules about which something is claimed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import strategies as st

Rule = Callable[..., Any]
CLAIMED: set[Rule] = set()
ROUNDING = 1e-12

share = st.floats(0, 1)
lower_and_higher = st.tuples(share, share).map(sorted)


def about[Test: Callable[..., Any]](*rules: Rule) -> Callable[[Test], Test]:
    """Mark a test as a claim about these rules."""
    CLAIMED.update(rules)
    return lambda test: test


def is_share(value: float) -> bool:
    return -ROUNDING <= value <= 1.0 + ROUNDING


def at_most(low: float, high: float) -> bool:
    """Low is not above high, but for the last digits."""
    return low <= high + ROUNDING


def equal(one: float, other: float) -> bool:
    return abs(one - other) <= ROUNDING


def between(value: float, one: float, other: float) -> bool:
    return at_most(min(one, other), value) and at_most(value, max(one, other))
