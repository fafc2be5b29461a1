"""The smallest graph on which an engine is wrong, as a student reads it: lines, numbers, a drawing.

The graph and the expected numbers are the grader's own. What the submission showed are floats,
and one line about an exception, which has to be escaped before it goes onto a page.
"""

from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from course.graphs import Graph
from course.implementation import PACKAGE, installed, working_copy
from course.oracle import Disagreement, agree, expected


@dataclass(frozen=True)
class Node:
    """A node as the course's drawing tool reads it."""

    data: float
    grad: float
    label: str
    _op: str
    _prev: tuple["Node", ...]


@dataclass(frozen=True)
class NodeRow:
    """One node: its name, what was observed, what is right, and whether these agree."""

    name: str
    observed: str
    expected: str
    agrees: bool


@dataclass(frozen=True)
class Shown:
    """A counterexample, ready to be put on a page; `picture` is the address of an image that is
    its own content."""

    lines: tuple[str, ...]
    what: str
    raised: str
    rows: tuple[NodeRow, ...]
    picture: str


def shown(root: Path, wrong: Disagreement) -> Shown:
    """How a page shows a counterexample; the graph is drawn as it should be."""
    graph = wrong.graph
    end = f"{graph.names[-1]}.backward()"
    calls = (end, end) if "second" in wrong.what else (end,)
    return Shown(
        (*graph.lines(), *calls), wrong.what, wrong.raised, tuple(_rows(wrong)), _drawn(root, graph)
    )


def _rows(wrong: Disagreement) -> Iterator[NodeRow]:
    for row in zip(wrong.graph.names, wrong.observed, wrong.expected, strict=False):
        name, observed, right = row
        yield NodeRow(name, f"{observed:.6g}", f"{right:.6g}", agree(observed, right))


def _drawn(root: Path, graph: Graph) -> str:
    right, nodes = expected(graph), list[Node]()
    for place, name in enumerate(graph.names):
        inner = place - len(graph.leaves)
        op = graph.steps[inner].op if inner >= 0 else ""
        inputs = tuple(nodes[i] for i in graph.operands(place))
        nodes.append(Node(right.data[place], right.slopes[place], name, op, inputs))
    with installed(working_copy(root)):  # its file for drawings is given, nobody writes it
        drawing = import_module(f"{PACKAGE}.viz").draw(nodes[-1])
    return "data:image/svg+xml;base64," + b64encode(drawing.svg.encode()).decode()
