"""Where does each step stand in the drawing? Boxes from the top down, ways side by side, lines between them.

            What brings somebody in stands at the top, close together; what leads out, from any step, below it all.
▢           A step is a box; ways that part at one stand side by side below it, the first straight below, each
├───┐       under its own name; what comes after it as a whole stands below the longest of them, where the lines
▢   ▢       of all come together. So the beginning is on the left, where a narrow screen shows it.
├───┘
▢           Lengths are pixels. Reads nothing, writes nothing.
"""

from collections.abc import Sequence
from textwrap import wrap
from typing import Any, NamedTuple

WIDTH, HEIGHT = 168, 52
GAP_X, GAP_Y, GAP_DOORS = 18, 34, 8
NAME = 22
"""What the name of a way takes."""
MARGIN = 14
LETTERS, LINES = 22, 2
"""What goes into a box."""


class Way(NamedTuple):
    """What parts at a step. name: for whom it is."""

    name: str
    steps: tuple["Box", ...]


class Box(NamedTuple):
    """A step as it is drawn. goes_to: id of the step with which it goes on; ends: whether nothing comes after it.
    told: whatever the page wants to say of it."""

    id: str
    text: str
    ways: tuple[Way, ...] = ()
    goes_to: str = ""
    ends: bool = False
    told: Any = None


NO_EXITS = Way("", ())


class Placed(NamedTuple):
    """A box with its place. x, y: of its upper left corner. lines: its text."""

    box: Box
    x: int
    y: int
    lines: tuple[str, ...]


class Label(NamedTuple):
    """The name of a way. x: its middle."""

    x: int
    y: int
    text: str
    whole: str


class Drawing(NamedTuple):
    """paths: of SVG. jumps: those of steps that go on elsewhere. end: the middle of the last point, None if none."""

    width: int
    height: int
    nodes: Sequence[Placed]
    labels: Sequence[Label]
    paths: Sequence[str]
    jumps: Sequence[str]
    end: tuple[int, int] | None


Point = tuple[int, int]


class _Pen:
    """Draws; keeps what was drawn."""

    def __init__(self) -> None:
        self.nodes: list[Placed] = []
        self.labels: list[Label] = []
        self.paths: list[str] = []

    def sequence(self, steps: Sequence[Box], left: int, top: int, ends: list[Point]) -> tuple[int, list[Point]]:
        """Steps one below the other. ends: of lines that come here. Gives (bottom, ends of lines that go on)."""
        middle = left + WIDTH // 2
        for box in steps:
            top += GAP_Y
            self.lines(ends, (middle, top))
            self.nodes.append(Placed(box, middle - WIDTH // 2, top, _lines(box.text)))
            top, ends = self.after(box, middle, top + HEIGHT)
        return top, ends

    def after(self, box: Box, middle: int, top: int) -> tuple[int, list[Point]]:
        """What parts below a box, or goes on from it."""
        if not box.ways:
            return top, [] if box.ends or box.goes_to else [(middle, top)]
        left, bottom, ends = middle - WIDTH // 2, top, []
        for way in box.ways:
            width = _width(way.steps)
            centre = left + WIDTH // 2
            label = top + GAP_Y + NAME - 8
            self.labels.append(Label(centre, label, _short(way.name), way.name))
            self.lines([(middle, top)], (centre, label - 16))
            deep, open_ = self.sequence(way.steps, left, label + 8 - GAP_Y + 12, [(centre, label + 6)])
            bottom, left = max(bottom, deep), left + width + GAP_X
            ends += open_
        return bottom + 6, ends

    def doors(self, doors: Sequence[Box], top: int) -> int:
        """One close below the other: each by itself. Gives the bottom of the last."""
        for box in doors:
            self.nodes.append(Placed(box, MARGIN, top, _lines(box.text)))
            top += HEIGHT + GAP_DOORS
        return top - GAP_DOORS

    def leaving(self, exits: Way, middle: int, top: int) -> int:
        """What leads out, under its name; no line leads there, for it is so at every step."""
        self.labels.append(Label(middle, top + NAME + 6, _short(exits.name), exits.name))
        return self.doors(exits.steps, top + NAME + 18)

    def lines(self, ends: Sequence[Point], to: Point) -> None:
        """From each end straight down, across, and down."""
        for x, y in ends:
            turn = to[1] - 14
            self.paths.append(f"M{x} {y}V{to[1]}" if x == to[0] else f"M{x} {y}V{turn}H{to[0]}V{to[1]}")


def draw(steps: Sequence[Box], *, triggers: Sequence[Box] = (), exits: Way = NO_EXITS) -> Drawing:
    """The whole of it. exits: what leads out from any step, and how that is called."""
    pen, width, middle = _Pen(), _width(steps) + 2 * MARGIN, MARGIN + WIDTH // 2
    top, ends = MARGIN - GAP_Y, []
    if triggers:
        top = pen.doors(triggers, MARGIN)
        ends = [(middle, top)]
    bottom, ends = pen.sequence(steps, MARGIN, top, ends)
    end = (middle, bottom + GAP_Y) if ends else None
    if end:
        pen.lines(ends, (end[0], end[1] - 6))
    bottom = end[1] + 10 if end else bottom
    if exits.steps:
        bottom = pen.leaving(exits, middle, bottom)
    return Drawing(width, bottom + MARGIN, pen.nodes, pen.labels, pen.paths, _jumps(pen.nodes), end)


def _jumps(nodes: Sequence[Placed]) -> list[str]:
    """From a box to that with which it goes on: out at its side, in at the other's."""
    at = {node.box.id: node for node in nodes}
    found = []
    for node in nodes:
        to = at.get(node.box.goes_to) if node.box.goes_to else None
        if to:
            x, y, other = node.x + WIDTH, node.y + HEIGHT // 2, to.y + HEIGHT // 2
            bow = max(x, to.x + WIDTH) + 12
            found.append(f"M{x} {y}C{bow} {y} {bow} {other} {to.x + WIDTH} {other}")
    return found


def _width(steps: Sequence[Box]) -> int:
    """Of steps one below the other: that of the widest."""
    return max((_wide(box) for box in steps), default=WIDTH)


def _wide(box: Box) -> int:
    if not box.ways:
        return WIDTH
    return max(WIDTH, sum(_width(way.steps) for way in box.ways) + GAP_X * (len(box.ways) - 1))


def _lines(text: str) -> tuple[str, ...]:
    """As much of it as a box holds."""
    found = wrap(text, LETTERS, max_lines=LINES, placeholder="…", break_on_hyphens=False)
    return tuple(found)


def _short(text: str) -> str:
    return text if len(text) <= LETTERS + 3 else f"{text[: LETTERS + 2]}…"
