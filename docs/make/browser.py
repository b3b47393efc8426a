"""The browser that photographs pages."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from PIL import Image

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome")
LARGEST = 300_000  # bytes of a picture


def browser_here() -> str:
    """The program of a Chromium or Chrome; without one there are no pictures."""
    program = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if program is None:
        sys.exit(f"no browser found; looked for {', '.join(BROWSERS)}")
    return program


def small_enough(picture: Path) -> None:
    """Keep a picture in 256 colours and tell how large it is; one that is too large ends everything."""
    with Image.open(picture) as image:
        drawn = image.convert("RGB").quantize(256)
    drawn.save(picture, optimize=True)
    size = picture.stat().st_size
    print(f"{picture.name}: {size / 1000:.0f} kB")
    if size > LARGEST:
        sys.exit(f"{picture.name} is larger than {LARGEST / 1000:.0f} kB")
