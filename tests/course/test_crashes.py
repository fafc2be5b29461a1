"""Code that ends its own process: what the card says, what it costs, and whom it touches."""

import pytest

from course.grade.intake.submission import Submission
from course.grade.marking.grader import Grader
from course.grade.marking.suite import load_suite

SCALAR = "src/minigrad/scalar.py"
RAISED = """
import sys
sys.setrecursionlimit(10**9)
def for_ever(self, other): return self {0} other
Value.__{1}__ = for_ever
"""
CRASHED = "the process crashed (signal 11)"  # from Python 3.12 on it is a RecursionError


@pytest.mark.parametrize(("sign", "method", "task"), [("+", "add", "add"), ("**", "pow", "pow")])
def test_recursion_under_a_raised_limit_costs_the_points_of_its_own_task(
    course, walls, sign, method, task
):
    """A process ends with each probe of it, and there are few processes: the others go first."""
    suite = load_suite(course, course.phase("03"))
    right = suite.reference.source("scalar.py")
    with Grader(suite, walls) as grader:
        wrong, honest = (
            grader.grade(Submission(name, {SCALAR: right + more}))
            for name, more in (("ann", RAISED.format(sign, method)), ("bob", ""))
        )
    assert {probe.task for probe in wrong.probes if probe.points < probe.max_points} == {task}
    assert not any(probe.points for probe in wrong.probes if probe.task == task)
    assert set(wrong.flags) <= {CRASHED}
    statuses = {probe.status for probe in wrong.probes if probe.task == task}
    assert statuses <= {"error", "skipped"}
    assert (honest.points, honest.flags) == (honest.max_points, ())
