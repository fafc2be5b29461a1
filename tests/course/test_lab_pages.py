"""The lab pages: what each of them must have, and that what they show is what comes out."""

import doctest
import re
from pathlib import Path

import pytest
from phases import PHASES, slow_where

from course.implementation import installed, reference

LAB = Path(__file__).resolve().parents[2] / "lab"
# In this order: what it is for, what one needs, how long it takes …
OPENING = ("**Aim.**", "**Before you start.**", "**Time.**")
# … then by hand first, the tasks, the constraints, the demands, and what to hand in.
SECTIONS = (
    "By hand first",
    "To do",
    "Rules",
    "What the tests look at",
    "The notebook and the quiz",
    "Your own tests",
    "Deliverable",
    "If you want more",
)


def fenced(text, language):
    """The text of a page's blocks in one language, one after the other."""
    return "\n".join(re.findall(rf"^```{language}\n(.*?)^```", text, re.DOTALL | re.MULTILINE))


def failures(blocks, name, out=None, **given):
    """Run examples as one session, in which `given` is known; return (failed, tried)."""
    examples = doctest.DocTestParser().get_doctest(blocks, given, name, None, 0)
    runner = doctest.DocTestRunner(verbose=False, optionflags=doctest.ELLIPSIS)
    return tuple(runner.run(examples, out=out))[:2]


def page(name):
    return (LAB / name).read_text(encoding="utf-8")


SHOWING = [path.name for path in sorted(LAB.glob("*.md")) if fenced(page(path.name), "python")]


def test_pages_that_show_something_are_found():
    assert {"06-bugs.md", "06p-problems.md", "09-real-engine.md"} <= set(SHOWING)


@pytest.mark.parametrize("name", slow_where(SHOWING, "12-lm.md"))
def test_every_block_of_a_lab_page_gives_what_it_says(course, name):
    with installed(reference(course.root)):
        failed, tried = failures(fenced(page(name), "python"), name)
    assert tried >= 2 and failed == 0


@pytest.mark.parametrize("name", slow_where(SHOWING, "12-lm.md"))
def test_any_wrong_line_in_a_lab_page_would_be_noticed(course, name):
    blocks = fenced(page(name), "python")
    shown = re.findall(r"^(?!>>>|\.\.\.)\S.*$", blocks, re.MULTILINE)
    assert shown
    for line in shown:
        planted = blocks.replace(f"\n{line}\n", f"\n{line} 1\n")
        with installed(reference(course.root)):
            assert failures(planted, name, out=lambda words: None)[0] > 0, line


@pytest.mark.oracle
def test_the_real_engine_gives_what_the_guided_reading_says():
    torch = pytest.importorskip("torch")
    blocks = fenced(page("09-real-engine.md"), "text")
    failed, tried = failures(blocks, "09-real-engine.md, torch", torch=torch)
    assert tried >= 19 and failed == 0


@pytest.mark.oracle
def test_the_real_engine_answers_the_questions_as_the_guided_reading_does():
    """Questions 4, 5, 7 and 8: a second pass, the leaf's node, what is saved, a hidden change."""
    torch = pytest.importorskip("torch")
    answers = " ".join(page("09-real-engine.md").split())

    def leaf(number):
        return torch.tensor(number, requires_grad=True)

    def saved(result):
        return {name for name in dir(result.grad_fn) if name.startswith("_saved_")}

    a, b = leaf(2.0), leaf(5.0)
    y = a * b * 3
    y.backward(retain_graph=True)
    y.backward()
    assert f"in the first call the answer is {a.grad:g}, as in yours" in answers
    with pytest.raises(RuntimeError, match="through the graph a second time"):
        y.backward()
    end = (a * 1).grad_fn.next_functions[0][0]
    assert end.name().endswith("AccumulateGrad") and end.variable is a
    assert saved(a + b) == {"_saved_alpha"} and saved(a.exp()) == {"_saved_result"}
    product = (a * b).grad_fn
    assert (product._saved_self is a, product._saved_other is b) == (True, True)
    product = (a * torch.tensor(5.0)).grad_fn
    assert product._saved_self is None and product._saved_other is not None
    c = leaf(2.0)
    y = c * b
    c.data.mul_(50)
    assert c._version == 0
    y.backward()  # "A change through `.data` is not counted."


def test_micrograd_does_what_the_guided_reading_says():
    """Questions 1 to 4 and experiment 2: cells, parents, depth, a second pass, changed data."""
    peer = pytest.importorskip("micrograd.engine").Value
    answers = " ".join(page("09-real-engine.md").split())

    a, b = peer(2.0), peer(5.0)
    product = a * b
    cells = {id(cell.cell_contents) for cell in product._backward.__closure__}
    assert "Three things: `self`, `other` and `out`" in answers
    assert cells == {id(a), id(b), id(product)}
    assert len((a * a)._prev) == 1

    chain = a
    for _ in range(2_000):
        chain = chain + 1
    assert "micrograd raises `RecursionError`" in answers
    with pytest.raises(RecursionError):
        chain.backward()

    y = product * 3
    y.backward()
    assert a.grad == 15
    y.backward()
    assert f"micrograd: {a.grad:g}." in answers

    a, b = peer(2.0), peer(3.0)
    y = a * b
    a.data = 100.0
    y.backward()
    assert f"as in micrograd, answers {b.grad} here" in answers


@pytest.mark.parametrize("phase", PHASES)
def test_a_lab_has_all_its_parts_in_order(course, phase):
    told = course.phase(phase)
    text = (course.root / told.lab).read_text(encoding="utf-8")
    assert text.startswith(f"# Lab {phase}: {told.title}\n")
    opening, *parts = re.split(r"^## ", text, flags=re.MULTILINE)
    places = [opening.find(f"\n\n{word} ") for word in OPENING]
    assert -1 not in places and places == sorted(places)
    assert re.search(r"\*\*Time\.\*\* About .*(minutes|hours?)", opening)
    assert told.theory in opening.replace("../", "")

    found = dict(part.split("\n", 1) for part in parts)
    assert tuple(found) == SECTIONS
    assert all(words.strip() for words in found.values())
    assert len(re.findall(r"^\d\. ", found["By hand first"], re.MULTILINE)) >= 3
    assert all(f"`{name}`" in found["To do"] for name in told.files)
    for section, least in (("Rules", 2), ("What the tests look at", 3), ("If you want more", 2)):
        assert len(re.findall(r"^- ", found[section], re.MULTILINE)) >= least, section
    assert told.visible in found["What the tests look at"]
    assert told.student_tests in found["Your own tests"]
    ticks = re.findall(r"^- \[ \] (.*)$", found["Deliverable"], re.MULTILINE)
    number = int(phase)
    handed_in = ("by hand", f"minigrad test {number}`", told.notebook, told.student_tests)
    for wanted in (*handed_in, f"minigrad submit {number}`"):
        assert any(wanted in tick for tick in ticks), wanted


@pytest.mark.parametrize("phase", PHASES)
def test_tasks_come_in_an_order_in_which_one_can_work(course, phase):
    """What a task needs of its own phase stands before it in the lab's list."""
    done = []
    tasks = course.phase(phase).tasks
    names = {task.id for task in tasks}
    for task in tasks:
        assert set(task.needs) & names <= set(done), task.id
        done.append(task.id)
