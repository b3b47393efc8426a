"""Where that is which comes with ketensim and is no code: in the installed package, or in the folder of its sources."""

from __future__ import annotations

from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Final

SOURCES: Final = Path(__file__).resolve().parents[3]


def shipped_path(inside: str, beside: str) -> Traversable:
    """A file or a folder that comes with ketensim; when it is in neither place, that of the sources, which is not there.

    Parameters
    ----------
    inside : its path in the installed package, as ``pyproject.toml`` puts it there
    beside : its path in the folder of the sources
    """
    packaged = resources.files("ketensim") / inside
    return packaged if packaged.is_dir() or packaged.is_file() else SOURCES / beside
