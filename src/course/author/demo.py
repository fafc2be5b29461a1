"""`minigrad demo`: the whole course in a folder, end to end, with a class of invented students.

Nothing is faked: the phase is released onto a git branch, students clone it, write and
submit with the tool of their own clone, their zips are collected as from a learning
platform, graded in the sandbox, and written into nbgrader's gradebook.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from course.author.release import release, release_solutions
from course.errors import CourseError
from course.grade.books.classroom import classroom, write_notebooks
from course.grade.intake.collect import keep, pick
from course.grade.intake.submission import take_in, wanted_files
from course.grade.marking.scorecard import Scorecard
from course.grade.marking.suite import load_suite
from course.grade.report.results import write_results
from course.grade.report.summary import write_summary
from course.grade.runs.class_run import Progress, grade_all
from course.grade.sandbox.client import Walls
from course.implementation import reference
from course.manifest import load_course
from course.source.mutants import read_mutants
from course.source.stubs import NOTHING, cut
from course.syllabus import Course, Phase

PHASE = "04"
HANDED_IN = datetime(2026, 1, 20, 15, 30, tzinfo=UTC)
TOO_LATE = datetime(2026, 2, 1, 3, 0, tzinfo=UTC)
HANGING = 300  # seconds after which a command of the demo counts as stuck
DATES = "release = 2026-01-12\ndue = 2026-01-26T23:59:00Z\n"
LEFT_OUT = shutil.ignore_patterns(
    ".git", ".venv", ".minigrad", "class", "demo*", "__pycache__", ".*_cache", ".ipynb_checkpoints"
)
SCALAR = "src/minigrad/scalar.py"
TESTS = """from minigrad.scalar import Value


def test_shared_node():
    x = Value(3.0)
    u = x * x
    y = u * u + u
    y.backward()
    assert x.grad == 4 * 27 + 6
    assert u.grad == 2 * 9 + 1


def test_twice():
    x = Value(2.0)
    y = (x * x) * 3
    y.backward()
    y.backward()
    assert x.grad == 24.0
"""


@dataclass(frozen=True)
class Student:
    """An invented student: what they hand in, and what was done to the zip on its way."""

    name: str
    does: str
    scalar: str
    tests: str | None = None
    late: bool = False
    truncated: bool = False
    tested: bool = True


@dataclass(frozen=True)
class Demo:
    """What a demo left behind."""

    folder: Path
    phase: Phase
    cards: list[Scorecard]
    students: tuple[Student, ...]
    late: frozenset[str]


Say = Callable[[str], None]


def run_demo(
    course: Course, folder: Path, walls: Walls, say: Say, progress: Callable[[Progress], None]
) -> Demo:
    """Play a phase of the course in `folder`, which must not exist yet."""
    instructor = _instructor(course, folder / "instructor")
    phase = instructor.phase(PHASE)
    say(f"Releasing phase {phase.id} onto the branch `student` …")
    release(instructor, phase)
    students = tuple(_students(instructor, phase))
    say(f"{len(students)} students clone it, write, test and submit …")
    for number, student in enumerate(students):
        _hand_in(instructor, phase, student, number, folder)
    say("Collecting the downloads of the learning platform …")
    out = folder / "class" / phase.slug
    chosen = pick(keep(phase, [folder / "download"], out), out)
    say(f"Grading in the sandbox ({walls.name}) …")
    submissions = take_in([out / "submissions"], wanted_files(instructor, phase))
    suite = load_suite(instructor, phase)
    cards = grade_all(suite, submissions, out, walls, progress=progress)
    write_summary(suite, cards, out)
    say("Writing gradebook, feedback, report and export …")
    write_notebooks(instructor, phase, submissions, cards, classroom(out, phase))
    write_results(instructor, phase, cards, out)
    say("Opening the solution; one student gives up, and compares …")
    release_solutions(instructor, phase)
    curious = folder / "students" / "claude"
    _run(["git", "-C", str(curious), "fetch", "-q"])
    _minigrad(curious, "solution", phase.id, "--give-up")
    _minigrad(curious, "compare", phase.id, "--html", str(folder / "compare.html"))
    late = frozenset(attempt.student for attempt in chosen if attempt.late)
    return Demo(folder, phase, cards, students, late)


def _instructor(course: Course, root: Path) -> Course:
    """A copy of the course with git and dates of its own; yours is not touched."""
    shutil.copytree(course.root, root, ignore=LEFT_OUT)
    manifest = root / "course.toml"
    text = manifest.read_text(encoding="utf-8")
    mark = f'id = "{PHASE}"\n'
    before, _, after = text.partition(mark)
    kept = [line for line in after.splitlines(True) if not line.startswith(("release =", "due ="))]
    manifest.write_text(before + mark + DATES + "".join(kept), encoding="utf-8")
    _run(["git", "init", "-q", "-b", "main", str(root)])
    _run(["git", "-C", str(root), "add", "-A"])
    _run(["git", "-C", str(root), *_identity("instructor"), "commit", "-qm", "The course"])
    return load_course(root)


def _students(course: Course, phase: Phase) -> Iterator[Student]:
    """A dozen people, from the diligent to the devious."""
    whole = reference(course.root)
    solved = cut((course.root / "solutions" / SCALAR).read_text(encoding="utf-8"), phase.id)
    stub = cut((course.root / "solutions" / SCALAR).read_text(encoding="utf-8"), NOTHING)
    closures = course.root / "tests/alternates/closures/scalar.py"
    yield Student("ada", "solves everything, and writes tests", solved, TESTS)
    yield Student("alan", "the same with closures", closures.read_text(encoding="utf-8"))
    before = cut((course.root / "solutions" / SCALAR).read_text(encoding="utf-8"), "03")
    yield Student("barbara", "got as far as phase 03", before)
    mutants = {mutant.id: mutant for mutant in read_mutants(course, phase)}
    mistakes = {
        "claude": "04-assigns",
        "dorothy": "04-breadth-first",
        "edsger": "04-no-seed",
        "frances": "04-leaves-cleared-too",
        "grace": "04-recursive",
    }
    for name, mutant in mistakes.items():
        text = cut(mutants[mutant].applied_to(whole).source("scalar.py"), phase.id)
        yield Student(name, mutants[mutant].misconception.rstrip(".").lower(), text)
    cheat = "import os\nprint('18 passed')\nos._exit(0)\n"
    yield Student("hugo", "prints success and leaves early", stub + cheat, tested=False)
    yield Student("ivan", "never ends", stub + "while True:\n    pass\n", tested=False)
    yield Student(
        "joan", "has a syntax error", solved.replace("def backward(self):", "def back(", 1)
    )
    yield Student("kurt", "uploads half a zip", solved, truncated=True)
    yield Student("lise", "is a week late", solved, late=True)


def _hand_in(course: Course, phase: Phase, student: Student, number: int, folder: Path) -> None:
    """One student's way: clone, write, submit; then the platform names the file."""
    clone = folder / "students" / student.name
    _run(["git", "clone", "-q", "-b", "student", str(course.root), str(clone)])
    (clone / SCALAR).write_text(student.scalar, encoding="utf-8")
    if student.tests:
        (clone / phase.student_tests).write_text(student.tests, encoding="utf-8")
    late = "_LATE" if student.late else ""
    target = folder / "download" / f"{student.name}{late}_{4000 + number}_{7000 + number}_04.zip"
    target.parent.mkdir(parents=True, exist_ok=True)
    how = [] if student.tested else ["--untested"]
    _minigrad(clone, "submit", phase.id, *how, "--out", str(clone / "submission.zip"))
    data = (clone / "submission.zip").read_bytes()
    target.write_bytes(data[: len(data) // 2] if student.truncated else data)
    moment = (TOO_LATE if student.late else HANDED_IN).timestamp()
    os.utime(target, (moment, moment))


def _minigrad(tree: Path, *arguments: str) -> None:
    """Run the tool of a student's own clone."""
    environment = {**os.environ, "PYTHONPATH": str(tree / "src")}
    command = [sys.executable, "-m", "course", *arguments]
    try:
        _run(command, tree, environment, timeout=HANGING)
    except subprocess.TimeoutExpired:
        raise CourseError(f"{tree.name}: minigrad {arguments[0]} did not end") from None


def _run(
    command: Sequence[str],
    folder: Path | None = None,
    environment: dict[str, str] | None = None,
    timeout: float = HANGING,
) -> None:
    done = subprocess.run(
        command, cwd=folder, env=environment, capture_output=True, timeout=timeout, check=False
    )
    if done.returncode not in (0, 1):
        words = done.stderr.decode(errors="replace").strip().splitlines() or ["no reason given"]
        raise CourseError(f"{command[0]} failed: {words[-1]}")


def _identity(name: str) -> list[str]:
    return ["-c", f"user.name={name}", "-c", f"user.email={name}@example.org"]
