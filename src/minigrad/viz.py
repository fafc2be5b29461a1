"""Drawings, given to you: a graph with data and gradients, curves, decision boundaries.

Everything is SVG text made here, without any system program; JupyterLab shows a
Drawing by itself. Only the contract's attributes of a node are read: data, grad,
_prev, _op and label.
"""

import os
import tempfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from minigrad.boxes import graph_picture, op_of
from minigrad.layout import Edge
from minigrad.plots import (
    HEIGHT,
    MARGIN,
    WIDTH,
    Point,
    axis,
    clipped,
    curve,
    dots,
    frame,
    has_place,
    legend,
    legend_height,
)
from minigrad.regions import region, samples
from minigrad.svg import STYLE, number, sheet, short

__all__ = ["STYLE", "Drawing", "boundary", "draw", "plot"]


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


def draw(
    root: Any,
    title: str = "",
    limit: int = 400,
    edges: Mapping[Any, Sequence[object]] | None = None,
) -> Drawing:
    """The graph of `root`: each node with its label, data and grad, inputs first.

    The op that made a node stands in a pill before it; a node that is used twice is drawn
    once, with an arrow for each use. Arrows run the way of the computation, from left to
    right or, where a graph is deep, from top to bottom. Once a gradient is not 0 all of
    them are shown in a second color. `edges` gives a node the words to write on its incoming
    arrows, one for each operand, such as local derivatives: `{p: (b.data, a.data)}` for
    `p = a * b`.

    Raises ValueError where there are more than `limit` nodes, since nobody could read that,
    and where a node in `edges` has not as many words as operands.
    """
    nodes, links, uses = _collect(root, limit)
    notes: dict[int, str] = {}
    for node, words in (edges or {}).items():
        into = uses.get(id(node), [])
        if len(words) != len(into):
            raise ValueError(
                f"edges: {len(words)} words for a node with {len(into)} arrows in this graph"
            )
        spelled = (number(w) if isinstance(w, (int, float)) else str(w) for w in words)
        notes |= dict(zip(into, spelled, strict=True))
    return Drawing(graph_picture(nodes, links, title, notes), _dot(nodes, links, notes))


def _collect(root: Any, limit: int) -> tuple[list[Any], list[Edge], dict[int, list[int]]]:
    """Nodes, inputs before results; an edge for each use; and by the id of a node the places of
    the edges into it. Without recursion."""
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
    edges: list[Edge] = []
    uses: dict[int, list[int]] = {}
    for node in order:
        into = [(place[id(parent)], place[id(node)]) for parent in node._prev]
        uses[id(node)] = list(range(len(edges), len(edges) + len(into)))
        edges += into
    return order, edges, uses


def _dot(nodes: Sequence[Any], edges: Sequence[Edge], notes: Mapping[int, str]) -> str:
    lines = ["digraph {", "  rankdir=LR; node [shape=box]"]
    for i, node in enumerate(nodes):
        words = [short(getattr(node, "label", "")), f"data {number(node.data)}"]
        words += [f"grad {number(node.grad)}", op_of(node)]
        label = "\\n".join(_quoted(word) for word in words if word)
        lines.append(f'  n{i} [label="{label}"]')
    for i, (a, b) in enumerate(edges):
        note = f' [label="{_quoted(notes[i])}"]' if i in notes else ""
        lines.append(f"  n{a} -> n{b}{note}")
    return "\n".join([*lines, "}"]) + "\n"


def _quoted(words: str) -> str:
    return words.replace("\\", "\\\\").replace('"', '\\"')


def plot(
    curves: Mapping[str, Sequence[Point]],
    title: str = "",
    x_label: str = "",
    y_label: str = "",
    x_log: bool = False,
    y_log: bool = False,
    points: Mapping[str, Sequence[Point]] | None = None,
    y_range: tuple[float, float] | None = None,
) -> Drawing:
    """Lines through (x, y) pairs and single points, by name. Values that are not finite,
    or not positive on a logarithmic axis, are left out, and a line breaks there.

    With `y_range`, what lies below or above it is cut off at the frame.
    """
    lines, marks = list(curves.items()), list((points or {}).items())
    top = MARGIN["top"] + legend_height(len(lines) + len(marks))
    height = HEIGHT + top - MARGIN["top"]
    pairs = [pair for _, line in (*lines, *marks) for pair in line]
    pairs = [(x, y) for x, y in pairs if has_place(x, x_log) and has_place(y, y_log)]
    across = axis([x for x, _ in pairs], MARGIN["left"], WIDTH - MARGIN["right"], x_log)
    upwards = axis([y for _, y in pairs], height - MARGIN["bottom"], top, y_log)
    if y_range:
        upwards = replace(upwards, low=y_range[0], high=y_range[1])
    drawn = [curve(line, across, upwards, i) for i, (_, line) in enumerate(lines)]
    drawn += [dots(spots, across, upwards, len(lines) + i) for i, (_, spots) in enumerate(marks)]
    parts = frame(across, upwards, title, x_label, y_label)
    parts += [clipped(across, upwards, drawn), legend([n for n, _ in lines], [n for n, _ in marks])]
    caption = title or ", ".join(name for name, _ in (*lines, *marks))
    return Drawing(sheet(WIDTH, height, parts, caption))


def boundary(
    model: Callable[[list[float]], Any],
    points: Sequence[Sequence[float]],
    labels: Sequence[float],
    title: str = "",
    cells: int = 44,
) -> Drawing:
    """Where a model of two inputs is positive, and the points it learned from.

    `model` takes a list of two floats and gives a number or a node; it is asked
    (cells + 1)² times. Labels above 0 are drawn as circles, others as squares.
    """

    def value(x: float, y: float) -> float:
        answer = model([x, y])
        return float(getattr(answer, "data", answer))

    across = axis([p[0] for p in points], MARGIN["left"], WIDTH - MARGIN["right"], False, 0.15)
    upwards = axis([p[1] for p in points], HEIGHT - MARGIN["bottom"], MARGIN["top"], False, 0.15)
    parts = [region(value, across, upwards, cells)]
    parts += frame(across, upwards, title, "", "", grid=False)
    parts.append(samples(points, labels, across, upwards))
    return Drawing(sheet(WIDTH, HEIGHT, parts, title or "decision boundary"))
