"""Without a topological_order, all else is graded, and what is missing is said."""

import contextlib
import io

import pytest
from trees import run

from course.author.student_tree import student_tree
from course.completed import completed
from course.grade.intake.submission import Submission
from course.grade.marking.grader import Grader
from course.grade.marking.patterns import pattern_of_mutant
from course.grade.marking.suite import load_suite
from course.implementation import installed, working_copy

STUB = 'import math\n\n\ndef order(root):\n    raise NotImplementedError("phase 04: order")\n'
OWN = """import math


class Value:
    def __init__(self, data, _prev=(), _op="", label=""):
        self.data, self.grad, self._prev, self._op = float(data), 0.0, tuple(_prev), _op
        self.label, self._backward = label, lambda: None

    def __repr__(self):
        return f"Value(data={self.data}, grad={self.grad})"

    def exp(self):
        out = Value(math.exp(self.data), (self,), "exp")

        def _backward():
            self.grad += out.data * out.grad

        out._backward = _backward
        return out
"""


def test_what_is_missing_is_as_good_as_its_stub():
    texts = {"a.py": "x = 1\n", "b.py": "def order(root):\n    return [root]\n", "c.py": ""}
    found = completed(texts, {"a.py": STUB, "b.py": STUB})
    assert found["b.py"] == texts["b.py"] and found["c.py"] == ""
    space = {}
    exec(found["a.py"], space)
    with pytest.raises(NotImplementedError, match="phase 04: order"):
        space["order"](1)


def test_a_name_that_only_the_file_itself_knows_stays_as_it_is():
    text = "for name in ['order']:\n    globals()[name] = len\n"
    space = {}
    exec(completed({"a.py": text}, {"a.py": STUB})["a.py"], space)
    assert space["order"] is len


def test_a_file_that_is_no_python_stays_as_wrong_as_it_is():
    with pytest.raises(SyntaxError), contextlib.redirect_stdout(io.StringIO()):
        exec(completed({"a.py": "def f(:\n"}, {"a.py": STUB})["a.py"], {})


@pytest.fixture
def clone(course, tmp_path):
    for name, file in student_tree(course, course.phases[-1]).items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(file.data)
    (tmp_path / "src/minigrad/scalar.py").write_text(OWN, encoding="utf-8")
    return tmp_path


def test_the_learner_reads_what_is_not_written(clone):
    for phase in ("02", "03", "04"):
        done = run(clone, "test", phase)
        assert "not written yet" in done.stdout and "Traceback" not in done.stderr
    done = run(clone, "test", "05")
    assert "✓ exp" in done.stdout and "Value.log is not written yet" in done.stdout


def test_what_is_not_there_is_no_known_mistake(course, walls):
    """A power that nobody wrote ends as one whose rule is run at once: with a TypeError."""
    submission = Submission("ann", {"src/minigrad/scalar.py": OWN})
    suite = load_suite(course, course.phase("03"))
    with Grader(suite, walls) as grader:
        seed = suite.seed_for(submission.digest)
        known = {
            m.id: pattern_of_mutant(suite, m, seed, grader.run_files)
            for m in suite.mutants
            if m.task in ("pow", "add")
        }
        card = grader.grade(submission, known)
    assert [misconception.id for misconception in card.misconceptions] == []


def test_the_card_says_so_too(course, walls):
    submission = Submission("ann", {"src/minigrad/scalar.py": OWN})
    scores = {}
    for phase in ("04", "05"):
        with Grader(load_suite(course, course.phase(phase)), walls) as grader:
            scores |= {score.id: score for score in grader.grade(submission).probes}
    assert scores["04.order_of_twins"].message == "not written yet"
    assert scores["05.exp_at_random"].status == "passed"
    assert scores["05.log_at_random"].message == "Value.log is not written yet"


def test_whatever_a_file_lacks_it_can_be_imported(course):
    """A stub may need what its file imports, in a decorator or a default."""
    stubs = working_copy(course.root).files
    for name in (
        "gradcheck.py",
        "scalar.py",
        "nn.py",
        "optim.py",
        "graph.py",
        "tensor.py",
        "lm.py",
    ):
        whole = completed({name: "mine = 1\n"}, {name: stubs[name]})[name]
        with installed(working_copy(course.root)):
            exec(compile(whole, name, "exec"), {"__name__": f"minigrad.{name[:-3]}"})


def test_what_a_stub_needs_does_not_replace_what_a_file_has():
    stub = (
        "from math import pi\nLIMIT = 3\n\n\ndef f(x=pi, n=LIMIT):\n    raise NotImplementedError\n"
    )
    space = {}
    exec(completed({"a.py": "pi, LIMIT = 1, 2\n"}, {"a.py": stub})["a.py"], space)
    assert space["f"].__defaults__ == (1, 2)
