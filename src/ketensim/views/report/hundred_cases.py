"""Where every hundred cases went: the ledger in whole cases that add up, in sentences, and in tables.

A case is counted once, under the first reason that sufficed; beside it stands in how many cases a reason plays, first or
not. What a change did is judged by the direction of each outcome: fewer losses is better, whatever the sign of the difference.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ketensim.foundation.outcome_table import CASE_TYPE_OUTCOMES, FAULTS, LOSSES
from ketensim.run.comparison import judged
from ketensim.run.ledger import ALL_REASONS, LEDGER, faults_of, over_the_period
from ketensim.texts import enumerated, t
from ketensim.views.drawing.reading import Columns, Reading, column
from ketensim.views.drawing.table import Table
from ketensim.views.report.conclusions import Conclusion, difference_at
from ketensim.views.report.values import column_names, written_value, written_verdict

HUNDRED: Final = 100
TENTHS: Final = 10
TOLD: Final = 0.005  # share of the cases; smaller losses and changes are not told
REALISED: Final = "realised"
TYPE_NAMES: Final = tuple(row.name for row in CASE_TYPE_OUTCOMES)


# --- counting --------------------------------------------------------------------------------------------------------
def shares_of_ledger(reading: Reading) -> dict[str, float]:
    """What became of the cases, as shares by the names of LEDGER: mean over the runs; not-a-number in a short run."""
    return {name: reading.of_runs(outcome).mean for name, outcome in LEDGER.items()}


def adding_up(shares: Mapping[str, float], whole: int = HUNDRED) -> dict[str, int]:
    """Shares that are one together, in whole parts that are ``whole`` together: the largest remainders are rounded up.

    What was realised is rounded as anywhere else, because it stands alone in headlines; the losses share what is left.

    Examples
    --------
    >>> adding_up({"a": 1 / 3, "b": 1 / 3, "c": 1 / 3})
    {'a': 34, 'b': 33, 'c': 33}
    >>> adding_up({"realised": 0.456, "late": 0.336, "wrong": 0.208})
    {'realised': 46, 'late': 33, 'wrong': 21}
    """
    exact = {name: whole * share for name, share in shares.items()}
    parts = {name: round(number) if name == REALISED else int(np.floor(number)) for name, number in exact.items()}
    losses = sorted((name for name in exact if name != REALISED), key=lambda name: parts[name] - exact[name])
    for name in losses[: whole - sum(parts.values())]:
        parts[name] += 1
    return parts


def is_known(ledger: Mapping[str, float]) -> bool:
    """Whether the run was long enough to know what became of cases."""
    return not any(np.isnan(share) for share in ledger.values())


# --- in sentences ----------------------------------------------------------------------------------------------------
def ledger_conclusions(reading: Reading, language: str) -> Iterator[Conclusion]:
    """Where the cases went that did not reach the goal, the most first."""
    ledger = shares_of_ledger(reading)
    if not is_known(ledger):
        return
    parts = adding_up(ledger)
    lost = sorted((name for name in parts if name != REALISED and parts[name]), key=lambda name: -parts[name])
    if not lost:
        yield Conclusion("report.ledger.none")
        return
    told = [t(f"report.ledger.{name}", language, cases=parts[name]) for name in lost]
    yield Conclusion("report.ledger.lost", {"lost": HUNDRED - parts[REALISED], "losses": enumerated(told, language)})


def loss_conclusions(differences: Columns, language: str) -> Iterator[Conclusion]:
    """Which losses a change works on: those that became less, and those that became more, for certain."""
    names = [str(name) for name in differences["outcome"]]
    found: dict[str, list[tuple[float, str]]] = {"better": [], "worse": []}
    for name in LOSSES:
        place = names.index(name) if name in names else -1
        if place < 0:
            continue
        difference = difference_at(differences, place)
        verdict = judged(name, difference)
        if verdict in found and abs(difference.mean) >= TOLD:
            before, now = (HUNDRED * float(column(differences, side)[place]) for side in ("a", "b"))
            facts = {"loss": name.removeprefix("loss_"), "before": before, "now": now}
            told = t(
                "report.ledger.moved", language, label=t(f"report.ledger.through.{facts['loss']}", language), **facts
            )
            found[verdict].append((-abs(difference.mean), told))
    for verdict, losses in found.items():
        if losses:
            yield Conclusion(
                f"report.ledger.{verdict}", {"losses": enumerated([told for _, told in sorted(losses)], language)}
            )
    if not any(found.values()) and any(name in names for name in LOSSES):
        yield Conclusion("report.ledger.unmoved")


# --- in tables -------------------------------------------------------------------------------------------------------
def hundred_cases_table(reading: Reading, language: str) -> Table:
    """Where a hundred cases went, the range of the middle 80 % of the runs, and in how many cases each reason plays.

    The whole cases by the first reason add up; by all reasons they do not.
    """
    ledger = shares_of_ledger(reading)
    parts = adding_up(ledger) if is_known(ledger) else {}
    rows = []
    for name, outcome in LEDGER.items():
        spread = reading.of_runs(outcome)
        low, high = (t("report.decimals_0", language, value=HUNDRED * end) for end in (spread.low, spread.high))
        number = t("report.decimals_0", language, value=parts.get(name, float("nan")))
        span = t("report.span", language, low=low, high=high)
        played = reading.of_runs(ALL_REASONS[name]).mean if name in ALL_REASONS else None
        by_all = "" if played is None else t("report.decimals_0", language, value=HUNDRED * played)
        rows.append((t(f"report.ledger.name.{name}", language), number, span, by_all))
    total = t("report.decimals_0", language, value=HUNDRED)
    rows.append((t("report.ledger.together", language), total, "", ""))
    words = reading.scenario.words(language)
    headings = column_names(language, "of_hundred", "count", "span", "all_reasons", **words)
    return Table(headings, rows, frozenset({1, 2, 3}))


def ledger_comparison(differences: Columns, language: str, words: Mapping[str, str] = MappingProxyType({})) -> Table:
    """Where a hundred cases went in both chains, in tenths that add up, the difference, and whether that is better.

    Words say what the chain handles (``Scenario.words``), silent = cases.
    """
    names = [str(name) for name in differences["outcome"]]
    known = {name: names.index(outcome) for name, outcome in LEDGER.items() if outcome in names}
    sides = []
    for side in ("a", "b"):
        shares = {name: float(column(differences, side)[place]) for name, place in known.items()}
        whole = is_known(shares) and len(shares) == len(LEDGER)
        sides.append(adding_up(shares, HUNDRED * TENTHS) if whole else {})
    rows = []
    for name, place in known.items():
        difference = difference_at(differences, place).times(HUNDRED)
        mean, low, high = (
            t("report.change_1", language, value=number)
            for number in (difference.mean, difference.low, difference.high)
        )
        cells = (t("report.decimals_1", language, value=side.get(name, float("nan")) / TENTHS) for side in sides)
        span = t("report.span", language, low=low, high=high)
        verdict = written_verdict(LEDGER[name], difference, (mean, low, high), language)
        rows.append((t(f"report.ledger.name.{name}", language), *cells, mean, span, verdict))
    headings = column_names(language, "of_hundred", "a", "b", "difference", "interval", "verdict", **words)
    return Table(headings, rows, frozenset({1, 2, 3, 4}))


def fault_table(reading: Reading, language: str) -> Table | None:
    """Where losses arose: of every hundred cases that left the chain, those that missed the goal because of each organisation."""
    kept = reading.kept
    if kept.organisation_values is None or kept.weekly_values is None:
        return None
    found = faults_of(kept.organisation_values)
    if np.isnan(found).all():
        return None
    mean: NDArray[np.float64] = np.nanmean(found, axis=0)
    rows = [
        _numbers(reading.label(name, language), [*mean[place], mean[place].sum()], language)
        for place, name in enumerate(reading.names)
    ]
    rows.append(_numbers(t("report.whole_chain", language), [*mean.sum(axis=0), mean.sum()], language))
    headings = column_names(language, "organisation", *FAULTS, "together")
    return Table(headings, rows, frozenset(range(1, 2 + len(FAULTS))))


def _numbers(name: str, numbers: list[float], language: str) -> tuple[str, ...]:
    return name, *(t("report.decimals_1", language, value=float(number)) for number in numbers)


def case_type_table(reading: Reading, language: str) -> Table | None:
    """What became of each case type; None when there is only one, which is the chain."""
    rows = []
    for label, mean in _means_of_case_types(reading, language):
        ledger = {name: mean[outcome] for name, outcome in LEDGER.items()}
        parts = adding_up(ledger) if is_known(ledger) else {}
        rows.append(
            (
                label,
                t("report.decimals_1", language, value=mean["arrived"] / len(reading.weeks)),
                *(t("report.decimals_0", language, value=parts.get(name, float("nan"))) for name in LEDGER),
                *(
                    t("report.decimals_1", language, value=mean[name])
                    for name in ("lead_time_median", "open_age_median")
                ),
            )
        )
    headings = [
        *column_names(language, "case_type", "arrivals"),
        *(t(f"report.ledger.name.{name}", language) for name in LEDGER),
        *column_names(language, "lead_time", "open_age"),
    ]
    return Table(headings, rows, frozenset(range(1, len(headings)))) if rows else None


def short_case_type_table(reading: Reading, language: str) -> Table | None:
    """Goal, lead time and waiting of each case type, for a screen; None when there is only one, which is the chain."""
    rows = [
        (
            label,
            t("report.decimals_1", language, value=mean["arrived"] / len(reading.weeks)),
            written_value("goal_realisation", mean["goal_realisation"], language),
            t("report.decimals_1", language, value=mean["lead_time_median"]),
            t("report.decimals_0", language, value=mean["waiting"]),
        )
        for label, mean in _means_of_case_types(reading, language)
    ]
    headings = column_names(
        language, "case_type", "arrivals", "goal", "lead_time", "waiting", **reading.scenario.words(language)
    )
    return Table(headings, rows, frozenset(range(1, len(headings)))) if rows else None


def _means_of_case_types(reading: Reading, language: str) -> Iterator[tuple[str, dict[str, float]]]:
    """Label and means of each case type, those that the chain is there for first; nothing when there is only one."""
    values, types = reading.kept.case_type_values, reading.scenario.case_types
    if values is None or len(types) < 2:
        return
    of_runs = over_the_period(values, CASE_TYPE_OUTCOMES)
    for place in sorted(range(len(types)), key=lambda place: not types[place].counts):
        label = types[place].label.in_language(language)
        mean = {name: _mean_known(of_runs[:, place, column]) for column, name in enumerate(TYPE_NAMES)}
        yield label if types[place].counts else t("report.not_counted", language, label=label), mean


def _mean_known(values: NDArray[np.float64]) -> float:
    known = values[~np.isnan(values)]
    return float(known.mean()) if len(known) else float("nan")
