"""The table of events: what can come over a chain, what each kind may say, and how long and how large it is by itself.

How large and how long an event is that somebody adds without saying so, in the app or in the form of a workshop, stands
here and nowhere else; all of it is our assumption. A scenario file always gives the size, and where it is silent about
the weeks it means one, whatever the kind.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

SAID: Final = ("organisation", "case_type", "then")  # what an event may say beside when, how large and how long
LEAST_SIZE, MOST_SIZE = -1.0, 3.0  # of any kind


@dataclass(frozen=True, slots=True)
class EventKind:
    """One row.

    Attributes
    ----------
    name : as in scenario files
    size : what it is when nobody says how large; what a size means is told at ``size`` in ``scenario/parts.py``
    weeks : how long it lasts when nobody says so
    says : which of SAID it may say
    lower, upper : range of its size
    """

    name: str
    size: float
    weeks: int
    says: frozenset[str] = frozenset()
    lower: float = 0.0
    upper: float = 1.0


EVENTS: Final[tuple[EventKind, ...]] = (
    # One week: what remains of the urgency afterwards is in the model, as the half-lives of media and programmes.
    # The size is the one most incidents in our chains have.
    EventKind("incident", 0.5, 1, frozenset({"organisation"})),
    # One week: the posts go when the budget year begins; the people leave in the model, at the rate of surplus_exit.
    EventKind("financial_cut", 0.1, 1, frozenset({"organisation"})),
    # Half a year, a round of a workshop: shorter than the lead time of cases, a wave or a loss is gone before it is seen.
    EventKind("arrival_wave", 0.3, 26, frozenset({"case_type", "then"}), LEAST_SIZE, MOST_SIZE),
    EventKind("capacity_loss", 0.2, 26, frozenset({"organisation", "then"}), LEAST_SIZE),
    # One week: a law takes effect on one day; that clarity comes back slowly is in the model, as frame_build.
    EventKind("law", 0.3, 1),
)
EVENT_NAMES: Final[tuple[str, ...]] = tuple(row.name for row in EVENTS)
EVENT_OF: Final[dict[str, EventKind]] = {row.name: row for row in EVENTS}
