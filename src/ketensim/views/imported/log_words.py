"""What a list of cases is in words: its quality, what became of it, and the texts of the chain that is made of it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ketensim.logs.endings import ENDINGS
from ketensim.logs.event_log import EventLog
from ketensim.logs.imported_chain import ImportedChain, imported_chain, with_endings
from ketensim.logs.log_columns import FIELDS
from ketensim.logs.log_order import OWN_STAY, UNTOLD_STAY
from ketensim.logs.log_throughput import Load
from ketensim.scenario.numbers import Text
from ketensim.texts import LANGUAGES, t
from ketensim.views.drawing.table import Table

MOST_OUTCOMES = 8  # that are named; the others are taken together
FEW = 0.0005  # share of the rows below which a share of 0.0 % would be said
TREND_WEEKS = 104  # in less than two years a trend cannot be told from the seasons
LEVEL = 0.01  # a year, below which a trend is none
QUICK_VISITS = 0.25  # share of visits below half a week, above which weeks are too coarse


def said(key: str, **facts: Any) -> Text:
    """A text of the chain in all languages."""
    return Text(**{language: t(f"log.chain.{key}", language, **facts) for language in LANGUAGES})


def chain_of_log(log: EventLog, file: str = "", progress: Callable[[int, int], None] | None = None) -> ImportedChain:
    """A chain that resembles a log, with its texts in all languages; arguments as for ``imported_chain``."""
    return imported_chain(log, said, file, progress=progress)


def chain_with_endings(made: ImportedChain, log: EventLog) -> ImportedChain:
    """The same chain beside what people say of how its cases ended; arguments as for ``with_endings``."""
    return with_endings(made, log, said)


def quality_sentences(log: EventLog, language: str) -> list[str]:
    """How good a list is, in a few sentences."""
    quality = log.quality
    since, until = (moment.astype("M8[D]").item() for moment in log.period)
    facts = {"cases": len(log.cases), "rows": quality.used, "organisations": len(log.organisations)}
    told = [t("log.quality.size", language, since=since, until=until, **facts)]
    left = sum(quality.left_out.values())
    share = left / max(1, quality.rows)
    how_many = "left_out" if share >= FEW else "few_left_out" if left else "nothing_left_out"
    told.append(t(f"log.quality.{how_many}", language, rows=left, share=share))
    running = "open" if quality.open_cases else "never_open" if quality.one_moment else "all_closed"
    told.append(t(f"log.quality.{running}", language, cases=quality.open_cases))
    if quality.one_moment:
        told.append(t("log.quality.one_moment", language))
    elif quality.gaps or quality.overlapping:
        told.append(t("log.quality.between", language, gaps=quality.gaps, overlapping=quality.overlapping))
    if quality.unreadable_end:
        told.append(t("log.quality.unreadable_end", language, rows=quality.unreadable_end))
    told += [
        t(f"log.quality.no_{field}", language) for field in ("case_type", "deadline") if field not in quality.columns
    ]
    if "ending" in log.cases:
        counts = log.cases["ending"].value_counts()
        told.append(t("log.quality.ended", language, **{name: int(counts[name]) for name in ENDINGS}))
    elif "outcome" in quality.columns:
        told.append(t("log.quality.outcome", language))
    told.append(t("log.quality.private", language))
    return told


def columns_table(log: EventLog, language: str) -> Table:
    """Which column was read for what."""
    rows = [
        (t(f"log.field.{field}", language), log.quality.columns.get(field, t("log.quality.no_column", language)))
        for field in FIELDS
    ]
    return Table([t("log.column.field", language), t("log.column.column", language)], rows)


def outcomes_table(log: EventLog, language: str) -> Table | None:
    """How cases ended, by share of the cases of which it is said; None in a list without outcomes."""
    if "outcome" not in log.cases:
        return None
    counts = log.cases["outcome"].value_counts()
    counts, known = counts[counts > 0], int(counts.sum())
    named = [(str(name), int(number)) for name, number in counts.head(MOST_OUTCOMES).items()]
    if len(counts) > MOST_OUTCOMES:
        named.append((t("log.outcome.others", language), int(counts.iloc[MOST_OUTCOMES:].sum())))
    rows = [
        (name, t("log.number", language, number=number), t("log.load.share", language, share=number / known))
        for name, number in named
    ]
    rows.append((t("log.outcome.none", language), t("log.number", language, number=len(log.cases) - known), "–"))
    return Table([t(f"log.column.{name}", language) for name in ("outcome", "cases", "share")], rows, frozenset({1, 2}))


def left_out_table(log: EventLog, language: str) -> Table:
    """How many rows were left out for what, and the first of them."""
    rows = [
        (
            t(f"log.left_out.{reason}", language),
            t("log.number", language, number=number),
            str(log.quality.first_rows.get(reason, "–")),
        )
        for reason, number in log.quality.left_out.items()
        if number
    ]
    headings = [t(f"log.column.{name}", language) for name in ("reason", "rows", "first_row")]
    return Table(headings, rows, frozenset({1, 2}))


def loads_table(made: ImportedChain, language: str) -> Table:
    """Per organisation how much of its capacity is needed: in the chain, and between which limits by the list."""
    rows = [
        (
            part.label.in_language(language),
            t("log.load.share", language, share=load),
            t(f"log.load.{_limits(told)}", language, low=told.low, high=told.high),
            t("log.load.told" if told.told else "log.load.untold", language),
        )
        for part, load, told in zip(made.chain.organisations, made.capacity.load, made.capacity.loads, strict=True)
    ]
    return Table([t(f"log.column.{name}", language) for name in ("organisation", "load", "limits", "verdict")], rows,
                 frozenset({1, 2}))  # fmt: skip


def _limits(load: Load) -> str:
    """Key of what a list says of a load."""
    return "between" if load.low > 0 else "at_most" if load.high < 1 else "nothing"


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
    if weeks.weeks >= TREND_WEEKS:
        direction = "level" if abs(shares.trend) < LEVEL else "rising" if shares.trend > 0 else "falling"
        told.append(t(f"log.made.{direction}", language, share=abs(shares.trend)))
    if any(shares.waves):
        told.append(t("log.made.waves", language, weeks=shares.wave_weeks))
    labels = [part.label.in_language(language) for part in made.chain.organisations]
    if any(stay != OWN_STAY for stay in made.stays):
        told.append(t("log.made.quick", language))
    for kind in (OWN_STAY, UNTOLD_STAY):
        alike = [label for label, stay in zip(labels, made.stays, strict=True) if stay == kind]
        if alike:
            told.append(t(f"log.made.stay_{kind}", language, organisations=alike))
    untold = [label for label, load in zip(labels, made.capacity.loads, strict=True) if not load.told]
    if untold:
        told.append(t("log.made.load_untold", language, organisations=untold))
    told.append(t("log.made.simulated", language, runs=made.capacity.simulated))
    if shares.quickly > QUICK_VISITS:
        told.append(t("log.made.quickly", language, share=shares.quickly))
    told.append(t("log.made.asked", language))
    return told
