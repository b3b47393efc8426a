"""A file with figures that somebody measured in a chain, to find which sets of assumptions they do not rule out.

The command ``ketensim match CHAIN FILE`` reads it; ``analysis/match_waves.py`` does the work.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Annotated, Any, Final

from pydantic import Field, Strict, model_validator

from ketensim.experiment.design_parts import Factor, FactorsOf
from ketensim.foundation.errors import InputError
from ketensim.foundation.luck import LARGEST_SEED
from ketensim.foundation.parameters import PARAMETERS
from ketensim.scenario import files
from ketensim.scenario.build import IN_CHAIN
from ketensim.scenario.content import Indicator
from ketensim.scenario.fields import Day, Name
from ketensim.scenario.numbers import Part, Within
from ketensim.scenario.problems import read_model, refusal
from ketensim.scenario.schema import Scenario

MOST_SETS: Final = 10_000
MOST_WAVES: Final = 30
VARIED: Final = tuple(row for row in PARAMETERS if row.name not in IN_CHAIN)
WITHOUT_SOURCE: Final = "error.indicator_without_source"  # who measured it knows where it comes from


class MeasuredFigure(Part):
    """A figure, and how far a simulation may be from it."""

    id: Name
    outcome: str
    """name of an outcome of the chain, of an organisation or of a case type"""
    value: Annotated[float, Within(-1e12, 1e12, "number")]
    """what was measured: the mean over the weeks of its period"""
    tolerance: Annotated[float, Within(1e-9, 1e12, "number")]
    """difference that measuring, and what the model leaves out, may explain"""
    organisation: str | None = None
    case_type: str | None = None
    per: str | None = None
    """outcome to divide by"""
    scale: Annotated[float, Within(1e-6, 1e6, "ratio")] = 1.0
    """measured figure = scale x simulated"""
    since: Day | None = None
    until: Day | None = None
    """period; silent = the whole run"""

    @property
    def indicator(self) -> Indicator:
        """The same as a chain knows its published figures."""
        facts = {**self.model_dump(), "label": {"nl": self.id, "en": self.id}, "unit": self.outcome}
        return Indicator.model_validate(facts | {"used_for": "calibration"})


class IndicatorFile(Part):
    """What a file with measured figures holds."""

    indicators: Annotated[tuple[MeasuredFigure, ...], Strict(False)] = Field(min_length=1)
    parameters: Annotated[dict[str, Factor], FactorsOf(VARIED, "error.unknown_parameter")] = Field(default={})
    """parameters of the model that may vary, each between two ends; silent = every assumption, from half to double"""
    sets: Annotated[int, Within(8, MOST_SETS, "number", whole=True)] = 128
    """sets of parameters per wave"""
    waves: Annotated[int, Within(1, MOST_WAVES, "number", whole=True)] = 3
    seed: Annotated[int, Within(0, LARGEST_SEED, "number", whole=True)] = 1

    @model_validator(mode="after")
    def _meant(self) -> IndicatorFile:
        for name, factor in self.parameters.items():
            if factor.from_ is None:
                raise refusal("error.needs_ends", f"parameters.{name}", given=name, kind="match")
        names = [part.id for part in self.indicators]
        for place, name in enumerate(names):
            if name in names[:place]:
                first = f"indicators[{names.index(name)}]"
                raise refusal("error.duplicate_id", f"indicators[{place}]", given=name, first=first)
        return self

    @classmethod
    def load(cls, path: str | os.PathLike[str]) -> IndicatorFile:
        """From a YAML file; raises InputError with everything that is wrong in it."""
        file = os.fspath(path)
        return files.read_as(cls.from_dict, files.text_of(file), file)

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> IndicatorFile:
        """From a mapping with the keys of a file."""
        return read_model(cls, data)

    def on(self, chain: Scenario) -> Scenario:
        """A chain with these figures instead of its published ones, and free in what is to vary.

        Raises
        ------
        InputError
            an outcome, organisation or case type that the chain does not have
        """
        indicators = tuple(part.indicator for part in self.indicators)
        try:
            files.read(files.dump(chain.model_copy(update={"indicators": indicators})))
        except InputError as error:
            if wrong := [problem for problem in error.problems if problem.key != WITHOUT_SOURCE]:
                raise InputError(wrong) from None
        kept = {name: number for name, number in chain.parameters.items() if name not in self.parameters}
        return chain.model_copy(update={"indicators": indicators, "parameters": kept})
