"""Small experiments that a visitor starts: the same design, the same runner and the same store as the command line.

One runs at a time on the server, and others wait their turn. What is computed is stored at once, so that an experiment
that was stopped goes on where it was when it is started again.
"""

from __future__ import annotations

import hashlib
import os
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, Final

from ketensim.app.experiments import library
from ketensim.app.setting import OWN, Setting, scenario_of
from ketensim.experiment import design, runner
from ketensim.experiment.disk import make_folder
from ketensim.experiment.specification import Experiment
from ketensim.foundation.errors import InputError, Problem
from ketensim.run.executors import StoppedError
from ketensim.scenario import files
from ketensim.scenario.fields import short_name
from ketensim.scenario.shipped import shipped_path
from ketensim.texts import LANGUAGES, t

FIRST: Final = "which_condition_first"  # the design that is also run on the present setting
PRESENT: Final = "present"
SHIPPED: Final = (
    FIRST,
    "steering_or_letting_go",
    "when_to_let_go",
    "after_the_incident",
    "what_urgency_is_worth",
    "when_does_it_go_well",
)
RUNS: Final = (4, 10, 20, 40)  # of every combination
MOST_RUNS: Final = 15_000  # of an experiment
MOST_BYTES: Final = 2_000_000_000  # of everything that visitors have made
STORE: Final = "runs"
SHOWN_EVERY: Final = 0.25  # seconds
TURN: Final = 0.3  # seconds between two looks at whether somebody stopped waiting

_turn = threading.Semaphore(1)


@dataclass(frozen=True)
class ChosenExperiment:
    """What somebody wants to run.

    Attributes
    ----------
    kind : ``present``, or the name of an experiment that comes with ketensim
    runs : of every combination
    setting : that is current; matters for ``present``
    """

    kind: str
    runs: int
    setting: Setting


@dataclass(frozen=True, eq=False)
class JobState:
    """How far an experiment is.

    Attributes
    ----------
    phase : waiting, running, finished, stopped or failed
    done, total : runs to do in this go; 0 of 0 as long as that is not known
    rate : runs a second, 0 as long as it is not known
    name : of the result, when it is finished
    problems : what went wrong, when it failed
    """

    phase: str = "waiting"
    done: int = 0
    total: int = 0
    rate: float = 0.0
    name: str = ""
    problems: tuple[Problem, ...] = ()

    @property
    def left(self) -> float:
        """Seconds that it still takes at this rate; not-a-number as long as that is not known."""
        return (self.total - self.done) / self.rate if self.rate > 0 else float("nan")


# --- which experiments ---------------------------------------------------------------------------------------------------
@cache
def offered_experiments() -> Mapping[str, Experiment]:
    """The experiments that come with ketensim and are small enough for a page."""
    folder = Path(str(shipped_path("_experiments", "experiments")))
    return {name: Experiment.load(path) for name in SHIPPED if (path := folder / f"{name}.yaml").is_file()}


def size_of(experiment: Experiment) -> int:
    """How many combinations an experiment runs."""
    worlds = design.size(experiment.worlds, experiment.uncertainties) if experiment.worlds else 1
    blocks = len(experiment.scenario) * (len(experiment.events) or 1) * (len(experiment.policies) or 1)
    return blocks * worlds * design.size(experiment.design, experiment.factors)


def sizes(kind: str) -> list[int]:
    """Of how many runs of every combination one may choose."""
    number = size_of_kind(kind)
    return [runs for runs in RUNS if 0 < runs * number <= MOST_RUNS]


def size_of_kind(kind: str) -> int:
    """How many combinations a choice of a kind runs; 0 when there is no such kind."""
    like = offered_experiments().get(FIRST if kind == PRESENT else kind)
    if like is None:
        return 0
    return size_of(like) // (len(like.scenario) if kind == PRESENT else 1)


def folder_of(chosen: ChosenExperiment) -> Path:
    """Where the result of a choice stands; the same choice, the same folder."""
    content = f"{chosen.kind} {chosen.runs}"
    if chosen.kind == PRESENT:
        content += f" {chosen.setting.seed} {files.dump(scenario_of(chosen.setting))}"
    else:
        content += offered_experiments()[chosen.kind].dump()
    return library.root() / library.OWN / hashlib.sha256(content.encode()).hexdigest()[:32]


def experiment_of(chosen: ChosenExperiment) -> Experiment:
    """The experiment that was chosen; the chain of the present setting is written as a file beside its result.

    Raises
    ------
    InputError
        a choice that is not allowed, or a folder that cannot be written
    """
    if chosen.runs not in sizes(chosen.kind):
        raise InputError([Problem("lab.not_allowed", "", {"given": chosen.runs})])
    like = offered_experiments()[FIRST if chosen.kind == PRESENT else chosen.kind]
    if chosen.kind != PRESENT:
        return Experiment.from_dict({**_data(like), "runs": chosen.runs})
    scenario = scenario_of(chosen.setting)
    folder = folder_of(chosen) / "chain"
    make_folder(folder)
    title = short_name(scenario.title.nl).replace("/", " ") or OWN
    path = folder / f"{title if chosen.setting.chain == OWN else chosen.setting.chain}.yaml"
    files.write(scenario, path)
    own: dict[str, Any] = {"scenario": str(path.resolve()), "weeks": None, "runs": chosen.runs}
    own |= {"seed": chosen.setting.seed, "title": _text("title", scenario), "question": _text("question", scenario)}
    return Experiment.from_dict({**_data(like), **own})


def _data(experiment: Experiment) -> dict[str, Any]:
    return experiment.model_dump(by_alias=True)


def _text(name: str, scenario: Any) -> dict[str, str]:
    return {each: t(f"lab.present.{name}", each, chain=scenario.title.in_language(each)) for each in LANGUAGES}


# --- running ---------------------------------------------------------------------------------------------------------------
class Job:
    """An experiment in a thread of its own.

    Parameters
    ----------
    chosen : what to run
    show : gets the state, from the thread
    """

    def __init__(self, chosen: ChosenExperiment, show: Callable[[JobState], None]) -> None:
        self.chosen = chosen
        self._show = show
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._work, name="ketensim-lab", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        """End it; what was computed is kept."""
        self._stopped.set()

    def wait(self, seconds: float) -> None:
        """Wait until it has ended."""
        self._thread.join(seconds)

    def _work(self) -> None:
        state = JobState()
        self._show(state)
        try:
            while not _turn.acquire(timeout=TURN):
                if self._stopped.is_set():
                    raise StoppedError
            try:
                state = self._run()
            finally:
                _turn.release()
        except StoppedError:
            state = replace(state, phase="stopped")
        except InputError as error:
            state = JobState("failed", problems=error.problems)
        except OSError as error:
            facts = {"given": error.filename or "", "reason": error.strerror or type(error).__name__}
            state = JobState("failed", problems=(Problem("error.store_unwritable", "", facts),))
        self._show(state)

    def _run(self) -> JobState:
        if _bytes_of(library.root() / library.OWN) > MOST_BYTES:
            raise InputError([Problem("lab.full", "", {})])
        progress = _Progress(self._show, self._stopped)
        folder = folder_of(self.chosen)
        advanced = runner.run_shard(
            experiment_of(self.chosen),
            folder,
            store=folder.parent / STORE,
            workers=max(1, (os.cpu_count() or 2) - 1),  # the pages need one too
            progress=progress,
        )
        progress.heed()
        return JobState("finished", advanced.computed, advanced.computed, progress.rate, f"{library.OWN}/{folder.name}")


class _Progress:
    """What the runner calls as it goes on; the way to stop it."""

    def __init__(self, show: Callable[[JobState], None], stopped: threading.Event) -> None:
        self._show = show
        self._stopped = stopped
        self._start = self._shown = time.perf_counter()
        self.rate = 0.0
        show(JobState("running"))

    def heed(self) -> None:
        """Raise when it was stopped."""
        if self._stopped.is_set():
            raise StoppedError

    def __call__(self, done: int, total: int) -> None:
        self.heed()
        now = time.perf_counter()
        self.rate = done / max(now - self._start, 1e-9)
        if now - self._shown >= SHOWN_EVERY or done == total:
            self._shown = now
            self._show(JobState("running", done, total, self.rate))


def _bytes_of(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
