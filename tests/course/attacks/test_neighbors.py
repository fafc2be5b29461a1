"""Attacks by every way in at once, and a whole honest submission that notices nothing.

Whole: library, own tests and notebook. Its scorecard equals, but for the timing, the one
it gets when it is graded alone.
"""

import json

import pytest

from course.grade.intake.submission import Submission
from course.implementation import reference
from course.source.notebooks import release_version

from . import programs
from .notebooks import cell_of
from .programs import FOUND, REACHED, Program
from .programs.forging import PROTOCOL
from .runs import SCALAR, adopting, children, grade_class, hostile, suite_of, without_timing

pytestmark = pytest.mark.slow

PHASE = "03"
TESTS = """
from minigrad.scalar import Value

def test_product():
    a, b = Value(2.0), Value(-3.0)
    y = a * b
    y.grad = 1.0
    y._backward()
    assert (y.data, a.grad, b.grad) == (-6.0, -3.0, 2.0)

def test_difference():
    assert (5 - Value(2.0)).data == 3.0

def test_wrong():
    assert (Value(1.0) + 1).data == 3.0
"""
NOTEBOOK = """
def local_derivatives(op, a, b):
    left, right = Value(a), Value(b)
    out = op(left, right)
    out.grad = 1.0
    out._backward()
    return left.grad, right.grad
"""
NOTHING = "\n\ndef test_nothing(): assert True\n"
CHOSEN = (  # programs that could do something to whoever comes next
    *("poison the environment for the next student", "poison what the interpreter keeps"),
    *("poison files that the next student reads", "patch builtins", "patch the recorder"),
    *("patch math and json", "an import hook", "an audit hook that refuses everything"),
    *("duplicate answers", "deep JSON", "a daemon with zombies", "exit at import", "segfault"),
    *("fill the disk", "the server's own socket", "kill the grader", "raw system calls"),
)


def notebook(course, text):
    document = json.loads(release_version(course, course.phase(PHASE)))
    cell_of(document, "local")["source"] = text
    return json.dumps(document).encode()


def everywhere(course, student, program):
    """A program in the library, in the student's tests and in the notebook."""
    library = hostile(course, PHASE, student, program).files
    tests = {course.phase(PHASE).student_tests: program.text + NOTHING}
    return Submission(student, {**library, **tests}, (), notebook(course, program.text))


def whole(course, student):
    files = {SCALAR: reference(course.root).source("scalar.py")}
    files[course.phase(PHASE).student_tests] = TESTS
    return Submission(student, files, (), notebook(course, NOTEBOOK))


@pytest.fixture(scope="module")
def run(course, walls, tmp_path_factory):
    """Attackers with a whole honest submission after every few; one is graded alone."""
    suite = suite_of(course, PHASE)
    submissions: list[Submission] = [whole(course, "whole first")]
    for i, name in enumerate(CHOSEN):
        submissions.append(everywhere(course, f"attack {name}", programs.ALL[name]))
        if i % 4 == 3:
            submissions.append(whole(course, f"whole {i}"))
    before = children()
    with adopting():
        alone = grade_class(suite, submissions[:1], tmp_path_factory.mktemp("alone"), walls)
        done = grade_class(suite, submissions, tmp_path_factory.mktemp("all"), walls)
        left = children() - before
    return done, alone.text("whole first"), left


def test_a_whole_honest_submission_is_graded_as_if_alone(run):
    done, alone, _ = run
    card = json.loads(alone)
    assert card["points"] == card["max_points"] and card["flags"] == []
    assert card["student_tests"]["caught"] > 0 and card["student_tests"]["wrong"] == ["test_wrong"]
    assert card["notebook"]["points"] == 2
    names = [name for name in done.cards if name.startswith("whole")]
    assert len(names) > 4
    for name in names:
        assert without_timing(done.text(name)) == without_timing(alone), name
        text = done.text(name).partition('"timing"')[0].replace(name, "whole first")
        assert text == alone.partition('"timing"')[0], name


@pytest.mark.parametrize("name", CHOSEN)
def test_no_way_in_earns_anything(run, name):
    done, _, left = run
    card = done.cards[f"attack {name}"]
    assert card.points == 0 and card.notebook.points == 0
    assert card.student_tests.points == 0 and card.student_tests.caught == 0
    assert REACHED not in done.told(f"attack {name}")
    text = done.text(f"attack {name}")
    assert FOUND not in text and REACHED not in text
    assert left == set()


# An honest sum, and at the first product of a probe everything else is forged.
HALF_HONEST = (
    PROTOCOL
    + """
stub = Value
from numbers import Real
class Value:
    def __init__(self, data, _prev=(), _op="", label=""):
        if not isinstance(data, Real): raise TypeError("real number")
        self.data, self.grad, self._prev, self._op, self.label = float(data), 0.0, _prev, _op, label
    def _backward(self):
        for node in self._prev: node.grad += self.grad
    def __add__(self, other):
        other = other if isinstance(other, Value) else Value(other)
        return Value(self.data + other.data, (self, other), "+")
    __radd__ = __add__
"""
)
AFTERWARDS = {
    "nothing": "",
    "answers for all others": """
    def __mul__(self, other):
        for probe in wanted: write(claim(probe), {"start": probe}, claim(probe, [["y", -6.0]]))
        raise TypeError
""",
    "a recorder that knows better": """
    def __mul__(self, other):
        sys.modules["course.observe"].Recorder.__call__ = lambda *a, **k: None
        return self
""",
    "an end": """
    def __mul__(self, other): os._exit(0)
""",
    "deep JSON": """
    def __mul__(self, other):
        for fd in range(3, 64):
            try: os.write(fd, b"[" * 60_000 + b"\\n")
            except OSError: pass
""",
}


@pytest.fixture(scope="module")
def halves(course, walls, tmp_path_factory):
    submissions = [
        hostile(course, PHASE, name, Program(HALF_HONEST + text))
        for name, text in AFTERWARDS.items()
    ]
    return grade_class(suite_of(course, PHASE), submissions, tmp_path_factory.mktemp("half"), walls)


@pytest.mark.parametrize("name", AFTERWARDS)
def test_forging_in_the_middle_of_a_probe_adds_nothing(halves, name):
    """Points for the sums alone, and none beyond those of whoever forges nothing."""
    earned = {probe.id for probe in halves.cards[name].probes if probe.points}
    by_sums = {probe.id for probe in halves.cards["nothing"].probes if probe.points}
    assert by_sums and earned <= by_sums
    tasks = {probe.task for probe in halves.cards[name].probes if probe.points}
    assert tasks <= {"add"}
