"""ketensim: a flight simulator for chain collaboration (ketensamenwerking).

>>> import ketensim as ks
>>> "reference" in ks.scenarios()
True

The floors, from below: ``foundation`` (tables, state, luck), ``conditions`` (the theory: six rooms), ``chain`` (what
they act upon, and the week), ``scenario`` (files), ``run`` (one run, many runs), ``experiment`` and ``analysis`` (many
combinations, and what they say together), ``logs`` (lists of cases), ``views`` (figures, reports), ``door`` (what app
and workshop let in), ``workshop``, ``app``, ``cli``. Imports go down only.

The public names are loaded when they are first used: importing ketensim loads neither numba nor mesa nor pandas.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from ketensim.foundation import errors, shown

if TYPE_CHECKING:
    from ketensim.experiment.result import ExperimentResult
    from ketensim.experiment.runner import run_experiment
    from ketensim.experiment.specification import Experiment
    from ketensim.foundation.errors import InputError
    from ketensim.logs.event_log import EventLog, read_log
    from ketensim.run.agents import OrganisationAgent as Organisation
    from ketensim.run.comparison import Comparison, compare
    from ketensim.run.engine import simulate
    from ketensim.run.extension import Extension, extend, rules
    from ketensim.run.model import ChainModel
    from ketensim.run.precision import runs_needed
    from ketensim.run.results import Results
    from ketensim.scenario.files import load
    from ketensim.scenario.files import names as scenarios
    from ketensim.scenario.one_roof import one_roof
    from ketensim.scenario.schema import Scenario
    from ketensim.views.report.conclusions import sentences

__all__ = [
    "ChainModel",
    "Comparison",
    "EventLog",
    "Experiment",
    "ExperimentResult",
    "Extension",
    "InputError",
    "Organisation",
    "Results",
    "Scenario",
    "compare",
    "extend",
    "load",
    "one_roof",
    "read_log",
    "rules",
    "run_experiment",
    "runs_needed",
    "scenarios",
    "sentences",
    "simulate",
]
_PLACES = {
    "ChainModel": ("run.model", "ChainModel"),
    "Comparison": ("run.comparison", "Comparison"),
    "EventLog": ("logs.event_log", "EventLog"),
    "Experiment": ("experiment.specification", "Experiment"),
    "ExperimentResult": ("experiment.result", "ExperimentResult"),
    "Extension": ("run.extension", "Extension"),
    "Organisation": ("run.agents", "OrganisationAgent"),
    "extend": ("run.extension", "extend"),
    "rules": ("run.extension", "rules"),
    "InputError": ("foundation.errors", "InputError"),
    "Results": ("run.results", "Results"),
    "Scenario": ("scenario.schema", "Scenario"),
    "compare": ("run.comparison", "compare"),
    "run_experiment": ("experiment.runner", "run_experiment"),
    "runs_needed": ("run.precision", "runs_needed"),
    "load": ("scenario.files", "load"),
    "one_roof": ("scenario.one_roof", "one_roof"),
    "read_log": ("logs.event_log", "read_log"),
    "scenarios": ("scenario.files", "names"),
    "sentences": ("views.report.conclusions", "sentences"),
    "simulate": ("run.engine", "simulate"),
}


def _spoken(error: InputError) -> str:
    from ketensim.views.refusals import spoken_error

    return spoken_error(error)


def _views() -> shown.Views:
    from ketensim.views import notebook

    return notebook


errors.spoken = _spoken
shown.views = _views


def __getattr__(name: str) -> Any:
    if name == "__version__":
        from importlib.metadata import version

        return version("ketensim")
    if name not in _PLACES:
        raise AttributeError(f"module 'ketensim' has no attribute {name!r}")
    module, attribute = _PLACES[name]
    value = getattr(import_module(f"ketensim.{module}"), attribute)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
