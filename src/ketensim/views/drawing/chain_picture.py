"""The chain as a picture: organisations from top to bottom in the order in which cases pass them, drawn as SVG by hand.

The picture needs no hover, prints sharply, follows the page's colours, and says everything in words as well. Where each
organisation stands comes from ``layers.py``; links between neighbouring rows run straight, all others through lanes
at the right, consultation through lanes at the left.
"""

from __future__ import annotations

import textwrap
from dataclasses import dataclass
from functools import partial
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from ketensim.scenario.flow import places
from ketensim.scenario.parts import Organisation
from ketensim.scenario.schema import Scenario
from ketensim.texts import t
from ketensim.views.drawing.layers import flows, rows_of
from ketensim.views.drawing.markup import Markup, element

LEAST_WIDTH: Final = 150.0
MORE_WIDTH: Final = 110.0  # that the largest organisation has on top of that
PADDING: Final = 20.0
LINE: Final = 16.0
LETTER: Final = 8.4  # mean width of a letter of a name
FEW: Final = 0.05  # cases a week, below which one decimal would say that none come
SMALL_LETTER: Final = 6.6  # ... of a number beside an arrow
SIDE_GAP: Final = 28.0
ROW_GAP: Final = 48.0
ARRIVALS: Final = 96.0  # room for the arrow of arrivals, left of a row
ARROW: Final = 44.0
LANE: Final = 34.0  # room for one link at the side
CORNER: Final = 9.0
STEP: Final = 6.0  # by which a number looks for room along its lane
TOP: Final = 26.0
MOST_ROWS: Final = 3
THIN: Final = 1.3
THICK: Final = 8.0
HEAD: Final = 7.0  # room for the head of an arrow
INDEPENDENT: Final = 0.5


class _Caption(NamedTuple):
    """What stands in a box: the name on some lines, a line below it, and the width that they would like."""

    name: list[str]
    below: str
    width: float


@dataclass(frozen=True)
class _Box:
    """Where an organisation stands: its row, its left upper corner and its size."""

    row: int
    x: float
    y: float
    width: float
    height: float
    rightmost: bool

    @property
    def centre(self) -> float:
        """Halfway from left to right."""
        return self.x + self.width / 2

    @property
    def middle(self) -> float:
        """Halfway from top to bottom."""
        return self.y + self.height / 2

    @property
    def right(self) -> float:
        """The right edge."""
        return self.x + self.width

    @property
    def bottom(self) -> float:
        """The lower edge."""
        return self.y + self.height


class _Turn(NamedTuple):
    """A link through a lane at the right: the lane, its two ends, and where the lines from and to the boxes begin."""

    x: float
    y0: float
    y1: float
    from_x: float
    to_x: float


def chain_picture(scenario: Scenario, language: str, bottleneck: str | None = None) -> Markup:
    """The picture of a chain.

    Parameters
    ----------
    scenario : the chain
    language : of the words in the picture
    bottleneck : organisation to point out
    """
    flow, entry = flows(scenario)
    captions = [_caption(organisation, language) for organisation in scenario.organisations]
    number = places(scenario)
    consultation = [(number[link.source], number[link.target]) for link in scenario.links if link.consultation]
    coming = [len(t("report.picture.arrivals", language, cases=cases)) for cases in entry if cases]
    left = max(ARRIVALS, HEAD + SMALL_LETTER * max(coming, default=0)) + LANE * len(consultation)
    boxes, right, height = _boxes(scenario, rows_of(flow, entry), captions, left, entry)
    largest = max(float(flow.max(initial=0.0)), float(entry.max(initial=0.0)), 1e-9)
    arrows, numbers, lanes = _links(flow, boxes, right, largest, language)
    talks = [
        _consultation(boxes[source], boxes[target], LANE * (lane + 0.6))
        for lane, (source, target) in enumerate(consultation)
    ]
    arrivals = [_arrivals(boxes[place], float(entry[place]), largest, language) for place in np.flatnonzero(entry)]
    sign = t("report.picture.bottleneck", language)
    drawn = [
        _drawn_box(organisation, box, caption, sign if organisation.id == bottleneck else None)
        for organisation, box, caption in zip(scenario.organisations, boxes, captions, strict=True)
    ]
    width = right + LANE * (lanes + 1)
    title = t("report.picture.alternative", language, organisations=len(boxes), links=int((flow > 0).sum()))
    parts = (_heads(), *talks, *arrows, *arrivals, *drawn, *numbers)
    size = f"0 0 {width:.0f} {height:.0f}"
    style = f"max-width:{width:.0f}px"
    return element("svg", *parts, viewBox=size, class_="chain", role="img", aria_label=title, style=style)


def _caption(organisation: Organisation, language: str) -> _Caption:
    facts = [t("report.picture.staff", language, fte=float(organisation.fte))]
    if organisation.places is not None:
        facts.append(t("report.picture.places", language, places=int(float(organisation.places))))
    if float(organisation.independence) >= INDEPENDENT:
        facts.append(t("report.picture.independent", language))
    below = " · ".join(facts)
    letters = int((LEAST_WIDTH + MORE_WIDTH / 2 - PADDING) / LETTER)
    name = textwrap.wrap(organisation.label.in_language(language), letters) or [organisation.id]
    if len(name) > MOST_ROWS:
        name = [*name[: MOST_ROWS - 1], f"{name[MOST_ROWS - 1][: letters - 1]}…"]
    needed = max(*(len(row) for row in name), 0.86 * len(below)) * LETTER + PADDING
    return _Caption(name, below, needed)


def _boxes(
    scenario: Scenario,
    rows: list[list[int]],
    captions: list[_Caption],
    left: float,
    entry: NDArray[np.float64],
) -> tuple[list[_Box], float, float]:
    """The boxes, the right edge of the widest row, and the height of the picture."""
    staff = [float(organisation.fte) for organisation in scenario.organisations]
    widths = [
        max(LEAST_WIDTH + MORE_WIDTH * (fte / max(staff)) ** 0.5, caption.width)
        for fte, caption in zip(staff, captions, strict=True)
    ]
    before = [
        {place: (ARRIVALS if entry[place] else SIDE_GAP) if place != row[0] else 0.0 for place in row} for row in rows
    ]  # room left of a box: more where cases come in
    long = [sum(widths[place] + gap for place, gap in gaps.items()) for gaps in before]
    wide = max(long)
    boxes: dict[int, _Box] = {}
    y = TOP
    for number, row in enumerate(rows):
        x = left + (wide - long[number]) / 2
        tall = max(PADDING + LINE * (len(captions[place].name) + 1) for place in row)
        for place in row:
            x += before[number][place]
            boxes[place] = _Box(number, x, y, widths[place], tall, place == row[-1])
            x += widths[place]
        y += tall + ROW_GAP
    return [boxes[place] for place in range(len(staff))], left + wide, y - ROW_GAP + TOP


def _links(
    flow: NDArray[np.float64], boxes: list[_Box], right: float, largest: float, language: str
) -> tuple[list[Markup], list[Markup], int]:
    """The links, as thick as they carry cases, their numbers, and how many lanes they take."""
    arrows: list[Markup] = []
    words: list[tuple[str, float, float]] = []
    asides: dict[int, _Turn] = {}
    links = sorted(np.argwhere(flow > 0).tolist(), key=lambda link: abs(boxes[link[0]].row - boxes[link[1]].row))
    lane = 0
    for place, goal in links:
        source, target, cases = boxes[place], boxes[goal], float(flow[place, goal])
        if target.row == source.row + 1:
            path, x, y = _straight(source, target)
        else:
            lane += 1
            path, turn = _aside(source, target, right + LANE * lane - LANE / 3)
            asides[len(words)] = turn
            x, y = turn.x - LANE / 2, (turn.y0 + turn.y1) / 2
        arrows.append(_arrow(path, cases, largest))
        size = "flow" if cases >= FEW else "flow_small"
        words.append((t(f"report.picture.{size}", language, cases=cases), x, y))
    free = _free(list(asides.values()), boxes)
    heights = dict(zip(asides, free, strict=True))
    numbers = [_text(said, x, heights.get(number, y) + 4, "flow") for number, (said, x, y) in enumerate(words)]
    return arrows, numbers, lane


def _free(turns: list[_Turn], boxes: list[_Box]) -> list[float]:
    """Where beside its lane the number of each link stands: as near to the middle as links and boxes leave room for it."""
    found = []
    for turn in turns:
        x, middle = turn.x - LANE / 2, (turn.y0 + turn.y1) / 2
        half = abs(turn.y1 - turn.y0) / 2 - CORNER
        crossing = [
            y for other in turns for y, begin in ((other.y0, other.from_x), (other.y1, other.to_x))
            if begin - LANE / 2 < x < other.x + LANE / 2
        ]  # fmt: skip
        beside = [(box.y, box.bottom) for box in boxes if box.right > x - LANE / 2]
        steps = sorted(range(-int(half // STEP), int(half // STEP) + 1), key=abs)
        places = [middle + STEP * step for step in steps] or [middle]
        found.append(max(places, key=partial(_room, crossing=crossing, beside=beside)))
    return found


def _room(y: float, crossing: list[float], beside: list[tuple[float, float]]) -> float:
    """How far a height is from lines that cross there and from boxes; more than a line high counts no further."""
    boxes = (max(top - y, y - bottom, 0.0) for top, bottom in beside)
    return min([LINE, *(abs(y - line) for line in crossing), *boxes])


def _straight(source: _Box, target: _Box) -> tuple[str, float, float]:
    """From the bottom of a box to the top of one in the next row, and the place of its number."""
    y0, y1 = source.bottom, target.y - HEAD
    half = (y0 + y1) / 2
    path = f"M{_at(source.centre, y0)}C{_at(source.centre, half)} {_at(target.centre, half)} {_at(target.centre, y1)}"
    if abs(source.centre - target.centre) <= LINE:
        return path, (source.centre + target.centre) / 2 + LINE, half
    outward = LINE if target.centre > source.centre else -LINE  # a slanting link comes from the other side
    return path, target.centre + outward, y1 - (ROW_GAP + LINE) / 4  # above the lines that turn into the box


def _aside(source: _Box, target: _Box, x: float) -> tuple[str, _Turn]:
    """Through a lane at the right: out of one box, up or down the lane, into the target; and where it turns."""
    y0, begin = source.middle + 5, f"M{_at(source.right, source.middle + 5)}"
    if not source.rightmost:
        y0 = source.bottom + ROW_GAP / 4
        begin = f"M{_at(source.right - CORNER, source.bottom)}V{y0:.1f}"
    y1, end = target.middle - 5, f"H{target.right + HEAD:.1f}"
    if not target.rightmost:
        y1 = target.y - ROW_GAP / 4
        end = f"H{target.right - CORNER:.1f}V{target.y - HEAD:.1f}"
    step = CORNER if y1 > y0 else -CORNER
    turns = f"Q{_at(x, y0)} {_at(x, y0 + step)}V{y1 - step:.1f}Q{_at(x, y1)} {_at(x - CORNER, y1)}"
    return f"{begin}H{x - CORNER:.1f}{turns}{end}", _Turn(x, y0, y1, source.right, target.right)


def _consultation(source: _Box, target: _Box, x: float) -> Markup:
    """Through a lane at the left, or straight to a neighbour, without a head: nothing goes anywhere."""
    if source.row == target.row:
        first, second = (source, target) if source.x < target.x else (target, source)
        return element("path", d=f"M{_at(first.right, first.middle)}H{second.x:.1f}", class_="consultation")
    upper, lower = (source, target) if source.middle <= target.middle else (target, source)
    y0, y1 = upper.middle + 8, lower.middle + 14  # below the number of what comes in, and below another's beginning
    turns = f"Q{_at(x, y0)} {_at(x, y0 + CORNER)}V{y1 - CORNER:.1f}Q{_at(x, y1)} {_at(x + CORNER, y1)}"
    path = f"M{_at(upper.x, y0)}H{x + CORNER:.1f}{turns}H{lower.x:.1f}"
    return element("path", d=path, class_="consultation")


def _arrivals(box: _Box, cases: float, largest: float, language: str) -> Markup:
    x = box.x - HEAD
    words = t("report.picture.arrivals", language, cases=cases)
    arrow = _arrow(f"M{x - ARROW:.1f} {box.middle:.1f}L{x:.1f} {box.middle:.1f}", cases, largest)
    return element("g", arrow, _text(words, x - 2, box.middle - 9, "entry"))


def _arrow(path: str, cases: float, largest: float) -> Markup:
    width = THIN + (THICK - THIN) * cases / largest
    return element("path", d=path, class_="link", stroke_width=f"{width:.1f}", marker_end="url(#head)")


def _drawn_box(organisation: Organisation, box: _Box, caption: _Caption, sign: str | None) -> Markup:
    kinds = ["box"]
    if float(organisation.independence) >= INDEPENDENT:
        kinds.append("independent")
    if organisation.places is not None:
        kinds.append("limited")
    if sign is not None:
        kinds.append("bottleneck")
    frame = element(
        "rect", x=f"{box.x:.1f}", y=f"{box.y:.1f}", width=f"{box.width:.1f}", height=f"{box.height:.1f}", rx=7,
        class_=" ".join(kinds),
    )  # fmt: skip
    first = box.middle - LINE * len(caption.name) / 2 + 5
    lines = [_text(row, box.centre, first + LINE * number, "name") for number, row in enumerate(caption.name)]
    lines.append(_text(caption.below, box.centre, first + LINE * len(caption.name), "small"))
    if sign is not None:
        lines.append(_text(sign, box.x + 4, box.y - 6, "sign"))
    return element("g", frame, *lines)


def _at(x: float, y: float) -> str:
    return f"{x:.1f} {y:.1f}"


def _text(words: str, x: float, y: float, kind: str) -> Markup:
    return element("text", words, x=f"{x:.1f}", y=f"{y:.1f}", class_=kind)


def _heads() -> Markup:
    shape = element("path", d="M0 0L7 3.5L0 7z")
    size = {"viewBox": "0 0 7 7", "refX": 1, "refY": 3.5, "markerWidth": 9, "markerHeight": 9}
    return element("defs", element("marker", shape, id="head", markerUnits="userSpaceOnUse", orient="auto", **size))
