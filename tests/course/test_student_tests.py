"""Grading the tests that students write: what they catch, what they break, what they try."""

import json
from dataclasses import replace

import pytest

from course.grade import student_tests
from course.grade.grader import Grader
from course.grade.intake import Submission
from course.grade.student_tests import changing, named
from course.grade.suite import load_suite

TESTS = """
import pytest
from minigrad.scalar import Value

def test_product():
    a, b = Value(2.0), Value(-3.0)
    y = a * b
    y.grad = 1.0
    y._backward()
    assert (y.data, a.grad, b.grad) == (-6.0, -3.0, 2.0)

@pytest.mark.parametrize("k", [2, -1, 0.5])
def test_power(k):
    a = Value(4.0)
    y = a ** k
    y.grad = 1.0
    y._backward()
    assert y.data == pytest.approx(4.0 ** k)
    assert a.grad == pytest.approx(k * 4.0 ** (k - 1))

def test_wrong():
    assert (Value(1.0) + 1).data == 3.0

def test_refusal():
    with pytest.raises(TypeError):
        Value(2.0) ** "x"
"""


def graded_tests(course, walls, text):
    phase = replace(course.phase("03"), student_test_points=10)
    with Grader(load_suite(course, phase), walls) as grader:
        return grader.bench.grade(text)


def test_students_tests_are_graded_by_what_they_catch(course, walls):
    result = graded_tests(course, walls, TESTS)
    assert result.status == "graded"
    assert result.tests == 6 and result.wrong == ("test_wrong",)
    assert 2 <= result.caught < result.mutants
    assert result.points == round(10 * result.caught / result.mutants, 2)
    assert all("mul" not in name for name in result.surviving)


DICE = """
import os, pytest

@pytest.mark.parametrize("k", range(100))
def test_dice(k):
    assert os.urandom(1)[0] > 100
"""


@pytest.mark.parametrize(
    ("text", "status", "points"),
    [
        (None, "missing", 0),
        ("# nothing yet\n", "empty", 0),
        ("def test_a(:\n", "broken", 0),
        ("def test_a():\n    while True: pass\n", "timeout", 0),
        ("import os\ndef test_a(): os._exit(0)\n", "broken", 0),
        ("def test_a(): pass\n", "graded", 0),
        ("def test_a(): assert False\n", "empty", 0),
        (DICE, "unsteady", 0),
    ],
)
def test_tests_that_show_nothing_earn_nothing(course, walls, text, status, points):
    result = graded_tests(course, walls, text)
    assert (result and result.status, result.points) == (status, points)


def test_a_test_cannot_read_the_source_it_runs_against(course, walls):
    text = """
import inspect, minigrad.scalar as s
def test_source():
    try: found = inspect.getsource(s)
    except Exception: found = ""
    assert "def" not in found
"""
    assert graded_tests(course, walls, text).wrong == ()


FRAMES = """
import sys
frames, frame = [], sys._getframe()
while frame: frames.append(frame); frame = frame.f_back
"""

# Files that try to know which engine they run against, to claim outcomes, or to tell what
# they see. Every one contains a test that passes on any engine.
HOSTILE = {
    "the name of the engine": FRAMES
    + """
def test_engine():
    tasks = [v for f in frames for v in f.f_locals.values() if isinstance(v, dict)]
    assert {task.get("package", "reference") for task in tasks} == {"reference"}
def test_nothing(): pass
""",
    "another engine to compare with": FRAMES
    + """
import gc
def test_engines():
    found = [o for o in gc.get_objects() if type(o).__name__ == "Implementation"]
    assert len({id(o) for o in found}) > 1
def test_nothing(): pass
""",
    "code in the names of tests": """
import base64, marshal, pytest, zlib
from minigrad.scalar import Value
code = b"".join(marshal.dumps(v.__code__) for v in vars(Value).values() if hasattr(v, "__code__"))
text = base64.b85encode(zlib.compress(code)).decode()
@pytest.mark.parametrize("x", [text[i:i + 60] for i in range(0, len(text), 60)])
def test_LEAK(x): assert False
def test_nothing(): pass
""",
    "outcomes of its own making": FRAMES
    + """
write = next(f.f_locals["write"] for f in frames if "write" in f.f_locals)
write({"test": "test_LEAK \\ud800 \\x1b[2J<b>", "outcome": "failed"})
write({"test": "test_nothing", "outcome": "passed"})
def test_nothing(): pass
""",
    "an early end": """
import os
from minigrad.scalar import Value
def test_nothing(): pass
def test_end(): os._exit(0)
""",
    "a process number": """
import os
def test_first():
    assert os.getpid() == os.getppid() + 1 or os.getpid() % 2
def test_nothing(): pass
""",
    "a patched pytest": """
import pytest, _pytest.runner, sys
_pytest.runner.call_and_report = lambda *a, **k: None
sys.modules["course.grade.sandbox.jobs"]._Reporter.write = lambda *m: None
def test_nothing(): pass
""",
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_earn_and_tell_nothing(course, walls, name):
    result = graded_tests(course, walls, HOSTILE[name])
    assert result.points == 0 and result.caught == 0, result
    assert set(result.wrong) <= {"test_LEAK", "test_engine", "test_engines", "test_first", "…"}
    if name == "another engine to compare with":
        assert result.wrong == ("test_engines",)  # there is none


def test_names_are_those_in_the_file():
    text = "def test_a(): pass\nclass TestB:\n    async def test_c(self): pass\n# def test_d\n"
    told = ["test_a[secret]", "TestB::test_c", "test_d", "secret", "test_a[x::y]"]
    assert named(told, text) == ("test_a", "test_c", "…")
    many = "".join(f"def test_{i:02}(): pass\n" for i in range(40))
    assert len(named([f"test_{i:02}" for i in range(40)], many)) == student_tests.MAX_NAMED + 1


def test_outcomes_that_change_are_seen():
    steady, other = {"a": "passed", "b": "failed"}, {"a": "passed", "b": "passed"}
    assert changing([steady, steady]) == set()
    assert changing([steady, other]) == {"b"}
    assert changing([steady, {}]) == {"a", "b"}


def test_sleeping_tests_do_not_stall_a_run(course, walls, monkeypatch):
    """Wall time that no work fills is cut short, for a run and for all of them together."""
    monkeypatch.setattr(student_tests, "WALL_SECONDS", 0.5)
    result = graded_tests(course, walls, "import time\ntime.sleep(60)\ndef test_a(): pass\n")
    assert (result.status, result.points) == ("timeout", 0)
    monkeypatch.setattr(student_tests, "BUDGET_SECONDS", 2)
    text = "import time\ntime.sleep(0.3)\ndef test_a(): pass\n"
    assert graded_tests(course, walls, text).status == "timeout"


def test_a_card_with_hostile_tests_is_plain_text(course, walls):
    phase = replace(course.phase("03"), student_test_points=10)
    files = {phase.student_tests: HOSTILE["outcomes of its own making"]}
    with Grader(load_suite(course, phase), walls) as grader:
        card = grader.grade(Submission("eve", files))
    text = card.to_json()
    assert json.loads(text)["student_tests"]["wrong"] == ["…"]
    assert "_getframe" in " ".join(card.flags)
    text.encode()
