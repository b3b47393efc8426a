"""The slow twin: the model written a second time, from docs/en/model.md alone, in plain Python objects.

It shares no code with the engine: it takes a ``Scenario`` and the names of the table of parameters, nothing else. It is
slow and easy to read, and exists to be compared with the engine (tests/test_docking.py).
"""

from tests.reference_model.luck import binomial, geometric, normal, numbers, philox, poisson
from tests.reference_model.things import Administrator, Case, Dyad, Link, Manager, Organisation, Professionals
from tests.reference_model.twin import ChainTwin

__all__ = [
    "Administrator",
    "Case",
    "ChainTwin",
    "Dyad",
    "Link",
    "Manager",
    "Organisation",
    "Professionals",
    "binomial",
    "geometric",
    "normal",
    "numbers",
    "philox",
    "poisson",
]
