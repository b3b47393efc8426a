"""What a list of cases is in words: its quality, what became of it, and the texts of the chain that is made of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from ketensim.logs.event_log import EventLog
from ketensim.logs.imported_chain import ImportedChain, imported_chain
from ketensim.logs.log_columns import FIELDS
from ketensim.scenario.numbers import Text
from ketensim.texts import LANGUAGES, t
from ketensim.views.drawing.table import Table

QUICK_VISITS = 0.25  # share of visits below half a week, above which weeks are too coarse


def said(key: str, **facts: Any) -> Text:
    """A text of the chain in all languages."""
    return Text(**{language: t(f"log.chain.{key}", language, **facts) for language in LANGUAGES})


def chain_of_log(log: EventLog, file: str = "", progress: Callable[[int, int], None] | None = None) -> ImportedChain:
    """A chain that resembles a log, with its texts in all languages; arguments as for ``imported_chain``."""
    return imported_chain(log, said, file, progress=progress)


def quality_sentences(log: EventLog, language: str) -> list[str]:
    """How good a list is, in a few sentences."""
    quality = log.quality
    since, until = (moment.astype("M8[D]").item() for moment in log.period)
    facts = {"cases": len(log.cases), "rows": quality.used, "organisations": len(log.organisations)}
    told = [t("log.quality.size", language, since=since, until=until, **facts)]
    left = sum(quality.left_out.values())
    told.append(t("log.quality.left_out" if left else "log.quality.nothing_left_out", language, rows=left,
                  share=left / max(1, quality.rows)))  # fmt: skip
    told.append(
        t("log.quality.open" if quality.open_cases else "log.quality.all_closed", language, cases=quality.open_cases)
    )
    if quality.one_moment:
        told.append(t("log.quality.one_moment", language))
    elif quality.gaps or quality.overlapping:
        told.append(t("log.quality.between", language, gaps=quality.gaps, overlapping=quality.overlapping))
    if quality.unreadable_end:
        told.append(t("log.quality.unreadable_end", language, rows=quality.unreadable_end))
    told += [
        t(f"log.quality.no_{field}", language) for field in ("case_type", "deadline") if field not in quality.columns
    ]
    told.append(t("log.quality.private", language))
    return told


def columns_table(log: EventLog, language: str) -> Table:
    """Which column was read for what."""
    rows = [
        (t(f"log.field.{field}", language), log.quality.columns.get(field, t("log.quality.no_column", language)))
        for field in FIELDS
    ]
    return Table([t("log.column.field", language), t("log.column.column", language)], rows)


def left_out_table(log: EventLog, language: str) -> Table:
    """How many rows were left out for what, and the first of them."""
    rows = [
        (t(f"log.left_out.{reason}", language), str(number), str(log.quality.first_rows.get(reason, "–")))
        for reason, number in log.quality.left_out.items()
        if number
    ]
    headings = [t(f"log.column.{name}", language) for name in ("reason", "rows", "first_row")]
    return Table(headings, rows, frozenset({1, 2}))


def chain_sentences(made: ImportedChain, language: str) -> list[str]:
    """What was made of a list: its period, trend, scale, and what cannot be told from it."""
    weeks, shares = made.weeks, made.shares
    told = [t("log.made.period", language, since=weeks.start, weeks=weeks.weeks, cases=int(weeks.within.sum()))]
    if made.scale > 1:
        told.append(t("log.made.scale", language, scale=made.scale))
    if weeks.filled_from:
        told.append(t("log.made.filling", language, weeks=weeks.filled_from))
    for number, key in zip(weeks.grouped, ("organisations", "types"), strict=True):
        if number > 0:
            told.append(t(f"log.made.grouped_{key}", language, number=number + 1))
    direction = "rising" if shares.trend > 0 else "falling"
    told.append(
        t(f"log.made.{direction}" if abs(shares.trend) >= 0.01 else "log.made.level", language, share=abs(shares.trend))
    )
    if any(shares.waves):
        told.append(t("log.made.waves", language, weeks=shares.wave_weeks))
    told.append(t("log.made.usual" if made.usual else "log.made.quick", language))
    loose = [
        part.label.in_language(language)
        for part, high in zip(made.chain.organisations, made.capacity.high, strict=True)
        if np.isinf(high)
    ]
    if loose:
        told.append(t("log.made.no_upper_limit", language, organisations=loose))
    if shares.quickly > QUICK_VISITS:
        told.append(t("log.made.quickly", language, share=shares.quickly))
    told.append(t("log.made.asked", language))
    return told
