"""Mistakes in engines of many shapes get their own name and no other; right names need a task
that is wrong itself."""

import contextlib
import io
from pathlib import Path

import pytest

from course.grade.intake.submission import Submission
from course.grade.marking.grader import Grader
from course.grade.marking.patterns import pattern_of_mutant
from course.grade.marking.suite import load_suite
from course.implementation import installed, read_library, reference
from course.learn import results
from course.learn.explanations import explanation
from course.learn.results import HiddenProbes
from course.recorded import recorded_uses
from course.run import compile_probes, record_reference

WRONG = {
    "one rule, in a product of classes": (
        "03",
        "subclasses",
        [("return Sum(as_value(other), -self)", "return Sum(self, -as_value(other))")],
        {"03-reflected-difference-swapped"},
    ),
    "no name is None": (
        "02",
        "dataclass",
        [('    _op: str = ""\n    label: str = ""', "    _op: str = None\n    label: str = None")],
        {"02-names-are-none"},
    ),
    "a check by assert": (
        "02",
        "pairs",
        [
            (
                "        if not isinstance(data, Real):\n            raise TypeError(f",
                "        if not isinstance(data, Real):\n            raise AssertionError(f",
            )
        ],
        {"02-asserts"},
    ),
    "both contributions to one input": (
        "03",
        "closures",
        [
            (
                "            self.grad += out.grad\n            other.grad += out.grad\n",
                "            self.grad += out.grad\n            self.grad += out.grad\n",
            )
        ],
        {"03-sum-feeds-its-left-number-twice"},
    ),
    "factors on the class": (
        "03",
        "subclasses",
        [
            (
                "        return a * b\n",
                "        Product.a, Product.b = a, b\n        return a * b\n",
            ),
            ("left.grad += right.data * self.grad", "left.grad += Product.b * self.grad"),
            ("right.grad += left.data * self.grad", "right.grad += Product.a * self.grad"),
        ],
        {"03-factors-kept-for-all-in-order"},
    ),
    "a product's factors": (
        "03",
        "pairs",
        [("(self, other.data), (other, self.data)", "(self, self.data), (other, other.data)")],
        {"03-swapped-product-rule"},
    ),
    "a power, and quotients made of it": (
        "03",
        "closures",
        [("lambda: k * self.data ** (k - 1) if", "lambda: self.data ** (k - 1) if")],
        {"03-power-without-factor"},
    ),
    "a power, and quotients made of its class": (
        "03",
        "subclasses",
        [
            (
                "return self.exponent * x ** (self.exponent - 1) if",
                "return x ** (self.exponent - 1) if",
            )
        ],
        {"03-power-without-factor"},
    ),
    "0 ** 0": (
        "03",
        "rule_table",
        [("(k and k * a ** (k - 1),)", "(k * a ** (k - 1),)")],
        {"03-zero-to-the-zero-rule"},
    ),
    "x^k / x": (
        "03",
        "pairs",
        [
            ("slope = 0.0 if k == 0 else k * self.data ** (k - 1)", "slope = 0.0"),
            (
                'Value._made(self.data**k, f"^{k}", (self, slope))',
                'Value._made(self.data**k, "^", (self, k * self.data**k / self.data))',
            ),
        ],
        {"03-slope-from-the-quotient"},
    ),
    "no seed": ("04", "closures", [("        self.grad += 1.0\n", "")], {"04-no-seed"}),
    "nothing cleared": (
        "04",
        "kahn",
        [("            if node._prev:\n                node.grad = 0.0\n", "            pass\n")],
        {"04-nothing-cleared"},
    ),
    "tanh by exp": (
        "05",
        "dataclass",
        [
            (
                "y = math.tanh(self.data)\n",
                "e = math.exp(2 * self.data)\n        y = (e - 1) / (e + 1)\n",
            )
        ],
        {"05-tanh-overflows"},
    ),
    "tanh by cosh": (
        "05",
        "dataclass",
        [("[(1 - y) * (1 + y)]", "[1 / math.cosh(self.data) ** 2]")],
        {"05-tanh-by-cosh"},
    ),
    "sigmoid as written": (
        "05",
        "gather",
        [("return (self * 0.5).tanh() * 0.5 + 0.5", "return (1 + (-self).exp()) ** -1")],
        {"05-sigmoid-overflows"},
    ),
    "sigmoid by e^x": (
        "05",
        "pairs",
        [
            (
                "y = (1 + math.tanh(0.5 * self.data)) / 2",
                "y = math.exp(self.data) / (1 + math.exp(self.data))",
            )
        ],
        {"05-sigmoid-overflows-to-the-right"},
    ),
    "the softmax of a loss": (
        "08",
        "nn_by_hand",
        [("top = max(logits, key=lambda z: z.data).data", "top = 0.0")],
        {"08-no-max-subtraction"},
    ),
}


def edited(course, alternate, edits):
    """The reference with the files of an alternate, in which pieces of text are replaced."""
    ((name, text),) = read_library(course.root / "tests/alternates" / alternate).items()
    for find, replacement in edits:
        assert text.count(find) == 1, find
        text = text.replace(find, replacement)
    return reference(course.root).with_files(alternate, {name: text})


def named_to_the_learner(course, phase, implementation, monkeypatch):
    """The ids of the mistakes that `minigrad test` names."""
    names = []

    def note(*arguments):
        names.extend(belief.id for belief in beliefs(*arguments))
        return []

    beliefs = results.beliefs_of
    monkeypatch.setattr(results, "beliefs_of", note)
    monkeypatch.setattr(results, "working_copy", lambda root: implementation)
    with contextlib.redirect_stdout(io.StringIO()):
        results.run_phase(course, course.phase(phase))
    return set(names)


@pytest.mark.parametrize("mistake", WRONG)
def test_a_mistake_gets_its_own_name_and_no_other(course, monkeypatch, mistake):
    phase, alternate, edits, names = WRONG[mistake]
    wrong = edited(course, alternate, edits)
    assert named_to_the_learner(course, phase, wrong, monkeypatch) == names


def test_beliefs_that_visible_probes_can_not_tell_apart_are_both_told(course, monkeypatch):
    mutants = {m.id: m for m in load_suite(course, course.phase("08")).mutants}
    both = [mutants[name] for name in ("08-hinge-below-zero", "08-hinge-of-the-mean")]
    for mutant in both:
        wrong = mutant.applied_to(reference(course.root))
        monkeypatch.setattr(results, "working_copy", lambda root, wrong=wrong: wrong)
        found = [r for r in results.run_phase(course, course.phase("08")) if r.belief]
        assert found
        words = explanation(course, found[0]).words[0]
        assert [m.id for m in both if f"“{m.misconception}”" not in words] == []


def test_recursion_is_not_said_to_spoil_what_a_small_graph_shows(course, monkeypatch):
    """Of hidden probes, too, a learner reads what is wrong: nothing is cleared."""
    phase = course.phase("04")
    clearing = "            if node._prev:\n                node.grad = 0.0\n"
    edits = [("depth == DEEPEST", "False"), (clearing, "            pass\n")]
    wrong = edited(course, "recursive", edits)
    with installed(reference(course.root)):
        file = compile_probes(course.root / phase.hidden, phase.id)
        hidden = HiddenProbes(file, record_reference([file]), recorded_uses(course.root))
    monkeypatch.setattr(results, "working_copy", lambda root: wrong)
    status = {result.probe: result.status for result in results.run_phase(course, phase, hidden)}
    assert status["04.order_without_recursion"] == status["04.three_times"] == "failed"
    assert status["04.backward_without_recursion"] == "skipped"


@pytest.fixture(scope="module")
def patterns(course):
    """What the mutants of phase 03 show, by the seed."""
    suite, known = load_suite(course, course.phase("03")), {}

    def under(grader, seed):
        if seed not in known:
            known[seed] = {
                mutant.id: pattern_of_mutant(suite, mutant, seed, grader.run_files)
                for mutant in suite.mutants
            }
        return known[seed]

    return under


@pytest.mark.slow
@pytest.mark.parametrize("mistake", [name for name in WRONG if WRONG[name][0] == "03"])
def test_the_grader_gives_the_same_name(course, walls, patterns, mistake):
    phase, alternate, edits, names = WRONG[mistake]
    suite, wrong = load_suite(course, course.phase(phase)), edited(course, alternate, edits)
    owned = course.owned_files(suite.phase)
    submission = Submission("ann", {n: wrong.source(Path(n).name) for n in owned})
    with Grader(suite, walls) as grader:
        known = patterns(grader, suite.seed_for(submission.digest))
        card = grader.grade(submission, known)
    assert {misconception.id for misconception in card.misconceptions} == names


def test_what_an_engine_remembers_by_id_is_named_wherever_its_nodes_lie(course, walls):
    """Nodes of earlier probes have gone, and what comes to lie in their places has their ids."""
    suite = load_suite(course, course.phase("04"))
    edits = [
        ("def topological_order(root):", "def topological_order(root, met=set()):"),
        ("nodes, met, stack = [], set(), [", "nodes, stack = [], ["),
        ("elif node not in met:", "elif id(node) not in met:"),
        ("met.add(node)", "met.add(id(node))"),
    ]
    text = suite.reference.source("scalar.py")
    for find, replacement in edits:
        assert text.count(find) == 1, find
        text = text.replace(find, replacement)
    submission = Submission("ann", {"src/minigrad/scalar.py": text})
    seed = suite.seed_for(submission.digest)
    near = [m for m in suite.mutants if m.task == "topological_order" and "visited" in m.id]
    with Grader(suite, walls) as grader:
        known = {m.id: pattern_of_mutant(suite, m, seed, grader.run_files) for m in near}
        card = grader.grade(submission, known)
    assert len(near) > 3
    assert [m.id for m in card.misconceptions] == ["04-visited-default"]
