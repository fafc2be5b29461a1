"""Green means right: random examples of the learner's own code, beside an oracle.

Once the visible probes of a phase pass, hypothesis draws graphs (trees of modules in phase 07,
trajectories of parameters in 08), and shrinks one on which the code is wrong to the smallest such.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

from course.graphs import OPERATIONS, OPERATORS, Graph, Seen, Step, evaluate
from course.implementation import PACKAGE, installed, working_copy
from course.learn import module_trees, trajectories
from course.learn.examples import SECONDS, Difference, Effort, Wrong, run_examples
from course.learn.interrupts import ctrl_c_is_kept
from course.learn.whereabouts import Place, own_place
from course.oracle import Disagreement, OutOfDomain, agree, apply, disagreement, expected
from course.syllabus import Course, Phase

EXAMPLES = 500
MOST_STEPS, MOST_LEAVES = 8, 3
DEEP_SECONDS = 60.0  # of time on the clock for all of a deep search
DEEPEST = 40  # the most steps of its largest examples
# Phases without gradients: what is drawn, and how one of them is compared.
OTHERS: dict[str, tuple[str, Callable[[Any, Any, int], Difference | None]]] = {
    "07": ("trees of modules", module_trees.compared),
    "08": ("trajectories", trajectories.compared),
}


@dataclass(frozen=True)
class Found:
    """How many examples were compared, and the smallest that disagrees (None: all agree), where
    the learner's code raised an exception, and the drawing of a graph."""

    tried: int
    disagreement: Disagreement | Difference | None = None
    place: Place | None = None
    svg: str = field(default="", repr=False)


def is_searched(phase: Phase) -> bool:
    """Whether there are examples for this phase."""
    return phase.id in OPERATIONS or phase.id in OTHERS


def examples_of(phase: Phase) -> str:
    """What the examples of a phase are called."""
    return OTHERS[phase.id][0] if phase.id in OTHERS else "graphs"


def lines_of(wrong: Disagreement | Difference) -> list[str]:
    """An example as lines of Python."""
    if isinstance(wrong, Difference):
        return list(wrong.lines)
    return [*wrong.graph.lines(), f"{wrong.graph.names[-1]}.backward()"]


def rows_of(wrong: Disagreement | Difference) -> Iterator[tuple[str, str, str, bool]]:
    """Of an example a name, what is observed, what is expected, and whether they agree."""
    if isinstance(wrong, Difference):
        for name, observed, right in wrong.rows:
            yield name, observed, right, observed == right
        return
    for name, one, other in zip(wrong.graph.names, wrong.observed, wrong.expected, strict=True):
        yield name, f"{one:.6g}", f"{other:.6g}", agree(one, other)


def search(course: Course, phase: Phase) -> Found:
    """Compare the engine in src/minigrad with the oracle on random examples, the same each time.

    Raises CourseError where hypothesis is not installed.
    """
    with installed(working_copy(course.root)), ctrl_c_is_kept() as check:
        return _search(phase, Effort(EXAMPLES, MOST_STEPS, int(phase.id)), check)


def search_deeply(
    course: Course,
    phase: Phase,
    tell: Callable[[int, int, float], None],
    seconds: float = DEEP_SECONDS,
) -> Found:
    """Search in rounds of ever larger examples, each time others, for so many seconds or until
    one disagrees. `tell` is called before each round with how many were compared, the most steps
    they now have, and the seconds that are left.
    """
    start, tried, number = time.monotonic(), 0, 0
    with installed(working_copy(course.root)), ctrl_c_is_kept() as check:
        while (left := start + seconds - time.monotonic()) > 0:
            most_steps = min(DEEPEST, MOST_STEPS + 2 * number)
            tell(tried, most_steps, left)
            effort = Effort(EXAMPLES, most_steps, 1_000 * int(phase.id) + number)
            found = _search(phase, effort, check)
            tried, number = tried + found.tried, number + 1
            if found.disagreement is not None:
                return Found(tried, found.disagreement, found.place, found.svg)
    return Found(tried)


def _search(phase: Phase, effort: Effort, check: Callable[[], None]) -> Found:
    """Compare the code that is installed with an oracle on random examples; `check` is called
    before each."""
    if phase.id in OTHERS:
        return _search_others(phase, effort, check)
    make, tried = import_module(f"{PACKAGE}.scalar").Value, 0
    last: list[tuple[Disagreement, Seen]] = []

    def compare(draw: Any, data: Any) -> None:
        nonlocal tried
        check()
        try:
            right = expected(_draw(draw, data, OPERATIONS[phase.id], effort.most_steps))
        except OutOfDomain:
            return
        tried += 1
        seen = evaluate(right.graph, make, SECONDS)
        if (wrong := disagreement(right, seen)) is not None:
            last[:] = [(wrong, seen)]
            raise Wrong(wrong.what)

    if run_examples(compare, effort):
        return Found(tried)
    wrong, seen = last[-1]
    place = own_place(seen.error) if seen.error else None
    return Found(tried, wrong, place, _drawn(wrong, seen))


def _search_others(phase: Phase, effort: Effort, check: Callable[[], None]) -> Found:
    """The same for a phase without gradients."""
    _, compared = OTHERS[phase.id]
    tried, last = 0, list[Difference]()

    def compare(draw: Any, data: Any) -> None:
        nonlocal tried
        check()
        tried += 1
        if (wrong := compared(draw, data, effort.most_steps)) is not None:
            last[:] = [wrong]
            raise Wrong(wrong.what)

    if run_examples(compare, effort):
        return Found(tried)
    (wrong,) = last
    return Found(tried, wrong, own_place(wrong.error) if wrong.error else None)


def _draw(draw: Any, data: Any, operations: Sequence[str], most_steps: int) -> Graph:
    """A graph whose steps use what came before, often the same node twice. A step that has no
    value, or leads too far, is left out."""
    numbers = draw.sampled_from([1.5, 2.0, -1.25, 0.75, 3.0, -0.5])
    leaves = data.draw(draw.lists(numbers, min_size=1, max_size=MOST_LEAVES))
    values, steps = [complex(leaf) for leaf in leaves], list[Step]()
    for _ in range(data.draw(draw.integers(1, most_steps))):
        op = data.draw(draw.sampled_from(operations))
        last = len(values) - 1
        back = [data.draw(draw.integers(0, last)) for _ in range(2 if op in OPERATORS else 1)]
        if data.draw(draw.booleans()):  # so that most of what came before has a use
            back[0] = 0
        operands = tuple(last - places for places in back)
        try:
            value = apply(op, [values[i] for i in operands])
        except OutOfDomain:
            continue
        values.append(value)
        steps.append(Step(op, operands))
    if not steps:
        raise OutOfDomain
    return Graph(tuple(leaves), tuple(steps))


def _drawn(wrong: Disagreement, seen: Seen) -> str:
    """The graph as the learner's own drawing tool shows it, "" where it can't."""
    try:
        draw = import_module(f"{PACKAGE}.viz").draw
        gradients = wrong.observed if wrong.what != "data" else seen.once
        for node, name, grad in zip(seen.nodes, wrong.graph.names, gradients, strict=True):
            node.label, node.grad = name, grad
        return str(draw(seen.nodes[-1]).svg)
    except Exception:  # a broken engine may not even be drawn
        return ""
