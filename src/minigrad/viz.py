"""Drawings, given to you: a graph with data and gradients, curves, decision boundaries.

Everything is SVG text made here, without any system program; JupyterLab shows a
Drawing by itself. Only the contract's attributes of a node are read: data, grad,
_prev, _op and label.
"""

import math
import os
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path
from typing import Any

from minigrad.layout import Edge, arrange

BOX, OP, GAP, ROW = 116, 34, 26, 64  # widths of a node and its op, space between, height of a row
BOX_HEIGHT = 46
ARROW = 7  # length of an arrow's head
LABEL = 14
SCROLLS = 1500  # a picture wider than this keeps its size, so that it stays legible
COLORS = ("blue", "orange", "green", "pink", "sky", "yellow")
STYLE = """<style>
.mg{--paper:#ffffff;--ink:#1b1f24;--soft:#59636e;--line:#c3cad2;--box:#f4f6f8;--op:#e3ecf7;
--blue:#0072b2;--orange:#d55e00;--green:#008f68;--pink:#b5588f;--sky:#2a8fc9;--yellow:#9a7d00;
--cool:#cfe3f3;--warm:#fbdcc4}
@media (prefers-color-scheme:dark){.mg{--paper:#15191e;--ink:#eef1f4;--soft:#a5b0bc;--line:#4a545f;
--box:#222931;--op:#1d3550;--blue:#56b4e9;--orange:#ff8f3f;--green:#2fc79a;--pink:#e08abf;
--sky:#8ccdf2;--yellow:#e5c53b;--cool:#16324a;--warm:#4a2b16}}
.mg text{font-family:system-ui,-apple-system,"Segoe UI","DejaVu Sans",sans-serif;fill:var(--ink)}
.mg .soft{fill:var(--soft)}.mg .paper{fill:var(--paper)}
</style>"""


@dataclass(frozen=True)
class Drawing:
    """A finished picture: SVG text and, of a graph, the same in DOT (graphviz.org)."""

    svg: str
    dot: str = ""

    def save(self, path: str | os.PathLike[str]) -> None:
        """Write the picture, as SVG or DOT by the name's ending; raises ValueError for others."""
        path = Path(path)
        texts = {".svg": self.svg, ".dot": self.dot}
        if not texts.get(path.suffix):
            raise ValueError(f"{path.name}: a drawing is saved as .svg, that of a graph also .dot")
        handle, temporary = tempfile.mkstemp(dir=path.parent or ".", suffix=path.suffix)
        with os.fdopen(handle, "w", encoding="utf-8") as stream:
            stream.write(texts[path.suffix])
        os.chmod(temporary, 0o644)
        os.replace(temporary, path)

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, str]:
        return {"image/svg+xml": self.svg, "text/plain": self.dot or "a drawing (SVG)"}


# ── graphs ──────────────────────────────────────────────────────────────────


def draw(root: Any, title: str = "", limit: int = 400) -> Drawing:
    """The graph of `root`, inputs on the left: each node with its label, data and grad.

    The op that made a node stands in a circle before it; a node that is used twice
    is drawn once, with an arrow for each use. Raises ValueError where there are more
    than `limit` nodes, since nobody could read that.
    """
    nodes, edges = _collect(root, limit)
    layout = arrange(len(nodes), edges)
    column = BOX + OP + 2 * GAP
    left = [GAP + OP + layer * column for layer in layout.layers]
    middle = [BOX_HEIGHT + row * ROW + (24 if title else 0) for row in layout.rows]
    shift = BOX_HEIGHT + (24 if title else 0)
    parts = []
    for (a, b), bends in zip(edges, layout.bends, strict=True):
        start = (left[a] + BOX, middle[a])
        points = [(GAP + OP + x * column, shift + y * ROW) for x, y in bends]
        turns = [p for x, y in points for p in ((x, y), (x + BOX, y))]
        end = (left[b] - OP, middle[b])
        parts.append(_path([start, *turns, end]))
    for node, x, y in zip(nodes, left, middle, strict=True):
        parts.append(_node(node, x, y))
    width = max(left, default=0) + BOX + GAP
    height = max(middle, default=0) + BOX_HEIGHT
    if title:
        parts.append(_text(GAP, 22, title, 15, weight=600))
    caption = title or f"graph of {len(nodes)} nodes"
    return Drawing(_svg(width, height, parts, caption), _dot(nodes, edges))


def _collect(root: Any, limit: int) -> tuple[list[Any], list[Edge]]:
    """Nodes, inputs before results, and an edge for each use; without recursion."""
    order: list[Any] = []
    place: dict[int, int] = {}
    waiting: list[tuple[Any, bool]] = [(root, False)]
    seen: set[int] = set()
    while waiting:
        node, ready = waiting.pop()
        if ready:
            place[id(node)] = len(order)
            order.append(node)
        elif id(node) not in seen:
            seen.add(id(node))
            if len(seen) > limit:
                raise ValueError(
                    f"the graph has more than {limit} nodes, too many to read; "
                    "draw a part of it, or pass a larger limit"
                )
            waiting.append((node, True))
            waiting += [(parent, False) for parent in reversed(tuple(node._prev))]
    edges = [(place[id(p)], place[id(node)]) for node in order for p in node._prev]
    return order, edges


def _node(node: Any, x: float, y: float) -> str:
    top = y - BOX_HEIGHT / 2
    label = _short(getattr(node, "label", ""))
    lines = [f"data {_number(node.data)}", f"grad {_number(node.grad)}"]
    parts = [
        f'<rect x="{x:g}" y="{top:g}" width="{BOX}" height="{BOX_HEIGHT}" rx="7" '
        'fill="var(--box)" stroke="var(--line)"/>'
    ]
    if label:
        parts.append(_text(x + 4, top - 4, label, 12, weight=600))
    parts.append(_text(x + 10, y - 4, lines[0], 12))
    parts.append(_text(x + 10, y + 14, lines[1], 12, "soft"))
    op = _short(getattr(node, "_op", ""), 6)
    if op:
        parts.append(
            f'<rect x="{x - OP:g}" y="{y - 12:g}" width="{OP - 4}" height="24" rx="12" '
            'fill="var(--op)"/>'
        )
        parts.append(f'<path d="M{x - 4:g} {y:g}H{x:g}" stroke="var(--line)"/>')
        size = 14 if len(op) < 3 else 10
        parts.append(_text(x - OP / 2 - 2, y + size / 3, op, size, anchor="middle"))
    return "".join(parts)


def _path(points: Sequence[tuple[float, float]]) -> str:
    """A smooth arrow through some points, from left to right."""
    *others, (tip, height) = points
    (x, y), *rest = [*others, (tip - ARROW, height)]
    words = [f"M{x:g} {y:g}"]
    for i, (nx, ny) in enumerate(rest):
        flat = i % 2 == 1 and i < len(rest) - 1  # along a layer that it passes
        bend = (x + nx) / 2
        words.append(
            f"L{nx:g} {ny:g}" if flat else f"C{bend:g} {y:g} {bend:g} {ny:g} {nx:g} {ny:g}"
        )
        x, y = nx, ny
    line = f'<path d="{"".join(words)}" fill="none" stroke="var(--soft)" stroke-width="1.2"/>'
    return f'{line}<path d="M{tip:g} {height:g}l{-ARROW}-4v8z" fill="var(--soft)"/>'


def _dot(nodes: Sequence[Any], edges: Sequence[Edge]) -> str:
    lines = ["digraph {", "  rankdir=LR; node [shape=box]"]
    for i, node in enumerate(nodes):
        words = [_short(getattr(node, "label", "")), f"data {_number(node.data)}"]
        words += [f"grad {_number(node.grad)}", _short(getattr(node, "_op", ""), 6)]
        text = "\\n".join(_quoted(word) for word in words if word)
        lines.append(f'  n{i} [label="{text}"]')
    return "\n".join([*lines, *(f"  n{a} -> n{b}" for a, b in edges), "}"]) + "\n"


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')


# ── curves and fields ───────────────────────────────────────────────────────

WIDTH, HEIGHT = 560, 340
MARGIN = {"left": 62, "right": 16, "top": 34, "bottom": 46}

Point = tuple[float, float]


@dataclass(frozen=True)
class _Axis:
    """One axis: data from `low` to `high` onto pixels from `start` to `end`."""

    low: float
    high: float
    start: float
    end: float
    log: bool = False

    def place(self, value: float) -> float:
        low, high = self.low, self.high
        if self.log:
            low, high, value = math.log10(low), math.log10(high), math.log10(value)
        return self.start + (value - low) / (high - low) * (self.end - self.start)

    def ticks(self) -> list[float]:
        if self.log:
            first, last = math.floor(math.log10(self.low)), math.ceil(math.log10(self.high))
            step = max(1, round((last - first) / 6))
            powers = [10.0**k for k in range(first, last + 1, step)]
            return [p for p in powers if self.low <= p <= self.high]
        rough = (self.high - self.low) / 8
        size = 10.0 ** math.floor(math.log10(rough))
        step = next(k * size for k in (1, 2, 5, 10) if k * size >= rough * 0.999)
        first = math.ceil(self.low / step - 1e-9)
        count = math.floor(self.high / step + 1e-9) - first + 1
        return [(first + k) * step for k in range(count)]


def plot(
    curves: Mapping[str, Sequence[Point]],
    title: str = "",
    x_label: str = "",
    y_label: str = "",
    x_log: bool = False,
    y_log: bool = False,
    points: Mapping[str, Sequence[Point]] | None = None,
) -> Drawing:
    """Lines through (x, y) pairs and single points, by name. Values that are not finite,
    or not positive on a logarithmic axis, are left out.
    """

    def usable(pairs: Sequence[Point]) -> list[Point]:
        finite = [(x, y) for x, y in pairs if math.isfinite(x) and math.isfinite(y)]
        return [(x, y) for x, y in finite if (x > 0 or not x_log) and (y > 0 or not y_log)]

    lines = {name: usable(pairs) for name, pairs in curves.items()}
    marks = {name: usable(pairs) for name, pairs in (points or {}).items()}
    everything = [pair for pairs in (*lines.values(), *marks.values()) for pair in pairs]
    names = [*lines, *marks]
    legend = 18 * math.ceil(len(names) / 3) + 8 if len(names) > 1 else 0
    top, height = MARGIN["top"] + legend, HEIGHT + legend
    across = _axis([x for x, _ in everything], MARGIN["left"], WIDTH - MARGIN["right"], x_log)
    upwards = _axis([y for _, y in everything], height - MARGIN["bottom"], top, y_log)
    parts = _frame(across, upwards, title, x_label, y_label)
    for i, (name, pairs) in enumerate((*lines.items(), *marks.items())):
        color = f"var(--{COLORS[i % len(COLORS)]})"
        spots = [(across.place(x), upwards.place(y)) for x, y in pairs]
        if name in lines and i < len(lines):
            joined = " ".join(f"{x:.1f},{y:.1f}" for x, y in spots)
            parts.append(
                f'<polyline points="{joined}" fill="none" stroke="{color}" stroke-width="2"/>'
            )
        else:
            parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{color}"/>' for x, y in spots]
        if legend:
            x = MARGIN["left"] + (i % 3) * 160
            y = MARGIN["top"] + 8 + 18 * (i // 3)
            parts.append(f'<rect x="{x}" y="{y - 8}" width="14" height="8" rx="2" fill="{color}"/>')
            parts.append(_text(x + 20, y, _short(name, 22), 12))
    return Drawing(_svg(WIDTH, height, parts, title or ", ".join(names)))


def boundary(
    model: Callable[[list[float]], Any],
    points: Sequence[Sequence[float]],
    labels: Sequence[float],
    title: str = "",
    cells: int = 44,
) -> Drawing:
    """Where a model of two inputs is positive, and the points it learned from.

    `model` takes a list of two floats and gives a number or a node; labels above 0
    are drawn as circles, others as squares.
    """
    across = _axis([p[0] for p in points], MARGIN["left"], WIDTH - MARGIN["right"], False, 0.15)
    upwards = _axis([p[1] for p in points], HEIGHT - MARGIN["bottom"], MARGIN["top"], False, 0.15)
    wide, tall = (across.end - across.start) / cells, (upwards.start - upwards.end) / cells
    parts = []
    for i in range(cells):
        x = across.low + (i + 0.5) / cells * (across.high - across.low)
        for j in range(cells):
            y = upwards.low + (j + 0.5) / cells * (upwards.high - upwards.low)
            value = model([x, y])
            color = "warm" if getattr(value, "data", value) > 0 else "cool"
            left, top = across.start + i * wide, upwards.start - (j + 1) * tall
            parts.append(
                f'<rect x="{left:.1f}" y="{top:.1f}" width="{wide + 0.4:.1f}" '
                f'height="{tall + 0.4:.1f}" fill="var(--{color})"/>'
            )
    parts += _frame(across, upwards, title, "", "", grid=False)
    for point, label in zip(points, labels, strict=True):
        x, y = across.place(point[0]), upwards.place(point[1])
        if label > 0:
            parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4.5" fill="var(--orange)"/>')
        else:
            parts.append(
                f'<rect x="{x - 4:.1f}" y="{y - 4:.1f}" width="8" height="8" fill="var(--blue)"/>'
            )
    return Drawing(_svg(WIDTH, HEIGHT, parts, title or "decision boundary"))


def _axis(
    values: Sequence[float], start: float, end: float, log: bool, margin: float = 0.04
) -> _Axis:
    low, high = (min(values), max(values)) if values else (1.0, 10.0)
    if log:
        low, high = (low / 2, high * 2) if low == high else (low, high)
        return _Axis(low, high, start, end, log=True)
    extra = (high - low) * margin or max(abs(low), 1.0) * 0.5
    return _Axis(low - extra, high + extra, start, end)


def _frame(
    across: _Axis, upwards: _Axis, title: str, x_label: str, y_label: str, grid: bool = True
) -> list[str]:
    """Grid, ticks, labels and title."""
    parts = []
    line = '<path d="M{} {}{}" stroke="var(--line)" stroke-width="{}"/>'
    for tick in across.ticks():
        x = round(across.place(tick), 1)
        if grid:
            parts.append(line.format(x, upwards.end, f"V{upwards.start}", 0.6))
        parts.append(_text(x, upwards.start + 17, _tick(tick, across), 11, "soft", "middle"))
    for tick in upwards.ticks():
        y = round(upwards.place(tick), 1)
        if grid:
            parts.append(line.format(across.start, y, f"H{across.end}", 0.6))
        parts.append(_text(across.start - 7, y + 4, _tick(tick, upwards), 11, "soft", "end"))
    corner = f"V{upwards.start}H{across.end}"
    parts.append(
        f'<path d="M{across.start} {upwards.end}{corner}" fill="none" stroke="var(--soft)"/>'
    )
    center = (across.start + across.end) / 2
    parts.append(_text(across.start, 20, title, 15, weight=600))
    parts.append(_text(center, upwards.start + 38, x_label, 12, anchor="middle"))
    if y_label:
        y = (upwards.start + upwards.end) / 2
        turn = f'transform="rotate(-90 14 {y:g})"'
        parts.append(_text(14, y, y_label, 12, anchor="middle", extra=turn))
    return parts


def _tick(value: float, axis: _Axis) -> str:
    if axis.log:
        power = str(round(math.log10(value))).replace("-", "−")
        return f"1e{power}"
    return f"{value:.10g}".replace("-", "−") if abs(value) > 1e-12 else "0"


# ── SVG ─────────────────────────────────────────────────────────────────────


def _svg(width: float, height: float, parts: Sequence[str], caption: str) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" class="mg" role="img" width="{width:g}" '
        f'height="{height:g}" viewBox="0 0 {width:g} {height:g}" '
        f'style="{"max-width:100%;" if width < SCROLLS else ""}height:auto">'
        f"<title>{_clean(caption)}</title>{STYLE}"
        f'<rect class="paper" width="{width:g}" height="{height:g}" rx="6"/>{"".join(parts)}</svg>'
    )


def _text(
    x: float,
    y: float,
    text: str,
    size: float,
    kind: str = "",
    anchor: str = "start",
    weight: int = 400,
    extra: str = "",
) -> str:
    if not text:
        return ""
    bold = f' font-weight="{weight}"' if weight != 400 else ""
    kind = f' class="{kind}"' if kind else ""
    return (
        f'<text x="{x:g}" y="{y:g}" font-size="{size:g}" text-anchor="{anchor}"{bold}{kind} '
        f"{extra}>{_clean(text)}</text>"
    )


def _clean(text: str) -> str:
    """Any text as harmless XML text."""
    return escape("".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text))


def _short(text: object, length: int = LABEL) -> str:
    words = str(text)
    return words if len(words) <= length else words[: length - 1] + "…"


def _number(value: object) -> str:
    if not isinstance(value, (int, float)):
        return _short(value, 10)
    return f"{value:.4g}".replace("-", "−")
