"""Grading notebooks: minigrad's sandbox and gradebook against stock `nbgrader autograde`.

    python benchmarks/notebooks.py [--submissions 20 200] [--peer 10]

Every submission of phase 04 is the solved notebook with a comment of its own. Both sides
execute every cell and write every score into an nbgrader gradebook; ours also runs all
probes on the code, in the sandbox. Stock nbgrader is slow, so it grades a few.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from course.grade.books.classroom import classroom, furnish, write_notebooks
from course.grade.books.gradebook import record, sheet_of
from course.grade.intake.submission import Submission
from course.grade.marking.suite import load_suite
from course.grade.runs.class_run import grade_all
from course.grade.sandbox.client import Walls
from course.manifest import load_course
from course.source.notebooks import read_source, release_version
from course.syllabus import Course

PHASE = "04"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--submissions", type=int, nargs="+", default=[20, 200])
    parser.add_argument("--peer", type=int, default=20, help="how many stock nbgrader grades")
    options = parser.parse_args()
    course = load_course()
    with tempfile.TemporaryDirectory() as folder:
        stock = options.peer / stock_seconds(course, options.peer, Path(folder) / "stock")
        print(f"{'':34}notebooks/s   ratio")
        print(f"{'nbgrader autograde':34}{stock:11.2f}{1:8.1f}")
        for count in options.submissions:
            ours = count / our_seconds(course, count, Path(folder) / f"ours-{count}")
            print(f"{f'minigrad grade, {count} submissions':34}{ours:11.2f}{ours / stock:8.1f}")


def notebook(course: Course, number: int) -> bytes:
    """A student's notebook: the released one with the answers of the solved one."""
    phase = course.phase(PHASE)
    answers = {
        cell.metadata.nbgrader.grade_id: cell.source
        for cell in read_source(course, phase).cells
        if cell.metadata.get("nbgrader", {}).get("solution")
    }
    document = json.loads(release_version(course, phase))
    for cell in document["cells"]:
        answer = answers.get(cell["metadata"].get("nbgrader", {}).get("grade_id"))
        if answer is not None:
            remark = "#" if cell["cell_type"] == "code" else ""
            cell["source"] = f"{answer}\n{remark} submission {number}"
    return json.dumps(document).encode()


def our_seconds(course: Course, count: int, out: Path) -> float:
    """Everything that `minigrad grade` does, the start of its servers included. The phase's
    mutants have been run before, as nbgrader's source notebook has been released before."""
    phase = course.phase(PHASE)
    suite = load_suite(course, phase)
    files = {name: suite.reference.source(Path(name).name) for name in course.owned_files(phase)}
    submissions = [Submission(f"s{i:05}", files, (), notebook(course, i)) for i in range(count)]
    room = classroom(out / phase.slug, phase)
    start = time.perf_counter()
    grade_all(suite, submissions[:16], out / "first", Walls())
    print(f"preparation, the mutants under every seed: {time.perf_counter() - start:.1f} s")
    start = time.perf_counter()
    cards = grade_all(suite, submissions, out / phase.slug, Walls())
    furnish(room)
    write_notebooks(course, phase, submissions, cards, room)
    record(room.url, sheet_of(course, phase), cards)
    seconds = time.perf_counter() - start
    assert all(card.notebook.points == full(card) for card in cards)
    return seconds


def full(card) -> float:
    """The points of the cells that no person has to grade."""
    return sum(cell.max_points for cell in card.notebook.cells if cell.status != "manual")


def stock_seconds(course: Course, count: int, root: Path) -> float:
    """`nbgrader autograde` in one process, the solved library importable for its kernels."""
    phase = course.phase(PHASE)
    shutil.copytree(course.root, root, ignore=shutil.ignore_patterns(".*", "class", "demo*"))
    shutil.copytree(root / "solutions" / "src", root / "src", dirs_exist_ok=True)
    source = root / "source" / phase.slug / f"{phase.slug}.ipynb"
    source.parent.mkdir(parents=True)
    shutil.copy(root / "solutions" / phase.notebook, source)
    (root / "nbgrader_config.py").write_text("c = get_config()\nc.CourseDirectory.course_id='x'\n")
    for i in range(count):
        path = root / "submitted" / f"s{i:05}" / phase.slug / f"{phase.slug}.ipynb"
        path.parent.mkdir(parents=True)
        path.write_bytes(notebook(course, i))
    nbgrader = [sys.executable, "-m", "nbgrader"]
    programs = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"  # it calls alembic
    environment = {**os.environ, "PATH": programs, "PYTHONPATH": str(root / "src")}
    run = {"cwd": root, "check": True, "capture_output": True, "env": environment}
    subprocess.run([*nbgrader, "generate_assignment", phase.slug], **run)
    start = time.perf_counter()
    subprocess.run([*nbgrader, "autograde", phase.slug], **run)
    seconds = time.perf_counter() - start
    assert len(list(root.glob("autograded/*/*/*.ipynb"))) == count
    return seconds


if __name__ == "__main__":
    main()
