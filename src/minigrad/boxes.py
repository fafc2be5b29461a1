"""The nodes and arrows of a graph as SVG, given to you: boxes for numbers, pills for ops.

A graph runs from left to right, or from top to bottom where that is narrower and the other
way would be wide. Along the computation lie layers, across it rows (see `layout`).
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from minigrad.layout import Edge, Layout, arrange
from minigrad.plots import WIDTH, Point
from minigrad.svg import LABEL, number, sheet, short, text

BOX, BOX_HEIGHT = 116, 46  # a node
PILL, PILL_HEIGHT, STEM = 30, 24, 4  # its op, and the line from there to the node
SIDE, BELOW = 52, 38  # room for the arrows between two layers: to the right, downwards
ROW, COLUMN = 64, 140  # from one row to the next: below it, beside it
EDGE, HEADLINE = 16, 24  # around the picture; above it, for a title
HEAD = 7  # length of an arrow's head
APART = 10  # between two arrows that lead from one node to another
LETTER = 7  # the width of a letter, roughly


@dataclass(frozen=True)
class _Lattice:
    """Where a layer and a row lie in pixels, and whether layers go down instead of right."""

    down: bool
    step: float  # from layer to layer
    pill: float  # the widest pill
    top: float

    def box(self, layer: float, row: float) -> Point:
        """The upper left corner of a node's box."""
        if self.down:
            return EDGE + row * COLUMN, self.top + layer * self.step
        return EDGE + layer * self.step, self.top + row * ROW

    def entry(self, layer: float, row: float, pill: float) -> Point:
        """Where an arrow ends that leads to the pill of a node."""
        x, y = self.box(layer, row)
        if self.down:
            return x + BOX / 2, y - STEM - PILL_HEIGHT
        return x - STEM - pill, y + BOX_HEIGHT / 2

    def exit(self, layer: float, row: float) -> Point:
        """Where an arrow leaves a node."""
        x, y = self.box(layer, row)
        return (x + BOX / 2, y + BOX_HEIGHT) if self.down else (x + BOX, y + BOX_HEIGHT / 2)

    def size(self, layout: Layout) -> Point:
        """Width and height of the whole picture."""
        rows = [row for bends in layout.bends for _, row in bends] + layout.rows
        x, y = self.box(max(layout.layers, default=0), max(layout.rows, default=0))
        if self.down:
            x = self.box(0, max(rows, default=0))[0]
        else:
            y = self.box(0, max(rows, default=0))[1]
        return x + BOX + EDGE, y + BOX_HEIGHT + EDGE


def graph_picture(
    nodes: Sequence[Any],
    edges: Sequence[Edge],
    title: str = "",
    notes: Mapping[int, str] | None = None,
) -> str:
    """The SVG of a graph; `notes` are texts to write on edges, by the edge's place in `edges`."""
    layout = arrange(len(nodes), edges)
    lattice = _lattice(nodes, layout, bool(title))
    passed = any(isinstance(n.grad, (int, float)) and n.grad != 0 for n in nodes)
    arrows = _arrows(nodes, edges, layout, lattice, notes or {})
    boxes = [
        _node(node, lattice, lattice.box(*place), passed)
        for node, place in zip(nodes, zip(layout.layers, layout.rows, strict=True), strict=True)
    ]
    head = [text(EDGE, 22, title, 15, weight=600)]
    caption = title or f"graph of {len(nodes)} nodes"
    return sheet(*lattice.size(layout), [*arrows, *boxes, *head], caption)


def _lattice(nodes: Sequence[Any], layout: Layout, title: bool) -> _Lattice:
    """To the right where that is no wider than a plot; otherwise the narrower of the two."""
    pill = max((_pill(node) for node in nodes), default=0)
    top = EDGE + (HEADLINE if title else 0) + 6
    right = _Lattice(False, BOX + SIDE + pill + STEM, pill, top)
    down = _Lattice(True, BOX_HEIGHT + BELOW + PILL_HEIGHT + STEM, pill, top)
    wide, narrow = right.size(layout)[0], down.size(layout)[0]
    return right if wide <= max(WIDTH, narrow) else down


def op_of(node: Any) -> str:
    return short(getattr(node, "_op", ""), 8)


def _pill(node: Any) -> float:
    """The width of a node's pill; 0 for a leaf."""
    op = op_of(node)
    return max(PILL, len(op) * LETTER + 14) if op else 0


def _arrows(
    nodes: Sequence[Any],
    edges: Sequence[Edge],
    layout: Layout,
    lattice: _Lattice,
    notes: Mapping[int, str],
) -> list[str]:
    """An arrow for each use, those between the same two nodes side by side; then their notes."""
    uses, met = Counter(edges), Counter[Edge]()
    lines, words = [], []
    for i, ((a, b), bends) in enumerate(zip(edges, layout.bends, strict=True)):
        between = APART if uses[a, b] < 4 else 2 * APART / (uses[a, b] - 1)
        aside = (met[a, b] - (uses[a, b] - 1) / 2) * between
        met[a, b] += 1
        points = [lattice.exit(layout.layers[a], layout.rows[a])]
        for place in bends:
            points += [lattice.entry(*place, lattice.pill), lattice.exit(*place)]
        points.append(lattice.entry(layout.layers[b], layout.rows[b], _pill(nodes[b])))
        points = [(x + aside, y) if lattice.down else (x, y + aside) for x, y in points]
        lines.append(_arrow(points, lattice.down))
        words.append(_note(notes.get(i, ""), points[-2], points[-1], aside, lattice.down))
    return lines + words


def _arrow(points: Sequence[Point], down: bool) -> str:
    """A smooth arrow through points that are turns: out of one layer, into the next."""
    *others, (x, y) = points
    base = (x, y - HEAD) if down else (x - HEAD, y)
    words = [f"M{others[0][0]:g} {others[0][1]:g}"]
    for i, ((x1, y1), (x2, y2)) in enumerate(pairwise([*others, base])):
        if i % 2:  # along a layer that it passes
            words.append(f"L{x2:g} {y2:g}")
        elif down:
            bend = (y1 + y2) / 2
            words.append(f"C{x1:g} {bend:g} {x2:g} {bend:g} {x2:g} {y2:g}")
        else:
            bend = (x1 + x2) / 2
            words.append(f"C{bend:g} {y1:g} {bend:g} {y2:g} {x2:g} {y2:g}")
    head = f"l-4-{HEAD}h8z" if down else f"l-{HEAD}-4v8z"
    return (
        f'<path d="{"".join(words)}" fill="none" stroke="var(--soft)" stroke-width="1.3"/>'
        f'<path d="M{x:g} {y:g}{head}" fill="var(--soft)"/>'
    )


def _note(words: str, start: Point, end: Point, aside: float, down: bool) -> str:
    """Words beside the last stretch of an arrow, on its outer side."""
    x, y = (start[0] + end[0]) / 2, (start[1] + end[1]) / 2
    leans = (end[0] - start[0] if down else end[1] - start[1]) - aside
    if down:
        outer = "end" if leans > 1 or aside < 0 else "start"
        x, y = x + (-6 if outer == "end" else 6), y + 2
    else:
        outer = "middle" if abs(leans) <= 1 else "start"
        x, y = x + (0 if outer == "middle" else 4), y + (14 if leans < -1 or aside > 0 else -5)
    return text(x, y, short(words), 12, "halo", outer)


def _node(node: Any, lattice: _Lattice, corner: Point, passed: bool) -> str:
    x, y = corner
    parts = [
        f'<rect x="{x:g}" y="{y:g}" width="{BOX}" height="{BOX_HEIGHT}" rx="7" '
        'fill="var(--box)" stroke="var(--line)"/>',
        text(x + 10, y + 19, f"data {number(node.data)}"),
        text(x + 10, y + 37, f"grad {number(node.grad)}", 12, "grad" if passed else "soft"),
    ]
    label, room, left = getattr(node, "label", ""), LABEL, x + 4
    if pill := _pill(node):
        if lattice.down:  # the label stands to the right of the pill
            left = x + BOX / 2 + pill / 2 + 5
            room = int((x + COLUMN - left) / LETTER)
        parts.append(_op(op_of(node), pill, lattice, corner))
    return "".join([*parts, text(left, y - 5, short(label, room), 12, weight=600)])


def _op(op: str, pill: float, lattice: _Lattice, corner: Point) -> str:
    """An op in its pill, before the box of the node that it made."""
    x, y = corner
    if lattice.down:
        left, top = x + (BOX - pill) / 2, y - STEM - PILL_HEIGHT
        stem = f"M{x + BOX / 2:g} {y - STEM:g}V{y:g}"
    else:
        left, top = x - STEM - pill, y + (BOX_HEIGHT - PILL_HEIGHT) / 2
        stem = f"M{x - STEM:g} {y + BOX_HEIGHT / 2:g}H{x:g}"
    size = 14 if len(op) < 3 else 12
    return (
        f'<rect x="{left:g}" y="{top:g}" width="{pill:g}" height="{PILL_HEIGHT}" rx="12" '
        f'fill="var(--op)"/><path d="{stem}" stroke="var(--line)"/>'
        + text(left + pill / 2, top + PILL_HEIGHT / 2 + size / 3, op, size, anchor="middle")
    )
