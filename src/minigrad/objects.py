"""What a node holds, drawn, given to you: the objects that an operation leaves behind.

`object_graph` starts at a node and follows every reference to an object that was made for
this node: tuples, lists, dictionaries, functions and their cells. Numbers and names are left
out, and other nodes are not entered. `alive` counts.
"""

import gc
from dataclasses import dataclass
from types import CellType, FunctionType, MethodType
from typing import Any

from minigrad.svg import block, circle, sheet, text
from minigrad.viz import Drawing

KINDS = (tuple, list, set, dict, FunctionType, MethodType, CellType)
BOX, BOX_HEIGHT = 96, 34
COLUMN, ROW = 128, 54  # from one box to the next: beside it, below it
EDGE, TOP = 16, 40


def alive(kind: type) -> int:
    """How many objects of the class `kind` there are at this moment."""
    return sum(isinstance(thing, kind) for thing in gc.get_objects())


def object_graph(node: Any, caption: str) -> Drawing:
    """A picture of what a node holds, from left to right, with its inputs at the right end.

    A way that leads back to the node itself is drawn in orange.
    """
    found = _follow(node)
    columns = [*found.columns, found.inputs]
    corners = {
        id(thing): (EDGE + COLUMN * x, TOP + ROW * y)
        for x, column in enumerate(columns)
        for y, thing in enumerate(column)
    }
    tall = TOP + ROW * max(len(column) for column in columns) + 30
    inputs = {id(thing) for thing in found.inputs}
    parts = [_way(corners[a], corners[b], tall, b == id(node)) for a, b in found.ways]
    for thing in (thing for column in columns for thing in column):
        x, y = corners[id(thing)]
        name = "an input" if id(thing) in inputs else type(thing).__name__
        parts += [
            block(x, y, BOX, BOX_HEIGHT, "op"),
            text(x + BOX / 2, y + 22, name, 13, anchor="middle"),
        ]
    own = len(corners) - len(inputs)
    title = f"{caption}: {own} object{'s' * (own > 1)} and its inputs"
    parts.append(text(EDGE, 24, title, 14))
    wide = max(COLUMN * len(columns), 2 * EDGE + 8 * len(title))
    return Drawing(sheet(wide, tall, parts, caption))


@dataclass(frozen=True)
class _Found:
    """Objects in columns, by how many steps they are away; the node's inputs; who holds whom."""

    columns: list[list[Any]]
    inputs: list[Any]
    ways: list[tuple[int, int]]


def _follow(node: Any) -> _Found:
    columns, inputs, ways, met = [[node]], [], [], {id(node)}
    while columns[-1]:
        following = []
        for thing in columns[-1]:
            for held in _held_by(thing, node):
                ways.append((id(thing), id(held)))
                if id(held) in met:
                    continue
                met.add(id(held))
                (inputs if isinstance(held, type(node)) else following).append(held)
        columns.append(following)
    return _Found(columns[:-1], inputs, ways)


def _held_by(thing: Any, node: Any) -> list[Any]:
    """What an object refers to, of the kinds that an operation makes; nothing empty."""
    if isinstance(thing, FunctionType):
        return [thing.__closure__] if thing.__closure__ else []
    wanted = (type(node), *KINDS)
    return [held for held in gc.get_referents(thing) if isinstance(held, wanted) and held != ()]


def _way(start: tuple[int, int], end: tuple[int, int], tall: float, back: bool) -> str:
    """A line from box to box with a dot at its end; one that leads back goes below all boxes."""
    (x, y), (to_x, to_y) = start, end
    if not back:
        line = f"M{x + BOX} {y + 17}L{to_x - 4} {to_y + 17}"
        color, dot = "soft", circle(to_x - 4, to_y + 17, 4, "soft")
    else:
        low = 2 * tall - 110
        line = f"M{x + 48} {y + 34}Q{(x + to_x) / 2} {low} {to_x + 48} {to_y + 38}"
        color, dot = "orange", circle(to_x + 48, to_y + 38, 5, "orange")
    return f'<path d="{line}" fill="none" stroke="var(--{color})" stroke-width="2"/>{dot}'
