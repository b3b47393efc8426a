"""Where the organisations of a chain stand in a picture: in rows by their place in the flow of cases."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from ketensim.scenario.flow import entries, expected_visits, routes
from ketensim.scenario.schema import Scenario

SWEEPS: Final = 4


def flows(scenario: Scenario) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Expected cases/week over each link, [from, to], and entering at each organisation."""
    arrivals = np.array([float(case_type.arrivals) for case_type in scenario.case_types])
    visits = expected_visits(scenario) * arrivals  # [organisation, case_type]
    flow = np.einsum("ok,kot->ot", visits, routes(scenario))
    return flow, entries(scenario).T @ arrivals


def rows_of(flow: NDArray[np.float64], entry: NDArray[np.float64]) -> list[list[int]]:
    """Organisations by row, top to bottom, each row from left to right.

    Parameters
    ----------
    flow : cases/week over each link, [from, to]
    entry : cases/week that enter at each organisation

    Returns
    -------
    list of rows of organisations; a link runs down unless it leads back to where cases came from

    Examples
    --------
    >>> rows_of(np.array([[0, 2.0, 0], [0, 0, 1.0], [0.5, 0, 0]]), np.array([2.0, 0, 0]))
    [[0], [1], [2]]
    """
    order = _by_flow(flow, entry)
    rank = {place: number for number, place in enumerate(order)}
    depth = dict.fromkeys(order, 0)
    for place in order:
        for target in np.flatnonzero(flow[place]):
            if rank[int(target)] > rank[place]:
                depth[int(target)] = max(depth[int(target)], depth[place] + 1)
    rows: list[list[int]] = [[] for _ in range(max(depth.values(), default=0) + 1)]
    for place in order:
        rows[depth[place]].append(place)
    return _untangled(rows, flow)


def _by_flow(flow: NDArray[np.float64], entry: NDArray[np.float64]) -> list[int]:
    """Next comes the organisation that gets most of its cases from those before it."""
    total = entry + flow.sum(axis=0)
    received = entry.copy()
    order: list[int] = []
    left = set(range(len(entry)))
    while left:
        known = {place: received[place] / total[place] if total[place] > 0 else 0.0 for place in left}
        place = max(sorted(left), key=lambda candidate: (round(known[candidate], 9), received[candidate]))
        order.append(place)
        left.remove(place)
        received = received + flow[place]
    return order


def _untangled(rows: list[list[int]], flow: NDArray[np.float64]) -> list[list[int]]:
    """Each row ordered by the place of its neighbours, so that few links cross."""
    spot_of = _spots(rows)
    for _ in range(SWEEPS):
        for row in rows:
            row.sort(key=lambda place: _pull(place, flow, spot_of))
            spot_of = _spots(rows)
    return rows


def _spots(rows: Sequence[Sequence[int]]) -> dict[int, float]:
    return {place: (spot + 0.5) / len(row) for row in rows for spot, place in enumerate(row)}


def _pull(place: int, flow: NDArray[np.float64], spot_of: dict[int, float]) -> float:
    strength = flow[:, place] + flow[place, :]
    if strength.sum() <= 0:
        return spot_of[place]
    spots = np.array([spot_of[other] for other in range(len(strength))])
    return float(strength @ spots / strength.sum())
