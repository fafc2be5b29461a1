"""Numbers and gradients of small graphs, without a single rule of differentiation.

The oracle runs a graph on complex numbers: moving one input by i·h with a tiny h leaves the
derivative in the imaginary part, to the last bits (Squire and Trapp, SIAM Review 40, 1998).
"""

import cmath
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from course.graphs import Graph, Seen

H = 1e-200
# Beyond these, numbers or slopes are badly conditioned.
LARGEST, SMALLEST, KINK = 1e4, 1e-2, 1e-2
STEEPEST = {"exp": 8, "sigmoid": 8, "tanh": 4}  # further out, slopes vanish or explode
RTOL, ATOL = 1e-8, 1e-10
DISTURBANCE = 1e-13  # many times the rounding of one operation, and far below the tolerance

FUNCTIONS: dict[str, Callable[..., complex]] = {
    "exp": cmath.exp,
    "log": cmath.log,
    "tanh": cmath.tanh,
    "sin": cmath.sin,
    "sigmoid": lambda z: 1 / (1 + cmath.exp(-z)),
    "relu": lambda z: z if z.real > 0 else 0 * z,
    "neg": lambda z: -z,
    "square": lambda z: z * z,
    "cube": lambda z: z * z * z,
    "inverse": lambda z: 1 / z,
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
}


class OutOfDomain(Exception):
    """A graph on which a right engine could lose digits, or that has no derivative."""


@dataclass(frozen=True)
class Expected:
    """What is right at each node of a graph: its data, and the result's derivative with respect
    to it (0.0 for what the result was not computed from)."""

    graph: Graph
    data: tuple[float, ...]
    slopes: tuple[float, ...]


@dataclass(frozen=True)
class Disagreement:
    """A graph on which an engine is wrong: `what` it shows at each node and what the oracle
    says, or what it `raised` instead."""

    graph: Graph
    what: str  # "data", "gradients" or "gradients after a second backward"
    observed: tuple[float, ...] = ()
    expected: tuple[float, ...] = ()
    raised: str = ""


def expected(graph: Graph) -> Expected:
    """What is right at each node of a graph.

    Raises OutOfDomain where the graph comes near a kink, a pole or a huge number, or where
    rounding on the way could be seen in the result.
    """
    exact, disturbed = _expected(graph, 0.0), _expected(graph, DISTURBANCE)
    pairs = zip((*exact.data, *exact.slopes), (*disturbed.data, *disturbed.slopes), strict=True)
    if not all(abs(a - b) <= (ATOL + RTOL * abs(a)) / 10 for a, b in pairs):
        raise OutOfDomain
    return exact


def disagreement(right: Expected, seen: Seen) -> Disagreement | None:
    """What is wrong in what an engine made of a graph: nothing (None) where all agrees, or where
    an operation that the graph needs is not written yet."""
    graph = right.graph
    if seen.ending == "unfinished":
        return None
    if seen.ending != "done":
        return Disagreement(graph, "", raised=seen.detail)
    again = tuple(2 * s if i < len(graph.leaves) else s for i, s in enumerate(right.slopes))
    for what, observed, wanted in (
        ("data", seen.data, right.data),
        ("gradients", seen.once, right.slopes),
        ("gradients after a second backward", seen.twice, again),
    ):
        if not all(map(agree, observed, wanted)):
            return Disagreement(graph, what, observed, wanted)
    return None


def agree(observed: float, wanted: float) -> bool:
    """Whether two numbers are equal but for rounding."""
    return abs(observed - wanted) <= ATOL + RTOL * abs(wanted)


def _expected(graph: Graph, disturbance: float) -> Expected:
    data = tuple(value.real for value in _run(graph, None, disturbance))
    reached = graph.reached()
    slopes = tuple(
        _run(graph, place, disturbance)[-1].imag / H if place in reached else 0.0
        for place in range(len(graph))
    )
    return Expected(graph, data, slopes)


def _run(graph: Graph, moved: int | None, disturbance: float) -> list[complex]:
    """Every node's number, with one `moved` by i·h, and all of them by a share that alternates."""
    values: list[complex] = []
    for place in range(len(graph)):
        if place < len(graph.leaves):
            value = complex(graph.leaves[place])
        else:
            step = graph.steps[place - len(graph.leaves)]
            value = apply(step.op, [values[i] for i in step.operands])
            value *= 1 + disturbance * (1, -1, 0.5)[place % 3]
        values.append(value + complex(0, H) if place == moved else value)
    return values


def apply(op: str, operands: Sequence[complex]) -> complex:
    """One operation on complex numbers; raises OutOfDomain near a kink or a pole, or far out."""
    last = operands[-1].real
    if op == "log" and last < SMALLEST:
        raise OutOfDomain
    if op in ("/", "inverse", "relu") and abs(last) < KINK:
        raise OutOfDomain
    if abs(last) > STEEPEST.get(op, LARGEST):
        raise OutOfDomain
    result = FUNCTIONS[op](*operands)
    if not abs(result.real) <= LARGEST:
        raise OutOfDomain
    return result
