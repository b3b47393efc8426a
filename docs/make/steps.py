"""THE table of what is made: results by recipes that compute, pages and pictures from those results, in order.

A result is as it should be when it carries the mark of the model and the inputs that there are now; a page when it equals
what would be written now.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from docs.make import (
    EXPERIMENTS,
    ROOT,
    app_screenshots,
    chain_pages,
    evidence_pages,
    history_pages,
    marks,
    model_tables,
    pattern_pages,
    report_pictures,
    twins,
    workshop_pages,
)
from experiments.history_matching import history_matching
from experiments.three_questions import three_questions
from experiments.workshop import styles

import ketensim as ks

Make = Callable[[], None]
SHOWN: Final = ("jeugdbescherming",)  # the chain on pictures of report and app


@dataclass(frozen=True)
class Result:
    """What takes minutes or hours to compute and is stored with a mark."""

    name: str
    takes: str
    writes: tuple[str, ...]
    mark: Callable[[], str]
    make: Make
    after: tuple[str, ...] = ()
    quick = True  # to check

    def stale(self) -> list[str]:
        """What was made with another model or other inputs."""
        return [] if marks.kept().get(self.name) == self.mark() else list(self.writes)

    def refresh(self) -> list[str]:
        """Compute it anew, and store it with its mark."""
        self.make()
        marks.keep(self.name, self.mark())
        return list(self.writes)


@dataclass(frozen=True)
class Pages:
    """Text that follows from what is stored."""

    name: str
    takes: str
    texts: Callable[[], Mapping[Path, str]]
    after: tuple[str, ...] = ()
    quick: bool = True

    def stale(self) -> list[str]:
        """Files that say something else than they would now."""
        return [path.relative_to(ROOT).as_posix() for path, text in self.texts().items() if _before(path) != text]

    def refresh(self) -> list[str]:
        """Write what is stale; gives its files."""
        changed = {path: text for path, text in self.texts().items() if _before(path) != text}
        for path, text in changed.items():
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, "utf-8", newline="\n")
        return [path.relative_to(ROOT).as_posix() for path in changed]


Step = Result | Pages


def _before(path: Path) -> str | None:
    return path.read_text("utf-8") if path.exists() else None


def recipe(file: str, *words: str) -> Make:
    """Carry out a recipe of ``experiments/``."""
    return lambda: _carry_out(str(EXPERIMENTS / file), *words)


def patterns() -> None:
    """Ask every pattern of the full model and of the null models."""
    with tempfile.TemporaryDirectory() as folder:
        _carry_out("-m", "ketensim.cli", "patterns", "--out", folder)
        (EXPERIMENTS / "patterns" / "results.csv").write_bytes((Path(folder) / "results.csv").read_bytes())


def _carry_out(*words: str) -> None:
    subprocess.run([sys.executable, *words], cwd=ROOT, check=True)


ACCEPTED: Final = "history_matching/accepted.csv"
SCREENED: Final = "sensitivity/results/morris.csv"
STEPS: Final[Sequence[Step]] = (
    # results: what they are, how long they take on two processors, what they write, what they depend on
    Result("patterns", "an hour", ("experiments/patterns/results.csv",), marks.of_pattern_results, patterns),
    Result(
        "resemblance", "two minutes", ("experiments/resemblance/*.json",), lambda: marks.of_chains(ks.scenarios()),
        recipe("resemblance/resemblance.py"),
    ),
    Result("history", "two minutes", ("experiments/history/results/*.json",), marks.of_history, recipe("history/replay.py")),
    Result(
        "sensitivity", "ten minutes",
        tuple(f"experiments/sensitivity/results/{name}.csv" for name in ("one", "morris", "sobol", "levers")),
        marks.of_model, recipe("sensitivity/sensitivity.py"),
    ),
    Result(
        "submodels", "five minutes", ("experiments/sensitivity/results/submodels.csv",), marks.of_patterns,
        recipe("sensitivity/submodels.py"),
    ),
    Result(
        "space", "a night", tuple(f"experiments/sensitivity/results/space{end}.csv" for end in ("", "_shares", "_boxes")),
        lambda: marks.of_patterns(SCREENED), recipe("sensitivity/space.py"), ("sensitivity",),
    ),
    Result(
        "history_matching", "hours", (f"experiments/{ACCEPTED}", "experiments/history_matching/results/*.csv"),
        lambda: marks.of_chains(history_matching.CHAINS), recipe("history_matching/history_matching.py"),
    ),
    Result(
        "three_questions", "ten minutes", ("experiments/three_questions/results/*.csv",),
        lambda: marks.of_chains(three_questions.CHAINS, ACCEPTED), recipe("three_questions/three_questions.py"),
        ("history_matching",),
    ),
    Result(
        "workshop_styles", "three minutes", ("src/ketensim/workshop/game/ready/shown.csv",),
        lambda: marks.of_chains(styles.measured_chains()), recipe("workshop/styles.py"),
    ),
    # pages
    Pages("model_tables", "a second", model_tables.pages),
    Pages("pattern_pages", "a second", pattern_pages.pages, ("patterns",)),
    Pages("chain_pages", "seconds", chain_pages.pages, ("resemblance",)),
    Pages("history_pages", "seconds", history_pages.pages, ("history",)),
    Pages(
        "evidence_pages", "seconds", evidence_pages.pages,
        ("patterns", "sensitivity", "submodels", "space", "history_matching", "three_questions"),
    ),
    Pages("workshop_pages", "a second", workshop_pages.pages, ("workshop_styles",)),
    Pages("examples", "five minutes", twins.pages, quick=False),
    # pictures that a browser takes
    Result("report_pictures", "two minutes", ("docs/en/pictures/*.png",), lambda: marks.of_chains(SHOWN), report_pictures.make),
    Result("app_screenshots", "three minutes", ("docs/images/*.png",), lambda: marks.of_chains(SHOWN), app_screenshots.make),
)  # fmt: skip
