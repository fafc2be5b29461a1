"""The points of every attempt that a class kept, to choose the best of each student's."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path

from course.grade.intake.collect import Attempt
from course.grade.intake.submission import take_one, wanted_files
from course.grade.marking.suite import load_suite
from course.grade.runs.class_run import Progress, grade_all
from course.grade.sandbox.client import Walls
from course.syllabus import Course, Phase


def points_of(
    course: Course,
    phase: Phase,
    attempts: Sequence[Attempt],
    out: Path,
    walls: Walls,
    progress: Callable[[Progress], None],
) -> dict[str, float]:
    """The points of every attempt by its hash; what is graded already is not graded again."""
    kept = {attempt.sha256: out / attempt.kept for attempt in attempts}
    wanted = wanted_files(course, phase)
    due = [replace(take_one(path, wanted), student=digest) for digest, path in kept.items()]
    suite = load_suite(course, phase)
    cards = grade_all(suite, due, out / "best", walls, progress=progress)
    return {card.student: card.all_points for card in cards}
