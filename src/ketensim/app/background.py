"""Work beside a page: in a thread of its own, until it is done or nobody waits for it any more."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable


class StoppedError(Exception):
    """Somebody wants something else, or left the page."""


def in_background(work: Callable[[threading.Event], None], name: str) -> Callable[[], None]:
    """Do work in a thread; what is returned stops it, as ``solara.use_effect`` wants.

    Parameters
    ----------
    work : gets the event that is set when it should stop; a ``StoppedError`` ends it quietly
    name : of the thread
    """
    stop = threading.Event()

    def run() -> None:
        with contextlib.suppress(StoppedError):
            work(stop)

    threading.Thread(target=run, name=name, daemon=True).start()
    return stop.set
