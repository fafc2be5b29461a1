"""Pictures that move, given to you: the backward pass step by step, a net while it learns.

`backward_steps` and `boundary_steps` make one picture per step, and `film` shows them one
after the other in a single SVG. Nothing here computes a gradient or a loss: the rules, the
order and the training are yours.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from html import escape
from itertools import count, pairwise
from typing import Any

from minigrad.viz import STYLE, Drawing, draw

SIZE = re.compile(r'viewBox="0 0 ([\d.]+) ([\d.]+)"')
BOX = re.compile(r'<rect [^>]*fill="var\(--box\)"[^>]*/>')
WIDTH, HEIGHT, HEAD, EDGE = 420, 320, 36, 14  # of a boundary: all of it, its title, its margin


def film(
    frames: Sequence[Drawing], title: str = "", seconds: float = 1.0, plays: int = 3
) -> Drawing:
    """Pictures one after the other, `seconds` each and the last one twice as long; an SVG.

    The film plays `plays` times and stops at its last picture, which is also all that is seen
    where nothing may move. Run the cell again to see it again; `frames[2]` is a picture to stop
    at. `title` is for those who can't see it. Raises ValueError where there is no picture.
    """
    if not frames:
        raise ValueError("a film needs at least one picture")
    sizes = [tuple(map(float, SIZE.search(frame.svg).groups())) for frame in frames]
    width, height = (max(side) for side in zip(*sizes))
    pictures = [frame.svg.replace(STYLE, "") for frame in frames]
    # Several films may share a page, and CSS knows animations by name.
    name = f"film{sha256(''.join(pictures).encode()).hexdigest()[:8]}"
    slots = len(frames) + 1
    rules = [_rule(f"{name}-{i}", i, len(frames)) for i in range(len(frames))]
    parts = [f'<g style="animation-name:{name}-{i}">{svg}</g>' for i, svg in enumerate(pictures)]
    return Drawing(
        f'<svg xmlns="http://www.w3.org/2000/svg" class="mg" role="img" width="{width:g}" '
        f'height="{height:g}" viewBox="0 0 {width:g} {height:g}" '
        f'style="max-width:100%;height:auto"><title>{escape(title)}</title>{STYLE}'
        f"<style>.{name}>g{{visibility:hidden;animation-duration:{slots * seconds:g}s;"
        f"animation-timing-function:step-end;animation-iteration-count:{plays}}}"
        f".{name}>g:last-child{{visibility:visible}}"
        f"@media (prefers-reduced-motion:reduce){{.{name}>g{{animation-duration:0s}}}}"
        f'{"".join(rules)}</style><g class="{name}">{"".join(parts)}</g></svg>'
    )


def _rule(name: str, i: int, count: int) -> str:
    """The CSS by which picture `i` of `count` is seen in its own slot of time, and only there."""
    start, end = (f"{100 * k / (count + 1):.4g}%" for k in (i, i + 1))
    before = "0%{visibility:hidden}" if i else ""
    after = f"{end},to{{visibility:hidden}}" if i < count - 1 else "to{visibility:visible}"
    return f"@keyframes {name}{{{before}{start}{{visibility:visible}}{after}}}"


# ── the backward pass ───────────────────────────────────────────────────────


@dataclass(frozen=True, eq=False)
class _Seen:
    """A node as it was at one moment, with what `draw` reads of it."""

    data: float
    grad: float
    _prev: tuple["_Seen", ...]
    _op: str
    label: str


def backward_steps(root: Any, order: Sequence[Any]) -> list[Drawing]:
    """The backward pass of `root`, a picture per step; `order` has inputs before outputs.

    Clears the gradients of all nodes in `order`, sets that of `root` to 1 and runs every
    node's `_backward` once, from the last node to the first. The node whose rule has just
    run is lit, and so, in another color, are the gradients that it changed. Raises
    ValueError where a node stands before one of its inputs, or `root` is not in `order`.
    """
    if not any(node is root for node in order):
        raise ValueError("the order lacks the node from which the pass starts")
    for node in order:
        node.grad = 0.0
    steps = [pass_picture(root, order, "Before: every gradient is 0")]
    root.grad = 1.0
    steps.append(
        pass_picture(root, order, "The seed: the result's own gradient is 1", changed=[root])
    )
    for node in reversed(order):
        before = [other.grad for other in order]
        node._backward()
        if node._prev:
            changed = [other for other, grad in zip(order, before) if other.grad != grad]
            name = f"{node.label} ({node._op})" if node.label else node._op
            title = f"The rule of {name} has run"
            steps.append(pass_picture(root, order, title, node, changed))
    return steps


def pass_picture(
    root: Any, order: Sequence[Any], title: str, lit: Any = None, changed: Sequence[Any] = ()
) -> Drawing:
    """The graph as it is now, some of its boxes colored."""
    colors = {id(node): ("cool", "blue") for node in changed} | {id(lit): ("warm", "orange")}
    # Where a node's box is, the same graph says with its label replaced.
    marked = {
        i: draw(_seen(root, order, node), title).svg
        for i, node in enumerate(order)
        if id(node) in colors
    }
    boxes = {_box_of(svg): colors[id(order[i])] for i, svg in marked.items()}
    number = count()

    def color(box: re.Match[str]) -> str:
        fill, stroke = boxes.get(next(number), ("box", "line"))
        return (
            box[0]
            .replace("var(--box)", f"var(--{fill})")
            .replace("var(--line)", f"var(--{stroke})")
        )

    return Drawing(BOX.sub(color, draw(_seen(root, order, None), title).svg))


MARK = "\N{BLACK SQUARE}\N{BLACK SQUARE}"


def _seen(root: Any, order: Sequence[Any], marked: Any) -> _Seen:
    """The graph as it is now; the node that is marked has MARK for its label."""
    seen: dict[int, _Seen] = {}
    for node in order:
        if any(id(parent) not in seen for parent in node._prev):
            raise ValueError("the order has a node before one of its inputs, or without it")
        parents = tuple(seen[id(parent)] for parent in node._prev)
        label = MARK if node is marked else node.label
        seen[id(node)] = _Seen(node.data, node.grad, parents, node._op, label)
    return seen[id(root)]


def _box_of(svg: str) -> int:
    """Which of a picture's boxes has the label MARK: a label is written after its own box."""
    label = svg.find(f">{MARK}<")
    assert label >= 0, "the picture shows no label"
    return sum(box.start() < label for box in BOX.finditer(svg)) - 1


# ── a boundary while it is learned ──────────────────────────────────────────

Point = tuple[float, float]


def boundary_steps(
    model: Callable[[list[float]], Any],
    points: Sequence[Sequence[float]],
    labels: Sequence[float],
    captions: Iterable[str],
    cells: int = 24,
) -> list[Drawing]:
    """Where a model of two inputs is positive, once for each caption.

    `captions` is best a generator that trains the model between one `yield` and the next:
    each picture shows the model as it is when its caption comes. `model` takes a list of two
    floats and gives a number or a node; labels above 0 are drawn as circles, others as squares.
    """
    return [_boundary(model, points, labels, caption, cells) for caption in captions]


def _boundary(
    model: Callable[[list[float]], Any],
    points: Sequence[Sequence[float]],
    labels: Sequence[float],
    caption: str,
    cells: int,
) -> Drawing:
    (left, right), (low, high) = (_span([point[k] for point in points]) for k in (0, 1))
    wide, tall = WIDTH - 2 * EDGE, HEIGHT - HEAD - EDGE

    def place(x: float, y: float) -> Point:
        return EDGE + (x - left) / (right - left) * wide, HEAD + (high - y) / (high - low) * tall

    def value(i: int, j: int) -> float:
        x, y = left + i / cells * (right - left), high - j / cells * (high - low)
        out = model([x, y])
        return float(getattr(out, "data", out))

    grid = [[value(i, j) for i in range(cells + 1)] for j in range(cells + 1)]
    scale = (wide / cells, tall / cells)
    shapes = "".join(_positive(grid, *scale))
    parts = [f'<rect x="{EDGE}" y="{HEAD}" width="{wide}" height="{tall}" fill="var(--cool)"/>']
    warm = 'fill="var(--warm)" stroke="var(--warm)" stroke-width=".6"'
    parts.append(f'<path transform="translate({EDGE} {HEAD})" d="{shapes}" {warm}/>')
    for positive, color, cap in ((True, "orange", "round"), (False, "blue", "square")):
        spots = (
            place(*point[:2]) for point, label in zip(points, labels) if (label > 0) == positive
        )
        dots = "".join(f"M{x:.0f} {y:.0f}h0" for x, y in spots)
        line = f'stroke="var(--{color})" stroke-width="8" stroke-linecap="{cap}"'
        parts.append(f'<path d="{dots}" {line}/>')
    title = escape(caption)
    return Drawing(
        f'<svg xmlns="http://www.w3.org/2000/svg" class="mg" role="img" width="{WIDTH}" '
        f'height="{HEIGHT}" viewBox="0 0 {WIDTH} {HEIGHT}"><title>{title}</title>{STYLE}'
        f'<rect class="paper" width="{WIDTH}" height="{HEIGHT}" rx="6"/>{"".join(parts)}'
        f'<text x="{EDGE}" y="24" font-size="15" font-weight="600">{title}</text></svg>'
    )


def _span(values: Sequence[float]) -> Point:
    """From below the lowest to above the highest."""
    margin = 0.15 * (max(values) - min(values) or 1.0)
    return min(values) - margin, max(values) + margin


def _positive(grid: Sequence[Sequence[float]], wide: float, tall: float) -> Iterator[str]:
    """Where values on a grid are positive: SVG path commands, a shape for each cell on the
    border and for each run of cells inside. On a border the values are taken as linear.
    """
    for j, (above, below) in enumerate(pairwise(grid)):
        start = None  # of the run of whole cells that is going on
        for i in range(len(above)):
            whole = i + 1 < len(above) and min(*above[i : i + 2], *below[i : i + 2]) > 0
            if whole and start is None:
                start = i
            if not whole and start is not None:
                yield _shape([(start, j), (i, j), (i, j + 1), (start, j + 1)], wide, tall)
                start = None
            if not whole and i + 1 < len(above):
                ring = [(i, j, above[i]), (i + 1, j, above[i + 1])]
                ring += [(i + 1, j + 1, below[i + 1]), (i, j + 1, below[i])]
                yield _shape(_part(ring), wide, tall)


def _part(ring: Sequence[tuple[int, int, float]]) -> list[Point]:
    """The corners of the part of a cell that is positive, from the values at its corners."""
    found: list[Point] = []
    for (x, y, value), (to_x, to_y, other) in zip(ring, [*ring[1:], ring[0]]):
        if value > 0:
            found.append((x, y))
        if (value > 0) != (other > 0):
            share = value / (value - other)
            found.append((x + share * (to_x - x), y + share * (to_y - y)))
    return found


def _shape(corners: Sequence[Point], wide: float, tall: float) -> str:
    if not corners:
        return ""
    words = (f"{round(x * wide, 1):g} {round(y * tall, 1):g}" for x, y in corners)
    return f"M{'L'.join(words)}z"
