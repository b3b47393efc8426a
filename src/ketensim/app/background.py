"""Work beside a page: in a thread of its own, until it is done or nobody waits for it any more; and what all pages keep."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from typing import Any, Final

import solara

from ketensim.run.executors import StoppedError
from ketensim.run.kept_states import KeptStates

STEP: Final = 0.05  # in which progress is shown
BURN_INS: Final = KeptStates(
    200_000_000
)  # of chains that are run again with something decided or happening later: one of
# the largest chain takes 150 MB, an ordinary one 50


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
