"""The pages that stand before the phases: what they promise is what the course has."""

import contextlib
import doctest
import io
import math
import re
import shutil
import subprocess
import sys

import pytest
from trees import SKIPPED

from course.implementation import LIBRARY, installed, read_library, reference
from course.source.stubs import marked

START, LABS = "theory/00-start.md", "lab/how-labs-work.md"
ROW = re.compile(r"^\| \[(\w+)\]\((\S+)\) \| \*\*(.+)\.\*\* (.+) \| (.+) \|$", re.MULTILINE)
TIME = re.compile(r"^\*\*Time\.\*\* About (.+)\.$", re.MULTILINE)
NUMBERS = {"two": 2, "three": 3, "four": 4, "five": 5, "six": 6}


def page(course, name):
    return (course.root / name).read_text(encoding="utf-8")


def hours(words):
    """The shortest and the longest time that such words mean, in hours."""
    numbers = [NUMBERS.get(n) or int(n) for n in re.findall(r"\d+|" + "|".join(NUMBERS), words)]
    assert 1 <= len(numbers) <= 2, words
    return tuple(n / 60 if "minutes" in words else n for n in (numbers[0], numbers[-1]))


@pytest.mark.parametrize(
    ("words", "span"),
    [("90 minutes", (1.5, 1.5)), ("two hours", (2, 2)), ("45 to 60 minutes", (0.75, 1))],
)
def test_hours_are_read_from_words(words, span):
    assert hours(words) == span


def test_every_block_of_the_first_page_gives_what_it_says(course):
    blocks = "\n".join(re.findall(r"```python\n(.*?)```", page(course, START), re.DOTALL))
    with installed(reference(course.root)):
        examples = doctest.DocTestParser().get_doctest(blocks, {}, START, None, 0)
        assert len(examples.examples) > 10
        assert doctest.DocTestRunner(verbose=False).run(examples).failed == 0


def test_the_map_follows_the_manifest_and_the_labs(course):
    """course.toml is the one list of phases; the times are those of the labs."""
    expected = [
        (p.id, p.theory.removeprefix("theory/"), p.title, p.summary, TIME.findall(labs))
        for p in course.chapters
        for labs in [page(course, p.lab)]
    ]
    rows = ROW.findall(page(course, START))
    assert [(*row[:4], [row[4]]) for row in rows] == expected
    spans = [hours(row[4]) for row in rows]
    low, high = math.floor(sum(s[0] for s in spans)), math.ceil(sum(s[1] for s in spans))
    assert f"about {low} to {high} hours together" in page(course, START)


def test_a_lab_says_the_name_of_everything_that_is_to_be_written(course):
    """Beside a task's id the functions that belong to it, where they have other names."""
    texts = {phase.id: page(course, phase.lab) for phase in course.chapters}
    tasks = {(phase.id, task.id) for phase in course.chapters for task in phase.tasks}
    for name, source in read_library(course.root / "solutions" / LIBRARY).items():
        for mark in marked(source, name):
            if (mark.phase, mark.task) not in tasks:
                continue
            body = "\n".join(source.splitlines()[mark.start : mark.end])
            todo = re.search(rf"^\d+\. `{mark.task}`(.*?):", texts[mark.phase], re.M | re.S)
            for function in re.findall(r"^ *def (\w+)\(self|^def (\w+)\(", body, re.MULTILINE):
                written = "".join(function)
                own = written == mark.task
                assert own or re.search(rf"[`.]{written}`", todo[1]), (mark.task, written)


def copied(course, folder):
    """A copy of the course without what was made in it, to write in."""
    from course.manifest import load_course

    shutil.copytree(course.root, folder / "copy", ignore=SKIPPED)
    return load_course(folder / "copy")


def minigrad(root, monkeypatch, *arguments):
    """Exit code and words of a command, run in a folder, on a terminal of 80 columns."""
    from course.cli import main

    monkeypatch.chdir(root)
    monkeypatch.setenv("COLUMNS", "80")
    shown = io.StringIO()
    with contextlib.redirect_stdout(shown), contextlib.redirect_stderr(shown):
        code = main(arguments)
    return code, shown.getvalue()


def test_the_first_tick_is_what_the_page_shows(course, tmp_path, monkeypatch):
    """Not written, wrong, right: what `test 00` and `status` say to each."""
    root = copied(course, tmp_path).root
    start = root / course.warmup.files[0]
    stub = start.read_text(encoding="utf-8")
    code, words = minigrad(root, monkeypatch, "test", "00")
    assert code == 1 and "not written yet" in words
    assert "Next: phase 00 in src/minigrad/start.py" in minigrad(root, monkeypatch, "status")[1]
    line = 'raise NotImplementedError("phase 00: change")'
    assert stub.count(line) == 1
    for wrong in ("f(x) - f(x + step)", "f(x + step)", "(f(x + step) - f(x)) / step", "None"):
        start.write_text(stub.replace(line, f"return {wrong}"), encoding="utf-8")
        code, words = minigrad(root, monkeypatch, "test", "00")
        assert code == 1 and "✗ change" in words and "#your-first-tick" in words, wrong
    start.write_text(stub.replace(line, "return f(x + step) - f(x)"), encoding="utf-8")
    code, words = minigrad(root, monkeypatch, "test", "00")
    sample = re.search(r"^```text\n(.*?)^```", page(course, START), re.M | re.S)[1]
    assert code == 0 and words.split() == sample.split(), f"put it there:\n{words}"
    status = minigrad(root, monkeypatch, "status")[1]
    assert re.search(r"^00 Your first tick +✓ +1/1 +1/1", status, re.M)
    assert "Next: phase 01" in status


def test_whoever_is_past_the_warmup_is_not_sent_back(course, tmp_path, monkeypatch):
    root = copied(course, tmp_path).root
    minigrad(root, monkeypatch, "test", "01")
    status = minigrad(root, monkeypatch, "status")[1]
    assert "Next: phase 01" in status and "00 Your first tick" in status


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("submit", "is not handed in"),
        ("solution", "hint 00"),
        ("compare", "hint 00"),
        ("open", "theory/00-start.md"),
        ("release", "there is no phase"),
    ],
)
def test_the_warmup_is_the_learners_alone(course, tmp_path, monkeypatch, command, words):
    root = copied(course, tmp_path).root
    code, said = minigrad(root, monkeypatch, command, "00")
    assert code == 2 and words in " ".join(said.split())


def test_the_warmup_is_in_a_students_tree_and_not_in_what_is_handed_in(course):
    from course.author.student_tree import owned_by_students, student_tree

    tree = student_tree(course, course.phase("01"))
    warmup = course.warmup
    stub = tree[warmup.files[0]].data.decode()
    assert "NotImplementedError" in stub and "return" not in stub
    expected = {warmup.visible, warmup.theory, "lab/hints/00-start.toml", "lab/stubs/start.py"}
    assert (
        expected <= tree.keys() and "00.change" in tree["tests/visible/expected.json"].data.decode()
    )
    assert set(warmup.files) <= owned_by_students(course)
    assert not any(set(warmup.files) & set(course.owned_files(p)) for p in course.phases)
    assert sum(task.phase == warmup.id for task in course.tasks.values()) == 1


def test_the_sample_of_a_test_run_is_what_it_prints(course, tmp_path, monkeypatch):
    """The run that the page on labs shows: `derivative` is right, all inputs are moved at once."""
    from course.learn.results import run_phase
    from course.learn.show import show_results

    copy = copied(course, tmp_path)
    source = course.root / "solutions" / LIBRARY / "gradcheck.py"
    text = source.read_text(encoding="utf-8")
    start = text.index('"""', text.index('"""', text.index("def gradient(")) + 3) + 3
    wrong = "return [derivative(lambda t: f(*(x + t for x in xs)), 0.0, h) for _ in xs]"
    code = f"{text[:start]}\n    {wrong}\n\n\n{text[text.index('@dataclass', start) :]}"
    (copy.root / LIBRARY / "gradcheck.py").write_text(code, encoding="utf-8")
    phase = copy.phase("01")
    monkeypatch.setenv("COLUMNS", "80")
    shown = io.StringIO()
    with contextlib.redirect_stdout(shown):
        show_results(copy, phase, run_phase(copy, phase))
    sample = re.search(r"^```text\n(.*?)^```", page(course, LABS), re.M | re.S)[1]
    seen = shown.getvalue()
    assert " ".join(seen.split()).startswith(" ".join(sample.split())), f"put it there:\n{seen}"


def test_one_task_is_shown_and_the_whole_phase_is_remembered(course, tmp_path, monkeypatch):
    root = copied(course, tmp_path).root
    shutil.copy(course.root / "solutions" / LIBRARY / "gradcheck.py", root / LIBRARY)
    code, words = minigrad(root, monkeypatch, "test", "01", "gradient")
    assert code == 0 and "✓ gradient" in words and "derivative:" not in words
    assert "2 of 2 probes of gradient pass" in words
    assert "4/4" in minigrad(root, monkeypatch, "status")[1]
    wrong = "def derivative(f, x, h=1e-5):\n    return 0.0\n\n\ngradient = derivative\n"
    (root / LIBRARY / "gradcheck.py").write_text(wrong, encoding="utf-8")
    code, words = minigrad(root, monkeypatch, "test", "01", "derivative")
    assert code == 1 and "✗ derivative" in words and "gradient:" not in words
    code, words = minigrad(root, monkeypatch, "test", "01", "slope")
    assert code == 2 and "its tasks are: derivative, gradient" in " ".join(words.split())
    code, words = minigrad(root, monkeypatch, "test", "01", "gradient", "--own")
    assert code == 2 and "take no task" in " ".join(words.split())


def test_the_comparison_with_pytorch_comes_with_the_clone_and_says_why_it_skips(course):
    from importlib.util import find_spec

    from course.author.student_tree import student_tree

    name = "tests/extra/test_pytorch.py"
    assert name in student_tree(course, course.phase("01"))
    assert name in page(course, "lab/05-nonlinear.md")
    if find_spec("torch") is None:
        command = [sys.executable, "-m", "pytest", "-rs", name]
        done = subprocess.run(command, cwd=course.root, capture_output=True, text=True, check=False)
        assert done.returncode == 0 and "PyTorch is not installed" in done.stdout
