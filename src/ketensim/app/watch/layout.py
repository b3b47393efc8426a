"""Where organisations and links stand on the watch page: two rows (two columns on a phone) in the order of the flow.

There is a stage for a whole screen, one for half of it beside a second film, and one for a phone.

Neighbours in the chain stand across from one another; links over a longer distance bend through the lane between the
rows, so that none runs behind an organisation.
"""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from ketensim.scenario.parts import Organisation
from ketensim.scenario.schema import Scenario
from ketensim.views.drawing.layers import flows, rows_of

Point = NDArray[np.float64]
STEPS: Final = np.linspace(0.0, 1.0, 201)  # along a curve, where it is cut off at an organisation
NEAR, FAR = 4.0, 11.0  # free space at both ends of a link; the far one holds the head of its arrow
ASIDE: Final = 0.10  # how far a link bends, as part of its length: there and back do not fall together
DEEP: Final = 0.16  # the same towards the middle lane, for links within a row
BACKWARDS: Final = 30.0  # links against the flow bend further
STUB: Final = 24.0  # length of the arrows of arrivals and closed cases
MOST_LINES: Final = 2
CONDENSED: Final = (
    6  # letters more that the page makes fit where one word asks for them, so that it is not cut in the middle
)


@dataclass(frozen=True)
class Shape:
    """Sizes of a stage, along the flow and across it.

    Attributes
    ----------
    length, lane : of the whole along the flow at least, and between both rows
    along, across : size of an organisation
    step : least distance between neighbours along the flow
    edge : room outside the rows
    letters : that fit on a line of a name
    lying : whether the flow goes along the width of the screen
    """

    length: float
    lane: float
    along: float
    across: float
    step: float
    edge: float
    letters: int
    lying: bool = True


SHAPES: Final[Mapping[str, Shape]] = {
    "wide": Shape(length=1000, lane=118, along=172, across=88, step=92, edge=30, letters=21),
    "half": Shape(length=640, lane=72, along=150, across=88, step=82, edge=28, letters=18),
    "tall": Shape(length=0, lane=62, along=88, across=121, step=66, edge=28, letters=14, lying=False),
}


def stage(scenario: Scenario, ends: Sequence[tuple[int, int]], language: str, name: str) -> dict[str, Any]:
    """Size of the stage, places of organisations, and the paths of links, arrivals and closed cases.

    Parameters
    ----------
    scenario : the chain
    ends : both organisations of each link, by number
    language : of the names
    name : of the shape
    """
    flow, entry = flows(scenario)
    order = [place for row in rows_of(flow, entry) for place in row]
    shape = SHAPES[name]
    wide = shape.lying
    length, centres, sides = _centres(order, shape)
    size = np.array([shape.along, shape.across] if wide else [shape.across, shape.along])
    turn = slice(None, None, 1 if wide else -1)  # along and across become x and y
    middle = _height(shape) / 2
    links = []
    for source, target in ends:
        back = order.index(target) < order.index(source)
        control = _control(centres[source], centres[target], sides[source] == sides[target], middle, back)
        links.append(_curve(centres[source][turn], control[turn], centres[target][turn], size))
    names = [_name(organisation, language, shape.letters) for organisation in scenario.organisations]
    nodes = [
        {"x": round(x, 1), "y": round(y, 1), "lines": lines}
        for (x, y), lines in zip((centre[turn] - size / 2 for centre in centres), names, strict=True)
    ]
    stubs = [_stubs(centre, side, shape, turn) for centre, side in zip(centres, sides, strict=True)]
    width, height = (length, _height(shape)) if wide else (_height(shape), length)
    return {
        **{"width": round(width), "height": round(height), "node": [float(part) for part in size]},
        "letters": shape.letters,
        **{
            "nodes": nodes,
            "links": links,
            "ways_in": [into for into, _ in stubs],
            "ways_out": [out for _, out in stubs],
        },
    }


def _height(shape: Shape) -> float:
    """Of both rows, across the flow."""
    return 2 * (shape.edge + shape.across) + shape.lane


def _centres(order: Sequence[int], shape: Shape) -> tuple[float, list[Point], list[int]]:
    """Length of the stage, the middle of each organisation (along, across), and its row: -1 or 1."""
    edge = shape.along / 2 + (6 if shape.length else shape.edge)
    length = max(shape.length, 2 * edge + shape.step * (len(order) - 1))
    step = (length - 2 * edge) / max(1, len(order) - 1)
    centres, sides = [np.zeros(2)] * len(order), [0] * len(order)
    for spot, place in enumerate(order):
        sides[place] = 1 if spot % 2 else -1
        across = _height(shape) / 2 + sides[place] * (shape.lane + shape.across) / 2
        centres[place] = np.array([edge + step * spot, across])
    return length, centres, sides


def _control(source: Point, target: Point, same_row: bool, middle: float, back: bool) -> Point:
    """Where a link bends to: into the middle lane, or a little aside."""
    half, distance = (source + target) / 2, float(np.hypot(*(target - source)))
    if same_row:
        depth = min(abs(middle - source[1]) + DEEP * distance, 2 * abs(middle - source[1])) + (
            BACKWARDS if back else 0.0
        )
        return np.array([half[0], source[1] + np.sign(middle - source[1]) * depth])
    along = (target - source) / max(distance, 1.0)
    bent: Point = half + ASIDE * distance * np.array([along[1], -along[0]])
    return bent


def _curve(source: Point, control: Point, target: Point, size: Point) -> dict[str, Any]:
    """A quadratic curve between two organisations, cut off where it leaves the one and enters the other."""
    part = STEPS[:, np.newaxis]
    points = (1 - part) ** 2 * source + 2 * part * (1 - part) * control + part**2 * target
    out = np.flatnonzero((np.abs(points - source) > size / 2 + NEAR).any(axis=1))
    short_of = np.flatnonzero((np.abs(points - target) > size / 2 + FAR).any(axis=1))
    first, last = (STEPS[out[0]], STEPS[short_of[-1]]) if len(out) and len(short_of) else (0.0, 1.0)
    if first >= last:
        first, last = 0.0, 1.0

    def bent(a: float, b: float) -> Point:
        """Polar form of the curve: its control points for every part of it."""
        point: Point = (1 - a) * (1 - b) * source + ((1 - a) * b + a * (1 - b)) * control + a * b * target
        return point

    begin, turn, end = bent(first, first), bent(first, last), bent(last, last)
    middle = (begin + 2 * turn + end) / 4
    return {"path": f"M{_at(begin)}Q{_at(turn)} {_at(end)}", "middle": [round(float(part), 1) for part in middle]}


def _stubs(centre: Point, side: int, shape: Shape, turn: slice) -> tuple[str, str]:
    """Paths outside the rows: of what arrives at an organisation, and of what is closed there."""
    ends = []
    for place in (-1, 1):
        inner = centre + np.array([place * shape.along / 4, side * (shape.across / 2 + NEAR)])
        ends.append((inner, inner + np.array([0.0, side * STUB])))
    (into, outside), (begin, end) = ends
    return f"M{_at(outside[turn])}L{_at(into[turn])}", f"M{_at(begin[turn])}L{_at(end[turn])}"


def _name(organisation: Organisation, language: str, letters: int) -> list[str]:
    """The name that people gave in at most two lines, cut off where it is longer; the whole of it stands in the label."""
    label = organisation.label.in_language(language) or organisation.id
    letters = max(letters, min(letters + CONDENSED, max(map(len, label.split()), default=0)))
    return textwrap.wrap(label, letters, max_lines=MOST_LINES, placeholder=" …")


def _at(point: Point) -> str:
    return f"{point[0]:.1f} {point[1]:.1f}"
