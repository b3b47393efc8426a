"""How soon a case can be closed on the ways through a chain, when it never has to wait for anything else."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ketensim.scenario import flow
from ketensim.scenario.content import Content

LONGEST = 520  # weeks to look ahead
Steps = NDArray[np.int64]


def quickest(content: Content) -> Steps:
    """Weeks at each organisation, [organisation, case_type], when work is done as soon as the case comes.

    What is handed over is taken up in the week after, so that the way there takes a week; it is counted here at the
    organisation that the case comes from.
    """
    return np.array(
        [[1 + _stay(content, place, kind) for kind in range(len(content.case_types))] for place in _places(content)]
    )


def full_terms(content: Content) -> Steps:
    """Weeks at each organisation, [organisation, case_type], when everybody takes the full term that was agreed."""
    terms = [max(1, round(organisation.term.value)) for organisation in content.organisations]
    return np.array(
        [
            [terms[place] + _stay(content, place, kind) for kind in range(len(content.case_types))]
            for place in _places(content)
        ]
    )


def closed_within(content: Content, kind: int, steps: Steps, weeks: int) -> float:
    """Share of the cases of a type that is closed within a number of weeks, in [0, 1].

    The last organisation counts one week less: a case that closes is not handed over.
    """
    return float(_closed(content, kind, steps, weeks)[: weeks + 1].sum())


def weeks_for(content: Content, kind: int, steps: Steps, share: float) -> int:
    """Weeks within which at least a share of the cases of a type is closed, at most ``LONGEST``."""
    reached = np.cumsum(_closed(content, kind, steps, LONGEST)) >= share
    return int(np.argmax(reached)) if reached.any() else LONGEST


def _closed(content: Content, kind: int, steps: Steps, weeks: int) -> NDArray[np.float64]:
    """Share of the cases of a type that closes after exactly so many weeks, [week]."""
    route, entry = flow.routes(content)[kind], flow.entries(content)[kind]
    leaving = flow.closing(route)
    there = np.zeros((weeks + 1, len(entry)))  # [week, organisation] share of the cases that comes there then
    there[0] = entry
    closed = np.zeros(weeks + 1)
    for week in range(weeks + 1):
        for place in np.flatnonzero(there[week]):
            ends, moves = week + int(steps[place, kind]) - 1, week + int(steps[place, kind])
            if ends <= weeks:
                closed[ends] += there[week, place] * leaving[place]
            if moves <= weeks:
                there[moves] += there[week, place] * route[place]
    return closed


def _places(content: Content) -> range:
    return range(len(content.organisations))


def _stay(content: Content, place: int, kind: int) -> int:
    stay = content.organisations[place].stay.of(content.case_types[kind].id)
    return 0 if stay is None else int(stay.value)
