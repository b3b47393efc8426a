"""How sure the results are: luck, what nobody knows about the model, published figures, and numbers without a source."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import numpy as np

from ketensim.analysis.resemblance import NOT_COMPARABLE, RESEMBLES, resemblance
from ketensim.foundation.outcome_table import OUTCOME_NAMES
from ketensim.run.estimate import Estimate
from ketensim.scenario.provenance import provenance
from ketensim.views.drawing.reading import Reading
from ketensim.views.report.conclusions import Conclusion
from ketensim.views.report.evidence import origin_of

NARROW: Final = 0.10  # range of the middle 80 % of the runs
WIDE: Final = 0.25


def certainty_conclusions(reading: Reading) -> Iterator[Conclusion]:
    """Everything that can be said about how sure this is."""
    yield from spread_conclusions(reading)
    yield from _of_mean(reading)
    judged = [likeness for likeness in resemblance(reading.kept) if likeness.verdict != NOT_COMPARABLE]
    if judged:
        agree = sum(likeness.verdict == RESEMBLES for likeness in judged)
        origin = origin_of(reading.scenario.indicators)
        yield Conclusion(f"report.sure.{origin}", {"agree": agree, "compared": len(judged)})
    rows = provenance(reading.scenario)
    sourced = sum(row.source is not None for row in rows)
    yield Conclusion(
        "report.sure.sourced" if sourced else "report.sure.assumed", {"numbers": len(rows), "sourced": sourced}
    )


def spread_conclusions(reading: Reading) -> Iterator[Conclusion]:
    """How far the runs lie apart, and how much of that is luck."""
    whole = reading.of_runs("goal_realisation")
    if np.isnan(whole.mean):
        return
    if reading.run_count < 2:
        yield Conclusion("report.spread.one_run")
        return
    share = reading.results.parameter_share("goal_realisation")
    if share is not None:
        key = "report.spread.drawn_few" if np.isnan(share) else "report.spread.drawn"
        yield Conclusion(key, {"low": whole.low, "high": whole.high, "parameters": share, "luck": 1.0 - share})
        return
    if whole.n < 2:
        yield Conclusion("report.spread.one_known")
        return
    width = whole.high - whole.low
    kind = "narrow" if width < NARROW else "wide" if width > WIDE else "middle"
    yield Conclusion(f"report.spread.{kind}", {"low": whole.low, "high": whole.high, "runs": reading.run_count})


def _of_mean(reading: Reading) -> Iterator[Conclusion]:
    """How well the mean is known, and whether the parameters were drawn."""
    values = reading.results.summary[:, OUTCOME_NAMES.index("goal_realisation")]
    half = Estimate.of_mean(values).half_width
    if np.isfinite(half):
        yield Conclusion("report.sure.mean", {"runs": reading.run_count, "points": 100 * half})
    if reading.results.sets is None:
        yield Conclusion("report.sure.luck_only")
