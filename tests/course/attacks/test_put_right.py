"""A task of the reference that is put into a failing submission is not told to anybody."""

from course.grade.intake.submission import Submission
from course.grade.marking import grader as graders
from course.grade.marking.grader import Grader
from course.grade.marking.suite import load_suite
from course.grade.report.pages import feedback_page
from course.implementation import reference

SPY = """

def _spy(self, other):
    code = Value.__mul__.__code__
    raise RuntimeError(f"SPIED {code.co_names} {code.co_consts} {code.co_code.hex()}")


Value.__radd__ = _spy
"""


def test_the_code_of_a_task_that_was_put_right_is_not_on_the_card(course, walls, monkeypatch):
    given, told, run_again = [], [], Grader._run_again

    def noted(self, files, *rest):
        given.append(files["scalar.py"])
        recordings = run_again(self, files, *rest)
        told.extend(recording.detail for recording in recordings.values())
        return recordings

    monkeypatch.setattr(graders.Grader, "_run_again", noted)
    head = "    def __mul__(self, other):"
    text = reference(course.root).source("scalar.py")
    text = text.replace(head, f"{head}\n        return Value(0.0)\n")
    suite = load_suite(course, course.phase("03"))
    with Grader(suite, walls) as grader:
        card = grader.grade(Submission("eve", {"src/minigrad/scalar.py": text + SPY}))
    assert any("return Value(0.0)" not in one for one in given)  # it was run with a right product
    assert any("SPIED" in detail for detail in told)  # and looked at
    assert card.points < card.max_points
    for shown in (card.to_json(), feedback_page(course, card)):
        assert "SPIED" not in shown
