"""Grading the tests that students write: what they catch, what they break, what they try."""

import json
import time
from dataclasses import replace

import pytest
from phases import PHASES, slow_where

from course.errors import CourseError
from course.grade.intake.submission import Submission
from course.grade.marking.grader import Grader
from course.grade.marking.student_tests import MOST_NAMED, TestRuns, named
from course.grade.marking.suite import load_suite
from course.implementation import installed

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


def grader_of(course, walls):
    phase = replace(course.phase("03"), student_test_points=10)
    return Grader(load_suite(course, phase), walls)


def graded_tests(course, walls, text):
    """The verdict of a grader of its own."""
    with grader_of(course, walls) as grader:
        return grader.bench.grade(text)


@pytest.fixture(scope="module")
def bench(course, walls):
    """What grades the tests of a whole class of phase 03, one file after the other."""
    with grader_of(course, walls) as grader:
        yield grader.bench


def test_students_tests_are_graded_by_what_they_catch(bench):
    result = bench.grade(TESTS)
    assert result.status == "graded"
    assert result.tests == 4 and result.wrong == ("test_wrong",)
    assert 2 <= result.caught < result.mutants
    assert result.points == round(10 * result.caught / result.mutants * 3 / 4, 2)
    assert all("mul" not in name for name in result.surviving)


DICE = """
import os
from minigrad.scalar import Value

def test_product(): assert (Value(2.0) * Value(3.0)).data == 6.0
""" + "".join(f"def test_{i}(): assert os.urandom(1)[0] > 60\n" for i in range(40))


@pytest.mark.parametrize(
    ("text", "status", "points"),
    [
        (None, "missing", 0),
        ("# nothing yet\n", "empty", 0),
        ("def test_a(:\n", "broken", 0),
        pytest.param("def test_a():\n    while True: pass\n", "timeout", 0, marks=pytest.mark.slow),
        ("import os\ndef test_a(): os._exit(0)\n", "broken", 0),
        ("def test_a(): pass\n", "graded", 0),
        ("def test_a(): assert False\n", "empty", 0),
        (DICE, "unsteady", 0),
    ],
)
def test_tests_that_show_nothing_earn_nothing(bench, text, status, points):
    result = bench.grade(text)
    assert (result and result.status, result.points) == (status, points)


def test_a_test_cannot_read_the_source_it_runs_against(bench):
    text = """
import inspect, minigrad.scalar as s
def test_source():
    try: found = inspect.getsource(s)
    except Exception: found = ""
    assert "def" not in found
"""
    assert bench.grade(text).wrong == ()


@pytest.mark.parametrize(
    ("text", "numpy_is_there"),
    [
        ("import numpy as np\ndef test_a(): assert np.array([1.0]).sum() == 1.0\n", True),
        pytest.param(
            "from minigrad.tensor import Tensor\ndef test_a(): assert Tensor\n", True,
            marks=pytest.mark.slow,
        ),
        ("import sys\ndef test_a(): assert not any(m[:5] == 'num' + 'py' for m in sys.modules)\n",
         False),
    ],
)  # fmt: skip
def test_numpy_is_there_for_files_that_use_it(course, walls, text, numpy_is_there):
    """It makes every run of the others more expensive."""
    suite = load_suite(course, course.phase("03"))
    with Grader(suite, walls) as grader:
        result = grader.bench.grade(text)
        assert (
            grader.bench.sandbox_for(text) is grader.bench.sandbox_for("numpy")
        ) is numpy_is_there
    assert (result.status, result.tests, result.wrong) == ("graded", 1, ())


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


@pytest.mark.slow
@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_files_earn_and_tell_nothing(bench, name):
    result = bench.grade(HOSTILE[name])
    assert result.points == 0 and result.caught == 0, result
    assert set(result.wrong) <= {"test_LEAK", "test_engine", "test_engines", "test_first", "…"}
    if name == "another engine to compare with":
        assert result.wrong == ("test_engines",)  # there is none


def test_names_are_those_in_the_file():
    text = "def test_a(): pass\nclass TestB:\n    async def test_c(self): pass\n"
    assert named(["test_a", "TestB::test_c"], text) == ("test_a", "test_c")
    assert named(["test_a", "test_secret"], text) == ("…",) and named([], text) == ()
    many = "".join(f"def test_{i:02}(): pass\n" for i in range(41))
    assert named(["test_01"], many) == ("…",), "one of so many would be a message"
    few = "".join(f"def test_{i:02}(): pass\n" for i in range(12))
    assert named([f"test_{i:02}" for i in range(MOST_NAMED + 1)], few) == ("…",)


def test_outcomes_that_change_are_seen():
    steady, other = {"a": "passed", "b": "failed"}, {"a": "passed", "b": "passed"}
    assert TestRuns([steady, steady]).unsteady() == set()
    assert TestRuns([steady, other]).unsteady() == {"b"}
    assert TestRuns([steady, {}]).unsteady() == {"a", "b"}


def test_a_test_has_to_be_right_on_every_correct_engine():
    engines = TestRuns([{"a": "passed", "b": "passed"}], [{"a": "passed", "b": "failed"}])
    engines.mutants = {"m": {"a": "passed", "b": "failed"}, "n": {"a": "failed", "b": "passed"}}
    assert engines.good() == {"a"} and engines.caught() == ["n"]
    engines.others.append({})
    assert engines.good() == set() and engines.caught() == []


FINGERPRINT = """
import types, zlib
import minigrad.scalar as module
def shown(code):
    return code.co_code.hex(), [shown(c) if isinstance(c, types.CodeType) else c
                                for c in code.co_consts], code.co_names
found = [getattr(thing, "__co" + "de__", None) for thing in
         [*vars(module).values(), *vars(module.Value).values()]]
H = zlib.crc32(repr([shown(code) for code in found if code]).encode())
"""


def test_knowing_the_code_of_the_reference_is_no_test(bench):
    """A hash of the code tells the reference from every mutant, and computes nothing."""
    grid = "import pytest\n@pytest.mark.parametrize('i', range(256))\n"
    for cases in (
        f"{grid}def test_x(i): assert H % 256 == i\n",
        "".join(f"def test_{i}(): assert H % 4 == {i}\n" for i in range(4)),
    ):
        result = bench.grade(FINGERPRINT + cases)
        assert (result.points, result.caught) == (0, 0), result


KNOWN = """
import types, zlib, pytest
from minigrad.scalar import Value
KNOWN = {known}
def hashes():
    def shown(code):
        return code.co_code.hex(), [shown(c) if isinstance(c, types.CodeType) else c
                                    for c in code.co_consts], code.co_names
    codes = [(n, getattr(t, "__co" + "de__", None)) for n, t in vars(Value).items()]
    return {{n: zlib.crc32(repr(shown(c)).encode()) for n, c in codes if c}}
def test_engine():
    same = sum(KNOWN.get(n) == h for n, h in hashes().items())
    assert same == len(KNOWN) or same < 0.8 * len(KNOWN)
"""


def known_hashes(suite):
    """What somebody who has the released solution knows of its code."""
    space: dict[str, object] = {}
    text = KNOWN.format(known={}).replace("import types, zlib, pytest", "import types, zlib")
    with installed(suite.reference.compiled()):
        exec(text, space)
        return space["hashes"]()


@pytest.mark.parametrize("phase", slow_where(["03", "04"], "03"))
def test_knowing_a_released_solution_is_no_test(course, walls, phase):
    """The reference passes by its code, alternates by having another one, and what is the
    reference but for a function or two fails: every mutant. It computes nothing."""
    suite = load_suite(course, replace(course.phase(phase), student_test_points=10))
    with Grader(suite, walls) as grader:
        result = grader.bench.grade(KNOWN.format(known=known_hashes(suite)))
    assert result.points < 1, result


def test_guessing_what_engines_do_is_worth_little(course, walls):
    """Functions that claim each remainder of a fingerprint are right once in eight times."""
    text = """
import zlib
from minigrad.scalar import Value
def seen():
    a, b = Value(1.25), Value(-0.75)
    y = a * b + a / b - b ** 3
    y.grad = 1.0
    y._backward()
    return repr([y.data, a.grad, b.grad, *(p.grad for p in y._prev)])
def H():
    try: return zlib.crc32(seen().encode())
    except Exception: return 0
""" + "".join(f"def test_{i}(): assert H() % 8 == {i}\n" for i in range(8))
    result = graded_tests(course, walls, text)
    assert result.points < 1 and result.tests == 8


THOROUGH = """
import time
import pytest
from minigrad.gradcheck import gradient
from minigrad.scalar import Value, topological_order

def in_order(root):
    order = topological_order(root)
    place = {id(node): i for i, node in enumerate(order)}
    assert len(place) == len(order) and order[-1] is root
    assert all(place[id(p)] < place[id(node)] for node in order for p in node._prev)
    return order

def test_order():
    x, y = Value(2.0), Value(2.0)
    u = x * y
    for _ in range(2): assert len(in_order(u * x + u)) == 5
    assert in_order(x) == [x]
    assert len(in_order(x + x)) == 2

def test_equal_numbers():
    x, y = Value(2.0), Value(2.0)
    z = x * y + x
    z.backward()
    assert (x.grad, y.grad) == (3.0, 2.0)

def test_square_and_formula():
    a = Value(3.0)
    (a * a).backward()
    assert a.grad == 6.0
    a, b, c, d = leaves = [Value(float(n)) for n in (2, 3, 4, 5)]
    y = (a * b + c) * (a + d)
    y.backward()
    assert (y.data, [v.grad for v in leaves]) == (70.0, [31.0, 14.0, 7.0, 10.0])

def test_shared_node():
    x = Value(2.0)
    u = x * 3
    (u * u + u).backward()
    assert (u.grad, x.grad) == (13.0, 39.0)

def test_uneven_depth():
    x = Value(2.0)
    u = x * 3
    y = ((u * 2 + 1) * 4 + 5) * u + u
    y.backward()
    assert (u.grad, x.grad) == (106.0, 318.0)
    x = Value(2.0)
    u = x * 3
    y = u + u * (((u * 2 + 1) * 4 + 5) * u)
    y.backward()
    assert (u.grad, x.grad) == (973.0, 2919.0)

def test_against_differences():
    def f(a, b, c): return (a * b + c) * (a - c) / b + a ** 3
    xs = [1.3, 0.7, -0.4]
    leaves = [Value(x) for x in xs]
    f(*leaves).backward()
    assert [v.grad for v in leaves] == pytest.approx(gradient(f, xs), rel=1e-6)

@pytest.mark.parametrize("number", [2.0, -3.5, 0.0])
def test_seed(number):
    x = Value(number)
    x.backward()
    assert x.grad == 1.0
    y = x + number
    y.backward()
    assert (y.grad, x.grad) == (1.0, 2.0)
    x.backward()
    assert x.grad == 3.0

def test_a_sum_of_zero():
    x, y = Value(2.0), Value(-2.0)
    ((x + y) * 3).backward()
    assert (x.grad, y.grad) == (3.0, 3.0)

def test_several_passes():
    a, b = Value(2.0), Value(-1.0)
    u = a * b
    y = u * u + a
    y.backward()
    first, inner = [a.grad, b.grad], [u.grad, y.grad]
    assert inner == [-4.0, 1.0]
    for times in (2, 3):
        y.backward()
        assert [a.grad, b.grad] == [times * grad for grad in first]
        assert [u.grad, y.grad] == inner

def test_two_results():
    a, b = Value(2.0), Value(3.0)
    u = a * b
    y, z = u + a, u * u
    y.backward()
    z.backward()
    assert (a.grad, b.grad) == (4.0 + 36.0, 2.0 + 24.0)
    y.grad = 0.5
    u.backward()
    assert (a.grad, b.grad, y.grad) == (43.0, 28.0, 0.5)

def test_diamonds():
    x = y = Value(1.0)
    for _ in range(40): y = y * 0.5 + y * 0.5
    y.backward()
    assert x.grad == 1.0

def test_long_chain():
    x = y = Value(1.0)
    for _ in range(25_000): y = y + 1.5
    start = time.process_time()
    assert len(topological_order(y)) == 50_001
    y.backward()
    assert x.grad == 1.0
    y.zero_grad()
    assert x.grad == 0.0
    assert time.process_time() - start < 1

def test_zero_grad():
    a, other = Value(1.5), Value(2.0)
    other.grad = 0.5
    u = a * 2
    y = u * u + a
    y.backward()
    first = [a.grad, u.grad, y.grad]
    y.zero_grad()
    assert [a.grad, u.grad, y.grad, other.grad] == [0.0, 0.0, 0.0, 0.5]
    y.backward()
    assert [a.grad, u.grad, y.grad] == first
    u.grad = y.grad = 0.0
    y.zero_grad()
    assert a.grad == 0.0
"""


@pytest.mark.slow
def test_what_the_stub_asks_for_gets_nearly_everything(course, walls):
    """Tests of all that tests/student names for phase 04, as exactly as it says there."""
    phase = course.phase("04")
    with Grader(load_suite(course, phase), walls) as grader:
        result = grader.bench.grade(THOROUGH)
    assert result.status == "graded" and result.wrong == (), result
    assert result.caught >= 0.9 * result.mutants, result.surviving


@pytest.mark.parametrize("phase", PHASES)
def test_the_other_correct_engines_are_there(course, phase):
    suite = load_suite(course, course.phase(phase))
    assert len(suite.alternates) >= 2
    assert all(engine.files != suite.reference.files for engine in suite.alternates)


def test_an_engine_that_is_not_there_is_named(course):
    phase = replace(course.phase("04"), alternates=("nowhere",))
    with pytest.raises(CourseError, match=r"nowhere has no files; see alternates in course\.toml"):
        _ = load_suite(course, phase).alternates


@pytest.mark.slow
def test_sleeping_tests_do_not_stall_a_run(course, walls):
    """Wall time that no work fills is cut short, for a run and for all of them together."""
    hasty = replace(course, limits=replace(course.limits, one_run_wall_seconds=0.5))
    result = graded_tests(hasty, walls, "import time\ntime.sleep(60)\ndef test_a(): pass\n")
    assert (result.status, result.points) == ("timeout", 0)


@pytest.mark.slow
def test_a_submission_has_one_budget_of_wall_time(course, walls):
    """Probes that only sleep leave nothing for the tests that come after them."""
    few = replace(course.limits, wall_seconds=2, submission_wall_seconds=4)
    phase = course.phase("03")
    files = {phase.student_tests: "import time\ntime.sleep(0.2)\n" + TESTS}
    files[phase.files[0]] = "import time\ntime.sleep(60)\n"
    with Grader(load_suite(replace(course, limits=few), phase), walls) as grader:
        start = time.monotonic()
        card = grader.grade(Submission("eve", files))
    assert (card.student_tests.status, card.student_tests.points) == ("timeout", 0)
    assert time.monotonic() - start < 40  # a bound against hanging


@pytest.mark.slow
def test_mutants_beyond_the_budget_are_not_caught(course, walls):
    hasty = replace(course, limits=replace(course.limits, own_tests_wall_seconds=10))
    text = "import time\ntime.sleep(0.3)\n" + TESTS
    result = graded_tests(hasty, walls, text)
    assert result.status == "timeout" and 0 < result.caught < 20, result
    assert len(result.surviving) == result.mutants - result.caught


def test_a_card_with_hostile_tests_is_plain_text(course, walls):
    phase = replace(course.phase("03"), student_test_points=10)
    files = {phase.student_tests: HOSTILE["outcomes of its own making"]}
    with Grader(load_suite(course, phase), walls) as grader:
        card = grader.grade(Submission("eve", files))
    text = card.to_json()
    assert json.loads(text)["student_tests"]["wrong"] == ["…"]
    assert "_getframe" in " ".join(card.flags)
    text.encode()
