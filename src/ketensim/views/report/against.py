"""What a comparison says: what was set differently, what it did to the goal, and what moved along with it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ketensim.texts import t
from ketensim.views.drawing.reading import Reading, column
from ketensim.views.report.bottleneck import Bottleneck, listed
from ketensim.views.report.differences import differences
from ketensim.views.report.findings import Finding, difference_at, leak_of, of_comparison
from ketensim.views.report.page import Comparison
from ketensim.views.report.tables import SUMMARY, value

MOST_CHANGES: Final = 4  # of what was set differently
MOST_MOVED: Final = 4  # outcomes
SMALL: Final = 0.05  # of what it was; smaller differences are not told
SAME_LEAK: Final = 0.01  # share of all hours
GOAL: Final = "goal_realisation"


def of_changes(
    reading: Reading, comparison: Comparison, here: Bottleneck | None, there: Bottleneck | None, language: str
) -> Iterator[Finding]:
    """Everything that the comparison says, most important first.

    Parameters
    ----------
    reading : of this chain
    comparison : with the other one, on equal luck
    here, there : where this chain and the other one got stuck
    """
    told = differences(reading.scenario, comparison.reading.scenario, language)
    if told:
        more = max(0, len(told) - MOST_CHANGES)
        facts = {"changes": "; ".join(told[:MOST_CHANGES]), "more": more}
        yield Finding("report.compare.set_more" if more else "report.compare.set", facts)
    yield of_comparison(comparison.table, comparison.name)
    yield from _bottleneck(reading, comparison.reading, here, there, language)
    before, now = leak_of(comparison.reading), leak_of(reading)
    if abs(now - before) > SAME_LEAK:
        yield Finding(f"report.compare.leak_{'less' if now < before else 'more'}", {"before": before, "now": now})
    moved = _moved(comparison, language)
    if moved:
        yield Finding("report.compare.moved", {"outcomes": listed(moved, language)})


def _moved(comparison: Comparison, language: str) -> list[str]:
    """Other outcomes that differ by more than luck, the largest difference first, as "label (before, now)"."""
    table = comparison.table
    names = [str(name) for name in table["outcome"]]
    a, b = (column(table, name) for name in ("a", "b"))
    sizes: dict[str, float] = {}
    for name in SUMMARY:
        place = names.index(name) if name in names and name != GOAL else -1
        if place >= 0 and difference_at(table, place).sure:
            sizes[name] = abs(b[place] - a[place]) / max(abs(a[place]), abs(b[place]))
    largest = sorted((name for name in sizes if sizes[name] > SMALL), key=lambda name: -sizes[name])[:MOST_MOVED]
    told = []
    for name in largest:
        place, label = names.index(name), t(f"outcome.{name}.label", language)
        most = max(abs(a[place]), abs(b[place]))
        before, now = (value(name, float(number[place]), language, most) for number in (a, b))
        told.append(t("report.compare.outcome", language, label=label[0].lower() + label[1:], before=before, now=now))
    return told


def _bottleneck(
    reading: Reading, other: Reading, here: Bottleneck | None, there: Bottleneck | None, language: str
) -> Iterator[Finding]:
    """Whether the bottleneck stayed, moved, went away or came."""

    def name(found: Bottleneck | None, of: Reading) -> str:
        return "" if found is None else of.label(found.organisation, language)

    facts = {"here": name(here, reading), "there": name(there, other)}
    if here is not None and there is not None:
        kind = "stayed" if facts["here"] == facts["there"] else "went_to"
        yield Finding(f"report.compare.bottleneck_{kind}", {**facts, "now": here.weeks, "before": there.weeks})
    elif there is not None:
        yield Finding("report.compare.bottleneck_gone", facts)
    elif here is not None:
        yield Finding("report.compare.bottleneck_new", facts)
