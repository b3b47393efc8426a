"""Work beside a page: in a thread of its own, until it is done or nobody waits for it any more; and what all pages keep."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any, Final

import solara

from ketensim.app.processors import LONGEST
from ketensim.run.executors import StoppedError
from ketensim.run.kept_states import KeptStates

STEP: Final = 0.05  # in which progress is shown
REST: Final = 0.02  # seconds between two looks at whether what another visitor computes is still waited for
BURN_INS: Final = KeptStates(
    200_000_000
)  # of chains that are run again with something decided or happening later: one of
# the largest chain takes 150 MB, an ordinary one 50


class Turns:
    """Who computes and draws when: first pictures go before all else, in the order in which they were asked.

    Each of them takes all processors for a moment. Twenty of them at the same time would each be as late as the last one. A few
    are at work together, so that the runs of one begin while another is still being put together.

    Parameters
    ----------
    longest : seconds that other work steps aside for them at a time, so that it comes to its end too
    together : first pictures at work at the same time
    """

    def __init__(self, longest: float = LONGEST, together: int = 2) -> None:
        self._longest = longest
        self._together = together
        self._change = threading.Condition()
        self._aside = threading.Lock()
        self._asked = 0  # number of who came last, and of how many are through
        self._through = 0
        self._open = True

    def open(self) -> None:
        """Give turns, as a server that starts does."""
        with self._change:
            self._open = True

    def close(self) -> None:
        """Give no turn any more: a server that stops waits for nobody's runs, and after it threads cannot start others."""
        with self._change:
            self._open = False
            self._change.notify_all()

    @contextlib.contextmanager
    def first_picture(self) -> Iterator[None]:
        """Compute when it is one's turn.

        Raises
        ------
        StoppedError : there is none any more
        """
        with self._change:
            mine = self._asked
            self._asked += 1
            self._change.wait_for(lambda: mine < self._through + self._together or not self._open)
        try:
            self._look()
            yield
        finally:
            with self._change:
                self._through += 1
                self._change.notify_all()

    @property
    def waiting(self) -> int:
        """How many first pictures are asked for and not there yet, with the one whose turn it is."""
        with self._change:
            return max(1, self._asked - self._through)

    @contextlib.contextmanager
    def aside(self, still_wanted: Callable[[int, int], None]) -> Iterator[None]:
        """Do what Python does by itself for long: one visitor after another, and when no first picture is waited for.

        Parameters
        ----------
        still_wanted : called while waiting; what it raises ends that

        Raises
        ------
        StoppedError : there is no turn any more; ends the work quietly
        """
        with when_free(self._aside, still_wanted):
            end = time.monotonic() + self._longest
            with self._change:
                while self._open and self._through < self._asked and time.monotonic() < end:
                    self._change.wait(REST)
                    still_wanted(0, 0)
            self._look()
            still_wanted(0, 0)
            yield

    def _look(self) -> None:
        if not self._open:
            raise StoppedError


TURNS: Final = Turns()  # of all visitors


@contextlib.contextmanager
def when_free(lock: threading.Lock, still_wanted: Callable[[int, int], None]) -> Iterator[None]:
    """Have a lock that another visitor may hold for long; what ``still_wanted`` raises ends the waiting."""
    while not lock.acquire(timeout=REST):
        still_wanted(0, 0)
    try:
        yield
    finally:
        lock.release()


class Listener:
    """The page, as work beside it sees it: it is shown what there is, and may stop listening.

    Attributes
    ----------
    stopped : set when it no longer listens
    """

    def __init__(self, show: Callable[[Any], None], show_progress: Callable[[float], None]) -> None:
        self._show = show
        self._show_progress = show_progress
        self._share = 0.0
        self.stopped = threading.Event()

    def progress(self, share: float) -> None:
        """Tell how much is done; in steps that can be seen, and 1 when it is all.

        Raises
        ------
        StoppedError : it no longer listens; ends the work quietly
        """
        if self.stopped.is_set():
            raise StoppedError
        if share - self._share >= STEP or share == 1.0:
            self._share = share
            self._show_progress(share)

    def show(self, result: Any) -> None:
        """Show what there is by now, unless something else was asked in the meantime."""
        if not self.stopped.is_set():
            self._show(result)


def use_work(work: Callable[[Listener], None] | None, dependencies: list[Any]) -> tuple[Any, float]:
    """What the work has shown last and the share that is done; when dependencies change it is stopped and begins anew.

    Parameters
    ----------
    work : done in a thread until the page is left; None = none for now, and what was shown stays
    dependencies : on which it depends
    """
    shown: solara.Reactive[Any] = solara.use_reactive(None)
    progress = solara.use_reactive(0.0)

    def start() -> Callable[[], None] | None:
        if work is None:
            return None
        progress.value = 0.0
        listener = Listener(shown.set, progress.set)

        def run() -> None:
            with contextlib.suppress(StoppedError):
                work(listener)

        threading.Thread(target=run, name="ketensim-work", daemon=True).start()
        return listener.stopped.set

    solara.use_effect(start, dependencies)
    return shown.value, progress.value
