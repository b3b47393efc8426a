"""What a workshop plays: the chain, the rounds, what may be decided in each, and how long everything takes."""

from __future__ import annotations

from ketensim.scenario.numbers import Part


class Plan(Part):
    """A workshop as it is prepared."""
