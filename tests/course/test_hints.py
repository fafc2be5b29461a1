"""Hints: each layer adds something, and what the last test showed comes first."""

import ast
import re
import shutil
from textwrap import dedent

import pytest
from trees import SKIPPED

from course.author.leaks import find_leaks, secrets_of
from course.cli import main
from course.implementation import installed, reference
from course.learn import symptoms
from course.learn.hints import hints_file, read_hints
from course.learn.results import Result
from course.learn.symptoms import advice_on, checklist
from course.manifest import load_course
from course.source.mutants import read_mutants
from course.source.stubs import marked

PHASES = [phase.id for phase in load_course().phases]
WORD = re.compile(r"[^\W\d_]{3,}")
FEWEST_WORDS = 8
MOST_RESTATED = 0.7  # of a first layer's words, found in the task's title and docstring too


def stem(word):
    return word.lower()[:5]


def contract(course, phase, task):
    """What a learner reads of a task anyway: its title, and the docstrings of its stubs."""
    words = [task.title]
    for name in phase.files:
        text = (course.root / "solutions" / name).read_text(encoding="utf-8")
        rows = text.splitlines()
        for mark in marked(text, name):
            if (mark.phase, mark.task) == (phase.id, task.id):
                tree = ast.parse(dedent("\n".join(rows[mark.start : mark.end])))
                nodes = [
                    n for n in ast.walk(tree) if isinstance(n, (ast.FunctionDef, ast.ClassDef))
                ]
                words += [ast.get_docstring(node) or "" for node in nodes]
    return {stem(word) for word in WORD.findall(" ".join(words))}


@pytest.mark.parametrize("phase", PHASES)
def test_a_first_layer_does_not_restate_the_task(course, phase):
    opened = course.phase(phase)
    said_again = []
    for task, layers in read_hints(course, opened).items():
        words = WORD.findall(layers["concept"])
        known = contract(course, opened, opened.task(task))
        assert known, f"{task}: no docstring"
        share = sum(stem(word) in known for word in words) / len(words)
        if len(layers["concept"].split()) < FEWEST_WORDS or share >= MOST_RESTATED:
            said_again.append(f"{task}: {layers['concept']} ({share:.0%})")
    assert not said_again, "\n".join(said_again)


@pytest.mark.parametrize("task", ["add", "mul", "pow"])
def test_the_last_layer_of_phase_03_shows_how_a_rule_is_attached(course, task):
    shape = read_hints(course, course.phase("03"))[task]["shape"]
    pattern = [line for line in shape.splitlines() if line.startswith("    ")]
    code = re.sub(r" {3,}\(.*\)$", "", "\n".join(pattern), flags=re.MULTILINE)
    assert "____" not in code and shape.count("____") >= 2
    with installed(reference(course.root)):
        from minigrad.gradcheck import gradcheck
        from minigrad.scalar import Value, as_value

        scope = {"Value": Value, "as_value": as_value}
        exec(f"def operation(x, y=None):\n{code}", scope)
        operation = scope["operation"]
        inputs = [3.0] if task == "pow" else [3.0, 2.0]
        assert gradcheck(operation, inputs) and gradcheck(lambda x: operation(x, x) + x, [3.0])
        assert operation(*map(Value, inputs)).data not in (3.0 + 2.0, 3.0 * 2.0)


def test_no_hint_holds_a_line_of_a_solution(course):
    tree = {}
    for phase in course.phases:
        layers = [text for task in read_hints(course, phase).values() for text in task.values()]
        tree[hints_file(phase)] = "\n".join(layers).encode()
    assert find_leaks(tree, secrets_of(course)) == []


@pytest.fixture
def learner(course, tmp_path, monkeypatch):
    """A learner's checkout in which a mutant may be planted."""
    root = tmp_path / "copy"
    shutil.copytree(course.root, root, ignore=SKIPPED)
    monkeypatch.chdir(root)

    def plant(name):
        mutants = read_mutants(course, course.phase(name[:2]))
        mutant = next(mutant for mutant in mutants if mutant.id == name)
        for file, text in mutant.applied_to(reference(course.root)).files.items():
            (root / "src/minigrad" / file).write_text(text, encoding="utf-8")
        return mutant

    return plant


def hint(capsys, *arguments):
    capsys.readouterr()
    assert main(["hint", *arguments]) == 0
    return " ".join(capsys.readouterr().out.split())


@pytest.mark.parametrize(
    ("name", "task", "sign"),
    [
        ("04-recursive", "backward", "`RecursionError`"),
        ("04-no-seed", "backward", symptoms.ALL_ZERO),
        ("04-nothing-cleared", "backward", symptoms.THRICE),
        ("04-zero-only-root", "zero_grad", symptoms.GROWS),
        ("03-difference-second-sign", "sub", symptoms.SIGN),
    ],
)
def test_a_hint_begins_with_what_the_last_test_showed(course, learner, capsys, name, task, sign):
    mutant = learner(name)
    assert main(["test", name[:2]]) == 1
    out = hint(capsys, name[:2])
    known = f"Your last test showed a known mistake: “{mutant.misconception}”"
    place = course.concepts[mutant.concept].theory
    assert known in out and f"See {place}." in out
    assert f"theory/debugging.md, “{sign}”: " in out
    first = read_hints(course, course.phase(name[:2]))[task]["concept"].split()
    assert out.index(known) < out.index(" ".join(first)), "what was seen comes before the layers"
    other = next(t.id for t in course.phase(name[:2]).tasks if t.id not in (task, "zero_grad"))
    assert "Your last test" not in hint(capsys, name[:2], other)


def test_a_hint_says_when_the_code_has_changed_since(course, learner, capsys):
    learner("04-assigns")
    main(["test", "4"])
    learner("04-no-seed")
    assert "Your last test, before your latest change, showed a known mistake" in hint(capsys, "4")


def test_a_hint_without_a_failing_test_says_nothing_of_one(course, learner, capsys):
    learner("04-no-seed")
    assert "Your last test" not in hint(capsys, "4") and "debugging" not in hint(capsys, "4")


def failure(reason, concept="accumulation", status="failed"):
    return Result("04.x", "backward", concept, status, "summary", reason)


def observed(number, expected):
    return f"a.grad: observed {number}, expected {expected} (tolerance 1e-12 relative)"


@pytest.mark.parametrize(
    ("failures", "sign"),
    [
        ([failure(observed(0.0, 6.0)), failure(observed("-0.0", -2.5))], symptoms.ALL_ZERO),
        ([failure(observed(0.0, 6.0)), failure(observed(3.0, 5.0))], symptoms.ZERO),
        ([failure(observed(-6.0, 6.0))], symptoms.SIGN),
        ([failure(observed(12.0, 6.0))], symptoms.FACTOR),
        ([failure(observed(1e-05, 2e-05))], symptoms.FACTOR),
        ([failure(observed(36.0, 24.0), "repeated-backward")], symptoms.THRICE),
        ([failure(observed(4.0, 0.0), "zero-grad")], symptoms.GROWS),
        ([failure("a.grad is nan")], symptoms.NAN),
        ([failure("over 1 s", status="timeout")], symptoms.ENDLESS),
        ([failure("RecursionError: maximum depth", status="error")], "`RecursionError`"),
        ([failure("OverflowError: math range error", status="error")], "`OverflowError`"),
        ([failure("ZeroDivisionError: division", status="error")], "`ZeroDivisionError`"),
        ([failure(observed(7.5, 6.0))], None),
        ([failure("y.data: observed 0.0, expected 6.0")], None),
        ([failure("gradient[0]: observed 12.0, expected 6.0")], None),
        ([], None),
    ],
)
def test_a_symptom_leads_to_its_line_of_the_checklist(course, failures, sign):
    advice = advice_on(course, failures)
    assert (advice and advice.sign) == sign


def test_the_checklist_is_read_whole(course):
    text = (course.root / symptoms.CHECKLIST).read_text(encoding="utf-8")
    rows = [
        line for line in text.splitlines() if line.startswith("| ") and "what you see" not in line
    ]
    assert len(checklist(course)) == len(rows) > 40
    for line in checklist(course):
        assert (course.root / line.read.partition("#")[0]).is_file()
