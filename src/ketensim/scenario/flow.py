"""Which way cases go through a chain: shares per link as a matrix, what can be reached, expected visits."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from ketensim.scenario.content import Content
from ketensim.scenario.parts import Link

ROUNDING = 1e-9  # shares that differ less are the same


def share_on_link(link: Link, case_type: str) -> float:
    """Share of the cases of a type that takes a link; 0 for consultation and where the file is silent."""
    share = None if link.share is None or link.consultation else link.share.of(case_type)
    return 0.0 if share is None else share.value


def routes(content: Content) -> NDArray[np.float64]:
    """Share of completed cases that goes on, [case_type, from, to]; rows add up to at most 1, the rest closes."""
    place = places(content)
    matrix = np.zeros((len(content.case_types), len(place), len(place)))
    for link in content.links:
        for kind, case_type in enumerate(content.case_types):
            matrix[kind, place[link.source], place[link.target]] += share_on_link(link, case_type.id)
    return matrix


def entries(content: Content) -> NDArray[np.float64]:
    """Share of a case type's arrivals that enters at an organisation, [case_type, organisation]; rows add up to 1."""
    place = places(content)
    matrix = np.zeros((len(content.case_types), len(place)))
    for kind, case_type in enumerate(content.case_types):
        for name, share in case_type.entry.items():
            matrix[kind, place[name]] = share.value
    return matrix / matrix.sum(axis=1, keepdims=True)


def places(content: Content) -> dict[str, int]:
    """Row of each organisation, in the order of the file."""
    return {organisation.id: index for index, organisation in enumerate(content.organisations)}


def closing(route: NDArray[np.float64]) -> NDArray[np.float64]:
    """Share of completed cases that closes, [..., organisation], from shares that go on."""
    left = 1.0 - route.sum(axis=-1)
    return np.where(left > ROUNDING, left, 0.0)


def reached_from(start: NDArray[np.bool_], step: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Everything that can be reached, [organisation], from some organisations by steps [from, to]."""
    reached, size = start.copy(), -1
    while size != reached.sum():
        size = int(reached.sum())
        reached = reached | step[reached].any(axis=0)
    return reached


def reachable(content: Content) -> NDArray[np.bool_]:
    """Whether cases of a type come at an organisation, [case_type, organisation]."""
    step, entry = routes(content) > 0, entries(content) > 0
    return np.array([reached_from(entry[kind], step[kind]) for kind in range(len(entry))])


def expected_visits(content: Content) -> NDArray[np.float64]:
    """How often a case that arrives is worked on at each organisation, [organisation, case_type], returns left out.

    Raises
    ------
    numpy.linalg.LinAlgError
        when cases can circle for ever; a ``Scenario`` has been checked for that
    """
    entry, route = entries(content), routes(content) * reachable(content)[:, :, np.newaxis]
    stay = np.eye(route.shape[1])
    return np.stack([np.linalg.solve(stay - route[kind].T, entry[kind]) for kind in range(len(entry))], axis=1)
