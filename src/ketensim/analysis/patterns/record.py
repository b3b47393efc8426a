"""What was found, as a table beside the pattern files, with a mark of the model and of the experiments it was found with."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from ketensim.analysis.patterns.collection import folder, null_models, patterns
from ketensim.analysis.patterns.description import Pattern
from ketensim.analysis.patterns.verdicts import Evaluation, PatternFinding
from ketensim.run.engine import summaries
from ketensim.run.estimate import Estimate
from ketensim.run.extension import SHIPPED, using
from ketensim.scenario import files

if TYPE_CHECKING:
    import pandas as pd

FILE: Final = "results.csv"
DIGITS: Final = "%.5g"
RUNS_OF_MARK: Final = 4
LETTERS_OF_MARK: Final = 12
TEXTS: Final = frozenset(
    {
        "label",
        "text",
        "title",
        "claim",
        "how",
        "tried",
        "what",
        "note",
        "short_of",
        "sources",
        "picture",
        "kind",
        "runs",
    }
)


@dataclass(frozen=True)
class Record:
    """Findings of all models, and how they were made.

    Attributes
    ----------
    findings : by model, then by pattern
    facts : runs, seed, and the marks of model and experiments
    """

    findings: dict[str, dict[str, PatternFinding]]
    facts: dict[str, str]


def mark_of_model() -> str:
    """A mark of what the model does: that of the reference chain."""
    return mark_of_chain("reference")


@cache
def mark_of_chain(name: str) -> str:
    """A mark of what the model makes of a chain: of the outcomes of a few runs, to the bit."""
    with using(SHIPPED):
        values = summaries(files.load(name), 0, RUNS_OF_MARK, 1, workers=1)
    return hashlib.sha256(np.ascontiguousarray(values).tobytes()).hexdigest()[:LETTERS_OF_MARK]


@cache
def mark_of_chains() -> str:
    """A mark of what the model makes of every chain that a pattern runs."""
    chains = sorted({row.chain(cell) for row in patterns() for cell in row.cells()})
    return hashlib.sha256(" ".join(map(mark_of_chain, chains)).encode()).hexdigest()[:LETTERS_OF_MARK]


@cache
def mark_of_experiments() -> str:
    """A mark of what is run and asked: of the pattern files without their texts."""
    rows = [without_texts(row.model_dump(mode="json")) for row in (*patterns(), *null_models())]
    return hashlib.sha256(json.dumps(rows, sort_keys=True).encode()).hexdigest()[:LETTERS_OF_MARK]


def without_texts(value: Any) -> Any:
    """The same without what only people read."""
    if isinstance(value, dict):
        return {name: without_texts(part) for name, part in value.items() if name not in TEXTS}
    return [without_texts(part) for part in value] if isinstance(value, list) else value


def recorded(evaluations: Sequence[Evaluation]) -> Record:
    """The findings of some models together; the first is the full one."""
    facts = {
        "runs": "-".join(str(number) for number in sorted(set(evaluations[0].runs))),
        "seed": str(evaluations[0].seed),
        "model": mark_of_chains(),
        "experiments": mark_of_experiments(),
    }
    return Record({row.model: {finding.pattern.id: finding for finding in row.findings} for row in evaluations}, facts)


def record_text(record: Record) -> str:
    """A record as CSV, its facts in a first line that begins with ``#``."""
    import pandas as pd

    rows = [
        (model, name, number, effect.mean, effect.low, effect.high, holds)
        for model, findings in record.findings.items()
        for name, finding in findings.items()
        for number, (effect, holds) in enumerate(zip(finding.effects, finding.holds, strict=True), 1)
    ]
    table = pd.DataFrame(rows, columns=["model", "pattern", "statement", "effect", "low", "high", "holds"])
    facts = " ".join(f"{name}={value}" for name, value in record.facts.items())
    return f"# {facts}\n{table.to_csv(index=False, float_format=DIGITS, lineterminator='\n')}"


def read_record(path: Path | None = None) -> Record:
    """A record from a file; None = the one that comes with ketensim."""
    import io

    import pandas as pd

    text = (folder() / FILE).read_text(encoding="utf-8") if path is None else path.read_text(encoding="utf-8")
    first, _, rest = text.partition("\n")
    facts = dict(part.split("=", 1) for part in first.lstrip("# ").split())
    table = pd.read_csv(io.StringIO(rest), dtype={"holds": bool})
    findings: dict[str, dict[str, PatternFinding]] = {}
    for model in dict.fromkeys(table["model"]):
        of_model = table[table["model"] == model]
        findings[model] = {
            row.id: _finding(row, model, of_model[of_model["pattern"] == row.id])
            for row in patterns()
            if (of_model["pattern"] == row.id).any()
        }
    return Record(findings, facts)


def _finding(pattern: Pattern, model: str, rows: pd.DataFrame) -> PatternFinding:
    effects = tuple(
        Estimate(mean, low, high, 0)
        for mean, low, high in rows[["effect", "low", "high"]].to_numpy(dtype=float).tolist()
    )
    return PatternFinding(pattern, model, effects, tuple(bool(value) for value in rows["holds"]))
