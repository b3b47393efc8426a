"""Pictures of reports: each is a part of one that ``ketensim run`` wrote, photographed by a Chromium without a window."""

from __future__ import annotations

import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from docs.make import DOCS
from docs.make.browser import browser_here, small_enough

PICTURES = DOCS / "en" / "pictures"
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update", "--virtual-time-budget=20000",
)  # fmt: skip
WIDTH = 1000  # pixels
FIRST_HEIGHT = 1200  # pixels; the page is measured at this height
PATIENCE = 120  # seconds for one call of the browser
STYLE = "section h2 { border: 0; margin-top: .6rem } body { padding-bottom: 1rem }"
MEASURE = """
const timer = setInterval(() => {
  if (!document.documentElement.dataset.drawn) return;
  clearInterval(timer);
  document.title = "high " + Math.ceil(document.body.getBoundingClientRect().height);
}, 100);
"""  # a report says in the attribute data-drawn that its figures are there
COMPARED = ("--set", "room=0.9", "--set", "frame=0.9", "--against", "baseline")


@dataclass(frozen=True)
class Picture:
    """What is on a picture."""

    command: tuple[str, ...]  # after ``ketensim run``
    sections: tuple[str, ...]  # of the report
    hidden: tuple[str, ...] = ("header",)  # what else is left out, as CSS selectors


WANTED = {
    "report.png": Picture(("jeugdbescherming",), ("conclusions", "goal"), hidden=("nav", ".conclusion")),
    "chain.png": Picture(("jeugdbescherming",), ("chain",), hidden=("header", "#chain > p", "#chain > h3")),
    "energy.png": Picture(("jeugdbescherming",), ("energy",)),
    "comparison.png": Picture(("jeugdbescherming", *COMPARED), ("goal",), hidden=("header", "#goal .scroll")),
}


def make() -> None:
    """Make every picture."""
    browser = browser_here()
    PICTURES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        for name, wanted in WANTED.items():
            page = folder / f"{name}.html"
            page.write_text(only(report(wanted.command, folder), wanted), encoding="utf-8")
            photograph(browser, page, PICTURES / name, folder)


def report(command: tuple[str, ...], folder: Path) -> str:
    """The report of a run in English; a command that was carried out before is not repeated."""
    out = folder / "_".join(command).replace("--", "")
    if not out.exists():
        words = [sys.executable, "-m", "ketensim.cli", "run", *command, "--lang", "en", "--out", str(out)]
        subprocess.run(words, check=True, stdout=subprocess.DEVNULL)
    return (out / "report.html").read_text(encoding="utf-8")


def only(html: str, picture: Picture) -> str:
    """The report with nothing on it but what belongs on the picture."""
    kept = ", ".join(f"#{name}" for name in picture.sections)
    hidden = ", ".join(("main > section", "footer", *picture.hidden))
    style = f"{hidden} {{ display: none }} {kept} {{ display: block }} {STYLE}"
    return html.replace("</head>", f"<style>{style}</style><script>{MEASURE}</script></head>", 1)


def photograph(browser: str, page: Path, target: Path, folder: Path) -> None:
    """Measure how high the page is, then take its picture at that height."""

    def call(height: int, *words: str) -> str:
        flags = (*FLAGS, f"--user-data-dir={folder / 'browser'}", f"--window-size={WIDTH},{height}", *words)
        ended = subprocess.run(
            [browser, *flags, page.as_uri()], check=True, capture_output=True, text=True, timeout=PATIENCE
        )
        return ended.stdout

    measured = re.search(r"<title>high (\d+)</title>", call(FIRST_HEIGHT, "--dump-dom"))
    if measured is None:
        sys.exit(f"{target.name}: the page was not drawn in time")
    call(int(measured[1]), f"--screenshot={target}")
    small_enough(target)
