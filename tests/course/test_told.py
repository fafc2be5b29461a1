"""What `minigrad test` says to a learner about common mistakes, in the tree that a learner has."""

import pytest
from trees import run

from course.author.student_tree import student_tree
from course.source.stubs import cut

SCALAR = "src/minigrad/scalar.py"


@pytest.fixture(scope="module")
def clone(course, tmp_path_factory):
    """A learner's tree, everything open."""
    root = tmp_path_factory.mktemp("told")
    for name, file in student_tree(course, course.phases[-1]).items():
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(file.data)
    return root


@pytest.fixture
def told(course, clone):
    """What `test PHASE` prints with a solved scalar.py in which a piece of text is replaced."""
    solved = cut((course.root / "solutions" / SCALAR).read_text(encoding="utf-8"), "99")

    def test(phase, find, replacement):
        assert solved.count(find) == 1, find
        (clone / SCALAR).write_text(solved.replace(find, replacement), encoding="utf-8")
        done = run(clone, "test", phase)
        assert "Traceback" not in done.stderr
        return " ".join((done.stdout + done.stderr).split())

    return test


RECURSIVE = """    nodes, met = [], set()

    def build(node):
        if node not in met:
            met.add(node)
            for parent in node._prev:
                build(parent)
            nodes.append(node)

    build(root)
    return nodes
"""


def ordering(course):
    text = (course.root / "solutions" / SCALAR).read_text(encoding="utf-8")
    start = text.index("    nodes, met, stack = ")
    return text[start : text.index("    return nodes\n") + len("    return nodes\n")]


MISTAKES = {
    "no seed": ("04", "        self.grad += 1.0\n", "", "Gradients start from what is there."),
    "= for +=": (
        "03",
        "            self.grad += other.data * out.grad\n            other.grad += self.data",
        "            self.grad = other.data * out.grad\n            other.grad = self.data",
        "A rule sets the gradient.",
    ),
    "rsub": ("03", "as_value(other) - self", "self - as_value(other)", "2 − a is a − 2."),
    "0 ** 0": (
        "03",
        "k * self.data ** (k - 1) if k else 0.0",
        "k * self.data ** (k - 1)",
        "while the probe ran: y = a**k",
    ),
    "tanh by exp": (
        "05",
        "math.tanh(self.data)",
        "(math.exp(2 * self.data) - 1) / (math.exp(2 * self.data) + 1)",
        "How large is e^800?",
    ),
    "a typo": ("03", "self.data * other.data, (", "self.data * othr.data, (", "othr.data, (self"),
    "radd": ("03", "    def __radd__(", "    def radd(", "Value.__radd__ is not written yet"),
    "a method": ("05", "    def log(", "    def logarithm(", "Value.log is not written yet"),
    "a parenthesis": ("03", "        k = float(exponent)", "        k = float(exponent", "closed"),
    "a module": ("03", "import math\n", "import maths\n", f"{SCALAR}:11: import maths"),
}


@pytest.mark.parametrize("name", MISTAKES)
def test_a_mistake_is_named_or_its_line_is(told, name):
    phase, find, replacement, words = MISTAKES[name]
    assert words in told(phase, find, replacement)


def test_recursion_is_named_whatever_python_says_of_it(course, told):
    said = told("04", ordering(course), RECURSIVE)
    assert "One call per node is fine." in said and "nodes below" not in said


def test_a_wrong_product_is_blamed_in_the_phase_where_it_was_made(told):
    said = told("04", "self.grad += other.data * out.grad", "self.grad += self.data * out.grad")
    assert "needs phase 03: mul, which is not right yet" in said
    assert "✗" not in said


def test_the_sentence_about_a_concept_stands_by_wrong_numbers_only(told):
    said = told("03", "self.data * other.data, (", "self.data * othr.data, (")
    assert "An input receives its local derivative" not in said


def test_a_wrong_number_is_told_without_what_went_wrong_after_it(told):
    """The first attribute is wrong, and a later one is missing: first things first."""
    said = told(
        "02",
        "        self.data = float(data)\n        self.grad = 0.0\n",
        "        self.data = data\n",
    )
    assert "type of data: observed 'int', expected 'float'" in said
    assert "while the probe ran" not in said.partition("✗")[2].partition("✗")[0]


def test_what_should_be_refused_in_another_way_is_no_matter_of_slopes(told):
    """One visible probe asks for slopes and for errors: the sentence goes with what failed."""
    said = told("05", 'raise ValueError(f"log is', 'raise ArithmeticError(f"log is')
    assert "an exception is the honest answer" in said
    assert "Write the derivative down" not in said
