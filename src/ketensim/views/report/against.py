"""What a comparison says: what was set differently, what it did to the goal, and what moved along with it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from ketensim.texts import enumerated, t
from ketensim.views.drawing.reading import Reading, column
from ketensim.views.report.bottleneck import Bottleneck
from ketensim.views.report.conclusions import Conclusion, conclusion_on_difference, difference_at, leak_of
from ketensim.views.report.costs import PER_REALISED, cost_difference
from ketensim.views.report.differences import different_settings
from ketensim.views.report.hundred_cases import loss_conclusions
from ketensim.views.report.page import Counterpart
from ketensim.views.report.values import REPORTED, unit_of, written_value

MOST_CHANGES: Final = 4  # of what was set differently
MOST_MOVED: Final = 4  # outcomes
SMALL: Final = 0.05  # of what it was; smaller differences are not told
SAME_LEAK: Final = 0.01  # share of all hours
TOLD_APART: Final = ("goal_realisation", PER_REALISED)  # have a sentence of their own


def comparison_conclusions(
    reading: Reading, other: Counterpart, here: Bottleneck | None, there: Bottleneck | None, language: str
) -> Iterator[Conclusion]:
    """Everything that the comparison says, most important first.

    Parameters
    ----------
    reading : of this chain
    other : the one that it is compared with, on equal luck
    here, there : where this chain and the other one got stuck
    """
    changes = different_settings(reading.scenario, other.reading.scenario, language)
    if changes:
        more = max(0, len(changes) - MOST_CHANGES)
        facts = {"changes": "; ".join(changes[:MOST_CHANGES]), "more": more}
        yield Conclusion("report.compare.set_more" if more else "report.compare.set", facts)
    yield conclusion_on_difference(other.differences, other.name)
    yield from loss_conclusions(other.differences, language)
    yield from cost_difference(other.differences)
    yield from _bottleneck(reading, other.reading, here, there, language)
    before, now = leak_of(other.reading), leak_of(reading)
    if abs(now - before) > SAME_LEAK:
        yield Conclusion(f"report.compare.leak_{'less' if now < before else 'more'}", {"before": before, "now": now})
    moved = _moved(other, language)
    if moved:
        yield Conclusion("report.compare.moved", {"outcomes": enumerated(moved, language)})


def _moved(other: Counterpart, language: str) -> list[str]:
    """Other outcomes that differ by more than luck, the largest difference first, with their units."""
    table = other.differences
    names = [str(name) for name in table["outcome"]]
    a, b = (column(table, name) for name in ("a", "b"))
    sizes: dict[str, float] = {}
    for name in REPORTED:
        place = names.index(name) if name in names and name not in TOLD_APART else -1
        if place >= 0 and difference_at(table, place).sure:
            sizes[name] = abs(b[place] - a[place]) / max(abs(a[place]), abs(b[place]))
    largest = sorted((name for name in sizes if sizes[name] > SMALL), key=lambda name: -sizes[name])[:MOST_MOVED]
    moved = []
    for name in largest:
        place, label = names.index(name), t(f"outcome.{name}.label", language, **other.reading.scenario.words(language))
        most = max(abs(a[place]), abs(b[place]))
        before, now = (written_value(name, float(number[place]), language, most) for number in (a, b))
        facts = {"label": label[0].lower() + label[1:], "before": before, "now": now, "unit": unit_of(name, language)}
        moved.append(
            t("report.compare.outcome_in_unit" if facts["unit"] else "report.compare.outcome", language, **facts)
        )
    return moved


def _bottleneck(
    reading: Reading, other: Reading, here: Bottleneck | None, there: Bottleneck | None, language: str
) -> Iterator[Conclusion]:
    """Whether the bottleneck stayed, moved, went away or came."""

    def name(bottleneck: Bottleneck | None, of: Reading) -> str:
        return "" if bottleneck is None else of.label(bottleneck.organisation, language)

    facts = {"here": name(here, reading), "there": name(there, other)}
    if here is not None and there is not None:
        kind = "stayed" if facts["here"] == facts["there"] else "went_to"
        yield Conclusion(f"report.compare.bottleneck_{kind}", {**facts, "now": here.weeks, "before": there.weeks})
    elif there is not None:
        yield Conclusion("report.compare.bottleneck_gone", facts)
    elif here is not None:
        yield Conclusion("report.compare.bottleneck_new", facts)
