"""Small graphs as data, and what an engine makes of one: numbers and gradients at every node.

A graph is a short program: leaves, then steps, each an operation on what came before. This
module runs beside student code inside the sandbox: standard library only, and no expected value.
"""

import operator
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

from course.observe import MAX_TEXT, Unobservable, builtin_name, plain, unfinished
from course.watchdog import OutOfTime, cpu_limit

OPERATORS = {"+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv}
POWERS = {"square": 2, "cube": 3, "inverse": -1}
# The operations that graphs of a phase are made of; phases without gradients have none.
OPERATIONS = {
    "04": ("+", "*", "-", "neg", "square", "/", "cube", "inverse"),
    "05": ("+", "*", "tanh", "exp", "relu", "sin", "sigmoid", "log"),
}
NAMES = frozenset(op for names in OPERATIONS.values() for op in names)


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

    def __len__(self) -> int:
        return len(self.leaves) + len(self.steps)

    @property
    def names(self) -> list[str]:
        """A letter per leaf, then u, v, w, … for the steps."""
        letters = [*"abcdefgh"[: len(self.leaves)], *"uvwxyz"]
        more = [f"n{i}" for i in range(len(letters), len(self))]
        return [*letters, *more][: len(self)]

    def operands(self, place: int) -> tuple[int, ...]:
        """The places of a node's operands; a leaf has none."""
        inner = place - len(self.leaves)
        return self.steps[inner].operands if inner >= 0 else ()

    def reached(self) -> set[int]:
        """The places of the nodes that the result was computed from, its own among them."""
        waiting, reached = [len(self) - 1], set[int]()
        while waiting:
            place = waiting.pop()
            if place not in reached:
                reached.add(place)
                waiting += self.operands(place)
        return reached

    def lines(self) -> list[str]:
        """The graph as lines of Python."""
        names = self.names
        lines = [f"{n} = Value({x!r})" for n, x in zip(names, self.leaves, strict=False)]
        for name, step in zip(names[len(self.leaves) :], self.steps, strict=True):
            lines.append(f"{name} = {_expression(step, names)}")
        return lines


def graph_of(document: Mapping[str, Any]) -> Graph:
    """The graph that a plain document stands for, as `dataclasses.asdict` makes it; raises
    ValueError for what is no graph."""
    try:
        leaves = tuple(float(leaf) for leaf in document["leaves"])
        steps = tuple(Step(str(s["op"]), tuple(s["operands"])) for s in document["steps"])
    except (KeyError, TypeError) as error:
        raise ValueError(f"no graph: {error}") from None
    for place, step in enumerate(steps, len(leaves)):
        needed = 2 if step.op in OPERATORS else 1
        known = step.op in NAMES and len(step.operands) == needed
        if not known or not all(type(i) is int and 0 <= i < place for i in step.operands):
            raise ValueError(f"no graph: {step.op!r} of {step.operands!r}")
    return Graph(leaves, steps)


def _expression(step: Step, names: Sequence[str]) -> str:
    first = names[step.operands[0]]
    if step.op in OPERATORS:
        return f"{first} {step.op} {names[step.operands[1]]}"
    if step.op in POWERS:
        return f"{first} ** {POWERS[step.op]}"
    return f"-{first}" if step.op == "neg" else f"{first}.{step.op}()"


@dataclass(frozen=True)
class Seen:
    """What an engine made of a graph: the data of every node, its gradient after one backward
    pass and after a second one. Where `ending` is not "done", `detail` says what happened, and
    `error` is what was raised; that never crosses a process."""

    data: tuple[float, ...] = ()
    once: tuple[float, ...] = ()
    twice: tuple[float, ...] = ()
    ending: str = "done"  # or "unfinished", "error", "unobservable", "timeout"
    detail: str = ""
    nodes: tuple[Any, ...] = field(default=(), compare=False, repr=False)
    error: BaseException | None = field(default=None, compare=False, repr=False)


def evaluate(graph: Graph, make: Callable[[float], Any], cpu_seconds: float) -> Seen:
    """Build a graph with an engine, whose class of nodes is `make`, and run it backward twice."""
    nodes: list[Any] = []
    try:
        with cpu_limit(cpu_seconds):
            nodes += [make(x) for x in graph.leaves]
            for step in graph.steps:
                nodes.append(_function(step.op)(*(nodes[i] for i in step.operands)))
            data = _read(graph, nodes, "data")
            nodes[-1].backward()
            once = _read(graph, nodes, "grad")
            nodes[-1].backward()
            return Seen(data, once, _read(graph, nodes, "grad"), nodes=tuple(nodes))
    except OutOfTime as error:
        return Seen(ending="timeout", detail=f"no end after {cpu_seconds:g} s", error=error)
    except Unobservable as error:
        return Seen(ending="unobservable", detail=str(error)[:MAX_TEXT], error=error)
    except (Exception, SystemExit) as error:
        if stub := unfinished(error):
            return Seen(ending="unfinished", detail=stub, error=error)
        detail = builtin_name(error)
        with suppress(Exception):  # what a student's own exception says of itself may raise
            detail = f"{type(error).__name__}: {error}"[:MAX_TEXT]
        return Seen(ending="error", detail=detail, error=error)


def _read(graph: Graph, nodes: Sequence[Any], attribute: str) -> tuple[float, ...]:
    """An attribute of every node as finite floats; raises Unobservable."""
    return tuple(
        _number(f"{name}.{attribute}", getattr(node, attribute))
        for name, node in zip(graph.names, nodes, strict=True)
    )


def _number(name: str, value: Any) -> float:
    number = plain(name, value)
    if isinstance(number, str):
        raise Unobservable(f"{name} is a {type(value).__name__}, not a number")
    return float(number)


def _function(op: str) -> Callable[..., Any]:
    if op in OPERATORS:
        return OPERATORS[op]
    if op in POWERS:
        return lambda x: x ** POWERS[op]
    return operator.neg if op == "neg" else operator.methodcaller(op)
