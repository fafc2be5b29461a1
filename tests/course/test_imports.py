"""What is said of a file without running it."""

import pytest

from course.grade.intake.submission import Submission
from course.grade.marking.grader import Grader
from course.grade.marking.remarks import for_student
from course.grade.marking.suite import load_suite
from course.implementation import reference
from course.imports import complaints

SCALAR = "src/minigrad/scalar.py"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("import math, numpy as np\nfrom minigrad.scalar import Value\n", []),
        ("x = (1,\n", [f"{SCALAR}, line 1: '(' was never closed"]),
        ("import scipy.special\n", [f"{SCALAR} imports scipy, which is not there"]),
        ("def f():\n    from torch import nn\n", [f"{SCALAR} imports torch, which is not there"]),
        ("from . import nn\n", []),
        ("\0", [f"{SCALAR}"]),
    ],
)
def test_complaints(text, said):
    found = list(complaints({SCALAR: text, "notes.txt": "("}))
    assert len(found) == len(said)
    assert all(one.startswith(words) for one, words in zip(found, said, strict=True))


def graded(course, walls, phase, text):
    whole = reference(course.root)
    files = {n: whole.source(n.rpartition("/")[2]) for n in course.owned_files(course.phase(phase))}
    with Grader(load_suite(course, course.phase(phase)), walls) as grader:
        return grader.grade(Submission("ann", {**files, SCALAR: text}))


def test_teacher_and_student_read_a_syntax_error(course, walls):
    text = reference(course.root).source("scalar.py")
    card = graded(course, walls, "03", text.replace("k = float(exponent)", "k = float(exponent"))
    (flag,) = [flag for flag in card.flags if "never closed" in flag]
    assert flag.startswith(f"{SCALAR}, line ") and flag in for_student(card.flags)


def test_an_import_that_cannot_work_is_named(course, walls):
    text = reference(course.root).source("scalar.py")
    card = graded(course, walls, "03", f"import scipy\n{text}")
    assert card.points == 0
    assert any("imports scipy, which is not there" in flag for flag in for_student(card.flags))


LATE = """
import numpy as np
np.unique([1]); np.median([1.0]); np.percentile([1.0], 5); np.setdiff1d([1], [2])
np.fft.fft([1.0]); np.ma.array([1]); np.testing.assert_allclose(1, 1); np.linalg.norm([1.0])
np.random.default_rng(0).random(); np.polynomial.Polynomial([1]); np.char.upper("x")
"""


@pytest.mark.parametrize("phase", ["02", "03", "04", "05", "10"])
def test_numpy_and_what_it_loads_late_cost_nothing(course, walls, phase):
    text = reference(course.root).source("scalar.py")
    card = graded(course, walls, phase, LATE + text)
    assert (card.points, card.flags) == (card.max_points, ())
