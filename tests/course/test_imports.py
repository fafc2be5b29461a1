"""What is said of a file without running it."""

from html import unescape

import pytest

from course.grade.intake.submission import Submission
from course.grade.marking.grader import Grader
from course.grade.marking.remarks import for_student
from course.grade.marking.scoring import UNREADABLE
from course.grade.marking.suite import load_suite
from course.grade.report.pages import feedback_page
from course.grade.report.show_grades import show_class
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
        ("import turtle\n", [f"{SCALAR} imports turtle, which is not there"]),
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


TABS = "def f():\n    a = 1\n\treturn a\n"
UNCLOSED = "x = 1\ny = (x,\nz = 2\n"


@pytest.mark.parametrize(
    ("text", "said"),
    [(TABS, "line 3: inconsistent use of tabs and spaces"), (UNCLOSED, "line 2: '(' was never")],
)
def test_a_file_that_is_not_python_is_told_on_card_table_and_feedback(
    course, walls, capsys, text, said
):
    card = graded(course, walls, "03", text)
    assert {probe.message for probe in card.probes} == {UNREADABLE}
    show_class(course.phase("03"), [card], course.root)
    table = " ".join(capsys.readouterr().out.split())
    for shown in (" ".join(card.flags), unescape(feedback_page(course, card)), table):
        assert f"{SCALAR}, {said}" in shown


def test_a_syntax_error_in_the_students_own_tests_is_told_though_all_probes_pass(course, walls):
    phase = course.phase("03")
    whole = reference(course.root)
    files = {n: whole.source(n.rpartition("/")[2]) for n in course.owned_files(phase)}
    with Grader(load_suite(course, phase), walls) as grader:
        card = grader.grade(Submission("ann", {**files, phase.student_tests: "def test_a(:\n"}))
    assert card.points == card.max_points
    assert any(flag.startswith(f"{phase.student_tests}, line 1: ") for flag in card.flags)


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
