"""Patterns that the model must reproduce, as experiments on equal luck (pattern-oriented modelling)."""

from ketensim.analysis.patterns.collection import FULL, chosen, null_models, pattern_names, patterns
from ketensim.analysis.patterns.verdicts import Evaluation, Finding, evaluate, holds_in_sets

__all__ = [
    "FULL",
    "Evaluation",
    "Finding",
    "chosen",
    "evaluate",
    "holds_in_sets",
    "null_models",
    "pattern_names",
    "patterns",
]
