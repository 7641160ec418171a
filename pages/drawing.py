"""The geometry of pictures in pages: bars of months, and the tree from the supply to the meters. Units are those of the
picture's own view; templates draw, with classes for colours, and a table beside it tells the same."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

WIDTH, HEIGHT, LABELS = 760, 220, 12
_LEFT, _RIGHT, _TOP, _BOTTOM = 70, 8, 12, 34
_TICKS = 4

_STEPS = (Decimal(1), Decimal(2), Decimal("2.5"), Decimal(5), Decimal(10))


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar with what it stands for; `label` is written below where there is room for it."""

    x: float
    y: float
    width: float
    height: float
    label: str
    told: str
    below: bool


@dataclass(frozen=True, slots=True)
class Tick:
    y: float
    value: Decimal


@dataclass(frozen=True, slots=True)
class Chart:
    bars: tuple[Bar, ...]
    ticks: tuple[Tick, ...]
    zero: float
    left: float = _LEFT
    right: float = WIDTH - _RIGHT
    width: int = WIDTH
    height: int = HEIGHT

    def y(self, value: Decimal) -> float:
        """Where a value stands."""
        low, high = self.ticks[0], self.ticks[-1]
        if high.value == low.value:
            return self.zero
        return round(low.y + (high.y - low.y) * float((value - low.value) / (high.value - low.value)), 1)


def bars(
    values: Sequence[tuple[str, Decimal, str]],
    *,
    width: int = WIDTH,
    height: int = HEIGHT,
    labels: int = LABELS,
    within: Sequence[Decimal] = (),
) -> Chart | None:
    """A chart of (label, value, what is told of it), in their order, with so many labels at most; None where there is
    nothing to draw. The values of `within` have a place on it too."""
    if not values:
        return None
    most = max([value for _, value, _ in values] + [Decimal(0), *within])
    least = min([value for _, value, _ in values] + [Decimal(0), *within])
    step = _step(most - least)
    top, bottom = _up(most, step), -_up(-least, step)
    span = (top - bottom) or Decimal(1)
    room = height - _TOP - _BOTTOM

    def y(value: Decimal) -> float:
        return round(float(_TOP + room * (top - value) / span), 1)

    pitch = (width - _LEFT - _RIGHT) / len(values)
    every = max(1, -(-len(values) // labels))
    drawn = tuple(
        Bar(
            round(_LEFT + pitch * place + pitch * 0.15, 1),
            min(y(value), y(Decimal(0))),
            round(pitch * 0.7, 1),
            round(abs(y(value) - y(Decimal(0))), 1),
            label,
            told,
            (len(values) - 1 - place) % every == 0,
        )
        for place, (label, value, told) in enumerate(values)
    )
    count = int(span / step)
    ticks = tuple(Tick(y(bottom + step * no), bottom + step * no) for no in range(count + 1))
    return Chart(drawn, ticks, y(Decimal(0)), right=width - _RIGHT, width=width, height=height)


def _step(span: Decimal) -> Decimal:
    """A round distance between lines, of which there are about four."""
    rough = span / _TICKS or Decimal(1)
    power = Decimal(10) ** rough.adjusted()
    return next(step * power for step in _STEPS if step * power >= rough)


def _up(value: Decimal, step: Decimal) -> Decimal:
    return (value / step).to_integral_value(ROUND_CEILING) * step if value > 0 else Decimal(0)


@dataclass(frozen=True, slots=True)
class Box:
    """A part of the tree: its words, the first of them in bold; `gone`: it stands there no more."""

    x: int
    y: int
    lines: tuple[str, ...]
    gone: bool = False
    width: int = 170
    height: int = 52


@dataclass(frozen=True, slots=True)
class Wire:
    x1: int
    y1: int
    x2: int
    y2: int
    middle: int
    gone: bool = False


@dataclass(frozen=True, slots=True)
class Tree:
    boxes: tuple[Box, ...]
    wires: tuple[Wire, ...]
    width: int
    height: int


_COLUMN, _ROW, _FIT = 200, 68, 23


@dataclass(frozen=True, slots=True)
class Branch:
    """A part and what hangs on it."""

    lines: tuple[str, ...]
    branches: tuple["Branch", ...] = ()
    gone: bool = False


def tree(root: Branch) -> Tree:
    """The tree from left to right, each part beside the middle of what hangs on it."""
    boxes: list[Box] = []
    wires: list[Wire] = []
    rows = _place(root, 0, 0, boxes, wires)
    deepest = max(box.x for box in boxes)
    return Tree(tuple(boxes), tuple(wires), deepest + boxes[0].width + 4, max(rows, 1) * _ROW)


def _place(branch: Branch, depth: int, row: int, boxes: list[Box], wires: list[Wire]) -> int:
    """Puts a branch in place from a row on; how many rows it takes."""
    at = len(boxes)
    boxes.append(Box(0, 0, ()))
    taken, middles = 0, []
    for below in branch.branches:
        child = len(boxes)
        taken += _place(below, depth + 1, row + taken, boxes, wires)
        middles.append((boxes[child], below.gone))
    rows = max(taken, 1)
    y = int((row + (rows - 1) / 2) * _ROW) + 4
    box = Box(depth * _COLUMN + 2, y, tuple(_cut(line) for line in branch.lines if line), branch.gone)
    boxes[at] = box
    for child_box, gone in middles:
        start, end = box.x + box.width, child_box.x
        wires.append(Wire(start, y + box.height // 2, end, child_box.y + box.height // 2, (start + end) // 2, gone))
    return rows


def _cut(line: str) -> str:
    return line if len(line) <= _FIT else line[: _FIT - 1] + "…"
