"""Problem set 06p: the planted-bugs lab. The tasks are in lab/06p-problems.md.

An engine is a dict from the name of an operation to an `Operation`, as in
minigrad.broken: `operation.function` takes Values (as many as `operation.ranges`
has pairs) and returns a Value, `operation.meaning` is what it should compute, on
floats, and `operation.points()` gives points to check at, each a list of floats.
Every check is your own `gradcheck` with its default tolerances.
"""

import math
from statistics import linear_regression

from minigrad.gradcheck import derivative, gradcheck
from minigrad.scalar import Value


def faulty_operations(engine):
    """The names of the operations whose gradients disagree: a list, in the engine's order.

    An operation is faulty when `gradcheck` of its function finds a mismatch at
    one or more of its `points()`.
    """
    raise NotImplementedError("phase 06p: faulty_operations")


def diagnose(engine):
    """What is wrong with each faulty operation: a dict from its name to one cause.

    The cause is that of the mismatches which `gradcheck` finds at the operation's
    `points()`, over all inputs, where they all have the same one, and "mixed"
    where they differ. Operations without a mismatch are not in the dict.
    """
    raise NotImplementedError("phase 06p: diagnose")


def wrong_values(engine):
    """The names of the operations that compute something else than they should: a list.

    In the engine's order: an operation is listed when, at one or more of its
    `points()`, the number in its result differs from m = `operation.meaning` of
    the same floats by more than 1e-9·(1 + |m|). Gradients play no part.
    """
    raise NotImplementedError("phase 06p: wrong_values")


def worst_input(operation, points):
    """Where the gradients are furthest apart: (point, index of the input), or None.

    Looks at every mismatch that `gradcheck` of `operation.function` reports at the
    given points (lists of floats) and picks the one with the largest
    |analytic − numeric|; of several equal ones the first, points in the order
    given. None where nothing disagrees.
    """
    raise NotImplementedError("phase 06p: worst_input")


def culprits(f, engine, right, inputs):
    """The operations that are to blame for a wrong gradient of a whole function: a list.

    `f(engine, *values)` computes with the operations of the engine it is given,
    as in `engine["tanh"].function(x)`, and returns a Value; `right` is an engine
    with the same names that is known to be right. A name is listed, in the
    engine's order, when `gradcheck` of f at `inputs` passes once that single
    operation is taken from `right`. The list is empty when the check passes with
    the engine as it is, or when no single exchange is enough. Neither engine is
    changed.
    """
    raise NotImplementedError("phase 06p: culprits")


def kink_or_fault(operation, point, step=1e-3):
    """What a check at one point means: "fault", "kink" or "right".

    "fault" where `gradcheck` finds a mismatch at the point. "right" where it finds
    none and skips no input. An input that is skipped is moved aside, the others
    staying where they are: to its number − step and to its number + step. "fault"
    if a check at any such neighbor finds a mismatch, else "kink".
    """
    raise NotImplementedError("phase 06p: kink_or_fault")


def minimal_failing(f, inputs):
    """A point as plain as possible at which the check of `f` still fails: a list of floats.

    Takes the inputs from first to last. Each is replaced by the first of 0.0, 1.0
    and 2.0 with which `gradcheck` still finds a mismatch, the inputs before it
    being replaced already and those after it as they came; where none of the
    three does, it stays as it is. A point at which f raises ValueError or an
    ArithmeticError (ZeroDivisionError, OverflowError) is not one where the check
    fails. `inputs` itself is not changed. Raises ValueError where the check
    passes at `inputs` to begin with.
    """
    raise NotImplementedError("phase 06p: minimal_failing")


def error_order(operation, x, steps):
    """How the disagreement at the float `x` falls with the step: a slope, a float.

    For an operation of one input. For each step h the error is
    |numeric(h) − analytic|: the central difference with step h, your `derivative`
    of phase 01, against the gradient from one `backward`. Returns the slope of the
    least-squares line through the points (ln h, ln error). About 2 is truncation,
    which is no fault; about 0 is a wrong rule. A step whose error is exactly 0 is
    left out; raises ValueError where fewer than two are left.
    """
    raise NotImplementedError("phase 06p: error_order")
