"""The figures of the theory pages, drawn by the course's own engine and `viz`.

FIGURES maps a file under theory/figures/ to the function that draws it;
`minigrad generate` writes them.
"""

import math
import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice, pairwise
from typing import Any

from minigrad.data import moons, xor
from minigrad.graph import text_tree
from minigrad.maps import attention_map, embedding_map
from minigrad.nn import MLP, Linear, mse
from minigrad.optim import SGD, Adam
from minigrad.plots import Axis
from minigrad.regions import region, samples
from minigrad.scalar import Value, softplus, topological_order
from minigrad.svg import sheet
from minigrad.svg import text as svg_text
from minigrad.viz import Drawing, boundary, draw, plot


def span(low: float, high: float, count: int = 121) -> list[float]:
    return [low + (high - low) * i / (count - 1) for i in range(count)]


# ── pictures that viz has no function for: SVG in its colors ────────────────


def picture(width: float, height: float, parts: Sequence[str], caption: str) -> Drawing:
    return Drawing(sheet(width, height, parts, caption))


def words(
    x: float, y: float, text: str, size: float = 14, anchor: str = "middle", style: str = ""
) -> str:
    return svg_text(x, y, text, size, anchor=anchor, extra=f'style="{style}"' if style else "")


def arrow(x: float, y: float, to_x: float, to_y: float, color: str = "soft", bow: float = 0) -> str:
    """A line with a head, bent to one side by `bow`."""
    middle = ((x + to_x) / 2 - bow * (to_y - y) / 100, (y + to_y) / 2 + bow * (to_x - x) / 100)
    angle = math.degrees(math.atan2(to_y - middle[1], to_x - middle[0]))
    return (
        f'<path d="M{x:.1f} {y:.1f}Q{middle[0]:.1f} {middle[1]:.1f} {to_x:.1f} {to_y:.1f}" '
        f'fill="none" stroke="var(--{color})" stroke-width="1.6"/>'
        f'<path d="M0 0l-9-4.5v9z" fill="var(--{color})" '
        f'transform="translate({to_x:.1f} {to_y:.1f}) rotate({angle:.1f})"/>'
    )


@dataclass(frozen=True)
class Panel:
    """A small frame in a picture: data between two corners onto pixels."""

    left: float
    top: float
    width: float
    height: float
    low: tuple[float, float]
    high: tuple[float, float]

    def place(self, x: float, y: float) -> tuple[float, float]:
        across = (x - self.low[0]) / (self.high[0] - self.low[0])
        upwards = (y - self.low[1]) / (self.high[1] - self.low[1])
        return self.left + across * self.width, self.top + (1 - upwards) * self.height

    def frame(self, title: str) -> str:
        return (
            f'<rect x="{self.left}" y="{self.top}" width="{self.width}" height="{self.height}" '
            'fill="none" stroke="var(--line)"/>'
            + words(self.left + self.width / 2, self.top - 8, title, 14)
        )

    def curve(self, points: Sequence[tuple[float, float]], color: str) -> str:
        joined = " ".join(f"{x:.1f},{y:.1f}" for x, y in (self.place(*p) for p in points))
        return (
            f'<polyline points="{joined}" fill="none" stroke="var(--{color})" stroke-width="2.2"/>'
        )

    def axes(self) -> tuple[Axis, Axis]:
        bottom, right = self.top + self.height, self.left + self.width
        return (
            Axis(self.low[0], self.high[0], self.left, right),
            Axis(self.low[1], self.high[1], bottom, self.top),
        )

    def regions(self, model: Callable[[list[float]], float], cells: int = 44) -> str:
        """Where a model of two inputs is positive (warm), and where it is not (cool)."""
        return region(lambda x, y: model([x, y]), *self.axes(), cells)

    def samples(self, inputs: Sequence[Sequence[float]], targets: Sequence[float]) -> str:
        return samples(inputs, targets, *self.axes())


def frozen(net: MLP) -> Callable[[list[float]], float]:
    """The net as it is now, on plain numbers: fast, and further training leaves it alone."""
    layers = [
        [([w.data for w in neuron.w], neuron.b.data) for neuron in layer.neurons]
        for layer in net.layers
    ]

    def model(x: list[float]) -> float:
        for layer in layers:
            sums = [sum(w * v for w, v in zip(ws, x)) + b for ws, b in layer]
            x = [math.tanh(z) for z in sums]
        return sums[0]

    return model


# ── the figures ─────────────────────────────────────────────────────────────


def what_you_build() -> Drawing:
    """A graph with its gradients, and below it a net that learns to separate two moons."""
    a, b = Value(2.0, label="a"), Value(3.0, label="b")
    y = a * b + a
    y.label = "y"
    y.backward()
    graph = draw(y).svg
    size = re.search(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', graph)
    assert size
    wide, tall = float(size[1]), float(size[2])
    inner = re.sub(r"^.*?</style><rect[^>]*/>|</svg>$", "", graph, flags=re.DOTALL)
    mono = "font-family:ui-monospace,monospace"
    scale = 536 / wide
    parts = [
        words(20, 34, "y = a * b + a;  y.backward()", 17, "start", mono),
        f'<svg x="12" y="50" width="536" height="{tall * scale:.0f}" '
        f'viewBox="0 0 {wide:g} {tall:g}">{inner}</svg>',
    ]
    inputs, targets = moons(40, noise=0.1, seed=3)
    net = MLP(2, [6, 6, 1], rng=random.Random(1))
    optimizer = Adam(net.parameters(), lr=0.05)
    shown, start = (0, 10, 30, 100), tall * scale + 92
    for step in range(shown[-1] + 1):
        if step in shown:
            place = shown.index(step)
            left, top = 16 + 272 * (place % 2), start + 214 * (place // 2)
            panel = Panel(left, top, 256, 168, (-1.4, -0.9), (2.4, 1.4))
            title = f"after {step} steps" if step else "a net before training"
            parts += [panel.regions(frozen(net)), panel.samples(inputs, targets)]
            parts.append(panel.frame(title))
        loss = mse([net(x) for x in inputs], targets)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    parts += written_names(24, start + 416, 184)
    caption = "A graph with gradients, a net that learns, and names that a model wrote"
    return picture(560, start + 562, parts, caption)


def zoom() -> Drawing:
    """A parabola at 3, and nearer, and nearer still."""
    parts = []
    for i, half in enumerate((2.0, 0.2, 0.02)):
        xs = span(3 - half, 3 + half, 61)
        curve = [(x, 3 * x * x - 4 * x + 5) for x in xs]
        rise = 30 * half
        panel = Panel(16 + 184 * i, 34, 168, 168, (3 - half, 20 - rise), (3 + half, 20 + rise))
        parts.append(panel.frame(f"x from {3 - half:g} to {3 + half:g}"))
        tangent = [(x, 20 + 14 * (x - 3)) for x in (xs[0], xs[-1])]
        parts += [panel.curve(tangent, "orange"), panel.curve(curve, "blue")]
        x, y = panel.place(3.0, 20.0)
        parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4.5" fill="var(--ink)"/>')
    parts.append(words(16, 228, "blue: f(x) = 3x² − 4x + 5", 14, "start", "fill:var(--blue)"))
    parts.append(words(552, 228, "orange: the tangent, slope 14", 14, "end", "fill:var(--orange)"))
    return picture(568, 244, parts, "A curve looks straight from near by")


def paths() -> Drawing:
    """Three ways from x to u and three from u to y: nine paths, or one number and one more."""
    greek = ("α", "β", "γ"), ("δ", "ε", "ζ")
    parts, xs, y = [], (70.0, 280.0, 490.0), 96.0
    for leg, names in enumerate(greek):
        for bow, name in zip((-62.0, 0.0, 62.0), names, strict=True):
            start, end = xs[leg] + 24, xs[leg + 1] - 26
            parts.append(arrow(start, y + bow / 8, end, y + bow / 8, "blue", bow))
            height = y + bow / 8 + bow / 2 * (end - start) / 100
            parts.append(words((start + end) / 2, height - 7, name, 16))
    for x, name in zip(xs, "xuy", strict=True):
        parts.append(f'<circle cx="{x}" cy="{y}" r="22" fill="var(--op)" stroke="var(--line)"/>')
        parts.append(words(x, y + 6, name, 17, style="font-style:italic"))
    lines = (
        ("path by path", "αδ + αε + αζ + βδ + βε + βζ + γδ + γε + γζ"),
        ("node by node", "(α + β + γ) · (δ + ε + ζ)"),
    )
    for i, (name, sum_of) in enumerate(lines):
        parts.append(words(36, 214 + 30 * i, name, 14, "start", "fill:var(--soft)"))
        parts.append(words(150, 214 + 30 * i, sum_of, 16, "start"))
    return picture(560, 266, parts, "Nine paths as one product of two sums")


def xor_steps() -> Drawing:
    """The training run at the top of theory/08, looked at four times."""
    inputs, targets = xor()
    net = MLP(2, [2, 1], rng=random.Random(1))
    parts, shown = [], (0, 20, 60, 200)
    for step in range(shown[-1] + 1):
        loss = mse([net(x) for x in inputs], targets)
        if step in shown:
            place = shown.index(step)
            left, top = 16 + 272 * (place % 2), 34 + 236 * (place // 2)
            panel = Panel(left, top, 256, 192, (-0.4, -0.4), (1.4, 1.4))
            parts += [panel.regions(frozen(net)), panel.samples(inputs, targets)]
            parts.append(panel.frame(f"step {step}: loss {loss.data:.2f}"))
        loss.zero_grad()
        loss.backward()
        for p in net.parameters():
            p.data -= 0.1 * p.grad
    return picture(560, 478, parts, "XOR while it is being learned")


def grid(
    left: float, top: float, rows: Sequence[Sequence[str]], lit: Sequence[tuple[int, int]] = ()
) -> str:
    """A small matrix: a box for each number, some of them lit."""
    parts = []
    for i, row in enumerate(rows):
        for j, text in enumerate(row):
            x, y = left + 44 * j, top + 34 * i
            color = "warm" if (i, j) in lit else "box"
            parts.append(
                f'<rect x="{x}" y="{y}" width="44" height="34" fill="var(--{color})" '
                'stroke="var(--soft)"/>' + words(x + 22, y + 22, text)
            )
    return "".join(parts)


def broadcast() -> Drawing:
    """A row is copied down on the way there; its gradients are added up on the way back."""
    soft = "fill:var(--soft)"
    parts = [words(20, 28, "forward: the row is copied down", 15, "start", "font-weight:600")]
    parts += [grid(20, 46, [["1", "2", "3"], ["4", "5", "6"]]), words(172, 86, "+", 18)]
    parts.append(grid(196, 46, [["10", "20", "30"]], [(0, j) for j in range(3)]))
    copy = grid(196, 80, [["10", "20", "30"]])
    parts.append(f'<g opacity="0.5" stroke-dasharray="4 3">{copy}</g>')
    parts += [arrow(340, 58, 340, 106, "orange"), words(352, 86, "a copy", 13, "start", soft)]
    parts += [words(420, 86, "=", 18), grid(444, 46, [["11", "22", "33"], ["14", "25", "36"]])]
    parts.append(
        words(20, 158, "backward: the copies are added up", 15, "start", "font-weight:600")
    )
    parts.append(grid(20, 176, [["1", "2", "3"], ["10", "20", "30"]]))
    parts += [arrow(42 + 44 * j, 248, 42 + 44 * j, 274, "orange") for j in range(3)]
    parts.append(grid(20, 278, [["11", "22", "33"]], [(0, j) for j in range(3)]))
    parts.append(words(172, 215, "the gradient that arrives: one row per copy", 14, "start", soft))
    parts.append(
        words(172, 300, "the gradient of the row: the sum down each column", 14, "start", soft)
    )
    return picture(596, 330, parts, "Broadcasting a row, and its gradient")


def product() -> Drawing:
    """A product of matrices: which row and which column meet, and where one factor goes."""
    soft = "fill:var(--soft)"

    def names(letter: str, rows: int, columns: int) -> list[list[str]]:
        return [
            [f"{letter}{chr(8321 + i)}{chr(8321 + j)}" for j in range(columns)] for i in range(rows)
        ]

    def three(top: float, lit: tuple[list[tuple[int, int]], ...]) -> str:
        places = ((20, top + 17, "A", 2, 3), (196, top, "B", 3, 4), (416, top + 17, "C", 2, 4))
        pieces = [
            grid(left, y, names(letter.lower(), rows, columns), bright)
            for (left, y, letter, rows, columns), bright in zip(places, lit, strict=True)
        ]
        return "".join([*pieces, words(174, top + 56, "·", 24), words(394, top + 56, "=", 18)])

    def row(i: int, columns: int) -> list[tuple[int, int]]:
        return [(i, j) for j in range(columns)]

    title = "font-weight:600"
    parts = [words(20, 28, "forward: a row meets a column", 15, "start", title)]
    parts.append(three(46, (row(1, 3), [(k, 2) for k in range(3)], [(1, 2)])))
    parts.append(words(20, 186, "backward: where does a₂₁ take part?", 15, "start", title))
    parts.append(three(204, ([(1, 0)], row(0, 4), row(1, 4))))
    told = "In the whole row 2 of C, each time with a number of row 1 of B."
    parts.append(words(20, 334, told, 14, "start", soft))
    return picture(612, 352, parts, "A matrix product, forward and backward")


def error_against_step() -> Drawing:
    steps = [10 ** (-k / 6) for k in range(6, 79)]
    central = [
        (h, abs((math.exp(1 + h) - math.exp(1 - h)) / (2 * h) - math.e) or 1e-17) for h in steps
    ]
    forward = [(h, abs((math.exp(1 + h) - math.exp(1)) / h - math.e) or 1e-17) for h in steps]
    return plot(
        {"central difference": central, "forward difference": forward},
        "Error of the slope of exp at 1",
        "step h",
        "error",
        x_log=True,
        y_log=True,
    )


def secants() -> Drawing:
    def line(x: float, y: float, slope: float) -> list[tuple[float, float]]:
        return [(t, y + slope * (t - x)) for t in (1.4, 2.6)]

    h = 0.5
    below, here, above = (2 - h) ** 3, 2.0**3, (2 + h) ** 3
    return plot(
        {
            "x cubed": [(x, x**3) for x in span(1.4, 2.6)],
            "tangent, 12": line(2, here, 12.0),
            "forward, 15.25": line(2, here, (above - here) / h),
            "central, 12.25": line(2 - h, below, (above - below) / (2 * h)),
        },
        "Two ways to measure a slope",
        "x",
        points={"points": [(2 - h, below), (2.0, here), (2 + h, above)]},
    )


def node() -> Drawing:
    a, b = Value(3.0, label="a"), Value(4.0, label="b")
    return draw(a * b)


def bill() -> Drawing:
    price, count = Value(4.0, label="price"), Value(3.0, label="count")
    cost = price * count
    cost.label = "cost"
    total = cost + Value(5.0, label="delivery")
    total.label = "total"
    return draw(total)


def expression() -> Drawing:
    x, y, z = Value(2.0, label="x"), Value(-3.0, label="y"), Value(10.0, label="z")
    w = x * y + z
    w.label = "w"
    return draw(w)


def rectangle() -> Drawing:
    """An area whose sides both grow by h: two strips, and a corner."""
    unit, left, top, a, b, h = 112.0, 74.0, 56.0, 3.0, 2.0, 0.5
    x, y = left + a * unit, top + h * unit  # the corner of the rectangle before it grew
    right, bottom = x + h * unit, y + b * unit

    def tile(x: float, y: float, to_x: float, to_y: float, color: str, name: str) -> str:
        return (
            f'<rect x="{x:g}" y="{y:g}" width="{to_x - x:g}" height="{to_y - y:g}" '
            f'fill="var(--{color})" stroke="var(--soft)"/>'
            + words((x + to_x) / 2, (y + to_y) / 2 + 6, name, 17)
        )

    def side(x: float, y: float, to_x: float, to_y: float, name: str) -> str:
        beside = (-18, 6) if x == to_x else (0, 22)
        return (
            f'<path d="M{x:g} {y:g}L{to_x:g} {to_y:g}" stroke="var(--ink)" stroke-width="1.6"/>'
            + words(
                (x + to_x) / 2 + beside[0],
                (y + to_y) / 2 + beside[1],
                name,
                17,
                style="font-style:italic",
            )
        )

    parts = [
        words(left, 30, "Both sides grow by h", 15, "start", "font-weight:600"),
        tile(left, y, x, bottom, "op", "a · b"),
        tile(x, y, right, bottom, "warm", "b · h"),
        tile(left, top, x, y, "cool", "a · h"),
        tile(x, top, right, y, "paper", "h²"),
        f'<rect x="{left:g}" y="{y:g}" width="{a * unit:g}" height="{b * unit:g}" fill="none" '
        'stroke="var(--ink)" stroke-width="2.4"/>',
        side(left, bottom + 10, x - 3, bottom + 10, "a"),
        side(x + 3, bottom + 10, right, bottom + 10, "h"),
        side(left - 10, y + 3, left - 10, bottom, "b"),
        side(left - 10, top, left - 10, y - 3, "h"),
    ]
    total = "(a + h) · (b + h)  =  a·b + b·h + a·h + h²"
    parts.append(words((left + right) / 2, bottom + 66, total, 17))
    return picture(540, bottom + 88, parts, "A rectangle of sides a and b that grows by h")


def quotient() -> Drawing:
    a, b, c = Value(7.0, label="a"), Value(1.0, label="b"), Value(3.0, label="c")
    d = a - b
    q = d / c
    d.label, q.label = "d", "q"
    q.backward()
    return draw(q)


def lecture_graph() -> Drawing:
    a, b, c, d = (Value(v, label=n) for v, n in zip((2.0, 3.0, 4.0, 5.0), "abcd", strict=True))
    p = a * b
    q = p + c
    r = a + d
    f = q * r
    p.label, q.label, r.label, f.label = "p", "q", "r", "f"
    f.backward()
    return draw(f, edges={p: (b.data, a.data), q: (1, 1), r: (1, 1), f: (r.data, q.data)})


# The lecture graph f = (a·b + c)·(a + d), small: where its nodes are, and their parents.
PLACES = {
    **{"b": (46, 52), "a": (130, 52), "d": (224, 52), "p": (88, 112), "c": (154, 112)},
    **{"r": (224, 112), "q": (121, 172), "f": (172, 226)},
}
PARENTS = {"f": ("q", "r"), "r": ("a", "d"), "q": ("p", "c"), "p": ("a", "b")}


def two_ways() -> Drawing:
    """Forward mode from `a` and reverse mode from `f`, on one graph: which numbers each finds."""
    a, b, c, d = 2.0, 3.0, 4.0, 5.0
    q, r = a * b + c, a + d
    slopes = {"p": (b, a), "q": (1.0, 1.0), "r": (1.0, 1.0), "f": (r, q)}
    moved = dict.fromkeys("bacd", 0.0) | {"a": 1.0}
    for node in "pqrf":
        pairs = zip(slopes[node], PARENTS[node], strict=True)
        moved[node] = sum(slope * moved[parent] for slope, parent in pairs)
    blamed = dict.fromkeys("bacdpqr", 0.0) | {"f": 1.0}
    for node in "frqp":
        for slope, parent in zip(slopes[node], PARENTS[node], strict=True):
            blamed[parent] += slope * blamed[node]
    ways = (
        ("forward, from a", moved, "a", "blue", "how fast each node moves when a moves"),
        ("back, from f", blamed, "f", "orange", "how fast f moves when each node moves"),
    )
    parts = []
    for column, (title, numbers, start, color, below) in enumerate(ways):
        pieces = [words(14, 22, title, 15, "start", "font-weight:600")]
        for node, parents in PARENTS.items():
            for parent in parents:
                ends = (parent, node) if color == "blue" else (node, parent)
                (x, y), (to_x, to_y) = (PLACES[end] for end in ends)
                share = 18 / math.hypot(to_x - x, to_y - y)
                near = (x + share * (to_x - x), y + share * (to_y - y))
                far = (to_x - share * (to_x - x), to_y - share * (to_y - y))
                carries = numbers[ends[0]] != 0
                pieces.append(arrow(*near, *far, color if carries else "line"))
        for node, (x, y) in PLACES.items():
            fill, edge = ("warm", color) if node == start else ("op", "line")
            pieces.append(
                f'<circle cx="{x}" cy="{y}" r="16" fill="var(--{fill})" stroke="var(--{edge})" '
                f'stroke-width="{2.4 if node == start else 1.2}"/>'
            )
            pieces.append(words(x, y + 5, node, 15, style="font-style:italic"))
            kind = "grad halo" if numbers[node] else "soft halo"
            pieces.append(svg_text(x + 20, y - 7, f"{numbers[node]:g}", 14, kind))
        pieces.append(words(140, 272, below, 13, style="fill:var(--soft)"))
        parts.append(f'<g transform="translate({288 * column} 0)">{"".join(pieces)}</g>')
    return picture(576, 290, parts, "Forward mode and reverse mode on one graph")


def patterns() -> Drawing:
    """What a sum, a product and a maximum send back, and what a node gets that is used twice."""
    left, right, arrives = 5.0, -2.0, 3.0
    x, y, z, where = (68, 74), (68, 146), (178, 110), (254, 110)
    ways = (
        ("a sum copies", "+", (1.0, 1.0)),
        ("a product swaps", "*", (right, left)),
        ("a maximum routes", "max", (float(left > right), float(right > left))),
    )
    panels = []
    for title, sign, slopes in ways:
        pieces = [_ball(*z, sign, "warm"), _sent(where, z, arrives)]
        for place, data, slope in zip((x, y), (left, right), slopes, strict=True):
            pieces += [_ball(*place, _plain(data)), _sent(z, place, slope * arrives)]
        panels.append((title, pieces))
    above, below = (178, 74), (178, 146)
    pieces = [_ball(68, 110, _plain(left)), _ball(*above, "u", "warm"), _ball(*below, "v", "warm")]
    pieces += [_sent(above, (68, 110), 3.0), _sent(below, (68, 110), 4.0)]
    pieces.append(svg_text(68, 152, f"3 + 4 = {3.0 + 4.0:g}", 15, "grad halo", "middle"))
    panels.append(("used twice: it adds", pieces))
    parts = []
    for number, (title, pieces) in enumerate(panels):
        heading = words(14, 26, title, 15, "start", "font-weight:600")
        at = f"translate({280 * (number % 2)} {180 * (number // 2)})"
        parts.append(f'<g transform="{at}">{heading}{"".join(pieces)}</g>')
    return picture(560, 360, parts, "Patterns of the backward pass")


def _ball(x: float, y: float, text: str, fill: str = "op") -> str:
    edge = "orange" if fill == "warm" else "line"
    circle = f'<circle cx="{x}" cy="{y}" r="20" fill="var(--{fill})" stroke="var(--{edge})"/>'
    return circle + words(x, y + 5, text, 14 if len(text) > 1 else 16)


def _sent(start: tuple[float, float], end: tuple[float, float], number: float) -> str:
    """A gradient on its way from one circle to another."""
    (x, y), (to_x, to_y) = start, end
    share = 23 / math.hypot(to_x - x, to_y - y)
    near = (x + share * (to_x - x), y + share * (to_y - y))
    far = (to_x - share * (to_x - x), to_y - share * (to_y - y))
    line = arrow(*near, *far, "orange" if number else "line")
    middle = (near[0] + far[0]) / 2, (near[1] + far[1]) / 2 - 6
    return line + svg_text(*middle, _plain(number), 15, "grad halo", "middle", 600)


def _plain(number: float) -> str:
    return f"{number:g}".replace("-", "\N{MINUS SIGN}")


def pass_in_frames() -> Drawing:
    """The pass through the lecture graph, a rule at a time: the steps of theory/04's table."""
    places, parents = PLACES, PARENTS
    sent = {"f": (7, 10), "r": (10, 10), "q": (7, 7), "p": (21, 14)}
    parts: list[str] = []
    grads: dict[str, str] = {}
    for step, lit in enumerate(("", "f", "r", "q", "p")):
        if lit:
            for parent, number in zip(parents[lit], sent[lit], strict=True):
                grads[parent] = f"{grads[parent]} + {number}" if parent in grads else str(number)
        else:
            grads["f"] = "1"
        pieces = []
        for node, (x, y) in places.items():
            for i, parent in enumerate(parents.get(node, ())):
                to_x, to_y = places[parent]
                share = 18 / math.hypot(to_x - x, to_y - y)
                ends = (x + share * (to_x - x), y + share * (to_y - y))
                ends += (to_x - share * (to_x - x), to_y - share * (to_y - y))
                if node == lit:
                    pieces.append(arrow(*ends, "orange"))
                    aside, anchor = (7, "start") if to_x > x else (-7, "end")
                    middle = (x + to_x) / 2 + aside, (y + to_y) / 2 + 6
                    label = svg_text(*middle, str(sent[node][i]), 14, "halo", anchor, 600)
                    pieces.append(label)
                else:
                    line = "M{:.1f} {:.1f}L{:.1f} {:.1f}".format(*ends)
                    pieces.append(f'<path d="{line}" stroke="var(--soft)"/>')
        for node, (x, y) in places.items():
            now = node == (lit or "f")
            color, edge, wide = ("warm", "orange", 2.4) if now else ("op", "line", 1.2)
            pieces.append(
                f'<circle cx="{x}" cy="{y}" r="16" fill="var(--{color})" '
                f'stroke="var(--{edge})" stroke-width="{wide}"/>'
            )
            pieces.append(words(x, y + 5, node, 15, style="font-style:italic"))
            pieces.append(svg_text(x + 20, y - 7, grads.get(node, ""), 14, "grad halo"))
        title = f"{step}. the rule of {lit}" if lit else "0. the seed"
        pieces.append(words(14, 22, title, 15, "start", "font-weight:600"))
        left, top = 280 * (step % 2), 256 * (step // 2)
        parts.append(f'<g transform="translate({left} {top})">{"".join(pieces)}</g>')
    key = (
        "Circle in bold: its rule runs.",
        "Number on an arrow: what it sends,",
        "its gradient · local derivative.",
        "Number beside a circle:",
        "its gradient so far.",
    )
    parts += [words(300, 590 + 24 * i, line, 14, "start") for i, line in enumerate(key)]
    return picture(560, 772, parts, "The backward pass in five frames")


def uneven() -> Drawing:
    """A node that its result uses at once and, along a second way, four operations later."""
    x = Value(0.2)
    u = 3 * x
    y = 2 * u.tanh().exp().log() + u
    y.backward()
    long_way = u.grad - 1
    row = ["x", "u", "tanh", "exp", "log", "2 ·", "y"]
    places = [40 + 80 * i for i in range(len(row))]
    height, radius = 128, 24
    parts = [
        arrow(at + radius, height, following - radius, height) for at, following in pairwise(places)
    ]
    parts += [
        f'<path d="M120 {height - radius}C140 34 500 34 514 {height - radius - 8}" fill="none" '
        'stroke="var(--orange)" stroke-width="2"/>',
        arrow(513.5, height - radius - 10, 515, height - radius - 1, "orange"),
        words(320, 40, "the short way sends u its 1 at once", 17),
        words(360, height + 54, f"the long way sends {long_way:.3f}, after four rules", 17),
    ]
    for at, name in zip(places, row, strict=True):
        own = name in "xuy"
        parts.append(
            f'<circle cx="{at}" cy="{height}" r="{radius}" fill="var(--{"warm" if own else "op"})" '
            f'stroke="var(--{"orange" if name == "u" else "line"})" stroke-width="1.6"/>'
        )
        style = "font-style:italic" if own else ""
        parts.append(words(at, height + 5, name, 16, style=style))
    for at, node in ((40, x), (120, u)):
        for line, text in enumerate(("grad", f"{node.grad:.3f}")):
            parts.append(svg_text(at, height + 46 + 20 * line, text, 16, "grad", "middle"))
    return picture(560, height + 84, parts, "u reaches y along a short and along a long way")


def functions() -> Drawing:
    xs = span(-4, 4)
    return plot(
        {
            "tanh": [(x, Value(x).tanh().data) for x in xs],
            "sigmoid": [(x, Value(x).sigmoid().data) for x in xs],
            "relu": [(x, Value(x).relu().data) for x in xs if x <= 1.6],
            "sin": [(x, Value(x).sin().data) for x in xs],
        },
        "Functions that bend",
        "x",
    )


def derivatives() -> Drawing:
    def slope(method: str, x: float) -> float:
        node = Value(x)
        getattr(node, method)().backward()
        return node.grad

    xs = span(-4, 4, 201)
    names = ("tanh", "sigmoid", "relu")
    return plot({n: [(x, slope(n, x)) for x in xs] for n in names}, "Their derivatives", "x")


def chain() -> Drawing:
    def slopes(method: str) -> list[tuple[float, float]]:
        found = []
        for length in range(1, 21):
            x = y = Value(0.5)
            for _ in range(length):
                y = getattr(y, method)()
            y.backward()
            found.append((float(length), x.grad))
        return found

    names = ("tanh", "sigmoid", "relu")
    return plot(
        {n: slopes(n) for n in names}, "Functions in a row", "how many", "gradient", y_log=True
    )


def detached() -> Drawing:
    a = Value(3.0, label="a")
    y = a * Value(a.data, label="Value(a.data)")
    y.backward()
    return draw(y)


def disagreement() -> Drawing:
    """A right and a wrong rule of tanh, checked with one step after the other."""

    def numeric(h: float) -> float:
        above, below = (math.tanh(a * -1.2) + a for a in (0.5 + h, 0.5 - h))
        return (above - below) / (2 * h)

    steps = [10 ** (-k / 6) for k in range(73)]
    slope = 1 - math.tanh(-0.6) ** 2
    return plot(
        {
            "right rule": [(h, abs(1 - 1.2 * slope - numeric(h)) or 1e-17) for h in steps],
            "wrong rule": [(h, abs(1 - 1.2 * (1 - 0.6**2) - numeric(h))) for h in steps],
            "tolerance": [(h, 1e-4 + 1e-3 * abs(numeric(h))) for h in steps],
        },
        "Two gradients compared, for many steps",
        "step h",
        "disagreement",
        x_log=True,
        y_log=True,
    )


def neuron() -> Drawing:
    x1, x2 = Value(2.0, label="x1"), Value(0.0, label="x2")
    w1, w2, b = Value(-3.0, label="w1"), Value(1.0, label="w2"), Value(6.8814, label="b")
    y = (x1 * w1 + x2 * w2 + b).tanh()
    y.label = "y"
    y.backward()
    return draw(y)


def xor_by_hand() -> Drawing:
    net = MLP(2, [2, 1])
    by_hand = [4.0, 4.0, -2.0, 4.0, 4.0, -6.0, 1.0, -1.0, -1.0]
    for parameter, number in zip(net.parameters(), by_hand, strict=True):
        parameter.data = number
    inputs, targets = xor()
    return boundary(net, inputs, targets, "XOR, by hand")


def train(rate: float, steps: int, seed: int = 1) -> tuple[MLP, list[float]]:
    inputs, targets = xor()
    net = MLP(2, [2, 1], rng=random.Random(seed))
    optimizer = SGD(net.parameters(), lr=rate, momentum=0.5)
    losses = []
    for _ in range(steps):
        loss = mse([net(x) for x in inputs], targets)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        losses.append(loss.data)
    return net, losses


def losses() -> Drawing:
    """What a sample with the label +1 (or 1) costs, by its score."""
    scores = span(-2.0, 3.0)
    return plot(
        {
            "squared error": [(z, (z - 1) ** 2) for z in scores],
            "hinge": [(z, max(0.0, 1 - z)) for z in scores],
            "binary cross-entropy": [(z, math.log(1 + math.exp(-z))) for z in scores],
        },
        "Losses of one sample",
        "score",
        "loss",
    )


def rates() -> Drawing:
    curves = {f"rate {rate}": list(enumerate(train(rate, 120)[1])) for rate in (0.003, 0.1, 1.5)}
    title = "XOR with three learning rates"
    return plot(curves, title, "step", "loss", y_log=True, y_range=(1e-3, 20.0))


def xor_boundary() -> Drawing:
    net, _ = train(0.1, 400)
    inputs, targets = xor()
    return boundary(net, inputs, targets, "XOR, learned")


def graph() -> Drawing:
    a = Value(3.0, label="a")
    y = a * a + 2 * a
    y.label = "y"
    y.backward()
    return draw(y)


def lines_of_text() -> Drawing:
    """A leaf added to itself n times: lines with every shared node unfolded, and text_tree's."""
    node = Value(1.0)
    unfolded = {node: 1}
    every_time, once = [], []
    for n in range(1, 41):
        node = node + node
        unfolded[node] = 1 + sum(unfolded[parent] for parent in node._prev)
        every_time.append((float(n), float(unfolded[node])))
        once.append((float(n), float(len(text_tree(node).splitlines()))))
    return plot(
        {"unfolded every time": every_time, "unfolded once": once},
        "A graph as text",
        "sums",
        "lines",
        y_log=True,
    )


def customers() -> Drawing:
    w, x, b = Value(0.5, label="w"), Value(2.0, label="x"), Value(-1.0, label="b")
    z = w * x + b
    p = softplus(z)
    loss = (p - 1.0) ** 2
    z.label, p.label, loss.label = "z", "p", "loss"
    loss.backward()
    return draw(loss)


def softplus_and_relu() -> Drawing:
    xs = span(-4, 4)
    return plot(
        {
            "softplus": [(x, softplus(x).data) for x in xs],
            "relu": [(x, max(0.0, x)) for x in xs],
        },
        "A relu with a rounded corner",
        "x",
    )


def tensor_training() -> Drawing:
    import numpy as np

    from minigrad.tensor import Tensor, cross_entropy

    inputs, targets = moons(80, noise=0.1, seed=2)
    classes = [int(target > 0) for target in targets]
    rng = np.random.default_rng(0)
    shapes = [(2, 16), (16,), (16, 2), (2,)]
    parameters = [Tensor(rng.uniform(-1, 1, shape)) for shape in shapes]
    losses = []
    for step in range(150):
        w1, b1, w2, b2 = parameters
        logits = (Tensor(inputs) @ w1 + b1).tanh() @ w2 + b2
        loss = cross_entropy(logits, classes)
        for p in parameters:
            p.grad = np.zeros(p.shape)
        loss.backward()
        for p in parameters:
            p.data = p.data - 0.5 * p.grad
        losses.append((step, loss.data.item()))
    return plot({"loss": losses}, "Two moons with tensors", "step", "cross-entropy", y_log=True)


def nodes_of_a_layer() -> Drawing:
    import numpy as np

    from minigrad import tensor

    scalars, tensors = [], []
    for width in range(1, 41):
        outputs = Linear(width, width)([Value(0.1) for _ in range(width)])
        total = sum(outputs) if width > 1 else outputs
        scalars.append((float(width), float(len(topological_order(total)))))
        x, w, b = (tensor.Tensor(np.ones(s)) for s in ((1, width), (width, width), (width,)))
        tensors.append((float(width), float(len(tensor.topological_order((x @ w + b).sum())))))
    return plot(
        {"scalars": scalars, "tensors": tensors}, "A layer's graph", "width", "nodes", y_log=True
    )


def box(left: float, top: float, width: float, lines: Sequence[str], color: str = "box") -> str:
    """An object of Python's as a box: its name, and what is in it, a line each."""
    parts = [
        f'<rect x="{left}" y="{top}" width="{width}" height="{14 + 20 * len(lines)}" rx="5" '
        f'fill="var(--{color})" stroke="var(--soft)"/>'
    ]
    for i, line in enumerate(lines):
        style = "" if i else "font-weight:600"
        parts.append(words(left + width / 2, top + 21 + 20 * i, line, 14, style=style))
    return "".join(parts)


def ball(x: float, y: float, name: str) -> str:
    """A node, small."""
    return f'<circle cx="{x}" cy="{y}" r="17" fill="var(--op)" stroke="var(--soft)"/>' + words(
        x, y + 5, name, 15, style="font-style:italic"
    )


def kept_by_a_node() -> Drawing:
    """One product as objects: a node with a closure, which holds itself, and a flat node."""
    orange = "fill:var(--orange)"
    parts = [words(16, 26, "with a closure: eight objects", 15, "start", "font-weight:600")]
    cells = (("out", 150.0), ("self", 254.0), ("other", 358.0))
    parts += [
        box(16, 44, 84, ["Value", "y"], "op"),
        box(150, 44, 124, ["dict", "its attributes"]),
        box(324, 44, 112, ["tuple", "its inputs"]),
        box(150, 136, 124, ["function", "its rule"]),
        box(324, 136, 112, ["tuple", "of cells"]),
        *(box(x, 236, 78, ["cell", name]) for name, x in cells),
        ball(566, 71, "a"),
        ball(566, 163, "b"),
        arrow(100, 71, 148, 71),
        arrow(274, 71, 322, 71),
        arrow(212, 98, 212, 134),
        arrow(274, 163, 322, 163),
        arrow(436, 66, 548, 69),
        arrow(436, 82, 551, 151),
        *(arrow(380, 190, x + 40, 234) for _, x in cells),
        arrow(332, 246, 554, 86, "soft", 12),
        arrow(436, 262, 558, 181, "soft", 12),
        arrow(148, 262, 58, 100, "orange", -26),
        words(16, 318, "in orange, the way back: the node holds itself", 14, "start", orange),
        words(16, 364, "flat: numbers, and who they are for", 15, "start", "font-weight:600"),
        box(16, 382, 84, ["Value", "y"], "op"),
        box(150, 382, 144, ["inputs", "a, b"]),
        box(150, 452, 144, ["local derivatives", "3.0, 2.0"]),
        ball(566, 395, "a"),
        ball(566, 465, "b"),
        arrow(100, 404, 148, 404),
        arrow(100, 422, 148, 470),
        arrow(294, 402, 547, 396),
        arrow(294, 416, 549, 458),
    ]
    return picture(600, 520, parts, "What a product keeps: with a closure, and flat")


# Shares of a step's instructions on MLP(3, [4, 4, 1]), as theory/11 counts them: the same to a
# percent in Python 3.11 to 3.13, and drawn from here so that the picture is the same in all.
STEP = (
    ("forward", 38, "blue"),
    ("search", 44, "orange"),
    ("clear", 5, "soft"),
    ("rules", 13, "green"),
)


def parts_of_a_step() -> Drawing:
    """A bar of what a step of the book's engine does."""
    parts, left, wide = [], 16.0, 568.0
    for name, share, color in STEP:
        width = wide * share / 100
        parts.append(
            f'<rect x="{left:.1f}" y="44" width="{width - 2:.1f}" height="44" rx="3" '
            f'fill="var(--{color})"/>'
        )
        parts.append(words(left + width / 2, 34, f"{share} %", 14))
        parts.append(words(left + width / 2, 110, name, 14))
        left += width
    start, end = 16 + wide * 0.38, 16 + wide
    parts.append(
        f'<path d="M{start:.1f} 122v8H{end - 2:.1f}v-8" fill="none" stroke="var(--soft)"/>'
    )
    parts.append(words((start + end) / 2, 150, "the backward pass", 14, style="fill:var(--soft)"))
    return picture(600, 166, parts, "Where the instructions of a step go")


def fused_sum() -> Drawing:
    """A sum of four products as a tree of seven operations, and as one."""
    parts = [
        words(16, 26, "products and sums", 15, "start", "font-weight:600"),
        words(368, 26, "one node", 15, "start", "font-weight:600"),
    ]

    def op(x: float, y: float, name: str) -> str:
        return (
            f'<rect x="{x - 20}" y="{y - 15}" width="40" height="30" rx="6" fill="var(--op)" '
            'stroke="var(--soft)"/>' + words(x, y + 5, name, 15)
        )

    def leaves(left: float, gap: float, pair: float) -> list[tuple[float, str]]:
        return [
            (left + gap * i + pair * j, f"{letter}{chr(8321 + i)}")
            for i in range(4)
            for j, letter in enumerate("wx")
        ]

    many = leaves(32, 76, 36)
    products = [50 + 76 * i for i in range(4)]
    sums = [(88.0, 156.0), (164.0, 106.0), (240.0, 56.0)]
    for i, (x, _) in enumerate(many):
        parts.append(arrow(x, 261, products[i // 2] + (-6 if i % 2 == 0 else 6), 221))
    parts.append(arrow(products[0], 191, sums[0][0] - 8, 171))
    parts.append(arrow(products[1], 191, sums[0][0] + 8, 171))
    for ((x, y), (to_x, to_y)), factor in zip(pairwise(sums), products[2:], strict=True):
        parts.append(arrow(x + 12, y - 15, to_x - 20, to_y + 8))
        parts.append(arrow(factor, 191, to_x + 12, to_y + 15))
    parts += [op(x, 206, "·") for x in products] + [op(x, y, "+") for x, y in sums]
    few = leaves(376, 58, 28)
    parts += [arrow(x, 261, 477 + (x - 477) * 0.2, 171) for x, _ in few]
    parts.append(op(477, 156, "dot"))
    for (x, name), radius in [(leaf, 15) for leaf in many] + [(leaf, 13) for leaf in few]:
        parts.append(
            f'<circle cx="{x}" cy="276" r="{radius}" fill="var(--box)" stroke="var(--soft)"/>'
            + words(x, 281, name, 14)
        )
    return picture(616, 308, parts, "A weighted sum: seven operations, or one")


# ── a language model ────────────────────────────────────────────────────────

STEPS, STOPS = 1000, (0, 100, 1000)
LETTERS = "font-family:ui-monospace,monospace"


@dataclass(frozen=True)
class Reader:
    """A model after its training, the losses on the way, and what it wrote at each stop."""

    model: Any
    vocabulary: Any
    losses: list[float]
    written: dict[int, list[str]]


@cache
def reader() -> Reader:
    """The GPT of theory/12-lm.md, trained as there."""
    from minigrad.data import names
    from minigrad.lm import Gpt, Vocabulary, sample
    from minigrad.lm import train as lessons

    training, _ = names()
    vocabulary = Vocabulary(training)
    model = Gpt(len(vocabulary), rng=random.Random(0))
    optimizer = Adam(model.parameters(), lr=0.02, betas=(0.85, 0.99))
    steps = lessons(model, training, vocabulary, optimizer, STEPS)
    losses: list[float] = []
    written = {}
    for stop in STOPS:
        losses += islice(steps, stop - len(losses))
        written[stop] = [sample(model, vocabulary, random.Random(n), 0.7) for n in range(6)]
    return Reader(model, vocabulary, losses, written)


def written_names(left: float, top: float, width: float) -> list[str]:
    """What the model wrote at each stop, side by side."""
    parts = []
    for i, (stop, names) in enumerate(reader().written.items()):
        x = left + i * width
        title = f"after {stop:,} steps" if stop else "before training"
        parts.append(words(x, top, title, 14, "start", "font-weight:600"))
        for row, name in enumerate(names):
            parts.append(words(x, top + 24 + 21 * row, name, 15, "start", LETTERS))
    return parts


def names_learned() -> Drawing:
    """The loss of a language model, and names that it writes on the way."""
    losses, near = reader().losses, 25
    smooth = []
    for step in range(0, STEPS, 5):
        around = losses[max(0, step - near) : step + near]
        smooth.append((step, sum(around) / len(around)))
    panel = Panel(56, 20, 500, 190, (0, 1.6), (STEPS, 4.2))
    parts = []
    for height in (2, 3, 4):
        y = panel.place(0, height)[1]
        parts.append(
            f'<line x1="56" x2="556" y1="{y:.1f}" y2="{y:.1f}" stroke="var(--line)"/>'
            + words(46, y + 5, str(height), 13, "end", "fill:var(--soft)")
        )
    raw = panel.curve(
        [(i, min(max(a, 1.6), 4.2)) for i, a in enumerate(losses) if not i % 3], "sky"
    )
    parts.append(f'<g opacity="0.4">{raw}</g>')
    parts.append(panel.curve(smooth, "blue"))
    y = panel.place(0, math.log(27))[1]
    parts.append(
        f'<line x1="56" x2="556" y1="{y:.1f}" y2="{y:.1f}" stroke="var(--orange)" '
        'stroke-width="1.6" stroke-dasharray="6 4"/>'
    )
    parts.append(words(552, y - 7, "knowing nothing: ln 27", 14, "end", "fill:var(--orange)"))
    for stop, anchor in zip((0, 500, 1000), ("start", "middle", "end")):
        parts.append(words(panel.place(stop, 0)[0], 230, f"{stop:,}", 13, anchor))
    parts.append(words(16, 14, "loss", 13, "start", "fill:var(--soft)"))
    parts.append(words(430, 230, "steps", 13, "middle", "fill:var(--soft)"))
    parts += written_names(56, 268, 180)
    return picture(584, 412, parts, "The loss of a language model, and names that it writes")


def block_of_a_gpt() -> Drawing:
    """One position's stream through a block: read, work, add, twice; then the logits."""
    soft, y = "fill:var(--soft)", 170.0

    def box(x: float, top: float, width: float, name: str, color: str = "box") -> str:
        return (
            f'<rect x="{x}" y="{top}" width="{width}" height="34" rx="6" fill="var(--{color})" '
            'stroke="var(--soft)"/>' + words(x + width / 2, top + 22, name, 14)
        )

    def plus(x: float) -> str:
        return (
            f'<circle cx="{x}" cy="{y}" r="13" fill="var(--paper)" stroke="var(--ink)" '
            'stroke-width="1.8"/>' + words(x, y + 6, "+", 19)
        )

    stream = f'<path d="M56 {y}H600" stroke="var(--blue)" stroke-width="6" fill="none"/>'
    parts = [stream]
    for letter, name, top in (("n", "token", y - 62), ("3", "position", y + 44)):
        parts.append(words(56, top + (-8 if top < y else 34), letter, 16, "middle", LETTERS))
        parts.append(box(16, top - (0 if top < y else 18), 80, name))
    parts += [arrow(56, y - 28, 56, y - 14), arrow(56, y + 26, 56, y + 14), plus(56)]
    for left, steps in (
        (116, ("normalize", "attention", "mix")),
        (356, ("normalize", "up, relu", "down")),
    ):
        tops = (112, 64, 16)
        parts.append(arrow(left + 44, y, left + 44, tops[0] + 36))
        for name, top in zip(steps, tops):
            parts.append(box(left, top, 92, name, "op" if top < 112 else "box"))
        parts += [arrow(left + 44, 112, left + 44, 100), arrow(left + 44, 64, left + 44, 52)]
        parts.append(
            f'<path d="M{left + 92} 33H{left + 160}V{y - 22}" fill="none" stroke="var(--soft)" '
            'stroke-width="1.6"/>'
        )
        parts += [arrow(left + 160, y - 24, left + 160, y - 14), plus(left + 160)]
    parts.append(words(116, 238, "keys and values of the positions before", 14, "start", soft))
    parts.append(arrow(236, 220, 210, 84, "orange", -14))
    parts += [arrow(600, y, 612, y, "blue"), box(612, y - 17, 84, "normalize")]
    parts += [arrow(654, y - 17, 654, y - 34), box(612, y - 70, 84, "output", "op")]
    parts += [arrow(654, y - 70, 654, y - 88), words(654, y - 96, "27 logits", 14)]
    parts.append(
        words(
            300,
            y + 26,
            "the stream: 12 numbers",
            14,
            "start",
            "fill:var(--blue)",
        )
    )
    return picture(
        712, 256, parts, "A block of a GPT: attention and a small net, each added to a stream"
    )


def embedding() -> Drawing:
    rows = [[number.data for number in row] for row in reader().model.weights["token"]]
    return embedding_map(rows, "·" + reader().vocabulary.characters)


def attention() -> Drawing:
    looked: list[list[list[float]]] = []
    ids = reader().vocabulary.encode("christina")[:-1]
    reader().model.logits(ids, looked)
    return attention_map(looked, "·christina")


FIGURES: dict[str, Callable[[], Drawing]] = {
    "00-minigrad.svg": what_you_build,
    "01-zoom.svg": zoom,
    "01-error.svg": error_against_step,
    "01-secants.svg": secants,
    "02-node.svg": node,
    "02-bill.svg": bill,
    "03-graph.svg": expression,
    "03-rectangle.svg": rectangle,
    "03-quotient.svg": quotient,
    "04-lecture-graph.svg": lecture_graph,
    "04-pass.svg": pass_in_frames,
    "04-paths.svg": paths,
    "04-patterns.svg": patterns,
    "04-two-ways.svg": two_ways,
    "04-uneven.svg": uneven,
    "05-functions.svg": functions,
    "05-derivatives.svg": derivatives,
    "05-chain.svg": chain,
    "06-detached.svg": detached,
    "06-steps.svg": disagreement,
    "07-neuron.svg": neuron,
    "07-xor.svg": xor_by_hand,
    "08-steps.svg": xor_steps,
    "08-losses.svg": losses,
    "08-rates.svg": rates,
    "08-xor.svg": xor_boundary,
    "09-graph.svg": graph,
    "09-lines.svg": lines_of_text,
    "09-softplus.svg": softplus_and_relu,
    "09-worked.svg": customers,
    "10-broadcast.svg": broadcast,
    "10-matmul.svg": product,
    "10-loss.svg": tensor_training,
    "10-nodes.svg": nodes_of_a_layer,
    "11-node.svg": kept_by_a_node,
    "11-step.svg": parts_of_a_step,
    "11-fused.svg": fused_sum,
    "12-names.svg": names_learned,
    "12-block.svg": block_of_a_gpt,
    "12-embedding.svg": embedding,
    "12-attention.svg": attention,
}
