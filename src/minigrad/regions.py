"""Where a function of two numbers is positive, as an SVG path; given to you.

The function is asked at the corners of a grid. Its zero on an edge of a cell is taken to lie
where a straight line between the two corners' values crosses it (marching squares).
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby, pairwise

from minigrad.plots import Axis, Point
from minigrad.svg import block, circle

Corner = tuple[float, float, float]  # two pixels, and the value there


def region(value: Callable[[float, float], float], across: Axis, upwards: Axis, cells: int) -> str:
    """The frame in cool, in warm where `value` of x and y is positive, and the line between.

    `value` is asked (cells + 1)² times; a value that is not a number counts as not positive.
    """
    filled, border = [], []
    for row in _rows_of_cells(value, across, upwards, cells):
        for inside, group in groupby(row, key=lambda cell: all(v > 0 for _, _, v in cell)):
            run = list(group)
            if inside:
                left, low, _ = run[0][0]
                right, high, _ = run[-1][2]
                filled.append(f"M{left:.1f} {low:.1f}H{right:.1f}V{high:.1f}H{left:.1f}z")
                continue
            for cell in run:
                shape, zeros = _positive(cell)
                filled += [_through(shape) + "z"] if shape else []
                border += [_through(pair) for pair in zip(zeros[::2], zeros[1::2], strict=True)]
    frame = f"M{across.start:g} {upwards.start:g}H{across.end:g}V{upwards.end:g}H{across.start:g}z"
    return (
        f'<path d="{frame}" fill="var(--cool)"/><path d="{"".join(filled)}" fill="var(--warm)"/>'
        f'<path d="{"".join(border)}" fill="none" stroke="var(--soft)" stroke-width="1.4" '
        'stroke-linecap="round"/>'
    )


def _rows_of_cells(
    value: Callable[[float, float], float], across: Axis, upwards: Axis, cells: int
) -> Iterator[list[tuple[Corner, ...]]]:
    """The cells of each row, a cell by its corners: two below from left to right, two above."""
    xs, ys = (
        [a.low + i / cells * (a.high - a.low) for i in range(cells + 1)] for a in (across, upwards)
    )
    lines = ([(across.place(x), upwards.place(y), value(x, y)) for x in xs] for y in ys)
    for below, above in pairwise(lines):
        yield [
            (a, b, c, d) for (a, b), (d, c) in zip(pairwise(below), pairwise(above), strict=True)
        ]


def _positive(cell: Sequence[Corner]) -> tuple[list[Point], list[Point]]:
    """The part of a cell where the function is positive, as a polygon, and its zeros."""
    shape: list[Point] = []
    zeros: list[Point] = []
    for (x, y, v), (next_x, next_y, next_v) in pairwise((*cell, cell[0])):
        if v > 0:
            shape.append((x, y))
        if (v > 0) != (next_v > 0):
            share = v / (v - next_v)
            share = share if 0 <= share <= 1 else 0.5  # where a value is infinite or no number
            zeros.append((x + share * (next_x - x), y + share * (next_y - y)))
            shape.append(zeros[-1])
    return shape, zeros


def _through(points: Sequence[Point]) -> str:
    return "M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in points)


def samples(
    points: Sequence[Sequence[float]], labels: Sequence[float], across: Axis, upwards: Axis
) -> str:
    """Labeled points: circles where the label is above 0, squares elsewhere."""
    parts = []
    for (x, y), label in zip(points, labels, strict=True):
        left, top = across.place(x), upwards.place(y)
        if label > 0:
            parts.append(circle(left, top, 4.5, "orange"))
        else:
            parts.append(block(left - 4, top - 4, 8, 8, "blue"))
    return "".join(parts)
