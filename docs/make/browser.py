"""The browser that photographs pages."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
LARGEST = 400_000  # bytes of a picture


def browser_here() -> str:
    """The program of a Chromium or Chrome; without one there are no pictures."""
    program = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if program is None:
        sys.exit(f"no browser found; looked for {', '.join(BROWSERS)}")
    return program


def small_enough(picture: Path) -> None:
    """Tell how large a picture is; one that is too large ends everything."""
    size = picture.stat().st_size
    print(f"{picture.name}: {size / 1000:.0f} kB")
    if size > LARGEST:
        sys.exit(f"{picture.name} is larger than {LARGEST / 1000:.0f} kB")
