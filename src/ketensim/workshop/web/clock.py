"""The time in a workshop: that of the laptop's clock when the server began, and what has passed since.

A laptop sets its clock when it finds a network, an hour back if it must. Nobody's countdown may jump with it, nor a deadline
be over all at once.
"""

from __future__ import annotations

import time
from typing import Final

AT_ZERO: Final = time.time() - time.monotonic()


def now() -> float:
    """Seconds since 1970 as they pass here; never back, and never in a leap."""
    return AT_ZERO + time.monotonic()
