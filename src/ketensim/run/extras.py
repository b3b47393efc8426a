"""Packages that serve a corner and are not always there: they come with an extra of ketensim (docs/en/packages.md)."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from typing import Any, Final

from ketensim.foundation.errors import InputError, Problem

EXTRAS: Final = {
    "distributed": "cluster",
    "ema_workbench": "discovery",
    "platypus": "discovery",
    "SALib": "sensitivity",
    "xarray": "xarray",
}  # of each package


def is_installed(package: str) -> bool:
    """Whether a package is there; nothing is imported."""
    return find_spec(package) is not None


def of_extra(package: str, given: str) -> dict[str, Any]:
    """Facts about a package that is not there, for the sentence ``error.no_extra``.

    Parameters
    ----------
    given : what was asked for and cannot be done without the package
    """
    return {"given": given, "package": package, "extra": EXTRAS[package]}


@contextmanager
def needed(package: str, given: str, place: str = "") -> Iterator[None]:
    """Import a package inside; raises InputError with the command that brings it when it is not there."""
    try:
        yield
    except ModuleNotFoundError:
        if is_installed(package):
            raise
        raise InputError([Problem("error.no_extra", place, of_extra(package, given))]) from None
