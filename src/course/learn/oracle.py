"""Gradients of small random graphs, without a single rule of differentiation.

A graph is a short program: leaves, then steps, each an operation on what came before. The
oracle runs it on complex numbers: moving one input by i·h with a tiny h leaves the derivative
in the imaginary part, to the last bits (Squire and Trapp, SIAM Review 40, 1998).
"""

import cmath
import math
from collections.abc import Sequence
from dataclasses import dataclass

H = 1e-200
# Beyond these, numbers or slopes are badly conditioned.
LARGEST, SMALLEST, KINK = 1e4, 1e-2, 1e-2

UNARY = {
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
}
BINARY = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
}
POWERS = {"square": 2, "cube": 3, "inverse": -1}


class OutOfDomain(Exception):
    """A graph on which a right engine could lose digits, or that has no derivative."""


@dataclass(frozen=True)
class Step:
    """One operation: its name, and the places of its operands among leaves and earlier steps."""

    op: str
    operands: tuple[int, ...]


@dataclass(frozen=True)
class Graph:
    """A graph as a program: the leaves' numbers, and the steps; the last one is the result."""

    leaves: tuple[float, ...]
    steps: tuple[Step, ...]

    @property
    def names(self) -> list[str]:
        """A letter per leaf, then u, v, w, … for the steps."""
        letters = [*"abcdefgh"[: len(self.leaves)], *"uvwxyz"]
        more = [f"n{i}" for i in range(len(self.leaves) + len(self.steps))]
        return (letters + more)[: len(self.leaves) + len(self.steps)]

    def lines(self) -> list[str]:
        """The graph as lines of Python."""
        names = self.names
        lines = [f"{n} = Value({x!r})" for n, x in zip(names, self.leaves, strict=False)]
        for name, step in zip(names[len(self.leaves) :], self.steps, strict=True):
            lines.append(f"{name} = {_expression(step, names)}")
        return lines


def gradients(graph: Graph) -> tuple[float, list[float]]:
    """The result, and its derivative with respect to every leaf and every step.

    Raises OutOfDomain where the graph comes near a kink, a pole or a huge number.
    """
    count = len(graph.leaves) + len(graph.steps)
    value = _run(graph, None)[-1].real
    return value, [_run(graph, moved)[-1].imag / H for moved in range(count)]


def _run(graph: Graph, moved: int | None) -> list[complex]:
    values: list[complex] = []
    for place in range(len(graph.leaves) + len(graph.steps)):
        if place < len(graph.leaves):
            value = complex(graph.leaves[place])
        else:
            step = graph.steps[place - len(graph.leaves)]
            value = _apply(step.op, [values[i] for i in step.operands])
        if not math.isfinite(value.real) or abs(value.real) > LARGEST:
            raise OutOfDomain
        values.append(value + complex(0, H) if place == moved else value)
    return values


def _apply(op: str, operands: Sequence[complex]) -> complex:
    last = operands[-1].real
    if op == "log" and last < SMALLEST:
        raise OutOfDomain
    if op in ("/", "inverse", "relu") and abs(last) < KINK:
        raise OutOfDomain
    if op in ("exp", "sigmoid", "tanh") and abs(last) > 8:
        raise OutOfDomain
    function = BINARY[op] if op in BINARY else UNARY[op]
    result: complex = function(*operands)
    return result


def _expression(step: Step, names: Sequence[str]) -> str:
    first = names[step.operands[0]]
    if step.op in BINARY:
        return f"{first} {step.op} {names[step.operands[1]]}"
    if step.op in POWERS:
        return f"{first} ** {POWERS[step.op]}"
    return f"-{first}" if step.op == "neg" else f"{first}.{step.op}()"
