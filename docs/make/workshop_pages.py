"""The page about what the workshop computes: what each chain shows, from what ``experiments/workshop`` stored."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Final

from docs.make import DOCS
from docs.make.blocks import markdown, refresh
from experiments.workshop.styles import STORED, STYLES

from ketensim.scenario.files import load
from ketensim.texts import t

PAGES: Final = {"en": DOCS / "en" / "workshop_model.md", "nl": DOCS / "nl" / "workshop_model.md"}


def pages() -> Mapping[Path, str]:
    """Both pages as they would be written now."""
    return {path: filled(path.read_text("utf-8"), language) for language, path in PAGES.items()}


def filled(page: str, language: str) -> str:
    """A page with its table filled from what is stored."""
    return refresh(page, {"workshop_styles": partial(styles_table, language)})


def styles_table(language: str) -> str:
    """Per chain and year: goal realisation of five styles, and how far letting go and firm stand apart."""
    rows = []
    for row in csv.DictReader(STORED.read_text("utf-8").splitlines()):
        title = load(row["chain"]).title.in_language(language)
        goals = [_number(row[f"goal_{style}"], language) for style in STYLES]
        low, high = (_signed(row[f"goal_apart_{end}"], language) for end in ("low", "high"))
        apart = f"{_signed(row['goal_apart'], language)} ({low} – {high})"
        waiting = f"{_whole(row['waiting_letting_go'])} / {_whole(row['waiting_firm'])}"
        rows.append(
            (title, row["norm"], row["round"], *goals, apart, waiting, _signed(row["waiting_apart"], language, 0))
        )
    names = ("chain", "norm", "year", *STYLES, "goal_apart", "waiting", "waiting_apart")
    heads = [t(f"workshop.shown.{name}", language) for name in names]
    return markdown(heads, rows, frozenset(range(1, len(heads))))


def _number(text: str, language: str) -> str:
    return t("workshop.report.cases", language, number=float(text))


def _whole(text: str) -> str:
    return str(round(float(text)))


def _signed(text: str, language: str, digits: int = 1) -> str:
    written = f"{float(text):+.{digits}f}".replace("-", "−")
    return written.replace(".", ",") if language == "nl" else written
