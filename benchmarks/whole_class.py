"""A class as teachers have it, graded from end to end: now, with the code of before, by nbgrader.

Forty people hand in code, two thirds of them a notebook and half of them tests of their own: right,
partial, broken, and one whose code never ends. `minigrad grade` does all that it does: it takes
in the folders, grades, and writes cards, pages and gradebook. nbgrader runs the notebooks and
nothing else.
"""

import ctypes
import json
import os
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from random import Random

from course.grade.marking.suite import Suite
from course.implementation import LIBRARY, read_library
from course.source.notebooks import release_version, solved_version
from course.source.stubs import NOTHING, cut

PR_SET_CHILD_SUBREAPER = 36
SCALAR = "src/minigrad/scalar.py"
ENDLESS = "\nwhile True:\n    pass\n"
COUNT = 40
WARM = 24  # submissions of the same code before the clock runs
NOT_COPIED = (".*", "class", "build", "demo*", "__pycache__")
FEW_TESTS = """
from minigrad.scalar import Value

def test_shared_node():
    x = Value(3.0)
    u = x * x
    (u * u + u).backward()
    assert (x.grad, u.grad) == (4 * 27 + 6, 2 * 9 + 1)

def test_twice():
    x = Value(2.0)
    y = x * x * 3
    y.backward()
    y.backward()
    assert x.grad == 24.0
"""
MORE_TESTS = (
    FEW_TESTS
    + """
import pytest
from minigrad.scalar import topological_order

@pytest.mark.parametrize("number", [2.0, -3.5, 0.0])
def test_seed(number):
    x = Value(number)
    x.backward()
    assert x.grad == 1.0
    (x + number).backward()
    assert x.grad == 2.0

def test_order():
    x, y = Value(2.0), Value(2.0)
    u = x * y
    order = topological_order(u * x + u)
    place = {id(node): i for i, node in enumerate(order)}
    assert len(order) == len(place) == 5
    assert all(place[id(p)] < place[id(node)] for node in order for p in node._prev)

def test_sum_of_zero():
    x, y = Value(2.0), Value(-2.0)
    ((x + y) * 3).backward()
    assert (x.grad, y.grad) == (3.0, 3.0)

def test_inner_nodes_start_at_zero():
    x = Value(2.0)
    u = x * 3
    y = u * u
    y.backward()
    y.backward()
    assert (u.grad, x.grad) == (12.0, 72.0)

def test_long_chain():
    x = y = Value(1.0)
    for _ in range(1_500): y = y + 1.5
    y.backward()
    assert x.grad == 1.0

def test_zero_grad():
    a, other = Value(1.5), Value(2.0)
    other.grad = 0.5
    y = a * 2 + a
    y.backward()
    y.zero_grad()
    assert (a.grad, y.grad, other.grad) == (0.0, 0.0, 0.5)
"""
)
WRONG_TESTS = (
    FEW_TESTS
    + """
def test_that_is_wrong():
    x = Value(2.0)
    (x * x).backward()
    assert x.grad == 2.0
"""
)


@dataclass(frozen=True)
class Cost:
    """What grading some submissions took: seconds on the clock and of CPU, each."""

    name: str
    submissions: int
    wall: float
    cpu: float


def a_class(suite: Suite, folder: Path, diligent: bool = False) -> Path:
    """Forty submissions of phase 04, a folder per student; the folder that holds them. In a
    `diligent` class everybody hands in a notebook and tests that can be run.

    Who hands in what is mixed, always alike: no alphabet sorts people by what they can do.
    """
    notebook, places = suite.phase.notebook, Random(0).sample(range(COUNT), COUNT)
    tests = (FEW_TESTS, MORE_TESTS, WRONG_TESTS, "def test_(:\n")
    filled, empty = _notebooks(suite)
    for number, code in enumerate(_engines(suite)):
        files = {SCALAR: f"{code}\n# handed in by {number}\n"}
        if number % 2 or diligent:
            chosen = tests[number // 2 % (3 if diligent else 4)]
            files[suite.phase.student_tests] = f"{chosen}\n# by {number}\n"
        if number % 3 or diligent:
            files[notebook] = empty if number % 12 == 1 else filled
        for name, text in files.items():
            place = folder / f"s{places[number]:02}" / name
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(text, encoding="utf-8")
    return folder


def _engines(suite: Suite) -> Iterator[str]:
    """The code of forty people: 18 right, 14 with a known mistake, 5 unfinished, 2 that can't be
    read, 1 that never ends."""
    right = [suite.reference, *suite.alternates]
    yield from (right[i % len(right)].source("scalar.py") for i in range(18))
    for mutant in suite.mutants[:14]:
        yield mutant.applied_to(suite.reference).source("scalar.py")
    solved = (suite.course.root / "solutions" / SCALAR).read_text(encoding="utf-8")
    yield from (cut(solved, kept, "scalar.py") for kept in (NOTHING, "02", "03", "03", "03"))
    yield from ("def broken(:\n", solved.replace("self", "self)", 1))
    yield f"{solved}{ENDLESS}"


def _notebooks(suite: Suite) -> tuple[str, str]:
    """The phase's notebook with every answer in it, and as it is given out."""
    empty = release_version(suite.course, suite.phase)
    answers = json.loads(solved_version(suite.course, suite.phase))["cells"]
    document = json.loads(empty)
    for cell, answer in zip(document["cells"], answers, strict=True):
        cell["source"] = answer["source"]
    return json.dumps(document), empty


def compare(
    suite: Suite, peers: int, before: str | None, stock: str, folder: Path, diligent: bool
) -> None:
    """Grade the class in the ways that there are, and print what each costs and the ratios;
    `stock` is the Python that has nbgrader."""
    _inherit_orphans()
    handed_in = a_class(suite, folder / "handed_in", diligent)
    root = suite.course.root
    shutil.copytree(root, folder / "now", ignore=shutil.ignore_patterns(*NOT_COPIED))
    costs = [_minigrad("minigrad grade", folder / "now", handed_in)]
    if before:
        archive = subprocess.run(["git", "archive", before], cwd=root, check=True, stdout=-1)
        (folder / "before").mkdir()
        subprocess.run(["tar", "-x"], cwd=folder / "before", input=archive.stdout, check=True)
        python = _python_of(folder / "before")
        costs.append(_minigrad(f"minigrad grade, {before}", folder / "before", handed_in, python))
    costs.append(_nbgrader(suite, peers, handed_in, stock, folder / "nbgrader"))
    now = costs[0]
    print(f"\n{'a class, each submission':28}{'wall s':>8}{'CPU s':>8}{'ratio':>12}{'of CPU':>8}")
    for cost in costs:
        print(
            f"{cost.name:28}{cost.wall:8.2f}{cost.cpu:8.2f}"
            f"{cost.wall / now.wall:12.1f}{cost.cpu / now.cpu:8.1f}  ({cost.submissions})"
        )


def _python_of(tree: Path) -> str:
    """The Python of a checkout's own environment, set up first: the fork server is imported from
    there, whatever PYTHONPATH says."""
    command = [tree / "scripts/minigrad", "--help"]
    subprocess.run(command, cwd=tree, check=True, stdout=subprocess.DEVNULL)
    return str(tree / ".venv/bin/python")


def _minigrad(name: str, tree: Path, handed_in: Path, python: str = sys.executable) -> Cost:
    """`minigrad grade` of a checkout, once what it keeps between runs is there."""
    environment = {**os.environ, "PYTHONPATH": str(tree / "src")}
    grade = [python, "-m", "course", "grade", "04"]

    def run(of: Path, out: str) -> None:
        command = [*grade, str(of), "--out", str(tree / out)]
        done = subprocess.run(command, cwd=tree, env=environment, capture_output=True, check=False)
        if done.returncode not in (0, 1):  # 1: some are flagged, as some ought to be
            raise SystemExit(f"{name}: {done.stderr.decode(errors='replace')}")

    right = (tree / "solutions" / SCALAR).read_text("utf-8")
    for number in range(WARM):  # under every seed, so that the mutants' patterns are kept ones
        place = tree / "warm" / f"w{number:02}" / SCALAR
        place.parent.mkdir(parents=True)
        place.write_text(f"{right}# {number}\n", encoding="utf-8")
    run(tree / "warm", "class/warm")
    cost = _cost(name, COUNT, lambda: run(handed_in, "class/04-backward"))
    cards = len(list((tree / "class/04-backward/scorecards").glob("*.json")))
    if cards != COUNT:
        raise SystemExit(f"{name}: {cards} scorecards of {COUNT} submissions")
    return cost


def _nbgrader(suite: Suite, count: int, handed_in: Path, python: str, root: Path) -> Cost:
    """`nbgrader autograde` of some of the notebooks, with the code that they import beside them."""
    notebook, given = suite.phase.notebook, suite.course.root / LIBRARY
    source = root / "source/ps" / Path(notebook).name
    source.parent.mkdir(parents=True)
    shutil.copy(suite.course.root / "solutions" / notebook, source)
    (root / "nbgrader_config.py").write_text("c = get_config()\nc.CourseDirectory.course_id='x'\n")
    ending = (
        s for s in sorted(handed_in.iterdir()) if ENDLESS not in (s / SCALAR).read_text("utf-8")
    )
    chosen = [student for student in ending if (student / notebook).is_file()]
    chosen = chosen[:: max(1, len(chosen) // count)][:count]
    for student in chosen:
        place = root / "submitted" / student.name / "ps"
        (place / "minigrad").mkdir(parents=True)
        shutil.copy(student / notebook, place)
        library = read_library(given) | {"scalar.py": (student / SCALAR).read_text("utf-8")}
        for name, text in library.items():
            (place / "minigrad" / name).write_text(text, encoding="utf-8")
    programs = f"{Path(python).parent}{os.pathsep}{os.environ['PATH']}"  # it calls alembic
    environment = {**os.environ, "PATH": programs, "HOME": str(root)}

    def run(*words: str) -> None:
        command = [python, "-m", "nbgrader", *words]
        subprocess.run(command, cwd=root, env=environment, capture_output=True, check=False)

    run("generate_assignment", "ps")
    cost = _cost("nbgrader autograde", len(chosen), lambda: run("autograde", "ps"))
    graded = len(list((root / "autograded").glob("*/ps/*.ipynb")))
    if graded != len(chosen):
        raise SystemExit(f"nbgrader graded {graded} of {len(chosen)} notebooks")
    return cost


def _inherit_orphans() -> None:
    """Make what loses its parent this process's own, so that its CPU time is counted: behind
    bubblewrap, a fork server outlives the program that started it by a moment."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def _cost(name: str, submissions: int, work: Callable[[], None]) -> Cost:
    """What some work in other processes takes for each submission."""
    cpu, wall = _cpu(), time.perf_counter()
    work()
    wall = time.perf_counter() - wall
    cpu = _cpu() - cpu
    return Cost(name, submissions, wall / submissions, cpu / submissions)


def _cpu() -> float:
    """Of all children that have ended, once all have."""
    with suppress(ChildProcessError):
        while True:
            os.wait()
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
