"""Green means right: random graphs of the learner's own operations, beside an oracle.

Once the visible probes of a phase pass, hypothesis draws graphs, and shrinks one on which the
engine is wrong to the smallest such graph.
"""

import operator
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from course.errors import CourseError
from course.implementation import installed, working_copy
from course.learn.oracle import BINARY, POWERS, UNARY, Graph, OutOfDomain, Step, gradients
from course.learn.whereabouts import Place, own_place
from course.syllabus import Course, Phase
from course.watchdog import OutOfTime, cpu_limit

# The operations that graphs of a phase are made of; phases without gradients have none.
OPERATIONS = {
    "04": ("+", "*", "-", "neg", "square", "/", "cube", "inverse"),
    "05": ("+", "*", "tanh", "exp", "relu", "sin", "sigmoid", "log"),
}
EXAMPLES, DEEP_EXAMPLES = 250, 5_000
MOST_STEPS, MOST_LEAVES = 8, 3
SECONDS = 2.0  # of CPU time for one graph
RTOL, ATOL = 1e-8, 1e-10
OPERATORS = {"+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv}


@dataclass(frozen=True)
class Disagreement:
    """The smallest graph on which an engine is wrong: what it shows at each node, and what the
    oracle says; or what it raised, and where."""

    graph: Graph
    what: str
    observed: Sequence[float] = ()
    expected: Sequence[float] = ()
    raised: str = ""
    place: Place | None = None
    svg: str = field(default="", repr=False)


class Wrong(AssertionError):
    """Carries a disagreement out of hypothesis."""

    def __init__(self, found: Disagreement) -> None:
        super().__init__(found.what)
        self.found = found


def is_searched(phase: Phase) -> bool:
    """Whether there are graphs for this phase."""
    return phase.id in OPERATIONS


def search(course: Course, phase: Phase, deep: bool = False) -> "Found":
    """Compare the engine in src/minigrad with the oracle on random graphs, the same each time.

    Raises CourseError where hypothesis is not installed.
    """
    try:
        from hypothesis import HealthCheck, given, seed, settings
        from hypothesis import Phase as Stage
        from hypothesis import strategies as draw
    except ImportError:
        raise CourseError("hypothesis is not installed; run: ./scripts/minigrad --help") from None

    count = DEEP_EXAMPLES if deep else EXAMPLES
    tried = 0

    @seed(int(phase.id))
    @settings(
        max_examples=count,
        deadline=None,
        database=None,
        phases=(Stage.generate, Stage.shrink),
        suppress_health_check=list(HealthCheck),
        print_blob=False,
    )
    @given(draw.data())
    def compare(data: Any) -> None:
        nonlocal tried
        graph = _draw(draw, data, OPERATIONS[phase.id])
        try:
            value, slopes = gradients(graph)
        except (OutOfDomain, OverflowError, ZeroDivisionError, ValueError):
            return
        tried += 1
        if (found := _disagreement(graph, value, slopes)) is not None:
            raise Wrong(found)

    with installed(working_copy(course.root)):
        try:
            compare()
        except Wrong as wrong:
            return Found(tried, wrong.found)
    return Found(tried, None)


@dataclass(frozen=True)
class Found:
    """How many graphs were compared, and the smallest that disagrees (None: all agree)."""

    tried: int
    disagreement: Disagreement | None


def _draw(draw: Any, data: Any, operations: Sequence[str]) -> Graph:
    """A graph whose steps use what came before, often the same node twice."""
    numbers = draw.sampled_from([1.5, 2.0, -1.25, 0.75, 3.0, -0.5])
    leaves = data.draw(draw.lists(numbers, min_size=1, max_size=MOST_LEAVES))
    steps: list[Step] = []
    for _ in range(data.draw(draw.integers(1, MOST_STEPS))):
        op = data.draw(draw.sampled_from(operations))
        last = len(leaves) + len(steps) - 1
        places = draw.integers(0, last).map(lambda back, last=last: last - back)
        operands = tuple(data.draw(places) for _ in range(2 if op in BINARY else 1))
        steps.append(Step(op, operands))
    return Graph(tuple(leaves), tuple(steps))


def _disagreement(graph: Graph, value: float, slopes: list[float]) -> Disagreement | None:
    """Build the graph with the engine that is installed and look at every node, twice."""
    try:
        with cpu_limit(SECONDS):
            nodes = _build(graph)
            root = nodes[-1]
            if not _close(root.data, value):
                return Disagreement(graph, "the result", [root.data], [value])
            root.backward()
            once = [float(node.grad) for node in nodes]
            reached = _reached(graph)
            wanted = [s if i in reached else 0.0 for i, s in enumerate(slopes)]
            if not all(map(_close, once, wanted)):
                return Disagreement(
                    graph, "gradients", once, wanted, svg=_drawn(root, graph, nodes)
                )
            root.backward()
            again = [float(node.grad) for node in nodes]
            leaves = len(graph.leaves)
            wanted = [2 * w if i < leaves else w for i, w in enumerate(wanted)]
            if not all(map(_close, again, wanted)):
                words = "gradients after a second backward"
                return Disagreement(graph, words, again, wanted, svg=_drawn(root, graph, nodes))
    except OutOfTime as error:
        return Disagreement(graph, "", raised=f"no end after {SECONDS:g} s", place=own_place(error))
    except Exception as error:
        raised = f"{type(error).__name__}: {error}"
        return Disagreement(graph, "", raised=raised, place=own_place(error))
    return None


def _build(graph: Graph) -> list[Any]:
    from minigrad import scalar

    make: Any = scalar.Value
    nodes: list[Any] = [make(x) for x in graph.leaves]
    for step in graph.steps:
        operands = [nodes[i] for i in step.operands]
        nodes.append(_function(step.op)(*operands))
    return nodes


def _function(op: str) -> Callable[..., Any]:
    if op in OPERATORS:
        return OPERATORS[op]
    if op in POWERS:
        return lambda x: x ** POWERS[op]
    if op == "neg":
        return operator.neg
    assert op in UNARY
    return lambda x: getattr(x, op)()


def _reached(graph: Graph) -> set[int]:
    """The places of the nodes that the result was computed from."""
    waiting, reached = [len(graph.leaves) + len(graph.steps) - 1], set[int]()
    while waiting:
        place = waiting.pop()
        if place not in reached:
            reached.add(place)
            if place >= len(graph.leaves):
                waiting += graph.steps[place - len(graph.leaves)].operands
    return reached


def _close(observed: Any, expected: float) -> bool:
    return abs(float(observed) - expected) <= ATOL + RTOL * abs(expected)


def _drawn(root: Any, graph: Graph, nodes: Sequence[Any]) -> str:
    """The graph as the learner's own drawing tool shows it, "" where it can't."""
    try:
        from minigrad.viz import draw

        for node, name in zip(nodes, graph.names, strict=True):
            node.label = name
        return str(draw(root).svg)
    except Exception:  # a broken engine may not even be drawn
        return ""
