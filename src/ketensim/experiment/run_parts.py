"""What an experiment file says of its runs: what is kept of them per week, and when they stop early."""

from __future__ import annotations

import re
from typing import Annotated, Final

from pydantic import Field, Strict, model_validator

from ketensim.experiment.design_parts import Value
from ketensim.foundation.outcome_table import OUTCOME_NAMES
from ketensim.run.stopping import KNOWN_AT_ONCE, Stopping
from ketensim.scenario.fields import MOST_WEEKS
from ketensim.scenario.numbers import OneOf, Part, Within, in_short
from ketensim.scenario.problems import excerpt, refusal

STOPPED, WEEKS_RUN = "stopped", "weeks_run"
OF_STOPPING: Final = (STOPPED, WEEKS_RUN)
"""what every run of an experiment with a condition says more: 1 when it stopped and 0 when not, and reported weeks it had"""
IN_WORDS: Final = re.compile(r"\s*(\w+)\s*([<>])\s*(-?[0-9]+(?:\.[0-9]+)?)\s*")


class Kept(Part):
    """Outcomes that are kept of every run and week, beside its summary; in a file simply a list when it is of the chain."""

    chain: Annotated[tuple[str, ...], Strict(False)] = Field(default=())
    """outcomes of the chain"""
    organisations: Annotated[tuple[str, ...], Strict(False)] = Field(default=())
    """outcomes of each organisation"""

    _read = in_short("chain", list, tuple)

    @model_validator(mode="after")
    def _something(self) -> Kept:
        if not self.chain and not self.organisations:
            raise refusal("error.missing_key", "chain", given="chain")
        return self


class Stop(Part):
    """When a run stops early; in a file simply `open > 500`."""

    outcome: Annotated[str, OneOf(KNOWN_AT_ONCE)]
    """of the chain, in the reported weeks"""
    above: Value | None = None
    below: Value | None = None
    weeks: Annotated[int, Within(1, MOST_WEEKS, "weeks", whole=True)] = 1
    """for how many weeks in a row"""

    @model_validator(mode="before")
    @classmethod
    def _read(cls, given: object) -> object:
        if not isinstance(given, str):
            return given
        if (match := IN_WORDS.fullmatch(given)) is None:
            raise refusal("error.stop", given=excerpt(given))
        return {"outcome": match[1], "above" if match[2] == ">" else "below": float(match[3])}

    @model_validator(mode="after")
    def _once(self) -> Stop:
        if (self.above is None) == (self.below is None):
            raise refusal("error.stop", given=f"{self.outcome}")
        return self

    @property
    def rule(self) -> Stopping:
        """The same as runs know it."""
        limit = self.above if self.above is not None else self.below
        assert limit is not None
        return Stopping(OUTCOME_NAMES.index(self.outcome), limit, self.above is not None, self.weeks)
