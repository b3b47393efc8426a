"""What is kept of a part of a round at one table, counted from its runs: small enough to keep for as long as the room is open.

*Seen* is what administrators believe about the chain's results (state ``belief_mean``, mean of their beliefs in the watched
runs): which part of what had to be ready was ready in time. *There* is the same share as it was: of the cases that were
closed within their norm or whose norm passed while they were open, the part that was closed in time.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ketensim.foundation.outcome_table import ORGANISATION_OUTCOME_NAMES, OUTCOME_NAMES
from ketensim.foundation.rows import HOURS
from ketensim.run.replications import Replications
from ketensim.scenario import build
from ketensim.scenario.schema import Scenario

Values = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class ChainPlaces:
    """Which organisation, relation and link stands where in the arrays.

    Attributes
    ----------
    organisations : their ids
    ties : (one, other) -> numbers of the dyads between the two
    links : (from, to) of each link
    """

    organisations: tuple[str, ...]
    ties: Mapping[tuple[str, str], tuple[int, ...]]
    links: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, scenario: Scenario, ties: Sequence[tuple[str, str]]) -> ChainPlaces:
        """The places in a chain."""
        chain = build.build(scenario)
        names = tuple(part.id for part in scenario.organisations)
        ends = [{names[pair.truster], names[pair.trusted]} for pair in chain.dyad]
        dyads = {tie: tuple(place for place, pair in enumerate(ends) if pair == set(tie)) for tie in ties}
        return cls(names, dyads, tuple((names[link.source], names[link.target]) for link in chain.link))


@dataclass(frozen=True, eq=False, slots=True)
class TableHalf:
    """A part of a round at one table; means over the runs unless it says otherwise.

    Attributes
    ----------
    waiting : [week, organisation] cases that wait
    hours : [organisation, use] hours, summed over the weeks
    interventions, returned : [organisation] number; returned are the cases that came back to it
    sent_back : [link] the same per link, in the watched runs
    incidents : number
    trust_first, trust_last : [organisation] in its partners, in the first and the last week
    ties_first, ties_last : per relation, trust of the two in each other, in persons and agreements together
    costs, realised : [run] of the case types that count: euros by hours worked on them, and cases that were done right
        and in time
    seen, there : [week] see above
    off : [organisation] how far its administrator was off, mean over the weeks
    intervened : [run, week, organisation] whether its administrator intervened
    waited : [run] cases that wait in the last week
    """

    waiting: Values
    hours: Values
    interventions: Values
    returned: Values
    sent_back: Values
    incidents: float
    trust_first: Values
    trust_last: Values
    ties_first: Values
    ties_last: Values
    costs: Values
    realised: Values
    seen: Values
    there: Values
    off: Values
    intervened: NDArray[np.bool_]
    waited: Values


def half_of(runs: Replications, places: ChainPlaces) -> TableHalf:
    """What is kept of the runs of one table."""
    own, chain = _by_name(runs.organisations, ORGANISATION_OUTCOME_NAMES), _by_name(runs.weekly, OUTCOME_NAMES)
    beliefs = runs.beliefs.mean(axis=0)
    there = share_per(runs.in_time[..., 0].sum(axis=0), runs.in_time.sum(axis=(0, 2)))
    known = ~np.isnan(there)
    gaps = np.abs(beliefs - there[:, None])[known]
    ties = np.stack([runs.dyads[:, :, list(pairs)].mean(axis=(0, 2, 3)) for pairs in places.ties.values()])
    return TableHalf(
        waiting=own["waiting"].mean(axis=0),
        hours=np.stack([own[use].sum(axis=1).mean(axis=0) for use in HOURS], axis=-1),
        interventions=own["intervention"].sum(axis=1).mean(axis=0),
        returned=own["returned"].sum(axis=1).mean(axis=0),
        sent_back=runs.returns.sum(axis=1).mean(axis=0),
        incidents=float(chain["incidents"].sum(axis=1).mean()),
        trust_first=own["trust"][:, 0].mean(axis=0),
        trust_last=own["trust"][:, -1].mean(axis=0),
        ties_first=ties[:, 0],
        ties_last=ties[:, -1],
        costs=chain["costs_counted"].sum(axis=1),
        realised=chain["realised"].sum(axis=1),
        seen=beliefs.mean(axis=1),
        there=there,
        off=gaps.mean(axis=0) if known.any() else np.zeros(len(places.organisations)),
        intervened=own["intervention"] > 0,
        waited=own["waiting"][:, -1].sum(axis=-1),
    )


def _by_name(values: Values, names: Sequence[str]) -> dict[str, Values]:
    return {name: values[..., place] for place, name in enumerate(names)}


def share_per(some: Values, all_: Values) -> Values:
    """A share, element by element; not-a-number where there is nothing."""
    return np.asarray(np.divide(some, all_, out=np.full(np.shape(all_), np.nan), where=np.asarray(all_) > 0))


def known_or_none(values: Iterable[float]) -> list[float | None]:
    """Plain numbers, None for not-a-number."""
    return [None if math.isnan(value) else float(value) for value in values]


def mean_of_known(values: Iterable[float | None]) -> float | None:
    """Mean of what is known; None when nothing is."""
    known = [value for value in values if value is not None]
    return sum(known) / len(known) if known else None
