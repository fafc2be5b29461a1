"""The backward pass as it happened, step by step: on the reference, and on known mistakes.

Each way is a recording: the graph is built by that engine, `backward()` runs, and every rule that
it calls is watched. So a mistake is seen where it happens, and not told.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any

from course.author.explorables.book import Player, Step, Way
from course.author.kills import mutants_of
from course.implementation import installed, reference
from course.syllabus import Course
from minigrad.player import judged, number, said

RIGHT = "as it should be"
MISTAKES = {
    "= instead of +=": "03-sum-assigns",
    "no seed": "04-no-seed",
    "level by level": "04-breadth-first",
    "seed first, then clear": "04-seed-before-clearing",
}


def backward_pass(course: Course) -> Player:
    """The pass through y = u · (u + c) with u = a · b, as it should be and with each mistake.

    Raises CourseError where a mistake's mutant is not there.
    """
    whole, mutants = reference(course.root), mutants_of(course, course.phases)
    engines = {RIGHT: whole}
    engines |= {name: mutants[mutant][0].applied_to(whole) for name, mutant in MISTAKES.items()}
    ways, right = [], dict[str, float]()
    for name, engine in engines.items():
        with installed(engine):
            steps, gradients = _record()
        right = right or gradients
        last = replace(steps[-1], caption=judged(gradients, right))
        ways.append(Way(name, [*steps[:-1], last]))
    return Player("Step through the pass, then choose a mistake", ways)


def _graph() -> list[Any]:
    """The nodes, inputs before outputs: `u` is used by the result and by what leads to it."""
    from minigrad import scalar

    Value: Any = scalar.Value
    a, b, c = Value(2.0, label="a"), Value(-3.0, label="b"), Value(5.0, label="c")
    u = a * b
    v = u + c
    y = u * v
    for node, label in ((u, "u"), (v, "v"), (y, "y")):
        node.label = label
    return [a, b, c, u, v, y]


def _record() -> tuple[list[Step], dict[str, float]]:
    """The steps of one pass, and the leaves' gradients after it."""
    from minigrad.frames import pass_picture

    order = _graph()
    root = order[-1]

    def picture(title: str, caption: str, lit: Any = None, changed: Sequence[Any] = ()) -> Step:
        return Step(pass_picture(root, order, title, lit, changed).svg, caption)

    steps = [picture("Before the pass", "Every node knows its number. Every gradient is 0.")]

    def watched(node: Any, rule: Callable[[], None]) -> Callable[[], None]:
        def run() -> None:
            if len(steps) == 1:
                steps.append(_start(root, picture))
            before = [other.grad for other in order]
            rule()
            changed = [(o, b) for o, b in zip(order, before, strict=True) if o.grad != b]
            title = f"The rule of {node.label} has run"
            steps.append(picture(title, said(node, changed), node, [other for other, _ in changed]))

        return run

    for node in order:
        if node._prev:
            node._backward = watched(node, node._backward)
    root.backward()
    gradients = {node.label: node.grad for node in order if not node._prev}
    steps.append(picture("After the pass", ""))
    return steps, gradients


def _start(root: Any, picture: Callable[..., Step]) -> Step:
    """What stands on the result when the first rule is about to run."""
    if root.grad:
        return picture(
            f"The seed: {root.label}.grad is {number(root.grad)}",
            f"{root.label} changes by 1 for each 1 that it changes: the pass starts from that.",
            changed=[root],
        )
    name = f"{root.label}.grad"
    return picture(f"No seed: {name} is 0", f"{name} is 0 when the first rule is about to run.")
