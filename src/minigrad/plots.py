"""Axes and curves of a plot, given to you: from data to pixels."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from minigrad.svg import COLORS, circle, short, text

WIDTH, HEIGHT = 560, 340
MARGIN = {"left": 62, "right": 16, "top": 34, "bottom": 46}
FAR = 1e4  # pixels: nothing is drawn further away, since an SVG's numbers are coarse
DASHES = ("", "9 5", "1 5", "9 4 1 4")  # so that lines are told apart without their colors too
LARGEST = 1e300  # larger numbers are left out, as are those that are not finite

Point = tuple[float, float]


@dataclass(frozen=True)
class Axis:
    """One axis: data from `low` to `high` onto pixels from `start` to `end`."""

    low: float
    high: float
    start: float
    end: float
    log: bool = False

    def place(self, value: float) -> float:
        """The pixel of a value; of one far outside of the axis, one that is outside too."""
        low, high = self.low, self.high
        if self.log:
            low, high, value = math.log10(low), math.log10(high), math.log10(value)
        pixel = self.start + (value - low) / (high - low) * (self.end - self.start)
        return max(-FAR, min(FAR, pixel))

    def ticks(self) -> list[float]:
        """Round values along the axis. On a logarithmic one they are powers of ten; also
        twice and five times these where fewer than three powers lie on it."""
        if not self.log:
            return self._round()
        first, last = math.floor(math.log10(self.low)), math.ceil(math.log10(self.high))
        step = max(1, round((last - first) / 6))
        powers = [10.0**k for k in range(first, last + 1, step)]
        between = [float(f"{m}e{k}") for k in range(first, last + 1) for m in (1, 2, 5)]
        for marks in (powers, between):
            inside = [m for m in marks if self.low <= m <= self.high]
            if len(inside) > 2:
                return inside
        return self._round()

    def _round(self) -> list[float]:
        rough = (self.high - self.low) / 8
        size = 10.0 ** math.floor(math.log10(rough))
        step = next(k * size for k in (1, 2, 5, 10) if k * size >= rough * 0.999)
        first = math.ceil(self.low / step - 1e-9)
        count = math.floor(self.high / step + 1e-9) - first + 1
        return [(first + k) * step for k in range(count)]

    def name(self, tick: float) -> str:
        """A tick in writing: 1e−3 for powers far from 1, otherwise 0.2."""
        near = self.high / self.low < 100 and 1e-3 <= tick < 1e5
        if self.log and not (near or 1 <= self.low < self.high <= 1e4):
            mantissa, _, power = f"{tick:.3e}".partition("e")
            return f"{float(mantissa):g}e{int(power)}".replace("-", "−")
        return f"{tick:.10g}".replace("-", "−") if abs(tick) > 1e-12 or self.log else "0"


def has_place(value: float, log: bool) -> bool:
    """Whether a value can be drawn: not NaN, not huge, positive on a logarithmic axis."""
    return abs(value) <= LARGEST and (value > 0 or not log)


def axis(
    values: Sequence[float], start: float, end: float, log: bool, margin: float = 0.04
) -> Axis:
    """An axis for some values, with a margin beyond them unless it is logarithmic."""
    low, high = (min(values), max(values)) if values else (1.0, 10.0)
    if log:
        low, high = (low / 2, high * 2) if low == high else (low, high)
        return Axis(low, high, start, end, log=True)
    extra = (high - low) * margin or max(abs(low), 1.0) * 0.5
    return Axis(low - extra, high + extra, start, end)


def frame(
    across: Axis, upwards: Axis, title: str, x_label: str, y_label: str, grid: bool = True
) -> list[str]:
    """Grid, ticks, labels and title."""
    parts = []
    line = '<path d="M{} {}{}" stroke="var(--line)" stroke-width="{}"/>'
    for tick in across.ticks():
        x = round(across.place(tick), 1)
        if grid:
            parts.append(line.format(x, upwards.end, f"V{upwards.start}", 0.6))
        parts.append(text(x, upwards.start + 17, across.name(tick), 12, "soft", "middle"))
    for tick in upwards.ticks():
        y = round(upwards.place(tick), 1)
        if grid:
            parts.append(line.format(across.start, y, f"H{across.end}", 0.6))
        parts.append(text(across.start - 7, y + 4, upwards.name(tick), 12, "soft", "end"))
    corner = f"V{upwards.start}H{across.end}"
    parts.append(
        f'<path d="M{across.start} {upwards.end}{corner}" fill="none" stroke="var(--soft)"/>'
    )
    center = (across.start + across.end) / 2
    parts.append(text(across.start, 20, title, 15, weight=600))
    parts.append(text(center, upwards.start + 38, x_label, 13, anchor="middle"))
    y = (upwards.start + upwards.end) / 2
    turn = f'transform="rotate(-90 14 {y:g})"'
    parts.append(text(14, y, y_label, 13, anchor="middle", extra=turn))
    return parts


def clipped(across: Axis, upwards: Axis, parts: Sequence[str]) -> str:
    """What is drawn inside the frame; what lies outside is cut off.

    The clip's name says where it is: two pictures in a notebook may share it.
    """
    left, top = across.start - 1, upwards.end - 1
    width, height = across.end - left + 1, upwards.start - top + 1
    name = f"mg-{left:g}-{top:g}-{width:g}-{height:g}"
    return (
        f'<clipPath id="{name}"><rect x="{left:g}" y="{top:g}" width="{width:g}" '
        f'height="{height:g}"/></clipPath><g clip-path="url(#{name})">{"".join(parts)}</g>'
    )


def curve(points: Sequence[Point], across: Axis, upwards: Axis, number: int) -> str:
    """The plot's line of that number, from 0; broken where one of its points has no place."""

    def visible(point: Point) -> bool:
        return has_place(point[0], across.log) and has_place(point[1], upwards.log)

    runs = [list(run) for seen, run in groupby(points, key=visible) if seen]
    spots = [[(across.place(x), upwards.place(y)) for x, y in run] for run in runs]
    return "".join(_stroke(run if run[1:] else run * 2, number) for run in spots)


def dots(points: Sequence[Point], across: Axis, upwards: Axis, number: int) -> str:
    """Single points, in the color of that number."""
    shown = [(x, y) for x, y in points if has_place(x, across.log) and has_place(y, upwards.log)]
    color = COLORS[number % len(COLORS)]
    return "".join(circle(across.place(x), upwards.place(y), 4, color) for x, y in shown)


def _stroke(spots: Sequence[Point], number: int) -> str:
    joined = " ".join(f"{x:.1f},{y:.1f}" for x, y in spots)
    dash = DASHES[number % len(DASHES)]
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    return (
        f'<polyline points="{joined}" fill="none" stroke="var(--{COLORS[number % len(COLORS)]})" '
        f'stroke-width="2.2" stroke-linejoin="round" stroke-linecap="round"{dashed}/>'
    )


def legend_height(names: int) -> float:
    """The room that a legend of so many names takes; none where there is one name only."""
    return 18 * math.ceil(names / 3) + 8 if names > 1 else 0


def legend(lines: Sequence[str], marks: Sequence[str]) -> str:
    """The names of lines and of points, each beside a sample, three in a row."""
    parts = []
    for i, name in enumerate((*lines, *marks) if len(lines) + len(marks) > 1 else ()):
        x, y = MARGIN["left"] + (i % 3) * 162, MARGIN["top"] + 8 + 18 * (i // 3)
        if i < len(lines):
            parts.append(_stroke([(x, y - 4), (x + 22, y - 4)], i))
        else:
            parts.append(circle(x + 11, y - 4, 4, COLORS[i % len(COLORS)]))
        parts.append(text(x + 30, y, short(name, 20)))
    return "".join(parts)
