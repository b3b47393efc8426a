"""The pages about sensitivity, accepted sets and the three questions: tables and figures from what experiments stored."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Final

from docs.make import DOCS
from docs.make.blocks import refresh
from docs.make.evidence_tables import TABLES
from docs.make.stored_figures import with_figures

NAMES: Final = {"en": ("sensitivity", "three_questions", "trace"), "nl": ("gevoeligheid", "drie_vragen")}
PAGES: Final = {DOCS / language / f"{name}.md": language for language, names in NAMES.items() for name in names}


def pages() -> Mapping[Path, str]:
    """Every page as it would be written now."""
    return {path: filled(path.read_text("utf-8"), language) for path, language in PAGES.items()}


def filled(page: str, language: str) -> str:
    """A page with every marked place and every figure filled from the stored tables."""
    return with_figures(refresh(page, {name: partial(make, language) for name, make in TABLES.items()}), language)
