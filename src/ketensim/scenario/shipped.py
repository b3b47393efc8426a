"""Where that is which comes with ketensim and is no code: in the installed package, or in the folder of its sources."""

from __future__ import annotations

from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import Final

SOURCES: Final = Path(__file__).resolve().parents[3]


def shipped(inside: str, beside: str) -> Traversable:
    """A file or a folder that comes with ketensim; when it is in neither place, that of the sources, which is not there.

    Parameters
    ----------
    inside : its path in the installed package, as ``pyproject.toml`` puts it there
    beside : its path in the folder of the sources
    """
    found = resources.files("ketensim") / inside
    return found if found.is_dir() or found.is_file() else SOURCES / beside
