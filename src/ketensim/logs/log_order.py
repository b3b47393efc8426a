"""Whether cases at an organisation wait for each other or each take their own time: by how often a later one overtakes.

In a queue people take what came first, so that of the cases that are there for long a later one hardly ever leaves before
an earlier one. Where each case takes its own time later ones overtake as often as lengths of stay dealt out anew to the
same cases would make them. The first, divided by the second, is what tells: near 0 in a queue, near 1 for stays. It does
not depend on how much lengths differ, and a queue that grows and shrinks makes it smaller still. Some queue by when a case
came to them and some by when it came into the chain; what is more in order counts. What was done at once is left out: who
is urgent overtakes in a queue too.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ketensim.logs.log_shares import QUICK, LogShares, without_bounces
from ketensim.logs.log_weeks import LogWeeks

# chosen on the lists of seeds 1 and 2 of the recovery test, where queues lay below 0.5, and on lists of stays that were drawn
# one by one, above 0.95
IN_ORDER: Final = 0.6
OWN_TIME: Final = 0.9
LATE: Final = 0.3  # of the visits that take a week more than the quickest, below which there is nothing to tell
LEAST_OVERTAKING: Final = 100  # pairs that would overtake if nobody waited for another, below which nothing can be told
MOST_CASES: Final = 1000  # per type that are looked at
LEAST_CASES: Final = 20
DEALT: Final = 4  # times that lengths are dealt out anew
# a stay: the time of the quickest cases, the mean, not to be told
QUICK_STAY, OWN_STAY, UNTOLD_STAY = "quick", "own", "untold"
Values = NDArray[np.float64]


@dataclass(frozen=True)
class Order:
    """How the cases of an organisation leave, beside how they came.

    Attributes
    ----------
    overtaking : pairs of which the later one leaves first, as a part of what there would be if nobody waited for another
    expected : what there would be, in pairs
    """

    overtaking: float
    expected: float

    @property
    def known(self) -> bool:
        """Whether there is enough overtaking to be expected for its absence to mean anything."""
        return self.expected >= LEAST_OVERTAKING

    @property
    def queue(self) -> bool:
        """Whether cases clearly wait for each other."""
        return self.known and self.overtaking <= IN_ORDER

    @property
    def own_time(self) -> bool:
        """Whether each case clearly takes its own time."""
        return self.known and self.overtaking >= OWN_TIME


def orders_of(log: LogWeeks) -> list[Order]:
    """How cases leave each organisation of a log, by organisation."""
    log = without_bounces(log)
    ended = ~np.isnan(log.ended) & (log.begun >= 0) & (log.ended < log.weeks)
    kind, arrived = log.kind[log.case], log.arrived[log.case]
    found = []
    for place in range(len(log.organisations)):
        here = ended & (log.place == place)
        # [way of counting what came first, (seen, expected)]
        counts = np.zeros((2, 2))
        for number in range(len(log.types)):
            own = here & (kind == number)
            counts += _overtaken(log.begun[own], log.ended[own], arrived[own])
        found.append(min((leaving_order(*pair) for pair in counts), key=lambda order: order.overtaking))
    return found


def stays_of(shares: LogShares, orders: Sequence[Order]) -> tuple[Values, tuple[str, ...]]:
    """Whole weeks that a case stays, [organisation, type]; and what they are, by organisation.

    Where cases take their own time it is the mean, with which as many cases are there as in the list. Where they wait for
    each other, where that cannot be told, and where hardly any takes longer than another, it is that of the quickest.
    """
    kinds = tuple(
        QUICK_STAY if late < LATE or order.queue else OWN_STAY if order.own_time else UNTOLD_STAY
        for late, order in zip(shares.late, orders, strict=True)
    )
    own = np.array([kind == OWN_STAY for kind in kinds])
    return np.round(np.where(own[:, None], shares.mean, shares.quick)), kinds


def leaving_order(seen: float, expected: float) -> Order:
    """The order that follows from pairs that overtook and pairs that would have."""
    return Order(float(seen / expected) if expected > 0 else 0.0, float(expected))


def _overtaken(begun: Values, ended: Values, arrived: Values) -> Values:
    """Pairs that overtook, and that would have, among the cases that were there for long: [by begin, by arrival]."""
    if len(begun) < LEAST_CASES:
        return np.zeros((2, 2))
    length = ended - begun
    quick, usual = np.quantile(length, (QUICK, 0.5))
    slow = np.flatnonzero(length > (quick + usual) / 2.0)
    if len(slow) < LEAST_CASES:
        return np.zeros((2, 2))
    generator = np.random.default_rng(0)  # a sample and a deal, not the luck of a run
    if len(slow) > MOST_CASES:
        slow = generator.choice(slow, MOST_CASES, replace=False)
    begun, length, arrived = begun[slow], length[slow], arrived[slow]
    dealt = [begun + generator.permutation(length) for _ in range(DEALT)]
    return np.array(
        [(_pairs(came, begun + length), np.mean([_pairs(came, left) for left in dealt])) for came in (begun, arrived)]
    )


def _pairs(came: Values, left: Values) -> float:
    """Pairs of which the one that came later left earlier."""
    return float(np.sum((came[:, None] < came[None, :]) & (left[:, None] > left[None, :])))
