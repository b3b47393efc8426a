"""Patterns that the model must reproduce, as experiments on equal luck (pattern-oriented modelling)."""

from ketensim.analysis.patterns.collection import FULL, null_models, pattern_names, patterns, patterns_named
from ketensim.analysis.patterns.verdicts import Evaluation, PatternFinding, evaluate, holds_in_sets

__all__ = [
    "FULL",
    "Evaluation",
    "PatternFinding",
    "evaluate",
    "holds_in_sets",
    "null_models",
    "pattern_names",
    "patterns",
    "patterns_named",
]
