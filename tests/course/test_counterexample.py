"""The smallest graph on which a graded engine is wrong: found in the sandbox, shown on a page."""

import json
import re
from base64 import b64decode
from dataclasses import replace
from pathlib import Path

import jsonschema
import pytest

from course.grade.intake.submission import Submission
from course.grade.marking import counterexample as module
from course.grade.marking import scorecard
from course.grade.marking.counterexample import public_graphs
from course.grade.marking.grader import Grader
from course.grade.marking.scorecard import read_scorecard
from course.grade.marking.suite import load_suite
from course.grade.marking.walled import Walled
from course.grade.report.pages import feedback_page
from course.grade.sandbox.client import Reply
from course.grade.sandbox.reply import graphs_in
from course.graphs import OPERATIONS, evaluate, graph_of
from course.implementation import installed, read_library, reference
from course.oracle import disagreement
from course.source.mutants import read_mutants

SCHEMA = json.loads(
    Path(scorecard.__file__).with_name("scorecard.schema.json").read_text(encoding="utf-8")
)
SCALAR = "src/minigrad/scalar.py"


@pytest.fixture(scope="module")
def solved(course):
    return reference(course.root).source("scalar.py")


@pytest.fixture(scope="module")
def graders(course, walls):
    """A grader of each searched phase, which starts its servers when they are needed."""
    made = {phase: Grader(load_suite(course, course.phase(phase)), walls) for phase in OPERATIONS}
    yield made
    for grader in made.values():
        grader.close()


def graded(graders, phase, text):
    return graders[phase].grade(Submission("ann", {SCALAR: text}))


def with_fault(text, fault):
    """A solution with lines of the student's own at its end."""
    return f"{text}\n_right = Value.backward\n{fault}\n"


@pytest.mark.parametrize("phase", OPERATIONS)
def test_the_list_is_public_ordered_and_has_every_operation_small(phase):
    graphs = [right.graph for right in public_graphs(phase)]
    sizes = [len(graph.steps) for graph in graphs]
    assert sizes == sorted(sizes) and len(set(graphs)) == len(graphs) == 300
    assert all(len(graph.reached()) == len(graph) for graph in graphs)
    alone = {graph.steps[0].op for graph in graphs if len(graph.steps) == 1}
    assert alone == set(OPERATIONS[phase])
    module.public_graphs.cache_clear()
    assert [right.graph for right in public_graphs(phase)] == graphs


@pytest.mark.parametrize("phase", OPERATIONS)
def test_no_right_engine_disagrees_on_the_list(course, phase):
    whole = reference(course.root)
    folders = [None, *sorted((course.root / "tests/alternates").iterdir())]
    engines = [whole.with_files(f.name, read_library(f)) if f else whole for f in folders]
    for engine in engines:
        with installed(engine):
            from minigrad.scalar import Value

            for right in public_graphs(phase):
                seen = evaluate(right.graph, Value, 5.0)
                assert disagreement(right, seen) is None, (engine.name, right.graph.lines())


@pytest.mark.parametrize(
    ("mutant", "steps", "what"),
    [
        ("04-no-seed", 1, "gradients"),
        pytest.param(
            *("04-nothing-cleared", 1, "gradients after a second backward"), marks=pytest.mark.slow
        ),
        pytest.param("04-pre-order", 3, "gradients", marks=pytest.mark.slow),
        pytest.param("05-sin-sign", 1, "gradients", marks=pytest.mark.slow),
        ("05-log-base-ten", 1, "data"),
    ],
)
def test_a_wrong_engine_is_shown_small_on_the_card_and_on_the_page(
    course, graders, tmp_path, mutant, steps, what
):
    phase = course.phase(mutant[:2])
    (found,) = [m for m in read_mutants(course, phase) if m.id == mutant]
    text = found.applied_to(reference(course.root)).source("scalar.py")
    card = graded(graders, phase.id, text)
    wrong = card.counterexample
    assert wrong is not None and (len(wrong.graph.steps), wrong.what) == (steps, what)
    jsonschema.validate(json.loads(card.to_json()), SCHEMA)
    path = tmp_path / "ann.json"
    path.write_text(card.to_json(), encoding="utf-8")
    assert read_scorecard(path) == card
    page = feedback_page(course, card)
    assert "The smallest graph on which your engine is wrong" in page
    assert wrong.graph.lines()[-1] in page and page.count("✗</td>") >= 1
    (picture,) = re.findall(r'src="data:image/svg\+xml;base64,([^"]+)"', page)
    assert b64decode(picture).decode().startswith("<svg")
    again = graded(graders, phase.id, text)
    assert replace(again, timing={}) == replace(card, timing={})
    assert feedback_page(course, again) == page


def test_right_work_is_not_searched_nor_what_does_not_run(course, graders, solved, monkeypatch):
    """Neither what passes, nor stubs, nor what can't be imported, nor another phase costs a run."""
    ran = []
    monkeypatch.setattr(Walled, "run_openly", lambda *args: ran.append(args))
    given = graders["04"].suite.given.source("scalar.py")
    for text in (solved, "import nothing_of_the_kind\n", given):
        assert graded(graders, "04", text).counterexample is None
    assert ran == []
    with Grader(load_suite(course, course.phase("02")), graders["04"].walls) as grader:
        work = Submission("ann", {SCALAR: solved.replace("self.grad = 0.0", "self.grad = 1.0")})
        assert grader.grade(work).counterexample is None
    assert ran == []


def test_what_is_not_written_yet_is_no_mistake(course, graders, solved):
    """Phase 05 with exp right and the others still stubs."""
    card = graded(graders, "05", re.sub(
        r"(    def (?:tanh|relu|sin|sigmoid|log)\(self\).*?:\n)",
        r"\1        raise NotImplementedError('phase 05: later')\n",
        solved,
    ))  # fmt: skip
    assert card.points < card.max_points and card.counterexample is None


HOSTILE = {  # lines at the end of a solution: what the engine does, and how the card tells it
    "numbers that are text": (
        "class Text(str): pass\n"
        "def backward(self):\n    _right(self)\n    self.grad = Text('<script>alert(1)</script>')",
        "u.grad is a Text, not a number",
    ),
    "a name with a tag in it": (
        "Bold = type('<b>hidden</b>', (), {})\n"
        "def backward(self):\n    _right(self)\n    self.grad = Bold()",
        "u.grad is a <b>hidden</b>, not a number",
    ),
    "huge integers": (
        "def backward(self):\n    _right(self)\n    self.grad = 10 ** 400",
        "OverflowError",
    ),
    "no number at all": (
        "def backward(self):\n    _right(self)\n    self.grad = float('nan')",
        "u.grad is nan",
    ),
    "a message to somebody": (
        "def backward(self):\n    raise ValueError('<script>alert(1)</script>\\x1b[2J\\n0xABC')",
        "ValueError: <script>alert(1)</script>?[2J?0x…",
    ),
    "no end": ("def backward(self):\n    while True: pass", "no end after 1 s"),
}


QUICK = {"numbers that are text", "a message to somebody"}


@pytest.mark.parametrize(
    "name", [pytest.param(n, marks=[pytest.mark.slow] * (n not in QUICK)) for n in HOSTILE]
)
def test_hostile_numbers_and_words_reach_the_page_as_harmless_text(course, walls, solved, name):
    fault, told = HOSTILE[name]
    hasty = replace(course, limits=replace(course.limits, cpu_seconds=2))
    with Grader(load_suite(hasty, hasty.phase("04")), walls) as grader:
        card = graded(
            {"04": grader}, "04", with_fault(solved, f"{fault}\nValue.backward = backward")
        )
    wrong = card.counterexample
    assert wrong is not None and told in wrong.raised and wrong.observed == ()
    jsonschema.validate(json.loads(card.to_json()), SCHEMA)
    page = feedback_page(course, card)
    assert not re.search(r"<script|<b>hidden", page) and "\x1b" not in page
    assert "Instead of numbers came" in page


@pytest.mark.slow
def test_an_engine_that_sleeps_is_ended_and_nothing_is_said(course, walls, solved):
    hasty = replace(course, limits=replace(course.limits, one_run_wall_seconds=1, wall_seconds=3))
    fault = "def backward(self):\n    import time\n    time.sleep(0.3)\nValue.backward = backward"
    with Grader(load_suite(hasty, hasty.phase("04")), walls) as grader:
        assert graded({"04": grader}, "04", with_fault(solved, fault)).counterexample is None


def test_the_child_that_is_quoted_holds_no_probe(course, graders, solved):
    """An engine that looks up the stack for probes, and would put their number on the page."""
    fault = """def backward(self):
    import sys
    _right(self)
    frame, found = sys._getframe(), 0
    while frame is not None:
        for value in list(frame.f_locals.values()):
            probes = getattr(value, "probes", None)
            found += len(probes) if isinstance(probes, (list, tuple)) else 0
        frame = frame.f_back
    self.grad = 1000.0 + found
Value.backward = backward"""
    wrong = graded(graders, "04", with_fault(solved, fault)).counterexample
    assert wrong is not None and wrong.observed[-1] == 1000.0


def reply(*messages, killed=False):
    lines = [m if isinstance(m, str) else json.dumps(m) for m in messages]
    return Reply("".join(f"{line}\n" for line in lines).encode(), 0, 0.1, killed, False)


GOOD = {"ending": "done", "detail": "", "numbers": [1.0] * 6}
END = {"ended": True}


def test_what_a_child_says_of_graphs_is_read_with_suspicion():
    assert graphs_in(reply(GOOD, END), [2, 2])[0].once == (1.0, 1.0)
    for messages in (
        (GOOD,),  # it did not get to its end
        (GOOD, GOOD, GOOD, END),  # more than it was asked for
        (END, GOOD),
        ({**GOOD, "numbers": [1.0] * 5}, END),
        ({**GOOD, "numbers": [1.0] * 5 + ["1"]}, END),
        ({**GOOD, "numbers": [1.0] * 5 + [10**300]}, END),
        ({**GOOD, "numbers": [1.0] * 5 + [True]}, END),
        (json.dumps(GOOD).replace("1.0]", "NaN]"), END),
        (json.dumps(GOOD).replace("1.0]", "1e999]"), END),
        ({**GOOD, "ending": "passed"}, END),
        ({**GOOD, "detail": 7}, END),
        ({**GOOD, "more": 1}, END),
        ("not JSON", END),
    ):
        assert graphs_in(reply(*messages), [2, 2]) == [], messages


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"leaves": [1.0], "steps": [{"op": "system", "operands": [0]}]},
        {"leaves": [1.0], "steps": [{"op": "exp", "operands": [1]}]},
        {"leaves": [1.0], "steps": [{"op": "+", "operands": [0]}]},
        {"leaves": ["x"], "steps": []},
    ],
)
def test_what_is_no_graph_is_refused(document):
    with pytest.raises(ValueError):
        graph_of(document)
