"""Visible probes of problem set 06p. They observe; the judge compares with the reference."""

import math

from course.observe import probe
from minigrad.broken import Operation, engine_1, engine_5, operation
from minigrad.problems_06 import (
    culprits,
    diagnose,
    error_order,
    faulty_operations,
    kink_or_fault,
    minimal_failing,
    worst_input,
    wrong_values,
)
from minigrad.scalar import Value

UP = ((0.5, 2.0),)


def small():
    """A small engine: one operation is right, one is wrong everywhere, two at some points."""
    return {
        "square": operation(lambda a: (a * a, a), lambda a: a * a, UP),
        "cube": operation(lambda a: (a**3, 3 * a * a), lambda a: a**3, UP),
        "late": operation(lambda a: (a, 1.0 if a < 1 else 0.0), lambda a: a, UP),
        "uneven": operation(lambda a: (a, -1.0 if a < 1 else 2.0), lambda a: a, UP),
    }


@probe(task="faulty_operations", concept="gradient-check")
def test_the_first_engine(observe):
    """One engine of the lab, and a small one."""
    observe("engine_1", faulty_operations(engine_1))
    observe("small", faulty_operations(small()))
    observe("backwards", faulty_operations(dict(reversed(small().items()))))


@probe(task="diagnose", concept="diagnosis")
def test_causes(observe):
    """The same two engines: which fault, and what it looks like."""
    observe("engine_1", [f"{name}: {cause}" for name, cause in diagnose(engine_1).items()])
    observe("small", [f"{name}: {cause}" for name, cause in diagnose(small()).items()])


@probe(task="wrong_values", concept="gradient-check")
def test_a_right_gradient_of_something_else(observe):
    """A "square" that halves instead, with the gradient that belongs to halving."""
    engine = {**small(), "square": operation(lambda a: (a / 2, 0.5), lambda a: a * a, UP)}
    observe("wrong values", wrong_values(engine))
    observe("small", wrong_values(small()))
    observe("engine_1", wrong_values(engine_1))


@probe(task="worst_input", concept="diagnosis")
def test_the_largest_disagreement(observe):
    """The halved square is off by x itself: worst far from 0, whatever the sign."""
    point, index = worst_input(small()["square"], [[1.0], [3.0], [-2.0]])
    observe("point", point)
    observe("index", index)
    observe("a right one", worst_input(small()["cube"], [[1.0], [2.0]]) is None)
    observe("two equal ones", worst_input(small()["square"], [[-2.0], [2.0]])[0])


@probe(task="culprits", concept="diagnosis")
def test_who_spoils_a_sum(observe):
    """A function of two operations, one of them wrong."""
    right = {**small(), "square": operation(lambda a: (a * a, 2 * a), lambda a: a * a, UP)}

    def f(engine, x, y):
        return engine["square"].function(x) * y + engine["cube"].function(y)

    observe("to blame", culprits(f, small(), right, [1.5, 0.5]))
    observe("nothing to blame", culprits(f, right, right, [1.5, 0.5]))
    engine = small()
    observe("to blame once more", culprits(f, engine, right, [1.5, 0.5]))
    observe("a fault stays", engine["square"] is not right["square"])


@probe(task="kink_or_fault", concept="kink")
def test_corners(observe):
    """relu at its corner and off it; a square; a corner with a fault beside it."""
    for x in (0.0, 1.0):
        observe(f"engine_5 relu at {x}", kink_or_fault(engine_5["relu"], [x]))
    observe("square", kink_or_fault(small()["square"], [1.0]))
    one_sided = operation(lambda a: (abs(a), 1.0), abs, ((-2.0, 2.0),))
    observe("|x| with slope 1 everywhere", kink_or_fault(one_sided, [0.0]))


@probe(task="minimal_failing", concept="diagnosis")
def test_a_plain_example(observe):
    """Half of a gradient is lost; the smallest numbers that show it. Nothing is lost of a sum."""
    inputs = [1.37, -0.52]
    observe("point", minimal_failing(lambda a, b: a * Value(a.data) + b, inputs))
    observe("inputs", inputs)
    observe(
        "either", minimal_failing(lambda a, b: a * Value(a.data) + b * Value(b.data), [3.5, 4.5])
    )
    late = operation(lambda a: (a, 1.0 if a < 2.5 else 0.0), lambda a: a, UP)
    observe("from 2.5 on", minimal_failing(lambda a: late.function(a), [3.25]))
    with observe.raises("a sum"):
        minimal_failing(lambda a, b: a + b, inputs)


@probe(task="error_order", concept="step-size")
def test_truncation_and_a_fault(observe):
    """A right sine, whose error falls with h², and a wrong one, whose error stays; no errors."""
    steps = [0.1, 0.05, 0.02, 0.01]
    right = Operation(lambda x: x.sin(), math.sin, ((-1.0, 1.0),))
    observe("sin", error_order(right, 1.0, steps), atol=1e-6)
    observe("square", error_order(small()["square"], 1.0, steps), atol=1e-6)
    observe("cube of engine_1", error_order(engine_1["cube"], 1.0, steps), atol=1e-6)
    with observe.raises("one step"):
        error_order(right, 1.0, [0.1])
    corner = operation(lambda a: (max(a, 1.0), float(a > 1)), lambda a: max(a, 1.0), UP)
    observe("one exact step", error_order(corner, 1.5, [2.0, 1.0, 0.25]), atol=1e-6)
