"""Grading speed: minigrad's sandbox against nbgrader and pytest, doing the same work.

    python benchmarks/grading.py [--submissions 200 …] [--peers 6] [--before REF] [--class-only]
                                    [--diligent]

Every submission of phase 04 is distinct and runs all probes of that phase. The
peers run the same probes on the same code: pytest in a fresh process per
submission, and `nbgrader autograde` on a notebook that holds the student's code
and a test cell. Peers are slow, so they grade a few and their rate is compared.
Several numbers of submissions show whether the cost of one depends on how many there are.

At last a class as teachers have it (whole_class.py): forty people with code, notebooks and tests of
their own, end to end, beside nbgrader and, with `--before`, the code of an earlier commit. Ratios
of CPU time say more than those of the clock where the machine is busy.
"""

import argparse
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import nbformat
import whole_class
from nbformat.v4 import new_code_cell, new_notebook

from course.grade.intake.submission import Packed, Submission
from course.grade.marking.suite import Suite, load_suite
from course.grade.runs.class_run import grade_all
from course.grade.sandbox.client import Walls
from course.manifest import load_course

SCALAR = "src/minigrad/scalar.py"
WARM = 60  # submissions that are drawn to meet every seed


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--submissions", type=int, nargs="+", default=[200])
    parser.add_argument("--peers", type=int, default=6, help="how many a peer grades")
    parser.add_argument("--before", metavar="REF", help="also grade the class with this commit")
    parser.add_argument(
        "--nbgrader",
        metavar="PYTHON",
        default=sys.executable,
        help="of an environment with nbgrader as pip installs it; ours leaves out a package that "
        "it needs a second to import, so it is faster here than where others run it",
    )
    parser.add_argument("--class-only", action="store_true", help="only the class of forty")
    parser.add_argument(
        "--diligent", action="store_true", help="everybody in it hands in a notebook and own tests"
    )
    options = parser.parse_args()
    course = load_course()
    suite = load_suite(course, course.phase("04"))
    if not options.class_only:
        compare_rates(suite, options.submissions, options.peers, options.nbgrader)
    with tempfile.TemporaryDirectory() as folder:
        peers = options.peers, options.before, options.nbgrader
        whole_class.compare(suite, *peers, Path(folder), options.diligent)


def compare_rates(suite: Suite, counts: list[int], peers: int, stock_python: str) -> None:
    """Print how many submissions of code a second each way of grading manages."""
    with tempfile.TemporaryDirectory() as folder:
        print(f"{'submissions':>11}{'seconds':>10}{'gradings/s':>12}"
              f"{'sandbox ms':>12}{'judge ms':>10}{'parent MB':>11}")  # fmt: skip
        ours = [time_ours(suite, n, Path(folder) / str(n)) for n in counts]
        fresh = rate(peers, time_pytest(suite, peers, Path(folder)))
        stock = rate(peers, time_nbgrader(suite, peers, stock_python, Path(folder)))
    print(f"{'':28}gradings/s   ratio")
    print(f"{'nbgrader autograde':28}{stock:10.2f}{1:8.1f}")
    print(f"{'pytest, fresh process':28}{fresh:10.2f}{fresh / stock:8.1f}")
    for count, one in zip(counts, ours, strict=True):
        print(f"{f'minigrad grade, {count}':28}{one:10.2f}{one / stock:8.1f}")


def rate(count: int, seconds: float) -> float:
    return count / seconds


def code(suite: Suite, number: int) -> str:
    return f"{suite.reference.source('scalar.py')}\n# submission {number}\n"


def submission(suite: Suite, student: str, number: int) -> Submission:
    """As intake makes it."""
    return Submission(student, Packed({SCALAR: code(suite, number)}))


def time_ours(suite: Suite, count: int, folder: Path) -> float:
    """Gradings per second, with the start of servers; the mutants' patterns are kept ones."""
    submissions = [submission(suite, f"s{i:05}", i) for i in range(count)]
    some = [submission(suite, f"warm{i}", -1 - i) for i in range(WARM)]
    warm = {suite.seed_for(one.digest): one for one in some}  # one under every seed
    grade_all(suite, list(warm.values()), folder / "warm", Walls())
    seconds = timed(lambda: grade_all(suite, submissions, folder / "ours", Walls()))
    parent = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    cards = grade_all(suite, submissions, folder / "ours", Walls())
    assert all(card.points == card.max_points for card in cards)
    sandbox = sum(card.timing["sandbox_seconds"] for card in cards) / count
    judge = sum(card.timing["judge_seconds"] for card in cards) / count
    print(f"{count:11}{seconds:10.1f}{count / seconds:12.1f}"
          f"{sandbox * 1e3:12.1f}{judge * 1e3:10.2f}{parent:11.0f}", flush=True)  # fmt: skip
    return count / seconds


def time_pytest(suite: Suite, count: int, folder: Path) -> float:
    """Seconds for `count` submissions with pytest in a process of its own."""
    root = folder / "pytest"
    environment = {**os.environ, "PYTHONPATH": str(root / "src")}
    pytest = [sys.executable, "-m", "pytest", "-q", "--import-mode=importlib"]
    shutil.copytree(suite.course.root, root, ignore=shutil.ignore_patterns(".*", "class"))

    def grade() -> None:
        for i in range(count):
            (root / SCALAR).write_text(code(suite, i), encoding="utf-8")
            command = [*pytest, suite.phase.visible, suite.phase.hidden]
            subprocess.run(command, cwd=root, env=environment, check=True, capture_output=True)

    return timed(grade)


TEST_CELL = """
import sys, types
module = types.ModuleType("minigrad.scalar")
module.__dict__.update({"Value": Value, "topological_order": topological_order})
sys.modules["minigrad"], sys.modules["minigrad.scalar"] = types.ModuleType("minigrad"), module
from pathlib import Path
from course.run import compile_probes, record_all
files = [compile_probes(Path(path), "04") for path in PATHS]
assert all(recording.ending == "done" for recording in record_all(files).values())
"""


def time_nbgrader(suite: Suite, count: int, python: str, folder: Path) -> float:
    """Seconds for `nbgrader autograde` of `count` submissions, in one process."""
    root = folder / "nbgrader"
    root.mkdir()
    (root / "nbgrader_config.py").write_text("c = get_config()\nc.CourseDirectory.course_id='x'\n")
    paths = [str(suite.course.root / p) for p in (suite.phase.visible, suite.phase.hidden)]
    tests = TEST_CELL.replace("PATHS", repr(paths))
    for i in range(count):
        write_notebook(root / "submitted" / f"s{i}" / "ps" / "a.ipynb", code(suite, i), tests)
    write_notebook(root / "source" / "ps" / "a.ipynb", "", tests)
    nbgrader = [python, "-m", "nbgrader"]
    programs = f"{Path(python).parent}{os.pathsep}{os.environ['PATH']}"  # it calls alembic
    source = str(suite.course.root / "src")
    environment = {**os.environ, "PATH": programs, "PYTHONPATH": source}
    run = {"cwd": root, "check": True, "capture_output": True, "env": environment}
    subprocess.run([*nbgrader, "generate_assignment", "ps"], **run)
    return timed(lambda: subprocess.run([*nbgrader, "autograde", "ps"], **run))


def write_notebook(path: Path, solution: str, tests: str) -> None:
    path.parent.mkdir(parents=True)
    marks = {"schema_version": 3, "task": False}
    answer = {"grade": False, "solution": True, "locked": False, "grade_id": "answer"}
    grading = {"grade": True, "solution": False, "locked": True, "grade_id": "t", "points": 18}
    notebook = new_notebook(
        cells=[
            new_code_cell(solution, id="answer", metadata={"nbgrader": {**answer, **marks}}),
            new_code_cell(tests, id="tests", metadata={"nbgrader": {**grading, **marks}}),
        ],
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3"}},
    )
    nbformat.write(notebook, path)


def timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
